package finding_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestAnArticleIsMeantWhateverTheCaseOfItsLetters(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		for i, article := range []string{"AB-123", "ab-123", "Ab-123", "AB-124", "Туфли-5", "777"} {
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				b := sellerdesk.Batch{Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindReview, RemoteID: sellerdesk.RemoteID(article),
					Product: &sellerdesk.Product{ID: sellerdesk.RemoteID(article)}}},
					Messages: []sellerdesk.MessagePatch{{Kind: sellerdesk.KindReview, Conversation: sellerdesk.RemoteID(article), RemoteID: sellerdesk.RemoteID(article),
						Author: sellerdesk.AuthorBuyer, Text: "хорошо " + article, At: sellerdesk.At(morning())}}}
				_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "load", Batch: b})
				return err
			})
			if err != nil {
				t.Fatalf("%d: %v", i, err)
			}
		}
		alike := []string{"хорошо AB-123", "хорошо Ab-123", "хорошо ab-123"}
		for typed, want := range map[string][]string{
			"article:ab-123": alike, "article:AB-123": alike, "article:aB-123": alike, "article:aB-123 хорошо": alike, "article:ab-123 kind:review": alike,
			"article:AB-124": {"хорошо AB-124"}, "article:ab-124": {"хорошо AB-124"}, "article:туфли-5": {"хорошо Туфли-5"}, "article:ТУФЛИ-5": {"хорошо Туфли-5"},
			"article:777": {"хорошо 777"}, "article:ab": nil, "article:нет-такого": nil,
		} {
			for _, limit := range []int{2, 50} {
				got := all(t, s, typed, limit)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, %d at once (-want +got):\n%s", typed, limit, diff)
				}
			}
		}
	})
}
