package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// shown gives conversations as a person sees them.
func (tx *Tx) shown(ctx context.Context, user sellerdesk.UserID, ids []int64) (all []sellerdesk.Conversation, err error) {
	for _, piece := range engine.Padded(ids) {
		rows, err := tx.query(ctx, `SELECT `+listColumns+` FROM conversations c WHERE c.id IN (`+engine.Placeholders(2, len(piece))+`)`,
			append([]any{int64(user)}, engine.Anys(piece)...)...)
		views, err := tx.Conversations.views(ctx, rows, err)
		if err != nil {
			return nil, err
		}
		all = append(all, views...)
	}
	return all, nil
}

// seat gives a conversation a contact that was found for it, or named by hand.
func (tx *Tx) seat(t *thread, s *contacts.Seat) {
	t.contact, t.person, t.told = &s.Contact, &s.Person, true
	if s.Counted {
		t.seated = t.figure()
	}
}

// seating is the part of a batch that is about people.
type seating struct{ *application }

// find finds the people behind the conversations of the batch, as the package
// contacts tells, in the order in which they were told about.
func (a seating) find(ctx context.Context) error {
	seats := map[*patched]*contacts.Seat{}
	var arrivals []*contacts.Arrival
	arrive := func(p *patched, evidence []contacts.Evidence) {
		s := seats[p]
		if s == nil {
			s = &contacts.Seat{Needs: p.needs, At: p.sortAt}
			if p.contact != nil && p.person != nil {
				s.Contact, s.Person = *p.contact, *p.person
			}
			seats[p] = s
		}
		arrival := &contacts.Arrival{Seat: s, Evidence: evidence, Made: p.created}
		if p.contact == nil || p.renamed {
			arrival.Name = p.buyerName
		}
		arrivals = append(arrivals, arrival)
	}
	for _, c := range a.in.Batch.Conversations {
		if p := a.threads[key(c.Kind, c.RemoteID)]; p != nil && c.Buyer != nil {
			arrive(p, contacts.EvidenceOf(a.in.Account, *c.Buyer))
		}
	}
	for _, p := range a.order {
		if p.changed && seats[p] == nil && (p.contact == nil || p.renamed) && p.buyerName != "" {
			arrive(p, nil)
		}
	}
	if len(arrivals) == 0 {
		return nil
	}
	if err := a.tx.Contacts.Match(ctx, arrivals); err != nil {
		return err
	}
	for _, p := range a.order {
		if s := seats[p]; s != nil && s.Taken {
			a.tx.seat(&p.thread, s)
			p.changed, p.by = true, s.Reason
		}
	}
	return nil
}

// record records by which evidence conversations came to their people.
func (a seating) record(context.Context) error {
	for _, p := range a.order {
		if p.by != "" {
			a.tx.Contacts.Record(contacts.Change{Kind: contacts.ChangeAttach, Contact: *p.contact, Conversation: int64(p.id), Reason: p.by})
		}
	}
	return nil
}

// keepSeat lets a conversation that another one was united with have its contact,
// unless it was given one by hand, and records either. Where the two were of
// different people, these may be one.
func (tx *Tx) keepSeat(ctx context.Context, t, from *thread) error {
	if t.contact == nil {
		t.contact, t.person = from.contact, from.person
	}
	if from.contact == nil {
		return nil
	}
	tx.Contacts.Record(contacts.Change{Kind: contacts.ChangeUnite, Contact: *t.contact, Other: *from.contact, Conversation: int64(t.id), Reason: "the same conversation"})
	return tx.Contacts.Doubt(ctx, *t.contact, *from.contact)
}

// seatStarted gives a conversation that we start the person it is with, where
// that is named or known, and tells why.
func (tx *Tx) seatStarted(ctx context.Context, t *thread, n Opening) (by string, err error) {
	who, found := contacts.Known{Contact: int64(n.Contact), Reason: "by hand"}, n.Contact != 0
	if !found {
		evidence := contacts.EvidenceOf(n.Account, sellerdesk.Buyer{Phone: n.Phone, Network: n.Source.Network, Username: n.Username})
		if who, found, err = tx.Contacts.Known(ctx, evidence); err != nil || !found {
			return "", err
		}
	}
	if who.Person, who.Name, err = tx.Contacts.Root(ctx, who.Contact); err != nil {
		return "", err
	}
	t.contact, t.person, t.buyerName = &who.Contact, &who.Person, who.Name
	return who.Reason, nil
}

// seated counts and records that a conversation which was just made sits with
// somebody.
func (tx *Tx) seated(t *thread, by string) {
	if t.contact == nil {
		return
	}
	tx.Contacts.Moved(t.seated, t.figure())
	t.seated = t.figure()
	tx.Contacts.Record(contacts.Change{Kind: contacts.ChangeAttach, Contact: *t.contact, Conversation: int64(t.id), Reason: by})
}
