package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// heartbeat keeps proxies from closing a quiet stream.
	heartbeat = 20 * time.Second
	// patience is how long one write may take: a client that reads no more is
	// dropped and resumes by the last number it has.
	patience = 15 * time.Second
	// behind is how many events are replayed to a client that comes back; one
	// further behind loads everything again.
	behind = 10_000
	// replay is how many events are read from the log at once.
	replay = 500
	// maxStreams bounds how many clients follow at once; each holds some 30 KB.
	maxStreams = 10_000
)

// errSignedOut ends a stream whose person has left.
var errSignedOut = errors.New("signed out")

// Frame is one server-sent event. Its number is that of the last event it
// tells of, so that the client resumes after it.
type Frame struct {
	Seq  int64
	Name string // "" is an unnamed message
	Data []byte // lines
}

// Feed is what one stream shows.
type Feed struct {
	// Wanted says which events the stream is about; nil means all.
	Wanted func(sellerdesk.Event) bool
	// Frames turns wanted events, at least one, in order, into frames; none is
	// an answer too. The events that came together come together, so that a
	// burst can be told once.
	Frames func(ctx context.Context, events []sellerdesk.Event) ([]Frame, error)
}

// Follow answers with the event log as server-sent events: first those after
// the number the client has (header Last-Event-ID, or after in the address),
// then what happens, until the client goes or the server closes. A client that
// names no number gets what happens from now on. One whose number is too old,
// or not of this log, gets the event "resync": it loads everything again and
// stays connected.
func (s *Server) Follow(w http.ResponseWriter, r *http.Request, f Feed) {
	after, given, err := resumePoint(r)
	if err != nil {
		s.Problem(w, r, err)
		return
	}
	defer s.streams.Add(-1)
	if s.streams.Add(1) > maxStreams {
		s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeLimited, "Too many clients follow what happens."))
		return
	}
	sub := s.deps.Live.Subscribe(f.Wanted, live.DefaultBuffer)
	defer func() { sub.Close() }()
	ctx := r.Context()
	st := &stream{server: s, r: r, w: w, control: http.NewResponseController(w), feed: f}
	if err := st.begin(ctx, after, given); err != nil {
		if !st.begun {
			s.Problem(w, r, err)
		}
		return
	}
	for st.pass(ctx, sub) == nil && sub.Lost() {
		// The client was slower than the events: what it missed is in the log.
		sub.Close()
		sub = s.deps.Live.Subscribe(f.Wanted, live.DefaultBuffer)
		if st.catchUp(ctx) != nil {
			return
		}
	}
}

// resumePoint is the number of the last event the client has.
func resumePoint(r *http.Request) (after int64, given bool, err error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return 0, false, nil
	}
	after, err = strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return 0, false, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The number of the last event is not a number.").InField("after")
	}
	return after, true, nil
}

// stream is one client that follows.
type stream struct {
	server  *Server
	r       *http.Request
	w       http.ResponseWriter
	control *http.ResponseController
	feed    Feed
	seq     int64 // number of the last event told or passed over
	begun   bool
}

// begin sends the headers and what the client missed.
func (st *stream) begin(ctx context.Context, after int64, given bool) error {
	var first, last int64
	err := st.server.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if first, err = tx.Events.First(ctx); err != nil {
			return err
		}
		last, err = tx.Events.Last(ctx)
		return err
	})
	if err != nil {
		return err
	}
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	st.w.WriteHeader(http.StatusOK)
	st.begun = true
	if st.r.Method == http.MethodHead {
		return http.ErrBodyNotAllowed // who asks for the headers only does not follow
	}
	st.seq = after
	switch {
	case !given:
		st.seq = last
	case after > last, last-after > behind, after < first-1:
		if err := st.resync(last); err != nil {
			return err
		}
	}
	// A number without data sets where the client resumes and is no event to it.
	if err := st.write([]byte("retry: 2000\nid: " + strconv.FormatInt(st.seq, 10) + "\n\n")); err != nil {
		return err
	}
	return st.catchUp(ctx)
}

func (st *stream) resync(last int64) error {
	st.seq = last
	return st.send([]Frame{{Seq: last, Name: "resync", Data: []byte("{}")}})
}

// catchUp tells what the log has after the last event told.
func (st *stream) catchUp(ctx context.Context) error {
	for sent := 0; ; {
		var events []sellerdesk.Event
		err := st.server.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
			events, err = tx.Events.After(ctx, st.seq, replay)
			return err
		})
		if err != nil {
			return err
		}
		if err := st.tell(ctx, events); err != nil {
			return err
		}
		if sent += len(events); len(events) < replay {
			return nil
		}
		if sent > behind {
			return st.resync(st.seq)
		}
	}
}

// pass tells what the subscription brings until it ends (nil) or telling does.
func (st *stream) pass(ctx context.Context, sub *live.Subscription) error {
	beat := time.NewTicker(st.server.beat) // real time: proxies know no other
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-st.server.closing:
			return http.ErrServerClosed
		case <-beat.C:
			if !st.server.people.stillIn(st.r) {
				return errSignedOut
			}
			if err := st.write([]byte(":\n\n")); err != nil {
				return err
			}
		case e, open := <-sub.C:
			if !open {
				return nil
			}
			if err := st.tell(ctx, gather(e, sub.C)); err != nil {
				return err
			}
		}
	}
}

// gather takes what waits behind the first event.
func gather(first sellerdesk.Event, more <-chan sellerdesk.Event) []sellerdesk.Event {
	events := []sellerdesk.Event{first}
	for len(events) < live.DefaultBuffer {
		select {
		case e, open := <-more:
			if !open {
				return events
			}
			events = append(events, e)
		default:
			return events
		}
	}
	return events
}

// tell turns events into frames and sends them. What was told already passes
// silently: the log and the subscription overlap.
func (st *stream) tell(ctx context.Context, events []sellerdesk.Event) error {
	wanted := make([]sellerdesk.Event, 0, len(events))
	for _, e := range events {
		if e.Seq <= st.seq {
			continue
		}
		st.seq = e.Seq
		if st.feed.Wanted == nil || st.feed.Wanted(e) {
			wanted = append(wanted, e)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	frames, err := st.feed.Frames(ctx, wanted)
	if err != nil {
		return err
	}
	return st.send(frames)
}

func (st *stream) send(frames []Frame) error {
	if len(frames) == 0 {
		return nil
	}
	var b bytes.Buffer
	for _, f := range frames {
		f.writeTo(&b)
	}
	return st.write(b.Bytes())
}

// write sends bytes at once. It waits for a slow client only so long.
func (st *stream) write(b []byte) error {
	_ = st.control.SetWriteDeadline(st.server.now().Add(patience)) // not every writer has deadlines
	if _, err := st.w.Write(b); err != nil {
		return err
	}
	if err := st.control.Flush(); err != nil {
		return err
	}
	_ = st.control.SetWriteDeadline(time.Time{})
	return nil
}

// writeTo writes the frame as the wire has it: each line of data apart.
func (f Frame) writeTo(b *bytes.Buffer) {
	if f.Seq > 0 {
		b.WriteString("id: ")
		b.WriteString(strconv.FormatInt(f.Seq, 10))
		b.WriteByte('\n')
	}
	if f.Name != "" {
		b.WriteString("event: ")
		b.WriteString(f.Name)
		b.WriteByte('\n')
	}
	// A lone carriage return ends a line too: data must not become a field.
	data := bytes.ReplaceAll(bytes.ReplaceAll(f.Data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	for line := range bytes.Lines(data) {
		b.WriteString("data: ")
		b.Write(bytes.TrimSuffix(line, []byte("\n")))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}
