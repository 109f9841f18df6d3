package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/search"
)

// Search finds messages and conversations.
type Search struct {
	c    *Client
	sort string
}

// ByRelevance gives a Search whose hits stand by relevance, not newest first:
// [sellerdesk.Found].Ranked of them are compared with each other. Its cursors are
// its own.
func (s *Search) ByRelevance() *Search { return &Search{c: s.c, sort: "relevance"} }

// Find gives one page of what is found. Limit is 1 to 200; 0 means 50. The
// facets count the whole and come with the first page only.
func (s *Search) Find(ctx context.Context, q search.Query, cursor string, limit int) (sellerdesk.Found, error) {
	return s.FindTyped(ctx, q.Typed(sellerdesk.English), cursor, limit)
}

// FindTyped is Find for words and filters as a person types them.
func (s *Search) FindTyped(ctx context.Context, typed, cursor string, limit int) (sellerdesk.Found, error) {
	v := url.Values{"q": {typed}}
	place(v, cursor, limit)
	if s.sort != "" {
		v.Set("sort", s.sort)
	}
	var f sellerdesk.Found
	err := s.c.do(ctx, call{op: "search", method: http.MethodGet, path: "/v1/search", query: v}, &f)
	return f, err
}

// All walks through all hits. It ends after an error, which it is too where the server
// has no time to look any further.
func (s *Search) All(ctx context.Context, q search.Query) iter.Seq2[sellerdesk.Hit, error] {
	return all(func(cursor string) (Page[sellerdesk.Hit], error) {
		f, err := s.Find(ctx, q, cursor, 200)
		if err == nil && cursor != "" && string(f.Next) == cursor {
			err = sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The server had no time to look any further. Try again, or search for less.")
		}
		return Page[sellerdesk.Hit]{Items: f.Items, Next: f.Next}, err
	})
}
