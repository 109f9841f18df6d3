package sellerdesk

import "slices"

// Team is some people who answer together. A conversation can be a team's, so
// that any of its members takes it.
type Team struct {
	ID      TeamID   `json:"id"`
	Name    string   `json:"name"`    // 1 to 60 characters, unlike that of any other team
	Members []UserID `json:"members"` // in growing order
}

// Assignment is who a conversation belongs to. Both may be set: somebody of a team,
// or somebody whom another team helps.
type Assignment struct {
	User *UserID `json:"user"` // nil: nobody
	Team *TeamID `json:"team"` // nil: no team
}

// Priority is how much a conversation matters, by the word of a person or a rule.
type Priority string

// The priorities.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal" // of every conversation until somebody says otherwise
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

// Priorities lists them, the least first.
func Priorities() []Priority {
	return []Priority{PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent}
}

// Weight orders priorities: the more it matters, the greater; 0 is normal, and what
// there is not.
func (p Priority) Weight() int {
	if i := slices.Index(Priorities(), p); i >= 0 {
		return i - slices.Index(Priorities(), PriorityNormal)
	}
	return 0
}

// PriorityOf is the priority of a weight; the least or greatest for one beyond.
func PriorityOf(weight int) Priority {
	all := Priorities()
	return all[min(max(weight+slices.Index(all, PriorityNormal), 0), len(all)-1)]
}

// Snooze is until when a conversation is put off. The buyer's next word always
// wakes it.
type Snooze struct {
	// Until is when it wakes; nil: it waits for the buyer or the order only.
	Until *Time `json:"until"`
	// Order: it wakes when what is known of its order or claim changes.
	Order bool `json:"order"`
	// User put it off; nil: a rule.
	User *UserID `json:"user"`
	At   Time    `json:"at"` // when it was put off
}

// WokeReason is why a conversation came back to the desk.
type WokeReason string

// The reasons.
const (
	WokeByTime  WokeReason = "time"  // the moment has come
	WokeByBuyer WokeReason = "buyer" // the buyer wrote
	WokeByOrder WokeReason = "order" // its order or claim changed
)

// Woke is when and why a conversation came back to the desk.
type Woke struct {
	Reason WokeReason `json:"reason"`
	At     Time       `json:"at"`
}

// HandleChange is what the actions assign, snooze and priority say of a conversation.
type HandleChange struct {
	// Assign is for assign: whom it belongs to now, in place of whom before.
	Assign Assignment `json:"assign"`
	// Until and Order are for snooze, see [Snooze]: with neither it waits for the buyer.
	Until *Time `json:"until"`
	Order bool  `json:"order"`
	// Priority is for priority.
	Priority Priority `json:"priority"`
}

// Candidate is a person or a team that a conversation can be given to.
type Candidate struct {
	User *UserID `json:"user"`
	Team *TeamID `json:"team"`
	Name string  `json:"name"`
	// AwayAt is since when the person is away; nil: at work, or a team.
	AwayAt *Time `json:"away_at"`
	// Open is how many conversations that need an answer the person or team has, as far
	// as whoever asks may see.
	Open int `json:"open"`
}

// Standby tells whether a person is at work.
type Standby struct {
	AwayAt *Time `json:"away_at"` // nil: at work
	// HandedBack is how many conversations went back to their team or to nobody with
	// this change.
	HandedBack int `json:"handed_back"`
}
