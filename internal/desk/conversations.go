package desk

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Conversations are the verbs on a thread with a buyer.
type Conversations struct {
	deps     Deps
	messages *Messages
}

// ReplyInput is a line to a buyer.
type ReplyInput struct {
	User         sellerdesk.UserID // who speaks
	Conversation sellerdesk.ConversationID
	Text         string
	Files        []sellerdesk.FileID // uploaded before, in order
	// Key names the intent: the same key in one account is sent once, however
	// often it is asked for. Empty: every call is a new intent.
	Key string
}

// Reply puts a line for the buyer into the outbox and gives the message as it
// now stands: queued. It is invalid (fields text, files) when it does not fit
// the limits of the channel, unsupported when nothing can be said here now.
func (c *Conversations) Reply(ctx context.Context, in ReplyInput) (sellerdesk.Message, error) {
	if in.Key == "" {
		in.Key = randomToken()
	}
	var queued sellerdesk.Message
	err := c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		conv, err := tx.Conversations.Get(ctx, in.Conversation, in.User)
		if err != nil {
			return err
		}
		can, err := allowed(conv.Can, sellerdesk.ActionReply)
		if err != nil {
			return err
		}
		text, err := fitText(in.Text, can.MaxLength)
		if err != nil {
			return err
		}
		blobs, err := c.blobs(ctx, tx, in, can.Files)
		if err != nil {
			return err
		}
		if text == "" && len(blobs) == 0 {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Write something or attach a file.").InField("text")
		}
		user := in.User
		queued, err = tx.Outbox.Queue(ctx, store.NewItem{
			Account:      conv.Account,
			Conversation: conv.ID,
			User:         &user,
			Key:          in.Key,
			Action:       sellerdesk.Reply{Text: text, Files: blobs},
			Lane:         sellerdesk.LanePerson,
			Text:         text,
			Files:        in.Files,
		})
		return err
	})
	return queued, err
}

// blobs reads the files of a reply and judges them.
func (c *Conversations) blobs(ctx context.Context, tx *store.Tx, in ReplyInput, limits *sellerdesk.FileLimits) ([]sellerdesk.Blob, error) {
	if len(in.Files) == 0 {
		return nil, nil
	}
	if err := fitCount(in.Files, limits); err != nil {
		return nil, err
	}
	files := make([]sellerdesk.File, 0, len(in.Files))
	for _, id := range in.Files {
		f, _, err := tx.Files.Get(ctx, id)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound || err == nil && f.Hash == "" {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no uploaded file %d.", id).InField("files").Because(err)
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return fitFiles(files, limits)
}

// MarkRead says that the person has seen the conversation.
func (c *Conversations) MarkRead(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.MarkRead(ctx, user, id)
	})
}

// MarkUnread puts the conversation back among those the person has to see.
func (c *Conversations) MarkUnread(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.MarkUnread(ctx, user, id)
	})
}

// NoAnswerNeeded says that the buyer's last word needs no answer.
func (c *Conversations) NoAnswerNeeded(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.NoAnswerNeeded(ctx, id)
	})
}

// Close puts the conversation away until the buyer writes again.
func (c *Conversations) Close(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.setStatus(ctx, id, sellerdesk.ConversationClosed)
}

// Reopen takes a closed conversation back to the desk.
func (c *Conversations) Reopen(ctx context.Context, id sellerdesk.ConversationID) error {
	return c.setStatus(ctx, id, sellerdesk.ConversationOpen)
}

func (c *Conversations) setStatus(ctx context.Context, id sellerdesk.ConversationID, s sellerdesk.ConversationStatus) error {
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.SetStatus(ctx, id, s)
	})
}

// ActInput is an action by its name, as it stands in Can.
type ActInput struct {
	User         sellerdesk.UserID
	Conversation sellerdesk.ConversationID
	Action       sellerdesk.ActionKind
	Message      sellerdesk.MessageID // for resend, withdraw and check
}

// Act does an action by its name and gives the conversation afterwards. It is
// unsupported when the action is not among those that can be done now; doing
// again what is done already is no error.
func (c *Conversations) Act(ctx context.Context, in ActInput) (sellerdesk.Conversation, error) {
	if err := c.dispatch(ctx, in); err != nil {
		return sellerdesk.Conversation{}, err
	}
	var conv sellerdesk.Conversation
	err := c.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		conv, err = tx.Conversations.Get(ctx, in.Conversation, in.User)
		return err
	})
	return conv, err
}

func (c *Conversations) dispatch(ctx context.Context, in ActInput) error {
	switch in.Action {
	case sellerdesk.ActionMarkRead:
		return c.MarkRead(ctx, in.User, in.Conversation)
	case sellerdesk.ActionNoAnswerNeeded:
		return c.NoAnswerNeeded(ctx, in.Conversation)
	case sellerdesk.ActionClose:
		return c.Close(ctx, in.Conversation)
	case sellerdesk.ActionReopen:
		return c.Reopen(ctx, in.Conversation)
	case sellerdesk.ActionResend, sellerdesk.ActionWithdraw, sellerdesk.ActionCheck:
		return c.actOnMessage(ctx, in)
	case sellerdesk.ActionReply, sellerdesk.ActionAnswer:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "An answer is posted as a message of the conversation.").InField("action")
	default:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The action %q cannot be done here.", shown(string(in.Action))).InField("action")
	}
}

func (c *Conversations) actOnMessage(ctx context.Context, in ActInput) error {
	if in.Message <= 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Say which message is meant.").InField("message")
	}
	m, err := c.messages.get(ctx, in.Message)
	if err != nil {
		return err
	}
	if m.Conversation != in.Conversation {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such message in this conversation.").InField("message")
	}
	switch in.Action {
	case sellerdesk.ActionResend:
		_, err = c.messages.Resend(ctx, in.User, in.Message)
	case sellerdesk.ActionWithdraw:
		_, err = c.messages.Withdraw(ctx, in.User, in.Message)
	default:
		_, err = c.messages.Check(ctx, in.Message)
	}
	return err
}
