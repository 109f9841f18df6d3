package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// start is the present of these tests.
var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func minute(n int) sellerdesk.Time { return sellerdesk.At(start.Add(time.Duration(n) * time.Minute)) }

func write(t testing.TB, s *store.Store, do func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, s *store.Store, do func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.Read(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func apply(t testing.TB, s *store.Store, in store.ApplyInput) (out store.Applied) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = tx.Inbox.Apply(ctx, in)
		return err
	})
	return out
}

func buyer(chat, id, text string, at sellerdesk.Time) sellerdesk.MessagePatch {
	return sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(chat), RemoteID: sellerdesk.RemoteID(id),
		Author: sellerdesk.AuthorBuyer, Text: text, At: at}
}

func elsewhere(chat, id, text string, at sellerdesk.Time) sellerdesk.MessagePatch {
	m := buyer(chat, id, text, at)
	m.Author = sellerdesk.AuthorElsewhere
	return m
}

func batch(account sellerdesk.AccountID, messages ...sellerdesk.MessagePatch) store.ApplyInput {
	return store.ApplyInput{Account: account, Stream: "events", Batch: sellerdesk.Batch{Messages: messages}}
}

func events(t testing.TB, s *store.Store) (all []sellerdesk.Event) {
	t.Helper()
	read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Events.After(ctx, 0, 1000)
		return err
	})
	return all
}

// only gives the one conversation of an account.
func only(t testing.TB, s *store.Store, a sellerdesk.AccountID) sellerdesk.Conversation {
	t.Helper()
	var items []sellerdesk.Conversation
	read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		items, _, err = tx.Conversations.List(ctx, store.ConversationQuery{User: 1, Accounts: []sellerdesk.AccountID{a}})
		return err
	})
	if len(items) != 1 {
		t.Fatalf("%d conversations, want 1", len(items))
	}
	return items[0]
}

func TestTheSameBatchTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		name, remote := "Анна", []byte(`{"sign":"x"}`)
		in := batch(a, buyer("c1", "m1", "Где заказ?", minute(0)), elsewhere("c1", "m2", "Уже едет", minute(1)), buyer("c2", "m3", "Спасибо", minute(2)))
		in.Batch.Messages[0].Files = []sellerdesk.RemoteFile{{ID: "f1", Name: "a.jpg", Type: "image/jpeg", Size: 10}}
		in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c1", BuyerName: &name, Remote: remote,
			Product: &sellerdesk.Product{ID: "5", Name: "Кроссовки"}}}
		in.Batch.Next = "cursor-1"
		reached := minute(2)
		in.Batch.Reached = &reached
		in.Batch.Skipped = []sellerdesk.Skipped{{What: "an unknown event", Raw: []byte("{}")}}
		first := apply(t, s, in)
		if want := (store.Applied{NewConversations: 2, NewMessages: 3, Changed: true}); first != want {
			t.Fatalf("first: %+v, want %+v", first, want)
		}
		before := events(t, s)
		if second := apply(t, s, in); second != (store.Applied{}) {
			t.Errorf("second: %+v", second)
		}
		if diff := cmp.Diff(before, events(t, s)); diff != "" {
			t.Errorf("events of the second time:\n%s", diff)
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			cursor, err := tx.Streams.Cursor(ctx, a, "events")
			if cursor != "cursor-1" {
				t.Errorf("cursor %q", cursor)
			}
			return err
		})
	})
}

func TestCursorAndDataStayTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		killed := errors.New("killed")
		in := batch(a, buyer("c1", "m1", "Где заказ?", minute(0)))
		in.Batch.Next = "cursor-1"
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Inbox.Apply(t.Context(), in); err != nil {
				return err
			}
			return killed
		})
		if !errors.Is(err, killed) {
			t.Fatal(err)
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			cursor, err := tx.Streams.Cursor(ctx, a, "events")
			if err != nil || cursor != "" {
				t.Errorf("cursor %q, %v", cursor, err)
			}
			items, _, err := tx.Conversations.List(ctx, store.ConversationQuery{User: 1})
			if len(items) != 0 {
				t.Errorf("%d conversations stayed", len(items))
			}
			return err
		})
		if got := apply(t, s, in); got.NewMessages != 1 {
			t.Errorf("after the failure: %+v", got)
		}
	})
}

func TestWhoWaits(t *testing.T) {
	t.Parallel()
	type step func(t *testing.T, s *store.Store, a sellerdesk.AccountID)
	id := 0
	arrive := func(make func(chat, id, text string, at sellerdesk.Time) sellerdesk.MessagePatch, at int) step {
		id++
		name := fmt.Sprint("m", id)
		return func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
			apply(t, s, batch(a, make("c1", name, "текст "+name, minute(at))))
		}
	}
	platform := func(chat, id, text string, at sellerdesk.Time) sellerdesk.MessagePatch {
		m := buyer(chat, id, text, at)
		m.Author = sellerdesk.AuthorPlatform
		return m
	}
	noAnswer := func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		c := only(t, s, a)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.NoAnswerNeeded(ctx, c.ID) })
	}
	closeIt := func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		c := only(t, s, a)
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Conversations.SetStatus(ctx, c.ID, sellerdesk.ConversationClosed)
		})
	}
	markRead := func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		c := only(t, s, a)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.MarkRead(ctx, 1, c.ID) })
	}
	const nobody = -1
	cases := []struct {
		name  string
		steps []step
		want  int // minute since which the buyer waits
	}{
		{"a buyer who wrote waits", []step{arrive(buyer, 1)}, 1},
		{"the first unanswered word counts", []step{arrive(buyer, 1), arrive(buyer, 2)}, 1},
		{"also when it arrives last", []step{arrive(buyer, 2), arrive(buyer, 1)}, 1},
		{"an answer from elsewhere ends the waiting", []step{arrive(buyer, 1), arrive(elsewhere, 2)}, nobody},
		{"a word after the answer waits again", []step{arrive(buyer, 1), arrive(elsewhere, 2), arrive(buyer, 3)}, 3},
		{"an answer that arrives late leaves what came after it", []step{arrive(buyer, 1), arrive(buyer, 3), arrive(elsewhere, 2)}, 3},
		{"an old answer that arrives late changes nothing", []step{arrive(buyer, 5), arrive(elsewhere, 2)}, 5},
		{"an old word that arrives after its answer waits for nothing", []step{arrive(elsewhere, 5), arrive(buyer, 2)}, nobody},
		{"the marketplace neither waits nor answers", []step{arrive(platform, 1), arrive(buyer, 2), arrive(platform, 3)}, 2},
		{"no answer needed ends it", []step{arrive(buyer, 1), noAnswer}, nobody},
		{"until the buyer writes again", []step{arrive(buyer, 1), noAnswer, arrive(buyer, 2)}, 2},
		{"a word older than the one dismissed was dismissed too", []step{arrive(buyer, 5), noAnswer, arrive(buyer, 2)}, nobody},
		{"closing ends it", []step{arrive(buyer, 1), closeIt}, nobody},
		{"and a new word reopens", []step{arrive(buyer, 1), closeIt, arrive(buyer, 2)}, 2},
		{"reading changes nothing", []step{arrive(buyer, 1), markRead}, 1},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				a := storetest.Account(t, s, c.name)
				for _, step := range c.steps {
					step(t, s, a)
				}
				got := only(t, s, a)
				var since, due *sellerdesk.Time
				if c.want != nobody {
					at := minute(c.want)
					since = &at
					due = sellerdesk.DefaultTarget().Due(sellerdesk.KindChat, since)
				}
				if diff := cmp.Diff(since, got.WaitingSince); diff != "" {
					t.Errorf("waiting since (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(due, got.DueAt); diff != "" {
					t.Errorf("due (-want +got):\n%s", diff)
				}
				if got.NeedsAnswer != (c.want != nobody) {
					t.Errorf("needs answer: %v", got.NeedsAnswer)
				}
			})
		}
	})
}

func TestALargeBatchTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		for b := range (storetest.Load{Conversations: 700, Messages: 1100, Batch: 1100, From: start}).Batches() {
			in := store.ApplyInput{Account: a, Stream: "events", Batch: b}
			if got := apply(t, s, in); got.NewMessages != 1100 {
				t.Errorf("first: %+v", got)
			}
			if got := apply(t, s, in); got != (store.Applied{}) {
				t.Errorf("second: %+v", got)
			}
		}
	})
}
