package pull_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// pushed is a far end that pushes: a body "chat 7" names chat 7.
type pushed struct {
	*reader
	receive func(n int, body string) error // nil: all can be read
	n       int                            // only the reader of pushes touches it
}

func (p *pushed) Receive(_ context.Context, push sellerdesk.Push) (sellerdesk.Batch, error) {
	n, body := p.n, string(push.Body)
	p.n++
	if p.receive != nil {
		if err := p.receive(n, body); err != nil {
			return sellerdesk.Batch{}, err
		}
	}
	_, id, _ := strings.Cut(body, " ")
	return sellerdesk.Batch{Reread: []sellerdesk.RemoteRef{{Kind: sellerdesk.KindChat, ID: sellerdesk.RemoteID(id)}}}, nil
}

// quiet is a far end whose streams bring nothing; each chat says its own name.
func quiet() *pushed {
	f := &far{clock: quick(), streams: []channel.Stream{{Name: "chats", Every: time.Hour}}}
	r := &reader{far: f, history: func(_ int, ref sellerdesk.RemoteRef) (sellerdesk.Batch, error) { return chat(ref.ID), nil }}
	return &pushed{reader: r}
}

// chat is a chat in which the buyer said its name.
func chat(id sellerdesk.RemoteID) sellerdesk.Batch {
	return sellerdesk.Batch{
		Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: id}},
		Messages: []sellerdesk.MessagePatch{{
			Kind: sellerdesk.KindChat, Conversation: id, RemoteID: "m" + id, Author: sellerdesk.AuthorBuyer, Text: "chat " + string(id),
			At: sellerdesk.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
		}},
	}
}

// push lets pushes arrive, in one transaction.
func (h *house) push(t *testing.T, account sellerdesk.AccountID, bodies ...string) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		if err := tx.Accounts.EnsureDoor(t.Context(), account); err != nil {
			return err
		}
		for _, body := range bodies {
			p := sellerdesk.Push{Account: account, Received: sellerdesk.At(h.clock.Now()), Body: []byte(body)}
			if err := tx.Pushes.Put(t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
}

// shows waits until a chat says its name.
func (h *house) shows(t *testing.T, account sellerdesk.AccountID, id sellerdesk.RemoteID) {
	t.Helper()
	eventually(t, func() error {
		if m := h.newest(t, account, sellerdesk.KindChat, id); m.Text != "chat "+string(id) {
			return fmt.Errorf("chat %s says %q", id, m.Text)
		}
		return nil
	})
}

func (h *house) health(t *testing.T, account sellerdesk.AccountID) (p sellerdesk.PushHealth) {
	t.Helper()
	if a := h.account(t, account); a.Push != nil {
		p = *a.Push
	}
	return p
}

func TestABurstOfPushesAboutOneChatIsReadOnce(t *testing.T) {
	t.Parallel()
	p := quiet()
	h := open(t, p.clock)
	id := h.add(t, p)
	p.atLeast(t, 1)
	burst := make([]string, 80)
	for i := range burst {
		burst[i] = "chat 7"
	}
	h.push(t, id, append(burst, "chat 8")...)
	h.shows(t, id, "7")
	h.shows(t, id, "8")
	eventually(t, func() error {
		if health := h.health(t, id); health.Waiting != 0 || health.Blocked != nil || health.Last == nil {
			return fmt.Errorf("health %+v", health)
		}
		return nil
	})
	// On a busy machine the burst is translated in two rounds, and what the second
	// names while the first is read is read once more.
	if n := len(p.looked(t, 2)); n > 4 {
		t.Errorf("two chats that 81 pushes named were read %d times", n)
	}
}

func TestAPushThatMakesNoSenseHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	p := quiet()
	p.receive = func(_ int, body string) error {
		switch body {
		case "nonsense":
			return &channel.Error{Class: channel.Malformed, Raw: []byte(body)}
		case "gone":
			return said(channel.Gone, 0)
		}
		return nil
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "nonsense", "gone", "chat 1")
	h.shows(t, id, "1")
}

func TestPushesThatCannotBeReadNowWaitAndSayWhy(t *testing.T) {
	t.Parallel()
	p := quiet()
	free := make(chan struct{})
	p.receive = func(int, string) error {
		select {
		case <-free:
			return nil
		default:
			return said(channel.Temporary, 0)
		}
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "chat 1", "chat 2")
	eventually(t, func() error {
		if health := h.health(t, id); health.Waiting != 2 || health.Blocked == nil || health.ReasonCode == "" {
			return fmt.Errorf("health %+v", health)
		}
		return nil
	})
	close(free)
	h.shows(t, id, "1")
	h.shows(t, id, "2")
	eventually(t, func() error {
		if health := h.health(t, id); health.Waiting != 0 || health.Blocked != nil || health.Reason != "" {
			return fmt.Errorf("health %+v", health)
		}
		return nil
	})
}

func TestAPushFindsOutThatTheCredentialsAreRefused(t *testing.T) {
	t.Parallel()
	p := quiet()
	p.receive = func(int, string) error { return said(channel.Unauthorized, 0) }
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "chat 1")
	eventually(t, func() error {
		if a := h.account(t, id); a.State != sellerdesk.AccountExpired || a.Push.Waiting != 1 {
			return fmt.Errorf("the account is %s, %+v", a.State, a.Push)
		}
		return nil
	})
}

func TestASweepNamesWhatIsNotHereYetAndTheReadingOutlivesItsFailure(t *testing.T) {
	t.Parallel()
	p := quiet()
	p.pull = func(n int, c call) (sellerdesk.Batch, error) {
		b := sellerdesk.Batch{Next: "end"}
		if c.from == "" {
			b.Reread = []sellerdesk.RemoteRef{{Kind: sellerdesk.KindChat, ID: "5"}, {Kind: sellerdesk.KindChat, ID: "6"}}
		}
		return b, nil
	}
	p.history = func(n int, ref sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
		if ref.ID == "5" && n < 4 {
			return sellerdesk.Batch{}, said(channel.Temporary, 0)
		}
		return chat(ref.ID), nil
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.shows(t, id, "6")
	h.shows(t, id, "5")
}

func TestASlowReadingHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	p := quiet()
	slow := make(chan struct{})
	p.history = func(_ int, ref sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
		if ref.ID == "slow" {
			<-slow
		}
		return chat(ref.ID), nil
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "chat slow", "chat 1", "chat 2", "chat 3", "chat 4")
	for _, quick := range []sellerdesk.RemoteID{"1", "2", "3", "4"} {
		h.shows(t, id, quick)
	}
	h.push(t, id, "chat slow") // named again while it is read: read once more
	eventually(t, func() error {
		if health := h.health(t, id); health.Waiting != 0 {
			return fmt.Errorf("%d pushes wait", health.Waiting)
		}
		return nil
	})
	close(slow)
	h.shows(t, id, "slow")
	if calls := p.looked(t, 6); len(calls) != 6 {
		t.Errorf("read %d times, want 6", len(calls))
	}
}

func TestAPushThatHasToWaitHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	p := quiet()
	free := make(chan struct{})
	p.receive = func(_ int, body string) error {
		if body != "chat late" {
			return nil
		}
		select {
		case <-free:
			return nil
		default:
			return said(channel.Throttled, 5*time.Minute)
		}
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "chat late", "chat 1")
	h.shows(t, id, "1")
	h.push(t, id, "chat 2")
	h.shows(t, id, "2")
	eventually(t, func() error {
		if health := h.health(t, id); health.Waiting != 1 || health.Blocked == nil {
			return fmt.Errorf("health %+v", health)
		}
		return nil
	})
	close(free)
	h.shows(t, id, "late") // five minutes of the clock are a second and a half
}

func TestAPushThatThrowsTheAdapterOffCostsItselfOnly(t *testing.T) {
	t.Parallel()
	p := quiet()
	p.receive = func(_ int, body string) error {
		if body == "panic" {
			panic("a mistake")
		}
		if body == "plain" {
			return errors.New("an error without a class")
		}
		return nil
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "panic", "plain", "chat 1")
	h.shows(t, id, "1")
	if a := h.account(t, id); a.State != sellerdesk.AccountOK || a.Push.Waiting != 0 {
		t.Errorf("the account is %s, %d pushes wait", a.State, a.Push.Waiting)
	}
}

func TestAReadingThatFailsForLongIsNeverGivenUp(t *testing.T) {
	t.Parallel()
	p := quiet()
	p.clock = faster(20_000)
	p.far.clock = p.clock
	p.history = func(n int, ref sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
		if n < 30 { // half an hour of the clock
			return sellerdesk.Batch{}, said(channel.Temporary, 0)
		}
		return chat(ref.ID), nil
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "chat 1")
	h.shows(t, id, "1")
}

func TestAHistoryThatGoesInCirclesIsReadAtIntervals(t *testing.T) {
	t.Parallel()
	p := quiet()
	p.history = func(n int, ref sellerdesk.RemoteRef) (sellerdesk.Batch, error) {
		b := chat(ref.ID)
		b.More, b.Next = true, sellerdesk.Cursor(fmt.Sprint("page ", n%2))
		return b, nil
	}
	h := open(t, p.clock)
	id := h.add(t, p)
	h.push(t, id, "chat 1")
	h.shows(t, id, "1")
	p.looked(t, 500)
	time.Sleep(50 * time.Millisecond)
	if n := len(p.looked(t, 500)); n > 3000 { // twenty seconds of the clock: a try, and up to five more
		t.Errorf("asked %d times", n)
	}
}
