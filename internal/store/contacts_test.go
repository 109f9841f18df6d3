package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// arrival is what was told once about the buyer of a chat, who writes a line.
type arrival struct {
	account sellerdesk.AccountID
	chat    string
	name    string
	buyer   sellerdesk.Buyer
}

// arrive applies arrivals of one account in one batch.
func arrive(t testing.TB, s *store.Store, all ...arrival) store.Applied {
	t.Helper()
	return apply(t, s, batchOf(all...))
}

func batchOf(all ...arrival) store.ApplyInput {
	in := store.ApplyInput{Account: all[0].account, Stream: "chats"}
	for _, a := range all {
		at := minute(len(a.chat))
		p := sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(a.chat), CreatedAt: &at, Buyer: &a.buyer}
		if a.name != "" {
			p.BuyerName = &a.name
		}
		in.Batch.Conversations = append(in.Batch.Conversations, p)
		in.Batch.Messages = append(in.Batch.Messages, buyer(a.chat, "m-"+a.chat, "Здравствуйте", at))
	}
	return in
}

// personOf gives who a chat belongs to.
func personOf(t testing.TB, s *store.Store, a sellerdesk.AccountID, chat string) (id sellerdesk.ContactID) {
	t.Helper()
	read(t, s, func(ctx context.Context, tx *store.Tx) error {
		conversation, found, err := tx.Conversations.ByRemote(ctx, a, sellerdesk.KindChat, sellerdesk.RemoteID(chat))
		if err != nil || !found {
			return fmt.Errorf("chat %s: %v, %w", chat, found, err)
		}
		c, err := tx.Conversations.Get(ctx, conversation, 1)
		if c.Contact != nil {
			id = *c.Contact
		}
		return err
	})
	return id
}

func contact(t testing.TB, s *store.Store, id sellerdesk.ContactID) (c sellerdesk.Contact) {
	t.Helper()
	read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Contacts.Get(ctx, id, 1)
		return err
	})
	return c
}

func rows(t testing.TB, s *store.Store, width int, query string, args ...any) (all []string) {
	t.Helper()
	read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Rows(ctx, width, query, args...)
		return err
	})
	return all
}

// sound fails when figures, trees or identities contradict each other.
func sound(t testing.TB, s *store.Store) {
	t.Helper()
	for _, wrong := range unsound(t, s) {
		t.Error(wrong)
	}
}

// miscounted names people whose figures are not those of their conversations.
func miscounted(t testing.TB, s *store.Store) []string {
	t.Helper()
	return rows(t, s, 3, `SELECT c.id, c.unanswered, c.last_at FROM contacts c LEFT JOIN
		(SELECT v.person_id, SUM(CASE WHEN v.needs_answer THEN 1 ELSE 0 END) AS n, MAX(v.sort_at) AS at FROM conversations v GROUP BY v.person_id) w ON w.person_id = c.id
		WHERE c.unanswered <> COALESCE(w.n, 0) OR c.last_at <> COALESCE(w.at, 0)`)
}

// unsound tells what contradicts what.
func unsound(t testing.TB, s *store.Store) (said []string) {
	t.Helper()
	said = miscounted(t, s)
	for what, query := range map[string]string{
		"shows another person than the root of its contact": `SELECT v.id FROM conversations v LEFT JOIN contacts c ON c.id = v.contact_id
			WHERE v.contact_id IS NOT NULL AND COALESCE(c.person_id, c.id, -1) <> COALESCE(v.person_id, -2)`,
		"is in a tree halfway": `SELECT c.id FROM contacts c LEFT JOIN contacts p ON p.id = c.merged_into
			WHERE (c.merged_into IS NULL) <> (c.person_id IS NULL) OR c.merged_into IS NOT NULL AND COALESCE(p.person_id, p.id, -1) <> c.person_id`,
		"is an identity of nobody": `SELECT i.id FROM contact_identities i LEFT JOIN contacts c ON c.id = i.contact_id WHERE c.id IS NULL`,
		"is an identity of two":    `SELECT MIN(i.id) FROM contact_identities i GROUP BY i.key HAVING COUNT(*) > 1`,
		"has more conversations than reasons for them": `SELECT c.id FROM contacts c WHERE (SELECT COUNT(*) FROM conversations v WHERE v.contact_id = c.id) - 1 >
			(SELECT COUNT(DISTINCT h.conversation_id) FROM contact_changes h JOIN conversations v ON v.id = h.conversation_id WHERE h.contact_id = c.id AND v.contact_id = c.id AND h.kind = 'attach')`,
		"is suggested twice": `SELECT MIN(s.id) FROM contact_suggestions s GROUP BY s.evidence, s.contact_id, s.other_id HAVING COUNT(*) > 1`,
	} {
		if wrong := rows(t, s, 1, query); len(wrong) > 0 {
			said = append(said, fmt.Sprint(wrong, " ", what))
		}
	}
	return said
}

func TestTheFirstRuleThatKnowsABuyerDecides(t *testing.T) {
	t.Parallel()
	phone := sellerdesk.Buyer{Phone: "+7 900 123-45-67"}
	telegram := func(user sellerdesk.RemoteID, name string) sellerdesk.Buyer {
		return sellerdesk.Buyer{Network: "Telegram", User: user, Username: name}
	}
	cases := []struct {
		name    string
		before  []arrival // in account 1, chats p, u, n, c
		arrives arrival
		with    string // the chat whose person it is; "" for nobody's
		doubts  int
	}{
		{"a phone in another account and another spelling", []arrival{{1, "p", "", phone}}, arrival{2, "x", "", sellerdesk.Buyer{Phone: "8 (900) 1234567", Network: "whatsapp"}}, "p", 0},
		{"another phone", []arrival{{1, "p", "", phone}}, arrival{1, "x", "", sellerdesk.Buyer{Phone: "+7 900 123-45-68"}}, "", 0},
		{"a phone that is none", []arrival{{1, "p", "", sellerdesk.Buyer{Phone: "call me"}}}, arrival{1, "x", "", sellerdesk.Buyer{Phone: "call me"}}, "", 0},
		{"a user of the messenger in another account", []arrival{{1, "u", "", telegram("5", "")}}, arrival{2, "x", "", telegram("5", "")}, "u", 0},
		{"the same number of a user in another messenger", []arrival{{1, "u", "", telegram("5", "")}}, arrival{2, "x", "", sellerdesk.Buyer{Network: "max", User: "5"}}, "", 0},
		{"a user name in capitals and with its sign", []arrival{{1, "n", "", telegram("", "petr")}}, arrival{2, "x", "", telegram("", "@Petr")}, "n", 0},
		{"a user name without a messenger", []arrival{{1, "n", "", sellerdesk.Buyer{Username: "petr"}}}, arrival{2, "x", "", sellerdesk.Buyer{Username: "petr"}}, "", 0},
		{"a contact of the same account", []arrival{{1, "c", "", sellerdesk.Buyer{Contact: "7"}}}, arrival{1, "x", "", sellerdesk.Buyer{Contact: "7"}}, "c", 0},
		{"a contact of another account", []arrival{{1, "c", "", sellerdesk.Buyer{Contact: "7"}}}, arrival{2, "x", "", sellerdesk.Buyer{Contact: "7"}}, "", 0},
		{"phone before user name", []arrival{{1, "p", "", phone}, {1, "n", "", telegram("", "petr")}},
			arrival{1, "x", "", sellerdesk.Buyer{Phone: "79001234567", Network: "telegram", Username: "petr"}}, "p", 1},
		{"user before contact", []arrival{{1, "u", "", telegram("5", "")}, {1, "c", "", sellerdesk.Buyer{Contact: "7"}}},
			arrival{1, "x", "", sellerdesk.Buyer{Contact: "7", Network: "telegram", User: "5"}}, "u", 1},
		{"three that point elsewhere", []arrival{{1, "p", "", phone}, {1, "n", "", telegram("", "petr")}, {1, "c", "", sellerdesk.Buyer{Contact: "7"}}},
			arrival{1, "x", "", sellerdesk.Buyer{Contact: "7", Phone: "79001234567", Network: "telegram", Username: "petr"}}, "p", 2},
		{"the same name and nothing else", []arrival{{1, "n", "Пётр", sellerdesk.Buyer{}}}, arrival{1, "x", "Пётр", sellerdesk.Buyer{}}, "", 0},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				accounts := []sellerdesk.AccountID{0, storetest.Account(t, s, "one"), storetest.Account(t, s, "two")}
				for _, a := range append(slices.Clone(c.before), c.arrives, c.arrives) {
					a.account = accounts[a.account]
					arrive(t, s, a)
				}
				got := personOf(t, s, accounts[c.arrives.account], "x")
				for _, b := range c.before {
					if other := personOf(t, s, accounts[b.account], b.chat); (other == got && got != 0) != (b.chat == c.with) {
						t.Errorf("x belongs to %d, %s to %d", got, b.chat, other)
					}
				}
				if got != 0 {
					if found := contact(t, s, got).Suggestions; len(found) != c.doubts {
						t.Errorf("suggestions %v, want %d", found, c.doubts)
					}
				}
				sound(t, s)
				// The next case finds nobody.
				remove(t, s, accounts[1])
				remove(t, s, accounts[2])
			})
		}
	})
}

func TestTheSamePeopleAgainChangeNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		in := batchOf(arrival{a, "1", "Пётр", sellerdesk.Buyer{Phone: "79001234567"}}, arrival{a, "2", "", sellerdesk.Buyer{Phone: "79001234567", Network: "telegram", Username: "petr"}},
			arrival{a, "3", "Анна", sellerdesk.Buyer{Network: "telegram", Username: "anna", Contact: "4"}})
		apply(t, s, in)
		if p := personOf(t, s, a, "1"); p != personOf(t, s, a, "2") || p == personOf(t, s, a, "3") {
			t.Error("one batch made other people of the same phone")
		}
		before := len(events(t, s))
		if again := apply(t, s, in); again.Changed || len(events(t, s)) != before {
			t.Errorf("again: %+v, events %v", again, events(t, s)[before:])
		}
		sound(t, s)
	})
}

func TestANameIsFilledWhenThereWasNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		phone := sellerdesk.Buyer{Phone: "79001234567"}
		arrive(t, s, arrival{a, "1", "", phone})
		p := personOf(t, s, a, "1")
		if c := contact(t, s, p); c.Name != "" || len(c.Identities) != 1 {
			t.Errorf("without a name: %+v", c)
		}
		arrive(t, s, arrival{a, "2", "Пётр", phone})
		arrive(t, s, arrival{a, "3", "Пётр Ильич", phone})
		if c := contact(t, s, p); c.Name != "Пётр" {
			t.Errorf("name %q", c.Name)
		}
		arrive(t, s, arrival{a, "4", "", sellerdesk.Buyer{Contact: "1"}})
		arrive(t, s, arrival{a, "4", "Анна", sellerdesk.Buyer{Contact: "1"}})
		if c := contact(t, s, personOf(t, s, a, "4")); c.Name != "Анна" {
			t.Errorf("a name that came later: %q", c.Name)
		}
	})
}

func TestASuggestionComesOnceAndStaysDismissed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		arrive(t, s, arrival{a, "1", "Пётр", sellerdesk.Buyer{Phone: "79001234567"}})
		arrive(t, s, arrival{a, "2", "petr", sellerdesk.Buyer{Network: "telegram", Username: "petr"}})
		both := sellerdesk.Buyer{Phone: "79001234567", Network: "telegram", Username: "petr"}
		for n := range 3 {
			arrive(t, s, arrival{a, fmt.Sprint("3", n), "", both})
		}
		one, two := personOf(t, s, a, "1"), personOf(t, s, a, "2")
		for _, side := range [][2]sellerdesk.ContactID{{one, two}, {two, one}} {
			found := contact(t, s, side[0]).Suggestions
			if len(found) != 1 || found[0].Contact != side[1] || found[0].Evidence != "username petr" {
				t.Errorf("suggestions for %d: %+v", side[0], found)
			}
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Contacts.Dismiss(ctx, 1, two, one) })
		arrive(t, s, arrival{a, "4", "", both})
		if found := contact(t, s, one).Suggestions; len(found) != 0 {
			t.Errorf("dismissed, and there again: %+v", found)
		}
		err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Contacts.Dismiss(t.Context(), 1, one, two) })
		wantSentence(t, err, sellerdesk.CodeNotFound, "Nothing suggests")
		before := len(events(t, s))
		if again := arrive(t, s, arrival{a, "4", "", both}); again.Changed || len(events(t, s)) != before {
			t.Errorf("the same doubt again: %+v, events %v", again, events(t, s)[before:])
		}
		// Neither does it come for somebody who is one of the two by now.
		arrive(t, s, arrival{a, "5", "Анна", sellerdesk.Buyer{Contact: "6"}})
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Contacts.Merge(ctx, 1, one, personOf(t, s, a, "5"))
		})
		arrive(t, s, arrival{a, "5", "", sellerdesk.Buyer{Contact: "6", Network: "telegram", Username: "petr"}})
		if found := contact(t, s, one).Suggestions; len(found) != 0 {
			t.Errorf("dismissed, and there again for another contact: %+v", found)
		}
		// Another reason is another question.
		arrive(t, s, arrival{a, "2", "", sellerdesk.Buyer{Network: "telegram", User: "9"}})
		arrive(t, s, arrival{a, "1", "", sellerdesk.Buyer{Network: "telegram", User: "9"}})
		if found := contact(t, s, one).Suggestions; len(found) != 1 || found[0].Evidence != "user 9" {
			t.Errorf("by another evidence: %+v", found)
		}
		sound(t, s)
	})
}

func TestTwoAccountsThatMeetSomebodyAtOnceMakeOnePerson(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const writers, each, people = 6, 12, 9
		var accounts []sellerdesk.AccountID
		for w := range writers {
			accounts = append(accounts, storetest.Account(t, s, fmt.Sprint("shop", w)))
		}
		var group errgroup.Group
		for w, a := range accounts {
			group.Go(func() error {
				random := rand.New(rand.NewPCG(uint64(w), 1))
				for n := range each {
					var all []arrival
					for i := range 1 + random.IntN(4) {
						p := random.IntN(people)
						b := sellerdesk.Buyer{Phone: fmt.Sprint(79000000000 + p), Network: "telegram", Username: fmt.Sprint("name", p), Contact: sellerdesk.RemoteID(fmt.Sprint(p))}
						all = append(all, arrival{a, fmt.Sprint(n, "-", i, "-", p), fmt.Sprint("Buyer ", p), b})
					}
					err := s.Write(t.Context(), func(tx *store.Tx) error {
						_, err := tx.Inbox.Apply(t.Context(), batchOf(all...))
						return err
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		// Meanwhile somebody merges and parts whoever there is.
		var meddling errgroup.Group
		ended := make(chan struct{})
		meddling.Go(func() error {
			random := rand.New(rand.NewPCG(9, 9))
			for {
				select {
				case <-ended:
					return nil
				default:
				}
				a, b := sellerdesk.ContactID(1+random.IntN(people)), sellerdesk.ContactID(1+random.IntN(people))
				err := s.Write(t.Context(), func(tx *store.Tx) error {
					if random.IntN(2) == 0 {
						return tx.Contacts.Merge(t.Context(), 1, a, b)
					}
					return tx.Contacts.Unmerge(t.Context(), 1, a)
				})
				if err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
					return err
				}
			}
		})
		err := group.Wait()
		close(ended)
		if err := errors.Join(err, meddling.Wait()); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, s, 1, `SELECT COUNT(*) FROM contacts`); n[0] != fmt.Sprint(people) {
			t.Errorf("%s people of %d phones", n[0], people)
		}
		if n := rows(t, s, 1, `SELECT COUNT(*) FROM contact_suggestions`); n[0] != "0" {
			t.Errorf("%s suggestions where nothing contradicts", n[0])
		}
		sound(t, s)
	})
}

func TestAnAccountThatIsMadeDuringAMergeFindsThePersonAfterIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, phone := storetest.Account(t, s, "shop"), sellerdesk.Buyer{Phone: "79000000002"}
		arrive(t, s, arrival{a, "c1", "Анна", sellerdesk.Buyer{Phone: "79000000001"}})
		arrive(t, s, arrival{a, "c2", "Аня", phone})
		into, from := personOf(t, s, a, "c1"), personOf(t, s, a, "c2")
		var other sellerdesk.AccountID
		var first errgroup.Group
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Contacts.Merge(ctx, 1, into, from); err != nil {
				return err
			}
			made := make(chan struct{})
			first.Go(func() error {
				defer close(made)
				err := s.Write(t.Context(), func(tx *store.Tx) error {
					account, err := tx.Accounts.Create(t.Context(), store.NewAccount{Channel: "test", Name: "new"})
					other = account.ID
					return err
				})
				if err != nil {
					return err
				}
				return s.Write(t.Context(), func(tx *store.Tx) error {
					_, err := tx.Inbox.Apply(t.Context(), batchOf(arrival{other, "c3", "", phone}))
					return err
				})
			})
			select {
			case <-made:
			case <-time.After(300 * time.Millisecond): // it waits for us
			}
			return nil
		})
		if err := first.Wait(); err != nil {
			t.Fatal(err)
		}
		if got := personOf(t, s, other, "c3"); got != into {
			t.Errorf("the chat of the new account is of %d, want %d", got, into)
		}
		sound(t, s)
	})
}

func TestANoteAboutSomebodyWhoIsBeingForgottenIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		arrive(t, s, arrival{a, "c1", "Анна", sellerdesk.Buyer{Phone: "79000000001"}})
		anna := personOf(t, s, a, "c1")
		var note errgroup.Group
		asked := false
		for done := false; !done; {
			write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				if done, err = tx.Accounts.Remove(ctx, a); err != nil || asked {
					return err
				}
				if _, err := tx.Contacts.Person(ctx, anna); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
					return err
				}
				asked = true
				written := make(chan struct{})
				note.Go(func() error {
					defer close(written)
					return s.Write(t.Context(), func(tx *store.Tx) error {
						_, err := tx.Contacts.Note(t.Context(), 1, anna, "Ждёт")
						return err
					})
				})
				select {
				case <-written:
				case <-time.After(300 * time.Millisecond): // it waits for us
				}
				return nil
			})
		}
		wantSentence(t, note.Wait(), sellerdesk.CodeNotFound, "no such person")
		if left := rows(t, s, 1, `SELECT id FROM contact_notes`); len(left) != 0 {
			t.Errorf("notes %v are about nobody", left)
		}
	})
}

func TestPeopleAreListedWithThoseWhoWaitFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		for n := range 12 {
			arrive(t, s, arrival{a, strings.Repeat("x", n+1), fmt.Sprint("Buyer ", n), sellerdesk.Buyer{Phone: fmt.Sprint(79000000000 + n)}})
			if n%3 == 0 {
				apply(t, s, batch(a, elsewhere(strings.Repeat("x", n+1), fmt.Sprint("a", n), "Ответ", minute(100-n))))
			}
		}
		var got []string
		for cursor, page := "", 0; page < 10; page++ {
			var items []sellerdesk.Contact
			read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				items, cursor, err = tx.Contacts.List(ctx, store.ContactQuery{User: 1, Cursor: cursor, Limit: 3 + page%2})
				return err
			})
			for _, c := range items {
				got = append(got, fmt.Sprintf("%s %d", strings.TrimPrefix(string(c.Name), "Buyer "), c.Unanswered))
				if len(c.Conversations) != 1 || c.ConversationCount != 1 || *c.Conversations[0].Contact != c.ID {
					t.Errorf("conversations of %s: %+v", c.Name, c.Conversations)
				}
			}
			if cursor == "" {
				break
			}
		}
		want := []string{"11 1", "10 1", "8 1", "7 1", "5 1", "4 1", "2 1", "1 1", "0 0", "3 0", "6 0", "9 0"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		err := s.Read(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.Contacts.List(t.Context(), store.ContactQuery{Cursor: "bm93aGVyZQ"})
			return err
		})
		wantSentence(t, err, sellerdesk.CodeInvalid, "cursor")
		sound(t, s)
	})
}

func TestMergingIsRefusedWhereItMeansNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		var p [4]sellerdesk.ContactID
		for n := range p {
			arrive(t, s, arrival{a, fmt.Sprint(n), fmt.Sprint("Buyer ", n), sellerdesk.Buyer{}})
			p[n] = personOf(t, s, a, fmt.Sprint(n))
		}
		merge := func(into, from sellerdesk.ContactID) error {
			return s.Write(t.Context(), func(tx *store.Tx) error { return tx.Contacts.Merge(t.Context(), 1, into, from) })
		}
		unmerge := func(from sellerdesk.ContactID) error {
			return s.Write(t.Context(), func(tx *store.Tx) error { return tx.Contacts.Unmerge(t.Context(), 1, from) })
		}
		if err := merge(p[1], p[2]); err != nil {
			t.Fatal(err)
		}
		if err := merge(p[0], p[1]); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			err  error
			code sellerdesk.Code
			part string
		}{
			{"with itself", merge(p[0], p[0]), sellerdesk.CodeInvalid, "itself"},
			{"into what is in it", merge(p[1], p[0]), sellerdesk.CodeConflict, "already"},
			{"deeper into what is in it", merge(p[2], p[0]), sellerdesk.CodeConflict, "already"},
			{"twice", merge(p[0], p[2]), sellerdesk.CodeConflict, "already"},
			{"a part of another", merge(p[3], p[2]), sellerdesk.CodeConflict, "part of"},
			{"into a part of another", merge(p[2], p[3]), sellerdesk.CodeConflict, "merge into that one"},
			{"nobody", merge(p[0], 999), sellerdesk.CodeNotFound, "no such person"},
			{"into nobody", merge(999, p[0]), sellerdesk.CodeNotFound, "no such person"},
			{"taking out who is in nobody", unmerge(p[3]), sellerdesk.CodeConflict, "not part of another"},
			{"taking out nobody", unmerge(999), sellerdesk.CodeNotFound, "no such person"},
		} {
			t.Run(c.name, func(t *testing.T) { wantSentence(t, c.err, c.code, c.part) })
		}
		sound(t, s)
		whole := contact(t, s, p[2])
		if whole.ID != p[0] || whole.ConversationCount != 3 || whole.Unanswered != 3 || len(whole.Merged) != 2 {
			t.Errorf("the tree shows as %+v", whole)
		}
		if err := unmerge(p[1]); err != nil {
			t.Fatal(err)
		}
		if got := contact(t, s, p[2]); got.ID != p[1] || got.ConversationCount != 2 {
			t.Errorf("a part keeps what was in it: %+v", got)
		}
		sound(t, s)
	})
}

func TestAMergeTellsOfAFewConversationsOnly(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	a := storetest.Account(t, s, "shop")
	phone := sellerdesk.Buyer{Phone: "79001234567"}
	for batch := range 6 {
		var all []arrival
		for n := range 50 {
			all = append(all, arrival{a, fmt.Sprint(batch, "-", n), "Пётр", phone})
		}
		arrive(t, s, all...)
	}
	arrive(t, s, arrival{a, "other", "Анна", sellerdesk.Buyer{}})
	before := len(events(t, s))
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Contacts.Merge(ctx, 1, personOf(t, s, a, "other"), personOf(t, s, a, "0-0"))
	})
	told := map[sellerdesk.EventKind]int{}
	for _, e := range events(t, s)[before:] {
		told[e.Kind]++
	}
	if want := map[sellerdesk.EventKind]int{sellerdesk.EventConversationUpdated: 200, sellerdesk.EventContactUpdated: 2}; !cmp.Equal(told, want) {
		t.Errorf("told %v", told)
	}
	sound(t, s)
}

func TestARemovedAccountLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := storetest.Account(t, s, "one"), storetest.Account(t, s, "two")
		phone := sellerdesk.Buyer{Phone: "79001234567", Contact: "5"}
		arrive(t, s, arrival{a, "1", "Пётр", phone}, arrival{a, "2", "Анна", sellerdesk.Buyer{Contact: "6"}}, arrival{a, "3", "Иван", sellerdesk.Buyer{Contact: "7"}})
		arrive(t, s, arrival{b, "1", "Пётр", phone})
		petr, anna, ivan := personOf(t, s, a, "1"), personOf(t, s, a, "2"), personOf(t, s, a, "3")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Contacts.Note(ctx, 1, anna, "Постоянная"); err != nil {
				return err
			}
			if err := tx.Contacts.Merge(ctx, 1, ivan, anna); err != nil {
				return err
			}
			return tx.Contacts.Merge(ctx, 1, petr, ivan)
		})
		remove(t, s, a)
		got := contact(t, s, petr)
		if got.ConversationCount != 1 || got.Unanswered != 1 || len(got.Merged) != 0 || len(got.Identities) != 2 {
			t.Errorf("who wrote elsewhere too: %+v", got)
		}
		if left := rows(t, s, 1, `SELECT id FROM contacts`); len(left) != 1 {
			t.Errorf("left are %v", left)
		}
		remove(t, s, b)
		for _, table := range []string{"contacts", "contact_identities", "contact_notes", "contact_suggestions", "contact_changes"} {
			if left := rows(t, s, 1, `SELECT id FROM `+table); len(left) > 0 {
				t.Errorf("%s still has %v", table, left)
			}
		}
	})
}

func TestAChatStartedWithSomebodySitsWithThem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		arrive(t, s, arrival{a, "1", "Пётр", sellerdesk.Buyer{Phone: "79001234567"}}, arrival{a, "2", "Анна", sellerdesk.Buyer{Contact: "6"}})
		petr, anna := personOf(t, s, a, "1"), personOf(t, s, a, "2")
		source := sellerdesk.Source{ID: "9", Network: "whatsapp"}
		start := func(n store.Opening) (got sellerdesk.ContactID) {
			n.Account, n.Source = a, source
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				id, err := tx.Conversations.Start(ctx, n)
				if err != nil {
					return err
				}
				c, err := tx.Conversations.Get(ctx, id, 1)
				if c.Contact != nil {
					got = *c.Contact
				}
				return err
			})
			return got
		}
		if got := start(store.Opening{Phone: "79001234567"}); got != petr {
			t.Errorf("by phone with %d, not %d", got, petr)
		}
		if got := start(store.Opening{Phone: "79007654321", Contact: anna}); got != anna {
			t.Errorf("by hand with %d, not %d", got, anna)
		}
		if got := start(store.Opening{Phone: "79000000000"}); got != 0 {
			t.Errorf("an unknown number sits with %d", got)
		}
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Conversations.Start(t.Context(), store.Opening{Account: a, Source: source, Phone: "79005555555", Contact: 999})
			return err
		})
		wantSentence(t, err, sellerdesk.CodeNotFound, "no such person")
		// What the feed then tells does not move it, and becomes that person's.
		at := minute(5)
		apply(t, s, store.ApplyInput{Account: a, Stream: "chats", Batch: sellerdesk.Batch{Conversations: []sellerdesk.ConversationPatch{{
			Kind: sellerdesk.KindChat, RemoteID: "77", CreatedAt: &at, Buyer: &sellerdesk.Buyer{Phone: "79007654321", Network: "whatsapp"},
			Chat: &sellerdesk.Chat{State: sellerdesk.ChatNew, Subject: sellerdesk.ChatDirect, Network: "whatsapp", Source: "9", Phone: "79007654321"},
		}}}})
		if got := personOf(t, s, a, "77"); got != anna {
			t.Errorf("told by the feed it sits with %d, not %d", got, anna)
		}
		if c := contact(t, s, anna); c.ConversationCount != 2 || len(c.Identities) != 2 {
			t.Errorf("who it was started with: %+v", c)
		}
		if reasons := rows(t, s, 1, `SELECT reason FROM contact_changes WHERE kind = 'attach' ORDER BY id`); !slices.Equal(reasons, []string{"phone/79001234567", "by hand"}) {
			t.Errorf("reasons %q", reasons)
		}
		sound(t, s)
	})
}

// history reads all pages of a person's history.
func history(t testing.TB, s *store.Store, id sellerdesk.ContactID, limit int) (all []string) {
	t.Helper()
	for cursor, page := "", 0; page < 100; page++ {
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			items, next, err := tx.Contacts.History(ctx, id, cursor, limit)
			for _, e := range items {
				said := fmt.Sprint(e.At.Millis()/60_000-start.UnixMilli()/60_000, " ", e.Kind)
				switch {
				case e.Kind == sellerdesk.EntryConversation:
					said += " " + string(*e.Conversation.RemoteID)
				case e.Kind == sellerdesk.EntryOrder:
					said += " " + string(e.Order)
				case e.Kind == sellerdesk.EntryFile:
					said += " " + string(e.File.Name) + " of " + string(*e.Author)
				case e.Note != nil:
					said = "now note " + e.Note.Text
				}
				all = append(all, said)
			}
			cursor = next
			return err
		})
		if cursor == "" {
			return all
		}
	}
	t.Fatal("a history without end")
	return nil
}

func TestAHistoryTellsEverythingOnceInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := storetest.Account(t, s, "one"), storetest.Account(t, s, "two")
		chat := func(account sellerdesk.AccountID, id, order string, at int, files ...string) {
			when := minute(at)
			m := buyer(id, "m"+id, "Смотрите", minute(at))
			for _, f := range files {
				m.Files = append(m.Files, sellerdesk.RemoteFile{ID: sellerdesk.RemoteID(f), Name: f})
			}
			apply(t, s, store.ApplyInput{Account: account, Stream: "chats", Batch: sellerdesk.Batch{Conversations: []sellerdesk.ConversationPatch{{
				Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(id), Order: &order, CreatedAt: &when, Buyer: &sellerdesk.Buyer{Phone: "79001234567"},
			}}, Messages: []sellerdesk.MessagePatch{m}}})
		}
		chat(a, "1", "77", 1, "one.jpg", "two.jpg")
		chat(a, "2", "77", 2)
		chat(b, "3", "77", 3)
		chat(b, "4", "", 3, "three.pdf")
		chat(a, "5", "78", 3)
		p := personOf(t, s, a, "1")
		for _, text := range []string{"первая", "вторая"} {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Contacts.Note(ctx, 1, p, text)
				return err
			})
		}
		want := []string{"now note вторая", "now note первая", "3 file three.pdf of buyer", "3 order 78", "3 order 77",
			"3 conversation 5", "3 conversation 4", "3 conversation 3", "2 conversation 2",
			"1 file two.jpg of buyer", "1 file one.jpg of buyer", "1 order 77", "1 conversation 1"}
		for _, limit := range []int{1, 2, 3, 5, 200} {
			if diff := cmp.Diff(want, history(t, s, p, limit)); diff != "" {
				t.Errorf("pages of %d: %s", limit, diff)
			}
		}
		err := s.Read(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.Contacts.History(t.Context(), p, "bm93aGVyZQ", 1)
			return err
		})
		wantSentence(t, err, sellerdesk.CodeInvalid, "cursor")
		err = s.Read(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.Contacts.History(t.Context(), 999, "", 1)
			return err
		})
		wantSentence(t, err, sellerdesk.CodeNotFound, "no such person")
	})
}

func TestALongExportComesInSmallPiecesThatMakeOneObject(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		in := batchOf(arrival{a, "1", "Пётр", sellerdesk.Buyer{Phone: "79001234567"}}, arrival{a, "2", "", sellerdesk.Buyer{Phone: "79001234567"}})
		for n := range 450 {
			m := buyer([]string{"1", "2"}[n%2], fmt.Sprint(n), strings.Repeat("Где «заказ»? <b>\"&\u2028", 20), minute(n/10))
			m.Files = []sellerdesk.RemoteFile{{ID: sellerdesk.RemoteID(fmt.Sprint(n)), Name: fmt.Sprint(n, ".png")}}
			in.Batch.Messages = append(in.Batch.Messages, m)
		}
		apply(t, s, in)
		p := personOf(t, s, a, "1")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for n := range 250 {
				if _, err := tx.Contacts.Note(ctx, 1, p, fmt.Sprint("Заметка ", n)); err != nil {
					return err
				}
			}
			return nil
		})
		var whole []byte
		var place store.ExportPlace
		pieces := 0
		for ; !place.Done(); pieces++ {
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				piece, next, err := tx.Contacts.Export(ctx, p, place)
				if len(piece) > 1<<20 {
					t.Errorf("a piece of %d bytes", len(piece))
				}
				whole, place = append(whole, piece...), next
				return err
			})
		}
		var got struct {
			Notes         []struct{ Text string }
			Identities    []struct{ Value string }
			Conversations []struct {
				Messages []struct {
					ID    int64
					Files []struct{ Name string }
				}
			}
		}
		if err := json.Unmarshal(whole, &got); err != nil {
			t.Fatal(err)
		}
		lines, last := 0, map[int64]bool{}
		for _, c := range got.Conversations {
			for _, m := range c.Messages {
				lines += len(m.Files)
				last[m.ID] = true
			}
		}
		if pieces < 3 || len(got.Notes) != 250 || len(got.Identities) != 1 || len(got.Conversations) != 2 || lines != 450 || len(last) != 452 {
			t.Errorf("%d pieces, %d notes, %d identities, %d conversations, %d files, %d messages", pieces, len(got.Notes), len(got.Identities), len(got.Conversations), lines, len(last))
		}
	})
}

func TestPeopleOfAnOldDatabaseAreCounted(t *testing.T) {
	t.Parallel()
	o := store.Options{Path: filepath.Join(t.TempDir(), "sellerdesk.db"), Key: make([]byte, 32)}
	conversation := func(contact, needs, at string) string {
		return `INSERT INTO conversations (account_id, channel, kind, remote_id, contact_id, buyer_name, product, order_id, status, needs_answer, last_text, last_author,
			last_files, last_status, sort_at, shut_code, shut_text, created_at, updated_at, rev)
			VALUES (1, 'test', 'chat', '` + at + `', ` + contact + `, 'Пётр', '', '', 'open', ` + needs + `, '', '', 0, '', ` + at + `, '', '', 1, 1, 1)`
	}
	err := store.MakeOld(t.Context(), o,
		`INSERT INTO accounts (id, channel, name, state, reason, reason_code, base_url, seller, identity, abilities, removing, created_at, rev)
			VALUES (1, 'test', 'shop', 'ok', '', '', '', '', '{}', '[]', FALSE, 1, 1)`,
		`INSERT INTO contacts (id, name, created_at) VALUES (1, 'Пётр', 1), (2, 'Анна', 1)`,
		`INSERT INTO identities (account_id, kind, remote_id, contact_id, name) VALUES (1, 'chat', '10', 1, 'Пётр')`,
		conversation("1", "TRUE", "10"), conversation("2", "FALSE", "30"), conversation("NULL", "TRUE", "40"))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, o)
	sound(t, s)
	if c := contact(t, s, 1); c.Unanswered != 1 || c.ConversationCount != 1 || c.LastAt == nil || c.LastAt.Millis() != 10 {
		t.Errorf("after the upgrade: %+v", c)
	}
}

func TestWhoAChatWasStartedWithStaysWhateverTheFeedTold(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		arrive(t, s, arrival{a, "1", "Анна", sellerdesk.Buyer{Contact: "6"}})
		anna := personOf(t, s, a, "1")
		n := store.Opening{Account: a, Source: sellerdesk.Source{ID: "9", Network: "whatsapp"}, Phone: "79007654321", Contact: anna}
		var id sellerdesk.ConversationID
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if id, err = tx.Conversations.Start(ctx, n); err != nil {
				return err
			}
			user := sellerdesk.UserID(1)
			_, err = tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: id, User: &user, Key: "k", Action: sellerdesk.Open{Source: "9", Phone: n.Phone}})
			return err
		})
		item := lease(t, s, a, minute(2))[0]
		// The feed tells of the chat as of somebody new, and not through what it goes.
		phone := sellerdesk.Buyer{Phone: n.Phone, Contact: "7"}
		arrive(t, s, arrival{a, "900", "Аня", phone})
		stranger := personOf(t, s, a, "900")
		settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "900"})
		if got := personOf(t, s, a, "900"); got != anna || stranger == anna {
			t.Errorf("the two that became one sit with %d, not %d", got, anna)
		}
		if reasons := rows(t, s, 3, `SELECT kind, contact_id, other_id FROM contact_changes WHERE conversation_id = $1 ORDER BY id`, int64(id)); len(reasons) != 2 || !strings.HasPrefix(reasons[1], "unite") {
			t.Errorf("reasons %q", reasons)
		}
		sound(t, s)
		var listed []sellerdesk.Contact
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			listed, _, err = tx.Contacts.List(ctx, store.ContactQuery{User: 1})
			return err
		})
		if len(listed) != 1 || listed[0].ID != anna || listed[0].ConversationCount != 2 {
			t.Errorf("listed %+v", listed)
		}
		// What the phone says is asked, once the feed tells it again.
		arrive(t, s, arrival{a, "900", "Аня", phone})
		if found := contact(t, s, anna).Suggestions; len(found) != 2 || found[0].Contact != stranger {
			t.Errorf("suggestions %+v", found)
		}
		sound(t, s)
	})
}
