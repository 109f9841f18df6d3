// Package seal keeps secrets unreadable in the database with a key that is kept
// outside it, and makes sure that the key is that of the database.
//
// It is part of package store; nobody else imports it.
package seal
