package client

import (
	"context"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// Handle is what assign, snooze and priority say of a conversation.
type Handle struct {
	// User and Team are whom it belongs to with assign, in place of whom before; nil:
	// nobody, no team.
	User *sellerdesk.UserID `json:"user,omitempty"`
	Team *sellerdesk.TeamID `json:"team,omitempty"`
	// Until is when it comes back with snooze, Order: when its order or claim changes
	// too. The buyer's next word always brings it back.
	Until *sellerdesk.Time `json:"until,omitempty"`
	Order bool             `json:"order,omitempty"`
	// Priority is that of priority.
	Priority sellerdesk.Priority `json:"priority,omitempty"`
}

// put adds what is said to the body of an action.
func (h Handle) put(body map[string]any) {
	if h.User != nil {
		body["user"] = *h.User
	}
	if h.Team != nil {
		body["team"] = *h.Team
	}
	if h.Until != nil {
		body["until"] = *h.Until
	}
	if h.Order {
		body["order"] = true
	}
	if h.Priority != "" {
		body["priority"] = h.Priority
	}
}

// Teams are those who answer together.
type Teams struct{ c *Client }

// List gives all teams in the order they were made.
func (s *Teams) List(ctx context.Context) ([]sellerdesk.Team, error) {
	var p Page[sellerdesk.Team]
	err := s.c.do(ctx, call{op: "list teams", method: http.MethodGet, path: "/v1/teams"}, &p)
	return p.Items, err
}

// NewTeam is a team to be made.
type NewTeam struct {
	Name    string              `json:"name"`
	Members []sellerdesk.UserID `json:"members,omitempty"`
	Key     string              `json:"-"` // of the intent; "" takes a random one
}

// Create makes a team. A name that another team has is a conflict.
func (s *Teams) Create(ctx context.Context, n NewTeam) (t sellerdesk.Team, err error) {
	err = s.c.do(ctx, call{op: "create team", method: http.MethodPost, path: "/v1/teams", key: n.Key, body: n}, &t)
	return t, err
}

// TeamChange changes a team; nil leaves a property as it is.
type TeamChange struct {
	Name    *string              `json:"name,omitempty"`
	Members *[]sellerdesk.UserID `json:"members,omitempty"` // in place of those before
}

// Change gives a team another name or other members.
func (s *Teams) Change(ctx context.Context, id sellerdesk.TeamID, c TeamChange) (t sellerdesk.Team, err error) {
	err = s.c.do(ctx, call{op: "change team", method: http.MethodPatch, path: "/v1/teams/" + itoa(id), body: c}, &t)
	return t, err
}

// Remove removes a team; what belonged to it belongs to no team any more.
func (s *Teams) Remove(ctx context.Context, id sellerdesk.TeamID) error {
	return s.c.do(ctx, call{op: "remove team", method: http.MethodDelete, path: "/v1/teams/" + itoa(id)}, nil)
}

// Candidates gives whom a conversation can be given to: people by name, then teams.
func (s *Teams) Candidates(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.Candidate, error) {
	var p Page[sellerdesk.Candidate]
	err := s.c.do(ctx, call{op: "list candidates", method: http.MethodGet, path: conversation(id) + "/candidates"}, &p)
	return p.Items, err
}

// Away tells whether one is at work.
func (s *Me) Away(ctx context.Context) (at sellerdesk.Standby, err error) {
	err = s.c.do(ctx, call{op: "get away", method: http.MethodGet, path: "/v1/me/away"}, &at)
	return at, err
}

// SetAway tells that one goes home, or is back. What one has to answer when one goes
// is handed back.
func (s *Me) SetAway(ctx context.Context, away bool) (at sellerdesk.Standby, err error) {
	body := struct {
		Away bool `json:"away"`
	}{away}
	err = s.c.do(ctx, call{op: "set away", method: http.MethodPost, path: "/v1/me/away", body: body}, &at)
	return at, err
}
