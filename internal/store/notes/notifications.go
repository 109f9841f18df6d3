package notes

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	// longest is how much of a text a notification tells, in characters.
	longest = 200
	// MostUnread bounds what is counted: more than that is "many".
	MostUnread = 100
)

// Notifications are what people are told of.
type Notifications struct {
	w *engine.Work
	j *journal.Journal
}

// Notice is something that a person is to be told of.
type Notice struct {
	User sellerdesk.UserID // whom to tell
	Kind sellerdesk.NotificationKind
	Place
	Note sellerdesk.NoteID // 0: none
	Task sellerdesk.TaskID // 0: none
	By   sellerdesk.UserID // whose doing it is; 0: nobody of us
	Text string            // cut to 200 characters
}

// Add tells a person of something. Nobody is told of their own doing. What happens
// in a conversation that somebody follows is told once until they have looked.
func (n Notifications) Add(ctx context.Context, of Notice) error {
	if of.User == 0 || of.User == of.By {
		return nil
	}
	body, now := text.Cut(text.Clean(of.Text), longest), n.w.Now()
	var id sellerdesk.NotificationID
	if of.Kind == sellerdesk.NotificationFollowed {
		err := n.w.One(ctx, `UPDATE notifications SET body = $4, at = $5, by_id = $6, note_id = $7
			WHERE conversation_id = $1 AND user_id = $2 AND kind = $3 AND read_at IS NULL RETURNING id`,
			[]any{int64(of.Conversation), int64(of.User), string(of.Kind), body, now.Millis(), engine.OrNil(int64(of.By)), engine.OrNil(int64(of.Note))}, &id)
		if err == nil || !errors.Is(err, engine.ErrNoRow) {
			return err
		}
	}
	err := n.w.One(ctx, `INSERT INTO notifications (user_id, kind, account_id, conversation_id, note_id, task_id, by_id, body, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
		[]any{int64(of.User), string(of.Kind), int64(of.Account), int64(of.Conversation), engine.OrNil(int64(of.Note)), engine.OrNil(int64(of.Task)),
			engine.OrNil(int64(of.By)), body, now.Millis()}, &id)
	if err != nil {
		return fmt.Errorf("tell a person of something: %w", err)
	}
	n.j.Add(sellerdesk.EventNotificationCreated, of.Account, of.Conversation, sellerdesk.NotificationEvent{Notification: id, User: of.User, Kind: of.Kind})
	return nil
}

// Query asks for a page of what a person was told of, the newest first.
type Query struct {
	User   sellerdesk.UserID
	Unread bool // only what they have not looked at
	Cursor string
	Limit  int // 1 to 200; 0: 50
}

// List gives a page of what a person was told of, as far as they may still see it,
// and the cursor of the next one.
func (n Notifications) List(ctx context.Context, q Query) (list []sellerdesk.Notification, next string, err error) {
	limit := engine.PageSize(q.Limit)
	_, last, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	only := ``
	if q.Unread {
		only = ` AND n.read_at IS NULL`
	}
	seen, args := engine.Seen(ctx).In("n.account_id", []any{int64(q.User), last, limit + 1})
	rows, err := n.w.Query(ctx, `SELECT n.id, n.kind, n.conversation_id, n.note_id, n.task_id, n.by_id, n.body, n.at, n.read_at
		FROM notifications n WHERE n.user_id = $1 AND n.id < $2`+only+` AND `+seen+` ORDER BY n.id DESC LIMIT $3`, args...)
	list, err = engine.Collect(rows, err, func(s engine.Scanner) (o sellerdesk.Notification, err error) {
		var at int64
		var read *int64
		err = s.Scan(&o.ID, &o.Kind, &o.Conversation, &o.Note, &o.Task, &o.By, &o.Text, &at, &read)
		o.At, o.ReadAt = sellerdesk.AtMillis(at), engine.Moment(read)
		return o, err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list what a person was told of: %w", err)
	}
	if len(list) > limit {
		list = list[:limit]
		next = cursorOf(0, int64(list[limit-1].ID))
	}
	return list, next, nil
}

// Unread counts what a person has not looked at and may still see, up to
// [MostUnread].
func (n Notifications) Unread(ctx context.Context, user sellerdesk.UserID) (count int, err error) {
	seen, args := engine.Seen(ctx).In("n.account_id", []any{int64(user), MostUnread})
	err = n.w.One(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM notifications n WHERE n.user_id = $1 AND n.read_at IS NULL AND `+seen+` LIMIT $2) x`, args, &count)
	return count, err
}

// Read notes that a person has looked at some things they were told of; none: at
// all up to a number (0: at all there are). It tells how many those were.
func (n Notifications) Read(ctx context.Context, user sellerdesk.UserID, ids []sellerdesk.NotificationID, upTo sellerdesk.NotificationID) (int, error) {
	now := n.w.Now().Millis()
	if len(ids) == 0 {
		if upTo == 0 {
			upTo = maxMoment
		}
		done, err := n.w.Exec(ctx, `UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL AND id <= $3`, int64(user), now, int64(upTo))
		return int(done), err
	}
	all := 0
	for _, piece := range engine.Padded(ids) {
		args := append([]any{int64(user), now}, engine.Anys(piece)...)
		done, err := n.w.Exec(ctx, `UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL AND id IN (`+engine.Placeholders(3, len(piece))+`)`, args...)
		if err != nil {
			return all, fmt.Errorf("note that a person has looked: %w", err)
		}
		all += int(done)
	}
	return all, nil
}

// ToldOf tells whether a person was told of a conversation what they have not
// looked at.
func (n Notifications) ToldOf(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) (told bool, err error) {
	var count int
	err = n.w.One(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM notifications WHERE conversation_id = $1 AND user_id = $2 AND read_at IS NULL LIMIT 1) x`,
		[]any{int64(id), int64(user)}, &count)
	return count > 0, err
}

// ReadOf notes that a person has looked at a conversation, and so at what they
// were told of it.
func (n Notifications) ReadOf(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ConversationID) error {
	_, err := n.w.Exec(ctx, `UPDATE notifications SET read_at = $3 WHERE conversation_id = $1 AND user_id = $2 AND read_at IS NULL`,
		int64(id), int64(user), n.w.Now().Millis())
	return err
}

// trimStep bounds one transaction of [Notifications.Trim], in rows.
const trimStep = 1000

// Trim forgets some of what people were told of before a moment, and tells whether
// there may be more.
func (n Notifications) Trim(ctx context.Context, before sellerdesk.Time) (more bool, err error) {
	gone, err := n.w.Exec(ctx, `DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE at < $1 ORDER BY at LIMIT `+strconv.Itoa(trimStep)+`)`, before.Millis())
	if err != nil {
		return false, fmt.Errorf("forget what people were told of: %w", err)
	}
	return gone == trimStep, nil
}

// Flush tells the followers of conversations what happened in them in this
// transaction: that the buyer wrote, or that a colleague left a note. It is the
// last thing before events are written.
func (n Notifications) Flush(ctx context.Context) error {
	heard := n.heard()
	for _, piece := range engine.Padded(places(heard)) {
		rows, err := n.w.Query(ctx, `SELECT conversation_id, user_id FROM followers WHERE conversation_id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		pairs, err := engine.Collect(rows, err, func(s engine.Scanner) (p [2]int64, err error) {
			err = s.Scan(&p[0], &p[1])
			return p, err
		})
		if err != nil {
			return fmt.Errorf("read who follows conversations: %w", err)
		}
		for _, p := range pairs {
			notice := heard[p[0]]
			if notice.User = sellerdesk.UserID(p[1]); notice.named[notice.User] {
				continue
			}
			if err := n.Add(ctx, notice.Notice); err != nil {
				return err
			}
		}
	}
	return nil
}

// news is what happened in a conversation, with who is told of it anyway.
type news struct {
	Notice
	named map[sellerdesk.UserID]bool
}

// heard gathers what followers are to hear, by conversation.
func (n Notifications) heard() map[int64]news {
	heard, named := map[int64]news{}, map[int64]map[sellerdesk.UserID]bool{}
	n.j.Each(func(kind sellerdesk.EventKind, account sellerdesk.AccountID, conversation sellerdesk.ConversationID, data any) {
		notice := Notice{Kind: sellerdesk.NotificationFollowed, Place: Place{account, conversation}}
		switch d := data.(type) {
		case sellerdesk.MessageEvent:
			if kind != sellerdesk.EventMessageCreated || d.Author != sellerdesk.AuthorBuyer {
				return
			}
		case sellerdesk.NoteEvent:
			if d.Removed {
				return
			}
			notice.By, notice.Note = d.User, d.Note
		case sellerdesk.NotificationEvent:
			if named[int64(conversation)] == nil {
				named[int64(conversation)] = map[sellerdesk.UserID]bool{}
			}
			named[int64(conversation)][d.User] = true
			return
		default:
			return
		}
		heard[int64(conversation)] = news{Notice: notice}
	})
	for id, one := range heard {
		one.named = named[id]
		heard[id] = one
	}
	return heard
}

func places(heard map[int64]news) []int64 {
	list := make([]int64, 0, len(heard))
	for id := range heard {
		list = append(list, id)
	}
	return list
}
