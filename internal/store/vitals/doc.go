// Package vitals tells how much of what the database holds, for those who watch
// the program: its size, and how much of the outbox is on its way.
//
// It is part of package store; nobody else imports it. Its statements cost the
// same however much is kept.
package vitals
