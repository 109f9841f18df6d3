// Package pull reads the remote sides.
//
// [Engine] runs one goroutine for each account that works. It pulls the streams
// of the account in turn, each when it is due, and saves every batch together
// with the place where reading stopped. Streams that never caught up read in
// the lane of old history, all others in that of the poll, so that a person's
// answer goes first when the budget is short. What goes wrong is classed by the
// adapter and handled by the table of the architecture: waiting, backing off,
// or stopping an account whose credentials are refused. A panic is recorded on
// its account, and the others go on.
//
// [Fetcher] gets the bytes of files that buyers sent.
//
//	account.* ─► Engine ─► one goroutine per account ─► Connector.Pull ─► store.Apply
//	message.* ─► Fetcher ─► a few files per account ──► Fetch ─► media ─► store
//
// All waiting goes through the injected clock, which may run faster than the
// world. The package knows no brand and answers to nobody: what it finds, it
// saves, and events tell.
package pull
