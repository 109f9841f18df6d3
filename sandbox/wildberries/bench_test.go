package wildberries_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// BenchmarkReviewPages reads pages of 5,000 reviews out of 200,000, as a reader of all history does.
func BenchmarkReviewPages(b *testing.B) {
	w := newBench(b, sandbox.Options{Messages: 10, Reviews: 200_000, Accounts: 1}, wildberries.Options{})
	page := 0
	for b.Loop() {
		w.world.Clock().Advance(1e9)
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/v1/feedbacks?isAnswered=true&take=5000&skip=%d&order=dateAsc", page%30*5000), nil)
		r.Host = "feedbacks-api.wildberries.ru"
		r.Header.Set("Authorization", w.token)
		rw := httptest.NewRecorder()
		if w.world.Handler().ServeHTTP(rw, r); rw.Code != http.StatusOK {
			b.Fatal(rw.Code)
		}
		page++
	}
}

// BenchmarkReviewCounts asks for what is polled most, of a cabinet of two million reviews.
func BenchmarkReviewCounts(b *testing.B) {
	w := newBench(b, sandbox.Options{Messages: 10, Reviews: 2_000_000, Accounts: 1}, wildberries.Options{})
	for b.Loop() {
		w.world.Clock().Advance(1e9)
		r := httptest.NewRequest(http.MethodGet, "/api/v1/feedbacks/count-unanswered", nil)
		r.Host = "feedbacks-api.wildberries.ru"
		r.Header.Set("Authorization", w.token)
		rw := httptest.NewRecorder()
		if w.world.Handler().ServeHTTP(rw, r); rw.Code != http.StatusOK {
			b.Fatal(rw.Code)
		}
	}
}
