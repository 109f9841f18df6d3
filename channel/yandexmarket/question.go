package yandexmarket

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// convertQuestion makes a row of a question as the list of those that wait for
// an answer shows it.
func convertQuestion(q api.Question) (out row, why string) {
	switch {
	case q.Identifiers.ID < 1:
		return out, "a question without an id"
	case q.CreatedAt.IsZero():
		return out, "a question without a date"
	}
	id, at := named(q.Identifiers.ID), sellerdesk.At(q.CreatedAt.Time)
	out.patch = sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindQuestion, RemoteID: id, CreatedAt: &at, UpdatedAt: &at, Product: product(q.Identifiers.OfferID),
		Question: &sellerdesk.Question{}, Offers: questionOffers(false),
	}
	if q.Author != nil {
		if name := strings.TrimSpace(q.Author.Name); name != "" {
			out.patch.BuyerName = &name
		}
	}
	out.messages = []sellerdesk.MessagePatch{{
		Kind: sellerdesk.KindQuestion, Conversation: id, RemoteID: lineQuestion, Author: sellerdesk.AuthorBuyer, Text: q.Text, At: at,
	}}
	return out, ""
}

func questionOffers(editable bool) *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{{Action: sellerdesk.ActionAnswer}}
	if editable {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionEdit})
	}
	return &offers
}

// answered makes a post of a question with its answers and their comments.
// settled: it left the list of those that wait.
func (c *cabinet) answered(r row, q api.Question, answers []api.Answer, who business, settled bool) post {
	p := r.post
	buyer := ""
	if q.Author != nil {
		buyer = q.Author.Name
	}
	var st standing
	seen := map[sellerdesk.RemoteID]bool{}
	add := func(line sellerdesk.MessagePatch, w word, at api.Time) {
		if w.id < 1 || w.status == api.CommentDeleted || seen[line.RemoteID] {
			return
		}
		seen[line.RemoteID] = true
		line.Kind, line.Conversation = sellerdesk.KindQuestion, p.patch.RemoteID
		if line.At = sellerdesk.At(at.Time); !line.At.After(p.messages[0].At.Time) {
			line.At = sellerdesk.At(p.messages[0].At.Add(afterwards))
		}
		w.buyer = buyer
		who.attribute(&line, w, &st)
		if line.At.After(p.patch.UpdatedAt.Time) {
			at := line.At
			p.patch.UpdatedAt = &at
		}
		p.messages = append(p.messages, line)
	}
	for _, a := range answers {
		add(sellerdesk.MessagePatch{RemoteID: answerLine(a.ID), Text: a.Text},
			word{id: a.ID, answer: true, author: a.Author, modifiable: a.CanModify, status: a.Status}, a.CreatedAt)
		for _, comment := range a.Comments {
			parent := answerLine(a.ID)
			if comment.ParentID > 0 {
				parent = commentLine(comment.ParentID)
			}
			add(sellerdesk.MessagePatch{RemoteID: commentLine(comment.ID), Parent: parent, Text: comment.Text},
				word{id: comment.ID, author: comment.Author, modifiable: comment.CanModify, status: comment.Status}, comment.CreatedAt)
		}
	}
	p.checking = st.checking
	p.patch.Offers = questionOffers(st.mine != "")
	if st.answered && !lastWordIsBuyers(p.messages) || settled {
		p.patch.Settled = yes()
	}
	p.patch.Remote = kept{Of: p.patch.RemoteID, Mine: st.mine}.bytes()
	return p
}

// lastWordIsBuyers tells that a buyer said something under an answer of ours,
// and nobody of us after that.
func lastWordIsBuyers(lines []sellerdesk.MessagePatch) bool {
	var ours, theirs time.Time
	for _, l := range lines[1:] {
		prefix, _ := lineOf(l.RemoteID)
		switch {
		case l.Author == sellerdesk.AuthorElsewhere && l.At.After(ours):
			ours = l.At.Time
		case l.Author == sellerdesk.AuthorBuyer && prefix == commentPrefix && l.At.After(theirs):
			theirs = l.At.Time
		}
	}
	return !ours.IsZero() && theirs.After(ours)
}

const (
	questionPageSize = 50
	answerPageSize   = 50
	mostAnswerPages  = 40
)

// questionPage reads a page of questions.
func (c *board) questionPage(ctx context.Context, filter api.ListQuestions) (rows, []api.Question, error) {
	who, err := c.business(ctx)
	if err != nil {
		return rows{}, nil, err
	}
	got, err := c.client.Questions.List(ctx, who.id, filter)
	if err != nil {
		return rows{}, nil, c.failure(err, reading)
	}
	out := rows{next: got.Next}
	var good []api.Question
	for _, question := range got.Items {
		r, why := convertQuestion(question)
		if why != "" {
			out.skipped = append(out.skipped, skippedThing(why, question))
			continue
		}
		out.list, good = append(out.list, r), append(good, question)
	}
	out.skipped = append(out.skipped, malformed("a question that cannot be decoded", got.Malformed)...)
	return out, good, nil
}

// answers reads all answers to a question.
func (c *board) answers(ctx context.Context, question int64) ([]api.Answer, error) {
	who, err := c.business(ctx)
	if err != nil {
		return nil, err
	}
	var all []api.Answer
	page := ""
	for range mostAnswerPages {
		got, err := c.client.Questions.Answers(ctx, who.id, api.ListAnswers{QuestionID: question, Limit: answerPageSize, Page: page})
		if err != nil {
			return nil, c.failure(err, reading)
		}
		all = append(all, got.Items...)
		if got.Next == "" || got.Next == page {
			break
		}
		page = got.Next
	}
	return all, nil
}

// questionsWhole reads a page of questions with all their answers.
func (c *board) questionsWhole(ctx context.Context, s step) (haul, error) {
	p, questions, err := c.questionPage(ctx, api.ListQuestions{From: s.from, To: s.to.AddDate(0, 0, 1), Limit: walkSize, Page: s.page})
	if err != nil {
		return haul{}, err
	}
	who, err := c.business(ctx)
	if err != nil {
		return haul{}, err
	}
	out := haul{next: p.next, skipped: p.skipped}
	for i, r := range p.list {
		answers, err := c.answers(ctx, questions[i].Identifiers.ID)
		if err != nil {
			if gone(err) {
				continue
			}
			return haul{}, err
		}
		out.posts = append(out.posts, c.answered(r, questions[i], answers, who, false))
	}
	return out, nil
}

// questionAgain reads one question with its answers.
func (c *board) questionAgain(ctx context.Context, id int64) (post, error) {
	p, questions, err := c.questionPage(ctx, api.ListQuestions{IDs: []int64{id}})
	if err != nil {
		return post{}, err
	}
	who, err := c.business(ctx)
	if err != nil {
		return post{}, err
	}
	i := slices.IndexFunc(questions, func(q api.Question) bool { return q.Identifiers.ID == id })
	if i < 0 {
		return post{}, lost("Yandex Market no longer shows this question.")
	}
	answers, err := c.answers(ctx, id)
	if err != nil {
		return post{}, err
	}
	return c.answered(p.list[i], questions[i], answers, who, c.left.has(named(id))), nil
}
