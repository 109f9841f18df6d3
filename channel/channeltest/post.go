package channeltest

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// posts are the proofs about conversations of one text and one answer, as
// questions, reviews and claims.
func (s suite) posts() []proof {
	return []proof{
		{"brings what a buyer writes as it was written, and offers what can be done", s.provesPost},
		{"brings the photos of a buyer", s.provesPhotos},
		{"brings a change of stars and words as a change of the same line", s.provesChange},
		{"brings what was answered elsewhere", s.provesAnsweredElsewhere},
		{"answers once, and shows the answer in public", s.provesAnswer},
		{"answers under an answer", s.provesUnder},
		{"edits an answer as long as that is offered", s.provesEdit},
		{"rejects with a text", s.provesReject},
		{"decides by the options that are offered, and by no others", s.provesDecide},
		{"takes what else it offers, and offers it no more", s.provesDeeds},
		{"holds texts against the bounds that it offers", s.provesBounds},
		{"tells what moderation turned away, and takes another answer", s.provesModeration},
		{"classes each failure of an action truly", s.provesDeedFaults},
		{"settles an action of unknown outcome by reading back", s.provesReadBack},
		{"settles an answer of unknown outcome in a store", s.provesAnswerSettled},
		{"does nothing to what does not exist", s.provesNothingThere},
	}
}

// stand is how a conversation stands by the batches that were read.
type stand struct {
	sellerdesk.ConversationPatch
	lines map[sellerdesk.RemoteID]sellerdesk.MessagePatch
}

// take lets a batch speak on one conversation.
func (st *stand) take(b sellerdesk.Batch, kind sellerdesk.Kind, id sellerdesk.RemoteID) {
	for _, c := range b.Conversations {
		if c.Kind != kind || c.RemoteID != id {
			continue
		}
		st.Kind, st.RemoteID = kind, id
		st.Offers, st.Rating = cmp.Or(c.Offers, st.Offers), cmp.Or(c.Rating, st.Rating)
		st.Review, st.Question, st.Claim = cmp.Or(c.Review, st.Review), cmp.Or(c.Question, st.Question), cmp.Or(c.Claim, st.Claim)
		st.Settled, st.Reread = cmp.Or(c.Settled, st.Settled), cmp.Or(c.Reread, st.Reread)
		st.Shut, st.Chat = cmp.Or(c.Shut, st.Shut), cmp.Or(c.Chat, st.Chat)
		st.Buyer, st.Window = cmp.Or(c.Buyer, st.Buyer), cmp.Or(c.Window, st.Window)
		if c.Remote != nil {
			st.Remote = c.Remote
		}
	}
	for _, m := range b.Messages {
		if m.Kind == kind && m.Conversation == id {
			if st.lines == nil {
				st.lines = map[sellerdesk.RemoteID]sellerdesk.MessagePatch{}
			}
			st.lines[m.RemoteID] = m
		}
	}
}

func (st stand) ref() sellerdesk.RemoteRef {
	return sellerdesk.RemoteRef{Kind: st.Kind, ID: st.RemoteID, Remote: st.Remote}
}

// line finds a line of an author; false when there is none.
func (st stand) line(ours bool) (sellerdesk.MessagePatch, bool) {
	for _, m := range st.lines {
		if m.Author.Ours() == ours {
			return m, true
		}
	}
	return sellerdesk.MessagePatch{}, false
}

// can finds what may be done now, as a screen would.
func (st stand) can(table []sellerdesk.Ability, action sellerdesk.ActionKind) (sellerdesk.Ability, bool) {
	if st.Offers == nil {
		return sellerdesk.Ability{}, false
	}
	return sellerdesk.Find(sellerdesk.Abilities(table, sellerdesk.Facts{Offers: *st.Offers}), action)
}

// posted lets a buyer write and reads it.
func (p *probe) posted(l Line) stand {
	p.t.Helper()
	l.Kind = p.suite.kind
	return p.standing(p.Buyer(p.t, l))
}

// standing reads how a conversation stands, in the streams that are not old
// history.
func (p *probe) standing(id sellerdesk.RemoteID) (st stand) {
	p.t.Helper()
	for _, stream := range p.Streams {
		if !stream.Backfill {
			p.drain(stream.Name, "", func(b sellerdesk.Batch) { st.take(b, p.suite.kind, id) })
		}
	}
	if len(st.lines) == 0 {
		p.t.Fatalf("%s %s did not come", p.suite.kind, id)
	}
	return st
}

// patient is how long what is moderated may take, on the clock of the far end.
const patient = 2 * time.Hour

// again reads a conversation back as often as it asks to, until it fits.
func (p *probe) again(st stand, receipt sellerdesk.Receipt, fits func(stand) bool) stand {
	p.t.Helper()
	if p.pushesOnly() {
		return p.told(st, fits)
	}
	if p.History == nil {
		p.t.Skip("the channel reads no single conversation again")
	}
	if receipt.Remote != nil {
		st.Remote = receipt.Remote
	}
	wait := time.Second
	if receipt.Reread != nil {
		wait = *receipt.Reread
	}
	for waited := time.Duration(0); waited < patient; waited += wait {
		if err := p.Clock.Sleep(p.ctx, wait); err != nil {
			p.t.Fatalf("wait: %v", err)
		}
		b, err := p.History(p.ctx, st.ref(), "")
		if err != nil {
			p.failed(err)
			p.t.Fatalf("read %s %s back: %v", st.Kind, st.RemoteID, err)
		}
		p.check(b)
		st.Reread = nil
		st.take(b, st.Kind, st.RemoteID)
		if fits(st) {
			return st
		}
		if st.Reread == nil || *st.Reread <= 0 {
			break
		}
		wait = *st.Reread
	}
	p.t.Fatalf("%s %s does not come to what is expected: %+v, offers %+v", st.Kind, st.RemoteID, st.lines, st.Offers)
	return st
}

// told waits until what was pushed of a conversation fits.
func (p *probe) told(st stand, fits func(stand) bool) stand {
	p.t.Helper()
	for range 5 {
		if st = p.standing(st.RemoteID); fits(st) {
			st.Reread = new(time.Duration) // there is nothing to read again
			return st
		}
		if err := p.Clock.Sleep(p.ctx, time.Second); err != nil {
			p.t.Fatalf("wait: %v", err)
		}
	}
	p.t.Fatalf("%s %s does not come to what is expected: %+v, offers %+v", st.Kind, st.RemoteID, st.lines, st.Offers)
	return st
}

func (p *probe) send(a sellerdesk.Action) (sellerdesk.Receipt, error) {
	return p.connector.Send(sellerdesk.WithLane(p.ctx, sellerdesk.LanePerson), a)
}

// must sends what must be taken.
func (p *probe) must(a sellerdesk.Action) sellerdesk.Receipt {
	p.t.Helper()
	receipt, err := p.send(a)
	if err != nil {
		p.failed(err)
		p.t.Fatalf("%s: %v", a.Kind(), err)
	}
	return receipt
}

func (s suite) provesPost(t *testing.T) {
	p := s.open(t)
	text := says("<script>alert(1)</script> \u202eabc 👩‍👩‍👧 & \"q\"\nsecond line")
	st := p.posted(Line{Text: text, Rating: 2})
	m, ok := st.line(false)
	if !ok || m.Text != text || m.Author != sellerdesk.AuthorBuyer {
		t.Errorf("the buyer's words came as %+v", st.lines)
	}
	if s.kind == sellerdesk.KindReview && (m.Rating == nil || *m.Rating != 2 || st.Rating == nil || *st.Rating != 2) {
		t.Errorf("two stars came as %v and %v", m.Rating, st.Rating)
	}
	if st.Settled != nil && *st.Settled && s.kind != sellerdesk.KindClaim {
		t.Error("nobody waits for an answer to fresh words")
	}
	if st.Offers == nil || len(*st.Offers) == 0 && s.kind != sellerdesk.KindClaim {
		t.Fatal("it does not tell what can be done")
	}
	for _, o := range *st.Offers {
		if _, ok := sellerdesk.Find(s.driver.Can[s.kind], o.Action); !ok {
			t.Errorf("%s is offered and not in the table of the driver", o.Action)
		}
	}
	if s.kind == sellerdesk.KindReview && st.Review == nil || s.kind == sellerdesk.KindQuestion && st.Question == nil ||
		s.kind == sellerdesk.KindClaim && st.Claim == nil {
		t.Error("the part of its kind is missing")
	}
}

func (s suite) provesPhotos(t *testing.T) {
	if !slices.Contains(s.options.Photos, s.kind) {
		t.Skip("the buyer can add no photos")
	}
	p := s.open(t)
	st := p.posted(Line{Text: says("look"), Files: []File{{"a.jpg", 20_000}, {"b.jpg", 30_000}}})
	m, _ := st.line(false)
	if len(m.Files) != 2 || p.Fetch == nil {
		t.Fatalf("the buyer sent 2 photos, %d came", len(m.Files))
	}
	for _, f := range m.Files {
		if len(p.fetch(f)) == 0 {
			t.Errorf("photo %s is empty", f.ID)
		}
	}
}

func (s suite) provesChange(t *testing.T) {
	if s.kind != sellerdesk.KindReview {
		t.Skip("only a review can be changed")
	}
	p := s.open(t)
	st := p.posted(Line{Text: says("bad"), Rating: 1})
	before, _ := st.line(false)
	p.Buyer(t, Line{Kind: s.kind, Conversation: st.RemoteID, Text: says("good after all"), Rating: 5})
	after, _ := p.standing(st.RemoteID).line(false)
	if after.RemoteID != before.RemoteID || after.Text != says("good after all") || after.Rating == nil || *after.Rating != 5 {
		t.Errorf("a changed review came as %+v, before it was %+v", after, before)
	}
}

func (s suite) provesAnsweredElsewhere(t *testing.T) {
	s.ability(t, sellerdesk.ActionAnswer)
	p := s.open(t)
	st := p.posted(Line{Text: says("anybody there?"), Rating: 3})
	at := p.cursors()
	p.Elsewhere(t, Line{Kind: s.kind, Conversation: st.RemoteID, Text: says("from the cabinet")})
	m, ok := p.news(at, func(m sellerdesk.MessagePatch) bool {
		return m.Kind == s.kind && m.Conversation == st.RemoteID && m.Text == says("from the cabinet")
	})
	if !ok || m.Author != sellerdesk.AuthorElsewhere {
		t.Errorf("an answer given in the cabinet does not come as one: %+v", m)
	}
}

// shown tells that our words stand in public.
func shown(text string) func(stand) bool {
	return func(st stand) bool {
		_, ok := st.ours(func(m sellerdesk.MessagePatch) bool { return m.Text == text && m.Status == sellerdesk.MessageDelivered })
		return ok
	}
}

// ours finds a line of ours that fits.
func (st stand) ours(fits func(sellerdesk.MessagePatch) bool) (sellerdesk.MessagePatch, bool) {
	for _, m := range st.lines {
		if m.Author.Ours() && fits(m) {
			return m, true
		}
	}
	return sellerdesk.MessagePatch{}, false
}

func (s suite) provesAnswer(t *testing.T) {
	s.ability(t, sellerdesk.ActionAnswer)
	p := s.open(t)
	st := p.posted(Line{Text: says("is it warm?"), Rating: 4})
	table := s.driver.Can[s.kind]
	if _, ok := st.can(table, sellerdesk.ActionAnswer); !ok {
		t.Fatal("no answer is offered")
	}
	text := says("<b>yes</b> & it's \"warm\"\nсегодня 👍")
	receipt := p.must(sellerdesk.Answer{Conversation: st.ref(), Text: text})
	if got := p.received(st.RemoteID); len(got) != 1 || got[0].Text != text {
		t.Errorf("what arrived is not what was sent: %+v", got)
	}
	st = p.again(st, receipt, shown(text))
	if m, _ := st.line(true); receipt.RemoteID != m.RemoteID {
		t.Errorf("the answer has id %q, the receipt said %q", m.RemoteID, receipt.RemoteID)
	}
	if _, ok := st.can(table, sellerdesk.ActionAnswer); ok != slices.Contains(s.options.Trees, s.kind) {
		t.Errorf("whether a second answer is offered: %v", ok)
	}
	if st.Reread == nil || *st.Reread != 0 {
		t.Errorf("once all is shown it still asks to look again: %v", st.Reread)
	}
}

// provesUnder answers our own answer, which anybody can play: the line must
// come back under the one that it was given to.
func (s suite) provesUnder(t *testing.T) {
	if !slices.Contains(s.options.Trees, s.kind) {
		t.Skip("an answer cannot be answered")
	}
	p := s.open(t)
	st := p.posted(Line{Text: says("is it new?"), Rating: 4})
	first := p.must(sellerdesk.Answer{Conversation: st.ref(), Text: says("it is")})
	st = p.again(st, first, shown(says("it is")))
	second := p.must(sellerdesk.Answer{Conversation: st.ref(), Parent: first.RemoteID, Text: says("it really is")})
	if second.RemoteID == "" || second.RemoteID == first.RemoteID {
		t.Fatalf("the second answer has the id %q, the first %q", second.RemoteID, first.RemoteID)
	}
	st = p.again(st, second, func(st stand) bool { _, ok := st.lines[second.RemoteID]; return ok })
	if under := st.lines[second.RemoteID].Parent; under != first.RemoteID {
		t.Errorf("an answer to %q stands under %q", first.RemoteID, under)
	}
	if _, err := p.send(sellerdesk.Answer{Conversation: st.ref(), Parent: "no-such-line", Text: says("hello?")}); err == nil {
		t.Error("a line that does not exist can be answered")
	} else if class, _ := p.failed(err); class != channel.Refused && class != channel.Gone {
		t.Errorf("an answer to a line that does not exist is %q: %v", class, err)
	}
}

func (s suite) provesEdit(t *testing.T) {
	s.ability(t, sellerdesk.ActionEdit)
	p := s.open(t)
	st := p.posted(Line{Text: says("is it soft?"), Rating: 4})
	table := s.driver.Can[s.kind]
	st = p.again(st, p.must(sellerdesk.Answer{Conversation: st.ref(), Text: says("no")}), shown(says("no")))
	for n, text := range []string{says("not really"), says("hardly"), says("perhaps")} {
		can, offered := st.can(table, sellerdesk.ActionEdit)
		if offered && can.Until != nil && !can.Until.After(p.Clock.Now()) {
			t.Errorf("an edit is offered until %s, which has passed", can.Until)
		}
		if !offered && n == 0 {
			t.Fatal("an answer of a moment ago cannot be edited")
		}
		before, _ := st.line(true)
		receipt, err := p.send(sellerdesk.Edit{Conversation: st.ref(), Text: text})
		p.failed(err)
		if offered {
			if err != nil {
				t.Fatalf("an edit is offered and not taken: %v", err)
			}
			st = p.again(st, receipt, shown(text))
			continue
		}
		// What is not offered is refused, or taken without an effect.
		if err != nil && n > 0 {
			return
		}
		st = p.again(st, receipt, func(stand) bool { return true })
		if after, _ := st.line(true); after.Text != before.Text {
			t.Errorf("no edit is offered, and yet it has an effect")
		}
		return
	}
}

func (s suite) provesReject(t *testing.T) {
	s.ability(t, sellerdesk.ActionReject)
	p := s.open(t)
	st := p.posted(Line{Text: says("buy my things")})
	if _, ok := st.can(s.driver.Can[s.kind], sellerdesk.ActionReject); !ok {
		t.Fatal("a new one cannot be rejected")
	}
	text := says("this is no question")
	st = p.again(st, p.must(sellerdesk.Reject{Conversation: st.ref(), Text: text}), func(st stand) bool {
		m, ok := st.line(true)
		return ok && m.Text == text
	})
	if st.Question != nil && !st.Question.Rejected {
		t.Error("it does not show as rejected")
	}
	if _, ok := st.can(s.driver.Can[s.kind], sellerdesk.ActionAnswer); ok {
		t.Error("what was rejected can be answered")
	}
}

func (s suite) provesBounds(t *testing.T) {
	a := s.ability(t, sellerdesk.ActionAnswer)
	p := s.open(t)
	refused := func(why, text string) {
		t.Helper()
		st := p.posted(Line{Text: says(why), Rating: 3})
		_, err := p.send(sellerdesk.Answer{Conversation: st.ref(), Text: text})
		if class, _ := p.failed(err); class != channel.Refused {
			t.Errorf("%s is %q, want refused: %v", why, class, err)
		}
		if got := p.received(st.RemoteID); len(got) != 0 {
			t.Errorf("%s arrived", why)
		}
	}
	refused("nothing", "")
	refused("blanks", " \n\t ")
	if a.MinLength != nil && *a.MinLength > 1 {
		refused("a text that is too short", strings.Repeat("ж", *a.MinLength-1))
	}
	if a.MaxLength != nil {
		refused("a text that is too long", strings.Repeat("ж", *a.MaxLength+1))
		st := p.posted(Line{Text: says("the longest"), Rating: 3})
		longest := marker + strings.Repeat("ж", *a.MaxLength-len(marker))
		p.again(st, p.must(sellerdesk.Answer{Conversation: st.ref(), Text: longest}), shown(longest))
	}
}

func (s suite) provesModeration(t *testing.T) {
	s.ability(t, sellerdesk.ActionAnswer)
	if s.options.Unfit == "" || s.kind != sellerdesk.KindReview {
		t.Skip("answers are not moderated")
	}
	p := s.open(t)
	st := p.posted(Line{Text: says("how do I reach you?"), Rating: 3})
	text := says(s.options.Unfit)
	banned := func(m sellerdesk.MessagePatch) bool { return m.Status == sellerdesk.MessageRefused }
	st = p.again(st, p.must(sellerdesk.Answer{Conversation: st.ref(), Text: text}), func(st stand) bool {
		_, ok := st.ours(banned)
		return ok
	})
	if m, _ := st.ours(banned); m.Why.Code != sellerdesk.ReasonModeration || m.Why.Text == "" {
		t.Errorf("an answer that moderation turned away has the reason %+v", m.Why)
	}
	if _, ok := st.can(s.driver.Can[s.kind], sellerdesk.ActionAnswer); !ok {
		t.Fatal("after moderation turned an answer away no other is offered")
	}
	p.again(st, p.must(sellerdesk.Answer{Conversation: st.ref(), Text: says("write here")}), shown(says("write here")))
}
