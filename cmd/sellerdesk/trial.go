package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// trialFile says in the data folder where the world of a trial was reached. It is
// there as long as accounts of it may be: they go away with their world, at the
// next start at the latest, so that made-up buyers never stand among real ones.
const trialFile = "trial"

// trial is a world of made-up buyers inside serve, for the first steps.
type trial struct {
	p      *program
	opened chan *box // worlds to be served

	mu  sync.Mutex          // held by begin and end, so that there is one of them
	box atomic.Pointer[box] // nil: none
}

func newTrial(p *program) *trial { return &trial{p: p, opened: make(chan *box)} }

// screens is the trial as the screens know it.
func (t *trial) screens() *server.Trial {
	return &server.Trial{Begin: t.begin, End: t.end, Running: t.running}
}

// running gives the address of the page of the world.
func (t *trial) running() string {
	if b := t.box.Load(); b != nil {
		return b.URL + "/"
	}
	return ""
}

// Run serves the worlds that are begun. One that breaks leaves its accounts
// without an answer, and the rest of the program as it is.
func (t *trial) Run(ctx context.Context) error {
	var serving sync.WaitGroup
	defer serving.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case b := <-t.opened:
			serving.Go(func() {
				if err := b.Run(ctx); err != nil && ctx.Err() == nil {
					t.p.options.Log.Warn("the world of the trial ended", "op", "trial", "err", err)
				}
			})
		}
	}
}

// begin starts a world and adds its accounts.
func (t *trial) begin(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.box.Load() != nil {
		return nil
	}
	b, err := openSandbox(sandboxOptions{world: world{seed: 1, scale: 1}, Listen: "127.0.0.1:0", Live: true, Log: t.p.options.Log})
	if err != nil {
		return err
	}
	path := filepath.Join(t.p.options.Data, trialFile)
	if err := os.WriteFile(path, []byte(b.URL), 0o600); err != nil {
		_ = b.Close()
		return diskTrouble(path, err)
	}
	select {
	case t.opened <- b:
		t.box.Store(b)
	case <-ctx.Done():
		return errors.Join(ctx.Err(), b.Close())
	}
	for _, a := range b.World.State().Accounts {
		_, err := t.p.Desk.Accounts.Add(ctx, desk.AddAccount{
			Channel: sellerdesk.ChannelKind(a.API), Name: a.Name, BaseURL: b.URL + "/" + a.API,
			Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(a.Token)},
		})
		if err != nil {
			return errors.Join(fmt.Errorf("add the cabinet %s of the trial: %w", a.Name, err), t.clear(context.WithoutCancel(ctx)))
		}
	}
	return nil
}

// end removes the world and all that came from it.
func (t *trial) end(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.clear(ctx)
}

// clear removes the accounts of a trial, of this run or of an earlier one, and
// then its world. The caller holds the lock.
func (t *trial) clear(ctx context.Context) error {
	path := filepath.Join(t.p.options.Data, trialFile)
	url, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return diskTrouble(path, err)
	}
	var accounts []sellerdesk.Account
	err = t.p.Store.Read(ctx, func(tx *store.Tx) (err error) {
		accounts, err = tx.Accounts.List(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for the cabinets of the trial: %w", err)
	}
	for _, a := range accounts {
		if len(url) == 0 || !strings.HasPrefix(string(a.BaseURL), string(url)+"/") {
			continue
		}
		if err := t.p.Desk.Accounts.Remove(ctx, a.ID); err != nil {
			return fmt.Errorf("remove the cabinet %d of the trial: %w", a.ID, err)
		}
	}
	if b := t.box.Swap(nil); b != nil {
		b.stop()
	}
	return os.Remove(path)
}
