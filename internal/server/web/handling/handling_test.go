package handling

import (
	"net/url"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

func TestPresetsEndInTheMorningsAndEveningsOfTheZone(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("MSK", 3*3600)
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 30, 0, 0, moscow) }
	for _, c := range []struct {
		name, preset string
		now, want    time.Time
	}{
		{"an hour", "1h", at(18, 12), at(18, 13)},
		{"the evening, while it is far", "evening", at(18, 12), at(18, 18).Add(-30 * time.Minute)},
		{"no evening late in the day", "evening", at(18, 17), time.Time{}},
		{"tomorrow over the end of a month", "tomorrow", at(30, 12), at(31, 9).Add(-30 * time.Minute)},
		{"next Monday from a Wednesday", "week", at(18, 12), at(23, 9).Add(-30 * time.Minute)},
		{"next Monday from a Sunday", "week", at(22, 12), at(23, 9).Add(-30 * time.Minute)},
		{"next Monday from a Monday", "week", at(23, 12), at(30, 9).Add(-30 * time.Minute)},
		{"what there is not", "never", at(18, 12), time.Time{}},
	} {
		if got := moment(c.preset, c.now); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhatMenusSendIsReadInTheZoneOfThePerson(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("MSK", 3*3600)
	now := time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
	c, err := Change(url.Values{"until": {"2026-11-20T08:15"}, "order": {"yes"}, "user": {"3"}, "team": {"x"}, "priority": {"high"}}, moscow, now)
	if err != nil || c.Until == nil || !c.Until.Equal(time.Date(2026, 11, 20, 5, 15, 0, 0, time.UTC)) {
		t.Errorf("%+v %v", c, err)
	}
	if !c.Order || c.Assign.User == nil || *c.Assign.User != 3 || c.Assign.Team != nil || c.Priority != sellerdesk.PriorityHigh {
		t.Errorf("%+v", c)
	}
	if _, err := Change(url.Values{"until": {"soon"}}, moscow, now); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
		t.Errorf("got %v", err)
	}
	if c, err := Change(nil, moscow, now); err != nil || c != (sellerdesk.HandleChange{}) {
		t.Errorf("%+v %v", c, err)
	}
}
