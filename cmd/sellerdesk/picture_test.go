package main

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
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
	p := play(t, func(o *demoOptions) { o.messages = 0 }).ready()
	open := p.conversationWithPicture()
	if _, status := p.reply(open.ID, "picture", "Здравствуйте! Спасибо за фото — сейчас всё проверим и вернёмся с ответом."); status != 202 {
		t.Fatalf("the reply is answered with %d", status)
	}
	for _, step := range []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(1440, 900),
		chromedp.Navigate(p.URL + "/"), // starts the session
		chromedp.Navigate(fmt.Sprintf("%s/conversations/%d?filter=all", p.URL, open.ID)),
		chromedp.WaitVisible("#messages"),
		chromedp.Sleep(4 * time.Second), // until all history is read
		chromedp.Reload(),
		chromedp.WaitVisible("#messages"),
		chromedp.SendKeys("#composer textarea", "Заменим за наш счёт."),
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
	if shot = packed(t, shot); len(shot) > mostPicture {
		t.Errorf("the picture has %d bytes, more than %d", len(shot), mostPicture)
	}
	if err := os.WriteFile("../../docs/inbox.png", shot, 0o644); err != nil {
		t.Fatal(err)
	}
}

// mostPicture is how much a reader of the README has to load, in bytes.
const mostPicture = 300_000

// packed makes a picture as small as it gets without loss.
func packed(t *testing.T, shot []byte) []byte {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, picture); err != nil {
		t.Fatal(err)
	}
	return small.Bytes()
}

// conversationWithPicture gives the first chat of the list that shows one picture
// of the buyer and waits for an answer.
func (p *playing) conversationWithPicture() sellerdesk.Conversation {
	p.t.Helper()
	var found sellerdesk.Conversation
	p.eventually(30*time.Second, "a picture of a buyer is here", func() bool {
		var l list[sellerdesk.Conversation]
		p.get("/v1/conversations?needs_answer=true&kind=chat&sort=waiting&limit=50", &l)
		for _, c := range l.Items {
			if p.pictures(c) == 1 {
				found = c
				return true
			}
		}
		return false
	})
	return found
}

// pictures counts the pictures of the buyer in a chat; 0 while any of its files
// is not here.
func (p *playing) pictures(c sellerdesk.Conversation) int {
	p.t.Helper()
	n := 0
	for _, m := range p.messages(c.ID) {
		for _, f := range m.Files {
			if f.State != sellerdesk.FileFetched || f.Width == nil {
				return 0
			}
			if m.Author == sellerdesk.AuthorBuyer {
				n++
			}
		}
	}
	return n
}
