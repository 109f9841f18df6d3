package forms

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
)

// Forms are the rows of messages that carry more than text and files.
type Forms struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Forms { return Forms{w} }

// Row is the row of a message; none where it carries nothing more.
func Row(id sellerdesk.MessageID, form *sellerdesk.Form) []any {
	kept := gate.Form(form)
	if kept == "" {
		return nil
	}
	return []any{int64(id), kept}
}

// Of gives the form of an action; nil when it has none.
func Of(a sellerdesk.Action) *sellerdesk.Form {
	switch a := a.(type) {
	case sellerdesk.SendTemplate:
		return &sellerdesk.Form{Template: &a.Template}
	case sellerdesk.Reply:
		if a.Interactive != nil {
			return &sellerdesk.Form{Interactive: a.Interactive}
		}
	}
	return nil
}

// Write writes rows, one after the other as [Row] gives them.
func (f Forms) Write(ctx context.Context, rows []any) error {
	if _, err := f.w.InsertMany(ctx, `INSERT INTO message_forms (message_id, form)`, 2, "", rows); err != nil {
		return fmt.Errorf("write what messages carry: %w", err)
	}
	return nil
}

// Fill gives the messages of one page their forms.
func (f Forms) Fill(ctx context.Context, items []sellerdesk.Message) error {
	byID := make(map[sellerdesk.MessageID]*sellerdesk.Message, len(items))
	var ids []int64
	for i := range items {
		if items[i].Author.Ours() { // a buyer's carries none
			byID[items[i].ID] = &items[i]
			ids = append(ids, int64(items[i].ID))
		}
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := f.w.Query(ctx, `SELECT d.message_id, d.form FROM message_forms d WHERE d.message_id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.MessageID, err error) {
			var kept string
			if err = s.Scan(&id, &kept); err != nil {
				return id, err
			}
			form := &sellerdesk.Form{}
			if err = json.Unmarshal([]byte(kept), form); err == nil && byID[id] != nil {
				byID[id].Form = form
			}
			return id, err
		})
		if err != nil {
			return fmt.Errorf("read what messages carry: %w", err)
		}
	}
	return nil
}
