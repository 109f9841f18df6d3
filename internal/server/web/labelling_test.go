package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

func TestWorkIsSortedByTagsFieldsAndViewsInABrowser(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("what it does is looked at by the tests of the packages below")
	}
	h := house(t, demo)
	conv := h.Chat(t, "Anna", minutes(90), "Where is my cup?")
	h.Chat(t, "Boris", minutes(60), "Thank you")
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(1))
	if _, err := h.Desk.Fields.Create(ctx, sellerdesk.Field{Name: "Reason", Kind: sellerdesk.FieldChoice, Options: []string{"Broken", "Too small"}}); err != nil {
		t.Fatal(err)
	}
	kept := func() (c sellerdesk.Conversation) {
		t.Helper()
		c, err := h.Desk.Conversations.Act(ctx, desk.ActInput{User: 1, Conversation: conv.ID, Action: sellerdesk.ActionMarkRead})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	b := browse(t, h, 1440, 900)
	b.open(fmt.Sprint("/conversations/", conv.ID))
	b.until("the conversation", `document.querySelector("#thread-head [data-tags]")`)

	// A tag is made and put on by the keyboard.
	b.do("leave the composer", chromedp.Focus("#messages"), chromedp.KeyEvent("l"))
	b.until("the picker", `document.activeElement?.id === "tag-find"`)
	b.do("name a tag", chromedp.KeyEvent("Urgent <b>"))
	b.until("it can be made", `!document.querySelector("#tag-make").hidden`)
	b.do("make it", chromedp.KeyEvent("\r"))
	b.until("it is on", `document.querySelector("#tag-list input:checked")`)
	b.shot("picker")
	b.do("close the picker", chromedp.KeyEvent("\x1b"))
	b.until("head and row show it", `document.querySelector("#thread-head .tag")?.innerText === "Urgent <b>" && document.querySelector("#rows .row[aria-current] .tag")?.innerText === "Urgent <b>"`)

	// A field is set where it stands.
	value[bool](b, `(() => { const s = document.querySelector(".field-line select"); s.value = "Too small"; return s.dispatchEvent(new Event("change", {bubbles: true})); })()`)
	for c := kept(); len(c.Fields) != 1 || c.Fields[0].Value != "Too small"; c = kept() {
		if t.Context().Err() != nil {
			t.Fatal("the value is not kept")
		}
		b.do("wait", chromedp.Sleep(20*time.Millisecond))
	}

	// A tag leads to its list, which is kept as a view with a counter.
	b.do("all that carry it", chromedp.Click("#thread-head .tag"))
	b.until("the list of the tag", `document.querySelectorAll("#rows .row").length === 1 && document.querySelector("#filter-chips")?.innerText.includes("Urgent")`)
	b.do("keep it", chromedp.Click(".save-view"))
	b.until("the page of views", `document.querySelector("#view-query")?.value === "метка:1"`)
	b.do("name it", chromedp.SetValue("#view-name", "Fires"), chromedp.Click("#new-view form button"))
	b.until("it is kept", `document.querySelector(".view-name")?.innerText === "Fires" && document.querySelector(".label-line .tabular")?.innerText === "1"`)
	b.shot("views")
	b.open("/")
	b.until("it stands beside the list", `document.querySelector("#views .view")?.innerText.includes("Fires")`)
	b.do("open it", chromedp.Click("#views .view"))
	b.until("its rows", `document.querySelectorAll("#rows .row").length === 1 && document.querySelector("#views .view[aria-current]")`)
	b.shot("view")
	b.open("/?view=1")
	b.until("its link opens the same", `document.querySelectorAll("#rows .row").length === 1 && location.search.includes("filter=all")`)
	b.open("/settings/tags")
	b.until("the page of tags", `document.querySelector(".label-line .tag")?.innerText === "Urgent <b>" && document.querySelectorAll(".label-list li").length === 2`)
	b.shot("tags")
}

func TestAFormOfLabelsSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(1))
	if _, err := h.Desk.Tags.Create(ctx, "Urgent", nil); err != nil {
		t.Fatal(err)
	}
	v := visit(t, h)
	v.do(http.MethodGet, "/", nil) // the demo lets in here
	for _, c := range []struct{ name, path, form, want string }{
		{"a name that is taken", "/settings/tags", "name=urgent", "Такое название уже есть"},
		{"a choice without options", "/settings/fields", "name=Reason&kind=choice&of=conversation", "хотя бы один вариант"},
		{"a question that is not understood", "/settings/views", "name=Mine&query=stars:9&sort=updated", "Вопрос непонятен"},
	} {
		t.Run(c.name, func(t *testing.T) {
			form, err := url.ParseQuery(c.form)
			if err != nil {
				t.Fatal(err)
			}
			if p := v.do(http.MethodPost, c.path, form); p.status < 400 || !strings.Contains(p.body, c.want) || !strings.Contains(p.body, `role="alert"`) {
				t.Errorf("answers %d without %q", p.status, c.want)
			}
		})
	}
}
