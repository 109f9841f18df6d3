package messages

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Version is the row of what a message said before.
func Version(id sellerdesk.MessageID, since int64, body string, rating *int) []any {
	return []any{int64(id), since, body, rating}
}

// KeepVersions writes rows, one after the other as [Version] gives them.
func (m Messages) KeepVersions(ctx context.Context, rows []any) error {
	if _, err := m.w.InsertMany(ctx, `INSERT INTO message_versions (message_id, at, body, rating)`, 4, "", rows); err != nil {
		return fmt.Errorf("keep versions: %w", err)
	}
	return nil
}

// Said calls see for each text that messages had before.
func (m Messages) Said(ctx context.Context, ids []int64, see func(id sellerdesk.MessageID, body string)) error {
	for _, piece := range engine.Padded(ids) {
		rows, err := m.w.Query(ctx, `SELECT v.message_id, v.body FROM message_versions v WHERE v.message_id IN (`+
			engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.MessageID, err error) {
			var body string
			if err = s.Scan(&id, &body); err == nil {
				see(id, body)
			}
			return id, err
		})
		if err != nil {
			return fmt.Errorf("read versions: %w", err)
		}
	}
	return nil
}

// versions fills what the messages of a page said before.
func (m Messages) versions(ctx context.Context, messages []sellerdesk.Message) error {
	place := map[int64]int{}
	var ids []int64
	for i, message := range messages {
		if message.EditedAt != nil { // no version without a change
			place[int64(message.ID)] = i
			ids = append(ids, int64(message.ID))
		}
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := m.w.Query(ctx, `SELECT v.message_id, v.at, v.body, v.rating FROM message_versions v WHERE v.message_id IN (`+
			engine.Placeholders(1, len(piece))+`) ORDER BY v.message_id, v.id`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
			var message, at int64
			var v sellerdesk.Version
			if err = s.Scan(&message, &at, &v.Text, &v.Rating); err == nil {
				v.At = sellerdesk.AtMillis(at)
				of := &messages[place[message]]
				of.Versions = append(of.Versions, v)
			}
			return none, err
		})
		if err != nil {
			return fmt.Errorf("read versions: %w", err)
		}
	}
	return nil
}
