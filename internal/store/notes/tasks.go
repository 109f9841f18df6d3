package notes

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

// Tasks are what is to be done about conversations.
type Tasks struct {
	w *engine.Work
	j *journal.Journal
}

const taskColumns = `t.id, t.conversation_id, t.body, t.user_id, t.due_at, t.created_by, t.created_at, t.done_at, t.done_by`

func scanTask(s engine.Scanner) (t sellerdesk.Task, err error) {
	var due, created int64
	var done *int64
	err = s.Scan(&t.ID, &t.Conversation, &t.Text, &t.User, &due, &t.CreatedBy, &created, &done, &t.DoneBy)
	if due != someday {
		t.DueAt = engine.Moment(&due)
	}
	t.CreatedAt, t.DoneAt = sellerdesk.AtMillis(created), engine.Moment(done)
	return t, err
}

func dueOf(t sellerdesk.Task) int64 {
	if t.DueAt == nil {
		return someday
	}
	return t.DueAt.Millis()
}

// Add keeps a task, set now.
func (t Tasks) Add(ctx context.Context, of Place, task sellerdesk.Task) (sellerdesk.Task, error) {
	task.Conversation, task.CreatedAt = of.Conversation, t.w.Now()
	err := t.w.One(ctx, `INSERT INTO tasks (conversation_id, body, user_id, due_at, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		[]any{int64(of.Conversation), task.Text, whom(task.User), dueOf(task), whom(task.CreatedBy), task.CreatedAt.Millis()}, &task.ID)
	if err != nil {
		return task, fmt.Errorf("keep a task: %w", err)
	}
	t.tell(of, task)
	return task, nil
}

// Get gives one task.
func (t Tasks) Get(ctx context.Context, id sellerdesk.TaskID) (sellerdesk.Task, error) {
	return single(ctx, t.w, "task", scanTask, `SELECT `+taskColumns+` FROM tasks t WHERE t.id = $1`, int64(id))
}

// Locked is Get of a task that is going to be changed: nobody else changes it until
// the transaction ends.
func (t Tasks) Locked(ctx context.Context, id sellerdesk.TaskID) (sellerdesk.Task, error) {
	return single(ctx, t.w, "task", scanTask, `SELECT `+taskColumns+` FROM tasks t WHERE t.id = $1`+t.w.Dialect.Locking(false), int64(id))
}

// Save keeps a task as it is now. That it is due is told again where anew says so.
func (t Tasks) Save(ctx context.Context, of Place, task sellerdesk.Task, anew bool) error {
	told := ``
	if anew {
		told = `, told = FALSE`
	}
	_, err := t.w.Exec(ctx, `UPDATE tasks SET body = $2, user_id = $3, due_at = $4, done_at = $5, done_by = $6`+told+` WHERE id = $1`,
		int64(task.ID), task.Text, whom(task.User), dueOf(task), engine.Millis(task.DoneAt), whom(task.DoneBy))
	if err != nil {
		return fmt.Errorf("change a task: %w", err)
	}
	t.tell(of, task)
	return nil
}

func (t Tasks) tell(of Place, task sellerdesk.Task) {
	t.j.Add(sellerdesk.EventTaskChanged, of.Account, of.Conversation, sellerdesk.TaskEvent{Task: task.ID, User: task.User, Done: task.DoneAt != nil})
}

// Of gives the tasks of a conversation, the oldest first, at most 200.
func (t Tasks) Of(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.Task, error) {
	rows, err := t.w.Query(ctx, `SELECT `+taskColumns+` FROM tasks t WHERE t.conversation_id = $1 ORDER BY t.id LIMIT 200`, int64(id))
	list, err := engine.Collect(rows, err, scanTask)
	if err != nil {
		return nil, fmt.Errorf("read the tasks of a conversation: %w", err)
	}
	return list, nil
}

// Open gives a page of the tasks that are not done and whose conversations may be
// seen: what is due first, then those without a day; of one person, or, with nil,
// of all. With it comes the cursor of the next page.
func (t Tasks) Open(ctx context.Context, user *sellerdesk.UserID, cursor string, limit int) (list []sellerdesk.Task, next string, err error) {
	limit = engine.PageSize(limit)
	due, last := int64(minMoment), int64(0)
	if cursor != "" {
		if due, last, err = readCursor(cursor); err != nil {
			return nil, "", err
		}
	}
	args := []any{due, last, limit + 1}
	whose := ``
	if user != nil {
		args = append(args, int64(*user))
		whose = ` AND t.user_id = $4`
	}
	seen, args := engine.Seen(ctx).In("c.account_id", args)
	rows, err := t.w.Query(ctx, `SELECT `+taskColumns+` FROM tasks t JOIN conversations c ON c.id = t.conversation_id
		WHERE t.done_at IS NULL AND (t.due_at, t.id) > ($1, $2)`+whose+` AND `+seen+` ORDER BY t.due_at, t.id LIMIT $3`, args...)
	if list, err = engine.Collect(rows, err, scanTask); err != nil {
		return nil, "", fmt.Errorf("list tasks: %w", err)
	}
	if len(list) > limit {
		list = list[:limit]
		next = cursorOf(dueOf(list[limit-1]), int64(list[limit-1].ID))
	}
	return list, next, nil
}

// Due is a task of which nobody was told yet that it is due.
type Due struct {
	Task    sellerdesk.Task
	Account sellerdesk.AccountID
}

// Due gives up to limit tasks that are due at a moment and of which nobody was
// told, the one due longest first.
func (t Tasks) Due(ctx context.Context, now sellerdesk.Time, limit int) ([]Due, error) {
	rows, err := t.w.Query(ctx, `SELECT `+taskColumns+`, c.account_id FROM tasks t JOIN conversations c ON c.id = t.conversation_id
		WHERE t.done_at IS NULL AND t.told = FALSE AND t.due_at <= $1 ORDER BY t.due_at, t.id LIMIT $2`, now.Millis(), limit)
	list, err := engine.Collect(rows, err, func(s engine.Scanner) (d Due, err error) {
		d.Task, err = scanTask(extended{s, &d.Account})
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for tasks that are due: %w", err)
	}
	return list, nil
}

// extended scans one more column behind those of another scan.
type extended struct {
	engine.Scanner
	last any
}

// Scan reads the columns and the last one.
func (e extended) Scan(dest ...any) error { return e.Scanner.Scan(append(dest, e.last)...) }

// Told notes that it was told that tasks are due.
func (t Tasks) Told(ctx context.Context, id sellerdesk.TaskID) error {
	_, err := t.w.Exec(ctx, `UPDATE tasks SET told = TRUE WHERE id = $1`, int64(id))
	return err
}
