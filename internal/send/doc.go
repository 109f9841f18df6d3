// Package send is the one that speaks to buyers: it takes the actions that wait
// in the outbox and performs each of them once.
//
// An item is leased in a transaction before the call, so that whatever ends the
// process, it is known that the item may have left. The answer of the remote
// side, classed by the adapter, settles it:
//
//	queued ─lease─► sending ─► sent       the remote side has it
//	   ▲               │──────► refused   it said no: the text is for a person
//	   │◄──────────────┤                  it surely did not leave: due later
//	   │               └──────► unknown   it may have left, and no answer came
//	   └── a person ──────────────┘       the echo in the feed settles it, or a person
//
// Where a channel takes files before the messages that name them, each content of
// an account is brought there once, and again when the remote side has lost it. A
// message whose file another one brings goes back to the queue meanwhile, and an
// account never brings so many at once that nothing else of it could leave. A kill
// during an upload makes the message that brings the file unknown, although
// nothing of it has left: the lease covers both, and a person sends it again.
// Those that waited for the file are queued and leave by themselves.
//
// What may have left is never repeated by itself. Items of one conversation
// leave in order, because only the oldest open one is leased; a refused or
// unknown one holds nothing back. Credentials that are refused stop the account
// and leave the item queued.
//
// The wait for the budget of the remote side happens in the connector, under
// the lease, and is bounded: an item that did not get its turn goes back to the
// queue until about when the turn may come.
package send
