package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestAConversationIsReadAroundAnyOfItsMessages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		var b sellerdesk.Batch
		var want []string
		for n := range 61 {
			text := fmt.Sprint("line ", n)
			want = append([]string{text}, want...)
			b.Messages = append(b.Messages, sellerdesk.MessagePatch{
				Kind: sellerdesk.KindChat, Conversation: "one", RemoteID: sellerdesk.RemoteID(text), Author: sellerdesk.AuthorBuyer, Text: text,
				At: sellerdesk.At(time.Date(2026, 11, 1, 9, n/3, 0, 0, time.UTC)), // three at a time
			})
		}
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "load", Batch: b})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(t.Context(), func(tx *store.Tx) error {
			all, _, err := tx.Messages.List(t.Context(), 1, "", 200)
			if err != nil {
				return err
			}
			for _, at := range all {
				var got []string
				p, err := tx.Messages.Around(t.Context(), 1, at.ID, 10)
				if err != nil {
					return err
				}
				add := func(list []sellerdesk.Message, before bool) {
					var texts []string
					for _, m := range list {
						texts = append(texts, m.Text)
					}
					if before {
						got = append(texts, got...)
					} else {
						got = append(got, texts...)
					}
				}
				add(p.Items, false)
				for older := p.Older; older != ""; {
					items, next, err := tx.Messages.List(t.Context(), 1, older, 7)
					if err != nil {
						return err
					}
					add(items, false)
					older = next
				}
				for newer := p.Newer; newer != ""; {
					next, err := tx.Messages.Newer(t.Context(), 1, newer, 7)
					if err != nil {
						return err
					}
					add(next.Items, true)
					newer = next.Newer
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("around %s: %s", at.Text, diff)
				}
			}
			if _, err := tx.Messages.Around(t.Context(), 1, 999, 10); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("around a message that is not there: %v", err)
			}
			if _, err := tx.Messages.Newer(t.Context(), 1, "x", 10); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
				t.Errorf("behind a bad cursor: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
