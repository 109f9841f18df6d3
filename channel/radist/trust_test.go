package radist

import (
	"testing"
	"time"
)

func TestPushesAreTrustedOnceTheyWereAskedForUntilOneIsMissed(t *testing.T) {
	t.Parallel()
	s := script(t, map[string]string{"GET /webhooks/": "200 []", "POST /webhooks/": `200 {"id":9}`})
	now := time.Now().Truncate(time.Second)
	c := s.open(t)
	c.clock.NowFunc = func() time.Time { return now }
	last := func(id string, ago time.Duration) {
		at := now.Add(-ago).UTC().Format(time.RFC3339)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.says[listing] = listed(10, at, map[string]string{"37": spoken(id, at)})
	}
	pass := func(what string, slow bool) {
		t.Helper()
		b, err := c.Pull(t.Context(), streamChats, "")
		if err != nil || b.More {
			t.Fatalf("%s: more %v, %v", what, b.More, err)
		}
		if got := b.After >= pushedPace; got != slow {
			t.Errorf("%s: the next pass waits %s", what, b.After)
		}
	}
	last("a", time.Minute)
	pass("nobody asked for pushes", false)
	if err := (gateway{c}).Subscribe(t.Context(), "https://desk.example/in/5/KEY"); err != nil {
		t.Fatal(err)
	}
	pass("an unread chat is older than the start", true)
	now = now.Add(40 * time.Second)
	last("b", 5*time.Second)
	pass("a word may still be on its way", true)
	now = now.Add(40 * time.Second)
	pass("it was there in the pass before", true)
	now = now.Add(40 * time.Second)
	last("c", 15*time.Second)
	pass("a word is younger than the pass before", false)
	now = now.Add(time.Minute)
	if _, err := c.Receive(t.Context(), event("messages.create", spoken("d", now.UTC().Format(time.RFC3339)))); err != nil {
		t.Fatal(err)
	}
	pass("a push came since the one that was missed", true)
}

func TestTheWalkStaysQuickWherePushesCannotBeAskedFor(t *testing.T) {
	t.Parallel()
	at := time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	s := script(t, map[string]string{"GET /webhooks/": detail(403, "The key has no scope webhooks"), listing: listed(10, at, map[string]string{"37": spoken("a", at)})})
	c := s.open(t)
	if err := (gateway{c}).Subscribe(t.Context(), "https://desk.example/in/5/KEY"); err == nil {
		t.Fatal("it is asked for without the scope")
	}
	if b, err := c.Pull(t.Context(), streamChats, ""); err != nil || b.After >= pushedPace {
		t.Errorf("the next pass waits %s, %v", b.After, err)
	}
}
