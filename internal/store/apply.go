package store

import (
	"context"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/counts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/files"
	"github.com/sellerdesk/sellerdesk/internal/store/forms"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
)

// writeThreads lets the new messages speak on their conversations, in memory,
// and writes the new conversations with the outcome.
func (a *application) writeThreads(ctx context.Context) error {
	a.hear()
	var fresh []*patched
	for _, p := range a.order {
		if p.fresh {
			fresh = append(fresh, p)
		}
	}
	if err := (seating{a}).find(ctx); err != nil || len(fresh) == 0 {
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
		p.told, p.was = false, p.standing()
		a.tx.countNeeds(&p.thread)
		a.tx.journal.AddConversation(sellerdesk.EventConversationCreated, p.account, p.id, p.event())
	}
	a.applied.NewConversations = len(fresh)
	a.applied.Changed = true
	return nil
}

// hear lets the messages of the batch speak: first the new ones, then the word
// of the remote side on what needs no answer, which does not count for words
// that were changed, then those.
func (a *application) hear() {
	newest := map[*patched]*int64{}
	for _, l := range a.lines {
		if !l.fresh || l.echo != nil {
			continue
		}
		a.speak(l)
		if l.author == sellerdesk.AuthorBuyer {
			newest[l.thread] = latest(newest[l.thread], &l.at)
		}
	}
	for _, p := range a.order {
		a.settleWords(p, newest[p])
	}
	for _, l := range a.lines {
		if l.revised != nil && l.echo == nil && l.author == sellerdesk.AuthorBuyer {
			a.wait(l.thread, l.revised.at)
		}
	}
}

// settleWords applies what the remote side told about what the buyer said until
// now. What it said before covers no more than it did then, but for words that
// are new in this batch.
func (a *application) settleWords(p *patched, newest *int64) {
	switch {
	case p.settle == nil:
	case !*p.settle && p.settled != nil:
		p.settled, p.changed, p.lookAgain = nil, true, true
	case *p.settle:
		covered := newest
		if p.settled == nil {
			covered = p.buyerAt
		}
		if covered = latest(p.settled, covered); sameValue(covered, p.settled) {
			return
		}
		p.settled, p.changed = covered, true
		switch {
		case p.waiting == nil || after(*p.waiting, p.floor()):
		case !after(*p.buyerAt, p.floor()):
			p.thread.wait(a.tx.store.target, nil)
		default:
			p.lookAgain = true
		}
	}
}

// wait applies a word of the buyer to its conversation.
func (a *application) wait(p *patched, at int64) {
	if p.take(a.tx.store.target, sellerdesk.AuthorBuyer, sellerdesk.MessageReceived, at) {
		p.lookAgain = true
	}
	p.updated = max(p.updated, at)
	p.unreadSince = latest(p.unreadSince, &at)
	p.changed = true
}

// speak applies one new message to its conversation.
func (a *application) speak(l *line) {
	p := l.thread
	p.show(messages.Line{Text: preview(l.body), Author: l.author, Files: len(l.files), Status: l.status, At: l.at})
	if l.author == sellerdesk.AuthorBuyer {
		a.wait(p, l.at)
		if l.edited != nil {
			a.wait(p, *l.edited)
		}
		a.picture(p, l.files)
		return
	}
	if p.take(a.tx.store.target, l.author, l.status, l.at) {
		p.lookAgain = true
	}
	p.updated = max(p.updated, l.at)
	p.changed = true
}

// picture notes that the buyer sent one.
func (a *application) picture(p *patched, files []sellerdesk.RemoteFile) {
	if !p.hasPhoto && slices.ContainsFunc(files, func(f sellerdesk.RemoteFile) bool { return strings.HasPrefix(f.Type, "image/") }) {
		p.hasPhoto, p.told = true, true
	}
}

const (
	threadInsert = `INSERT INTO conversations (account_id, channel, kind, remote_id, contact_id, buyer_name, product, order_id, rating,
	status, needs_answer, waiting_since, due_at, dismissed_at, answered_at, buyer_at,
	last_text, last_author, last_files, last_status, sort_at, shut_code, shut_text, remote, created_at, updated_at, rev,
	product_id, part, offers, settled_at, has_photo, reread_at, about, about_name, open_until, person_id)`
	threadWidth = 37

	messageInsert = `INSERT INTO messages (account_id, conversation_id, author, user_id, body, files, status, reason, reason_code, at, edited_at, remote_id, remote, rating)`
	messageWidth  = 14
)

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
			string(l.status), string(l.why.Text), string(l.why.Code), l.at, l.edited, l.remote, engine.Blob(l.private), l.rating)
	}
	ids, err := a.tx.insertMany(ctx, messageInsert, messageWidth, ` RETURNING id`, values)
	if err != nil {
		return err
	}
	var attached, answers, carried []any
	for n, l := range fresh {
		l.id = sellerdesk.MessageID(ids[n])
		answers = append(answers, l.reply.Values(l.id)...)
		carried = append(carried, forms.Row(l.id, l.form)...)
		a.words = append(a.words, a.tx.words(&l.thread.thread, l.id, l.author, l.at, l.body))
		for position, f := range l.files {
			attached = files.Want(attached, files.Origin{Account: a.in.Account, Conversation: l.thread.id, Message: l.id, Remote: f}, position, a.now)
		}
		a.tx.emit(sellerdesk.EventMessageCreated, a.in.Account, l.thread.id,
			sellerdesk.MessageEvent{Message: l.id, Author: l.author, Status: l.status})
	}
	a.applied.NewMessages = len(fresh)
	a.applied.Changed = true
	if err := a.tx.replies.Write(ctx, answers); err != nil {
		return err
	}
	if err := a.tx.forms.Write(ctx, carried); err != nil {
		return err
	}
	_, err = a.tx.insertMany(ctx, files.Insert, files.Width, "", attached)
	return err
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
		if p.looks && !p.fresh {
			if err := a.tx.saveReread(ctx, &p.thread); err != nil {
				return err
			}
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

// markUnread marks conversations with new words of the buyer.
func (a *application) markUnread(ctx context.Context) error {
	var words []counts.Word
	for _, p := range a.order {
		if p.unreadSince != nil {
			words = append(words, counts.Word{Conversation: p.id, Account: p.account, Kind: p.kind, At: *p.unreadSince})
		}
	}
	return a.tx.counts.MarkUnread(ctx, words)
}

// moveCursor saves the place where reading stopped and what was named to be read
// again, in the same transaction as what was read.
func (a *application) moveCursor(ctx context.Context) error {
	if skipped, err := a.tx.Streams.Skip(ctx, a.in.Account, a.in.Stream, a.in.Batch.Skipped); err != nil || skipped {
		a.applied.Changed = true
		if err != nil {
			return err
		}
	}
	if err := a.tx.Rereads.Ask(ctx, a.in.Account, a.in.Batch.Reread); err != nil || a.in.KeepCursor {
		return err
	}
	return a.tx.Streams.Advance(ctx, a.in.Account, a.in.Stream, a.in.Batch, a.applied.NewMessages)
}

// writeWords makes the messages findable.
func (a *application) writeWords(ctx context.Context) error { return a.tx.Search.Put(ctx, a.words) }
