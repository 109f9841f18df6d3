package wildberries

import (
	"net/http"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// The wire types of reviews, from section "Отзывы" of the contract of 2026-07-23.
type (
	reviewAnswer struct {
		Text     string `json:"text"`
		State    string `json:"state"`
		Editable bool   `json:"editable"`
	}
	photoLink struct {
		FullSize string `json:"fullSize"`
		MiniSize string `json:"miniSize"`
	}
	videoLink struct {
		PreviewImage string `json:"previewImage"`
		Link         string `json:"link"`
		DurationSec  int    `json:"durationSec"`
	}
	review struct {
		ID               string         `json:"id"`
		Text             string         `json:"text"`
		Pros             string         `json:"pros"`
		Cons             string         `json:"cons"`
		ProductValuation int            `json:"productValuation"`
		CreatedDate      string         `json:"createdDate"`
		Answer           *reviewAnswer  `json:"answer"`
		State            string         `json:"state"`
		ProductDetails   productDetails `json:"productDetails"`
		PhotoLinks       []photoLink    `json:"photoLinks"`
		Video            *videoLink     `json:"video"`
		WasViewed        bool           `json:"wasViewed"`
		UserName         string         `json:"userName"`
		OrderStatus      string         `json:"orderStatus"`
		MatchingSize     string         `json:"matchingSize"`

		IsAbleSupplierFeedbackValuation bool `json:"isAbleSupplierFeedbackValuation"`
		SupplierFeedbackValuation       int  `json:"supplierFeedbackValuation"`
		IsAbleSupplierProductValuation  bool `json:"isAbleSupplierProductValuation"`
		SupplierProductValuation        int  `json:"supplierProductValuation"`

		IsAbleReturnProductOrders bool     `json:"isAbleReturnProductOrders"`
		ReturnProductOrdersDate   *string  `json:"returnProductOrdersDate"`
		Bables                    []string `json:"bables"`
		LastOrderShkID            int64    `json:"lastOrderShkId"`
		LastOrderCreatedAt        string   `json:"lastOrderCreatedAt"`
		Color                     string   `json:"color"`
		SubjectID                 int      `json:"subjectId"`
		SubjectName               string   `json:"subjectName"`
		ParentFeedbackID          *string  `json:"parentFeedbackId"`
		ChildFeedbackID           *string  `json:"childFeedbackId"`
	}
)

const (
	maxReviews    = 5_000
	maxReviewSkip = 199_990
	minAnswer     = 2
	maxAnswer     = 5_000 // characters
)

// reviews answers a page of reviews, processed or not.
func (h feedbackHost) reviews(c *call) {
	q, f := h.list(c, sandbox.KindReview, maxReviews, maxReviewSkip)
	q.Done = f.answered(true)
	f.dates(&q, sandbox.KindReview, h.opt.StrictDates)
	if f.bad != "" {
		c.wrong(http.StatusBadRequest, somethingWrong)
		return
	}
	b := c.account.Board(sandbox.KindReview)
	found, waiting := h.wireReviews(c, page(b, q)), open(b, sandbox.KindReview)
	c.data(map[string]any{"countUnanswered": waiting, "countArchive": b.Len() - waiting, "feedbacks": found})
}

// archive answers a page of processed reviews. That a skip beyond that of the list is what cannot be processed is a guess.
func (h feedbackHost) archive(c *call) {
	done := true
	q, f := h.list(c, sandbox.KindReview, maxReviews, 1<<40)
	q.Done = &done
	switch {
	case f.bad != "":
		c.wrong(http.StatusBadRequest, somethingWrong)
	case q.Skip > maxReviewSkip:
		c.wrong(http.StatusUnprocessableEntity, "Не удалось получить архивные отзывы по фильтру")
	default:
		c.data(map[string]any{"feedbacks": h.wireReviews(c, page(c.account.Board(sandbox.KindReview), q))})
	}
}

func (h feedbackHost) review(c *call) {
	p, ok := c.find(sandbox.KindReview, c.r.URL.Query().Get("id"))
	if !ok {
		c.wrong(http.StatusUnprocessableEntity, "Невозможно получить отзыв по id")
		return
	}
	c.data(h.wireReview(c, p))
}

func (h feedbackHost) wireReviews(c *call, posts []sandbox.Post) []review {
	found := make([]review, 0, len(posts))
	for _, p := range posts {
		found = append(found, h.wireReview(c, p))
	}
	return played(c.r, found)
}

var orderStatuses = map[string]string{"kept": "buyout", "refused": "rejected", "returned": "returned", "": "notSpecified"}

func (h feedbackHost) wireReview(c *call, p sandbox.Post) review {
	now := h.world.Now(c.r)
	w := review{
		ID: postID(p.ID), Text: p.Text, Pros: p.Pros, Cons: p.Cons, ProductValuation: p.Stars,
		CreatedDate: p.At.In(moscow).Format(time.RFC3339), State: "none", ProductDetails: details(c.account, p),
		WasViewed: p.Viewed, UserName: p.Buyer.Name, OrderStatus: orderStatuses[p.Bought], MatchingSize: p.Fit,
		IsAbleSupplierFeedbackValuation: p.Stars <= 3, IsAbleReturnProductOrders: returnable(p),
		Bables: p.Tags, LastOrderShkID: 20_000_000_000 + int64(p.Luck>>32), Color: p.Product.Color,
	}
	w.ProductDetails.Size = &p.Size
	w.SubjectID, w.SubjectName = subject(p.Product)
	if p.Luck%25 != 4 { // some orders are too old to be known
		w.LastOrderCreatedAt = p.At.Add(-time.Duration(2+p.Luck%19) * 24 * time.Hour).In(moscow).Format(time.RFC3339)
	}
	if !p.ReturnAt.IsZero() {
		at := p.ReturnAt.UTC().Format(time.RFC3339)
		w.ReturnProductOrdersDate = &at
	} else if p.Luck%3 == 0 {
		w.ReturnProductOrdersDate = new(string) // "" and null both occur
	}
	if p.Parent != (sandbox.ID{}) {
		id := postID(p.Parent)
		w.ParentFeedbackID = &id
	}
	if p.Child != (sandbox.ID{}) {
		id := postID(p.Child)
		w.ChildFeedbackID = &id
	}
	h.wireMedia(c, p, &w)
	if p.Bare() || now.Sub(p.At) >= staleAfter {
		w.State = "wbRu"
	}
	if r := p.Answer; r != nil {
		w.Answer = &reviewAnswer{r.Text, "wbRu", editable(r, now)}
		switch real := h.world.Clock().Now(); {
		case r.Checking(real):
			w.Answer.State = "reviewRequired"
		case r.Refused:
			w.Answer.State = h.opt.RejectedState
		}
		if !r.Turned(h.world.Clock().Now()) {
			w.State = "wbRu"
		}
	}
	return w
}

// returnable tells whether the seller may ask for the goods back: kept by a buyer who is not content.
func returnable(p sandbox.Post) bool {
	return p.Bought == "kept" && p.Stars <= 3 && p.Order != "" && p.ReturnAt.IsZero()
}

// subject is the kind of goods; the world does not know the remote side's numbers, so they are made of the name.
func subject(p sandbox.Product) (int, string) {
	name := p.Subject()
	n := 0
	for _, r := range name {
		n = (n*31 + int(r)) % 7_000
	}
	return 50 + n, name
}

// answer takes the first answer to a review. An unknown id is no error: the remote side does not look.
func (h feedbackHost) answer(c *call) {
	id, text, ok := c.answerBody()
	if !ok {
		return
	}
	now := h.world.Clock().Now()
	c.put(id, text, func(p *sandbox.Post) error {
		if p.Answer != nil && !p.Answer.Turned(now) && !h.opt.SecondAnswerReplaces {
			return errNotEditable // taken without an effect
		}
		p.Viewed, p.Answer = true, h.moderated(&sandbox.Reply{Text: text, At: now})
		return nil
	})
}

// editAnswer changes an answer once within 60 days; later it is taken without an effect.
func (h feedbackHost) editAnswer(c *call) {
	id, text, ok := c.answerBody()
	if !ok {
		return
	}
	now := h.world.Clock().Now()
	c.put(id, text, func(p *sandbox.Post) error {
		if p.Answer == nil || !editable(p.Answer, now) {
			return errNotEditable
		}
		p.Answer.Text = text
		p.Answer.Edits++
		h.moderated(p.Answer)
		return nil
	})
}

// put answers 204 whatever becomes of a change.
func (c *call) put(remote, text string, change func(*sandbox.Post) error) {
	if id, err := parsePostID(remote); err == nil {
		b := c.account.Board(sandbox.KindReview)
		if _, ok := b.Post(id); ok {
			_, err = b.Change(id, change)
			b.Note(id, text, err == nil)
		}
	}
	c.rw.WriteHeader(http.StatusNoContent)
}

// moderated sends an answer to moderation.
func (h feedbackHost) moderated(r *sandbox.Reply) *sandbox.Reply {
	r.CheckedAt, r.Refused = time.Time{}, h.opt.RejectAnswer(r.Text)
	if h.opt.AnswerModeration > 0 {
		r.CheckedAt = h.world.Clock().Now().Add(h.opt.AnswerModeration)
	}
	return r
}

// A text with one of these never comes through moderation.
var (
	phone = regexp.MustCompile(`(?:\+7|\b[78])[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b`)
	site  = regexp.MustCompile(`(?i)https?://|www\.|\bt\.me/|[a-zа-я0-9-]+\.(?:ru|com|рф|org|net)(?:[^\pL\d]|$)|[\w.]+@[\w.]+\.\w+`)
)

// hasContacts tells whether a text names a telephone, a site or a mailbox.
func hasContacts(text string) bool { return phone.MatchString(text) || site.MatchString(text) }

// answerBody reads a body of the two answer methods, or refuses it.
func (c *call) answerBody() (id, text string, ok bool) {
	var in struct {
		ID   *string `json:"id"`
		Text *string `json:"text"`
	}
	why := jsonHeader(c.r)
	if why == "" {
		if err := c.body(&in); err != nil {
			why = "Неверный синтаксис JSON"
		}
	}
	if why != "" {
		c.fine()
		c.json(http.StatusBadRequest, map[string]string{"title": "bad request", "requestId": c.e.tickets.next(c.r), "origin": "fbapi", "detail": why})
		return "", "", false
	}
	if in.ID == nil || in.Text == nil {
		c.wrong(http.StatusBadRequest, somethingWrong)
		return "", "", false
	}
	if n := utf8.RuneCountInString(*in.Text); n < minAnswer || n > maxAnswer {
		c.wrong(http.StatusBadRequest, somethingWrong)
		return "", "", false
	}
	return *in.ID, *in.Text, true
}

// orderReturn asks the buyer of a review to bring the goods back.
func (h feedbackHost) orderReturn(c *call) {
	var in struct {
		FeedbackID string `json:"feedbackId"`
	}
	if err := c.body(&in); err != nil {
		c.wrong(http.StatusBadRequest, "failed to decode JSON request.")
		return
	}
	id, err := parsePostID(in.FeedbackID)
	if err != nil {
		c.wrong(http.StatusBadRequest, "Неправильный id в запросе")
		return
	}
	b := c.account.Board(sandbox.KindReview)
	p, ok := b.Post(id)
	switch {
	case !ok:
		c.wrong(http.StatusBadRequest, "Не удалось получить отзыв")
		return
	case p.Luck%50 == 9 && returnable(p): // some never work
		c.wrong(http.StatusUnprocessableEntity, "Не удалось выполнить запрос на возврат покупок")
		return
	}
	if _, err := b.Change(id, func(p *sandbox.Post) error {
		if !returnable(*p) {
			return errNotEditable
		}
		p.ReturnAt = h.world.Now(c.r)
		return nil
	}); err != nil {
		c.wrong(http.StatusUnprocessableEntity, "Запрос на возврат покупок недоступен")
		return
	}
	c.data(map[string]any{})
}
