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
// One goroutine more for each account looks out of turn: at conversations whose
// answer is being moderated, and for sends of unknown outcome.
//
// What goes wrong is classed by the adapter and handled by the table of the
// architecture: waiting, backing off, or stopping an account whose credentials
// are refused. A panic is recorded on its account, and the others go on. A
// stream whose place is taken away is read from the beginning: that is repair.
//
// [Fetcher] gets the bytes of files that buyers sent.
//
//	account.* ─► Engine ─► streams of each account ─► Connector.Pull ─► store.Apply
//	                    └► looks of each account ───► History ───────► store.Apply
//	message.* ─► Fetcher ─► a few files per account ──► Fetch ─► media ─► store
//
// All waiting goes through the injected clock, which may run faster than the
// world. The package knows no brand and answers to nobody: what it finds, it
// saves, and events tell.
package pull
