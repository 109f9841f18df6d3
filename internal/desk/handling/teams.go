package handling

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	longestName = 60 // characters
	mostMembers = 500
)

// Teams are the verbs on those who answer together. Everybody who sees a cabinet
// sees them; who may change the settings of the house changes them.
type Teams struct{ deps Deps }

// TeamEdit changes a team; nil leaves a property as is.
type TeamEdit struct {
	Name    *string
	Members *[]sellerdesk.UserID
}

// List gives all teams in the order they were made.
func (t *Teams) List(ctx context.Context) (list []sellerdesk.Team, err error) {
	if !sellerdesk.AccessOf(ctx).MaySomewhere(sellerdesk.RightSee) {
		return nil, sellerdesk.Allow(ctx, sellerdesk.RightSee, 0)
	}
	err = t.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Teams.List(ctx)
		return err
	})
	return list, err
}

// Create makes a team. Another one of the name is a conflict.
func (t *Teams) Create(ctx context.Context, in sellerdesk.Team) (team sellerdesk.Team, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return team, err
	}
	err = t.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if in, err = fit(ctx, tx, in); err != nil {
			return err
		}
		if team, err = tx.Teams.Add(ctx, in); err != nil {
			return err
		}
		return note(ctx, tx, team, fmt.Sprintf("The team %q was made.", team.Name))
	})
	return team, err
}

// Change gives a team another name or other members. What belongs to it stays.
func (t *Teams) Change(ctx context.Context, id sellerdesk.TeamID, e TeamEdit) (team sellerdesk.Team, err error) {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return team, err
	}
	err = t.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if team, err = tx.Teams.Get(ctx, id); err != nil {
			return err
		}
		if e.Name != nil {
			team.Name = *e.Name
		}
		if e.Members != nil {
			team.Members = *e.Members
		}
		if team, err = fit(ctx, tx, team); err != nil {
			return err
		}
		if err := tx.Teams.Change(ctx, team); err != nil {
			return err
		}
		return note(ctx, tx, team, fmt.Sprintf("The team %q was changed.", team.Name))
	})
	return team, err
}

// Remove removes a team. What belonged to it belongs to no team any more, step by
// step, and stays with the people it belongs to.
func (t *Teams) Remove(ctx context.Context, id sellerdesk.TeamID) error {
	if err := sellerdesk.Allow(ctx, sellerdesk.RightSettings, 0); err != nil {
		return err
	}
	for done := false; !done; {
		err := t.deps.Store.Write(ctx, func(tx *store.Tx) error {
			team, err := tx.Teams.Get(ctx, id)
			if err != nil {
				return err
			}
			if done, err = disband(ctx, tx, id); err != nil || !done {
				return err
			}
			if err := tx.Teams.Remove(ctx, id); err != nil {
				return err
			}
			return note(ctx, tx, team, fmt.Sprintf("The team %q was removed.", team.Name))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// disband takes some conversations from a team and tells whether those were the last.
func disband(ctx context.Context, tx *store.Tx, id sellerdesk.TeamID) (done bool, err error) {
	left, err := tx.Holders.OfTeam(ctx, id, atOnce)
	if err != nil {
		return false, err
	}
	return len(left) < atOnce, release(ctx, tx, left, func(h *store.Held) { h.Team = nil })
}

// fit makes a team fit to be kept.
func fit(ctx context.Context, tx *store.Tx, team sellerdesk.Team) (sellerdesk.Team, error) {
	team.Name = strings.Join(strings.Fields(text.Clean(team.Name)), " ")
	if n := utf8.RuneCountInString(team.Name); n == 0 || n > longestName {
		return team, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A name needs 1 to %d characters.", longestName).InField("name")
	}
	if len(team.Members) > mostMembers {
		return team, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A team has %d members at most.", mostMembers).InField("members")
	}
	team.Members = slices.Compact(slices.Sorted(slices.Values(team.Members)))
	if team.Members == nil {
		team.Members = []sellerdesk.UserID{}
	}
	for _, id := range team.Members {
		user, err := tx.Users.Get(ctx, id)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return team, err
		}
		if err != nil {
			return team, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no person %d.", id).InField("members")
		}
		if user.DisabledAt != nil {
			team.Members = slices.DeleteFunc(slices.Clone(team.Members), func(m sellerdesk.UserID) bool { return m == id })
		}
	}
	return team, nil
}

// note writes into the audit that the teams are others now.
func note(ctx context.Context, tx *store.Tx, team sellerdesk.Team, sentence string) error {
	data, err := json.Marshal(map[string]any{"what": "team", "id": team.ID, "members": team.Members})
	if err != nil {
		return fmt.Errorf("note a change of a team: %w", err)
	}
	return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditSettingChanged, Text: sentence, Data: data})
}
