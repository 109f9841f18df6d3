package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Events is a page of the log of what happened.
type Events struct {
	Items []sellerdesk.Event `json:"items"`
	Next  int64              `json:"next" doc:"after of the next page"`
	// Lost is an addition to the shape that every list has: a program that was
	// away too long must know that it missed something.
	Lost bool `json:"lost" doc:"Events after after are no longer kept, or after is beyond the newest: load everything again"`
}

// events registers the log of what happened.
func (a *api) events() {
	schemas := a.huma.OpenAPI().Components.Schemas
	stream := &huma.Schema{Type: huma.TypeString, Description: "Server-sent events: id is seq, data an event. The event resync says that something was missed, presence who has a conversation in front of them."}
	register(a, sellerdesk.RightSee, huma.Operation{
		OperationID: "listEvents", Method: http.MethodGet, Path: "/v1/events", Tags: []string{"events"},
		Summary: "Read what happened, by cursor or as a stream",
		Description: "With Accept: text/event-stream the events come as they happen, after the header Last-Event-ID or after; " +
			"a stream that names neither begins now. Otherwise a page after the number, from the oldest kept by default; one shorter than limit is the last for now. kind, account and conversation narrow both.",
		Responses: map[string]*huma.Response{"200": {Description: "Events", Content: map[string]*huma.MediaType{
			"application/json":  {Schema: schemas.Schema(reflect.TypeFor[Events](), true, "")},
			"text/event-stream": {Schema: stream},
		}}},
	}, a.listEvents)
}

type eventsInput struct {
	After        int64                     `query:"after" minimum:"0" doc:"Number of the last event the client has"`
	Limit        int                       `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Events in a page"`
	Kind         []sellerdesk.EventKind    `query:"kind" maxItems:"50" doc:"Only these kinds"`
	Account      []int64                   `query:"account" maxItems:"200" minimum:"1" doc:"Only of these accounts"`
	Conversation sellerdesk.ConversationID `query:"conversation" minimum:"0" doc:"Only of this conversation"`
}

// query is what the store is asked for.
func (in *eventsInput) query() store.EventQuery {
	return store.EventQuery{After: in.After, Limit: in.Limit, Kinds: in.Kind, Accounts: accountIDs(in.Account), Conversation: in.Conversation}
}

func (a *api) listEvents(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
	if strings.Contains(requestOf(ctx).Header.Get("Accept"), "text/event-stream") {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			a.server.Follow(w, r, server.Feed{Wanted: in.query().Wants, Frames: frames, Rooms: rooms})
		}}, nil
	}
	p := Events{Next: in.After}
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		first, err := tx.Events.First(ctx)
		if err != nil {
			return err
		}
		last, err := tx.Events.Last(ctx)
		if err != nil {
			return err
		}
		if in.After > last { // a number of another log, as after a restore
			p.Lost, p.Next = true, last
			return nil
		}
		p.Lost = in.After > 0 && in.After < first-1
		p.Items, p.Next, err = tx.Events.List(ctx, in.query())
		return err
	})
	if err != nil {
		return nil, err
	}
	p.Items = filled(p.Items)
	for i, e := range p.Items {
		p.Items[i] = complete(e)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/json")
		ctx.SetStatus(http.StatusOK)
		_ = json.NewEncoder(ctx.BodyWriter()).Encode(p) // the client is gone: nobody to tell
	}}, nil
}

// frames writes each event as one message.
func frames(_ context.Context, events []sellerdesk.Event) ([]server.Frame, error) {
	out := make([]server.Frame, 0, len(events))
	for _, e := range events {
		data, err := json.Marshal(complete(e))
		if err != nil {
			return nil, err
		}
		out = append(out, server.Frame{Seq: e.Seq, Data: data})
	}
	return out, nil
}

// complete gives an event without data the word that says so.
func complete(e sellerdesk.Event) sellerdesk.Event {
	if len(e.Data) == 0 {
		e.Data = json.RawMessage("null")
	}
	return e
}
