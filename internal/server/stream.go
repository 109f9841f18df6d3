package server

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/presence"
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
	// keyStreams and userStreams bound how many follow with one key, and as one
	// person with all keys and sessions together, so that one cannot take them
	// all. The key of the house has the bound of all only.
	keyStreams  = 50
	userStreams = 200
)

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
	// Rooms turns conversations, at least one, in which somebody came, left or
	// began to type into frames without a number: they are told at once, to those who
	// are there, and never again. Nil: they are not told.
	Rooms func(ctx context.Context, rooms []presence.Room) ([]Frame, error)
}

// Follow answers with the event log as server-sent events: first those after
// the number the client has (header Last-Event-ID, or after in the address),
// then what happens, until the client goes or the server closes. A client that
// names no number gets what happens from now on. One whose number is too old,
// or not of this log, gets the event "resync": it loads everything again and
// stays connected. So does one whose rights have changed. Only what may be seen
// at the moment of an event is told.
func (s *Server) Follow(w http.ResponseWriter, r *http.Request, f Feed) {
	after, given, err := resumePoint(r)
	if err != nil {
		s.Problem(w, r, err)
		return
	}
	ctx := r.Context()
	leave, ok := s.streams.enter(sellerdesk.AccessOf(ctx))
	defer leave()
	if !ok {
		s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeLimited, "Too many clients follow what happens."))
		return
	}
	st := &stream{server: s, r: r, w: w, control: http.NewResponseController(w), feed: f}
	access := sellerdesk.AccessOf(ctx)
	st.access.Store(&access)
	sub := s.deps.Live.Subscribe(st.concerned, live.DefaultBuffer)
	defer func() { sub.Close() }()
	// What changed since the request was judged is not in the subscription.
	if _, err := st.judge(ctx); err != nil {
		s.Problem(w, r, err)
		return
	}
	if err := st.begin(ctx, after, given); err != nil {
		if !st.begun {
			s.Problem(w, r, err)
		}
		return
	}
	rooms := s.Presence.Watch()
	defer rooms.Close()
	for st.pass(ctx, sub, rooms) == nil && sub.Lost() {
		// The client was slower than the events: what it missed is in the log.
		sub.Close()
		sub = s.deps.Live.Subscribe(st.concerned, live.DefaultBuffer)
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
	named   int64 // the number that the client resumes after
	begun   bool
	// access is what the client may see now. The hub reads it.
	access atomic.Pointer[sellerdesk.Access]
}

// concerned tells whether an event is one to be looked at: it may be told, or
// what may be seen may change with it. It is quick, for it runs for every client
// and event.
func (st *stream) concerned(e sellerdesk.Event) bool { return st.turning(e) || st.wants(e) }

func (st *stream) wants(e sellerdesk.Event) bool {
	return (st.feed.Wanted == nil || st.feed.Wanted(e)) && st.access.Load().Sees(e)
}

// turning tells whether the client may see something else after an event.
func (st *stream) turning(e sellerdesk.Event) bool {
	return e.Kind == sellerdesk.EventAccountCreated || turns(e, st.access.Load().User)
}

// judge finds out what the client may see now, and whether that is another thing
// than before.
func (st *stream) judge(ctx context.Context) (changed bool, err error) {
	now, there := st.server.CurrentAccess(ctx)
	if !there {
		return false, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Whoever followed may not any more.")
	}
	before := st.access.Swap(&now)
	return before.House != now.House || !maps.Equal(before.Accounts, now.Accounts), nil
}

// look is the context of what is read for the client.
func (st *stream) look(ctx context.Context) context.Context {
	return sellerdesk.WithAccess(ctx, *st.access.Load())
}

// begin sends the headers and what the client missed.
func (st *stream) begin(ctx context.Context, after int64, given bool) error {
	var first, last int64
	turned := false
	err := st.server.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if first, err = tx.Events.First(ctx); err != nil {
			return err
		}
		if last, err = tx.Events.Last(ctx); err == nil && given && last-after <= behind {
			turned, err = turnedAway(ctx, tx, after)
		}
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
	case after > last, last-after > behind, after < first-1, turned:
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

// turnedAway tells whether whoever comes back may see something else than at the
// event they had last.
func turnedAway(ctx context.Context, tx *store.Tx, after int64) (bool, error) {
	program := sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(0)) // such events are not for everybody's eyes
	events, _, err := tx.Events.List(program, store.EventQuery{After: after, Kinds: []sellerdesk.EventKind{sellerdesk.EventAccessChanged}, Limit: replay})
	return slices.ContainsFunc(events, func(e sellerdesk.Event) bool { return turns(e, sellerdesk.AccessOf(ctx).User) }), err
}

// turns tells whether an event is about what a person may see.
func turns(e sellerdesk.Event, user sellerdesk.UserID) bool {
	var data sellerdesk.AccessEvent
	return e.Kind == sellerdesk.EventAccessChanged && (json.Unmarshal(e.Data, &data) != nil || data.User == 0 || data.User == user)
}

func (st *stream) resync(last int64) error {
	st.seq = last
	return st.send([]Frame{{Seq: last, Name: "resync", Data: []byte("{}")}})
}

// catchUp tells what the log has after the last event told.
func (st *stream) catchUp(ctx context.Context) error {
	for sent := 0; ; {
		var events []sellerdesk.Event
		var next int64
		seen := st.look(ctx)
		err := st.server.deps.Store.Read(seen, func(tx *store.Tx) (err error) {
			events, next, err = tx.Events.List(seen, store.EventQuery{After: st.seq, Limit: replay})
			return err
		})
		if err != nil {
			return err
		}
		if err := st.tell(ctx, events); err != nil {
			return err
		}
		st.seq = max(st.seq, next)
		if sent += len(events); len(events) < replay {
			return nil
		}
		if sent > behind {
			return st.resync(st.seq)
		}
	}
}

// pass tells what the subscription brings until it ends (nil) or telling does.
func (st *stream) pass(ctx context.Context, sub *live.Subscription, rooms *presence.Watcher) error {
	beat := time.NewTicker(st.server.beat) // real time: proxies know no other
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-st.server.closing:
			return http.ErrServerClosed
		case <-beat.C:
			if err := st.pulse(ctx, sub.Passed()); err != nil {
				return err
			}
		case <-rooms.C:
			if err := st.whisper(ctx, rooms.Take()); err != nil {
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

// whisper tells who is where now, as far as the client may see it.
func (st *stream) whisper(ctx context.Context, rooms []presence.Room) error {
	access := st.access.Load()
	rooms = slices.DeleteFunc(rooms, func(r presence.Room) bool { return !access.MayIn(sellerdesk.RightSee, r.Account) })
	if len(rooms) == 0 || st.feed.Rooms == nil {
		return nil
	}
	frames, err := st.feed.Rooms(st.look(ctx), rooms)
	if err != nil {
		return err
	}
	return st.send(frames)
}

// gather takes what waits behind the first event.
func gather(first *sellerdesk.Event, more <-chan *sellerdesk.Event) []sellerdesk.Event {
	events := []sellerdesk.Event{*first}
	for len(events) < live.DefaultBuffer {
		select {
		case e, open := <-more:
			if !open {
				return events
			}
			events = append(events, *e)
		default:
			return events
		}
	}
	return events
}

// pulse keeps the connection alive, as long as the client may be there. What
// passed without concerning the client need not be looked through when it comes
// back: it is told the number to resume after.
func (st *stream) pulse(ctx context.Context, passed int64) error {
	changed, err := st.judge(ctx)
	st.seq = max(st.seq, passed)
	switch {
	case err != nil:
		return err
	case changed:
		return st.resync(st.seq)
	case st.seq > st.named:
		st.named = st.seq
		return st.write([]byte("id: " + strconv.FormatInt(st.seq, 10) + "\n\n"))
	default:
		return st.write([]byte(":\n\n"))
	}
}

// tell turns events into frames and sends them. What was told already passes
// silently: the log and the subscription overlap.
func (st *stream) tell(ctx context.Context, events []sellerdesk.Event) error {
	wanted := make([]sellerdesk.Event, 0, len(events))
	for _, e := range events {
		if e.Seq <= st.seq {
			continue
		}
		if st.turning(e) {
			changed, err := st.judge(ctx)
			if err != nil {
				return err
			}
			if changed && e.Kind == sellerdesk.EventAccessChanged {
				// What is shown may be too much or too little now.
				if err := st.hand(ctx, wanted); err != nil {
					return err
				}
				wanted = wanted[:0]
				if err := st.resync(e.Seq); err != nil {
					return err
				}
			}
		}
		st.seq = e.Seq
		if st.wants(e) {
			wanted = append(wanted, e)
		}
	}
	return st.hand(ctx, wanted)
}

// hand sends events that are wanted, as far as they may still be seen.
func (st *stream) hand(ctx context.Context, wanted []sellerdesk.Event) error {
	wanted = slices.DeleteFunc(wanted, func(e sellerdesk.Event) bool { return !st.wants(e) })
	if len(wanted) == 0 {
		return nil
	}
	frames, err := st.feed.Frames(st.look(ctx), wanted)
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
		st.named = max(st.named, f.Seq)
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
