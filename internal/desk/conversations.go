package desk

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Conversations are the verbs on a thread with a buyer.
type Conversations struct {
	deps     Deps
	messages *Messages
	windows  *windows
	listings *listings
	talk     *talking.Talk
	handling *handling.Handling
}

// ReplyInput is a line to a buyer.
type ReplyInput struct {
	User         sellerdesk.UserID // who speaks
	Conversation sellerdesk.ConversationID
	Text         string
	Files        []sellerdesk.FileID // uploaded before, in order
	// Template or Interactive is said instead of Text and Files; nil: neither.
	Template    *TemplateInput
	Interactive *sellerdesk.Interactive
	// Parent is the message that a public answer stands under; 0 answers the
	// question or review itself.
	Parent sellerdesk.MessageID
	// From is the template of ours that the text was begun with, whose use is
	// counted; 0: none.
	From sellerdesk.TemplateID
	// Seen is the newest message that the writer has seen: where the buyer or somebody
	// else of us wrote behind it, the answer is refused once as a conflict (field
	// seen). 0 asks nothing.
	Seen sellerdesk.MessageID
	// Key names the intent: the same key in one account is sent once, however
	// often it is asked for. Empty: every call is a new intent.
	Key string
}

// Reply puts a line for the buyer into the outbox and gives the message as it
// now stands: queued. Where the channel takes no lines but public answers, as
// to a question or a review, it is [Conversations.Answer]. It is invalid
// (fields text, files, template, language, variables, interactive and what stands
// in it) when it does not fit the limits of the channel, unsupported when nothing
// can be said here now.
func (c *Conversations) Reply(ctx context.Context, in ReplyInput) (sellerdesk.Message, error) {
	if err := c.deps.permit(ctx, sellerdesk.RightWork, in.Conversation); err != nil {
		return sellerdesk.Message{}, err
	}
	if err := onlyOne(in); err != nil {
		return sellerdesk.Message{}, err
	}
	c.windows.beforeReply(ctx, in)
	if err := c.listings.readFirst(ctx, in); err != nil {
		return sellerdesk.Message{}, err
	}
	return c.say(ctx, in, in.pick)
}

// pick chooses by which action a line is said.
func (in ReplyInput) pick(can []sellerdesk.Ability) sellerdesk.ActionKind {
	if in.Template != nil {
		return sellerdesk.ActionTemplate
	}
	_, replies := sellerdesk.Find(can, sellerdesk.ActionReply)
	if _, answers := sellerdesk.Find(can, sellerdesk.ActionAnswer); answers && !replies {
		return sellerdesk.ActionAnswer
	}
	return sellerdesk.ActionReply
}

// Answer puts the public answer to a question or a review into the outbox and
// gives the message as it now stands: queued. It is refused as
// [Conversations.Reply] is.
func (c *Conversations) Answer(ctx context.Context, in ReplyInput) (sellerdesk.Message, error) {
	if err := c.deps.permit(ctx, sellerdesk.RightWork, in.Conversation); err != nil {
		return sellerdesk.Message{}, err
	}
	if in.Template != nil || in.Interactive != nil {
		return sellerdesk.Message{}, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "A public answer is a text.").InField("text")
	}
	return c.say(ctx, in, func([]sellerdesk.Ability) sellerdesk.ActionKind { return sellerdesk.ActionAnswer })
}

// say queues a line of ours by the action that pick chooses.
func (c *Conversations) say(ctx context.Context, in ReplyInput, pick func([]sellerdesk.Ability) sellerdesk.ActionKind) (sellerdesk.Message, error) {
	var queued sellerdesk.Message
	err := c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		conv, err := tx.Conversations.Get(ctx, in.Conversation, in.User)
		if err != nil {
			return err
		}
		i := intent{user: in.User, key: in.Key}
		before, again, err := i.repeated(ctx, tx, conv.ID, sellerdesk.ActionReply, sellerdesk.ActionAnswer, sellerdesk.ActionTemplate)
		if err != nil {
			return err
		}
		if again && before.Message != nil {
			queued, err = tx.Messages.Get(ctx, *before.Message)
			return err
		}
		if in.Seen != 0 { // of two who answer at one moment, the second sees the first
			if err := tx.Accounts.Lock(ctx, conv.Account); err != nil {
				return err
			}
		}
		if err := talking.Unchanged(ctx, tx, conv.ID, in.Seen, in.User); err != nil {
			return err
		}
		kind := pick(conv.Can)
		can, err := c.deps.maySay(ctx, tx, conv, kind, in.Parent)
		if err != nil {
			return err
		}
		if queued, err = i.queueSaid(ctx, tx, conv, can, in); err != nil {
			return err
		}
		if err := in.count(ctx, tx, conv); err != nil {
			return err
		}
		return tx.Talk.Drafts.Remove(ctx, conv.Account, in.User, conv.ID)
	})
	return queued, err
}

// queueSaid judges what is to be said by an ability and queues it.
func (i intent) queueSaid(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, can sellerdesk.Ability, in ReplyInput) (sellerdesk.Message, error) {
	switch {
	case in.Template != nil:
		action, err := useTemplate(ctx, tx, conv, *in.Template)
		if err != nil {
			return sellerdesk.Message{}, err
		}
		return i.queue(ctx, tx, conv, action, action.Text, nil)
	case in.Interactive != nil:
		form, err := fitInteractive(*in.Interactive, can)
		if err != nil {
			return sellerdesk.Message{}, err
		}
		return i.queue(ctx, tx, conv, sellerdesk.Reply{Text: form.Text(), Interactive: &form}, form.Text(), nil)
	}
	text, err := fitText(in.Text, can)
	if err != nil {
		return sellerdesk.Message{}, err
	}
	blobs, err := blobsOf(ctx, tx, in, can.Files)
	if err != nil {
		return sellerdesk.Message{}, err
	}
	if text == "" && len(blobs) == 0 {
		return sellerdesk.Message{}, nothingSaid(can)
	}
	if can.Action != sellerdesk.ActionAnswer {
		return i.queueLines(ctx, tx, conv, text, in.Files, blobs, can.Files)
	}
	parent, err := lineOf(ctx, tx, conv, in.Parent, "parent")
	if err != nil {
		return sellerdesk.Message{}, err
	}
	return i.queue(ctx, tx, conv, sellerdesk.Answer{Parent: parent, Text: text}, text, in.Files)
}

// queueLines queues a line of a chat: one message, or, where the channel takes
// text and files apart, several in their order, of which the first is given.
func (i intent) queueLines(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, text string, files []sellerdesk.FileID, blobs []sellerdesk.Blob, limits *sellerdesk.FileLimits) (sellerdesk.Message, error) {
	if limits == nil || !limits.Apart || len(files) == 0 {
		return i.queue(ctx, tx, conv, sellerdesk.Reply{Text: text, Files: blobs}, text, files)
	}
	if i.key == "" {
		i.key = randomToken()
	}
	var first sellerdesk.Message
	queue := func(n int, reply sellerdesk.Reply, files ...sellerdesk.FileID) error {
		part := i
		if first.ID != 0 {
			part.key = fmt.Sprintf("%s/%d", i.key, n)
		}
		m, err := part.queue(ctx, tx, conv, reply, reply.Text, files)
		if first.ID == 0 {
			first = m
		}
		return err
	}
	if text != "" {
		if err := queue(0, sellerdesk.Reply{Text: text}); err != nil {
			return first, err
		}
	}
	for n := range files {
		if err := queue(n+1, sellerdesk.Reply{Files: blobs[n : n+1]}, files[n]); err != nil {
			return first, err
		}
	}
	return first, nil
}

// lineOf gives the remote id of a message of the conversation that is meant; ""
// for none.
func lineOf(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, id sellerdesk.MessageID, field string) (sellerdesk.RemoteID, error) {
	if id == 0 {
		return "", nil
	}
	m, err := tx.Messages.Get(ctx, id)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound || err == nil && m.Conversation != conv.ID {
		return "", sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such message in this conversation.").InField(field)
	}
	if err == nil && m.RemoteID == "" {
		return "", sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The channel has not confirmed this message yet.").InField(field)
	}
	return m.RemoteID, err
}

// blobsOf reads the files of a reply and judges them.
func blobsOf(ctx context.Context, tx *store.Tx, in ReplyInput, limits *sellerdesk.FileLimits) ([]sellerdesk.Blob, error) {
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

// MarkRead says that the person has seen the conversation, which whoever sees it
// may say.
func (c *Conversations) MarkRead(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	if err := c.deps.permit(ctx, sellerdesk.RightSee, id); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.MarkRead(ctx, user, id)
	})
}

// MarkUnread puts the conversation back among those the person has to see.
func (c *Conversations) MarkUnread(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	if err := c.deps.permit(ctx, sellerdesk.RightSee, id); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.MarkUnread(ctx, user, id)
	})
}

// NoAnswerNeeded says that the buyer's last word needs no answer.
func (c *Conversations) NoAnswerNeeded(ctx context.Context, id sellerdesk.ConversationID) error {
	if err := c.deps.permit(ctx, sellerdesk.RightWork, id); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Conversations.NoAnswerNeeded(ctx, id)
	})
}
