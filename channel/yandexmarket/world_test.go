package yandexmarket_test

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/channel/yandexmarket"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

// reader reads a world and keeps what a store would keep.
type reader struct {
	t     *testing.T
	c     channel.Connector
	at    map[string]sellerdesk.Cursor
	kept  map[channeltest.Name][]byte // by kind and conversation
	chats map[sellerdesk.RemoteID]sellerdesk.ConversationPatch
	lines map[channeltest.Name]sellerdesk.MessagePatch
}

func (w *world) reader(t *testing.T) *reader {
	t.Helper()
	r := w.remote()
	c, err := yandexmarket.Driver().Open(channel.Settings{
		Credentials: r.Credentials, BaseURL: r.BaseURL, Client: r.Client, Clock: r.Clock, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &reader{
		t: t, c: c, at: map[string]sellerdesk.Cursor{}, kept: map[channeltest.Name][]byte{},
		chats: map[sellerdesk.RemoteID]sellerdesk.ConversationPatch{}, lines: map[channeltest.Name]sellerdesk.MessagePatch{},
	}
}

func (r *reader) take(b sellerdesk.Batch) {
	r.t.Helper()
	for _, c := range b.Conversations {
		if c.Remote != nil {
			r.kept[channeltest.Name{Kind: c.Kind, Conversation: c.RemoteID}] = c.Remote
		}
		if c.Kind == sellerdesk.KindChat && c.Chat != nil {
			r.chats[c.RemoteID] = c
		}
	}
	for _, m := range b.Messages {
		r.lines[channeltest.Name{Kind: m.Kind, Conversation: m.Conversation, Message: m.RemoteID}] = m
	}
	for _, ref := range b.Reread {
		r.again(ref)
	}
}

// again reads one conversation to its end.
func (r *reader) again(ref sellerdesk.RemoteRef) {
	r.t.Helper()
	ref.Remote = r.kept[channeltest.Name{Kind: ref.Kind, Conversation: ref.ID}]
	for from, more := sellerdesk.Cursor(""), true; more; {
		b, err := r.c.(channel.Historian).History(r.t.Context(), ref, from)
		if err != nil {
			r.t.Fatalf("read %s %s again: %v", ref.Kind, ref.ID, err)
		}
		r.take(b)
		from, more = b.Next, b.More
	}
}

// poll reads all streams that are not old history.
func (r *reader) poll() {
	r.t.Helper()
	for _, s := range r.c.Streams() {
		for more := !s.Backfill; more; {
			b, err := r.c.Pull(r.t.Context(), s.Name, r.at[s.Name])
			if err != nil {
				r.t.Fatalf("pull %s: %v", s.Name, err)
			}
			r.take(b)
			r.at[s.Name], more = b.Next, b.More
		}
	}
}

// pushed reads pushes.
func (r *reader) pushed(pushes []sellerdesk.Push) {
	r.t.Helper()
	for _, p := range pushes {
		b, err := r.c.(channel.Receiver).Receive(r.t.Context(), p)
		if err != nil {
			r.t.Fatalf("read a push: %v", err)
		}
		r.take(b)
	}
}

func TestADisputeShutsAChatAndItsEndFinishesIt(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	r := w.reader(t)
	w.pushes(t)
	var opened struct{ Conversation sellerdesk.RemoteID }
	w.control(t, "yandexmarket/chat", map[string]any{"do": "return"}, &opened)
	id := opened.Conversation
	w.buyer(t, channeltest.Line{Conversation: id, Text: "it is broken"})
	r.pushed(w.pushes(t))
	if c := r.chats[id]; c.Chat == nil || c.Chat.Subject != sellerdesk.ChatAboutReturn || c.Chat.Return == "" || c.Chat.Shop == "" || c.Shut.Code != "" {
		t.Fatalf("a chat about a return is %+v", c)
	}
	for _, step := range []struct {
		do   string
		code sellerdesk.ReasonCode
	}{{"dispute", sellerdesk.ReasonArbitration}, {"resolve", sellerdesk.ReasonFinished}} {
		w.control(t, "yandexmarket/chat", map[string]any{"conversation": id, "do": step.do}, nil)
		r.pushed(w.pushes(t))
		if c := r.chats[id]; c.Shut.Code != step.code || !c.Chat.Dispute || c.Settled == nil {
			t.Errorf("after %s the chat is %+v, shut for %+v", step.do, c.Chat, c.Shut)
		}
	}
}

// A sticker is not pushed, support is no buyer, and a lost push is made good.
func TestListsFindWhatNobodyPushed(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	r := w.reader(t)
	r.poll()
	id := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindChat, Text: "hello"})
	r.poll()
	for _, do := range []string{"sticker", "support"} {
		w.control(t, "yandexmarket/chat", map[string]any{"conversation": id, "do": do, "text": "we look into it"}, nil)
	}
	review := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindReview, Text: "good", Rating: 5})
	question := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindQuestion, Text: "warm?"})
	r.poll()
	w.elsewhere(t, channeltest.Line{Kind: sellerdesk.KindReview, Conversation: review, Text: "thank you"})
	w.elsewhere(t, channeltest.Line{Kind: sellerdesk.KindQuestion, Conversation: question, Text: "very"})
	r.poll()
	said := map[string]sellerdesk.MessagePatch{}
	for _, m := range r.lines {
		if m.Conversation == id || m.Conversation == review || m.Conversation == question {
			said[m.Text] = m
		}
	}
	for text, author := range map[string]sellerdesk.Author{
		"hello": sellerdesk.AuthorBuyer, "[стикер]": sellerdesk.AuthorBuyer, "we look into it": sellerdesk.AuthorPlatform,
		"good": sellerdesk.AuthorBuyer, "thank you": sellerdesk.AuthorElsewhere, "warm?": sellerdesk.AuthorBuyer, "very": sellerdesk.AuthorElsewhere,
	} {
		if said[text].Author != author {
			t.Errorf("%q is by %q, want %q", text, said[text].Author, author)
		}
	}
	if said["we look into it"].AuthorName == "" {
		t.Error("support has no name")
	}
}

func TestALinkThatEndedIsReadAgain(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{LinkLife: time.Hour})
	r := w.reader(t)
	id := w.buyer(t, channeltest.Line{Text: "look", Files: []channeltest.File{{Name: "a.jpg", Size: 5_000}}})
	r.poll()
	var file sellerdesk.RemoteFile
	for _, m := range r.lines {
		if m.Conversation == id && len(m.Files) == 1 {
			file = m.Files[0]
		}
	}
	w.Clock().Advance(2 * time.Hour)
	got, err := r.c.(channel.Fetcher).Fetch(t.Context(), file)
	if err != nil || got.State != sellerdesk.FetchReady {
		t.Fatalf("%+v, %v", got, err)
	}
	defer got.Body.Close()
	if body, err := io.ReadAll(got.Body); err != nil || len(body) == 0 || file.Size != 0 && int64(len(body)) != file.Size {
		t.Errorf("%d bytes of %d, %v", len(body), file.Size, err)
	}
}

func TestACabinetThatIsSwitchedOffSaysSo(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	r := w.reader(t)
	r.poll()
	w.control(t, "yandexmarket/cabinet", map[string]any{"disabled": true}, nil)
	_, err := r.c.Check(t.Context())
	class, e := channel.ClassOf(err)
	if class != channel.Unauthorized || e.Why.Text == "" {
		t.Errorf("the check says %v", err)
	}
	if _, err = r.c.Pull(t.Context(), "chats", ""); err == nil {
		t.Error("it can be read all the same")
	} else if class, e = channel.ClassOf(err); class != channel.Unauthorized {
		t.Errorf("reading is %q: %v", class, e)
	}
}

func TestABuyerWhoGoesOnUnderACommentWaits(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{Moderation: -1})
	r := w.reader(t)
	w.pushes(t)
	id := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindReview, Text: "good", Rating: 4})
	w.elsewhere(t, channeltest.Line{Kind: sellerdesk.KindReview, Conversation: id, Text: "thank you"})
	r.pushed(w.pushes(t))
	w.buyer(t, channeltest.Line{Kind: sellerdesk.KindReview, Conversation: id, Text: "and in red?"})
	pushes := w.pushes(t)
	r.pushed(pushes)
	var asked, thanked sellerdesk.MessagePatch
	for _, m := range r.lines {
		switch {
		case m.Conversation == id && m.Text == "and in red?":
			asked = m
		case m.Conversation == id && m.Text == "thank you":
			thanked = m
		}
	}
	if asked.Author != sellerdesk.AuthorBuyer || asked.Parent == "" || asked.Parent != thanked.RemoteID || !asked.At.After(thanked.At.Time) {
		t.Errorf("the question is %+v, under %+v", asked, thanked)
	}
}
