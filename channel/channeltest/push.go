package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"mime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// pushes are the proofs about what the far end sends by itself.
func (s suite) pushes() []proof {
	return []proof{
		{"answers every push at once, the same each time", s.provesAck},
		{"reads what a push names", s.provesReceive},
		{"survives pushes that make no sense", s.provesForeignPush},
		{"admits what the far end signed, and nothing else", s.provesAdmit},
	}
}

// hostile are bodies that anybody can send to an address that pushes come to.
func hostile() [][]byte {
	return [][]byte{
		nil, []byte(" "), []byte("null"), []byte("[]"), []byte("{}"), []byte("\x00\xff"), []byte("<xml/>"), []byte(`"text"`), []byte("1e999"),
		[]byte(`{"a":`), bytes.Repeat([]byte("["), 100_000), bytes.Repeat([]byte("a"), sellerdesk.MaxPush),
		[]byte(`{"notificationType":null}`), []byte(`{"notificationType":["PING"]}`), []byte(`{"event":"message","id":-1}`),
	}
}

// pushed lets a buyer write and gives the pushes that follow.
func (p *probe) pushed() (sellerdesk.RemoteID, []sellerdesk.Push) {
	p.t.Helper()
	if p.Receive == nil || p.Pushes == nil || p.suite.driver.Ack == nil {
		p.t.Skip("the far end does not push")
	}
	p.Pushes(p.t)
	id := p.Buyer(p.t, Line{Kind: p.suite.kind, Text: says("pushed")})
	pushes := p.Pushes(p.t)
	if len(pushes) == 0 {
		p.t.Fatal("the far end pushes nothing when a buyer writes")
	}
	return id, pushes
}

func (s suite) provesAck(t *testing.T) {
	if s.driver.Ack == nil {
		t.Skip("the channel does not push")
	}
	p := s.open(t)
	_, pushes := p.pushed()
	for _, push := range pushes {
		got := s.driver.Ack(push)
		if got.Status != 200 || !got.Keep {
			t.Errorf("a good push is answered with %d, kept %v", got.Status, got.Keep)
		}
		if again := s.driver.Ack(push); again.Status != got.Status || !bytes.Equal(again.Body, got.Body) {
			t.Error("the answer to one push differs from time to time")
		}
	}
	for _, body := range hostile() {
		got := s.driver.Ack(sellerdesk.Push{Body: body, Received: sellerdesk.At(p.Clock.Now())})
		if got.Status < 200 || got.Status >= 500 {
			t.Errorf("a push of %d senseless bytes is answered with %d", len(body), got.Status)
		}
		if media, _, err := mime.ParseMediaType(got.Type); err == nil && media == "application/json" && !json.Valid(got.Body) {
			t.Errorf("the answer to a senseless push is not the JSON that it claims to be: %s", got.Body)
		}
	}
}

// provesReceive reads the pushes and nothing else: what the buyer wrote must
// come without any stream being read.
func (s suite) provesReceive(t *testing.T) {
	p := s.open(t)
	p.cursors()
	id, pushes := p.pushed()
	for _, again := range []string{"for the first time", "a second time"} {
		var found []sellerdesk.MessagePatch
		p.kept = nil
		for _, push := range pushes {
			b, err := p.Receive(p.ctx, push)
			if err != nil {
				p.failed(err)
				t.Fatalf("read a push %s: %v", again, err)
			}
			p.check(b)
			p.deliver(b, func(b sellerdesk.Batch) { found = append(found, b.Messages...) })
		}
		if !slices.ContainsFunc(found, func(m sellerdesk.MessagePatch) bool { return m.Conversation == id && m.Text == says("pushed") }) {
			t.Errorf("read %s the pushes do not bring what the buyer wrote", again)
		}
	}
}

func (s suite) provesForeignPush(t *testing.T) {
	p := s.open(t)
	if p.Receive == nil {
		t.Skip("the channel does not push")
	}
	for _, body := range hostile() {
		b, err := p.Receive(p.ctx, sellerdesk.Push{Body: body, Received: sellerdesk.At(p.Clock.Now())})
		if class, _ := p.failed(err); err != nil && class != channel.Malformed {
			t.Errorf("a push of %d senseless bytes is %q, want malformed: %v", len(body), class, err)
		}
		if len(b.Messages)+len(b.Conversations)+len(b.Reread) > 0 {
			t.Errorf("a push of %d senseless bytes brings something", len(body))
		}
	}
}

func (s suite) provesAdmit(t *testing.T) {
	admit := s.driver.Admit
	if admit == nil {
		t.Skip("nothing proves who pushes")
	}
	p := s.open(t)
	_, pushes := p.pushed()
	for _, push := range pushes {
		if err := admit(p.Credentials, push); err != nil {
			p.failed(err)
			t.Errorf("a push of the far end is not admitted: %v", err)
		}
		for _, forged := range []struct {
			name   string
			change func(*sellerdesk.Push)
		}{
			{"without a signature", func(f *sellerdesk.Push) { f.Signature = sellerdesk.PushSignature{} }},
			{"with another body", func(f *sellerdesk.Push) { f.Body = append(bytes.Clone(f.Body), ' ') }},
			{"with another id", func(f *sellerdesk.Push) { f.Signature.ID += "x" }},
			{"with another moment", func(f *sellerdesk.Push) { f.Signature.Timestamp += "0" }},
			{"with a moment that is none", func(f *sellerdesk.Push) { f.Signature.Timestamp = "now" }},
			{"a quarter of an hour late", func(f *sellerdesk.Push) { f.Received = sellerdesk.At(f.Received.Add(15 * time.Minute)) }},
			{"a quarter of an hour early", func(f *sellerdesk.Push) { f.Received = sellerdesk.At(f.Received.Add(-15 * time.Minute)) }},
		} {
			other := push
			forged.change(&other)
			if class, _ := p.failed(admit(p.Credentials, other)); class != channel.Unauthorized {
				t.Errorf("a push %s is %q, want unauthorized", forged.name, class)
			}
		}
	}
}

// pushLog keeps what the far end pushed since the proof began.
type pushLog struct {
	source func(testing.TB) []sellerdesk.Push

	mu     sync.Mutex // guards what follows
	all    []sellerdesk.Push
	told   int    // handed out as news
	effect Effect // duplicate or reorder: how they are read; empty: as they came
}

// stutter takes those faults upon itself that are about the order of pushes.
func (l *pushLog) stutter(all []Fault) (others []Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.effect = ""
	for _, f := range all {
		if f.Call == Pull && f.Stream == streamOfPushes {
			l.effect = f.Effect
		} else {
			others = append(others, f)
		}
	}
	return others
}

// nth gives the nth push to be read, and how many there are to read.
func (l *pushLog) nth(t testing.TB, n int) (push sellerdesk.Push, of int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fill(t)
	of = len(l.all)
	if l.effect == Duplicate {
		of *= 2
	}
	switch {
	case n >= of:
		return push, of
	case l.effect == Duplicate:
		n /= 2
	case l.effect == Reorder:
		n = of - 1 - n
	}
	return l.all[n], of
}

// fill asks the far end. The lock is held.
func (l *pushLog) fill(t testing.TB) { l.all = append(l.all, l.source(t)...) }

// news gives what came since it was asked last.
func (l *pushLog) news(t testing.TB) []sellerdesk.Push {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fill(t)
	news := l.all[l.told:]
	l.told = len(l.all)
	return news
}

// streamOfPushes is the one stream of a channel that only pushes.
const streamOfPushes = "pushes"

// pushed reads what was pushed as if it were a stream, one push at a time, so that
// the proofs about reading hold for a channel that has none.
type pushed struct {
	channel.Connector
	probe *probe
}

// pushesOnly tells whether the channel has no stream of its own.
func (p *probe) pushesOnly() bool { return len(p.opened.Streams()) == 0 }

// Streams lists the one.
func (c pushed) Streams() []channel.Stream {
	return []channel.Stream{{Name: streamOfPushes, Every: time.Second, Echo: c.probe.suite.options.Echo}}
}

// Pull reads the next push. A cursor is how many were read.
func (c pushed) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	if stream != streamOfPushes {
		return c.Connector.Pull(ctx, stream, from)
	}
	if err := ctx.Err(); err != nil {
		return sellerdesk.Batch{}, &channel.Error{Class: channel.Temporary, Why: sellerdesk.Why{Text: "Nobody waits."}, Err: err}
	}
	n, err := strconv.Atoi(string(from))
	if err != nil || n < 0 {
		n = 0
	}
	push, of := c.probe.log.nth(c.probe.t, n)
	if n >= of {
		return sellerdesk.Batch{}, nil
	}
	b, err := c.probe.Receive(ctx, push)
	b.Next, b.More = sellerdesk.Cursor(strconv.Itoa(n+1)), n+1 < of
	return b, err
}
