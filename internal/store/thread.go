package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/accounts"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/counts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/held"
	"github.com/sellerdesk/sellerdesk/internal/store/labels"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
)

// thread is a conversation as it is kept. Moments are milliseconds.
type thread struct {
	id         sellerdesk.ConversationID
	account    sellerdesk.AccountID
	channel    sellerdesk.ChannelKind
	kind       sellerdesk.Kind
	remoteID   *string
	contact    *int64
	person     *int64 // the root of the tree that contact is in
	buyerName  string
	product    string // JSON, "" for none
	productID  string // of the product, for lists
	order      string
	rating     *int
	part       string // JSON of what only its kind has, "" for none
	about      string // see [sending.About]
	aboutName  string // see [aboutName]
	window     string // JSON of what bounds our words, "" for nothing
	offers     string // JSON of what the remote side allows now, "" while it allows all
	hasPhoto   bool   // the buyer sent a picture
	status     sellerdesk.ConversationStatus
	needs      bool
	waiting    *int64 // first buyer message after both of the next two
	due        *int64
	dismissed  *int64 // what the buyer wrote until then needs no answer
	settled    *int64 // the same by the word of the remote side
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
	reread     *int64 // when to look at it again; nobody sees it
	held       held.Held

	counted counts.Place    // as the figures know it
	told    bool            // something changed that only the remote side tells
	was     standing        // as the row has it
	hadHeld held.Held       // likewise
	seated  contacts.Figure // as the figures of the person know it
	found   beside          // as the search words know it
}

// standing is what changes of a conversation when somebody begins or ends to wait.
type standing struct {
	status                           sellerdesk.ConversationStatus
	needs                            bool
	waiting, due, dismissed, settled int64
}

func (t *thread) standing() standing {
	value := func(moment *int64) int64 {
		if moment == nil {
			return math.MinInt64
		}
		return *moment
	}
	return standing{t.status, t.needs, value(t.waiting), value(t.due), value(t.dismissed), value(t.settled)}
}

// scanned notes what the row has.
func (t *thread) scanned() {
	t.counted, t.was, t.hadHeld, t.seated, t.found = t.place(), t.standing(), t.held, t.figure(), t.beside()
}

// figure is what it adds to the figures of its person.
func (t *thread) figure() contacts.Figure {
	if t.person == nil {
		return contacts.Figure{}
	}
	return contacts.Figure{Person: *t.person, Needs: t.needs, At: t.sortAt}
}

const threadColumns = `c.id, c.account_id, c.channel, c.kind, c.remote_id, c.contact_id, c.buyer_name, c.product, c.order_id, c.rating,
	c.status, c.needs_answer, c.waiting_since, c.due_at, c.dismissed_at, c.answered_at, c.buyer_at,
	c.last_text, c.last_author, c.last_files, c.last_status, c.sort_at, c.shut_code, c.shut_text, c.remote,
	c.created_at, c.updated_at, c.rev, c.product_id, c.part, c.offers, c.settled_at, c.has_photo, c.reread_at, c.about, c.about_name, c.open_until, c.person_id, ` + held.Columns

// fields are the places to scan threadColumns into.
func (t *thread) fields() []any {
	return append([]any{&t.id, &t.account, &t.channel, &t.kind, &t.remoteID, &t.contact, &t.buyerName, &t.product, &t.order, &t.rating,
		&t.status, &t.needs, &t.waiting, &t.due, &t.dismissed, &t.answered, &t.buyerAt,
		&t.lastText, &t.lastAuthor, &t.lastFiles, &t.lastStatus, &t.sortAt, &t.shut.Code, &t.shut.Text, &t.remote,
		&t.created, &t.updated, &t.rev, &t.productID, &t.part, &t.offers, &t.settled, &t.hasPhoto, &t.reread, &t.about, &t.aboutName, &t.window, &t.person}, t.held.Fields()...)
}

func scanThread(s engine.Scanner) (*thread, error) {
	t := &thread{}
	err := s.Scan(t.fields()...)
	t.scanned()
	return t, err
}

// values are what a new row holds, in the order of threadColumns without id and
// what is held of it: nobody has touched it yet.
func (t *thread) values() []any {
	return []any{int64(t.account), string(t.channel), string(t.kind), t.remoteID, t.contact, t.buyerName, t.product, t.order, t.rating,
		string(t.status), t.needs, t.waiting, t.due, t.dismissed, t.answered, t.buyerAt,
		t.lastText, string(t.lastAuthor), t.lastFiles, string(t.lastStatus), t.sortAt, string(t.shut.Code), string(t.shut.Text), engine.Blob(t.remote),
		t.created, t.updated, t.rev, t.productID, t.part, t.offers, t.settled, t.hasPhoto, t.reread, t.about, t.aboutName, t.window, t.person}
}

// event is the data of the events of a conversation.
func (t *thread) event() sellerdesk.ConversationEvent {
	return sellerdesk.ConversationEvent{Rev: t.rev, Kind: t.kind, Status: t.status, NeedsAnswer: t.needs}
}

// floor is the moment up to which nobody waits for an answer.
func (t *thread) floor() *int64 { return latest(t.answered, t.dismissed, t.settled) }

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
			t.wake(sellerdesk.WokeByBuyer, at)
		}
		t.buyerAt = latest(t.buyerAt, &at)
		if after(at, t.floor()) && (t.waiting == nil || at < *t.waiting) {
			t.wait(target, &at)
		}
	case author.Ours() && status.Answers():
		if after(at, t.answered) {
			t.held.Dealt()
		}
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

// wake takes it back to the desk, and keeps why where it was put off.
func (t *thread) wake(reason sellerdesk.WokeReason, at int64) {
	if t.status == sellerdesk.ConversationSnoozed {
		t.held.Wake(reason, at)
	}
	t.status = sellerdesk.ConversationOpen
}

// show makes a message the last one of the list if it is.
func (t *thread) show(l messages.Line) {
	if t.lastAuthor != "" && l.At < t.sortAt {
		return
	}
	t.lastText, t.lastAuthor, t.lastFiles, t.lastStatus, t.sortAt = l.Text, l.Author, l.Files, l.Status, l.At
}

// thread reads one conversation.
func (tx *Tx) thread(ctx context.Context, id sellerdesk.ConversationID) (*thread, error) {
	t := &thread{}
	err := tx.one(ctx, `SELECT `+threadColumns+` FROM conversations c WHERE c.id = $1`, []any{int64(id)}, t.fields()...)
	t.scanned()
	return t, found(err, "conversation")
}

// lockThread reads one conversation that is going to be changed.
func (tx *Tx) lockThread(ctx context.Context, id sellerdesk.ConversationID) (*thread, error) {
	var account sellerdesk.AccountID
	if err := tx.one(ctx, `SELECT account_id FROM conversations WHERE id = $1`, []any{int64(id)}, &account); err != nil {
		return nil, found(err, "conversation")
	}
	if _, err := tx.Accounts.Locked(ctx, account); err != nil {
		return nil, err
	}
	return tx.thread(ctx, id)
}

const (
	saveSpeech   = `answered_at = $2, buyer_at = $3, last_text = $4, last_author = $5, last_files = $6, last_status = $7, sort_at = $8, updated_at = $9, rev = $10`
	saveStanding = `, status = $11, needs_answer = $12, waiting_since = $13, due_at = $14, dismissed_at = $15, settled_at = $16`
	saveTold     = `, contact_id = $17, buyer_name = $18, product = $19, product_id = $20, order_id = $21, rating = $22, part = $23, offers = $24,
	has_photo = $25, shut_code = $26, shut_text = $27, remote = $28, created_at = $29, reread_at = $30, about = $31, remote_id = $32,
	about_name = $33, open_until = $34, person_id = $35`
)

// save writes a changed conversation, moves its rev and tells about it. A column
// that is named costs the indexes that hold it even where it does not change, so
// that only those are named that may have.
func (tx *Tx) save(ctx context.Context, t *thread) error {
	t.rev++
	if t.status != sellerdesk.ConversationSnoozed {
		t.held.Rouse()
	}
	columns, args := saveSpeech, []any{int64(t.id), t.answered, t.buyerAt, t.lastText, string(t.lastAuthor), t.lastFiles, string(t.lastStatus),
		t.sortAt, t.updated, t.rev}
	if t.told || t.was != t.standing() {
		columns += saveStanding
		args = append(args, string(t.status), t.needs, t.waiting, t.due, t.dismissed, t.settled)
	}
	if t.told {
		columns += saveTold
		args = append(args, t.contact, t.buyerName, t.product, t.productID, t.order, t.rating, t.part, t.offers,
			t.hasPhoto, string(t.shut.Code), string(t.shut.Text), engine.Blob(t.remote), t.created, t.reread, t.about, t.remoteID, t.aboutName, t.window, t.person)
	}
	if !t.held.Same(t.hadHeld) {
		more, values := t.held.Save(len(args))
		columns, args = columns+more, append(args, values...)
	}
	if _, err := tx.exec(ctx, `UPDATE conversations SET `+columns+` WHERE id = $1`, args...); err != nil {
		return fmt.Errorf("save a conversation: %w", err)
	}
	if err := tx.Labels.Sync(ctx, labels.Saved{ID: t.id, Account: t.account, Labels: t.held.Labels, Was: t.hadHeld.Labels, SortAt: t.sortAt, DueAt: t.due, Needs: t.needs}); err != nil {
		return err
	}
	if now := t.beside(); now != t.found {
		t.found = now
		if err := tx.Search.Stale(ctx, t.id); err != nil {
			return err
		}
	}
	t.told, t.was, t.hadHeld = false, t.standing(), t.held
	tx.countNeeds(t)
	tx.journal.AddConversation(sellerdesk.EventConversationUpdated, t.account, t.id, t.event())
	return nil
}

// recheck finds out from the messages themselves who waits and what the list
// shows, after something out of order.
func (tx *Tx) recheck(ctx context.Context, t *thread) (err error) {
	if t.answered, t.buyerAt, err = tx.Messages.Spoken(ctx, t.id); err != nil {
		return err
	}
	floor := int64(math.MinInt64)
	if f := t.floor(); f != nil {
		floor = *f
	}
	since, err := tx.Messages.Since(ctx, t.id, floor)
	if err != nil {
		return err
	}
	t.wait(tx.store.target, since)
	return tx.recheckLast(ctx, t)
}

// recheckLast finds out what the list shows.
func (tx *Tx) recheckLast(ctx context.Context, t *thread) error {
	l, err := tx.Messages.Last(ctx, t.id)
	if err != nil {
		return err
	}
	if t.lastAuthor = ""; l == nil {
		t.lastText, t.lastFiles, t.lastStatus, t.sortAt = "", 0, "", t.created
		return nil
	}
	l.Text = preview(l.Text)
	t.show(*l)
	return nil
}

// view makes a conversation as a person sees it.
func (t *thread) view(unread bool, holder *accounts.Holder, now sellerdesk.Time) (sellerdesk.Conversation, error) {
	c := sellerdesk.Conversation{
		ID: t.id, Account: t.account, Channel: t.channel, Kind: t.kind, BuyerName: sellerdesk.Optional(t.buyerName),
		Order: sellerdesk.Optional(t.order), Rating: t.rating, Status: t.status, NeedsAnswer: t.needs,
		WaitingSince: engine.Moment(t.waiting), DueAt: engine.Moment(t.due), Unread: unread, HasPhoto: t.hasPhoto,
		CreatedAt: sellerdesk.AtMillis(t.created), UpdatedAt: sellerdesk.AtMillis(t.updated), Rev: t.rev, Remote: t.remote,
	}
	if t.remoteID != nil {
		id := sellerdesk.RemoteID(*t.remoteID)
		c.RemoteID = &id
	}
	if t.person != nil {
		id := sellerdesk.ContactID(*t.person)
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
	if err := gate.ReadPart(t.part, &c); err != nil {
		return c, err
	}
	if err := t.held.Show(&c); err != nil {
		return c, err
	}
	offers, err := gate.ReadOffers(t.offers)
	if err != nil {
		return c, fmt.Errorf("conversation %d: %w", t.id, err)
	}
	if c.Window, err = t.seen(now); err != nil {
		return c, err
	}
	c.Can = sellerdesk.Abilities(holder.Can[t.kind], sellerdesk.Facts{
		AccountState: holder.State, AccountReason: holder.Why, ReadOnly: holder.ReadOnly,
		Status: t.status, NeedsAnswer: t.needs, Unread: unread, Shut: t.shut, Offers: offers, Window: c.Window, Now: now,
	})
	return c, nil
}

// seen is the window as it stands at a moment; nil where nothing bounds our words.
func (t *thread) seen(now sellerdesk.Time) (*sellerdesk.Window, error) {
	w, err := gate.ReadWindow(t.window)
	if err != nil || w == nil {
		return nil, err
	}
	seen := w.Seen(now)
	return &seen, nil
}

// frame applies what was told of the window.
func (t *thread) frame(w sellerdesk.Window) (changed bool, err error) {
	t.window, changed, err = gate.Frame(t.window, w)
	return changed, err
}
