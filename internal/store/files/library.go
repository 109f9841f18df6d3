package files

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Named gives files by their ids, without looking at who asks: whoever names them
// has been judged.
func (f Files) Named(ctx context.Context, ids []sellerdesk.FileID) (map[sellerdesk.FileID]sellerdesk.File, error) {
	out := make(map[sellerdesk.FileID]sellerdesk.File, len(ids))
	for _, piece := range engine.Padded(ids) {
		rows, err := f.w.Query(ctx, `SELECT `+fileColumns+` FROM files f WHERE f.id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		list, err := engine.Collect(rows, err, func(s engine.Scanner) (file sellerdesk.File, err error) {
			err = s.Scan(fileFields(&file)...)
			return file, err
		})
		if err != nil {
			return nil, fmt.Errorf("read files: %w", err)
		}
		for _, file := range list {
			out[file.ID] = file
		}
	}
	return out, nil
}

// templated tells whether a file goes with a template, and whether whoever asks
// sees one that it goes with.
func (f Files) templated(ctx context.Context, id sellerdesk.FileID) (used, seen bool, err error) {
	me, scope := sellerdesk.AccessOf(ctx).User, engine.Seen(ctx)
	rows, err := f.w.Query(ctx, `SELECT t.user_id, t.accounts FROM template_files f JOIN templates t ON t.id = f.template_id WHERE f.file_id = $1`, int64(id))
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
		var owner sellerdesk.UserID
		var kept string
		var accounts []sellerdesk.AccountID
		if err := s.Scan(&owner, &kept); err != nil {
			return none, err
		}
		if kept != "" {
			if err := json.Unmarshal([]byte(kept), &accounts); err != nil {
				return none, err
			}
		}
		used = true
		seen = seen || owner == me && me != 0 || owner == 0 && anywhere(scope, accounts)
		return none, nil
	})
	if err != nil {
		return false, false, fmt.Errorf("look for the templates of a file: %w", err)
	}
	return used, seen, nil
}

// anywhere tells whether one of the accounts is seen; none means all there are.
func anywhere(scope engine.Scope, accounts []sellerdesk.AccountID) bool {
	for _, id := range accounts {
		if scope.Has(id) {
			return true
		}
	}
	return len(accounts) == 0
}
