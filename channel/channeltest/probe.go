package channeltest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// patience bounds each proof. Nothing waits that long unless it hangs.
const patience = time.Minute

// probe is a far end with a connector on it that is being watched.
type probe struct {
	Remote
	channel.Description
	t         *testing.T
	ctx       context.Context
	suite     suite
	connector channel.Connector
	heard     *recorder
	opened    channel.Connector // the same, without what the suite puts around it
	log       *pushLog          // nil when the far end does not push
	// kept is what a store would keep on conversations for the adapter.
	kept map[place][]byte
}

// place names a conversation.
type place struct {
	kind sellerdesk.Kind
	id   sellerdesk.RemoteID
}

// open starts a far end, opens a connector on it, and looks for leaks and
// broken limits at the end.
func (s suite) open(t *testing.T) *probe {
	t.Helper()
	p := &probe{Remote: s.options.Start(t), t: t, suite: s, heard: &recorder{}}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p.ctx = ctx
	if p.Pushes != nil {
		p.log = &pushLog{source: p.Pushes}
		p.Pushes = p.log.news
		faults := p.Fault
		p.Fault = func(t testing.TB, all ...Fault) { faults(t, p.log.stutter(all)...) }
	}
	t.Cleanup(cancel)
	t.Cleanup(p.look)
	p.restart()
	return p
}

// settings open a connector on the far end of p.
func (p *probe) settings() channel.Settings {
	log := slog.New(slog.NewTextHandler(p.heard, &slog.HandlerOptions{Level: slog.LevelDebug - 4}))
	return channel.Settings{
		Credentials: p.Credentials, BaseURL: p.BaseURL, Client: p.Client, Clock: p.Clock, Log: log,
	}
}

// restart replaces the connector, as a new process would.
func (p *probe) restart() {
	p.t.Helper()
	c, err := p.suite.driver.Open(p.settings())
	if err != nil {
		p.t.Fatalf("Open with good credentials: %v", err)
	}
	p.connector, p.Description, p.opened = c, channel.Describe(c), c
	if len(p.Streams) == 0 && p.log != nil {
		p.connector = pushed{c, p}
		p.Streams = p.connector.Streams()
	}
}

// look is the end of every proof: nothing leaked, no limit was broken.
func (p *probe) look() {
	p.t.Helper()
	printed := fmt.Sprintf("%v %+v %#v %s", p.opened, p.opened, p.opened, p.opened)
	for name, secret := range p.Credentials {
		isSecret := slices.ContainsFunc(p.suite.driver.Fields, func(f channel.Field) bool { return f.Name == name && f.Secret })
		if !isSecret || strings.TrimSpace(secret.Reveal()) == "" {
			continue
		}
		if strings.Contains(p.heard.String(), secret.Reveal()) {
			p.t.Errorf("a log line or an error holds the credential %q", name)
		}
		if strings.Contains(printed, secret.Reveal()) {
			p.t.Errorf("printing the connector shows the credential %q", name)
		}
	}
	if strings.Contains(p.heard.String(), marker) {
		p.t.Errorf("a log line or an error holds what somebody wrote:\n%s", p.heard.around(marker))
	}
	if n := p.Violations(p.t); n != 0 {
		p.t.Errorf("%d requests went over a published limit", n)
	}
}

// marker stands in all texts of the suite, so that a leak is seen.
const marker = "zyxomma"

// says makes a text that is found nowhere else.
func says(words string) string { return words + " " + marker }

// failed checks an error of the connector and gives its class.
func (p *probe) failed(err error) (channel.Class, *channel.Error) {
	p.t.Helper()
	if err == nil {
		return "", nil
	}
	_, _ = fmt.Fprintf(p.heard, "%v %+v\n", err, err)
	class, e := channel.ClassOf(err)
	if e == nil {
		p.t.Errorf("the error is not classed: %v", err)
		return "", &channel.Error{}
	}
	if e.Why.Text == "" {
		p.t.Errorf("the %s error has no sentence for a person: %v", class, err)
	}
	if len(e.Raw) > 4<<10 {
		p.t.Errorf("the %s error keeps %d bytes of the answer, more than 4 KB", class, len(e.Raw))
	}
	return class, e
}

// pull reads one batch and checks what holds for every batch.
func (p *probe) pull(stream string, from sellerdesk.Cursor) sellerdesk.Batch {
	p.t.Helper()
	b, err := p.connector.Pull(p.ctx, stream, from)
	if err != nil {
		p.failed(err)
		p.t.Fatalf("pull %s from %q: %v", stream, from, err)
	}
	p.check(b)
	return b
}

// check is what holds for every batch.
func (p *probe) check(b sellerdesk.Batch) {
	p.t.Helper()
	var last sellerdesk.Time
	for _, m := range b.Messages {
		switch {
		case m.RemoteID == "", m.Conversation == "", m.Kind == "":
			p.t.Errorf("a message without an identity: id %q, conversation %q, kind %q", m.RemoteID, m.Conversation, m.Kind)
		case m.At.IsZero():
			p.t.Errorf("message %s has no time", m.RemoteID)
		case m.At.Before(last.Time):
			p.t.Errorf("message %s is older than the one before it", m.RemoteID)
		case m.Author != sellerdesk.AuthorBuyer && m.Author != sellerdesk.AuthorPlatform && m.Author != sellerdesk.AuthorElsewhere:
			p.t.Errorf("message %s has the author %q, which no batch may have", m.RemoteID, m.Author)
		}
		for _, f := range m.Files {
			if f.ID == "" {
				p.t.Errorf("a file of message %s has no identity", m.RemoteID)
			}
		}
		last = m.At
	}
	for _, c := range b.Conversations {
		if c.RemoteID == "" || c.Kind == "" {
			p.t.Errorf("a conversation without an identity: id %q, kind %q", c.RemoteID, c.Kind)
		}
	}
	for _, ref := range b.Reread {
		if ref.ID == "" || ref.Kind == "" {
			p.t.Errorf("a conversation to be read again has no identity: id %q, kind %q", ref.ID, ref.Kind)
		}
	}
	if len(b.Messages) > 0 && b.Reached == nil {
		p.t.Error("a batch with messages does not tell how far reading is")
	}
	for _, s := range b.Skipped {
		if len(s.Raw) > 4<<10 || s.What == "" {
			p.t.Errorf("a skipped thing keeps %d bytes and says %q", len(s.Raw), s.What)
		}
	}
}

// drain reads a stream until nothing more is there and gives the cursor.
func (p *probe) drain(stream string, from sellerdesk.Cursor, each func(sellerdesk.Batch)) sellerdesk.Cursor {
	p.t.Helper()
	for range 10_000 {
		b := p.pull(stream, from)
		p.deliver(b, each)
		if b.Next != "" {
			if b.More && b.Next == from {
				p.t.Fatalf("stream %s asks for more from where it stands, %q", stream, from)
			}
			from = b.Next
		} else if b.More {
			p.t.Fatalf("stream %s asks for more without a cursor", stream)
		}
		if !b.More {
			return from
		}
	}
	p.t.Fatalf("stream %s never ends", stream)
	return from
}

// deliver hands a batch on, then those of the conversations that it asks to
// read again, as reading does.
func (p *probe) deliver(b sellerdesk.Batch, each func(sellerdesk.Batch)) {
	p.t.Helper()
	p.keep(b)
	if each != nil {
		each(b)
	}
	seen := map[place]bool{}
	for _, ref := range b.Reread {
		if at := (place{ref.Kind, ref.ID}); !seen[at] {
			seen[at] = true
			p.recall(ref, each)
		}
	}
}

// keep notes what a store would keep for the adapter.
func (p *probe) keep(b sellerdesk.Batch) {
	for _, c := range b.Conversations {
		if c.Remote != nil {
			if p.kept == nil {
				p.kept = map[place][]byte{}
			}
			p.kept[place{c.Kind, c.RemoteID}] = c.Remote
		}
	}
}

// recall reads one conversation again, from where it was read last.
func (p *probe) recall(ref sellerdesk.RemoteRef, each func(sellerdesk.Batch)) {
	p.t.Helper()
	if p.History == nil {
		p.t.Fatal("a batch asks to read a conversation again, which the channel cannot do")
	}
	ref.Remote = p.kept[place{ref.Kind, ref.ID}]
	var from sellerdesk.Cursor
	for range 1_000 {
		b, err := p.History(p.ctx, ref, from)
		if err != nil {
			if class, _ := p.failed(err); class == channel.Gone {
				return
			}
			p.t.Fatalf("read %s %s again: %v", ref.Kind, ref.ID, err)
		}
		p.check(b)
		next, more := b.Next, b.More
		b.Next, b.More = "", false // no place of a stream
		p.keep(b)
		if each != nil {
			each(b)
		}
		if !more || next == "" || next == from {
			return
		}
		from = next
	}
	p.t.Fatalf("%s %s never ends", ref.Kind, ref.ID)
}

// messages drains all streams from the beginning and gives every message once.
func (p *probe) messages() map[Name]sellerdesk.MessagePatch {
	p.t.Helper()
	p.kept = nil
	all := map[Name]sellerdesk.MessagePatch{}
	for _, stream := range p.Streams {
		p.drain(stream.Name, "", func(b sellerdesk.Batch) { gather(all, b) })
	}
	return all
}

func gather(all map[Name]sellerdesk.MessagePatch, b sellerdesk.Batch) {
	for _, m := range b.Messages {
		all[nameOf(m)] = m
	}
}

// cursors are where each stream stands once all is read.
func (p *probe) cursors() map[string]sellerdesk.Cursor {
	p.t.Helper()
	at := map[string]sellerdesk.Cursor{}
	for _, stream := range p.Streams {
		at[stream.Name] = p.drain(stream.Name, "", nil)
	}
	return at
}

// news reads on from cursors until a message of the conversation is there that
// fits, and gives it. The far end may show new things a moment late.
func (p *probe) news(at map[string]sellerdesk.Cursor, fits func(sellerdesk.MessagePatch) bool) (sellerdesk.MessagePatch, bool) {
	p.t.Helper()
	for range 5 {
		for _, stream := range p.Streams {
			var found *sellerdesk.MessagePatch
			at[stream.Name] = p.drain(stream.Name, at[stream.Name], func(b sellerdesk.Batch) {
				if i := slices.IndexFunc(b.Messages, fits); i >= 0 {
					found = &b.Messages[i]
				}
			})
			if found != nil {
				return *found, true
			}
		}
	}
	return sellerdesk.MessagePatch{}, false
}

// conversation finds what an adapter keeps on a conversation, as the store would hold it.
func (p *probe) conversation(id sellerdesk.RemoteID) sellerdesk.RemoteRef {
	p.t.Helper()
	ref := sellerdesk.RemoteRef{Kind: p.suite.kind, ID: id}
	for _, stream := range p.Streams {
		if stream.Backfill {
			continue
		}
		p.drain(stream.Name, "", func(b sellerdesk.Batch) {
			for _, c := range b.Conversations {
				if c.Kind == ref.Kind && c.RemoteID == id && c.Remote != nil {
					ref.Remote = c.Remote
				}
			}
		})
	}
	return ref
}

// reply sends a reply as somebody who waits for it. Files are uploaded before,
// where the channel wants that, as the sender does.
func (p *probe) reply(to sellerdesk.RemoteRef, text string, files ...sellerdesk.Blob) (sellerdesk.Receipt, error) {
	ctx := sellerdesk.WithLane(p.ctx, sellerdesk.LanePerson)
	for n := range files {
		if p.Upload == nil || files[n].Uploaded != nil {
			continue
		}
		up, err := p.Upload(ctx, files[n])
		if err != nil {
			return sellerdesk.Receipt{}, err
		}
		files[n].Uploaded = &up
	}
	return p.connector.Send(ctx, sellerdesk.Reply{Conversation: to, Text: text, Files: files})
}

// received gives what the far end got for a conversation.
func (p *probe) received(id sellerdesk.RemoteID) []Line {
	p.t.Helper()
	return slices.DeleteFunc(slices.Clone(p.Received(p.t)), func(l Line) bool { return l.Conversation != id || l.Kind != p.suite.kind })
}

// recorder keeps what was logged and said in errors.
type recorder struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(b)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.String()
}

func (r *recorder) around(s string) string {
	for line := range strings.Lines(r.String()) {
		if strings.Contains(line, s) {
			return line
		}
	}
	return ""
}
