package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// told lets the channel tell more about a chat, and a buyer write in it.
func told(tb testing.TB, h *servertest.House, name string, chat sellerdesk.Chat, shut sellerdesk.Why) sellerdesk.Conversation {
	tb.Helper()
	c := h.Chat(tb, name, minutes(10), "The cup is broken.")
	return h.Hear(tb, sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID, Chat: &chat, Shut: &shut})
}

func TestAChatInDisputeSaysSoEverywhere(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := told(t, h, "Anna", sellerdesk.Chat{
		State: sellerdesk.ChatWaitsForArbiter, Dispute: true, Subject: sellerdesk.ChatAboutReturn, Return: "512340", Shop: "North, Moscow",
	}, sellerdesk.Why{Code: sellerdesk.ReasonArbitration, Text: "An arbiter of the box decides."})
	told(t, h, "Boris", sellerdesk.Chat{State: sellerdesk.ChatFinished, Subject: sellerdesk.ChatAboutOrder}, sellerdesk.Why{Code: sellerdesk.ReasonFinished, Text: "Over."})
	v := enter(t, h)
	v.get("/?filter=all").has(t, http.StatusOK, "Chat · Arbiter decides", `<span class="pill bad">Dispute</span>`, "Chat · Finished")
	v.get(address(c)).has(t, http.StatusOK,
		`<span class="pill chat-state">Arbiter decides</span>`, "The buyer called an arbiter", "No reply possible.", "An arbiter of the marketplace decides now",
		"512340", "North, Moscow", "order-Anna")
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"ru"}, "theme": {""}})
	v.get(address(c)).has(t, http.StatusOK, "Решает арбитр", "Спор", "Ответить нельзя.", "Сейчас решает арбитр площадки", "Возврат", "Магазин").
		lacks(t, "An arbiter of the box decides.")
}

// post is a review with a comment of another buyer and one under our answer.
func post(tb testing.TB, h *servertest.House) sellerdesk.Conversation {
	tb.Helper()
	c := h.Review(tb, "Clara", minutes(600), 3, "The cup is small.")
	line := func(id, parent sellerdesk.RemoteID, author sellerdesk.Author, name string, back int, text string) sellerdesk.MessagePatch {
		m := sellerdesk.MessagePatch{
			Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: id, Parent: parent, Author: author, AuthorName: name, Text: text, At: sellerdesk.At(minutes(back)),
		}
		if author == sellerdesk.AuthorElsewhere {
			m.Status = sellerdesk.MessageDelivered
		}
		return m
	}
	patch := sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID, Offers: &[]sellerdesk.Offer{{Action: sellerdesk.ActionAnswer}, {Action: sellerdesk.ActionEdit}}}
	return h.Hear(tb, patch,
		line("a1", "", sellerdesk.AuthorElsewhere, "", 500, "It holds 200 ml."),
		line("b1", "", sellerdesk.AuthorBuyer, "Peter", 400, "Mine is fine."),
		line("a2", "b1", sellerdesk.AuthorElsewhere, "", 300, "Glad to hear."),
		line("b2", "a1", sellerdesk.AuthorBuyer, "", 200, "That is little."),
	)
}

func TestCommentsStandUnderWhatTheyAnswer(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := post(t, h)
	a := enter(t, h).get(address(c))
	at := -1
	for _, text := range []string{"The cup is small.", "It holds 200 ml.", "That is little.", "Mine is fine.", "Glad to hear."} {
		i := strings.LastIndex(a.body, `hx-ignore>`+text)
		if i < at {
			t.Errorf("%q stands too early", text)
		}
		at = i
	}
	a.has(t, http.StatusOK, `class="comment depth-1" data-author="buyer"`, `<h2 dir="auto">Peter</h2>`, `data-target="To Clara: “That is little.”"`)
	if n := strings.Count(a.body, `data-compose="answer"`); n != 2 {
		t.Errorf("%d comments can be replied to, want 2", n)
	}
	if n := strings.Count(a.body, `data-compose="edit"`); n != 2 {
		t.Errorf("%d answers can be changed, want 2", n)
	}
	a.lacks(t, "Can be changed once")
}

// actions are what was put on its way in a conversation, the newest first.
func actions(tb testing.TB, h *servertest.House, c sellerdesk.Conversation) []sellerdesk.Action {
	tb.Helper()
	var out []sellerdesk.Action
	err := h.Store.Read(context.WithoutCancel(tb.Context()), func(tx *store.Tx) error {
		items, err := tx.Outbox.Latest(tb.Context(), c.ID, 10)
		for _, i := range items {
			a, err := sellerdesk.DecodeAction(i.Action, i.Payload, sellerdesk.RemoteRef{})
			if err != nil {
				return err
			}
			out = append(out, a)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestAReplyLandsUnderItsCommentInABrowser(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := post(t, h)
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(address(c))
	b.until("the comments", `document.querySelectorAll("#recent .comment").length === 2`)
	replyTo := func(text string) {
		b.do("reply to "+text, chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("#recent .comment")].find((e) => e.innerText.includes("`+text+`")).querySelector("button").click()`))
	}
	replyTo("That is little.")
	b.until("the composer names it", `!document.querySelector(".target").hidden && document.querySelector(".target").innerText.includes("That is little.") && document.activeElement.matches("#composer textarea")`)
	b.do("write", chromedp.SendKeys(`#composer textarea`, "For espresso."))
	replyTo("Mine is fine.")
	b.until("another comment has its own draft", `document.querySelector(".target").innerText.includes("Peter") && document.querySelector("#composer textarea").value === ""`)
	replyTo("That is little.")
	b.until("the first draft is back", `document.querySelector("#composer textarea").value === "For espresso."`)
	b.shot("target")
	b.do("rather to the review", chromedp.Click(`.drop-target`))
	b.until("the words stay", `document.querySelector(".target").hidden && document.querySelector("#composer textarea").value === "For espresso."`)
	replyTo("Mine is fine.")
	b.do("write to another", chromedp.SendKeys(`#composer textarea`, "Enjoy!"), chromedp.Click(`.drop-target`))
	b.until("nothing of either is lost", `document.querySelector("#composer textarea").value === "For espresso.\nEnjoy!"`)
	replyTo("That is little.")
	b.do("write and send", chromedp.SendKeys(`#composer textarea`, "For an espresso."), chromedp.Click(`#composer .send`))
	b.until("it stands under the comment", `document.querySelector("#recent .comment.depth-1 + .answer.depth-2 .text")?.innerText === "For an espresso."`)
	b.until("the composer is about the review again, with what was meant for it", `document.querySelector(".target").hidden && document.querySelector("#composer textarea").value === "For espresso.\nEnjoy!"`)
	if got := actions(t, h, c); len(got) != 1 || got[0].(sellerdesk.Answer).Parent != "b2" {
		t.Fatalf("on its way: %+v", got)
	}
	b.do("change the second answer", chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("#recent .answer")].find((e) => e.innerText.includes("Glad to hear.")).querySelector("[data-compose=edit]").click()`))
	b.until("its words are in the composer", `document.querySelector("#composer textarea").value === "Glad to hear." && document.querySelector(".target").innerText.includes("Glad to hear.")`)
	b.do("write more", chromedp.SendKeys(`#composer textarea`, " Thanks!"), chromedp.Click(`#composer .send`))
	b.until("it is on its way", `document.querySelector("#recent").innerText.includes("Новый текст отправляется") && document.querySelector(".target").hidden`)
	if got := actions(t, h, c); len(got) != 2 || got[0].(sellerdesk.Edit).Message != "a2" || got[0].(sellerdesk.Edit).Text != "Glad to hear. Thanks!" {
		t.Fatalf("on its way: %+v", got)
	}
}

func TestACommentOfAnotherConversationCannotBeAnswered(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c, v := post(t, h), enter(t, h)
	v.post(fmt.Sprintf("/ui/conversations/%d/messages", c.ID), url.Values{"text": {"Hello there"}, "parent": {"99999"}}).has(t, http.StatusNotFound, "There is no such message")
	v.post(action(c, "edit"), url.Values{"text": {"Hello there"}, "message": {"99999"}}).has(t, http.StatusNotFound, "There is no such message")
}

func TestAChatIsStartedInABrowser(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	anna := told(t, h, "Anna", sellerdesk.Chat{State: sellerdesk.ChatWaitsForSeller, Subject: sellerdesk.ChatAboutOrder}, sellerdesk.Why{})
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.until("the list", `document.querySelectorAll("#rows .row").length === 1`)
	value[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "с", code: "KeyC", bubbles: true}))`)
	b.until("the form", `location.pathname === "/start" && document.activeElement.id === "field-number"`)
	b.shot("start")
	b.do("name an order", chromedp.SendKeys("#field-number", "777\r"))
	b.until("a chat that is being opened", `location.pathname.startsWith("/conversations/") && document.querySelector("#thread-head").innerText.includes("открывается") && document.querySelector("#card").innerText.includes("777")`)
	b.until("its row", `document.querySelector("#rows .row[aria-current]").innerText.includes("открывается")`)
	b.shot("opening")
	b.open("/accounts/1")
	b.do("from the account", chromedp.Click(`.place-head a[href="/start?account=1"]`))
	b.do("an order with a chat", chromedp.SendKeys("#field-number", "order-Anna\r"))
	b.until("the chat there is", `location.pathname === "`+address(anna)+`" && document.querySelector("#messages").innerText.includes("The cup is broken.")`)
}

func TestWhatIsWrongWithTheStartOfAChatStandsAtItsField(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	v.get("/start?account=1&about=order&number=12").has(t, http.StatusOK, `value="12"`, "About an order", `<option value="1" selected>Shop</option>`)
	v.do(http.MethodPost, "/start", url.Values{"account": {"1"}, "about": {"order"}, "number": {""}}).has(t, http.StatusUnprocessableEntity, `id="error-number"`)
	v.do(http.MethodPost, "/start", url.Values{"account": {"1"}, "about": {"return"}, "number": {"12"}}).has(t, http.StatusConflict, `id="error-number"`)
	v.do(http.MethodPost, "/start", url.Values{"account": {"99"}, "about": {"order"}, "number": {"12"}}).has(t, http.StatusNotFound)
	same := url.Values{"account": {"1"}, "about": {"order"}, "number": {"12"}, "key": {"k"}}
	first := v.do(http.MethodPost, "/start", same)
	first.has(t, http.StatusOK, "being opened")
	if second := v.do(http.MethodPost, "/start", same); second.path != first.path {
		t.Errorf("sent twice: %s and %s", first.path, second.path)
	}
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"ru"}, "theme": {""}})
	v.do(http.MethodPost, "/start", url.Values{"account": {"1"}, "about": {"order"}}).has(t, http.StatusUnprocessableEntity, "Назовите номер заказа.")
}

func TestTheAccountPageTellsHowPushesFare(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	page := fmt.Sprintf("/accounts/%d", h.Account.ID)
	door := h.Account.Push
	if door == nil {
		t.Fatal("the channel of the house pushes")
	}
	v.get(page).has(t, http.StatusOK, "Address for the marketplace", `value="`+h.URL+door.Address+`"`, "None yet", "Two minutes later", "needs an https address")
	v.get(page, "X-Forwarded-Proto", "https").has(t, http.StatusOK, `value="https://`+strings.TrimPrefix(h.URL, "http://")+door.Address+`"`).
		lacks(t, "needs an https address")
	if a := visit(t, h).do(http.MethodPost, door.Address, url.Values{"hello": {"there"}}); a.status != http.StatusOK {
		t.Fatalf("the push was answered with %d", a.status)
	}
	v.get(page+"/state", "HX-Request", "true").has(t, http.StatusOK, "They arrive", ">09:00<").lacks(t, "None yet", "Two minutes later")
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"ru"}, "theme": {""}})
	v.get(page).has(t, http.StatusOK, "Адрес для площадки", "Последнее", "Ждут чтения")
}

func TestThePushAddressIsCopiedByOneClick(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(fmt.Sprintf("/accounts/%d", h.Account.ID))
	b.do("copy", chromedp.Click(`[data-copy]`))
	b.until("it says so, or marks the address to be copied by hand", `document.querySelector("[data-copy]").innerText === "Скопировано" || getSelection().toString() === document.querySelector("#push-address").value`)
}

func TestTheListIsNarrowedToAChannel(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	v := enter(t, h)
	v.get("/?channel=box").has(t, http.StatusOK, "Where is my cup?")
	v.get("/?channel=other").has(t, http.StatusOK, "Nothing fits these filters").lacks(t, "Where is my cup?")
}

func TestAReviewWithPhotosIsMarkedInTheList(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := h.Review(t, "Clara", minutes(30), 2, "It broke.")
	v := enter(t, h)
	v.get("/?filter=all").lacks(t, "#image\"")
	h.Hear(t, sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID}, sellerdesk.MessagePatch{
		Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: "p", Author: sellerdesk.AuthorBuyer, Text: "Look.", At: sellerdesk.At(minutes(20)),
		Files: []sellerdesk.RemoteFile{{ID: "1", Type: "image/jpeg"}},
	}, sellerdesk.MessagePatch{
		Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: "q", Author: sellerdesk.AuthorElsewhere, Text: "Sorry.", At: sellerdesk.At(minutes(10)),
	})
	v.get("/?filter=all").has(t, http.StatusOK, "Sorry.", `#image"`)
}

func TestADeadLinkSaysSoAtOnce(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	visit(t, h).get("/link/wrong", "Accept-Language", "ru").has(t, http.StatusNotFound, "Ссылка больше не действует").lacks(t, "<form")
	token, err := h.Desk.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	visit(t, h).get("/link/"+token).has(t, http.StatusOK, `name="password"`)
	if _, err := h.Desk.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: "olga", Name: "Olga", Password: "correct horse"}); err != nil {
		t.Fatal(err)
	}
	visit(t, h).get("/link/"+token, "Accept-Language", "en").has(t, http.StatusNotFound, "This link no longer works").lacks(t, "<form")
}

func TestWhatAMarketplaceSaysOfATokenIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	bad := url.Values{"channel": {"box"}, "token": {"bad-secret"}, "name": {"North"}}
	v.do(http.MethodPost, "/accounts", bad).has(t, http.StatusUnprocessableEntity, "The token is not accepted.", `id="error-token"`)
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"ru"}, "theme": {""}})
	v.do(http.MethodPost, "/accounts", bad).has(t, http.StatusUnprocessableEntity, "Площадка не принимает этот токен", `id="error-token"`).lacks(t, "is not accepted")
}

func TestAChatThatTurnsOutToBeAnotherIsFollowed(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	anna := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	started, _, err := h.Desk.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: h.Account.ID, Order: "777"})
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(address(anna) + "?filter=all")
	b.until("Anna's chat", `document.querySelector("#messages")?.innerText.includes("Where is my cup?")`)
	time.Sleep(300 * time.Millisecond) // until the stream is open
	settleOpening(t, h, started.ID, *anna.RemoteID)
	b.until("it is the chat we started", `location.pathname === "`+address(started)+`" && document.querySelector("#messages")?.innerText.includes("Where is my cup?")`)
}

// settleOpening lets the channel answer the start of a chat with the name of one.
func settleOpening(tb testing.TB, h *servertest.House, c sellerdesk.ConversationID, remote sellerdesk.RemoteID) {
	tb.Helper()
	err := h.Store.Write(tb.Context(), func(tx *store.Tx) error {
		items, err := tx.Outbox.Lease(tb.Context(), sellerdesk.At(servertest.Start()), time.Minute, 1, nil)
		if err != nil || len(items) != 1 || items[0].Conversation != c {
			return fmt.Errorf("on its way are %d: %w", len(items), err)
		}
		return tx.Outbox.Settle(tb.Context(), items[0].ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: remote})
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestCommentsAndFormsFitAFinger(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := post(t, h)
	b := browse(t, h, 390, 844)
	b.open("/")
	for _, path := range []string{address(c), "/start", "/accounts/new", fmt.Sprintf("/accounts/%d", h.Account.ID), "/settings"} {
		b.open(path)
		b.until(path+" is there", `document.querySelector("main h1") !== null`)
		if path == address(c) {
			b.do("reply", chromedp.Click(`#recent .comment button`))
			b.until("the target", `!document.querySelector(".target").hidden`)
			b.shot("target")
		}
		small := value[[]string](b, `[...document.querySelectorAll("main a, main button, main select, main summary, main input:not([type=radio], [type=hidden], [type=file])")].filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(".text")).filter((e) => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; }).map((e) => e.outerHTML.slice(0, 120))`)
		if len(small) > 0 {
			t.Errorf("%s: too small for a finger: %s", path, strings.Join(small, "\n"))
		}
		if value[int](b, `document.documentElement.scrollWidth`) > 390 {
			t.Errorf("%s is wider than the screen", path)
		}
	}
}
