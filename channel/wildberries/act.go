package wildberries

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// lookSoon is when to look at what became of an action. What was answered with
// success proves little: answers to reviews are taken for any id.
const lookSoon = 2 * time.Second

// Send performs one action.
func (c *connector) Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error) {
	switch a := a.(type) {
	case sellerdesk.Reply:
		return c.chats.reply(ctx, a)
	case sellerdesk.Answer:
		return c.board.write(ctx, a.Conversation, a.Text, answering)
	case sellerdesk.Edit:
		return c.board.write(ctx, a.Conversation, a.Text, editing)
	case sellerdesk.Reject:
		return c.board.write(ctx, a.Conversation, a.Text, rejecting)
	case sellerdesk.View:
		return do(a.Conversation, sellerdesk.KindQuestion, func(id string) error {
			return c.written(c.client.Questions.View(ctx, id), api.BucketFeedbacks)
		})
	case sellerdesk.OrderReturn:
		return do(a.Conversation, sellerdesk.KindReview, func(string) error { return c.board.orderReturn(ctx, a.Conversation) })
	case sellerdesk.Pin:
		return do(a.Conversation, sellerdesk.KindReview, func(string) error { return c.board.pin(ctx, a.Conversation) })
	case sellerdesk.Unpin:
		return do(a.Conversation, sellerdesk.KindReview, func(string) error { return c.board.unpin(ctx, a.Conversation) })
	case sellerdesk.Decide:
		return do(a.Conversation, sellerdesk.KindClaim, func(id string) error { return c.board.decide(ctx, id, a) })
	default:
		return sellerdesk.Receipt{}, cannot(a.Kind())
	}
}

func cannot(a sellerdesk.ActionKind) *channel.Error {
	return refuse(sellerdesk.ReasonRefused, "Wildberries does not know this action here.", fmt.Errorf("action %s", a))
}

// written classes the error of a write; nil stays nil.
func (c *cabinet) written(err error, bucket string) error {
	if err == nil {
		return nil
	}
	return c.failure(err, writing, bucket)
}

// do performs an action without words on a conversation of a kind.
func do(ref sellerdesk.RemoteRef, kind sellerdesk.Kind, act func(id string) error) (sellerdesk.Receipt, error) {
	if ref.Kind != kind {
		return sellerdesk.Receipt{}, cannot("on " + sellerdesk.ActionKind(ref.Kind))
	}
	if err := act(string(ref.ID)); err != nil {
		return sellerdesk.Receipt{}, err
	}
	soon := lookSoon
	return sellerdesk.Receipt{Reread: &soon}, nil
}

// manner is what is done with a text.
type manner int

const (
	answering manner = iota
	editing
	rejecting
)

// write answers a question or review, edits the answer, or rejects a question.
func (c *board) write(ctx context.Context, ref sellerdesk.RemoteRef, text string, how manner) (sellerdesk.Receipt, error) {
	if err := bounded(text); err != nil {
		return sellerdesk.Receipt{}, err
	}
	kept, ok := keptOf(ref)
	receipt := sellerdesk.Receipt{RemoteID: lineAnswer}
	var err error
	switch {
	case ref.Kind == sellerdesk.KindQuestion:
		err = c.toQuestion(ctx, string(ref.ID), text, how)
	case ref.Kind == sellerdesk.KindReview && how != rejecting:
		if !ok || kept.Part == "" {
			if kept.Part, err = c.newestPart(ctx, ref.ID); err != nil {
				return sellerdesk.Receipt{}, err
			}
		}
		receipt.RemoteID = answerID(kept.Part)
		err = c.toReview(ctx, kept.Part, text, how)
	default:
		return sellerdesk.Receipt{}, cannot("on " + sellerdesk.ActionKind(ref.Kind))
	}
	if err := c.written(err, api.BucketFeedbacks); err != nil {
		return sellerdesk.Receipt{}, err
	}
	soon := lookSoon
	receipt.Reread = &soon
	receipt.Remote = keptPost{Of: ref.ID, Part: kept.Part, Sent: true}.bytes()
	return receipt, nil
}

func (c *board) toQuestion(ctx context.Context, id, text string, how manner) error {
	switch how {
	case editing:
		return c.client.Questions.Edit(ctx, id, text)
	case rejecting:
		return c.client.Questions.Reject(ctx, id, text)
	default:
		return c.client.Questions.Answer(ctx, id, text)
	}
}

func (c *board) toReview(ctx context.Context, id, text string, how manner) error {
	if how == editing {
		return c.client.Reviews.EditAnswer(ctx, id, text)
	}
	return c.client.Reviews.Answer(ctx, id, text)
}

// bounded holds a text against the bounds that are offered.
func bounded(text string) error {
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case n == 0:
		return refuse(sellerdesk.ReasonRefused, "There is nothing to send.", nil)
	case n < api.MinAnswerLength:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The text is shorter than %d characters.", api.MinAnswerLength), nil)
	case utf8.RuneCountInString(text) > api.MaxAnswerLength:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The text is longer than %d characters.", api.MaxAnswerLength), nil)
	default:
		return nil
	}
}

// newestPart finds which review of a conversation is to be answered. Nothing
// was sent when it fails, so that its error must not look like a doubtful one.
func (c *board) newestPart(ctx context.Context, conversation sellerdesk.RemoteID) (string, error) {
	r, err := c.client.Reviews.One(ctx, string(conversation))
	if err != nil {
		return "", asWrite(c.failure(err, reading, api.BucketFeedbacks))
	}
	return firstText(r.ChildFeedbackID, r.ID), nil
}

// asWrite makes the error of a reading that came before a write say that
// nothing was sent.
func asWrite(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && (e.Class == channel.Malformed || e.Class == channel.Unknown) {
		safe := *e
		safe.Class = channel.Temporary
		return &safe
	}
	return err
}

// orderReturn asks the goods of a review back.
func (c *board) orderReturn(ctx context.Context, ref sellerdesk.RemoteRef) error {
	kept, ok := keptOf(ref)
	if !ok || kept.Part == "" {
		var err error
		if kept.Part, err = c.newestPart(ctx, ref.ID); err != nil {
			return err
		}
	}
	return c.written(c.client.Reviews.OrderReturn(ctx, kept.Part), api.BucketFeedbacks)
}

// decide decides a claim. Whether the claim allows it is the remote side's
// word: what is known here may be old.
func (c *board) decide(ctx context.Context, id string, d sellerdesk.Decide) error {
	comment := strings.TrimSpace(d.Comment)
	limits := option(api.ClaimAction(d.Decision)).Comment
	n := utf8.RuneCountInString(comment)
	switch {
	case strings.TrimSpace(d.Decision) == "":
		return refuse(sellerdesk.ReasonRefused, "Choose a decision.", nil)
	case limits == nil && comment != "":
		return refuse(sellerdesk.ReasonRefused, "This decision takes no comment.", nil)
	case limits != nil && limits.Min > 0 && comment == "":
		return refuse(sellerdesk.ReasonRefused, "This decision needs a comment.", nil)
	case comment != "" && n < api.MinCommentLength:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The comment is shorter than %d characters.", api.MinCommentLength), nil)
	case n > api.MaxCommentLength:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The comment is longer than %d characters.", api.MaxCommentLength), nil)
	}
	answer := api.ClaimAnswer{ID: id, Action: api.ClaimAction(d.Decision), Comment: comment}
	return c.written(c.client.Claims.Answer(ctx, answer), api.BucketClaimAnswer)
}
