// Package counts keeps the exact figures of the list: for each account and kind
// how many conversations need an answer, and for each person how many are unread.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package counts
