package sandbox_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

var update = flag.Bool("update", false, "write the golden files anew")

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, seed uint64, o sandbox.Options) *sandbox.World {
	t.Helper()
	if o.Start.IsZero() {
		o.Start = start
	}
	o.Scale = -1
	w, err := sandbox.New(seed, o)
	if err != nil {
		t.Fatal(err)
	}
	wildberries.Mount(w, wildberries.Options{})
	return w
}

// dump writes everything an account holds, files included.
func dump(a *sandbox.Account) string {
	var out strings.Builder
	fmt.Fprintln(&out, a.Name, a.Seller, a.Organization, a.TaxID)
	for _, m := range a.Events(0, a.Messages()) {
		fmt.Fprintln(&out, m.At, m.ID, m.Conversation, m.Author, m.Source, m.Buyer, m.Text, m.Card, m.Empty)
		for i, f := range m.Files {
			fmt.Fprintln(&out, f.ID, f.Name, f.Type)
			if i == 0 && m.ID[0] < 4 {
				out.Write(f.Content())
			}
		}
	}
	return out.String()
}

func TestEqualSeedsGiveEqualBytesAndOthersDoNot(t *testing.T) {
	t.Parallel()
	worlds := []*sandbox.World{newWorld(t, 1, sandbox.Options{}), newWorld(t, 1, sandbox.Options{}), newWorld(t, 2, sandbox.Options{})}
	for n := range 2 {
		a, b, c := dump(worlds[0].Accounts("wildberries")[n]), dump(worlds[1].Accounts("wildberries")[n]), dump(worlds[2].Accounts("wildberries")[n])
		if a != b {
			t.Errorf("account %d: equal seeds differ", n+1)
		}
		if a == c {
			t.Errorf("account %d: other seeds do not", n+1)
		}
	}
}

func TestContentDoesNotDependOnTheStart(t *testing.T) {
	t.Parallel()
	texts := func(w *sandbox.World) map[sandbox.ID]string {
		got := map[sandbox.ID]string{}
		for _, m := range w.Accounts("wildberries")[0].Events(0, 10_000) {
			got[m.ID] = m.Text + m.At.Sub(w.Clock().Now()).String()
		}
		return got
	}
	a := texts(newWorld(t, 1, sandbox.Options{}))
	b := texts(newWorld(t, 1, sandbox.Options{Start: start.Add(1234*time.Hour + 17*time.Millisecond)}))
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

func TestDemoWorldIsSmallAndWaits(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		w := newWorld(t, seed, sandbox.Options{})
		chats, waiting, fresh, old := 0, 0, 0, 0
		for _, a := range w.Accounts("wildberries") {
			if a.Messages() > 500 {
				t.Errorf("seed %d: %d events", seed, a.Messages())
			}
			for c := range a.Conversations {
				chats++
				if chats == 1 && (c.Last.Author != sandbox.Buyer || len(c.Last.Files) == 0) {
					t.Errorf("seed %d: the newest conversation does not open with a photo of a buyer", seed)
				}
				if age := start.Sub(c.Last.At); c.Last.Author == sandbox.Buyer {
					waiting++
					if age < 15*time.Minute {
						fresh++
					}
					if age > 24*time.Hour {
						old++
					}
				}
				if c.Last.At.After(start) {
					t.Errorf("seed %d: a message from the future", seed)
				}
			}
		}
		if chats < 25 || waiting < 10 || waiting > chats/2 || fresh == 0 || old == 0 {
			t.Errorf("seed %d: %d chats, %d wait, %d for minutes, %d for days", seed, chats, waiting, fresh, old)
		}
	}
}

func TestNoGapIsLeftInTheTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, sandbox.Options{Messages: 30_000})
	different, files := map[string]bool{}, 0
	for _, a := range w.Accounts("wildberries") {
		for _, m := range a.Events(0, a.Messages()) {
			if strings.ContainsAny(m.Text, "{}%") && !strings.Contains(m.Text, " %") {
				t.Fatalf("text with a gap: %s", m.Text)
			}
			if len([]rune(m.Text)) > 3000 || m.Text == "" && !m.Empty && len(m.Files) == 0 {
				t.Fatalf("text of %d bytes", len(m.Text))
			}
			different[m.Text] = true
			files += len(m.Files)
		}
	}
	if len(different) < 8_000 || files < 3_000 {
		t.Errorf("%d different texts, %d files", len(different), files)
	}
}

func TestLargeWorldIsMadeQuicklyAndFrugally(t *testing.T) {
	before := time.Now()
	w := newWorld(t, 3, sandbox.Options{Messages: 200_000})
	if took := time.Since(before); took > 5*time.Second {
		t.Errorf("made in %v", took)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 200<<20 {
		t.Errorf("%d MB in use", m.HeapAlloc>>20)
	}
	total := 0
	for _, a := range w.Accounts("wildberries") {
		total += a.Messages()
		last := int64(0)
		for range 20 {
			page := a.Events(last, 50)
			if len(page) != 50 || page[0].At.UnixMilli() <= last {
				t.Fatalf("page of %d events after %d", len(page), last)
			}
			last = page[49].At.UnixMilli()
		}
	}
	if total != 200_000 {
		t.Errorf("%d messages", total)
	}
	runtime.KeepAlive(w)
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	for _, o := range []sandbox.Options{{Messages: -1}, {Messages: 5_000_001}, {Accounts: -1}, {Accounts: 101}} {
		if _, err := sandbox.New(1, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

// player is the control API over a real server.
type player struct {
	testing.TB
	server *httptest.Server
}

func play(t testing.TB, w *sandbox.World) player {
	t.Helper()
	p := player{t, httptest.NewServer(w.Handler())}
	t.Cleanup(p.server.Close)
	return p
}

func (p player) call(path, body string) (int, string) {
	p.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(p.Context(), method, p.server.URL+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	got, err := p.server.Client().Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		p.Fatal(err)
	}
	return got.StatusCode, string(raw)
}

func TestControlAnswersKeepTheirShapes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 100})
	p := play(t, w)
	a := w.Accounts("wildberries")[0]
	var chat sandbox.Conversation
	for c := range a.Conversations {
		chat = c
		break
	}
	if _, err := w.Receive(a, chat.ID, "Добрый день!", []sandbox.File{sandbox.NewFile("a.pdf", []byte("%PDF-1.4\n"))}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, c := range []struct{ path, body string }{
		{"/_sandbox/state", ""},
		{"/_sandbox/buyer", `{"api":"wildberries","kind":"chat","text":"Здравствуйте!","from":{"name":"Анна","phone":"+79001234567","username":"anna"},"files":[{"name":"a.jpg","size":20000}]}`},
		{"/_sandbox/buyer", `{"api":"wildberries","account":"` + a.Seller + `","kind":"chat","conversation":"1:` + chat.ID.String() + `","text":"Ещё раз"}`},
		{"/_sandbox/seller", `{"api":"wildberries","account":1,"kind":"chat","conversation":"1:` + chat.ID.String() + `","text":"Отвечаю"}`},
		{"/_sandbox/faults", `[{"api":"wildberries","operation":"*","nth":3,"effect":"429","seconds":5}]`},
		{"/_sandbox/faults", `[]`},
		{"/_sandbox/clock", `{"advance":"24h"}`},
		{"/_sandbox/push", `{"api":"wildberries","address":"http://127.0.0.1:1/in"}`},
		{"/_sandbox/reset", `{"seed":2}`},
	} {
		status, got := p.call(c.path, c.body)
		fmt.Fprintf(&out, "%s\n%d %s", c.path, status, got)
	}
	golden(t, "testdata/control.golden", out.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestControlRefusesInOneSentence(t *testing.T) {
	t.Parallel()
	p := play(t, newWorld(t, 1, sandbox.Options{Messages: 100}))
	for name, c := range map[string]struct {
		path, body, want string
		status           int
	}{
		"a question with stars":  {"/_sandbox/buyer", `{"api":"wildberries","kind":"question","text":"a","rating":5}`, "a question has no rating", 400},
		"a question in a chat":   {"/_sandbox/buyer", `{"api":"wildberries","kind":"question","text":"a","conversation":"x"}`, "a question cannot be changed by the buyer: leave conversation out to write a new one", 400},
		"six stars":              {"/_sandbox/buyer", `{"api":"wildberries","kind":"review","rating":6}`, "rating must lie between 1 and 5", 400},
		"a review of nothing":    {"/_sandbox/buyer", `{"api":"wildberries","kind":"review"}`, "text, files or a rating are needed", 400},
		"an unknown review":      {"/_sandbox/seller", `{"api":"wildberries","kind":"review","conversation":"AAAAAAAAAAAAAAAAAAAAAA","text":"a"}`, "no such conversation", 400},
		"an unknown kind":        {"/_sandbox/buyer", `{"api":"wildberries","kind":"letter","text":"a"}`, "unknown kind; this sandbox has chat, question, review and claim", 400},
		"another api":            {"/_sandbox/buyer", `{"api":"radist","kind":"chat","text":"a"}`, "radist is not mounted here", 400},
		"no api":                 {"/_sandbox/buyer", `{"kind":"chat","text":"a"}`, "api is needed", 400},
		"no kind":                {"/_sandbox/buyer", `{"api":"wildberries","text":"a"}`, "kind is needed", 400},
		"neither text nor file":  {"/_sandbox/buyer", `{"api":"wildberries","kind":"chat"}`, "text or files are needed", 400},
		"a rating":               {"/_sandbox/buyer", `{"api":"wildberries","kind":"chat","text":"a","rating":5}`, "a chat has no rating", 400},
		"unknown account":        {"/_sandbox/buyer", `{"api":"wildberries","account":"x","kind":"chat","text":"a"}`, "wildberries has no such account: give a name or a seller of GET /_sandbox/state", 400},
		"unknown chat":           {"/_sandbox/buyer", `{"api":"wildberries","kind":"chat","conversation":"1:00000000-0000-0000-0000-000000000000","text":"a"}`, "no such conversation", 400},
		"chat that is no id":     {"/_sandbox/seller", `{"api":"wildberries","kind":"chat","conversation":"x","text":"a"}`, "conversation is not an id of wildberries", 400},
		"huge file":              {"/_sandbox/buyer", `{"api":"wildberries","kind":"chat","files":[{"name":"a","size":99999999}]}`, "a file needs a name of at most 255 bytes and a size from 0 to 20971520", 400},
		"misspelt field":         {"/_sandbox/buyer", `{"api":"wildberries","knid":"chat"}`, `body: unknown field "knid"`, 400},
		"no JSON":                {"/_sandbox/faults", `nonsense`, "body: invalid character 'o' in literal null (expecting 'u')", 400},
		"time that goes back":    {"/_sandbox/clock", `{"advance":"-1h"}`, `advance must be a duration like "90s" or "24h", not negative`, 400},
		"scale of a million two": {"/_sandbox/clock", `{"scale":1200000}`, "scale must lie between 0 (stopped) and 1000000", 400},
		"reset without a seed":   {"/_sandbox/reset", `{}`, "seed is needed", 400},
		"unknown call":           {"/_sandbox/nothing", "", "no such call of the sandbox", 404},
	} {
		status, got := p.call(c.path, c.body)
		var said struct{ Error string }
		if err := json.Unmarshal([]byte(got), &said); err != nil || status != c.status || said.Error != c.want {
			t.Errorf("%s: %d %q, want %d %q", name, status, said.Error, c.status, c.want)
		}
	}
}

func TestControlIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 100})
	ask := func(from, host, origin string) int {
		r := httptest.NewRequest(http.MethodPost, "http://"+host+"/_sandbox/reset", strings.NewReader(`{"seed":1}`))
		r.RemoteAddr = from
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		rw := httptest.NewRecorder()
		w.Handler().ServeHTTP(rw, r)
		return rw.Code
	}
	for name, c := range map[string]struct {
		from, host, origin string
		want               int
	}{
		"loopback":                  {"127.0.0.1:5000", "127.0.0.1:8485", "", 200},
		"loopback by name":          {"127.0.0.1:5000", "localhost:8485", "http://localhost:8485", 200},
		"loopback, sixth version":   {"[::1]:5000", "[::1]:8485", "", 200},
		"another machine":           {"192.0.2.1:5000", "127.0.0.1:8485", "", 403},
		"a name that points here":   {"127.0.0.1:5000", "evil.example", "", 403},
		"a page of another site":    {"127.0.0.1:5000", "127.0.0.1:8485", "http://evil.example", 403},
		"address without a machine": {"nonsense", "127.0.0.1:8485", "", 403},
	} {
		if got := ask(c.from, c.host, c.origin); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestResetMakesTheSameWorldAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 300})
	before, token := dump(w.Accounts("wildberries")[0]), w.State().Accounts[0].Token
	a := w.Accounts("wildberries")[0]
	for range 2 {
		if _, err := w.Receive(a, a.Events(0, 1)[0].Conversation, "a", nil); err != nil {
			t.Fatal(err)
		}
	}
	w.Violate("wildberries")
	if s := w.State(); s.Duplicates != 1 || s.Violations["wildberries"] != 1 || len(s.Received) != 2 {
		t.Fatalf("%+v", s)
	}
	w.Reset(2)
	if w.State().Accounts[0].Token == token {
		t.Error("another seed has the same token")
	}
	w.Reset(1)
	s := w.State()
	if dump(w.Accounts("wildberries")[0]) != before || s.Accounts[0].Token != token || s.Duplicates != 0 || s.Violations["wildberries"] != 0 || len(s.Received) != 0 {
		t.Error("not the same world")
	}
}

func TestReceivedKeepsTheNewestTenThousand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 100})
	a := w.Accounts("wildberries")[0]
	id := a.Events(0, 1)[0].Conversation
	for i := range 10_005 {
		if _, err := w.Receive(a, id, fmt.Sprint(i), nil); err != nil {
			t.Fatal(err)
		}
	}
	got := w.State().Received
	if len(got) != 10_000 || got[0].Text != "5" || got[9_999].Text != "10004" {
		t.Errorf("%d, from %s to %s", len(got), got[0].Text, got[len(got)-1].Text)
	}
}

func TestEqualMessagesCountAsDuplicatesWithinTheWindowOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 100})
	a := w.Accounts("wildberries")[0]
	one, two := a.Events(0, 1)[0].Conversation, sandbox.ID{}
	for c := range a.Conversations {
		if c.ID != one {
			two = c.ID
		}
	}
	file := func(s string) []sandbox.File { return []sandbox.File{sandbox.NewFile("a.pdf", []byte("%PDF-"+s))} }
	for _, step := range []struct {
		name  string
		wait  time.Duration
		to    sandbox.ID
		text  string
		files []sandbox.File
		want  int
	}{
		{"first", 0, one, "a", file("1"), 0},
		{"another text", 0, one, "b", file("1"), 0},
		{"another file", 0, one, "a", file("2"), 0},
		{"another chat", 0, two, "a", file("1"), 0},
		{"the same after ten minutes", 10 * time.Minute, one, "a", file("1"), 1},
		{"the same after more", 10*time.Minute + time.Second, one, "a", file("1"), 1},
	} {
		w.Clock().Advance(step.wait)
		if _, err := w.Receive(a, step.to, step.text, step.files); err != nil {
			t.Fatal(err)
		}
		if got := w.State().Duplicates; got != step.want {
			t.Errorf("%s: %d, want %d", step.name, got, step.want)
		}
	}
}

func TestPageIsServedUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	p := play(t, newWorld(t, 1, sandbox.Options{Messages: 100}))
	for path, part := range map[string]string{"/": "Песочница", "/_sandbox/static/page.js": "replaceChildren", "/_sandbox/static/page.css": "--main"} {
		got, err := http.Get(p.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(got.Body)
		got.Body.Close()
		policy := got.Header.Get("Content-Security-Policy")
		if got.StatusCode != 200 || !strings.Contains(string(raw), part) || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %d, policy %q", path, got.StatusCode, policy)
		}
		if strings.Contains(string(raw), "//cdn") || strings.Contains(string(raw), "innerHTML") || strings.Contains(string(raw), "https://") {
			t.Errorf("%s reaches outside or writes markup", path)
		}
	}
}

func TestPageSeesChatsFilesAndProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{})
	p := play(t, w)
	status, raw := p.call("/_sandbox/chats?api=wildberries", "")
	var chats []struct {
		Conversation string
		Number       int64
	}
	if err := json.Unmarshal([]byte(raw), &chats); err != nil || status != 200 || len(chats) < 20 {
		t.Fatalf("%d, %d chats, %v", status, len(chats), err)
	}
	if status, raw := p.call(fmt.Sprintf("/_sandbox/products/%d.png", chats[0].Number), ""); status != 200 || http.DetectContentType([]byte(raw)) != "image/png" {
		t.Errorf("product picture: %d", status)
	}
	shown := 0
	for _, c := range chats {
		var view struct {
			Lines []struct{ Files []struct{ ID, Type string } }
		}
		_, raw := p.call("/_sandbox/chat?api=wildberries&conversation="+c.Conversation, "")
		if err := json.Unmarshal([]byte(raw), &view); err != nil || len(view.Lines) == 0 {
			t.Fatalf("chat: %v %s", err, raw)
		}
		for _, l := range view.Lines {
			for _, f := range l.Files {
				if shown++; shown > 12 {
					break
				}
				if status, raw := p.call("/_sandbox/files/"+f.ID, ""); status != 200 || http.DetectContentType([]byte(raw)) != f.Type {
					t.Errorf("file of %s: %d", f.Type, status)
				}
			}
		}
	}
	if shown == 0 {
		t.Error("no file anywhere")
	}
}

func TestEverybodyMayActAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Options{Messages: 300})
	p := play(t, w)
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			for i := range 25 {
				a := w.Accounts("wildberries")[i%2]
				got, err := w.BuyerWrites(t.Context(), sandbox.BuyerMessage{API: "wildberries", Account: a.Name, Kind: sandbox.KindChat, Text: fmt.Sprint(n, i)})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := w.SellerWrites(t.Context(), sandbox.SellerMessage{API: "wildberries", Account: a.Name, Kind: sandbox.KindChat, Conversation: got.Conversation, Text: "Ответ"}); err != nil {
					t.Error(err)
				}
				w.Clock().Advance(time.Second)
				p.call("/_sandbox/chats?api=wildberries", "")
				w.State()
			}
		})
	}
	group.Wait()
	total := 0
	for _, a := range w.Accounts("wildberries") {
		total += a.Messages()
		events := a.Events(0, 1000)
		for i := range events[1:] {
			if !events[i+1].At.After(events[i].At) {
				t.Fatal("two messages of one time")
			}
		}
	}
	if total != 500 {
		t.Errorf("%d messages", total)
	}
}
