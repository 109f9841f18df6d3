package yandexmarket

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// shelf is a list that is paged through while it changes.
type shelf struct {
	now  time.Time
	size int // of a page
	rows []row
	err  error
}

func (s *shelf) page(_ context.Context, page string, _ time.Time) (rows, error) {
	if s.err != nil {
		return rows{}, s.err
	}
	at, _ := strconv.Atoi(page)
	end := min(at+s.size, len(s.rows))
	out := rows{list: s.rows[min(at, end):end]}
	if end < len(s.rows) {
		out.next = strconv.Itoa(end)
	}
	return out, nil
}

// says puts a chat whose last word is of a moment.
func (s *shelf) says(id int64, at time.Time) {
	moved := sellerdesk.At(at)
	r := row{deep: true, moved: moved}
	r.patch = sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: named(id), UpdatedAt: &moved}
	for i := range s.rows {
		if s.rows[i].patch.RemoteID == r.patch.RemoteID {
			s.rows[i] = r
			return
		}
	}
	s.rows = append(s.rows, r)
}

// pass reads on until nothing more is there, and tells what is to be read again.
func pass(t *testing.T, w *sweep, from sellerdesk.Cursor) (again []sellerdesk.RemoteID, next sellerdesk.Cursor, after time.Duration) {
	t.Helper()
	for range 1000 {
		b, err := w.pull(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range b.Reread {
			again = append(again, ref.ID)
		}
		if from = b.Next; !b.More {
			return again, from, b.After
		}
	}
	t.Fatal("the pass never ends")
	return nil, "", 0
}

func ids(n ...int64) (out []sellerdesk.RemoteID) {
	for _, id := range n {
		out = append(out, named(id))
	}
	return out
}

func newShelf() (*shelf, *sweep) {
	s := &shelf{now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), size: 2}
	return s, &sweep{kind: sellerdesk.KindChat, page: s.page, now: func() time.Time { return s.now }, per: time.Second}
}

func TestSweepReadsWhatIsNewAndWhatChanged(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	w.left = func(sellerdesk.RemoteID) {}
	old := s.now.Add(-time.Hour)
	for id := range int64(5) {
		s.says(id+1, old)
	}
	again, at, after := pass(t, w, "")
	if diff := cmp.Diff(ids(1, 2, 3, 4, 5), again); diff != "" {
		t.Errorf("the first pass:\n%s", diff)
	}
	if after != 3*time.Second {
		t.Errorf("three pages cost %s, want 3s", after)
	}
	again, at, _ = pass(t, w, at)
	if len(again) > 0 {
		t.Errorf("nothing changed, and %v are read again", again)
	}
	s.says(4, old.Add(time.Minute))
	if again, at, _ = pass(t, w, at); cmp.Diff(ids(4), again) != "" {
		t.Errorf("chat 4 changed, and %v are read again", again)
	}
	s.rows = s.rows[1:]
	if again, at, _ = pass(t, w, at); cmp.Diff(ids(1), again) != "" {
		t.Errorf("chat 1 left, and %v are read again", again)
	}
	if again, _, _ = pass(t, w, at); len(again) > 0 {
		t.Errorf("chat 1 left before, and %v are read again", again)
	}
}

func TestSweepFindsAfterARestartWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	old := s.now.Add(-time.Hour)
	for id := range int64(5) {
		s.says(id+1, old.Add(time.Duration(id)*time.Minute))
	}
	var at sellerdesk.Cursor
	for range 3 {
		_, at, _ = pass(t, w, at)
	}
	s.says(2, old.Add(30*time.Minute))
	_, fresh := newShelf()
	fresh.page = s.page
	if again, _, _ := pass(t, fresh, at); cmp.Diff(ids(2), again) != "" {
		t.Errorf("chat 2 changed, and a new process reads %v again", again)
	}
}

// A chat changes behind the reader's back while a pass is under way, and a
// later one that the pass still sees is younger.
func TestSweepMissesNothingThatChangesDuringAPass(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	old := s.now.Add(-time.Hour)
	for id := range int64(4) {
		s.says(id+1, old)
	}
	var at sellerdesk.Cursor
	for range 2 {
		_, at, _ = pass(t, w, at)
	}
	b, err := w.pull(t.Context(), at)
	if err != nil || !b.More {
		t.Fatalf("the first page: %v, more %v", err, b.More)
	}
	s.says(1, old.Add(10*time.Minute)) // its page was read
	s.says(4, old.Add(20*time.Minute)) // its page comes
	_, at, _ = pass(t, w, b.Next)
	_, fresh := newShelf() // and the process dies
	fresh.page = s.page
	if again, _, _ := pass(t, fresh, at); cmp.Diff(ids(1, 4), again) != "" {
		t.Errorf("chats 1 and 4 changed, and %v are read again", again)
	}
}

func TestSweepHandsOutAgainWhatWasNotSaved(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	s.says(1, s.now.Add(-time.Hour))
	for _, time := range []string{"first", "second"} {
		b, err := w.pull(t.Context(), "")
		if err != nil || len(b.Reread) != 1 {
			t.Errorf("the %s time %d are read again, %v", time, len(b.Reread), err)
		}
	}
}

func TestSweepLooksTwiceAtWhatIsOfThisMoment(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	s.says(1, s.now)
	again, at, _ := pass(t, w, "")
	s.now = s.now.Add(5 * time.Second)
	second, at, _ := pass(t, w, at)
	third, _, _ := pass(t, w, at)
	if len(again) != 1 || len(second) != 1 || len(third) != 0 {
		t.Errorf("read again %v, then %v, then %v; another line may be of the same moment, but not for ever", again, second, third)
	}
}

func TestSweepStartsAnewWhenItsPageIsRefused(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	for id := range int64(3) {
		s.says(id+1, s.now.Add(-time.Hour))
	}
	b, err := w.pull(t.Context(), "")
	if err != nil || !b.More {
		t.Fatalf("the first page: %v", err)
	}
	s.err = &channel.Error{Class: channel.Refused}
	b, err = w.pull(t.Context(), b.Next)
	if err != nil || b.More {
		t.Fatalf("a refused page: %v, more %v", err, b.More)
	}
	s.err = nil
	if again, _, _ := pass(t, w, b.Next); len(again) != 3 {
		t.Errorf("after that %v are read again", again)
	}
	s.err = &channel.Error{Class: channel.Refused}
	if _, err = w.pull(t.Context(), ""); err == nil {
		t.Error("a list that is refused from its beginning goes unnoticed")
	}
}

func TestWalkReadsWindowsBackAndGoesOnAnywhere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var steps []string
	make := func() *walk {
		return &walk{now: func() time.Time { return now }, passes: 1, windows: 2, days: 10, recent: 1,
			page: func(_ context.Context, s step) (haul, error) {
				steps = append(steps, fmt.Sprintf("%s..%s %q %v", s.from.Format("01-02"), s.to.Format("01-02"), s.page, s.again))
				if s.page == "" {
					return haul{next: "p"}, nil
				}
				return haul{}, nil
			}}
	}
	var at sellerdesk.Cursor
	for more := true; more; {
		b, err := make().pull(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		at, more = b.Next, b.More
	}
	want := []string{`11-11..11-21 "" false`, `11-11..11-21 "p" false`, `11-01..11-11 "" false`, `11-01..11-11 "p" false`}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Error(diff)
	}
	if b, err := make().pull(t.Context(), at); err != nil || b.Next != at || len(steps) != 4 {
		t.Errorf("a walk that ended goes on: %v, %v", steps[4:], err)
	}
	now = now.Add(walkAgain)
	if _, err := make().pull(t.Context(), at); err != nil || len(steps) != 5 || steps[4] != `11-11..11-21 "" true` {
		t.Errorf("six hours later it reads %v, %v", steps[4:], err)
	}
}

func TestSweepLeavesAloneWhatWasReadAfterAPush(t *testing.T) {
	t.Parallel()
	s, w := newShelf()
	var heard readChats
	w.heard = heard.same
	old := s.now.Add(-time.Hour)
	s.says(1, old)
	s.says(2, old)
	_, at, _ := pass(t, w, "")
	said := sellerdesk.At(s.now.Add(-time.Minute))
	heard.note(named(1), said.Millis()) // a push named it, and the history was read
	s.says(1, said.Time)
	s.says(2, said.Time)
	again, at, _ := pass(t, w, at)
	if diff := cmp.Diff(ids(2), again); diff != "" {
		t.Errorf("read again:\n%s", diff)
	}
	s.says(1, said.Time.Add(time.Millisecond)) // and that push was lost
	if again, _, _ = pass(t, w, at); cmp.Diff(ids(1), again) != "" {
		t.Errorf("chat 1 has a newer line, and %v are read again", again)
	}
}
