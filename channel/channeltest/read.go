package channeltest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// reads are the proofs about pulling.
func (s suite) reads() []proof {
	return []proof{
		{"brings the same when everything is read twice", s.provesTwice},
		{"changes nothing in a store when a batch is applied twice", s.provesIdempotent},
		{"goes on from a cursor after a restart and misses nothing", s.provesCursor},
		{"survives a cursor that it did not make", s.provesForeignCursor},
		{"classes each failure of a reading and loses nothing", s.provesPullFaults},
		{"brings each thing once more or less when the far end stutters", s.provesStutter},
	}
}

// chats are the proofs about reading chats.
func (s suite) chats() []proof {
	return []proof{
		{"brings what a buyer writes, in order and as it was written", s.provesBuyer},
		{"tells what was answered elsewhere from what is ours", s.provesElsewhere},
		{"shows again what happened since a moment", s.provesRewind},
		{"stops at once when the caller no longer waits", s.provesCancel},
	}
}

// complete looks whether everything was read that the far end has.
func (p *probe) complete(read map[Name]sellerdesk.MessagePatch) {
	p.t.Helper()
	if p.Readable == nil {
		return
	}
	all := p.Readable(p.t)
	lost := slices.DeleteFunc(slices.Clone(all), func(n Name) bool { _, ok := read[n]; return ok })
	if len(lost) > 0 {
		p.t.Errorf("%d of %d messages are never read, the first is %+v", len(lost), len(all), lost[0])
	}
	if len(read) > len(all) {
		p.t.Errorf("%d messages are read, the far end has %d", len(read), len(all))
	}
}

// sameMessage compares what a far end says about one message. What is kept for
// the adapter alone may change between two readings.
func sameMessage() cmp.Options {
	return cmp.Options{
		cmpopts.IgnoreFields(sellerdesk.MessagePatch{}, "Remote"),
		cmpopts.IgnoreFields(sellerdesk.RemoteFile{}, "Remote"),
		cmpopts.EquateEmpty(),
	}
}

func (s suite) provesTwice(t *testing.T) {
	p := s.open(t)
	first := p.messages()
	if len(first) == 0 {
		t.Fatal("the far end has no history to read")
	}
	p.complete(first)
	p.restart()
	second := p.messages()
	for id, m := range first {
		again, ok := second[id]
		if !ok {
			t.Fatalf("message %+v is missing when all is read again", id)
		}
		if diff := cmp.Diff(m, again, sameMessage()); diff != "" {
			t.Fatalf("message %+v differs when all is read again:\n%s", id, diff)
		}
	}
}

// provesIdempotent reads into a store in both orders of the streams: none may
// rely on another having been read first.
func (s suite) provesIdempotent(t *testing.T) {
	p := s.open(t)
	forward := slices.Clone(p.Streams)
	backward := slices.Clone(p.Streams)
	slices.Reverse(backward)
	for _, streams := range [][]channel.Stream{forward, backward} {
		l := p.ledger()
		p.restart()
		messages := p.into(l, streams, func(stream string, b sellerdesk.Batch) {
			if again := p.apply(l, stream, b); again.Changed {
				t.Fatalf("a batch of %s changes the store when it is applied twice: %+v", stream, again)
			}
		})
		_, last, err := l.events(p.ctx, 0)
		if err != nil {
			t.Fatalf("read the event log: %v", err)
		}
		p.restart()
		if again := p.into(l, streams, nil); again > 0 {
			t.Fatalf("reading all again makes %d messages twice", again)
		}
		happened, _, err := l.events(p.ctx, last)
		if err != nil {
			t.Fatalf("read the event log: %v", err)
		}
		if len(happened) > 0 {
			t.Errorf("reading all again, %s first, makes %d things happen, the first is %s: %s",
				streams[0].Name, len(happened), happened[0].Kind, happened[0].Data)
		}
		if p.Readable != nil && messages != len(p.Readable(t)) {
			t.Errorf("the store has %d messages, the far end %d", messages, len(p.Readable(t)))
		}
	}
}

// into reads streams from the beginning into a store and tells how many
// messages were new.
func (p *probe) into(l *ledger, streams []channel.Stream, then func(stream string, b sellerdesk.Batch)) (messages int) {
	p.t.Helper()
	for _, stream := range streams {
		p.drain(stream.Name, "", func(b sellerdesk.Batch) {
			messages += p.apply(l, stream.Name, b).NewMessages
			if then != nil {
				then(stream.Name, b)
			}
		})
	}
	return messages
}

// apply commits one batch.
func (p *probe) apply(l *ledger, stream string, b sellerdesk.Batch) store.Applied {
	p.t.Helper()
	applied, err := l.apply(p.ctx, stream, b)
	if err != nil {
		p.t.Fatalf("apply a batch of %s: %v", stream, err)
	}
	return applied
}

// provesCursor reads with a new connector for every page, and lets the same
// page be read twice, as when the process dies before the batch is saved.
func (s suite) provesCursor(t *testing.T) {
	p := s.open(t)
	all := p.messages()
	found := map[Name]sellerdesk.MessagePatch{}
	for _, stream := range p.Streams {
		var from sellerdesk.Cursor
		for more := true; more; {
			p.restart()
			lost := p.pull(stream.Name, from)
			p.restart()
			b := p.pull(stream.Name, from)
			gather(found, b)
			if len(lost.Messages) > 0 && len(b.Messages) == 0 {
				t.Fatalf("stream %s gives %d messages from %q and none the second time", stream.Name, len(lost.Messages), from)
			}
			if more = b.More; b.Next != "" {
				from = b.Next
			}
		}
	}
	if missing := missing(all, found); len(missing) > 0 {
		t.Errorf("%d of %d messages are missing when every page is read by a new connector: %v", len(missing), len(all), missing[:1])
	}
	p.complete(found)
}

func missing(all, found map[Name]sellerdesk.MessagePatch) []Name {
	var names []Name
	for name := range all {
		if _, ok := found[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

func (s suite) provesForeignCursor(t *testing.T) {
	p := s.open(t)
	for _, stream := range p.Streams {
		for _, foreign := range []sellerdesk.Cursor{"x", "{}", "0", "-1", "99999999999999999999999", "\x00\xff"} {
			b, err := p.connector.Pull(p.ctx, stream.Name, foreign)
			if err != nil {
				p.failed(err)
				continue
			}
			p.check(b)
		}
	}
}

func (s suite) provesBuyer(t *testing.T) {
	p := s.open(t)
	at := p.cursors()
	hostile := says("<script>alert(1)</script> \u202eabc 👩‍👩‍👧 & \"q\"\nsecond line")
	id := p.Buyer(t, Line{Kind: s.kind, Text: says("first")})
	p.Buyer(t, Line{Kind: s.kind, Conversation: id, Text: hostile})
	p.Buyer(t, Line{Kind: s.kind, Conversation: id, Text: says("third")})
	var texts []string
	for _, want := range []string{says("first"), hostile, says("third")} {
		if slices.Contains(texts, want) {
			continue
		}
		for _, stream := range p.Streams {
			at[stream.Name] = p.drain(stream.Name, at[stream.Name], func(b sellerdesk.Batch) {
				for _, m := range b.Messages {
					if m.Conversation == id && !slices.Contains(texts, m.Text) {
						if m.Author != sellerdesk.AuthorBuyer || m.Kind != s.kind {
							t.Errorf("a line of the buyer has author %q and kind %q", m.Author, m.Kind)
						}
						texts = append(texts, m.Text)
					}
				}
			})
		}
	}
	if diff := cmp.Diff([]string{says("first"), hostile, says("third")}, texts); diff != "" {
		t.Errorf("the buyer's lines did not come as they were written:\n%s", diff)
	}
}

func (s suite) provesElsewhere(t *testing.T) {
	s.ability(t, sellerdesk.ActionReply)
	p := s.open(t)
	id := p.Buyer(t, Line{Kind: s.kind, Text: says("anybody there?")})
	ref := p.conversation(id)
	at := p.cursors()
	p.Elsewhere(t, Line{Kind: s.kind, Conversation: id, Text: says("from the cabinet")})
	if _, err := p.reply(ref, says("from here")); err != nil {
		p.failed(err)
		t.Fatalf("Send: %v", err)
	}
	seen := map[string]sellerdesk.MessagePatch{}
	for _, text := range []string{says("from the cabinet"), says("from here")} {
		if _, ok := seen[text]; ok {
			continue
		}
		for _, stream := range p.Streams {
			at[stream.Name] = p.drain(stream.Name, at[stream.Name], func(b sellerdesk.Batch) {
				for _, m := range b.Messages {
					seen[m.Text] = m
				}
			})
		}
	}
	cabinet, ours := seen[says("from the cabinet")], seen[says("from here")]
	if cabinet.Author != sellerdesk.AuthorElsewhere || cabinet.Foreign == s.options.Sourceless {
		t.Errorf("a line typed in the cabinet comes as %q, foreign %v", cabinet.Author, cabinet.Foreign)
	}
	if s.echoes(p) && (ours.Author != sellerdesk.AuthorElsewhere || ours.Foreign) {
		t.Errorf("a line of ours comes back as %q, foreign %v", ours.Author, ours.Foreign)
	}
}

// echoes tells whether any stream shows what we sent.
func (s suite) echoes(p *probe) bool {
	return slices.ContainsFunc(p.Streams, func(s channel.Stream) bool { return s.Echo })
}

func (s suite) provesRewind(t *testing.T) {
	p := s.open(t)
	if p.Rewind == nil {
		t.Skip("the channel cannot be rewound")
	}
	since := p.Clock.Now()
	id := p.Buyer(t, Line{Kind: s.kind, Text: says("do you remember?")})
	p.cursors()
	p.restart()
	found := false
	for _, stream := range p.Streams {
		from, err := p.Rewind(stream.Name, since)
		if err != nil {
			continue // not every stream has a past
		}
		p.drain(stream.Name, from, func(b sellerdesk.Batch) {
			found = found || slices.ContainsFunc(b.Messages, func(m sellerdesk.MessagePatch) bool { return m.Conversation == id })
		})
	}
	if !found {
		t.Error("no rewound stream shows a message written after the moment")
	}
	if _, err := p.Rewind("no such stream", since); err == nil {
		t.Error("a stream that does not exist can be rewound")
	}
}

func (s suite) provesCancel(t *testing.T) {
	p := s.open(t)
	ref := p.conversation(p.Buyer(t, Line{Kind: s.kind, Text: says("hello")}))
	ended, cancel := context.WithCancel(p.ctx)
	cancel()
	started := time.Now()
	for _, stream := range p.Streams {
		if _, err := p.connector.Pull(ended, stream.Name, ""); err == nil {
			t.Errorf("pull %s ignores that nobody waits", stream.Name)
		} else {
			p.failed(err)
		}
	}
	_, err := p.connector.Send(ended, sellerdesk.Reply{Conversation: ref, Text: says("too late")})
	class, _ := p.failed(err)
	if class != channel.Throttled && class != channel.Temporary {
		t.Errorf("a send that never left is %q, want one that may be repeated", class)
	}
	if got := p.received(ref.ID); len(got) != 0 {
		t.Errorf("a send that nobody waited for arrived %d times", len(got))
	}
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("it took %s to notice", took)
	}
}
