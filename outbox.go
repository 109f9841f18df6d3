package sellerdesk

import (
	"context"
	"slices"
	"time"
)

// OutboxState is where an action on its way stands. docs/outbox.md draws the
// states.
type OutboxState string

// The states of an outbox item.
const (
	OutboxQueued    OutboxState = "queued"    // waits for its turn or its due moment
	OutboxSending   OutboxState = "sending"   // leased by the sender; may have left
	OutboxUnknown   OutboxState = "unknown"   // left, and no answer came
	OutboxSent      OutboxState = "sent"      // the remote side has it
	OutboxRefused   OutboxState = "refused"   // the remote side said no
	OutboxWithdrawn OutboxState = "withdrawn" // taken back before it left, or given up by a person
)

// outboxMoves lists every allowed change of state; docs/outbox.md is checked
// against it by a test.
func outboxMoves() map[OutboxState][]OutboxState {
	return map[OutboxState][]OutboxState{
		OutboxQueued:    {OutboxSending, OutboxWithdrawn},
		OutboxSending:   {OutboxQueued, OutboxSent, OutboxRefused, OutboxUnknown},
		OutboxUnknown:   {OutboxSent, OutboxRefused, OutboxQueued, OutboxWithdrawn},
		OutboxRefused:   {OutboxQueued, OutboxWithdrawn},
		OutboxSent:      {},
		OutboxWithdrawn: {OutboxSent},
	}
}

// OutboxStates lists the states in the order of a life.
func OutboxStates() []OutboxState {
	return []OutboxState{OutboxQueued, OutboxSending, OutboxUnknown, OutboxSent, OutboxRefused, OutboxWithdrawn}
}

// CanBecome tells whether an item may go from s to next. A withdrawn item can
// still become sent: an unknown one that a person gave up may turn up in the
// feed after all.
func (s OutboxState) CanBecome(next OutboxState) bool {
	return slices.Contains(outboxMoves()[s], next)
}

// Open tells whether an item in this state still holds back later ones of its
// conversation. An unknown one does not: it may never be settled.
func (s OutboxState) Open() bool { return s == OutboxQueued || s == OutboxSending }

// Message is how a message stands whose outbox item is in this state.
func (s OutboxState) Message() MessageStatus {
	switch s {
	case OutboxSending:
		return MessageSending
	case OutboxUnknown:
		return MessageUnknown
	case OutboxSent:
		return MessageSent
	case OutboxRefused:
		return MessageRefused
	case OutboxWithdrawn:
		return MessageWithdrawn
	default:
		return MessageQueued
	}
}

// OutboxItem is an action on its way to a remote side: one remote call.
type OutboxItem struct {
	ID           OutboxID
	Account      AccountID
	Conversation ConversationID
	Message      *MessageID // the line of ours that shows it; nil for actions without one
	User         *UserID
	Key          string // key of the intent: the same key is queued once
	Action       ActionKind
	Payload      []byte // see [EncodeAction]
	Lane         Lane
	State        OutboxState
	Attempt      int  // how often it was leased
	Due          Time // not before
	LeaseUntil   *Time
	// SentAt is when the last attempt left; with LeaseUntil it bounds where in
	// the feed an echo may stand.
	SentAt    *Time
	Why       Why
	RemoteID  RemoteID // id of the result, when the receipt had one
	CreatedAt Time
	SettledAt *Time
}

// Lane orders calls to a remote side when its budget is short: a person goes
// before the poll, the poll before the reading of old history.
type Lane int

// The lanes, the most urgent first.
const (
	LanePerson Lane = iota
	LanePoll
	LaneBackfill
)

type laneKey struct{}

// WithLane marks the calls made under ctx.
func WithLane(ctx context.Context, l Lane) context.Context {
	return context.WithValue(ctx, laneKey{}, l)
}

// LaneOf tells the lane of ctx; [LanePoll] when nothing was said.
func LaneOf(ctx context.Context) Lane {
	if l, ok := ctx.Value(laneKey{}).(Lane); ok {
		return l
	}
	return LanePoll
}

type intentKey struct{}

// WithIntent names what the call made under ctx is to do, the same at each
// attempt, for remote sides that do the same thing once.
func WithIntent(ctx context.Context, intent string) context.Context {
	return context.WithValue(ctx, intentKey{}, intent)
}

// IntentOf gives the name of what is to be done under ctx; "" when it has none.
func IntentOf(ctx context.Context) string {
	s, _ := ctx.Value(intentKey{}).(string)
	return s
}

// Receipt is what a remote side answered to an action it accepted.
type Receipt struct {
	RemoteID RemoteID // id of the result; empty where the channel gives none
	// Conversation is the remote id of the conversation that was started; empty
	// for every other action.
	Conversation RemoteID
	// At is when the remote side took it; nil when it did not say.
	At *Time
	// Remote replaces what the adapter keeps on the conversation; nil leaves it.
	Remote []byte
	// Files tells the outcome of each file of the action, in order; empty when
	// all were taken.
	Files []FileOutcome
	// Reread asks to look at the conversation again after a while, as
	// [ConversationPatch].Reread does; nil when there is no need.
	Reread *time.Duration
}

// FileOutcome is what became of one file of an action.
type FileOutcome struct {
	Name    string
	Refused Why // empty when taken
}
