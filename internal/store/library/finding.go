package library

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Rev is the number of the last change of the texts of an owner (0: the house); 0
// where there never were any.
func (l Library) Rev(ctx context.Context, owner sellerdesk.UserID) (rev int64, err error) {
	err = l.w.One(ctx, `SELECT rev FROM libraries WHERE user_id = $1`, []any{int64(owner)}, &rev)
	if err != nil && !errors.Is(err, engine.ErrNoRow) {
		return 0, fmt.Errorf("read how often templates changed: %w", err)
	}
	return rev, nil
}

// Texts gives the texts of an owner (0: the house) by folder and name, without files
// and uses, and with all their accounts, also those that whoever asks may not see.
// They are to be looked through, not to be shown.
func (l Library) Texts(ctx context.Context, owner sellerdesk.UserID) ([]sellerdesk.Template, error) {
	rows, err := l.w.Query(ctx, `SELECT `+columns+` FROM templates t WHERE t.user_id = $1`, int64(owner))
	kept, err := engine.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	slices.SortFunc(kept, compare)
	list := make([]sellerdesk.Template, len(kept))
	for i, k := range kept {
		list[i] = k.Template
		list[i].Accounts = k.All
	}
	return list, nil
}

// Some gives texts of the house and of a person by their ids, in the order of those,
// as far as whoever asks may see them.
func (l Library) Some(ctx context.Context, user sellerdesk.UserID, ids []sellerdesk.TemplateID) ([]sellerdesk.Template, error) {
	found := make(map[sellerdesk.TemplateID]sellerdesk.Template, len(ids))
	for _, piece := range engine.Padded(ids) {
		kept, err := l.read(ctx, `t.id IN (`+engine.Placeholders(2, len(piece))+`) AND (t.user_id = 0 OR t.user_id = $1)`, append([]any{int64(user)}, engine.Anys(piece)...)...)
		if err != nil {
			return nil, err
		}
		for _, k := range kept {
			found[k.ID] = k.Template
		}
	}
	list := make([]sellerdesk.Template, 0, len(ids))
	for _, id := range ids {
		if t, there := found[id]; there {
			list = append(list, t)
		}
	}
	return list, nil
}

// Uses tells how often texts were said where whoever asks may see it.
func (l Library) Uses(ctx context.Context, ids []sellerdesk.TemplateID) (map[sellerdesk.TemplateID]int, error) {
	uses := map[sellerdesk.TemplateID]int{}
	for _, piece := range engine.Padded(ids) {
		condition, args := engine.Seen(ctx).In("u.account_id", engine.Anys(piece))
		rows, err := l.w.Query(ctx, `SELECT u.template_id, CAST(SUM(u.uses) AS BIGINT) FROM template_uses u
			WHERE u.template_id IN (`+engine.Placeholders(1, len(piece))+`) AND `+condition+` GROUP BY u.template_id`, args...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
			var id sellerdesk.TemplateID
			var n int
			err = s.Scan(&id, &n)
			uses[id] = n
			return none, err
		})
		if err != nil {
			return nil, fmt.Errorf("read the uses of templates: %w", err)
		}
	}
	return uses, nil
}
