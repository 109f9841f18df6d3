// Package counts keeps the exact figures of the list: for each account and kind
// how many conversations need an answer and how many of those are put off, for each person how
// many are unread, and whom what needs an answer and is not put off belongs to.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package counts
