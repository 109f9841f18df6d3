//go:build unix

package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// examplesWork runs each example beside the product: what is typed there arrives
// here, and what is answered here is printed there and shows as delivered.
func examplesWork(t *testing.T, h *shop) {
	for _, example := range []struct {
		name  string
		needs []string
		run   func(t *testing.T, folder string) []string // the command
	}{
		{"go", []string{"go"}, func(t *testing.T, folder string) []string {
			program := filepath.Join(t.TempDir(), "channel")
			if out, err := exec.Command("go", "build", "-o", program, "./"+folder).CombinedOutput(); err != nil {
				t.Fatalf("build the example: %v\n%s", err, out)
			}
			return []string{program}
		}},
		{"python", []string{"python3"}, func(_ *testing.T, folder string) []string {
			return []string{"python3", filepath.Join(folder, "channel.py")}
		}},
		{"shell", []string{"bash", "curl", "openssl", "jq", "socat"}, func(_ *testing.T, folder string) []string {
			return []string{"bash", filepath.Join(folder, "channel.sh")}
		}},
	} {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			for _, program := range example.needs {
				needProgram(t, program)
			}
			c := h.example(t, example.run(t, filepath.Join("..", "..", "examples", "channel", example.name)))
			c.types("Есть \"синяя\" кружка \\ <b>500 мл</b>?")
			to := h.waiting(t, c.account, "Есть \"синяя\" кружка \\ <b>500 мл</b>?")
			for _, text := range []string{"Да, <b>есть</b> & \"две\" \\ 👍", "Третья\tтоже"} {
				m := h.replies(t, to, text)
				c.prints("answer: " + text)
				h.becomes(t, to, m, sellerdesk.MessageDelivered)
			}
			c.types("Беру обе")
			h.waiting(t, c.account, "Беру обе")
		})
	}
}

// needProgram leaves a test out where a program is missing, unless
// SELLERDESK_TEST_REQUIRE names the examples.
func needProgram(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if slices.Contains(strings.Split(os.Getenv("SELLERDESK_TEST_REQUIRE"), ","), "examples") {
		t.Fatalf("%s is missing", name)
	}
	t.Skipf("%s is missing", name)
}

// shop is a product with no demo around it.
type shop struct {
	*program
	http *http.Client
}

func openShop(t *testing.T) *shop {
	t.Helper()
	p, err := open(t.Context(), options{Data: t.TempDir(), APIKey: testKey, Log: logger(t.Output(), "error")})
	if err != nil {
		t.Fatal(err)
	}
	stop := background(t.Context(), p.Run)
	h := &shop{program: p, http: &http.Client{Timeout: 20 * time.Second}}
	t.Cleanup(func() {
		h.http.CloseIdleConnections()
		if err := errors.Join(stop(), p.Close()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// call asks the product with the key of the house.
func (h *shop) call(t *testing.T, method, path string, in, out any) int {
	t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = strings.NewReader(string(b))
	}
	req, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey.Reveal())
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", rand.Text())
	}
	res, err := h.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 400 {
		t.Fatalf("%s %s answers %d, %v: %s", method, path, res.StatusCode, err, said)
	}
	if err := json.Unmarshal(said, out); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

// eventually waits for something.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// waiting finds the conversation of an account in which a buyer who says this waits.
func (h *shop) waiting(t *testing.T, account sellerdesk.AccountID, says string) (id sellerdesk.ConversationID) {
	t.Helper()
	eventually(t, "a conversation that says "+says, func() bool {
		var l list[sellerdesk.Conversation]
		h.call(t, http.MethodGet, "/v1/conversations", nil, &l)
		for _, c := range l.Items {
			if c.Account == account && c.LastMessage != nil && c.LastMessage.Text == says && c.NeedsAnswer {
				id = c.ID
			}
		}
		return id != 0
	})
	return id
}

func (h *shop) replies(t *testing.T, to sellerdesk.ConversationID, text string) sellerdesk.MessageID {
	t.Helper()
	var m sellerdesk.Message
	h.call(t, http.MethodPost, fmt.Sprintf("/v1/conversations/%d/messages", to), map[string]any{"text": text}, &m)
	return m.ID
}

func (h *shop) becomes(t *testing.T, in sellerdesk.ConversationID, id sellerdesk.MessageID, want sellerdesk.MessageStatus) {
	t.Helper()
	eventually(t, "a message that is "+string(want), func() bool {
		var l list[sellerdesk.Message]
		h.call(t, http.MethodGet, fmt.Sprintf("/v1/conversations/%d/messages", in), nil, &l)
		return slices.ContainsFunc(l.Items, func(m sellerdesk.Message) bool { return m.ID == id && m.Status == want })
	})
}

// running is an example that runs.
type running struct {
	t       *testing.T
	account sellerdesk.AccountID
	in      io.Writer
	lines   chan string
}

// example adds a channel and starts its script.
func (h *shop) example(t *testing.T, command []string) *running {
	t.Helper()
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(rand.Text()+rand.Text()))
	port := freePort(t)
	account := h.addCustom(t, "--secret", secret, "--reply_url", "http://127.0.0.1:"+port+"/")
	c := exec.Command(command[0], command[1:]...)
	c.Env = append(os.Environ(), "PUSH_URL="+h.URL+account.Push.Address, "SECRET="+secret, "PORT="+port)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Stderr = t.Output()
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM) // its own group, with what it started
		_ = c.Wait()
	})
	eventually(t, "the example listens", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
	return &running{t: t, account: account.ID, in: in, lines: lines}
}

// addCustom adds a channel of one's own on the command line.
func (h *shop) addCustom(t *testing.T, fields ...string) sellerdesk.Account {
	t.Helper()
	name := rand.Text()
	code, out, stderr := command(t, append([]string{"accounts", "add", "custom", "--name", name, "--server", h.URL, "--api-key", testKey.Reveal()}, fields...)...)
	if code != 0 {
		t.Fatalf("adding the account ends with %d: %s", code, stderr)
	}
	var l list[sellerdesk.Account]
	h.call(t, http.MethodGet, "/v1/accounts", nil, &l)
	i := slices.IndexFunc(l.Items, func(a sellerdesk.Account) bool { return a.Name == name })
	if i < 0 || l.Items[i].Push == nil || !strings.Contains(out, h.URL+l.Items[i].Push.Address) {
		t.Fatalf("the accounts are %+v, and adding said %s", l.Items, out)
	}
	return l.Items[i]
}

// freePort finds one that nobody is given by chance, since the tests beside this one
// take those.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(20_000 + mathrand.IntN(10_000))
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil && l.Close() == nil {
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (c *running) types(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

func (c *running) prints(want string) {
	c.t.Helper()
	select {
	case got := <-c.lines:
		if got != want {
			c.t.Errorf("the example prints %q, want %q", got, want)
		}
	case <-time.After(time.Minute):
		c.t.Fatalf("the example does not print %q", want)
	}
}
