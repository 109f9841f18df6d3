package wildberries_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

func lineOf(text string) channeltest.Line { return channeltest.Line{Text: text} }

// signed finds the conversation with the signature that the list gives it.
func signed(t *testing.T, c channel.Connector, chat sellerdesk.RemoteID) sellerdesk.RemoteRef {
	t.Helper()
	b, err := c.Pull(t.Context(), "chats", "")
	if err != nil {
		t.Fatalf("pull the list: %v", err)
	}
	for _, found := range b.Conversations {
		if found.RemoteID == chat && found.Remote != nil {
			return sellerdesk.RemoteRef{Kind: found.Kind, ID: chat, Remote: found.Remote}
		}
	}
	t.Fatalf("chat %s is not in the list", chat)
	return sellerdesk.RemoteRef{}
}

func TestAnUnchangedListBringsNothingEvenAfterARestart(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	first, err := w.open(t, emulator.TokenOptions{}).Pull(t.Context(), "chats", "")
	if err != nil || len(first.Conversations) != w.account().Len() {
		t.Fatalf("the list has %d chats, the world %d: %v", len(first.Conversations), w.account().Len(), err)
	}
	again := w.open(t, emulator.TokenOptions{})
	second, err := again.Pull(t.Context(), "chats", first.Next)
	if err != nil || len(second.Conversations) != 0 || second.Next != first.Next {
		t.Errorf("read again the list has %d changed chats: %v", len(second.Conversations), err)
	}
	chat := w.buyer(t, lineOf("hello"))
	third, err := again.Pull(t.Context(), "chats", second.Next)
	if err != nil || third.Next == second.Next || len(third.Conversations) != 1 || third.Conversations[0].RemoteID != chat {
		t.Errorf("a new chat does not come alone: %d chats, %v", len(third.Conversations), err)
	}
}

func TestARefusedSignatureIsRenewedOnceAndTheReplyArrivesOnce(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{SignLife: -1})
	c := w.open(t, emulator.TokenOptions{})
	ref := signed(t, c, w.buyer(t, lineOf("hello")))
	for _, text := range []string{"first", "second"} { // the second with the signature that the first used up
		receipt, err := c.Send(t.Context(), sellerdesk.Reply{Conversation: ref, Text: text})
		if err != nil {
			t.Fatalf("send the %s: %v", text, err)
		}
		if len(receipt.Remote) == 0 || bytes.Equal(receipt.Remote, ref.Remote) {
			t.Errorf("the %s receipt does not bring the new signature", text)
		}
		if receipt.At == nil {
			t.Errorf("the %s receipt does not say when", text)
		}
	}
	if got := w.received(t); len(got) != 2 || w.State().Duplicates != 0 {
		t.Errorf("%d messages arrived, %d of them twice; want 2 and 0", len(got), w.State().Duplicates)
	}
}

func TestASignatureThatStaysRefusedEndsInARefusal(t *testing.T) {
	t.Parallel()
	var sends atomic.Int32
	c := openOn(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			sends.Add(1)
			answer(http.StatusBadRequest, `{"title":"Bad Request","detail":"Invalid signature"}`)(rw, r)
			return
		}
		answer(http.StatusOK, `{"result":[{"chatID":"1:chat","replySign":"1:chat:new"}],"errors":null}`)(rw, r)
	})
	_, err := c.Send(t.Context(), sellerdesk.Reply{Conversation: refOf("1:chat", "1:chat:old"), Text: "hello"})
	if class, _ := classed(t, err); class != channel.Refused {
		t.Errorf("got %s, want refused: %v", class, err)
	}
	if n := sends.Load(); n != 2 {
		t.Errorf("%d calls, want 2: one more than the first", n)
	}
}

func TestWhenNoSignatureCanBeFoundNothingLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		list   string
		want   channel.Class
	}{
		{"the chat is not listed", 200, `{"result":[],"errors":null}`, channel.Gone},
		{"the list cannot be read", 500, ``, channel.Temporary},
		{"the list is not understood", 200, `<html>`, channel.Temporary},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := openOn(t, func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					t.Error("a message left without a signature")
				}
				answer(c.status, c.list)(rw, r)
			})
			_, err := conn.Send(t.Context(), sellerdesk.Reply{Conversation: sellerdesk.RemoteRef{ID: "1:chat"}, Text: "hello"})
			if class, _ := classed(t, err); class != c.want {
				t.Errorf("got %s, want %s: %v", class, c.want, err)
			}
		})
	}
}

func TestAFileThatIsNotTakenIsToldWhileTheTextIsSent(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	c := w.open(t, emulator.TokenOptions{})
	ref := signed(t, c, w.buyer(t, lineOf("hello")))
	var good bytes.Buffer
	if err := jpeg.Encode(&good, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	blob := func(name string, content []byte) sellerdesk.Blob {
		return sellerdesk.Blob{Name: name, Type: "image/jpeg", Size: int64(len(content)), Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(content)), nil
		}}
	}
	receipt, err := c.Send(t.Context(), sellerdesk.Reply{Conversation: ref, Text: "two pictures", Files: []sellerdesk.Blob{
		blob("good.jpg", good.Bytes()), blob("broken.jpg", []byte("\xff\xd8\xff\xe0 and no more")),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(receipt.Files) != 2 || receipt.Files[0].Refused.Text != "" || receipt.Files[1].Refused.Code != sellerdesk.ReasonFileRefused {
		t.Errorf("the receipt says %+v", receipt.Files)
	}
	if got := w.received(t); len(got) != 1 || len(got[0].Files) != 1 || got[0].Text != "two pictures" {
		t.Errorf("what arrived: %+v", got)
	}
}

func TestFilesInModeration(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{Moderation: time.Hour})
	c := w.open(t, emulator.TokenOptions{})
	files := map[string]sellerdesk.RemoteFile{}
	w.buyer(t, channeltest.Line{Text: "two papers", Files: []channeltest.File{{Name: "good.pdf", Size: 900}, {Name: "blocked.pdf", Size: 900}}})
	var from sellerdesk.Cursor
	for more := true; more; {
		b, err := c.Pull(t.Context(), "events", from)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range b.Messages {
			for _, f := range m.Files {
				files[f.Name] = f
			}
		}
		from, more = b.Next, b.More
	}
	fetch := func(name string) sellerdesk.Fetched {
		t.Helper()
		got, err := c.(channel.Fetcher).Fetch(t.Context(), files[name])
		if err != nil {
			t.Fatalf("fetch %s: %v", name, err)
		}
		if got.Body != nil {
			_ = got.Body.Close()
		}
		return got
	}
	if got := fetch("good.pdf"); got.State != sellerdesk.FetchPending || got.RetryAfter < time.Minute {
		t.Errorf("in moderation: state %v, again in %s", got.State, got.RetryAfter)
	}
	w.Clock().Advance(2 * time.Hour)
	if got := fetch("good.pdf"); got.State != sellerdesk.FetchReady || got.Type != "application/pdf" {
		t.Errorf("after moderation: state %v, type %q", got.State, got.Type)
	}
	if got := fetch("blocked.pdf"); got.State != sellerdesk.FetchRefused || got.Why.Code != sellerdesk.ReasonModeration {
		t.Errorf("refused by moderation: state %v, %+v", got.State, got.Why)
	}
}

func TestADirectLinkIsFetchedWithoutTheToken(t *testing.T) {
	t.Parallel()
	var base string
	c := openOn(t, func(rw http.ResponseWriter, r *http.Request) {
		base = "http://" + r.Host
		switch {
		case r.URL.Path == "/basket/photo.jpg":
			if r.Header.Get("Authorization") != "" {
				t.Error("the host of files got the token")
			}
			rw.Header().Set("Content-Type", "image/jpeg")
			_, _ = io.WriteString(rw, "bytes")
		case r.URL.Path == "/basket/away.jpg":
			http.Redirect(rw, r, "/basket/photo.jpg", http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/basket/"):
			rw.WriteHeader(http.StatusNotFound)
		default:
			answer(http.StatusOK, `{"result":{"next":0,"totalEvents":0,"events":[]},"errors":null}`)(rw, r)
		}
	})
	if _, err := c.Pull(t.Context(), "events", ""); err != nil {
		t.Fatal(err)
	}
	fetch := func(address string) (sellerdesk.Fetched, error) {
		return c.(channel.Fetcher).Fetch(t.Context(), sellerdesk.RemoteFile{ID: "f", Remote: []byte(`{"url":"` + address + `"}`)})
	}
	got, err := fetch(base + "/basket/photo.jpg")
	if err != nil || got.State != sellerdesk.FetchReady {
		t.Fatalf("got %+v, %v", got, err)
	}
	content, err := io.ReadAll(got.Body)
	_ = got.Body.Close()
	if err != nil || string(content) != "bytes" {
		t.Errorf("got %q, %v", content, err)
	}
	for _, path := range []string{"/basket/none.jpg", "/basket/away.jpg"} {
		_, err := fetch(base + path)
		if class, _ := classed(t, err); class != channel.Gone {
			t.Errorf("%s is %s, want gone: %v", path, class, err)
		}
	}
	for _, address := range []string{
		"http://127.0.0.1:1/x", "https://wbbasket.ru.evil.example/x", "http://chat.wbbasket.ru/x", "https://user@chat.wbbasket.ru/x",
		"https://chat.wbbasket.ru:8443/x", "file:///etc/passwd", "//chat.wbbasket.ru/x", "", "https://evilwbbasket.ru/x",
	} {
		if got, err := fetch(address); err != nil || got.State != sellerdesk.FetchRefused {
			t.Errorf("address %q is asked: state %v, %v", address, got.State, err)
		}
	}
}
