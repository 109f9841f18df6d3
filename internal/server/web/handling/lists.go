package handling

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// The lists of whose conversations are, as they stand in addresses.
const (
	Mine       = "mine"
	Unassigned = "unassigned"
	Snoozed    = "snoozed"
)

// Listed tells whether an address names one of these lists.
func Listed(filter string) bool { return filter == Mine || filter == Unassigned || filter == Snoozed }

// Waits tells whether all of a list waits for an answer.
func Waits(filter string) bool { return filter == Mine || filter == Unassigned }

// Narrow asks the store for one of the lists; others are left alone.
func Narrow(filter string, me sellerdesk.UserID, q *store.ConversationQuery) {
	yes := true
	switch filter {
	case Mine:
		q.Assignees = []sellerdesk.UserID{me}
	case Unassigned:
		q.Assignees, q.Teams = []sellerdesk.UserID{0}, []sellerdesk.TeamID{0}
	case Snoozed:
		q.Statuses = []sellerdesk.ConversationStatus{sellerdesk.ConversationSnoozed}
	}
	if Waits(filter) {
		q.NeedsAnswer, q.Statuses = &yes, []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}
	}
}

// Shows tells whether a conversation is in one of the lists.
func Shows(filter string, me sellerdesk.UserID, c sellerdesk.Conversation) bool {
	waits := c.NeedsAnswer && c.Status == sellerdesk.ConversationOpen
	switch filter {
	case Mine:
		return waits && c.Assignee != nil && *c.Assignee == me
	case Unassigned:
		return waits && c.Assignee == nil && c.Team == nil
	default:
		return c.Status == sellerdesk.ConversationSnoozed
	}
}

// Count is the counter of one of the lists; known is false for others.
func Count(filter string, c sellerdesk.Counters) (n sellerdesk.KindCounts, known bool) {
	switch filter {
	case Mine:
		return c.Mine, true
	case Unassigned:
		return c.Unassigned, true
	case Snoozed:
		return c.Asleep, true
	}
	return n, false
}

// Empty says that one of the lists is empty, and what will be in it; "" for others.
func Empty(v *View, filter string) (title, hint string) {
	switch filter {
	case Mine:
		return v.Handling.EmptyMine, v.Handling.EmptyHint
	case Unassigned:
		return v.Handling.EmptyUnassigned, v.Handling.EmptyHint
	case Snoozed:
		return v.Handling.EmptySnoozed, v.Handling.EmptyHint
	}
	return "", ""
}
