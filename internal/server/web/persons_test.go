package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

func fmtID(n int64) string { return strconv.FormatInt(n, 10) }

// contact is the person of a conversation, as addresses name them.
func contact(c sellerdesk.Conversation) string {
	if c.Contact == nil {
		return "0"
	}
	return fmtID(int64(*c.Contact))
}

// twoPeople are one who writes in two messengers and one who writes in a third chat.
func twoPeople(tb testing.TB) (h *servertest.House, anna2, boris sellerdesk.Conversation) {
	tb.Helper()
	h, _ = gate(tb)
	writes(tb, h, "1", anna, "Anna Kay", window(time.Hour), 30, "Hello from here")
	anna2 = writes(tb, h, "2", sellerdesk.Buyer{Phone: anna.Phone, Network: "telegram", Username: "anna_k"}, "Anna Kay", nil, 20, "And from there")
	boris = writes(tb, h, "3", sellerdesk.Buyer{Phone: "79990000002", Network: "telegram"}, "Boris", nil, 10, "It is me, Boris")
	return h, anna2, boris
}

func TestPeopleAreListedWithTheirConversations(t *testing.T) {
	t.Parallel()
	h, second, _ := twoPeople(t)
	v := enter(t, h)
	a := v.get("/people")
	a.has(t, http.StatusOK, "Anna Kay", "Hello from here", "And from there", "waits in 2 conversations", "net-whatsapp", "net-telegram", "Boris")
	if n := strings.Count(a.body, `class="person-row`); n != 2 {
		t.Errorf("%d people, want 2", n)
	}
	v.get("/people?q=anna").has(t, http.StatusOK, "Anna Kay").lacks(t, "It is me, Boris")
	v.get("/people?q=8+999+000-00-02").has(t, http.StatusOK, "It is me, Boris").lacks(t, "Anna Kay")
	v.get("/people?q=nobody").has(t, http.StatusOK, "Nobody found")
	v.get("/people", "HX-Request", "true").has(t, http.StatusOK, "Anna Kay").lacks(t, "<html")
	v.get(address(second)).has(t, http.StatusOK, "Other conversations", "Hello from here", `href="/people/`+contact(second)+`"`)
}

func TestAPageTellsAllOfAPerson(t *testing.T) {
	t.Parallel()
	h, second, boris := twoPeople(t)
	v := enter(t, h)
	page := "/people/" + contact(second)
	v.get(page).has(t, http.StatusOK, "<h1 dir=\"auto\">Anna Kay</h1>", "+7\u00a0999\u00a0000-00-01", "@anna_k", "Telegram", "Support", "Shop line", "the buyer will not see it")
	v.do(http.MethodPost, page+"/notes", url.Values{"text": {"Calls after <b>six</b>."}}).has(t, http.StatusOK, "Calls after &lt;b&gt;six&lt;/b&gt;.", "entry-note")
	v.do(http.MethodPost, page+"/notes", url.Values{"text": {" "}}).has(t, http.StatusUnprocessableEntity, "field-error")
	v.get(page+"/live", "HX-Request", "true").has(t, http.StatusOK, `hx-target="#history"`, `hx-target="#person-side"`, "Calls after").lacks(t, "<textarea")
	v.get(page+"/candidates?q=bor").has(t, http.StatusOK, "Boris", "becomes a part of", "2 + 1").lacks(t, ">Anna Kay<")
	v.do(http.MethodPost, page+"/merge", url.Values{"contact": {contact(boris)}}).has(t, http.StatusOK, "Merged with this person", "Take apart", "It is me, Boris")
	if a := v.get("/people/" + contact(boris)); a.path != page {
		t.Errorf("the page of who was merged leads to %s", a.path)
	}
	v.do(http.MethodPost, page+"/unmerge", url.Values{"contact": {contact(boris)}}).has(t, http.StatusOK, "Anna Kay").lacks(t, "It is me, Boris")
	v.do(http.MethodPost, page+"/merge", url.Values{"contact": {contact(second)}}).has(t, http.StatusUnprocessableEntity)
	v.do(http.MethodPost, page+"/unmerge", url.Values{"contact": {contact(boris)}}).has(t, http.StatusConflict)
	v.do(http.MethodPost, page+"/burn", url.Values{}).has(t, http.StatusNotFound)
	v.get("/people/99999").has(t, http.StatusNotFound)
}

func TestASuggestionIsAcceptedOrDismissed(t *testing.T) {
	t.Parallel()
	h, second, boris := twoPeople(t)
	// One who has the phone of the one and the user name of the other.
	writes(t, h, "4", sellerdesk.Buyer{Phone: "79990000002", Network: "telegram", Username: "anna_k"}, "Who", nil, 5, "Guess who")
	v := enter(t, h)
	page := "/people/" + contact(boris)
	v.get(page).has(t, http.StatusOK, "Perhaps the same person", "Anna Kay", "The same user name @anna_k", "No, these are two people")
	v.do(http.MethodPost, page+"/dismiss", url.Values{"contact": {contact(second)}}).has(t, http.StatusOK, "Boris").lacks(t, "Perhaps the same person")
	v.do(http.MethodPost, page+"/dismiss", url.Values{"contact": {contact(second)}}).has(t, http.StatusNotFound)
}

func TestPeopleAreMergedAndTakenApartInABrowser(t *testing.T) {
	t.Parallel()
	h, second, boris := twoPeople(t)
	b := browse(t, h, 1440, 900)
	b.open("/")
	value[bool](b, `["KeyG", "KeyP"].map((code) => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "x", code, bubbles: true}))).length === 2`)
	b.until("the people", `location.pathname === "/people" && document.querySelectorAll(".person-row").length === 2`)
	b.until("keys move among them", `(() => { document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "о", code: "KeyJ", bubbles: true})); return document.activeElement === [...document.querySelectorAll(".person-row")].at(-1); })()`)
	b.shot("people")
	b.do("open Anna", chromedp.Click(`#p`+contact(second)))
	b.until("her page", `document.querySelectorAll("#person-side .their-row").length === 2`)
	b.do("a note", chromedp.SendKeys(`#note`, "Calls after six."), chromedp.Click(`.note-foot button`))
	b.until("it stands in the history", `document.querySelector(".entry-note")?.innerText.includes("Calls after six.")`)
	b.do("merge", chromedp.Click(`[data-opens="#merge"]`))
	b.until("the cursor is where one looks for people", `document.activeElement.matches("[data-candidates]") && document.querySelectorAll(".merge-choice").length === 1`)
	b.do("look for Boris", chromedp.SendKeys(`[data-candidates]`, "bor"))
	b.until("he is found", `document.querySelector("#merge-choices").dataset.shown === "bor" && document.querySelector(".merge-choice")?.innerText.includes("Boris")`)
	b.do("choose him", chromedp.Click(`.merge-choice summary`))
	b.until("what happens is said", `document.querySelector(".merge-sure").innerText.includes("2 + 1")`)
	b.shot("merge")
	b.do("merge them", chromedp.Click(`.merge-sure .button`))
	b.until("they are one", `document.querySelectorAll("#person-side .their-row").length === 3 && document.querySelector(".merged")?.innerText.includes("Boris")`)
	b.shot("merged")
	writes(t, h, "3", sellerdesk.Buyer{Phone: "79990000002", Network: "telegram"}, "Boris", nil, 1, "Any news?")
	b.until("his next words come live", `document.querySelector("#person-side").innerText.includes("Any news?")`)
	b.do("take apart", chromedp.Click(`.merged button`))
	b.until("two again", `document.querySelectorAll("#person-side .their-row").length === 2 && !document.querySelector(".merged")`)
	b.until("the note stayed hers", `document.querySelector(".entry-note")?.innerText.includes("Calls after six.")`)
	b.open("/people/" + contact(boris))
	b.until("and he is himself", `document.querySelector("h1").innerText === "Boris" && document.querySelectorAll("#person-side .their-row").length === 1`)
}

func TestMessengersAndPeopleFitAFinger(t *testing.T) {
	t.Parallel()
	h, second, _ := twoPeople(t)
	shut := writes(t, h, "9", sellerdesk.Buyer{Phone: "79990000009", Network: "whatsapp"}, "Clara", window(-time.Hour), 4, "Anybody?")
	open := writes(t, h, "8", sellerdesk.Buyer{Phone: "79990000008", Network: "whatsapp"}, "Daria", window(time.Hour), 3, "Hello")
	b := browse(t, h, 390, 844)
	b.open("/")
	judge := func(what string) {
		t.Helper()
		small := value[[]string](b, `[...document.querySelectorAll("main a, main button, main select, main summary, main textarea, main input:not([type=radio], [type=hidden], [type=file])")].filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(".text")).filter((e) => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; }).map((e) => e.outerHTML.slice(0, 120))`)
		if len(small) > 0 {
			t.Errorf("%s: too small for a finger: %s", what, strings.Join(small, "\n"))
		}
		if value[int](b, `document.documentElement.scrollWidth`) > 390 {
			t.Errorf("%s is wider than the screen", what)
		}
		b.shot(strings.ReplaceAll(what, " ", "-"))
	}
	for _, path := range []string{"/people", "/people/" + contact(second), "/start?to=person", "/accounts/" + fmtID(int64(h.Account.ID))} {
		b.open(path)
		b.until(path+" is there", `document.querySelector("main h1, main .place-head") !== null`)
		judge(path[1:2] + " " + strings.ReplaceAll(path[1:], "/", " "))
	}
	b.open("/people/" + contact(second))
	b.do("merge", chromedp.Click(`[data-opens="#merge"]`))
	b.until("somebody to merge with", `document.querySelectorAll(".merge-choice").length > 0`)
	judge("merging")
	b.open(address(shut))
	b.until("the templates", `document.querySelectorAll(".template-row").length === 3`)
	judge("templates")
	b.do("one of them", chromedp.Evaluate[chromedp.Void](`document.querySelector(".template-row").click()`))
	b.until("its form", `document.querySelector("[data-variable]") !== null`)
	judge("a template")
	b.open(address(open))
	b.do("a menu", chromedp.Click(`#composer [data-panel=menu]`))
	b.until("its form", `document.querySelectorAll(".composed-row").length === 2`)
	b.do("another section", chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-add=section]").click()`))
	judge("a menu")
}

func TestHostileWordsOfMessengersAreText(t *testing.T) {
	t.Parallel()
	const evil = `<img src=x onerror=alert(1)>"'`
	h, g := gate(t)
	g.templates = []sellerdesk.RemoteTemplate{{
		Name: evil, Language: evil, Status: sellerdesk.TemplateStatus(evil), Category: evil, Header: &sellerdesk.TemplateHeader{Format: "text", Text: evil + "{{1}}"},
		Body: evil, Footer: evil, Buttons: []sellerdesk.TemplateButton{{Kind: "url", Text: evil, URL: "javascript:alert(1)"}},
		Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "header", Example: evil}},
	}}
	c := writes(t, h, "1", sellerdesk.Buyer{Phone: "79990000001", Network: "telegram", Username: "abc"}, evil, window(-time.Hour), 9, evil)
	h.Hear(t, sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID, Chat: &sellerdesk.Chat{
		Network: evil, Source: evil, Phone: evil, Username: evil, Profile: "javascript:alert(1)",
	}})
	v := enter(t, h)
	templates := "/ui" + address(c) + "/templates"
	for _, path := range []string{
		address(c), "/", "/people", "/people?q=" + url.QueryEscape(evil), "/people/" + contact(c), "/people/" + contact(c) + "/candidates", "/start?contact=" + contact(c), "/accounts/" + fmtID(int64(h.Account.ID)),
		templates, templates + "?anew=yes", templates + "?name=" + url.QueryEscape(evil) + "&language=" + url.QueryEscape(evil),
	} {
		v.get(path).has(t, http.StatusOK).lacks(t, "<img src=x", `href="javascript:`)
	}
}
