package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestAPushWithANameIsKeptOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := storetest.Account(t, s, "one"), storetest.Account(t, s, "two")
		came := time.Now()
		for _, p := range []struct {
			name    string
			account sellerdesk.AccountID
			id      string
			after   time.Duration
			waiting int // of the first account afterwards
		}{
			{"the first", a, "msg_1", 0, 1},
			{"the same again", a, "msg_1", time.Minute, 1},
			{"the same of another account", b, "msg_1", time.Minute, 1},
			{"another one", a, "msg_2", time.Minute, 2},
			{"one without a name", a, "", time.Minute, 3},
			{"another one without a name", a, "", time.Minute, 4},
			{"the same hours later", a, "msg_1", 23 * time.Hour, 4},
			{"the same days later, when nobody can repeat it", a, "msg_1", 49 * time.Hour, 5},
		} {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				push := sellerdesk.Push{Account: p.account, Received: sellerdesk.At(came.Add(p.after)), Body: []byte("{}")}
				push.Signature.ID = p.id
				next, err := tx.Pushes.Next(ctx, a, 0, 100)
				if err := errors.Join(err, tx.Pushes.Put(ctx, push)); err != nil {
					return err
				}
				before := len(next)
				if next, err = tx.Pushes.Next(ctx, a, 0, 100); len(next) != p.waiting {
					t.Errorf("%s: %d wait, before %d, want %d", p.name, len(next), before, p.waiting)
				}
				return err
			})
		}
		remove(t, s, a)
	})
}
