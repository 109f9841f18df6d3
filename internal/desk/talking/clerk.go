package talking

import (
	"context"
	"log/slog"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// look is how often tasks are looked at that may be due.
	look = 15 * time.Second
	// dueAtOnce bounds one transaction of the clerk.
	dueAtOnce = 100
	// keepTold is how long it is kept what people were told of.
	keepTold = 90 * 24 * time.Hour
	// trimEvery is how often what is older is forgotten.
	trimEvery = time.Hour
)

// Clerk tells people that tasks are due, and forgets what they were told of long
// ago.
type Clerk struct {
	store *store.Store
	clock sellerdesk.Clock
	log   *slog.Logger
}

// NewClerk makes a clerk; it does nothing until Run.
func NewClerk(s *store.Store, clock sellerdesk.Clock, log *slog.Logger) *Clerk {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Clerk{store: s, clock: clock, log: log}
}

// Run works until ctx ends.
func (c *Clerk) Run(ctx context.Context) error {
	var trimmed time.Time
	for {
		if err := c.Tell(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("what is due could not be told; trying again", "op", "tasks", "err", err)
		}
		if now := c.clock.Now(); now.Sub(trimmed) >= trimEvery {
			trimmed = now
			if err := c.trim(ctx, now); err != nil && ctx.Err() == nil {
				c.log.Error("old notifications could not be forgotten", "op", "tasks", "err", err)
			}
		}
		if c.clock.Sleep(ctx, look) != nil {
			return nil
		}
	}
}

// Tell tells of all tasks that are due now: whoever is to do them, else whoever set
// them. Each is told once.
func (c *Clerk) Tell(ctx context.Context) error {
	for {
		told := 0
		var due []sellerdesk.Task
		err := c.store.Read(ctx, func(tx *store.Tx) error {
			list, err := tx.Talk.Tasks.Due(ctx, sellerdesk.At(c.clock.Now()), 1)
			for _, d := range list {
				due = append(due, d.Task)
			}
			return err
		})
		if err != nil || len(due) == 0 {
			return err // most of the time: nothing is written for nothing
		}
		err = c.store.Write(ctx, func(tx *store.Tx) error {
			list, err := tx.Talk.Tasks.Due(ctx, sellerdesk.At(c.clock.Now()), dueAtOnce)
			if err != nil {
				return err
			}
			told = len(list)
			for _, d := range list {
				whom := d.Task.User
				if whom == nil {
					whom = d.Task.CreatedBy
				}
				if whom != nil {
					err = tx.Talk.Notifications.Add(ctx, store.Notice{
						User: *whom, Kind: sellerdesk.NotificationTask, Task: d.Task.ID, Text: d.Task.Text,
						Place: store.Place{Account: d.Account, Conversation: d.Task.Conversation},
					})
				}
				if err == nil {
					err = tx.Talk.Tasks.Told(ctx, d.Task.ID)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || told < dueAtOnce {
			return err
		}
	}
}

func (c *Clerk) trim(ctx context.Context, now time.Time) error {
	for more := true; more; {
		err := c.store.Write(ctx, func(tx *store.Tx) (err error) {
			more, err = tx.Talk.Notifications.Trim(ctx, sellerdesk.At(now.Add(-keepTold)))
			return err
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
