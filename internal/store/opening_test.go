package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// startChat starts a conversation about order 77 with a word to say there.
func startChat(t *testing.T, s *store.Store, a sellerdesk.AccountID) sellerdesk.ConversationID {
	t.Helper()
	var id sellerdesk.ConversationID
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.Conversations.Start(ctx, store.Opening{Account: a, Order: "77"}); err != nil {
			return err
		}
		user := sellerdesk.UserID(1)
		if _, err := tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: id, User: &user, Key: "open", Action: sellerdesk.Open{Order: "77"}}); err != nil {
			return err
		}
		_, err = tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: id, User: &user, Key: "say",
			Action: sellerdesk.Reply{Text: "Здравствуйте"}, Text: "Здравствуйте"})
		return err
	})
	return id
}

// toldOf is what the feed tells of the chat about order 77, with a word of the buyer.
func toldOf(a sellerdesk.AccountID, about bool) store.ApplyInput {
	in := batch(a, buyer("900", "m1", "Кто здесь?", minute(1)))
	order := "77"
	c := sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: "900", Order: &order}
	if about {
		c.Chat = &sellerdesk.Chat{Subject: sellerdesk.ChatAboutOrder, State: sellerdesk.ChatWaitsForSeller}
	}
	in.Batch.Conversations = []sellerdesk.ConversationPatch{c}
	return in
}

func TestAStartedConversationGetsItsNameHoweverItIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before func(a sellerdesk.AccountID) *store.ApplyInput // what the feed told before the answer came
	}{
		{"the answer comes first", func(sellerdesk.AccountID) *store.ApplyInput { return nil }},
		{"the feed tells of it first", func(a sellerdesk.AccountID) *store.ApplyInput { in := toldOf(a, true); return &in }},
		{"the feed tells of it first, without saying what it is about", func(a sellerdesk.AccountID) *store.ApplyInput { in := toldOf(a, false); return &in }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
				a := storetest.Account(t, s, "shop")
				id := startChat(t, s, a)
				items := lease(t, s, a, minute(2))
				if len(items) != 1 || items[0].Action != sellerdesk.ActionOpen {
					t.Fatalf("what leaves first is %+v", items)
				}
				if before := c.before(a); before != nil {
					apply(t, s, *before)
				}
				settle(t, s, items[0].ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "900"})
				apply(t, s, toldOf(a, true))

				got := only(t, s, a)
				if got.ID != id || got.RemoteID == nil || *got.RemoteID != "900" || got.Order != "77" || !got.Unread || !got.NeedsAnswer && got.LastMessage.Author == sellerdesk.AuthorBuyer {
					t.Errorf("got %+v", got)
				}
				if n := len(lines(t, s, id)); n != 2 {
					t.Errorf("%d lines, want the buyer's and ours", n)
				}
				var known sellerdesk.ConversationID
				read(t, s, func(ctx context.Context, tx *store.Tx) error {
					found := false
					var err error
					known, found, err = tx.Conversations.Started(ctx, store.Opening{Account: a, Order: "77"})
					if !found || known != id {
						t.Errorf("found %v: %d, want %d", found, known, id)
					}
					counters, cerr := tx.Conversations.Counters(ctx, 1, nil)
					if counters.Unread.All != 1 {
						t.Errorf("counters %+v", counters)
					}
					if err != nil {
						return err
					}
					return cerr
				})
				next := lease(t, s, a, minute(3))
				if len(next) != 1 || next[0].Action != sellerdesk.ActionReply || next[0].Conversation != id {
					t.Errorf("what leaves next is %+v", next)
				}
			})
		})
	}
}

func TestAConversationThatCannotBeStartedSaysWhyAndSendsNothing(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		id := startChat(t, s, a)
		settle(t, s, lease(t, s, a, minute(2))[0].ID, store.Settlement{State: sellerdesk.OutboxRefused,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "There is no such order."}})
		if left := lease(t, s, a, minute(3)); len(left) != 0 {
			t.Errorf("still leaves: %+v", left)
		}
		c := only(t, s, a)
		reply, _ := sellerdesk.Find(c.Can, sellerdesk.ActionReply)
		if c.ID != id || reply.Reason != "There is no such order." {
			t.Errorf("the reply says %q", reply.Reason)
		}
		if m := lines(t, s, id)[0]; m.Status != sellerdesk.MessageWithdrawn || m.ReasonCode != sellerdesk.ReasonOpening {
			t.Errorf("what was to be said is %s: %s", m.Status, m.Reason)
		}
	})
}

func TestALineShowsWhatItAnswersOnceThatIsThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		child := buyer("c1", "child", "И мне", minute(2))
		child.Parent, child.AuthorName = "parent", "Пётр"
		apply(t, s, batch(a, child))
		c := only(t, s, a)
		if m := lines(t, s, c.ID)[0]; m.Parent != nil || m.AuthorName != "Пётр" {
			t.Errorf("before its parent came: %v, %q", m.Parent, m.AuthorName)
		}
		apply(t, s, batch(a, buyer("c1", "parent", "Подошло", minute(1)), child))
		got := lines(t, s, c.ID)
		parents := map[string]string{}
		for _, m := range got {
			parents[m.Text] = ""
			for _, p := range got {
				if m.Parent != nil && *m.Parent == p.ID {
					parents[m.Text] = p.Text
				}
			}
		}
		if fmt.Sprint(parents) != "map[И мне:Подошло Подошло:]" {
			t.Errorf("parents %v", parents)
		}
	})
}

func TestPushesAreKeptInOrderUntilTheyAreRead(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Accounts.EnsureDoor(ctx, a); err != nil {
				return err
			}
			for n := range 3 {
				p := sellerdesk.Push{Account: a, Received: minute(n), Path: "/notification", Type: "application/json", Body: []byte{byte('0' + n), 0, 255}}
				if err := tx.Pushes.Put(ctx, p); err != nil {
					return err
				}
			}
			return tx.Accounts.EnsureDoor(ctx, a)
		})
		var first []sellerdesk.Push
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			first, err = tx.Pushes.Next(ctx, a, 0, 2)
			return err
		})
		if len(first) != 2 || first[1].Body[0] != '1' || first[1].Body[2] != 255 || first[1].Path != "/notification" {
			t.Fatalf("next %+v", first)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Pushes.Blocked(ctx, a, sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "No answer."})
		})
		var door store.Door
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			account, err := tx.Accounts.Get(ctx, a)
			if err != nil {
				return err
			}
			if h := account.Push; h == nil || h.Waiting != 3 || h.Blocked == nil || h.Reason != "No answer." || *h.Last != minute(2) {
				t.Errorf("health %+v", h)
			}
			if door, err = tx.Accounts.Door(ctx, a); err != nil || account.Push.Address != fmt.Sprintf("/in/%d/%s", a, door.Key.Reveal()) || len(door.Key.Reveal()) < 20 {
				t.Errorf("the address is %q, %v", account.Push.Address, err)
			}
			return err
		})
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(tx.Pushes.Done(ctx, a, []sellerdesk.PushID{first[0].ID, first[1].ID}), tx.Pushes.Flowing(ctx, a))
		})
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			all, err := tx.Pushes.Standing(ctx, a)
			h := all[a].Health
			if h.Waiting != 1 || h.Blocked != nil || h.Reason != "" {
				t.Errorf("after two were read: %+v", h)
			}
			return err
		})
		remove(t, s, a)
	})
}
