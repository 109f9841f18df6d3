package channel

import (
	"sync"

	"github.com/sellerdesk/sellerdesk"
)

// Opened is one account with its connector.
type Opened struct {
	Account   sellerdesk.AccountID
	Connector Connector
	Description
}

// Roster holds the opened connectors by account, so that one cabinet has one
// budget in one process. The zero value is not usable; see [NewRoster].
type Roster struct {
	mu     sync.RWMutex
	opened map[sellerdesk.AccountID]*Opened
}

// NewRoster makes an empty roster.
func NewRoster() *Roster {
	return &Roster{opened: map[sellerdesk.AccountID]*Opened{}}
}

// Put keeps the connector of an account, in place of an earlier one.
func (r *Roster) Put(id sellerdesk.AccountID, c Connector) *Opened {
	o := &Opened{Account: id, Connector: c, Description: Describe(c)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opened[id] = o
	return o
}

// Get gives the connector of an account; nil when it is not opened.
func (r *Roster) Get(id sellerdesk.AccountID) *Opened {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.opened[id]
}

// Remove forgets the connector of an account.
func (r *Roster) Remove(id sellerdesk.AccountID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.opened, id)
}

// Budget tells what the remote side still allows an account; empty when the
// account is not opened or its channel does not tell.
func (r *Roster) Budget(id sellerdesk.AccountID) []sellerdesk.BucketState {
	o := r.Get(id)
	if o == nil || o.Budget == nil {
		return []sellerdesk.BucketState{}
	}
	return o.Budget()
}
