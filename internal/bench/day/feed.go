package day

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// feed lets messages come in at a pace while something is measured.
type feed struct {
	store   *store.Store
	account sellerdesk.AccountID
	err     error
}

func newFeed(ctx context.Context, m *measured) (*feed, error) {
	account, err := newAccount(ctx, m.p.Store, m.rig.Channel, 99)
	return &feed{store: m.p.Store, account: account}, err
}

// run takes in ten messages at a time until ctx ends.
func (f *feed) run(ctx context.Context) {
	const atOnce = 10
	next, stop := iter.Pull(incoming(atOnce))
	defer stop()
	tick := time.NewTicker(time.Second * atOnce / perSecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		b, _ := next()
		err := f.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: f.account, Stream: "now", Batch: b, KeepCursor: true})
			return err
		})
		if err != nil && ctx.Err() == nil {
			f.err = fmt.Errorf("take in what buyers write now: %w", err)
			return
		}
	}
}

// incoming is what buyers write now, without an end.
func incoming(atOnce int) iter.Seq[sellerdesk.Batch] {
	return func(yield func(sellerdesk.Batch) bool) {
		s, run := newSpeech(99), time.Now().UnixNano()
		for n := 0; ; {
			var b sellerdesk.Batch
			for range atOnce {
				n++
				b.Messages = append(b.Messages, sellerdesk.MessagePatch{
					Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(fmt.Sprintf("now-%d-%d", run, n/5)), RemoteID: sellerdesk.RemoteID(fmt.Sprintf("now-%d-%d", run, n)),
					Author: sellerdesk.AuthorBuyer, Text: s.text(), At: sellerdesk.At(time.Now()),
				})
			}
			if !yield(b) {
				return
			}
		}
	}
}
