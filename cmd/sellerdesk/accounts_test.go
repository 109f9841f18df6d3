package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	playwildberries "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// cabinet starts a server without cabinets next to a sandbox and gives the
// flags that reach both.
func cabinet(t *testing.T) (b *box, server, add []string) {
	t.Helper()
	b, err := openSandbox(sandboxOptions{world: world{seed: 3, scale: 1}, Listen: "127.0.0.1:0", Log: logger(t.Output(), "error")})
	if err != nil {
		t.Fatal(err)
	}
	p, err := open(t.Context(), options{Data: t.TempDir(), APIKey: testKey, Clock: b.clock()})
	if err != nil {
		t.Fatal(err)
	}
	stopBox, stop := background(t.Context(), b.Run), background(t.Context(), p.Run)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := stopBox(); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	server = []string{"--server", p.URL, "--api-key", testKey.Reveal()}
	return b, server, append([]string{"accounts", "add", "wildberries", "--base-url", b.URL + "/wildberries"}, server...)
}

func TestACabinetIsAddedListedPausedAndRemoved(t *testing.T) {
	t.Parallel()
	b, server, add := cabinet(t)
	token := b.World.State().Accounts[0].Token
	code, out, stderr := command(t, append(add, "--token", token, "--name", "Мой магазин")...)
	if code != 0 || !strings.Contains(out, "Мой магазин") || !strings.Contains(out, "personal") {
		t.Fatalf("add ends with %d: %s%s", code, out, stderr)
	}
	code, _, stderr = command(t, append(add, "--token", token)...)
	oneSentence(t, code, stderr, "Мой магазин", token)
	for _, step := range []struct{ do, state string }{{"pause", "paused"}, {"resume", "ok"}, {"repair", "ok"}} {
		code, out, stderr := command(t, append([]string{"accounts", step.do, "1", "--json"}, server...)...)
		var got sellerdesk.Account
		if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || string(got.State) != step.state {
			t.Errorf("%s ends with %d: %s%s", step.do, code, out, stderr)
		}
	}
	if code, out, stderr = command(t, append([]string{"doctor"}, server...)...); code != 0 || !strings.Contains(out, "Мой магазин: everything is fine") {
		t.Errorf("the doctor ends with %d: %s%s", code, out, stderr)
	}
	if code, _, stderr = command(t, append([]string{"accounts", "remove", "1"}, server...)...); code != 0 {
		t.Errorf("remove ends with %d: %s", code, stderr)
	}
	if code, out, _ = command(t, append([]string{"accounts", "list"}, server...)...); code != 0 || strings.Contains(out, "Мой магазин") {
		t.Errorf("the list ends with %d: %s", code, out)
	}
}

func TestATokenThatCannotWorkIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	b, _, add := cabinet(t)
	a := b.World.Accounts(playwildberries.API)[0]
	tests := map[string]struct{ token, want string }{
		"no token at all":            {"", "token"},
		"something that is no token": {"hello", "token"},
		"an expired one":             {playwildberries.Token(a, playwildberries.TokenOptions{Expires: b.World.Clock().Now().Add(-time.Hour)}), "expired"},
		"one of a foreign category":  {playwildberries.Token(a, playwildberries.TokenOptions{Categories: []int{playwildberries.CategoryContent}}), "categories"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, stderr := command(t, append(add, "--token", tt.token)...)
			oneSentence(t, code, stderr, tt.want, tt.token[len(tt.token)/2:])
		})
	}
}

func TestAReadOnlyTokenIsTakenAndSaidToBeSo(t *testing.T) {
	t.Parallel()
	b, _, add := cabinet(t)
	token := playwildberries.Token(b.World.Accounts(playwildberries.API)[0], playwildberries.TokenOptions{ReadOnly: true})
	code, out, stderr := command(t, append(add, "--token", token)...)
	if code != 0 || !strings.Contains(out, "read-only") {
		t.Errorf("add ends with %d: %s%s", code, out, stderr)
	}
}

func TestAClientCommandWithoutAServerOrKeyIsASentence(t *testing.T) {
	t.Parallel()
	l, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := command(t, "accounts", "list", "--server", "http://"+address, "--api-key", testKey.Reveal())
	oneSentence(t, code, stderr, "does not answer", testKey.Reveal())
	code, _, stderr = command(t, "accounts", "list", "--server", "http://"+address)
	oneSentence(t, code, stderr, "SELLERDESK_API_KEY", "")
	code, out, stderr := command(t, "doctor", "--server", "http://"+address)
	oneSentence(t, code, stderr, "do not work", "")
	if !strings.Contains(out, "does not answer") {
		t.Errorf("the doctor says %q", out)
	}
}

func TestTheDoctorLooksAtAFolderAtRest(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p, err := open(t.Context(), options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	code, out, stderr := command(t, "doctor", "--data", data)
	oneSentence(t, code, stderr, "do not work", "")
	if !strings.Contains(out, "database") || !strings.Contains(out, "Another Sellerdesk") {
		t.Errorf("with a server on the folder the doctor says %q", out)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, stderr = command(t, "doctor", "--data", data, "--json")
	var got struct {
		OK       bool
		Findings []sellerdesk.Finding
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || !got.OK || len(got.Findings) < 3 {
		t.Errorf("the doctor ends with %d: %s%s", code, out, stderr)
	}
}
