package wildberries

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// claim is a return claim on the wire, from section "Возвраты покупателями" of the contract of 2026-07-23.
type claim struct {
	ID           string   `json:"id"`
	ClaimType    int      `json:"claim_type"`
	Status       int      `json:"status"`
	StatusEx     int      `json:"status_ex"`
	NmID         int64    `json:"nm_id"`
	UserComment  string   `json:"user_comment"`
	WbComment    *string  `json:"wb_comment"`
	Dt           string   `json:"dt"`
	ImtName      *string  `json:"imt_name"`
	OrderDt      string   `json:"order_dt"`
	DtUpdate     string   `json:"dt_update"`
	Photos       []string `json:"photos"`
	VideoPaths   []string `json:"video_paths"`
	Actions      []string `json:"actions"`
	Price        float64  `json:"price"`
	CurrencyCode string   `json:"currency_code"`
	Srid         string   `json:"srid"`
	OriginIDInfo *string  `json:"origin_id_info"`
	DeliveryDt   string   `json:"delivery_dt"`
}

// outcome is what a decision makes of a claim; then are the actions that stay allowed.
type outcome struct {
	status, statusEx int
	then             []string
	comment          string // the remote side's own words; "" where the seller's stand
}

var reconsider = []string{"approve1", "approve2", "autorefund1"}

var outcomes = map[string]outcome{
	"approve1":             {2, 8, nil, "Продавец одобрил вашу заявку. Для возврата средств сдайте товар в пункт выдачи, его проверят на складе."},
	"approve2":             {2, 10, nil, "Продавец одобрил вашу заявку. Для возврата средств необходимо вернуть товар продавцу через пункт выдачи."},
	"autorefund1":          {2, 5, nil, "Продавец одобрил вашу заявку. Деньги вернутся, товар остаётся у вас."},
	"scrap":                {2, 2, nil, "Заявка одобрена. Сдайте товар в пункт выдачи, он будет утилизирован."}, // decided by the platform only
	"reject1":              {1, 1, reconsider, "Пришлось отклонить заявку — подтвердить производственный брак не получилось. Можете отнести товар на независимую экспертизу или в сервисный центр."},
	"reject2":              {1, 1, reconsider, "Пришлось отклонить заявку — нужно чуть больше информации. Создайте новую заявку с такой же причиной возврата, подробно опишите проблему и добавьте фото."},
	"reject3":              {1, 1, reconsider, "Пришлось отклонить заявку — подтвердить производственный брак не получилось. Вы можете отнести товар в сервисный центр: адрес есть на сайте производителя."},
	"rejectcustom":         {1, 1, reconsider, ""},
	"approvecc1":           {2, 10, []string{"confirmreturngoodcc1", "rejectcustom"}, ""},
	"confirmreturngoodcc1": {2, 10, nil, "Продавец получил товар, деньги вернутся в ближайшие дни."},
}

// Bounds of a claim.
const (
	claimsKept       = 14 * 24 * time.Hour
	maxClaims        = 200
	minClaimComment  = 10
	maxClaimComment  = 1000 // characters
	maxBuyersComment = 1000
)

// pickup tells whether the goods were sold for in-store pickup, which has decisions of its own.
func pickup(p sandbox.Post) bool { return p.Luck%8 == 5 }

// decision is the decision of a claim, "" while there is none. That of a generated one follows from its luck.
func decision(p sandbox.Post) string {
	switch {
	case p.Answer == nil:
		return ""
	case p.Answer.Verdict != "":
		return p.Answer.Verdict
	case pickup(p):
		return []string{"approvecc1", "confirmreturngoodcc1", "rejectcustom"}[p.Luck/8%3]
	}
	return []string{"approve1", "approve2", "autorefund1", "reject1", "reject2", "reject3", "rejectcustom", "scrap", "approve1"}[p.Luck/8%9]
}

// actions are the decisions allowed now.
func actions(p sandbox.Post) []string {
	if v := decision(p); v != "" {
		then := outcomes[v].then
		if pickup(p) && v == "rejectcustom" {
			then = []string{"approvecc1"}
		}
		if p.Luck/64%4 == 0 { // some refusals are final
			then = nil
		}
		return append([]string{}, then...)
	}
	switch {
	case pickup(p):
		return []string{"approvecc1", "rejectcustom"}
	case p.Luck/64%16 == 1: // the platform decides such a claim by itself
		return []string{}
	case p.Luck/64%4 == 2:
		return []string{"autorefund1", "approve1", "reject1", "reject2", "reject3", "rejectcustom"}
	}
	return []string{"autorefund1", "approve1", "approve2", "reject1", "reject2", "rejectcustom"}
}

// decide judges a decision and returns why not, in the words of the validation.
func decide(p sandbox.Post, action, comment string) (sandbox.Reply, string) {
	n := utf8.RuneCountInString(comment)
	switch {
	case action == "":
		return sandbox.Reply{}, "The Action field is required."
	case !slices.Contains(actions(p), action):
		return sandbox.Reply{}, fmt.Sprintf("The Action %s is not allowed for this claim.", strconv.Quote(action))
	case comment != "" && action != "rejectcustom" && action != "approvecc1":
		return sandbox.Reply{}, "The Comment field is not allowed for this action."
	case action == "rejectcustom" && comment == "":
		return sandbox.Reply{}, "The Comment field is required."
	case comment != "" && (n < minClaimComment || n > maxClaimComment):
		return sandbox.Reply{}, "The field Comment must be a string with a minimum length of 10 and a maximum length of 1000."
	}
	return sandbox.Reply{Verdict: action, Text: comment}, ""
}

// returnsHost is returns-api.
type returnsHost struct{ *Emulator }

func (h returnsHost) handler() http.Handler {
	mux := http.NewServeMux()
	h.ping(mux, "returns", CategoryReturns)
	mux.Handle("GET /api/v1/claims", h.guard(CategoryReturns, false, "claims", h.claims))
	mux.Handle("PATCH /api/v1/claim", h.guard(CategoryReturns, true, "claim", h.patchClaim))
	return h.rest(mux)
}

type claimProblem struct {
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`
}

// claims lists those of the last 14 days, the newest first.
func (h returnsHost) claims(c *call) {
	q, why := claimQuery(c)
	if why != "" {
		c.fine()
		writeJSON(c.rw, http.StatusBadRequest, "application/problem+json", claimProblem{
			"Invalid query params", "Failed to deserialize query string: " + why, asUUID(h.tickets.next(c.r)),
		})
		return
	}
	q.From = h.world.Now(c.r).Add(-claimsKept).Unix()
	b, found, total := c.account.Board(sandbox.KindClaim), []claim{}, 0
	if wanted := c.r.URL.Query().Get("id"); wanted != "" {
		id, err := sandbox.ParseID(wanted)
		p, ok := b.Post(id)
		if err == nil && ok && p.At.Unix() >= q.From && (p.Answer != nil) == *q.Done && (q.Product == 0 || q.Product == p.Product.Number) {
			if total = 1; q.Skip == 0 {
				found = append(found, h.wireClaim(c, p))
			}
		}
	} else {
		total = b.Count(q)
		for _, p := range b.List(q) {
			found = append(found, h.wireClaim(c, p))
		}
	}
	c.json(http.StatusOK, map[string]any{"claims": played(c.r, found), "total": total})
}

// claimQuery reads the query, or tells what is wrong with it as the remote side does.
func claimQuery(c *call) (sandbox.Query, string) {
	values := c.r.URL.Query()
	q := sandbox.Query{Newest: true, Take: 50}
	switch values.Get("is_archive") {
	case "true", "false":
		done := values.Get("is_archive") == "true"
		q.Done = &done
	case "":
		return q, "missing field `is_archive`"
	default:
		return q, "is_archive: provided string was not `true` or `false`"
	}
	for name, p := range map[string]struct {
		into        *int
		least, most int64
	}{"limit": {&q.Take, 1, maxClaims}, "offset": {&q.Skip, 0, 1 << 31}} {
		if !values.Has(name) {
			continue
		}
		n, err := strconv.ParseInt(values.Get(name), 10, 64)
		if err != nil || n < p.least || n > p.most {
			return q, name + ": invalid value"
		}
		*p.into = int(n)
	}
	if values.Has("nm_id") {
		n, err := strconv.ParseInt(values.Get("nm_id"), 10, 64)
		if err != nil {
			return q, "nm_id: invalid digit found in string"
		}
		if q.Product = n; n == 0 {
			q.Product = -1
		}
	}
	return q, ""
}

// naive writes a time without a zone, in UTC+3.
func naive(t time.Time) string { return t.In(moscow).Format("2006-01-02T15:04:05.999999") }

func (h returnsHost) wireClaim(c *call, p sandbox.Post) claim {
	delivered := p.At.Add(-time.Duration(5+p.Luck%90) * time.Hour).Truncate(time.Second)
	w := claim{
		ID: p.ID.String(), ClaimType: 1, NmID: p.Product.Number, UserComment: firstRunes(p.Text, maxBuyersComment), ImtName: &p.Product.Name,
		Dt: naive(p.At), DtUpdate: naive(p.At), Photos: []string{}, VideoPaths: []string{}, Actions: actions(p),
		Price: float64(p.Product.Price), CurrencyCode: "643", Srid: p.Order,
		OrderDt: naive(delivered.Add(-time.Duration(2+p.Luck%9) * 24 * time.Hour)), DeliveryDt: naive(delivered),
	}
	if p.Luck%5 == 1 {
		w.ClaimType = 3
	}
	if p.Luck%6 == 2 {
		w.Price -= 0.5
	}
	if v := decision(p); v != "" {
		made := outcomes[v]
		w.Status, w.StatusEx, w.DtUpdate = made.status, made.statusEx, naive(p.Answer.At)
		comment := made.comment
		if p.Answer.Text != "" {
			comment = p.Answer.Text
		} else if comment == "" {
			comment = "Заявка рассмотрена. По вопросам пишите нам в чат."
		}
		w.WbComment = &comment
	}
	h.claimMedia(c, p, &w)
	return w
}

func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// patchClaim takes a decision.
func (h returnsHost) patchClaim(c *call) {
	var in struct{ ID, Action, Comment string }
	why := ""
	if err := c.body(&in); err != nil {
		why = "The input was not valid."
	} else if in.Action == "" {
		why = "The Action field is required."
	}
	id, err := sandbox.ParseID(in.ID)
	b := c.account.Board(sandbox.KindClaim)
	p, ok := b.Post(id)
	missing := err != nil || !ok || h.world.Now(c.r).Sub(p.At) > claimsKept
	if why == "" && missing {
		why = "The claim was not found."
	}
	if why == "" {
		_, err = b.Change(id, func(p *sandbox.Post) error {
			var made sandbox.Reply
			if made, why = decide(*p, in.Action, in.Comment); why != "" {
				return errNotEditable
			}
			made.At = h.world.Clock().Now()
			p.Viewed, p.Answer = true, &made
			return nil
		})
		b.Note(id, strings.TrimSpace(in.Action+" "+in.Comment), err == nil)
	}
	if why != "" && !(h.opt.LenientClaims && in.Action != "") {
		c.fine()
		writeJSON(c.rw, http.StatusBadRequest, "application/json; charset=utf-8", claimProblem{
			"Validation error", "Input model is not valid; Details: " + why, "0HN3PI6JUGFSL:" + strings.ToUpper(h.tickets.next(c.r)[:8]),
		})
		return
	}
	c.rw.WriteHeader(http.StatusOK)
}
