package talking

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// teams gives the teams of the house.
func (d Deps) teams(ctx context.Context) (list []sellerdesk.Team, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Teams.List(ctx)
		return err
	})
	return list, err
}

// teamName names a team; "" for one that is gone.
func teamName(teams []sellerdesk.Team, id sellerdesk.TeamID) string {
	for _, t := range teams {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}
