package store_test

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// walkThrough reads all pages in the order of ids.
func walkThrough(t testing.TB, s *store.Store, q store.ConversationQuery) (ids []sellerdesk.ConversationID) {
	t.Helper()
	for after := sellerdesk.ConversationID(0); ; after = ids[len(ids)-1] {
		var items []sellerdesk.Conversation
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			items, err = tx.Conversations.Through(ctx, q, after)
			return err
		})
		if len(items) == 0 {
			return ids
		}
		for _, c := range items {
			ids = append(ids, c.ID)
		}
	}
}

// TestAWalkThroughGivesWhatTheListNames compares the walk by ids with the list,
// for every filter.
func TestAWalkThroughGivesWhatTheListNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		archive(t, s, a, 120)
		for i, q := range append(narrow(a), store.ConversationQuery{}) {
			q.User, q.Limit = 1, 7
			var want []sellerdesk.ConversationID
			for _, c := range walk(t, s, q) {
				want = append(want, c.ID)
			}
			slices.SortFunc(want, cmp.Compare)
			if diff := gocmp.Diff(want, walkThrough(t, s, q)); diff != "" {
				t.Errorf("filter %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

// TestMessagesAreWalkedThroughByWhereTheyBelong walks the messages of two
// accounts with every narrowing there is.
func TestMessagesAreWalkedThroughByWhereTheyBelong(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := storetest.Account(t, s, "shop"), storetest.Account(t, s, "stall")
		archive(t, s, a, 30)
		archive(t, s, b, 20)
		all := messagesThrough(t, s, store.MessageQuery{Limit: 200})
		middle := all[len(all)/2]
		at := middle.At
		for name, w := range map[string]struct {
			query store.MessageQuery
			named func(sellerdesk.ExportedMessage) bool
		}{
			"all":             {store.MessageQuery{}, func(sellerdesk.ExportedMessage) bool { return true }},
			"an account":      {store.MessageQuery{Accounts: []sellerdesk.AccountID{b}}, func(m sellerdesk.ExportedMessage) bool { return m.Account == b }},
			"a channel":       {store.MessageQuery{Channels: []sellerdesk.ChannelKind{"none such"}}, func(sellerdesk.ExportedMessage) bool { return false }},
			"a kind":          {store.MessageQuery{Kinds: []sellerdesk.Kind{sellerdesk.KindReview}}, func(m sellerdesk.ExportedMessage) bool { return m.Kind == sellerdesk.KindReview }},
			"another kind":    {store.MessageQuery{Kinds: []sellerdesk.Kind{sellerdesk.KindChat}}, func(sellerdesk.ExportedMessage) bool { return false }},
			"a conversation":  {store.MessageQuery{Conversation: middle.Conversation}, func(m sellerdesk.ExportedMessage) bool { return m.Conversation == middle.Conversation }},
			"since a moment":  {store.MessageQuery{From: &at}, func(m sellerdesk.ExportedMessage) bool { return m.At.Millis() >= at.Millis() }},
			"until a moment":  {store.MessageQuery{To: &at}, func(m sellerdesk.ExportedMessage) bool { return m.At.Millis() <= at.Millis() }},
			"at no time ever": {store.MessageQuery{From: later(at), To: &at}, func(sellerdesk.ExportedMessage) bool { return false }},
		} {
			w.query.Limit = 7
			want := slices.DeleteFunc(slices.Clone(all), func(m sellerdesk.ExportedMessage) bool { return !w.named(m) })
			if got := messagesThrough(t, s, w.query); len(got) != len(want) || len(got) > 0 && !gocmp.Equal(want, got) {
				t.Errorf("%s: %d messages, want %d", name, len(got), len(want))
			}
		}
	})
}

func later(at sellerdesk.Time) *sellerdesk.Time { t := sellerdesk.At(at.Add(time.Hour)); return &t }

func messagesThrough(t testing.TB, s *store.Store, q store.MessageQuery) (all []sellerdesk.ExportedMessage) {
	t.Helper()
	for after := sellerdesk.MessageID(0); ; after = all[len(all)-1].ID {
		var items []sellerdesk.ExportedMessage
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			items, err = tx.Messages.Through(ctx, q, after)
			return err
		})
		if len(items) == 0 {
			return all
		}
		all = append(all, items...)
	}
}
