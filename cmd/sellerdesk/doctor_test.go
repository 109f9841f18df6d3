package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/sandbox"
	playwildberries "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// doctor runs the doctor against a demo.
func (p *playing) doctor(language string) (code int, out string) {
	p.t.Helper()
	code, out, _ = command(p.t, "doctor", "--server", p.URL, "--api-key", p.APIKey.Reveal(), "--data", p.options.Data, "--lang", language)
	return code, out
}

// line gives the line of an output that holds all parts; "" when there is none.
func line(out string, parts ...string) string {
	for l := range strings.Lines(out) {
		has := true
		for _, part := range parts {
			has = has && strings.Contains(l, part)
		}
		if has {
			return l
		}
	}
	return ""
}

// diagnosed waits until the doctor names a cause in one line of each language
// with what to do. Meanwhile the world goes on in steps.
func (p *playing) diagnosed(exit int, step func(), ru, en [2]string) {
	p.t.Helper()
	var out string
	defer func() {
		if p.t.Failed() {
			p.t.Log(out)
		}
	}()
	p.eventually(40*time.Second, "the doctor says "+en[0], func() bool {
		step()
		_, out = p.doctor("en")
		return line(out, en[0], en[1]) != ""
	})
	code, out := p.doctor("ru")
	if line(out, ru[0], ru[1]) == "" || code != exit {
		p.t.Errorf("in Russian the doctor ends with %d and says:\n%s", code, out)
	}
}

func TestTheDoctorNamesWhatIsWrongInBothLanguages(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("the parts meet the race detector in their own packages, which are quicker")
	}
	p := play(t).ready()
	p.caughtUp()
	clock := p.Box.World.Clock()
	idle := func() {}
	later := func(d time.Duration) func() {
		return func() { clock.Advance(d) }
	}
	if code, out := p.doctor("en"); code != 0 || line(out, "warn", "backup") == "" || line(out, "fail") != "" {
		t.Fatalf("with nothing wrong the doctor ends with %d:\n%s", code, out)
	}

	// The clock: all channels agree on another time.
	var skewed []sandbox.Fault
	apis := map[string]bool{}
	for _, a := range p.Box.World.State().Accounts {
		if !apis[a.API] {
			skewed = append(skewed, sandbox.Fault{API: a.API, Operation: "*", Effect: sandbox.EffectSkew, Seconds: 3600})
		}
		apis[a.API] = true
	}
	p.faults(skewed...)
	p.diagnosed(1, later(20*time.Second), [2]string{"Часы этой машины отстают на ", "timedatectl"}, [2]string{"The clock of this machine is slow by ", "timedatectl"})
	p.faults()
	p.eventually(40*time.Second, "the clock is right again", func() bool {
		clock.Advance(20 * time.Second)
		_, out := p.doctor("en")
		return line(out, "ok", "The clock is right") != ""
	})

	// An address nobody listens on, while others answer.
	target, err := url.Parse(p.Box.URL)
	if err != nil {
		t.Fatal(err)
	}
	way := httptest.NewServer(httputil.NewSingleHostReverseProxy(target))
	t.Cleanup(way.Close)
	var l list[sellerdesk.Account]
	p.get("/v1/accounts", &l)
	var moved sellerdesk.Account
	for _, a := range l.Items {
		if a.Channel == reading {
			moved = a
		}
	}
	if err := p.Desk.Accounts.Remove(t.Context(), moved.ID); err != nil {
		t.Fatal(err)
	}
	var seller sandbox.AccountState
	for _, a := range p.Box.World.State().Accounts {
		if a.API == string(reading) && a.Name == moved.Name {
			seller = a
		}
	}
	again, err := p.Desk.Accounts.Add(t.Context(), desk.AddAccount{Channel: reading, Name: "Прокси", BaseURL: way.URL + "/" + string(reading),
		Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(seller.Token)}})
	if err != nil {
		t.Fatal(err)
	}
	way.Close()
	p.diagnosed(1, later(10*time.Second), [2]string{"Прокси: адрес канала недоступен", "межсетевой экран"}, [2]string{"Прокси: the address of the channel cannot be reached", "firewall"})
	if err := p.Desk.Accounts.Remove(t.Context(), again.ID); err != nil {
		t.Fatal(err)
	}

	// A push address that is lost: buyers write, and only reading finds it.
	to := p.anyConversation(pushing)
	p.buyerSays(t, to, "Первое слово")
	p.eventually(20*time.Second, "a push came", func() bool { return p.pushed(to.Account).Push.Last != nil })
	p.faults(sandbox.Fault{API: string(pushing), Operation: "POST /notification", Effect: sandbox.EffectDropBefore})
	clock.Advance(time.Hour)
	said := 0
	p.diagnosed(0, func() {
		if n := p.newest(to.ID); n == said || said == 0 {
			said++
			p.buyerSays(t, to, fmt.Sprintf("Потерянное слово %d", said))
		}
		clock.Advance(time.Minute)
	}, [2]string{"адрес для уведомлений потерян", "--public-url"}, [2]string{"the push address is lost", "--public-url"})
	p.faults()

	// A token that ends.
	first := p.Box.World.Accounts(playwildberries.API)[0]
	for _, a := range l.Items {
		if a.Channel != reading || a.ID == moved.ID {
			continue
		}
		for _, candidate := range p.Box.World.Accounts(playwildberries.API) {
			if candidate.Name == a.Name {
				first = candidate
			}
		}
		token := playwildberries.Token(first, playwildberries.TokenOptions{Expires: clock.Now().Add(time.Hour)})
		if _, err := p.Desk.Accounts.ReplaceCredentials(t.Context(), a.ID, map[string]sellerdesk.Secret{"token": sellerdesk.Secret(token)}); err != nil {
			t.Fatal(err)
		}
	}
	p.diagnosed(0, idle, [2]string{"токен действует до", "Создайте новый токен"}, [2]string{"the token is good until", "Make a new token"})
	clock.Advance(2 * time.Hour)
	p.diagnosed(1, later(10*time.Second), [2]string{"канал не принимает токен", "Создайте новый токен"}, [2]string{"does not take the token", "Make a new token"})
}

// faults sets the standing troubles of the world.
func (p *playing) faults(orders ...sandbox.Fault) {
	p.t.Helper()
	if err := p.Box.World.SetFaults(orders); err != nil {
		p.t.Fatal(err)
	}
}

// newest counts the words of a buyer that reading alone has found.
func (p *playing) newest(id sellerdesk.ConversationID) (n int) {
	p.t.Helper()
	for _, m := range p.messages(id) {
		if strings.HasPrefix(m.Text, "Потерянное слово") {
			n++
		}
	}
	return n
}

func TestTheDoctorTellsAWrongLanguageAndAWrongKey(t *testing.T) {
	t.Parallel()
	code, _, stderr := command(t, "doctor", "--lang", "de")
	if code != console.ExitUsage || !strings.Contains(stderr, "ru or en") {
		t.Errorf("ends with %d: %s", code, stderr)
	}
	p, err := open(t.Context(), options{Data: t.TempDir(), APIKey: testKey})
	if err != nil {
		t.Fatal(err)
	}
	stop := background(t.Context(), p.Run)
	defer func() { _ = stop(); _ = p.Close() }()
	code, out, _ := command(t, "doctor", "--server", p.URL, "--api-key", "a-key-that-is-wrong", "--lang", "ru")
	if code != console.ExitFailed || line(out, "fail", "Кабинеты не проверены") == "" || strings.Contains(out, "a-key-that-is-wrong") {
		t.Errorf("with a wrong key it ends with %d: %s", code, out)
	}
	if code, out, _ := command(t, "doctor", "--server", p.URL, "--lang", "ru"); code != console.ExitOK || line(out, "warn", "нужен ключ") == "" {
		t.Errorf("without a key it ends with %d: %s", code, out)
	}
	res, err := http.Get(p.URL + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("readyz answers %d", res.StatusCode)
	}
}
