// Package desk is the verbs: what a person, a rule or a program can do here.
//
// Every write with a meaning goes through it, so that the screens, the REST
// interface and the command line share one door and one set of refusals. A
// verb checks what is asked against what can be done, does its work in one
// transaction and returns what became of it. Nothing here speaks to a buyer: a
// reply is a row of the outbox, and package send takes it from there. The remote
// side is called to prove the credentials of an account that is added or renewed,
// and to tell a window or its templates to somebody who waits for that; what it
// says is kept.
//
// Refusals are *[sellerdesk.Error]: one sentence for a person, and the field
// that is wrong. Anything else is our fault.
//
// The package knows no brand, no HTTP and no SQL.
package desk
