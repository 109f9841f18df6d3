// Package pull reads the remote sides.
//
// [Engine] works on each account that works. Every stream of it is read by a
// goroutine of its own, when it is due, so that one that waits for its budget
// holds back no other; every batch is saved together with the place where
// reading stopped. Old history, and streams that were never read to their end,
// are read in the lane of old history, all others in that of the poll, so that a
// person's answer goes first when the budget is short. While nothing comes the
// pace of a stream slows step by step, and it is quick again at once when
// something comes or a person works on the account.
//
// Three goroutines more for each account work out of turn. One looks for sends of
// unknown outcome. One reads what was pushed, in the order in which it came; that
// only names conversations, as the sweeps of streams do. One reads again what was
// named, and conversations whose answer is being moderated: a few at once, so
// that a slow one holds up no other. What was named is kept with the place of the
// stream, or with the push being done, so that nothing named is lost.
//
// When an account is opened and from time to time afterwards, the texts that
// messengers approved are listed and kept, and the remote side is asked to push,
// where it can be and this program has a public address.
//
// What goes wrong is classed by the adapter and handled by the table of the
// architecture: waiting, backing off, or stopping an account whose credentials
// are refused. A panic is recorded on its account, and the others go on. A
// stream whose place is taken away is read from the beginning: that is repair.
//
// [Fetcher] gets the bytes of files that buyers sent.
//
//	account.* ─► Engine ─► streams of each account ─► Connector.Pull ─► store.Apply
//	                    ├► looks of each account ───► History ───────► store.Apply
//	push.*    ─► Engine ├► pushes ─► Receive ─► what is named ─► store.Apply
//	                    └► what was named ───────────► History ───────► store.Apply
//	message.* ─► Fetcher ─► a few files per account ──► Fetch ─► media ─► store
//
// All waiting goes through the injected clock, which may run faster than the
// world. The package knows no brand and answers to nobody: what it finds, it
// saves, and events tell.
package pull
