// Package sending is what of the outbox needs no transaction: the shapes of an
// item and of its outcome, when its echo may be seen, and what a conversation
// that we start is about.
//
// It is part of package store; nobody else imports it. It runs no statement.
package sending
