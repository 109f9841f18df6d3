package people

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Factor gives the secret of a person's second factor; "" when there is none.
func (u Users) Factor(ctx context.Context, id sellerdesk.UserID) (sellerdesk.Secret, error) {
	return u.factor(ctx, `factor`, id)
}

// NewFactor gives the secret that waits to be confirmed; "" when none does.
func (u Users) NewFactor(ctx context.Context, id sellerdesk.UserID) (sellerdesk.Secret, error) {
	return u.factor(ctx, `factor_new`, id)
}

func (u Users) factor(ctx context.Context, column string, id sellerdesk.UserID) (sellerdesk.Secret, error) {
	var sealed []byte
	if err := u.w.One(ctx, `SELECT `+column+` FROM users WHERE id = $1`, []any{int64(id)}, &sealed); err != nil {
		return "", engine.Found(err, "user")
	}
	if len(sealed) == 0 {
		return "", nil
	}
	return u.seal.OpenFactor(id, sealed)
}

// BeginFactor keeps a secret that waits to be confirmed, in place of one before.
func (u Users) BeginFactor(ctx context.Context, id sellerdesk.UserID, secret sellerdesk.Secret) error {
	if _, err := u.w.Exec(ctx, `UPDATE users SET factor_new = $2 WHERE id = $1`, int64(id), u.seal.Factor(id, secret)); err != nil {
		return fmt.Errorf("keep a second factor: %w", err)
	}
	return nil
}

// ConfirmFactor makes the secret that waits the second factor, with the step of
// the code that confirmed it and the hashes of new recovery codes.
func (u Users) ConfirmFactor(ctx context.Context, id sellerdesk.UserID, step int64, recovery [][]byte) error {
	n, err := u.w.Exec(ctx, `UPDATE users SET factor = factor_new, factor_new = NULL, factor_step = $2 WHERE id = $1 AND factor_new IS NOT NULL`,
		int64(id), step)
	if err != nil {
		return fmt.Errorf("confirm a second factor: %w", err)
	}
	if n == 0 {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "No second factor waits to be confirmed.")
	}
	changed(u.journal, id)
	return u.setRecovery(ctx, id, recovery)
}

// RemoveFactor removes the second factor with its recovery codes.
func (u Users) RemoveFactor(ctx context.Context, id sellerdesk.UserID) error {
	if _, err := u.w.Exec(ctx, `UPDATE users SET factor = NULL, factor_new = NULL WHERE id = $1`, int64(id)); err != nil {
		return fmt.Errorf("remove a second factor: %w", err)
	}
	changed(u.journal, id)
	return u.setRecovery(ctx, id, nil)
}

func (u Users) setRecovery(ctx context.Context, id sellerdesk.UserID, hashes [][]byte) error {
	if _, err := u.w.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, int64(id)); err != nil {
		return fmt.Errorf("forget recovery codes: %w", err)
	}
	for _, h := range hashes {
		if _, err := u.w.Exec(ctx, `INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)`, int64(id), h); err != nil {
			return fmt.Errorf("keep recovery codes: %w", err)
		}
	}
	return nil
}

// UseStep takes a step of the second factor; false when it or a later one was
// taken, so that a code works once.
func (u Users) UseStep(ctx context.Context, id sellerdesk.UserID, step int64) (bool, error) {
	n, err := u.w.Exec(ctx, `UPDATE users SET factor_step = $2 WHERE id = $1 AND factor_step < $2`, int64(id), step)
	if err != nil {
		return false, fmt.Errorf("take a code: %w", err)
	}
	return n == 1, nil
}

// UseRecovery takes a recovery code; false when there is none of that hash.
func (u Users) UseRecovery(ctx context.Context, id sellerdesk.UserID, hash []byte) (bool, error) {
	n, err := u.w.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2`, int64(id), hash)
	if err != nil {
		return false, fmt.Errorf("take a recovery code: %w", err)
	}
	return n == 1, nil
}

// RecoveryLeft tells how many recovery codes were not used.
func (u Users) RecoveryLeft(ctx context.Context, id sellerdesk.UserID) (n int, err error) {
	err = u.w.One(ctx, `SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1`, []any{int64(id)}, &n)
	return n, err
}
