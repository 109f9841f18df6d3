package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// patience is how long a browser may take for anything.
const patience = 20 * time.Second

// tab is a page in a real browser.
type tab struct {
	tb  testing.TB
	ctx context.Context
	url string

	mu       sync.Mutex // guards complaints
	troubles []string   // errors of the console
}

// browse opens a browser on a house; the test is skipped where there is none.
func browse(tb testing.TB, h *servertest.House, width, height int64) *tab {
	tb.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if strings.Contains(os.Getenv("SELLERDESK_TEST_REQUIRE"), "browser") {
			tb.Fatal("chromium is required and not installed")
		}
		tb.Skip("chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.ExecPath(path), chromedp.UserDataDir(tb.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	tb.Cleanup(cancel)
	t := &tab{tb: tb, ctx: ctx, url: h.URL}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		tb.Fatal(err)
	}
	if err := chromedp.Listen(ctx, t.listen); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(t.complain)
	return t
}

// listen gathers what goes wrong in the page.
func (t *tab) listen(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		t.troubles = append(t.troubles, fmt.Sprintf("%+v", e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			t.troubles = append(t.troubles, fmt.Sprintf("console: %+v", e.Args))
		}
	}
}

// complain fails the test for errors in the page.
func (t *tab) complain() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.troubles {
		t.tb.Errorf("in the browser: %s", s)
	}
}

func (t *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.shot("failed")
		t.tb.Fatalf("%s: %v", what, err)
	}
}

// shot keeps a picture of the page where SELLERDESK_TEST_SHOTS names a folder.
func (t *tab) shot(name string) {
	dir := os.Getenv("SELLERDESK_TEST_SHOTS")
	if dir == "" {
		return
	}
	b, err := chromedp.Run(t.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(dir+"/"+strings.ReplaceAll(t.tb.Name(), "/", "-")+"-"+name+".png", b, 0o600)
	}
	if err != nil {
		t.tb.Log(err)
	}
}

// open goes to a page and waits until its scripts have started.
func (t *tab) open(path string) {
	t.tb.Helper()
	t.do("open "+path, chromedp.Navigate(t.url+path))
}

// until waits for a condition in the page.
func (t *tab) until(what, condition string) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("("+condition+") === true", chromedp.WithPollingInterval(20*time.Millisecond))); err != nil {
		t.shot("failed")
		text, _ := chromedp.Run(t.ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 1500)"))
		t.tb.Fatalf("%s: %v; the page says:\n%s", what, err, text)
	}
}

// value reads something from the page.
func value[T any](t *tab, expression string) T {
	t.tb.Helper()
	v, err := chromedp.Run(t.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.tb.Fatalf("%s: %v", expression, err)
	}
	return v
}

func TestBuyerAndSellerTalkInABrowser(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	h.Chat(t, "Boris", minutes(70), "Is it blue?")
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.until("the list", `document.querySelectorAll("#rows .row").length === 2`)
	b.do("open Anna", chromedp.Click(`//a[contains(., "Anna")]`))
	b.until("the conversation", `document.querySelector("#messages")?.innerText.includes("Where is my cup?")`)
	b.until("read, and still waiting", `document.querySelectorAll("#rows .row.unread").length === 1 && document.querySelectorAll("#rows .row.needs").length === 2`)
	b.do("answer", chromedp.SendKeys(`#composer textarea`, "Tomorrow at noon."), chromedp.Click(`#composer .send`))
	b.until("the answer is there", `document.querySelector("#recent .ours .text")?.innerText === "Tomorrow at noon."`)
	b.until("the composer is empty", `document.querySelector("#composer textarea").value === ""`)
	b.until("Anna no longer waits", `document.querySelectorAll("#rows .row.needs").length === 1`)
	b.shot("talk")
}
