package api_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// BenchmarkList tells what the way through HTTP adds to the query: compare its
// two halves.
func BenchmarkList(b *testing.B) {
	h := servertest.New(b, nil)
	for i := range 300 {
		h.Chat(b, fmt.Sprint("buyer", i), servertest.Start().Add(-time.Duration(i)*time.Minute), "Здравствуйте! Когда приедет мой заказ?", "Очень жду ответа")
	}
	b.Run("query", func(b *testing.B) {
		for b.Loop() {
			err := h.Store.Read(b.Context(), func(tx *store.Tx) error {
				_, _, err := tx.Conversations.List(b.Context(), store.ConversationQuery{User: 1, Limit: 50})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("added", func(b *testing.B) { added(b, h) })
	for name, accept := range map[string]string{"handler": "", "handler packing": "gzip"} {
		b.Run(name, func(b *testing.B) {
			handler := h.HTTP.Handler()
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), "GET", "/v1/conversations", nil)
				r.Header.Set("Authorization", "Bearer "+servertest.Key)
				r.Header.Set("Accept-Encoding", accept)
				w := httptest.NewRecorder()
				if handler.ServeHTTP(w, r); w.Code != 200 {
					b.Fatal(w.Body)
				}
				b.ReportMetric(float64(w.Body.Len()), "bytes")
			}
		})
	}
}

// added tells what the way through HTTP adds to the store's time: both are
// measured by turns, so that a busy machine slows both, and the middle of each is
// compared.
func added(b *testing.B, h *servertest.House) {
	handler := h.HTTP.Handler()
	key, err := h.Desk.Keys.Create(sellerdesk.WithAccess(b.Context(), sellerdesk.FullAccess(1)), desk.CreateKey{Name: "bench", Rights: sellerdesk.AllRights()})
	if err != nil {
		b.Fatal(err)
	}
	var query, whole []time.Duration
	for b.Loop() {
		began := time.Now()
		err := h.Store.Read(b.Context(), func(tx *store.Tx) error {
			_, _, err := tx.Conversations.List(b.Context(), store.ConversationQuery{User: 1, Limit: 50})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		query = append(query, time.Since(began))
		began = time.Now()
		r := httptest.NewRequestWithContext(b.Context(), "GET", "/v1/conversations", nil)
		r.Header.Set("Authorization", "Bearer "+key.Text)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		whole = append(whole, time.Since(began))
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
	slices.Sort(query)
	slices.Sort(whole)
	middle := len(query) / 2
	b.ReportMetric(float64(query[middle].Microseconds()), "query-us")
	b.ReportMetric(float64((whole[middle] - query[middle]).Microseconds()), "added-us")
	b.ReportMetric(float64((whole[0] - query[0]).Microseconds()), "added-least-us")
}
