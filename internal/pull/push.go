package pull

import (
	"context"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// pushesAtOnce is how many pushes of an account are translated before what
	// they say is written down, in one transaction.
	pushesAtOnce = 100
	// receiveWait bounds the translation of one push, on the wall.
	receiveWait = time.Minute
)

// pushReader reads the pushes of one account in the order in which they came.
type pushReader struct {
	*worker
	woken    chan struct{} // holds one signal: a push came
	failures int           // in a row
}

func newPushReader(w *worker) *pushReader {
	return &pushReader{worker: w, woken: make(chan struct{}, 1)}
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
		pause := p.read(ctx)
		if pause == 0 {
			continue
		}
		fired, stop := p.deps.Clock.NewTimer(pause)
		woken := p.woken
		if p.failures > 0 {
			woken = nil // what comes meanwhile waits behind what cannot be read
		}
		select {
		case <-fired:
		case <-woken:
		case <-ctx.Done():
		}
		stop()
	}
}

// read reads what waits and tells how long it is until the next reading; zero
// when there may be more at once.
func (p *pushReader) read(ctx context.Context) time.Duration {
	var waiting []sellerdesk.Push
	err := p.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		waiting, err = tx.Pushes.Next(ctx, p.account, pushesAtOnce)
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			p.log.Error("pushes could not be listed", "op", "push", "err", err)
		}
		return safety
	}
	if len(waiting) == 0 {
		return safety
	}
	said, read, failure := p.translate(sellerdesk.WithLane(ctx, sellerdesk.LanePoll), waiting)
	if err := p.save(ctx, said, read); err != nil {
		if ctx.Err() == nil {
			p.log.Error("what pushes said could not be saved", "op", "push", "err", err)
		}
		return safety
	}
	if failure != nil {
		return p.notRead(ctx, failure)
	}
	p.failures = 0
	return 0
}

// translate asks the adapter what pushes say, up to the first that cannot be
// read now; read is the last one before it, 0 for none.
func (p *pushReader) translate(ctx context.Context, waiting []sellerdesk.Push) (said sellerdesk.Batch, read sellerdesk.PushID, failure error) {
	for _, push := range waiting {
		b, err := p.receive(ctx, push)
		switch class, remote := channel.ClassOf(err); {
		case err == nil:
			said.Conversations = append(said.Conversations, b.Conversations...)
			said.Messages = append(said.Messages, b.Messages...)
			said.Reread = append(said.Reread, b.Reread...)
			said.Skipped = append(said.Skipped, b.Skipped...)
		case class == channel.Malformed:
			p.log.Warn("a push was not understood and left out", "op", "push", "bytes", len(push.Body), "err", err)
			said.Skipped = append(said.Skipped, sellerdesk.Skipped{What: "a push", Raw: remote.Raw})
		case class == channel.Gone, class == channel.Refused:
			p.log.Debug("a push tells of what is not there", "op", "push", "err", err)
		default:
			return said, read, err
		}
		read = push.ID
	}
	return said, read, nil
}

func (p *pushReader) receive(ctx context.Context, push sellerdesk.Push) (sellerdesk.Batch, error) {
	ctx, cancel := context.WithTimeout(ctx, receiveWait)
	defer cancel()
	b, err := p.opened.Receive(ctx, push)
	if err != nil {
		return sellerdesk.Batch{}, fmt.Errorf("read a push: %w", err)
	}
	return b, nil
}

// save writes down what pushes said, and with it that they were read.
func (p *pushReader) save(ctx context.Context, said sellerdesk.Batch, read sellerdesk.PushID) error {
	if read == 0 {
		return nil
	}
	err := p.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := p.keep(ctx, tx, "push", said); err != nil {
			return err
		}
		return tx.Pushes.Done(ctx, p.account, read)
	})
	if err == nil {
		p.rereader.wake()
	}
	return err
}

// notRead notes why the oldest push cannot be read now, and tells when to try
// again.
func (p *pushReader) notRead(ctx context.Context, failure error) time.Duration {
	class, remote := channel.ClassOf(failure)
	p.failures++
	if class == channel.Unauthorized {
		p.expired(ctx, "push", whyOf(class, remote), remote)
		return safety
	}
	why := whyOf(class, remote)
	p.log.Warn("pushes cannot be read now", "op", "push", "class", class, "failures", p.failures, "err", failure)
	err := p.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Pushes.Blocked(ctx, p.account, why) })
	if err != nil && ctx.Err() == nil {
		p.log.Error("it could not be noted why pushes wait", "op", "push", "err", err)
	}
	if class == channel.Throttled && remote.RetryAfter > 0 {
		return min(remote.RetryAfter, longestPause)
	}
	return backoff(p.failures)
}
