package radist_test

import (
	"context"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/radist"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/radist"
)

func (w *world) open(t *testing.T) channel.Connector {
	t.Helper()
	far := w.remote()
	c, err := radist.Driver().Open(channel.Settings{
		Credentials: far.Credentials, BaseURL: far.BaseURL, Client: far.Client, Clock: far.Clock, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// film is a file of ours with nothing in it but its beginning.
func film(size int64) sellerdesk.Blob {
	head := "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
	return sellerdesk.Blob{Name: "film.mp4", Type: "video/mp4", Size: size, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(io.MultiReader(strings.NewReader(head), zeros{}), size)), nil
	}}
}

// photoOf is a picture with nothing in it but its beginning.
func photoOf(size int64) sellerdesk.Blob {
	return sellerdesk.Blob{Name: "a.jpg", Type: "image/jpeg", Size: size, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(io.MultiReader(strings.NewReader("\xff\xd8\xff\xe0"), zeros{}), size)), nil
	}}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Not parallel: what is allocated counts for the whole process.
func TestAnUploadOfAHundredMegabytesTakesConstantMemory(t *testing.T) {
	w := start(t, emulator.Options{})
	up := w.open(t).(channel.Uploader)
	if _, err := up.Upload(t.Context(), film(1<<10)); err != nil { // whatever is made once
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := up.Upload(t.Context(), film(100<<20))
	runtime.ReadMemStats(&after)
	if err != nil || got.Size != 100<<20 || got.ID == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	// Most of it is the emulator's, which keeps the beginning of a file.
	const bound = 70 << 20
	took := after.TotalAlloc - before.TotalAlloc
	t.Logf("both sides together allocated %.1f MB", float64(took)/(1<<20))
	if took > bound {
		t.Errorf("both sides together allocated %d MB, at most %d are fine", took>>20, bound>>20)
	}
}

func TestAFileThatTheMessengerDoesNotTakeIsRefusedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	c := w.open(t)
	sent := func(place int, f sellerdesk.Blob) error {
		t.Helper()
		id := w.says(t, place, w.person(), "пришлите")
		if _, err := c.Pull(t.Context(), "chats", ""); err != nil {
			t.Fatal(err)
		}
		_, err := c.Send(t.Context(), sellerdesk.Reply{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: id}, Files: []sellerdesk.Blob{f}})
		return err
	}
	class, e := channel.ClassOf(sent(waba, film(17<<20)))
	if class != channel.Refused || e.Why.Code != sellerdesk.ReasonFileTooLarge || !strings.Contains(string(e.Why.Text), "16 MB") {
		t.Errorf("a film of 17 MB for WhatsApp Business is %q: %v", class, e)
	}
	photo := sellerdesk.Blob{Name: "a.jpg", Type: "image/jpeg", Size: 6 << 20, Uploaded: &sellerdesk.RemoteFile{ID: "https://files.example/a.jpg", Type: "image/jpeg"}}
	class, e = channel.ClassOf(sent(waba, photo))
	if class != channel.Refused || !strings.Contains(string(e.Why.Text), "5 MB") || !strings.Contains(string(e.Why.Text), "6.0 MB") {
		t.Errorf("a picture of 6 MB for WhatsApp Business is %q: %v", class, e)
	}
	if err := sent(telegram, photo); err != nil {
		t.Errorf("a picture of 6 MB for Telegram: %v", err)
	}
	for _, claimed := range []string{"application/pdf", "application/octet-stream", ""} {
		hidden := photoOf(6 << 20)
		hidden.Type = claimed
		class, e = channel.ClassOf(sent(waba, hidden))
		if class != channel.Refused || e.Why.Code != sellerdesk.ReasonFileTooLarge || !strings.Contains(string(e.Why.Text), "5 MB") {
			t.Errorf("a picture of 6 MB for WhatsApp Business that calls itself %q is %q: %v", claimed, class, e)
		}
	}
	if got := w.received(t); len(got) != 1 {
		t.Errorf("%d messages arrived, want the one for Telegram", len(got))
	}
}
