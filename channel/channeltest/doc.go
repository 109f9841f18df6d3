// Package channeltest proves that a connector keeps the contract of package
// channel: [Run] is called by the test of every channel.
//
// The suite knows no brand. What it needs of the far end (a buyer who writes,
// a look at what arrived, faults on order) the test hands over as a [Remote],
// usually made of the channel's emulator. What the connector offers decides
// which proofs run: a channel without files is not asked for files.
//
//	driver ── Open ──► connector ──► wire ──► emulator
//	   ▲                   │ batches              ▲
//	   │                   ▼                      │
//	   │             a real store                 │
//	   └──── proofs of the suite ──── Remote ─────┘
//
// Every probe also watches for leaks: no log line and no error may hold a
// credential, and no log line the words of a buyer.
package channeltest
