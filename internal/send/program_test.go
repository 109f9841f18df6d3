package send_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/pull"
	"github.com/sellerdesk/sellerdesk/internal/send"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// clockScale makes the pauses between tries short on the wall.
const clockScale = 200

// quick is a clock that runs faster than the world.
func quick() sellerdesk.Clock {
	start := time.Now()
	return sellerdesk.Clock{
		NowFunc: func() time.Time { return start.Add(time.Since(start) * clockScale) },
		TimerFunc: func(d time.Duration) (<-chan time.Time, func() bool) {
			t := time.NewTimer(d / clockScale)
			return t.C, t.Stop
		},
	}
}

// program is what runs between two starts of the process: a store that
// outlives it on the disk, and the workers.
type program struct {
	roster *channel.Roster
	store  *store.Store
	engine *pull.Engine
	media  *media.Dir
	stop   context.CancelFunc
	group  sync.WaitGroup
}

// start opens a SQLite store in dir and runs the workers against the remote
// side.
func start(t *testing.T, dir string, r *remote) *program {
	t.Helper()
	return startOn(t, store.Options{Path: filepath.Join(dir, "sellerdesk.db")}, dir, r)
}

// startOn does it on the store that the options name.
func startOn(t *testing.T, o store.Options, dir string, r *remote) *program {
	t.Helper()
	p := &program{}
	hub := live.New(live.Options{Clock: r.clock})
	var err error
	o.Key, o.Clock, o.Announce = make([]byte, 32), r.clock, hub.Announce
	// A server needs a moment to see that the program before is gone.
	eventually(t, func() (err error) {
		p.store, err = store.Open(t.Context(), o)
		return err
	})
	if p.media, err = media.New(filepath.Join(dir, "blobs")); err != nil {
		t.Fatal(err)
	}
	roster := channel.NewRoster()
	p.roster = roster
	roster.Put(p.account(t), r)
	p.engine = pull.New(pull.Deps{Store: p.store, Roster: roster, Live: hub, Clock: r.clock})
	sender := send.New(send.Deps{Store: p.store, Roster: roster, Media: p.media, Live: hub, Clock: r.clock})
	var ctx context.Context
	ctx, p.stop = context.WithCancel(context.Background())
	p.group.Go(func() { _ = hub.Run(ctx, p.store) })
	p.group.Go(func() { _ = p.engine.Run(ctx) })
	p.group.Go(func() {
		if err := sender.Run(ctx); err != nil && ctx.Err() == nil {
			t.Errorf("sender: %v", err)
		}
	})
	return p
}

// account gives the account, and makes it in a new store.
func (p *program) account(t *testing.T) (id sellerdesk.AccountID) {
	t.Helper()
	p.write(t, func(tx *store.Tx) error {
		all, err := tx.Accounts.List(t.Context())
		if err != nil {
			return err
		}
		if len(all) > 0 {
			id = all[0].ID
			return nil
		}
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{
			Channel: "test", Name: "Cabinet", Identity: sellerdesk.Identity{Seller: "cabinet"},
			Abilities: []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{{Action: sellerdesk.ActionReply}}}},
		})
		id = a.ID
		return err
	})
	return id
}

// close ends the workers in order, then the store.
func (p *program) close() {
	p.stop()
	p.group.Wait()
	_ = p.store.Close()
}

// crash takes the store away from the working program: what was committed
// stays, nothing more is written, whatever the workers were at. They are not
// waited for: without a store they can neither start a call nor end one.
func (p *program) crash() {
	_ = p.store.Close()
	p.stop()
}

func (p *program) write(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := p.store.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func (p *program) read(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := p.store.Read(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// conversation waits until a chat of the remote side was read.
func (p *program) conversation(t *testing.T, chat sellerdesk.RemoteID) (id sellerdesk.ConversationID) {
	t.Helper()
	account := p.account(t)
	eventually(t, func() error {
		var found bool
		p.read(t, func(tx *store.Tx) (err error) {
			id, found, err = tx.Conversations.ByRemote(t.Context(), account, sellerdesk.KindChat, chat)
			return err
		})
		if !found {
			return errors.New("the chat was not read")
		}
		return nil
	})
	return id
}

// queue puts a reply into the outbox.
func (p *program) queue(t *testing.T, conversation sellerdesk.ConversationID, text string) (m sellerdesk.Message) {
	t.Helper()
	account := p.account(t)
	p.write(t, func(tx *store.Tx) (err error) {
		m, err = tx.Outbox.Queue(t.Context(), store.NewItem{
			Account: account, Conversation: conversation, Key: text, Lane: sellerdesk.LanePerson,
			Action: sellerdesk.Reply{Text: text}, Text: text,
		})
		return err
	})
	return m
}

// thread gives the messages of a conversation, oldest first.
func (p *program) thread(t *testing.T, id sellerdesk.ConversationID) []sellerdesk.Message {
	t.Helper()
	var all []sellerdesk.Message
	p.read(t, func(tx *store.Tx) error {
		all = nil
		for cursor := ""; ; {
			page, next, err := tx.Messages.List(t.Context(), id, cursor, 200)
			if err != nil {
				return err
			}
			for _, m := range page {
				all = append([]sellerdesk.Message{m}, all...)
			}
			if cursor = next; cursor == "" {
				return nil
			}
		}
	})
	return all
}

// message gives a message when it has come to the given status.
func (p *program) message(t *testing.T, id sellerdesk.MessageID, want sellerdesk.MessageStatus) (m sellerdesk.Message) {
	t.Helper()
	eventually(t, func() error {
		p.read(t, func(tx *store.Tx) (err error) {
			m, err = tx.Messages.Get(t.Context(), id)
			return err
		})
		if m.Status != want {
			return fmt.Errorf("message is %s (%s), want %s", m.Status, m.Reason, want)
		}
		return nil
	})
	return m
}

// patience is how long something may take that happens by itself.
const patience = 20 * time.Second

func eventually(t *testing.T, check func() error) {
	t.Helper()
	within(t, patience, check)
}

// within waits for something that may take so long.
func within(t *testing.T, patience time.Duration, check func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
