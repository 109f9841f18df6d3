package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Not parallel: the time counts.
func TestTheDemoIsReadyWithinFiveSecondsAndShowsItsInbox(t *testing.T) {
	patience := 5 * time.Second
	if raceDetector {
		patience = 20 * time.Second // and three times that: the database is eleven times slower
	}
	p := play(t, func(o *demoOptions) { o.messages = 0 }).readyWithin(patience)
	if n := len(p.conversations()); n < listed {
		t.Errorf("ready with %d conversations", n)
	}
	res, err := p.http.Get(p.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("GET / answered %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	if len(res.Header.Values("Set-Cookie")) == 0 {
		t.Error("GET / started no session")
	}
	status := p.call(http.MethodGet, p.URL+"/v1/conversations", nil, nil, nil)
	if status != http.StatusOK {
		t.Errorf("the key of the demo is answered with %d", status)
	}
	req, err := http.NewRequest(http.MethodGet, p.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "inbox.example"
	if status := p.do(req, nil); status != http.StatusForbidden {
		t.Errorf("a foreign host name is answered with %d", status)
	}
}

func TestTheDemoShowsAllChannelsInOneList(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	p.eventually(30*time.Second, "each kind of each channel is listed", func() bool {
		var l list[sellerdesk.Conversation]
		listed := 0
		for _, kind := range []struct{ channel, kind string }{
			{"wildberries", "chat"}, {"wildberries", "question"}, {"wildberries", "review"}, {"wildberries", "claim"},
			{"yandexmarket", "chat"}, {"yandexmarket", "question"}, {"yandexmarket", "review"}, {"radist", "chat"},
		} {
			p.get("/v1/conversations?limit=1&channel="+kind.channel+"&kind="+kind.kind, &l)
			listed += len(l.Items)
		}
		return listed == 8
	})
	channels := map[sellerdesk.ChannelKind]int{}
	for _, c := range p.conversations() {
		channels[c.Channel]++
	}
	if channels[reading] == 0 || channels[pushing] == 0 {
		t.Errorf("the first page shows %v", channels)
	}
}

func TestTheDemoHasAPersonWhoWroteInTwoChannels(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	p.eventually(time.Minute, "a person has conversations in two channels", func() bool {
		cursor := ""
		for {
			var l struct {
				Items []sellerdesk.Contact `json:"items"`
				Next  *string              `json:"next"`
			}
			p.get("/v1/contacts?limit=200&cursor="+cursor, &l)
			for _, c := range l.Items {
				channels := map[sellerdesk.ChannelKind]bool{}
				for _, talk := range c.Conversations {
					channels[talk.Channel] = true
				}
				if len(channels) == 2 && len(c.Merged) == 1 {
					return true
				}
			}
			if l.Next == nil {
				return false
			}
			cursor = *l.Next
		}
	})
}

func TestADemoOfFewerConversationsThanTheListShowsBecomesReady(t *testing.T) {
	t.Parallel()
	p := play(t, func(o *demoOptions) { o.messages = 5 }).ready()
	if n := len(p.conversations()); n == 0 || n >= listed {
		t.Errorf("ready with %d conversations", n)
	}
}

func TestADemoRefusesAFolderThatWasUsedBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := demoOptions{world: world{seed: 1, scale: 1}, Config: config.Config{Listen: "127.0.0.1:0", SandboxListen: "127.0.0.1:0", Data: dir, Log: "error"}}
	first, err := openDemo(t.Context(), o, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if second, err := openDemo(t.Context(), o, t.Output()); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
		t.Errorf("a folder that was used before is answered with %v", err)
		if err == nil {
			_ = second.Close()
		}
	}
}

func TestAWordOfABuyerAppearsInTheInbox(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	var written struct{ Conversation, Message string }
	status := p.call(http.MethodPost, p.Box.URL+"/_sandbox/buyer", nil, map[string]any{
		"api": p.Box.World.State().Accounts[0].API, "kind": "chat", "text": "Подскажите, есть ли такое платье в синем цвете?",
	}, &written)
	if status != http.StatusOK {
		t.Fatalf("the sandbox answered %d", status)
	}
	p.eventually(30*time.Second, "the new conversation is listed first with what the buyer wrote", func() bool {
		c := p.conversations()[0]
		return c.RemoteID != nil && string(*c.RemoteID) == written.Conversation &&
			c.NeedsAnswer && c.Unread && c.LastMessage != nil && strings.Contains(c.LastMessage.Text, "синем цвете")
	})
}

func TestAReplyWithFilesArrivesOnceAndInOrder(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	to := p.anyConversation(reading)
	photo, paper := picture(t), []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
	files := []sellerdesk.FileID{p.upload("фото.jpg", photo).ID, p.upload("чек.pdf", paper).ID}
	first, status := p.reply(to.ID, "intent-1", "Здравствуйте! Фото и чек во вложении.", files...)
	if status != http.StatusAccepted || first.Status != sellerdesk.MessageQueued || len(first.Files) != 2 {
		t.Fatalf("the reply is answered with %d, %s, %d files", status, first.Status, len(first.Files))
	}
	if again, _ := p.reply(to.ID, "intent-1", "Здравствуйте! Фото и чек во вложении.", files...); again.ID != first.ID {
		t.Errorf("the same intent made message %d and message %d", first.ID, again.ID)
	}
	if _, status := p.reply(to.ID, "intent-1", "Другой текст"); status != http.StatusConflict {
		t.Errorf("another text under the same key is answered with %d", status)
	}
	if second, status := p.reply(to.ID, "intent-2", "И ещё одно слово."); status != http.StatusAccepted {
		t.Fatalf("the second reply is answered with %d: %v", status, second)
	}
	p.eventually(30*time.Second, "both replies are sent", func() bool {
		m := p.messages(to.ID)
		return len(m) > 1 && m[0].Status == sellerdesk.MessageSent && m[1].Status == sellerdesk.MessageSent
	})
	time.Sleep(6 * time.Second) // the feed shows them meanwhile: they must not appear a second time
	var texts []string
	for _, m := range p.messages(to.ID) {
		if m.Author == sellerdesk.AuthorAgent || strings.Contains(m.Text, "ещё одно") || strings.Contains(m.Text, "во вложении.") {
			texts = append(texts, m.Text)
		}
	}
	if d := cmp.Diff([]string{"И ещё одно слово.", "Здравствуйте! Фото и чек во вложении."}, texts); d != "" {
		t.Errorf("the conversation shows: %s", d)
	}
	state := p.Box.World.State()
	type arrived struct {
		Text  string
		Files []sandbox.Part
	}
	var got []arrived
	for _, r := range state.Received {
		got = append(got, arrived{r.Text, r.Files})
	}
	want := []arrived{
		{"Здравствуйте! Фото и чек во вложении.", []sandbox.Part{{Name: "фото.jpg", Size: len(photo)}, {Name: "чек.pdf", Size: len(paper)}}},
		{"И ещё одно слово.", []sandbox.Part{}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the remote side received: %s", d)
	}
	for api, n := range state.Violations {
		if n > 0 {
			t.Errorf("%d violations of the limits of %s", n, api)
		}
	}
}

func TestAReplyThatCannotBeSentIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	to := p.anyConversation(reading)
	var problem struct{ Code, Detail, Field string }
	url := p.URL + "/v1/conversations/" + itoa(int64(to.ID)) + "/messages"
	status := p.call(http.MethodPost, url, nil, map[string]any{"text": strings.Repeat("ы", 1001), "files": []int{}}, &problem)
	if status < 400 || problem.Code != "invalid" || problem.Field != "text" || !strings.Contains(problem.Detail, "1") {
		t.Errorf("1,001 characters are answered with %d %+v", status, problem)
	}
	if received := p.Box.World.State().Received; len(received) != 0 {
		t.Errorf("the remote side received %v", received)
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for x := range 320 {
		for y := range 240 {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
