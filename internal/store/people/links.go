package people

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Links are one-time links behind which people choose what they sign in with.
// Tokens are kept as hashes only.
type Links struct{ w *engine.Work }

// NewLinks makes the handle of a transaction.
func NewLinks(w *engine.Work) Links { return Links{w} }

// Create keeps a link of a person until expires, in place of earlier ones.
func (l Links) Create(ctx context.Context, user sellerdesk.UserID, tokenHash []byte, expires sellerdesk.Time) error {
	_, err := l.w.Exec(ctx, `DELETE FROM links WHERE user_id = $1 OR expires_at <= $2`, int64(user), l.w.Now().Millis())
	if err == nil {
		_, err = l.w.Exec(ctx, `INSERT INTO links (token_hash, user_id, expires_at) VALUES ($1, $2, $3)`, tokenHash, int64(user), expires.Millis())
	}
	if err != nil {
		return fmt.Errorf("keep a link: %w", err)
	}
	return nil
}

// Works gives the person of a link that can be used now; not_found when it was
// used, has expired or never was.
func (l Links) Works(ctx context.Context, tokenHash []byte) (user sellerdesk.UserID, err error) {
	err = l.w.One(ctx, `SELECT user_id FROM links WHERE token_hash = $1 AND expires_at > $2`, []any{tokenHash, l.w.Now().Millis()}, &user)
	return user, linkGone(err)
}

// Use takes a link and gives its person; not_found when it was used, has expired
// or never was.
func (l Links) Use(ctx context.Context, tokenHash []byte) (user sellerdesk.UserID, err error) {
	err = l.w.One(ctx, `DELETE FROM links WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id`,
		[]any{tokenHash, l.w.Now().Millis()}, &user)
	return user, linkGone(err)
}

func linkGone(err error) error {
	if errors.Is(err, engine.ErrNoRow) {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "This link was used already or has expired.")
	}
	return err
}
