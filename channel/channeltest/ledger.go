package channeltest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// ledger is a real store with one account, into which a probe reads.
type ledger struct {
	store   *store.Store
	account sellerdesk.AccountID
	kind    sellerdesk.Kind
	clock   sellerdesk.Clock
}

// ledger opens a fresh store on the clock of the far end.
func (p *probe) ledger() *ledger {
	p.t.Helper()
	p.kept = nil // a fresh store keeps nothing
	l := &ledger{store: storetest.Open(p.t, store.Options{Clock: p.Clock}), kind: p.suite.kind, clock: p.Clock}
	d := p.suite.driver
	account := store.NewAccount{Channel: d.Kind, Name: d.Title, Credentials: p.Credentials}
	for kind, can := range d.Can {
		account.Abilities = append(account.Abilities, sellerdesk.KindAbilities{Kind: kind, Can: can})
	}
	err := l.store.Write(p.ctx, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(p.ctx, account)
		l.account = a.ID
		return err
	})
	if err != nil {
		p.t.Fatalf("make an account: %v", err)
	}
	return l
}

// apply commits one batch; one of no stream was read out of turn.
func (l *ledger) apply(ctx context.Context, stream string, b sellerdesk.Batch) (applied store.Applied, err error) {
	err = l.store.Write(ctx, func(tx *store.Tx) (err error) {
		applied, err = tx.Inbox.Apply(ctx, store.ApplyInput{Account: l.account, Stream: stream, Batch: b, KeepCursor: stream == ""})
		return err
	})
	return applied, err
}

// events lists what happened after a number, but for the progress of reading.
func (l *ledger) events(ctx context.Context, after int64) (happened []sellerdesk.Event, last int64, err error) {
	err = l.store.Read(ctx, func(tx *store.Tx) error {
		for last = after; ; {
			page, err := tx.Events.After(ctx, last, 500)
			if err != nil || len(page) == 0 {
				return err
			}
			last = page[len(page)-1].Seq
			happened = append(happened, slices.DeleteFunc(page, func(e sellerdesk.Event) bool { return e.Kind == sellerdesk.EventSyncProgress })...)
		}
	})
	return happened, last, err
}

// unsettled puts an action with a text into the outbox whose fate is unknown, as
// the sender does when no answer came, and gives its message.
func (l *ledger) unsettled(
	ctx context.Context, conversation sellerdesk.RemoteID, action sellerdesk.Action, text string, files []sellerdesk.Blob,
) (id sellerdesk.MessageID, err error) {
	err = l.store.Write(ctx, func(tx *store.Tx) error {
		c, found, err := tx.Conversations.ByRemote(ctx, l.account, l.kind, conversation)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("conversation %s is not in the store", conversation)
		}
		item := store.NewItem{
			Account: l.account, Conversation: c, Key: "key of " + text, Action: action, Text: text,
		}
		for _, f := range files {
			added, err := tx.Files.Add(ctx, store.NewFile{Name: f.Name, Type: f.Type, Size: f.Size, Hash: f.Hash})
			if err != nil {
				return err
			}
			item.Files = append(item.Files, added.ID)
		}
		m, err := tx.Outbox.Queue(ctx, item)
		id = m.ID
		return err
	})
	if err != nil {
		return 0, err
	}
	err = l.store.Write(ctx, func(tx *store.Tx) error {
		items, err := tx.Outbox.Lease(ctx, sellerdesk.At(l.clock.Now().Add(time.Second)), time.Minute, 10, nil)
		if err != nil {
			return err
		}
		if len(items) != 1 {
			return fmt.Errorf("lease the action: %d items", len(items))
		}
		why := sellerdesk.Why{Code: sellerdesk.ReasonOutcomeUnknown, Text: "No answer came."}
		return tx.Outbox.Settle(ctx, items[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown, Why: why})
	})
	return id, err
}

// status is how a message stands.
func (l *ledger) status(ctx context.Context, t *testing.T, id sellerdesk.MessageID) sellerdesk.MessageStatus {
	t.Helper()
	var m sellerdesk.Message
	err := l.store.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Messages.Get(ctx, id)
		return err
	})
	if err != nil {
		t.Fatalf("read the message: %v", err)
	}
	return m.Status
}
