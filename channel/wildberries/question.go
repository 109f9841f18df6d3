package wildberries

import (
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// The names of the lines of a question and a claim inside their conversation.
const (
	lineQuestion sellerdesk.RemoteID = "question"
	lineAnswer   sellerdesk.RemoteID = "answer"
	lineClaim    sellerdesk.RemoteID = "claim"
	lineComment  sellerdesk.RemoteID = "comment"
)

// editable is how long after an answer it can be edited, once.
const editable = 60 * 24 * time.Hour

// convertQuestion makes a post of a question.
func convertQuestion(q api.Question) (post, string) {
	if why := unusableID(q.ID, "a question"); why != "" {
		return post{}, why
	}
	if q.CreatedDate.IsZero() {
		return post{}, "a question without a date"
	}
	id, at := sellerdesk.RemoteID(q.ID), sellerdesk.At(q.CreatedDate.Time)
	rejected := q.State == api.QuestionRejected
	p := post{id: q.ID, created: at, undated: -1, answered: q.Answer != nil}
	p.patch = sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindQuestion, RemoteID: id, CreatedAt: &at, UpdatedAt: &at, Product: product(q.Product),
		Question: &sellerdesk.Question{Warned: q.IsWarned, Rejected: rejected}, Offers: questionOffers(q),
	}
	p.messages = []sellerdesk.MessagePatch{{
		Kind: sellerdesk.KindQuestion, Conversation: id, RemoteID: lineQuestion, Author: sellerdesk.AuthorBuyer, Text: q.Text, At: at,
	}}
	switch {
	case q.Answer == nil:
		// Without an answer only a new question waits.
		if rejected || q.State == api.QuestionAnswered {
			p.patch.Settled = yes()
		}
		return p, ""
	case q.Answer.CreateDate.IsZero():
		p.undated = 1
	}
	answer := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindQuestion, Conversation: id, RemoteID: lineAnswer, Author: sellerdesk.AuthorElsewhere, Text: q.Answer.Text,
		At: answeredAt(at, q.Answer.CreateDate.Time), Status: sellerdesk.MessageDelivered,
	}
	if rejected {
		answer.Status = sellerdesk.MessageSent // nobody sees it
	}
	p.messages = append(p.messages, answer)
	p.patch.UpdatedAt = &answer.At
	return p, ""
}

// answeredAt is the moment of an answer, which stands behind what it answers
// whatever its date says.
func answeredAt(asked sellerdesk.Time, at time.Time) sellerdesk.Time {
	if answered := sellerdesk.At(at); answered.After(asked.Time) {
		return answered
	}
	return sellerdesk.At(asked.Add(afterwards))
}

func questionOffers(q api.Question) *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{}
	switch {
	case q.Answer == nil:
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionAnswer}, sellerdesk.Offer{Action: sellerdesk.ActionReject})
	case q.Answer.Editable:
		edit := sellerdesk.Offer{Action: sellerdesk.ActionEdit}
		if !q.Answer.CreateDate.IsZero() {
			until := sellerdesk.At(q.Answer.CreateDate.Add(editable))
			edit.Until = &until
		}
		offers = append(offers, edit)
	}
	if !q.WasViewed {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionView})
	}
	return &offers
}

// product is what a question or review is about.
func product(d api.ProductDetails) *sellerdesk.Product {
	if d.NmID <= 0 {
		return nil
	}
	return &sellerdesk.Product{ID: number(d.NmID), Name: sellerdesk.Optional(strings.TrimSpace(d.ProductName)), Size: sellerdesk.Optional(size(d.Size))}
}

func yes() *bool {
	t := true
	return &t
}
