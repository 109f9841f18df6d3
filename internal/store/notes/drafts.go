package notes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Drafts are answers that people have begun: one for each person and conversation.
type Drafts struct {
	w *engine.Work
	j *journal.Journal
}

func scanDraft(s engine.Scanner) (d sellerdesk.Draft, err error) {
	var files string
	var at int64
	if err := s.Scan(&d.Conversation, &d.User, &d.Text, &files, &d.Seen, &at); err != nil {
		return d, err
	}
	d.At, d.Files = sellerdesk.AtMillis(at), []sellerdesk.FileID{}
	if err := json.Unmarshal([]byte(files), &d.Files); err != nil {
		return d, fmt.Errorf("read the files of a draft: %w", err)
	}
	return d, nil
}

// Get gives the draft of a person; not_found when there is none.
func (d Drafts) Get(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) (sellerdesk.Draft, error) {
	return single(ctx, d.w, "draft", scanDraft, `SELECT conversation_id, user_id, body, files, seen, at FROM drafts WHERE user_id = $1 AND conversation_id = $2`, int64(user), int64(id))
}

// Put keeps the draft of a person. Others are told only that there is one.
func (d Drafts) Put(ctx context.Context, account sellerdesk.AccountID, draft sellerdesk.Draft) (sellerdesk.Draft, error) {
	files, err := json.Marshal(draft.Files)
	if err != nil {
		return draft, fmt.Errorf("keep a draft: %w", err)
	}
	draft.At = d.w.Now()
	changed, err := d.w.Exec(ctx, `UPDATE drafts SET body = $3, files = $4, seen = $5, at = $6 WHERE user_id = $1 AND conversation_id = $2`,
		int64(draft.User), int64(draft.Conversation), draft.Text, string(files), int64(draft.Seen), draft.At.Millis())
	if err == nil && changed == 0 {
		_, err = d.w.Exec(ctx, `INSERT INTO drafts (user_id, conversation_id, body, files, seen, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (user_id, conversation_id) DO UPDATE SET body = excluded.body, files = excluded.files, seen = excluded.seen, at = excluded.at`,
			int64(draft.User), int64(draft.Conversation), draft.Text, string(files), int64(draft.Seen), draft.At.Millis())
		d.tell(account, draft.Conversation, draft.User, true)
	}
	if err != nil {
		return draft, fmt.Errorf("keep a draft: %w", err)
	}
	return draft, nil
}

// Remove forgets the draft of a person, if there is one.
func (d Drafts) Remove(ctx context.Context, account sellerdesk.AccountID, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	n, err := d.w.Exec(ctx, `DELETE FROM drafts WHERE user_id = $1 AND conversation_id = $2`, int64(user), int64(id))
	if err != nil {
		return fmt.Errorf("forget a draft: %w", err)
	}
	if n > 0 {
		d.tell(account, id, user, false)
	}
	return nil
}

func (d Drafts) tell(account sellerdesk.AccountID, id sellerdesk.ConversationID, user sellerdesk.UserID, held bool) {
	d.j.Add(sellerdesk.EventDraftChanged, account, id, sellerdesk.DraftEvent{User: user, Held: held})
}

// Of gives who has begun an answer in a conversation, in growing order, at most
// 200, with the moment of their last change.
func (d Drafts) Of(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.Draft, error) {
	rows, err := d.w.Query(ctx, `SELECT conversation_id, user_id, '', '[]', seen, at FROM drafts WHERE conversation_id = $1 ORDER BY user_id LIMIT 200`, int64(id))
	list, err := engine.Collect(rows, err, scanDraft)
	if err != nil {
		return nil, fmt.Errorf("read who has begun an answer: %w", err)
	}
	return list, nil
}

// Change is what was said in a conversation since a person looked.
type Change struct {
	Author sellerdesk.Author
	User   *sellerdesk.UserID // of ours, where it was one
}

// Since looks for the newest word of the buyer or of somebody else of us behind a
// message that the person has seen; nil when there is none. What was read of old
// times stands before it and is no news.
func (d Drafts) Since(ctx context.Context, id sellerdesk.ConversationID, seen sellerdesk.MessageID, user sellerdesk.UserID) (*Change, error) {
	var at int64
	err := d.w.One(ctx, `SELECT at FROM messages WHERE id = $1 AND conversation_id = $2`, []any{int64(seen), int64(id)}, &at)
	if errors.Is(err, engine.ErrNoRow) {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no such message in this conversation.").InField("seen")
	}
	if err != nil {
		return nil, fmt.Errorf("look what was seen: %w", err)
	}
	var c Change
	err = d.w.One(ctx, `SELECT author, user_id FROM messages WHERE conversation_id = $1 AND at >= $2 AND id > $3
		AND (author IN ('buyer', 'elsewhere', 'rule') OR author = 'agent' AND COALESCE(user_id, 0) <> $4)
		AND status NOT IN ('refused', 'withdrawn') ORDER BY at DESC, id DESC LIMIT 1`, []any{int64(id), at, int64(seen), int64(user)}, &c.Author, &c.User)
	if errors.Is(err, engine.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for what was said since: %w", err)
	}
	return &c, nil
}
