package pull

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// templatesEvery is how often approved texts and the sources that they belong to
	// are listed, and subscribeEvery how often a remote side is asked again to push:
	// somebody may have ended that there.
	templatesEvery = time.Hour
	subscribeEvery = 6 * time.Hour
	// errandWait bounds one such call, on the wall.
	errandWait = 2 * time.Minute
)

// errand is something that is done for an account when it is opened and from time
// to time afterwards.
type errand struct {
	name  string
	every time.Duration
	run   func(context.Context) error
	// failed and done note how it went, where a person sees it; nil: only the log
	// tells.
	failed func(context.Context, sellerdesk.Why) error
	done   func(context.Context) error
}

// errands are what is done for one account now and then.
type errands struct{ *worker }

// list gives those that the channel of the account has.
func (w errands) list() (all []errand) {
	if w.opened.Templates != nil {
		all = append(all, errand{name: "templates", every: templatesEvery, run: w.listTemplates},
			errand{name: "sources", every: templatesEvery, run: w.listSources})
	}
	if w.opened.Subscribe != nil && w.deps.Address != nil {
		all = append(all, errand{name: "subscribe", every: subscribeEvery, run: w.subscribe,
			failed: func(ctx context.Context, why sellerdesk.Why) error {
				return w.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Pushes.Unasked(ctx, w.account, why) })
			},
			done: func(ctx context.Context) error {
				return w.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Pushes.Asked(ctx, w.account) })
			},
		})
	}
	return all
}

// follow does an errand until ctx ends. One that fails is tried again, ever more
// slowly.
func (w errands) follow(ctx context.Context, e errand) {
	failures := 0
	for ctx.Err() == nil {
		call, cancel := context.WithTimeout(sellerdesk.WithLane(ctx, sellerdesk.LanePoll), errandWait)
		err := e.run(call)
		cancel()
		if ctx.Err() != nil {
			return
		}
		pause := e.every
		if err != nil {
			failures++
			pause = w.unlucky(ctx, e, failures, err)
		} else {
			failures = 0
			if e.done != nil {
				w.note(ctx, e, e.done(ctx))
			}
		}
		if w.deps.Clock.Sleep(ctx, pause) != nil {
			return
		}
	}
}

// unlucky notes a failure and tells how long to wait.
func (w errands) unlucky(ctx context.Context, e errand, failures int, err error) time.Duration {
	class, remote := channel.ClassOf(err)
	if failures == 1 && class != channel.Throttled {
		w.log.Warn("an errand of an account did not succeed", "op", e.name, "class", class, "err", err)
	}
	if e.failed != nil {
		w.note(ctx, e, e.failed(ctx, whyOf(class, remote)))
	}
	if class == channel.Throttled && remote.RetryAfter > 0 {
		return min(remote.RetryAfter, longestPause)
	}
	if class == channel.Refused || class == channel.Unauthorized {
		return max(backoff(failures), longestBackoff) // asking sooner will not change their mind
	}
	return backoff(failures)
}

// note logs that it could not be written down how an errand went.
func (w errands) note(ctx context.Context, e errand, err error) {
	if err != nil && ctx.Err() == nil {
		w.log.Error("it could not be noted how an errand went", "op", e.name, "err", err)
	}
}

// listTemplates keeps the texts that messengers approved.
func (w errands) listTemplates(ctx context.Context) error {
	list, err := w.opened.Templates(ctx)
	if err != nil {
		return fmt.Errorf("list templates: %w", err)
	}
	err = w.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Templates.Put(ctx, w.account, list) })
	if err != nil {
		return fmt.Errorf("keep templates: %w", err)
	}
	return nil
}

// listSources keeps the ways into messengers, of which the seller may connect new
// ones. Nothing else of the identity changes without somebody who renews the
// credentials.
func (w errands) listSources(ctx context.Context) error {
	now, err := w.opened.Connector.Check(ctx)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	err = w.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Accounts.Lock(ctx, w.account); err != nil { // somebody may be renewing the credentials
			return err
		}
		a, err := tx.Accounts.Get(ctx, w.account)
		if err != nil || a.Identity.Seller != now.Seller || slices.EqualFunc(inOrder(a.Identity.Sources), inOrder(now.Sources), sameSource) {
			return err
		}
		a.Identity.Sources = now.Sources
		return tx.Accounts.SetIdentity(ctx, w.account, a.Identity)
	})
	if err != nil {
		return fmt.Errorf("keep sources: %w", err)
	}
	return nil
}

// inOrder sorts sources by their ids: another order is no change.
func inOrder(all []sellerdesk.Source) []sellerdesk.Source {
	return slices.SortedFunc(slices.Values(all), func(a, b sellerdesk.Source) int { return cmp.Compare(a.ID, b.ID) })
}

func sameSource(a, b sellerdesk.Source) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Network == b.Network && a.Templates == b.Templates && slices.Equal(a.By, b.By)
}

// subscribe asks the remote side to push to the door of the account. Without a
// public address, or without a door, there is nothing to ask for.
func (w errands) subscribe(ctx context.Context) error {
	public := w.deps.Address()
	if public == "" {
		return nil
	}
	var a sellerdesk.Account
	err := w.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Accounts.Get(ctx, w.account)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the address for pushes: %w", err)
	}
	if a.Push == nil {
		return nil
	}
	if err := w.opened.Subscribe(ctx, public+a.Push.Address); err != nil {
		return fmt.Errorf("ask for pushes: %w", err)
	}
	return nil
}
