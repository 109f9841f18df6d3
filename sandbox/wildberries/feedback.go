package wildberries

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// feedbackHost is feedbacks-api: questions, reviews and pins, all on one bucket.
type feedbackHost struct{ *Emulator }

func (h feedbackHost) handler() http.Handler {
	mux := http.NewServeMux()
	h.ping(mux, "feedbacks", CategoryFeedbacks)
	for pattern, then := range map[string]func(*call){
		"GET /api/v1/new-feedbacks-questions":    h.news,
		"GET /api/v1/questions/count-unanswered": h.unanswered(sandbox.KindQuestion),
		"GET /api/v1/questions/count":            h.count(sandbox.KindQuestion),
		"GET /api/v1/questions":                  h.questions,
		"GET /api/v1/question":                   h.question,
		"PATCH /api/v1/questions":                h.patchQuestion,
		"GET /api/v1/feedbacks/count-unanswered": h.unanswered(sandbox.KindReview),
		"GET /api/v1/feedbacks/count":            h.count(sandbox.KindReview),
		"GET /api/v1/feedbacks":                  h.reviews,
		"GET /api/v1/feedbacks/archive":          h.archive,
		"GET /api/v1/feedback":                   h.review,
		"POST /api/v1/feedbacks/answer":          h.answer,
		"PATCH /api/v1/feedbacks/answer":         h.editAnswer,
		"POST /api/v1/feedbacks/order/return":    h.orderReturn,
	} {
		mux.Handle(pattern, h.guard(CategoryFeedbacks, pattern[0] == 'P', "feedbacks", h.permitted(then)))
	}
	mux.Handle("GET /api/common/v1/rating", h.guard(CategoryFeedbacks, false, "rating", h.rating))
	pinHost(h).add(mux)
	return h.rest(mux)
}

// permitted refuses a cabinet that may not use questions and reviews at all.
func (h feedbackHost) permitted(then func(*call)) func(*call) {
	if !h.opt.ForbidFeedbacks {
		return then
	}
	return func(c *call) { c.wrong(http.StatusForbidden, "Ошибка авторизации") }
}

// success is the envelope of questions and reviews.
type success struct {
	Data             any      `json:"data"`
	Error            bool     `json:"error"`
	ErrorText        string   `json:"errorText"`
	AdditionalErrors []string `json:"additionalErrors"`
	RequestID        string   `json:"requestId,omitempty"`
}

func (c *call) data(v any) { c.json(http.StatusOK, success{Data: v}) }

// wrong refuses in the shape of questions and reviews.
func (c *call) wrong(status int, text string) {
	c.fine()
	c.json(status, success{Error: true, ErrorText: text, RequestID: asUUID(c.e.tickets.next(c.r))})
}

const somethingWrong = "Something went wrong"

// postID writes the identity of a question or review as the remote side does: letters, digits, - and _.
func postID(id sandbox.ID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

var errID = errors.New("not an id of a question or review")

func parsePostID(remote string) (sandbox.ID, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(remote)
	if err != nil || len(raw) != len(sandbox.ID{}) {
		return sandbox.ID{}, errID
	}
	return sandbox.ID(raw), nil
}

// find is a post of the seller's by its id on the wire.
func (c *call) find(kind sandbox.Kind, remote string) (sandbox.Post, bool) {
	id, err := parsePostID(remote)
	if err != nil {
		return sandbox.Post{}, false
	}
	return c.account.Board(kind).Post(id)
}

// How long the remote side keeps something open.
const (
	staleAfter = 30 * 24 * time.Hour // a review that nobody answers goes to the archive
	editUntil  = 60 * 24 * time.Hour // after its sending an answer may be edited once
)

func stale(kind sandbox.Kind) time.Duration {
	if kind == sandbox.KindReview {
		return staleAfter
	}
	return 0
}

// form reads the query of a list or count; its first mistake wins.
type form struct {
	values url.Values
	bad    string // name of the wrong parameter
}

func (f *form) integer(name string, least, most int64) int64 {
	text := f.values.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if (err != nil || n < least || n > most) && f.bad == "" {
		f.bad = name
	}
	return n
}

func (f *form) required(name string, most int64) int {
	if f.values.Get(name) == "" && f.bad == "" {
		f.bad = name
	}
	return int(f.integer(name, 0, most))
}

func (f *form) answered(must bool) *bool {
	text := f.values.Get("isAnswered")
	done := text != "false"
	if (text != "true" && text != "false" && text != "" || text == "" && must) && f.bad == "" {
		f.bad = "isAnswered"
	}
	return &done
}

const maxDate = 1 << 40

// dates reads the bounds. A question's time has a fraction of a second, so its whole last second lies behind an included dateTo.
func (f *form) dates(q *sandbox.Query, kind sandbox.Kind, strict bool) {
	q.From, q.To = f.integer("dateFrom", 0, maxDate), f.integer("dateTo", 0, maxDate)
	if q.From != 0 && strict && kind == sandbox.KindReview {
		q.From++
	}
	if q.To != 0 && (strict || kind == sandbox.KindQuestion) {
		q.To--
		if q.To == 0 {
			q.To = -1
		}
	}
}

func (f *form) order(oldestFirst bool) (newest bool) {
	switch f.values.Get("order") {
	case "":
		return !oldestFirst
	case "dateAsc":
		return false
	case "dateDesc":
		return true
	}
	if f.bad == "" {
		f.bad = "order"
	}
	return false
}

// list reads the query of a list.
func (h feedbackHost) list(c *call, kind sandbox.Kind, maxTake, maxSkip int64) (sandbox.Query, *form) {
	f := &form{values: c.r.URL.Query()}
	q := sandbox.Query{
		Stale: stale(kind), Product: f.integer("nmId", 1, 1<<53),
		Take: f.required("take", maxTake), Skip: f.required("skip", maxSkip), Newest: f.order(h.opt.OldestFirst),
	}
	return q, f
}

// page are the posts of a list. Take 0 is an empty page.
func page(b *sandbox.Board, q sandbox.Query) []sandbox.Post {
	if q.Take == 0 {
		return nil
	}
	return b.List(q)
}

// played doubles or disorders a list on order; an empty one is never nil.
func played[T any](r *http.Request, list []T) []T {
	fx, all := sandbox.EffectsOf(r), []T{}
	for _, x := range list {
		for range times(fx.Duplicate) {
			all = append(all, x)
		}
	}
	if fx.Reorder {
		slices.Reverse(all)
	}
	return all
}

// open and done count what waits and what does not.
func open(b *sandbox.Board, kind sandbox.Kind) int {
	done := false
	return b.Count(sandbox.Query{Done: &done, Stale: stale(kind)})
}

// news tells whether anything was not viewed.
func (h feedbackHost) news(c *call) {
	c.data(map[string]bool{
		"hasNewQuestions": c.account.Board(sandbox.KindQuestion).Unviewed() > 0, "hasNewFeedbacks": c.account.Board(sandbox.KindReview).Unviewed() > 0,
	})
}

func (h feedbackHost) unanswered(kind sandbox.Kind) func(*call) {
	return func(c *call) {
		b, done := c.account.Board(kind), false
		zone := moscow
		if h.opt.TodayInUTC {
			zone = time.UTC
		}
		year, month, day := h.world.Now(c.r).In(zone).Date()
		today := b.Count(sandbox.Query{Done: &done, Stale: stale(kind), From: time.Date(year, month, day, 0, 0, 0, 0, zone).Unix()})
		c.data(map[string]int{"countUnanswered": open(b, kind), "countUnansweredToday": today})
	}
}

func (h feedbackHost) count(kind sandbox.Kind) func(*call) {
	return func(c *call) {
		f := &form{values: c.r.URL.Query()}
		q := sandbox.Query{Stale: stale(kind), Done: f.answered(false)}
		f.dates(&q, kind, h.opt.StrictDates)
		if f.bad != "" {
			c.wrong(http.StatusBadRequest, "Плохой формат "+f.bad)
			return
		}
		c.data(c.account.Board(kind).Count(q))
	}
}

// rating is the seller's mean of stars; only catalogue services may ask for it.
func (h feedbackHost) rating(c *call) {
	if c.claims.kind() != Service {
		h.gateway(c.rw, c.r, http.StatusForbidden, "forbidden", "base token is not allowed")
		return
	}
	n, mean := c.account.Board(sandbox.KindReview).Rating()
	c.data(map[string]any{"feedbackCount": n, "valuation": mean})
}

const maxBodyJSON = 256 << 10

// body decodes a JSON body of one value.
func (c *call) body(into any) error {
	decode := json.NewDecoder(http.MaxBytesReader(c.rw, c.r.Body, maxBodyJSON))
	if err := decode.Decode(into); err != nil {
		return err
	}
	if decode.Decode(new(json.RawMessage)) != io.EOF {
		return errors.New("more than one value")
	}
	return nil
}

// jsonHeader is what is wrong with the content type, in the remote side's words; "" when nothing is.
func jsonHeader(r *http.Request) string {
	header := r.Header.Get("Content-Type")
	if header == "" {
		return "content-type header not specified"
	}
	kind, _, err := mime.ParseMediaType(header)
	switch {
	case err != nil:
		return "content-type is not a valid mime-type: " + header
	case kind != "application/json":
		return "not a json content-type: " + header
	}
	return ""
}
