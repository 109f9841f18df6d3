package sellerdesk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

func TestTimesTravelWithThreeDecimals(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("MSK", 3*3600)
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"a full second keeps its zeros", time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), `"2026-11-20T09:00:00.000Z"`},
		{"another zone becomes UTC", time.Date(2026, 11, 20, 12, 0, 0, 120e6, moscow), `"2026-11-20T09:00:00.120Z"`},
		{"what is finer than a millisecond is cut", time.Date(2026, 11, 20, 9, 0, 0, 999999999, time.UTC), `"2026-11-20T09:00:00.999Z"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(sellerdesk.At(c.at))
			if err != nil || string(got) != c.want {
				t.Fatalf("got %s, %v; want %s", got, err, c.want)
			}
			var back sellerdesk.Time
			if err := json.Unmarshal(got, &back); err != nil || !back.Equal(sellerdesk.At(c.at).Time) {
				t.Errorf("read back %v, %v", back, err)
			}
			if again := sellerdesk.AtMillis(back.Millis()); !again.Equal(back.Time) {
				t.Errorf("through milliseconds: %v, want %v", again, back)
			}
		})
	}
	var broken sellerdesk.Time
	if err := json.Unmarshal([]byte(`"tomorrow"`), &broken); err == nil {
		t.Error("a word was read as a time")
	}
}

func TestAbsentTextsTravelAsNull(t *testing.T) {
	t.Parallel()
	type row struct {
		Name sellerdesk.Optional   `json:"name"`
		Code sellerdesk.ReasonCode `json:"code"`
	}
	for _, c := range []struct {
		row  row
		want string
	}{
		{row{}, `{"name":null,"code":null}`},
		{row{"Анна \"А\"", sellerdesk.ReasonGone}, `{"name":"Анна \"А\"","code":"gone"}`},
	} {
		got, err := json.Marshal(c.row)
		if err != nil || string(got) != c.want {
			t.Errorf("got %s, %v; want %s", got, err, c.want)
		}
		back := row{"left over", "left over"}
		if err := json.Unmarshal(got, &back); err != nil || back != c.row {
			t.Errorf("read back %+v, %v; want %+v", back, err, c.row)
		}
	}
}

func TestASecretNeverPrints(t *testing.T) {
	t.Parallel()
	const word = "eyJhbGciOi"
	s := sellerdesk.Secret(word)
	type holder struct {
		Token sellerdesk.Secret
	}
	encoded, err := json.Marshal(holder{s})
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{
		string(encoded), s.String(),
		fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s),
		fmt.Sprintf("%v %+v %#v", holder{s}, holder{s}, &holder{s}),
		fmt.Sprint(map[string]sellerdesk.Secret{"token": s}), fmt.Sprint([]sellerdesk.Secret{s}),
	} {
		if strings.Contains(printed, word) || strings.Contains(printed, fmt.Sprintf("%x", word)) {
			t.Errorf("the secret shows in %q", printed)
		}
	}
	if s.Reveal() != word {
		t.Error("Reveal does not give the text")
	}
}

func TestErrorsKeepTheirCode(t *testing.T) {
	t.Parallel()
	base := sellerdesk.Errorf(sellerdesk.CodeInvalid, "The text has %d characters.", 1001).InField("text").Because(fs.ErrInvalid)
	wrapped := fmt.Errorf("reply: %w", base)
	if got := sellerdesk.CodeOf(wrapped); got != sellerdesk.CodeInvalid {
		t.Errorf("code %q", got)
	}
	if !errors.Is(wrapped, fs.ErrInvalid) || base.Field != "text" || !strings.HasPrefix(base.Error(), "The text has 1001 characters.") {
		t.Errorf("unexpected error %v", base)
	}
	if sellerdesk.CodeOf(nil) != "" || sellerdesk.CodeOf(errors.New("x")) != sellerdesk.CodeInternal {
		t.Error("the code of other errors is wrong")
	}
}

func TestActionsSurviveTheOutbox(t *testing.T) {
	t.Parallel()
	about := sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: "r1", Remote: []byte(`{"a":1}`)}
	for _, a := range []sellerdesk.Action{
		sellerdesk.Reply{Conversation: about, Text: "да", Files: []sellerdesk.Blob{{File: 3, Name: "a.pdf", Type: "application/pdf", Size: 5, Hash: "ab"}}},
		sellerdesk.Answer{Conversation: about, Text: "спасибо"},
		sellerdesk.Edit{Conversation: about, Text: "спасибо!"},
		sellerdesk.Reject{Conversation: about, Text: "нет"},
		sellerdesk.Decide{Conversation: about, Decision: "approve1", Comment: "хорошо"},
		sellerdesk.View{Conversation: about}, sellerdesk.OrderReturn{Conversation: about},
		sellerdesk.Pin{Conversation: about}, sellerdesk.Unpin{Conversation: about},
	} {
		b, err := sellerdesk.EncodeAction(a)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "r1") {
			t.Errorf("%s keeps the conversation in the payload, where it could grow old: %s", a.Kind(), b)
		}
		back, err := sellerdesk.DecodeAction(a.Kind(), b, about)
		if diff := cmp.Diff(a, back); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", a.Kind(), err, diff)
		}
	}
	if _, err := sellerdesk.DecodeAction("dance", []byte(`{}`), about); err == nil {
		t.Error("an unknown action was decoded")
	}
	if _, err := sellerdesk.DecodeAction(sellerdesk.ActionReply, []byte(`{`), about); err == nil {
		t.Error("a broken payload was decoded")
	}
}

func TestAnAnswerIsDueByTheTargetOfItsKind(t *testing.T) {
	t.Parallel()
	since := sellerdesk.At(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	target := sellerdesk.Target{sellerdesk.KindChat: time.Hour}
	if due := target.Due(sellerdesk.KindChat, &since); due == nil || due.Sub(since.Time) != time.Hour {
		t.Errorf("due %v", due)
	}
	if target.Due(sellerdesk.KindChat, nil) != nil || target.Due(sellerdesk.KindReview, &since) != nil {
		t.Error("something is due though nobody waits, or without a target")
	}
	for _, k := range sellerdesk.Kinds() {
		if sellerdesk.DefaultTarget()[k] <= 0 {
			t.Errorf("no default target for %s", k)
		}
	}
}

func TestCountsAddUp(t *testing.T) {
	t.Parallel()
	var c sellerdesk.KindCounts
	for n, k := range sellerdesk.Kinds() {
		c.Add(k, n+1)
	}
	if want := (sellerdesk.KindCounts{All: 10, Chat: 1, Question: 2, Review: 3, Claim: 4}); c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestTheLaneTravelsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	if got := sellerdesk.LaneOf(ctx); got != sellerdesk.LanePoll {
		t.Errorf("lane %d without a word", got)
	}
	if got := sellerdesk.LaneOf(sellerdesk.WithLane(ctx, sellerdesk.LanePerson)); got != sellerdesk.LanePerson {
		t.Errorf("lane %d", got)
	}
}

func TestSleepEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var clock sellerdesk.Clock
		began := clock.Now()
		if err := clock.Sleep(t.Context(), time.Minute); err != nil || clock.Now().Sub(began) != time.Minute {
			t.Errorf("slept %v, %v", clock.Now().Sub(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := clock.Sleep(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a cancelled sleep gave %v", err)
		}
	})
}
