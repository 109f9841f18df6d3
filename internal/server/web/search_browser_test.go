package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/search"
)

// long is how many messages the longest conversation of a test has, needle which
// of them says what nobody else says.
const long, needle = 20_000, 3_000

// talkLong lets a buyer write a very long conversation.
func talkLong(t *testing.T, h *servertest.House) sellerdesk.Conversation {
	t.Helper()
	const atOnce = 2_000
	var c sellerdesk.Conversation
	for first := 0; first < long; first += atOnce {
		var lines []sellerdesk.MessagePatch
		for n := first; n < first+atOnce; n++ {
			text := fmt.Sprintf("Вопрос номер %d про доставку", n)
			if n == needle {
				text = "Самолёт с моим заказом уже прилетел?"
			}
			lines = append(lines, sellerdesk.MessagePatch{
				Kind: sellerdesk.KindChat, Conversation: "long", RemoteID: sellerdesk.RemoteID(fmt.Sprint("long-", n)), Author: sellerdesk.AuthorBuyer,
				Text: text, At: sellerdesk.At(minutes(long + 10 - n)),
			})
		}
		name := "Маргарита"
		created := sellerdesk.At(minutes(long + 20))
		c = h.Hear(t, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: "long", BuyerName: &name, CreatedAt: &created}, lines...)
	}
	return c
}

// seen tells whether the first that matches stands where a person sees it.
func seen(selector string) string {
	return fmt.Sprintf(`(() => { const e = document.querySelector(%q), box = document.querySelector("#messages").getBoundingClientRect(), r = e?.getBoundingClientRect(); return r && r.top >= box.top - 1 && r.bottom <= box.bottom + 1; })()`, selector)
}

func TestASearchLeadsToTheMessageInABrowser(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the run without the race detector walks these screens")
	}
	h := house(t, demo)
	c := talkLong(t, h)
	boris := h.Chat(t, "Борис", minutes(5), "Когда доставка самолётом?")
	h.Review(t, "Ольга", minutes(30), 2, "Доставка долгая, самолёты не летают")
	b := browseFor(t, h, 1440, 900, 6*patience)
	b.open("/?filter=all")
	b.until("the list", `document.querySelectorAll("#rows .row").length === 3`)
	jump(t, b, h, c, boris)
	b.open("/search")
	searchPage(b)
	b.do("a phone", chromedp.EmulateViewport(390, 844))
	b.open("/search?q=" + "%D0%B4%D0%BE%D1%81%D1%82%D0%B0%D0%B2%D0%BA%D0%B0")
	onAPhone(t, b)
}

// jump finds a word beside the list, opens the conversation there, reads on in
// both directions and answers.
func jump(t *testing.T, b *tab, h *servertest.House, c, boris sellerdesk.Conversation) {
	t.Helper()
	b.do("search", chromedp.KeyEvent("/"), chromedp.KeyEvent("самолёт"))
	b.until("the results stand in the place of the list", `document.querySelectorAll("#quick .quick-row").length === 3 && document.querySelector("#quick").dataset.shown.endsWith("самолёт") && document.querySelector("#rows").hidden && document.querySelector("#quick mark")`)
	took := click(b, c, "Самолёт")
	for range 2 { // the least is what the jump takes, the others are what the machine does besides
		click(b, boris, "самолётом")
		took = min(took, click(b, c, "Самолёт"))
	}
	t.Logf("a conversation of %d messages opened at the message in %.0f ms", long, took)
	if took > 2000 { // 200 ms is the promise on a machine at rest
		t.Errorf("the message was shown after %.0f ms", took)
	}
	b.until("the message is seen, marked", seen(".found-here")+` && document.querySelector(".found-here mark").innerText === "Самолёт"`)
	b.until("the row is chosen", `document.querySelector("#quick [aria-current]").dataset.hit === "`+fmt.Sprint(c.ID)+`"`)
	value[bool](b, `(() => { const f = document.querySelector("#find"); f.value = "самолёты"; f.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`)
	b.until("it stays chosen when a further letter is typed", `document.querySelector("#quick").dataset.shown === "самолёты" && document.querySelector("#quick [aria-current]").dataset.hit === "`+fmt.Sprint(c.ID)+`"`)
	b.until("and the address says where", `location.search.includes("at=") && location.search.includes("q=")`)
	b.shot("hit")
	value[bool](b, `(document.querySelector("#messages").scrollTop = 0, true)`)
	b.until("older messages come", fmt.Sprintf(`document.querySelector("#messages").innerText.includes("номер %d ")`, needle-60))
	value[bool](b, `(document.querySelector("#messages").scrollTop = 1e9, true)`)
	b.until("newer messages come", fmt.Sprintf(`document.querySelector("#messages").innerText.includes("номер %d ")`, needle+60))
	h.Chat(t, "Борис", minutes(1), "Ау!")
	b.until("what is new is counted", `document.title.includes("(3)") || document.querySelector("#rail-badge").dataset.count === "3"`)
	if value[bool](b, fmt.Sprintf(`document.querySelector("#messages").innerText.includes("номер %d ")`, long-1)) {
		t.Error("live changes put the newest messages beside the old ones")
	}
	b.do("answer", chromedp.SendKeys(`#composer textarea`, "Прилетел."), chromedp.Click(`#composer .send`))
	b.until("the newest messages are shown with the answer", fmt.Sprintf(`document.querySelector("#recent").innerText.includes("Прилетел.") && document.querySelector("#recent").innerText.includes("номер %d ") && !document.querySelector("#messages").dataset.apart`, long-1))
	value[bool](b, `(() => { const f = document.querySelector("#find"); f.value = ""; f.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`)
	b.until("the list is back", `!document.querySelector("#rows").hidden && document.querySelector("#quick").hidden`)
}

// click opens what was found of a conversation, and gives how many milliseconds
// later the found word is marked in it.
func click(b *tab, c sellerdesk.Conversation, word string) float64 {
	b.tb.Helper()
	value[bool](b, fmt.Sprintf(`(() => {
		const began = performance.now();
		window.took = 0;
		const look = () => { if (document.querySelector("#messages .found-here mark")?.innerText === %q) window.took = performance.now() - began; else requestAnimationFrame(look); };
		document.querySelector('#quick .quick-row[data-hit="%d"]').click();
		look();
		return true;
	})()`, word, c.ID))
	b.until("the conversation opens", `window.took > 0`)
	return value[float64](b, "window.took")
}

// searchPage types and clicks through the page of the search.
func searchPage(b *tab) {
	b.tb.Helper()
	typing := func(words string) {
		value[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector("#find"); f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`, words))
	}
	b.until("the cursor is in the box", `document.activeElement === document.querySelector("#find") && document.querySelector(".operators")`)
	b.do("type", chromedp.KeyEvent("доставка"))
	b.until("results come while typing", `document.querySelectorAll(".hit").length === 50 && document.querySelector(".search-count").innerText.includes("300")`)
	b.until("the address follows", `decodeURIComponent(location.search) === "?q=доставка"`)
	value[bool](b, `([...document.querySelectorAll(".facet")].find((f) => f.innerText.includes("Отзыв")).click(), true)`)
	b.until("it is typed", `document.querySelector("#find").value === "доставка вид:отзыв" && document.querySelectorAll(".hit").length === 1 && document.querySelector(".search-chip").innerText.includes("Отзыв")`)
	b.shot("filtered")
	value[bool](b, `([...document.querySelectorAll(".search-order a")].at(-1).click(), true)`)
	b.until("it stands by relevance", `location.search.endsWith("&sort=relevance") && document.querySelector(".search-order [aria-current]").innerText === "По смыслу" && document.querySelector(".search-chip").href.endsWith("&sort=relevance")`)
	value[bool](b, `(document.querySelector(".search-order a").click(), true)`)
	b.until("and newest first", `!location.search.includes("sort") && document.querySelector(".search-order [aria-current]").innerText === "Сначала новые"`)
	b.do("take it away", chromedp.Click(".search-chip"))
	b.until("it is gone", `document.querySelector("#find").value === "доставка" && document.querySelectorAll(".hit").length === 50`)
	value[bool](b, `(history.back(), true)`)
	b.until("the filter is back", `document.querySelector("#find").value === "доставка вид:отзыв" && document.querySelectorAll(".hit").length === 1`)
	typing("доставка")
	b.until("all kinds are there", `document.querySelectorAll(".hit").length === 50`)
	value[bool](b, `(() => { const f = document.querySelector("#find"); f.value = "доставка долгая"; f.dispatchEvent(new Event("input", {bubbles: true})); [...document.querySelectorAll(".facet")].find((f) => f.innerText.includes("Отзыв")).click(); return true; })()`)
	b.until("who clicks while words are still looked for loses none of them", `document.querySelector("#find").value === "доставка долгая вид:отзыв" && document.querySelectorAll(".hit").length === 1`)
	typing("самол")
	b.until("a word that is not finished finds too", `document.querySelectorAll(".hit").length === 3 && document.querySelector(".search-told").innerText.includes("самол*")`)
	typing("kind:letter")
	b.until("what is not understood is named", `document.querySelector("#found [role=alert]").innerText.includes("вид:чат,вопрос,отзыв,возврат")`)
	typing("абракадабра")
	b.until("nothing is said", `document.querySelector("#found .empty h2").innerText !== ""`)
	typing("самолёты")
	b.until("found", `document.querySelectorAll(".hit").length === 3`)
	b.do("keep it", chromedp.Focus("#find"), chromedp.KeyEvent("\r"))
	typing("")
	b.until("recent searches are offered", `!document.querySelector("#recent-searches").hidden && document.querySelector("#recent-searches a").innerText === "самолёты"`)
	b.do("take it", chromedp.Click("#recent-searches a"))
	b.until("it is searched for", `document.querySelectorAll(".hit").length === 3 && document.querySelector("#recent-searches").hidden`)
	value[bool](b, `([...document.querySelectorAll(".hit")].at(-1).click(), true)`)
	b.until("the page opens at the message", seen(".found-here")+` && document.querySelector(".search-bar a")`)
	b.do("back to the results", chromedp.Click(".search-bar a"))
	b.until("they are there", `document.querySelectorAll(".hit").length === 3`)
}

// onAPhone looks whether everything fits.
func onAPhone(t *testing.T, b *tab) {
	t.Helper()
	b.until("results", `document.querySelectorAll(".hit").length >= 50 && getComputedStyle(document.querySelector("#facets")).display === "none"`)
	b.do("filters", chromedp.Click(".facets-open"))
	b.until("they unfold", `getComputedStyle(document.querySelector("#facets")).display !== "none"`)
	b.shot("phone")
	if !value[bool](b, `document.documentElement.scrollWidth <= 390`) {
		t.Error("the page is wider than the screen")
	}
	small := value[[]string](b, `[...document.querySelectorAll("main a, main button, main input")].filter((e) => e.checkVisibility({visibilityProperty: true})).filter((e) => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; }).map((e) => e.outerHTML.slice(0, 120))`)
	if len(small) > 0 {
		t.Errorf("too small for a finger: %s", strings.Join(small, "\n"))
	}
}

func TestALongConversationOpensAtAMessage(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the run without the race detector reads it")
	}
	h := house(t, demo)
	c := talkLong(t, h)
	v := visit(t, h)
	q, err := search.Parse("самолёт")
	if err != nil {
		t.Fatal(err)
	}
	found, err := h.Desk.Search.Find(t.Context(), finding.Input{User: 1, Query: q})
	if err != nil || len(found.Items) != 1 {
		t.Fatalf("%d results: %v", len(found.Items), err)
	}
	at := found.Items[0].Message.ID
	last, err := search.Parse(fmt.Sprint(long - 1))
	if err != nil {
		t.Fatal(err)
	}
	newest, err := h.Desk.Search.Find(t.Context(), finding.Input{User: 1, Query: last})
	if err != nil || len(newest.Items) != 1 {
		t.Fatalf("%d results: %v", len(newest.Items), err)
	}
	fastest := time.Hour
	for range 5 {
		began := time.Now()
		a := v.get(fmt.Sprintf("/conversations/%d?filter=all&at=%d&q=%s", c.ID, at, "%D1%81%D0%B0%D0%BC%D0%BE%D0%BB%D1%91%D1%82"))
		fastest = min(fastest, time.Since(began))
		if !strings.Contains(a.body, "<mark>Самолёт</mark>") || !strings.Contains(a.body, fmt.Sprintf(`data-at="%d"`, at)) || !strings.Contains(a.body, `data-apart="yes"`) {
			t.Fatal("the page does not show the message")
		}
		if !strings.Contains(a.body, fmt.Sprintf(`data-newest="%d"`, newest.Items[0].Message.ID)) {
			t.Fatal("an answer to an old message would be stopped, as if somebody had just written")
		}
	}
	t.Logf("the fastest took %s", fastest)
	if fastest > time.Second {
		t.Errorf("the page takes %s", fastest)
	}
}
