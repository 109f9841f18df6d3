package wildberries

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// shelf is a list of questions at the remote side, in memory.
type shelf struct {
	t     *testing.T
	items []api.Question
	now   time.Time
	calls int
	fails error
}

var shelfStart = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// add puts n new questions in, a step apart.
func (s *shelf) add(n int, step time.Duration) {
	for range n {
		s.now = s.now.Add(step)
		s.items = append(s.items, api.Question{
			ID: fmt.Sprint(len(s.items)), Text: "?", State: api.QuestionNew, CreatedDate: api.Time{Time: s.now},
		})
	}
}

func (s *shelf) answer(ids ...int) {
	for _, id := range ids {
		s.items[id].State = api.QuestionAnswered
		s.items[id].Answer = &api.QuestionAnswer{Text: "!"}
	}
}

// list answers as the remote side does, with dates in whole seconds, both included.
func (s *shelf) list(_ context.Context, q query) (page, error) {
	if s.calls++; s.fails != nil {
		return page{}, s.fails
	}
	if q.take < 1 || q.skip+q.take > api.MaxQuestionsTake {
		s.t.Fatalf("take %d, skip %d", q.take, q.skip)
	}
	var found []api.Question
	total := 0
	for _, item := range s.items {
		if (item.Answer != nil) != q.answered {
			continue
		}
		total++
		at := item.CreatedDate.Unix()
		to := q.to
		if !to.IsZero() {
			to = to.Add(time.Second - 1) // the client rounds outwards
		}
		if !q.from.IsZero() && at < q.from.Unix() || !to.IsZero() && at > to.Unix() {
			continue
		}
		found = append(found, item)
	}
	if q.newest {
		slices.Reverse(found)
	}
	found = found[min(q.skip, len(found)):]
	p := newPage(found[:min(q.take, len(found))], nil, "a question", convertQuestion)
	p.total = int64(total)
	return p, nil
}

func newShelf(t *testing.T) *shelf { return &shelf{t: t, now: shelfStart} }

func (s *shelf) watch() *watch {
	return &watch{kind: sellerdesk.KindQuestion, list: s.list, now: func() time.Time { return s.now }}
}

// seen gathers what batches brought: the newest words of each conversation.
type seen struct {
	answers map[sellerdesk.RemoteID]sellerdesk.MessagePatch
	asked   map[sellerdesk.RemoteID]bool
	again   []sellerdesk.RemoteID
	patches int
}

func newSeen() *seen {
	return &seen{answers: map[sellerdesk.RemoteID]sellerdesk.MessagePatch{}, asked: map[sellerdesk.RemoteID]bool{}}
}

func (s *seen) take(b sellerdesk.Batch) {
	s.patches += len(b.Conversations)
	for _, c := range b.Conversations {
		if c.Reread != nil {
			s.again = append(s.again, c.RemoteID)
		}
	}
	for _, m := range b.Messages {
		if m.RemoteID == lineAnswer {
			s.answers[m.Conversation] = m
		} else {
			s.asked[m.Conversation] = true
		}
	}
}

// pullAll pulls until nothing more is asked for; each names the watch to use.
func pullAll(t *testing.T, each func() *watch, from sellerdesk.Cursor, into *seen) sellerdesk.Cursor {
	t.Helper()
	for range 1_000 {
		b, err := each().pull(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		into.take(b)
		if from = b.Next; !b.More {
			return from
		}
	}
	t.Fatal("reading never ends")
	return from
}

func TestEveryWaitingPostIsReadAtFirstThoughThePageIsSmall(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(1_700, 10*time.Second)
	s.answer(0, 1, 2, 1_699)
	got := newSeen()
	pullAll(t, s.watch, "", got) // a new process for every page
	for id := range 1_700 {
		if id > 2 && !got.asked[sellerdesk.RemoteID(fmt.Sprint(id))] {
			t.Fatalf("question %d was not read", id)
		}
	}
}

func TestABurstIsReadWholeThoughTheProcessEndsAtEveryPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		step time.Duration
	}{{"spread over hours", 20 * time.Second}, {"within a second", time.Microsecond}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShelf(t)
			s.add(50, time.Minute)
			from := pullAll(t, s.watch, "", newSeen())
			s.add(2_400, c.step)
			var answered []int
			for id := 60; id < 1_200; id += 2 {
				answered = append(answered, id)
			}
			s.answer(answered...)
			s.now = s.now.Add(time.Minute)
			got := newSeen()
			pullAll(t, s.watch, from, got)
			for id := 50; id < 2_450; id++ {
				// The answered ones of the first reading have no place to start from.
				if !got.asked[sellerdesk.RemoteID(fmt.Sprint(id))] && s.items[id].Answer == nil {
					t.Fatalf("question %d was not read", id)
				}
			}
		})
	}
}

func TestWhatDidNotChangeComesOnceAlsoAfterARestart(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(80, time.Minute)
	s.answer(1, 2, 3)
	w, got := s.watch(), newSeen()
	from := pullAll(t, func() *watch { return w }, "", got)
	if got.patches != 80 {
		t.Fatalf("the first reading brings %d, want 80", got.patches)
	}
	for name, again := range map[string]*watch{"the same process": w, "a new one": s.watch()} {
		more := newSeen()
		if next := pullAll(t, func() *watch { return again }, from, more); next != from || more.patches != 0 {
			t.Errorf("%s brings %d again, and the place moves: %v", name, more.patches, next != from)
		}
	}
	// A batch that was not saved comes again.
	s.add(1, time.Minute)
	for range 2 {
		b, err := w.pull(t.Context(), from)
		if err != nil || !slices.ContainsFunc(b.Conversations, func(c sellerdesk.ConversationPatch) bool { return c.RemoteID == "80" }) {
			t.Fatalf("a new question does not come: %v", err)
		}
	}
}

func TestAFreshAnswerIsDatedNowAndAnOldOneBehindItsQuestion(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(2, time.Minute)
	s.answer(0)
	w, got := s.watch(), newSeen()
	from := pullAll(t, func() *watch { return w }, "", got)
	if old := got.answers["0"]; !old.At.Equal(s.items[0].CreatedDate.Add(afterwards)) {
		t.Errorf("an answer found in history is of %s, want a moment after %s", old.At, s.items[0].CreatedDate)
	}
	s.now = s.now.Add(time.Hour)
	s.answer(1)
	pullAll(t, func() *watch { return w }, from, got)
	if fresh := got.answers["1"]; !fresh.At.Equal(s.now) {
		t.Errorf("an answer of a moment ago is of %s, want %s", fresh.At, s.now)
	}
}

func TestWhoLeftTheWaitingOnesUnseenIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(900, time.Minute)
	w, got := s.watch(), newSeen()
	from := pullAll(t, func() *watch { return w }, "", got)
	// An old one is answered elsewhere, among many that were answered after it was asked.
	for id := 700; id < 880; id++ {
		s.answer(id)
	}
	for range 4 {
		from = pullAll(t, func() *watch { return w }, from, got)
	}
	got.again = nil
	s.answer(5, 850+40)
	for range 4 { // the older ones come in turn
		from = pullAll(t, func() *watch { return w }, from, got)
	}
	if !slices.Equal(got.again, []sellerdesk.RemoteID{"5"}) {
		t.Errorf("%v are asked for, want 5 alone: the other one is among the newest answered", got.again)
	}
}

func TestAChangeFarBackIsFoundInTurn(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(1_400, time.Minute)
	w := s.watch()
	from := pullAll(t, func() *watch { return w }, "", newSeen())
	s.items[3].Text = "?!"
	got := newSeen()
	for range 5 {
		before := s.calls
		from = pullAll(t, func() *watch { return w }, from, got)
		if s.calls-before > 3 {
			t.Fatalf("a poll costs %d requests", s.calls-before)
		}
	}
	if got.patches != 1 || !got.asked["3"] {
		t.Errorf("%d changes came, want that of question 3 alone", got.patches)
	}
}

func TestAFailureForgetsNothing(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(30, time.Minute)
	w := s.watch()
	from := pullAll(t, func() *watch { return w }, "", newSeen())
	s.answer(4)
	s.fails = errors.New("no network")
	if _, err := w.pull(t.Context(), from); !errors.Is(err, s.fails) {
		t.Fatalf("the failure is %v", err)
	}
	s.fails = nil
	got := newSeen()
	pullAll(t, func() *watch { return w }, from, got)
	if got.patches != 1 || !got.answers["4"].At.Equal(s.now) {
		t.Errorf("after a failure %d changes come, the answer is of %s", got.patches, got.answers["4"].At)
	}
}

func TestABudgetOfOneRequestIsReadInTurn(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(20, time.Minute)
	s.answer(3)
	w, got := s.watch(), newSeen()
	w.single = true
	var from sellerdesk.Cursor
	for n := range 4 {
		b, err := w.pull(t.Context(), from)
		if err != nil || s.calls != n+1 {
			t.Fatalf("pull %d took %d requests in all: %v", n, s.calls, err)
		}
		got.take(b)
		from = b.Next
	}
	if got.patches != 20 {
		t.Errorf("four pulls bring %d, want 20 once each", got.patches)
	}
}

// walkAll reads a history with a new process for every page.
func walkAll(t *testing.T, w walk, from sellerdesk.Cursor, each func(sellerdesk.Batch)) sellerdesk.Cursor {
	t.Helper()
	for range 10_000 {
		b, err := w.pull(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		each(b)
		if b.More && b.Next == from {
			t.Fatalf("it stays at %s", from)
		}
		if from = b.Next; !b.More {
			return from
		}
	}
	t.Fatal("reading never ends")
	return from
}

func TestTheWholeHistoryIsReadThoughMuchOfItSharesASecond(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(3_000, 7*time.Second)
	s.add(2_300, time.Microsecond)
	s.add(900, time.Minute)
	for id := range s.items {
		s.answer(id)
	}
	w, got := walk{list: s.list, now: func() time.Time { return s.now }}, newSeen()
	last, done, reached := 0.0, sellerdesk.Batch{}, sellerdesk.Time{}
	from := walkAll(t, w, "", func(b sellerdesk.Batch) {
		got.take(b)
		if b.Total != 6_200 {
			t.Fatalf("there are %d, the batch says %d", 6_200, b.Total)
		}
		if share := float64(b.Done) / float64(b.Total); share < last || b.Reached.Before(reached.Time) {
			t.Fatalf("progress goes back from %.2f, %s to %.2f, %s", last, reached, share, b.Reached)
		} else {
			last = share
		}
		done, reached = b, *b.Reached
	})
	if len(got.asked) != 6_200 || done.Done != done.Total {
		t.Errorf("%d of 6200 were read, done %d of %d", len(got.asked), done.Done, done.Total)
	}
	if s.calls > 6_200/walkTake+4 {
		t.Errorf("it took %d requests", s.calls)
	}
	// The second pass finds what changed meanwhile, and then there is rest.
	s.items[17].Answer.Text = "changed"
	changed := newSeen()
	from = walkAll(t, w, from, changed.take)
	if changed.answers["17"].Text != "changed" {
		t.Error("the second pass does not find what changed during the first")
	}
	calls := s.calls
	s.now = s.now.Add(walkAgain - time.Minute)
	if next := walkAll(t, w, from, changed.take); next != from || s.calls != calls {
		t.Errorf("a third pass begins too early, with %d requests", s.calls-calls)
	}
	// Later passes look at the days in which an answer can change.
	s.now = s.now.Add(70 * 24 * time.Hour)
	s.add(3, time.Minute)
	s.answer(6_200, 6_201, 6_202)
	late := newSeen()
	walkAll(t, w, from, late.take)
	if len(late.asked) != 3 {
		t.Errorf("a later pass reads %d, want the 3 of the last days", len(late.asked))
	}
}

func TestTheArchiveIsReadThoughSomeLeaveItMeanwhile(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.add(2_600, time.Minute)
	for id := range s.items {
		s.answer(id)
	}
	w := walk{list: s.list, now: func() time.Time { return s.now }, undated: true}
	got, page := newSeen(), 0
	walkAll(t, w, "", func(b sellerdesk.Batch) {
		got.take(b)
		// Moderation turns some away that were read already.
		for n := range 9 {
			s.items[page*walkTake+n].Answer = nil
		}
		page = min(page+1, 3)
	})
	if len(got.asked) != 2_600 {
		t.Errorf("%d of 2600 were read", len(got.asked))
	}
}

func FuzzCursors(f *testing.F) {
	f.Add(`{"pass":1,"from":5,"to":10,"skip":490,"done":3,"total":9}`)
	f.Add(`{"sums":["a","b"],"seen":[1,2],"batch":4,"gaps":[{"list":1,"until":3,"below":5}]}`)
	f.Add(`{"offset":200,"sum":"x","batch":1}`)
	f.Add(`{"gaps":[{"list":-1}],"pass":-1,"offset":-1}`)
	f.Fuzz(func(t *testing.T, text string) {
		c := sellerdesk.Cursor(text)
		s := &shelf{t: t, now: shelfStart}
		s.add(3, time.Hour)
		s.answer(0)
		for name, pull := range map[string]func(context.Context, sellerdesk.Cursor) (sellerdesk.Batch, error){
			"watch": s.watch().pull, "walk": walk{list: s.list, now: func() time.Time { return s.now }}.pull,
		} {
			b, err := pull(t.Context(), c)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if b.More && b.Next == c {
				t.Fatalf("%s asks for more from where it stands", name)
			}
		}
		if at := claimSpotOf(c); at.Offset < 0 || at.Offset > mostClaims {
			t.Fatalf("claims are read from %d", at.Offset)
		}
	})
}
