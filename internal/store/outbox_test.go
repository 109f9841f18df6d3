package store_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// at makes a clock that stands.
func at(now sellerdesk.Time) sellerdesk.Clock {
	return sellerdesk.Clock{NowFunc: func() time.Time { return now.Time }}
}

// queue writes an answer into the only conversation of an account.
func queue(t testing.TB, s *store.Store, c sellerdesk.Conversation, key, text string, files ...sellerdesk.FileID) (m sellerdesk.Message) {
	t.Helper()
	user := sellerdesk.UserID(1)
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = tx.Outbox.Queue(ctx, store.NewItem{Account: c.Account, Conversation: c.ID, User: &user,
			Key: fmt.Sprint(c.Account, key), Action: sellerdesk.Reply{Text: text}, Text: text, Files: files})
		return err
	})
	return m
}

func lease(t testing.TB, s *store.Store, a sellerdesk.AccountID, now sellerdesk.Time) (items []sellerdesk.OutboxItem) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		items, err = tx.Outbox.Lease(ctx, now, time.Minute, 20, []sellerdesk.AccountID{a})
		return err
	})
	return items
}

func settle(t testing.TB, s *store.Store, id sellerdesk.OutboxID, to store.Settlement) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Outbox.Settle(ctx, id, to) })
}

// lines gives the messages of a conversation, oldest first.
func lines(t testing.TB, s *store.Store, c sellerdesk.ConversationID) (items []sellerdesk.Message) {
	t.Helper()
	read(t, s, func(ctx context.Context, tx *store.Tx) error {
		newest, _, err := tx.Messages.List(ctx, c, "", 200)
		for _, m := range newest {
			items = append([]sellerdesk.Message{m}, items...)
		}
		return err
	})
	return items
}

func TestAnAnswerIsQueuedOnceAndShown(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(10))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(60)))) // their clock is ahead
		c := only(t, s, a)
		if !c.Unread || !c.NeedsAnswer {
			t.Fatalf("unread %v, needs answer %v", c.Unread, c.NeedsAnswer)
		}
		m := queue(t, s, c, "k", "Уже едет")
		if again := queue(t, s, c, "k", "Уже едет"); !cmp.Equal(m, again) {
			t.Errorf("the same key gave another message:\n%s", cmp.Diff(m, again))
		}
		if want := sellerdesk.At(minute(60).Add(time.Millisecond)); m.At != want {
			t.Errorf("at %v, want right behind the last one, %v", m.At, want)
		}
		c = only(t, s, a)
		if c.Unread || c.NeedsAnswer || c.DueAt != nil {
			t.Errorf("after the answer: unread %v, needs answer %v, due %v", c.Unread, c.NeedsAnswer, c.DueAt)
		}
		if c.LastMessage.Text != "Уже едет" || c.LastMessage.Status != sellerdesk.MessageQueued {
			t.Errorf("last message %+v", c.LastMessage)
		}
	})
}

func TestItemsOfAConversationLeaveInOrder(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(10))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "раз", minute(0)), buyer("c2", "m2", "два", minute(1))))
		var first, second sellerdesk.Conversation
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			items, _, err := tx.Conversations.List(ctx, store.ConversationQuery{User: 1})
			second, first = items[0], items[1]
			return err
		})
		m1, m2, m3 := queue(t, s, first, "1", "a"), queue(t, s, first, "2", "b"), queue(t, s, second, "3", "c")
		shows := func(items []sellerdesk.OutboxItem) (ids []sellerdesk.MessageID) {
			for _, i := range items {
				ids = append(ids, *i.Message)
			}
			return ids
		}
		got := lease(t, s, a, minute(10))
		if diff := cmp.Diff([]sellerdesk.MessageID{m1.ID, m3.ID}, shows(got)); diff != "" {
			t.Fatalf("first lease: %s", diff)
		}
		if again := lease(t, s, a, minute(10)); len(again) != 0 {
			t.Errorf("leased twice: %v", shows(again))
		}
		due := minute(20)
		settle(t, s, got[0].ID, store.Settlement{State: sellerdesk.OutboxQueued, Due: &due})
		settle(t, s, got[1].ID, store.Settlement{State: sellerdesk.OutboxSent})
		if early := lease(t, s, a, minute(19)); len(early) != 0 {
			t.Errorf("leased before it was due, or past an earlier one: %v", shows(early))
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			next, err := tx.Outbox.Next(ctx)
			if diff := cmp.Diff(&due, next); diff != "" {
				t.Errorf("next: %s", diff)
			}
			return err
		})
		got = lease(t, s, a, minute(20))
		if diff := cmp.Diff([]sellerdesk.MessageID{m1.ID}, shows(got)); diff != "" || got[0].Attempt != 2 {
			t.Fatalf("second lease: %s, attempt %d", diff, got[0].Attempt)
		}
		settle(t, s, got[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown})
		if got = lease(t, s, a, minute(20)); len(got) != 1 || *got[0].Message != m2.ID {
			t.Errorf("an unknown item holds back the next: %v", shows(got))
		}
	})
}

func TestAccountsThatAreNotOKSendNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "раз", minute(0))))
		queue(t, s, only(t, s, a), "1", "a")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Accounts.SetState(ctx, a, sellerdesk.AccountPaused, sellerdesk.Why{Code: sellerdesk.ReasonPaused, Text: "paused"})
		})
		if got := lease(t, s, a, sellerdesk.At(time.Now().Add(time.Hour))); len(got) != 0 {
			t.Errorf("leased %d items of a paused account", len(got))
		}
	})
}

func TestARefusalOpensTheQuestionAgain(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(10))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(0))))
		m := queue(t, s, only(t, s, a), "1", "Уже едет")
		i := lease(t, s, a, minute(10))[0]
		settle(t, s, i.ID, store.Settlement{State: sellerdesk.OutboxRefused, Why: sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "The chat is closed."}})
		c := only(t, s, a)
		if !c.NeedsAnswer || c.WaitingSince == nil || *c.WaitingSince != minute(0) {
			t.Errorf("needs answer %v since %v", c.NeedsAnswer, c.WaitingSince)
		}
		got := lines(t, s, c.ID)[1]
		if got.Status != sellerdesk.MessageRefused || got.Reason != "The chat is closed." || len(got.Can) != 2 {
			t.Errorf("message %+v", got)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Outbox.Resend(ctx, m.ID, 1)
			return err
		})
		if c = only(t, s, a); c.NeedsAnswer {
			t.Error("still needs an answer although it is queued again")
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Outbox.Withdraw(ctx, m.ID, 1)
			return err
		})
		if c = only(t, s, a); !c.NeedsAnswer || c.LastMessage.Status != sellerdesk.MessageWithdrawn {
			t.Errorf("after withdrawing: needs answer %v, last %+v", c.NeedsAnswer, c.LastMessage)
		}
	})
}

func TestARestartMakesSendingUnknownWhichIsNoAnswerUntilItIsProved(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(10))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(0))))
		queue(t, s, only(t, s, a), "1", "Уже едет")
		lease(t, s, a, minute(10))
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Outbox.Recover(ctx)
			if n != 1 {
				t.Errorf("recovered %d", n)
			}
			return err
		})
		c := only(t, s, a)
		if c.LastMessage.Status != sellerdesk.MessageUnknown || !c.NeedsAnswer || c.WaitingSince == nil {
			t.Errorf("last %+v, needs answer %v", c.LastMessage, c.NeedsAnswer)
		}
		// Its echo proves that the buyer has it.
		apply(t, s, batch(a, elsewhere("c1", "m2", "Уже едет", minute(10))))
		if c := only(t, s, a); c.LastMessage.Status != sellerdesk.MessageSent || c.NeedsAnswer || c.DueAt != nil {
			t.Errorf("after its echo: last %+v, needs answer %v", c.LastMessage, c.NeedsAnswer)
		}
	})
}

func TestEchoes(t *testing.T) {
	t.Parallel()
	sent, unknown, queued := sellerdesk.OutboxSent, sellerdesk.OutboxUnknown, sellerdesk.OutboxQueued
	type try struct {
		text    string
		left    int                    // minute of the attempt
		to      sellerdesk.OutboxState // "" leaves it being sent
		receipt int                    // minute in the receipt, 0 for none
		remote  sellerdesk.RemoteID
		then    string // "withdraw" or "resend" by a person
		files   int
		refused int // of the files
	}
	type echo struct {
		text    string
		at      int
		files   int
		foreign bool
		id      sellerdesk.RemoteID
	}
	const other = -1 // an echo that is nobody's becomes a message of its own
	cases := []struct {
		name   string
		tries  []try
		echoes []echo
		want   []int // the try each echo proves
	}{
		{"one being sent is recognized while the call is in flight", []try{{text: "да", left: 10}}, []echo{{text: "да", at: 10}}, []int{0}},
		{"an unknown one is recognized", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 11}}, []int{0}},
		{"a sent one without an id gets it", []try{{text: "да", left: 10, to: sent}}, []echo{{text: "да", at: 10}}, []int{0}},
		{"a sent one with an id is known by it", []try{{text: "да", left: 10, to: sent, remote: "r1"}}, []echo{{text: "да!", at: 10, id: "r1"}}, []int{0}},
		{"one that a person gave up can still turn up", []try{{text: "да", left: 10, to: unknown, then: "withdraw"}}, []echo{{text: "да", at: 10}}, []int{0}},
		{"one that waits to be repeated need not be", []try{{text: "да", left: 10, to: unknown, then: "resend"}}, []echo{{text: "да", at: 10}}, []int{0}},
		{"white space is forgiven", []try{{text: "да,  конечно\r\n", left: 10}}, []echo{{text: "да, конечно", at: 10}}, []int{0}},
		{"another text is another message", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "нет", at: 10}}, []int{other}},
		{"what was typed in the cabinet is not ours", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 10, foreign: true}}, []int{other}},
		{"too early", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 4}}, []int{other}},
		{"their clock may be five minutes behind", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 5}}, []int{0}},
		{"a quarter of an hour after the lease", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 26}}, []int{0}},
		{"too late", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 27}}, []int{other}},
		{"one that never left is not recognized", []try{{text: "да", left: 10, to: queued}}, []echo{{text: "да", at: 10}}, []int{other}},
		{"the number of files counts", []try{{text: "да", left: 10, to: unknown, files: 2}}, []echo{{text: "да", at: 10, files: 1}}, []int{other}},
		{"with its files", []try{{text: "да", left: 10, to: unknown, files: 2}}, []echo{{text: "да", at: 10, files: 2}}, []int{0}},
		{"refused files do not count", []try{{text: "да", left: 10, to: sent, files: 2, refused: 1}}, []echo{{text: "да", at: 10, files: 1}}, []int{0}},
		{"one echo proves one send", []try{{text: "да", left: 10, to: unknown}}, []echo{{text: "да", at: 10}, {text: "да", at: 11}}, []int{0, other}},
		{"the oldest first", []try{{text: "да", left: 10, to: unknown}, {text: "да", left: 11, to: unknown}}, []echo{{text: "да", at: 11}}, []int{0}},
		{"each its own", []try{{text: "да", left: 10, to: unknown}, {text: "да", left: 11, to: sent}}, []echo{{text: "да", at: 10}, {text: "да", at: 11}}, []int{0, 1}},
		{"a receipt names the moment", []try{{text: "да", left: 10, to: unknown}, {text: "да", left: 11, to: sent, receipt: 11}}, []echo{{text: "да", at: 11}}, []int{1}},
		{"without it the one in doubt is proved first", []try{{text: "да", left: 10, to: sent, receipt: 12}, {text: "да", left: 11, to: unknown}}, []echo{{text: "да", at: 11}}, []int{1}},
	}
	storetest.EachWith(t, store.Options{Clock: at(minute(9))}, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				a := storetest.Account(t, s, c.name)
				apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(0))))
				thread := only(t, s, a)
				var own []sellerdesk.Message
				for n, try := range c.tries {
					own = append(own, queue(t, s, thread, fmt.Sprint(n), try.text, upload(t, s, try.files)...))
					i := lease(t, s, a, minute(try.left))[0]
					if try.to == "" {
						continue
					}
					outcome := store.Settlement{State: try.to, RemoteID: try.remote}
					if try.receipt > 0 {
						at := minute(try.receipt)
						outcome.At = &at
					}
					for f := range try.files {
						outcome.Files = append(outcome.Files, sellerdesk.FileOutcome{})
						if f < try.refused {
							outcome.Files[f].Refused = sellerdesk.Why{Text: "no"}
						}
					}
					settle(t, s, i.ID, outcome)
					person(t, s, try.then, own[n].ID)
				}
				var feed []sellerdesk.MessagePatch
				for n, e := range c.echoes {
					m := elsewhere("c1", fmt.Sprint("e", n), e.text, minute(e.at))
					if e.id != "" {
						m.RemoteID = e.id
					}
					m.Foreign, m.Files = e.foreign, make([]sellerdesk.RemoteFile, e.files)
					feed = append(feed, m)
				}
				apply(t, s, batch(a, feed...))
				if again := apply(t, s, batch(a, feed...)); again.Changed {
					t.Errorf("the second time changed something: %+v", again)
				}
				checkEchoes(t, s, thread.ID, own, feed, c.want)
			})
		}
	})
}

// upload keeps so many files.
func upload(t testing.TB, s *store.Store, n int) (ids []sellerdesk.FileID) {
	t.Helper()
	for i := range n {
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			f, err := tx.Files.Add(ctx, store.NewFile{Name: fmt.Sprint(i, ".jpg"), Type: "image/jpeg", Size: 3, Hash: "abc"})
			ids = append(ids, f.ID)
			return err
		})
	}
	return ids
}

func person(t testing.TB, s *store.Store, does string, m sellerdesk.MessageID) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		switch does {
		case "withdraw":
			_, err = tx.Outbox.Withdraw(ctx, m, 1)
		case "resend":
			_, err = tx.Outbox.Resend(ctx, m, 1)
		}
		return err
	})
}

func checkEchoes(t *testing.T, s *store.Store, thread sellerdesk.ConversationID, own []sellerdesk.Message, feed []sellerdesk.MessagePatch, want []int) {
	t.Helper()
	byRemote, count := map[sellerdesk.RemoteID]sellerdesk.Message{}, 1+len(own)
	all := lines(t, s, thread)
	for _, m := range all {
		byRemote[m.RemoteID] = m
	}
	for n, proves := range want {
		m, ok := byRemote[feed[n].RemoteID]
		switch {
		case !ok:
			t.Errorf("echo %d is not there", n)
		case proves < 0:
			count++
			if m.Author != sellerdesk.AuthorElsewhere {
				t.Errorf("echo %d: author %s, want elsewhere", n, m.Author)
			}
		default:
			mine := own[proves]
			if m.ID != mine.ID || m.Author != sellerdesk.AuthorAgent || m.Status != sellerdesk.MessageSent || len(m.Files) != len(mine.Files) {
				t.Errorf("echo %d is %+v, want it to be try %d", n, m, proves)
			}
			if m.At != feed[n].At && len(feed[n].RemoteID) == 2 && feed[n].RemoteID[0] == 'e' {
				t.Errorf("echo %d: at %v, want the remote moment %v", n, m.At, feed[n].At)
			}
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				i, err := tx.Outbox.ByMessage(ctx, m.ID)
				if i.State != sellerdesk.OutboxSent {
					t.Errorf("item of echo %d is %s", n, i.State)
				}
				return err
			})
		}
	}
	if len(all) != count {
		t.Errorf("%d messages, want %d", len(all), count)
	}
}

func TestOutboxMovesAreThoseOfTheDrawing(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/outbox.md")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[sellerdesk.OutboxState]map[sellerdesk.OutboxState]bool{}
	mermaid := map[[2]string]bool{}
	for line := range strings.Lines(string(page)) {
		if cells := strings.Split(line, "|"); len(cells) >= 5 && strings.Contains(cells[1], "`") {
			from, to := strings.Trim(cells[1], " `"), strings.Trim(cells[2], " `")
			if drawn[sellerdesk.OutboxState(from)] == nil {
				drawn[sellerdesk.OutboxState(from)] = map[sellerdesk.OutboxState]bool{}
			}
			drawn[sellerdesk.OutboxState(from)][sellerdesk.OutboxState(to)] = true
		}
		if from, to, ok := strings.Cut(strings.TrimSpace(line), " --> "); ok {
			to, _, _ = strings.Cut(to, ":")
			mermaid[[2]string{from, strings.TrimSpace(to)}] = true
		}
	}
	for _, from := range sellerdesk.OutboxStates() {
		for _, to := range sellerdesk.OutboxStates() {
			can := from.CanBecome(to)
			if drawn[from][to] != can {
				t.Errorf("%s to %s: the table says %v, the code %v", from, to, drawn[from][to], can)
			}
			if mermaid[[2]string{string(from), string(to)}] != can {
				t.Errorf("%s to %s: the drawing says %v, the code %v", from, to, !can, can)
			}
		}
	}
}

// TestSettleTakesAllowedMovesOnly walks every pair of states through the store.
func TestSettleTakesAllowedMovesOnly(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(10))}, func(t *testing.T, s *store.Store) {
		ways := map[sellerdesk.OutboxState][]sellerdesk.OutboxState{
			sellerdesk.OutboxQueued:    nil,
			sellerdesk.OutboxSending:   {},
			sellerdesk.OutboxUnknown:   {sellerdesk.OutboxUnknown},
			sellerdesk.OutboxRefused:   {sellerdesk.OutboxRefused},
			sellerdesk.OutboxWithdrawn: {sellerdesk.OutboxUnknown, sellerdesk.OutboxWithdrawn},
		}
		for from, way := range ways {
			for _, to := range sellerdesk.OutboxStates() {
				if to == sellerdesk.OutboxSending {
					continue // only a lease makes it so
				}
				a := storetest.Account(t, s, fmt.Sprint(from, to))
				apply(t, s, batch(a, buyer("c1", "m1", "раз", minute(0))))
				m := queue(t, s, only(t, s, a), "1", "a")
				if way != nil {
					lease(t, s, a, minute(10))
				}
				var i sellerdesk.OutboxItem
				read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
					i, err = tx.Outbox.ByMessage(ctx, m.ID)
					return err
				})
				for _, state := range way {
					settle(t, s, i.ID, store.Settlement{State: state})
				}
				err := s.Write(t.Context(), func(tx *store.Tx) error {
					return tx.Outbox.Settle(t.Context(), i.ID, store.Settlement{State: to})
				})
				if allowed := from.CanBecome(to); (err == nil) != allowed {
					t.Errorf("%s to %s: %v, allowed %v", from, to, err, allowed)
				}
			}
		}
	})
}
