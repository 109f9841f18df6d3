package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// key presses a key by its place, as a keyboard in some layout tells it. Not as a
// typed letter: the protocol sends the letter even after the key was handled.
func (t *tab) key(code, letter string, held ...string) {
	t.tb.Helper()
	with := ""
	for _, h := range held {
		with += fmt.Sprintf(", %sKey: true", h)
	}
	value[bool](t, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {code: %q, key: %q, bubbles: true, cancelable: true%s})) || true`, code, letter, with))
}

func TestADayWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the same without the race detector, and slow with it")
	}
	h := house(t, demo)
	anna := h.Chat(t, "Anna", minutes(20), "Where is my cup?")
	h.Chat(t, "Пётр", minutes(10), "Она синяя?")
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.until("the list", `document.querySelectorAll("#rows .row").length === 2`)

	// The palette, opened in the Russian layout, finds what was typed in the wrong one.
	b.key("KeyK", "л", "ctrl")
	b.until("the palette", `document.querySelector("#palette").open && document.activeElement.id === "palette-input" && document.querySelectorAll("#palette-known [role=option]").length > 5`)
	b.until("nothing about a conversation where none is open", `![...document.querySelectorAll("#palette [data-run=reply]")].some((e) => e.checkVisibility())`)
	b.do("type in the wrong layout", chromedp.SendKeys("#palette-input", "rkfdbfnehf"))
	b.until("the page is found", `document.querySelector("#palette [aria-selected=true]")?.dataset.link === "/settings/keyboard"`)
	b.do("clear", chromedp.Evaluate[chromedp.Void](`document.querySelector("#palette-input").select()`), chromedp.SendKeys("#palette-input", "cup"))
	b.until("the conversation is found", fmt.Sprintf(`document.querySelector("#palette-talks-0")?.dataset.openTo === "%d"`, anna.ID))
	b.shot("palette")
	b.do("choose", chromedp.Click("#palette-talks-0"))
	b.until("it opens", `!document.querySelector("#palette").open && document.querySelector("#messages")?.innerText.includes("Where is my cup?")`)

	// The sheet, in which each key can be read, and the keys themselves.
	b.do("leave the text", chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
	b.key("Slash", "?", "shift")
	b.until("the sheet", `document.querySelector("#keys").open`)
	b.do("close it", chromedp.Click("#keys [data-dismiss]"))
	b.key("KeyJ", "о")
	b.until("the next", `document.querySelector("#messages")?.innerText.includes("Она синяя?")`)
	b.key("KeyK", "л")
	b.until("and back", `document.querySelector("#messages")?.innerText.includes("Where is my cup?")`)
	b.key("KeyR", "к")
	b.until("the text", `document.activeElement === document.querySelector("#composer textarea")`)
	b.key("KeyE", "у")
	b.until("a letter while one types", `document.querySelector("#thread-head").dataset.status !== "closed"`)

	// Another key for answering, pressed in its field, and it is what works then.
	b.open("/settings/keyboard")
	b.until("the page", `document.querySelector("#key-reply")`)
	b.do("to the field", chromedp.Focus("#key-reply"))
	b.key("KeyJ", "о")
	b.until("it is taken", `document.querySelector("#key-reply").getAttribute("aria-invalid") === "true"`)
	b.key("KeyQ", "й")
	b.until("free", `!document.querySelector("#key-reply").hasAttribute("aria-invalid")`)
	b.shot("keyboard")
	b.do("save", chromedp.Click(".board .button.primary"))
	b.until("saved", `location.search === "?done=saved" && document.querySelector("#keys [data-shortcut=reply]").dataset.key === "KeyQ"`)
	b.open(fmt.Sprintf("/conversations/%d", anna.ID))
	b.until("there", `document.querySelector("#composer .send")`)
	b.key("KeyR", "r")
	b.key("KeyQ", "q")
	b.until("the new key", `document.activeElement === document.querySelector("#composer textarea")`)

	// Switched off, only those with Ctrl are left.
	b.open("/settings/keyboard")
	b.until("the page", `document.querySelector("[name=on]")`)
	b.do("off", chromedp.Click("[name=on]"), chromedp.Click(".board .button.primary"))
	b.until("off", `document.querySelector("#keys").hasAttribute("data-off")`)
	b.key("KeyG", "g")
	b.key("KeyI", "i")
	b.key("KeyK", "k", "ctrl")
	b.until("the palette still opens here", `document.querySelector("#palette").open && location.pathname === "/settings/keyboard"`)
}

func TestTheScreensCanBeInstalled(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	v := visit(t, h)
	page := v.get("/welcome")
	_, rest, _ := strings.Cut(page.body, `rel="manifest" href="`)
	address, _, _ := strings.Cut(rest, `"`)
	manifest := v.get(address)
	manifest.has(t, http.StatusOK, `"display": "standalone"`, `"start_url": "/"`, `"maskable"`)
	if kind := manifest.header.Get("Content-Type"); kind != "application/manifest+json" {
		t.Errorf("the manifest is %q", kind)
	}
	for _, icon := range []string{"icon-192.png", "icon-512.png", "icon-maskable-512.png"} {
		if kind := v.get(address[:len(address)-len("app.webmanifest")] + icon).header.Get("Content-Type"); kind != "image/png" {
			t.Errorf("%s is %q", icon, kind)
		}
	}
}
