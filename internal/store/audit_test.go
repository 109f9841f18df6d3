package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// entries reads the audit, the newest first.
func entries(t testing.TB, s *store.Store, ctx context.Context, q store.AuditQuery) (items []sellerdesk.AuditEntry) {
	t.Helper()
	if err := s.Read(ctx, func(tx *store.Tx) (err error) {
		items, _, err = tx.Audit.List(ctx, q)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return items
}

func TestEverySentTextIsInTheAuditOnce(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		sent := store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "r1"}
		for _, c := range []struct {
			name  string
			by    func(t *testing.T, a sellerdesk.AccountID, item sellerdesk.OutboxItem)
			count int
			id    sellerdesk.RemoteID
		}{
			{"the channel took it", func(t *testing.T, _ sellerdesk.AccountID, item sellerdesk.OutboxItem) { settle(t, s, item.ID, sent) }, 1, "r1"},
			{"the channel took it, and an echo came", func(t *testing.T, a sellerdesk.AccountID, item sellerdesk.OutboxItem) {
				settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxSent})
				apply(t, s, batch(a, told("m2", "Уже едет", sellerdesk.MessageSent, minute(2))))
			}, 1, ""},
			{"an echo proved it", func(t *testing.T, a sellerdesk.AccountID, item sellerdesk.OutboxItem) {
				settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxUnknown})
				apply(t, s, batch(a, told("m2", "Уже едет", sellerdesk.MessageSent, minute(2))))
			}, 1, "m2"},
			{"the channel refused it", func(t *testing.T, _ sellerdesk.AccountID, item sellerdesk.OutboxItem) {
				settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxRefused})
			}, 0, ""},
			{"it waits", func(*testing.T, sellerdesk.AccountID, sellerdesk.OutboxItem) {}, 0, ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				a := storetest.Account(t, s, t.Name())
				apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(1))))
				conv := only(t, s, a)
				m := queue(t, s, conv, "k", "Уже едет")
				item := lease(t, s, a, minute(2))[0]
				c.by(t, a, item)
				got := entries(t, s, t.Context(), store.AuditQuery{Account: a})
				if len(got) != c.count {
					t.Fatalf("%d entries, want %d", len(got), c.count)
				}
				if c.count == 0 {
					return
				}
				var text sellerdesk.SentText
				if err := json.Unmarshal(got[0].Data, &text); err != nil {
					t.Fatal(err)
				}
				user, asked := sellerdesk.UserID(1), item.CreatedAt
				if diff := cmp.Diff(sellerdesk.SentText{Action: sellerdesk.ActionReply, Text: "Уже едет", ApprovedBy: &user, ApprovedAt: &asked, RemoteID: c.id}, text); diff != "" {
					t.Error(diff)
				}
				if e := got[0]; e.Kind != sellerdesk.AuditTextSent || *e.User != 1 || *e.Conversation != conv.ID || *e.Message != m.ID || !e.At.Equal(minute(2).Time) {
					t.Errorf("entry %+v", e)
				}
			})
		}
	})
}

func TestWhatIsSaidElseIsInTheAuditToo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(1))))
		conv := only(t, s, a)
		for n, c := range []struct {
			action sellerdesk.Action
			want   sellerdesk.SentText
		}{
			{sellerdesk.SendTemplate{Template: sellerdesk.TemplateUse{Name: "hello"}, Text: "Добрый день"}, sellerdesk.SentText{Text: "Добрый день", Template: "hello"}},
			{sellerdesk.Decide{Decision: "agree", Comment: "Вернём"}, sellerdesk.SentText{Text: "Вернём"}},
			{sellerdesk.Reply{Files: []sellerdesk.Blob{{Name: "a.pdf"}, {Name: "b.pdf"}}}, sellerdesk.SentText{Files: 2}},
			{sellerdesk.Pin{}, sellerdesk.SentText{}},
		} {
			var item sellerdesk.OutboxItem
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: conv.ID, Key: fmt.Sprint(n), Action: c.action}); err != nil {
					return err
				}
				items, err := tx.Outbox.Lease(ctx, sellerdesk.At(time.Now()), time.Minute, 1, nil)
				item = items[0]
				return err
			})
			settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxSent})
			got := entries(t, s, t.Context(), store.AuditQuery{})
			if c.want.Text == "" && c.want.Files == 0 {
				if len(got) != n {
					t.Errorf("%T left an entry", c.action)
				}
				continue
			}
			var text sellerdesk.SentText
			if err := json.Unmarshal(got[0].Data, &text); err != nil {
				t.Fatal(err)
			}
			c.want.Action, c.want.ApprovedAt = c.action.Kind(), &item.CreatedAt
			if diff := cmp.Diff(c.want, text); diff != "" || got[0].User != nil {
				t.Errorf("%T by %v:\n%s", c.action, got[0].User, diff)
			}
		}
	})
}

func TestTheAuditIsReadInPagesByFiltersAndRights(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first, second, chat := sellerdesk.AccountID(1), sellerdesk.AccountID(2), sellerdesk.ConversationID(5)
		user, key := sellerdesk.UserID(3), sellerdesk.KeyID(4)
		by := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: user, Key: key, Address: "192.0.2.1"})
		// Several at one moment, and one from before that was written later.
		for n, e := range []sellerdesk.AuditEntry{
			{At: minute(1), Kind: sellerdesk.AuditSignedIn}, {At: minute(2), Kind: sellerdesk.AuditAccountAdded, Account: &first},
			{At: minute(2), Kind: sellerdesk.AuditTextSent, Account: &first, Conversation: &chat}, {At: minute(2), Kind: sellerdesk.AuditTextSent, Account: &second},
			{At: minute(0), Kind: sellerdesk.AuditAccountAdded, Account: &second},
		} {
			if err := s.Write(t.Context(), func(tx *store.Tx) error {
				e.Text = fmt.Sprint(n)
				return tx.Audit.Add(by, e)
			}); err != nil {
				t.Fatal(err)
			}
		}
		said := func(items []sellerdesk.AuditEntry) (texts string) {
			for _, e := range items {
				texts += e.Text
			}
			return texts
		}
		two, nothing := minute(2), sellerdesk.Access{}
		lead := sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
			first: sellerdesk.RightsOf(sellerdesk.RightSee), second: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightAudit),
		}}
		for _, c := range []struct {
			name string
			as   *sellerdesk.Access
			q    store.AuditQuery
			want string
		}{
			{"all, the newest first", nil, store.AuditQuery{}, "32104"},
			{"of kinds", nil, store.AuditQuery{Kinds: []sellerdesk.AuditKind{sellerdesk.AuditSignedIn, sellerdesk.AuditAccountAdded}}, "104"},
			{"of an account", nil, store.AuditQuery{Account: first}, "21"},
			{"of a conversation", nil, store.AuditQuery{Conversation: chat}, "2"},
			{"of a person with a key", nil, store.AuditQuery{User: user, Key: key}, "32104"},
			{"of nobody", nil, store.AuditQuery{User: 9}, ""},
			{"of a moment", nil, store.AuditQuery{From: &two, To: &two}, "321"},
			{"by who may read of one account", &lead, store.AuditQuery{}, "34"},
			{"by who asks for another account", &lead, store.AuditQuery{Account: first}, ""},
			{"by who may nothing", &nothing, store.AuditQuery{}, ""},
		} {
			ctx := t.Context()
			if c.as != nil {
				ctx = sellerdesk.WithAccess(ctx, *c.as)
			}
			if got := said(entries(t, s, ctx, c.q)); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			var paged string
			for q := c.q; ; {
				var items []sellerdesk.AuditEntry
				q.Limit = 2
				if err := s.Read(ctx, func(tx *store.Tx) (err error) {
					items, q.Cursor, err = tx.Audit.List(ctx, q)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if paged += said(items); q.Cursor == "" {
					break
				}
			}
			if paged != c.want {
				t.Errorf("%s, in pages: %q, want %q", c.name, paged, c.want)
			}
		}
		if e := entries(t, s, t.Context(), store.AuditQuery{Limit: 1})[0]; *e.User != user || *e.Key != key || e.Address != "192.0.2.1" || string(e.Data) != "{}" {
			t.Errorf("filled in %+v", e)
		}
	})
}

func TestTheAuditTellsNothingOfWhatMayNotBeSeen(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		here, there := storetest.Account(t, s, "here"), storetest.Account(t, s, "there")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditSettingChanged, Text: "house"},
				sellerdesk.AuditEntry{Kind: sellerdesk.AuditAccountChanged, Account: &here, Text: "here"},
				sellerdesk.AuditEntry{Kind: sellerdesk.AuditAccountChanged, Account: &there, Text: "there"})
		})
		see, audit := sellerdesk.RightsOf(sellerdesk.RightSee), sellerdesk.RightsOf(sellerdesk.RightAudit)
		for _, c := range []struct {
			name   string
			access sellerdesk.Access
			want   string
		}{
			{"both for the house", sellerdesk.Access{House: see | audit}, "[there here house]"},
			{"the audit without seeing", sellerdesk.Access{House: audit}, "[]"},
			{"the audit of the house, seeing one account", sellerdesk.Access{House: audit, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{here: see}}, "[here]"},
			{"seeing the house, the audit of one account", sellerdesk.Access{House: see, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{here: audit}}, "[here]"},
			{"each in another account", sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{here: see, there: audit}}, "[]"},
		} {
			var got []string
			for _, e := range entries(t, s, sellerdesk.WithAccess(t.Context(), c.access), store.AuditQuery{}) {
				got = append(got, e.Text)
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%s: %v, want %s", c.name, got, c.want)
			}
		}
	})
}
