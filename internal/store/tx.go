package store

// Tx is one transaction. Its handles are good until the function it was given
// to returns.
type Tx struct {
	Accounts      Accounts
	Streams       Streams
	Inbox         Inbox
	Conversations Conversations
	Messages      Messages
	Outbox        Outbox
	Files         Files
	Events        Events
	Users         Users
	Sessions      Sessions
	Links         Links
	Idempotency   Idempotency
	Settings      Settings
	Search        Search
}
