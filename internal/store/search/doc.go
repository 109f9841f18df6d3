// Package search keeps the words of messages and finds messages by them. Both
// engines index the same ready words, so that they find the same.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package search
