package finding

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
	"github.com/sellerdesk/sellerdesk/search"
)

// TestAPageThatTookTooLongIsNotPassedOver asks for the second page of a block with a
// clock that is out of time before anything was looked at.
func TestAPageThatTookTooLongIsNotPassedOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := storetest.Account(t, st, "north")
		var b sellerdesk.Batch
		for i := range Ranked + 40 {
			b.Messages = append(b.Messages, sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: "a", RemoteID: sellerdesk.RemoteID(fmt.Sprint(i)),
				Author: sellerdesk.AuthorBuyer, Text: fmt.Sprint("кружка ", i), At: sellerdesk.At(time.Date(2026, 11, 20, 9, 0, i, 0, time.UTC))})
		}
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "load", Batch: b})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		q, err := search.Parse("кружка")
		if err != nil {
			t.Fatal(err)
		}
		in := Input{User: 1, Query: q, Limit: 50}
		s := New(Deps{Store: st, Log: slog.New(slog.DiscardHandler)})
		first, err := s.Find(t.Context(), in)
		if err != nil || len(first.Items) != in.Limit {
			t.Fatalf("%d hits, %v", len(first.Items), err)
		}
		in.Cursor = string(first.Next)
		now := time.Now()
		s.real = func() time.Time { now = now.Add(time.Minute); return now }
		late, err := s.Find(t.Context(), in)
		if err != nil || !late.Partial || len(late.Items) != 0 || late.Next != first.Next {
			t.Fatalf("%d hits, partial %v, next %q behind %q: what stands between is never shown; %v", len(late.Items), late.Partial, late.Next, first.Next, err)
		}
	})
}
