package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// quiet is how long a stream may say nothing: three missed heartbeats.
	quiet = time.Minute
	// maxFrame bounds one event of a stream, in bytes.
	maxFrame = 1 << 20
	// pauseFirst and pauseMost bound the waits between attempts to come back.
	pauseFirst = 200 * time.Millisecond
	pauseMost  = 10 * time.Second
)

// ErrResync tells that events were missed: load everything again. The stream
// goes on after it.
var ErrResync = errors.New("events were missed; load everything again")

// Events are the log of what happened.
type Events struct {
	c      *Client
	filter EventFilter
}

// EventFilter narrows the log. Empty lists and 0 mean "any".
type EventFilter struct {
	Kinds        []sellerdesk.EventKind
	Accounts     []sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
}

func (f EventFilter) values() url.Values {
	v := ConversationQuery{Accounts: f.Accounts}.values()
	list(v, "kind", f.Kinds)
	if f.Conversation != 0 {
		v.Set("conversation", itoa(f.Conversation))
	}
	return v
}

// Only gives the log narrowed to what a filter names; the numbers of the others
// are passed over.
func (s *Events) Only(f EventFilter) *Events { return &Events{s.c, f} }

// EventPage is a page of the log.
type EventPage struct {
	Items []sellerdesk.Event `json:"items"`
	Next  int64              `json:"next"` // after of the next page
	Lost  bool               `json:"lost"` // events after the number asked for are no longer kept
}

// List gives the events after a number, oldest first. Limit is 1 to 200, 0
// means 50.
func (s *Events) List(ctx context.Context, after int64, limit int) (EventPage, error) {
	v := s.filter.values()
	v.Set("after", strconv.FormatInt(after, 10))
	place(v, "", limit)
	var p EventPage
	err := s.c.do(ctx, call{op: "list events", method: http.MethodGet, path: "/v1/events", query: v}, &p)
	return p, err
}

// Now begins a stream at the present: nothing older is told.
const Now int64 = -1

// Follow gives the events after a number (or [Now]) as they happen, until ctx
// ends or the loop is left. A broken connection is made again and resumes
// without a gap. [ErrResync] says that there is one after all, and the loop
// may go on; every other error is the last.
func (s *Events) Follow(ctx context.Context, after int64) iter.Seq2[sellerdesk.Event, error] {
	return func(yield func(sellerdesk.Event, error) bool) {
		f := follower{c: s.c, query: s.filter.values(), after: after, yield: yield}
		for pause := pauseFirst; ; pause = min(2*pause, pauseMost) {
			before := f.heard
			err := f.once(ctx)
			if f.left {
				return
			}
			var refused *Error
			if ctx.Err() != nil {
				err = ctx.Err()
			} else if !errors.As(err, &refused) || refused.Status >= http.StatusInternalServerError || refused.Code == sellerdesk.CodeLimited {
				if f.heard > before {
					pause = pauseFirst
				}
				if s.c.clock.Sleep(ctx, pause) == nil {
					continue
				}
				err = ctx.Err()
			}
			yield(sellerdesk.Event{}, err)
			return
		}
	}
}

// follower is one loop over the events.
type follower struct {
	c     *Client
	query url.Values
	after int64 // number of the last event given out
	yield func(sellerdesk.Event, error) bool
	heard int  // frames of all connections
	left  bool // the loop was left
}

// once reads one connection to its end.
func (f *follower) once(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := call{op: "follow events", method: http.MethodGet, path: "/v1/events", query: f.query, accept: "text/event-stream", once: true}
	if f.after >= 0 {
		in.header = map[string]string{"Last-Event-ID": strconv.FormatInt(f.after, 10)}
	}
	heard := make(chan struct{}, 1)
	go f.watch(ctx, cancel, heard)
	res, err := f.c.send(ctx, in)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for !f.left {
		frame, err := readFrame(lines, func() { signal(heard) })
		if err != nil {
			return fmt.Errorf("follow events: %w", err)
		}
		if err := f.take(frame); err != nil {
			return err
		}
	}
	return nil
}

// watch breaks a connection off that says nothing for too long. It ends with
// ctx.
func (f *follower) watch(ctx context.Context, breakOff func(), heard <-chan struct{}) {
	for {
		fired, stop := f.c.clock.NewTimer(quiet)
		select {
		case <-heard:
			stop()
		case <-fired:
			breakOff()
			return
		case <-ctx.Done():
			stop()
			return
		}
	}
}

// signal notes that something was heard, without waiting.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// take gives a frame to the loop.
func (f *follower) take(fr frame) error {
	f.heard++
	var err error
	var e sellerdesk.Event
	switch {
	case fr.name == "resync":
		err = ErrResync
	case fr.data == "": // only a number: where to resume
		f.resumeAt(fr.id)
		return nil
	case fr.name != "":
		return nil // a kind of message that this client does not know
	default:
		if err := json.Unmarshal([]byte(fr.data), &e); err != nil {
			return fmt.Errorf("follow events: understand an event: %w", err)
		}
	}
	f.resumeAt(fr.id)
	f.left = !f.yield(e, err)
	return nil
}

func (f *follower) resumeAt(id string) {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		f.after = n
	}
}

// frame is one server-sent event.
type frame struct{ id, name, data string }

// readFrame reads to the next empty line. Heard is called for every line, those
// of heartbeats too.
func readFrame(r *bufio.Reader, heard func()) (frame, error) {
	var f frame
	var data []string
	for size := 0; ; {
		line, err := readLine(r, maxFrame-size)
		if err != nil {
			return frame{}, err
		}
		heard()
		size += len(line)
		if line == "" {
			f.data = strings.Join(data, "\n")
			return f, nil
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "id":
			f.id = value
		case "event":
			f.name = value
		case "data":
			data = append(data, value)
		}
	}
}

// readLine reads a line of at most limit bytes.
func readLine(r *bufio.Reader, limit int) (string, error) {
	var b []byte
	for {
		part, err := r.ReadSlice('\n')
		if b = append(b, part...); len(b) > limit {
			return "", errors.New("an event is larger than 1 MB")
		}
		switch {
		case err == nil:
			return strings.TrimRight(string(b), "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return "", io.ErrUnexpectedEOF
		default:
			return "", err
		}
	}
}
