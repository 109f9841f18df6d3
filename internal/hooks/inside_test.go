package hooks

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func TestSignaturesAreThoseOfTheSpecification(t *testing.T) {
	t.Parallel()
	// The example of the specification's own library.
	const body = `{"test": 2432232314}`
	got, err := sign([]sellerdesk.Secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), body)
	if err != nil || len(got) != 1 || got[0] != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("got %v, %v", got, err)
	}
	now := time.Now()
	secrets := []sellerdesk.Secret{"whsec_bmV3IHNlY3JldCBvZiAyNCBieXRlcy4=", "whsec_b2xkIHNlY3JldCBvZiAyNCBieXRlcy4="}
	if got, err = sign(secrets, "msg_1", now, body); err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set("webhook-id", "msg_1")
	header.Set("webhook-timestamp", fmt.Sprint(now.Unix()))
	header.Set("webhook-signature", strings.Join(got, " "))
	for _, s := range secrets {
		hook, err := standardwebhooks.NewWebhook(s.Reveal())
		if err == nil {
			err = hook.Verify([]byte(body), header)
		}
		if err != nil {
			t.Errorf("%s: %v", s.Reveal(), err)
		}
	}
	for _, wrong := range [][]sellerdesk.Secret{nil, {"whsec_"}, {"whsec_!!!"}} {
		if got, err := sign(wrong, "msg_1", now, body); err == nil || strings.Contains(err.Error(), "whsec_!") {
			t.Errorf("%d secrets: got %v, %v", len(wrong), got, err)
		}
	}
}

func TestPausesGrowForADay(t *testing.T) {
	t.Parallel()
	var total, last time.Duration
	tries := 1
	for ; total < store.TryFor; tries++ {
		p := pause(tries)
		if p < 4500*time.Millisecond || p > 132*time.Minute || p < last*8/10 {
			t.Fatalf("the pause after try %d is %s, after %s", tries, p, last)
		}
		total, last = total+p, p
	}
	if tries < giveUpTries || tries > 20 {
		t.Errorf("a day has %d tries", tries)
	}
	if p := pause(1 << 30); p > 132*time.Minute {
		t.Errorf("the longest pause is %s", p)
	}
}

func TestAReceiverMayAskToWaitWithinBounds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "90": 90 * time.Second, "0": time.Second, "86400": longestWait, "99999999999999999999": 0,
		"Sun, 01 Mar 2026 12:10:00 GMT": 10 * time.Minute, "Sun, 01 Mar 2020 12:10:00 GMT": time.Second,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// A line is played with random answers, repetitions by hand and restarts: of one
// key never two are under way, and each leaves only when those before it are done.
func TestOrderOfKeysHoldsWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		playLine(t, rand.New(rand.NewPCG(seed, 7)))
	}
}

func playLine(t *testing.T, random *rand.Rand) {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	noted := map[sellerdesk.DeliveryID]store.DeliveryItem{} // what waits, as the store has it
	done := map[sellerdesk.DeliveryID]bool{}
	var air []store.DeliveryItem
	id := sellerdesk.DeliveryID(0)
	l := newLine(store.WebhookLine{Webhook: sellerdesk.Webhook{State: sellerdesk.WebhookActive}})
	waiting := func() (items []store.DeliveryItem) {
		for n := sellerdesk.DeliveryID(1); n <= id; n++ {
			if i, ok := noted[n]; ok {
				items = append(items, i)
			}
		}
		return items
	}
	for range 400 {
		switch random.IntN(10) {
		case 0, 1: // something happens
			id++
			i := store.DeliveryItem{ID: id, Key: fmt.Sprint("key ", random.IntN(5)), Due: sellerdesk.At(now), Until: sellerdesk.At(now.Add(store.TryFor)), At: sellerdesk.At(now)}
			noted[id] = i
			l.add([]store.DeliveryItem{i})
		case 2: // what came of flights is noted
			for _, o := range l.outcomes {
				if o.State != sellerdesk.DeliveryWaiting {
					delete(noted, o.ID)
				} else {
					i := noted[o.ID]
					i.Attempt, i.Due = o.Attempt, *o.Due
					noted[o.ID] = i
				}
			}
			l.outcomes = nil
		case 3: // somebody touches the webhook
			l.refill(waiting())
		case 4:
			now = now.Add(time.Duration(random.IntN(3600)) * time.Second)
		case 5, 6: // an answer comes
			if len(air) == 0 {
				continue
			}
			n := random.IntN(len(air))
			f := flight{item: air[n]}
			air = append(air[:n], air[n+1:]...)
			f.taken = random.IntN(3) > 0
			if !f.taken && random.IntN(4) == 0 {
				f.wait = time.Minute
			}
			l.land(f, now)
			done[f.item.ID] = done[f.item.ID] || l.outcomes[len(l.outcomes)-1].State != sellerdesk.DeliveryWaiting
			l.stop = "" // a day in vain is another test
		default: // what is due leaves
			q, _ := l.next(now)
			if q == nil {
				continue
			}
			item := l.leave(q)
			for _, other := range air {
				if other.Key == item.Key {
					t.Fatalf("%d and %d of %s are under way together", other.ID, item.ID, item.Key)
				}
			}
			for n, before := range noted {
				if before.Key == item.Key && n < item.ID && !done[n] {
					t.Fatalf("%d of %s leaves before %d", item.ID, item.Key, n)
				}
			}
			if done[item.ID] {
				t.Fatalf("%d leaves although it was done", item.ID)
			}
			air = append(air, item)
		}
		if l.flying != len(air) || l.flying > flightsEach {
			t.Fatalf("%d are under way, the line says %d", len(air), l.flying)
		}
	}
}

func TestNothingIsWrittenDownWithoutTheRightToSendEventsElsewhere(t *testing.T) {
	t.Parallel()
	account := sellerdesk.AccountID(1)
	p := sheet{first: 1, last: 1, events: []sellerdesk.Event{{Seq: 1, Kind: sellerdesk.EventMessageCreated, Account: &account, Data: []byte(`{}`)}}}
	for want, rights := range map[int]sellerdesk.Rights{
		0: sellerdesk.RightsOf(sellerdesk.RightSee), 1: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWebhooks),
	} {
		var n written
		e := entry{access: sellerdesk.Access{User: 1, House: rights}, room: 10}
		e.Kinds = []sellerdesk.EventKind{"message.*"}
		if err := e.tell(p, sellerdesk.At(time.Now()), &n); err != nil || len(n.items) != want || n.seq != int64(want) {
			t.Errorf("with %v it makes %d deliveries up to event %d, %v", rights.List(), len(n.items), n.seq, err)
		}
	}
}
