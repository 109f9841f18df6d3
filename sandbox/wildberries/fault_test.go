package wildberries_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

const (
	eventsOp  = "GET /api/v1/seller/events"
	messageOp = "POST /api/v1/seller/message"
	eventsURL = "/wildberries/chat/api/v1/seller/events"
)

func TestFault429SpeaksLikeTheRemoteSideAndIsNoViolation(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	b.faults(sandbox.Fault{Operation: eventsOp, Nth: 2, Effect: sandbox.Effect429, Seconds: 7})
	for i, want := range []int{200, 429, 200} {
		a := b.get(eventsURL)
		if a.status != want || want == 429 && a.header.Get("X-Ratelimit-Retry") != "7" {
			t.Errorf("call %d: %d %v", i+1, a.status, a.header)
		}
	}
	if got := b.world.State().Violations["wildberries"]; got != 0 {
		t.Errorf("%d violations", got)
	}
}

func TestFault500DoesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	sign := b.chats()[0].ReplySign
	b.faults(sandbox.Fault{Operation: messageOp, Effect: sandbox.Effect500})
	if a := b.send(sign, "a"); a.status != 500 || strings.Contains(a.header.Get("Content-Type"), "json") {
		t.Errorf("answer %d %v", a.status, a.header)
	}
	if got := len(b.world.State().Received); got != 0 {
		t.Errorf("%d received", got)
	}
}

func TestFaultSlowAnswersLateByTheWorldsClock(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	b.faults(sandbox.Fault{Operation: eventsOp, Effect: sandbox.EffectSlow, Seconds: 30})
	done := make(chan answer)
	go func() {
		a, _ := b.try(eventsURL)
		done <- a
	}()
	select {
	case <-done:
		t.Fatal("answered before its time")
	case <-time.After(50 * time.Millisecond):
	}
	b.world.Clock().Advance(30 * time.Second)
	if a := <-done; a.status != 200 {
		t.Errorf("status %d", a.status)
	}
}

func TestFaultDropBeforeIsNeverReceived(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	sign := b.chats()[0].ReplySign
	b.faults(sandbox.Fault{Operation: messageOp, Effect: sandbox.EffectDropBefore})
	if a, err := b.do(b.request(sign, "a")); err == nil {
		t.Errorf("answer %d", a.status)
	}
	if got := len(b.world.State().Received); got != 0 {
		t.Errorf("%d received", got)
	}
}

func TestFaultDropAfterIsReceivedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	sign := b.chats()[0].ReplySign
	b.faults(sandbox.Fault{Operation: messageOp, Nth: 1, Effect: sandbox.EffectDropAfter})
	if a, err := b.do(b.request(sign, "Дошло?")); err == nil {
		t.Errorf("answer %d", a.status)
	}
	if got := b.world.State(); len(got.Received) != 1 || got.Duplicates != 0 {
		t.Fatalf("%d received, %d twice", len(got.Received), got.Duplicates)
	}
	if a := b.send(sign, "Дошло?"); a.status != 200 {
		t.Fatalf("repeated: %d", a.status)
	}
	if got := b.world.State(); len(got.Received) != 2 || got.Duplicates != 1 {
		t.Errorf("after the repetition: %d received, %d twice", len(got.Received), got.Duplicates)
	}
}

func TestFaultTruncateCutsTheAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	b.faults(sandbox.Fault{Operation: eventsOp, Effect: sandbox.EffectTruncate})
	a, err := b.try(eventsURL)
	if err == nil || a.status != 200 || len(a.body) < 100 {
		t.Errorf("%d, %d bytes, %v", a.status, len(a.body), err)
	}
}

func ids(events []event) []string {
	var all []string
	for _, e := range events {
		all = append(all, e.EventID)
	}
	return all
}

func TestFaultDuplicateRepeatsEvents(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	once := b.page("")
	b.faults(sandbox.Fault{Operation: eventsOp, Effect: sandbox.EffectDuplicate})
	twice := b.page("")
	if got := slices.Compact(ids(twice.Result.Events)); twice.Result.TotalEvents != 100 || !slices.Equal(got, ids(once.Result.Events)) || *twice.Result.Next != *once.Result.Next {
		t.Errorf("%d events", twice.Result.TotalEvents)
	}
}

func TestFaultReorderKeepsTheEventsAndTheCursor(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	plain := b.page("")
	b.faults(sandbox.Fault{Operation: eventsOp, Effect: sandbox.EffectReorder})
	mixed := b.page("")
	if slices.Equal(ids(plain.Result.Events), ids(mixed.Result.Events)) || *mixed.Result.Next != *plain.Result.Next {
		t.Error("the page is as it was, or its cursor is not")
	}
	a, c := ids(plain.Result.Events), ids(mixed.Result.Events)
	slices.Sort(a)
	slices.Sort(c)
	if !slices.Equal(a, c) {
		t.Error("other events")
	}
}

func TestFaultExpireLinkSparesTheDownload(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{Moderation: -1})
	b.buyer(sandbox.BuyerMessage{Files: []sandbox.NewPart{{Name: "a.png"}}})
	image := b.page(fmt.Sprintf("?next=%d", start.UnixMilli()-1)).Result.Events[0].Message.Attachments.Images[0]
	b.faults(sandbox.Fault{Operation: "*", Effect: sandbox.EffectExpireLink})
	got, err := http.Get(image.URL)
	if err != nil || got.StatusCode != 404 {
		t.Fatalf("link: %v %v", got, err)
	}
	got.Body.Close()
	if a := b.get("/wildberries/chat/api/v1/seller/download/" + image.DownloadID); a.status != 200 {
		t.Errorf("download: %d", a.status)
	}
}

func TestFaultSkewMovesTheRemoteClockAndKeepsTheFeedInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for _, off := range []float64{3600, -3600} {
		b.faults(sandbox.Fault{Operation: "*", Effect: sandbox.EffectSkew, Seconds: off})
		b.buyer(sandbox.BuyerMessage{Text: fmt.Sprint(off)})
		a := b.get("/wildberries/chat/ping")
		want := start.Add(time.Duration(off) * time.Second)
		if got := a.header.Get("Date"); got != want.Format(http.TimeFormat) {
			t.Errorf("Date %s, want %s", got, want)
		}
	}
	b.faults()
	after := b.account.Events(start.UnixMilli(), 10)
	if len(after) != 2 || after[0].At != start.Add(time.Hour) || after[1].At != start.Add(time.Hour+time.Millisecond) {
		t.Errorf("%d events: %v", len(after), after)
	}
}

func TestFaultShareFollowsFromTheSeed(t *testing.T) {
	t.Parallel()
	strike := func() (hits []int) {
		b := newBench(t, sandbox.Options{}, wildberries.Options{})
		b.faults(sandbox.Fault{Operation: "GET /api/v1/seller/download/{id}", Share: 0.3, Effect: sandbox.Effect500})
		for i := range 100 {
			b.world.Clock().Advance(time.Second)
			if b.get("/wildberries/chat/api/v1/seller/download/x").status == 500 {
				hits = append(hits, i)
			}
		}
		return hits
	}
	first, second := strike(), strike()
	if len(first) < 15 || len(first) > 45 || !slices.Equal(first, second) {
		t.Errorf("%v, then %v", first, second)
	}
}

func TestFaultOrdersThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	good := sandbox.Fault{API: "wildberries", Operation: "*", Effect: sandbox.Effect500}
	if err := b.world.SetFaults([]sandbox.Fault{good}); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*sandbox.Fault){
		"api of a later version": func(f *sandbox.Fault) { f.API = "yandexmarket" },
		"no operation":           func(f *sandbox.Fault) { f.Operation = "" },
		"path without a method":  func(f *sandbox.Fault) { f.Operation = "/ping" },
		"unknown effect":         func(f *sandbox.Fault) { f.Effect = "explode" },
		"share over 1":           func(f *sandbox.Fault) { f.Share = 1.5 },
		"nth and share":          func(f *sandbox.Fault) { f.Nth, f.Share = 1, 0.5 },
		"negative wait":          func(f *sandbox.Fault) { f.Seconds = -1 },
	} {
		f := good
		spoil(&f)
		if err := b.world.SetFaults([]sandbox.Fault{f}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if got := len(b.world.Faults()); got != 1 {
		t.Errorf("%d faults stand after refusals", got)
	}
}
