package server

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
)

// mostParameters bounds the query of a request; no address of ours has more.
const mostParameters = 500

// plainAddress refuses addresses whose parts are no text: with a zero byte, or
// not UTF-8. No database keeps such, some refuse it, and nobody means it.
func plainAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !plain(r.URL.Path) || !plainQuery(r.URL.RawQuery) {
			writeProblem(w, http.StatusBadRequest, sellerdesk.CodeInvalid, "The address holds bytes that are no text, or too many parameters.", "")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func plain(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }

// plainQuery judges a query as it came. What is not escaped rightly is left to
// whoever reads it.
func plainQuery(raw string) bool {
	if raw == "" {
		return true
	}
	if strings.Count(raw, "&") >= mostParameters || !plain(raw) {
		return false
	}
	if strings.IndexByte(raw, '%') < 0 {
		return true
	}
	text, err := url.QueryUnescape(raw)
	return err != nil || plain(text)
}
