package files

import (
	"context"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Files are attachments, those of buyers and ours. Their bytes are kept elsewhere.
type Files struct {
	w       *engine.Work
	journal *journal.Journal
}

// NewFiles makes the handle of a transaction.
func NewFiles(w *engine.Work, j *journal.Journal) Files { return Files{w, j} }

// New is an uploaded file that is not attached to a message yet.
type New struct {
	Name          string
	Type          string // media type by content
	Size          int64  // bytes
	Width, Height *int
	Hash          string // lower-case hex SHA-256
	Thumbnail     string // hash of the small picture, "" when there is none
	Playing
}

// Playing is what is known of a recording or a film before it is played.
type Playing struct {
	Duration *int64 // milliseconds; nil where that is not known
	Bars     string // as [sellerdesk.File] has them
}

// Origin tells where a file belongs. Ids are zero for an uploaded file that
// is not attached yet.
type Origin struct {
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	Message      sellerdesk.MessageID
	Remote       sellerdesk.RemoteFile
}

// Wanted is a file to be fetched.
type Wanted struct {
	File    sellerdesk.FileID
	Attempt int // how often it was postponed
	Origin
}

// Facts are what is known of the fetched bytes.
type Facts struct {
	Name          string // "" leaves the name
	Type          string // media type by content
	Size          int64  // bytes
	Width, Height *int
	Hash          string
	Thumbnail     string
	Playing
	Why sellerdesk.Why // why there is no small picture, as an unreadable one
}

const fileColumns = `f.id, f.name, f.size, f.type, f.width, f.height, f.state, f.reason, f.reason_code, f.hash, f.thumbnail, f.duration_ms, f.bars`

func fileFields(f *sellerdesk.File) []any {
	return []any{&f.ID, &f.Name, &f.Size, &f.Type, &f.Width, &f.Height, &f.State, &f.Reason, &f.ReasonCode, &f.Hash, &f.Thumbnail, &f.Duration, &f.Bars}
}

const originColumns = `COALESCE(f.account_id, 0), COALESCE(f.conversation_id, 0), COALESCE(f.message_id, 0), f.remote_id, f.name, f.remote_type, f.remote_size, f.remote`

func originFields(o *Origin) []any {
	return []any{&o.Account, &o.Conversation, &o.Message, &o.Remote.ID, &o.Remote.Name, &o.Remote.Type, &o.Remote.Size, &o.Remote.Remote}
}

// Insert and Width write rows made by [Want].
const Insert = `INSERT INTO files (account_id, conversation_id, message_id, name, type, size, width, height, state, reason, reason_code,
	hash, thumbnail, remote_id, remote, remote_type, remote_size, due_at, attempt, created_at, position, user_id, duration_ms, bars)`

// Width is how many values a row of Insert has.
const Width = 24

const longestBars = 64

// Add keeps an uploaded file. Until a message has it, it is of whoever asks.
func (f Files) Add(ctx context.Context, n New) (sellerdesk.File, error) {
	now := f.w.Now().Millis()
	ids, err := f.w.InsertMany(ctx, Insert, Width, ` RETURNING id`, []any{nil, nil, nil, gate.FileName(n.Name), text.Clean(n.Type),
		n.Size, n.Width, n.Height, string(sellerdesk.FileFetched), "", "", n.Hash, n.Thumbnail, "", nil, "", int64(0), now, 0, now, 0, engine.OrNil(int64(sellerdesk.AccessOf(ctx).User)), n.Duration, text.Cut(n.Bars, longestBars)})
	if err != nil {
		return sellerdesk.File{}, fmt.Errorf("keep a file: %w", err)
	}
	file, _, err := f.Get(ctx, sellerdesk.FileID(ids[0]))
	return file, err
}

// Get gives a file and where it belongs. One that no message has yet is there
// for its uploader only, one that goes with a template for whoever sees that.
func (f Files) Get(ctx context.Context, id sellerdesk.FileID) (sellerdesk.File, Origin, error) {
	var file sellerdesk.File
	var origin Origin
	var uploader sellerdesk.UserID
	err := f.w.One(ctx, `SELECT COALESCE(f.user_id, 0), `+fileColumns+`, `+originColumns+` FROM files f WHERE f.id = $1`, []any{int64(id)},
		append(append([]any{&uploader}, fileFields(&file)...), originFields(&origin)...)...)
	if err == nil {
		err = shown(ctx, origin, uploader)
	}
	if errors.Is(err, engine.ErrNoRow) && file.ID != 0 && origin.Message == 0 {
		var seen bool
		if _, seen, err = f.templated(ctx, id); err == nil && !seen {
			err = engine.ErrNoRow
		}
	}
	if err != nil {
		return sellerdesk.File{}, Origin{}, engine.Found(err, "file")
	}
	return file, origin, nil
}

// shown refuses a file that whoever asks may not see.
func shown(ctx context.Context, o Origin, uploader sellerdesk.UserID) error {
	seen, me := engine.Seen(ctx), sellerdesk.AccessOf(ctx).User
	mine := uploader == me
	switch {
	case o.Message != 0:
		mine = seen.Has(o.Account)
	case uploader == 0, me == 0: // nobody's, or asked for by the program itself
		mine = seen.Whole()
	}
	if mine {
		return nil
	}
	return engine.ErrNoRow
}

// Attach fills the files of a page of messages.
func (f Files) Attach(ctx context.Context, messages []sellerdesk.Message) error {
	if len(messages) == 0 {
		return nil
	}
	place := make(map[int64]int, len(messages))
	ids := make([]int64, len(messages))
	for i, m := range messages {
		ids[i], place[int64(m.ID)] = int64(m.ID), i
	}
	for _, piece := range engine.Padded(ids) {
		rows, err := f.w.Query(ctx, `SELECT f.message_id, `+fileColumns+` FROM files f WHERE f.message_id IN (`+engine.Placeholders(1, len(piece))+`) ORDER BY f.message_id, f.position, f.id`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
			var message int64
			var file sellerdesk.File
			if err = s.Scan(append([]any{&message}, fileFields(&file)...)...); err == nil {
				m := &messages[place[message]]
				m.Files = append(m.Files, file)
			}
			return none, err
		})
		if err != nil {
			return fmt.Errorf("read files: %w", err)
		}
	}
	return nil
}

// Want adds a file of the remote side to the rows to be written.
func Want(values []any, o Origin, position int, now int64) []any {
	r := o.Remote
	var size any
	if r.Size > 0 {
		size = r.Size
	}
	kind := text.Cut(text.Clean(r.Type), 100)
	return append(values, int64(o.Account), int64(o.Conversation), int64(o.Message), gate.FileName(r.Name), kind,
		size, nil, nil, string(sellerdesk.FileWanted), "", "", "", "", text.Clean(string(r.ID)), engine.Blob(r.Remote), kind, r.Size, now, 0, now, position, nil, nil, "")
}

// Wanted lists files to be fetched now, the newest first: they are those
// that people look at. No accounts
// means all; only accounts that are ok are looked at.
func (f Files) Wanted(ctx context.Context, now sellerdesk.Time, limit int, accounts []sellerdesk.AccountID) ([]Wanted, error) {
	narrow, args := engine.NarrowAccounts("f.account_id", accounts, now.Millis(), min(max(limit, 1), 1000))
	rows, err := f.w.Query(ctx, `SELECT f.id, f.attempt, `+originColumns+` FROM files f WHERE f.state = 'wanted' AND f.due_at <= $1
		AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = f.account_id AND a.state = 'ok')`+narrow+` ORDER BY f.due_at DESC, f.id DESC LIMIT $2`, args...)
	wanted, err := engine.Collect(rows, err, func(s engine.Scanner) (w Wanted, err error) {
		err = s.Scan(append([]any{&w.File, &w.Attempt}, originFields(&w.Origin)...)...)
		return w, err
	})
	if err != nil {
		return nil, fmt.Errorf("list wanted files: %w", err)
	}
	return wanted, nil
}

// NextWanted tells when the next file of an account that is ok is due; nil when
// none is wanted. It may lie in the past.
func (f Files) NextWanted(ctx context.Context) (*sellerdesk.Time, error) {
	return f.w.Moment(ctx, `SELECT f.due_at FROM files f WHERE f.state = 'wanted'
		AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = f.account_id AND a.state = 'ok') ORDER BY f.due_at, f.id LIMIT 1`)
}

// Fetched records that the bytes of a file are kept here.
func (f Files) Fetched(ctx context.Context, id sellerdesk.FileID, facts Facts) error {
	why := gate.Why(facts.Why)
	return f.change(ctx, id, `state = 'fetched', name = CASE WHEN $2 = '' THEN name ELSE $2 END, type = $3, size = $4, width = $5, height = $6,
		hash = $7, thumbnail = $8, reason = $9, reason_code = $10, duration_ms = $11, bars = $12`, gate.FileName(facts.Name), text.Clean(facts.Type), facts.Size,
		facts.Width, facts.Height, facts.Hash, facts.Thumbnail, string(why.Text), string(why.Code), facts.Duration, text.Cut(facts.Bars, longestBars))
}

// Postpone asks for a file again no sooner than due.
func (f Files) Postpone(ctx context.Context, id sellerdesk.FileID, due sellerdesk.Time, why sellerdesk.Why) error {
	why = gate.Why(why)
	return f.change(ctx, id, `due_at = $2, attempt = attempt + 1, reason = $3, reason_code = $4`, due.Millis(), string(why.Text), string(why.Code))
}

// Dropped gives a file up: state is gone or refused.
func (f Files) Dropped(ctx context.Context, id sellerdesk.FileID, state sellerdesk.FileState, why sellerdesk.Why) error {
	why = gate.Why(why)
	return f.change(ctx, id, `state = $2, reason = $3, reason_code = $4`, string(state), string(why.Text), string(why.Code))
}

// Want asks for a file again that was given up.
func (f Files) Want(ctx context.Context, id sellerdesk.FileID) error {
	file, origin, err := f.Get(ctx, id)
	if err != nil || file.State == sellerdesk.FileFetched || file.State == sellerdesk.FileWanted {
		return err
	}
	if origin.Remote.ID == "" {
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This file was sent from here and cannot be fetched.")
	}
	return f.change(ctx, id, `state = 'wanted', due_at = $2, attempt = 0, reason = '', reason_code = ''`, f.w.Now().Millis())
}

// change updates a file and tells about it. The assignment uses $2 and on.
func (f Files) change(ctx context.Context, id sellerdesk.FileID, assignment string, args ...any) error {
	var account sellerdesk.AccountID
	var conversation sellerdesk.ConversationID
	event := sellerdesk.FileEvent{File: id}
	err := f.w.One(ctx, `UPDATE files SET `+assignment+` WHERE id = $1 RETURNING COALESCE(account_id, 0), COALESCE(conversation_id, 0), COALESCE(message_id, 0), state`,
		append([]any{int64(id)}, args...), &account, &conversation, &event.Message, &event.State)
	if err != nil {
		return engine.Found(err, "file")
	}
	if event.Message != 0 {
		f.journal.Add(sellerdesk.EventFileUpdated, account, conversation, event)
	}
	return nil
}

// Take attaches uploaded files to a message of ours, in order. A file that is
// attached already, or goes with a template, is kept a second time, its bytes are
// the same.
func (f Files) Take(ctx context.Context, to Origin, ids []sellerdesk.FileID) error {
	for position, id := range ids {
		file, origin, err := f.Get(ctx, id)
		if err != nil {
			return err
		}
		templated, _, err := f.templated(ctx, id)
		if err != nil {
			return err
		}
		if origin.Message != 0 || templated {
			again, err := f.Add(ctx, New{Name: string(file.Name), Type: string(file.Type), Size: sizeOf(file),
				Width: file.Width, Height: file.Height, Hash: file.Hash, Thumbnail: file.Thumbnail, Playing: Playing{file.Duration, file.Bars}})
			if err != nil {
				return err
			}
			id = again.ID
		}
		if _, err := f.w.Exec(ctx, `UPDATE files SET account_id = $2, conversation_id = $3, message_id = $4, position = $5 WHERE id = $1`,
			int64(id), int64(to.Account), int64(to.Conversation), int64(to.Message), position); err != nil {
			return fmt.Errorf("attach a file: %w", err)
		}
	}
	return nil
}

func sizeOf(f sellerdesk.File) int64 {
	if f.Size == nil {
		return 0
	}
	return *f.Size
}

// Outcomes records which files of a message the remote side did not take.
// Outcomes come in the order of the files.
func (f Files) Outcomes(ctx context.Context, message sellerdesk.MessageID, outcomes []sellerdesk.FileOutcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	rows, err := f.w.Query(ctx, `SELECT id FROM files WHERE message_id = $1 ORDER BY position, id`, int64(message))
	ids, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil {
		return fmt.Errorf("read the files of a message: %w", err)
	}
	for i, o := range outcomes {
		if o.Refused == (sellerdesk.Why{}) || i >= len(ids) {
			continue
		}
		why := o.Refused
		if why.Code == "" {
			why.Code = sellerdesk.ReasonFileRefused
		}
		if err := f.Dropped(ctx, sellerdesk.FileID(ids[i]), sellerdesk.FileRefused, why); err != nil {
			return err
		}
	}
	return nil
}
