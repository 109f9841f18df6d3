package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// vault is what a test must not find again.
type vault struct {
	t       *testing.T
	secrets map[string]string // by what they are
}

func (v *vault) keep(what, secret string) string {
	v.t.Helper()
	if len(secret) < 6 {
		v.t.Fatalf("%s is no secret: %q", what, secret)
	}
	v.secrets[what] = secret
	return secret
}

// absent searches for every secret, as it is and as programs write it.
func (v *vault) absent(where string, content []byte, except ...string) {
	v.t.Helper()
	for what, secret := range v.secrets {
		skip := false
		for _, e := range except {
			skip = skip || strings.HasPrefix(what, e)
		}
		if skip {
			continue
		}
		for form, text := range map[string]string{
			"as it is": secret, "in base64": base64.StdEncoding.EncodeToString([]byte(secret)), "in hex": hex.EncodeToString([]byte(secret)),
			"in an address": url.QueryEscape(secret),
		} {
			if bytes.Contains(content, []byte(text)) {
				v.t.Errorf("%s holds %s %s", where, what, form)
				break
			}
		}
	}
}

// visitor speaks to a program and keeps what it is answered.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
	said bytes.Buffer // of refusals
}

func (c *visitor) send(r *http.Request, out any) int {
	c.t.Helper()
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if res.StatusCode >= 400 {
		_ = res.Header.Write(&c.said)
		c.said.Write(b)
	}
	switch out := out.(type) {
	case nil:
	case *[]byte:
		*out = b
	default:
		if err := json.Unmarshal(b, out); err != nil || res.StatusCode >= 400 {
			c.t.Fatalf("%s %s answered %d: %s", r.Method, r.URL.Path, res.StatusCode, b)
		}
	}
	return res.StatusCode
}

// json sends JSON with a key ("" sends none, as a browser that is signed in).
func (c *visitor) json(method, path, key string, in, out any) int {
	c.t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, bytes.NewReader(b))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if method != http.MethodGet {
		r.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%x", path, sha1.Sum(b)))
	}
	return c.send(r, out)
}

func (c *visitor) form(path string, values url.Values) int {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(r, nil)
}

// code is what an authenticator shows at a moment.
func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(secret))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:])&0x7fffffff%1_000_000)
}

func TestNoTokenPasswordOrKeyIsFoundAgain(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("what is kept is the same, only later")
	}
	v := &vault{t, map[string]string{}}
	var log lockedBuffer
	b, err := openSandbox(sandboxOptions{world: world{seed: 3, messages: 40, scale: 1}, Listen: "127.0.0.1:0", Log: logger(t.Output(), "error")})
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	key := v.keep("the key of the house", "house-key-0123456789-abcdef")
	p, err := open(t.Context(), options{
		Data: data, APIKey: sellerdesk.Secret(key), Clock: b.clock(), PrivateWebhooks: true,
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.server.HandleFunc("GET /mistake", func(http.ResponseWriter, *http.Request) { panic(errors.New("opened with " + key)) })
	stopBox, stop := background(t.Context(), b.Run), background(t.Context(), p.Run)
	closed := false
	end := func() {
		if !closed {
			closed = true
			if err := errors.Join(stop(), stopBox(), p.Close()); err != nil {
				t.Error(err)
			}
		}
	}
	defer end()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &visitor{t: t, base: p.URL, http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}

	// People: the owner's link, passwords, sessions, a second factor, refusals.
	token, err := p.Desk.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v.keep("the owner's link", token)
	password := v.keep("the owner's password", "correct horse battery 47")
	if status := c.form("/link/"+token, url.Values{"login": {"olga"}, "name": {"Ольга"}, "password": {password}, "language": {"ru"}}); status >= 400 {
		t.Fatalf("the link is answered with %d: %s", status, c.said.String())
	}
	for i := range 3 {
		c.form("/sign-in", url.Values{"login": {"olga"}, "password": {v.keep(fmt.Sprint("a wrong password ", i), fmt.Sprintf("wrong pony staple %d", i))}})
	}
	c.form("/sign-in", url.Values{"login": {v.keep("a password typed as a name", "hunter2-hunter2")}, "password": {"x"}})
	c.form("/sign-in", url.Values{"login": {"olga"}, "password": {password}})
	address, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range jar.Cookies(address) {
		v.keep("a session", cookie.Value)
	}
	var factor struct{ Secret, OTPAuth string }
	if status := c.json("POST", "/v1/me/second-factor", "", map[string]string{"password": password}, &factor); status != http.StatusOK && status != http.StatusCreated {
		t.Fatalf("a second factor is answered with %d", status)
	}
	v.keep("the secret of the second factor", factor.Secret)
	c.json("POST", "/v1/me/second-factor/confirm", "", map[string]string{"code": "000000"}, nil)
	var recovery struct {
		Codes []string `json:"recovery_codes"`
	}
	c.json("POST", "/v1/me/second-factor/confirm", "", map[string]string{"code": code(t, factor.Secret, b.World.Clock().Now())}, &recovery)
	for i, r := range recovery.Codes {
		v.keep(fmt.Sprint("a recovery code ", i), r)
	}
	var invited struct{ Link string }
	c.json("POST", "/v1/users", key, map[string]any{"name": "Пётр", "grants": []map[string]string{{"role": "operator"}}}, &invited)
	v.keep("an invitation", invited.Link[strings.LastIndexByte(invited.Link, '/')+1:])

	// Programs: a key, a webhook whose secret is changed.
	var made struct{ Secret string }
	c.json("POST", "/v1/keys", key, map[string]any{"name": "ERP", "rights": []string{"see", "export"}}, &made)
	v.keep("the key of a program", made.Secret)
	heard := make(chan struct{}, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		heard <- struct{}{}
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer receiver.Close()
	var hook struct {
		ID     sellerdesk.WebhookID
		Secret string
	}
	c.json("POST", "/v1/webhooks", key, map[string]any{"name": "ERP", "url": receiver.URL + "/hook"}, &hook)
	v.keep("the secret of a webhook", hook.Secret)
	hookPath := fmt.Sprintf("/v1/webhooks/%d", hook.ID)
	c.json("POST", hookPath+"/actions", key, map[string]string{"action": "rotate"}, &made)
	v.keep("the next secret of a webhook", made.Secret)

	// Cabinets: those of the world, and tokens that are refused.
	for i, a := range b.World.State().Accounts {
		v.keep(fmt.Sprint("the token of cabinet ", i), a.Token)
		status := c.json("POST", "/v1/accounts", key, map[string]any{"channel": a.API, "name": a.Name, "base_url": b.URL + "/" + a.API,
			"credentials": map[string]string{"token": a.Token}}, nil)
		if status != http.StatusCreated {
			t.Fatalf("a cabinet is answered with %d: %s", status, c.said.String())
		}
		wrong := a.Token[:len(a.Token)-7] + "-wrong-"
		v.keep(fmt.Sprint("a wrong token ", i), wrong)
		c.json("POST", fmt.Sprintf("/v1/accounts/%d/actions", i+1), key, map[string]any{"action": "credentials", "credentials": map[string]string{"token": wrong}}, nil)
	}
	// Mistakes of ours and of others.
	c.json("GET", "/v1/accounts?token="+url.QueryEscape(b.World.State().Accounts[0].Token), key, nil, nil)
	c.json("GET", "/v1/accounts", v.keep("a wrong key", "sk-wrong-wrong-wrong-wrong"), nil, nil)
	c.json("POST", "/v1/accounts", key, map[string]any{"channel": "nosuch", "credentials": map[string]string{"token": b.World.State().Accounts[0].Token}}, nil)
	c.json("POST", "/v1/keys", key, map[string]any{"name": "x", "rights": []string{key}}, nil)
	if status := c.json("GET", "/mistake", key, nil, nil); status != http.StatusInternalServerError {
		t.Errorf("a mistake is answered with %d", status)
	}
	c.json("POST", "/v1/secrets/rotate", key, nil, nil)
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var l list[sellerdesk.Conversation]
		c.json("GET", "/v1/conversations?limit=200", key, nil, &l)
		if len(l.Items) >= 20 && len(heard) > 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d conversations, %d deliveries", len(l.Items), len(heard))
		}
	}
	var accounts list[sellerdesk.Account]
	c.json("GET", "/v1/accounts", key, nil, &accounts)
	for _, a := range accounts.Items {
		if a.Push != nil {
			v.keep(fmt.Sprint("the door of cabinet ", a.ID), a.Push.Address[strings.LastIndexByte(a.Push.Address, '/')+1:])
		}
	}
	for i, k := range keysOf(t, data) {
		v.keep(fmt.Sprint("sealing key ", i), k)
		raw, err := hex.DecodeString(k)
		if err != nil {
			t.Fatal(err)
		}
		v.keep(fmt.Sprint("sealing key as bytes ", i), string(raw))
	}

	// What is answered later never holds one; the door is shown to whoever may.
	for _, path := range []string{
		"/metrics", "/v1/audit?limit=200", "/v1/events?limit=200", "/v1/export/conversations", "/v1/export/messages", "/v1/users", "/v1/keys", "/v1/sessions",
		"/v1/webhooks", hookPath + "/deliveries", "/v1/accounts", "/v1/status", "/v1/me", "/v1/drivers", "/v1/openapi.json", "/readyz",
	} {
		var body []byte
		if status := c.json("GET", path, key, nil, &body); status != http.StatusOK {
			t.Errorf("%s answers %d: %s", path, status, body)
		}
		v.absent(path, body, "the door")
	}
	v.absent("what was refused", c.said.Bytes(), "a password typed as a name") // the form shows its own fields again
	files := func(when string) {
		readable := false // what is no secret can be found: the search sees what is there
		err := filepath.WalkDir(data, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || entry.Name() == keyFile {
				return err
			}
			content, err := os.ReadFile(path)
			v.absent(entry.Name()+" "+when, content)
			readable = readable || bytes.Contains(content, []byte("Ольга"))
			return err
		})
		if err != nil || !readable {
			t.Fatalf("nothing was searched %s: %v", when, err)
		}
	}
	files("while it is in use")
	end()
	files("at rest")
	v.absent("the log", []byte(log.String()))
	if !strings.Contains(log.String(), "remote call") || !strings.Contains(log.String(), "a panic") && !strings.Contains(log.String(), "panic in a request") {
		t.Error("the log tells too little to prove anything")
	}
}
