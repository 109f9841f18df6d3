package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// answersKept is how long a repeated write gets its first answer again.
const answersKept = 48 * time.Hour

// Idempotency remembers the answers to writes for 48 hours.
type Idempotency struct{ w *engine.Work }

// NewIdempotency makes the handle of a transaction.
func NewIdempotency(w *engine.Work) Idempotency { return Idempotency{w} }

// Stored is an answer that was given.
type Stored struct {
	BodyHash []byte // of the request
	Status   int
	Body     []byte
}

// Get gives the answer given to a person's key, if there was one.
func (i Idempotency) Get(ctx context.Context, user sellerdesk.UserID, key string) (answer Stored, found bool, err error) {
	err = i.w.One(ctx, `SELECT body_hash, status, body FROM answers WHERE user_id = $1 AND key = $2 AND created_at > $3`,
		[]any{int64(user), key, i.w.Now().Add(-answersKept).UnixMilli()}, &answer.BodyHash, &answer.Status, &answer.Body)
	if errors.Is(err, engine.ErrNoRow) {
		return Stored{}, false, nil
	}
	return answer, err == nil, err
}

// Put keeps an answer and forgets some old ones. A key that is taken is a conflict.
func (i Idempotency) Put(ctx context.Context, user sellerdesk.UserID, key string, s Stored) error {
	now := i.w.Now()
	if _, err := i.w.Exec(ctx, `DELETE FROM answers WHERE created_at <= $1`, now.Add(-answersKept).UnixMilli()); err != nil {
		return fmt.Errorf("forget old answers: %w", err)
	}
	body := s.Body
	if body == nil {
		body = []byte{}
	}
	n, err := i.w.Exec(ctx, `INSERT INTO answers (user_id, key, body_hash, status, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, int64(user), key, s.BodyHash, s.Status, body, now.Millis())
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	if n == 0 {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "This Idempotency-Key was used at the same moment.")
	}
	return nil
}

// Settings are what a person changes about the whole house.
type Settings struct{ w *engine.Work }

// NewSettings makes the handle of a transaction.
func NewSettings(w *engine.Work) Settings { return Settings{w} }

// Get gives a setting; "" when it was never set.
func (s Settings) Get(ctx context.Context, key string) (value string, err error) {
	err = s.w.One(ctx, `SELECT value FROM settings WHERE key = $1`, []any{key}, &value)
	if errors.Is(err, engine.ErrNoRow) {
		return "", nil
	}
	return value, err
}

// Set changes a setting.
func (s Settings) Set(ctx context.Context, key, value string) error {
	_, err := s.w.Exec(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
