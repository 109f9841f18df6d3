package teams

import (
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Most bounds how many teams a house has: all are read with every menu.
const Most = 200

// Teams are those who answer together.
type Teams struct {
	w       *engine.Work
	journal *journal.Journal
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal) Teams { return Teams{w, j} }

// List gives all teams with their members, in the order they were made.
func (t Teams) List(ctx context.Context) ([]sellerdesk.Team, error) {
	return t.read(ctx, `TRUE`)
}

// Get gives one team.
func (t Teams) Get(ctx context.Context, id sellerdesk.TeamID) (sellerdesk.Team, error) {
	list, err := t.read(ctx, `t.id = $1`, int64(id))
	if err != nil {
		return sellerdesk.Team{}, err
	}
	if len(list) == 0 {
		return sellerdesk.Team{}, engine.Found(engine.ErrNoRow, "team")
	}
	return list[0], nil
}

func (t Teams) read(ctx context.Context, condition string, args ...any) ([]sellerdesk.Team, error) {
	list := []sellerdesk.Team{}
	rows, err := t.w.Query(ctx, `SELECT t.id, t.name, COALESCE(m.user_id, 0) FROM teams t LEFT JOIN team_members m ON m.team_id = t.id
		WHERE `+condition+` ORDER BY t.id, m.user_id`, args...)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (one sellerdesk.Team, err error) {
		var member sellerdesk.UserID
		if err = s.Scan(&one.ID, &one.Name, &member); err != nil {
			return one, err
		}
		if last := len(list) - 1; last < 0 || list[last].ID != one.ID {
			one.Members = []sellerdesk.UserID{}
			list = append(list, one)
		}
		if member != 0 {
			list[len(list)-1].Members = append(list[len(list)-1].Members, member)
		}
		return one, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the teams: %w", err)
	}
	return list, nil
}

// Add makes a team. The name of another one is a conflict.
func (t Teams) Add(ctx context.Context, team sellerdesk.Team) (sellerdesk.Team, error) {
	all, err := t.List(ctx)
	if err != nil {
		return team, err
	}
	if len(all) >= Most {
		return team, sellerdesk.Errorf(sellerdesk.CodeLimited, "There are %d teams, and no more can be made.", Most).InField("name")
	}
	if err := free(all, team); err != nil {
		return team, err
	}
	ids, err := t.w.InsertMany(ctx, `INSERT INTO teams (name)`, 1, ` ON CONFLICT (name) DO NOTHING RETURNING id`, []any{team.Name})
	if err != nil {
		return team, fmt.Errorf("make a team: %w", err)
	}
	if len(ids) == 0 {
		return team, taken(team.Name) // somebody made it at the same moment
	}
	team.ID = sellerdesk.TeamID(ids[0])
	return team, t.fill(ctx, team)
}

// Change gives a team another name and other members. The name of another team is a
// conflict.
func (t Teams) Change(ctx context.Context, team sellerdesk.Team) error {
	all, err := t.List(ctx)
	if err != nil {
		return err
	}
	if err := free(all, team); err != nil {
		return err
	}
	n, err := t.w.Exec(ctx, `UPDATE teams SET name = $2 WHERE id = $1`, int64(team.ID), team.Name)
	if err == nil && n == 0 {
		return engine.Found(engine.ErrNoRow, "team")
	}
	if err == nil {
		_, err = t.w.Exec(ctx, `DELETE FROM team_members WHERE team_id = $1`, int64(team.ID))
	}
	if err != nil {
		return fmt.Errorf("change a team: %w", err)
	}
	return t.fill(ctx, team)
}

// free refuses the name of another team.
func free(all []sellerdesk.Team, team sellerdesk.Team) error {
	if slices.ContainsFunc(all, func(o sellerdesk.Team) bool { return o.ID != team.ID && o.Name == team.Name }) {
		return taken(team.Name)
	}
	return nil
}

func taken(name string) error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict, "There is a team %q already.", name).InField("name")
}

// fill gives a team without members its members.
func (t Teams) fill(ctx context.Context, team sellerdesk.Team) error {
	values := make([]any, 0, 2*len(team.Members))
	for _, id := range team.Members {
		values = append(values, int64(team.ID), int64(id))
	}
	if _, err := t.w.InsertMany(ctx, `INSERT INTO team_members (team_id, user_id)`, 2, ``, values); err != nil {
		return fmt.Errorf("write the members of a team: %w", err)
	}
	t.changed()
	return nil
}

// Remove removes a team with its views. No conversation may belong to it any more:
// see [Holders.OfTeam].
func (t Teams) Remove(ctx context.Context, id sellerdesk.TeamID) error {
	for _, statement := range []string{
		`DELETE FROM team_members WHERE team_id = $1`,
		`DELETE FROM views WHERE team_id = $1`,
	} {
		if _, err := t.w.Exec(ctx, statement, int64(id)); err != nil {
			return fmt.Errorf("remove what is of a team: %w", err)
		}
	}
	n, err := t.w.Exec(ctx, `DELETE FROM teams WHERE id = $1`, int64(id))
	if err != nil {
		return fmt.Errorf("remove a team: %w", err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, "team")
	}
	t.changed()
	return nil
}

// changed tells everybody that teams are others now.
func (t Teams) changed() {
	t.journal.Add(sellerdesk.EventHouseChanged, 0, 0, sellerdesk.HouseEvent{What: "teams"})
}

// Away tells since when people are away; who is at work is not in it.
func (t Teams) Away(ctx context.Context) (map[sellerdesk.UserID]sellerdesk.Time, error) {
	away := map[sellerdesk.UserID]sellerdesk.Time{}
	rows, err := t.w.Query(ctx, `SELECT id, away_at FROM users WHERE away_at IS NOT NULL`)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.UserID, err error) {
		var at int64
		err = s.Scan(&id, &at)
		away[id] = sellerdesk.AtMillis(at)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("read who is away: %w", err)
	}
	return away, nil
}

// SetAway notes that a person went home, or is back. It tells whether that is new.
func (t Teams) SetAway(ctx context.Context, user sellerdesk.UserID, away bool) (changed bool, err error) {
	var n int64
	if away {
		n, err = t.w.Exec(ctx, `UPDATE users SET away_at = $2 WHERE id = $1 AND away_at IS NULL`, int64(user), t.w.Now().Millis())
	} else {
		n, err = t.w.Exec(ctx, `UPDATE users SET away_at = NULL WHERE id = $1 AND away_at IS NOT NULL`, int64(user))
	}
	if err != nil {
		return false, fmt.Errorf("note that a person is away: %w", err)
	}
	if n > 0 {
		t.changed()
	}
	return n > 0, nil
}

// Open tells how many conversations that need an answer and are not put off people
// and teams have, where whoever asks sees them.
func (t Teams) Open(ctx context.Context) (users map[sellerdesk.UserID]int, teams map[sellerdesk.TeamID]int, err error) {
	users, teams = map[sellerdesk.UserID]int{}, map[sellerdesk.TeamID]int{}
	condition, args := engine.Seen(ctx).In("account_id", nil)
	rows, err := t.w.Query(ctx, `SELECT holder, CAST(SUM(n) AS BIGINT) FROM shares WHERE `+condition+` GROUP BY holder`, args...)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (holder int64, err error) {
		var n int
		if err = s.Scan(&holder, &n); holder > 0 {
			users[sellerdesk.UserID(holder)] = n
		} else if holder < 0 {
			teams[sellerdesk.TeamID(-holder)] = n
		}
		return holder, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read what everybody has to answer: %w", err)
	}
	return users, teams, nil
}

// Names are what people and teams are called.
type Names struct {
	Users map[sellerdesk.UserID]string
	Teams map[sellerdesk.TeamID]string
}

// Names tells what everybody is called, those who no longer work here too.
func (t Teams) Names(ctx context.Context) (n Names, err error) {
	if n.Users, err = names[sellerdesk.UserID](ctx, t.w, `SELECT id, name FROM users`); err != nil {
		return n, err
	}
	n.Teams, err = names[sellerdesk.TeamID](ctx, t.w, `SELECT id, name FROM teams`)
	return n, err
}

func names[T ~int64](ctx context.Context, w *engine.Work, query string) (map[T]string, error) {
	out := map[T]string{}
	rows, err := w.Query(ctx, query)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (id int64, err error) {
		var name string
		err = s.Scan(&id, &name)
		out[T(id)] = name
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what everybody is called: %w", err)
	}
	return out, nil
}
