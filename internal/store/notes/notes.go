package notes

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Talk is what is kept of what people say to one another, by topic.
type Talk struct {
	Notes         Notes
	Tasks         Tasks
	Followers     Followers
	Notifications Notifications
	Drafts        Drafts
}

// New makes the handles of a transaction.
func New(w *engine.Work, j *journal.Journal) Talk {
	return Talk{Notes{w, j}, Tasks{w, j}, Followers{w}, Notifications{w, j}, Drafts{w, j}}
}

// Place is the conversation that something belongs to, with its cabinet.
type Place struct {
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
}

// Notes are what people say beside a conversation.
type Notes struct {
	w *engine.Work
	j *journal.Journal
}

const noteColumns = `n.id, n.conversation_id, n.user_id, n.body, n.mentions, n.at, n.edited_at`

func scanNote(s engine.Scanner) (n sellerdesk.Note, err error) {
	var mentions string
	var at int64
	var edited *int64
	if err := s.Scan(&n.ID, &n.Conversation, &n.User, &n.Text, &mentions, &at, &edited); err != nil {
		return n, err
	}
	n.At, n.EditedAt, n.Mentions = sellerdesk.AtMillis(at), engine.Moment(edited), []sellerdesk.UserID{}
	if err := json.Unmarshal([]byte(mentions), &n.Mentions); err != nil {
		return n, fmt.Errorf("read who is named in note %d: %w", n.ID, err)
	}
	return n, nil
}

// Add keeps a note, written now.
func (n Notes) Add(ctx context.Context, of Place, note sellerdesk.Note) (sellerdesk.Note, error) {
	mentions, err := json.Marshal(note.Mentions)
	if err != nil {
		return note, fmt.Errorf("keep a note: %w", err)
	}
	note.Conversation, note.At, note.EditedAt = of.Conversation, n.w.Now(), nil
	err = n.w.One(ctx, `INSERT INTO notes (conversation_id, user_id, body, mentions, at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		[]any{int64(of.Conversation), whom(note.User), note.Text, string(mentions), note.At.Millis()}, &note.ID)
	if err != nil {
		return note, fmt.Errorf("keep a note: %w", err)
	}
	n.tell(of, note, false)
	return note, nil
}

// Get gives one note.
func (n Notes) Get(ctx context.Context, id sellerdesk.NoteID) (sellerdesk.Note, error) {
	return single(ctx, n.w, "note", scanNote, `SELECT `+noteColumns+` FROM notes n WHERE n.id = $1`, int64(id))
}

// Change gives a note another text.
func (n Notes) Change(ctx context.Context, of Place, note sellerdesk.Note) (sellerdesk.Note, error) {
	mentions, err := json.Marshal(note.Mentions)
	if err != nil {
		return note, fmt.Errorf("change a note: %w", err)
	}
	now := n.w.Now()
	note.EditedAt = &now
	found, err := n.w.Exec(ctx, `UPDATE notes SET body = $2, mentions = $3, edited_at = $4 WHERE id = $1`, int64(note.ID), note.Text, string(mentions), now.Millis())
	if err != nil {
		return note, fmt.Errorf("change a note: %w", err)
	}
	if found == 0 {
		return note, engine.Found(engine.ErrNoRow, "note")
	}
	n.tell(of, note, false)
	return note, nil
}

// Remove forgets a note, with what people were told of it.
func (n Notes) Remove(ctx context.Context, of Place, note sellerdesk.Note) error {
	if _, err := n.w.Exec(ctx, `DELETE FROM notifications WHERE conversation_id = $1 AND note_id = $2`, int64(of.Conversation), int64(note.ID)); err != nil {
		return fmt.Errorf("remove what was told of a note: %w", err)
	}
	if _, err := n.w.Exec(ctx, `DELETE FROM notes WHERE id = $1`, int64(note.ID)); err != nil {
		return fmt.Errorf("remove a note: %w", err)
	}
	n.tell(of, note, true)
	return nil
}

func (n Notes) tell(of Place, note sellerdesk.Note, removed bool) {
	event := sellerdesk.NoteEvent{Note: note.ID, Removed: removed}
	if note.User != nil {
		event.User = *note.User
	}
	n.j.Add(sellerdesk.EventNoteChanged, of.Account, of.Conversation, event)
}

// Count tells how many notes a conversation has.
func (n Notes) Count(ctx context.Context, id sellerdesk.ConversationID) (count int, err error) {
	err = n.w.One(ctx, `SELECT COUNT(*) FROM notes WHERE conversation_id = $1`, []any{int64(id)}, &count)
	return count, err
}

// List gives a page of the notes of a conversation, the newest first, and the
// cursor of the next one.
func (n Notes) List(ctx context.Context, id sellerdesk.ConversationID, cursor string, limit int) (list []sellerdesk.Note, next string, err error) {
	limit = engine.PageSize(limit)
	at, last, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := n.w.Query(ctx, `SELECT `+noteColumns+` FROM notes n WHERE n.conversation_id = $1 AND (n.at, n.id) < ($2, $3) ORDER BY n.at DESC, n.id DESC LIMIT $4`,
		int64(id), at, last, limit+1)
	if list, err = engine.Collect(rows, err, scanNote); err != nil {
		return nil, "", fmt.Errorf("list notes: %w", err)
	}
	if len(list) > limit {
		list = list[:limit]
		end := list[limit-1]
		next = cursorOf(end.At.Millis(), int64(end.ID))
	}
	return list, next, nil
}

// Between gives the notes of a conversation from a moment on (nil: the beginning)
// and before another (nil: no end), the oldest first, at most the newest limit of
// them.
func (n Notes) Between(ctx context.Context, id sellerdesk.ConversationID, from, until *sellerdesk.Time, limit int) ([]sellerdesk.Note, error) {
	low, high := int64(minMoment), int64(maxMoment)
	if from != nil {
		low = from.Millis()
	}
	if until != nil {
		high = until.Millis()
	}
	rows, err := n.w.Query(ctx, `SELECT `+noteColumns+` FROM notes n WHERE n.conversation_id = $1 AND n.at >= $2 AND n.at < $3 ORDER BY n.at DESC, n.id DESC LIMIT $4`,
		int64(id), low, high, limit)
	list, err := engine.Collect(rows, err, scanNote)
	if err != nil {
		return nil, fmt.Errorf("read the notes of a conversation: %w", err)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, nil
}

// Page is the messages of a conversation that a page shows: those from one to
// another.
type Page struct {
	Conversation sellerdesk.ConversationID
	First, Last  sellerdesk.Message // zero: the conversation has none
}

// Beside gives the notes that stand among the messages of a page, the oldest
// first, at most the newest limit of them. A note stands on the page of the message
// that it follows, so that each is on one page.
func (n Notes) Beside(ctx context.Context, p Page, limit int) ([]sellerdesk.Note, error) {
	if p.First.ID == 0 {
		return n.Between(ctx, p.Conversation, nil, nil, limit)
	}
	var from *sellerdesk.Time
	before, err := n.w.Moment(ctx, `SELECT at FROM messages WHERE conversation_id = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT 1`,
		int64(p.Conversation), p.First.At.Millis(), int64(p.First.ID))
	if err != nil {
		return nil, err
	}
	if before != nil {
		from = &p.First.At
	}
	until, err := n.w.Moment(ctx, `SELECT at FROM messages WHERE conversation_id = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT 1`,
		int64(p.Conversation), p.Last.At.Millis(), int64(p.Last.ID))
	if err != nil {
		return nil, err
	}
	return n.Between(ctx, p.Conversation, from, until, limit)
}
