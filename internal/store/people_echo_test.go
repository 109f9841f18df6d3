package store_test

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestAnEchoCountsOnceForThePersonItIsWith(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, echoesCountOnce)
}

// echoesCountOnce tries the states in which an echo may find a send.
func echoesCountOnce(t *testing.T, s *store.Store) {
	echo := told("m2", "Уже едет", sellerdesk.MessageSent, minute(2))
	for _, c := range []struct {
		name    string
		unknown bool
		batch   []sellerdesk.MessagePatch
		waits   int
	}{
		{"an echo of one that is still sending", false, []sellerdesk.MessagePatch{echo}, 0},
		{"an echo of one whose outcome is unknown", true, []sellerdesk.MessagePatch{echo}, 0},
		{"an echo of one that is still sending, with a new word", false, []sellerdesk.MessagePatch{echo, buyer("c1", "m3", "Спасибо?", minute(3))}, 1},
		{"an echo of one whose outcome is unknown, with a new word", true, []sellerdesk.MessagePatch{echo, buyer("c1", "m3", "Спасибо?", minute(3))}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := storetest.Account(t, s, t.Name())
			apply(t, s, batchOf(arrival{a, "c1", "Anna", sellerdesk.Buyer{Contact: "1"}}))
			conv := only(t, s, a)
			queue(t, s, conv, "k", "Уже едет")
			item := lease(t, s, a, minute(2))[0]
			if c.unknown {
				settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxUnknown})
			}
			apply(t, s, batch(a, c.batch...))
			if m := lines(t, s, conv.ID)[1]; m.Status != sellerdesk.MessageSent {
				t.Fatalf("ours is %s, so this is no test", m.Status)
			}
			if got := contact(t, s, *conv.Contact).Unanswered; got != c.waits {
				t.Errorf("%d conversations wait, want %d", got, c.waits)
			}
			sound(t, s)
		})
	}
}
