package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// follower is a client as it ought to be: it keeps what it was told, goes on
// after the last number it has, and loads everything when it is told to.
type follower struct {
	t    *testing.T
	h    *servertest.House
	key  string
	last string
	revs map[sellerdesk.ConversationID]int64
	// rows are conversations as they were when they were asked for last, and changed
	// those that an event named since.
	rows    map[sellerdesk.ConversationID]sellerdesk.Conversation
	changed map[sellerdesk.ConversationID]bool

	told, resyncs int
}

// load asks for the revisions of everything there is.
func (f *follower) load() map[sellerdesk.ConversationID]int64 {
	f.t.Helper()
	revs := map[sellerdesk.ConversationID]int64{}
	for id, c := range f.list() {
		revs[id] = c.Rev
	}
	return revs
}

// list asks for everything there is.
func (f *follower) list() map[sellerdesk.ConversationID]sellerdesk.Conversation {
	f.t.Helper()
	all := map[sellerdesk.ConversationID]sellerdesk.Conversation{}
	for cursor := ""; ; {
		var page struct {
			Items []sellerdesk.Conversation
			Next  sellerdesk.Optional
		}
		b := f.get("/v1/conversations?limit=200&cursor=" + cursor)
		if err := json.Unmarshal(b, &page); err != nil {
			f.t.Fatalf("%v in %s", err, b)
		}
		for _, c := range page.Items {
			all[c.ID] = c
		}
		if cursor = string(page.Next); cursor == "" {
			return all
		}
	}
}

func (f *follower) request(ctx context.Context, path string) *http.Response {
	f.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.h.URL+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.key)
	if path == "/v1/events" {
		r.Header.Set("Accept", "text/event-stream")
		r.Header.Set("Last-Event-ID", f.last)
	}
	res, err := f.h.Client().Do(r)
	if ctx.Err() != nil {
		return nil // cut before the answer came
	}
	if err != nil {
		f.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		f.t.Fatalf("%s answers %d", path, res.StatusCode)
	}
	return res
}

func (f *follower) get(path string) []byte {
	f.t.Helper()
	res := f.request(f.t.Context(), path)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

// follow reads so many bytes of the stream, until enough says so, or for a
// while, and then cuts it, wherever that is.
func (f *follower) follow(bytesRead int, enough func() bool, while time.Duration) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), while)
	defer cancel()
	res := f.request(ctx, "/v1/events")
	if res == nil {
		return
	}
	defer res.Body.Close()
	var got []byte
	one := make([]byte, 512)
	for read := 0; read < bytesRead && !enough(); {
		n, err := res.Body.Read(one[:min(len(one), bytesRead-read)])
		read += n
		got = append(got, one[:n]...)
		for {
			frame, rest, whole := bytes.Cut(got, []byte("\n\n"))
			if !whole {
				break
			}
			got = rest
			f.take(frame)
		}
		if err != nil {
			return
		}
	}
}

// take acts on a frame that came whole.
func (f *follower) take(frame []byte) {
	f.t.Helper()
	var name string
	var data []byte
	for line := range bytes.Lines(frame) {
		field, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(": "))
		switch string(field) {
		case "id":
			f.last = string(value)
		case "event":
			name = string(value)
		case "data":
			data = value
		}
	}
	if name == "resync" {
		f.resyncs++
		f.revs = f.load()
		if f.rows != nil {
			f.rows, f.changed = f.list(), map[sellerdesk.ConversationID]bool{}
		}
		return
	}
	if data == nil {
		return
	}
	f.told++
	var e sellerdesk.Event
	if err := json.Unmarshal(data, &e); err != nil {
		f.t.Fatalf("%v in %s", err, data)
	}
	var c sellerdesk.ConversationEvent
	if e.Kind != sellerdesk.EventConversationCreated && e.Kind != sellerdesk.EventConversationUpdated {
		return
	}
	if err := json.Unmarshal(e.Data, &c); err != nil {
		f.t.Fatal(err)
	}
	f.revs[*e.Conversation] = max(f.revs[*e.Conversation], c.Rev)
	if f.rows != nil {
		f.changed[*e.Conversation] = true
	}
}

// TestAThousandCutsLeaveNoGap cuts the stream of somebody whose rights change now
// and then, wherever it is, while buyers write: in the end the client knows
// exactly what the server has for it.
func TestAThousandCutsLeaveNoGap(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	owner, err := h.Desk.Users.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(owner.ID))
	home := h.Account
	away, err := h.Desk.Accounts.Add(ctx, desk.AddAccount{Channel: servertest.Channel, Name: "Away", Credentials: map[string]sellerdesk.Secret{"token": "away"}})
	if err != nil {
		t.Fatal(err)
	}
	here := []sellerdesk.Grant{{Role: sellerdesk.RoleOperator, Account: &home.ID}}
	both := append(here[:1:1], sellerdesk.Grant{Role: sellerdesk.RoleReadOnly, Account: &away.ID})
	in, err := h.Desk.Users.Invite(ctx, desk.InviteInput{Name: "Operator", Grants: here})
	if err != nil {
		t.Fatal(err)
	}
	key, err := h.Desk.Keys.Create(ctx, desk.CreateKey{User: in.User.ID, Name: "stream", Rights: sellerdesk.AllRights()})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	f := &follower{t: t, h: h, key: key.Text, last: fmt.Sprint(last(t, h))}
	f.revs = f.load()
	write := func(n int) {
		h.Account = home
		if random.IntN(2) == 0 {
			h.Account = away
		}
		h.Chat(t, fmt.Sprint("buyer", random.IntN(30)), servertest.Start().Add(time.Duration(n)*time.Second), fmt.Sprint("word ", n))
	}
	const cuts = 1000
	for n := range cuts {
		write(n)
		if n%97 == 50 {
			grants := here
			if n%2 == 0 {
				grants = both
			}
			if _, err := h.Desk.Users.Change(ctx, in.User.ID, desk.ChangeUser{Grants: &grants}); err != nil {
				t.Fatal(err)
			}
		}
		// Some are cut while they wait, some in the middle of a frame, some before the answer.
		f.follow(1+random.IntN(1500), func() bool { return false }, time.Duration(1+random.IntN(5))*time.Millisecond)
	}
	end := last(t, h)
	f.follow(1<<30, func() bool {
		at, _ := strconv.ParseInt(f.last, 10, 64)
		return at >= end || cmp.Equal(f.revs, f.load())
	}, time.Minute)
	if diff := cmp.Diff(f.load(), f.revs); diff != "" {
		t.Errorf("the client knows something else than the server (-server +client):\n%s", diff)
	}
	t.Logf("%d events told, %d times everything loaded again", f.told, f.resyncs)
	if f.told == 0 || f.resyncs < 3 { // how many are told depends on how quick the machine is
		t.Errorf("%d events and %d resyncs: nothing was tried", f.told, f.resyncs)
	}
}
