package handling

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	verbs "github.com/sellerdesk/sellerdesk/internal/desk/handling"
)

// Operations are the handlers. Both fields are needed.
type Operations struct {
	Desk *desk.Desk
	// Actor tells who asks; who asks with the key of the house is the owner.
	Actor func(context.Context) sellerdesk.UserID
}

// Output is an answer with a body.
type Output[T any] struct{ Body T }

// List is a list that has one page.
type List[T any] struct {
	Items []T                 `json:"items"`
	Next  sellerdesk.Optional `json:"next" doc:"Cursor of the next page; null at the end"`
}

func listed[T any](items []T, err error) (*Output[List[T]], error) {
	if items == nil {
		items = []T{}
	}
	return &Output[List[T]]{List[T]{Items: items}}, err
}

func out[T any](v T, err error) (*Output[T], error) { return &Output[T]{v}, err }

// Change is what the actions assign, snooze and priority take.
type Change struct {
	User     *sellerdesk.UserID  `json:"user,omitempty" nullable:"true" minimum:"1" doc:"For assign: the person it belongs to; null or left out: nobody"`
	Team     *sellerdesk.TeamID  `json:"team,omitempty" nullable:"true" minimum:"1" doc:"For assign: the team it belongs to; null or left out: none"`
	Until    *sellerdesk.Time    `json:"until,omitempty" doc:"For snooze: when it comes back; left out: when the buyer writes, or the order changes"`
	Order    bool                `json:"order,omitempty" doc:"For snooze: it comes back when its order or claim changes too"`
	Priority sellerdesk.Priority `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"For priority"`
}

// Handle is the change as the verbs take it.
func (c Change) Handle() sellerdesk.HandleChange {
	return sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: c.User, Team: c.Team}, Until: c.Until, Order: c.Order, Priority: c.Priority}
}

// TeamPath names a team.
type TeamPath struct {
	ID sellerdesk.TeamID `path:"id" minimum:"1"`
}

// ListTeams gives all teams.
func (o Operations) ListTeams(ctx context.Context, _ *struct{}) (*Output[List[sellerdesk.Team]], error) {
	return listed(o.Desk.Teams.List(ctx))
}

// CreateTeamInput is a team to be made.
type CreateTeamInput struct {
	Body struct {
		Name    string  `json:"name" minLength:"1" maxLength:"200" doc:"1 to 60 characters"`
		Members []int64 `json:"members,omitempty" maxItems:"500" minimum:"1" doc:"People"`
	} `nameHint:"NewTeam"`
}

func people(ids []int64) []sellerdesk.UserID {
	list := make([]sellerdesk.UserID, len(ids))
	for i, id := range ids {
		list[i] = sellerdesk.UserID(id)
	}
	return list
}

// CreateTeam makes a team.
func (o Operations) CreateTeam(ctx context.Context, in *CreateTeamInput) (*Output[sellerdesk.Team], error) {
	return out(o.Desk.Teams.Create(ctx, sellerdesk.Team{Name: in.Body.Name, Members: people(in.Body.Members)}))
}

// ChangeTeamInput changes a team.
type ChangeTeamInput struct {
	TeamPath
	Body struct {
		Name    *string  `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Members *[]int64 `json:"members,omitempty" maxItems:"500" minimum:"1" doc:"In place of those before"`
	} `nameHint:"TeamChange"`
}

// ChangeTeam gives a team another name or other members.
func (o Operations) ChangeTeam(ctx context.Context, in *ChangeTeamInput) (*Output[sellerdesk.Team], error) {
	edit := verbs.TeamEdit{Name: in.Body.Name}
	if in.Body.Members != nil {
		members := people(*in.Body.Members)
		edit.Members = &members
	}
	return out(o.Desk.Teams.Change(ctx, in.ID, edit))
}

// RemoveTeam removes a team.
func (o Operations) RemoveTeam(ctx context.Context, in *TeamPath) (*struct{}, error) {
	return nil, o.Desk.Teams.Remove(ctx, in.ID)
}

// ConversationPath names a conversation.
type ConversationPath struct {
	ID sellerdesk.ConversationID `path:"id" minimum:"1"`
}

// Candidates gives whom a conversation can be given to.
func (o Operations) Candidates(ctx context.Context, in *ConversationPath) (*Output[List[sellerdesk.Candidate]], error) {
	return listed(o.Desk.Handling.Candidates(ctx, in.ID))
}

// Standby tells whether whoever asks is at work.
func (o Operations) Standby(ctx context.Context, _ *struct{}) (*Output[sellerdesk.Standby], error) {
	return out(o.Desk.Handling.Standby(ctx, o.Actor(ctx)))
}

// AwayInput tells that whoever asks goes home, or is back.
type AwayInput struct {
	Body struct {
		Away bool `json:"away"`
	} `nameHint:"Away"`
}

// Away notes that whoever asks goes home, or is back.
func (o Operations) Away(ctx context.Context, in *AwayInput) (*Output[sellerdesk.Standby], error) {
	return out(o.Desk.Handling.Away(ctx, o.Actor(ctx), in.Body.Away))
}
