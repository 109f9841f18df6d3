package radist_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/radist"
)

// history answers for one chat as the specification says: newest first, bounded
// by until. Moments are in microseconds after start, the newest first.
type history struct {
	moments []int64
	strict  bool // until is left out itself
	coarse  bool // until is cut to whole seconds
	asked   int
}

func (h *history) RoundTrip(r *http.Request) (*http.Response, error) {
	h.asked++
	if h.asked > 200 {
		return nil, errors.New("it is asked for ever")
	}
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		return nil, err
	}
	until := start.Add(time.Hour)
	if text := q.Get("until"); text != "" {
		if until, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return nil, err
		}
	}
	if h.coarse {
		until = until.Truncate(time.Second)
	}
	var out []string
	for n, at := range h.moments {
		moment := start.Add(time.Duration(at) * time.Microsecond)
		if moment.After(until) || h.strict && moment.Equal(until) || len(out) == limit {
			continue
		}
		out = append(out, fmt.Sprintf(`{"message_id":"m%d","created_at":%q,"direction":"inbound","message_type":"text","text":{"text":"x"}}`, n, moment.Format(time.RFC3339Nano)))
	}
	return says(r, 200, "["+strings.Join(out, ",")+"]"), nil
}

// names are those of the first n messages.
func names(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("m%d", i))
	}
	return out
}

func ids(messages []radist.Message) []string {
	var out []string
	for _, m := range messages {
		out = append(out, m.ID)
	}
	return out
}

func TestMessagesThatShareASecondAreNotLost(t *testing.T) {
	t.Parallel()
	const s = int64(1e6) // a second
	for _, c := range []struct {
		name    string
		moments []int64
		want    []string
		gaps    []int64
	}{
		{"an empty chat", nil, nil, nil},
		{"less than a page", []int64{2 * s, s}, names(2), nil},
		{"exactly a page", []int64{3 * s, 2 * s, s}, names(3), nil},
		{"each in a second of its own", []int64{7 * s, 6 * s, 5 * s, 4 * s, 3 * s, 2 * s, s}, names(7), nil},
		{"two in a second at the border of pages", []int64{4 * s, 3 * s, 2 * s, 2 * s, s}, names(5), nil},
		{"pairs all the way", []int64{4 * s, 4 * s, 3 * s, 3 * s, 2 * s, 2 * s, s, s}, names(8), nil},
		{"microseconds of outbound ones beside each other", []int64{5*s + 3, 5*s + 2, 5*s + 1, 5 * s, 5*s - 1, 5*s - 2}, names(6), nil},
		{"a whole page in one second may hide more", []int64{5 * s, 2 * s, 2 * s, 2 * s, 2 * s, s}, []string{"m0", "m1", "m2", "m3", "m5"}, []int64{2 * s}},
		{"so does the newest second", []int64{2 * s, 2 * s, 2 * s, s}, names(4), []int64{2 * s}},
		{"and the oldest", []int64{3 * s, s, s, s}, names(4), []int64{s}},
	} {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, strict %v", c.name, strict), func(t *testing.T) {
				t.Parallel()
				h := &history{moments: c.moments, strict: strict}
				client := scripted(t, h.RoundTrip, radist.WithAttempts(1))
				var gaps []int64
				got, err := collect(client.Messages.All(t.Context(), 3, radist.Walk{Chat: 37, Limit: 3, Gap: func(at time.Time) { gaps = append(gaps, at.Sub(start).Microseconds()) }}))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, ids(got)); diff != "" {
					t.Errorf("messages (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(c.gaps, gaps); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A service that reads the bound otherwise loses messages, which is at least told.
func TestABoundThatIsReadInSecondsIsNoticed(t *testing.T) {
	t.Parallel()
	h := &history{moments: []int64{4e6, 3e6, 2e6, 2e6, 2e6, 1e6}, strict: true, coarse: true}
	var gaps []int64
	got, err := collect(scripted(t, h.RoundTrip).Messages.All(t.Context(), 3, radist.Walk{Chat: 37, Limit: 3, Gap: func(at time.Time) { gaps = append(gaps, at.Sub(start).Microseconds()) }}))
	if diff := cmp.Diff([]int64{2e6}, gaps); err != nil || diff != "" || len(got) != 4 {
		t.Errorf("%d messages, %v, gaps (-want +got):\n%s", len(got), err, diff)
	}
}

// Whatever a chat looks like, each message comes once and in order; what is
// missing is of a moment that was told.
func TestWalksThroughRandomChats(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var moments []int64
		for range random.IntN(40) {
			moments = append(moments, random.Int64N(12)*1e6+random.Int64N(2)*random.Int64N(3))
		}
		slices.SortFunc(moments, func(a, b int64) int { return int(b - a) })
		h := &history{moments: moments, strict: random.IntN(2) == 0}
		limit := 2 + random.IntN(5)
		told := map[int64]bool{}
		client := scripted(t, h.RoundTrip, radist.WithAttempts(1))
		got, err := collect(client.Messages.All(t.Context(), 3, radist.Walk{Chat: 37, Limit: limit, Gap: func(at time.Time) { told[at.Sub(start).Microseconds()] = true }}))
		if err != nil {
			t.Fatalf("%v by %d: %v", moments, limit, err)
		}
		had := map[string]bool{}
		for _, m := range got {
			if had[m.ID] {
				t.Fatalf("%v by %d: %s comes twice", moments, limit, m.ID)
			}
			had[m.ID] = true
		}
		for n, at := range moments {
			// The strict service leaves out the microsecond before such a moment, too.
			if !had[fmt.Sprintf("m%d", n)] && !told[at] && !told[at+1] {
				t.Fatalf("%v by %d, strict %v: m%d is lost, told %v", moments, limit, h.strict, n, told)
			}
		}
	}
}

func TestAWalkEndsWhereItShould(t *testing.T) {
	t.Parallel()
	h := &history{moments: []int64{9e6, 8e6, 7e6, 6e6, 5e6, 4e6, 3e6}}
	client := scripted(t, h.RoundTrip)
	got, err := collect(client.Messages.All(t.Context(), 3, radist.Walk{Chat: 37, Limit: 3, Since: start.Add(6 * time.Second), Until: start.Add(8 * time.Second)}))
	if diff := cmp.Diff([]string{"m1", "m2", "m3"}, ids(got)); err != nil || diff != "" || h.asked != 2 {
		t.Errorf("%v after %d pages (-want +got):\n%s", err, h.asked, diff)
	}
	h.asked = 0
	for range client.Messages.All(t.Context(), 3, radist.Walk{Chat: 37, Limit: 3}) {
		break
	}
	if h.asked != 1 {
		t.Errorf("%d pages were asked for", h.asked)
	}
}

// A service that does not do what it is asked for must not keep anybody busy for ever.
func TestAWalkNeverGoesInCircles(t *testing.T) {
	t.Parallel()
	message := func(n int, at string) string {
		return fmt.Sprintf(`{"message_id":"m%d","created_at":%q,"message_type":"text"}`, n, at)
	}
	for name, body := range map[string]string{
		"until is not heard":        "[" + message(1, "2026-11-20T09:00:02Z") + "," + message(2, "2026-11-20T09:00:01Z") + "]",
		"moments that are no dates": "[" + message(1, "soon") + "," + message(2, "") + "]",
		"items that are nothing":    `[7,{}]`,
	} {
		asked := 0
		client := scripted(t, func(r *http.Request) (*http.Response, error) {
			if asked++; asked > 20 {
				return nil, errors.New("it is asked for ever")
			}
			return says(r, 200, body), nil
		}, radist.WithAttempts(1))
		got, err := collect(client.Messages.All(t.Context(), 3, radist.Walk{Chat: 37, Limit: 2}))
		if !errors.Is(err, radist.ErrMalformed) || asked > 4 || len(got) > 2 {
			t.Errorf("%s: %d messages, %v after %d pages", name, len(got), err, asked)
		}
	}
	client := scripted(t, always(500, "{}"), radist.WithAttempts(1))
	if _, err := collect(client.Messages.All(t.Context(), 3, radist.Walk{Chat: 37})); !errors.Is(err, radist.ErrTemporary) {
		t.Errorf("a failing page: %v", err)
	}
}
