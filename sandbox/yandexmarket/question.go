package yandexmarket

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// thread is what was answered to a question, in the order of publication.
type thread struct{ answers []*comment }

// thread of question n; the caller holds the lock.
func (c *cabinet) thread(n int, p sandbox.Post) *thread {
	if t, ok := c.threads[n]; ok {
		return t
	}
	t, account := &thread{}, c.account.WorldNumber()
	if p.Luck%6 == 1 {
		t.answers = append(t.answers, &comment{id: number(answerBase, account, n+replyFrom), text: "Я брала, всё подошло.", by: byUser, name: "Марина", at: p.At.Add(time.Minute)})
	}
	if p.Answer != nil {
		own := &comment{id: number(answerBase, account, n), text: p.Answer.Text, by: byBusiness, name: c.account.Name, at: p.Answer.At}
		if p.Luck%31 == 2 {
			own.comments = append(own.comments, &comment{id: number(commentBase, account, n), text: lastWord(p.Luck), by: byUser, name: p.Buyer.Name, at: p.Answer.At.Add(time.Minute)})
		}
		t.answers = append(t.answers, own)
	}
	c.threads[n] = t
	return t
}

type votesJSON struct {
	Likes    int64 `json:"likes"`
	Dislikes int64 `json:"dislikes"`
}

type questionIDs struct {
	ID       int64  `json:"id"`
	Category int64  `json:"categoryId"`
	Offer    string `json:"offerId"`
}

type questionJSON struct {
	IDs      questionIDs       `json:"questionIdentifiers"`
	Business int64             `json:"businessId"`
	Text     string            `json:"text"`
	Created  string            `json:"createdAt"`
	Votes    votesJSON         `json:"votes"`
	Author   map[string]string `json:"author"`
}

type answerJSON struct {
	ID        int64             `json:"id"`
	Text      string            `json:"text"`
	CanModify bool              `json:"canModify"`
	Author    map[string]string `json:"author"`
	Status    string            `json:"status"`
	Question  int64             `json:"questionId"`
	Created   string            `json:"createdAt"`
	Votes     votesJSON         `json:"votes"`
	Comments  []remarkJSON      `json:"comments,omitempty"`
}

type remarkJSON struct {
	ID        int64             `json:"id"`
	Text      string            `json:"text"`
	CanModify bool              `json:"canModify"`
	Author    map[string]string `json:"author"`
	Status    string            `json:"status"`
	Answer    int64             `json:"answerId"`
	Created   string            `json:"createdAt"`
	Votes     votesJSON         `json:"votes"`
}

func (c questionCall) question(p sandbox.Post) questionJSON {
	return questionJSON{
		questionIDs{c.e.id(sandbox.KindQuestion, p.ID), 90_000 + p.Product.Number%1000, p.Product.Article}, Business(c.account), p.Text, stamp(p.At),
		votesJSON{Likes: int64(p.Luck % 4)}, authorJSON(&comment{by: byUser, name: p.Buyer.Name}),
	}
}

func (c questionCall) answer(x *comment, question int64) answerJSON {
	v := answerJSON{x.id, x.text, x.by == byBusiness, authorJSON(x), x.status(c.now), question, stamp(x.at), votesJSON{}, nil}
	for _, m := range x.comments {
		if !m.deleted {
			v.Comments = append(v.Comments, remarkJSON{m.id, m.text, m.by == byBusiness, authorJSON(m), m.status(c.now), x.id, stamp(m.at), votesJSON{}})
		}
	}
	return v
}

// waits tells whether a question waits for an answer of the shop.
func (c questionCall) waits(p sandbox.Post) bool {
	n := c.numberOf(p)
	c.cabinet.mu.Lock()
	defer c.cabinet.mu.Unlock()
	for _, x := range c.cabinet.thread(n, p).answers {
		if s := x.status(c.now); x.by == byBusiness && s != "DELETED" && s != "BANNED" {
			return false
		}
	}
	return true
}

type questionFilter struct {
	IDs        *[]int64 `json:"questionIds"`
	Categories *[]int64 `json:"categoryIds"`
	From       *string  `json:"dateFrom"`
	To         *string  `json:"dateTo"`
	Need       bool     `json:"needAnswer"`
	Sort       *string  `json:"sort"`
}

// span are the days asked for, both included; the last month when none is.
func (f questionFilter) span(c *call) (from, to time.Time, ok bool) {
	to = c.now.In(moscow)
	to = time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, moscow)
	for i, raw := range []*string{f.To, f.From} {
		if raw == nil {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, *raw, moscow)
		if err != nil {
			c.bad("JSON: a date is written as YYYY-MM-DD")
			return from, to, false
		}
		if i == 0 {
			to = day
		} else {
			from = day
		}
	}
	if f.From == nil {
		from = to.AddDate(0, -1, 0)
	}
	if from.Before(to.AddDate(0, -1, 0)) {
		c.bad("Too long time period. Maximum is '31' days")
		return from, to, false
	}
	return from, to.AddDate(0, 0, 1).Add(-time.Second), true
}

func (c questionCall) questions() {
	var f questionFilter
	if !c.read(&f, false) || !list(c.call, "questionIds", f.IDs, 50) || !list(c.call, "categoryIds", f.Categories, 1000) {
		return
	}
	newest := f.Sort == nil || *f.Sort == "CREATED_AT_DESC"
	if f.Sort != nil && !newest && *f.Sort != "CREATED_AT_ASC" {
		c.bad("JSON: unknown value of sort")
		return
	}
	from, to, ok := f.span(c.call)
	if !ok {
		return
	}
	limit, after, ok := c.page(25, 50)
	if !ok {
		return
	}
	var posts []sandbox.Post
	if f.IDs != nil {
		for _, id := range *f.IDs {
			if _, p, ok := c.asking(id); ok {
				posts = append(posts, p)
			}
		}
	} else {
		posts = c.account.Board(sandbox.KindQuestion).List(sandbox.Query{From: max(1, from.Unix()), To: to.Unix(), Newest: newest})
	}
	posts = slices.DeleteFunc(posts, func(p sandbox.Post) bool {
		return f.Need && !c.waits(p) || !within(f.Categories, c.question(p).IDs.Category)
	})
	start := 0
	if len(after) > 0 {
		start = int(max(0, min(after[0], int64(len(posts)))))
	}
	found, more := []questionJSON{}, paging{}
	for _, p := range posts[start:min(start+limit, len(posts))] {
		found = append(found, c.question(p))
	}
	if start+limit < len(posts) {
		more = nextPage(int64(start + limit))
	}
	c.ok(map[string]any{"questions": disturbed(c.call, found), "totalCount": len(posts), "paging": more})
}

// asking finds a question by its number on the wire.
func (c questionCall) asking(id int64) (int, sandbox.Post, bool) {
	n, at, ok := c.e.own(c.account, sandbox.KindQuestion, id)
	if ok {
		if p, ok := c.account.Board(sandbox.KindQuestion).Post(at); ok {
			return n, p, true
		}
	}
	return 0, sandbox.Post{}, false
}

// under finds the question that an answer or a comment belongs to.
func (c questionCall) under(base, id int64) (int, sandbox.Post, bool) {
	c.cabinet.mu.Lock()
	n, ok := c.cabinet.ownerOf(base, id)
	c.cabinet.mu.Unlock()
	if !ok {
		return 0, sandbox.Post{}, false
	}
	p, ok := c.account.Board(sandbox.KindQuestion).Post(c.e.world.Identity(sandbox.KindQuestion, c.account.WorldNumber(), n))
	return n, p, ok
}

func (c questionCall) answers() {
	var in struct {
		Question *int64   `json:"questionId"`
		IDs      *[]int64 `json:"answerIds"`
	}
	if !c.read(&in, true) || !list(c.call, "answerIds", in.IDs, 50) {
		return
	}
	limit, after, ok := c.page(25, 50)
	if !ok {
		return
	}
	if in.Question == nil && in.IDs == nil {
		c.bad("Missing field: questionId or answerIds")
		return
	}
	var found []answerJSON
	if in.Question != nil {
		n, p, ok := c.asking(*in.Question)
		if !ok {
			c.missing("Question not found.")
			return
		}
		c.cabinet.mu.Lock()
		for _, x := range c.cabinet.thread(n, p).answers {
			if v := c.answer(x, *in.Question); v.Status != "DELETED" && within(in.IDs, x.id) {
				found = append(found, v)
			}
		}
		c.cabinet.mu.Unlock()
	} else {
		for _, id := range *in.IDs {
			n, p, ok := c.under(answerBase, id)
			if !ok {
				continue
			}
			c.cabinet.mu.Lock()
			for _, x := range c.cabinet.thread(n, p).answers {
				if x.id == id && !x.deleted {
					found = append(found, c.answer(x, c.e.id(sandbox.KindQuestion, p.ID)))
				}
			}
			c.cabinet.mu.Unlock()
		}
	}
	answerPage(c.call, "answers", found, limit, after)
}

// entity is what a call about questions names.
type entity struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

const (
	entityQuestion = "QUESTION"
	entityAnswer   = "ANSWER"
	entityComment  = "COMMENT"
)

func (c questionCall) updateQuestion() {
	var in struct {
		Operation string  `json:"operationType"`
		Parent    *entity `json:"parentEntityId"`
		Entity    *entity `json:"entityId"`
		Text      *string `json:"text"`
	}
	if !c.read(&in, true) {
		return
	}
	for _, x := range []*entity{in.Parent, in.Entity} {
		if x != nil && !slices.Contains([]string{entityQuestion, entityAnswer, entityComment}, x.Type) {
			c.bad("JSON: unknown type of an entity")
			return
		}
	}
	const most = 5000
	text := ""
	if in.Text != nil {
		text = *in.Text
	}
	switch k := utf8.RuneCountInString(text); {
	case !slices.Contains([]string{"CREATE", "UPDATE", "DELETE"}, in.Operation):
		c.bad("Missing field: operationType")
	case in.Operation == "CREATE" && in.Parent == nil:
		c.bad("parentEntityId required for CREATE operation")
	case in.Operation != "CREATE" && in.Entity == nil:
		c.bad("entityId required for UPDATE and DELETE operation")
	case in.Operation != "DELETE" && (k < 1 || k > most):
		c.bad("Value / length of field (text) must be between 1 and %d", most)
	case in.Operation != "DELETE" && foreign(text):
		c.bad("Illegal url in comment text.")
	case in.Operation == "CREATE":
		c.createUnder(*in.Parent, text)
	case in.Entity.Type == entityQuestion:
		c.bad("QUESTION entity type cannot be updated")
	default:
		c.changeEntity(*in.Entity, text, in.Operation == "DELETE")
	}
}

// createUnder answers a question or comments on an answer.
func (c questionCall) createUnder(parent entity, text string) {
	var n int
	var p sandbox.Post
	var ok bool
	switch parent.Type {
	case entityComment:
		c.bad("Cannot create a comment on another comment.")
		return
	case entityQuestion:
		n, p, ok = c.asking(parent.ID)
	default:
		n, p, ok = c.under(answerBase, parent.ID)
	}
	if !ok {
		c.missing("%s not found.", parent.Type)
		return
	}
	x, made, why := c.e.answerUnder(c.account, n, p, parent, func(id int64) *comment { return c.e.submitted(c.account, id, 0, text, c.now) })
	board := c.account.Board(sandbox.KindQuestion)
	switch why {
	case "":
	case "Duplicate comment.":
		board.Note(p.ID, text, false)
		c.bad("%s", why)
		return
	default:
		c.missing("%s", why)
		return
	}
	board.Note(p.ID, text, true)
	c.settleQuestion(n, p)
	c.ok(map[string]entity{"entity": {x.id, made}})
}

// settleQuestion shows the newest answer of the shop on the board, which is what the page and the counts look at.
func (c questionCall) settleQuestion(n int, p sandbox.Post) { c.e.settleQuestion(c.account, n, p) }

func (e *Emulator) settleQuestion(a *sandbox.Account, n int, p sandbox.Post) {
	c := e.cabinet(a)
	c.mu.Lock()
	var shown *sandbox.Reply
	for _, x := range c.thread(n, p).answers {
		if x.by == byBusiness && !x.deleted {
			shown = &sandbox.Reply{Text: x.text, At: x.at, CheckedAt: x.checked, Refused: x.banned}
		}
	}
	c.mu.Unlock()
	_, _ = a.Board(sandbox.KindQuestion).Change(p.ID, func(p *sandbox.Post) error { p.Answer, p.Viewed = shown, true; return nil })
}

// answerUnder puts an answer or a comment into a thread and announces it once moderation has let it through.
func (e *Emulator) answerUnder(a *sandbox.Account, n int, p sandbox.Post, parent entity, compose func(id int64) *comment) (x *comment, made, why string) {
	c := e.cabinet(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.thread(n, p)
	siblings, base := &t.answers, int64(answerBase)
	made = entityAnswer
	if parent.Type == entityAnswer {
		i := slices.IndexFunc(t.answers, func(x *comment) bool { return x.id == parent.ID && !x.deleted })
		if i < 0 {
			return nil, "", "ANSWER not found."
		}
		siblings, base, made = &t.answers[i].comments, commentBase, entityComment
	}
	x = compose(c.next(base))
	for _, other := range *siblings {
		if other.by == x.by && other.by == byBusiness && other.text == x.text && !other.deleted {
			return nil, "", "Duplicate comment."
		}
	}
	*siblings, c.owners[x.id] = append(*siblings, x), n
	due := x.at
	if x.checked.After(due) {
		due = x.checked
	}
	switch {
	case x.banned:
	case made == entityAnswer:
		e.pushes.add(a, due, e.notice(a, "QUESTION_ANSWER_CREATED", "createdAt", x.at, "answerId", x.id))
	default:
		e.pushes.add(a, due, e.notice(a, "QUESTION_COMMENT_CREATED", "createdAt", x.at, "answerId", parent.ID, "commentId", x.id))
	}
	return x, made, ""
}

// changeEntity edits or deletes an answer or a comment of the shop.
func (c questionCall) changeEntity(which entity, text string, remove bool) {
	base := int64(answerBase)
	if which.Type == entityComment {
		base = commentBase
	}
	n, p, ok := c.under(base, which.ID)
	if !ok {
		c.missing("%s not found.", which.Type)
		return
	}
	c.cabinet.mu.Lock()
	var x *comment
	for _, a := range c.cabinet.thread(n, p).answers {
		for _, one := range append([]*comment{a}, a.comments...) {
			if one.id == which.ID && !one.deleted {
				x = one
			}
		}
	}
	switch {
	case x == nil:
		c.cabinet.mu.Unlock()
		c.missing("%s not found.", which.Type)
		return
	case x.by != byBusiness:
		c.cabinet.mu.Unlock()
		c.forbidden("No access to comment modifying.")
		return
	case remove:
		x.deleted = true
	default:
		x.text, x.checked, x.banned = text, c.now.Add(c.e.opt.Moderation), c.e.opt.Ban(text)
	}
	c.cabinet.mu.Unlock()
	if !remove {
		c.account.Board(sandbox.KindQuestion).Note(p.ID, text, true)
	}
	c.settleQuestion(n, p)
	c.ok(nil)
}
