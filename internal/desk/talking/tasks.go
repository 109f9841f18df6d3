package talking

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	longestTask = 500
	mostTasks   = 200
)

// Tasks are the verbs on what is to be done about conversations.
type Tasks struct{ Deps }

// NewTask is something to be done.
type NewTask struct {
	Conversation sellerdesk.ConversationID
	Text         string             // 1 to 500 characters
	User         *sellerdesk.UserID // who is to do it; nil: anybody
	DueAt        *sellerdesk.Time   // nil: some time
}

// TaskChange changes a task; nil leaves a field as is.
type TaskChange struct {
	Text *string
	// User is who is to do it; 0: anybody.
	User *sellerdesk.UserID
	// DueAt is when; its zero value: some time.
	DueAt *sellerdesk.Time
	Done  *bool
}

// Of gives the tasks of a conversation, the oldest first, done ones too.
func (t *Tasks) Of(ctx context.Context, id sellerdesk.ConversationID) (list []sellerdesk.Task, err error) {
	err = t.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := place(ctx, tx, sellerdesk.RightSee, id); err != nil {
			return err
		}
		list, err = tx.Talk.Tasks.Of(ctx, id)
		return err
	})
	return list, err
}

// Open gives a page of the tasks that are not done, of all that whoever asks may
// see or of their own, what is due first, and the cursor of the next one.
func (t *Tasks) Open(ctx context.Context, own bool, cursor string, limit int) (list []sellerdesk.Task, next string, err error) {
	var whose *sellerdesk.UserID
	if own {
		user, err := person(ctx)
		if err != nil {
			return nil, "", err
		}
		whose = &user
	}
	err = t.Store.Read(ctx, func(tx *store.Tx) error {
		list, next, err = tx.Talk.Tasks.Open(ctx, whose, cursor, limit)
		return err
	})
	return list, next, err
}

// Add sets a task. The person who is to do it is told.
func (t *Tasks) Add(ctx context.Context, in NewTask) (task sellerdesk.Task, err error) {
	at, err := t.where(ctx, sellerdesk.RightWork, in.Conversation)
	if err != nil {
		return task, err
	}
	if in.Text, err = said(in.Text, "text", longestTask); err != nil {
		return task, err
	}
	if err := t.fits(ctx, at, in.User); err != nil {
		return task, err
	}
	err = t.Store.Write(ctx, func(tx *store.Tx) error {
		if all, err := tx.Talk.Tasks.Of(ctx, in.Conversation); err != nil || len(all) >= mostTasks {
			return orFull(err, "There are %d tasks about this conversation, which is the most there may be.", mostTasks)
		}
		task, err = tx.Talk.Tasks.Add(ctx, at, sellerdesk.Task{Text: in.Text, User: in.User, DueAt: in.DueAt, CreatedBy: mine(ctx)})
		if err != nil {
			return err
		}
		return given(ctx, tx, at, task)
	})
	return task, err
}

// fits refuses to give a task to somebody who cannot see what it is about.
func (t *Tasks) fits(ctx context.Context, at store.Place, user *sellerdesk.UserID) error {
	if user == nil {
		return nil
	}
	sees, err := t.sees(ctx, *user, at.Account)
	if err == nil && !sees {
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "Person %d does not see this conversation.", *user).InField("user")
	}
	return err
}

// given tells a person that a task is theirs now.
func given(ctx context.Context, tx *store.Tx, at store.Place, task sellerdesk.Task) error {
	if task.User == nil {
		return nil
	}
	return tx.Talk.Notifications.Add(ctx, store.Notice{
		User: *task.User, Kind: sellerdesk.NotificationTask, Place: at, Task: task.ID, By: myself(ctx), Text: task.Text,
	})
}

// Change changes a task, or says that it is done or not.
func (t *Tasks) Change(ctx context.Context, id sellerdesk.TaskID, in TaskChange) (task sellerdesk.Task, err error) {
	var at store.Place
	err = t.Store.Read(ctx, func(tx *store.Tx) error {
		if task, err = tx.Talk.Tasks.Get(ctx, id); err != nil {
			return err
		}
		at, err = place(ctx, tx, sellerdesk.RightWork, task.Conversation)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such task.")
		}
		return err
	})
	if err != nil {
		return sellerdesk.Task{}, err
	}
	if in.Text != nil {
		words, err := said(*in.Text, "text", longestTask)
		if err != nil {
			return task, err
		}
		in.Text = &words
	}
	if in.User != nil && *in.User != 0 {
		if err := t.fits(ctx, at, in.User); err != nil {
			return task, err
		}
	}
	err = t.Store.Write(ctx, func(tx *store.Tx) error {
		if task, err = tx.Talk.Tasks.Locked(ctx, id); err != nil {
			return err
		}
		whose := task.User
		t.apply(ctx, &task, in)
		if err := tx.Talk.Tasks.Save(ctx, at, task, in.DueAt != nil); err != nil {
			return err
		}
		if task.User != nil && (whose == nil || *whose != *task.User) {
			return given(ctx, tx, at, task)
		}
		return nil
	})
	return task, err
}

// apply changes what is to change of a task.
func (t *Tasks) apply(ctx context.Context, task *sellerdesk.Task, in TaskChange) {
	if in.Text != nil {
		task.Text = *in.Text
	}
	if in.User != nil {
		task.User = in.User
		if *in.User == 0 {
			task.User = nil
		}
	}
	if in.DueAt != nil {
		task.DueAt = in.DueAt
		if in.DueAt.IsZero() {
			task.DueAt = nil
		}
	}
	if in.Done != nil && *in.Done != (task.DoneAt != nil) {
		task.DoneAt, task.DoneBy = nil, nil
		if *in.Done {
			now := sellerdesk.At(t.Clock.Now())
			task.DoneAt, task.DoneBy = &now, mine(ctx)
		}
	}
}
