package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/sending"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// candidate is a send that may show up in the feed.
type candidate struct {
	item
	files int // that the remote side did not refuse
	taken bool
}

// recognize finds out which new messages of our side are sends of ours: same
// conversation, text and number of files, inside the time in which an attempt
// may have left, one to one, oldest first. What stands in public instead of an
// answer of ours was answered elsewhere.
func (a *application) recognize(ctx context.Context) error {
	open, err := a.candidates(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	for _, l := range a.lines {
		if !l.mayBeEcho() {
			continue
		}
		if c := bestMatch(l, open[l.thread.id]); c != nil {
			c.taken = true
			l.echo = &c.item
			if l.revised != nil {
				a.unrevise(l)
			}
		}
	}
	for _, l := range a.lines {
		if !l.mayBeEcho() || l.echo != nil || !l.status.Answers() {
			continue
		}
		for _, c := range open[l.thread.id] {
			if !c.taken && c.Edits == nil && c.Public() && (c.State == sellerdesk.OutboxUnknown || c.State == sellerdesk.OutboxQueued) {
				c.taken = true
				a.overtaken = append(a.overtaken, &c.item)
			}
		}
	}
	return nil
}

// mayBeEcho tells whether a line can be what a send of ours made: a new one, or
// one whose text became another where answers have one place.
func (l *line) mayBeEcho() bool {
	if l.thread.fresh || !l.author.Ours() {
		return false
	}
	return l.fresh && !l.foreign || l.revised != nil && l.thread.kind != sellerdesk.KindChat
}

// unrevise takes the change of a known line back: it is that of a send of ours,
// which brings its own text.
func (a *application) unrevise(l *line) {
	said := l.revised.said
	l.private, l.status, l.why = said.private, said.status, said.why
	l.revised, l.changed = nil, false
}

// candidates reads the sends that the new messages of our side may prove. An
// item that waits for being sent again counts when an earlier attempt of it may
// have left.
func (a *application) candidates(ctx context.Context) (map[sellerdesk.ConversationID][]*candidate, error) {
	var ids []int64
	seen := map[sellerdesk.ConversationID]bool{}
	for _, l := range a.lines {
		if l.mayBeEcho() && !seen[l.thread.id] {
			seen[l.thread.id] = true
			ids = append(ids, int64(l.thread.id))
		}
	}
	open := map[sellerdesk.ConversationID][]*candidate{}
	for _, piece := range engine.Padded(ids) {
		rows, err := a.tx.query(ctx, `SELECT `+sending.ItemColumns+`, (SELECT COUNT(*) FROM files f WHERE f.message_id = o.message_id AND f.state <> 'refused')
			FROM outbox o WHERE o.conversation_id IN (`+engine.Placeholders(1, len(piece))+`) AND o.remote_id = '' AND (o.message_id IS NOT NULL OR o.edits IS NOT NULL)
			AND (o.state = 'sending' OR o.state IN ('unknown', 'sent', 'withdrawn', 'queued') AND o.window_from IS NOT NULL
				OR o.state = 'queued' AND o.action IN ('answer', 'reject'))
			ORDER BY o.id`, engine.Anys(piece)...)
		found, err := engine.Collect(rows, err, func(s engine.Scanner) (*candidate, error) {
			c := &candidate{}
			i, err := sending.ScanItem(sending.More{Scanner: s, Rest: []any{&c.files}})
			c.item = i
			return c, err
		})
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			open[c.Conversation] = append(open[c.Conversation], c)
		}
	}
	return open, nil
}

// bestMatch gives the send that a message proves, nil when it proves none. One
// whose receipt names the very moment wins; then the oldest without a receipt,
// because those with one have arrived anyway.
func bestMatch(l *line, open []*candidate) *candidate {
	words := text.Key(l.body)
	var best *candidate
	var bestRank int64
	for _, c := range open {
		if c.taken || c.TextKey != words || !c.fits(l) {
			continue
		}
		if rank := c.Rank(l.at); best == nil || rank < bestRank {
			best, bestRank = c, rank
		}
	}
	return best
}

// fits tells whether a line with the same text can be what the item made. Where
// answers have one place, moments and files tell nothing: remote sides date
// answers badly or not at all.
func (c *candidate) fits(l *line) bool {
	switch {
	case c.Edits != nil:
		return !l.fresh && *c.Edits == l.id && c.Left() && c.State != sellerdesk.OutboxSent
	case c.Public():
		return c.Left()
	default:
		return l.fresh && c.files == len(l.files) && c.Covers(l.at)
	}
}

// settle confirms the sends that were recognized: they keep their author and
// our own files and get the id and the moment of the remote side. Those that
// somebody was faster than are given up.
func (a *application) settle(ctx context.Context) error {
	for _, l := range a.lines {
		if l.echo == nil {
			continue
		}
		if err := settler(a.tx.Outbox).echoed(ctx, *l.echo, l); err != nil {
			return err
		}
		if err := a.follow(ctx, l.thread); err != nil {
			return err
		}
		l.thread.updated = max(l.thread.updated, l.at)
		a.applied.Settled++
	}
	for _, i := range a.overtaken {
		state := sellerdesk.OutboxRefused
		if i.State == sellerdesk.OutboxQueued {
			state = sellerdesk.OutboxWithdrawn
		}
		err := settler(a.tx.Outbox).move(ctx, *i, Settlement{State: state, Why: sellerdesk.Why{
			Code: sellerdesk.ReasonElsewhere, Text: "Somebody answered elsewhere with other words."}})
		if err != nil {
			return err
		}
		for _, p := range a.order {
			if p.id == i.Conversation {
				err = a.follow(ctx, p)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow takes over what the outbox changed of a row behind our copy.
func (a *application) follow(ctx context.Context, p *patched) error {
	t, err := a.tx.thread(ctx, p.id)
	if err != nil {
		return err
	}
	p.rev, p.counted, p.was, p.lookAgain, p.changed = t.rev, t.counted, t.was, true, true
	if t.seated.Person != 0 {
		p.seated = t.seated // a contact of this batch, whose row has no person yet, has its figures already
	}
	a.applied.Changed = true
	return nil
}

// echoed settles an item by the message that proves it.
func (o settler) echoed(ctx context.Context, i item, l *line) error {
	s := Settlement{State: sellerdesk.OutboxSent, RemoteID: sellerdesk.RemoteID(l.remote)}
	if !i.Public() {
		at := sellerdesk.AtMillis(l.at)
		s.At = &at
	}
	var err error
	switch {
	case i.State == sellerdesk.OutboxQueued:
		// It waited to be repeated, and there is no need any more: it is taken
		// back, and an item taken back may turn out to be sent.
		i.State = sellerdesk.OutboxWithdrawn
		err = o.move(ctx, i, s)
	case i.State == sellerdesk.OutboxSent:
		err = o.name(ctx, i, s)
	default:
		err = o.move(ctx, i, s)
	}
	of := i.Message
	if of == nil {
		of = i.Edits
	}
	if err != nil || of == nil {
		return err
	}
	if _, err := o.tx.exec(ctx, `UPDATE messages SET remote = $2 WHERE id = $1`, int64(*of), engine.Blob(l.private)); err != nil {
		return err
	}
	return o.stand(ctx, i, *of, l.status, l.why)
}

// name gives a sent item the id that the remote side uses for it.
func (o settler) name(ctx context.Context, i item, s Settlement) error {
	if _, err := o.tx.exec(ctx, `UPDATE outbox SET remote_id = $2 WHERE id = $1`, int64(i.ID), string(s.RemoteID)); err != nil {
		return err
	}
	if err := o.confirm(ctx, i, s); err != nil {
		return err
	}
	if err := o.follow(ctx, i.OutboxItem, true); err != nil {
		return err
	}
	return o.marked(ctx, i)
}
