package web_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 codes are made of it
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/hooks"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// comeIn uses a one-time link in a browser, in English.
func (t *tab) comeIn(path, name, login string) {
	t.tb.Helper()
	t.open(path)
	t.do("fill the form", chromedp.SetValue("#field-name", name), chromedp.SendKeys("#field-login", login),
		chromedp.SendKeys("#field-password", "correct horse"), chromedp.Click(`input[value=en] + span`), chromedp.Click(".button.primary"))
	t.until("the inbox", `location.pathname === "/" && document.querySelector("#rows") && document.documentElement.lang === "en"`)
}

// says waits until a page is there that holds some words.
func (t *tab) says(path, words string) {
	t.tb.Helper()
	t.until(path+" says "+words, fmt.Sprintf(`location.pathname === %q && document.body.innerText.includes(%q)`, path, words))
}

func TestAnInvitedOperatorSeesOneCabinetInABrowser(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	token, err := h.Desk.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.Chat(t, "Anna", minutes(20), "Where is my cup?")
	shop := h.Account
	if h.Account, err = h.Desk.Accounts.Add(t.Context(), desk.AddAccount{
		Channel: servertest.Channel, Name: "Depot", Credentials: map[string]sellerdesk.Secret{"token": "depot"},
	}); err != nil {
		t.Fatal(err)
	}
	hidden := h.Chat(t, "Boris", minutes(10), "Is it blue?")
	b := browse(t, h, 1440, 900)
	b.comeIn("/link/"+token, "Olga", "olga")
	b.until("both cabinets", `document.querySelectorAll("#rows .row").length === 2`)
	b.open("/settings/people/new")
	b.do("invite", chromedp.SendKeys("#person-name", "Ivan"), chromedp.SetValue(fmt.Sprintf(`[name=grant-account-%d]`, shop.ID), "operator"), chromedp.Click(".form .button.primary"))
	b.until("the link", `document.querySelector("#once-link")?.value.includes("/link/")`)
	link := value[string](b, `new URL(document.querySelector("#once-link").value).pathname`)
	b.open("/settings/people")
	b.says("/settings/people", "Operator · Shop")

	i := browse(t, h, 390, 844)
	i.comeIn(link, "Ivan", "ivan")
	i.until("his conversation only", `document.querySelectorAll("#rows .row").length === 1 && document.querySelector("#rows").innerText.includes("Anna")`)
	i.open(fmt.Sprintf("/conversations/%d", hidden.ID))
	i.until("there is no other", `!document.body.innerText.includes("blue")`)
	i.open("/accounts")
	i.says("/accounts", "Shop")
	for _, words := range []string{"Depot", "Add account"} {
		if value[bool](i, fmt.Sprintf(`document.body.innerText.includes(%q)`, words)) {
			t.Errorf("an operator of one cabinet reads %q", words)
		}
	}
	i.open(fmt.Sprintf("/accounts/%d", shop.ID))
	if value[bool](i, `document.querySelector("#main input, form[action*=pause], form[action*=remove]") !== null`) {
		t.Error("an operator may change the cabinet")
	}
	i.open("/settings/people")
	i.says("/settings/people", "You lack the right “People and roles”")
	i.open("/settings")
	if got := value[[]string](i, `[...document.querySelectorAll(".house-menu a")].map((a) => a.getAttribute("href"))`); strings.Join(got, " ") != "/settings /settings/keyboard /settings/templates /settings/tags /settings/views /settings/teams /settings/status" {
		t.Errorf("the menu leads to %v", got)
	}
	i.until("nothing is wider than a phone", `document.documentElement.scrollWidth <= 390`)
	if small := i.small(); len(small) > 0 {
		t.Errorf("too small for a finger: %s", strings.Join(small, "\n"))
	}
	i.shot("operator")
	// What is taken away is gone at once.
	b.do("open Ivan", chromedp.Click(`.account-list li:last-child a`))
	b.until("his page", `document.querySelector("#person-name")?.value === "Ivan"`)
	value[string](b, fmt.Sprintf(`document.querySelector("[name=grant-account-%d]").value = ""`, shop.ID))
	b.do("take the role away", chromedp.Click(".form .button.primary"))
	b.until("saved", `document.readyState === "complete" && location.search === "?done=saved"`)
	i.open("/")
	i.until("nothing to see", `document.body.innerText.includes("Nothing to see yet")`)
}

// small lists what a finger could miss.
func (t *tab) small() []string {
	t.tb.Helper()
	return value[[]string](t, `[...document.querySelectorAll("main a, main button, main label, main summary, nav a")].filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(".text") && e.control?.type !== "text" && e.control?.type !== "password" && e.control?.tagName !== "SELECT").filter((e) => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; }).map((e) => e.outerHTML.slice(0, 120))`)
}

// code is that of an authenticator with a secret at a moment (RFC 6238).
func code(tb testing.TB, secret string, at time.Time) string {
	tb.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		tb.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:from+4])&0x7fffffff%1_000_000)
}

func TestASecondFactorIsSetUpAndAskedForInABrowser(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	token, err := h.Desk.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, h, 1024, 900)
	b.comeIn("/link/"+token, "Olga", "olga")
	b.open("/settings")
	b.do("set it up", chromedp.Click("#factor summary"), chromedp.SendKeys("#factor-password", "correct horse\r"))
	b.until("the secret and its picture", `document.querySelector("#once-secret")?.value && document.querySelector(".qr .qr-dots").getBBox().width > 20`)
	secret := value[string](b, `document.querySelector("#once-secret").value`)
	b.do("a wrong code", chromedp.SendKeys("#confirm-code", "000000\r"))
	b.until("is refused, and the secret is the same", fmt.Sprintf(`document.querySelector("#error-confirm-code") && document.querySelector("#once-secret").value === %q`, secret))
	b.do("the right one", chromedp.SendKeys("#confirm-code", code(t, secret, servertest.Start())+"\r"))
	b.until("recovery codes", `document.querySelectorAll("#codes li").length === 10`)
	recovery := value[string](b, `document.querySelector("#codes li").innerText`)
	b.open("/settings")
	b.until("it is on", `document.querySelector("#factor .state-ok")`)
	leave := func() {
		t.Helper()
		b.open("/settings")
		b.do("sign out", chromedp.Click(`form[action="/sign-out"] button`))
		b.until("the door", `location.pathname === "/sign-in"`)
		b.do("the password", chromedp.SendKeys("#field-login", "olga"), chromedp.SendKeys("#field-password", "correct horse\r"))
		b.until("a code is asked for", `document.querySelector("#field-code") && !document.querySelector("#rows")`)
	}
	leave()
	b.do("a used code", chromedp.SendKeys("#field-code", code(t, secret, servertest.Start())+"\r"))
	b.until("is refused", `document.querySelector("#error-code")`)
	h.Later(time.Minute)
	b.do("the next one", chromedp.SendKeys("#field-code", code(t, secret, servertest.Start().Add(time.Minute))+"\r"))
	b.until("the inbox", `location.pathname === "/" && document.querySelector("#rows")`)
	leave()
	b.do("a recovery code", chromedp.SendKeys("#field-code", recovery+"\r"))
	b.until("the inbox", `location.pathname === "/" && document.querySelector("#rows")`)
}

// hooked is a house whose webhooks are sent, to this machine too.
func hooked(tb testing.TB) *servertest.House {
	tb.Helper()
	guard := reach.Guard{Level: reach.Loopback}
	h := house(tb, func(d *server.Deps) {
		demo(d)
		d.Desk = desk.New(desk.Deps{Store: d.Store, Roster: d.Roster, Drivers: []channel.Driver{servertest.Driver()}, Media: d.Media, Clock: d.Clock, Reach: guard})
	})
	began := time.Now() // the clock of a house stands still, and sending is paced
	clock := sellerdesk.Clock{NowFunc: func() time.Time { return servertest.Start().Add(time.Since(began)) }}
	w := hooks.New(hooks.Deps{Store: h.Store, Live: h.Hub, Access: h.HTTP.Deps().Desk.Users.Access, Reach: guard, Clock: clock})
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = w.Run(ctx) }()
	tb.Cleanup(func() { cancel(); <-ended })
	return h
}

func TestAKeyAndAWebhookAreMadeInABrowser(t *testing.T) {
	t.Parallel()
	h := hooked(t)
	heard := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard <- string(body)
		_, _ = io.WriteString(w, "thank you")
	}))
	t.Cleanup(receiver.Close)
	enter(t, h)
	b := browse(t, h, 1440, 900)
	b.open("/settings")
	b.until("the page", `document.querySelector("#key-name")`)
	b.do("make a key", chromedp.Click(`summary:has(+ form[action="/settings/own-keys"])`), chromedp.SendKeys("#key-name", "ERP"), chromedp.Click(`form[action="/settings/own-keys"] .button.primary`))
	b.until("the key", `document.querySelector("#once-key")?.value.startsWith("sd_")`)
	key := value[string](b, `document.querySelector("#once-key").value`)
	asks := func(want int) {
		t.Helper()
		program := &visitor{tb: t, house: h, http: &http.Client{}}
		if a := program.get("/v1/conversations", "Authorization", "Bearer "+key); a.status != want {
			t.Fatalf("the key is answered with %d, want %d: %.200s", a.status, want, a.body)
		}
	}
	asks(http.StatusOK)
	b.open("/settings")
	b.do("revoke it", chromedp.Click(".line .sure-box summary"), chromedp.Click(".line .sure-form button"))
	b.until("revoked", `document.readyState === "complete" && document.querySelector(".line.gone")`)
	asks(http.StatusUnauthorized)

	b.open("/settings/webhooks/new")
	b.do("make a webhook", chromedp.SendKeys("#hook-name", "Bot"), chromedp.SendKeys("#hook-url", "http://localhost/x"), chromedp.Click(`[value="message.created"]`))
	b.do("with the right address", chromedp.SetValue("#hook-url", receiver.URL), chromedp.Click(".form .button.primary"))
	b.until("the secret", `document.querySelector("#once-hook")?.value.startsWith("whsec_")`)
	b.do("see it", chromedp.Click("main .button.primary"))
	b.until("its page", `document.querySelector("#hook")`)
	page := value[string](b, `location.pathname`)
	b.do("test it", chromedp.Click(`form[action$="/test"] button`))
	select {
	case body := <-heard:
		if !strings.Contains(body, `"webhook.test"`) {
			t.Errorf("the receiver heard %s", body)
		}
	case <-time.After(patience):
		t.Fatal("the receiver heard nothing")
	}
	b.until("the log tells by itself", `document.querySelector("#log .state-ok") && document.querySelector("#log").innerText.includes("200 OK")`)
	b.shot("webhook")
	b.do("look at it", chromedp.Click("#log td .link"))
	b.until("what was sent and what came back", `document.querySelectorAll(".wire").length === 2 && document.body.innerText.includes("thank you") && document.body.innerText.includes("webhook.test")`)
	b.do("send it again", chromedp.Click(`form[action$="/redeliver"] button`))
	b.until("so it is said", `document.querySelector("[role=status]")?.innerText.includes("sent again")`)
	select {
	case <-heard:
	case <-time.After(patience):
		t.Fatal("it was not sent again")
	}
	b.open(page)
	b.do("pause it", chromedp.Click(`form[action$="/pause"] button`))
	b.until("paused", `document.readyState === "complete" && document.querySelector("form[action$='/resume']")`)
	b.open("/settings/audit")
	b.says("/settings/audit", "Key revoked")
}
