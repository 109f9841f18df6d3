// Package sellerdesk is the vocabulary of Sellerdesk: the nouns every other
// package speaks in, and the small pure rules on them.
//
// One set of types serves the store, REST, events, webhooks, the command line
// and exports; their JSON tags are the public contract. Ids of ours are typed
// int64, ids of the remote side typed strings that only the adapter which made
// them reads. A pointer, or an [Optional], means "may be absent" and travels
// as null.
//
// The package does no I/O, imports the standard library only and knows no
// brand, no table and no screen.
//
//	Account ─┬─ Conversation ─┬─ Message ── File
//	         │                └─ OutboxItem (an Action on its way)
//	         └─ Batch, Cursor, Receipt: the words of the channel contract
package sellerdesk
