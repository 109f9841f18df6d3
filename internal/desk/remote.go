package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// ActionInput is something to be done at the remote side.
type ActionInput struct {
	User         sellerdesk.UserID // who decides
	Conversation sellerdesk.ConversationID
	// Key names the intent: the same key in one account is done once, however
	// often it is asked for. Empty: every call is a new intent.
	Key string
}

// TextInput is an action with a text.
type TextInput struct {
	ActionInput
	Text string
	// Message is the answer that an edit changes; 0 means the newest.
	Message sellerdesk.MessageID
}

// DecideInput is a decision on a return claim.
type DecideInput struct {
	ActionInput
	Decision string // value of an option of the ability decide
	Comment  string // bounded by the option
}

// Edit replaces the text of the answer that was given. It is invalid (field
// text) when the text does not fit, unsupported when the answer can no longer
// be changed.
func (c *Conversations) Edit(ctx context.Context, in TextInput) error {
	return c.queue(ctx, in.ActionInput, sellerdesk.ActionEdit, func(tx *store.Tx, conv sellerdesk.Conversation, can sellerdesk.Ability) (sellerdesk.Action, string, error) {
		text, err := spoken(in.Text, can)
		if err != nil {
			return nil, "", err
		}
		line, err := lineOf(ctx, tx, conv, in.Message, "message")
		return sellerdesk.Edit{Message: line, Text: text}, text, err
	})
}

// Reject declines a question with a text. It is refused as [Conversations.Edit] is.
func (c *Conversations) Reject(ctx context.Context, in TextInput) error {
	return c.speak(ctx, in, sellerdesk.ActionReject, func(text string) sellerdesk.Action { return sellerdesk.Reject{Text: text} })
}

// View tells the remote side that a question was seen.
func (c *Conversations) View(ctx context.Context, in ActionInput) error {
	return c.do(ctx, in, sellerdesk.View{})
}

// OrderReturn asks the buyer's goods back.
func (c *Conversations) OrderReturn(ctx context.Context, in ActionInput) error {
	return c.do(ctx, in, sellerdesk.OrderReturn{})
}

// Pin puts a review on top of those of its product.
func (c *Conversations) Pin(ctx context.Context, in ActionInput) error {
	return c.do(ctx, in, sellerdesk.Pin{})
}

// Unpin takes a pinned review down.
func (c *Conversations) Unpin(ctx context.Context, in ActionInput) error {
	return c.do(ctx, in, sellerdesk.Unpin{})
}

// Decide decides a return claim. It is invalid (field decision) when the
// decision is not offered, (field comment) when the comment does not fit it.
func (c *Conversations) Decide(ctx context.Context, in DecideInput) error {
	return c.queue(ctx, in.ActionInput, sellerdesk.ActionDecide, func(_ *store.Tx, _ sellerdesk.Conversation, can sellerdesk.Ability) (sellerdesk.Action, string, error) {
		option, err := chosen(can.Options, in.Decision)
		if err != nil {
			return nil, "", err
		}
		comment, err := fitComment(in.Comment, option.Comment)
		return sellerdesk.Decide{Decision: option.Value, Comment: comment}, comment, err
	})
}

// speak queues an action whose text must be there.
func (c *Conversations) speak(ctx context.Context, in TextInput, kind sellerdesk.ActionKind, build func(string) sellerdesk.Action) error {
	return c.queue(ctx, in.ActionInput, kind, func(_ *store.Tx, _ sellerdesk.Conversation, can sellerdesk.Ability) (sellerdesk.Action, string, error) {
		text, err := spoken(in.Text, can)
		return build(text), text, err
	})
}

// spoken cleans and judges a text that must be there.
func spoken(s string, can sellerdesk.Ability) (string, error) {
	text, err := fitText(s, can)
	if err == nil && text == "" {
		err = nothingSaid(can)
	}
	return text, err
}

// do queues an action that takes nothing more.
func (c *Conversations) do(ctx context.Context, in ActionInput, action sellerdesk.Action) error {
	return c.queue(ctx, in, action.Kind(), func(*store.Tx, sellerdesk.Conversation, sellerdesk.Ability) (sellerdesk.Action, string, error) {
		return action, "", nil
	})
}

// fitting judges what an action is to carry and makes it.
type fitting func(*store.Tx, sellerdesk.Conversation, sellerdesk.Ability) (action sellerdesk.Action, text string, err error)

// queue puts an action into the outbox when it may be done now and fits.
func (c *Conversations) queue(ctx context.Context, in ActionInput, kind sellerdesk.ActionKind, fit fitting) error {
	if err := c.deps.permit(ctx, sellerdesk.RightWork, in.Conversation); err != nil {
		return err
	}
	return c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		conv, err := tx.Conversations.Get(ctx, in.Conversation, in.User)
		if err != nil {
			return err
		}
		i := intent{user: in.User, key: in.Key}
		if _, again, err := i.repeated(ctx, tx, conv.ID, kind); again || err != nil {
			return err
		}
		can, err := c.deps.mayNow(ctx, tx, conv, kind)
		if err != nil {
			return err
		}
		action, text, err := fit(tx, conv, can)
		if err != nil {
			return err
		}
		_, err = i.queue(ctx, tx, conv, action, text, nil)
		return err
	})
}

// mayNow gives the ability for an action that may be done now, or the refusal
// with its reason.
func (d Deps) mayNow(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, kind sellerdesk.ActionKind) (sellerdesk.Ability, error) {
	a, err := allowed(conv.Can, kind)
	if err != nil {
		return a, err
	}
	if a.Until != nil && d.Clock.Now().After(a.Until.Time) {
		return a, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This could be done until %s.", a.Until.UTC().Format("2 January 2006 15:04 UTC"))
	}
	return a, d.once(ctx, tx, conv.ID, kind)
}

// maySay is mayNow for a line of ours. Public answers under several messages
// are several, so that one on its way holds up no other.
func (d Deps) maySay(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, kind sellerdesk.ActionKind, parent sellerdesk.MessageID) (sellerdesk.Ability, error) {
	if parent == 0 {
		return d.mayNow(ctx, tx, conv, kind)
	}
	return allowed(conv.Can, kind)
}

// settling is how long after something was done the remote side may still offer
// it: what it offers now is on its way to us.
const settling = 10 * time.Second

// once refuses what is on its way already and makes sense once only: two people
// may have the same question before them. Lines of a chat are as many as one
// likes.
func (d Deps) once(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, kind sellerdesk.ActionKind) error {
	if kind == sellerdesk.ActionReply || kind == sellerdesk.ActionTemplate {
		return nil
	}
	done := d.Clock.Now()
	switch kind {
	case sellerdesk.ActionAnswer, sellerdesk.ActionReject, sellerdesk.ActionDecide, sellerdesk.ActionOrderReturn:
		done = done.Add(-settling)
	}
	before, found, err := tx.Outbox.Pending(ctx, id, kind, sellerdesk.At(done))
	switch {
	case err != nil || !found:
		return err
	case before.State == sellerdesk.OutboxUnknown && before.Message == nil:
		return nil // no line asks a person about it: the conversation shows how it stands
	case before.State == sellerdesk.OutboxUnknown:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This was done before, and it is not known whether it arrived. Look at it, or withdraw it first.")
	case before.State == sellerdesk.OutboxSent:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This has just been done.")
	default:
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This is on its way already.")
	}
}

// intent is who wants something, and its key.
type intent struct {
	user sellerdesk.UserID
	key  string
	// behind lets it leave after what people say one by one.
	behind bool
}

// repeated tells whether something was queued under the key already, so that it
// is not judged by what has become of it. A key of something else is a
// conflict.
func (i intent) repeated(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, kinds ...sellerdesk.ActionKind) (sellerdesk.OutboxItem, bool, error) {
	if i.key == "" {
		return sellerdesk.OutboxItem{}, false, nil
	}
	item, found, err := tx.Outbox.ByKey(ctx, i.key)
	if err == nil && found && (item.Conversation != id || !slices.Contains(kinds, item.Action)) {
		err = errOtherUse()
	}
	return item, found, err
}

func errOtherUse() error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict, "This key was used for something else.")
}

// queue puts an action on its way.
func (i intent) queue(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, action sellerdesk.Action, text string, files []sellerdesk.FileID) (sellerdesk.Message, error) {
	if i.key == "" {
		i.key = randomToken()
	}
	lane := sellerdesk.LanePerson
	if i.behind {
		lane = sellerdesk.LanePoll
	}
	return tx.Outbox.Queue(ctx, store.NewItem{
		Account:      conv.Account,
		Conversation: conv.ID,
		User:         &i.user,
		Key:          i.key,
		Action:       action,
		Lane:         lane,
		Text:         text,
		Files:        files,
	})
}

// chosen finds a decision among those that are offered.
func chosen(options []sellerdesk.Option, decision string) (sellerdesk.Option, error) {
	values := make([]string, 0, len(options))
	for _, o := range options {
		if o.Value == decision {
			return o, nil
		}
		values = append(values, o.Value)
	}
	if decision == "" {
		return sellerdesk.Option{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Say what is decided; one of: %s.", strings.Join(values, ", ")).InField("decision")
	}
	return sellerdesk.Option{}, sellerdesk.Errorf(sellerdesk.CodeInvalid,
		"The decision %q is not offered here; choose one of: %s.", shown(decision), strings.Join(values, ", ")).InField("decision")
}
