package sellerdesk_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

func TestTheWindowDecidesWhatMayBeSaid(t *testing.T) {
	t.Parallel()
	now := sellerdesk.At(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))
	later, earlier := sellerdesk.At(now.Add(time.Hour)), sellerdesk.At(now.Add(-time.Second))
	yes, no := true, false
	table := []sellerdesk.Ability{{Action: sellerdesk.ActionReply}, {Action: sellerdesk.ActionTemplate}}
	for _, c := range []struct {
		name   string
		window *sellerdesk.Window
		want   []string
	}{
		{"a channel without windows takes everything", nil, []string{"reply", "template"}},
		{"an open window takes everything", &sellerdesk.Window{Until: &later, Balance: &yes}, []string{"reply", "template"}},
		{"a window that shut a second ago takes templates only", &sellerdesk.Window{Until: &earlier, Balance: &yes}, []string{"reply: window_shut", "template"}},
		{"one that was never open takes templates only", &sellerdesk.Window{}, []string{"reply: window_shut", "template"}},
		{"one that may always be written to takes everything", &sellerdesk.Window{Unbounded: true}, []string{"reply", "template"}},
		{"without balance nothing leaves, whatever the window", &sellerdesk.Window{Until: &later, Balance: &no}, []string{"reply: balance", "template: balance"}},
	} {
		got := brief(sellerdesk.Abilities(table, sellerdesk.Facts{Status: sellerdesk.ConversationOpen, Window: c.window, Now: now}))[:2]
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	can := sellerdesk.Abilities(table, sellerdesk.Facts{Window: &sellerdesk.Window{Until: &later}, Now: now})
	if can[0].Until == nil || !can[0].Until.Equal(later.Time) {
		t.Errorf("an open window says until when one may write, not %v", can[0].Until)
	}
}

func TestAPhoneIsTheSameInEverySpelling(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"+7 999 000-00-01", "79990000001", "89990000001", "8 (999) 000 00 01", "+7(999)0000001", "7-999-000-00-01",
		"+7 999 000 00 01", "9990000001", "7.999.000.00.01", " +7/999/0000001 ", "007 999 000 00 01"} {
		if got, ok := sellerdesk.NormalPhone(s); !ok || got != "79990000001" {
			t.Errorf("%q is %q, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "123456", "+", "7999000000a", "1234567890123456", "7+9990000001", "++79990000001", "нет", "0000000", "00123456"} {
		if got, ok := sellerdesk.NormalPhone(s); ok {
			t.Errorf("%q is no phone, not %q", s, got)
		}
	}
	if got, _ := sellerdesk.NormalPhone("+80 12 3456789"); got != "80123456789" {
		t.Errorf("a number with a country keeps it, not %q", got)
	}
}
