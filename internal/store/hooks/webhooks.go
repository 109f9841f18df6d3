package hooks

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/store/seal"
)

// Webhooks are where events are sent.
type Webhooks struct {
	w       *engine.Work
	journal *journal.Journal
	seal    seal.Seal
}

// NewWebhooks makes the handle of a transaction.
func NewWebhooks(w *engine.Work, j *journal.Journal, s seal.Seal) Webhooks { return Webhooks{w, j, s} }

// By is who sets a webhook up: it tells what both the person may see at the
// moment and the rights allow, which are those of the key where a program asked.
type By struct {
	User   sellerdesk.UserID
	Rights sellerdesk.Rights
}

// New is a webhook to be kept. Its values were judged before.
type New struct {
	By
	Name, URL string
	Kinds     []sellerdesk.EventKind
	Accounts  []sellerdesk.AccountID
	Secret    sellerdesk.Secret
}

// Change changes a webhook; nil leaves a field as is.
type Change struct {
	Name, URL *string
	Kinds     *[]sellerdesk.EventKind
	Accounts  *[]sellerdesk.AccountID
	By        *By
}

const webhookColumns = `w.id, w.name, w.url, w.user_id, w.kinds, w.accounts, w.state, w.reason, w.old_secret_until,
	w.delivered_at, w.failing_since, w.created_at, w.rev, (SELECT COUNT(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting')`

// scanWebhook reads webhookColumns, and what stands behind them into more.
func scanWebhook(s engine.Scanner, more ...any) (h sellerdesk.Webhook, err error) {
	var kinds, accounts string
	var until, delivered, failing *int64
	var created int64
	err = s.Scan(append([]any{&h.ID, &h.Name, &h.URL, &h.User, &kinds, &accounts, &h.State, &h.Reason, &until,
		&delivered, &failing, &created, &h.Rev, &h.Waiting}, more...)...)
	if err != nil {
		return h, err
	}
	h.OldSecretUntil, h.DeliveredAt, h.FailingSince = engine.Moment(until), engine.Moment(delivered), engine.Moment(failing)
	h.CreatedAt = sellerdesk.AtMillis(created)
	if err := json.Unmarshal([]byte(kinds), &h.Kinds); err != nil {
		return h, fmt.Errorf("read the kinds of webhook %d: %w", h.ID, err)
	}
	if err := json.Unmarshal([]byte(accounts), &h.Accounts); err != nil {
		return h, fmt.Errorf("read the accounts of webhook %d: %w", h.ID, err)
	}
	return h, nil
}

// current forgets what has passed.
func (h Webhooks) current(hook sellerdesk.Webhook) sellerdesk.Webhook {
	if hook.OldSecretUntil != nil && !hook.OldSecretUntil.After(h.w.Clock.Now()) {
		hook.OldSecretUntil = nil
	}
	return hook
}

// Create keeps a webhook, which tells what happens from now on.
func (h Webhooks) Create(ctx context.Context, in New) (sellerdesk.Webhook, error) {
	kinds, accounts, rights, err := lists(in.Kinds, in.Accounts, in.Rights)
	if err != nil {
		return sellerdesk.Webhook{}, err
	}
	last, err := journal.NewEvents(h.w).Last(ctx)
	if err != nil {
		return sellerdesk.Webhook{}, err
	}
	var id sellerdesk.WebhookID
	err = h.w.One(ctx, `INSERT INTO webhooks (name, url, user_id, rights, kinds, accounts, state, reason, seq, tries, created_at, rev)
		VALUES ($1, $2, $3, $4, $5, $6, 'active', '', $7, 0, $8, 0) RETURNING id`,
		[]any{in.Name, in.URL, int64(in.User), rights, kinds, accounts, last, h.w.Now().Millis()}, &id)
	if err != nil {
		return sellerdesk.Webhook{}, fmt.Errorf("keep a webhook: %w", err)
	}
	_, err = h.w.Exec(ctx, `UPDATE webhooks SET secret = $2 WHERE id = $1`, int64(id), h.seal.Webhook(id, in.Secret))
	if err != nil {
		return sellerdesk.Webhook{}, fmt.Errorf("keep the secret of a webhook: %w", err)
	}
	return h.tell(ctx, id)
}

// lists gives what is kept as JSON.
func lists(kinds []sellerdesk.EventKind, accounts []sellerdesk.AccountID, rights sellerdesk.Rights) (k, a, r string, err error) {
	var all [3]string
	for i, list := range []any{append([]sellerdesk.EventKind{}, kinds...), append([]sellerdesk.AccountID{}, accounts...), rights} {
		b, err := json.Marshal(list)
		if err != nil {
			return "", "", "", fmt.Errorf("keep a webhook: %w", err)
		}
		all[i] = string(b)
	}
	return all[0], all[1], all[2], nil
}

// Get gives one webhook.
func (h Webhooks) Get(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	rows, err := h.w.Query(ctx, `SELECT `+webhookColumns+` FROM webhooks w WHERE w.id = $1`, int64(id))
	found, err := engine.Collect(rows, err, func(s engine.Scanner) (sellerdesk.Webhook, error) { return scanWebhook(s) })
	if err != nil {
		return sellerdesk.Webhook{}, fmt.Errorf("read a webhook: %w", err)
	}
	if len(found) == 0 {
		return sellerdesk.Webhook{}, engine.Found(engine.ErrNoRow, "webhook")
	}
	return h.current(found[0]), nil
}

// List gives all webhooks in the order in which they were made; there are few.
func (h Webhooks) List(ctx context.Context) ([]sellerdesk.Webhook, error) {
	rows, err := h.w.Query(ctx, `SELECT `+webhookColumns+` FROM webhooks w ORDER BY w.id`)
	all, err := engine.Collect(rows, err, func(s engine.Scanner) (sellerdesk.Webhook, error) { return scanWebhook(s) })
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	for i := range all {
		all[i] = h.current(all[i])
	}
	return all, nil
}

// Change changes a webhook.
func (h Webhooks) Change(ctx context.Context, id sellerdesk.WebhookID, c Change) (sellerdesk.Webhook, error) {
	old, err := h.Get(ctx, id)
	if err != nil {
		return old, err
	}
	if c.Name != nil {
		old.Name = *c.Name
	}
	if c.URL != nil {
		old.URL = *c.URL
	}
	if c.Kinds != nil {
		old.Kinds = *c.Kinds
	}
	if c.Accounts != nil {
		old.Accounts = *c.Accounts
	}
	by := By{User: old.User}
	if c.By != nil {
		by = *c.By
	}
	kinds, accounts, rights, err := lists(old.Kinds, old.Accounts, by.Rights)
	if err != nil {
		return old, err
	}
	_, err = h.w.Exec(ctx, `UPDATE webhooks SET name = $2, url = $3, kinds = $4, accounts = $5, user_id = $6 WHERE id = $1`,
		int64(id), old.Name, old.URL, kinds, accounts, int64(by.User))
	if err == nil && c.By != nil {
		_, err = h.w.Exec(ctx, `UPDATE webhooks SET rights = $2 WHERE id = $1`, int64(id), rights)
	}
	if err != nil {
		return old, fmt.Errorf("change a webhook: %w", err)
	}
	return h.tell(ctx, id)
}

// Rotate gives a webhook another secret. The one before is good until then.
func (h Webhooks) Rotate(ctx context.Context, id sellerdesk.WebhookID, secret sellerdesk.Secret, until sellerdesk.Time) (sellerdesk.Webhook, error) {
	n, err := h.w.Exec(ctx, `UPDATE webhooks SET old_secret = secret, old_secret_until = $2, secret = $3 WHERE id = $1`,
		int64(id), until.Millis(), h.seal.Webhook(id, secret))
	if err != nil {
		return sellerdesk.Webhook{}, fmt.Errorf("keep the secret of a webhook: %w", err)
	}
	if n == 0 {
		return sellerdesk.Webhook{}, engine.Found(engine.ErrNoRow, "webhook")
	}
	return h.tell(ctx, id)
}

// SetState starts or stops a webhook. A start forgets that it failed: what waits
// is due at once, with all of its time before it.
func (h Webhooks) SetState(ctx context.Context, id sellerdesk.WebhookID, state sellerdesk.WebhookState, reason string) (sellerdesk.Webhook, error) {
	n, err := h.w.Exec(ctx, `UPDATE webhooks SET state = $2, reason = $3 WHERE id = $1`, int64(id), string(state), reason)
	if err == nil && n == 0 {
		return sellerdesk.Webhook{}, engine.Found(engine.ErrNoRow, "webhook")
	}
	if err == nil && state == sellerdesk.WebhookActive {
		if _, err = h.w.Exec(ctx, `UPDATE webhooks SET failing_since = NULL, tries = 0 WHERE id = $1`, int64(id)); err == nil {
			now := h.w.Now()
			_, err = h.w.Exec(ctx, `UPDATE deliveries SET attempt = 0, due_at = $2, until = $3 WHERE webhook_id = $1 AND state = 'waiting'`,
				int64(id), now.Millis(), now.Add(TryFor).UnixMilli())
		}
	}
	if err != nil {
		return sellerdesk.Webhook{}, fmt.Errorf("keep the state of a webhook: %w", err)
	}
	return h.tell(ctx, id)
}

// Remove forgets a webhook with all that is on its way.
func (h Webhooks) Remove(ctx context.Context, id sellerdesk.WebhookID) error {
	if _, err := h.w.Exec(ctx, `DELETE FROM deliveries WHERE webhook_id = $1`, int64(id)); err != nil {
		return fmt.Errorf("remove the deliveries of a webhook: %w", err)
	}
	n, err := h.w.Exec(ctx, `DELETE FROM webhooks WHERE id = $1`, int64(id))
	if err != nil {
		return fmt.Errorf("remove a webhook: %w", err)
	}
	if n == 0 {
		return engine.Found(engine.ErrNoRow, "webhook")
	}
	h.journal.Add(sellerdesk.EventWebhookChanged, 0, 0, sellerdesk.WebhookEvent{Webhook: id, State: sellerdesk.WebhookPaused, Reason: "It was removed."})
	return nil
}

// Touch tells that something of a webhook is another than before, as when
// deliveries are to be sent again: whoever sends looks at them.
func (h Webhooks) Touch(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	return h.tell(ctx, id)
}

// tell counts a change and announces it.
func (h Webhooks) tell(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	n, err := h.w.Exec(ctx, `UPDATE webhooks SET rev = rev + 1 WHERE id = $1`, int64(id))
	if err != nil {
		return sellerdesk.Webhook{}, fmt.Errorf("count a change of a webhook: %w", err)
	}
	if n == 0 {
		return sellerdesk.Webhook{}, engine.Found(engine.ErrNoRow, "webhook")
	}
	hook, err := h.Get(ctx, id)
	if err != nil {
		return hook, err
	}
	h.journal.Add(sellerdesk.EventWebhookChanged, 0, 0, sellerdesk.WebhookEvent{Webhook: id, State: hook.State, Reason: hook.Reason})
	return hook, nil
}
