// Package engine is what differs between SQLite and PostgreSQL, and the
// connections to them. Only package store uses it, and it knows no table but
// that of the search words: everything else is said once, in SQL that both
// engines understand.
//
// Each driver is named in one file. A [Dialect] is all that statements may ask;
// a [Session] is a connection with its prepared statements.
package engine
