package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// History is how many reviews a cabinet has, and how fast the clock runs while
// they are read.
type History struct {
	Reviews int
	Scale   float64
}

// oldReviews is the stream that reads the history of reviews.
const oldReviews = "reviews.history"

func (h History) world() sandbox.Options {
	return sandbox.Options{Accounts: 1, Messages: 50, Questions: -1, Claims: -1, Reviews: h.Reviews, Scale: h.Scale}
}

// patience is how long a reading may take on the machine's clock.
func (h History) patience() time.Duration {
	return 2*time.Minute + time.Duration(h.Reviews)*2*time.Millisecond
}

// guess is an estimated end and when it was given.
type guess struct{ given, end time.Time }

// ResumeReport is what became of a history whose reader was killed.
type ResumeReport struct {
	Took time.Duration // in the time of the world
	// KilledAt is the share that was read when the process was killed, ResumedAt
	// the least share that was shown afterwards.
	KilledAt, ResumedAt float64
	Missing, Twice      int
	Guesses             int
	// Off is how far the worst estimate of the end lay from the real one, as a
	// share of the whole time; OffRest as a share of what was left then, of the
	// estimates that were given before nine tenths of the time.
	Off, OffRest float64
	Violations   int
}

// Resume kills the product when two fifths of a history are read, starts it
// again, and looks at the end what is there.
func Resume(ctx context.Context, rig *Rig, h History) (_ ResumeReport, err error) {
	p, err := playOne(rig, rig.Channel, "resume", h.world())
	if err != nil {
		return ResumeReport{}, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	if err := p.start(ctx); err != nil {
		return ResumeReport{}, err
	}
	report := ResumeReport{ResumedAt: 1}
	began := p.now()
	if err := p.add(ctx); err != nil {
		return report, err
	}
	var guesses []guess
	look := func(all map[string]sellerdesk.StreamProgress) sellerdesk.StreamProgress {
		s := all[oldReviews]
		if s.DoneAt != nil && !s.CaughtUp {
			guesses = append(guesses, guess{p.now(), s.DoneAt.Time})
		}
		rig.progress("reading a history", int(s.Done*1000), 1000)
		return s
	}
	err = p.follow(ctx, h.patience(), func(all map[string]sellerdesk.StreamProgress) bool {
		report.KilledAt = look(all).Done
		return report.KilledAt >= .4
	})
	if err != nil {
		return report, err
	}
	p.kill()
	if err := p.start(ctx); err != nil {
		return report, err
	}
	err = p.follow(ctx, h.patience(), func(all map[string]sellerdesk.StreamProgress) bool {
		s := look(all)
		report.ResumedAt = min(report.ResumedAt, s.Done)
		return s.CaughtUp
	})
	if err != nil {
		return report, err
	}
	report.judge(guesses, began, p.now())
	report.Violations = p.violations()
	if err := p.stop(); err != nil {
		return report, err
	}
	held, err := p.holds(ctx, sellerdesk.KindReview)
	if err != nil {
		return report, err
	}
	report.Twice = held.twice
	report.Missing = lacking(p, held)
	return report, nil
}

// judge compares the estimates with the end.
func (r *ResumeReport) judge(guesses []guess, began, ended time.Time) {
	r.Took, r.Guesses = ended.Sub(began), len(guesses)
	for _, g := range guesses {
		off := math.Abs(g.end.Sub(ended).Seconds())
		r.Off = max(r.Off, off/r.Took.Seconds())
		if left := ended.Sub(g.given); left > r.Took/10 {
			r.OffRest = max(r.OffRest, off/left.Seconds())
		}
	}
}

// lacking counts the reviews that are at the remote side and not here, and the
// lines of theirs.
func lacking(p *played, held holding) int {
	there := p.play.World.State().Conversations[p.play.API][string(sellerdesk.KindReview)]
	lines := 0
	for _, post := range p.play.World.Accounts(p.play.API)[0].Board(sandbox.KindReview).List(sandbox.Query{}) {
		lines++
		if post.Answer != nil {
			lines++
		}
	}
	return max(0, there-held.conversations) + max(0, lines-held.messages)
}

func resume(ctx context.Context, rig *Rig) ([]Row, error) {
	h := History{Reviews: 100_000, Scale: 5}
	if rig.Short {
		h = History{Reviews: 10_000, Scale: 5}
	}
	r, err := Resume(ctx, rig, h)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%d reviews read in %.0f s of simulated time, the clock %g times as fast; killed at %.1f %%, shown afterwards at least %.1f %%; %d violations",
		h.Reviews, r.Took.Seconds(), h.Scale, r.KilledAt*100, r.ResumedAt*100, r.Violations)
	lost := 0
	if r.ResumedAt < r.KilledAt {
		lost = 1
	}
	off := fmt.Sprintf("%d estimates from a tenth on, through the kill; of what was left then the worst was off by %.2f", r.Guesses, r.OffRest)
	return []Row{
		{Name: "a history killed at 40 %, places lost", Unit: "faults", Value: float64(lost), Note: note},
		{Name: "a history killed at 40 %, missing", Unit: "faults", Value: float64(r.Missing), Note: note},
		{Name: "a history killed at 40 %, rows there twice", Unit: "faults", Value: float64(r.Twice), Note: note},
		{Name: "estimate of the end, worst, as a share of the whole time", Value: r.Off, Bound: 0.2, Note: off},
	}, nil
}

// ChangeReport is what became of reviews that changed while they were read.
type ChangeReport struct {
	Changed        int // reviews that changed, some of them more than once
	Missing, Twice int
	Stale          int // without the newest text or stars
	Violations     int
}

// Change lets buyers change reviews all the while they are read for the first
// time, and looks at the end what is there.
func Change(ctx context.Context, rig *Rig, h History) (_ ChangeReport, err error) {
	p, err := playOne(rig, rig.Channel, "changes", h.world())
	if err != nil {
		return ChangeReport{}, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	if err := p.start(ctx); err != nil {
		return ChangeReport{}, err
	}
	if err := p.add(ctx); err != nil {
		return ChangeReport{}, err
	}
	buyers := &minds{board: p.play.World.Accounts(p.play.API)[0].Board(sandbox.KindReview), newest: map[sandbox.ID]mind{}}
	stop := buyers.change(ctx)
	// The first pass; then what changed meanwhile is read again.
	first := p.follow(ctx, h.patience(), func(all map[string]sellerdesk.StreamProgress) bool {
		s := all[oldReviews]
		rig.progress("reading what changes", int(s.Done*1000), 1000)
		return s.CaughtUp
	})
	if err := errors.Join(first, stop()); err != nil {
		return ChangeReport{}, err
	}
	if err := p.again(ctx, h); err != nil {
		return ChangeReport{}, err
	}
	report := ChangeReport{Changed: len(buyers.newest), Violations: p.violations()}
	if err := p.stop(); err != nil {
		return report, err
	}
	held, err := p.holds(ctx, sellerdesk.KindReview)
	if err != nil {
		return report, err
	}
	report.Twice, report.Missing = held.twice, lacking(p, held)
	for _, m := range buyers.newest {
		switch n := held.texts[m.text]; {
		case n > 1:
			report.Twice++
		case n == 0 || held.ratings[m.text] != m.stars:
			report.Stale++
		}
	}
	return report, nil
}

// again waits until the history is read a second time: it begins within two
// minutes and ends by itself.
func (p *played) again(ctx context.Context, h History) error {
	begun := false
	return p.follow(ctx, h.patience(), func(all map[string]sellerdesk.StreamProgress) bool {
		caughtUp := all[oldReviews].CaughtUp
		begun = begun || !caughtUp
		return begun && caughtUp
	})
}

// minds are buyers who change their reviews.
type minds struct {
	board  *sandbox.Board
	newest map[sandbox.ID]mind
}

type mind struct {
	text  string
	stars int
}

// change changes reviews at random, a hundred a second, until the returned
// function is called.
func (m *minds) change(ctx context.Context) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var changing sync.WaitGroup
	var err error
	changing.Go(func() {
		dice := rand.New(rand.NewPCG(13, 13))
		var alone []sandbox.ID
		for _, post := range m.board.List(sandbox.Query{}) {
			if post.Parent == (sandbox.ID{}) && post.Child == (sandbox.ID{}) {
				alone = append(alone, post.ID)
			}
		}
		for n := 0; ctx.Err() == nil && err == nil; n++ {
			id := alone[dice.IntN(len(alone))]
			to := mind{fmt.Sprintf("Передумал, и это слово номер %d.", n), 1 + dice.IntN(5)}
			_, err = m.board.Change(id, func(p *sandbox.Post) error {
				p.Text, p.Pros, p.Cons, p.Tags, p.Stars, p.Viewed = to.text, "", "", nil, to.stars, false
				return nil
			})
			m.newest[id] = to
			time.Sleep(10 * time.Millisecond)
		}
	})
	return func() error {
		cancel()
		changing.Wait()
		if err != nil {
			return fmt.Errorf("change a review: %w", err)
		}
		return nil
	}
}

func changes(ctx context.Context, rig *Rig) ([]Row, error) {
	h := History{Reviews: 50_000, Scale: 5}
	if rig.Short {
		h = History{Reviews: 10_000, Scale: 5}
	}
	r, err := Change(ctx, rig, h)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%d reviews, of which %d changed their text and stars while the first pass read them; %d violations", h.Reviews, r.Changed, r.Violations)
	row := func(what string, n int) Row {
		return Row{Name: "reviews that change while they are read, " + what, Unit: "faults", Value: float64(n), Note: note}
	}
	return []Row{row("missing", r.Missing), row("there twice", r.Twice), row("not in their newest version", r.Stale)}, nil
}
