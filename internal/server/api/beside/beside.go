package beside

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Operations are the handlers. All fields are needed.
type Operations struct {
	Desk  *desk.Desk
	Store *store.Store
	Board *presence.Board
}

// Output is an answer with a body.
type Output[T any] struct{ Body T }

// Page is one page of a list.
type Page[T any] struct {
	Items []T                 `json:"items"`
	Next  sellerdesk.Optional `json:"next" doc:"Cursor of the next page; null at the end"`
}

func page[T any](items []T, next string, err error) (*Output[Page[T]], error) {
	if items == nil {
		items = []T{}
	}
	return &Output[Page[T]]{Page[T]{items, sellerdesk.Optional(next)}}, err
}

// PageQuery are the parameters of a list. (huma sees embedded types only when exported.)
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items in a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before"`
}

// ConversationPath names a conversation.
type ConversationPath struct {
	ID sellerdesk.ConversationID `path:"id" minimum:"1"`
}

// NotesInput asks for notes.
type NotesInput struct {
	ConversationPath
	PageQuery
}

// ListNotes gives the notes of a conversation.
func (o Operations) ListNotes(ctx context.Context, in *NotesInput) (*Output[Page[sellerdesk.Note]], error) {
	return page(o.Desk.Notes.List(ctx, in.ID, in.Cursor, in.Limit))
}

// NoteBody is what a note says.
type NoteBody struct {
	Text string `json:"text" minLength:"1" maxLength:"10000" doc:"@[12] names the person 12, @[team:3] a team"`
}

// WriteNoteInput leaves a note.
type WriteNoteInput struct {
	ConversationPath
	Body NoteBody `nameHint:"NewNote"`
}

// WriteNote leaves a note beside a conversation.
func (o Operations) WriteNote(ctx context.Context, in *WriteNoteInput) (*Output[sellerdesk.Note], error) {
	note, err := o.Desk.Notes.Write(ctx, in.ID, in.Body.Text)
	return &Output[sellerdesk.Note]{note}, err
}

// NotePath names a note.
type NotePath struct {
	ID sellerdesk.NoteID `path:"id" minimum:"1"`
}

// ChangeNoteInput gives a note another text.
type ChangeNoteInput struct {
	NotePath
	Body NoteBody
}

// ChangeNote gives a note another text.
func (o Operations) ChangeNote(ctx context.Context, in *ChangeNoteInput) (*Output[sellerdesk.Note], error) {
	note, err := o.Desk.Notes.Change(ctx, in.ID, in.Body.Text)
	return &Output[sellerdesk.Note]{note}, err
}

// RemoveNote takes a note away.
func (o Operations) RemoveNote(ctx context.Context, in *NotePath) (*struct{}, error) {
	return nil, o.Desk.Notes.Remove(ctx, in.ID)
}

// Colleagues gives who can be named in a conversation.
func (o Operations) Colleagues(ctx context.Context, in *ConversationPath) (*Output[Page[sellerdesk.Colleague]], error) {
	list, err := o.Desk.Notes.Colleagues(ctx, in.ID)
	return page(list, "", err)
}

// Followers gives who follows a conversation.
func (o Operations) Followers(ctx context.Context, in *ConversationPath) (*Output[Page[sellerdesk.Colleague]], error) {
	list, err := o.Desk.Notes.Followers(ctx, in.ID)
	return page(list, "", err)
}

// ConversationTasks gives the tasks of a conversation.
func (o Operations) ConversationTasks(ctx context.Context, in *ConversationPath) (*Output[Page[sellerdesk.Task]], error) {
	list, err := o.Desk.Tasks.Of(ctx, in.ID)
	return page(list, "", err)
}

// TasksInput asks for tasks that are not done.
type TasksInput struct {
	PageQuery
	Mine bool `query:"mine" doc:"Only those of the person who asks"`
}

// ListTasks gives the tasks that are not done.
func (o Operations) ListTasks(ctx context.Context, in *TasksInput) (*Output[Page[sellerdesk.Task]], error) {
	return page(o.Desk.Tasks.Open(ctx, in.Mine, in.Cursor, in.Limit))
}

// AddTaskInput sets a task.
type AddTaskInput struct {
	ConversationPath
	Body struct {
		Text  string             `json:"text" minLength:"1" maxLength:"500"`
		User  *sellerdesk.UserID `json:"user,omitempty" minimum:"1" doc:"Who is to do it; left out or null: anybody"`
		DueAt *time.Time         `json:"due_at,omitempty" doc:"Left out or null: some time"`
	} `nameHint:"NewTask"`
}

// AddTask sets a task about a conversation.
func (o Operations) AddTask(ctx context.Context, in *AddTaskInput) (*Output[sellerdesk.Task], error) {
	task, err := o.Desk.Tasks.Add(ctx, talking.NewTask{Conversation: in.ID, Text: in.Body.Text, User: in.Body.User, DueAt: moment(in.Body.DueAt)})
	return &Output[sellerdesk.Task]{task}, err
}

func moment(t *time.Time) *sellerdesk.Time {
	if t == nil {
		return nil
	}
	at := sellerdesk.At(*t)
	return &at
}

// ChangeTaskInput changes a task.
type ChangeTaskInput struct {
	ID   sellerdesk.TaskID `path:"id" minimum:"1"`
	Body struct {
		Text    *string            `json:"text,omitempty" minLength:"1" maxLength:"500"`
		User    *sellerdesk.UserID `json:"user,omitempty" minimum:"0" doc:"Who is to do it; 0: anybody"`
		DueAt   *time.Time         `json:"due_at,omitempty"`
		Someday bool               `json:"someday,omitempty" doc:"It has no day any more"`
		Done    *bool              `json:"done,omitempty"`
	} `nameHint:"TaskChange"`
}

// ChangeTask changes a task.
func (o Operations) ChangeTask(ctx context.Context, in *ChangeTaskInput) (*Output[sellerdesk.Task], error) {
	c := talking.TaskChange{Text: in.Body.Text, User: in.Body.User, DueAt: moment(in.Body.DueAt), Done: in.Body.Done}
	if in.Body.Someday {
		c.DueAt = &sellerdesk.Time{}
	}
	task, err := o.Desk.Tasks.Change(ctx, in.ID, c)
	return &Output[sellerdesk.Task]{task}, err
}

// NotificationsInput asks for what the person was told of.
type NotificationsInput struct {
	PageQuery
	Unread bool `query:"unread" doc:"Only what the person has not looked at"`
}

// ListNotifications gives what the person who asks was told of.
func (o Operations) ListNotifications(ctx context.Context, in *NotificationsInput) (*Output[Page[sellerdesk.Notification]], error) {
	return page(o.Desk.Notifications.List(ctx, in.Unread, in.Cursor, in.Limit))
}

// ReadNotificationsInput says what was looked at.
type ReadNotificationsInput struct {
	Body struct {
		IDs  []sellerdesk.NotificationID `json:"ids,omitempty" maxItems:"500" doc:"None: all"`
		UpTo sellerdesk.NotificationID   `json:"up_to,omitempty" minimum:"0" doc:"With no ids: only those up to this one, so that what came meanwhile stays"`
	} `nameHint:"NotificationsRead"`
}

// Counted tells how many things were done.
type Counted struct {
	Count int `json:"count"`
}

// ReadNotifications notes that the person has looked.
func (o Operations) ReadNotifications(ctx context.Context, in *ReadNotificationsInput) (*Output[Counted], error) {
	n, err := o.Desk.Notifications.Read(ctx, in.Body.IDs, in.Body.UpTo)
	return &Output[Counted]{Counted{n}}, err
}
