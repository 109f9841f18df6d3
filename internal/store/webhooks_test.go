package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// webhook makes one with deliveries of events of accounts (0: of none), whose
// numbers are those of their place, from 1 on.
func webhook(t *testing.T, s *store.Store, accounts ...sellerdesk.AccountID) (id sellerdesk.WebhookID, items []store.DeliveryItem) {
	t.Helper()
	now := sellerdesk.At(time.Now())
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		h, err := tx.Webhooks.Create(ctx, store.NewWebhook{
			By: store.WebhookBy{User: 1, Rights: sellerdesk.AllRights()}, Name: "ERP", URL: "https://example.org/", Secret: "whsec_c2VjcmV0",
		})
		if err != nil {
			return err
		}
		id = h.ID
		for n, account := range accounts {
			e := sellerdesk.Event{Seq: int64(n + 1), Kind: sellerdesk.EventMessageCreated, At: now}
			if account != 0 {
				e.Account = &account
			}
			item, err := store.NewNotice(e, now)
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		ids, err := tx.Deliveries.Add(ctx, id, items)
		for i := range ids {
			items[i].ID = ids[i]
		}
		return err
	})
	return id, items
}

func TestWhatCameOfADeliveryIsNotedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id, items := webhook(t, s, 0, 0)
		at, later := sellerdesk.At(time.Now()), sellerdesk.At(time.Now().Add(time.Hour))
		status := 204
		taken := store.Outcome{ID: items[0].ID, Attempt: 1, State: sellerdesk.DeliveryDelivered, Done: &at, Status: &status, Request: "POST /", Response: "204 No Content", Took: time.Second}
		refused := store.Outcome{ID: items[1].ID, Attempt: 1, State: sellerdesk.DeliveryWaiting, Due: &later, Error: "No."}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Deliveries.Settle(ctx, []store.Outcome{taken, refused})
		})
		// What comes late changes nothing.
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			refused.State, refused.Done, refused.Due = sellerdesk.DeliveryFailed, &at, nil
			taken.State = sellerdesk.DeliveryFailed
			return tx.Deliveries.Settle(ctx, []store.Outcome{taken, refused})
		})
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			first, err := tx.Deliveries.Get(ctx, id, items[0].ID)
			if err != nil {
				return err
			}
			if first.State != sellerdesk.DeliveryDelivered || *first.Status != 204 || *first.TookMS != 1000 || first.Request != sellerdesk.Optional("POST /\n\n"+items[0].Body) {
				t.Errorf("got %+v", first)
			}
			waiting, err := tx.Deliveries.Waiting(ctx, id)
			if err != nil {
				return err
			}
			if len(waiting) != 1 || waiting[0].ID != items[1].ID || waiting[0].Attempt != 1 || !waiting[0].Due.Equal(later.Time) {
				t.Errorf("got %+v", waiting)
			}
			if _, err := tx.Deliveries.Get(ctx, id+1, items[0].ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("the delivery of another webhook: %v", err)
			}
			return nil
		})
	})
}

func TestDeliveriesOfAnotherCabinetAreNotShown(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mine, other := storetest.Account(t, s, "mine"), storetest.Account(t, s, "other")
		id, items := webhook(t, s, mine, other, 0, mine, other)
		ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{
			User: 1, House: sellerdesk.RightsOf(sellerdesk.RightWebhooks),
			Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{mine: sellerdesk.RightsOf(sellerdesk.RightSee)},
		})
		err := s.Read(ctx, func(tx *store.Tx) error {
			var got []int64
			for cursor := ""; ; {
				list, next, err := tx.Deliveries.List(ctx, store.DeliveryQuery{Webhook: id, Limit: 2, Cursor: cursor})
				if err != nil {
					return err
				}
				for _, d := range list {
					got = append(got, d.Event)
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			if d := cmp.Diff([]int64{4, 3, 1}, got); d != "" {
				t.Error(d)
			}
			if _, err := tx.Deliveries.Get(ctx, id, items[1].ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("one of another cabinet: %v", err)
			}
			_, err := tx.Deliveries.Get(ctx, id, items[0].ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestThePlaceOfAWebhookMovesFromWhereItIsOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id, _ := webhook(t, s)
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			lines, err := tx.Webhooks.Lines(ctx)
			if err != nil {
				return err
			}
			from := lines[0].Seq
			for _, step := range []struct {
				from, to int64
				moves    bool
			}{{from, from + 5, true}, {from, from + 9, false}, {from + 5, from + 9, true}} {
				if moved, err := tx.Webhooks.Advance(ctx, id, step.from, step.to); err != nil || moved != step.moves {
					t.Errorf("from %d to %d: %t, %v", step.from, step.to, moved, err)
				}
			}
			if moved, err := tx.Webhooks.Advance(ctx, id+1, 0, 1); err != nil || moved {
				t.Errorf("one that is not there: %t, %v", moved, err)
			}
			return nil
		})
	})
}

func TestSecretsOfWebhooksAreSealedAndEnd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	storetest.EachWith(t, store.Options{Clock: sellerdesk.Clock{NowFunc: func() time.Time { return now }}}, func(t *testing.T, s *store.Store) {
		id, _ := webhook(t, s)
		secrets := func() (out []string) {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				lines, err := tx.Webhooks.Lines(ctx)
				if err == nil {
					for _, secret := range lines[0].Secrets {
						out = append(out, secret.Reveal())
					}
				}
				return err
			})
			return out
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Webhooks.Rotate(ctx, id, "whsec_bmV3", sellerdesk.At(now.Add(time.Minute)))
			return err
		})
		if got := secrets(); !slices.Equal(got, []string{"whsec_bmV3", "whsec_c2VjcmV0"}) {
			t.Errorf("got %d secrets", len(got))
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Webhooks.Rotate(ctx, id, "whsec_bmV3ZXI=", sellerdesk.At(now)); err != nil {
				return err
			}
			return tx.Webhooks.ForgetSecrets(ctx)
		})
		if got := secrets(); !slices.Equal(got, []string{"whsec_bmV3ZXI="}) {
			t.Errorf("got %d secrets", len(got))
		}
	})
}

func TestDeliveriesAreForgottenByAgeAndNumber(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id, items := webhook(t, s, make([]sellerdesk.AccountID, 10)...)
		old, at := sellerdesk.At(time.Now().Add(-10*24*time.Hour)), sellerdesk.At(time.Now())
		var outcomes []store.Outcome
		for n, i := range items[:8] { // two still wait
			done := &at
			if n < 3 {
				done = &old
			}
			outcomes = append(outcomes, store.Outcome{ID: i.ID, Attempt: 1, State: sellerdesk.DeliveryDelivered, Done: done})
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Deliveries.Settle(ctx, outcomes) })
		for _, step := range []struct{ keep, forgotten, left int }{{100, 3, 7}, {2, 3, 4}, {2, 0, 4}} {
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				n, err := tx.Deliveries.Trim(ctx, id, sellerdesk.At(time.Now().Add(-7*24*time.Hour)), step.keep)
				list, _, listErr := tx.Deliveries.List(ctx, store.DeliveryQuery{Webhook: id, Limit: 200})
				if err != nil || listErr != nil || n != step.forgotten || len(list) != step.left {
					t.Errorf("keep %d: %d were forgotten and %d are left, %v %v", step.keep, n, len(list), err, listErr)
				}
				return nil
			})
		}
	})
}

func TestAResumedWebhookHasAllItsTimeBeforeIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		id, items := webhook(t, s, 0)
		far := sellerdesk.At(time.Now().Add(2 * time.Hour))
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			err := tx.Deliveries.Settle(ctx, []store.Outcome{{ID: items[0].ID, Attempt: 9, State: sellerdesk.DeliveryWaiting, Due: &far}})
			if err != nil {
				return err
			}
			if err := tx.Webhooks.Fares(ctx, id, store.WebhookHealth{FailingSince: &far, Tries: 9}); err != nil {
				return err
			}
			if _, err := tx.Webhooks.SetState(ctx, id, sellerdesk.WebhookFailed, "It took nothing."); err != nil {
				return err
			}
			h, err := tx.Webhooks.SetState(ctx, id, sellerdesk.WebhookActive, "")
			if err != nil || h.FailingSince != nil || h.Reason != "" || h.Waiting != 1 {
				t.Errorf("got %+v, %v", h, err)
			}
			waiting, err := tx.Deliveries.Waiting(ctx, id)
			if err != nil || waiting[0].Attempt != 0 || waiting[0].Due.After(time.Now().Add(time.Minute)) {
				t.Errorf("got %+v, %v", waiting, err)
			}
			return nil
		})
		var told []string
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			events, err := tx.Events.After(ctx, 0, 100)
			for _, e := range events {
				told = append(told, fmt.Sprint(e.Kind))
			}
			return err
		})
		if !slices.Contains(told, string(sellerdesk.EventWebhookChanged)) {
			t.Errorf("nobody was told: %v", told)
		}
	})
}
