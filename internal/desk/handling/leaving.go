package handling

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// atOnce is how many conversations one transaction takes: few enough that nobody
// waits for it.
const atOnce = 50

// release takes conversations away from somebody.
func release(ctx context.Context, tx *store.Tx, ids []sellerdesk.ConversationID, from func(*store.Held)) error {
	for _, id := range ids {
		err := tx.Conversations.Handle(ctx, id, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
			from(h)
			return nil
		})
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return err
		}
	}
	return nil
}

// Standby tells whether a person is at work.
func (h *Handling) Standby(ctx context.Context, user sellerdesk.UserID) (out sellerdesk.Standby, err error) {
	err = h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		away, err := tx.Teams.Away(ctx)
		if at, ok := away[user]; ok {
			out.AwayAt = &at
		}
		return err
	})
	return out, err
}

// Away notes that a person goes home, or is back. What they have to answer when they
// go is handed back, see [Handling.HandBack].
func (h *Handling) Away(ctx context.Context, user sellerdesk.UserID, away bool) (out sellerdesk.Standby, err error) {
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Teams.SetAway(ctx, user, away)
		return err
	})
	if err != nil {
		return out, err
	}
	n := 0
	if away {
		if n, err = h.HandBack(ctx, user); err != nil {
			return out, err
		}
	}
	out, err = h.Standby(ctx, user)
	out.HandedBack = n
	return out, err
}

// HandBack takes from a person what needs an answer: it stays with the team it
// belongs to, or belongs to nobody. The teams are told, and the audit says how many
// there were. Run again it does what is left.
func (h *Handling) HandBack(ctx context.Context, user sellerdesk.UserID) (total int, err error) {
	return h.handBack(ctx, user, func(ctx context.Context, tx *store.Tx) ([]sellerdesk.ConversationID, error) {
		return tx.Holders.Unanswered(ctx, user, atOnce)
	})
}

// handBack is HandBack of what some finds until it finds less than [atOnce].
func (h *Handling) handBack(ctx context.Context, user sellerdesk.UserID, some func(context.Context, *store.Tx) ([]sellerdesk.ConversationID, error)) (total int, err error) {
	// The person may lack rights by now where their conversations are.
	inside := sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(0))
	back := map[place]*returned{}
	for more := true; more; {
		var ids []sellerdesk.ConversationID
		err := h.deps.Store.Write(inside, func(tx *store.Tx) (err error) {
			if ids, err = some(inside, tx); err != nil {
				return err
			}
			if err := count(inside, tx, ids, back); err != nil {
				return err
			}
			return release(inside, tx, ids, func(h *store.Held) { h.Assignee = nil })
		})
		if err != nil {
			return total, err
		}
		total, more = total+len(ids), len(ids) == atOnce
	}
	if total == 0 {
		return 0, nil
	}
	return total, h.deps.Store.Write(inside, func(tx *store.Tx) error {
		if err := tell(inside, tx, user, back); err != nil {
			return err
		}
		data, err := json.Marshal(map[string]any{"what": "hand_back", "user": user, "conversations": total})
		if err != nil {
			return err
		}
		return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditSettingChanged, Data: data,
			Text: fmt.Sprintf("Conversations of person %d that need an answer went back to their teams or to nobody: %d.", user, total)})
	})
}

// place is where something comes back to. Each cabinet is told of by itself: not
// everybody in a team sees all of them.
type place struct {
	team    sellerdesk.TeamID
	account sellerdesk.AccountID
}

// returned is what came back to a team in a cabinet.
type returned struct {
	first sellerdesk.ConversationID
	n     int
}

// count notes where conversations come back to.
func count(ctx context.Context, tx *store.Tx, ids []sellerdesk.ConversationID, back map[place]*returned) error {
	list, err := tx.Conversations.Some(ctx, ids, 0)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, ok := list[id]
		if !ok || c.Team == nil {
			continue
		}
		at := place{*c.Team, c.Account}
		if back[at] == nil {
			back[at] = &returned{first: c.ID}
		}
		back[at].n++
	}
	return nil
}

// tell tells the members of teams who are at work what came back to them.
func tell(ctx context.Context, tx *store.Tx, from sellerdesk.UserID, back map[place]*returned) error {
	teams, err := tx.Teams.List(ctx)
	if err != nil {
		return err
	}
	away, err := tx.Teams.Away(ctx)
	if err != nil {
		return err
	}
	members := map[sellerdesk.TeamID][]sellerdesk.UserID{}
	for _, t := range teams {
		members[t.ID] = slices.DeleteFunc(slices.Clone(t.Members), func(id sellerdesk.UserID) bool { _, ok := away[id]; return ok })
	}
	for _, at := range slices.SortedFunc(maps.Keys(back), func(a, b place) int { return cmp.Or(cmp.Compare(a.team, b.team), cmp.Compare(a.account, b.account)) }) {
		r := back[at]
		for _, id := range members[at.team] {
			err := tx.Talk.Notifications.Add(ctx, store.Notice{User: id, Kind: sellerdesk.NotificationReturned, By: from, Text: strconv.Itoa(r.n),
				Place: store.Place{Account: at.account, Conversation: r.first}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
