package channeltest

import (
	"slices"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// decidable makes a conversation that can be decided; not every one can.
func (p *probe) decidable() (stand, sellerdesk.Ability) {
	p.t.Helper()
	for range 20 {
		st := p.posted(Line{Text: says("it is broken")})
		if can, ok := st.can(p.suite.driver.Can[p.suite.kind], sellerdesk.ActionDecide); ok {
			return st, can
		}
	}
	p.t.Fatal("no conversation can be decided")
	return stand{}, sellerdesk.Ability{}
}

func (s suite) provesDecide(t *testing.T) {
	s.ability(t, sellerdesk.ActionDecide)
	p := s.open(t)
	st, can := p.decidable()
	for _, o := range can.Options {
		if o.Value == "" || o.Title[sellerdesk.Russian] == "" || o.Title[sellerdesk.English] == "" {
			t.Errorf("an option lacks its value or a title: %+v", o)
		}
	}
	refused := func(why string, d sellerdesk.Decide) {
		t.Helper()
		d.Conversation = st.ref()
		_, err := p.send(d)
		if class, _ := p.failed(err); class != channel.Refused {
			t.Errorf("%s is %q, want refused: %v", why, class, err)
		}
	}
	refused("no decision", sellerdesk.Decide{})
	refused("a decision that is not offered", sellerdesk.Decide{Decision: "no-such-decision"})
	with := slices.IndexFunc(can.Options, func(o sellerdesk.Option) bool { return o.Comment != nil && o.Comment.Min > 0 })
	without := slices.IndexFunc(can.Options, func(o sellerdesk.Option) bool { return o.Comment == nil })
	if without >= 0 {
		refused("a comment where none is taken", sellerdesk.Decide{Decision: can.Options[without].Value, Comment: says("a comment")})
	}
	chosen := can.Options[0]
	if with >= 0 {
		chosen = can.Options[with]
		refused("a decision without its comment", sellerdesk.Decide{Decision: chosen.Value})
		refused("a comment that is too short", sellerdesk.Decide{Decision: chosen.Value, Comment: strings.Repeat("ж", chosen.Comment.Min-1)})
		refused("a comment that is too long", sellerdesk.Decide{Decision: chosen.Value, Comment: strings.Repeat("ж", chosen.Comment.Max+1)})
	}
	if got := p.received(st.RemoteID); len(got) != 0 {
		t.Fatalf("%d refused decisions arrived", len(got))
	}
	d := sellerdesk.Decide{Conversation: st.ref(), Decision: chosen.Value}
	if chosen.Comment != nil {
		d.Comment = says(strings.Repeat("ж", chosen.Comment.Min))
	}
	st = p.again(st, p.must(d), func(st stand) bool { return st.Claim != nil && st.Claim.Decided })
	if st.Settled == nil || !*st.Settled {
		t.Error("a decided one still waits")
	}
	if m, ok := st.line(true); d.Comment != "" && (!ok || m.Text != d.Comment) {
		t.Errorf("the comment of the decision does not show: %+v", m)
	}
}

// provesDeeds does what needs no words, where it is offered.
func (s suite) provesDeeds(t *testing.T) {
	deeds := map[sellerdesk.ActionKind]func(sellerdesk.RemoteRef) sellerdesk.Action{
		sellerdesk.ActionView:        func(r sellerdesk.RemoteRef) sellerdesk.Action { return sellerdesk.View{Conversation: r} },
		sellerdesk.ActionPin:         func(r sellerdesk.RemoteRef) sellerdesk.Action { return sellerdesk.Pin{Conversation: r} },
		sellerdesk.ActionOrderReturn: func(r sellerdesk.RemoteRef) sellerdesk.Action { return sellerdesk.OrderReturn{Conversation: r} },
	}
	table := s.driver.Can[s.kind]
	p := s.open(t)
	done := 0
	for _, a := range table {
		deed := deeds[a.Action]
		if deed == nil {
			continue
		}
		st := p.posted(Line{Text: says("for " + string(a.Action)), Rating: 2})
		if can, ok := st.can(table, a.Action); !ok || can.Reason != "" {
			t.Errorf("%s is not offered: %s", a.Action, can.Reason)
			continue
		}
		receipt, err := p.send(deed(st.ref()))
		if class, _ := p.failed(err); class == channel.Refused {
			t.Logf("%s is refused: %v", a.Action, err) // the far end may have its reasons
			continue
		} else if err != nil {
			t.Fatalf("%s: %v", a.Action, err)
		}
		st = p.again(st, receipt, func(st stand) bool { _, ok := st.can(table, a.Action); return !ok })
		done++
		if a.Action != sellerdesk.ActionPin {
			continue
		}
		if st.Review == nil || !st.Review.Pinned {
			t.Error("a pinned review does not show as pinned")
		}
		receipt = p.must(sellerdesk.Unpin{Conversation: st.ref()})
		st = p.again(st, receipt, func(st stand) bool { _, ok := st.can(table, sellerdesk.ActionPin); return ok })
		if st.Review.Pinned {
			t.Error("a review that was taken down shows as pinned")
		}
	}
	if done == 0 {
		t.Skip("there is nothing else to do, or all of it was refused")
	}
}

// deed is an action on a fresh conversation of the kind that is played.
func (p *probe) deed(text string) (stand, sellerdesk.Action) {
	p.t.Helper()
	if _, ok := sellerdesk.Find(p.suite.driver.Can[p.suite.kind], sellerdesk.ActionAnswer); ok {
		st := p.posted(Line{Text: says("a question"), Rating: 3})
		return st, sellerdesk.Answer{Conversation: st.ref(), Text: text}
	}
	st, can := p.decidable()
	d := sellerdesk.Decide{Conversation: st.ref(), Decision: can.Options[0].Value}
	if c := can.Options[0].Comment; c != nil && c.Min > 0 {
		d.Comment = says(strings.Repeat("ж", c.Min))
	}
	return st, d
}

func (s suite) provesDeedFaults(t *testing.T) {
	p := s.open(t)
	for _, effect := range []Effect{Throttle, Fail, DropBefore, DropAfter, Truncate} {
		st, action := p.deed(says("after " + string(effect)))
		p.Fault(t, Fault{Call: Send, Kind: s.kind, Action: action.Kind(), Effect: effect, Seconds: 2})
		_, err := p.send(action)
		class, e := p.failed(err)
		arrived := len(p.received(st.RemoteID))
		switch class {
		case "":
			if effect != Truncate || arrived != 1 { // an empty answer cannot be cut
				t.Errorf("%s goes unnoticed", effect)
			}
		case channel.Unknown, channel.Malformed:
			if arrived > 1 {
				t.Errorf("%s: %d copies arrived", effect, arrived)
			}
		default:
			if arrived != 0 {
				t.Errorf("%s is %q, which says that nothing arrived; %d did", effect, class, arrived)
			}
		}
		if effect == Throttle && (class != channel.Throttled || e.RetryAfter <= 0) {
			t.Errorf("a throttled action is %q and says to wait %s", class, e.RetryAfter)
		}
		p.Fault(t)
		if class == channel.Throttled || class == channel.Temporary {
			if err := p.Clock.Sleep(p.ctx, e.RetryAfter); err != nil {
				t.Fatal(err)
			}
			p.must(action)
			if got := p.received(st.RemoteID); len(got) != 1 {
				t.Errorf("%d copies arrived after a repeat, want 1", len(got))
			}
		}
	}
}

// lost performs an action whose answer is lost.
func (p *probe) lost(action sellerdesk.Action) {
	p.t.Helper()
	p.Fault(p.t, Fault{Call: Send, Kind: p.suite.kind, Action: action.Kind(), Effect: DropAfter})
	_, err := p.send(action)
	if class, _ := p.failed(err); class != channel.Unknown {
		p.t.Fatalf("an action whose answer was lost is %q, want unknown: %v", class, err)
	}
	p.Fault(p.t)
}

func (s suite) provesReadBack(t *testing.T) {
	p := s.open(t)
	text := says("did it arrive?")
	st, action := p.deed(text)
	p.lost(action)
	fits := shown(text)
	if s.kind == sellerdesk.KindClaim {
		fits = func(st stand) bool { return st.Claim != nil && st.Claim.Decided }
	}
	// A person who asks reads once; what is moderated shows already.
	p.again(st, sellerdesk.Receipt{}, func(st stand) bool {
		m, ok := st.line(true)
		return fits(st) || ok && m.Text == text && m.Status == sellerdesk.MessageSent
	})
}

func (s suite) provesAnswerSettled(t *testing.T) {
	s.ability(t, sellerdesk.ActionAnswer)
	p := s.open(t)
	if p.History == nil && !p.pushesOnly() {
		t.Skip("the channel reads no single conversation again")
	}
	l := p.ledger()
	text := says("settled by reading back")
	id := p.Buyer(t, Line{Kind: s.kind, Text: says("is it new?"), Rating: 4})
	var st stand
	for _, stream := range p.Streams {
		if !stream.Backfill {
			p.drain(stream.Name, "", func(b sellerdesk.Batch) {
				st.take(b, s.kind, id)
				p.apply(l, stream.Name, b)
			})
		}
	}
	message, err := l.unsettled(p.ctx, id, sellerdesk.Answer{Text: text}, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.lost(sellerdesk.Answer{Conversation: st.ref(), Text: text})
	p.readBack(l, st.ref())
	if got := l.status(p.ctx, t, message); got != sellerdesk.MessageSent && got != sellerdesk.MessageDelivered {
		t.Errorf("reading back does not settle the answer: it is %s", got)
	}
}

// readBack reads a conversation again into a store: from its pushes, where there
// is nothing else.
func (p *probe) readBack(l *ledger, ref sellerdesk.RemoteRef) {
	p.t.Helper()
	if p.pushesOnly() {
		p.into(l, p.Streams, nil)
		return
	}
	b, err := p.History(p.ctx, ref, "")
	if err != nil {
		p.failed(err)
		p.t.Fatalf("read back: %v", err)
	}
	p.apply(l, "", b)
}

func (s suite) provesNothingThere(t *testing.T) {
	p := s.open(t)
	before := len(p.Received(t))
	ref := sellerdesk.RemoteRef{Kind: s.kind, ID: "no-such-thing"}
	for _, a := range []sellerdesk.Action{
		sellerdesk.Answer{Conversation: ref, Text: says("hello")}, sellerdesk.Edit{Conversation: ref, Text: says("hello")},
		sellerdesk.Decide{Conversation: ref, Decision: "approve1"}, sellerdesk.View{Conversation: ref},
		sellerdesk.OrderReturn{Conversation: ref}, sellerdesk.Pin{Conversation: ref},
	} {
		_, err := p.send(a)
		if class, _ := p.failed(err); class != channel.Gone && class != channel.Refused {
			t.Errorf("%s on what does not exist is %q, want gone or refused: %v", a.Kind(), class, err)
		}
	}
	if after := len(p.Received(t)); after != before {
		t.Errorf("%d actions arrived somewhere", after-before)
	}
	if p.History == nil {
		return
	}
	b, err := p.History(p.ctx, ref, "")
	if class, _ := p.failed(err); class != "" && class != channel.Gone || len(b.Conversations)+len(b.Messages) > 0 {
		t.Errorf("reading it back is %q and brings %+v", class, b)
	}
}
