package custom_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/channel/custom"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// TestConformance is not parallel: its first proof counts goroutines.
func TestConformance(t *testing.T) {
	channeltest.Run(t, custom.Driver(), options(map[string]string{"kinds": "chat,question,review", "files": "yes", "edits": "yes"}))
}

// TestConformanceOfLess runs the suite as far as the smallest script goes: chats
// without files.
func TestConformanceOfLess(t *testing.T) {
	if raceDetector {
		t.Skip("the same code runs in TestConformance")
	}
	declared := map[string]string{"max_length": "160"}
	d := custom.Driver()
	d.Can = d.AbilitiesOf(credentials(declared))
	channeltest.Run(t, d, options(declared))
}

// TestConformanceOfLists runs it for a script that pushes nothing and answers lists.
func TestConformanceOfLists(t *testing.T) {
	if raceDetector {
		t.Skip("nearly the same code runs in TestConformance")
	}
	declared := map[string]string{"kinds": "chat,question,review", "files": "yes", "edits": "yes"}
	o := options(declared)
	o.Start = func(t testing.TB) channeltest.Remote {
		s := start(t, declared)
		r := s.remote()
		r.Credentials["list_url"] = sellerdesk.Secret(s.server.URL + "/list?token=abc")
		r.Pushes = nil
		return r
	}
	channeltest.Run(t, custom.Driver(), o)
}

func options(declared map[string]string) channeltest.Options {
	return channeltest.Options{
		Echo:   true,
		Trees:  []sellerdesk.Kind{sellerdesk.KindQuestion, sellerdesk.KindReview},
		Photos: []sellerdesk.Kind{sellerdesk.KindReview},
		Start:  func(t testing.TB) channeltest.Remote { return start(t, declared).remote() },
		Wrong: []channeltest.Wrong{
			wrong("the secret is empty", "secret", " "),
			wrong("the secret is a password", "secret", "correct horse battery staple"),
			wrong("the secret is too short", "secret", "whsec_c2hvcnQ="),
			wrong("the secret is another one than that of the script", "secret", "whsec_"+base64.StdEncoding.EncodeToString(make([]byte, 32))),
			wrong("the address is no address", "reply_url", "localhost"),
			wrong("the address is that of a file", "reply_url", "file:///etc/passwd"),
			wrong("the address has a password", "reply_url", "http://me:secret@localhost/"),
			wrong("it brings what there is not", "kinds", "chat, letters"),
			wrong("texts have no length", "max_length", "long"),
			wrong("a text may not be empty", "max_length", "0"),
			wrong("files are neither taken nor not", "files", "perhaps"),
		},
	}
}

func wrong(name, field, value string) channeltest.Wrong {
	return channeltest.Wrong{Name: name, Code: sellerdesk.ReasonCredentials, Credentials: func(r channeltest.Remote) map[string]sellerdesk.Secret {
		with := map[string]sellerdesk.Secret{field: sellerdesk.Secret(value)}
		for k, v := range r.Credentials {
			if k != field {
				with[k] = v
			}
		}
		return with
	}}
}

// key is that of the script.
var key = []byte("the key of the script in a test!")

func credentials(declared map[string]string) map[string]sellerdesk.Secret {
	all := map[string]sellerdesk.Secret{"secret": sellerdesk.Secret("whsec_" + base64.StdEncoding.EncodeToString(key))}
	for k, v := range declared {
		all[k] = sellerdesk.Secret(v)
	}
	return all
}

// script is the far end as somebody may write it: it shares no code with the
// adapter.
type script struct {
	declared map[string]string
	server   *httptest.Server
	client   *http.Client
	time     *sandbox.Clock

	mu       sync.Mutex // guards what follows
	events   []sellerdesk.Push
	pushed   int // given out
	count    int
	known    map[string]bool // kind/conversation
	received []channeltest.Line
	shown    []channeltest.Name
	faults   []channeltest.Fault
	calls    int // of replies since the faults were set
	fetches  int
	lists    int
	checks   int
	stutter  channeltest.Effect // of lists
}

func start(t testing.TB, declared map[string]string) *script {
	t.Helper()
	s := &script{declared: declared, known: map[string]bool{}, time: sandbox.NewClock(time.Time{}, 10)}
	s.server = httptest.NewServer(s)
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		s.server.Close()
	})
	for _, kind := range s.kinds() {
		for n := range 3 {
			s.writes(t, channeltest.Line{Kind: kind, Text: fmt.Sprintf("first words %d", n), Rating: 4})
		}
	}
	return s
}

func (s *script) kinds() []sellerdesk.Kind {
	var kinds []sellerdesk.Kind
	for k := range strings.SplitSeq(cmp.Or(s.declared["kinds"], "chat"), ",") {
		kinds = append(kinds, sellerdesk.Kind(k))
	}
	return kinds
}

func (s *script) clock() sellerdesk.Clock {
	return sellerdesk.Clock{NowFunc: s.time.Now, TimerFunc: s.time.NewTimer}
}

func (s *script) remote() channeltest.Remote {
	with := credentials(s.declared)
	with["reply_url"] = sellerdesk.Secret(s.server.URL + "/replies?token=abc")
	return channeltest.Remote{
		World: s, Credentials: with, Client: s.client, Clock: s.clock(),
		Buyer: s.writes, Elsewhere: s.elsewhere, Received: s.arrived, Fault: s.fail, Readable: s.readable,
		Violations: func(testing.TB) int { return 0 }, Pushes: s.pushes, Shut: s.shut,
	}
}

func mac(id, at string, body []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(id + "." + at + "." + string(body)))
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// tell signs an event and keeps it to be pushed. The lock is held.
func (s *script) tell(event map[string]any) {
	s.count++
	body, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	id, at := fmt.Sprintf("msg_%d", s.count), strconv.FormatInt(s.time.Now().Unix(), 10)
	s.events = append(s.events, sellerdesk.Push{
		Type: "application/json", Body: body, Received: sellerdesk.At(s.time.Now()),
		Signature: sellerdesk.PushSignature{ID: id, Timestamp: at, Value: "v1,Zm9yZ2VkIQ== v2,x " + mac(id, at, body)},
	})
}

func (s *script) pushes(testing.TB) []sellerdesk.Push {
	s.mu.Lock()
	defer s.mu.Unlock()
	news := slices.Clone(s.events[s.pushed:])
	s.pushed = len(s.events)
	return news
}

func (s *script) at() string { return s.time.Now().UTC().Format(time.RFC3339Nano) }

func (s *script) files(l channeltest.Line) []map[string]any {
	files := []map[string]any{}
	for _, f := range l.Files {
		files = append(files, map[string]any{"url": fmt.Sprintf("%s/file/%d/%s", s.server.URL, f.Size, f.Name), "name": f.Name, "size": f.Size})
	}
	return files
}

// writes lets a buyer write. What a review says it says in one message.
func (s *script) writes(_ testing.TB, l channeltest.Line) sellerdesk.RemoteID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	message := fmt.Sprintf("m%d", s.count)
	if l.Conversation == "" {
		l.Conversation = sellerdesk.RemoteID(fmt.Sprintf("c%d", s.count))
	}
	event := map[string]any{
		"type": "message", "kind": l.Kind, "conversation": l.Conversation, "from": map[string]any{"id": s.count, "name": "Анна", "phone": "+7 900 000-00-00"},
		"product": map[string]any{"id": "p1", "name": "Кружка"},
	}
	if l.Kind == sellerdesk.KindReview {
		message = "of " + string(l.Conversation)
		if l.Rating > 0 {
			event["rating"] = l.Rating
		}
	}
	event["message"] = map[string]any{"id": message, "text": l.Text, "at": s.at(), "files": s.files(l)}
	s.known[string(l.Kind)+"/"+string(l.Conversation)] = true
	s.show(l, message)
	s.tell(event)
	return l.Conversation
}

// show notes that a message can be read now.
func (s *script) show(l channeltest.Line, message string) {
	name := channeltest.Name{Kind: l.Kind, Conversation: l.Conversation, Message: sellerdesk.RemoteID(message)}
	if !slices.Contains(s.shown, name) {
		s.shown = append(s.shown, name)
	}
}

func (s *script) readable(testing.TB) []channeltest.Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shown)
}

func (s *script) elsewhere(_ testing.TB, l channeltest.Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	id := fmt.Sprintf("m%d", s.count)
	s.show(l, id)
	s.tell(map[string]any{"type": "message", "kind": l.Kind, "conversation": l.Conversation, "author": "shop",
		"message": map[string]any{"id": id, "text": l.Text, "at": s.at(), "files": s.files(l)}})
}

func (s *script) shut(t testing.TB) (sellerdesk.RemoteID, sellerdesk.ReasonCode) {
	id := s.writes(t, channeltest.Line{Kind: sellerdesk.KindChat, Text: "good bye"})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(map[string]any{"type": "closed", "conversation": id, "reason": "The buyer has left."})
	return id, sellerdesk.ReasonFinished
}

func (s *script) arrived(testing.TB) []channeltest.Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

func (s *script) fail(_ testing.TB, all ...channeltest.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.calls, s.fetches, s.lists, s.stutter = all, 0, 0, 0, ""
	for _, f := range all {
		if f.Effect == channeltest.Duplicate || f.Effect == channeltest.Reorder {
			s.stutter = f.Effect
		}
	}
}

// due gives the fault of a call that has just come.
func (s *script) due(call channeltest.Call) (channeltest.Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := &s.calls
	switch call {
	case channeltest.Fetch:
		n = &s.fetches
	case channeltest.Pull:
		n = &s.lists
	}
	*n++
	for _, f := range s.faults {
		if f.Call == call && (f.Nth == 0 || f.Nth == *n) {
			return f, true
		}
	}
	return channeltest.Fault{}, false
}

// ServeHTTP takes replies and gives files.
func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	call, do := channeltest.Send, func(w http.ResponseWriter) { s.reply(w, r, body) }
	switch {
	case r.URL.Path == "/list":
		call, do = channeltest.Pull, func(w http.ResponseWriter) { s.list(w, r) }
	case r.Method == http.MethodGet:
		call, do = channeltest.Fetch, func(w http.ResponseWriter) { give(w, r) }
	}
	f, ok := s.due(call)
	if !ok {
		do(w)
		return
	}
	switch f.Effect {
	case channeltest.Throttle:
		w.Header().Set("Retry-After", strconv.Itoa(int(f.Seconds)))
		w.WriteHeader(http.StatusTooManyRequests)
	case channeltest.Fail:
		w.WriteHeader(http.StatusInternalServerError)
	case channeltest.DropBefore:
		panic(http.ErrAbortHandler)
	case channeltest.DropAfter:
		do(httptest.NewRecorder())
		panic(http.ErrAbortHandler)
	case channeltest.Truncate:
		whole := httptest.NewRecorder()
		do(whole)
		w.Header().Set("Content-Type", whole.Header().Get("Content-Type"))
		w.Header().Set("Content-Length", strconv.Itoa(whole.Body.Len()))
		_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/2])
		panic(http.ErrAbortHandler)
	case channeltest.Slow:
		select {
		case <-r.Context().Done():
		case <-time.After(time.Duration(f.Seconds * float64(time.Second) / 10)):
		}
	default:
		do(w)
	}
}

// list answers with some events after a place, which is how many came before.
func (s *script) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
	from, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("after"), "0"))
	switch {
	case r.Header.Get("webhook-signature") != mac(id, at, nil) || r.URL.Query().Get("token") != "abc":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case err != nil || from < 0 || from > len(s.events):
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	page := s.events[from:min(from+4, len(s.events))]
	events := []json.RawMessage{}
	for _, e := range page {
		events = append(events, e.Body)
	}
	switch s.stutter {
	case channeltest.Duplicate:
		events = append(events, events...)
	case channeltest.Reorder:
		slices.Reverse(events)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"events": events, "next": from + len(page), "more": from+len(page) < len(s.events)})
}

// give gives a file of the size that its address says.
func give(w http.ResponseWriter, r *http.Request) {
	var size int
	var name string
	if n, _ := fmt.Sscanf(r.URL.Path, "/file/%d/%s", &size, &name); n != 2 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(size))
	_, _ = w.Write(make([]byte, size))
}

// reply takes a reply, tells of it as a script that sees all of its channel would,
// and answers with its id.
func (s *script) reply(w http.ResponseWriter, r *http.Request, body []byte) {
	say := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
	if !slices.Contains(strings.Fields(r.Header.Get("webhook-signature")), mac(id, at, body)) || r.URL.RawQuery != "token=abc" {
		say(http.StatusUnauthorized, map[string]any{"error": "the signature is wrong"})
		return
	}
	var in struct {
		Type, ID, Conversation, Text, Parent, Message string
		Kind                                          sellerdesk.Kind
		Files                                         []struct {
			Name   string
			Size   int
			Base64 []byte
		}
	}
	if err := json.Unmarshal(body, &in); err != nil || in.ID != id {
		say(http.StatusBadRequest, map[string]any{"error": "the body makes no sense"})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Type == "check" {
		s.checks++
		say(http.StatusOK, map[string]any{"name": "Сайт"})
		return
	}
	if !s.known[string(in.Kind)+"/"+in.Conversation] {
		say(http.StatusNotFound, map[string]any{"error": "There is no such conversation."})
		return
	}
	line := channeltest.Line{Kind: in.Kind, Conversation: sellerdesk.RemoteID(in.Conversation), Text: in.Text}
	for _, f := range in.Files {
		if len(f.Base64) != f.Size {
			say(http.StatusBadRequest, map[string]any{"error": "a file is cut off"})
			return
		}
		line.Files = append(line.Files, channeltest.File{Name: f.Name, Size: int64(f.Size)})
	}
	if in.Type == "edit" {
		s.edit(say, line, in.Message)
		return
	}
	if in.Parent != "" && !s.has(line, in.Parent) {
		say(http.StatusNotFound, map[string]any{"error": "There is no such line."})
		return
	}
	s.count++
	message := fmt.Sprintf("r%d", s.count)
	s.received = append(s.received, line)
	s.show(line, message)
	s.tell(map[string]any{"type": "message", "kind": in.Kind, "conversation": in.Conversation, "author": "shop", "reply": in.ID, "status": "delivered",
		"message": map[string]any{"id": message, "text": in.Text, "at": s.at(), "parent": in.Parent, "files": s.files(line)}})
	say(http.StatusOK, map[string]any{"id": message})
}

func (s *script) has(l channeltest.Line, message string) bool {
	return slices.Contains(s.shown, channeltest.Name{Kind: l.Kind, Conversation: l.Conversation, Message: sellerdesk.RemoteID(message)})
}

// edit changes an answer, the newest one when none is named. The lock is held.
func (s *script) edit(say func(int, any), l channeltest.Line, message string) {
	for _, n := range s.shown {
		if message == "" && n.Kind == l.Kind && n.Conversation == l.Conversation && strings.HasPrefix(string(n.Message), "r") {
			message = string(n.Message)
		}
	}
	if !s.has(l, message) {
		say(http.StatusNotFound, map[string]any{"error": "There is no such answer."})
		return
	}
	s.received = append(s.received, l)
	s.tell(map[string]any{"type": "edited", "kind": l.Kind, "conversation": l.Conversation, "author": "shop", "status": "delivered",
		"message": map[string]any{"id": message, "text": l.Text, "at": s.at()}})
	say(http.StatusOK, map[string]any{})
}
