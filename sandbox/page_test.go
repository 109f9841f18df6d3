package sandbox_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// browser starts Chromium, or skips the test where there is none and nobody requires it.
func browser(t *testing.T) (context.Context, *complaints) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if strings.Contains(","+os.Getenv("SELLERDESK_TEST_REQUIRE")+",", ",browser,") {
			t.Fatal("Chromium is required and absent")
		}
		t.Skip("Chromium is absent")
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("headless", "new"),
	}
	for _, off := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"} {
		opts = append(opts, chromedp.Flag(off, true))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(late)
	heard := &complaints{}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.IsException() {
				heard.add(m.String() + " " + m.URL)
			}
		}
	}()
	return ctx, heard
}

// complaints are the errors that the browser wrote to its console.
type complaints struct {
	mu  sync.Mutex
	all []string
}

func (c *complaints) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, text)
}

func (c *complaints) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
}

// shot keeps a picture of the page in the folder SELLERDESK_TEST_SHOTS, for people to look at.
func shot(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("SELLERDESK_TEST_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(folder+"/"+name+".png", picture, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}

func must(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func holds(ctx context.Context, t *testing.T, what, expression string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(30*time.Second))); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestPersonPlaysTheBuyerInABrowser(t *testing.T) {
	ctx, heard := browser(t)
	w := newWorld(t, 7, sandbox.Options{})
	p := play(t, w)
	must(ctx, t, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(p.server.URL))
	holds(ctx, t, "a chat is open", `document.querySelectorAll("#chats button").length >= 20 && document.querySelectorAll("#lines li").length > 0`)
	shot(ctx, t, "page-1440")

	hostile := `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`
	must(ctx, t, chromedp.Click("#fresh"), chromedp.SendKeys("#text", hostile),
		chromedp.Click("#photo"), chromedp.Click("#write .main"))
	holds(ctx, t, "the message is shown as text with its photo", `document.querySelector("#lines li.buyer p")?.textContent.startsWith("<img src=x") && document.querySelector("#lines li.buyer img")?.naturalWidth > 0`)
	must(ctx, t, chromedp.Click("input[value=seller] + span"), chromedp.SendKeys("#text", "Отвечаем из кабинета"),
		chromedp.Click("#write .main"))
	holds(ctx, t, "the seller's answer is shown", `document.querySelector("#lines li.seller p")?.textContent === "Отвечаем из кабинета"`)
	a := w.Accounts("wildberries")[0]
	var chat sandbox.Conversation
	for c := range a.Conversations {
		chat = c
		break
	}
	if lines := a.History(chat.ID, 10); len(lines) != 2 || lines[0].Text != hostile || len(lines[0].Files) != 1 || lines[1].Source != sandbox.SourceCabinet {
		t.Errorf("in the world: %+v", lines)
	}

	if _, err := w.Receive(a, chat.ID, "Пришло через API", nil); err != nil {
		t.Fatal(err)
	}
	holds(ctx, t, "what came through the API appears by itself", `document.querySelector("#received").textContent === "1" && document.querySelectorAll("#lines li.seller").length === 2`)
	must(ctx, t, chromedp.Click("#faults button[data-effect=drop_after]"))
	holds(ctx, t, "the fault is on", `document.querySelector("#faults button[data-effect=drop_after]").getAttribute("aria-pressed") === "true"`)
	if f := w.Faults(); len(f) != 1 || f[0].Effect != sandbox.EffectDropAfter {
		t.Errorf("faults %+v", f)
	}
	now := w.Clock().Now()
	must(ctx, t, chromedp.Click("#clock button[data-advance='24h']"))
	holds(ctx, t, "the fault can be taken back", `(document.querySelector("#calm").click(), true)`)
	holds(ctx, t, "no fault is on", `document.querySelectorAll("#faults [aria-pressed=true]").length === 0`)
	if got := w.Clock().Now().Sub(now); got != 24*time.Hour {
		t.Errorf("the clock moved by %v", got)
	}
	shot(ctx, t, "page-1440-played")

	must(ctx, t, chromedp.EmulateViewport(390, 844), chromedp.Navigate(p.server.URL))
	holds(ctx, t, "the list on a phone", `document.querySelectorAll("#chats button").length >= 20 && document.documentElement.scrollWidth <= 390`)
	shot(ctx, t, "page-390")
	must(ctx, t, chromedp.Click("#chats li:nth-child(4) button"))
	holds(ctx, t, "a chat on a phone", `document.querySelectorAll("#lines li").length > 0 && document.documentElement.scrollWidth <= 390`)
	shot(ctx, t, "page-390-chat")
	must(ctx, t, chromedp.Click("#toolsOpen"))
	holds(ctx, t, "the tools on a phone", `document.querySelector("#calm").getBoundingClientRect().width > 100`)
	shot(ctx, t, "page-390-tools")
	if title, err := chromedp.Run(ctx, chromedp.Title()); err != nil || title != "Песочница — вы покупатель" {
		t.Errorf("title %q, %v", title, err)
	}
	for _, text := range heard.list() {
		t.Error("the browser complained: " + text)
	}
}
