package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// writeThreads lets the new messages speak on their conversations, in memory,
// and writes the new conversations with the outcome.
func (a *application) writeThreads(ctx context.Context) error {
	for _, l := range a.lines {
		if l.fresh && l.echo == nil {
			a.speak(l)
		}
	}
	var fresh []*patched
	for _, p := range a.order {
		if p.fresh {
			fresh = append(fresh, p)
		}
	}
	if err := a.writeContacts(ctx); err != nil || len(fresh) == 0 {
		return err
	}
	values := make([]any, 0, threadWidth*len(fresh))
	for _, p := range fresh {
		values = append(values, p.values()...)
	}
	ids, err := a.tx.insertMany(ctx, threadInsert, threadWidth, ` RETURNING id`, values)
	if err != nil {
		return err
	}
	for n, p := range fresh {
		p.id = sellerdesk.ConversationID(ids[n])
		p.was = p.standing()
		a.tx.countNeeds(&p.thread)
		a.tx.emitConversation(sellerdesk.EventConversationCreated, p.account, p.id, p.event())
	}
	a.applied.NewConversations = len(fresh)
	a.applied.Changed = true
	return nil
}

// speak applies one new message to its conversation.
func (a *application) speak(l *line) {
	p := l.thread
	if p.take(a.tx.store.target, l.author, sellerdesk.MessageReceived, l.at) {
		p.lookAgain = true
	}
	p.show(lastLine{preview(l.body), l.author, len(l.files), sellerdesk.MessageReceived, l.at})
	p.updated = max(p.updated, l.at)
	if l.author == sellerdesk.AuthorBuyer {
		p.unreadSince = latest(p.unreadSince, &l.at)
	}
	p.changed = true
}

const (
	threadInsert = `INSERT INTO conversations (account_id, channel, kind, remote_id, contact_id, buyer_name, product, order_id, rating,
	status, needs_answer, waiting_since, due_at, dismissed_at, answered_at, buyer_at,
	last_text, last_author, last_files, last_status, sort_at, shut_code, shut_text, remote, created_at, updated_at, rev,
	product_id, part, offers, settled_at, has_photo, reread_at)`
	threadWidth = 33

	messageInsert = `INSERT INTO messages (account_id, conversation_id, author, user_id, body, files, status, reason, reason_code, at, edited_at, remote_id, remote)`
	messageWidth  = 13
)

// writeContacts makes the buyers of conversations that have none yet. As long as
// a remote side names buyers by their conversations only, each has one of its own.
func (a *application) writeContacts(ctx context.Context) error {
	var named []*patched
	var values []any
	for _, p := range a.order {
		if p.changed && p.contact == nil && p.buyerName != "" {
			named = append(named, p)
			values = append(values, p.buyerName, p.created)
		}
	}
	ids, err := a.tx.insertMany(ctx, `INSERT INTO contacts (name, created_at)`, 2, ` RETURNING id`, values)
	if err != nil {
		return err
	}
	values = values[:0]
	for n, p := range named {
		p.contact, p.told = &ids[n], true
		values = append(values, int64(p.account), string(p.kind), *p.remoteID, ids[n], p.buyerName)
	}
	_, err = a.tx.insertMany(ctx, `INSERT INTO identities (account_id, kind, remote_id, contact_id, name)`, 5, "", values)
	return err
}

// writeMessages writes the new messages with their files and search words.
func (a *application) writeMessages(ctx context.Context) error {
	var fresh []*line
	for _, l := range a.lines {
		if l.fresh && l.echo == nil {
			fresh = append(fresh, l)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	values := make([]any, 0, messageWidth*len(fresh))
	for _, l := range fresh {
		values = append(values, int64(a.in.Account), int64(l.thread.id), string(l.author), nil, l.body, len(l.files),
			string(sellerdesk.MessageReceived), "", "", l.at, l.edited, l.remote, engine.Blob(l.private))
	}
	ids, err := a.tx.insertMany(ctx, messageInsert, messageWidth, ` RETURNING id`, values)
	if err != nil {
		return err
	}
	var files []any
	for n, l := range fresh {
		l.id = sellerdesk.MessageID(ids[n])
		a.words = append(a.words, a.tx.Search.Words(l.id, a.in.Account, l.body))
		for position, f := range l.files {
			files = wantFile(files, FileOrigin{a.in.Account, l.thread.id, l.id, f}, position, a.now)
		}
		a.tx.emit(sellerdesk.EventMessageCreated, a.in.Account, l.thread.id,
			sellerdesk.MessageEvent{Message: l.id, Author: l.author, Status: sellerdesk.MessageReceived})
	}
	a.applied.NewMessages = len(fresh)
	a.applied.Changed = true
	_, err = a.tx.insertMany(ctx, fileInsert, fileWidth, "", files)
	return err
}

// writeEdits writes messages that were here already and say something else now.
func (a *application) writeEdits(ctx context.Context) error {
	for _, l := range a.lines {
		if !l.changed {
			continue
		}
		var status sellerdesk.MessageStatus
		if err := a.tx.one(ctx, `UPDATE messages SET body = $2, edited_at = $3 WHERE id = $1 RETURNING status`,
			[]any{int64(l.id), l.body, l.edited}, &status); err != nil {
			return err
		}
		if err := a.tx.Search.Forget(ctx, []sellerdesk.MessageID{l.id}); err != nil {
			return err
		}
		a.words = append(a.words, a.tx.Search.Words(l.id, a.in.Account, l.body))
		a.tx.emit(sellerdesk.EventMessageUpdated, a.in.Account, l.thread.id,
			sellerdesk.MessageEvent{Message: l.id, Author: l.author, Status: status})
		l.thread.changed, l.thread.lookLast = true, true
		if l.edited != nil {
			l.thread.updated = max(l.thread.updated, *l.edited)
		}
		a.applied.Changed = true
	}
	return nil
}

// saveThreads writes the conversations that were here already and changed.
func (a *application) saveThreads(ctx context.Context) error {
	for _, p := range a.order {
		var err error
		switch {
		case p.lookAgain:
			err = a.tx.recheck(ctx, &p.thread)
		case p.lookLast:
			err = a.tx.recheckLast(ctx, &p.thread)
		}
		if err != nil {
			return err
		}
		// A new one is saved already, unless its messages had to be asked.
		if !p.changed || p.fresh && !p.lookAgain {
			continue
		}
		if err := a.tx.save(ctx, &p.thread); err != nil {
			return err
		}
		a.applied.Changed = true
	}
	return nil
}

// markUnread marks conversations with new words of the buyer for everybody
// whose work began before.
func (a *application) markUnread(ctx context.Context) error {
	rows, err := a.tx.query(ctx, `SELECT id, read_floor FROM users`)
	type reader struct{ id, floor int64 }
	readers, err := engine.Collect(rows, err, func(s engine.Scanner) (r reader, err error) {
		err = s.Scan(&r.id, &r.floor)
		return r, err
	})
	if err != nil {
		return err
	}
	byID := map[int64]*patched{}
	for _, r := range readers {
		var values []any
		for _, p := range a.order {
			if p.unreadSince != nil && *p.unreadSince > r.floor {
				byID[int64(p.id)] = p
				values = append(values, r.id, int64(p.id), int64(p.account), string(p.kind))
			}
		}
		marked, err := a.tx.insertMany(ctx, `INSERT INTO unread (user_id, conversation_id, account_id, kind)`, 4, ` ON CONFLICT DO NOTHING RETURNING conversation_id`, values)
		if err != nil {
			return err
		}
		for _, id := range marked {
			a.tx.count(sellerdesk.UserID(r.id), &byID[id].thread, 1)
		}
	}
	return nil
}

// moveCursor saves the place where reading stopped, in the same transaction as
// what was read.
func (a *application) moveCursor(ctx context.Context) error {
	if skipped, err := a.tx.Streams.skip(ctx, a.in); err != nil || skipped {
		a.applied.Changed = true
		if err != nil {
			return err
		}
	}
	if a.in.KeepCursor {
		return nil
	}
	_, err := a.tx.Streams.advance(ctx, a.in, a.applied.NewMessages)
	return err
}

// writeWords makes the messages findable.
func (a *application) writeWords(ctx context.Context) error { return a.tx.Search.Put(ctx, a.words) }
