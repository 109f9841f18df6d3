package sellerdesk

import "encoding/json"

// EventKind is what happened, as "noun.verb".
type EventKind string

// The kinds of events.
const (
	EventAccountCreated      EventKind = "account.created"
	EventAccountChanged      EventKind = "account.changed"
	EventAccountRemoved      EventKind = "account.removed"
	EventConversationCreated EventKind = "conversation.created"
	EventConversationUpdated EventKind = "conversation.updated"
	EventMessageCreated      EventKind = "message.created"
	EventMessageUpdated      EventKind = "message.updated"
	EventOutboxQueued        EventKind = "outbox.queued"
	EventOutboxSettled       EventKind = "outbox.settled"
	EventFileUpdated         EventKind = "file.updated"
	// EventConversationRemoved tells that a conversation turned out to be another
	// one, which its data names.
	EventConversationRemoved EventKind = "conversation.removed"
	// EventContactUpdated tells that a person is another one now than before:
	// joined, parted, renamed, or suggested to be the same as another. It is told
	// once for each account that the person wrote in.
	EventContactUpdated EventKind = "contact.updated"
	// EventPushReceived tells that a remote side sent something that is to be read.
	EventPushReceived EventKind = "push.received"
	// EventSyncProgress tells that reading of a stream went on; at most one a second and account.
	EventSyncProgress EventKind = "sync.progress"
	// EventAccessChanged tells that somebody may see and do something else now.
	EventAccessChanged EventKind = "access.changed"
	// EventWebhookChanged tells that a webhook works or no longer does.
	EventWebhookChanged EventKind = "webhook.changed"
	// EventJobChanged tells that a job went on; at most one a second and job.
	EventJobChanged EventKind = "job.changed"
	// EventNoteChanged tells that a note of a conversation was written, changed or
	// removed.
	EventNoteChanged EventKind = "note.changed"
	// EventTaskChanged tells that a task of a conversation was set, changed or done.
	EventTaskChanged EventKind = "task.changed"
	// EventDraftChanged tells that somebody began or dropped a draft; what it says is
	// its writer's.
	EventDraftChanged EventKind = "draft.changed"
	// EventNotificationCreated tells a person, and nobody else, that there is something to
	// look at.
	EventNotificationCreated EventKind = "notification.created"
	// EventHouseChanged tells that something that belongs to the whole house changed:
	// tags, fields, teams, views or templates.
	EventHouseChanged EventKind = "house.changed"
)

// EventKinds lists every kind, so that filters and tests forget none.
func EventKinds() []EventKind {
	return []EventKind{
		EventAccountCreated, EventAccountChanged, EventAccountRemoved,
		EventConversationCreated, EventConversationUpdated, EventConversationRemoved,
		EventMessageCreated, EventMessageUpdated, EventOutboxQueued, EventOutboxSettled, EventFileUpdated,
		EventContactUpdated, EventPushReceived, EventSyncProgress,
		EventAccessChanged, EventWebhookChanged, EventJobChanged,
		EventNoteChanged, EventTaskChanged, EventDraftChanged, EventNotificationCreated, EventHouseChanged,
	}
}

// needs is the right without which an event of the kind is told to nobody.
func (k EventKind) needs() Right {
	switch k {
	case EventAccessChanged:
		return RightPeople
	case EventWebhookChanged:
		return RightWebhooks
	}
	return RightSee
}

// Event is what happened, with a sequence number that only grows. Data depends
// on the kind and never holds a secret; programs read the thing itself for more.
type Event struct {
	Seq          int64           `json:"seq"`
	Kind         EventKind       `json:"kind"`
	At           Time            `json:"at"`
	Account      *AccountID      `json:"account"`
	Conversation *ConversationID `json:"conversation"`
	Data         json.RawMessage `json:"data"`
}

// MessageEvent is the data of message.created and message.updated.
type MessageEvent struct {
	Message MessageID     `json:"message"`
	Author  Author        `json:"author"`
	Status  MessageStatus `json:"status"`
}

// OutboxEvent is the data of outbox.queued and outbox.settled.
type OutboxEvent struct {
	Outbox  OutboxID    `json:"outbox"`
	Message *MessageID  `json:"message"`
	State   OutboxState `json:"state"`
	Reason  Optional    `json:"reason"`
}

// ConversationEvent is the data of conversation.created and conversation.updated.
type ConversationEvent struct {
	Rev         int64              `json:"rev"`
	Kind        Kind               `json:"kind"`
	Status      ConversationStatus `json:"status"`
	NeedsAnswer bool               `json:"needs_answer"`
}

// AccountEvent is the data of the account events.
type AccountEvent struct {
	State  AccountState `json:"state"`
	Reason Optional     `json:"reason"`
}

// FileEvent is the data of file.updated.
type FileEvent struct {
	File    FileID    `json:"file"`
	Message MessageID `json:"message"`
	State   FileState `json:"state"`
}

// ContactEvent is the data of contact.updated.
type ContactEvent struct {
	Contact ContactID `json:"contact"`
}

// RemovedEvent is the data of conversation.removed.
type RemovedEvent struct {
	Into ConversationID `json:"into"`
}

// AccessEvent is the data of access.changed.
type AccessEvent struct {
	User UserID `json:"user"` // 0: of many, as when a role changed
}

// WebhookEvent is the data of webhook.changed.
type WebhookEvent struct {
	Webhook WebhookID    `json:"webhook"`
	State   WebhookState `json:"state"`
	Reason  Optional     `json:"reason"`
}

// JobEvent is the data of job.changed.
type JobEvent struct {
	Job   JobID    `json:"job"`
	User  UserID   `json:"user"`
	State JobState `json:"state"`
	Done  int      `json:"done"`
	Total int      `json:"total"`
	// Accounts are those that the job has conversations of.
	Accounts []AccountID `json:"accounts"`
}

// NoteEvent is the data of note.changed.
type NoteEvent struct {
	Note    NoteID `json:"note"`
	User    UserID `json:"user"`
	Removed bool   `json:"removed"`
}

// TaskEvent is the data of task.changed.
type TaskEvent struct {
	Task TaskID  `json:"task"`
	User *UserID `json:"user"` // whose task it is
	Done bool    `json:"done"`
}

// DraftEvent is the data of draft.changed.
type DraftEvent struct {
	User UserID `json:"user"`
	Held bool   `json:"held"` // there is one now
}

// NotificationEvent is the data of notification.created.
type NotificationEvent struct {
	Notification NotificationID   `json:"notification"`
	User         UserID           `json:"user"` // whom it is for
	Kind         NotificationKind `json:"kind"`
}

// HouseEvent is the data of house.changed.
type HouseEvent struct {
	What string `json:"what"` // "tags", "fields", "teams", "views" or "templates"
}
