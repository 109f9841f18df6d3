package yandexmarket

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// tree is what was said under a review, in the order of publication.
type tree struct{ comments []*comment }

// tree of review n; the caller holds the lock.
func (c *cabinet) tree(n int, p sandbox.Post) *tree {
	if t, ok := c.trees[n]; ok {
		return t
	}
	t := &tree{}
	if p.Answer != nil {
		id := number(commentBase, c.account.WorldNumber(), n)
		t.comments = append(t.comments, &comment{id: id, text: p.Answer.Text, by: byBusiness, name: c.account.Name, at: p.Answer.At})
		if p.Luck%31 == 2 { // few buyers had the last word: each such review waits
			t.comments = append(t.comments, &comment{
				id: number(commentBase, c.account.WorldNumber(), n+replyFrom), parent: id, text: lastWord(p.Luck), by: byUser, name: p.Buyer.Name, at: p.Answer.At.Add(time.Minute),
			})
		}
	}
	c.trees[n] = t
	return t
}

// lastWord is what a buyer says to an answer.
func lastWord(luck uint64) string {
	words := []string{"Спасибо, что ответили! А размер подскажете?", "Так и не понял, гарантия есть или нет?", "Написал вам в чат, посмотрите, пожалуйста.", "Благодарю, жду звонка."}
	return words[luck/31%uint64(len(words))]
}

// replyFrom numbers the generated answers of buyers to generated comments; made ones begin at freeFrom.
const replyFrom = 2_500_000

// ownerOf says which review or question a comment or an answer belongs to; the caller holds the lock.
func (c *cabinet) ownerOf(base, id int64) (int, bool) {
	if n, ok := c.owners[id]; ok {
		return n, true
	}
	account, n, ok := split(base, id)
	if !ok || account != c.account.WorldNumber() || n >= freeFrom {
		return 0, false
	}
	return n % replyFrom, true
}

type reviewJSON struct {
	ID          int64            `json:"feedbackId"`
	Created     string           `json:"createdAt"`
	Need        bool             `json:"needReaction"`
	Identifiers identifiersJSON  `json:"identifiers"`
	Author      string           `json:"author,omitempty"`
	Description *descriptionJSON `json:"description,omitempty"`
	Media       *mediaJSON       `json:"media,omitempty"`
	Statistics  statisticsJSON   `json:"statistics"`
}

type identifiersJSON struct {
	Order int64  `json:"orderId"`
	Offer string `json:"offerId"`
}

type descriptionJSON struct {
	Advantages    string `json:"advantages,omitempty"`
	Disadvantages string `json:"disadvantages,omitempty"`
	Comment       string `json:"comment,omitempty"`
}

type mediaJSON struct {
	Photos []string `json:"photos,omitempty"`
}

type statisticsJSON struct {
	Rating      int   `json:"rating"`
	Comments    int64 `json:"commentsCount"`
	Recommended bool  `json:"recommended"`
	Paid        int64 `json:"paidAmount,omitempty"`
}

type commentJSON struct {
	ID        int64             `json:"id"`
	Text      string            `json:"text"`
	CanModify bool              `json:"canModify"`
	Parent    int64             `json:"parentId,omitempty"`
	Author    map[string]string `json:"author,omitempty"`
	Status    string            `json:"status"`
	Review    int64             `json:"feedbackId"`
}

func authorJSON(x *comment) map[string]string {
	a := map[string]string{"type": x.by}
	if x.name != "" {
		a["name"] = x.name
	}
	return a
}

func (c reviewCall) commentView(x *comment, review int64) commentJSON {
	return commentJSON{x.id, x.text, x.by == byBusiness, x.parent, authorJSON(x), x.status(c.now), review}
}

// needs tells whether the shop should react: nobody did yet, or the buyer has changed the review since; the caller holds the lock.
func (c *cabinet) needs(n int, p sandbox.Post) bool {
	if p.Bare() {
		return false
	}
	return p.Answer == nil && !c.skipped[n] || (p.Answer != nil || c.skipped[n]) && !p.Viewed
}

func (c reviewCall) review(p sandbox.Post) reviewJSON {
	n := c.numberOf(p)
	c.cabinet.mu.Lock()
	defer c.cabinet.mu.Unlock()
	v := reviewJSON{
		ID: c.e.id(sandbox.KindReview, p.ID), Created: stamp(p.At), Need: c.cabinet.needs(n, p), Author: p.Buyer.Name,
		Identifiers: identifiersJSON{number(orderBase, c.account.WorldNumber(), n+replyFrom), p.Product.Article},
		Statistics:  statisticsJSON{Rating: p.Stars, Recommended: p.Stars > 3, Paid: paid(p)},
	}
	if p.Text != "" || p.Pros != "" || p.Cons != "" {
		v.Description = &descriptionJSON{p.Pros, p.Cons, p.Text}
	}
	for _, f := range p.Files {
		if v.Media == nil {
			v.Media = &mediaJSON{}
		}
		v.Media.Photos = append(v.Media.Photos, c.e.photo(c.r, f))
	}
	for _, x := range c.cabinet.tree(n, p).comments {
		if x.parent == 0 && !x.deleted && x.status(c.now) != "BANNED" {
			v.Statistics.Comments++
		}
	}
	return v
}

// paid are the points that the shop gave for a review: every ninth.
func paid(p sandbox.Post) int64 {
	if p.Luck%9 == 4 {
		return 150
	}
	return 0
}

func (c *call) numberOf(p sandbox.Post) int {
	_, n, _ := c.e.world.Locate(p.Kind, p.ID)
	return n
}

type reviewFilter struct {
	IDs      *[]int64   `json:"feedbackIds"`
	From     *time.Time `json:"dateTimeFrom"`
	To       *time.Time `json:"dateTimeTo"`
	Reaction *string    `json:"reactionStatus"`
	Ratings  *[]int     `json:"ratingValues"`
	Offers   *[]string  `json:"offerIds"`
	Paid     *bool      `json:"paid"`
}

// check refuses what is not allowed and fills in the six months.
func (f *reviewFilter) check(c *call) bool {
	if !list(c, "feedbackIds", f.IDs, 50) || !list(c, "ratingValues", f.Ratings, 5) || !list(c, "offerIds", f.Offers, 20) {
		return false
	}
	if f.Reaction != nil && *f.Reaction != "ALL" && *f.Reaction != "NEED_REACTION" {
		c.bad("JSON: unknown value of reactionStatus")
		return false
	}
	if f.IDs != nil && (f.From != nil || f.To != nil || f.Reaction != nil || f.Ratings != nil || f.Offers != nil || f.Paid != nil) {
		c.bad("feedbackIds must not be mixed with other filters")
		return false
	}
	const most = 6
	to := c.now.Add(time.Second)
	if f.To == nil {
		f.To = &to
	}
	from := f.To.AddDate(0, -most, 0)
	if f.From == nil {
		f.From = &from
	}
	if f.From.Before(from.Add(-time.Second)) {
		c.bad("Too long time period. Maximum is '183' days")
		return false
	}
	return true
}

func (f *reviewFilter) lets(v reviewJSON, p sandbox.Post) bool {
	return within(f.IDs, v.ID) && within(f.Ratings, p.Stars) && within(f.Offers, p.Product.Article) && (f.Paid == nil || *f.Paid == (v.Statistics.Paid > 0)) &&
		(f.Reaction == nil || *f.Reaction == "ALL" || v.Need) && (f.IDs != nil || p.At.After(*f.From) && p.At.Before(*f.To))
}

// chunk is how many reviews are made at once while a page is looked for.
const chunk = 100

// reviews lists in the order of publication, so that an old token goes on where it stopped.
func (c reviewCall) reviews() {
	var filter reviewFilter
	if !c.read(&filter, false) || !filter.check(c.call) {
		return
	}
	limit, after, ok := c.page(25, 50)
	if !ok {
		return
	}
	board := c.account.Board(sandbox.KindReview)
	skip := 0
	if filter.IDs == nil {
		skip = board.Count(sandbox.Query{To: max(1, filter.From.Unix()-1)})
	}
	if len(after) > 0 {
		skip = max(skip, int(max(0, min(after[0], freeFrom)))+1)
	}
	found, more, last := []reviewJSON{}, paging{}, 0
	for done := false; !done; skip += chunk {
		posts := board.List(sandbox.Query{Skip: skip, Take: chunk})
		done = len(posts) < chunk
		for _, p := range posts {
			v := c.review(p)
			if !filter.lets(v, p) {
				continue
			}
			if len(found) == limit {
				more, done = nextPage(int64(last)), true
				break
			}
			found, last = append(found, v), c.numberOf(p)
		}
	}
	answerList(c.call, "feedbacks", found, more)
}

// feedback finds a review by its number on the wire.
func (c reviewCall) feedback(id int64) (int, sandbox.Post, bool) {
	n, at, ok := c.e.own(c.account, sandbox.KindReview, id)
	if ok {
		if p, ok := c.account.Board(sandbox.KindReview).Post(at); ok {
			return n, p, true
		}
	}
	return 0, sandbox.Post{}, false
}

func (c reviewCall) comments() {
	var in struct {
		Review *int64   `json:"feedbackId"`
		IDs    *[]int64 `json:"commentIds"`
	}
	if !c.read(&in, true) || !list(c.call, "commentIds", in.IDs, 50) {
		return
	}
	limit, after, ok := c.page(25, 50)
	if !ok {
		return
	}
	var found []commentJSON
	switch {
	case in.Review != nil && in.IDs != nil:
		c.bad("feedbackId and commentIds exclude each other")
		return
	case in.Review == nil && in.IDs == nil:
		c.bad("Missing field: feedbackId")
		return
	case in.Review != nil:
		n, p, ok := c.feedback(*in.Review)
		if !ok {
			c.missing("Feedbacks not found.")
			return
		}
		c.cabinet.mu.Lock()
		for _, x := range c.cabinet.tree(n, p).comments {
			found = append(found, c.commentView(x, *in.Review))
		}
		c.cabinet.mu.Unlock()
	default:
		for _, id := range *in.IDs {
			if _, x, p, ok := c.findComment(id); ok {
				found = append(found, c.commentView(x, c.e.id(sandbox.KindReview, p.ID)))
			}
		}
	}
	found = slices.DeleteFunc(found, func(v commentJSON) bool { return v.Status == "DELETED" })
	answerPage(c.call, "comments", found, limit, after)
}

// answerPage cuts a list that is whole already.
func answerPage[T any](c *call, name string, found []T, limit int, after []int64) {
	from := 0
	if len(after) > 0 {
		from = int(max(0, min(after[0], int64(len(found)))))
	}
	more, to := paging{}, min(from+limit, len(found))
	if to < len(found) {
		more = nextPage(int64(to))
	}
	answerList(c, name, append([]T{}, found[from:to]...), more)
}

// findComment finds a comment under any review of the cabinet.
func (c reviewCall) findComment(id int64) (n int, x *comment, p sandbox.Post, ok bool) {
	c.cabinet.mu.Lock()
	n, ok = c.cabinet.ownerOf(commentBase, id)
	c.cabinet.mu.Unlock()
	if !ok {
		return 0, nil, p, false
	}
	if p, ok = c.account.Board(sandbox.KindReview).Post(c.e.world.Identity(sandbox.KindReview, c.account.WorldNumber(), n)); !ok {
		return 0, nil, p, false
	}
	c.cabinet.mu.Lock()
	defer c.cabinet.mu.Unlock()
	for _, x := range c.cabinet.tree(n, p).comments {
		if x.id == id && !x.deleted {
			return n, x, p, true
		}
	}
	return 0, nil, p, false
}

func (c reviewCall) updateComment() {
	var in struct {
		Review  *int64 `json:"feedbackId"`
		Comment *struct {
			ID     *int64  `json:"id"`
			Parent *int64  `json:"parentId"`
			Text   *string `json:"text"`
		} `json:"comment"`
	}
	if !c.read(&in, true) {
		return
	}
	if in.Review == nil || in.Comment == nil || in.Comment.Text == nil {
		c.bad("Missing field: feedbackId, comment and comment.text are required")
		return
	}
	text := *in.Comment.Text
	if k := utf8.RuneCountInString(text); k < 1 || k > maxText {
		c.bad("Value / length of field (text) must be between 1 and %d", maxText)
		return
	}
	n, p, ok := c.feedback(*in.Review)
	if !ok {
		c.missing("Feedbacks not found.")
		return
	}
	if foreign(text) {
		c.bad("Illegal url in comment text.")
		return
	}
	board := c.account.Board(sandbox.KindReview)
	x, why := c.comment(n, p, in.Comment.ID, in.Comment.Parent, text)
	switch why {
	case "":
	case "Duplicate comment.":
		board.Note(p.ID, text, false)
		c.bad("%s", why)
		return
	case "No access to comment modifying.":
		c.forbidden(why)
		return
	default:
		c.missing("%s", why)
		return
	}
	board.Note(p.ID, text, true)
	_, _ = board.Change(p.ID, func(p *sandbox.Post) error { // it is there
		p.Viewed, p.Answer = true, &sandbox.Reply{Text: text, At: c.now, CheckedAt: x.checked, Refused: x.banned}
		return nil
	})
	if !x.banned && in.Comment.ID == nil {
		c.e.pushes.add(c.account, x.checked, c.e.notice(c.account, "GOODS_FEEDBACK_COMMENT_CREATED", "createdAt", x.at, "commentId", x.id))
	}
	c.cabinet.mu.Lock()
	v := c.commentView(x, *in.Review)
	c.cabinet.mu.Unlock()
	c.ok(v)
}

// comment puts a text of the shop into a tree: an edit, an answer to a comment or a new one on the review.
func (c reviewCall) comment(n int, p sandbox.Post, id, parent *int64, text string) (made *comment, why string) {
	c.cabinet.mu.Lock()
	defer c.cabinet.mu.Unlock()
	t := c.cabinet.tree(n, p)
	find := func(id int64) *comment {
		for _, x := range t.comments {
			if x.id == id && !x.deleted {
				return x
			}
		}
		return nil
	}
	for _, x := range t.comments {
		if x.by == byBusiness && !x.deleted && x.text == text && (id == nil || x.id != *id) {
			return nil, "Duplicate comment."
		}
	}
	if id != nil {
		x := find(*id)
		switch {
		case x == nil:
			return nil, "Grade not found."
		case x.by != byBusiness:
			return nil, "No access to comment modifying."
		}
		x.text, x.checked, x.banned = text, c.now.Add(c.e.opt.Moderation), c.e.opt.Ban(text)
		copied := *x
		return &copied, ""
	}
	under := int64(0)
	if parent != nil {
		if find(*parent) == nil {
			return nil, "Grade not found."
		}
		under = *parent
	}
	x := c.e.submitted(c.account, c.cabinet.next(commentBase), under, text, c.now)
	t.comments, c.cabinet.owners[x.id] = append(t.comments, x), n
	return x, ""
}

func (c reviewCall) deleteComment() {
	var in struct {
		ID *int64 `json:"id"`
	}
	if !c.read(&in, true) {
		return
	}
	if in.ID == nil {
		c.bad("Missing field: id")
		return
	}
	n, x, p, ok := c.findComment(*in.ID)
	if !ok {
		c.missing("Grade not found.")
		return
	}
	if x.by != byBusiness {
		c.forbidden("No access to comment modifying.")
		return
	}
	c.cabinet.mu.Lock()
	x.deleted, c.cabinet.skipped[n] = true, true
	left := (*sandbox.Reply)(nil)
	for _, other := range c.cabinet.tree(n, p).comments {
		if other.by == byBusiness && !other.deleted {
			left = &sandbox.Reply{Text: other.text, At: other.at}
		}
	}
	c.cabinet.mu.Unlock()
	_, _ = c.account.Board(sandbox.KindReview).Change(p.ID, func(p *sandbox.Post) error { p.Answer, p.Viewed = left, true; return nil })
	c.ok(nil)
}

func (c reviewCall) skipReaction() {
	var in struct {
		IDs *[]int64 `json:"feedbackIds"`
	}
	if !c.read(&in, true) || !list(c.call, "feedbackIds", in.IDs, 50) {
		return
	}
	if in.IDs == nil {
		c.bad("Missing field: feedbackIds")
		return
	}
	var numbers []int
	var posts []sandbox.Post
	for _, id := range *in.IDs {
		n, p, ok := c.feedback(id)
		if !ok {
			c.missing("Feedbacks not found.")
			return
		}
		numbers, posts = append(numbers, n), append(posts, p)
	}
	for i, p := range posts {
		c.cabinet.mu.Lock()
		c.cabinet.skipped[numbers[i]] = true
		c.cabinet.mu.Unlock()
		_, _ = c.account.Board(sandbox.KindReview).Change(p.ID, func(p *sandbox.Post) error { p.Viewed = true; return nil })
	}
	c.ok(nil)
}
