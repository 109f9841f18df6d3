package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Notes are what people say to one another beside conversations. No buyer ever
// gets one.
type Notes struct{ c *Client }

// List gives one page of the notes of a conversation, the newest first. Limit is 1
// to 200; 0 means 50.
func (s *Notes) List(ctx context.Context, conversation sellerdesk.ConversationID, cursor string, limit int) (Page[sellerdesk.Note], error) {
	v := url.Values{}
	place(v, cursor, limit)
	var p Page[sellerdesk.Note]
	err := s.c.do(ctx, call{op: "list notes", method: http.MethodGet, path: beside(conversation, "notes"), query: v}, &p)
	return p, err
}

// All walks through all notes of a conversation. It ends after an error.
func (s *Notes) All(ctx context.Context, conversation sellerdesk.ConversationID) iter.Seq2[sellerdesk.Note, error] {
	return all(func(cursor string) (Page[sellerdesk.Note], error) { return s.List(ctx, conversation, cursor, 200) })
}

// Write leaves a note, 1 to 10,000 characters. "@[12]" names the person 12 and
// "@[team:3]" a team, who are told.
func (s *Notes) Write(ctx context.Context, conversation sellerdesk.ConversationID, text string) (sellerdesk.Note, error) {
	var n sellerdesk.Note
	err := s.c.do(ctx, call{op: "write note", method: http.MethodPost, path: beside(conversation, "notes"), body: map[string]any{"text": text}}, &n)
	return n, err
}

// Change gives a note of one's own another text.
func (s *Notes) Change(ctx context.Context, id sellerdesk.NoteID, text string) (sellerdesk.Note, error) {
	var n sellerdesk.Note
	err := s.c.do(ctx, call{op: "change note", method: http.MethodPatch, path: "/v1/notes/" + itoa(id), body: map[string]any{"text": text}}, &n)
	return n, err
}

// Remove takes a note of one's own away.
func (s *Notes) Remove(ctx context.Context, id sellerdesk.NoteID) error {
	return s.c.do(ctx, call{op: "remove note", method: http.MethodDelete, path: "/v1/notes/" + itoa(id)}, nil)
}

// Colleagues lists who can be named in a conversation: people, then teams.
func (s *Notes) Colleagues(ctx context.Context, conversation sellerdesk.ConversationID) ([]sellerdesk.Colleague, error) {
	var p Page[sellerdesk.Colleague]
	err := s.c.do(ctx, call{op: "list colleagues", method: http.MethodGet, path: beside(conversation, "colleagues")}, &p)
	return p.Items, err
}

// Followers lists who follows a conversation; the actions follow and unfollow of
// [Conversations.Act] change it.
func (s *Notes) Followers(ctx context.Context, conversation sellerdesk.ConversationID) ([]sellerdesk.Colleague, error) {
	var p Page[sellerdesk.Colleague]
	err := s.c.do(ctx, call{op: "list followers", method: http.MethodGet, path: beside(conversation, "followers")}, &p)
	return p.Items, err
}

// Tasks are what is to be done about conversations.
type Tasks struct{ c *Client }

// NewTask is something to be done.
type NewTask struct {
	Text  string            `json:"text"`            // 1 to 500 characters
	User  sellerdesk.UserID `json:"user,omitempty"`  // who is to do it; 0: anybody
	DueAt time.Time         `json:"due_at,omitzero"` // zero: some time
}

// TaskChange changes a task; nil leaves a field as is.
type TaskChange struct {
	Text    *string            `json:"text,omitempty"`
	User    *sellerdesk.UserID `json:"user,omitempty"` // 0: anybody
	DueAt   *time.Time         `json:"due_at,omitempty"`
	Someday bool               `json:"someday,omitempty"` // it has no day any more
	Done    *bool              `json:"done,omitempty"`
}

// Of lists the tasks of a conversation, the oldest first, done ones too.
func (s *Tasks) Of(ctx context.Context, conversation sellerdesk.ConversationID) ([]sellerdesk.Task, error) {
	var p Page[sellerdesk.Task]
	err := s.c.do(ctx, call{op: "list tasks", method: http.MethodGet, path: beside(conversation, "tasks")}, &p)
	return p.Items, err
}

// List gives one page of the tasks that are not done, what is due first; with mine
// only one's own. Limit is 1 to 200; 0 means 50.
func (s *Tasks) List(ctx context.Context, mine bool, cursor string, limit int) (Page[sellerdesk.Task], error) {
	v := url.Values{}
	if mine {
		v.Set("mine", "true")
	}
	place(v, cursor, limit)
	var p Page[sellerdesk.Task]
	err := s.c.do(ctx, call{op: "list tasks", method: http.MethodGet, path: "/v1/tasks", query: v}, &p)
	return p, err
}

// All walks through all tasks that are not done. It ends after an error.
func (s *Tasks) All(ctx context.Context, mine bool) iter.Seq2[sellerdesk.Task, error] {
	return all(func(cursor string) (Page[sellerdesk.Task], error) { return s.List(ctx, mine, cursor, 200) })
}

// Add sets a task about a conversation. The person who is to do it is told, now
// and when it is due.
func (s *Tasks) Add(ctx context.Context, conversation sellerdesk.ConversationID, task NewTask) (sellerdesk.Task, error) {
	var t sellerdesk.Task
	err := s.c.do(ctx, call{op: "add task", method: http.MethodPost, path: beside(conversation, "tasks"), body: task}, &t)
	return t, err
}

// Change changes a task, or says that it is done or not.
func (s *Tasks) Change(ctx context.Context, id sellerdesk.TaskID, change TaskChange) (sellerdesk.Task, error) {
	var t sellerdesk.Task
	err := s.c.do(ctx, call{op: "change task", method: http.MethodPatch, path: "/v1/tasks/" + itoa(id), body: change}, &t)
	return t, err
}

// Notifications are what one is told of.
type Notifications struct{ c *Client }

// List gives one page, the newest first; with unread only what one has not looked
// at. Limit is 1 to 200; 0 means 50.
func (s *Notifications) List(ctx context.Context, unread bool, cursor string, limit int) (Page[sellerdesk.Notification], error) {
	v := url.Values{}
	if unread {
		v.Set("unread", "true")
	}
	place(v, cursor, limit)
	var p Page[sellerdesk.Notification]
	err := s.c.do(ctx, call{op: "list notifications", method: http.MethodGet, path: "/v1/notifications", query: v}, &p)
	return p, err
}

// All walks through all pages. It ends after an error.
func (s *Notifications) All(ctx context.Context, unread bool) iter.Seq2[sellerdesk.Notification, error] {
	return all(func(cursor string) (Page[sellerdesk.Notification], error) { return s.List(ctx, unread, cursor, 200) })
}

// Read notes that one has looked at some, with none named at all, and tells how
// many those were.
func (s *Notifications) Read(ctx context.Context, ids ...sellerdesk.NotificationID) (int, error) {
	var out struct {
		Count int `json:"count"`
	}
	body := map[string]any{}
	if len(ids) > 0 {
		body["ids"] = ids
	}
	err := s.c.do(ctx, call{op: "read notifications", method: http.MethodPost, path: "/v1/notifications/read", body: body}, &out)
	return out.Count, err
}

// Drafts are answers that one has begun: one in each conversation.
type Drafts struct{ c *Client }

// NewDraft is an answer as far as it is written.
type NewDraft struct {
	Text  string               `json:"text"`            // up to 50,000 characters
	Files []sellerdesk.FileID  `json:"files,omitempty"` // uploaded before, up to 100
	Seen  sellerdesk.MessageID `json:"seen,omitempty"`  // the newest message that stood there
}

// Get gives one's draft; not_found when there is none.
func (s *Drafts) Get(ctx context.Context, conversation sellerdesk.ConversationID) (sellerdesk.Draft, error) {
	var d sellerdesk.Draft
	err := s.c.do(ctx, call{op: "get draft", method: http.MethodGet, path: beside(conversation, "draft")}, &d)
	return d, err
}

// Put keeps one's draft in place of the one before.
func (s *Drafts) Put(ctx context.Context, conversation sellerdesk.ConversationID, draft NewDraft) (sellerdesk.Draft, error) {
	var d sellerdesk.Draft
	err := s.c.do(ctx, call{op: "put draft", method: http.MethodPut, path: beside(conversation, "draft"), body: draft}, &d)
	return d, err
}

// Remove drops one's draft.
func (s *Drafts) Remove(ctx context.Context, conversation sellerdesk.ConversationID) error {
	return s.c.do(ctx, call{op: "remove draft", method: http.MethodDelete, path: beside(conversation, "draft")}, nil)
}

// Presence is who has a conversation in front of them now.
type Presence struct{ c *Client }

// PresenceTold is what one does at a conversation.
type PresenceTold struct {
	Typing bool   `json:"typing,omitempty"`
	Draft  bool   `json:"draft,omitempty"`  // one has begun an answer
	Gone   bool   `json:"gone,omitempty"`   // one looks elsewhere
	Window string `json:"window,omitempty"` // tells several windows of a person apart
}

// Get tells who is there, and who else has begun an answer.
func (s *Presence) Get(ctx context.Context, conversation sellerdesk.ConversationID) ([]sellerdesk.Presence, error) {
	var p Page[sellerdesk.Presence]
	err := s.c.do(ctx, call{op: "get presence", method: http.MethodGet, path: beside(conversation, "presence")}, &p)
	return p.Items, err
}

// Tell says that one has a conversation in front of one; to be said again within 45
// seconds, while typing within 6. It tells who else is there.
func (s *Presence) Tell(ctx context.Context, conversation sellerdesk.ConversationID, told PresenceTold) ([]sellerdesk.Presence, error) {
	var p Page[sellerdesk.Presence]
	err := s.c.do(ctx, call{op: "tell presence", method: http.MethodPost, path: beside(conversation, "presence"), body: told}, &p)
	return p.Items, err
}

// beside is the address of what stands beside a conversation.
func beside(id sellerdesk.ConversationID, what string) string {
	return "/v1/conversations/" + itoa(id) + "/" + what
}
