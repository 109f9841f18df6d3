package channeltest

import (
	"bytes"
	"encoding/json"
	"mime"
	"slices"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// pushes are the proofs about what the far end sends by itself.
func (s suite) pushes() []proof {
	return []proof{
		{"answers every push at once, the same each time", s.provesAck},
		{"reads what a push names", s.provesReceive},
		{"survives pushes that make no sense", s.provesForeignPush},
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
