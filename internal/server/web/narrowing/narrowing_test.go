package narrowing_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/narrowing"
)

func TestWhatNarrowsTheListComesBackFromItsAddress(t *testing.T) {
	t.Parallel()
	want := narrowing.Narrowing{
		Channel: "box", Kind: sellerdesk.KindReview, Stars: 1<<1 | 1<<5, Product: "4711", From: "2026-11-01", To: "2026-11-20", Photo: true, Answered: "no", Tag: 3, View: 7,
	}
	q := url.Values{}
	want.Put(q)
	if diff := cmp.Diff(want, narrowing.Read(q)); diff != "" {
		t.Error(diff)
	}
	empty := url.Values{}
	narrowing.Narrowing{}.Put(empty)
	if len(empty) > 0 {
		t.Errorf("nothing is written as %v", empty)
	}
	bad := url.Values{"from": {"x"}, "kind": {"gossip"}, "stars": {"0,6,x"}, "answered": {"maybe"}, "photo": {"1"}}
	if diff := cmp.Diff(narrowing.Narrowing{}, narrowing.Read(bad)); diff != "" {
		t.Error(diff)
	}
}

func TestDaysAreThoseOfTheViewer(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 3*3600)
	from, to := narrowing.Narrowing{From: "2026-11-01", To: "2026-11-01"}.Bounds(zone)
	if got := to.Sub(from.Time); got != 24*time.Hour-time.Millisecond || from.UTC().Hour() != 21 {
		t.Errorf("from %s for %s", from, got)
	}
	if from, to := (narrowing.Narrowing{}).Bounds(zone); from != nil || to != nil {
		t.Error("no days bound the list")
	}
}
