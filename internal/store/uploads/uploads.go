package uploads

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Uploads are the files of ours that remote sides keep.
type Uploads struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Uploads { return Uploads{w} }

// Get gives where the remote side of an account keeps a content; found is false
// when it does not.
func (u Uploads) Get(ctx context.Context, account sellerdesk.AccountID, hash string) (f sellerdesk.RemoteFile, found bool, err error) {
	err = u.w.One(ctx, `SELECT remote_id, name, type, size, remote FROM uploads WHERE account_id = $1 AND hash = $2`,
		[]any{int64(account), hash}, &f.ID, &f.Name, &f.Type, &f.Size, &f.Remote)
	if errors.Is(err, engine.ErrNoRow) {
		return f, false, nil
	}
	if err != nil {
		return f, false, fmt.Errorf("look for an uploaded file: %w", err)
	}
	return f, true, nil
}

// Put keeps where the remote side has a content, in place of what was known.
func (u Uploads) Put(ctx context.Context, account sellerdesk.AccountID, hash string, f sellerdesk.RemoteFile) error {
	_, err := u.w.Exec(ctx, `INSERT INTO uploads (account_id, hash, remote_id, name, type, size, remote, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (account_id, hash) DO UPDATE SET remote_id = excluded.remote_id, name = excluded.name, type = excluded.type,
		size = excluded.size, remote = excluded.remote, at = excluded.at`, int64(account), hash, text.Clean(string(f.ID)), gate.FileName(f.Name),
		text.Cut(text.Clean(f.Type), 100), f.Size, engine.Blob(f.Remote), u.w.Now().Millis())
	if err != nil {
		return fmt.Errorf("keep where a file was uploaded to: %w", err)
	}
	return nil
}

// Forget forgets a content that the remote side no longer has under an id.
// Another id that came meanwhile stays.
func (u Uploads) Forget(ctx context.Context, account sellerdesk.AccountID, hash string, id sellerdesk.RemoteID) error {
	_, err := u.w.Exec(ctx, `DELETE FROM uploads WHERE account_id = $1 AND hash = $2 AND remote_id = $3`, int64(account), hash, text.Clean(string(id)))
	if err != nil {
		return fmt.Errorf("forget an uploaded file: %w", err)
	}
	return nil
}

// ForgetAll removes those of an account.
func (u Uploads) ForgetAll(ctx context.Context, account sellerdesk.AccountID) error {
	if _, err := u.w.Exec(ctx, `DELETE FROM uploads WHERE account_id = $1`, int64(account)); err != nil {
		return fmt.Errorf("remove the uploads of an account: %w", err)
	}
	return nil
}
