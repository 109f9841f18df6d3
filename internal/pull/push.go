package pull

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// pushesAtOnce is how many pushes of an account are translated before what
	// they say is written down, in one transaction, and pushesFor how long that
	// may take: few need to ask the remote side, and the others do not wait for it.
	pushesAtOnce = 100
	pushesFor    = 300 * time.Millisecond
	// receiveWait bounds the translation of one push, on the wall.
	receiveWait = time.Minute
	// pushed stands for the name of a stream where what was pushed is saved.
	pushed = "push"
)

// pushReader reads the pushes of one account in the order in which they came.
// One that cannot be read now waits, and the others go on.
type pushReader struct {
	*worker
	woken chan struct{} // holds one signal: a push came

	// late are those that could not be read, until retry; failures counts the
	// rounds with such, in a row.
	late     map[sellerdesk.PushID]bool
	retry    time.Time
	failures int
}

func newPushReader(w *worker) *pushReader {
	return &pushReader{worker: w, woken: make(chan struct{}, 1), late: map[sellerdesk.PushID]bool{}}
}

// wake lets it look what came.
func (p *pushReader) wake() {
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

// run reads pushes until ctx ends.
func (p *pushReader) run(ctx context.Context) {
	if p.opened.Receive == nil {
		return
	}
	for ctx.Err() == nil {
		fired, stop := p.deps.Clock.NewTimer(p.round(sellerdesk.WithLane(ctx, sellerdesk.LanePoll)))
		select {
		case <-fired:
		case <-p.woken:
		case <-ctx.Done():
		}
		stop()
	}
}

// round reads everything that waits once and tells how long it is until the
// next round.
func (p *pushReader) round(ctx context.Context) time.Duration {
	if len(p.late) > 0 && !p.deps.Clock.Now().Before(p.retry) {
		clear(p.late)
	}
	var failure error
	var after sellerdesk.PushID
	for ctx.Err() == nil {
		waiting, err := p.next(ctx, after)
		if err != nil {
			p.blocked(ctx, fmt.Errorf("list pushes: %w", err))
			return safety
		}
		if len(waiting) == 0 {
			break
		}
		got := p.translate(ctx, waiting)
		if err := p.save(ctx, got); err != nil {
			p.blocked(ctx, fmt.Errorf("save what pushes said: %w", err))
			return safety
		}
		if after = got.last; got.failure != nil {
			failure = got.failure
		}
		if class, remote := channel.ClassOf(failure); class == channel.Unauthorized {
			p.expired(ctx, "push", whyOf(class, remote), remote)
			return safety
		}
	}
	return p.pause(ctx, failure)
}

func (p *pushReader) next(ctx context.Context, after sellerdesk.PushID) (waiting []sellerdesk.Push, err error) {
	err = p.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		waiting, err = tx.Pushes.Next(ctx, p.account, after, pushesAtOnce)
		return err
	})
	return waiting, err
}

// pause notes how a round went and tells how long it is until the next; what
// comes meanwhile is read at once.
func (p *pushReader) pause(ctx context.Context, failure error) time.Duration {
	now := p.deps.Clock.Now()
	if failure != nil {
		class, remote := channel.ClassOf(failure)
		p.failures++
		p.retry = now.Add(backoff(p.failures))
		if class == channel.Throttled && remote.RetryAfter > 0 {
			p.retry = now.Add(min(remote.RetryAfter, longestPause))
		}
		p.blocked(ctx, failure)
	}
	if len(p.late) > 0 {
		return max(min(p.retry.Sub(now), safety), 0)
	}
	if p.failures > 0 {
		p.failures = 0
		err := p.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Pushes.Flowing(ctx, p.account) })
		if err != nil && ctx.Err() == nil {
			p.log.Error("it could not be noted that pushes are read", "op", "push", "err", err)
		}
	}
	return safety
}

// translated is what some pushes say.
type translated struct {
	sellerdesk.Batch
	done    []sellerdesk.PushID
	last    sellerdesk.PushID // the last that was looked at
	failure error             // why some cannot be read now
}

// translate asks the adapter what pushes say, as far as that is quickly told.
func (p *pushReader) translate(ctx context.Context, waiting []sellerdesk.Push) (t translated) {
	began := p.deps.Clock.Now()
	for _, push := range waiting {
		if t.last > 0 && p.deps.Clock.Now().Sub(began) > pushesFor {
			return t
		}
		t.last = push.ID
		if p.late[push.ID] {
			continue
		}
		b, err := p.receive(ctx, push)
		if ctx.Err() != nil {
			return t
		}
		switch class, remote := channel.ClassOf(err); {
		case err == nil:
			t.Conversations, t.Messages = append(t.Conversations, b.Conversations...), append(t.Messages, b.Messages...)
			t.Reread, t.Skipped = append(t.Reread, b.Reread...), append(t.Skipped, b.Skipped...)
		case class == channel.Malformed, class == "":
			p.log.Warn("a push was not understood and left out", "op", "push", "bytes", len(push.Body), "err", err)
			t.Skipped = append(t.Skipped, leftOut(push, remote))
		case class == channel.Gone, class == channel.Refused:
			p.log.Debug("a push tells of what is not there", "op", "push", "err", err)
		default:
			p.late[push.ID], t.failure = true, err
			continue
		}
		t.done = append(t.done, push.ID)
	}
	return t
}

// leftOut keeps a push that was not understood, with what the adapter says of it.
func leftOut(push sellerdesk.Push, remote *channel.Error) sellerdesk.Skipped {
	s := sellerdesk.Skipped{What: "a push", Raw: push.Body}
	if remote != nil && remote.Why.Text != "" {
		s.What = string(remote.Why.Text)
	}
	if remote != nil && len(remote.Raw) > 0 {
		s.Raw = remote.Raw
	}
	return s
}

// receive translates one push. A mistake of the adapter costs this push only:
// it would come back with each start.
func (p *pushReader) receive(ctx context.Context, push sellerdesk.Push) (b sellerdesk.Batch, err error) {
	defer func() {
		if mistake := recover(); mistake != nil {
			p.log.Error("reading a push ended in a panic", "op", "push", "err", panicText(mistake), "stack", string(debug.Stack()))
			err = fmt.Errorf("read a push: panic of type %T", mistake)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, receiveWait)
	defer cancel()
	if b, err = p.opened.Receive(ctx, push); err != nil {
		return sellerdesk.Batch{}, fmt.Errorf("read a push: %w", err)
	}
	return b, nil
}

// save writes down what pushes said, and with it that they were read.
func (p *pushReader) save(ctx context.Context, t translated) error {
	if len(t.done) == 0 {
		return nil
	}
	err := p.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := p.keep(ctx, tx, pushed, t.Batch); err != nil {
			return err
		}
		return tx.Pushes.Done(ctx, p.account, t.done)
	})
	if err == nil {
		p.rereader.wake()
	}
	return err
}

// blocked notes why some of what was pushed cannot be read now.
func (p *pushReader) blocked(ctx context.Context, failure error) {
	if ctx.Err() != nil {
		return
	}
	p.failures = max(p.failures, 1)
	class, remote := channel.ClassOf(failure)
	p.log.Warn("pushes cannot be read now", "op", "push", "class", class, "failures", p.failures, "err", failure)
	why := whyOf(class, remote)
	err := p.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Pushes.Blocked(ctx, p.account, why) })
	if err != nil && ctx.Err() == nil {
		p.log.Error("it could not be noted why pushes wait", "op", "push", "err", err)
	}
}
