package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// house is what outlasts a day.
type house struct {
	s     *store.Store
	t     *testing.T
	teams []sellerdesk.TeamID
	shops int // accounts made so far
	done  int // operations
}

// found makes the teams.
func (h *house) found() {
	h.teams = []sellerdesk.TeamID{h.team("one"), h.team("two")}
}

func (h *house) team(name string) (id sellerdesk.TeamID) {
	write(h.t, h.s, func(ctx context.Context, tx *store.Tx) error {
		team, err := tx.Teams.Add(ctx, sellerdesk.Team{Name: name})
		id = team.ID
		return err
	})
	return id
}

// open begins a day with an account of its own.
func (d *day) open(r *rapid.T) {
	d.shops++
	d.account, d.texts, d.told, d.now = storetest.Account(d.t, d.s, fmt.Sprint("shop", d.shops)), nil, nil, nil
	if d.knows.seen != nil {
		return
	}
	d.knows = follower{seen: map[sellerdesk.ConversationID]sellerdesk.Conversation{}}
	read(d.t, d.s, func(ctx context.Context, tx *store.Tx) (err error) {
		d.knows.seq, err = tx.Events.Last(ctx)
		return err
	})
}

// everything is the list in one piece.
func (d *day) everything() (all []sellerdesk.Conversation) {
	read(d.t, d.s, func(ctx context.Context, tx *store.Tx) (err error) {
		all, _, err = tx.Conversations.List(ctx, d.whole())
		return err
	})
	return all
}

func (d *day) whole() store.ConversationQuery {
	return store.ConversationQuery{User: 1, Limit: 200, Accounts: []sellerdesk.AccountID{d.account}}
}

// wake takes back what is put off until a moment.
func (d *day) wake(r *rapid.T) {
	now := minute(rapid.IntRange(90, 300).Draw(r, "now"))
	d.each(func(ctx context.Context, tx *store.Tx) ([]sellerdesk.ConversationID, error) {
		return tx.Holders.Due(ctx, now, 50)
	}, func(h *store.Held, status *sellerdesk.ConversationStatus) {
		*status = sellerdesk.ConversationOpen
		h.Wake(sellerdesk.WokeByTime, now.Millis())
	})
}

// leave takes the work of a person away, or, seldom, an account with all of it.
func (d *day) leave(r *rapid.T) {
	if rapid.IntRange(0, 5).Draw(r, "who") > 0 {
		user := sellerdesk.UserID(rapid.IntRange(1, 2).Draw(r, "user"))
		d.each(func(ctx context.Context, tx *store.Tx) ([]sellerdesk.ConversationID, error) {
			return tx.Holders.Unanswered(ctx, user, 50)
		}, func(h *store.Held, _ *sellerdesk.ConversationStatus) { h.Assignee = nil })
		return
	}
	gone := d.account
	remove(d.t, d.s, gone)
	read(d.t, d.s, func(ctx context.Context, tx *store.Tx) error {
		left, err := tx.Conversations.Counters(ctx, 1, []sellerdesk.AccountID{gone})
		if left.NeedsAnswer.All+left.Unread.All+left.Asleep.All+left.Snoozed.All+left.Mine.All+left.Unassigned.All+len(left.Teams) > 0 {
			r.Fatalf("an account that is gone counts %+v", left)
		}
		return err
	})
	d.open(r)
}

// disband removes a team and makes another one.
func (d *day) disband(r *rapid.T) {
	n := rapid.IntRange(0, len(d.teams)-1).Draw(r, "team")
	d.each(func(ctx context.Context, tx *store.Tx) ([]sellerdesk.ConversationID, error) {
		return tx.Holders.OfTeam(ctx, d.teams[n], 50)
	}, func(h *store.Held, _ *sellerdesk.ConversationStatus) { h.Team = nil })
	d.do(func(ctx context.Context, tx *store.Tx) error { return tx.Teams.Remove(ctx, d.teams[n]) })
	d.teams[n] = d.team(fmt.Sprint("after ", d.teams[n]))
}

// each changes what is found until nothing is.
func (d *day) each(find func(context.Context, *store.Tx) ([]sellerdesk.ConversationID, error), change func(*store.Held, *sellerdesk.ConversationStatus)) {
	for more := true; more; {
		d.do(func(ctx context.Context, tx *store.Tx) error {
			ids, err := find(ctx, tx)
			more = err == nil && len(ids) > 0
			for _, id := range ids {
				if err == nil {
					err = tx.Conversations.Handle(ctx, id, func(h *store.Held, status *sellerdesk.ConversationStatus) error {
						change(h, status)
						return nil
					})
				}
			}
			return err
		})
	}
}

// follower is a program that was there from the beginning: it reads what the events
// name, and nothing else.
type follower struct {
	seq  int64
	seen map[sellerdesk.ConversationID]sellerdesk.Conversation
	odd  error // an event that says something else than what it names
}

// follow reads what happened since.
func (f *follower) follow(ctx context.Context, tx *store.Tx) error {
	const page = 1000
	last := map[sellerdesk.ConversationID]sellerdesk.ConversationEvent{}
	for more := true; more; {
		events, err := tx.Events.After(ctx, f.seq, page)
		if err != nil {
			return err
		}
		for _, e := range events {
			f.seq = e.Seq
			switch e.Kind {
			case sellerdesk.EventAccountRemoved:
				maps.DeleteFunc(f.seen, func(_ sellerdesk.ConversationID, c sellerdesk.Conversation) bool { return c.Account == *e.Account })
			case sellerdesk.EventConversationRemoved:
				delete(f.seen, *e.Conversation)
			case sellerdesk.EventConversationCreated, sellerdesk.EventConversationUpdated:
				var told sellerdesk.ConversationEvent
				if err := json.Unmarshal(e.Data, &told); err != nil {
					return err
				}
				last[*e.Conversation] = told
			}
		}
		more = len(events) == page
	}
	for id, told := range last {
		c, err := tx.Conversations.Get(ctx, id, 1)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			continue // gone with its account
		}
		if err != nil {
			return err
		}
		if now := (sellerdesk.ConversationEvent{Rev: c.Rev, Kind: c.Kind, Status: c.Status, NeedsAnswer: c.NeedsAnswer}); now != told {
			f.odd = fmt.Errorf("the last event of conversation %d says %+v, and it is %+v", id, told, now)
		}
		f.seen[id] = c
	}
	return nil
}

// figures are those that a follower counts in an account.
func (f *follower) figures(account sellerdesk.AccountID) (sellerdesk.Counters, error) {
	here := slices.DeleteFunc(slices.Collect(maps.Values(f.seen)), func(c sellerdesk.Conversation) bool { return c.Account != account })
	out := figuresOf(1, here)
	for _, c := range here {
		if c.Unread {
			out.Unread.Add(c.Kind, 1)
		}
	}
	return out, f.odd
}
