package channeltest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// sends are the proofs about what leaves.
func (s suite) sends() []proof {
	return []proof{
		{"sends a reply once and shows it in the feed", s.provesReply},
		{"sends replies in the order they were given", s.provesOrder},
		{"takes the longest text that it offers and no longer one", s.provesLength},
		{"refuses an empty reply", s.provesEmpty},
		{"refuses a reply to a conversation that does not exist", s.provesNobody},
		{"sends with what it kept, however old", s.provesStale},
		{"keeps the limits when everybody wants something at once", s.provesLimits},
	}
}

// asked opens a conversation in which a buyer has asked something.
func (p *probe) asked() sellerdesk.RemoteRef {
	p.t.Helper()
	return p.conversation(p.Buyer(p.t, Line{Kind: p.suite.kind, Text: says("is it in stock?")}))
}

func (s suite) provesReply(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	ref := p.asked()
	at := p.cursors()
	text := says("<b>yes</b> & it's \"here\"\nсегодня 👍")
	before := p.Clock.Now()
	receipt, err := p.reply(ref, text)
	if err != nil {
		p.failed(err)
		t.Fatalf("Send: %v", err)
	}
	if diff := cmp.Diff([]Line{{Kind: s.kind, Conversation: ref.ID, Text: text}}, p.received(ref.ID)); diff != "" {
		t.Errorf("what arrived is not what was sent:\n%s", diff)
	}
	if receipt.At != nil && (receipt.At.Before(before.Add(-time.Minute)) || receipt.At.After(p.Clock.Now().Add(time.Minute))) {
		t.Errorf("the receipt says %s, it was %s", receipt.At, before)
	}
	if !s.echoes(p) {
		return
	}
	echo, ok := p.news(at, func(m sellerdesk.MessagePatch) bool { return m.Conversation == ref.ID && m.Author.Ours() })
	if !ok {
		t.Fatal("no stream shows what was sent, though one says that it does")
	}
	if echo.Text != text || receipt.RemoteID != "" && receipt.RemoteID != echo.RemoteID {
		t.Errorf("the echo has id %q and another text or id than the receipt %q", echo.RemoteID, receipt.RemoteID)
	}
}

func (s suite) provesOrder(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	ref := p.asked()
	var want, got []string
	for n := range 5 {
		want = append(want, says(fmt.Sprintf("answer %d", n)))
		receipt, err := p.reply(ref, want[n])
		if err != nil {
			p.failed(err)
			t.Fatalf("Send: %v", err)
		}
		if receipt.Remote != nil {
			ref.Remote = receipt.Remote
		}
	}
	for _, l := range p.received(ref.ID) {
		got = append(got, l.Text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the replies arrived otherwise:\n%s", diff)
	}
}

func (s suite) provesLength(t *testing.T) {
	a := s.ability(t, sellerdesk.ActionReply)
	if a.MaxLength == nil {
		t.Skip("a reply has no limit of length")
	}
	p := s.open(t)
	ref := p.asked()
	longest := marker + strings.Repeat("ж", *a.MaxLength-len(marker))
	if taken, why := p.outcome(p.reply(ref, longest)); !taken {
		t.Errorf("%d characters are offered and not taken: %s", *a.MaxLength, why.Text)
	}
	_, err := p.reply(ref, longest+"ж")
	if class, _ := p.failed(err); class != channel.Refused {
		t.Errorf("%d characters are %q, want refused: %v", *a.MaxLength+1, class, err)
	}
	if got := p.received(ref.ID); len(got) != 1 {
		t.Errorf("%d messages arrived, want 1", len(got))
	}
}

func (s suite) provesEmpty(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	ref := p.asked()
	_, err := p.reply(ref, "")
	if class, _ := p.failed(err); class != channel.Refused {
		t.Errorf("an empty reply is %q, want refused: %v", class, err)
	}
	if got := p.received(ref.ID); len(got) != 0 {
		t.Errorf("an empty reply arrived %d times", len(got))
	}
}

func (s suite) provesNobody(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	p.asked()
	before := len(p.Received(t))
	_, err := p.reply(sellerdesk.RemoteRef{Kind: s.kind, ID: "no-such-conversation"}, says("hello"))
	if class, _ := p.failed(err); class != channel.Gone && class != channel.Refused {
		t.Errorf("a conversation that does not exist is %q, want gone or refused: %v", class, err)
	}
	if after := len(p.Received(t)); after != before {
		t.Errorf("%d messages arrived somewhere", after-before)
	}
}

// provesStale: what an adapter keeps on a conversation may be old, foreign or
// gone. It may cost a call, it must not cost the message.
func (s suite) provesStale(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	other := p.asked()
	for n, remote := range [][]byte{nil, []byte("null"), []byte("garbage\x00"), []byte(`{"sign":"1:old:0"}`), other.Remote} {
		ref := p.asked()
		ref.Remote = remote
		text := says(fmt.Sprintf("reply %d", n))
		if taken, why := p.outcome(p.reply(ref, text)); !taken {
			t.Errorf("with %q kept the reply is not taken: %s", remote, why.Text)
		}
		if got := p.received(ref.ID); len(got) != 1 || got[0].Text != text {
			t.Errorf("with %q kept %d messages arrived in the conversation", remote, len(got))
		}
	}
	if got := p.received(other.ID); len(got) != 0 {
		t.Errorf("%d messages went to another buyer", len(got))
	}
}

func (s suite) provesLimits(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	refs := []sellerdesk.RemoteRef{p.asked(), p.asked(), p.asked()}
	var wait sync.WaitGroup
	for worker := range 6 {
		wait.Go(func() {
			for n := range 5 {
				p.insist(refs[(worker+n)%len(refs)], says(fmt.Sprintf("%d of %d", n, worker)))
			}
		})
		wait.Go(func() {
			stream := p.Streams[worker%len(p.Streams)].Name
			for range 5 {
				// Who would wait too long may be told to come later.
				if _, err := p.connector.Pull(p.ctx, stream, ""); err != nil {
					if class, e := p.failed(err); class != channel.Throttled || e.RetryAfter <= 0 {
						t.Errorf("pull %s: %v", stream, err)
					}
				}
				if p.Budget != nil {
					p.Budget()
				}
			}
		})
	}
	wait.Wait()
	texts := map[string]int{}
	for _, l := range p.Received(t) {
		texts[l.Text]++
	}
	for text, n := range texts {
		if n != 1 && strings.HasSuffix(text, marker) {
			t.Errorf("%q arrived %d times", text, n)
		}
	}
	if len(texts) < 30 {
		t.Errorf("%d of 30 replies arrived", len(texts))
	}
}

// insist sends a reply, later if the channel asks to wait, as the sender does.
func (p *probe) insist(to sellerdesk.RemoteRef, text string) {
	for {
		_, err := p.reply(to, text)
		if err == nil {
			return
		}
		if class, e := p.failed(err); class != channel.Throttled || e.RetryAfter <= 0 || p.Clock.Sleep(p.ctx, e.RetryAfter) != nil {
			p.t.Errorf("Send: %v", err)
			return
		}
	}
}
