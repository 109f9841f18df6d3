package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/marks"
)

// marking is the part of a batch that is about how lines stand.
type marking struct{ *application }

// take applies the marks of a batch to the lines that are here or come with
// it, gives new lines the marks that waited for them, and keeps those that still
// have no line.
func (a marking) take(ctx context.Context) error {
	var early []marks.Mark
	for _, m := range a.in.Batch.Messages {
		k := key(m.Kind, m.Conversation)
		if !m.Mark || k.remote == "" || m.RemoteID == "" || marks.Weight(m.Status) == 0 {
			continue
		}
		mark := marks.Mark{Name: marks.Name{Kind: k.kind, Conversation: k.remote, Message: gate.MessageID(m)}, Status: m.Status, Why: gate.Why(m.Why)}
		var l *line
		if p := a.threads[k]; p != nil {
			l = p.known[mark.Message]
		}
		if l == nil {
			early = append(early, mark)
			continue
		}
		a.mark(l, mark)
	}
	if err := a.tx.marks.Keep(ctx, a.in.Account, early); err != nil {
		return err
	}
	return a.takeEarly(ctx)
}

// takeEarly looks for marks that were faster than the lines of this batch.
// Lines of the buyer and of old history have none.
func (a marking) takeEarly(ctx context.Context) error {
	if wait, err := a.tx.marks.Any(ctx, a.in.Account); err != nil || !wait {
		return err
	}
	var names []marks.Name
	var fresh []*line
	for _, p := range a.order {
		if p.kind != sellerdesk.KindChat {
			continue
		}
		for id, l := range p.known {
			if l.fresh && l.author == sellerdesk.AuthorElsewhere {
				names, fresh = append(names, marks.Name{Kind: p.kind, Conversation: *p.remoteID, Message: id}), append(fresh, l)
			}
		}
	}
	taken, err := a.tx.marks.Take(ctx, a.in.Account, names)
	if err != nil || len(taken) == 0 {
		return err
	}
	for n, name := range names {
		if m, ok := taken[name]; ok {
			a.mark(fresh[n], m)
		}
	}
	return nil
}

// mark lets a line of the batch, or one that is here, stand as a mark says.
func (a marking) mark(l *line, m marks.Mark) {
	switch {
	case !l.fresh:
		revisions(a).stand(l, m.Status, m.Why)
	case l.author == sellerdesk.AuthorElsewhere && marks.GoesOn(l.thread.kind, l.status, m.Status, false):
		l.status, l.why = m.Status, m.Why
	}
}

// leave keeps how the line stands that makes room for an item of a chat, for
// [settler.marked] to take: its marks are used up.
func (o settler) leave(ctx context.Context, i item, m marks.Mark) error {
	if m.Kind != sellerdesk.KindChat || m.Conversation == "" || marks.Weight(m.Status) <= marks.Weight(sellerdesk.MessageSent) {
		return nil
	}
	return o.tx.marks.Keep(ctx, i.Account, []marks.Mark{m})
}

// marked lets a message whose name has just become known stand as a mark said
// that came before.
func (o settler) marked(ctx context.Context, i item) error {
	if i.Message == nil || i.RemoteID == "" || i.State != sellerdesk.OutboxSent {
		return nil
	}
	t, err := o.tx.thread(ctx, i.Conversation)
	if err != nil || t.remoteID == nil || t.kind != sellerdesk.KindChat {
		return err
	}
	name := marks.Name{Kind: t.kind, Conversation: *t.remoteID, Message: gate.RemoteID(i.RemoteID)}
	taken, err := o.tx.marks.Take(ctx, i.Account, []marks.Name{name})
	if err != nil {
		return err
	}
	if m, ok := taken[name]; ok {
		return o.stand(ctx, i, *i.Message, m.Status, m.Why)
	}
	return nil
}

// stand lets a message that an item made stand as the remote side says, unless
// more is known of it.
func (o settler) stand(ctx context.Context, i item, id sellerdesk.MessageID, status sellerdesk.MessageStatus, why sellerdesk.Why) error {
	if status == sellerdesk.MessageReceived {
		return nil
	}
	if !i.Public() {
		m, err := o.tx.Messages.Get(ctx, id)
		if err != nil || !marks.GoesOn(sellerdesk.KindChat, m.Status, status, false) {
			return err
		}
		if why == (sellerdesk.Why{}) && m.Status != sellerdesk.MessageRefused {
			why = sellerdesk.Why{Code: m.ReasonCode, Text: m.Reason}
		}
	}
	if err := o.tx.Messages.Mark(ctx, i.Account, id, status, why); err != nil {
		return err
	}
	return o.relook(ctx, i.Conversation, true)
}
