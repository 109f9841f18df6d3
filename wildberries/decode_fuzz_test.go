package wildberries

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"
)

// cannedAnswer answers every request alike, without a network and without limits.
type cannedAnswer struct {
	status int
	body   []byte
}

func (a cannedAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}

func (cannedAnswer) Wait(context.Context, string) error { return nil }

func (cannedAnswer) Observe(string, *http.Response) {}

// answeredBy makes a client for {"s":2176}: questions, feedbacks and returns.
func answeredBy(t testing.TB, status int, body []byte) *Client {
	t.Helper()
	a := cannedAnswer{status: status, body: body}
	c, err := New("eyJhbGciOiJub25lIn0.eyJzIjoyMTc2fQ.c2ln", WithHTTPClient(&http.Client{Transport: a}), WithLimiter(a), WithAttempts(1))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func seed(f *testing.F, files ...string) {
	f.Helper()
	for _, name := range files {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, body)
	}
	for _, odd := range []string{
		`{"data":null,"error":true,"errorText":["x"],"additionalErrors":"y"}`, `{"data":[],"error":"no"}`, `{"data":17}`, `{"claims":{}}`, `{}`, `[]`, `1e999`,
		`{"data":{"feedbacks":[null,1,{"photoLinks":[null,{"fullSize":1}],"video":[],"answer":7}]}}`, `{"data":{"questions":[{"answer":{}}]}}`,
		`{"claims":[{"photos":[1,null],"actions":["",null],"price":"x","dt":1}],"total":1e9}`, `{"data":{"id":"\ud800","matchingSize":" "}}`, ``,
	} {
		f.Add(200, []byte(odd))
		f.Add(422, []byte(odd))
	}
}

// usual brings a fuzzed status to those that net/http hands out as an answer.
func usual(status int) int {
	if status < 200 || status > 599 {
		return http.StatusOK
	}
	return status
}

// checkError holds what is true of every error after an answer.
func checkError(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) || len(e.kinds) == 0 || e.Outcome == OutcomeNotSent || !utf8.ValidString(e.Error()) || len(e.Body) > keptErrorBody {
		t.Errorf("error %#v", err)
	}
}

// checkWritable refuses what cannot be stored again.
func checkWritable(t *testing.T, v any) {
	t.Helper()
	if _, err := json.Marshal(v); err != nil {
		t.Errorf("cannot write %+v: %v", v, err)
	}
}

func FuzzQuestions(f *testing.F) {
	seed(f, "questions.json", "question.json")
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		c := answeredBy(t, usual(status), body)
		page, err := c.Questions.List(t.Context(), ListQuestions{})
		checkError(t, err)
		if err != nil && len(page.Questions)+len(page.Malformed) > 0 {
			t.Error("an error with a result")
		}
		checkWritable(t, page.Questions)
		_, err = c.Questions.One(t.Context(), "x")
		checkError(t, err)
		for _, err := range c.Questions.AllQuestions(t.Context(), ListQuestions{Take: 1000}) {
			checkError(t, err)
		}
		err = c.Questions.Answer(t.Context(), "x", "да")
		checkError(t, err)
		if errors.Is(err, ErrTemporary) {
			t.Error("a write that was answered is never to be repeated blindly")
		}
	})
}

func FuzzReviews(f *testing.F) {
	seed(f, "reviews.json", "review.json", "pins.json", "pinned.json")
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		c := answeredBy(t, usual(status), body)
		page, err := c.Reviews.List(t.Context(), ListReviews{})
		checkError(t, err)
		for _, r := range page.Reviews {
			if r.MatchingSize == "ок" || r.Answer == nil && !r.Unanswered() {
				t.Errorf("review %+v", r)
			}
		}
		checkWritable(t, page.Reviews)
		_, err = c.Reviews.One(t.Context(), "x")
		checkError(t, err)
		_, err = c.Reviews.Rating(t.Context())
		checkError(t, err)
		checkError(t, c.Reviews.Answer(t.Context(), "x", "да"))
		pins, err := c.Pins.List(t.Context(), ListPins{})
		checkError(t, err)
		checkWritable(t, pins.Pins)
		_, err = c.Pins.Pin(t.Context(), []PinRequest{{Method: PinByTariff, On: PinOnProduct, FeedbackID: "x"}})
		checkError(t, err)
	})
}

func FuzzClaims(f *testing.F) {
	seed(f, "claims.json")
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		c := answeredBy(t, usual(status), body)
		page, err := c.Claims.List(t.Context(), ListClaims{})
		checkError(t, err)
		for _, claim := range page.Claims {
			for _, link := range append(claim.Photos, claim.Videos...) {
				if len(link) > 1 && link[:2] == "//" {
					t.Errorf("link %q", link)
				}
			}
		}
		checkError(t, c.Claims.Answer(t.Context(), ClaimAnswer{ID: "x", Action: ActionRefund}))
	})
}

func FuzzNaiveTime(f *testing.F) {
	for _, seed := range []string{`"2026-07-23T10:00:00.245611"`, `"2026-07-23T07:00:00Z"`, `"2026-07-23"`, `""`, `null`, `17`, `"0001-01-01T00:00:00"`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		var at, again NaiveTime
		if err := json.Unmarshal(raw, &at); err != nil {
			t.Fatalf("NaiveTime refused %s: %v", raw, err)
		}
		if len(at.Raw) > 100 || at.Raw != "" && !at.IsZero() {
			t.Errorf("kept %+v", at)
		}
		written, err := json.Marshal(at)
		if err != nil {
			t.Fatalf("cannot write %+v: %v", at, err)
		}
		// Years beyond 9999 and texts that are not UTF-8 cannot come back.
		if err := json.Unmarshal(written, &again); err != nil || at.Raw == "" && at.Year() < 9999 && !again.Truncate(time.Nanosecond).Equal(at.Time) {
			t.Errorf("%s became %s and then %+v, %v", raw, written, again, err)
		}
	})
}
