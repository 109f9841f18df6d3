package radist_test

import (
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/radist"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// pages reads a stream to its end from a cursor and counts what came.
func pages(t *testing.T, c channel.Connector, stream string, from sellerdesk.Cursor) (next sellerdesk.Cursor, chats, rereads map[sellerdesk.RemoteID]bool, n int, last sellerdesk.Batch) {
	t.Helper()
	chats, rereads = map[sellerdesk.RemoteID]bool{}, map[sellerdesk.RemoteID]bool{}
	for more := true; more; n++ {
		b, err := c.Pull(t.Context(), stream, from)
		if err != nil {
			t.Fatalf("pull %s: %v", stream, err)
		}
		for _, p := range b.Conversations {
			chats[p.RemoteID] = true
		}
		for _, ref := range b.Reread {
			rereads[ref.ID] = true
		}
		from, more, last = b.Next, b.More, b
	}
	return from, chats, rereads, n, last
}

func TestAWalkGoesBackToWhatItHasSeen(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	open := func() channel.Connector {
		c := w.open(t)
		radist.Shorten(c, 4)
		return c
	}
	c := open()
	from, err := c.(channel.Rewinder).Rewind("chats", time.UnixMilli(1))
	if err != nil {
		t.Fatal(err)
	}
	all := w.State().Conversations[emulator.API]["chat"]
	at, chats, _, n, _ := pages(t, c, "chats", from)
	if n < 3 || len(chats) != all {
		t.Fatalf("a walk over everything brings %d of %d chats in %d pages", len(chats), all, n)
	}
	at, chats, _, _, _ = pages(t, c, "chats", at)
	if len(chats) != 0 {
		t.Errorf("a second pass brings %d chats that did not change", len(chats))
	}
	id := w.talk(t)
	for _, again := range []string{"the same process", "another process"} {
		next, chats, rereads, n, _ := pages(t, c, "chats", at)
		if !chats[id] || !rereads[id] || len(rereads) > 3 || n > 2 {
			t.Errorf("%s brings %d chats and reads %d again in %d pages; the new one is there: %v", again, len(chats), len(rereads), n, chats[id])
		}
		if c = open(); next == at {
			t.Error("the walk stands where it stood")
		}
	}
}

func TestAWalkTakesItsTimeWhilePushesCome(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	w.pushes(t)
	c := w.open(t)
	at, _, _, _, last := pages(t, c, "chats", "")
	if last.After >= 30*time.Second {
		t.Errorf("before any push the next pass waits %s", last.After)
	}
	w.talk(t)
	for _, p := range w.pushes(t) {
		if _, err := c.(channel.Receiver).Receive(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if at, _, _, _, last = pages(t, c, "chats", at); last.After < 30*time.Second {
		t.Errorf("after a push the next pass waits %s", last.After)
	}
	w.talk(t) // its push is lost on our side
	w.pushes(t)
	w.Clock().Advance(time.Minute)
	if _, _, _, _, last = pages(t, c, "chats", at); last.After >= 30*time.Second {
		t.Errorf("after a push was lost the next pass waits %s", last.After)
	}
}

func TestOldHistoryIsReadOnce(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	c := w.open(t)
	at, chats, _, n, _ := pages(t, c, "chats.history", "")
	if all := w.State().Conversations[emulator.API]["chat"]; len(chats) != all || n < 2 {
		t.Errorf("old history brings %d of %d chats in %d pages", len(chats), all, n)
	}
	if again, chats, _, _, _ := pages(t, w.open(t), "chats.history", at); len(chats) != 0 || again != at {
		t.Errorf("after a restart it brings %d chats again", len(chats))
	}
}
