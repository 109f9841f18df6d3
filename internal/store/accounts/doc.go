// Package accounts keeps the seller cabinets with their sealed credentials and
// the doors at which they are pushed to, and takes an account away with all that
// belongs to it.
//
// It is part of package store; nobody else imports it. It does not know what the
// rows of an account mean that stand elsewhere: those are handed to it as
// [Beside].
package accounts
