package library_test

import (
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// BenchmarkSuggest is what each key costs that somebody types, of 2,000 templates.
func BenchmarkSuggest(b *testing.B) {
	s := library.New(library.Deps{Store: storetest.Open(b, store.Options{})})
	rows, _ := table()
	if _, err := s.Import(b.Context(), 1, strings.NewReader(strings.ReplaceAll(rows, ";shop\r", ";\r")), true); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		list, _, err := s.List(b.Context(), 1, library.Query{Text: "спасибо 19", Limit: 3})
		if err != nil || len(list) != 3 {
			b.Fatal(len(list), err)
		}
	}
}
