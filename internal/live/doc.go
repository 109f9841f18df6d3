// Package live follows the event log after commit and wakes those who wait:
// screens and programs through subscriptions, workers through signals.
//
// Every event is read from the log by its number, so that none is skipped and
// all come in order, whoever wrote it. What the store announces after a commit
// is only a hint to look now; a slow timer looks anyway. Delivery never waits
// for a reader: a subscription whose buffer is full ends as lost, and its owner
// starts again from the log.
//
//	commit ─► Announce (hint) ─► Run reads the log ─┬─► Subscription.C  every event, in order
//	          slow timer ──────┘                    └─► signals          one per burst
//
// The package writes nothing but that it forgets the oldest events, and knows
// no rights: filters are given to it.
package live
