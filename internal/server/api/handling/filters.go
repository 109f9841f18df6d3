package handling

import (
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/labelling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Filters narrow the list, its exports, and what else is done with
// all that match. (huma sees embedded types only when exported.)
type Filters struct {
	Kind        []sellerdesk.Kind               `query:"kind" maxItems:"20"`
	Channel     []sellerdesk.ChannelKind        `query:"channel" maxItems:"20"`
	Account     []int64                         `query:"account" maxItems:"200" minimum:"1"`
	Status      []sellerdesk.ConversationStatus `query:"status" maxItems:"20"`
	NeedsAnswer string                          `query:"needs_answer" enum:"true,false"`
	Overdue     bool                            `query:"overdue" doc:"Only those whose answer was due before now and is not there"`
	Unread      string                          `query:"unread" enum:"true,false"`
	Rating      []int                           `query:"rating" maxItems:"5" minimum:"1" maximum:"5" doc:"Stars of reviews"`
	Product     sellerdesk.RemoteID             `query:"product" maxLength:"500" doc:"id of a product at the remote side"`
	From        time.Time                       `query:"from" doc:"Begun at or after"`
	To          time.Time                       `query:"to" doc:"Begun at or before"`
	HasPhoto    string                          `query:"has_photo" enum:"true,false" doc:"The buyer sent a picture"`
	Tag         []int64                         `query:"tag" maxItems:"50" minimum:"1" doc:"Carries one of these tags"`
	Field       []string                        `query:"field" maxItems:"20" pattern:"^[0-9]{1,18}=." doc:"A field holds a value, as 12=yes; each field that is named must hold one of its values"`
	Answered    string                          `query:"answered" enum:"true,false" doc:"An answer of ours stands"`
	Assignee    []string                        `query:"assignee" maxItems:"50" pattern:"^(me|none|[0-9]{1,18})$" doc:"Belongs to one of these people: ids, me, or none for nobody"`
	Team        []string                        `query:"team" maxItems:"50" pattern:"^(none|[0-9]{1,18})$" doc:"Belongs to one of these teams: ids, or none"`
	Priority    []sellerdesk.Priority           `query:"priority" maxItems:"4" enum:"low,normal,high,urgent"`
}

// Query is what the store is asked for at a moment.
func (in *Filters) Query(user sellerdesk.UserID, now time.Time) store.ConversationQuery {
	q := store.ConversationQuery{
		User: user, Kinds: in.Kind, Channels: in.Channel, Accounts: accounts(in.Account), Statuses: in.Status,
		NeedsAnswer: truth(in.NeedsAnswer), Unread: truth(in.Unread),
		Ratings: in.Rating, Product: in.Product, From: Moment(in.From), To: Moment(in.To),
		HasPhoto: truth(in.HasPhoto), Answered: truth(in.Answered),
	}
	for _, id := range in.Tag {
		q.Tags = append(q.Tags, sellerdesk.TagID(id))
	}
	q.Fields, q.Priorities = labelling.Matches(in.Field), in.Priority
	for _, who := range in.Assignee {
		q.Assignees = append(q.Assignees, sellerdesk.UserID(number(who, int64(user))))
	}
	for _, which := range in.Team {
		q.Teams = append(q.Teams, sellerdesk.TeamID(number(which, 0)))
	}
	if in.Overdue {
		q.DueBy = Moment(now)
		if q.NeedsAnswer == nil {
			q.NeedsAnswer = truth("true")
		}
	}
	return q
}

// number reads an id, "me" for whoever asks, or "none" for 0.
func number(typed string, me int64) int64 {
	if typed == "me" {
		return me
	}
	id, _ := strconv.ParseInt(typed, 10, 64) // the contract lets nothing else through
	return id
}

// accounts types ids: huma cannot read a list of a named number.
func accounts(numbers []int64) []sellerdesk.AccountID {
	ids := make([]sellerdesk.AccountID, 0, len(numbers))
	for _, n := range numbers {
		ids = append(ids, sellerdesk.AccountID(n))
	}
	return ids
}

// Moment reads a bound that may be absent.
func Moment(t time.Time) *sellerdesk.Time {
	if t.IsZero() {
		return nil
	}
	at := sellerdesk.At(t)
	return &at
}

// truth reads a filter that may be absent. A query parameter cannot be a
// pointer.
func truth(s string) *bool {
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}
