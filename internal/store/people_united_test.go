package store_test

import (
	"context"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestAnEchoCountsOnceForThePersonItIsWith(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, echoesCountOnce)
}

// echoesCountOnce tries the states in which an echo may find a send.
func echoesCountOnce(t *testing.T, s *store.Store) {
	echo := told("m2", "Уже едет", sellerdesk.MessageSent, minute(2))
	for _, c := range []struct {
		name    string
		unknown bool
		batch   []sellerdesk.MessagePatch
		waits   int
	}{
		{"an echo of one that is still sending", false, []sellerdesk.MessagePatch{echo}, 0},
		{"an echo of one whose outcome is unknown", true, []sellerdesk.MessagePatch{echo}, 0},
		{"an echo of one that is still sending, with a new word", false, []sellerdesk.MessagePatch{echo, buyer("c1", "m3", "Спасибо?", minute(3))}, 1},
		{"an echo of one whose outcome is unknown, with a new word", true, []sellerdesk.MessagePatch{echo, buyer("c1", "m3", "Спасибо?", minute(3))}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := storetest.Account(t, s, t.Name())
			apply(t, s, batchOf(arrival{a, "c1", "Anna", sellerdesk.Buyer{Contact: "1"}}))
			conv := only(t, s, a)
			queue(t, s, conv, "k", "Уже едет")
			item := lease(t, s, a, minute(2))[0]
			if c.unknown {
				settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxUnknown})
			}
			apply(t, s, batch(a, c.batch...))
			if m := lines(t, s, conv.ID)[1]; m.Status != sellerdesk.MessageSent {
				t.Fatalf("ours is %s, so this is no test", m.Status)
			}
			if got := contact(t, s, *conv.Contact).Unanswered; got != c.waits {
				t.Errorf("%d conversations wait, want %d", got, c.waits)
			}
			sound(t, s)
		})
	}
}

// unite lets two chats become one that were of different people: of who is found
// by the number 79000000001, whom it was started with, and of somebody new.
func unite(t *testing.T, s *store.Store, a sellerdesk.AccountID, stranger sellerdesk.Buyer) (kept, left sellerdesk.ContactID) {
	t.Helper()
	arrive(t, s, arrival{a, "boris", "Борис", sellerdesk.Buyer{Phone: "79000000001"}})
	n, user := through(a, "", "petr"), sellerdesk.UserID(1)
	n.Contact = personOf(t, s, a, "boris")
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.Conversations.Start(ctx, n)
		if err != nil {
			return err
		}
		_, err = tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: id, User: &user, Key: "k", Action: sellerdesk.Open{Username: "petr"}})
		return err
	})
	item := lease(t, s, a, minute(2))[0]
	arrive(t, s, arrival{a, "c1", "Пётр", stranger})
	left = personOf(t, s, a, "c1")
	settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "c1"})
	if got := personOf(t, s, a, "c1"); left == n.Contact || got != n.Contact {
		t.Fatalf("what became one is of %d, want %d", got, n.Contact)
	}
	return n.Contact, left
}

// nobody fails when anything of people is kept.
func nobody(t *testing.T, s *store.Store) {
	t.Helper()
	for _, table := range []string{"contacts", "contact_identities", "contact_suggestions", "contact_changes"} {
		if left := rows(t, s, 1, `SELECT id FROM `+table); len(left) != 0 {
			t.Errorf("%s has %v of removed accounts", table, left)
		}
	}
}

func TestPeopleOfTwoChatsThatAreOneAreSuggestedAndForgotten(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		a, other := storetest.Account(t, s, "shop"), storetest.Account(t, s, "other")
		boris, petr := unite(t, s, a, sellerdesk.Buyer{Phone: "79000000002", Contact: "55"})
		for who, same := range map[sellerdesk.ContactID]sellerdesk.ContactID{boris: petr, petr: boris} {
			if found := contact(t, s, who).Suggestions; len(found) != 1 || found[0].Contact != same {
				t.Errorf("suggestions %+v, want %d", found, same)
			}
		}
		// Whom another account knows as well stays until that one goes.
		arrive(t, s, arrival{other, "x", "Пётр", sellerdesk.Buyer{Phone: "79000000002", Contact: "7"}})
		remove(t, s, a)
		if left := rows(t, s, 1, `SELECT id FROM contacts`); len(left) != 1 {
			t.Errorf("people %v are left, want only the one whom another account knows", left)
		}
		sound(t, s)
		remove(t, s, other)
		nobody(t, s)
	})
}

func TestWhoMayBeAnotherStaysWhileAnUnrelatedAccountIsRemoved(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		a, other := storetest.Account(t, s, "shop"), storetest.Account(t, s, "other")
		boris, petr := unite(t, s, a, sellerdesk.Buyer{Phone: "79000000002"})
		remove(t, s, other)
		if found := contact(t, s, boris).Suggestions; len(found) != 1 || found[0].Contact != petr {
			t.Errorf("suggestions %+v, want %d", found, petr)
		}
		remove(t, s, a)
		nobody(t, s)
	})
}

func TestPeopleWithoutConversationsGoWithTheLastAccountThatKnowsThem(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Ghosts(ctx, a, 250, 1200) })
		remove(t, s, a)
		for _, table := range []string{"contacts", "contact_identities"} {
			if left := rows(t, s, 1, `SELECT id FROM `+table); len(left) != 0 {
				t.Errorf("%s has %d rows of a removed account", table, len(left))
			}
		}
	})
}

func TestNothingIsUnreadForWhoNoLongerWorksHere(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(1))}, func(t *testing.T, s *store.Store) {
		var gone, here sellerdesk.User
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if gone, err = tx.Users.Create(ctx, "Boris", sellerdesk.Russian); err != nil {
				return err
			}
			if here, err = tx.Users.Create(ctx, "Olga", sellerdesk.Russian); err != nil {
				return err
			}
			return tx.Users.SetDisabled(ctx, gone.ID, true)
		})
		a := storetest.Account(t, s, "Shop")
		apply(t, s, batch(a, buyer("c1", "m1", "Где посылка?", minute(2))))
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			for user, want := range map[sellerdesk.UserID]int{gone.ID: 0, here.ID: 1} {
				n, err := tx.Conversations.Counters(ctx, user, nil)
				if err != nil || n.Unread.All != want {
					t.Errorf("%d are unread for %d, want %d (%v)", n.Unread.All, user, want, err)
				}
			}
			return nil
		})
	})
}
