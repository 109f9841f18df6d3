package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
)

// browser opens a fresh browser of this machine. Without one the test is left
// out, unless SELLERDESK_TEST_REQUIRE names it.
func browser(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("SELLERDESK_TEST_REQUIRE"), ","), "browser") {
			t.Fatal("a browser is required and chromium is not installed")
		}
		t.Skip("chromium is not installed")
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "en-GB"),
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1440, 900),
	)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, giveUp := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(giveUp)
	return ctx
}

// The whole path with hands on a real browser: what is typed there, with a
// photo and a paper, is at the remote side once; what a buyer writes is on the
// open page without a reload.
func TestAPersonAnswersInABrowserAndSeesTheBuyerWithoutReload(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	p := play(t).ready()
	p.caughtUp() // rows no longer change places under the pointer
	to := p.anyConversation(reading)
	dir := t.TempDir()
	photo, paper := filepath.Join(dir, "photo.jpg"), filepath.Join(dir, "paper.pdf")
	for path, content := range map[string][]byte{photo: picture(t), paper: []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const said = "Ответ из настоящего браузера"
	err := chromedp.Do(ctx,
		chromedp.Navigate(p.URL+"/"), // signs in
		chromedp.WaitVisible("#rows"),
		chromedp.Navigate(fmt.Sprintf("%s/conversations/%d", p.URL, to.ID)),
		chromedp.WaitVisible(fmt.Sprintf(`#thread[data-conversation="%d"]`, to.ID)),
		chromedp.SendKeys("#composer textarea", said),
		chromedp.SetUploadFiles(`#composer input[type="file"]`, []string{photo, paper}),
		chromedp.WaitVisible("#composer .chips li:nth-child(2)"),
		chromedp.WaitEnabled("#composer button[type=submit]"),
	)
	if err != nil {
		t.Fatalf("write the answer: %v", err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("window.notReloaded = true")); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Click("#composer button[type=submit]")); err != nil {
		t.Fatalf("send the answer: %v", err)
	}
	p.eventually(time.Minute, "the answer is at the remote side", func() bool { return len(p.Box.World.State().Received) > 0 })
	p.buyerSays(t, to, "Спасибо, всё понятно!")
	shows := fmt.Sprintf(`document.querySelector("#messages").innerText.includes(%q) && document.querySelector("#messages").innerText.includes("Спасибо, всё понятно!")`, said)
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](shows, chromedp.WithPollingTimeout(time.Minute))); err != nil {
		t.Errorf("the page does not show both messages: %v", err)
	}
	if still, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("window.notReloaded === true")); err != nil || !still {
		t.Errorf("the page was loaded again (%v)", err)
	}
	received := p.Box.World.State().Received
	if len(received) != 1 || received[0].Text != said || len(received[0].Files) != 2 ||
		received[0].Files[0].Name != "photo.jpg" || received[0].Files[1].Name != "paper.pdf" {
		t.Errorf("the remote side received %+v", received)
	}
}

// caughtUp waits until the whole history is read.
func (p *playing) caughtUp() {
	p.t.Helper()
	p.eventually(time.Minute, "the history is read", func() bool {
		var l list[sellerdesk.Account]
		p.get("/v1/accounts", &l)
		return len(l.Items) > 1 && !slices.ContainsFunc(l.Items, func(a sellerdesk.Account) bool {
			return len(a.Streams) == 0 || slices.ContainsFunc(a.Streams, func(s sellerdesk.StreamProgress) bool { return !s.CaughtUp })
		})
	})
}

// buyerSays lets the buyer of a conversation write.
func (p *playing) buyerSays(t *testing.T, in sellerdesk.Conversation, text string) {
	t.Helper()
	status := p.call("POST", p.Box.URL+"/_sandbox/buyer", nil, map[string]any{
		"api": in.Channel, "kind": in.Kind, "conversation": in.RemoteID, "text": text, "account": p.account(in),
	}, nil)
	if status != 200 {
		t.Fatalf("the sandbox answered %d", status)
	}
}

// account names the account of a conversation as the sandbox does.
func (p *playing) account(c sellerdesk.Conversation) string {
	p.t.Helper()
	var l list[sellerdesk.Account]
	p.get("/v1/accounts", &l)
	for _, a := range l.Items {
		if a.ID == c.Account {
			return a.Name
		}
	}
	p.t.Fatalf("no account %d", c.Account)
	return ""
}
