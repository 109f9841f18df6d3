package yandexmarket

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// player puts into the world what the control API orders, and announces what is new there.
type player struct{ *Emulator }

// happened announces what is new in the world.
func (e player) happened(a *sandbox.Account, v sandbox.Event) {
	id, now := e.id(v.Kind, v.Conversation), e.world.Clock().Now()
	switch v.Kind {
	case sandbox.KindReview:
		e.pushes.add(a, now, e.notice(a, "GOODS_FEEDBACK_CREATED", "createdAt", now, "feedbackId", id, "publishedAt", utc(now)))
	case sandbox.KindQuestion:
		e.pushes.add(a, now, e.notice(a, "QUESTION_CREATED", "createdAt", now, "questionId", id))
	case sandbox.KindChat:
		m := v.Message
		if v.Opens {
			e.pushes.add(a, now, e.notice(a, "CHAT_CREATED", "createdAt", m.At, "chatId", id))
		}
		if !hidden(m) && (m.Text != "" || len(m.Files) > 0) && !(e.opt.NoOwnPush && m.Author == sandbox.Seller) {
			e.pushes.add(a, now, e.notice(a, "CHAT_MESSAGE_SENT", "sentAt", m.At, "chatId", id, "messageId", e.messageID(m.ID)))
		}
	}
}

// buyer takes the words of a buyer that are no message and no post of their own.
func (e player) buyer(a *sandbox.Account, in sandbox.BuyerMessage) (sandbox.Written, bool, error) {
	if in.Conversation == "" {
		return sandbox.Written{}, false, nil
	}
	switch in.Kind {
	case sandbox.KindChat:
		if c, n, ok := e.chatOf(a, in.Conversation); ok {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.facts(n).test {
				return sandbox.Written{}, true, sandbox.Refuse("the buyer of a test chat never answers")
			}
		}
		return sandbox.Written{}, false, nil
	case sandbox.KindReview:
		if in.Rating != nil || in.Text == "" || len(in.Files) > 0 {
			return sandbox.Written{}, false, nil // the author edits the review
		}
		got, err := e.speakUnder(a, in.Conversation, in.Text, byUser, in.From)
		return got, true, err
	}
	got, err := e.speakBelow(a, in.Conversation, in.Text, byUser, in.From)
	return got, true, err
}

// seller takes what is typed in the cabinet under a review or a question.
func (e player) seller(a *sandbox.Account, in sandbox.SellerMessage) (got sandbox.Written, taken bool, err error) {
	switch in.Kind {
	case sandbox.KindReview:
		got, err = e.speakUnder(a, in.Conversation, in.Text, byBusiness, nil)
		return got, true, err
	case sandbox.KindQuestion:
		got, err = e.speakBelow(a, in.Conversation, in.Text, byBusiness, nil)
		return got, true, err
	}
	return got, false, nil
}

func (e player) chatOf(a *sandbox.Account, conversation string) (*cabinet, int, bool) {
	id, err := strconv.ParseInt(conversation, 10, 64)
	if err != nil {
		return nil, 0, false
	}
	n, at, ok := e.own(a, sandbox.KindChat, id)
	if !ok {
		return nil, 0, false
	}
	_, ok = a.Conversation(at)
	return e.cabinet(a), n, ok
}

// post finds a review or a question for the control API.
func (e player) post(a *sandbox.Account, kind sandbox.Kind, conversation, text string) (int, sandbox.Post, error) {
	if text == "" || utf8.RuneCountInString(text) > maxText {
		return 0, sandbox.Post{}, sandbox.Refuse("text of at most %d characters is needed", maxText)
	}
	id, err := strconv.ParseInt(conversation, 10, 64)
	n, at, ok := e.own(a, kind, id)
	if err == nil && ok {
		if p, ok := a.Board(kind).Post(at); ok {
			return n, p, nil
		}
	}
	return 0, sandbox.Post{}, sandbox.Refuse("no such conversation")
}

func nameOf(a *sandbox.Account, p sandbox.Post, by string, from *sandbox.Person) string {
	switch {
	case by == byBusiness:
		return a.Name
	case from != nil:
		return from.Name
	}
	return p.Buyer.Name
}

// speakUnder puts a published comment under a review: below the newest one of the other side, else on the review.
func (e player) speakUnder(a *sandbox.Account, conversation, text, by string, from *sandbox.Person) (sandbox.Written, error) {
	n, p, err := e.post(a, sandbox.KindReview, conversation, text)
	if err != nil {
		return sandbox.Written{}, err
	}
	c, now := e.cabinet(a), e.world.Clock().Now()
	c.mu.Lock()
	t := c.tree(n, p)
	x := &comment{id: c.next(commentBase), text: text, by: by, name: nameOf(a, p, by, from), at: now}
	for _, other := range t.comments {
		if other.by != by && other.status(now) == "PUBLISHED" {
			x.parent = other.id
		}
	}
	t.comments, c.owners[x.id] = append(t.comments, x), n
	c.mu.Unlock()
	if by == byBusiness {
		_, _ = a.Board(sandbox.KindReview).Change(p.ID, func(p *sandbox.Post) error { // it is there
			p.Viewed, p.Answer = true, &sandbox.Reply{Text: text, At: now}
			return nil
		})
	}
	e.pushes.add(a, now, e.notice(a, "GOODS_FEEDBACK_COMMENT_CREATED", "createdAt", now, "commentId", x.id))
	return sandbox.Written{Conversation: conversation, Message: fmt.Sprint(x.id)}, nil
}

// speakBelow puts a published answer below a question; a buyer comments on the newest answer of the shop where there is one.
func (e player) speakBelow(a *sandbox.Account, conversation, text, by string, from *sandbox.Person) (sandbox.Written, error) {
	n, p, err := e.post(a, sandbox.KindQuestion, conversation, text)
	if err != nil {
		return sandbox.Written{}, err
	}
	now := e.world.Clock().Now()
	parent := entity{e.id(sandbox.KindQuestion, p.ID), entityQuestion}
	if by == byUser {
		c := e.cabinet(a)
		c.mu.Lock()
		for _, x := range c.thread(n, p).answers {
			if x.by == byBusiness && x.status(now) == "PUBLISHED" {
				parent = entity{x.id, entityAnswer}
			}
		}
		c.mu.Unlock()
	}
	x, _, why := e.answerUnder(a, n, p, parent, func(id int64) *comment {
		return &comment{id: id, text: text, by: by, name: nameOf(a, p, by, from), at: now}
	})
	if why != "" {
		return sandbox.Written{}, sandbox.Refuse("%s", why)
	}
	if by == byBusiness {
		e.settleQuestion(a, n, p)
	}
	return sandbox.Written{Conversation: conversation, Message: fmt.Sprint(x.id)}, nil
}

// decode reads a control call's body strictly.
func decode(body json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return sandbox.Refuse("body: %v", err)
	}
	return nil
}

func (e player) controlChat(body json.RawMessage) (any, error) {
	var in struct {
		Account, Conversation, Do, Text string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	a, err := e.world.Find(API, in.Account)
	if err != nil {
		return nil, err
	}
	if in.Do == "test" || in.Do == "return" {
		return e.openFor(a, in.Do == "return")
	}
	c, n, ok := e.chatOf(a, in.Conversation)
	if !ok {
		return nil, sandbox.Refuse("no such conversation")
	}
	id := e.world.Identity(sandbox.KindChat, a.WorldNumber(), n)
	got := sandbox.Written{Conversation: in.Conversation}
	if m, ok := map[string]sandbox.Message{
		"sticker":        {Author: sandbox.Buyer, Empty: true},
		"seller_sticker": {Author: sandbox.Seller, Source: sandbox.SourceCabinet, Empty: true},
		"support":        {Author: sandbox.Platform, Source: sourceSupport, Text: in.Text},
	}[in.Do]; ok {
		if in.Do == "support" && in.Text == "" {
			return nil, sandbox.Refuse("text is needed")
		}
		made, _ := e.world.Put(a, &id, nil, m)
		got.Message = e.messageID(made.ID)
		return got, nil
	}
	return got, e.turn(a, c, n, id, in.Do)
}

// turn moves a chat to another state.
func (e player) turn(a *sandbox.Account, c *cabinet, n int, id sandbox.ID, do string) error {
	one, _ := a.Conversation(id)
	now, chat := e.world.Clock().Now(), e.id(sandbox.KindChat, id)
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.facts(n)
	over := f.dispute && f.status == statusFinished
	f.position = one.Messages - 1
	switch {
	case do == "dispute" && f.Type == contextDirect:
		return sandbox.Refuse("there are no disputes about a chat without an order")
	case do == "dispute" && f.dispute && !over:
		return sandbox.Refuse("the dispute has begun already")
	case do == "dispute":
		f.dispute, f.status = true, statusArbiter
		e.pushes.add(a, now, e.notice(a, "CHAT_ARBITRAGE_STARTED", "startedAt", now, "chatId", chat))
	case do == "market":
		f.status = statusMarket
	case do == "resolve" && (!f.dispute || over):
		return sandbox.Refuse("there is no dispute")
	case do == "resolve" || do == "finish" && f.dispute && !over:
		f.status = statusFinished
		e.pushes.add(a, now, e.notice(a, "CHAT_ARBITRAGE_FINISHED", "finishedAt", now, "chatId", chat))
	case do == "finish":
		f.status = statusFinished
	default:
		return sandbox.Refuse("do must be dispute, market, resolve, finish, sticker, seller_sticker, support, test or return")
	}
	return nil
}

// openFor makes an order and the chat about it.
func (e player) openFor(a *sandbox.Account, refund bool) (any, error) {
	c := e.cabinet(a)
	c.mu.Lock()
	o := c.newOrder(sandbox.Person{Name: "Тестовый покупатель"}, refund)
	c.mu.Unlock()
	s := subject{contextOrder, o.order}
	if refund {
		s = subject{contextReturn, o.refund}
	}
	chat, ok := e.open(a, c, s, !refund)
	if !ok {
		return nil, sandbox.Refuse("the chat was opened by somebody else")
	}
	return sandbox.Written{Conversation: fmt.Sprint(chat)}, nil
}

func (e player) controlOrder(body json.RawMessage) (any, error) {
	var in struct {
		Account string
		Return  bool
		Buyer   string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	a, err := e.world.Find(API, in.Account)
	if err != nil {
		return nil, err
	}
	if in.Buyer == "" {
		in.Buyer = "Покупатель"
	}
	c := e.cabinet(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	const most = 10_000
	if len(c.orders) >= most {
		return nil, sandbox.Refuse("at most %d orders without a chat", most)
	}
	return c.newOrder(sandbox.Person{Name: in.Buyer}, in.Return).state(a), nil
}

func (e player) controlCabinet(body json.RawMessage) (any, error) {
	var in struct {
		Account      string
		Disabled     *bool
		Subscription *string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	a, err := e.world.Find(API, in.Account)
	if err != nil {
		return nil, err
	}
	if s := in.Subscription; s != nil && *s != "NONE" && *s != "LIGHT" && *s != "MEDIUM" {
		return nil, sandbox.Refuse("subscription must be NONE, LIGHT or MEDIUM")
	}
	c := e.cabinet(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	if in.Disabled != nil {
		c.disabled = *in.Disabled
	}
	if in.Subscription != nil {
		c.level = *in.Subscription
	}
	return struct{}{}, nil
}

func (e player) controlAnswer(body json.RawMessage) (any, error) {
	var in struct {
		Account, Conversation, Text, By string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	a, err := e.world.Find(API, in.Account)
	if err != nil {
		return nil, err
	}
	if in.By == "" {
		in.By = byUser
	}
	if in.By != byUser && in.By != "VENDOR" && in.By != "BRAND" {
		return nil, sandbox.Refuse("by must be USER, VENDOR or BRAND")
	}
	n, p, err := e.post(a, sandbox.KindQuestion, in.Conversation, in.Text)
	if err != nil {
		return nil, err
	}
	now, name := e.world.Clock().Now(), "Татьяна"
	if in.By != byUser {
		name = p.Product.Brand
	}
	x, _, _ := e.answerUnder(a, n, p, entity{e.id(sandbox.KindQuestion, p.ID), entityQuestion}, func(id int64) *comment {
		return &comment{id: id, text: in.Text, by: in.By, name: name, at: now}
	})
	return sandbox.Written{Conversation: in.Conversation, Message: fmt.Sprint(x.id)}, nil
}
