package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/search"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// TestWhatMuchCarriesIsRemovedAtOnceAndLetGoInPieces removes a tag and a field that
// more carries than one transaction lets go.
func TestWhatMuchCarriesIsRemovedAtOnceAndLetGoInPieces(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const many = 510
		a := storetest.Account(t, s, "shop")
		in := batch(a)
		for n := range many {
			in.Batch.Messages = append(in.Batch.Messages, buyer(fmt.Sprint("c", n), fmt.Sprint("m", n), "да", minute(n)))
		}
		apply(t, s, in)
		var tag sellerdesk.Tag
		var field sellerdesk.Field
		carry := func(ids []sellerdesk.Conversation) {
			write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				if tag, err = tx.Labels.AddTag(ctx, "Срочно", 0); err != nil {
					return err
				}
				if field, err = tx.Labels.AddField(ctx, sellerdesk.Field{Name: "Причина", Of: sellerdesk.FieldOfConversation, Kind: sellerdesk.FieldText}); err != nil {
					return err
				}
				for _, c := range ids {
					err := tx.Conversations.Handle(ctx, c.ID, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
						return tx.Labels.Apply(ctx, h, store.LabelChange{Add: []sellerdesk.TagID{tag.ID}, Fields: map[sellerdesk.FieldID]string{field.ID: "брак"}})
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		all := walk(t, s, store.ConversationQuery{User: 1, Limit: 200})
		carry(all)
		gone, goneField := tag.ID, field.ID
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Labels.RemoveTag(ctx, tag.ID); err != nil {
				return err
			}
			return tx.Labels.RemoveField(ctx, field.ID)
		})
		carry(all[:1]) // the names are free at once
		look := func() {
			t.Helper()
			for n, c := range walk(t, s, store.ConversationQuery{User: 1, Limit: 200})[:2] {
				if want := 1 - n; len(c.Tags) != want || len(c.Fields) != want || want > 0 && c.Tags[0].ID == gone {
					t.Errorf("conversation %d carries %v and %v", n, c.Tags, c.Fields)
				}
			}
			for _, q := range []store.ConversationQuery{
				{User: 1, Tags: []sellerdesk.TagID{gone}}, {User: 1, Fields: []store.FieldMatch{{Field: goneField, Values: []string{"брак"}}}},
			} {
				if list := walk(t, s, q); len(list) > 0 {
					t.Errorf("%d conversations are listed by what was removed", len(list))
				}
			}
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Labels.Tag(ctx, gone)
				if sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
					t.Errorf("the tag is still there: %v", err)
				}
				tags, err := tx.Labels.Tags(ctx)
				if err != nil || len(tags) != 1 {
					t.Errorf("tags are %v", tags)
				}
				counted, err := search.Of(tx.Search, []store.SearchRow{{Conversation: all[0].ID}}).Tags(ctx)
				if len(counted) != 1 || counted[0].Tag == gone {
					t.Errorf("what is found is counted by %v", counted)
				}
				return err
			})
		}
		look()
		steps := 0
		for more := true; more; steps++ { // each as after a restart: nothing is kept but in the database
			before, _ := s.Rows(t.Context(), "conversation_tags")
			write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				more, err = tx.Labels.Sweep(ctx)
				return err
			})
			if after, err := s.Rows(t.Context(), "conversation_tags"); err != nil || before-after > 500 {
				t.Fatalf("%d at once: %v", before-after, err)
			}
			look()
		}
		if steps < 6 {
			t.Errorf("%d steps", steps)
		}
		for _, table := range []string{"tags", "tag_uses", "conversation_tags", "fields", "field_values"} {
			if n, err := s.Rows(t.Context(), table); err != nil || n != 1 {
				t.Errorf("%d in %s: %v", n, table, err)
			}
		}
	})
}
