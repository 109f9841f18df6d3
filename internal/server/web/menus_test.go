package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestMenusOfAConversationDoWhatWasChosen: what is chosen arrives, not only that
// something was.
func TestMenusOfAConversationDoWhatWasChosen(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("what it does is looked at by the tests of the packages below")
	}
	h := house(t, demo)
	conv := h.Chat(t, "Anna", minutes(90), "Where is my cup?")
	b := browse(t, h, 1440, 900)
	b.open(fmt.Sprint("/conversations/", conv.ID))
	b.until("the conversation", `document.querySelector("#thread-head [data-tags]")`)
	b.do("more", chromedp.Click(".thread-tools > [popovertarget=more-menu]"), chromedp.Click("[data-then=priority-menu]"))
	b.until("its menu in the place of the other, under its button", `document.querySelector("#priority-menu:popover-open")?.offsetLeft > 700 && !document.querySelector("#more-menu:popover-open")`)
	h.Chat(t, "Anna", minutes(1), "It is red")
	b.until("what comes live leaves it open", `document.querySelector("#recent").innerText.includes("It is red") && document.querySelector("#priority-menu:popover-open")?.offsetLeft > 700`)
	b.do("urgent", chromedp.Click("#priority-menu .hold-item:last-child"))
	b.until("it is urgent", `document.querySelector("#thread-head .priority-urgent")`)
	b.do("assign by the keyboard", chromedp.Focus("#messages"))
	b.key("KeyA", "a")
	b.until("people, ready to be chosen", `document.querySelector("#assign-list .hold-item [data-name]") && !document.querySelector("#assign-menu.htmx-request")`)
	b.do("the first", chromedp.KeyEvent("\r"))
	b.until("it is mine", `document.querySelector("#thread-head .holder")`)
	b.do("put it off", chromedp.Focus("#messages"), chromedp.KeyEvent("s"))
	b.until("for how long", `document.activeElement?.closest("#snooze-menu")`)
	b.do("an hour", chromedp.KeyEvent("\r"))
	b.until("until a moment", `/(until|до) \d/.test(document.querySelector("#thread-head .thread-who p").innerText)`)
}
