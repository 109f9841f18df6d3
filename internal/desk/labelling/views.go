package labelling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
	"github.com/sellerdesk/sellerdesk/search"
)

const longestView = 60 // characters

// Views are the verbs on saved views.
type Views struct {
	deps  Deps
	known counted
}

// NewViews makes the verbs.
func NewViews(d Deps) *Views { return &Views{deps: d} }

// NewView is a view to be kept.
type NewView struct {
	User  sellerdesk.UserID // who keeps it
	Name  string
	Query string // as it is typed, in either language
	Sort  string // "updated", which "" means too, or "waiting"
	// Team, or the House, it is for; neither: for its user alone.
	Team  sellerdesk.TeamID
	House bool
}

// ViewEdit changes a view; nil leaves a property as is.
type ViewEdit struct {
	Name     *string
	Query    *string
	Sort     *string
	Position *int // among those it stands with, from 0
}

// List gives the views of a person, of their teams and of the house, as far as they
// name no cabinet that whoever asks may not see; with counts on demand, for which days
// begin in a zone, nil: at Greenwich.
func (v *Views) List(ctx context.Context, user sellerdesk.UserID, counts bool, zone *time.Location) (list []sellerdesk.SavedView, err error) {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return nil, err
	}
	err = v.deps.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Views.List(ctx, user)
		if err != nil {
			return err
		}
		for _, view := range all {
			if err := seen(ctx, tx, view); sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
				continue
			} else if err != nil {
				return err
			}
			if counts {
				if view.Count, err = v.count(ctx, tx, user, view.Query, zone); err != nil {
					return err
				}
			}
			list = append(list, view)
		}
		return nil
	})
	return list, err
}

// Get gives a view with its count. Whoever has its number, as from a link, may open
// it, also one that somebody keeps for themselves; what it shows is what they may
// see.
func (v *Views) Get(ctx context.Context, user sellerdesk.UserID, id sellerdesk.SavedViewID) (view sellerdesk.SavedView, err error) {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return view, err
	}
	err = v.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if view, err = tx.Views.Get(ctx, id); err != nil {
			return err
		}
		if err := seen(ctx, tx, view); err != nil {
			return err
		}
		view.Count, err = v.count(ctx, tx, user, view.Query, nil)
		return err
	})
	return view, err
}

// Open gives a view that whoever asks may see.
func Open(ctx context.Context, tx *store.Tx, id sellerdesk.SavedViewID) (sellerdesk.SavedView, error) {
	view, err := tx.Views.Get(ctx, id)
	if err != nil {
		return view, err
	}
	return view, seen(ctx, tx, view)
}

// seen refuses a view that names a cabinet which whoever asks may not see: its name
// would tell of it.
func seen(ctx context.Context, tx *store.Tx, view sellerdesk.SavedView) error {
	if sellerdesk.AccessOf(ctx).May(sellerdesk.RightSee) {
		return nil
	}
	q, err := search.Parse(view.Query)
	if err != nil {
		return nil // nothing is understood in it, so it names nothing
	}
	for _, cabinet := range q.Cabinets {
		_, none, err := tx.Search.Accounts(ctx, search.Query{Cabinets: []string{cabinet}})
		if err != nil {
			return err
		}
		if none {
			return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such view.")
		}
	}
	return nil
}

// Create keeps a view: one's own with the right to work, a team's as one of it, the
// house's with the right to change the house.
func (v *Views) Create(ctx context.Context, in NewView) (view sellerdesk.SavedView, err error) {
	view = sellerdesk.SavedView{Name: in.Name, Query: in.Query, Sort: in.Sort}
	switch {
	case in.House:
	case in.Team != 0:
		view.Team = &in.Team
	default:
		view.User = &in.User
	}
	if view, err = fitView(view); err != nil {
		return view, err
	}
	err = v.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := mayChange(ctx, tx, view, in.User); err != nil {
			return err
		}
		if view, err = tx.Views.Add(ctx, view); err != nil || view.User != nil {
			return err
		}
		return note(ctx, tx, "view", int64(view.ID), fmt.Sprintf("The view %q was made.", view.Name))
	})
	return view, err
}

// fitView makes a view fit to be kept.
func fitView(view sellerdesk.SavedView) (sellerdesk.SavedView, error) {
	var err error
	if view.Name, err = nameOf(view.Name, longestView); err != nil {
		return view, err
	}
	switch view.Sort {
	case "":
		view.Sort = string(store.SortUpdated)
	case string(store.SortUpdated), string(store.SortWaiting):
	default:
		return view, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A view is sorted by updated or by waiting.").InField("sort")
	}
	q, err := search.Parse(text.Clean(view.Query))
	if err != nil {
		return view, inQuery(err)
	}
	view.Query = q.Typed(sellerdesk.English)
	return view, nil
}

// inQuery says of an error of the search box that it is in the query.
func inQuery(err error) error {
	var e *sellerdesk.Error
	if !errors.As(err, &e) {
		return err
	}
	return sellerdesk.Errorf(e.Code, "%s", e.Message).InField("query")
}

// mayChange refuses whoever may not keep views where one stands.
func mayChange(ctx context.Context, tx *store.Tx, view sellerdesk.SavedView, user sellerdesk.UserID) error {
	house := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0)
	switch {
	case view.User != nil && *view.User != user:
		return sellerdesk.Errorf(sellerdesk.CodeForbidden, "This view is somebody else's. Keep one of your own.")
	case view.User != nil:
		return somewhere(ctx, sellerdesk.RightWork)
	case view.Team != nil:
		in, err := tx.Views.Member(ctx, *view.Team, user)
		if err != nil {
			return err
		}
		if in && sellerdesk.AccessOf(ctx).MaySomewhere(sellerdesk.RightWork) {
			return nil
		}
	}
	return house
}

// Change changes a view, as far as whoever asks may keep views where it stands.
func (v *Views) Change(ctx context.Context, user sellerdesk.UserID, id sellerdesk.SavedViewID, e ViewEdit) (view sellerdesk.SavedView, err error) {
	err = v.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if view, err = v.mine(ctx, tx, user, id); err != nil {
			return err
		}
		for to, from := range map[*string]*string{&view.Name: e.Name, &view.Query: e.Query, &view.Sort: e.Sort} {
			if from != nil {
				*to = *from
			}
		}
		if view, err = fitView(view); err != nil {
			return err
		}
		if e.Position != nil {
			if view.Position, err = moveView(ctx, tx, user, view, *e.Position); err != nil {
				return err
			}
		}
		if err := tx.Views.Set(ctx, view); err != nil || view.User != nil {
			return err
		}
		return note(ctx, tx, "view", int64(view.ID), fmt.Sprintf("The view %q was changed.", view.Name))
	})
	return view, err
}

// mine gives a view that whoever asks may see and change.
func (v *Views) mine(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, id sellerdesk.SavedViewID) (view sellerdesk.SavedView, err error) {
	if view, err = tx.Views.Get(ctx, id); err != nil {
		return view, err
	}
	if err := seen(ctx, tx, view); err != nil {
		return view, err
	}
	return view, mayChange(ctx, tx, view, user)
}

// moveView numbers the other views of whom a view belongs to anew around a place,
// and gives it.
func moveView(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, view sellerdesk.SavedView, to int) (int, error) {
	all, err := tx.Views.List(ctx, user)
	if err != nil {
		return 0, err
	}
	all = slices.DeleteFunc(all, func(o sellerdesk.SavedView) bool {
		return o.ID == view.ID || (o.User == nil) != (view.User == nil) || (o.Team == nil) != (view.Team == nil) || o.Team != nil && *o.Team != *view.Team
	})
	to = min(max(to, 0), len(all))
	for i, o := range all {
		place := i
		if i >= to {
			place++
		}
		if o.Position == place {
			continue
		}
		o.Position = place
		if err := tx.Views.Set(ctx, o); err != nil {
			return 0, err
		}
	}
	return to, nil
}

// Remove removes a view.
func (v *Views) Remove(ctx context.Context, user sellerdesk.UserID, id sellerdesk.SavedViewID) error {
	return v.deps.Store.Write(ctx, func(tx *store.Tx) error {
		view, err := v.mine(ctx, tx, user, id)
		if err != nil {
			return err
		}
		if err := tx.Views.Remove(ctx, id); err != nil || view.User != nil {
			return err
		}
		return note(ctx, tx, "view", int64(view.ID), fmt.Sprintf("The view %q was removed.", view.Name))
	})
}

// counted are figures of views as long as nothing happens.
type counted struct {
	mu      sync.Mutex
	seq     int64
	figures map[string]*int
}

// mostFigures bounds how many are kept.
const mostFigures = 2000

// count tells how many conversations a question shows to who asks; nil where it is
// not understood any more, or takes too long.
func (v *Views) count(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, query string, zone *time.Location) (*int, error) {
	seq, err := tx.Events.Last(ctx)
	if err != nil {
		return nil, err
	}
	everywhere, accounts := sellerdesk.AccessOf(ctx).Scope(sellerdesk.RightSee)
	key := fmt.Sprint(user, everywhere, accounts, zone, query)
	if n, ok := v.known.get(seq, key); ok {
		return n, nil
	}
	n, err := finding.Count(ctx, tx, finding.CountInput{User: user, Typed: query, Zone: zone, Most: sellerdesk.ViewCounted})
	if err == nil {
		v.known.put(seq, key, n)
	}
	return n, err
}

func (c *counted) get(seq int64, key string) (*int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seq != seq {
		return nil, false
	}
	n, ok := c.figures[key]
	return n, ok
}

func (c *counted) put(seq int64, key string, n *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if seq > c.seq || c.figures == nil || len(c.figures) >= mostFigures {
		c.seq, c.figures = max(seq, c.seq), map[string]*int{}
	}
	if seq == c.seq {
		c.figures[key] = n
	}
}
