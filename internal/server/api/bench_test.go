package api_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

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
