package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
)

// The whole path of a template with hands on a real browser: the window is shut,
// nothing but templates is offered, the one that is filled in there is at the
// remote side, and its mark comes to the open page.
func TestATemplateIsSentInAShutWindowFromABrowser(t *testing.T) {
	if raceDetector {
		t.Skip("the run without the race detector does it")
	}
	t.Parallel()
	ctx := browser(t)
	p := play(t).ready()
	var to sellerdesk.Conversation
	p.eventually(time.Minute, "a chat whose window is shut", func() bool {
		all := p.conversations()
		i := slices.IndexFunc(all, func(c sellerdesk.Conversation) bool { return c.Window != nil && c.Window.TemplatesOnly })
		if i >= 0 {
			to = all[i]
		}
		return i >= 0
	})
	const template = `[...document.querySelectorAll(".template-row:not([disabled])")].find((row) => row.innerText.includes("order_ready") && row.querySelector(".pill").innerText === "en")`
	poll := func(what, condition string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(time.Minute))); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	err := chromedp.Do(ctx,
		chromedp.Navigate(p.URL+"/"), // signs in
		chromedp.WaitVisible("#rows"),
		chromedp.Navigate(fmt.Sprintf("%s/conversations/%d?filter=all", p.URL, to.ID)),
		chromedp.WaitVisible("#template-list"),
	)
	if err != nil {
		t.Fatalf("open the chat: %v", err)
	}
	poll("there is no text field", `document.querySelector("#composer").hidden`)
	poll("the template is offered", template+` !== undefined`)
	err = chromedp.Do(ctx,
		chromedp.Evaluate[chromedp.Void](template+`.click()`),
		chromedp.WaitVisible(`[data-variable="1"]`),
		chromedp.SendKeys(`[data-variable="0"]`, "Anna"),
		chromedp.SendKeys(`[data-variable="1"]`, "17"),
	)
	if err != nil {
		t.Fatalf("fill in the template: %v", err)
	}
	poll("the preview follows", `document.querySelector(".preview-body").innerText === "Anna, your order 17 is ready."`)
	if err := chromedp.Do(ctx, chromedp.Click("#panel .send")); err != nil {
		t.Fatalf("send the template: %v", err)
	}
	poll("its mark is on the open page", `[...document.querySelectorAll("#recent .ours")].some((e) => e.innerText.includes("Anna, your order 17 is ready.") && e.querySelector(".state.good"))`)
	received := p.Box.World.State().Received
	if len(received) != 1 || !strings.Contains(received[0].Text, "your order 17 is ready") || received[0].Conversation != string(*to.RemoteID) {
		t.Errorf("the remote side received %+v", received)
	}
}
