package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/api/labelling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// conversations are the operations on threads with buyers.
type conversations struct{ *api }

// mount registers them.
func (a conversations) mount() {
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "listConversations", Method: http.MethodGet, Path: "/v1/conversations", Tags: []string{"conversations"},
		Summary:     "List conversations",
		Description: "updated: newest last message first. waiting: nearest deadline first. Filters take several values, separated by commas or repeated.",
	}, a.listConversations)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getConversation", Method: http.MethodGet, Path: "/v1/conversations/{id}", Tags: []string{"conversations"},
		Summary: "Get a conversation",
	}, a.getConversation)
	register(a.api, sellerdesk.RightWork, huma.Operation{
		OperationID: "startConversation", Method: http.MethodPost, Path: "/v1/conversations", Tags: []string{"conversations"}, DefaultStatus: http.StatusAccepted,
		Responses:   map[string]*huma.Response{"200": a.there()},
		Summary:     "Start a conversation with a buyer",
		Description: "By order, by return, or by a source of the account's identity with phone or username, and contact where it is known who that is: a conversation that is there keeps its person, and the named one is suggested to be the same. 202 and a conversation whose remote_id is null until conversation.updated completes it. Where the channel cannot do it, unsupported.",
	}, a.startConversation)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "actOnConversation", Method: http.MethodPost, Path: "/v1/conversations/{id}/actions", Tags: []string{"conversations"}, DefaultStatus: http.StatusAccepted,
		Summary: "Do something with a conversation",
		Description: "An action as listed in can of the conversation or of one of its messages (then message says which), or unread. " +
			"answer, edit and reject take text, decide takes decision and, by its option, comment, tag takes tags, field takes field. Actions that are not possible now are unsupported. " +
			"What happens at the remote side is queued and leaves in its turn; outbox.settled tells the outcome.",
	}, a.actOnConversation)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getWindow", Method: http.MethodGet, Path: "/v1/conversations/{id}/window", Tags: []string{"conversations"},
		Summary: "Ask whether we may write freely now, and until when",
		Description: "Some messengers take texts of our own for a while only after the buyer wrote, and nothing but approved templates afterwards. " +
			"The channel is asked when it has not been for 30 s. Where nothing is bounded the window is open and unbounded.",
	}, a.getWindow)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getCounters", Method: http.MethodGet, Path: "/v1/counters", Tags: []string{"conversations"},
		Summary: "Get the exact figures of the list",
	}, a.getCounters)
}

type listInput struct {
	PageQuery
	handling.Filters
	Sort string `query:"sort" enum:"updated,waiting" default:"updated"`
}

// page is the query of one page.
func (in *listInput) page(user sellerdesk.UserID, now time.Time) store.ConversationQuery {
	q := in.Query(user, now)
	q.Sort, q.Cursor, q.Limit = store.Sort(in.Sort), in.Cursor, in.Limit
	return q
}

func (a conversations) listConversations(ctx context.Context, in *listInput) (*pageOutput[sellerdesk.Conversation], error) {
	var items []sellerdesk.Conversation
	var next string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		items, next, err = tx.Conversations.List(ctx, in.page(actor(ctx), a.deps.Clock.Now()))
		return err
	})
	for i := range items {
		items[i] = thread(items[i])
	}
	return paged(items, next), err
}

// accountIDs types ids: huma cannot read a list of a named number.
func accountIDs(numbers []int64) []sellerdesk.AccountID {
	ids := make([]sellerdesk.AccountID, 0, len(numbers))
	for _, n := range numbers {
		ids = append(ids, sellerdesk.AccountID(n))
	}
	return ids
}

// thread makes the lists of a conversation such that none is null.
func thread(c sellerdesk.Conversation) sellerdesk.Conversation {
	c.Can = abilities(c.Can)
	if c.Review != nil {
		r := *c.Review
		r.Tags = filled(r.Tags)
		c.Review = &r
	}
	return c
}

// abilities makes the lists inside abilities such that none is null.
func abilities(can []sellerdesk.Ability) []sellerdesk.Ability {
	for i := range can {
		if can[i].Files != nil && can[i].Files.Types == nil {
			limits := *can[i].Files // shared with the table of the channel
			limits.Types = []string{}
			can[i].Files = &limits
		}
	}
	return filled(can)
}

// ConversationPath names a conversation.
type ConversationPath struct {
	ID sellerdesk.ConversationID `path:"id" minimum:"1"`
}

func (a conversations) getConversation(ctx context.Context, in *ConversationPath) (*output[sellerdesk.Conversation], error) {
	return a.conversation(ctx, in.ID)
}

func (a conversations) conversation(ctx context.Context, id sellerdesk.ConversationID) (*output[sellerdesk.Conversation], error) {
	var c sellerdesk.Conversation
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Conversations.Get(ctx, id, actor(ctx))
		return err
	})
	return &output[sellerdesk.Conversation]{Body: thread(c)}, err
}

type startInput struct {
	Body struct {
		Account  sellerdesk.AccountID `json:"account" minimum:"1"`
		Order    sellerdesk.Optional  `json:"order,omitempty" maxLength:"200"`
		Return   sellerdesk.Optional  `json:"return,omitempty" maxLength:"200"`
		Source   sellerdesk.Optional  `json:"source,omitempty" maxLength:"200"`
		Phone    sellerdesk.Optional  `json:"phone,omitempty" maxLength:"40"`
		Username sellerdesk.Optional  `json:"username,omitempty" maxLength:"200"`
		Contact  sellerdesk.ContactID `json:"contact,omitempty" minimum:"1"`
	} `nameHint:"NewConversation"`
}

// there documents the answer to a start that was not needed.
func (a conversations) there() *huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[sellerdesk.Conversation](), true, "Conversation")
	return &huma.Response{
		Description: "There is one already: this",
		Content:     map[string]*huma.MediaType{"application/json": {Schema: schema}},
	}
}

type startOutput struct {
	Status int
	Body   sellerdesk.Conversation
}

// startConversation answers 202 when it put a start on its way, and 200 with a
// conversation that is there already, also while it is being started.
func (a conversations) startConversation(ctx context.Context, in *startInput) (*startOutput, error) {
	c, started, err := a.desk.Conversations.Start(ctx, desk.StartInput{
		User: actor(ctx), Account: in.Body.Account, Order: string(in.Body.Order), Return: string(in.Body.Return), Key: intent(ctx),
		Source: sellerdesk.RemoteID(in.Body.Source), Phone: string(in.Body.Phone), Username: string(in.Body.Username), Contact: in.Body.Contact,
	})
	if err != nil {
		return nil, err
	}
	status := http.StatusOK
	if started {
		status = http.StatusAccepted
	}
	return &startOutput{Status: status, Body: thread(c)}, nil
}

func (a conversations) getWindow(ctx context.Context, in *ConversationPath) (*output[sellerdesk.Window], error) {
	w, err := a.desk.Conversations.Window(ctx, actor(ctx), in.ID)
	return &output[sellerdesk.Window]{Body: w}, err
}

// actionUnread puts the unread mark back. It is always possible and so not
// listed in can.
const actionUnread sellerdesk.ActionKind = "unread"

type conversationActionInput struct {
	ConversationPath
	Body struct {
		Action   sellerdesk.ActionKind   `json:"action" minLength:"1" maxLength:"50"`
		Message  sellerdesk.MessageID    `json:"message,omitempty" minimum:"1" doc:"For resend, withdraw and check; for answer the message that it stands under, for edit the answer that it changes"`
		Text     sellerdesk.Optional     `json:"text,omitempty" doc:"For answer, edit and reject: min_length to max_length of the ability"`
		Decision sellerdesk.Optional     `json:"decision,omitempty" maxLength:"100" doc:"For decide: value of one of the options"`
		Comment  sellerdesk.Optional     `json:"comment,omitempty" doc:"For decide: as the option bounds it"`
		Tags     labelling.TagNames      `json:"tags,omitempty" doc:"For tag"`
		Field    *sellerdesk.FieldChange `json:"field,omitempty" doc:"For field"`
		handling.Change
	} `nameHint:"ConversationAction"`
}

func (a conversations) actOnConversation(ctx context.Context, in *conversationActionInput) (*output[sellerdesk.Conversation], error) {
	if in.Body.Action == actionUnread {
		if err := a.desk.Conversations.MarkUnread(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return a.conversation(ctx, in.ID)
	}
	c, err := a.desk.Conversations.Act(ctx, desk.ActInput{
		User: actor(ctx), Conversation: in.ID, Action: in.Body.Action, Message: in.Body.Message, Key: intent(ctx),
		Text: string(in.Body.Text), Decision: string(in.Body.Decision), Comment: string(in.Body.Comment),
		Tags: in.Body.Tags.Change(), Field: labelling.FieldChange(in.Body.Field), Handle: in.Body.Handle(),
	})
	return &output[sellerdesk.Conversation]{Body: thread(c)}, err
}

type countersInput struct {
	Account []int64 `query:"account" maxItems:"200" minimum:"1" doc:"Only these accounts"`
}

func (a conversations) getCounters(ctx context.Context, in *countersInput) (*output[sellerdesk.Counters], error) {
	var c sellerdesk.Counters
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Conversations.Counters(ctx, actor(ctx), accountIDs(in.Account))
		return err
	})
	return &output[sellerdesk.Counters]{Body: c}, err
}
