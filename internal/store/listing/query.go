package listing

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Sort is an order of the list.
type Sort string

// The orders of the list.
const (
	SortUpdated Sort = "updated" // newest last message first
	SortWaiting Sort = "waiting" // nearest deadline first; those without one after them, newest first
)

// Query asks for a page of the list. Empty lists and nil mean "any".
type Query struct {
	User        sellerdesk.UserID // whose unread marks count
	Kinds       []sellerdesk.Kind
	Channels    []sellerdesk.ChannelKind
	Accounts    []sellerdesk.AccountID
	Statuses    []sellerdesk.ConversationStatus
	NeedsAnswer *bool
	DueBy       *sellerdesk.Time // an answer was due until then, and is not there; it goes with NeedsAnswer
	Unread      *bool
	Ratings     []int                 // 1 to 5 stars
	Product     sellerdesk.RemoteID   // "" means any
	Alike       []sellerdesk.RemoteID // other products that are meant as well as Product
	From, To    *sellerdesk.Time      // when it was created, both included
	HasPhoto    *bool                 // the buyer sent a picture
	Answered    *bool                 // an answer of our side stands
	Assignees   []sellerdesk.UserID   // whom it belongs to; 0 means nobody
	Teams       []sellerdesk.TeamID   // 0 means none
	Tags        []sellerdesk.TagID    // of which it carries one at least
	Fields      []FieldMatch          // each of which it meets
	Priorities  []sellerdesk.Priority
	Sort        Sort   // "" means SortUpdated
	Cursor      string // "" means the first page; else next of the page before
	Limit       int    // 1 to 200; 0 means 50
}

// products are all that are meant; none: any.
func (q Query) products() []sellerdesk.RemoteID {
	if q.Product == "" {
		return nil
	}
	return append([]sellerdesk.RemoteID{q.Product}, q.Alike...)
}

// FieldMatch is a field that holds one of some values, as they are compared.
type FieldMatch struct {
	Field  sellerdesk.FieldID
	Values []string // one at least
}

// Check refuses what cannot be asked.
func (q Query) Check() error {
	for _, n := range []int{len(q.Kinds), len(q.Channels), len(q.Accounts), len(q.Statuses), len(q.Assignees), len(q.Teams), len(q.Priorities), len(q.Tags), len(q.Fields)} {
		if n > engine.ListSize {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d values can be asked for at once.", engine.ListSize)
		}
	}
	for _, r := range q.Ratings {
		if r < 1 || r > 5 {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A rating is 1 to 5 stars.").InField("rating")
		}
	}
	return nil
}

// Seen gives the query in the accounts that whoever asks may see; none is true when
// there are no such. It refuses what cannot be asked.
func (q Query) Seen(ctx context.Context) (seen Query, none bool, err error) {
	if err := q.Check(); err != nil {
		return q, false, err
	}
	q.Accounts, none = engine.Seen(ctx).Narrow(q.Accounts)
	return q, none, nil
}

// Phase is a part of the list with one key to walk by. It begins the cursors of
// its pages.
type Phase byte

// The phases.
const (
	PhaseNewest Phase = 'n' // by the newest message
	PhaseDue    Phase = 'd' // by the deadline; what has one
	PhaseIdle   Phase = 'i' // by the newest message; what has no deadline
)

// Phases lists the parts of an order.
func (s Sort) Phases() []Phase {
	if s == SortWaiting {
		return []Phase{PhaseDue, PhaseIdle}
	}
	return []Phase{PhaseNewest}
}

// Spot is the last row of a page.
type Spot struct {
	Phase Phase
	At    int64
	ID    int64
}

// String gives the cursor of the next page.
func (s Spot) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%c%d.%d", s.Phase, s.At, s.ID))
}

// ParseSpot reads a cursor, which comes from outside, of one of the phases.
func ParseSpot(cursor string, phases ...Phase) (Spot, error) {
	wrong := sellerdesk.Errorf(sellerdesk.CodeInvalid, "This cursor does not belong to this list.").InField("cursor")
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < 4 || strings.IndexByte(string(phases), b[0]) < 0 {
		return Spot{}, wrong
	}
	at, id, _ := strings.Cut(string(b[1:]), ".")
	s := Spot{Phase: Phase(b[0])}
	if s.At, err = strconv.ParseInt(at, 10, 64); err != nil {
		return Spot{}, wrong
	}
	if s.ID, err = strconv.ParseInt(id, 10, 64); err != nil {
		return Spot{}, wrong
	}
	return s, nil
}

// SpotOf tells where the page that ends with c ends.
func SpotOf(c sellerdesk.Conversation, order Sort) Spot {
	s := Spot{Phase: PhaseNewest, At: c.CreatedAt.Millis(), ID: int64(c.ID)}
	if c.LastMessage != nil {
		s.At = c.LastMessage.At.Millis()
	}
	switch {
	case order == SortWaiting && c.DueAt != nil:
		s.Phase, s.At = PhaseDue, c.DueAt.Millis()
	case order == SortWaiting:
		s.Phase = PhaseIdle
	}
	return s
}
