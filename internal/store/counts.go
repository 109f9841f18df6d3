package store

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/counts"
)

// count changes a figure of a conversation by n when the transaction ends.
func (tx *Tx) count(user sellerdesk.UserID, t *thread, n int) {
	tx.counts.Add(user, t.account, t.kind, n)
}

// countNeeds brings the figures in line with a conversation that is saved.
func (tx *Tx) countNeeds(t *thread) {
	if t.needs && !t.counted {
		tx.count(counts.Nobody, t, 1)
	} else if !t.needs && t.counted {
		tx.count(counts.Nobody, t, -1)
	}
	t.counted = t.needs
	figure := t.figure()
	tx.Contacts.Moved(t.seated, figure)
	t.seated = figure
}
