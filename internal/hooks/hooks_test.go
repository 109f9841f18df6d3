package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/hooks"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestEventsArriveSignedInTheOrderOfTheirKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r := receive(t)
		hook, secret := h.hook(r.URL+"/in?from=desk", "message.*")
		r.trust(secret)
		for range 20 {
			h.say(1, 2, 3, 4, 5)
		}
		h.until("all arrived", func() bool { return len(r.got()) == 100 })
		r.inOrder(t)
		first := r.got()[0]
		if first.notice.Type != sellerdesk.EventMessageCreated || first.notice.Data.Kind != first.notice.Type || *first.notice.Data.Account != h.account ||
			first.notice.Data.Key != first.notice.Data.OrderKey() || !first.notice.At.Equal(first.notice.Data.At.Time) {
			t.Errorf("got %+v", first.notice)
		}
		if got := first.header.Get("Content-Type"); got != "application/json" {
			t.Errorf("the body is called %q", got)
		}
		h.until("it is noted", func() bool { return h.get(hook.ID).Waiting == 0 })
		if now := h.get(hook.ID); now.DeliveredAt == nil || now.FailingSince != nil || now.State != sellerdesk.WebhookActive {
			t.Errorf("got %+v", now)
		}
		log := h.log(hook.ID)
		if len(log) != 100 {
			t.Fatalf("the log has %d deliveries", len(log))
		}
		d, err := h.desk.Webhooks.Delivery(h.ctx(), hook.ID, log[0].ID)
		if err != nil || d.State != sellerdesk.DeliveryDelivered || d.Attempt != 1 || *d.Status != http.StatusNoContent || d.DoneAt == nil || d.TookMS == nil ||
			!strings.Contains(string(d.Request), "webhook-id: "+d.MsgID) || !strings.Contains(string(d.Request), `"type":"message.created"`) {
			t.Errorf("got %+v, %v", d, err)
		}
		if strings.Contains(string(d.Request), "v1,") || strings.Contains(string(d.Request), secret.Reveal()) {
			t.Errorf("the log shows how it is signed: %s", d.Request)
		}
	})
}

// Receiver down for six hours with two restarts.
func TestWhatHappenedWhileTheReceiverWasDownArrivesOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r := receive(t)
		hook, secret := h.hook(r.URL, "message.*")
		r.trust(secret)
		h.say(1, 2, 3)
		h.until("the first arrived", func() bool { return len(r.got()) == 3 })
		r.answers(func(sellerdesk.Notice, int) int { return http.StatusBadGateway })
		for round := range 12 {
			h.say(1, 2, 3, 4, 10+round)
			h.clock.Advance(30 * time.Minute)
			switch round {
			case 3, 7:
				h.restart()
			}
		}
		h.until("it was tried in vain", func() bool { return h.get(hook.ID).FailingSince != nil })
		if calls := r.called(); calls > 500 {
			t.Errorf("a receiver that is down was called %d times", calls)
		}
		r.answers(nil)
		want := h.events(func(e sellerdesk.Event) bool { return e.Kind == sellerdesk.EventMessageCreated })
		h.until("all arrived", func() bool {
			h.clock.Advance(10 * time.Minute)
			return len(r.got()) >= want
		})
		h.until("it is noted", func() bool { return h.get(hook.ID).Waiting == 0 })
		h.restart()
		h.say(77)
		h.until("what came later arrived", func() bool { return len(r.got()) >= want+1 })
		if got := len(r.got()); got != want+1 {
			t.Errorf("%d arrived, want %d", got, want+1)
		}
		r.inOrder(t)
		if now := h.get(hook.ID); now.State != sellerdesk.WebhookActive || now.FailingSince != nil {
			t.Errorf("got %+v", now)
		}
	})
}

func TestADeadReceiverSlowsNoOther(t *testing.T) {
	t.Parallel()
	h := one(t)
	dead, alive := receive(t), receive(t)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	dead.answers(func(sellerdesk.Notice, int) int { <-hang; return 0 })
	h.hook(dead.URL, "message.*")
	h.hook(alive.URL, "message.*")
	for range 10 {
		h.say(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
	}
	h.until("all arrived at the living one", func() bool { return len(alive.got()) == 200 })
	if calls := dead.called(); calls > 16 {
		t.Errorf("%d calls hang", calls)
	}
	alive.inOrder(t)
}

func TestAWebhookStopsAfterADayInVainAndGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	r.answers(func(sellerdesk.Notice, int) int { return http.StatusInternalServerError })
	h.say(1, 2, 3, 4, 5)
	h.until("it stopped", func() bool {
		h.clock.Advance(20 * time.Minute)
		return h.get(hook.ID).State == sellerdesk.WebhookFailed
	})
	stopped := h.get(hook.ID)
	if !strings.Contains(string(stopped.Reason), "took nothing for a day") || !strings.Contains(string(stopped.Reason), "500") || stopped.Waiting != 5 {
		t.Errorf("got %+v", stopped)
	}
	if h.events(func(e sellerdesk.Event) bool {
		return e.Kind == sellerdesk.EventWebhookChanged && strings.Contains(string(e.Data), `"failed"`)
	}) == 0 {
		t.Error("nobody was told")
	}
	r.answers(nil)
	calls := r.called()
	h.say(1, 6)
	h.clock.Advance(5 * time.Hour)
	if _, err := h.desk.Webhooks.Test(h.ctx(), hook.ID); err != nil {
		t.Fatal(err)
	}
	h.until("the test arrived", func() bool { return len(r.got()) == 1 })
	if r.called() != calls+1 || r.got()[0].notice.Type != sellerdesk.NoticeTest {
		t.Errorf("a stopped webhook was called %d times, first with %s", r.called()-calls, r.got()[0].notice.Type)
	}
	if _, err := h.desk.Webhooks.Resume(h.ctx(), hook.ID); err != nil {
		t.Fatal(err)
	}
	h.until("all arrived", func() bool { return len(r.got()) == 1+7 })
	r.inOrder(t)
	if now := h.get(hook.ID); now.State != sellerdesk.WebhookActive || now.Reason != "" {
		t.Errorf("got %+v", now)
	}
}

func TestAReceiverThatIsGoneStopsItsWebhookAtOnce(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	r.answers(func(sellerdesk.Notice, int) int { return http.StatusGone })
	h.say(1)
	h.until("it stopped", func() bool { return h.get(hook.ID).State == sellerdesk.WebhookFailed })
	if now := h.get(hook.ID); !strings.Contains(string(now.Reason), "410") || r.called() != 1 {
		t.Errorf("got %+v after %d calls", now, r.called())
	}
}

func TestAReceiverThatAsksToWaitIsLeftAlone(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	r.header.Set("Retry-After", "600")
	r.answers(func(sellerdesk.Notice, int) int { return http.StatusTooManyRequests })
	h.say(1)
	h.until("it was asked", func() bool { return h.get(hook.ID).FailingSince != nil })
	r.answers(nil)
	h.say(1, 2, 3)
	h.clock.Advance(9 * time.Minute)
	// Only a test, which somebody waits for, does not wait.
	if _, err := h.desk.Webhooks.Test(h.ctx(), hook.ID); err != nil {
		t.Fatal(err)
	}
	h.until("the test arrived", func() bool { return len(r.got()) == 1 })
	time.Sleep(100 * time.Millisecond)
	if r.called() != 2 {
		t.Errorf("it was called %d times", r.called())
	}
	h.clock.Advance(2 * time.Minute)
	h.until("all arrived", func() bool { return len(r.got()) == 5 })
	r.inOrder(t)
}

func TestOneThatIsNeverTakenIsGivenUpAfterADayWhileOthersArrive(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	h.say(1, 2)
	h.until("both arrived", func() bool { return len(r.got()) == 2 })
	const poison = "conversation:1"
	r.answers(func(n sellerdesk.Notice, _ int) int {
		if n.Data.Key == poison {
			return http.StatusBadRequest
		}
		return http.StatusOK
	})
	h.say(1)
	h.until("it was given up", func() bool {
		h.say(2)
		h.clock.Advance(3 * time.Hour)
		log := h.log(hook.ID)
		return len(log) > 2 && log[2].State == sellerdesk.DeliveryFailed
	})
	given := h.log(hook.ID)[2]
	if given.Attempt < 3 || !strings.Contains(string(given.Error), "400") || given.DueAt != nil {
		t.Errorf("got %+v", given)
	}
	if now := h.get(hook.ID); now.State != sellerdesk.WebhookActive {
		t.Errorf("got %+v", now)
	}
	// It can be sent again by hand.
	r.answers(nil)
	if n, err := h.desk.Webhooks.Redeliver(h.ctx(), hook.ID, desk.Redelivery{Deliveries: []sellerdesk.DeliveryID{given.ID}}); n != 1 || err != nil {
		t.Fatalf("got %d, %v", n, err)
	}
	h.until("it arrived", func() bool {
		for _, n := range r.got() {
			if n.id == given.MsgID {
				return true
			}
		}
		return false
	})
}

func TestARangeIsSentAgainWithTheSameIDs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r := receive(t)
		hook, _ := h.hook(r.URL, "message.*")
		h.say(1, 2, 3)
		h.say(1)
		h.until("all arrived", func() bool { return len(r.got()) == 4 && h.get(hook.ID).Waiting == 0 })
		before := r.got()
		from, to := before[0].notice.Data.Seq, before[0].notice.Data.Seq
		for _, n := range before {
			from, to = min(from, n.notice.Data.Seq), max(to, n.notice.Data.Seq)
		}
		n, err := h.desk.Webhooks.Redeliver(h.ctx(), hook.ID, desk.Redelivery{From: from, To: to - 1})
		if err != nil || n != 3 {
			t.Fatalf("got %d, %v", n, err)
		}
		h.until("they arrived again", func() bool { return len(r.got()) == 7 })
		ids := map[string]int{}
		for _, n := range r.got() {
			ids[n.id]++
		}
		if len(ids) != 4 {
			t.Errorf("there are %d ids, want those of the first time", len(ids))
		}
		for _, wrong := range []desk.Redelivery{{}, {From: 3, To: 1}, {From: 1, To: 2, Deliveries: []sellerdesk.DeliveryID{1}}} {
			if _, err := h.desk.Webhooks.Redeliver(h.ctx(), hook.ID, wrong); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
				t.Errorf("%+v: got %v", wrong, err)
			}
		}
	})
}

func TestBothSecretsHoldForADayAfterAChange(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, old := h.hook(r.URL, "message.*")
	changed, secret, err := h.desk.Webhooks.Rotate(h.ctx(), hook.ID)
	if err != nil || secret == old || changed.OldSecretUntil == nil {
		t.Fatalf("got %+v, %v", changed, err)
	}
	r.trust(old, secret)
	h.say(1)
	h.until("it arrived", func() bool { return len(r.got()) == 1 })
	if n := len(strings.Fields(r.got()[0].header.Get("webhook-signature"))); n != 2 {
		t.Errorf("there are %d signatures", n)
	}
	h.clock.Advance(25 * time.Hour)
	r.trust(secret)
	h.until("the old one ends", func() bool {
		h.say(1)
		h.clock.Advance(31 * time.Second)
		got := r.got()
		return len(strings.Fields(got[len(got)-1].header.Get("webhook-signature"))) == 1
	})
	if now := h.get(hook.ID); now.OldSecretUntil != nil {
		t.Errorf("the old secret is good until %v", now.OldSecretUntil)
	}
}

func TestAWebhookTellsWhatItsPersonMaySeeNow(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	r.answers(func(sellerdesk.Notice, int) int { return http.StatusServiceUnavailable })
	h.say(1)
	h.until("it was tried", func() bool { return h.get(hook.ID).FailingSince != nil })
	// Another cabinet is all that is left to the person.
	webhooks := sellerdesk.RightsOf(sellerdesk.RightWebhooks)
	h.allow(sellerdesk.Access{User: 1, House: webhooks, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{h.account + 1: sellerdesk.RightsOf(sellerdesk.RightSee)}}, hook.ID)
	r.answers(nil)
	h.say(1, 2)
	h.until("what waited is given up", func() bool {
		h.clock.Advance(time.Minute)
		return h.get(hook.ID).Waiting == 0
	})
	if got := r.got(); len(got) != 0 {
		t.Errorf("it was told %+v", got)
	}
	if log := h.log(hook.ID); len(log) != 1 || log[0].State != sellerdesk.DeliveryFailed {
		t.Errorf("the log has %+v", log)
	}
	// Nothing at all is left.
	h.allow(sellerdesk.Access{User: 1}, hook.ID)
	h.until("it stopped", func() bool { return h.get(hook.ID).State == sellerdesk.WebhookFailed })
}

func TestAWebhookStopsWhenItsPersonMaySendNothingElsewhere(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	h.allow(sellerdesk.Access{User: 1, House: sellerdesk.RightsOf(sellerdesk.RightSee)}, hook.ID)
	h.until("it stopped", func() bool { return h.get(hook.ID).State == sellerdesk.WebhookFailed })
	h.say(1)
	if now := h.get(hook.ID); len(r.got()) != 0 || now.Waiting != 0 || !strings.Contains(string(now.Reason), "may no longer send") {
		t.Errorf("it was told %+v, and the webhook is %+v", r.got(), now)
	}
}

func TestWhatIsForgottenBeforeItCouldBeSentIsSaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r := receive(t)
		hook, _ := h.hook(r.URL)
		if _, err := h.desk.Webhooks.Pause(h.ctx(), hook.ID); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			h.say(1, 2, 3)
		}
		err := h.store.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Events.Trim(context.Background(), 4)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Webhooks.Resume(h.ctx(), hook.ID); err != nil {
			t.Fatal(err)
		}
		h.until("it was said", func() bool {
			for _, n := range r.got() {
				if n.notice.Type == sellerdesk.NoticeResync {
					return strings.Contains(string(n.notice.Data.Data), `"from":`)
				}
			}
			return false
		})
		h.until("it stands on the webhook", func() bool { return strings.Contains(string(h.get(hook.ID).Reason), "forgotten") })
		h.until("the rest arrived", func() bool { return len(r.got()) >= 5 })
		r.inOrder(t)
	})
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	h := one(t)
	other := receive(t)
	r := receive(t)
	r.header.Set("Location", other.URL)
	r.answers(func(sellerdesk.Notice, int) int { return http.StatusTemporaryRedirect })
	hook, _ := h.hook(r.URL, "message.*")
	h.say(1)
	h.until("it was noted", func() bool { return h.get(hook.ID).FailingSince != nil })
	if other.called() != 0 {
		t.Error("it was followed")
	}
	d, err := h.desk.Webhooks.Delivery(h.ctx(), hook.ID, h.log(hook.ID)[0].ID)
	if err != nil || !strings.Contains(string(d.Error), "redirects are not followed") || !strings.Contains(string(d.Response), "location: "+other.URL) {
		t.Errorf("got %+v, %v", d, err)
	}
	if strings.Contains(string(d.Response), "v1,") && !strings.Contains(string(d.Response), "v1,***") {
		t.Errorf("the answer repeats the signature: %s", d.Response)
	}
}

func TestDeliveriesThatAreDoneAreForgottenAfterAWeek(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	h.say(1, 2)
	h.until("all arrived", func() bool { return len(r.got()) == 2 && h.get(hook.ID).Waiting == 0 })
	h.clock.Advance(hooks.KeepFor - time.Minute)
	h.say(3)
	h.until("one more arrived", func() bool { return len(r.got()) == 3 && h.get(hook.ID).Waiting == 0 })
	h.clock.Advance(2 * time.Hour)
	h.until("the old ones are gone", func() bool { h.clock.Advance(time.Hour); return len(h.log(hook.ID)) == 1 })
}

// A receiver that answers by chance, and a program that is started again now and
// then: everything arrives in the order of its key, at least once.
func TestEverythingArrivesInOrderUnderRandomFailures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r := receive(t)
		hook, secret := h.hook(r.URL, "message.*")
		r.trust(secret)
		var mu sync.Mutex
		random := rand.New(rand.NewPCG(11, 13))
		r.answers(func(sellerdesk.Notice, int) int {
			mu.Lock()
			defer mu.Unlock()
			return []int{200, 204, 202, 200, 500, 404, 0, 302}[random.IntN(8)]
		})
		for round := range 4 {
			for range 4 {
				h.say(1, 2, 3, 4, 5)
				h.clock.Advance(time.Minute)
			}
			if round%2 == 1 {
				h.restart()
			}
		}
		h.until("all arrived", func() bool {
			h.clock.Advance(2 * time.Minute)
			return len(r.got()) >= 80 && h.get(hook.ID).Waiting == 0
		})
		r.inOrder(t)
		if got := len(r.got()); got != 80 {
			t.Errorf("%d arrived, want 80", got)
		}
	})
}

// The program is cut off after a receiver took something and before that was
// noted: it comes again with the same id, and nothing else does.
func TestWhatWasTakenButNotNotedComesAgainWithTheSameID(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	hook, _ := h.hook(r.URL, "message.*")
	h.say(1)
	h.until("it arrived", func() bool { return len(r.got()) == 1 && h.get(hook.ID).Waiting == 0 })
	h.stop()
	// As the database was before the answer was noted.
	s := storetest.Open(t, h.options)
	err := s.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Deliveries.Repeat(context.Background(), hook.ID, []sellerdesk.DeliveryID{1})
		return err
	})
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	h.start()
	h.until("it came again", func() bool { return len(r.got()) == 2 && h.get(hook.ID).Waiting == 0 })
	if got := r.got(); got[0].id != got[1].id {
		t.Errorf("the ids are %s and %s", got[0].id, got[1].id)
	}
}

// A name that stood for a public address when the webhook was made stands for
// this machine when something is sent.
func TestANameThatChangesItsMindIsNotCalled(t *testing.T) {
	t.Parallel()
	h := one(t)
	r := receive(t)
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	hook, _ := h.hook("https://rebinding.example.org:"+port, "message.*") // public when it is made
	h.say(1)
	h.until("it was tried", func() bool { return h.get(hook.ID).FailingSince != nil })
	if r.called() != 0 {
		t.Error("it was called")
	}
	log := h.log(hook.ID)
	if len(log) != 1 || !strings.Contains(string(log[0].Error), "--allow-private-webhooks") || log[0].Status != nil {
		t.Errorf("got %+v", log)
	}
}

// An answer without end, headers without end and an answer that never comes take
// no more than they may.
func TestAnAnswerTakesNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	h := one(t)
	for name, answer := range map[string]func(w http.ResponseWriter){
		"a body without end": func(w http.ResponseWriter) {
			for range 10_000 {
				if _, err := io.WriteString(w, strings.Repeat("x\x00\xff", 1000)); err != nil {
					return
				}
			}
		},
		"headers without end": func(w http.ResponseWriter) {
			for n := range 5000 {
				w.Header().Set(fmt.Sprint("X-", n), strings.Repeat("y", 100))
			}
		},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) }))
		defer s.Close()
		hook, _ := h.hook(s.URL, "message.*")
		h.say(1)
		h.until(name+" was answered", func() bool {
			log := h.log(hook.ID)
			return len(log) > 0 && log[0].Attempt > 0
		})
		d, err := h.desk.Webhooks.Delivery(h.ctx(), hook.ID, h.log(hook.ID)[0].ID)
		if err != nil || len(d.Response) > 16<<10 || strings.Contains(string(d.Response), "\x00") {
			t.Errorf("%s: %d bytes are kept, %v", name, len(d.Response), err)
		}
	}
}
