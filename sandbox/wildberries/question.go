package wildberries

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// The wire types of questions, from section "Вопросы" of the contract of 2026-07-23.
type (
	questionAnswer struct {
		Text       string `json:"text"`
		Editable   bool   `json:"editable"`
		CreateDate string `json:"createDate"`
	}
	productDetails struct {
		NmID            int64   `json:"nmId"`
		ImtID           int64   `json:"imtId"`
		ProductName     string  `json:"productName"`
		SupplierArticle string  `json:"supplierArticle"`
		SupplierName    string  `json:"supplierName"`
		BrandName       string  `json:"brandName"`
		Size            *string `json:"size,omitempty"`
	}
	question struct {
		ID             string          `json:"id"`
		Text           string          `json:"text"`
		CreatedDate    string          `json:"createdDate"`
		State          string          `json:"state"`
		Answer         *questionAnswer `json:"answer"`
		ProductDetails productDetails  `json:"productDetails"`
		WasViewed      bool            `json:"wasViewed"`
		IsWarned       bool            `json:"isWarned"`
	}
)

const maxQuestions = 10_000 // take, skip and their sum

// questions answers a page of questions.
func (h feedbackHost) questions(c *call) {
	q, f := h.list(c, sandbox.KindQuestion, maxQuestions, maxQuestions)
	q.Done = f.answered(true)
	f.dates(&q, sandbox.KindQuestion, h.opt.StrictDates)
	if f.bad != "" || q.Take+q.Skip > maxQuestions {
		c.wrong(http.StatusBadRequest, somethingWrong)
		return
	}
	b := c.account.Board(sandbox.KindQuestion)
	var found []question
	for _, p := range page(b, q) {
		found = append(found, h.wireQuestion(c, p))
	}
	waiting := open(b, sandbox.KindQuestion)
	c.data(map[string]any{"countUnanswered": waiting, "countArchive": b.Len() - waiting, "questions": played(c.r, found)})
}

func (h feedbackHost) question(c *call) {
	p, ok := c.find(sandbox.KindQuestion, c.r.URL.Query().Get("id"))
	if !ok {
		c.wrong(http.StatusUnprocessableEntity, "Невозможно получить вопрос по id")
		return
	}
	c.data(h.wireQuestion(c, p))
}

func (h feedbackHost) wireQuestion(c *call, p sandbox.Post) question {
	w := question{
		ID: postID(p.ID), Text: p.Text, CreatedDate: precise(p).Format(time.RFC3339Nano), State: "suppliersPortalSynch",
		ProductDetails: details(c.account, p), WasViewed: p.Viewed, IsWarned: p.Luck%40 == 3,
	}
	if p.Answer != nil {
		w.State = "wbRu"
		if p.Answer.Verdict == rejected {
			w.State = "none"
		}
		w.Answer = &questionAnswer{Text: p.Answer.Text, Editable: editable(p.Answer, h.world.Now(c.r)), CreateDate: p.Answer.At.UTC().Format(time.RFC3339Nano)}
	}
	return w
}

// precise gives the whole seconds of generated questions the fraction that the remote side's have.
func precise(p sandbox.Post) time.Time {
	if p.At.Nanosecond() == 0 {
		return p.At.Add(time.Duration(1 + p.Luck%999_999_998))
	}
	return p.At
}

// details are the product of a post. A supplier's name may start with a space, as in the contract's own example.
func details(a *sandbox.Account, p sandbox.Post) productDetails {
	return productDetails{
		NmID: p.Product.Number, ImtID: imtID(p.Product), ProductName: p.Product.Name, SupplierArticle: p.Product.Article,
		SupplierName: " " + a.Firm, BrandName: p.Product.Brand,
	}
}

// imtID is the group of united cards that an article belongs to; those of similar numbers are united.
func imtID(p sandbox.Product) int64 { return p.Number/60_000 + 250_000_000 }

// editable tells whether an answer may be changed: once, within 60 days.
func editable(r *sandbox.Reply, now time.Time) bool {
	return r.Edits == 0 && now.Before(r.At.Add(editUntil))
}

const rejected = "rejected" // the verdict of a question that was turned away

var errNotEditable = errors.New("not editable")

// patchQuestion views, rejects, answers or edits.
func (h feedbackHost) patchQuestion(c *call) {
	var in struct {
		ID        *string `json:"id"`
		WasViewed *bool   `json:"wasViewed"`
		Answer    *struct {
			Text *string `json:"text"`
		} `json:"answer"`
		State *string `json:"state"`
	}
	err := c.body(&in)
	answers := in.Answer != nil || in.State != nil
	switch {
	case err != nil || in.ID == nil || answers == (in.WasViewed != nil):
		err = errID
	case answers && (in.Answer == nil || in.State == nil || *in.State != "none" && *in.State != "wbRu"):
		err = errID
	case answers && (in.Answer.Text == nil || *in.Answer.Text == ""):
		err = errID
	}
	if err != nil {
		c.wrong(http.StatusBadRequest, somethingWrong)
		return
	}
	p, ok := c.find(sandbox.KindQuestion, *in.ID)
	if !ok {
		c.wrong(http.StatusNotFound, "Не найден отзыв")
		return
	}
	b := c.account.Board(sandbox.KindQuestion)
	if !answers {
		_, err = b.Change(p.ID, func(p *sandbox.Post) error { p.Viewed = *in.WasViewed; return nil })
	} else {
		verdict := map[string]string{"none": rejected, "wbRu": ""}[*in.State]
		_, err = b.Change(p.ID, func(p *sandbox.Post) error { return reply(p, *in.Answer.Text, verdict, h.world.Now(c.r)) })
		b.Note(p.ID, *in.Answer.Text, err == nil)
	}
	if err != nil {
		c.wrong(http.StatusUnprocessableEntity, "Не удалось отредактировать вопрос")
		return
	}
	c.data(nil)
}

// reply answers a question for the first time or edits the answer.
func reply(p *sandbox.Post, text, verdict string, now time.Time) error {
	p.Viewed = true
	if p.Answer == nil {
		p.Answer = &sandbox.Reply{Text: text, Verdict: verdict, At: now}
		return nil
	}
	if !editable(p.Answer, now) {
		return fmt.Errorf("answer of %v: %w", p.Answer.At, errNotEditable)
	}
	p.Answer.Text, p.Answer.Verdict = text, verdict
	p.Answer.Edits++
	return nil
}
