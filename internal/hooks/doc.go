// Package hooks sends events to webhooks, signed after the Standard Webhooks
// specification.
//
// One goroutine owns everything in memory: for each webhook a line of what waits,
// sorted by the key that order depends on. It never waits for anybody: calls and
// transactions run beside it and come back as messages.
//
//	log of events ─┐                            ┌─► flight (up to 16 for each webhook)
//	               ├─► booking ─► line ─ due? ──┤        │ signed POST, 15 s, no redirects
//	deliveries  ◄──┘   ▲ one transaction        └────────┘
//	                   └─ what came of flights ◄── landed
//
// A booking is one transaction for all webhooks: it notes what came of flights,
// writes the next events of the log down as deliveries and moves the places up to
// which the log was looked at. So nothing is told twice or forgotten whatever
// ends the process. Only what the receiver took and was not noted yet comes
// again, with the same id, which is what ids are for.
//
// Deliveries of one key leave in their order, one at a time; others go beside
// them. One that is not taken is tried again after growing pauses, for a day.
// When several keys in a row are not taken, the receiver is taken for ill: one
// delivery at a time asks how it is until one is taken, and then everything is
// due. So a dead receiver costs a call now and then, however much waits for it.
// After a day in which it took nothing the webhook stops by itself and says so;
// what waits stays.
//
// What a webhook tells is bounded by what its person may see at the moment of
// sending. Where it goes is judged at every connection, see package reach.
package hooks
