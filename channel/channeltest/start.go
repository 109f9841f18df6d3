package channeltest

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// starts are the proofs about where chats begin and end.
func (s suite) starts() []proof {
	return []proof{
		{"starts a conversation once, and opens it the second time", s.provesOpen},
		{"refuses to start what there is no reason for", s.provesNoSubject},
		{"classes each failure of a start truly", s.provesOpenFaults},
		{"tells where nobody may write, and why", s.provesShut},
	}
}

// subject gives something to talk about.
func (p *probe) subject() sellerdesk.Open {
	p.t.Helper()
	p.suite.ability(p.t, sellerdesk.ActionOpen)
	if p.Subject == nil {
		p.t.Skip("the test of the channel has nothing to start a conversation about")
	}
	a := p.Subject(p.t)
	a.Conversation.Kind = p.suite.kind
	return a
}

func (s suite) provesOpen(t *testing.T) {
	a := s.ability(t, sellerdesk.ActionOpen)
	if len(a.Options) == 0 {
		t.Error("nothing says what a conversation can be started about")
	}
	for _, o := range a.Options {
		if o.Value == "" || o.Title[sellerdesk.Russian] == "" || o.Title[sellerdesk.English] == "" {
			t.Errorf("an option lacks its value or a title: %+v", o)
		}
	}
	p := s.open(t)
	about := p.subject()
	first := p.must(about)
	if first.Conversation == "" {
		t.Fatal("the receipt does not name the conversation that was started")
	}
	if second := p.must(about); second.Conversation != first.Conversation {
		t.Errorf("the second time it starts %q, the first time %q", second.Conversation, first.Conversation)
	}
	ref := sellerdesk.RemoteRef{Kind: s.kind, ID: first.Conversation, Remote: first.Remote}
	if taken, why := p.outcome(p.reply(ref, says("good day"))); !taken {
		t.Errorf("nothing can be said in a conversation that was started: %s", why.Text)
	}
	if got := p.received(first.Conversation); len(got) != 1 {
		t.Errorf("%d messages arrived in it", len(got))
	}
	if p.History == nil {
		return
	}
	b, err := p.History(p.ctx, ref, "")
	if err != nil {
		p.failed(err)
		t.Fatalf("read it: %v", err)
	}
	var st stand
	st.take(b, s.kind, first.Conversation)
	if about.Order != "" && (len(b.Conversations) == 0 || b.Conversations[0].Order == nil || *b.Conversations[0].Order != about.Order) {
		t.Errorf("it is not about order %q: %+v", about.Order, b.Conversations)
	}
}

func (s suite) provesNoSubject(t *testing.T) {
	p := s.open(t)
	p.subject()
	for _, a := range []sellerdesk.Open{{}, {Order: "no such order"}, {Return: "-1"}, {Order: "999999999999"}, {Order: "1", Return: "1"}} {
		a.Conversation.Kind = s.kind
		_, err := p.send(a)
		if class, _ := p.failed(err); class != channel.Refused {
			t.Errorf("a conversation about order %q, return %q is %q, want refused: %v", a.Order, a.Return, class, err)
		}
	}
}

func (s suite) provesOpenFaults(t *testing.T) {
	p := s.open(t)
	for _, effect := range []Effect{Throttle, Fail, DropBefore, DropAfter, Truncate} {
		about := p.subject()
		p.Fault(t, Fault{Call: Send, Kind: s.kind, Action: sellerdesk.ActionOpen, Effect: effect, Seconds: 2})
		_, err := p.send(about)
		class, e := p.failed(err)
		if err == nil {
			t.Errorf("%s goes unnoticed", effect)
		}
		p.Fault(t)
		if class != channel.Throttled && class != channel.Temporary {
			continue // nobody repeats it
		}
		if err := p.Clock.Sleep(p.ctx, e.RetryAfter); err != nil {
			t.Fatal(err)
		}
		if first, second := p.must(about), p.must(about); first.Conversation != second.Conversation {
			t.Errorf("after %s there are two conversations about one thing", effect)
		}
	}
}

func (s suite) provesShut(t *testing.T) {
	p := s.open(t)
	if p.Shut == nil {
		t.Skip("the far end shuts no conversation")
	}
	id, code := p.Shut(t)
	var st stand
	for _, stream := range p.Streams {
		p.drain(stream.Name, "", func(b sellerdesk.Batch) { st.take(b, s.kind, id) })
	}
	if st.ConversationPatch.Shut == nil || st.ConversationPatch.Shut.Code != code || st.ConversationPatch.Shut.Text == "" {
		t.Fatalf("a conversation that takes nothing is shut for %+v, want %q", st.ConversationPatch.Shut, code)
	}
	can := sellerdesk.Abilities(s.driver.Can[s.kind], sellerdesk.Facts{Shut: *st.ConversationPatch.Shut})
	if a, ok := sellerdesk.Find(can, sellerdesk.ActionReply); !ok || a.Reason == "" {
		t.Errorf("a reply is offered where nobody may write: %+v", a)
	}
}
