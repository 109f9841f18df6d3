package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

func TestABasicTokenWorksSlowlyAndThePageSaysSo(t *testing.T) {
	t.Parallel()
	p := playBasic(t)
	// Twelve minutes of the world for each request pass in a fifth of a second.
	began := p.Box.World.Clock().Now()
	var a sellerdesk.Account
	p.eventually(time.Minute, "all kinds and their history are read", func() bool {
		p.get("/v1/accounts/1", &a)
		done := map[string]bool{}
		for _, s := range a.Streams {
			done[s.Stream] = s.CaughtUp
		}
		return done["events"] && done["claims"] && done["questions"] && done["reviews"] && done["questions.history"] && done["reviews.history"]
	})
	if took := p.Box.World.Clock().Now().Sub(began); took < time.Hour {
		t.Errorf("a token of five requests an hour read all that in %s", took)
	}
	if a.State != sellerdesk.AccountOK || a.Identity.Token != "basic" {
		t.Errorf("the account is %s with a token that is %s", a.State, a.Identity.Token)
	}
	for api, n := range p.Box.World.State().Violations {
		if n > 0 {
			t.Errorf("%d violations of the limits of %s", n, api)
		}
	}
	kinds := map[sellerdesk.Kind]bool{}
	for _, c := range p.conversations() {
		kinds[c.Kind] = true
	}
	if len(kinds) < 3 {
		t.Errorf("the list holds only %v", kinds)
	}
	res, err := p.http.Get(p.URL + "/accounts/1")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "A slow token") && !strings.Contains(string(page), "Медленный токен") {
		t.Errorf("the page of the account does not say that its token is slow: %s", page)
	}
}

// playBasic is a demo whose only cabinet is opened by a basic token, in a world
// that is an hour older every second.
func playBasic(t *testing.T) *playing {
	t.Helper()
	b, err := openSandbox(sandboxOptions{world: world{seed: 5, messages: 40, scale: 3600}, Listen: "127.0.0.1:0", Log: logger(t.Output(), "error")})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := open(t.Context(), options{Data: t.TempDir(), APIKey: testKey, Clock: b.clock(), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &playing{demo: &demo{program: opened, Box: b, APIKey: testKey}, t: t, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	stopBox, stop := background(t.Context(), b.Run), background(t.Context(), opened.Run)
	t.Cleanup(func() {
		p.http.CloseIdleConnections()
		if err := errors.Join(stop(), stopBox(), opened.Close()); err != nil {
			t.Errorf("stop the program: %v", err)
		}
	})
	token := wildberries.Token(b.World.Accounts(wildberries.API)[0], wildberries.TokenOptions{Kind: wildberries.Basic})
	status := p.call(http.MethodPost, p.URL+"/v1/accounts", nil, map[string]any{
		"channel": wildberries.API, "name": "basic", "base_url": b.URL + "/" + wildberries.API, "credentials": map[string]string{"token": token},
	}, nil)
	if status >= 300 {
		t.Fatalf("the account is answered with %d", status)
	}
	return p
}
