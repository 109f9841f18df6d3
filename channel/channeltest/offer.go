package channeltest

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// offers are the proofs about what a driver says of itself.
func (s suite) offers() []proof {
	return []proof{
		{"describes itself completely in both languages", s.provesDescription},
		{"proves good credentials and names the cabinet", s.provesCheck},
		{"refuses wrong credentials with a reason", s.provesWrong},
		{"names its streams the same every time", s.provesStreams},
		{"tells its budget without a call", s.provesBudget},
	}
}

func (s suite) provesDescription(t *testing.T) {
	d := s.driver
	if d.Kind == "" || d.Title == "" || d.Open == nil || len(d.Fields) == 0 {
		t.Errorf("the driver lacks a kind, title, constructor or credential field: %q %q", d.Kind, d.Title)
	}
	for _, f := range d.Fields {
		for _, language := range []sellerdesk.Language{sellerdesk.Russian, sellerdesk.English} {
			if f.Name == "" || f.Title[string(language)] == "" {
				t.Errorf("field %q has no title in %q", f.Name, language)
			}
		}
	}
	if !slices.ContainsFunc(d.Fields, func(f channel.Field) bool { return f.Secret }) {
		t.Error("no credential is secret")
	}
	for kind, table := range d.Can {
		for _, a := range table {
			if l := a.Files; l != nil && (l.Max < 1 || l.MaxSize < 1 || l.TotalSize < l.MaxSize || len(l.Types) == 0) {
				t.Errorf("%s %s has senseless limits of files: %+v", kind, a.Action, *l)
			}
			if a.MinLength != nil && a.MaxLength != nil && (*a.MinLength < 0 || *a.MaxLength < *a.MinLength) {
				t.Errorf("%s %s has senseless bounds of its text: %d to %d", kind, a.Action, *a.MinLength, *a.MaxLength)
			}
			if a.Reason != "" || a.Action == "" {
				t.Errorf("the table of %s holds a reason or an ability without a name: %+v", kind, a)
			}
		}
	}
}

func (s suite) provesCheck(t *testing.T) {
	p := s.open(t)
	who, err := p.connector.Check(p.ctx)
	if err != nil {
		t.Fatalf("Check: %v", err)
	}
	if who.Name == "" {
		t.Error("Check does not name the cabinet")
	}
	if who.ReadOnly {
		t.Error("full credentials count as read-only")
	}
	p.restart()
	again, err := p.connector.Check(p.ctx)
	if err != nil || again.Seller != who.Seller || again.Name != who.Name {
		t.Errorf("a second Check says %q %q, %v; the first %q %q", again.Seller, again.Name, err, who.Seller, who.Name)
	}
}

func (s suite) provesWrong(t *testing.T) {
	if len(s.options.Wrong) == 0 {
		t.Skip("the test of the channel names no wrong credentials")
	}
	for _, w := range s.options.Wrong {
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			p := s.open(t)
			p.Credentials = w.Credentials(p.Remote)
			c, err := s.driver.Open(p.settings())
			if err == nil {
				_, err = c.Check(p.ctx)
			}
			class, e := p.failed(err)
			if class != channel.Unauthorized {
				t.Fatalf("the class is %q, want unauthorized: %v", class, err)
			}
			if w.Code != "" && e.Why.Code != w.Code {
				t.Errorf("the reason is %q (%s), want %q", e.Why.Code, e.Why.Text, w.Code)
			}
		})
	}
}

func (s suite) provesStreams(t *testing.T) {
	p := s.open(t)
	first := p.connector.Streams()
	if len(first) == 0 {
		t.Fatal("there is no stream to read")
	}
	names := map[string]bool{}
	for _, stream := range first {
		if stream.Name == "" || names[stream.Name] || stream.Every <= 0 {
			t.Errorf("a stream has no name of its own or no pace: %+v", stream)
		}
		names[stream.Name] = true
	}
	if !slices.Equal(first, p.connector.Streams()) {
		t.Error("the streams change while the connector lives")
	}
	if _, err := p.connector.Pull(p.ctx, "no such stream", ""); err == nil {
		t.Error("a stream that does not exist can be read")
	}
}

func (s suite) provesBudget(t *testing.T) {
	p := s.open(t)
	if p.Budget == nil {
		t.Skip("the channel tells no budget")
	}
	p.Client.CloseIdleConnections()
	states := p.Budget()
	for _, b := range states {
		if b.Bucket == "" || b.Limit < 1 || b.Remaining < 0 || b.Remaining > b.Limit || b.Waiting != 0 {
			t.Errorf("a senseless bucket: %+v", b)
		}
	}
	if len(states) == 0 {
		t.Error("the budget is empty")
	}
}

// provesNoGoroutines: a connector has no Close, so nothing of it may run on
// between two calls.
func (s suite) provesNoGoroutines(t *testing.T) {
	p := s.open(t)
	settle := func(most int) int {
		n := 0
		for range 200 {
			p.Client.CloseIdleConnections()
			if n = runtime.NumGoroutine(); n <= most {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		return n
	}
	before := runtime.NumGoroutine()
	p.restart()
	if _, err := p.connector.Check(p.ctx); err != nil {
		t.Fatalf("Check: %v", err)
	}
	ref := p.conversation(p.Buyer(t, Line{Kind: s.kind, Text: says("is it warm?"), Files: []File{{Name: "a.jpg", Size: 20_000}}}))
	for _, m := range p.messages() {
		if m.Conversation == ref.ID && len(m.Files) > 0 {
			p.fetch(m.Files[0])
		}
	}
	if _, err := p.reply(ref, says("it is")); err != nil {
		t.Errorf("Send: %v", err)
	}
	ended, cancel := context.WithCancel(p.ctx)
	cancel()
	_, _ = p.connector.Pull(ended, p.Streams[0].Name, "")
	if after := settle(before); after > before {
		all := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, all[:runtime.Stack(all, true)])
	}
}
