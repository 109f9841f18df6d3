package sending

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

const (
	// An echo may stand so much before our clock says it left, and so much after
	// the lease of its last attempt ended: clocks differ, and remote sides take
	// their time.
	echoBefore = 5 * time.Minute
	echoAfter  = 15 * time.Minute
	// receiptSpread is how far the moment in a receipt and that in the feed may
	// lie apart when they mean the same message.
	receiptSpread = 2 * time.Second
)

// New is an action to be sent.
type New struct {
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	User         *sellerdesk.UserID // who of us; nil means a rule
	Key          string             // key of the intent: the same key is queued once
	Action       sellerdesk.Action
	Lane         sellerdesk.Lane
	// Text is that of the own message that shows the action; without text and
	// files there is none. An edit has none either: it replaces the text of the
	// answer once the remote side took it.
	Text  string
	Files []sellerdesk.FileID // uploaded before, see [Files.Add]
}

// Settlement is the outcome of an attempt.
type Settlement struct {
	State    sellerdesk.OutboxState
	Why      sellerdesk.Why
	RemoteID sellerdesk.RemoteID // empty where the channel gives none
	At       *sellerdesk.Time    // when the remote side took it
	Due      *sellerdesk.Time    // for queued: not before; nil means now
	Remote   []byte              // replaces what the adapter keeps on the conversation; nil leaves it
	Files    []sellerdesk.FileOutcome
	// Conversation names the conversation that was started; empty for other actions.
	Conversation sellerdesk.RemoteID
	Reread       *time.Duration // look at the conversation again after that; nil leaves it
}

// Item is an outbox item as it is kept, with what is needed to know its echo.
type Item struct {
	sellerdesk.OutboxItem
	// From and Until bound when an attempt that may have left can show up; nil
	// while no attempt can have.
	From, Until *int64
	Receipt     *int64 // when the remote side said it took it
	TextKey     string // of the text, see [text.Key]
	// Edits is the message whose text the item replaces; nil for other actions.
	Edits *sellerdesk.MessageID
}

// ItemColumns are those of outbox o that [ScanItem] reads.
const ItemColumns = `o.id, o.account_id, o.conversation_id, o.message_id, o.user_id, o.key, o.action, o.payload, o.lane, o.state, o.attempt,
	o.due_at, o.lease_until, o.sent_at, o.reason, o.reason_code, o.remote_id, o.created_at, o.settled_at,
	o.window_from, o.window_until, o.receipt_at, o.body_key, o.edits`

// ScanItem reads a row of [ItemColumns].
func ScanItem(s engine.Scanner) (i Item, err error) {
	var due, created int64
	var lease, sent, settled *int64
	err = s.Scan(&i.ID, &i.Account, &i.Conversation, &i.Message, &i.User, &i.Key, &i.Action, &i.Payload, &i.Lane, &i.State, &i.Attempt,
		&due, &lease, &sent, &i.Why.Text, &i.Why.Code, &i.RemoteID, &created, &settled, &i.From, &i.Until, &i.Receipt, &i.TextKey, &i.Edits)
	i.Due, i.CreatedAt = sellerdesk.AtMillis(due), sellerdesk.AtMillis(created)
	i.LeaseUntil, i.SentAt, i.SettledAt = engine.Moment(lease), engine.Moment(sent), engine.Moment(settled)
	return i, err
}

// Shown is the message that shows an item; nil when none does.
func (i *Item) Shown() *sellerdesk.MessageID {
	if i.Message == nil {
		return i.Edits
	}
	return i.Message
}

// Public tells whether the action says something in a place of its own, where
// its text alone tells whether it arrived.
func (i *Item) Public() bool {
	switch i.Action {
	case sellerdesk.ActionAnswer, sellerdesk.ActionReject, sellerdesk.ActionDecide, sellerdesk.ActionEdit:
		return true
	default:
		return false
	}
}

// More reads columns behind those that a scan knows.
type More struct {
	engine.Scanner
	Rest []any
}

// Scan reads a row.
func (s More) Scan(dest ...any) error { return s.Scanner.Scan(append(dest, s.Rest...)...) }

// Left tells whether an attempt may have left.
func (i *Item) Left() bool { return i.From != nil || i.State == sellerdesk.OutboxSending }

// Covers tells whether an echo at this moment can be that of the item.
func (i *Item) Covers(at int64) bool {
	from, until := i.From, i.Until
	if i.State == sellerdesk.OutboxSending {
		sent, lease := i.SentAt.Millis(), i.LeaseUntil.Millis()
		if until == nil || lease > *until {
			until = &lease
		}
		if from == nil {
			from = &sent
		}
	}
	return from != nil && until != nil && at >= *from-echoBefore.Milliseconds() && at <= *until+echoAfter.Milliseconds()
}

// Rank orders items that cover the same moment, the smallest is best: by
// distance while the receipt is near, then without receipt, then the others.
func (i *Item) Rank(at int64) int64 {
	if i.Receipt == nil {
		return receiptSpread.Milliseconds() + 1
	}
	distance := max(at-*i.Receipt, *i.Receipt-at)
	if distance > receiptSpread.Milliseconds() {
		distance++
	}
	return distance
}
