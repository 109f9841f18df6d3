package main

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// whole tells whether all streams of all cabinets were read to their end. One
// that has not begun is not listed.
func whole(t *testing.T, p *playing, c *client.Client) bool {
	t.Helper()
	accounts, err := c.Accounts.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		opened := p.roster.Get(a.ID)
		if opened == nil || len(a.Streams) < len(opened.Streams) {
			return false
		}
		for _, s := range a.Streams {
			if !s.CaughtUp {
				return false
			}
		}
	}
	return len(accounts) == len(p.Box.World.State().Accounts) // all that the world has
}

// said counts the messages of every conversation.
func said(t *testing.T, c *client.Client) map[sellerdesk.ConversationID]int {
	t.Helper()
	counts := map[sellerdesk.ConversationID]int{}
	for conversation, err := range c.Conversations.All(t.Context(), client.ConversationQuery{Limit: 200}) {
		if err != nil {
			t.Fatal(err)
		}
		page, err := c.Messages.List(t.Context(), conversation.ID, "", 200)
		if err != nil {
			t.Fatal(err)
		}
		counts[conversation.ID] = len(page.Items)
	}
	return counts
}

func total(counts map[sellerdesk.ConversationID]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

func TestRepairBringsBackTwentyLostMessages(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("takes a minute under the race detector, which meets the same code in other tests")
	}
	const lost = 20
	data := t.TempDir()
	p := play(t, func(o *demoOptions) { o.Data, o.world.messages = data, 60 }).ready()
	c, err := client.New(p.URL, testKey.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	var before map[sellerdesk.ConversationID]int
	p.eventually(time.Minute, "everything is read", func() bool {
		if !whole(t, p, c) {
			return false
		}
		before = said(t, c)
		time.Sleep(time.Second)
		return maps.Equal(before, said(t, c)) && !slices.Contains(slices.Collect(maps.Values(before)), 0)
	})
	if n := storetest.Lose(t, filepath.Join(data, "sellerdesk.db"), lost); n != lost {
		t.Fatalf("lost %d messages, want %d", n, lost)
	}
	// A chat that is read again just now brings its own back by itself.
	if n := total(said(t, c)); n < total(before)-lost || n >= total(before) {
		t.Fatalf("%d messages are left of %d", n, total(before))
	}
	for id := range len(p.Box.World.State().Accounts) {
		code, _, stderr := command(t, "accounts", "repair", itoa(int64(id+1)), "--server", p.URL, "--api-key", testKey.Reveal())
		if code != 0 {
			t.Fatalf("repair ends with %d: %s", code, stderr)
		}
	}
	p.eventually(time.Minute, "what was lost is there again", func() bool { return total(said(t, c)) >= total(before) })
	p.eventually(time.Minute, "everything is read again", func() bool { return whole(t, p, c) })
	for id, n := range said(t, c) {
		if n != before[id] {
			t.Errorf("conversation %d has %d messages, had %d", id, n, before[id])
		}
	}
}
