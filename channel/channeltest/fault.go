package channeltest

import (
	"context"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// breaks are the proofs about what goes wrong on the way of a chat.
func (s suite) breaks() []proof {
	return []proof{
		{"classes each failure of a sending truly", s.provesSendFaults},
		{"settles a send of unknown outcome by reading on", s.provesUnknown},
		{"settles a send of unknown outcome in a store", s.provesSettled},
		{"classes each failure of a fetching and gives no half file", s.provesFetchFaults},
	}
}

// expected lists the classes that a failing read may have; none means that it
// must work all the same.
func expected(e Effect) []channel.Class {
	switch e {
	case Throttle:
		return []channel.Class{channel.Throttled}
	case Fail:
		return []channel.Class{channel.Temporary}
	case DropBefore, DropAfter:
		return []channel.Class{channel.Temporary, channel.Unknown}
	case Truncate:
		return []channel.Class{channel.Temporary, channel.Malformed}
	default:
		return nil
	}
}

func (s suite) provesPullFaults(t *testing.T) {
	p := s.open(t)
	if p.pushesOnly() {
		t.Skip("nothing is pulled")
	}
	all := p.messages()
	for _, stream := range p.Streams {
		for _, effect := range []Effect{Throttle, Fail, DropBefore, DropAfter, Truncate} {
			p.Fault(t, Fault{Call: Pull, Stream: stream.Name, Effect: effect, Seconds: 2})
			_, err := p.connector.Pull(p.ctx, stream.Name, "")
			class, e := p.failed(err)
			if !slices.Contains(expected(effect), class) {
				t.Errorf("%s of %s is %q, want one of %q: %v", effect, stream.Name, class, expected(effect), err)
			}
			if class == channel.Throttled && e.RetryAfter <= 0 {
				t.Errorf("a throttled pull of %s does not say how long to wait", stream.Name)
			}
			// One failure is nothing: a reading may be repeated.
			p.Fault(t, Fault{Call: Pull, Stream: stream.Name, Effect: effect, Nth: 1, Seconds: 1})
			if _, err := p.connector.Pull(p.ctx, stream.Name, ""); err != nil {
				p.failed(err)
				if _, err := p.connector.Pull(p.ctx, stream.Name, ""); err != nil {
					t.Errorf("after one %s the stream %s stays broken: %v", effect, stream.Name, err)
				}
			}
		}
	}
	p.Fault(t)
	if missing := missing(all, p.messages()); len(missing) > 0 {
		t.Errorf("%d messages are lost after failures", len(missing))
	}
}

func (s suite) provesStutter(t *testing.T) {
	p := s.open(t)
	all := p.messages()
	for _, effect := range []Effect{Duplicate, Reorder} {
		var faults []Fault
		for _, stream := range p.Streams {
			faults = append(faults, Fault{Call: Pull, Stream: stream.Name, Effect: effect})
		}
		p.Fault(t, faults...)
		found := p.messages()
		p.complete(found)
		if missing := missing(all, found); len(missing) > 0 {
			t.Errorf("%s loses %d of %d messages, the first is %+v", effect, len(missing), len(all), missing[0])
		}
	}
}

// provesSendFaults holds the class against what really arrived: a class that
// allows a repeat must mean that nothing did.
func (s suite) provesSendFaults(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	for _, effect := range []Effect{Throttle, Fail, DropBefore, DropAfter, Truncate} {
		ref := p.asked()
		text := says("reply after " + string(effect))
		p.Fault(t, Fault{Call: Send, Kind: s.kind, Action: sellerdesk.ActionReply, Effect: effect, Seconds: 2})
		_, err := p.reply(ref, text)
		class, e := p.failed(err)
		arrived := len(p.received(ref.ID))
		switch class {
		case "":
			t.Errorf("%s goes unnoticed", effect)
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
			t.Errorf("a throttled send is %q and says to wait %s", class, e.RetryAfter)
		}
		p.Fault(t)
		if class == channel.Throttled || class == channel.Temporary {
			p.retry(ref, text, e.RetryAfter)
		}
	}
	ref := p.asked()
	p.Fault(t, Fault{Call: Send, Kind: s.kind, Action: sellerdesk.ActionReply, Effect: Slow, Seconds: 240})
	ctx, cancel := context.WithTimeout(p.ctx, 400*time.Millisecond)
	defer cancel()
	_, err := p.connector.Send(ctx, sellerdesk.Reply{Conversation: ref, Text: says("is anybody there?")})
	if class, _ := p.failed(err); class != channel.Unknown {
		t.Errorf("a send that left and was not answered in time is %q, want unknown: %v", class, err)
	}
}

// retry sends once more after the pause that was asked for.
func (p *probe) retry(ref sellerdesk.RemoteRef, text string, pause time.Duration) {
	p.t.Helper()
	if err := p.Clock.Sleep(p.ctx, pause); err != nil {
		p.t.Fatalf("wait: %v", err)
	}
	if _, err := p.reply(ref, text); err != nil {
		p.failed(err)
		p.t.Errorf("a send that may be repeated fails again: %v", err)
	}
	if got := p.received(ref.ID); len(got) != 1 {
		p.t.Errorf("%d copies arrived after a repeat, want 1", len(got))
	}
}

func (s suite) provesUnknown(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	if !s.echoes(p) {
		t.Skip("no stream shows what was sent")
	}
	ref := p.asked()
	at := p.cursors()
	since, text := p.Clock.Now(), says("did it arrive?")
	p.Fault(t, Fault{Call: Send, Kind: s.kind, Action: sellerdesk.ActionReply, Effect: DropAfter})
	_, err := p.reply(ref, text)
	if class, _ := p.failed(err); class != channel.Unknown {
		t.Fatalf("a send whose answer was lost is %q, want unknown: %v", class, err)
	}
	p.Fault(t)
	ours := func(m sellerdesk.MessagePatch) bool {
		return m.Conversation == ref.ID && m.Text == text && m.Author == sellerdesk.AuthorElsewhere && !m.Foreign
	}
	echo, ok := p.news(at, ours)
	if !ok {
		t.Fatal("reading on does not show it")
	}
	if echo.At.Before(since.Add(-time.Minute)) {
		t.Errorf("the echo is of %s, before the send of %s", echo.At, since)
	}
	if p.Rewind == nil {
		return
	}
	found := false
	p.kept = nil // it was read, so that only who has lost it is shown it again
	for _, stream := range p.Streams {
		if from, err := p.Rewind(stream.Name, since); err == nil && stream.Echo {
			p.drain(stream.Name, from, func(b sellerdesk.Batch) { found = found || slices.ContainsFunc(b.Messages, ours) })
		}
	}
	if !found {
		t.Error("rewinding to the moment of the send does not show it")
	}
}

// together are files that go in one message.
func (s suite) together(t *testing.T) []sellerdesk.Blob {
	t.Helper()
	files := s.samples(t)
	if len(files) > 1 && s.fileLimits(t).Apart {
		return files[:1]
	}
	return files
}

func (s suite) provesSettled(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	if !s.echoes(p) {
		t.Skip("no stream shows what was sent")
	}
	l := p.ledger()
	at := map[string]sellerdesk.Cursor{}
	read := func() {
		t.Helper()
		for _, stream := range p.Streams {
			at[stream.Name] = p.drain(stream.Name, at[stream.Name], func(b sellerdesk.Batch) { p.apply(l, stream.Name, b) })
		}
	}
	for _, c := range []struct {
		name  string
		files []sellerdesk.Blob
	}{{"words alone", nil}, {"words with files", s.together(t)}} {
		ref := p.asked()
		read()
		text := says("settled: " + c.name)
		if len(c.files) > 0 {
			text = s.beside(t, text)
		}
		id, err := l.unsettled(p.ctx, ref.ID, sellerdesk.Reply{Text: text, Files: c.files}, text, c.files)
		if err != nil {
			t.Fatal(err)
		}
		if !s.options.Sourceless {
			p.Elsewhere(t, Line{Kind: s.kind, Conversation: ref.ID, Text: text})
			read()
			if got := l.status(p.ctx, t, id); got != sellerdesk.MessageUnknown {
				t.Fatalf("%s: the same typed in the cabinet settles a send of ours: it is %s", c.name, got)
			}
		}
		p.Fault(t, Fault{Call: Send, Kind: s.kind, Action: sellerdesk.ActionReply, Effect: DropAfter})
		_, err = p.reply(ref, text, c.files...)
		if class, _ := p.failed(err); class != channel.Unknown {
			t.Fatalf("%s: a send whose answer was lost is %q, want unknown: %v", c.name, class, err)
		}
		read()
		switch got := l.status(p.ctx, t, id); got {
		case sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRead:
		default:
			t.Errorf("%s: reading on does not settle the send: it is %s", c.name, got)
		}
	}
}

func (s suite) provesFetchFaults(t *testing.T) {
	p := s.open(t)
	if p.Fetch == nil {
		t.Skip("the channel has no files")
	}
	at := p.cursors()
	id := p.Buyer(t, Line{Kind: s.kind, Text: says("look"), Files: []File{{"photo.jpg", 100_000}}})
	m, ok := p.news(at, func(m sellerdesk.MessagePatch) bool { return m.Conversation == id && len(m.Files) == 1 })
	if !ok {
		t.Fatal("the file of the buyer did not come")
	}
	whole := p.fetch(m.Files[0])
	for _, effect := range []Effect{Throttle, Fail, DropBefore, DropAfter, Truncate} {
		p.Fault(t, Fault{Call: Fetch, Effect: effect, Seconds: 2})
		got, err := p.Fetch(p.ctx, m.Files[0])
		if err == nil && got.State == sellerdesk.FetchReady {
			// A file host may have no limit that could strike.
			if content, err := io.ReadAll(got.Body); err == nil && (effect != Throttle || len(content) != len(whole)) {
				t.Errorf("%s gives %d of %d bytes without an error", effect, len(content), len(whole))
			}
			_ = got.Body.Close()
			continue
		}
		if class, _ := p.failed(err); !slices.Contains(expected(effect), class) {
			t.Errorf("%s is %q, want one of %q: %v", effect, class, expected(effect), err)
		}
	}
	p.Fault(t)
	if again := p.fetch(m.Files[0]); len(again) != len(whole) {
		t.Errorf("after failures the file has %d bytes, %d before", len(again), len(whole))
	}
	p.Fault(t, Fault{Call: Fetch, Effect: Slow, Seconds: 120})
	short, cancel := context.WithTimeout(p.ctx, 100*time.Millisecond)
	defer cancel()
	if _, err := p.Fetch(short, m.Files[0]); err == nil {
		t.Error("a fetch that nobody waits for any more succeeds")
	} else {
		p.failed(err)
	}
}
