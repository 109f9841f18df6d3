package people

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// MostKeys bounds the keys of one person that work.
const MostKeys = 100

// Keys let programs act for people. They are kept as hashes only.
type Keys struct {
	w       *engine.Work
	journal *journal.Journal
}

// NewKeys makes the handle of a transaction.
func NewKeys(w *engine.Work, j *journal.Journal) Keys { return Keys{w, j} }

const keyColumns = `id, user_id, name, prefix, rights, accounts, limit_count, expires_at, used_at, revoked_at, created_at`

func scanKey(s engine.Scanner) (k sellerdesk.Key, err error) {
	var rights, accounts string
	var expires, used, revoked *int64
	var created int64
	if err = s.Scan(&k.ID, &k.User, &k.Name, &k.Prefix, &rights, &accounts, &k.Limit, &expires, &used, &revoked, &created); err != nil {
		return k, err
	}
	k.ExpiresAt, k.UsedAt, k.RevokedAt = engine.Moment(expires), engine.Moment(used), engine.Moment(revoked)
	k.CreatedAt = sellerdesk.AtMillis(created)
	if k.Rights, err = readRights(rights); err != nil {
		return k, err
	}
	err = json.Unmarshal([]byte(accounts), &k.Accounts)
	return k, err
}

func (k Keys) read(ctx context.Context, rest string, args ...any) ([]sellerdesk.Key, error) {
	rows, err := k.w.Query(ctx, `SELECT `+keyColumns+` FROM keys `+rest, args...)
	keys, err := engine.Collect(rows, err, scanKey)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	return keys, nil
}

func (k Keys) pick(ctx context.Context, condition string, arg any) (sellerdesk.Key, error) {
	keys, err := k.read(ctx, `WHERE `+condition, arg)
	if err == nil && len(keys) == 0 {
		err = engine.Found(engine.ErrNoRow, "key")
	}
	if err != nil {
		return sellerdesk.Key{}, err
	}
	return keys[0], nil
}

// Create keeps a key of which nothing is known but its hash. ID and moments are
// given here.
func (k Keys) Create(ctx context.Context, key sellerdesk.Key, hash []byte) (sellerdesk.Key, error) {
	var n int
	if err := k.w.One(ctx, `SELECT COUNT(*) FROM keys WHERE user_id = $1 AND revoked_at IS NULL`, []any{int64(key.User)}, &n); err != nil {
		return key, fmt.Errorf("count keys: %w", err)
	}
	if n >= MostKeys {
		return key, sellerdesk.Errorf(sellerdesk.CodeConflict, "There are %d keys already: revoke one first.", n)
	}
	if key.Accounts == nil {
		key.Accounts = []sellerdesk.AccountID{}
	}
	accounts, err := json.Marshal(key.Accounts)
	if err != nil {
		return key, fmt.Errorf("keep a key: %w", err)
	}
	key.Name, key.CreatedAt = text.Clean(key.Name), k.w.Now()
	err = k.w.One(ctx, `INSERT INTO keys (hash, user_id, name, prefix, rights, accounts, limit_count, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`, []any{hash, int64(key.User), key.Name, key.Prefix, writeRights(key.Rights),
		string(accounts), key.Limit, engine.Millis(key.ExpiresAt), key.CreatedAt.Millis()}, &key.ID)
	if err != nil {
		return key, fmt.Errorf("keep a key: %w", err)
	}
	changed(k.journal, key.User)
	return key, nil
}

// Get gives one key.
func (k Keys) Get(ctx context.Context, id sellerdesk.KeyID) (sellerdesk.Key, error) {
	return k.pick(ctx, `id = $1`, int64(id))
}

// ByHash gives the key of a hash, also one that was revoked or has expired.
func (k Keys) ByHash(ctx context.Context, hash []byte) (sellerdesk.Key, error) {
	return k.pick(ctx, `hash = $1`, hash)
}

// List gives the keys of a person, 0: of everybody, newest first, at most 500.
func (k Keys) List(ctx context.Context, user sellerdesk.UserID) ([]sellerdesk.Key, error) {
	order := fmt.Sprintf(` ORDER BY id DESC LIMIT %d`, engine.ListSize)
	if user == 0 {
		return k.read(ctx, order)
	}
	return k.read(ctx, `WHERE user_id = $1`+order, int64(user))
}

// Revoke ends a key for good.
func (k Keys) Revoke(ctx context.Context, key sellerdesk.Key) error {
	if _, err := k.w.Exec(ctx, `UPDATE keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, int64(key.ID), k.w.Now().Millis()); err != nil {
		return fmt.Errorf("revoke a key: %w", err)
	}
	changed(k.journal, key.User)
	return nil
}

// Used keeps when keys were used last.
func (k Keys) Used(ctx context.Context, uses map[sellerdesk.KeyID]sellerdesk.Time) error {
	for id, at := range uses {
		if _, err := k.w.Exec(ctx, `UPDATE keys SET used_at = $2 WHERE id = $1`, int64(id), at.Millis()); err != nil {
			return fmt.Errorf("keep the use of a key: %w", err)
		}
	}
	return nil
}
