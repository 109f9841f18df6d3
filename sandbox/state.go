package sandbox

import "time"

// Moment is a time that is written as RFC 3339 in UTC with milliseconds.
type Moment struct{ time.Time }

// MarshalJSON writes the moment.
func (m Moment) MarshalJSON() ([]byte, error) {
	return []byte(m.UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// State is what GET /_sandbox/state answers.
type State struct {
	Now      Moment         `json:"now"`
	Accounts []AccountState `json:"accounts"`
	// A review and its supplement count as one conversation.
	Conversations map[string]map[string]int `json:"conversations"`
	// Received holds the last 10,000 messages that came through an API, oldest first.
	Received []Received `json:"received"`
	// Violations counts requests beyond the limits per API, Duplicates messages received twice within DuplicateWindow.
	Violations map[string]int `json:"violations"`
	Duplicates int            `json:"duplicates"`
	// Orders are orders and returns that nobody has talked about.
	Orders []OrderState `json:"orders"`
}

// AccountState is a cabinet with its token. Business, Campaigns, Company and Connections belong to other remote sides.
type AccountState struct {
	API         string   `json:"api"`
	Name        string   `json:"name"`
	Token       string   `json:"token"`
	Seller      string   `json:"seller"`
	Business    *int64   `json:"business"`
	Campaigns   []int64  `json:"campaigns"`
	Company     *int64   `json:"company"`
	Connections []string `json:"connections"`
	// Push is nil where there are no pushes.
	Push *PushState `json:"push"`
}

// OrderState is an order, or a return of one, without a conversation. Return is nil for an order.
type OrderState struct {
	API     string  `json:"api"`
	Account string  `json:"account"`
	Order   string  `json:"order"`
	Return  *string `json:"return"`
	Buyer   string  `json:"buyer"`
}

// PushState tells how the pushes to one cabinet go. Absent times are nil.
type PushState struct {
	Address string `json:"address"`
	// State is "none" without an address, "ok", "blocked" while one delivery fails, or "off" after two weeks of that.
	State string `json:"state"`
	// Queued wait, Delivered were accepted, Refused were answered 400, Failed counts failed attempts, Lost those dropped on order or when switched off.
	Queued    int `json:"queued"`
	Delivered int `json:"delivered"`
	Refused   int `json:"refused"`
	Failed    int `json:"failed"`
	Lost      int `json:"lost"`
	// Trouble says why the newest attempt failed.
	Trouble      string  `json:"trouble"`
	LastAt       *Moment `json:"last_at"`
	BlockedSince *Moment `json:"blocked_since"`
	NextAt       *Moment `json:"next_at"`
}

// Received is a message of the seller's that came through an API.
type Received struct {
	API          string `json:"api"`
	Account      string `json:"account"`
	Kind         Kind   `json:"kind"`
	Conversation string `json:"conversation"`
	Text         string `json:"text"`
	Files        []Part `json:"files"`
	At           Moment `json:"at"`
}

// Part is a file that was received.
type Part struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

// State is a copy of everything worth counting.
func (w *World) State() State {
	s := State{Now: Moment{w.clock.Now()}, Accounts: []AccountState{}, Conversations: map[string]map[string]int{}, Violations: map[string]int{}}
	s.Orders = []OrderState{}
	w.mu.RLock()
	apis, ledger := make([]mounted, 0, len(w.apis)), w.ledger
	for _, m := range w.apis {
		apis = append(apis, *m)
	}
	w.mu.RUnlock()
	for _, m := range apis {
		counts := map[string]int{}
		for _, a := range m.accounts {
			s.Accounts = append(s.Accounts, AccountState{
				API: a.API, Name: a.Name, Token: m.Token(a), Seller: a.Seller, Campaigns: []int64{}, Connections: []string{},
			})
			if m.Describe != nil {
				m.Describe(a, &s.Accounts[len(s.Accounts)-1])
			}
			if m.Orders != nil {
				s.Orders = append(s.Orders, m.Orders(a)...)
			}
			counts[string(KindChat)] += a.Len()
			for _, b := range a.boards {
				counts[string(b.kind)] += b.Conversations()
			}
		}
		s.Conversations[m.API] = counts
		s.Violations[m.API] = 0
	}
	ledger.read(&s)
	return s
}
