// Package servertest starts the whole server on a fresh database for tests: a
// real store, the verbs, the event log and the operations, with one channel
// that is a post office box: nothing comes by itself, everything sent is lost.
package servertest
