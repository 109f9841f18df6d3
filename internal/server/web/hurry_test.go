package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// holdable lets a test hold answers of the server back, as a slow line would: those
// whose address has the words that are held, and questions before they leave the page,
// whose address has those that are kept. How many wait is counted.
const holdable = `(() => {
	const ask = window.fetch;
	const waits = [];
	window.held = window.kept = "";
	window.puts = 0;
	window.waiting = () => waits.length;
	window.letGo = () => { window.held = window.kept = ""; for (const go of waits.splice(0)) go(); return true; };
	window.fetch = async (address, options) => {
		if (window.kept && String(address).includes(window.kept)) await new Promise((go) => waits.push(go));
		const answer = await ask(address, options);
		if (options?.method === "PUT") window.puts++;
		if (window.held && String(address).includes(window.held) && !options?.signal?.aborted) await new Promise((go) => waits.push(go));
		return answer;
	};
	return true;
})()`

// hold keeps answers back whose address has some words.
func (t *tab) hold(words string) {
	t.tb.Helper()
	value[bool](t, fmt.Sprintf(`(window.held = %q) !== ""`, words))
}

// held waits until an answer is kept back.
func (t *tab) holds(what string) { t.tb.Helper(); t.until(what, `window.waiting() > 0`) }

// letGo hands out what was kept back.
func (t *tab) letGo() { t.tb.Helper(); value[bool](t, `window.letGo()`) }

// slowInbox is an inbox with two buyers whose answers can be held back.
func slowInbox(t *testing.T) (h *servertest.House, b *tab, anna, boris sellerdesk.Conversation) {
	t.Helper()
	h = house(t, demo)
	anna = h.Chat(t, "Anna", minutes(20), "Where is my cup?")
	boris = h.Chat(t, "Boris", minutes(10), "Is it blue?")
	b = browse(t, h, 1440, 900)
	b.open("/")
	b.until("the list", `document.querySelectorAll("#rows .row").length === 2`)
	value[bool](b, holdable)
	return h, b, anna, boris
}

// shows waits for a conversation that is open with all that belongs to it.
func (t *tab) shows(c sellerdesk.Conversation, words string) {
	t.tb.Helper()
	t.until(words, fmt.Sprintf(`document.querySelector("#inbox").dataset.open === "%[1]d" && document.querySelector("#thread")?.dataset.conversation === "%[1]d" && document.querySelector("#c%[1]d").matches("[aria-current]") && document.querySelector("#recent").innerText.includes(%[2]q)`, c.ID, words))
}

// rows presses the key for the next or the previous row.
func (t *tab) rows(codes ...string) {
	t.tb.Helper()
	for _, code := range codes {
		t.key(code, "x")
	}
}

// TestWhatComesLateIsDrawnWhereItBelongs: an answer about one conversation that
// comes when another is open stays away from it.
func TestWhatComesLateIsDrawnWhereItBelongs(t *testing.T) {
	t.Parallel()
	h, b, anna, boris := slowInbox(t)
	b.rows("KeyJ")
	b.shows(anna, "Where is my cup?")
	b.hold("/ui/refresh")
	h.Chat(t, "Anna", minutes(5), "Hello?")
	b.holds("news of Anna are on their way")
	b.do("open Boris", chromedp.Click(fmt.Sprint("#c", boris.ID)))
	b.shows(boris, "Is it blue?")
	b.letGo()
	b.until("the row of Anna is drawn all the same", fmt.Sprintf(`document.querySelector("#c%d").innerText.includes("Hello?")`, anna.ID))
	b.shows(boris, "Is it blue?")
	if got := value[string](b, `document.querySelector("#thread-head h1").innerText + ": " + document.querySelector("#recent").innerText`); got[:5] != "Boris" || value[bool](b, `document.querySelector("#recent").innerText.includes("Hello?")`) {
		t.Errorf("the lines of Anna are drawn over Boris: %s", got)
	}

	// Half a note waits for who looks at another conversation.
	b.do("leave the fields", chromedp.Focus("#messages"))
	b.key("KeyN", "n")
	b.until("the note", `document.activeElement?.closest("#note-form")`)
	b.do("begin it", chromedp.KeyEvent("Half a no"))
	b.do("open Anna", chromedp.Click(fmt.Sprint("#c", anna.ID)))
	b.shows(anna, "Hello?")
	b.do("and Boris again", chromedp.Click(fmt.Sprint("#c", boris.ID)))
	b.shows(boris, "Is it blue?")
	b.do("the note", chromedp.Click("[data-note-open]"))
	b.until("it is there", `document.querySelector("#note-form textarea").value === "Half a no"`)
}

// TestWhoIsFasterThanTheLineGetsWhatWasChosenLast presses keys before answers come.
func TestWhoIsFasterThanTheLineGetsWhatWasChosenLast(t *testing.T) {
	t.Parallel()
	h, b, anna, boris := slowInbox(t)
	b.hold("/conversations/")
	b.rows("KeyJ", "KeyJ", "KeyK", "KeyJ")
	b.holds("they are on their way")
	b.letGo()
	b.shows(boris, "Is it blue?")
	b.rows("KeyK")
	b.shows(anna, "Where is my cup?")
	b.hold("/messages")
	b.do("answer", chromedp.SendKeys("#composer textarea", "Tomorrow"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.holds("the answer is on its way")
	b.do("and go on writing", chromedp.KeyEvent(" at noon"))
	b.letGo()
	b.until("it left", `document.querySelector("#recent .ours .text")?.innerText === "Tomorrow"`)
	b.until("what was written meanwhile is there", `document.querySelector("#composer textarea").value === "at noon"`)

	// Another conversation is opened while an answer is on its way.
	b.hold("/messages")
	b.do("send the rest", chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.holds("it is on its way")
	b.do("open Boris", chromedp.Click(fmt.Sprint("#c", boris.ID)))
	b.shows(boris, "Is it blue?")
	b.letGo()
	b.do("back to Anna", chromedp.Click(fmt.Sprint("#c", anna.ID)))
	b.until("it left, too", `[...document.querySelectorAll("#recent .ours .text")].at(-1)?.innerText === "at noon"`)
	b.until("and is no draft", `document.querySelector("#composer textarea").value === "" && Object.keys(localStorage).every((k) => !k.startsWith("sellerdesk.draft"))`)
	if n := said(t, h, anna.ID); n != 2 {
		t.Errorf("%d answers left, want two", n)
	}

	// What is typed before the field is there is not taken for keys.
	b.hold("/tags")
	b.do("tag", chromedp.Focus("#messages"))
	b.key("KeyL", "l")
	b.holds("the tags are on their way")
	b.do("name it at once", chromedp.KeyEvent("gift"))
	b.letGo()
	b.until("it can be made", `document.activeElement?.id === "tag-find" && document.activeElement.value === "gift" && !document.querySelector("#tag-make").hidden`)
	b.do("empty the field and leave it", chromedp.KeyEvent("\x1b"), chromedp.KeyEvent("\x1b"))
	b.until("the picker is shut", `!document.querySelector("#tag-picker:popover-open")`)

	// Enter before the names are there chooses the first of them.
	b.hold("/candidates")
	b.do("assign", chromedp.Focus("#messages"))
	b.key("KeyA", "a")
	b.holds("the names are on their way")
	b.until("the field", `document.activeElement?.closest("#assign-menu")`)
	b.do("Enter at once", chromedp.KeyEvent("\r"))
	b.letGo()
	b.until("it is mine", `document.querySelector("#thread-head .holder") && !document.querySelector("#assign-menu:popover-open")`)
}

// TestNothingInTheBackgroundDelaysAnAnswer: what nobody asked for may hang as long as it
// likes, and what it says when it comes is older than the answer.
func TestNothingInTheBackgroundDelaysAnAnswer(t *testing.T) {
	t.Parallel()
	h, b, anna, boris := slowInbox(t)
	last := func(words string) string {
		return fmt.Sprintf(`[...document.querySelectorAll("#recent .ours .text")].at(-1)?.innerText === %q`, words)
	}
	b.hold("/actions/read")
	b.rows("KeyJ")
	b.shows(anna, "Where is my cup?")
	b.holds("it is being marked as read")
	b.do("answer", chromedp.SendKeys("#composer textarea", "Tomorrow"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.until("it left, though the mark is on its way", last("Tomorrow")+` && window.waiting() > 0`)
	value[bool](b, `(window.gone = 0, new MutationObserver(() => { if (!document.querySelector("#recent .ours .text")) window.gone++; }).observe(document.querySelector("#thread"), { childList: true, subtree: true }), window.letGo())`)
	b.until("it is read", fmt.Sprintf(`document.querySelector("#thread-head").dataset.unread !== "yes" && !document.querySelector("#c%d.unread")`, anna.ID))

	value[bool](b, `(window.kept = "/draft") !== ""`)
	b.do("write", chromedp.SendKeys("#composer textarea", "At noon"))
	b.holds("the draft is on its way")
	b.do("answer", chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.until("it left, though the draft is on its way", last("At noon")+` && window.waiting() > 0 && document.querySelector("#composer textarea").value === ""`)
	b.letGo()
	b.until("what was kept late is no draft", `window.puts >= 2 && Object.keys(localStorage).every((k) => !k.startsWith("sellerdesk.draft"))`)
	b.do("open Boris", chromedp.Click(fmt.Sprint("#c", boris.ID)))
	b.shows(boris, "Is it blue?")
	b.do("and Anna again", chromedp.Click(fmt.Sprint("#c", anna.ID)))
	b.shows(anna, "At noon")
	if got := value[string](b, `document.querySelector("#composer textarea").value`); got != "" {
		t.Errorf("what was sent is a draft again: %q", got)
	}
	if gone := value[int](b, `window.gone`); gone != 0 {
		t.Errorf("the answer left the page %d times when the mark came", gone)
	}
	if n := said(t, h, anna.ID); n != 2 {
		t.Errorf("%d answers left, want two", n)
	}
}

// TestWhoComesBackWhileAnAnswerLeavesSaysItOnce: its words are still those of the draft.
func TestWhoComesBackWhileAnAnswerLeavesSaysItOnce(t *testing.T) {
	t.Parallel()
	h, b, anna, boris := slowInbox(t)
	b.rows("KeyJ")
	b.shows(anna, "Where is my cup?")
	enter := chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	value[bool](b, `(window.kept = "/messages") !== ""`)
	b.do("answer", chromedp.SendKeys("#composer textarea", "Tomorrow"), enter)
	b.holds("it is on its way")
	b.do("open Boris", chromedp.Click(fmt.Sprint("#c", boris.ID)))
	b.shows(boris, "Is it blue?")
	b.do("and Anna again", chromedp.Click(fmt.Sprint("#c", anna.ID)))
	b.shows(anna, "Where is my cup?")
	b.until("the words are there yet", `document.querySelector("#composer textarea").value === "Tomorrow"`)
	b.do("say them again", chromedp.Focus("#composer textarea"), enter)
	b.until("both are on their way", `window.waiting() === 2`)
	b.letGo()
	b.until("it is said", `document.querySelector("#recent .ours .text")?.innerText === "Tomorrow" && document.querySelector("#composer textarea").value === ""`)
	if n := said(t, h, anna.ID); n != 1 {
		t.Errorf("%d answers left, want one", n)
	}
}

// TestWhatIsTypedWhileANoteIsSavedStays in the form, and is no part of the note.
func TestWhatIsTypedWhileANoteIsSavedStays(t *testing.T) {
	t.Parallel()
	_, b, anna, _ := slowInbox(t)
	b.rows("KeyJ")
	b.shows(anna, "Where is my cup?")
	enter := chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	b.do("a note", chromedp.Click("[data-note-open]"))
	b.until("its form", `document.activeElement?.closest("#note-form")`)
	b.hold("/notes")
	b.do("write and save it", chromedp.KeyEvent("Ask Boris"), enter)
	b.holds("it is on its way")
	b.do("go on writing", chromedp.KeyEvent(" and Vera"))
	b.letGo()
	b.until("it is saved, and the rest is there", `document.querySelector("#recent").innerText.includes("Ask Boris") && document.querySelector("#note-form textarea").value === "and Vera" && !document.querySelector("#note-form").hidden`)
	b.do("save the rest", enter)
	b.until("it is shut and empty", `document.querySelector("#recent").innerText.includes("and Vera") && document.querySelector("#note-form").hidden && document.querySelector("#note-form textarea").value === "" && !Object.keys(sessionStorage).some((k) => k.startsWith("sellerdesk.note"))`)
}

// TestWhoHasGoneUpStaysThere also before the page has heard of it: under load the
// event of a scroll comes after what is drawn.
func TestWhoHasGoneUpStaysThere(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	words := make([]string, 40)
	for i := range words {
		words[i] = fmt.Sprint("Word ", i)
	}
	anna := h.Chat(t, "Anna", minutes(90), words...)
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(fmt.Sprint("/conversations/", anna.ID))
	left := `((m) => m.scrollHeight - m.clientHeight - m.scrollTop)(document.querySelector("#messages"))`
	b.until("the newest", `document.querySelector("#messages").scrollTop > 300 && document.querySelector("#messages").dataset.end === "yes" && `+left+` < 2`)
	value[bool](b, `window.addEventListener("scroll", (event) => event.stopPropagation(), true) ?? ((document.querySelector("#messages").scrollTop -= 300) > 0)`)
	h.Chat(t, "Anna", minutes(1), "And now?")
	b.until("is told of what comes", `!document.querySelector("#scroll-down").hidden && document.querySelector("#recent").innerText.includes("And now?")`)
	if n := value[float64](b, left); n < 300 {
		t.Errorf("who reads above was taken to the end: %v px are left", n)
	}
}
