package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// thread is a conversation as it is kept. Moments are milliseconds.
type thread struct {
	id         sellerdesk.ConversationID
	account    sellerdesk.AccountID
	channel    sellerdesk.ChannelKind
	kind       sellerdesk.Kind
	remoteID   *string
	contact    *int64
	buyerName  string
	product    string // JSON, "" for none
	order      string
	rating     *int
	status     sellerdesk.ConversationStatus
	needs      bool
	waiting    *int64 // first buyer message after both of the next two
	due        *int64
	dismissed  *int64 // what the buyer wrote until then needs no answer
	answered   *int64 // newest message of ours that answers
	buyerAt    *int64 // newest message of the buyer
	lastText   string
	lastAuthor sellerdesk.Author // "" while there is no message
	lastFiles  int
	lastStatus sellerdesk.MessageStatus
	sortAt     int64 // of the newest message, of the making while there is none
	shut       sellerdesk.Why
	remote     []byte
	created    int64
	updated    int64
	rev        int64

	counted bool // the figures know it as one that needs an answer
}

const threadColumns = `c.id, c.account_id, c.channel, c.kind, c.remote_id, c.contact_id, c.buyer_name, c.product, c.order_id, c.rating,
	c.status, c.needs_answer, c.waiting_since, c.due_at, c.dismissed_at, c.answered_at, c.buyer_at,
	c.last_text, c.last_author, c.last_files, c.last_status, c.sort_at, c.shut_code, c.shut_text, c.remote,
	c.created_at, c.updated_at, c.rev`

// fields are the places to scan threadColumns into.
func (t *thread) fields() []any {
	return []any{&t.id, &t.account, &t.channel, &t.kind, &t.remoteID, &t.contact, &t.buyerName, &t.product, &t.order, &t.rating,
		&t.status, &t.needs, &t.waiting, &t.due, &t.dismissed, &t.answered, &t.buyerAt,
		&t.lastText, &t.lastAuthor, &t.lastFiles, &t.lastStatus, &t.sortAt, &t.shut.Code, &t.shut.Text, &t.remote,
		&t.created, &t.updated, &t.rev}
}

func scanThread(s engine.Scanner) (*thread, error) {
	t := &thread{}
	err := s.Scan(t.fields()...)
	t.counted = t.needs
	return t, err
}

// values are what a new row holds, in the order of threadColumns without id.
func (t *thread) values() []any {
	return []any{int64(t.account), string(t.channel), string(t.kind), t.remoteID, t.contact, t.buyerName, t.product, t.order, t.rating,
		string(t.status), t.needs, t.waiting, t.due, t.dismissed, t.answered, t.buyerAt,
		t.lastText, string(t.lastAuthor), t.lastFiles, string(t.lastStatus), t.sortAt, string(t.shut.Code), string(t.shut.Text), engine.Blob(t.remote),
		t.created, t.updated, t.rev}
}

// event is the data of the events of a conversation.
func (t *thread) event() sellerdesk.ConversationEvent {
	return sellerdesk.ConversationEvent{Rev: t.rev, Kind: t.kind, Status: t.status, NeedsAnswer: t.needs}
}

// floor is the moment up to which nobody waits for an answer.
func (t *thread) floor() *int64 { return latest(t.answered, t.dismissed) }

// wait sets since when the buyer waits and what follows from it.
func (t *thread) wait(target sellerdesk.Target, since *int64) {
	t.waiting, t.needs, t.due = since, since != nil, nil
	if due := target.Due(t.kind, engine.Moment(since)); due != nil {
		ms := due.Millis()
		t.due = &ms
	}
}

// take applies the rules of waiting to one more message. Messages may come in
// any order; recheck tells that only the messages themselves can say who waits.
func (t *thread) take(target sellerdesk.Target, author sellerdesk.Author, status sellerdesk.MessageStatus, at int64) (recheck bool) {
	switch {
	case author == sellerdesk.AuthorBuyer:
		if t.status != sellerdesk.ConversationOpen && after(at, t.buyerAt) {
			t.status = sellerdesk.ConversationOpen
		}
		t.buyerAt = latest(t.buyerAt, &at)
		if after(at, t.floor()) && (t.waiting == nil || at < *t.waiting) {
			t.wait(target, &at)
		}
	case author.Ours() && status.Answers():
		t.answered = latest(t.answered, &at)
		switch {
		case t.waiting == nil || after(*t.waiting, t.floor()):
		case !after(*t.buyerAt, t.floor()):
			t.wait(target, nil)
		default:
			return true
		}
	}
	return false
}

// show makes a message the last one of the list if it is.
func (t *thread) show(l lastLine) {
	if t.lastAuthor != "" && l.at < t.sortAt {
		return
	}
	t.lastText, t.lastAuthor, t.lastFiles, t.lastStatus, t.sortAt = l.text, l.author, l.files, l.status, l.at
}

// lastLine is what the list shows of a message.
type lastLine struct {
	text   string
	author sellerdesk.Author
	files  int
	status sellerdesk.MessageStatus
	at     int64
}

// thread reads one conversation.
func (tx *Tx) thread(ctx context.Context, id sellerdesk.ConversationID) (*thread, error) {
	t := &thread{}
	err := tx.one(ctx, `SELECT `+threadColumns+` FROM conversations c WHERE c.id = $1`, []any{int64(id)}, t.fields()...)
	t.counted = t.needs
	return t, found(err, "conversation")
}

// lockThread reads one conversation that is going to be changed.
func (tx *Tx) lockThread(ctx context.Context, id sellerdesk.ConversationID) (*thread, error) {
	var account sellerdesk.AccountID
	if err := tx.one(ctx, `SELECT account_id FROM conversations WHERE id = $1`, []any{int64(id)}, &account); err != nil {
		return nil, found(err, "conversation")
	}
	if _, err := tx.Accounts.lock(ctx, account); err != nil {
		return nil, err
	}
	return tx.thread(ctx, id)
}

const saveThread = `UPDATE conversations SET contact_id = $2, buyer_name = $3, product = $4, order_id = $5, rating = $6,
	status = $7, needs_answer = $8, waiting_since = $9, due_at = $10, dismissed_at = $11, answered_at = $12, buyer_at = $13,
	last_text = $14, last_author = $15, last_files = $16, last_status = $17, sort_at = $18, shut_code = $19, shut_text = $20,
	remote = $21, created_at = $22, updated_at = $23, rev = $24 WHERE id = $1`

// save writes a changed conversation, moves its rev and tells about it.
func (tx *Tx) save(ctx context.Context, t *thread) error {
	t.rev++
	if _, err := tx.exec(ctx, saveThread, int64(t.id), t.contact, t.buyerName, t.product, t.order, t.rating,
		string(t.status), t.needs, t.waiting, t.due, t.dismissed, t.answered, t.buyerAt,
		t.lastText, string(t.lastAuthor), t.lastFiles, string(t.lastStatus), t.sortAt, string(t.shut.Code), string(t.shut.Text),
		engine.Blob(t.remote), t.created, t.updated, t.rev); err != nil {
		return fmt.Errorf("save a conversation: %w", err)
	}
	tx.countNeeds(t)
	tx.emitConversation(sellerdesk.EventConversationUpdated, t.account, t.id, t.event())
	return nil
}

const (
	newestAnswer = `SELECT at FROM messages WHERE conversation_id = $1 AND author IN ('agent', 'rule', 'elsewhere')
		AND status NOT IN ('refused', 'withdrawn') ORDER BY at DESC LIMIT 1`
	newestBuyer = `SELECT at FROM messages WHERE conversation_id = $1 AND author = 'buyer' ORDER BY at DESC LIMIT 1`
	firstBuyer  = `SELECT at FROM messages WHERE conversation_id = $1 AND author = 'buyer' AND at > $2 ORDER BY at LIMIT 1`
	newestLine  = `SELECT body, author, files, status, at FROM messages WHERE conversation_id = $1 ORDER BY at DESC, id DESC LIMIT 1`
)

// recheck finds out from the messages themselves who waits and what the list
// shows, after something out of order.
func (tx *Tx) recheck(ctx context.Context, t *thread) error {
	for _, c := range []struct {
		query string
		to    **int64
	}{{newestAnswer, &t.answered}, {newestBuyer, &t.buyerAt}} {
		var at int64
		*c.to = nil
		switch err := tx.one(ctx, c.query, []any{int64(t.id)}, &at); {
		case err == nil:
			*c.to = &at
		case !errors.Is(err, engine.ErrNoRow):
			return fmt.Errorf("look who waits: %w", err)
		}
	}
	floor := int64(-1 << 62)
	if f := t.floor(); f != nil {
		floor = *f
	}
	var since int64
	switch err := tx.one(ctx, firstBuyer, []any{int64(t.id), floor}, &since); {
	case err == nil:
		t.wait(tx.store.target, &since)
	case errors.Is(err, engine.ErrNoRow):
		t.wait(tx.store.target, nil)
	default:
		return fmt.Errorf("look who waits: %w", err)
	}
	return tx.recheckLast(ctx, t)
}

// recheckLast finds out what the list shows.
func (tx *Tx) recheckLast(ctx context.Context, t *thread) error {
	var l lastLine
	err := tx.one(ctx, newestLine, []any{int64(t.id)}, &l.text, &l.author, &l.files, &l.status, &l.at)
	switch {
	case errors.Is(err, engine.ErrNoRow):
		t.lastText, t.lastAuthor, t.lastFiles, t.lastStatus, t.sortAt = "", "", 0, "", t.created
		return nil
	case err != nil:
		return fmt.Errorf("look for the last message: %w", err)
	}
	l.text = preview(l.text)
	t.lastAuthor = ""
	t.show(l)
	return nil
}

// view makes a conversation as a person sees it.
func (t *thread) view(unread bool, holder *holder) (sellerdesk.Conversation, error) {
	c := sellerdesk.Conversation{
		ID: t.id, Account: t.account, Channel: t.channel, Kind: t.kind, BuyerName: sellerdesk.Optional(t.buyerName),
		Order: sellerdesk.Optional(t.order), Rating: t.rating, Status: t.status, NeedsAnswer: t.needs,
		WaitingSince: engine.Moment(t.waiting), DueAt: engine.Moment(t.due), Unread: unread,
		CreatedAt: sellerdesk.AtMillis(t.created), UpdatedAt: sellerdesk.AtMillis(t.updated), Rev: t.rev, Remote: t.remote,
	}
	if t.remoteID != nil {
		id := sellerdesk.RemoteID(*t.remoteID)
		c.RemoteID = &id
	}
	if t.contact != nil {
		id := sellerdesk.ContactID(*t.contact)
		c.Contact = &id
	}
	if t.product != "" {
		c.Product = &sellerdesk.Product{}
		if err := json.Unmarshal([]byte(t.product), c.Product); err != nil {
			return c, fmt.Errorf("read the product of conversation %d: %w", t.id, err)
		}
	}
	if t.lastAuthor != "" {
		c.LastMessage = &sellerdesk.LastMessage{Text: t.lastText, At: sellerdesk.AtMillis(t.sortAt),
			Author: t.lastAuthor, Files: t.lastFiles, Status: t.lastStatus}
	}
	c.Can = sellerdesk.Abilities(holder.can[t.kind], sellerdesk.Facts{
		AccountState: holder.state, AccountReason: holder.why, ReadOnly: holder.readOnly,
		Status: t.status, NeedsAnswer: t.needs, Unread: unread, Shut: t.shut,
	})
	return c, nil
}

// holder is what the account of a conversation says about what may be done.
type holder struct {
	state    sellerdesk.AccountState
	why      sellerdesk.Why
	readOnly bool
	can      map[sellerdesk.Kind][]sellerdesk.Ability
}

// holders reads the accounts of a page.
func (tx *Tx) holders(ctx context.Context, ids []int64) (map[sellerdesk.AccountID]*holder, error) {
	out := make(map[sellerdesk.AccountID]*holder, len(ids))
	for _, piece := range engine.Padded(ids) {
		rows, err := tx.query(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		accounts, err := engine.Collect(rows, err, scanAccount)
		if err != nil {
			return nil, fmt.Errorf("read accounts: %w", err)
		}
		for _, a := range accounts {
			h := &holder{state: a.State, why: sellerdesk.Why{Code: a.ReasonCode, Text: a.Reason},
				readOnly: a.Identity.ReadOnly, can: map[sellerdesk.Kind][]sellerdesk.Ability{}}
			for _, k := range a.Abilities {
				h.can[k.Kind] = k.Can
			}
			out[a.ID] = h
		}
	}
	return out, nil
}
