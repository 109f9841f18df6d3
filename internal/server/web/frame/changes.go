package frame

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Changed is what one frame of the stream says: what to look at again. The
// browser asks for the parts it shows, so that no buyer's word travels here.
type Changed struct {
	Conversations []sellerdesk.ConversationID `json:"conversations"`
	Accounts      []sellerdesk.AccountID      `json:"accounts"`
	// Reading lists accounts of which only the reading went on: their own pages
	// look, the list does not, so that it is free for what it shows.
	Reading []sellerdesk.AccountID `json:"reading"`
	// Written lists conversations in which a buyer wrote, for the quiet
	// announcement to screen readers.
	Written []sellerdesk.ConversationID `json:"written"`
	// People tells that somebody is another person now than before.
	People bool `json:"people"`
	// Hooks tells that a webhook works or no longer does.
	Hooks bool `json:"hooks"`
	// Jobs tells that what is done to many went on.
	Jobs bool `json:"jobs"`
	// Bell tells that somebody is told of something.
	Bell bool `json:"bell"`
	// Moved are conversations that turned out to be others.
	Moved map[sellerdesk.ConversationID]sellerdesk.ConversationID `json:"moved"`
	Now   int64                                                   `json:"now"` // milliseconds, by the clock of the house
}

// Changes tells a burst of events once.
func Changes(events []sellerdesk.Event, now time.Time) Changed {
	c := Changed{
		Conversations: []sellerdesk.ConversationID{}, Accounts: []sellerdesk.AccountID{}, Reading: []sellerdesk.AccountID{}, Written: []sellerdesk.ConversationID{},
		Moved: map[sellerdesk.ConversationID]sellerdesk.ConversationID{},
		Now:   now.UnixMilli(),
	}
	for _, e := range events {
		switch {
		case e.Kind == sellerdesk.EventContactUpdated:
			c.People = true
		case e.Kind == sellerdesk.EventWebhookChanged:
			c.Hooks = true
		case e.Kind == sellerdesk.EventJobChanged:
			c.Jobs = true
		case e.Kind == sellerdesk.EventNotificationCreated:
			c.Bell = true
		case e.Conversation != nil:
			c.Conversations = Once(c.Conversations, *e.Conversation)
			if e.Kind == sellerdesk.EventMessageCreated && byBuyer(e) {
				c.Written = Once(c.Written, *e.Conversation)
			}
			if into, ok := movedInto(e); ok {
				c.Moved[*e.Conversation] = into
			}
		case e.Account != nil && (e.Kind == sellerdesk.EventSyncProgress || e.Kind == sellerdesk.EventPushReceived):
			c.Reading = Once(c.Reading, *e.Account)
		case e.Account != nil:
			c.Accounts = Once(c.Accounts, *e.Account)
		}
	}
	return c
}

func byBuyer(e sellerdesk.Event) bool {
	var data sellerdesk.MessageEvent
	return json.Unmarshal(e.Data, &data) == nil && data.Author == sellerdesk.AuthorBuyer
}

// movedInto tells which conversation one turned out to be.
func movedInto(e sellerdesk.Event) (into sellerdesk.ConversationID, ok bool) {
	var data sellerdesk.RemovedEvent
	if e.Kind != sellerdesk.EventConversationRemoved || json.Unmarshal(e.Data, &data) != nil {
		return 0, false
	}
	return data.Into, data.Into > 0
}

// Once adds an item to a list that does not have it.
func Once[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}
