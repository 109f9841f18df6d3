package store_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// queries are the lists that screens and programs ask for.
func queries(a sellerdesk.AccountID) []store.ConversationQuery {
	yes, no := true, false
	all := []store.ConversationQuery{
		{},
		{Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}},
		{Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen, sellerdesk.ConversationSnoozed}},
		{Accounts: []sellerdesk.AccountID{a}},
		{Accounts: []sellerdesk.AccountID{a, a + 1}},
		{Accounts: []sellerdesk.AccountID{a}, Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationClosed}},
		{Kinds: []sellerdesk.Kind{sellerdesk.KindChat}},
		{Kinds: []sellerdesk.Kind{sellerdesk.KindChat, sellerdesk.KindReview}, Channels: []sellerdesk.ChannelKind{"test"}},
		{NeedsAnswer: &yes},
		{NeedsAnswer: &no},
		{NeedsAnswer: &yes, Accounts: []sellerdesk.AccountID{a}, Kinds: []sellerdesk.Kind{sellerdesk.KindChat}},
		{Unread: &yes},
		{Unread: &no},
		{Unread: &yes, NeedsAnswer: &yes, Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}},
	}
	all = append(all, narrow(a)...)
	for _, q := range all {
		q.Sort = store.SortWaiting
		all = append(all, q)
	}
	for i := range all {
		all[i].User, all[i].Limit = 1, 2
	}
	return all
}

// TestNoListScansATable looks at the plan of every statement that a working day
// prepares. A walk along an index in the order of the list is what we want; a
// walk over a table that grows is not.
func TestNoListScansATable(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	a := storetest.Account(t, s, "shop")
	if _, err := storetest.Fill(t.Context(), s, a, storetest.Load{Seed: 1, Conversations: 20, Messages: 200, Batch: 50, From: time.Now().Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for _, q := range queries(a) {
		walk(t, s, q)
	}
	work(t, s, a)
	answers(t, s, storetest.Account(t, s, "answering"))
	pushed(t, s, storetest.Account(t, s, "pushed"))
	messenger(t, s, storetest.Account(t, s, "messenger"))
	remove(t, s, storetest.Account(t, s, "another"))
	remove(t, s, a)
	plans, err := s.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 60 {
		t.Errorf("only %d statements were looked at", len(plans))
	}
	scan := regexp.MustCompile(`SCAN (c|conversations|m|messages|f|files|o|outbox|events|unread|u|n|contacts|identities|v|message_versions|p|pushes|push_names|d|push_doors|r|rereads|message_replies|d|message_forms|k|marks|uploads)\b`)
	for query, plan := range plans {
		for step := range strings.Lines(plan) {
			if scan.MatchString(step) && !strings.Contains(step, "INDEX") {
				t.Errorf("scans a table: %s\n%s", query, plan)
			}
			if strings.Contains(step, "TEMP B-TREE FOR ORDER BY") && strings.Contains(query, "conversations c") && !strings.Contains(query, "CROSS JOIN") {
				t.Errorf("sorts the list: %s\n%s", query, plan)
			}
		}
	}
}

// walk reads all pages of a list.
func walk(t testing.TB, s *store.Store, q store.ConversationQuery) (all []sellerdesk.Conversation) {
	t.Helper()
	for {
		var items []sellerdesk.Conversation
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			items, q.Cursor, err = tx.Conversations.List(ctx, q)
			return err
		})
		all = append(all, items...)
		if q.Cursor == "" {
			return all
		}
	}
}

// remove removes an account, step by step.
func remove(t testing.TB, s *store.Store, a sellerdesk.AccountID) {
	t.Helper()
	for done := false; !done; {
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			done, err = tx.Accounts.Remove(ctx, a)
			return err
		})
	}
}

// answers does everything once that only what is answered in public knows.
func answers(t testing.TB, s *store.Store, a sellerdesk.AccountID) {
	t.Helper()
	apply(t, s, store.ApplyInput{Account: a, Batch: review(5, "Супер", answer("Спасибо", sellerdesk.MessageSent))})
	b := review(1, "Порвались", answer("Простите", sellerdesk.MessageDelivered))
	b.Messages[0].Files = []sellerdesk.RemoteFile{{ID: "f", Type: "image/png"}}
	soon := time.Duration(1)
	b.Conversations[0].Reread = &soon
	apply(t, s, store.ApplyInput{Account: a, Batch: b})
	act(t, s, a, "edit", sellerdesk.Edit{Text: "Пришлём новые"}, "Пришлём новые")
	act(t, s, a, "pin", sellerdesk.Pin{}, "")
	now := sellerdesk.At(time.Now().Add(time.Minute))
	for _, i := range lease(t, s, a, now) {
		settle(t, s, i.ID, store.Settlement{State: sellerdesk.OutboxSent})
	}
	lines(t, s, only(t, s, a).ID)
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		due, err := tx.Rereads.Due(ctx, a, now, 10)
		if err != nil || len(due) != 1 {
			t.Errorf("%d conversations to be read again, %v", len(due), err)
			return err
		}
		if _, err := tx.Rereads.Next(ctx, a); err != nil {
			return err
		}
		if err := tx.Rereads.Later(ctx, due[0].Conversation, now); err != nil {
			return err
		}
		if err := tx.Rereads.Done(ctx, due[0].Conversation); err != nil {
			return err
		}
		_, err = tx.Products.Summary(ctx, "5", a)
		return err
	})
}

// pushed does everything once that only a channel knows which pushes, takes the
// first word of ours, and has comments under comments.
func pushed(t testing.TB, s *store.Store, a sellerdesk.AccountID) {
	t.Helper()
	now := sellerdesk.At(time.Now())
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Pushes.SetDoor(ctx, a, []byte("sealed")); err != nil {
			return err
		}
		if err := tx.Pushes.Put(ctx, sellerdesk.Push{Account: a, Received: now, Body: []byte("{}"), Signature: sellerdesk.PushSignature{ID: "msg_1"}}); err != nil {
			return err
		}
		next, err := tx.Pushes.Next(ctx, a, 0, 10)
		if err != nil || len(next) != 1 {
			t.Errorf("%d pushes wait, %v", len(next), err)
			return err
		}
		if err := tx.Pushes.Blocked(ctx, a, sellerdesk.Why{Text: "No answer."}); err != nil {
			return err
		}
		if _, err := tx.Pushes.Standing(ctx, a); err != nil {
			return err
		}
		if _, _, err := tx.Pushes.Door(ctx, a); err != nil {
			return err
		}
		return tx.Pushes.Done(ctx, a, []sellerdesk.PushID{next[0].ID})
	})
	var id sellerdesk.ConversationID
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.Conversations.Start(ctx, store.Opening{Account: a, Order: "77"}); err != nil {
			return err
		}
		found, _, err := tx.Conversations.Started(ctx, store.Opening{Account: a, Order: "77"})
		if found != id {
			t.Errorf("found %d instead of %d", found, id)
		}
		return err
	})
	order := "77"
	in := batch(a, buyer("900", "m1", "Кто здесь?", now), buyer("900", "m2", "Я", now))
	in.Batch.Messages[1].Parent, in.Batch.Messages[1].AuthorName = "m1", "Пётр"
	in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "900", Order: &order,
		Chat: &sellerdesk.Chat{Subject: sellerdesk.ChatAboutOrder, State: sellerdesk.ChatWaitsForSeller}}}
	apply(t, s, in)
	if all := lines(t, s, id); len(all) != 2 || all[0].Parent == nil && all[1].Parent == nil {
		t.Errorf("%d lines, or none that answers another", len(all))
	}
}

// TestEachListIsLedByItsIndex looks which index leads the lists of what may be
// rare among millions, on both engines.
func TestEachListIsLedByItsIndex(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	from, week, year := sellerdesk.At(start.AddDate(-1, 0, 0)), sellerdesk.At(start.AddDate(-1, 0, 7)), sellerdesk.At(start)
	claims, reviews := []sellerdesk.Kind{sellerdesk.KindClaim}, []sellerdesk.Kind{sellerdesk.KindReview}
	cases := []struct {
		name  string
		query store.ConversationQuery
		phase listing.Phase
		index []string
	}{
		{"one kind", store.ConversationQuery{Kinds: claims}, listing.PhaseNewest, []string{"kind"}},
		{"one kind without a deadline", store.ConversationQuery{Kinds: claims}, listing.PhaseIdle, []string{"kind"}},
		{"two kinds", store.ConversationQuery{Kinds: []sellerdesk.Kind{sellerdesk.KindClaim, sellerdesk.KindQuestion}}, listing.PhaseNewest, []string{"kind"}},
		{"all kinds", store.ConversationQuery{}, listing.PhaseNewest, []string{"list"}},
		{"what nobody answered", store.ConversationQuery{Answered: &no}, listing.PhaseNewest, []string{"unanswered"}},
		{"what nobody answered and has no deadline", store.ConversationQuery{Answered: &no}, listing.PhaseIdle, []string{"unanswered"}},
		{"reviews that nobody answered", store.ConversationQuery{Kinds: reviews, Answered: &no}, listing.PhaseNewest, []string{"unanswered"}},
		{"a week", store.ConversationQuery{From: &from, To: &week}, listing.PhaseNewest, []string{"days"}},
		{"reviews of a week", store.ConversationQuery{Kinds: reviews, From: &from, To: &week}, listing.PhaseIdle, []string{"days"}},
		{"bad reviews of a week of one account", store.ConversationQuery{Kinds: reviews, From: &from, To: &week, Ratings: []int{1, 2}, Accounts: []sellerdesk.AccountID{1}}, listing.PhaseNewest, []string{"days"}},
		{"reviews of a year", store.ConversationQuery{Kinds: reviews, From: &from, To: &year}, listing.PhaseNewest, []string{"days", "months"}},
		{"a year of one account", store.ConversationQuery{From: &from, To: &year, Accounts: []sellerdesk.AccountID{1}}, listing.PhaseNewest, []string{"account"}},
		{"what one account waits for", store.ConversationQuery{Accounts: []sellerdesk.AccountID{1}}, listing.PhaseDue, []string{"account_due"}},
		{"what waits", store.ConversationQuery{}, listing.PhaseDue, []string{"due"}},
		{"reviews that wait", store.ConversationQuery{Kinds: reviews}, listing.PhaseDue, []string{"kind_due"}},
		{"claims and questions that wait", store.ConversationQuery{Kinds: []sellerdesk.Kind{sellerdesk.KindClaim, sellerdesk.KindQuestion}}, listing.PhaseDue, []string{"kind_due"}},
		{"what needs an answer, the newest first", store.ConversationQuery{NeedsAnswer: &yes}, listing.PhaseNewest, []string{"needs"}},
		{"what needs an answer by no deadline", store.ConversationQuery{NeedsAnswer: &yes, Kinds: reviews}, listing.PhaseIdle, []string{"undue"}},
		{"a tag", store.ConversationQuery{Tags: []sellerdesk.TagID{1}}, listing.PhaseNewest, []string{}},
		{"a tag, the nearest deadline first", store.ConversationQuery{Tags: []sellerdesk.TagID{1}}, listing.PhaseDue, []string{}},
		{"what needs an answer and has a tag", store.ConversationQuery{Tags: []sellerdesk.TagID{1}, NeedsAnswer: &yes}, listing.PhaseNewest, []string{}},
		{"a product", store.ConversationQuery{Product: "p"}, listing.PhaseNewest, []string{"product"}},
		{"a product that is written in three ways", store.ConversationQuery{Product: "p", Alike: []sellerdesk.RemoteID{"P", "π"}}, listing.PhaseNewest, []string{"product"}},
		{"some stars", store.ConversationQuery{Ratings: []int{1, 2}}, listing.PhaseNewest, []string{"rating"}},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		archiveEvery(t, s, storetest.Account(t, s, "stall"), 200, 100*time.Hour) // account 1
		archiveEvery(t, s, storetest.Account(t, s, "shop"), 1000, 20*time.Hour)
		if err := s.Analyze(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			query, args := listing.Statement("c.id, CAST($1 AS BIGINT)", c.query, c.phase, &listing.Spot{Phase: c.phase, At: start.UnixMilli(), ID: 1}, 50, nil)
			led(t, s, c.name, query, args, c.index)
		}
		q := store.ConversationQuery{User: 1, Unread: &yes, Product: "p", From: &from, To: &week, Kinds: claims,
			Statuses: []sellerdesk.ConversationStatus{sellerdesk.ConversationClosed}, Accounts: []sellerdesk.AccountID{1}}
		for _, p := range listing.Probes(q) {
			led(t, s, "a look ahead", p.Count, p.Args, nil)
		}
		led(t, s, "the oldest", listing.Oldest, nil, []string{"created"})
	})
}

// led fails when a statement reads a whole table, sorts what is not merged, or
// uses other indexes of conversations than it should; nil means any.
func led(t *testing.T, s *store.Store, name, query string, args []any, index []string) {
	t.Helper()
	plan, err := s.Explain(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, query)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`conversations_(\w+)\b`).FindAllStringSubmatch(plan, -1) {
		if m[1] != "pkey" {
			used[m[1]] = true
		}
	}
	if got := slices.Sorted(maps.Keys(used)); index != nil && !slices.Equal(got, index) {
		t.Errorf("%s is led by %q, not %q:\n%s\n%s", name, got, index, query, plan)
	}
	if regexp.MustCompile(`Seq Scan|SCAN conversations(\n|$)`).MatchString(plan) {
		t.Errorf("%s reads a table:\n%s\n%s", name, query, plan)
	}
	if !strings.Contains(query, "UNION ALL") && regexp.MustCompile(`Sort|TEMP B-TREE`).MatchString(plan) {
		t.Errorf("%s sorts:\n%s\n%s", name, query, plan)
	}
}

// work does everything else once.
func work(t testing.TB, s *store.Store, a sellerdesk.AccountID) {
	t.Helper()
	now := sellerdesk.At(time.Now())
	c := walk(t, s, store.ConversationQuery{User: 1})[0]
	m := queue(t, s, c, "k", "да", upload(t, s, 2)...)
	items := lease(t, s, a, sellerdesk.At(now.Add(time.Minute)))
	settle(t, s, items[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown})
	in := batch(a, elsewhere(string(*c.RemoteID), "e", "да", now), buyer(string(*c.RemoteID), "b", "фото", now))
	in.Batch.Messages[1].Files = []sellerdesk.RemoteFile{{ID: "1", Name: "a.jpg"}}
	apply(t, s, in)
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		wanted, err := tx.Files.Wanted(ctx, sellerdesk.At(time.Now().Add(time.Minute)), 10, nil)
		if err != nil {
			return err
		}
		if err := tx.Files.Fetched(ctx, wanted[0].File, store.FileFacts{Type: "image/jpeg", Size: 1, Hash: "x"}); err != nil {
			return err
		}
		if err := tx.Conversations.NoAnswerNeeded(ctx, c.ID); err != nil {
			return err
		}
		_, err = tx.Outbox.Withdraw(ctx, m.ID, 1)
		return err
	})
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Events.Trim(ctx, 10); err != nil {
			return err
		}
		return tx.Conversations.MarkRead(ctx, 1, c.ID)
	})
	read(t, s, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Conversations.Counters(ctx, 1, []sellerdesk.AccountID{a}); err != nil {
			return err
		}
		if _, err := tx.Conversations.Counters(ctx, 1, nil); err != nil {
			return err
		}
		if _, err := tx.Outbox.Next(ctx); err != nil {
			return err
		}
		if _, err := tx.Outbox.Waiting(ctx, a); err != nil {
			return err
		}
		if _, err := tx.Outbox.Unknown(ctx, a); err != nil {
			return err
		}
		if _, err := tx.Files.NextWanted(ctx); err != nil {
			return err
		}
		_, cursor, err := tx.Messages.List(ctx, c.ID, "", 1)
		if err != nil {
			return err
		}
		_, _, err = tx.Messages.List(ctx, c.ID, cursor, 1)
		return err
	})
}
