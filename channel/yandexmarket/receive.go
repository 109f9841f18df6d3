package yandexmarket

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// Kinds of pushes that tell nothing that this channel shows.
const kindPing = string(api.NotificationPing)

func ofOrders(kind string) bool { return strings.HasPrefix(kind, "ORDER_") }

// Receive reads a push. Nothing in it proves who sent it, so that it is taken
// for a hint: what it names is read again.
func (c *connector) Receive(ctx context.Context, p sellerdesk.Push) (sellerdesk.Batch, error) {
	n, err := api.ParseNotification(p.Body)
	if err != nil {
		return sellerdesk.Batch{}, &channel.Error{
			Class: channel.Malformed, Raw: p.Body[:min(len(p.Body), rawLimit)], Err: err,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: "What came to the push address is not a notification of Yandex Market."},
		}
	}
	kind := string(n.Type)
	if kind == kindPing || ofOrders(kind) {
		return sellerdesk.Batch{}, nil
	}
	if err := c.mayBeOurs(ctx, n.BusinessID); err != nil {
		return sellerdesk.Batch{}, err
	}
	switch n.Type {
	case api.NotificationChatCreated, api.NotificationChatArbitrageStarted, api.NotificationChatArbitrageFinished:
		// What the lists told of the chat is no longer true.
		c.chats.facts.forget(named(n.ChatID))
		return again(sellerdesk.KindChat, n.ChatID, kind)
	case api.NotificationChatMessageSent:
		return again(sellerdesk.KindChat, n.ChatID, kind)
	case api.NotificationGoodsFeedbackCreated:
		return again(sellerdesk.KindReview, n.FeedbackID, kind)
	case api.NotificationGoodsFeedbackCommentCreated:
		return c.board.commented(ctx, n.CommentID, kind)
	case api.NotificationQuestionCreated:
		return again(sellerdesk.KindQuestion, n.QuestionID, kind)
	case api.NotificationQuestionAnswerCreated, api.NotificationQuestionCommentCreated:
		return c.board.answeredBy(ctx, n.AnswerID, kind)
	default:
		return sellerdesk.Batch{}, nil
	}
}

// mayBeOurs refuses what is about another cabinet.
func (c *cabinet) mayBeOurs(ctx context.Context, business int64) error {
	who, err := c.business(ctx)
	if err != nil {
		return err
	}
	if business == 0 || business == who.id {
		return nil // a kind that we do not know may leave it out
	}
	return &channel.Error{
		Class: channel.Malformed, Err: fmt.Errorf("a push about business %d", business),
		Why: sellerdesk.Why{
			Code: sellerdesk.ReasonMalformed,
			Text: sellerdesk.Optional(fmt.Sprintf("The notification is about cabinet %d, and this account is cabinet %d. Correct the address in the other cabinet.", business, who.id)),
		},
	}
}

// again asks to read a conversation again.
func again(kind sellerdesk.Kind, id int64, push string) (sellerdesk.Batch, error) {
	if id < 1 {
		return sellerdesk.Batch{}, misunderstood("a push of type " + cut(push, 60) + " that names nothing")
	}
	return sellerdesk.Batch{Reread: []sellerdesk.RemoteRef{{Kind: kind, ID: named(id)}}}, nil
}

// commented finds the review of a comment, which the push does not name.
func (c *board) commented(ctx context.Context, comment int64, push string) (sellerdesk.Batch, error) {
	if comment < 1 {
		return again(sellerdesk.KindReview, 0, push)
	}
	who, err := c.business(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	got, err := c.client.Reviews.Comments(ctx, who.id, api.ListComments{IDs: []int64{comment}})
	if err != nil {
		return hopeless(c.failure(err, reading))
	}
	i := slices.IndexFunc(got.Items, func(x api.Comment) bool { return x.ID == comment })
	if i < 0 {
		return sellerdesk.Batch{}, nil // it was taken away meanwhile
	}
	return again(sellerdesk.KindReview, got.Items[i].ReviewID, push)
}

// answeredBy finds the question of an answer, which the push does not name.
func (c *board) answeredBy(ctx context.Context, answer int64, push string) (sellerdesk.Batch, error) {
	if answer < 1 {
		return again(sellerdesk.KindQuestion, 0, push)
	}
	who, err := c.business(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	got, err := c.client.Questions.Answers(ctx, who.id, api.ListAnswers{IDs: []int64{answer}})
	if err != nil {
		return hopeless(c.failure(err, reading))
	}
	i := slices.IndexFunc(got.Items, func(x api.Answer) bool { return x.ID == answer })
	if i < 0 {
		return sellerdesk.Batch{}, nil
	}
	return again(sellerdesk.KindQuestion, got.Items[i].QuestionID, push)
}

// hopeless lets a push go that names what is not there: it must not hold up
// those behind it.
func hopeless(err *channel.Error) (sellerdesk.Batch, error) {
	if err.Class == channel.Gone || err.Class == channel.Refused {
		return sellerdesk.Batch{}, nil
	}
	return sellerdesk.Batch{}, err
}
