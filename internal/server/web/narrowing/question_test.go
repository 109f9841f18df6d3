package narrowing_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/narrowing"
)

func TestTheListOfATabIsTypedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, tab, address string
		account            sellerdesk.AccountID
		want               string
	}{
		{"those who wait, in an account", "needs_answer", "", 7, "cabinet:7 state:open,snoozed,waiting"},
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
			asked := narrowing.Read(q).Question(c.tab, c.account)
			if got := asked.Typed(sellerdesk.English); got != c.want {
				t.Errorf("typed %q, want %q", got, c.want)
			}
			for _, l := range []sellerdesk.Language{sellerdesk.English, sellerdesk.Russian} {
				again, err := sellerdesk.ParseSearch(asked.Typed(l))
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
