package messages

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/files"
	"github.com/sellerdesk/sellerdesk/internal/store/forms"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
	"github.com/sellerdesk/sellerdesk/internal/store/replies"
	"github.com/sellerdesk/sellerdesk/internal/store/search"
)

// Messages are the lines of conversations.
type Messages struct {
	w       *engine.Work
	journal *journal.Journal
	beside  Beside
}

// Beside is what of messages stands in tables of its own, in the same transaction.
type Beside struct {
	Files   files.Files
	Replies replies.Replies
	Forms   forms.Forms
	Search  search.Search
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal, b Beside) Messages {
	return Messages{w: w, journal: j, beside: b}
}

const columns = `m.id, m.conversation_id, m.author, m.user_id, m.body, m.status, m.reason, m.reason_code, m.at, m.edited_at, m.remote_id, m.remote`

func scan(s engine.Scanner) (m sellerdesk.Message, err error) {
	var at int64
	var edited *int64
	var remote *sellerdesk.RemoteID
	err = s.Scan(&m.ID, &m.Conversation, &m.Author, &m.User, &m.Text, &m.Status, &m.Reason, &m.ReasonCode, &at, &edited, &remote, &m.Remote)
	m.At, m.EditedAt = sellerdesk.AtMillis(at), engine.Moment(edited)
	m.Files, m.Versions = []sellerdesk.File{}, []sellerdesk.Version{}
	if remote != nil {
		m.RemoteID = *remote
	}
	m.Can = sellerdesk.MessageAbilities(m.Status)
	if m.Status == sellerdesk.MessageRefused && m.RemoteID != "" {
		m.Can = []sellerdesk.Ability{} // it arrived and was refused there: another answer is needed, not this one again
	}
	return m, err
}

// phase marks a cursor of a page of messages.
const phase listing.Phase = 'm'

// List gives a page of a conversation, newest first, with files, and the cursor
// of the next page, "" at the end. Limit is 1 to 200; 0 means 50.
func (m Messages) List(ctx context.Context, conversation sellerdesk.ConversationID, cursor string, limit int) (items []sellerdesk.Message, next string, err error) {
	works, err := m.held(ctx, conversation)
	if err != nil {
		return nil, "", err
	}
	limit = engine.PageSize(limit)
	query, args := `SELECT `+columns+` FROM messages m WHERE m.conversation_id = $1 ORDER BY m.at DESC, m.id DESC LIMIT $2`, []any{int64(conversation), limit + 1}
	if cursor != "" {
		from, err := listing.ParseSpot(cursor, phase)
		if err != nil {
			return nil, "", err
		}
		query = `SELECT ` + columns + ` FROM messages m WHERE m.conversation_id = $1 AND (m.at, m.id) < ($3, $4) ORDER BY m.at DESC, m.id DESC LIMIT $2`
		args = append(args, from.At, from.ID)
	}
	rows, err := m.w.Query(ctx, query, args...)
	items, err = engine.Collect(rows, err, scan)
	if err != nil {
		return nil, "", fmt.Errorf("list messages: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		next = listing.Spot{Phase: phase, At: last.At.Millis(), ID: int64(last.ID)}.String()
	}
	return items, next, m.complete(ctx, items, works)
}

// held refuses a conversation that whoever asks may not see, and tells whether
// they may work there.
func (m Messages) held(ctx context.Context, conversation sellerdesk.ConversationID) (works bool, err error) {
	access := sellerdesk.AccessOf(ctx)
	if access.May(sellerdesk.RightSee) && access.May(sellerdesk.RightWork) {
		return true, nil
	}
	var account sellerdesk.AccountID
	if err := m.w.One(ctx, `SELECT account_id FROM conversations WHERE id = $1`, []any{int64(conversation)}, &account); err != nil {
		return false, engine.Found(err, "conversation")
	}
	return access.MayIn(sellerdesk.RightWork, account), engine.Seen(ctx).Check(account, "conversation")
}

// Get gives one message with its files.
func (m Messages) Get(ctx context.Context, id sellerdesk.MessageID) (sellerdesk.Message, error) {
	rows, err := m.w.Query(ctx, `SELECT `+columns+` FROM messages m WHERE m.id = $1`, int64(id))
	items, err := engine.Collect(rows, err, scan)
	if err == nil && len(items) == 0 {
		err = engine.ErrNoRow
	}
	if err != nil {
		return sellerdesk.Message{}, engine.Found(err, "message")
	}
	works, err := m.held(ctx, items[0].Conversation)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		err = engine.Found(engine.ErrNoRow, "message")
	}
	if err != nil {
		return sellerdesk.Message{}, err
	}
	return items[0], m.complete(ctx, items[:1], works)
}

// complete fills what stands in other tables, in one query each, and leaves
// nothing that can be done to those who may not work there.
func (m Messages) complete(ctx context.Context, items []sellerdesk.Message, works bool) error {
	for i := range items {
		if !works {
			items[i].Can = []sellerdesk.Ability{}
		}
	}
	if err := m.beside.Files.Attach(ctx, items); err != nil {
		return err
	}
	if err := m.beside.Replies.Fill(ctx, items); err != nil {
		return err
	}
	if err := m.beside.Forms.Fill(ctx, items); err != nil {
		return err
	}
	return m.versions(ctx, items)
}

// Erase removes messages with their files and search words.
func (m Messages) Erase(ctx context.Context, ids []sellerdesk.MessageID) error {
	if err := m.beside.Search.Forget(ctx, ids); err != nil {
		return err
	}
	for _, piece := range engine.Padded(ids) {
		list, args := engine.Placeholders(1, len(piece)), engine.Anys(piece)
		for _, statement := range []string{
			`DELETE FROM files WHERE message_id IN (` + list + `)`,
			`DELETE FROM message_versions WHERE message_id IN (` + list + `)`,
			`DELETE FROM message_replies WHERE message_id IN (` + list + `)`,
			`DELETE FROM message_forms WHERE message_id IN (` + list + `)`,
			`DELETE FROM messages WHERE id IN (` + list + `)`,
		} {
			if _, err := m.w.Exec(ctx, statement, args...); err != nil {
				return fmt.Errorf("erase messages: %w", err)
			}
		}
	}
	return nil
}

// Mark changes the standing of a message of ours and tells about it.
func (m Messages) Mark(ctx context.Context, account sellerdesk.AccountID, id sellerdesk.MessageID, status sellerdesk.MessageStatus, why sellerdesk.Why) error {
	var conversation sellerdesk.ConversationID
	var author sellerdesk.Author
	err := m.w.One(ctx, `UPDATE messages SET status = $2, reason = $3, reason_code = $4 WHERE id = $1 RETURNING conversation_id, author`,
		[]any{int64(id), string(status), string(why.Text), string(why.Code)}, &conversation, &author)
	if err != nil {
		return engine.Found(err, "message")
	}
	m.journal.Add(sellerdesk.EventMessageUpdated, account, conversation, sellerdesk.MessageEvent{Message: id, Author: author, Status: status})
	return nil
}
