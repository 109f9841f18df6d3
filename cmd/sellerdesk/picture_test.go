package main

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
)

var update = flag.Bool("update", false, "draw the pictures of the documentation again")

// The picture on the first screen of the README is the product, not a drawing:
// go test ./cmd/sellerdesk -run Picture -update makes it again.
func TestPictureOfTheReadme(t *testing.T) {
	if !*update {
		t.Skip("the picture is drawn with -update")
	}
	ctx := browser(t)
	p := play(t).ready()
	open := p.conversationWithPicture()
	if _, status := p.reply(open.ID, "picture", "Здравствуйте! Спасибо за фото — сейчас всё проверим и вернёмся с ответом."); status != 202 {
		t.Fatalf("the reply is answered with %d", status)
	}
	for _, step := range []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(1440, 900),
		chromedp.Navigate(p.URL + "/"), // starts the session
		chromedp.Navigate(fmt.Sprintf("%s/conversations/%d", p.URL, open.ID)),
		chromedp.WaitVisible("#messages"),
		chromedp.SendKeys("#composer textarea", "Заменим на новую пару за наш счёт."),
		chromedp.Sleep(4 * time.Second), // pictures, the status of the reply
	} {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatal(err)
		}
	}
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("../../docs/inbox.png", shot, 0o644); err != nil {
		t.Fatal(err)
	}
}

// conversationWithPicture gives the first of the list that shows a picture of
// the buyer and waits for an answer.
func (p *playing) conversationWithPicture() sellerdesk.Conversation {
	p.t.Helper()
	var found sellerdesk.Conversation
	p.eventually(30*time.Second, "a picture of a buyer is here", func() bool {
		var l list[sellerdesk.Conversation]
		p.get("/v1/conversations?needs_answer=true&sort=waiting&limit=50", &l)
		for _, c := range l.Items {
			for _, m := range p.messages(c.ID) {
				for _, f := range m.Files {
					if m.Author == sellerdesk.AuthorBuyer && f.State == sellerdesk.FileFetched && f.Width != nil {
						found = c
						return true
					}
				}
			}
		}
		return false
	})
	return found
}
