package people

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// MostGrants bounds the grants of one person.
const MostGrants = 200

// addGrants reads the roles of people.
func (u Users) addGrants(ctx context.Context, users []sellerdesk.User) error {
	places, ids := map[sellerdesk.UserID]int{}, []int64{}
	for i, p := range users {
		if !p.Owner {
			places[p.ID] = i
			ids = append(ids, int64(p.ID))
		}
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := u.w.Query(ctx, `SELECT user_id, role, account_id, channel FROM grants WHERE user_id IN (`+engine.Placeholders(1, len(piece))+
			`) ORDER BY user_id, account_id, channel, role`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (_ struct{}, err error) {
			var id sellerdesk.UserID
			var account sellerdesk.AccountID
			var g sellerdesk.Grant
			if err = s.Scan(&id, &g.Role, &account, &g.Channel); err != nil {
				return struct{}{}, err
			}
			if account != 0 {
				g.Account = &account
			}
			i := places[id]
			users[i].Grants = append(users[i].Grants, g)
			return struct{}{}, nil
		})
		if err != nil {
			return fmt.Errorf("read the roles of people: %w", err)
		}
	}
	return nil
}

// SetGrants gives a person these roles in place of those before, and lets the
// person's browsers have other tokens: one from before does not get more.
func (u Users) SetGrants(ctx context.Context, id sellerdesk.UserID, grants []sellerdesk.Grant) error {
	if _, err := u.w.Exec(ctx, `DELETE FROM grants WHERE user_id = $1`, int64(id)); err != nil {
		return fmt.Errorf("take roles from a person: %w", err)
	}
	for _, g := range grants {
		account := sellerdesk.AccountID(0)
		if g.Account != nil {
			account = *g.Account
		}
		if _, err := u.w.Exec(ctx, `INSERT INTO grants (user_id, role, account_id, channel) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			int64(id), string(g.Role), int64(account), string(g.Channel)); err != nil {
			return fmt.Errorf("give a role to a person: %w", err)
		}
	}
	if err := NewSessions(u.w, u.journal).Renew(ctx, id); err != nil {
		return err
	}
	changed(u.journal, id)
	return nil
}
