package hooks

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Line is a webhook as the one sees it who sends.
type Line struct {
	sellerdesk.Webhook
	Rights sellerdesk.Rights // of who set it up last
	// Secrets are what it signs with, the present one first.
	Secrets []sellerdesk.Secret
	Seq     int64 // the last event that was looked at
	Tries   int   // since FailingSince
}

// Lines gives all webhooks as the one sees them who sends. The secrets of one
// that cannot be opened are left out.
func (h Webhooks) Lines(ctx context.Context) ([]Line, error) {
	rows, err := h.w.Query(ctx, `SELECT `+webhookColumns+`, w.rights, w.seq, w.tries, w.secret, w.old_secret FROM webhooks w ORDER BY w.id`)
	all, err := engine.Collect(rows, err, func(s engine.Scanner) (l Line, err error) {
		var rights string
		var secret, old []byte
		if l.Webhook, err = scanWebhook(s, &rights, &l.Seq, &l.Tries, &secret, &old); err != nil {
			return l, err
		}
		l.Webhook = h.current(l.Webhook)
		if l.OldSecretUntil == nil {
			old = nil
		}
		for _, sealed := range [][]byte{secret, old} {
			if open, err := h.seal.OpenWebhook(l.ID, sealed); err == nil && sealed != nil {
				l.Secrets = append(l.Secrets, open)
			}
		}
		return l, readRights(rights, &l.Rights)
	})
	if err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	return all, nil
}

// readRights reads what [lists] wrote. A right that this version does not know
// any more counts for nothing.
func readRights(kept string, into *sellerdesk.Rights) error {
	var names []sellerdesk.Right
	if err := json.Unmarshal([]byte(kept), &names); err != nil {
		return fmt.Errorf("read the rights of a webhook: %w", err)
	}
	*into = sellerdesk.RightsOf(names...)
	return nil
}

// Advance notes how far the log was looked at. It tells false, and nothing is
// noted, when another place than from is noted already.
func (h Webhooks) Advance(ctx context.Context, id sellerdesk.WebhookID, from, to int64) (bool, error) {
	n, err := h.w.Exec(ctx, `UPDATE webhooks SET seq = $3 WHERE id = $1 AND seq = $2`, int64(id), from, to)
	if err != nil {
		return false, fmt.Errorf("note how far a webhook is: %w", err)
	}
	return n > 0, nil
}

// Health is how a webhook fares.
type Health struct {
	DeliveredAt, FailingSince *sellerdesk.Time
	Tries                     int // since FailingSince
}

// Fares notes how a webhook fares. It is no change that is announced.
func (h Webhooks) Fares(ctx context.Context, id sellerdesk.WebhookID, now Health) error {
	_, err := h.w.Exec(ctx, `UPDATE webhooks SET delivered_at = $2, failing_since = $3, tries = $4 WHERE id = $1`,
		int64(id), engine.Millis(now.DeliveredAt), engine.Millis(now.FailingSince), now.Tries)
	if err != nil {
		return fmt.Errorf("note how a webhook fares: %w", err)
	}
	return nil
}

// Note tells something about a webhook that works, as that events were forgotten
// before they could be sent.
func (h Webhooks) Note(ctx context.Context, id sellerdesk.WebhookID, text string) error {
	if _, err := h.w.Exec(ctx, `UPDATE webhooks SET reason = $2 WHERE id = $1`, int64(id), text); err != nil {
		return fmt.Errorf("note something about a webhook: %w", err)
	}
	_, err := h.tell(ctx, id)
	return err
}

// ForgetSecrets removes former secrets whose time has ended.
func (h Webhooks) ForgetSecrets(ctx context.Context) error {
	_, err := h.w.Exec(ctx, `UPDATE webhooks SET old_secret = NULL, old_secret_until = NULL WHERE old_secret_until <= $1`, h.w.Now().Millis())
	if err != nil {
		return fmt.Errorf("forget former secrets of webhooks: %w", err)
	}
	return nil
}
