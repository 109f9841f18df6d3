package labelling

import (
	"context"
	"net/http"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	verbs "github.com/sellerdesk/sellerdesk/internal/desk/labelling"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/narrowing"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// shownView is a view as it is drawn.
type shownView struct {
	sellerdesk.SavedView
	Address  string
	Listed   bool // the list shows it, not the search
	TeamName string
	Mine     bool // whoever looks may change it
}

// views gives the views of whoever looks, with counts on demand.
func (s screens) views(r *http.Request, user sellerdesk.User, counts bool) (out []shownView, err error) {
	list, err := s.desk.Views.List(r.Context(), user.ID, counts, s.View(r, user).Zone)
	if err != nil {
		return nil, err
	}
	access := sellerdesk.AccessOf(r.Context())
	teams, err := s.teams(r.Context())
	if err != nil {
		return nil, err
	}
	for _, view := range list {
		one := shownView{SavedView: view, Mine: access.May(sellerdesk.RightSettings) || view.User != nil || view.Team != nil && access.MaySomewhere(sellerdesk.RightWork)}
		if q, err := search.Parse(view.Query); err == nil {
			one.Listed = finding.Listed(q)
		}
		one.Address = listAddress(view, one.Listed)
		if view.Team != nil {
			i := slices.IndexFunc(teams, func(t sellerdesk.Team) bool { return t.ID == *view.Team })
			if i >= 0 {
				one.TeamName = teams[i].Name
			}
		}
		out = append(out, one)
	}
	return out, nil
}

func (s screens) teams(ctx context.Context) (list []sellerdesk.Team, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Teams.List(ctx)
		return err
	})
	return list, err
}

// mineOf are the teams that whoever looks may keep views for.
func mineOf(v *View, all []sellerdesk.Team) (list []sellerdesk.Team) {
	for _, t := range all {
		if v.Access.May(sellerdesk.RightSettings) || slices.Contains(t.Members, v.User.ID) {
			list = append(list, t)
		}
	}
	return list
}

// barView is the row of views beside the list.
type barView struct {
	Views []shownView
	Open  sellerdesk.SavedViewID // 0: none
	Teams []sellerdesk.Team      // to keep a view for
}

// bar answers with the views beside the list, each with its counter.
func (s screens) bar(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	views, err := s.views(r, user, true)
	if err != nil {
		return err
	}
	open := narrowing.Read(r.URL.Query()).View
	return s.Part(w, r, http.StatusOK, barLinks(s.View(r, user), barView{Views: views, Open: open}))
}

// open leads to what a view shows: the link for colleagues.
func (s screens) open(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.SavedViewID](r, "id")
	if err != nil {
		return err
	}
	view, err := s.desk.Views.Get(r.Context(), user.ID, id)
	if err != nil {
		return err
	}
	q, err := search.Parse(view.Query)
	http.Redirect(w, r, listAddress(view, err == nil && finding.Listed(q)), http.StatusSeeOther)
	return nil
}

// Elsewhere is where the short link of a view leads, "/?view=7"; "" for other
// addresses.
func Elsewhere(r *http.Request) string {
	q := r.URL.Query()
	if n := narrowing.Read(q); n.View != 0 && !q.Has("filter") {
		return "/views/" + frame.ID(n.View)
	}
	return ""
}

// Narrow asks the store for what the view shows that the list is narrowed to, and
// keeps its question. One that is gone, or shows words, narrows nothing.
func Narrow(ctx context.Context, tx *store.Tx, v *View, n *narrowing.Narrowing, q *store.ConversationQuery) error {
	if n.View == 0 {
		return nil
	}
	view, err := verbs.Open(ctx, tx, n.View)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		n.View = 0
		return nil
	}
	if err != nil {
		return err
	}
	asked, err := search.Parse(view.Query)
	if err != nil || !finding.Listed(asked) {
		n.View = 0
		return nil
	}
	n.Asked = view.Query
	more, none, err := finding.ConversationQuery(ctx, tx, v.User.ID, asked, v.Zone)
	if err != nil {
		return err
	}
	join(q, more)
	if none {
		q.Kinds = []sellerdesk.Kind{"none"} // there is no such kind
	}
	return nil
}

// join narrows a query by another one.
func join(q *store.ConversationQuery, more store.ConversationQuery) {
	q.Kinds, q.Channels, q.Accounts = both(q.Kinds, more.Kinds, "none"), both(q.Channels, more.Channels, "none"), both(q.Accounts, more.Accounts, -1)
	q.Statuses, q.Ratings = both(q.Statuses, more.Statuses, "none"), both(q.Ratings, more.Ratings, 0)
	q.Tags, q.Assignees = both(q.Tags, more.Tags, -1), both(q.Assignees, more.Assignees, -1)
	q.Teams, q.Priorities = both(q.Teams, more.Teams, -1), both(q.Priorities, more.Priorities, "none")
	q.Fields = append(q.Fields, more.Fields...)
	for to, from := range map[**bool]*bool{&q.NeedsAnswer: more.NeedsAnswer, &q.Unread: more.Unread, &q.HasPhoto: more.HasPhoto, &q.Answered: more.Answered} {
		if from != nil {
			*to = from
		}
	}
	if q.Product == "" {
		q.Product = more.Product
	}
	if q.From == nil {
		q.From = more.From
	}
	if q.To == nil {
		q.To = more.To
	}
}

// both gives what two lists have in common, where an empty one stands for all; no
// stands for what nothing is.
func both[T comparable](a, b []T, no T) []T {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	out := slices.DeleteFunc(slices.Clone(a), func(v T) bool { return !slices.Contains(b, v) })
	if len(out) == 0 {
		out = []T{no}
	}
	return out
}
