package client_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/search"
)

func TestAWalkThroughHitsEndsWhereTheServerHasNoTime(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked > 5 {
			http.Error(w, "asked again and again", http.StatusTeapot)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"items":[],"next":"s9.1.5.0.5.7","partial":true}`)
	}))
	t.Cleanup(s.Close)
	c, err := client.New(s.URL, "a-key-for-the-tests")
	if err != nil {
		t.Fatal(err)
	}
	q, err := search.Parse("cup")
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range c.Search.All(t.Context(), q) {
	}
	if sellerdesk.CodeOf(err) != sellerdesk.CodeUnavailable || asked != 2 {
		t.Errorf("asked %d times, then %v", asked, err)
	}
}
