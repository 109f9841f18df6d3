package store

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/counts"
)

// count changes a figure of a conversation by n when the transaction ends.
func (tx *Tx) count(user sellerdesk.UserID, t *thread, n int) {
	tx.counts.Add(user, t.account, t.kind, n)
}

// place is how it adds to the figures of what needs an answer.
func (t *thread) place() counts.Place {
	return counts.PlaceOf(t.needs, t.status == sellerdesk.ConversationSnoozed, t.held.Assignment())
}

// countNeeds brings the figures in line with a conversation that is saved.
func (tx *Tx) countNeeds(t *thread) {
	now, figure := t.place(), t.figure()
	tx.counts.Move(t.account, t.kind, t.counted, now)
	tx.Contacts.Moved(t.seated, figure)
	t.counted, t.seated = now, figure
}
