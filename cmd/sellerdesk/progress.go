package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// bar shows how far one step of long work is, with an estimate of its end.
// Nothing is shown where nobody watches.
type bar struct {
	w    io.Writer
	step string
	bar  *progressbar.ProgressBar
}

func (b *bar) show(step string, done, total int) {
	if !console.Terminal(b.w) {
		return
	}
	if b.bar == nil || b.step != step {
		b.end()
		b.step = step
		b.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(b.w),
			progressbar.OptionSetDescription(fmt.Sprintf("%-24s", step)),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = b.bar.Set(done) // a picture only
}

// end takes the bar away.
func (b *bar) end() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar = nil
	}
}

// showFirstReading lets the terminal show how far the reading of history is,
// until every account is caught up. Accounts that are added later are shown on
// their page.
func (p *program) showFirstReading(w io.Writer) {
	if !console.Terminal(w) {
		return
	}
	p.running = append(p.running, func(ctx context.Context) error {
		b := &bar{w: w}
		defer b.end()
		tick := time.NewTicker(300 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			share, reading := p.reading(ctx)
			if !reading {
				return nil
			}
			b.show("Reading the history", int(share*100), 100)
		}
	})
}

// reading tells the share of the history that is read, over all streams, and
// whether anything is left to read.
func (p *program) reading(ctx context.Context) (share float64, reading bool) {
	var accounts []sellerdesk.Account
	err := p.Store.Read(ctx, func(tx *store.Tx) (err error) {
		accounts, err = tx.Accounts.List(ctx)
		return err
	})
	if err != nil {
		return 0, ctx.Err() == nil
	}
	streams := 0
	for _, a := range accounts {
		if a.State != sellerdesk.AccountOK {
			continue
		}
		reading = reading || len(a.Streams) == 0 // not begun
		for _, s := range a.Streams {
			streams++
			done := s.Done
			if s.CaughtUp {
				done = 1
			} else {
				reading = true
			}
			share += done
		}
	}
	if streams == 0 {
		return 0, reading || len(accounts) == 0 && p.options.Demo // its cabinets are being added
	}
	return share / float64(streams), reading
}
