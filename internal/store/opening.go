package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/counts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/sending"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// mostAbout bounds how many chats about one thing are looked at.
const mostAbout = 50

// Started finds the chat about an order or a return, or with a person through a
// source, also one that is being started; found is false when there is none. A
// dispute is taken only where there is nothing else.
func (c Conversations) Started(ctx context.Context, n Opening) (id sellerdesk.ConversationID, found bool, err error) {
	chat := n.Chat()
	by, about := `c.about = $2 AND c.about <> ''`, sending.About(chat, n.Order)
	if about == "" {
		by, about = `c.about_name = $2 AND c.about_name <> ''`, sending.AboutName(chat)
	}
	rows, err := c.tx.query(ctx, `SELECT `+threadColumns+` FROM conversations c WHERE c.account_id = $1 AND `+by+` ORDER BY c.id DESC LIMIT $3`,
		int64(n.Account), about, mostAbout)
	threads, err := engine.Collect(rows, err, scanThread)
	if err != nil {
		return 0, false, fmt.Errorf("look for the conversation about an order: %w", err)
	}
	for _, t := range threads {
		view := sellerdesk.Conversation{Kind: t.kind}
		if err := gate.ReadPart(t.part, &view); err != nil {
			return 0, false, err
		}
		if view.Chat != nil && !view.Chat.Dispute {
			return t.id, true, nil
		}
		id, found = t.id, true
	}
	return id, found, nil
}

// Start makes a conversation that the remote side does not know of yet. The
// action that starts it is queued by the caller, in the same transaction.
func (c Conversations) Start(ctx context.Context, n Opening) (sellerdesk.ConversationID, error) {
	channel, err := c.tx.Accounts.Locked(ctx, n.Account)
	if err != nil {
		return 0, err
	}
	now, chat := c.tx.now().Millis(), n.Chat()
	t := &thread{
		account: n.Account, channel: channel, kind: sellerdesk.KindChat, status: sellerdesk.ConversationOpen,
		order: text.Cut(text.Clean(n.Order), 200), part: gate.Part(sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, Chat: &chat}),
		about: sending.About(chat, n.Order), aboutName: sending.AboutName(chat), sortAt: now, created: now, updated: now, rev: 1,
	}
	t.offers = gate.Offers(n.Offers)
	if n.Source.Templates {
		t.window = gate.Window(&sellerdesk.Window{}) // nobody wrote yet: only a template is surely taken
	}
	by, err := c.tx.seatStarted(ctx, t, n)
	if err != nil {
		return 0, err
	}
	ids, err := c.tx.insertMany(ctx, threadInsert, threadWidth, ` RETURNING id`, t.values())
	if err != nil {
		return 0, fmt.Errorf("start a conversation: %w", err)
	}
	t.id = sellerdesk.ConversationID(ids[0])
	c.tx.seated(t, by)
	c.tx.journal.AddConversation(sellerdesk.EventConversationCreated, t.account, t.id, t.event())
	return t.id, nil
}

// Restart lets a conversation be started again that could not be; the caller
// queues the action, as for [Conversations.Start].
func (c Conversations) Restart(ctx context.Context, id sellerdesk.ConversationID) error {
	t, err := c.tx.thread(ctx, id)
	if err != nil || t.remoteID != nil {
		return err
	}
	t.shut, t.status, t.told = sellerdesk.Why{}, sellerdesk.ConversationOpen, true
	return c.tx.save(ctx, t)
}

// adoption is the part of a batch that is about conversations we started.
type adoption struct{ *application }

// run gives chats of the batch that are new here the conversations that
// we started for them: the feed may tell of a chat before the answer to the
// start does.
func (a adoption) run(ctx context.Context) error {
	wanted, named := map[string]threadKey{}, map[string]threadKey{}
	for _, c := range a.in.Batch.Conversations {
		k := key(c.Kind, c.RemoteID)
		if c.Chat == nil || k.remote == "" || a.threads[k] != nil {
			continue
		}
		order := ""
		if c.Order != nil {
			order = *c.Order
		}
		if about := sending.About(*c.Chat, order); about != "" && !c.Chat.Dispute {
			wanted[about] = k
		}
		if name := sending.AboutName(*c.Chat); name != "" {
			named[name] = k
		}
	}
	if err := a.adopt(ctx, "about", wanted, func(t *thread) string { return t.about }); err != nil {
		return err
	}
	return a.adopt(ctx, "about_name", named, func(t *thread) string { return t.aboutName })
}

// adopt gives chats the conversations that one column says are theirs.
func (a adoption) adopt(ctx context.Context, column string, wanted map[string]threadKey, of func(*thread) string) error {
	for _, piece := range engine.Padded(slices.Sorted(maps.Keys(wanted))) {
		rows, err := a.tx.query(ctx, `SELECT `+threadColumns+` FROM conversations c WHERE c.account_id = $1 AND c.`+column+` <> '' AND c.remote_id IS NULL
			AND c.`+column+` IN (`+engine.Placeholders(2, len(piece))+`)`, append([]any{int64(a.in.Account)}, engine.Anys(piece)...)...)
		threads, err := engine.Collect(rows, err, scanThread)
		if err != nil {
			return err
		}
		for _, t := range threads {
			k, ok := wanted[of(t)]
			if !ok || a.threads[k] != nil || a.taken(t.id) {
				continue
			}
			p := &patched{thread: *t, known: map[string]*line{}, changed: true}
			p.remoteID, p.told = &k.remote, true
			p.revive()
			a.threads[k] = p
			a.order = append(a.order, p)
		}
	}
	return nil
}

// revive opens a conversation again that could not be started: it is there after
// all. What the same batch tells of it comes later and wins.
func (t *thread) revive() {
	if t.shut == (sellerdesk.Why{}) {
		return
	}
	t.shut = sellerdesk.Why{}
	if t.status == sellerdesk.ConversationClosed {
		t.status = sellerdesk.ConversationOpen
	}
}

// taken tells whether a conversation is among those of the batch already.
func (a adoption) taken(id sellerdesk.ConversationID) bool {
	return slices.ContainsFunc(a.order, func(p *patched) bool { return !p.fresh && p.id == id })
}

// opened gives a conversation that was started the name that the remote side
// knows it by. Where that chat is here already, as one of its own, the two
// become one.
func (o settler) opened(ctx context.Context, i item, remote sellerdesk.RemoteID) error {
	t, err := o.tx.thread(ctx, i.Conversation)
	if err != nil || t.remoteID != nil {
		return err
	}
	name := gate.RemoteID(remote)
	var twin sellerdesk.ConversationID
	err = o.tx.one(ctx, `SELECT id FROM conversations WHERE account_id = $1 AND kind = 'chat' AND remote_id = $2`, []any{int64(t.account), name}, &twin)
	switch {
	case errors.Is(err, engine.ErrNoRow):
	case err != nil:
		return fmt.Errorf("look for the chat that was started: %w", err)
	default:
		if err := o.unite(ctx, t, twin); err != nil {
			return err
		}
	}
	t.remoteID, t.told = &name, true
	return o.tx.save(ctx, t)
}

// unite moves everything of another conversation into t, which people know by
// its id already, and takes the other one away.
func (o settler) unite(ctx context.Context, t *thread, other sellerdesk.ConversationID) error {
	from, err := o.tx.thread(ctx, other)
	if err != nil {
		return err
	}
	// Who has both marked keeps one mark.
	rows, err := o.tx.query(ctx, `SELECT a.user_id FROM unread a JOIN unread b ON b.user_id = a.user_id WHERE a.conversation_id = $1 AND b.conversation_id = $2`, int64(t.id), int64(other))
	both, err := engine.Collect(rows, err, engine.ScanInt)
	if err != nil {
		return fmt.Errorf("read unread marks: %w", err)
	}
	for _, user := range both {
		o.tx.count(sellerdesk.UserID(user), t, -1)
	}
	for _, statement := range []string{
		`UPDATE messages SET conversation_id = $1 WHERE conversation_id = $2`,
		`UPDATE files SET conversation_id = $1 WHERE conversation_id = $2`,
		`UPDATE outbox SET conversation_id = $1 WHERE conversation_id = $2`,
		`INSERT INTO unread (user_id, conversation_id, account_id, kind) SELECT n.user_id, CAST($1 AS BIGINT), n.account_id, n.kind FROM unread n
			WHERE n.conversation_id = $2 AND NOT EXISTS (SELECT 1 FROM unread m WHERE m.conversation_id = $1 AND m.user_id = n.user_id)`,
	} {
		if _, err := o.tx.exec(ctx, statement, int64(t.id), int64(other)); err != nil {
			return fmt.Errorf("unite two conversations: %w", err)
		}
	}
	if err := o.tx.Labels.Unite(ctx, &t.held, from.held, other, t.account); err != nil {
		return err
	}
	if err := o.tx.Talk.Move(ctx, other, t.id); err != nil {
		return err
	}
	for _, statement := range []string{`DELETE FROM unread WHERE conversation_id = $1`, `DELETE FROM conversations WHERE id = $1`} {
		if _, err := o.tx.exec(ctx, statement, int64(other)); err != nil {
			return fmt.Errorf("unite two conversations: %w", err)
		}
	}
	o.tx.counts.Move(from.account, from.kind, from.counted, counts.Place{})
	t.held.Unite(from.held)
	o.tx.Contacts.Moved(from.seated, contacts.Figure{})
	if err := o.tx.keepSeat(ctx, t, from); err != nil {
		return err
	}
	t.buyerName, t.product, t.productID, t.order = from.buyerName, from.product, from.productID, from.order
	t.part, t.about, t.offers, t.shut, t.remote, t.hasPhoto = from.part, from.about, from.offers, from.shut, from.remote, from.hasPhoto
	t.aboutName, t.window = cmp.Or(from.aboutName, t.aboutName), cmp.Or(from.window, t.window)
	t.settled, t.dismissed, t.created, t.updated = from.settled, latest(t.dismissed, from.dismissed), from.created, max(t.updated, from.updated)
	if from.reread != nil {
		t.reread = from.reread
	}
	o.tx.emit(sellerdesk.EventConversationRemoved, t.account, other, sellerdesk.RemovedEvent{Into: t.id})
	return o.tx.recheck(ctx, t)
}

// start lets a conversation follow the action that starts it: once it was
// accepted it has its name; when it was refused or given up, what was to be said
// there goes nowhere, and the conversation says why.
func (o settler) start(ctx context.Context, i item, s Settlement) error {
	switch s.State {
	case sellerdesk.OutboxSent:
		if s.Conversation == "" {
			return nil // the feed will name it
		}
		return o.opened(ctx, i, s.Conversation)
	case sellerdesk.OutboxRefused, sellerdesk.OutboxWithdrawn, sellerdesk.OutboxQueued:
	default:
		return nil
	}
	t, err := o.tx.thread(ctx, i.Conversation)
	if err != nil || t.remoteID != nil {
		return err
	}
	t.shut, t.told = sellerdesk.Why{}, true
	if s.State != sellerdesk.OutboxQueued {
		t.shut = gate.Why(s.Why)
		if err := o.refuseBehind(ctx, i); err != nil {
			return err
		}
	}
	if s.State == sellerdesk.OutboxWithdrawn {
		t.status = sellerdesk.ConversationClosed
	}
	return o.tx.save(ctx, t)
}

// refuseBehind refuses what waits for a conversation that will not be.
func (o settler) refuseBehind(ctx context.Context, i item) error {
	behind, err := Outbox(o).items(ctx, `o.conversation_id = $1 AND o.state = 'queued' AND o.id > $2 ORDER BY o.id`, int64(i.Conversation), int64(i.ID))
	if err != nil {
		return err
	}
	why := sellerdesk.Why{Code: sellerdesk.ReasonOpening, Text: "The conversation could not be started, so this was not sent."}
	for _, b := range behind {
		if err := o.move(ctx, b, Settlement{State: sellerdesk.OutboxWithdrawn, Why: why}); err != nil {
			return err
		}
	}
	return nil
}
