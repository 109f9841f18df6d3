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
// Of questions and reviews there is no feed, only lists by the date of asking.
// A watch reads the newest of both lists, waiting and answered, and leaves out
// what is known; a walk reads old history by narrowing dates. What left the
// list of the waiting ones unseen, and what we answered, is read back by its
// id: a success proves little, since answers to reviews are taken for any id
// and moderated later. Claims are short lists that are read whole.
//
//	newest waiting, newest answered ─► watch ─┐                  Answer, Edit, … ──► PATCH, POST
//	all answered, oldest first ──────► walk ──┼─► Batch                                 │
//	one by id ───────────────────────► History┘ ◄── Reread: 2 s, 10 s, 1 min, … ◄── Receipt
//
// A question, a review with its supplement, and a claim are one conversation
// each. Their lines have names of our own where the remote side gives none:
// "question", "answer", "answer:<review>", "claim", "comment".
//
// The package must not know tables, screens or other channels, and never logs
// or returns a token or the words of a message.
package wildberries
