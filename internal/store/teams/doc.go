// Package teams keeps who answers together, who is away, and finds the conversations
// that belong to somebody or are put off.
//
// It is part of package store, which hands out its handles with every transaction;
// nobody else imports it.
package teams
