package health

import (
	"context"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/vitals"
)

// hookFails is how long a receiver may fail before a person is told.
const hookFails = 10 * time.Minute

// webhooks tells of those whose receiver takes nothing.
func (c *Checker) webhooks(ctx context.Context) []sellerdesk.Finding {
	bounded, cancel := context.WithTimeout(ctx, askStore)
	defer cancel()
	var failing []vitals.FailingWebhook
	err := c.store.Read(bounded, func(tx *store.Tx) (err error) {
		failing, err = tx.Vitals.FailingWebhooks(bounded)
		return err
	})
	if err != nil {
		return nil // the finding of the database tells
	}
	all := []sellerdesk.Finding{}
	for _, w := range failing {
		id := "webhook/" + strconv.FormatInt(int64(w.ID), 10)
		switch {
		case w.State == sellerdesk.WebhookFailed:
			all = append(all, Find(id, sellerdesk.FindingFail, sellerdesk.CauseWebhookFailing, w.Name,
				sellerdesk.Sentence{RU: "доставка остановлена", EN: "the delivery was stopped"}))
		case w.Since != nil && c.clock.Now().Sub(w.Since.Time) > hookFails:
			ago := span(c.clock.Now().Sub(w.Since.Time))
			all = append(all, Find(id, sellerdesk.FindingWarn, sellerdesk.CauseWebhookFailing, w.Name,
				sellerdesk.Sentence{RU: "уже " + ago.RU, EN: "for " + ago.EN}))
		}
	}
	return all
}
