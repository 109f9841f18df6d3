package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/api/beside"
)

// talk registers the operations on what people say to one another.
func (a *api) talk() {
	o := beside.Operations{Desk: a.desk, Store: a.store, Board: a.server.Presence}
	see, work := sellerdesk.RightSee, sellerdesk.RightWork
	done := func(o huma.Operation) huma.Operation { o.DefaultStatus = http.StatusOK; return o }
	const at = "/v1/conversations/{id}/"
	register(a, see, op("listNotes", "GET", at+"notes", "notes", "List the notes of a conversation, newest first",
		"Notes are what people here say to one another. The buyer never gets them: no channel is ever handed one."), o.ListNotes)
	register(a, work, op("writeNote", "POST", at+"notes", "notes", "Leave a note beside a conversation", "Whom it names with @[id] is told."), o.WriteNote)
	register(a, work, op("changeNote", "PATCH", "/v1/notes/{id}", "notes", "Change a note of one's own", "Whom it names only now is told."), o.ChangeNote)
	register(a, work, op("removeNote", "DELETE", "/v1/notes/{id}", "notes", "Remove a note of one's own", ""), o.RemoveNote)
	register(a, see, op("listColleagues", "GET", at+"colleagues", "notes", "List who can be named in a conversation",
		"The people who see it, by name, then the teams."), o.Colleagues)
	register(a, see, op("listFollowers", "GET", at+"followers", "notes", "List who follows a conversation",
		"With the actions follow and unfollow each person decides for themselves; who follows is told when the buyer writes or a colleague leaves a note."), o.Followers)
	register(a, see, op("listConversationTasks", "GET", at+"tasks", "tasks", "List the tasks of a conversation", "The oldest first, done ones too."), o.ConversationTasks)
	register(a, work, op("addTask", "POST", at+"tasks", "tasks", "Set a task about a conversation", "The person who is to do it is told, now and when it is due."), o.AddTask)
	register(a, see, op("listTasks", "GET", "/v1/tasks", "tasks", "List the tasks that are not done", "What is due first, then those without a day."), o.ListTasks)
	register(a, work, op("changeTask", "PATCH", "/v1/tasks/{id}", "tasks", "Change a task or say that it is done", "Fields left out stay as they are."), o.ChangeTask)
	register(a, anybody, op("listNotifications", "GET", "/v1/notifications", "notifications", "List what one was told of, newest first",
		"Of what one may still see."), o.ListNotifications)
	register(a, anybody, done(op("readNotifications", "POST", "/v1/notifications/read", "notifications", "Note that one has looked", "")), o.ReadNotifications)
	register(a, see, op("getDraft", "GET", at+"draft", "drafts", "Get the answer one has begun", "Each person has one in each conversation, which nobody else reads."), o.GetDraft)
	register(a, work, op("putDraft", "PUT", at+"draft", "drafts", "Keep the answer one has begun",
		"In place of the one before; without text and files there is none any more. Sending an answer removes it."), o.PutDraft)
	register(a, see, op("removeDraft", "DELETE", at+"draft", "drafts", "Drop the answer one has begun", ""), o.RemoveDraft)
	register(a, see, op("getPresence", "GET", at+"presence", "presence", "Tell who has a conversation in front of them",
		"And who else has begun an answer there. Streams of /v1/events tell changes at once as the event presence, which has no number and is never told again."), o.Presence)
	register(a, see, done(op("tellPresence", "POST", at+"presence", "presence", "Say that one has a conversation in front of them",
		"To be said again within 45 seconds, while typing within 6.")), o.TellPresence)
}

// rooms tells who is where as it changes.
func rooms(_ context.Context, list []presence.Room) ([]server.Frame, error) {
	out := make([]server.Frame, 0, len(list))
	for _, r := range list {
		data, err := json.Marshal(beside.Told{Account: r.Account, Conversation: r.Conversation, People: filled(r.People)})
		if err != nil {
			return nil, err
		}
		out = append(out, server.Frame{Name: "presence", Data: data})
	}
	return out, nil
}
