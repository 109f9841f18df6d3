package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Backlog is what waits in one cabinet when it is added, and how fast the clock
// runs meanwhile.
type Backlog struct {
	Reviews, Questions, Events int
	Scale                      float64
}

const (
	// eventPage is how many events a page has, eventPace the time between two
	// pages, and eventBurst how many may go at once: the slowest bucket of a
	// large backlog.
	eventPage  = 50
	eventPace  = time.Second
	eventBurst = 10
)

// Least is the least time in which the events can be read.
func (b Backlog) Least() time.Duration {
	return time.Duration(math.Ceil(float64(b.Events)/eventPage)-eventBurst) * eventPace
}

// DrainReport is how a backlog was drained, in the time of the world.
type DrainReport struct {
	Took       time.Duration            // until everything was read once
	Streams    map[string]time.Duration // until each stream was
	Violations int
	Missing    int // conversations and lines that are not there
	Twice      int // rows that are there more than once
	// Replies and Answers are waits of what a person wrote to chats, and of
	// answers to reviews and questions, from "taken" to its arrival at the
	// remote side. They hold the work of both programs as well.
	Replies, Answers []time.Duration
	// Rest holds the same waits after everything was read: what the programs
	// and the bucket take when nothing else is under way.
	Rest []time.Duration
	// Passed is how many other requests of the bucket went before an answer, at
	// most; one may have had its turn already.
	Passed int
}

// Drain adds a cabinet with a backlog, lets a person answer all the while, and
// tells how long the reading took.
func Drain(ctx context.Context, rig *Rig, b Backlog) (_ DrainReport, err error) {
	p, err := playOne(rig, rig.Channel, "drain", sandbox.Options{
		Accounts: 1, Messages: b.Events, Questions: b.Questions, Reviews: b.Reviews, Claims: -1, Scale: b.Scale,
	})
	if err != nil {
		return DrainReport{}, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	if err := p.start(ctx); err != nil {
		return DrainReport{}, err
	}
	report := DrainReport{Streams: map[string]time.Duration{}}
	began := p.now()
	if err := p.add(ctx); err != nil {
		return report, err
	}
	person := &person{played: p, tried: map[sellerdesk.ConversationID]bool{}}
	stop := person.work(ctx, &report)
	err = p.follow(ctx, time.Duration(float64(b.Least())/b.Scale)*4+time.Minute, func(all map[string]sellerdesk.StreamProgress) bool {
		return report.see(p, all, p.now().Sub(began), b)
	})
	if err := errors.Join(err, stop()); err != nil {
		return report, err
	}
	if report.Rest, _, err = person.rounds(ctx, 10); err != nil {
		return report, err
	}
	report.Violations = p.violations()
	if err := p.stop(); err != nil {
		return report, err
	}
	return report, report.compare(ctx, p)
}

// see notes which streams were read to their end for the first time, and tells
// whether all were.
func (r *DrainReport) see(p *played, all map[string]sellerdesk.StreamProgress, passed time.Duration, b Backlog) bool {
	done := len(all) >= wantedStreams
	for name, s := range all {
		if _, known := r.Streams[name]; s.CaughtUp && !known {
			r.Streams[name] = passed
			r.Took = passed
		}
		if _, known := r.Streams[name]; !known {
			done = false
		}
		if s.Stream == "events" {
			p.rig.progress("draining", int(s.Items), b.Events)
		}
	}
	return done
}

// wantedStreams is how many streams a cabinet with all rights has at least.
const wantedStreams = 8

// compare counts what is missing and what is there twice.
func (r *DrainReport) compare(ctx context.Context, p *played) error {
	there := p.play.World.State().Conversations[p.play.API]
	for _, kind := range []sellerdesk.Kind{sellerdesk.KindChat, sellerdesk.KindQuestion, sellerdesk.KindReview} {
		h, err := p.holds(ctx, kind)
		if err != nil {
			return err
		}
		r.Twice += h.twice
		r.Missing += max(0, there[string(kind)]-h.conversations)
		if kind != sellerdesk.KindChat {
			continue
		}
		lines := 0
		account := p.play.World.Accounts(p.play.API)[0]
		account.Conversations(func(c sandbox.Conversation) bool {
			for _, m := range account.History(c.ID, c.Messages) {
				if !m.Empty {
					lines++
				}
			}
			return true
		})
		r.Missing += max(0, lines-h.messages)
	}
	return nil
}

// person answers one after another.
type person struct {
	*played
	tried   map[sellerdesk.ConversationID]bool
	chats   []sellerdesk.ConversationID
	written int
}

// work answers in turn until the returned function is called.
func (p *person) work(ctx context.Context, report *DrainReport) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	var err error
	working.Go(func() {
		for ctx.Err() == nil && err == nil {
			var waited, chat []time.Duration
			passed := 0
			waited, passed, err = p.rounds(ctx, 1)
			report.Answers = append(report.Answers, waited...)
			report.Passed = max(report.Passed, passed)
			if err == nil {
				chat, err = p.chat(ctx)
				report.Replies = append(report.Replies, chat...)
			}
			time.Sleep(200 * time.Millisecond)
		}
	})
	return func() error {
		cancel()
		working.Wait()
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	}
}

// rounds answers so many reviews and questions and tells how long each waited
// and how many others went before, at most. None wait when none is there yet.
func (p *person) rounds(ctx context.Context, count int) (waits []time.Duration, passed int, err error) {
	for range count {
		kind := []sellerdesk.Kind{sellerdesk.KindReview, sellerdesk.KindQuestion}[p.written%2]
		c, ok, err := p.next(ctx, kind)
		if err != nil {
			return waits, passed, err
		}
		if !ok {
			p.written++
			continue
		}
		wait, others, ok, err := p.write(ctx, c)
		if err != nil {
			return waits, passed, err
		}
		if ok {
			waits, passed = append(waits, wait), max(passed, others)
		}
	}
	return waits, passed, nil
}

// next finds something that waits for an answer.
func (p *person) next(ctx context.Context, kind sellerdesk.Kind) (sellerdesk.ConversationID, bool, error) {
	var list page[sellerdesk.Conversation]
	path := "/v1/conversations?needs_answer=true&sort=waiting&limit=200&kind=" + string(kind)
	if err := p.calls.must(ctx, http.MethodGet, path, "", nil, &list); err != nil {
		return 0, false, fmt.Errorf("look for what waits: %w", err)
	}
	for _, c := range list.Items {
		can, ok := sellerdesk.Find(c.Can, sellerdesk.ActionAnswer)
		if ok && can.Reason == "" && !p.tried[c.ID] {
			p.tried[c.ID] = true
			return c.ID, true, nil
		}
	}
	return 0, false, nil
}

// chat replies in some chat.
func (p *person) chat(ctx context.Context) ([]time.Duration, error) {
	if len(p.chats) == 0 {
		var list page[sellerdesk.Conversation]
		if err := p.calls.must(ctx, http.MethodGet, "/v1/conversations?limit=50&kind=chat", "", nil, &list); err != nil {
			return nil, fmt.Errorf("look for a chat: %w", err)
		}
		for _, c := range list.Items {
			if can, ok := sellerdesk.Find(c.Can, sellerdesk.ActionReply); ok && can.Reason == "" {
				p.chats = append(p.chats, c.ID)
			}
		}
		if len(p.chats) == 0 {
			return nil, nil
		}
	}
	wait, _, ok, err := p.write(ctx, p.chats[p.written%len(p.chats)])
	if err != nil || !ok {
		return nil, err
	}
	return []time.Duration{wait}, nil
}

// write writes to a conversation and waits until that arrives. It is not ok
// when the product did not take it, because somebody answered meanwhile.
func (p *person) write(ctx context.Context, to sellerdesk.ConversationID) (wait time.Duration, passed int, ok bool, err error) {
	p.written++
	traffic := p.play.Traffic
	mark := traffic.mark()
	status, err := p.calls.call(ctx, http.MethodPost, fmt.Sprintf("/v1/conversations/%d/messages", to), fmt.Sprintf("drain-%d", p.written),
		map[string]any{"text": fmt.Sprintf("Спасибо, что написали нам. Ответ номер %d.", p.written)}, nil)
	taken, before := p.now(), traffic.counted()
	if err != nil || status != http.StatusAccepted {
		return 0, 0, false, err
	}
	var came arrivedWrite
	arrived := await(ctx, time.Minute, time.Millisecond, func() bool {
		came, ok = traffic.after(mark)
		return ok
	})
	if !arrived {
		if ctx.Err() != nil {
			return 0, 0, false, nil
		}
		return 0, 0, false, errors.New("what a person wrote did not arrive within a minute")
	}
	return max(0, came.at.Sub(taken)), max(0, came.before-before[came.service]), true, nil
}

// drain measures a large backlog, and the waits of a person at a smaller one on
// a clock that runs as the machine's: a faster one multiplies the work of both
// programs.
func drain(ctx context.Context, rig *Rig) ([]Row, error) {
	b := Backlog{Reviews: 50_000, Questions: 20_000, Events: 100_000, Scale: 10}
	real := Backlog{Reviews: 50_000, Questions: 20_000, Events: 4_000, Scale: 1}
	if rig.Short {
		b = Backlog{Reviews: 2_000, Questions: 1_000, Events: 10_000, Scale: 10}
		real = Backlog{Reviews: 2_000, Questions: 1_000, Events: 1_000, Scale: 1}
	}
	r, err := Drain(ctx, rig, b)
	if err != nil {
		return nil, err
	}
	rows := r.rows(b)
	if r, err = Drain(ctx, rig, real); err != nil {
		return rows, err
	}
	return append(rows, r.waits(real)...), nil
}

// rows tell how long the reading took.
func (r DrainReport) rows(b Backlog) []Row {
	note := fmt.Sprintf("%d reviews, %d questions, %d events of one cabinet; the clock %g times as fast; the events need %.0f s at least; %d answers and %d replies of a person meanwhile",
		b.Reviews, b.Questions, b.Events, b.Scale, b.Least().Seconds(), len(r.Answers), len(r.Replies))
	for _, name := range slices.Sorted(maps.Keys(r.Streams)) {
		note += fmt.Sprintf("; %s in %.0f s", name, r.Streams[name].Seconds())
	}
	return []Row{
		{Name: "draining a backlog, simulated time", Unit: "s", Value: r.Took.Seconds(), Note: note},
		{Name: "draining a backlog, share of the least time", Value: r.Took.Seconds() / b.Least().Seconds(), Bound: 1.05, Note: note},
		{Name: "draining a backlog, violations of the limits", Unit: "faults", Value: float64(r.Violations), Note: note},
		{Name: "draining a backlog, missing or there twice", Unit: "faults", Value: float64(r.Missing + r.Twice), Note: note},
	}
}

const (
	// answerToken and replyToken are how long a person waits at most when the
	// bucket of an answer or of a reply was just emptied.
	answerToken = time.Second / 3
	replyToken  = time.Second
	// ownWork is what both programs may take besides.
	ownWork = 150 * time.Millisecond
)

// waits tell how long a person waited.
func (r DrainReport) waits(b Backlog) []Row {
	answers, replies, rest := durations(r.Answers), durations(r.Replies), durations(r.Rest)
	note := func(d durations) string {
		return fmt.Sprintf("%d of them, p50 %.3f s; a token and %s for the work of both programs; %d reviews, %d questions, %d events, the clock %g times as fast",
			len(d), d.percentile(.5).Seconds(), ownWork, b.Reviews, b.Questions, b.Events, b.Scale)
	}
	return []Row{
		{Name: "draining a backlog, longest wait of an answer to a review or question", Unit: "s", Value: answers.percentile(1).Seconds(),
			Bound: (answerToken + ownWork).Seconds(), Note: note(answers)},
		{Name: "draining a backlog, longest wait of a reply to a chat", Unit: "s", Value: replies.percentile(1).Seconds(),
			Bound: (replyToken + ownWork).Seconds(), Note: note(replies)},
		{Name: "draining a backlog, requests that went before a person's answer, at most", Value: float64(r.Passed), Bound: 2,
			Note: "one may have had its turn when the answer was written"},
		{Name: "the same answers when nothing is read, longest", Unit: "s", Value: rest.percentile(1).Seconds(), Note: note(rest)},
	}
}
