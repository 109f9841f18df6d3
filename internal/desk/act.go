package desk

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// ActInput is an action by its name, as it stands in Can, with what it takes.
type ActInput struct {
	User         sellerdesk.UserID
	Conversation sellerdesk.ConversationID
	Action       sellerdesk.ActionKind
	Message      sellerdesk.MessageID    // for resend, withdraw and check; for answer what it stands under, for edit what it changes
	Text         string                  // for answer, edit and reject
	Decision     string                  // for decide: the value of an option
	Comment      string                  // for decide
	Key          string                  // of the intent, see [ReplyInput]
	Tags         sellerdesk.TagChange    // for tag
	Field        sellerdesk.FieldChange  // for field
	Handle       sellerdesk.HandleChange // for assign, snooze and priority
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
	case sellerdesk.ActionArchive:
		return c.Archive(ctx, in.Conversation)
	case sellerdesk.ActionUnarchive:
		return c.Unarchive(ctx, in.Conversation)
	case sellerdesk.ActionFollow:
		return c.talk.Notes.Follow(ctx, in.Conversation)
	case sellerdesk.ActionUnfollow:
		return c.talk.Notes.Unfollow(ctx, in.Conversation)
	case sellerdesk.ActionResend, sellerdesk.ActionWithdraw, sellerdesk.ActionCheck:
		return c.messages.act(ctx, in)
	case sellerdesk.ActionReply, sellerdesk.ActionTemplate:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A line for the buyer is posted as a message of the conversation.").InField("action")
	case sellerdesk.ActionTag, sellerdesk.ActionField:
		return label(ctx, c.deps, in)
	case sellerdesk.ActionAssign, sellerdesk.ActionSnooze, sellerdesk.ActionPriority:
		return c.handling.Do(ctx, in.Conversation, handling.Input{User: in.User, Action: in.Action, Change: in.Handle})
	default:
		return c.actThere(ctx, in)
	}
}

// actThere does what happens at the remote side.
func (c *Conversations) actThere(ctx context.Context, in ActInput) error {
	plain := ActionInput{User: in.User, Conversation: in.Conversation, Key: in.Key}
	switch in.Action {
	case sellerdesk.ActionAnswer:
		_, err := c.Answer(ctx, ReplyInput{User: in.User, Conversation: in.Conversation, Text: in.Text, Parent: in.Message, Key: in.Key})
		return err
	case sellerdesk.ActionEdit:
		return c.Edit(ctx, TextInput{plain, in.Text, in.Message})
	case sellerdesk.ActionReject:
		return c.Reject(ctx, TextInput{ActionInput: plain, Text: in.Text})
	case sellerdesk.ActionDecide:
		return c.Decide(ctx, DecideInput{plain, in.Decision, in.Comment})
	case sellerdesk.ActionView:
		return c.View(ctx, plain)
	case sellerdesk.ActionOrderReturn:
		return c.OrderReturn(ctx, plain)
	case sellerdesk.ActionPin:
		return c.Pin(ctx, plain)
	case sellerdesk.ActionUnpin:
		return c.Unpin(ctx, plain)
	default:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The action %q cannot be done here.", shown(string(in.Action))).InField("action")
	}
}
