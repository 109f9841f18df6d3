// Package journal keeps the log of what happened: it gathers the events of a
// transaction, numbers them at its end and reads them again.
//
// It is part of package store, which makes sure that one transaction at a time
// writes its events; nobody else imports it.
package journal
