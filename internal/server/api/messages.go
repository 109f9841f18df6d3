package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// messages registers the operations on the lines of a conversation.
func (a *api) messages() {
	register(a, sellerdesk.RightSee, huma.Operation{
		OperationID: "listMessages", Method: http.MethodGet, Path: "/v1/conversations/{id}/messages", Tags: []string{"messages"},
		Summary: "List the messages of a conversation, newest first",
	}, a.listMessages)
	register(a, sellerdesk.RightWork, huma.Operation{
		OperationID: "postMessage", Method: http.MethodPost, Path: "/v1/conversations/{id}/messages", Tags: []string{"messages"}, DefaultStatus: http.StatusAccepted,
		Summary:     "Answer the buyer",
		Description: "A line of a chat, or the public answer to a question or a review (answer in can): text and files, or an approved template (template in can), or interactive with buttons or a menu (interactive in the ability reply). The message is queued and leaves in its turn; its status arrives by message.updated. With an Idempotency-Key it leaves once, whatever breaks on the way.",
	}, a.postMessage)
}

type messagesInput struct {
	ConversationPath
	PageQuery
}

func (a *api) listMessages(ctx context.Context, in *messagesInput) (*pageOutput[sellerdesk.Message], error) {
	var items []sellerdesk.Message
	var next string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if _, err := tx.Conversations.Get(ctx, in.ID, actor(ctx)); err != nil {
			return err
		}
		items, next, err = tx.Messages.List(ctx, in.ID, in.Cursor, in.Limit)
		return err
	})
	for i := range items {
		items[i] = whole(items[i])
	}
	return paged(items, next), err
}

// whole makes the lists of a message such that none is null.
func whole(m sellerdesk.Message) sellerdesk.Message {
	m.Files = filled(m.Files)
	m.Versions = filled(m.Versions)
	m.Can = abilities(m.Can)
	return m
}

type messageInput struct {
	ConversationPath
	Body struct {
		Text  sellerdesk.Optional `json:"text,omitempty" doc:"Up to max_length of the ability"`
		Files []sellerdesk.FileID `json:"files,omitempty" nullable:"true" maxItems:"100" doc:"Uploaded before, in order"`
		// A channel that takes text and files apart makes several messages of it.
		Parent      sellerdesk.MessageID `json:"parent,omitempty" minimum:"1" doc:"The message that a public answer stands under"`
		Seen        sellerdesk.MessageID `json:"seen,omitempty" minimum:"1" doc:"The newest message that the writer has seen: where somebody wrote behind it, the answer is refused once as a conflict in the field seen"`
		Template    *newTemplate         `json:"template,omitempty" doc:"Said instead of text and files"`
		Interactive *newInteractive      `json:"interactive,omitempty" doc:"Said instead of text and files"`
		// TemplateID is one of ours: nothing is filled in here.
		TemplateID sellerdesk.TemplateID `json:"template_id,omitempty" minimum:"1" doc:"The template of ours that the text was begun with; its use is counted"`
	} `nameHint:"NewMessage"`
}

func (a *api) postMessage(ctx context.Context, in *messageInput) (*output[sellerdesk.Message], error) {
	key := intent(ctx)
	m, err := a.desk.Conversations.Reply(ctx, desk.ReplyInput{
		User: actor(ctx), Conversation: in.ID, Text: string(in.Body.Text), Files: in.Body.Files, Parent: in.Body.Parent, Seen: in.Body.Seen, Key: key, From: in.Body.TemplateID,
		Template: in.Body.Template.input(), Interactive: in.Body.Interactive.input(),
	})
	if err != nil {
		return nil, err
	}
	if key != "" {
		// It may have been queued before a crash that came before its answer was kept.
		if err := a.sameMessage(ctx, m, in); err != nil {
			return nil, err
		}
	}
	return &output[sellerdesk.Message]{Body: whole(m)}, nil
}

// sameMessage refuses when the message queued under a key is not the one that
// is asked for. Files are the same by content: one that was attached before is
// attached again under an id of its own. Of a message that a channel takes in
// parts the first part is here: its text, or its first file when it has none.
func (a *api) sameMessage(ctx context.Context, m sellerdesk.Message, in *messageInput) error {
	queued := make([]string, 0, len(m.Files))
	for _, f := range m.Files {
		queued = append(queued, f.Hash)
	}
	asked := make([]string, 0, len(in.Body.Files))
	var templates []sellerdesk.RemoteTemplate
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		if in.Body.Template != nil {
			conv, err := tx.Conversations.Get(ctx, in.ID, actor(ctx))
			if err != nil {
				return err
			}
			if templates, _, err = tx.Templates.Get(ctx, conv.Account); err != nil { // what the names of variables stand for
				return err
			}
		}
		for _, id := range in.Body.Files {
			f, _, err := tx.Files.Get(ctx, id)
			if err != nil {
				return err
			}
			asked = append(asked, f.Hash)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(queued) < len(asked) && slices.Equal(queued, asked[:min(len(asked), firstPart(m))]) {
		asked = queued
	}
	if m.Conversation != in.ID || !says(m, in, templates) || !slices.Equal(queued, asked) {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This %s was used for another request.", keyHeader).InField(keyHeader)
	}
	return nil
}

// firstPart is how many files the first of several messages carries.
func firstPart(m sellerdesk.Message) int {
	if m.Text != "" {
		return 0
	}
	return 1
}
