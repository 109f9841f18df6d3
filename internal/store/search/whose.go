package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/search"
)

// Whose is whom the conversations of a question belong to. Empty lists mean "any",
// 0 means nobody or no team.
type Whose struct {
	User      sellerdesk.UserID // who asks
	Assignees []sellerdesk.UserID
	Teams     []sellerdesk.TeamID
}

// Whose finds the people and teams that a question of a person names, by number or
// by name whatever the case. None is true when it names only such as there are not.
func (s Search) Whose(ctx context.Context, user sellerdesk.UserID, q search.Query) (w Whose, none bool, err error) {
	w.User = user
	if w.Assignees, err = named[sellerdesk.UserID](ctx, s, `SELECT id, name FROM users ORDER BY id`, q.Assignees, user); err != nil {
		return w, false, err
	}
	if w.Teams, err = named[sellerdesk.TeamID](ctx, s, `SELECT id, name FROM teams ORDER BY id`, q.Teams); err != nil {
		return w, false, err
	}
	if slices.Contains(q.Teams, search.WordMe) && user != 0 {
		rows, err := s.w.Query(ctx, `SELECT team_id FROM team_members WHERE user_id = $1`, int64(user))
		mine, err := engine.Collect(rows, err, engine.ScanInt)
		if err != nil {
			return w, false, fmt.Errorf("look for the teams of a person: %w", err)
		}
		for _, id := range mine {
			w.Teams = append(w.Teams, sellerdesk.TeamID(id))
		}
	}
	return w, len(q.Assignees) > 0 && len(w.Assignees) == 0 || len(q.Teams) > 0 && len(w.Teams) == 0, nil
}

// named gives the ids of what words name; me are those that "me" names.
func named[T ~int64](ctx context.Context, s Search, query string, words []string, me ...T) (ids []T, err error) {
	further := false
	for _, w := range words {
		switch w {
		case search.WordNone:
			ids = append(ids, 0)
		case search.WordMe:
			ids = append(ids, slices.DeleteFunc(slices.Clone(me), func(id T) bool { return id == 0 })...)
		default:
			further = true
		}
	}
	if !further {
		return ids, nil
	}
	rows, err := s.w.Query(ctx, query)
	_, err = engine.Collect(rows, err, func(e engine.Scanner) (id int64, err error) {
		var name string
		err = e.Scan(&id, &name)
		if slices.ContainsFunc(words, func(w string) bool {
			return w == strconv.FormatInt(id, 10) || w != search.WordMe && w != search.WordNone && name != "" && folded(w) == folded(name)
		}) {
			ids = append(ids, T(id))
		}
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for those a question names: %w", err)
	}
	return ids, nil
}

// handled tells whether a conversation belongs to whom it is asked for, and matters
// as much.
func (f filter) handled(r Row) bool {
	return oneOf(f.whose.Assignees, r.assignee) && oneOf(f.whose.Teams, r.team) && oneOf(f.q.Priorities, r.priority) &&
		(!f.q.Unread || r.unread) && (f.q.Answered == nil || *f.q.Answered == r.answered)
}
