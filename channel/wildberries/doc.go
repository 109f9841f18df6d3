// Package wildberries is the channel of Wildberries: it turns what the API
// client says into the vocabulary and back.
//
// Buyers' chats are read as two streams. "events" is the one feed of all chats
// and brings every message; "chats" is the list of all chats at once and
// brings what the feed does not have: the product, the buyer's name and the
// signature that is needed to write. Nothing else remembers the signature, so
// it is kept on the conversation and refreshed whenever the remote side
// refuses it.
//
//	GET events ──► Batch{messages, conversations}     Reply ──► POST message
//	GET chats  ──► Batch{conversations}                 ▲            │
//	                   └── signature ── RemoteRef ──────┘ ◄── Receipt (new signature)
//
// The package must not know tables, screens or other channels, and never logs
// or returns a token or the words of a message.
package wildberries
