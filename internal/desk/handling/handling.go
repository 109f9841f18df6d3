package handling

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Deps is what the verbs stand on. All are needed.
type Deps struct {
	Store *store.Store
	Clock sellerdesk.Clock
	// Access tells what a person may now; one who no longer works here is not found.
	Access func(context.Context, sellerdesk.UserID) (sellerdesk.Access, error)
	// AccessIn is Access within a transaction: those that hold a connection while they
	// wait for a second one would, when there are enough of them, wait for one another.
	AccessIn func(context.Context, *store.Tx, sellerdesk.UserID) (sellerdesk.Access, error)
}

// Handling are the verbs on whom conversations belong to, until when they are put
// off and how much they matter.
type Handling struct{ deps Deps }

// New makes the verbs.
func New(d Deps) (*Handling, *Teams) { return &Handling{d}, &Teams{d} }

// longestSnooze bounds for how long something is put off.
const longestSnooze = 2 * 366 * 24 * time.Hour

// Input is one of the actions assign, snooze and priority.
type Input struct {
	User   sellerdesk.UserID // who does it; 0: the program
	Action sellerdesk.ActionKind
	Change sellerdesk.HandleChange
}

// Check refuses what no conversation takes: a moment that is over or too far away,
// and a priority that there is not.
func (h *Handling) Check(in Input) error {
	switch in.Action {
	case sellerdesk.ActionSnooze:
		now := h.deps.Clock.Now()
		if u := in.Change.Until; u != nil && !u.After(now) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "This moment is over: name one to come.").InField("until")
		} else if u != nil && u.After(now.Add(longestSnooze)) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A conversation is put off for two years at most.").InField("until")
		}
	case sellerdesk.ActionPriority:
		if !slices.Contains(sellerdesk.Priorities(), in.Change.Priority) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A priority is low, normal, high or urgent.").InField("priority")
		}
	}
	return nil
}

// Do does an action to one conversation. It is invalid (fields user, team, until,
// priority) what cannot be, unsupported what is not listed in Can.
func (h *Handling) Do(ctx context.Context, id sellerdesk.ConversationID, in Input) error {
	return h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		conv, err := tx.Conversations.Get(ctx, id, in.User)
		if err != nil {
			return err
		}
		if err := sellerdesk.Allow(ctx, sellerdesk.RightWork, conv.Account); err != nil {
			return err
		}
		// As it stands from now on, nobody changes it meanwhile.
		if err := tx.Accounts.Lock(ctx, conv.Account); err != nil {
			return err
		}
		if conv, err = tx.Conversations.Get(ctx, id, in.User); err != nil {
			return err
		}
		return h.In(ctx, tx, conv, in)
	})
}

// In does an action to a conversation within a transaction. The caller has judged
// whether it may be done there.
func (h *Handling) In(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, in Input) error {
	if err := h.Check(in); err != nil {
		return err
	}
	if in.Action == sellerdesk.ActionAssign {
		return h.assign(ctx, tx, conv, in)
	}
	if _, ok := sellerdesk.Find(conv.Can, in.Action); !ok {
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "A conversation that is %s cannot be put off: take it back to the desk first.", conv.Status).InField("action")
	}
	return tx.Conversations.Handle(ctx, conv.ID, func(held *store.Held, status *sellerdesk.ConversationStatus) error {
		if in.Action == sellerdesk.ActionPriority {
			held.Priority = in.Change.Priority.Weight()
			return nil
		}
		*status = sellerdesk.ConversationSnoozed
		s := sellerdesk.Snooze{Until: in.Change.Until, Order: in.Change.Order, At: sellerdesk.At(h.deps.Clock.Now())}
		if in.User != 0 {
			s.User = &in.User
		}
		return held.PutOff(s)
	})
}

func (h *Handling) assign(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, in Input) error {
	to := in.Change.Assign
	if err := h.takes(ctx, tx, conv.Account, to); err != nil {
		return err
	}
	err := tx.Conversations.Handle(ctx, conv.ID, func(held *store.Held, _ *sellerdesk.ConversationStatus) error {
		held.Assign(to)
		return nil
	})
	if err != nil || to.User == nil || conv.Assignee != nil && *conv.Assignee == *to.User {
		return err
	}
	return tx.Talk.Notifications.Add(ctx, store.Notice{User: *to.User, Kind: sellerdesk.NotificationAssigned,
		Place: store.Place{Account: conv.Account, Conversation: conv.ID}, By: in.User})
}

// takes refuses those who cannot answer in an account.
func (h *Handling) takes(ctx context.Context, tx *store.Tx, account sellerdesk.AccountID, to sellerdesk.Assignment) error {
	if to.User != nil {
		inside := sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(0)) // whoever asks need not see the other's rights
		access, err := h.deps.AccessIn(inside, tx, *to.User)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return err
		}
		if err != nil || !access.MayIn(sellerdesk.RightSee, account) || !access.MayIn(sellerdesk.RightWork, account) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "This person cannot answer here: they lack the right, or no longer work here.").InField("user")
		}
	}
	if to.Team != nil {
		_, err := tx.Teams.Get(ctx, *to.Team)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no such team.").InField("team")
		}
		return err
	}
	return nil
}

// Candidates gives whom a conversation can be given to: the people who may answer
// there by name, then the teams.
func (h *Handling) Candidates(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.Candidate, error) {
	var conv sellerdesk.Conversation
	err := h.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		conv, err = tx.Conversations.Get(ctx, id, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := sellerdesk.Allow(ctx, sellerdesk.RightWork, conv.Account); err != nil {
		return nil, err
	}
	return h.people(ctx, func(a sellerdesk.Access) bool {
		return a.MayIn(sellerdesk.RightSee, conv.Account) && a.MayIn(sellerdesk.RightWork, conv.Account)
	})
}

// Everybody gives all whom something can be given to: the people who may answer
// anywhere by name, then the teams.
func (h *Handling) Everybody(ctx context.Context) ([]sellerdesk.Candidate, error) {
	if !sellerdesk.AccessOf(ctx).MaySomewhere(sellerdesk.RightSee) {
		return nil, sellerdesk.Allow(ctx, sellerdesk.RightSee, 0)
	}
	return h.people(ctx, func(a sellerdesk.Access) bool { return a.MaySomewhere(sellerdesk.RightWork) })
}

// people gives those whose access is fit, and all teams.
func (h *Handling) people(ctx context.Context, fit func(sellerdesk.Access) bool) ([]sellerdesk.Candidate, error) {
	var users []sellerdesk.User
	var teams []sellerdesk.Team
	var away map[sellerdesk.UserID]sellerdesk.Time
	var ofUsers map[sellerdesk.UserID]int
	var ofTeams map[sellerdesk.TeamID]int
	err := h.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if users, err = tx.Users.List(ctx); err != nil {
			return err
		}
		if away, err = tx.Teams.Away(ctx); err != nil {
			return err
		}
		if ofUsers, ofTeams, err = tx.Teams.Open(ctx); err != nil {
			return err
		}
		teams, err = tx.Teams.List(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := []sellerdesk.Candidate{}
	for _, u := range users {
		access, err := h.deps.Access(ctx, u.ID)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound || err == nil && !fit(access) || u.DisabledAt != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		one := sellerdesk.Candidate{User: &u.ID, Name: u.Name, Open: ofUsers[u.ID]}
		if at, ok := away[u.ID]; ok {
			one.AwayAt = &at
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b sellerdesk.Candidate) int { return strings.Compare(text.Fold(a.Name), text.Fold(b.Name)) })
	for _, t := range teams {
		out = append(out, sellerdesk.Candidate{Team: &t.ID, Name: t.Name, Open: ofTeams[t.ID]})
	}
	return out, nil
}
