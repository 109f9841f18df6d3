package vitals

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Vitals tells how much there is.
type Vitals struct {
	w      *engine.Work
	engine string
}

// New makes the handle of a transaction on an engine, "sqlite" or "postgres".
func New(w *engine.Work, engine string) Vitals { return Vitals{w, engine} }

// Outbox is what of the outbox needs somebody.
type Outbox struct {
	// Open counts the items that are not settled, by state.
	Open map[sellerdesk.OutboxState]int
	// Unknown counts those of unknown outcome by account.
	Unknown map[sellerdesk.AccountID]int
	// Oldest is when the queued item that is due longest became due; nil when
	// none is queued.
	Oldest *sellerdesk.Time
}

// Outbox counts what is on its way.
func (v Vitals) Outbox(ctx context.Context) (Outbox, error) {
	out := Outbox{
		Open:    map[sellerdesk.OutboxState]int{sellerdesk.OutboxQueued: 0, sellerdesk.OutboxSending: 0, sellerdesk.OutboxUnknown: 0},
		Unknown: map[sellerdesk.AccountID]int{},
	}
	// Through the index of accounts and states: what is settled is not read.
	rows, err := v.w.Query(ctx, `SELECT a.id, o.state, COUNT(*) FROM accounts a JOIN outbox o ON o.account_id = a.id
		WHERE o.state IN ('queued', 'sending', 'unknown') GROUP BY a.id, o.state`)
	counts, err := engine.Collect(rows, err, func(s engine.Scanner) (c struct {
		account sellerdesk.AccountID
		state   sellerdesk.OutboxState
		n       int
	}, err error) {
		err = s.Scan(&c.account, &c.state, &c.n)
		return c, err
	})
	if err != nil {
		return out, fmt.Errorf("count the outbox: %w", err)
	}
	for _, c := range counts {
		out.Open[c.state] += c.n
		if c.state == sellerdesk.OutboxUnknown {
			out.Unknown[c.account] = c.n
		}
	}
	out.Oldest, err = v.w.Moment(ctx, `SELECT due_at FROM outbox WHERE state = 'queued' ORDER BY due_at, id LIMIT 1`)
	return out, err
}

// Size is how large the database is, in bytes.
func (v Vitals) Size(ctx context.Context) (bytes int64, err error) {
	query := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if v.engine == "postgres" {
		query = `SELECT pg_database_size(current_database())`
	}
	if err := v.w.One(ctx, query, nil, &bytes); err != nil {
		return 0, fmt.Errorf("tell the size of the database: %w", err)
	}
	return bytes, nil
}

// Webhooks counts webhooks by state, and the deliveries that wait or were given
// up.
func (v Vitals) Webhooks(ctx context.Context) (hooks map[sellerdesk.WebhookState]int, deliveries map[sellerdesk.DeliveryState]int, err error) {
	hooks = map[sellerdesk.WebhookState]int{sellerdesk.WebhookActive: 0, sellerdesk.WebhookPaused: 0, sellerdesk.WebhookFailed: 0}
	deliveries = map[sellerdesk.DeliveryState]int{sellerdesk.DeliveryWaiting: 0, sellerdesk.DeliveryFailed: 0}
	err = v.count(ctx, `SELECT state, COUNT(*) FROM webhooks GROUP BY state`, func(state string, n int) { hooks[sellerdesk.WebhookState(state)] = n })
	for state := range deliveries {
		if err != nil {
			break
		}
		// One statement for each state, so that the index of it answers.
		err = v.count(ctx, `SELECT '`+string(state)+`', COUNT(*) FROM deliveries WHERE state = '`+string(state)+`'`,
			func(_ string, n int) { deliveries[state] = n })
	}
	if err != nil {
		return nil, nil, fmt.Errorf("count webhooks: %w", err)
	}
	return hooks, deliveries, nil
}

// FailingWebhook is one whose receiver takes nothing.
type FailingWebhook struct {
	ID     sellerdesk.WebhookID
	Name   string
	State  sellerdesk.WebhookState
	Reason sellerdesk.Optional
	Since  *sellerdesk.Time // nil: it was given up, and since when is not known
}

// FailingWebhooks lists the webhooks whose deliveries fail, at most 100.
func (v Vitals) FailingWebhooks(ctx context.Context) ([]FailingWebhook, error) {
	rows, err := v.w.Query(ctx, `SELECT id, name, state, reason, failing_since FROM webhooks
		WHERE state = 'failed' OR state = 'active' AND failing_since IS NOT NULL ORDER BY id LIMIT 100`)
	all, err := engine.Collect(rows, err, func(s engine.Scanner) (f FailingWebhook, err error) {
		var since *int64
		err = s.Scan(&f.ID, &f.Name, &f.State, &f.Reason, &since)
		f.Since = engine.Moment(since)
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for webhooks that fail: %w", err)
	}
	return all, nil
}

func (v Vitals) count(ctx context.Context, query string, add func(string, int)) error {
	rows, err := v.w.Query(ctx, query)
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (n int, err error) {
		var state string
		if err = s.Scan(&state, &n); err == nil {
			add(state, n)
		}
		return n, err
	})
	return err
}
