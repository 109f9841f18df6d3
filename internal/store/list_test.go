package store_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// archive fills an account with reviews of some products: each has a rating,
// some have photos and answers, some buyers wrote again.
func archive(t testing.TB, s *store.Store, a sellerdesk.AccountID, n int) {
	t.Helper()
	archiveEvery(t, s, a, n, time.Minute)
}

// archiveEvery is archive with so much time between two reviews.
func archiveEvery(t testing.TB, s *store.Store, a sellerdesk.AccountID, n int, pause time.Duration) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	for first := 0; first < n; first += 500 {
		var b sellerdesk.Batch
		for i := first; i < min(first+500, n); i++ {
			id, created, stars := sellerdesk.RemoteID(fmt.Sprint("r", i)), sellerdesk.At(start.Add(-time.Duration(n-i)*pause)), 5
			if random.IntN(4) == 0 {
				stars = 1 + random.IntN(4)
			}
			b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindReview, RemoteID: id, CreatedAt: &created,
				Rating: &stars, Product: &sellerdesk.Product{ID: sellerdesk.RemoteID(fmt.Sprint("p", random.IntN(50)))}})
			m := sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: id, RemoteID: id, Author: sellerdesk.AuthorBuyer, Text: "Текст", At: created}
			if random.IntN(5) == 0 {
				m.Files = []sellerdesk.RemoteFile{{ID: "f", Type: "image/webp"}}
			}
			b.Messages = append(b.Messages, m)
			if random.IntN(3) > 0 {
				b.Messages = append(b.Messages, sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: id, RemoteID: "answer",
					Author: sellerdesk.AuthorElsewhere, Text: "Спасибо", At: sellerdesk.At(created.Add(time.Duration(random.IntN(3000)) * time.Minute))})
			}
		}
		apply(t, s, store.ApplyInput{Account: a, Stream: "reviews", Batch: b})
	}
}

// TestEachFilterListsWhatItNames compares filtered lists, page by page, with the
// whole list filtered here.
func TestEachFilterListsWhatItNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		archive(t, s, a, 150)
		handOut(t, s)
		answered := map[sellerdesk.ConversationID]bool{}
		photo := map[sellerdesk.ConversationID]bool{}
		whole := map[store.Sort][]sellerdesk.Conversation{}
		for _, order := range []store.Sort{store.SortUpdated, store.SortWaiting} {
			whole[order] = walk(t, s, store.ConversationQuery{User: 1, Sort: order, Limit: 200})
		}
		for _, c := range whole[store.SortUpdated] {
			for _, m := range lines(t, s, c.ID) {
				answered[c.ID] = answered[c.ID] || m.Author.Ours()
				photo[c.ID] = photo[c.ID] || len(m.Files) > 0
			}
		}
		for i, q := range narrow(a) {
			q.User, q.Limit = 1, 7
			for order, all := range whole {
				q.Sort = order
				var want, got []sellerdesk.ConversationID
				for _, c := range all {
					if named(q, c, answered[c.ID], photo[c.ID]) {
						want = append(want, c.ID)
					}
				}
				for _, c := range walk(t, s, q) {
					got = append(got, c.ID)
				}
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("filter %d, %s (-want +got):\n%s", i, order, diff)
				}
				// The same as if every condition named too many rows to be sorted.
				if diff := gocmp.Diff(want, wide(t, s, q)); diff != "" {
					t.Errorf("filter %d, %s, by the walks for many rows (-want +got):\n%s", i, order, diff)
				}
			}
		}
	})
}

// TestDaysAreListedWholeWhateverSpansTheyFill lists windows of reviews of most of
// a year, some of which were answered in other weeks.
func TestDaysAreListedWholeWhateverSpansTheyFill(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		archiveEvery(t, s, storetest.Account(t, s, "shop"), 150, 53*time.Hour)
		all := walk(t, s, store.ConversationQuery{User: 1, Limit: 200})
		ago := func(days int) *sellerdesk.Time { at := sellerdesk.At(start.AddDate(0, 0, -days)); return &at }
		for _, q := range []store.ConversationQuery{
			{From: ago(9), To: ago(2)}, {From: ago(40), To: ago(33)}, {From: ago(100), To: ago(31)}, {From: ago(330), To: ago(11)}, {From: ago(5000), To: ago(77)},
			{From: ago(20_000), To: ago(77)}, {To: ago(120)}, {To: ago(-3)}, {From: ago(61)}, {To: ago(500)},
			{From: ago(330), To: ago(11), Kinds: []sellerdesk.Kind{sellerdesk.KindReview}, Ratings: []int{1, 2, 3}},
		} {
			q.User, q.Limit = 1, 9
			var want []sellerdesk.ConversationID
			for _, c := range all {
				if (q.From == nil || !c.CreatedAt.Before(q.From.Time)) && (q.To == nil || !c.CreatedAt.After(q.To.Time)) &&
					(len(q.Ratings) == 0 || slices.Contains(q.Ratings, *c.Rating)) {
					want = append(want, c.ID)
				}
			}
			if diff := gocmp.Diff(want, wide(t, s, q)); diff != "" {
				t.Errorf("%v to %v (-want +got):\n%s", q.From, q.To, diff)
			}
		}
	})
}

// TestAWindowHoldsWhatIsShownForAnOlderMessage lists a chat that was first seen
// long after its newest message.
func TestAWindowHoldsWhatIsShownForAnOlderMessage(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	a := storetest.Account(t, s, "shop")
	seen := sellerdesk.At(start.AddDate(0, 2, 0))
	in := batch(a, buyer("1", "m1", "Где заказ?", minute(1)))
	in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "1", CreatedAt: &seen}}
	apply(t, s, in)
	from, to := sellerdesk.At(seen.AddDate(0, 0, -1)), sellerdesk.At(seen.AddDate(0, 0, 1))
	q := store.ConversationQuery{User: 1, From: &from, To: &to}
	if few, many := walk(t, s, q), wide(t, s, q); len(few) != 1 || len(many) != 1 {
		t.Errorf("%d and %d conversations", len(few), len(many))
	}
}

// wide reads all pages of a list as if it were long whatever it names.
func wide(t testing.TB, s *store.Store, q store.ConversationQuery) (ids []sellerdesk.ConversationID) {
	t.Helper()
	for {
		var items []sellerdesk.Conversation
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			items, q.Cursor, err = tx.Conversations.ListWide(ctx, q)
			return err
		})
		for _, c := range items {
			ids = append(ids, c.ID)
		}
		if q.Cursor == "" {
			return ids
		}
	}
}

// narrow gives filters of the new kinds, alone and together.
func narrow(a sellerdesk.AccountID) []store.ConversationQuery {
	yes, no := true, false
	from, to := sellerdesk.At(start.Add(-100*time.Minute)), sellerdesk.At(start.Add(-30*time.Minute))
	long, ago := sellerdesk.At(start.Add(-70_000*time.Minute)), sellerdesk.At(start.Add(-60_000*time.Minute))
	due := sellerdesk.At(start.Add(23 * time.Hour))
	years, ever, never := sellerdesk.At(start.AddDate(-3, 0, 0)), sellerdesk.AtMillis(0), sellerdesk.AtMillis(-1)
	return append(labelled(a), []store.ConversationQuery{
		{From: &long, To: &ago},
		{From: &long, To: &ago, Ratings: []int{1, 2}, HasPhoto: &yes},
		{Ratings: []int{1}},
		{Ratings: []int{1, 3, 2}},
		{Ratings: []int{4, 5, 5}, Answered: &no},
		{Product: "p7"},
		{Product: "p7", Alike: []sellerdesk.RemoteID{"p8", "p9"}},
		{Product: "p7", Ratings: []int{5}, Accounts: []sellerdesk.AccountID{a}},
		{Product: "none"},
		{From: &from},
		{To: &to},
		{From: &from, To: &to},
		{From: &from, To: &to, Ratings: []int{1, 2}, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}},
		{HasPhoto: &yes},
		{HasPhoto: &no, Ratings: []int{2, 3}},
		{HasPhoto: &yes, Answered: &no, From: &from},
		{Answered: &yes},
		{Answered: &no, Accounts: []sellerdesk.AccountID{a}},
		{NeedsAnswer: &yes, Ratings: []int{1, 5}, Product: "p3"},
		{Unread: &yes, HasPhoto: &yes},
		{Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationArchived}, Ratings: []int{5}},
		{Kinds: []sellerdesk.Kind{sellerdesk.KindReview}},
		{Kinds: []sellerdesk.Kind{sellerdesk.KindClaim, sellerdesk.KindReview}},
		{Kinds: []sellerdesk.Kind{sellerdesk.KindClaim, sellerdesk.KindReview}, Answered: &yes},
		{Kinds: []sellerdesk.Kind{sellerdesk.KindReview, sellerdesk.KindChat, sellerdesk.KindQuestion, sellerdesk.KindClaim}},
		{Kinds: []sellerdesk.Kind{"letter"}},
		{Kinds: []sellerdesk.Kind{"letter"}, From: &from, To: &to},
		{Kinds: []sellerdesk.Kind{"letter"}, Answered: &no},
		{Answered: &no},
		{Answered: &no, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}},
		{From: &years, To: &to, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}},
		{From: &years, To: &to},
		{From: &ever, To: &to},
		{From: &never, To: &to},
		{From: &to, To: &from},
		{From: &long, To: &to, Accounts: []sellerdesk.AccountID{a}, Answered: &no},
		{NeedsAnswer: &yes, Accounts: []sellerdesk.AccountID{a}},
		{NeedsAnswer: &no, Accounts: []sellerdesk.AccountID{a, a + 1}, Ratings: []int{1, 2, 3}},
		{NeedsAnswer: &yes, DueBy: &due},
		{NeedsAnswer: &yes, DueBy: &due, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}, Ratings: []int{5}},
		{NeedsAnswer: &yes, DueBy: &due, Accounts: []sellerdesk.AccountID{a}},
		{DueBy: &never},
		{Assignees: []sellerdesk.UserID{1}},
		{Assignees: []sellerdesk.UserID{1}, NeedsAnswer: &yes, Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}},
		{Assignees: []sellerdesk.UserID{1, 2}, Ratings: []int{5}},
		{Assignees: []sellerdesk.UserID{0}},
		{Assignees: []sellerdesk.UserID{0, 2}, NeedsAnswer: &yes},
		{Assignees: []sellerdesk.UserID{9}},
		{Teams: []sellerdesk.TeamID{1}},
		{Teams: []sellerdesk.TeamID{2, 1}, NeedsAnswer: &yes},
		{Teams: []sellerdesk.TeamID{1}, Assignees: []sellerdesk.UserID{0}, Accounts: []sellerdesk.AccountID{a}},
		{Teams: []sellerdesk.TeamID{0}, Assignees: []sellerdesk.UserID{0}},
		{Teams: []sellerdesk.TeamID{0}, Assignees: []sellerdesk.UserID{0}, NeedsAnswer: &yes},
		{Teams: []sellerdesk.TeamID{0}, Assignees: []sellerdesk.UserID{0}, NeedsAnswer: &yes, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}, DueBy: &due},
		{Priorities: []sellerdesk.Priority{sellerdesk.PriorityUrgent}},
		{Priorities: []sellerdesk.Priority{sellerdesk.PriorityLow, sellerdesk.PriorityHigh}, NeedsAnswer: &yes},
		{Priorities: []sellerdesk.Priority{sellerdesk.PriorityNormal, sellerdesk.PriorityHigh}},
		{Priorities: []sellerdesk.Priority{sellerdesk.PriorityUrgent}, Assignees: []sellerdesk.UserID{1}, Unread: &yes},
		{Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationSnoozed}},
		{Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationSnoozed}, Assignees: []sellerdesk.UserID{1}},
	}...)
}

// handOut gives conversations to people and teams, makes some matter more or less,
// and puts some off, by their ids.
func handOut(t testing.TB, s *store.Store) {
	t.Helper()
	labelOut(t, s)
	until := sellerdesk.At(start.Add(time.Hour))
	for _, c := range walk(t, s, store.ConversationQuery{User: 1, Limit: 200}) {
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Conversations.Handle(ctx, c.ID, func(h *store.Held, status *sellerdesk.ConversationStatus) error {
				h.Assign(assignment(sellerdesk.UserID(c.ID%3), sellerdesk.TeamID(c.ID/3%3)))
				h.Priority = int(c.ID%7)%4 - 1
				if c.ID%5 == 0 {
					*status = sellerdesk.ConversationSnoozed
					return h.PutOff(sellerdesk.Snooze{Until: &until})
				}
				return nil
			})
		})
	}
}

// belongs tells whether a filter names whose a conversation is and how much it matters.
func belongs(q store.ConversationQuery, c sellerdesk.Conversation) bool {
	var user sellerdesk.UserID
	var team sellerdesk.TeamID
	if c.Assignee != nil {
		user = *c.Assignee
	}
	if c.Team != nil {
		team = *c.Team
	}
	return (len(q.Assignees) == 0 || slices.Contains(q.Assignees, user)) && (len(q.Teams) == 0 || slices.Contains(q.Teams, team)) &&
		(len(q.Priorities) == 0 || slices.Contains(q.Priorities, c.Priority))
}

// named tells whether a filter names a conversation.
func named(q store.ConversationQuery, c sellerdesk.Conversation, answered, photo bool) bool {
	is := func(want *bool, got bool) bool { return want == nil || *want == got }
	return belongs(q, c) && carries(q, c) && (len(q.Ratings) == 0 || slices.Contains(q.Ratings, *c.Rating)) &&
		(q.Product == "" || c.Product.ID == q.Product || slices.Contains(q.Alike, c.Product.ID)) &&
		(q.DueBy == nil || c.DueAt != nil && c.DueAt.Millis() <= q.DueBy.Millis()) &&
		(q.From == nil || cmp.Compare(c.CreatedAt.Millis(), q.From.Millis()) >= 0) &&
		(q.To == nil || cmp.Compare(c.CreatedAt.Millis(), q.To.Millis()) <= 0) &&
		is(q.HasPhoto, photo) && is(q.Answered, answered) && is(q.NeedsAnswer, c.NeedsAnswer) && is(q.Unread, c.Unread) &&
		(len(q.Statuses) == 0 || slices.Contains(q.Statuses, c.Status)) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, c.Kind))
}

// TestAnOldDatabaseIsUpgraded opens one that the first schema made and looks for
// what later columns hold.
func TestAnOldDatabaseIsUpgraded(t *testing.T) {
	t.Parallel()
	o := store.Options{Path: filepath.Join(t.TempDir(), "old.db")}
	err := store.MakeOld(t.Context(), o,
		`INSERT INTO accounts (channel, name, state, reason, reason_code, base_url, seller, identity, abilities, removing, created_at, rev)
			VALUES ('test', 'shop', 'ok', '', '', '', 'shop', '{}', '[]', FALSE, 0, 1)`,
		`INSERT INTO conversations (account_id, channel, kind, remote_id, buyer_name, product, order_id, status, needs_answer, last_text, last_author,
			last_files, last_status, sort_at, shut_code, shut_text, created_at, updated_at, rev)
			VALUES (1, 'test', 'chat', 'c1', '', '{"id":"5","name":"Кроссовки"}', '', 'open', FALSE, '', '', 0, '', 1, '', '', 1, 1, 1)`,
		`INSERT INTO messages (account_id, conversation_id, author, body, files, status, reason, reason_code, at, remote_id)
			VALUES (1, 1, 'buyer', 'фото', 1, 'received', '', '', 1, 'm1')`,
		`INSERT INTO files (account_id, conversation_id, message_id, name, type, width, state, reason, reason_code, hash, thumbnail, remote_id,
			remote_type, remote_size, due_at, attempt, created_at, position)
			VALUES (1, 1, 1, 'a.jpg', 'image/jpeg', 10, 'fetched', '', '', 'x', '', 'f1', 'image/jpeg', 1, 0, 0, 0, 0)`)
	if err != nil {
		t.Fatal(err)
	}
	s, yes := storetest.Open(t, o), true
	if got := walk(t, s, store.ConversationQuery{User: 1, Product: "5", HasPhoto: &yes}); len(got) != 1 || got[0].Product.Name != "Кроссовки" {
		t.Errorf("found %+v", got)
	}
}

func TestARatingThatDoesNotExistIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	err := s.Read(t.Context(), func(tx *store.Tx) error {
		_, _, err := tx.Conversations.List(t.Context(), store.ConversationQuery{User: 1, Ratings: []int{6}})
		return err
	})
	if sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
		t.Errorf("got %v", err)
	}
}

// BenchmarkList reads first pages by each filter from 100,000 reviews.
func BenchmarkList(b *testing.B) {
	s := storetest.Open(b, store.Options{})
	a := storetest.Account(b, s, "shop")
	archive(b, s, a, 100_000)
	for i, q := range narrow(a) {
		for _, order := range []store.Sort{store.SortUpdated, store.SortWaiting} {
			b.Run(fmt.Sprint(i, "-", order), func(b *testing.B) {
				q.User, q.Sort = 1, order
				for b.Loop() {
					read(b, s, func(ctx context.Context, tx *store.Tx) error {
						_, _, err := tx.Conversations.List(ctx, q)
						return err
					})
				}
			})
		}
	}
}
