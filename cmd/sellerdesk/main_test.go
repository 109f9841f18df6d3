package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
)

// asProgram lets the test binary be the program: tests that need a process of
// its own start themselves.
const asProgram = "SELLERDESK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		if err := os.Unsetenv(asProgram); err != nil {
			panic(err)
		}
		main()
		return
	}
	testscript.Main(m, map[string]func(){"sellerdesk": main}) // the scripts run it by name
}

// ownProcess prepares the program as a process of its own.
func ownProcess(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err) // the test binary runs, so that it is there
	}
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// command runs the program in this process and gives what it said.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	code = run(ctx, args, &out, &err)
	return code, out.String(), err.String()
}

// playing is a demo that runs for one test.
type playing struct {
	*demo
	t    *testing.T
	http *http.Client
}

const testKey sellerdesk.Secret = "a-key-for-the-tests"

// play starts a demo on free ports, with a part of its usual world. Its buyers
// write only when told.
func play(t *testing.T, change ...func(*demoOptions)) *playing {
	t.Helper()
	messages := 160
	if raceDetector {
		messages = 64 // to read and to draw it takes eleven times as long
	}
	o := demoOptions{world: world{seed: 1, messages: messages, scale: 1}, Config: config.Config{
		Listen: "127.0.0.1:0", SandboxListen: "127.0.0.1:0", APIKey: testKey, Data: t.TempDir(), Log: "error",
	}}
	for _, c := range change {
		c(&o)
	}
	d, err := openDemo(t.Context(), o, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	stop := background(context.WithoutCancel(t.Context()), d.Run)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &playing{demo: d, t: t, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	t.Cleanup(func() {
		p.http.CloseIdleConnections()
		if err := errors.Join(stop(), d.Close()); err != nil {
			t.Errorf("stop the demo: %v", err)
		}
	})
	return p
}

// ready waits until /healthz says that the demo is ready. How soon it must be
// is judged by one test; here other tests may keep the machine busy.
func (p *playing) ready() *playing {
	p.t.Helper()
	return p.readyWithin(time.Minute)
}

func (p *playing) readyWithin(patience time.Duration) *playing {
	p.t.Helper()
	p.eventually(patience, "the demo is ready", func() bool {
		res, err := p.http.Get(p.URL + "/healthz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return p
}

func (p *playing) eventually(patience time.Duration, what string, holds func() bool) {
	p.t.Helper()
	if raceDetector {
		patience *= 3
	}
	for end := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("waited %s for: %s", patience, what)
		}
	}
}

// call speaks to an address of the demo or its sandbox and reads the answer.
func (p *playing) call(method, url string, header map[string]string, in, out any) int {
	p.t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			p.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, url, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.APIKey.Reveal())
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	return p.do(req, out)
}

func (p *playing) do(req *http.Request, out any) int {
	p.t.Helper()
	res, err := p.http.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, refused := out.(*sellerdesk.Message); refused && res.StatusCode >= 400 {
		return res.StatusCode // a problem is no message
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			p.t.Fatalf("%s %s answered %d: %s", req.Method, req.URL, res.StatusCode, b)
		}
	}
	return res.StatusCode
}

func (p *playing) get(path string, out any) int {
	p.t.Helper()
	return p.call(http.MethodGet, p.URL+path, nil, nil, out)
}

// list is a page of the API.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

func (p *playing) conversations() []sellerdesk.Conversation {
	p.t.Helper()
	var l list[sellerdesk.Conversation]
	if status := p.get("/v1/conversations?limit=200", &l); status != http.StatusOK {
		p.t.Fatalf("the list answered %d", status)
	}
	return l.Items
}

func (p *playing) messages(id sellerdesk.ConversationID) []sellerdesk.Message {
	p.t.Helper()
	var l list[sellerdesk.Message]
	if status := p.get(fmt.Sprintf("/v1/conversations/%d/messages", id), &l); status != http.StatusOK {
		p.t.Fatalf("the messages answered %d", status)
	}
	return l.Items
}

// The channels of the tests: one that is read, and one that pushes.
const (
	reading sellerdesk.ChannelKind = "wildberries"
	pushing sellerdesk.ChannelKind = "yandexmarket"
)

// anyConversation gives one of a channel that can be replied to. The chats may be read after
// the questions and reviews that made the program ready.
func (p *playing) anyConversation(channel sellerdesk.ChannelKind) sellerdesk.Conversation {
	p.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, c := range p.conversations() {
			if can, ok := sellerdesk.Find(c.Can, sellerdesk.ActionReply); ok && can.Reason == "" && c.Channel == channel {
				return c
			}
		}
	}
	p.t.Fatal("no conversation can be replied to")
	return sellerdesk.Conversation{}
}

// reply posts a text with files and gives the queued message.
func (p *playing) reply(to sellerdesk.ConversationID, key, text string, files ...sellerdesk.FileID) (sellerdesk.Message, int) {
	p.t.Helper()
	var m sellerdesk.Message
	if files == nil {
		files = []sellerdesk.FileID{}
	}
	status := p.call(http.MethodPost, fmt.Sprintf("%s/v1/conversations/%d/messages", p.URL, to),
		map[string]string{"Idempotency-Key": key}, map[string]any{"text": text, "files": files}, &m)
	return m, status
}

// upload gives a file to the product.
func (p *playing) upload(name string, content []byte) sellerdesk.File {
	p.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.URL+"/v1/files", &body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.APIKey.Reveal())
	req.Header.Set("Content-Type", w.FormDataContentType())
	var f sellerdesk.File
	if status := p.do(req, &f); status != http.StatusCreated {
		p.t.Fatalf("the upload of %s answered %d", name, status)
	}
	return f
}

// oneSentence checks what a refused command says: one line that a person
// understands, without the secret.
func oneSentence(t *testing.T, code int, stderr, part, secret string) {
	t.Helper()
	line := strings.TrimSuffix(stderr, "\n")
	if code == 0 || strings.Count(line, "\n") != 0 || !strings.Contains(line, part) {
		t.Errorf("want an exit code that is not 0 and one sentence with %q, got %d and %q", part, code, stderr)
	}
	if secret != "" && strings.Contains(stderr, secret) {
		t.Errorf("the sentence shows the secret: %q", stderr)
	}
}

// lockedBuffer is written by a process and read by its test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestACommandThatDoesNotExistEndsWithASentence(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"nosuch"}, {"accounts", "nosuch"}, {"accounts", "add", "nosuch"}} {
		code, stdout, stderr := command(t, args...)
		if code == 0 || stdout != "" || !strings.Contains(stderr, `unknown command "nosuch"`) {
			t.Errorf("%v: code %d, %q, %q", args, code, stdout, stderr)
		}
	}
	if code, stdout, _ := command(t, "accounts"); code != 0 || !strings.Contains(stdout, "pause") {
		t.Errorf("a group alone: code %d, %q", code, stdout)
	}
}
