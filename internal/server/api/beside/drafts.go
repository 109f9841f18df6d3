package beside

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// GetDraft gives the draft of the person who asks.
func (o Operations) GetDraft(ctx context.Context, in *ConversationPath) (*Output[sellerdesk.Draft], error) {
	draft, err := o.Desk.Drafts.Get(ctx, in.ID)
	return &Output[sellerdesk.Draft]{draft}, err
}

// PutDraftInput is an answer as far as it is written.
type PutDraftInput struct {
	ConversationPath
	Body struct {
		Text  string               `json:"text" maxLength:"50000"`
		Files []sellerdesk.FileID  `json:"files,omitempty" maxItems:"100" doc:"Uploaded before"`
		Seen  sellerdesk.MessageID `json:"seen,omitempty" minimum:"0" doc:"The newest message that stood there when it was begun"`
	} `nameHint:"NewDraft"`
}

// PutDraft keeps the draft of the person who asks.
func (o Operations) PutDraft(ctx context.Context, in *PutDraftInput) (*Output[sellerdesk.Draft], error) {
	draft, err := o.Desk.Drafts.Put(ctx, talking.NewDraft{Conversation: in.ID, Text: in.Body.Text, Files: in.Body.Files, Seen: in.Body.Seen})
	return &Output[sellerdesk.Draft]{draft}, err
}

// RemoveDraft forgets the draft of the person who asks.
func (o Operations) RemoveDraft(ctx context.Context, in *ConversationPath) (*struct{}, error) {
	return nil, o.Desk.Drafts.Remove(ctx, in.ID)
}

// Presence gives who has a conversation in front of them, and who else has begun
// an answer there.
func (o Operations) Presence(ctx context.Context, in *ConversationPath) (*Output[Page[sellerdesk.Presence]], error) {
	list, err := o.present(ctx, in.ID)
	return page(list, "", err)
}

func (o Operations) present(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.Presence, error) {
	writing, err := o.Desk.Drafts.Others(ctx, id)
	if err != nil {
		return nil, err
	}
	return talking.Joined(o.Board.Look(id), writing), nil
}

// TellPresenceInput says what the person does.
type TellPresenceInput struct {
	ConversationPath
	Body struct {
		Typing bool   `json:"typing,omitempty" doc:"They write an answer or a note"`
		Draft  bool   `json:"draft,omitempty" doc:"They have begun an answer"`
		Gone   bool   `json:"gone,omitempty" doc:"They look elsewhere"`
		Window string `json:"window,omitempty" maxLength:"40" doc:"Tells several windows of a person apart"`
	} `nameHint:"PresenceTold"`
}

// TellPresence notes that the person who asks has a conversation in front of them.
func (o Operations) TellPresence(ctx context.Context, in *TellPresenceInput) (*Output[Page[sellerdesk.Presence]], error) {
	user := sellerdesk.AccessOf(ctx).User
	var account sellerdesk.AccountID
	var names map[sellerdesk.UserID]string
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		conv, err := tx.Conversations.Get(ctx, in.ID, user)
		if err != nil {
			return err
		}
		account = conv.Account
		names, err = tx.Users.Names(ctx, []sellerdesk.UserID{user})
		return err
	})
	if err != nil {
		return nil, err
	}
	seat := presence.Seat{User: user, Window: in.Body.Window}
	if in.Body.Gone {
		o.Board.Leave(seat)
	} else {
		o.Board.Here(presence.Here{Seat: seat, Name: names[user], Account: account, Conversation: in.ID, Typing: in.Body.Typing, Draft: in.Body.Draft})
	}
	list, err := o.present(ctx, in.ID)
	return page(list, "", err)
}

// Told is a conversation as it is told to those who follow what happens.
type Told struct {
	Account      sellerdesk.AccountID      `json:"account"`
	Conversation sellerdesk.ConversationID `json:"conversation"`
	People       []sellerdesk.Presence     `json:"people"`
}
