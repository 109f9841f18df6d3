package views

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Most bounds the views of one person, of one team, and of the house.
const Most = 100

// Views are the saved views.
type Views struct {
	w       *engine.Work
	journal *journal.Journal
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal) Views { return Views{w, j} }

const columns = `v.id, v.name, v.query, v.sort, v.user_id, v.team_id, v.position`

func scan(s engine.Scanner) (v sellerdesk.SavedView, err error) {
	var user, team *int64
	err = s.Scan(&v.ID, &v.Name, &v.Query, &v.Sort, &user, &team, &v.Position)
	if user != nil {
		id := sellerdesk.UserID(*user)
		v.User = &id
	}
	if team != nil {
		id := sellerdesk.TeamID(*team)
		v.Team = &id
	}
	return v, err
}

// List gives the views of a person, of the teams that they are in, and of the
// house, in this order.
func (v Views) List(ctx context.Context, user sellerdesk.UserID) ([]sellerdesk.SavedView, error) {
	// Each arm has its index.
	rows, err := v.w.Query(ctx, `SELECT * FROM (
		SELECT `+columns+`, 0 AS part FROM views v WHERE v.user_id = $1
		UNION ALL SELECT `+columns+`, 1 AS part FROM team_members m JOIN views v ON v.team_id = m.team_id WHERE m.user_id = $1 AND v.user_id IS NULL
		UNION ALL SELECT `+columns+`, 2 AS part FROM views v WHERE v.user_id IS NULL AND v.team_id IS NULL) listed ORDER BY part, position, id`, int64(user))
	all, err := engine.Collect(rows, err, func(s engine.Scanner) (sellerdesk.SavedView, error) {
		return scan(withPart{s})
	})
	if err != nil {
		return nil, fmt.Errorf("read the views: %w", err)
	}
	return all, nil
}

// withPart passes over the last column.
type withPart struct{ engine.Scanner }

// Scan scans all but the last column.
func (w withPart) Scan(to ...any) error {
	var part int
	return w.Scanner.Scan(append(to, &part)...)
}

// Get gives one view.
func (v Views) Get(ctx context.Context, id sellerdesk.SavedViewID) (sellerdesk.SavedView, error) {
	rows, err := v.w.Query(ctx, `SELECT `+columns+` FROM views v WHERE v.id = $1`, int64(id))
	all, err := engine.Collect(rows, err, scan)
	if err == nil && len(all) == 0 {
		err = engine.Found(engine.ErrNoRow, "view")
	}
	if err != nil {
		return sellerdesk.SavedView{}, err
	}
	return all[0], nil
}

// Member tells whether a person is in a team.
func (v Views) Member(ctx context.Context, team sellerdesk.TeamID, user sellerdesk.UserID) (in bool, err error) {
	err = v.w.One(ctx, `SELECT EXISTS (SELECT 1 FROM team_members WHERE team_id = $1 AND user_id = $2)`, []any{int64(team), int64(user)}, &in)
	return in, err
}

// Add makes a view behind the others of whom it belongs to.
func (v Views) Add(ctx context.Context, view sellerdesk.SavedView) (sellerdesk.SavedView, error) {
	owner, args := owners(view)
	var n, last int
	if err := v.w.One(ctx, `SELECT COUNT(*), COALESCE(MAX(position), -1) FROM views WHERE `+owner, args, &n, &last); err != nil {
		return view, fmt.Errorf("count the views: %w", err)
	}
	if n >= Most {
		return view, sellerdesk.Errorf(sellerdesk.CodeLimited, "There are %d views already, and no more can be kept here.", Most).InField("name")
	}
	view.Position = last + 1
	ids, err := v.w.InsertMany(ctx, `INSERT INTO views (name, query, sort, user_id, team_id, position, created_at)`, 7, ` RETURNING id`,
		[]any{view.Name, view.Query, view.Sort, (*int64)(view.User), (*int64)(view.Team), view.Position, v.w.Now().Millis()})
	if err != nil {
		return view, fmt.Errorf("keep a view: %w", err)
	}
	view.ID = sellerdesk.SavedViewID(ids[0])
	v.changed()
	return view, nil
}

// owners gives the condition that names the views of whom a view belongs to.
func owners(view sellerdesk.SavedView) (string, []any) {
	switch {
	case view.User != nil:
		return `user_id = $1`, []any{int64(*view.User)}
	case view.Team != nil:
		return `team_id = $1`, []any{int64(*view.Team)}
	default:
		return `user_id IS NULL AND team_id IS NULL`, nil
	}
}

// Set changes a view.
func (v Views) Set(ctx context.Context, view sellerdesk.SavedView) error {
	n, err := v.w.Exec(ctx, `UPDATE views SET name = $2, query = $3, sort = $4, user_id = $5, team_id = $6, position = $7 WHERE id = $1`,
		int64(view.ID), view.Name, view.Query, view.Sort, (*int64)(view.User), (*int64)(view.Team), view.Position)
	if err != nil {
		return fmt.Errorf("change a view: %w", err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, "view")
	}
	v.changed()
	return nil
}

// Remove removes a view.
func (v Views) Remove(ctx context.Context, id sellerdesk.SavedViewID) error {
	n, err := v.w.Exec(ctx, `DELETE FROM views WHERE id = $1`, int64(id))
	if err != nil {
		return fmt.Errorf("remove a view: %w", err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, "view")
	}
	v.changed()
	return nil
}

func (v Views) changed() {
	v.journal.Add(sellerdesk.EventHouseChanged, 0, 0, sellerdesk.HouseEvent{What: "views"})
}
