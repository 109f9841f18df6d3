package wildberries

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

func FuzzInspectToken(f *testing.F) {
	f.Add("a.b.c")
	f.Add("Bearer eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDAsInMiOjUxMn0.c2ln")
	f.Add("x.eyJleHAiOi0xLCJzIjotMSwib2lkIjoxZTQwMH0.y")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		got, err := InspectToken(token)
		if err != nil {
			if diff := cmp.Diff(Token{}, got); diff != "" {
				t.Errorf("an error with a result: %s", diff)
			}
			return
		}
		if y := got.Expiry.Year(); y > 9999 || got.SellerNumber < 0 || len(got.ID)+len(got.SellerID) > 400 {
			t.Errorf("out of range: %+v", got)
		}
		// What passes goes into a header.
		if bare := trimScheme(token); len(bare) > longestToken || strings.Trim(bare, tokenAlphabet+".") != "" || strings.ContainsAny(bare, "\r\n ") {
			t.Errorf("accepted %q", bare)
		}
	})
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(`{"result":{"next":1784790060000,"totalEvents":1,"events":[{"chatID":"1:a","eventID":"e","message":{"text":"x"}}]},"errors":null}`), int64(0))
	f.Add([]byte(`{"result":{"next":"17","events":null},"errors":[{"detail":"x"},"y",3]}`), int64(5))
	f.Add([]byte(`{"result":{"next":1e300}}`), int64(1))
	f.Add([]byte(`{"result":{"events":[1,null,{"addTimestamp":-1},{"message":{"attachments":{"goodCard":{"price":"1"}}}}]}}`), int64(1))
	f.Fuzz(func(t *testing.T, body []byte, previous int64) {
		previous = max(previous, 0)
		var answer eventsAnswer
		if rest.DecodeJSON(http.Header{}, body, &answer) != nil || answer.Result == nil {
			return
		}
		page := answer.page(previous)
		if page.Next < previous || page.Next > max(previous, latestMillis) {
			t.Errorf("cursor %d after %d", page.Next, previous)
		}
		if len(page.Events)+len(page.Malformed) != len(answer.Result.Events) {
			t.Errorf("%d events became %d and %d", len(answer.Result.Events), len(page.Events), len(page.Malformed))
		}
	})
}

func FuzzError(f *testing.F) {
	f.Add(400, "application/json", []byte(`{"title":"Bad Request","detail":"Invalid number","error":"Invalid number"}`), true)
	f.Add(429, "application/problem+json", []byte(`{"errors":[[[{"errors":["x"]}]]]}`), false)
	f.Add(500, "text/html", []byte("<html>"), true)
	f.Add(422, "", []byte("{\"errorText\":\"\xff\u202e\"}"), false)
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte, write bool) {
		method := http.MethodGet
		if write {
			method = http.MethodPost
		}
		e := refusal(chatOperation(method, "/x", BucketChatMessage), status, http.Header{"Content-Type": {kind}}, body)
		text := e.Error()
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n\x00") || utf8.RuneCountInString(text) > 500 {
			t.Errorf("text %q", text)
		}
		if len(e.kinds) == 0 || len(e.Body) > keptErrorBody {
			t.Errorf("%d kinds, %d bytes", len(e.kinds), len(e.Body))
		}
		if write && e.Is(ErrTemporary) {
			t.Error("a write that was answered is never to be repeated blindly")
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, seed := range []string{`"2026-07-23T07:00:00Z"`, `"2026-07-23T07:00:00.594+03:00"`, `""`, `null`, `1784790000123`, `1.784e12`, `"17"`, `"0001-01-01T00:00:00Z"`, `-1`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		var at Time
		if err := json.Unmarshal(raw, &at); err != nil {
			t.Fatalf("Time refused %s: %v", raw, err)
		}
		if len(at.Raw) > 100 {
			t.Errorf("kept %d bytes", len(at.Raw))
		}
		if _, err := json.Marshal(at); err != nil {
			t.Errorf("cannot write %+v: %v", at, err)
		}
		var ms Millis
		if json.Unmarshal(raw, &ms) == nil && (ms < 0 || ms > latestMillis) {
			t.Errorf("%s became %d", raw, ms)
		}
	})
}

func TestTime(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 7, 23, 7, 0, 0, 0, time.UTC)
	cases := []struct {
		name, raw string
		want      Time
	}{
		{"UTC", `"2026-07-23T07:00:00Z"`, Time{Time: moment}},
		{"a zone is turned into UTC", `"2026-07-23T10:00:00+03:00"`, Time{Time: moment}},
		{"milliseconds", `"2026-07-23T07:00:00.250Z"`, Time{Time: moment.Add(250 * time.Millisecond)}},
		{"no zone means UTC", `"2026-07-23T07:00:00"`, Time{Time: moment}},
		{"a day", `"2026-07-23"`, Time{Time: moment.Add(-7 * time.Hour)}},
		{"empty", `""`, Time{}},
		{"null", `null`, Time{}},
		{"the zero date", `"0001-01-01T00:00:00Z"`, Time{}},
		{"nonsense is kept", `"yesterday"`, Time{Raw: "yesterday"}},
		{"a number is kept", `17`, Time{Raw: "17"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got Time
			if err := json.Unmarshal([]byte(c.raw), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("time (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMillis(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Millis{`0`: 0, `null`: 0, `""`: 0, `1784790000123`: 1784790000123, `"1784790000123"`: 1784790000123, `1.784790000123e12`: 1784790000123} {
		var got Millis
		if err := json.Unmarshal([]byte(raw), &got); err != nil || got != want {
			t.Errorf("%s became %d, %v", raw, got, err)
		}
	}
	for _, raw := range []string{`-1`, `9223372036854775807`, `1e300`, `"soon"`, `{}`} {
		var got Millis
		if err := json.Unmarshal([]byte(raw), &got); err == nil {
			t.Errorf("%s became %d", raw, got)
		}
	}
	if got := Millis(math.MaxInt32 * 1000).Time().Year(); got != 2038 {
		t.Errorf("year %d", got)
	}
}
