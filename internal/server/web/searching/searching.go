package searching

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// View is what every screen knows about the one who looks at it.
type View = frame.View

const (
	// path is the page; quickPath the results beside the list.
	path, quickPath = "/search", "/search/quick"
	// pageHits and quickHits are how many results are shown at once.
	pageHits, quickHits = 50, 30
)

// Mount mounts the pages of the search.
func Mount(h frame.Host) {
	s := screens{h}
	h.Person("GET "+path, s.page)
	h.Person("GET "+quickPath, s.quick)
}

type screens struct{ host frame.Host }

// results are what a search found, with all that is drawn around it.
type results struct {
	Typed    string // as it stands in the box
	Query    search.Query
	Sort     finding.Sort
	Found    sellerdesk.Found
	Wrong    *misreading // what is not understood of it; nil when all is
	Widened  bool        // nothing has the last word, and words that begin so were found
	Accounts []sellerdesk.Account
	Teams    []sellerdesk.Team
	Tags     []sellerdesk.Tag
	Titles   map[sellerdesk.ChannelKind]string
	marks    *finding.Marker
}

// asked tells whether anything is searched for.
func (r results) asked() bool { return strings.TrimSpace(r.Typed) != "" }

// listed tells whether conversations are found, not messages.
func (r results) listed() bool { return finding.Listed(r.Query) }

// page is the search; as a fragment what it found, or a further page of it.
func (s screens) page(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.host.View(r, user)
	if to, ok := dated(v, r.URL.Query()); ok {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	cursor := r.URL.Query().Get("cursor")
	found, err := s.find(r, v, cursor, pageHits)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if found.Wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	switch {
	case frame.Fragment(r) && cursor != "":
		return s.host.Part(w, r, http.StatusOK, hits(v, found))
	case frame.Fragment(r):
		return s.host.Part(w, r, http.StatusOK, foundPart(v, found))
	default:
		return s.host.Page(w, r, user, status, "search", v.Searching.Title, page(v, found))
	}
}

// quick is what stands in the place of the list while a person types.
func (s screens) quick(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.host.View(r, user)
	found, err := s.find(r, v, "", quickHits)
	if err != nil {
		return err
	}
	return s.host.Part(w, r, http.StatusOK, quickPart(v, found))
}

// find reads what was typed and looks for it. What is not understood is no error
// but part of the answer.
func (s screens) find(r *http.Request, v *View, cursor string, limit int) (out results, err error) {
	asked := r.URL.Query()
	out = results{Typed: bounded(asked.Get("q")), Sort: sortOf(asked), Titles: s.host.Titles()}
	deps := s.host.Server.Deps()
	err = deps.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if out.Accounts, err = tx.Accounts.List(r.Context()); err != nil {
			return err
		}
		if out.Teams, err = tx.Teams.List(r.Context()); err != nil {
			return err
		}
		out.Tags, err = tx.Labels.Tags(r.Context())
		return err
	})
	if err != nil || !out.asked() {
		return out, err
	}
	if out.Query, err = search.Parse(out.Typed); err != nil {
		words, _, _ := s.host.Wrong(r, v.User, err)
		out.Wrong = misread(v, out.Typed, words)
		return out, nil
	}
	ask := finding.Input{User: v.User.ID, Query: out.Query, Zone: v.Zone, Sort: out.Sort, Cursor: cursor, Limit: limit}
	if out.Found, err = deps.Desk.Search.Find(r.Context(), ask); err != nil {
		return out, err
	}
	if err := s.widen(r.Context(), &out, ask); err != nil {
		return out, err
	}
	out.marks = finding.MarkerOf(out.Query)
	return out, nil
}

// widen looks for the beginning of the last word where nothing has the word: a
// person who still types has not written its end yet.
func (s screens) widen(ctx context.Context, out *results, ask finding.Input) error {
	if ask.Cursor != "" || len(out.Found.Items) > 0 || out.Found.Partial {
		return nil
	}
	q, ok := begun(out.Query)
	if !ok {
		return nil
	}
	ask.Query = q
	found, err := s.host.Server.Deps().Desk.Search.Find(ctx, ask)
	if err != nil || len(found.Items) == 0 {
		return err
	}
	found.TookMS += out.Found.TookMS
	out.Found, out.Query, out.Widened = found, q, true
	return nil
}

// begun is a question whose last word is a beginning; ok is false where it is one
// already, or too short to be one.
func begun(q search.Query) (_ search.Query, ok bool) {
	n := len(q.Words)
	if n == 0 {
		return q, false
	}
	last := q.Words[n-1]
	if last.Not || last.Phrase || last.Prefix {
		return q, false
	}
	typed, err := search.Parse(last.Text + "*")
	if err != nil || len(typed.Words) != 1 || !typed.Words[0].Prefix {
		return q, false
	}
	q.Words = append(slices.Clone(q.Words[:n-1]), typed.Words[0])
	return q, true
}

// dated is the address of a question with the days that the form beside it names;
// ok is false where it names none. They become part of what is typed.
func dated(v *View, asked url.Values) (to string, ok bool) {
	if !asked.Has("from") && !asked.Has("to") {
		return "", false
	}
	typed := bounded(asked.Get("q"))
	for _, name := range []string{"from", "to"} {
		if day := asked.Get(name); day != "" {
			typed += " " + name + `:"` + strings.ReplaceAll(day, `"`, "") + `"`
		}
	}
	q, err := search.Parse(typed)
	if err != nil {
		return Address(strings.TrimSpace(typed), sortOf(asked)), true
	}
	return address(v, q, sortOf(asked)), true
}

// bounded cuts what is typed to what is searched for at most.
func bounded(s string) string {
	for len(s) > search.MaxLength {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// sortOf is the order that an address asks for.
func sortOf(asked url.Values) finding.Sort {
	if asked.Get("sort") == string(finding.SortRelevance) {
		return finding.SortRelevance
	}
	return finding.SortNewest
}

// address is the page of a question.
func address(v *View, q search.Query, sort finding.Sort) string {
	return Address(q.Typed(v.Table.Language), sort)
}

// Address is the page of what is typed, in an order.
func Address(typed string, sort finding.Sort) string {
	if typed == "" {
		return path
	}
	to := path + "?q=" + url.QueryEscape(typed)
	if sort == finding.SortRelevance {
		to += "&sort=" + string(sort)
	}
	return to
}

// more is the address of the next page of results.
func (r results) more() string {
	return Address(r.asTyped(), r.Sort) + "&cursor=" + url.QueryEscape(string(r.Found.Next))
}

// asTyped is what was searched for: what was typed, or what became of it.
func (r results) asTyped() string {
	if r.Widened {
		return r.Found.Query
	}
	return r.Typed
}

// thread is the address of a conversation that was found, at the message.
func (r results) thread(h sellerdesk.Hit) string {
	q := url.Values{"filter": {"all"}, "q": {r.asTyped()}}
	if !r.listed() {
		q.Set("at", frame.ID(h.Message.ID))
	}
	if r.Sort == finding.SortRelevance {
		q.Set("by", string(r.Sort)) // sort is that of the list
	}
	return "/conversations/" + frame.ID(h.Conversation.ID) + "?" + q.Encode()
}
