package narrowing_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/narrowing"
	"github.com/sellerdesk/sellerdesk/search"
)

func TestTheListOfATabIsTypedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, tab, address string
		account            sellerdesk.AccountID
		want               string
	}{
		{"those who wait, in an account", "needs_answer", "", 7, "cabinet:7 state:open,waiting"},
		{"what is mine", "mine", "", 0, "state:open,waiting assignee:me"},
		{"what is nobody's, with a tag", "unassigned", "tag=3", 0, "state:open,waiting assignee:none team:none tag:3"},
		{"what is put off", "snoozed", "", 0, "state:snoozed"},
		{"everything", "all", "", 0, ""},
		{"unread reviews of few stars", "unread", "kind=review&stars=1,2", 0, "kind:review stars:1-2 state:unread"},
		{"what is dealt with, of one channel, in some days", "closed", "channel=north&from=2026-11-01&to=2026-11-05", 0, "channel:north state:closed,archived from:2026-11-01 to:2026-11-05"},
		{"unanswered with a photo about a product", "all", "product=A+1&photo=yes&answered=no", 0, `article:"A 1" state:unanswered has:photo`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(c.address)
			if err != nil {
				t.Fatal(err)
			}
			asked, ok := narrowing.Read(q).Question(c.tab, c.account)
			if got := asked.Typed(sellerdesk.English); got != c.want || !ok {
				t.Errorf("typed %q, want %q", got, c.want)
			}
			for _, l := range []sellerdesk.Language{sellerdesk.English, sellerdesk.Russian} {
				again, err := search.Parse(asked.Typed(l))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(asked.Typed(sellerdesk.English), again.Typed(sellerdesk.English)); diff != "" {
					t.Errorf("in %s: %s", l, diff)
				}
			}
		})
	}
}

func TestTheListOfAViewIsTypedWhereItCanBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		list    narrowing.Narrowing
		account sellerdesk.AccountID
		want    string // "" for what cannot be typed
	}{
		{"the list narrows the view", narrowing.Narrowing{View: 1, Asked: "kind:review,question stars:1-3", Kind: sellerdesk.KindReview}, 7, "cabinet:7 kind:review stars:1-3"},
		{"nothing is in both", narrowing.Narrowing{View: 1, Asked: "kind:review", Kind: sellerdesk.KindChat}, 0, ""},
		{"two names of cabinets", narrowing.Narrowing{View: 1, Asked: "cabinet:Shop"}, 7, ""},
		{"two spans of days", narrowing.Narrowing{View: 1, Asked: "from:2026-11-01", From: "2026-11-03"}, 0, ""},
		{"days of the one and the other", narrowing.Narrowing{View: 1, Asked: "from:2026-11-01", To: "2026-11-03"}, 0, "from:2026-11-01 to:2026-11-03"},
		{"a view that was not read", narrowing.Narrowing{View: 1}, 0, ""},
	} {
		q, ok := c.list.Question("all", c.account)
		if got := q.Typed(sellerdesk.English); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: typed %q, %t; want %q", c.name, got, ok, c.want)
		}
	}
}
