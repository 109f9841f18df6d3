package server_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// listener reads a stream of the house frame by frame.
type listener struct {
	t      *testing.T
	frames chan map[string]string
	header http.Header
	close  func()
}

func listen(t *testing.T, h *servertest.House, address string, change func(*http.Request)) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Accept-Encoding", "gzip")
	withKey(servertest.Key)(r)
	if change != nil {
		change(r)
	}
	res, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the stream answered %d", res.StatusCode)
	}
	l := &listener{t: t, frames: make(chan map[string]string, 1000), header: res.Header, close: cancel}
	go func() {
		defer close(l.frames)
		defer res.Body.Close()
		frame := map[string]string{}
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if name, value, ok := strings.Cut(lines.Text(), ": "); ok {
				frame[name] = value
			} else if lines.Text() == "" {
				l.frames <- frame
				frame = map[string]string{}
			}
		}
	}()
	t.Cleanup(cancel)
	return l
}

// next gives the next frame with data.
func (l *listener) next() map[string]string {
	l.t.Helper()
	for {
		select {
		case f, open := <-l.frames:
			if !open {
				l.t.Fatal("the stream ended")
			}
			if f["data"] != "" {
				return f
			}
		case <-time.After(10 * time.Second):
			l.t.Fatal("nothing came within ten seconds")
		}
	}
}

func rename(t *testing.T, h *servertest.House, name string) {
	t.Helper()
	if _, err := h.Desk.Accounts.Rename(t.Context(), h.Account.ID, name); err != nil {
		t.Fatal(err)
	}
}

func last(t *testing.T, h *servertest.House) (seq int64) {
	t.Helper()
	err := h.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		seq, err = tx.Events.Last(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func TestAStreamTellsWhatHappensFromNowOn(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	before := last(t, h)
	l := listen(t, h, "/v1/events", nil)
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no", "Cache-Control": "no-store", "Content-Encoding": "",
	} {
		if got := l.header.Get(name); got != want {
			t.Errorf("header %s is %q, want %q", name, got, want)
		}
	}
	rename(t, h, "Other name")
	f := l.next()
	if f["id"] != fmt.Sprint(before+1) || f["event"] != "" || !strings.Contains(f["data"], `"kind":"account.changed"`) {
		t.Errorf("got %v after %d", f, before)
	}
}

func TestAStreamResumesWithoutAGap(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	before := last(t, h)
	for i := range 5 {
		rename(t, h, fmt.Sprint("Name ", i))
	}
	for name, l := range map[string]*listener{
		"by header":                            listen(t, h, "/v1/events", func(r *http.Request) { r.Header.Set("Last-Event-ID", fmt.Sprint(before+1)) }),
		"by address":                           listen(t, h, fmt.Sprint("/v1/events?after=", before+1), nil),
		"by header when both say: it is newer": listen(t, h, "/v1/events?after=0", func(r *http.Request) { r.Header.Set("Last-Event-ID", fmt.Sprint(before+1)) }),
	} {
		for i := range int64(4) {
			if f := l.next(); f["id"] != fmt.Sprint(before+2+i) {
				t.Fatalf("%s: got %v, want %d", name, f, before+2+i)
			}
		}
	}
}

func TestAStreamOfAnotherLogStartsAgain(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	l := listen(t, h, fmt.Sprint("/v1/events?after=", last(t, h)+1000), nil)
	if f := l.next(); f["event"] != "resync" || f["id"] != fmt.Sprint(last(t, h)) {
		t.Fatalf("got %v", f)
	}
	rename(t, h, "Other name")
	if f := l.next(); f["id"] != fmt.Sprint(last(t, h)) {
		t.Errorf("after the resync got %v", f)
	}
}

func TestAStreamTooFarBehindStartsAgain(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	for i := range 4 {
		rename(t, h, fmt.Sprint("Name ", i))
	}
	err := h.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Events.Trim(t.Context(), 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if f := listen(t, h, "/v1/events?after=1", nil).next(); f["event"] != "resync" {
		t.Errorf("got %v", f)
	}
}

func TestABurstArrivesWholeThroughASlowReader(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	h.HTTP.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) {
		h.HTTP.Follow(w, r, server.Feed{Frames: func(_ context.Context, events []sellerdesk.Event) ([]server.Frame, error) {
			time.Sleep(time.Millisecond) // slower than the writer below
			var out []server.Frame
			for _, e := range events {
				out = append(out, server.Frame{Seq: e.Seq, Data: []byte("x")})
			}
			return out, nil
		}})
	})
	own(t, h)
	before := last(t, h)
	l := listen(t, h, "/slow?after="+fmt.Sprint(before), nil)
	const burst = 700 // more than a subscription holds
	err := h.Store.Write(t.Context(), func(tx *store.Tx) error {
		for i := range burst {
			if err := tx.Accounts.Rename(t.Context(), h.Account.ID, fmt.Sprint("Name ", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := before
	for range last(t, h) - before {
		want++
		if f := l.next(); f["id"] != fmt.Sprint(want) {
			t.Fatalf("got %v, want %d", f, want)
		}
	}
	if want-before < burst {
		t.Fatalf("only %d events were written", want-before)
	}
}

func TestClosingEndsStreams(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	l := listen(t, h, "/v1/events", nil)
	h.HTTP.Close()
	deadline := time.After(5 * time.Second)
	for {
		select {
		case _, open := <-l.frames:
			if !open {
				return
			}
		case <-deadline:
			t.Fatal("the stream goes on")
		}
	}
}

func TestAQuietStreamGivesASignOfLifeAndEndsWithItsSession(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	h.HTTP.SetHeartbeat(20 * time.Millisecond)
	token := own(t, h)
	l := listen(t, h, "/v1/events", func(r *http.Request) {
		r.Header.Del("Authorization")
		withSession(token)(r)
	})
	for range 3 { // the number to resume at, then heartbeats
		select {
		case <-l.frames:
		case <-time.After(10 * time.Second):
			t.Fatal("no sign of life")
		}
	}
	if err := h.Desk.Users.SignOut(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	deadline := time.After(10 * time.Second)
	for {
		select {
		case _, open := <-l.frames:
			if !open {
				return
			}
		case <-deadline:
			t.Fatal("who signed out still follows")
		}
	}
}

func TestAWrongNumberIsAProblem(t *testing.T) {
	t.Parallel()
	q, _ := start(t, nil)
	w := q.ask("GET", "/v1/events", func(r *http.Request) {
		withKey(servertest.Key)(r)
		r.Header.Set("Accept", "text/event-stream")
		r.Header.Set("Last-Event-ID", "first")
	})
	if p := problemOf(t, w); p.Code != sellerdesk.CodeInvalid || p.Field != "after" {
		t.Errorf("got %+v", p)
	}
}

func TestAskingForHeadersDoesNotFollow(t *testing.T) {
	t.Parallel()
	q, _ := start(t, nil)
	w := q.ask("HEAD", "/v1/events", func(r *http.Request) { // would hang otherwise
		withKey(servertest.Key)(r)
		r.Header.Set("Accept", "text/event-stream")
	})
	if w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("got %d with %q", w.Code, w.Body)
	}
}

func TestFramesCannotBeForged(t *testing.T) {
	t.Parallel()
	q, h := start(t, nil)
	own(t, h)
	h.HTTP.HandleFunc("GET /forged", func(w http.ResponseWriter, r *http.Request) {
		h.HTTP.Follow(w, r, server.Feed{Frames: func(context.Context, []sellerdesk.Event) ([]server.Frame, error) {
			h.HTTP.Close()
			return []server.Frame{{Seq: 1, Data: []byte("one\r\nevent: forged\n\ndata: two\revent: three")}}, nil
		}})
	})
	w := q.ask("GET", "/forged?after=0", nil)
	for line := range strings.Lines(strings.ReplaceAll(w.Body.String(), "\r", "\n")) {
		if strings.HasPrefix(line, "event:") {
			t.Errorf("a line of data became a field: %q", w.Body)
		}
	}
}

func TestOneNarrowKeyCannotTakeAllStreams(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	owner, err := h.Desk.Users.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(owner.ID))
	var keys []string
	for _, name := range []string{"one", "another"} {
		k, err := h.Desk.Keys.Create(ctx, desk.CreateKey{Name: name, Rights: sellerdesk.RightsOf(sellerdesk.RightSee)})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k.Text)
	}
	for range 50 {
		listen(t, h, "/v1/events", withKey(keys[0]))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	withKey(keys[0])(r)
	r.Header.Set("Accept", "text/event-stream")
	res, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the stream after the last one answers %d", res.StatusCode)
	}
	listen(t, h, "/v1/events", withKey(keys[1]))
}
