package sellerdesk_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

func TestMomentsTravelWithThreeDecimals(t *testing.T) {
	t.Parallel()
	moments := []time.Time{
		{}, time.Unix(0, 0), time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 2, 3, 4, 5, 60_000_000, time.FixedZone("", 3*3600)),
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		moments = append(moments, time.UnixMilli(random.Int64N(4e12)-1e12))
	}
	for _, at := range moments {
		want := `"` + at.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000Z") + `"`
		got, err := sellerdesk.At(at).MarshalJSON()
		if err != nil || string(got) != want {
			t.Errorf("%v travels as %s, %v; want %s", at, got, err, want)
		}
		var back sellerdesk.Time
		if year := at.UTC().Year(); year >= 0 && year <= 9999 {
			if err := json.Unmarshal(got, &back); err != nil || !back.Equal(at.Truncate(time.Millisecond)) {
				t.Errorf("%s comes back as %v, %v", got, back, err)
			}
		}
	}
}
