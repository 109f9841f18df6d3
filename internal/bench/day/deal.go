package day

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// colleagues, groups and words are how many people, teams and tags there are.
	colleagues = 20
	groups     = 4
	words      = 12
	// dealtAtOnce is how many conversations are dealt with in one transaction.
	dealtAtOnce = 500
)

// Deal lets people deal with what is in a database that nobody has dealt with: some
// conversations belong to people and teams, carry tags, are put off or urgent.
func Deal(ctx context.Context, s *store.Store, progress func(step string, done, total int)) error {
	var teams []sellerdesk.Team
	err := s.Read(ctx, func(tx *store.Tx) (err error) { teams, err = tx.Teams.List(ctx); return err })
	if err != nil || len(teams) > 0 {
		return err
	}
	d := dealer{store: s}
	if err := d.house(ctx); err != nil {
		return err
	}
	for after := sellerdesk.ConversationID(0); ; {
		var some []store.SearchRow
		err := s.Read(ctx, func(tx *store.Tx) (err error) {
			some, err = tx.Conversations.Matching(ctx, store.ConversationQuery{}, after, dealtAtOnce)
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		after = some[len(some)-1].Conversation
		err = s.Write(ctx, func(tx *store.Tx) error {
			for _, row := range some {
				if err := d.one(ctx, tx, row.Conversation); err != nil {
					return fmt.Errorf("deal with conversation %d: %w", row.Conversation, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		progress("conversations dealt with", int(after), 0)
	}
}

// dealer is everybody who deals with conversations.
type dealer struct {
	store *store.Store
	users []sellerdesk.UserID
	teams []sellerdesk.TeamID
	tags  []sellerdesk.TagID
}

// house makes the people, teams and tags.
func (d *dealer) house(ctx context.Context) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		owner, _, err := tx.Users.Owner(ctx)
		if err != nil {
			return err
		}
		d.users = append(d.users, owner.ID)
		for n := range colleagues - 1 {
			u, err := tx.Users.Create(ctx, fmt.Sprintf("Оператор %d", n+1), sellerdesk.Russian)
			if err != nil {
				return err
			}
			d.users = append(d.users, u.ID)
		}
		for n := range groups {
			t, err := tx.Teams.Add(ctx, sellerdesk.Team{Name: fmt.Sprintf("Команда %d", n+1), Members: d.users[n*colleagues/groups : (n+1)*colleagues/groups]})
			if err != nil {
				return err
			}
			d.teams = append(d.teams, t.ID)
		}
		for n := range words {
			t, err := tx.Labels.AddTag(ctx, fmt.Sprintf("метка %d", n+1), n)
			if err != nil {
				return err
			}
			d.tags = append(d.tags, t.ID)
		}
		return nil
	})
}

// one deals with one conversation; most are left alone. The first tag is on one of
// ten, the last on one of twenty thousand.
func (d *dealer) one(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID) error {
	every := func(n int) bool { return int(id)%n == 0 }
	var change store.LabelChange
	if every(10) {
		change.Add = append(change.Add, d.tags[0])
	}
	if every(33) {
		change.Add = append(change.Add, d.tags[1+int(id)/33%(words-2)])
	}
	if every(20_000) {
		change.Add = append(change.Add, d.tags[words-1])
	}
	if len(change.Add) == 0 && !every(7) && !every(11) && !every(97) && !every(50) {
		return nil
	}
	return tx.Conversations.Handle(ctx, id, func(h *store.Held, status *sellerdesk.ConversationStatus) error {
		if every(7) {
			user := int64(d.users[int(id)/7%len(d.users)])
			h.Assignee = &user
		}
		if every(11) {
			team := int64(d.teams[int(id)/11%len(d.teams)])
			h.Team = &team
		}
		switch {
		case every(200):
			h.Priority = 2
		case every(50):
			h.Priority = 1
		}
		if every(97) && *status == sellerdesk.ConversationOpen {
			*status = sellerdesk.ConversationSnoozed
		}
		return tx.Labels.Apply(ctx, h, change)
	})
}
