package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// reader is the access of somebody who sees one account.
func reader(t *testing.T, user sellerdesk.UserID, id sellerdesk.AccountID) context.Context {
	t.Helper()
	return sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: user, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
		id: sellerdesk.RightsOf(sellerdesk.RightSee),
	}})
}

// TestAPersonIsWhatOneCabinetKnows lets one person write to two cabinets by the same
// number, with another name in each.
func TestAPersonIsWhatOneCabinetKnows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		home, away := storetest.Account(t, s, "home"), storetest.Account(t, s, "away")
		arrive(t, s, arrival{home, "h1", "Anna", sellerdesk.Buyer{Phone: "+79990000001"}})
		arrive(t, s, arrival{away, "away-22", "Secret", sellerdesk.Buyer{Phone: "+79990000001", Network: "telegram", Username: "@secret"}})
		arrive(t, s, arrival{away, "away-333", "Hidden", sellerdesk.Buyer{Phone: "+79990000002"}})
		shared, hidden := personOf(t, s, home, "h1"), personOf(t, s, away, "away-333")
		ctx := reader(t, 7, home)
		err := s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Contacts.Note(ctx, 7, shared, "noted here")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := reader(t, 8, away)
		err = s.Write(elsewhere, func(tx *store.Tx) error {
			_, err := tx.Contacts.Note(elsewhere, 8, shared, "secret note")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(ctx, func(tx *store.Tx) error {
			if _, err := tx.Contacts.Get(ctx, hidden, 7); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("whom only the other cabinet knows: %v", err)
			}
			c, err := tx.Contacts.Get(ctx, shared, 7)
			if err != nil {
				return err
			}
			if c.Name != "Anna" || c.Unanswered != 1 || c.ConversationCount != 1 || len(c.Conversations) != 1 {
				t.Errorf("the person: %+v", c)
			}
			for _, i := range c.Identities {
				if i.Account == nil || *i.Account != home {
					t.Errorf("known by %+v, which the other cabinet may have told", i)
				}
			}
			for _, waiting := range []bool{true, false} {
				list, next, err := tx.Contacts.List(ctx, store.ContactQuery{User: 7, Waiting: waiting, Limit: 1})
				if err != nil || len(list) != 1 || next != "" || list[0].ID != shared || list[0].Name != "Anna" {
					t.Errorf("people, waiting %t: %+v, %q, %v", waiting, list, next, err)
				}
			}
			entries, _, err := tx.Contacts.History(ctx, shared, "", 0)
			if err != nil {
				return err
			}
			var notes []string
			for _, e := range entries {
				if e.Note != nil {
					notes = append(notes, e.Note.Text)
				}
			}
			if diff := cmp.Diff([]string{"noted here"}, notes); diff != "" || len(entries) != 2 {
				t.Errorf("%d entries, notes (-want +got):\n%s", len(entries), diff)
			}
			piece, _, err := tx.Contacts.Export(ctx, shared, store.ExportPlace{})
			if strings.Contains(strings.ToLower(string(piece)), "secret") || !strings.Contains(string(piece), "Anna") {
				t.Errorf("exported: %s", piece)
			}
			if _, err := tx.Contacts.ByPhone(ctx, "+79990000002"); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("by the number of the hidden: %v", err)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestReadsKeepToTheAccountsThatMayBeSeen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		home, away := storetest.Account(t, s, "home"), storetest.Account(t, s, "away")
		arrive(t, s, arrival{home, "h1", "Anna", sellerdesk.Buyer{}})
		arrive(t, s, arrival{away, "away-22", "Secret", sellerdesk.Buyer{}})
		ctx := reader(t, 7, home)
		err := s.Read(ctx, func(tx *store.Tx) error {
			accounts, err := tx.Accounts.List(ctx)
			if err != nil || len(accounts) != 1 || accounts[0].ID != home {
				t.Errorf("accounts: %+v, %v", accounts, err)
			}
			var own sellerdesk.ConversationID
			for _, q := range []store.ConversationQuery{{}, {Accounts: []sellerdesk.AccountID{home, away}}, {Sort: store.SortWaiting}} {
				list, _, err := tx.Conversations.List(ctx, q)
				if err != nil || len(list) != 1 || list[0].Account != home {
					t.Errorf("conversations by %+v: %+v, %v", q, list, err)
				}
				own = list[0].ID
				for _, a := range list[0].Can {
					if a.Action != sellerdesk.ActionMarkRead && a.ReasonCode != sellerdesk.ReasonRight {
						t.Errorf("a reader may %s", a.Action)
					}
				}
			}
			if list, _, err := tx.Conversations.List(ctx, store.ConversationQuery{Accounts: []sellerdesk.AccountID{away}}); err != nil || len(list) != 0 {
				t.Errorf("conversations of the other account: %+v, %v", list, err)
			}
			counters, err := tx.Conversations.Counters(ctx, 1, nil)
			if err != nil || counters.NeedsAnswer.All != 1 {
				t.Errorf("counters: %+v, %v", counters, err)
			}
			events, next, err := tx.Events.List(ctx, store.EventQuery{Limit: 100})
			if err != nil || len(events) == 0 || next < events[len(events)-1].Seq {
				t.Errorf("events: %+v, %d, %v", events, next, err)
			}
			for _, e := range events {
				if e.Account == nil || *e.Account != home {
					t.Errorf("told of %+v", e)
				}
			}
			narrow, _, err := tx.Events.List(ctx, store.EventQuery{Limit: 100, Kinds: []sellerdesk.EventKind{sellerdesk.EventMessageCreated}, Accounts: []sellerdesk.AccountID{home, away}, Conversation: own})
			if err != nil || len(narrow) != 1 {
				t.Errorf("narrowed events: %+v, %v", narrow, err)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
