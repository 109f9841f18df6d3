// Package audit keeps who did what. Entries are added in the transaction of the
// deed and never changed.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package audit
