package wildberries

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// ChatsService is the buyer chat (buyer-chat-api, category buyer chat). Only the buyer can start a chat; there is no way to read the
// history of one chat, to mark it read, or to edit or delete a message: everything comes from the feed of Events.
type ChatsService struct{ c *Client }

// chatOperation fills in what the chat operations share.
func chatOperation(method, path, bucket string) operation {
	return operation{
		name: method + " " + path, method: method, family: FamilyChat, path: path, bucket: bucket, category: CategoryChat,
		write: method != http.MethodGet,
	}
}

// List returns all chats at once; there are no pages.
//
// Operation: GET /api/v1/seller/chats. Limit: 10 per 10 s, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ChatsService) List(ctx context.Context) (ChatList, error) {
	o := chatOperation(http.MethodGet, "/api/v1/seller/chats", BucketChatList)
	var answer struct {
		Result *[]json.RawMessage `json:"result"`
		Errors looseTexts         `json:"errors"`
	}
	if err := s.c.json(ctx, o, nil, &answer); err != nil {
		return ChatList{}, err
	}
	if answer.Result == nil && len(answer.Errors) > 0 {
		return ChatList{}, refusedInside(o, answer.Errors)
	}
	list := ChatList{Errors: answer.Errors}
	if answer.Result != nil {
		list.Chats, list.Malformed = decodeItems[Chat](*answer.Result)
	}
	s.c.warn(ctx, o, answer.Errors, list.Malformed)
	return list, nil
}

// Events returns the page of the feed that follows the cursor next, Unix milliseconds. 0 starts at the beginning of history. The feed is
// drained when EventsPage.Done. The cursor is a moment, so that of two events in one millisecond the second may stand on either
// side of a page's end: AllEvents re-reads a little and drops what it knows.
//
// Operation: GET /api/v1/seller/events. Limit: 10 per 10 s, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ChatsService) Events(ctx context.Context, next int64) (EventsPage, error) {
	o := chatOperation(http.MethodGet, "/api/v1/seller/events", BucketChatEvents)
	next = max(next, 0)
	if next > 0 {
		// A zero cursor is answered with 400, the first call is the one without it.
		o.query = url.Values{"next": {strconv.FormatInt(next, 10)}}
	}
	var answer eventsAnswer
	if err := s.c.json(ctx, o, nil, &answer); err != nil {
		return EventsPage{}, err
	}
	if answer.Result == nil {
		if len(answer.Errors) > 0 {
			return EventsPage{}, refusedInside(o, answer.Errors)
		}
		// Taking this for the last page would hide that something is wrong over there.
		return EventsPage{}, misunderstood(o, http.StatusOK, nil, fmt.Errorf("%w: there is no result", rest.ErrMalformed))
	}
	page := answer.page(next)
	s.c.warn(ctx, o, page.Errors, page.Malformed)
	return page, nil
}

type eventsAnswer struct {
	Result *eventsResult `json:"result"`
	Errors looseTexts    `json:"errors"`
}

type eventsResult struct {
	Next            Millis            `json:"next"`
	OldestEventTime Time              `json:"oldestEventTime"`
	NewestEventTime Time              `json:"newestEventTime"`
	TotalEvents     int64             `json:"totalEvents"`
	Events          []json.RawMessage `json:"events"`
}

// page keeps the previous cursor when the new one is missing, 0 or smaller, as it may be on the last page.
func (a eventsAnswer) page(previous int64) EventsPage {
	r := a.Result
	p := EventsPage{
		Next: max(previous, int64(r.Next)), TotalEvents: r.TotalEvents, OldestEventTime: r.OldestEventTime,
		NewestEventTime: r.NewestEventTime, Errors: a.Errors,
	}
	p.Events, p.Malformed = decodeItems[Event](r.Events)
	return p
}

// refusedInside is a 200 that carries errors and no result.
func refusedInside(o operation, said []string) *Error {
	return &Error{
		Op: o.name, Status: http.StatusOK, Detail: oneLine(strings.Join(said, "; "), keptErrorBody), Outcome: OutcomeAnswered,
		kinds: []error{ErrRefused},
	}
}

// isNull tells whether a value is absent or null.
func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}
