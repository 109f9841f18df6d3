package labelling

import (
	"context"
	"log/slog"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// look is how often it is looked whether a tag or a field was removed.
	look = 10 * time.Second
	// pause is what others have between two transactions.
	pause = 20 * time.Millisecond
)

// Sweeper lets go what carries tags and fields that were removed: nobody sees it
// any more, and it may be much.
type Sweeper struct {
	store *store.Store
	clock sellerdesk.Clock
	log   *slog.Logger
}

// NewSweeper makes a sweeper; it does nothing until Run. Without log nothing is
// logged.
func NewSweeper(s *store.Store, clock sellerdesk.Clock, log *slog.Logger) *Sweeper {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Sweeper{store: s, clock: clock, log: log}
}

// Run works until ctx ends.
func (s *Sweeper) Run(ctx context.Context) error {
	for {
		more, err := s.Step(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("what was removed could not be let go; trying again", "op", "sweep", "err", err)
		}
		wait := look
		if more && err == nil {
			wait = pause
		}
		if s.clock.Sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// Step takes one bounded step and tells whether there may be more. Where nothing was
// removed it writes nothing.
func (s *Sweeper) Step(ctx context.Context) (more bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		more, err = tx.Labels.Left(ctx)
		return err
	})
	if err != nil || !more {
		return false, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Contacts.Hold(ctx); err != nil {
			return err
		}
		more, err = tx.Labels.Sweep(ctx)
		return err
	})
	return more, err
}
