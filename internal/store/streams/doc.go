// Package streams keeps how far the reading of each stream of each account is:
// the cursor, what is caught up, why it fails, and how long the rest will take.
//
// It is part of package store; nobody else imports it. It does not know what
// was read: the store saves that in the same transaction.
package streams
