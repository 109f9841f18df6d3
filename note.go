package sellerdesk

// Note is what people say to one another beside a conversation. It is kept apart
// from messages, so that no way leads from it to a channel.
type Note struct {
	ID           NoteID         `json:"id"`
	Conversation ConversationID `json:"conversation"`
	User         *UserID        `json:"user"` // who wrote it; nil: a rule
	Text         string         `json:"text"` // 1 to 10,000 characters; "@[12]" stands for the person 12, "@[team:3]" for a team
	Mentions     []UserID       `json:"mentions"`
	At           Time           `json:"at"`
	EditedAt     *Time          `json:"edited_at"`
}

// Task is something to be done about a conversation.
type Task struct {
	ID           TaskID         `json:"id"`
	Conversation ConversationID `json:"conversation"`
	Text         string         `json:"text"`   // 1 to 500 characters
	User         *UserID        `json:"user"`   // who is to do it; nil: anybody
	DueAt        *Time          `json:"due_at"` // nil: some time
	CreatedBy    *UserID        `json:"created_by"`
	CreatedAt    Time           `json:"created_at"`
	DoneAt       *Time          `json:"done_at"`
	DoneBy       *UserID        `json:"done_by"`
}

// NotificationKind is why a person is told of something.
type NotificationKind string

// The kinds of notifications.
const (
	NotificationMention  NotificationKind = "mention"  // somebody named the person in a note
	NotificationAssigned NotificationKind = "assigned" // a conversation became theirs
	NotificationWoke     NotificationKind = "woke"     // what they put off came back
	NotificationTask     NotificationKind = "task"     // a task became theirs, or is due
	NotificationFollowed NotificationKind = "followed" // something happened in what they follow
	NotificationReturned NotificationKind = "returned" // a colleague left and it came back to their team; the text is how many
)

// Notification is one thing a person is told of.
type Notification struct {
	ID           NotificationID   `json:"id"`
	Kind         NotificationKind `json:"kind"`
	Conversation ConversationID   `json:"conversation"`
	Note         *NoteID          `json:"note"`
	Task         *TaskID          `json:"task"`
	By           *UserID          `json:"by"`   // whose doing it is; nil: nobody of us
	Text         string           `json:"text"` // the first words of it, at most 200 characters
	At           Time             `json:"at"`
	ReadAt       *Time            `json:"read_at"`
}

// Draft is an answer that a person has not sent yet. Each person has one in each
// conversation.
type Draft struct {
	Conversation ConversationID `json:"conversation"`
	User         UserID         `json:"user"`
	Text         string         `json:"text"`
	Files        []FileID       `json:"files"`
	// Seen is the newest message that stood there when it was begun; sending it says
	// so once when there is a newer one.
	Seen MessageID `json:"seen"`
	At   Time      `json:"at"`
}

// Presence is who has a conversation in front of them now, or has begun an answer
// there. It is never kept.
type Presence struct {
	User   UserID `json:"user"`
	Name   string `json:"name"`
	Here   bool   `json:"here"` // it is in front of them now
	Typing bool   `json:"typing"`
	// Draft: the person has begun an answer there.
	Draft bool `json:"draft"`
	Since Time `json:"since"` // when they came; of the draft, when they are not there
}

// Colleague is somebody who can be named in a note of a conversation or be given
// a task there: a person who sees it, or a team. One of the two ids is set.
type Colleague struct {
	User *UserID `json:"user"`
	Team *TeamID `json:"team"`
	Name string  `json:"name"`
}
