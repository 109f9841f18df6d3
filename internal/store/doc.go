// Package store is the only SQL of Sellerdesk: one schema and one text of every
// statement for two engines, SQLite and PostgreSQL.
//
// Data enters through [Store.Write], one transaction that carries the events of
// everything it changed, and leaves through [Store.Read], a snapshot. A [Tx] has
// one handle for each entity. Events become visible together with their
// transaction and are announced after it, in the order of their numbers.
//
// The heart is [Inbox.Apply]: what one pull brought and the place where reading
// stopped are saved together, and applying the same batch again changes nothing.
//
// What needs no conversation stands in packages below, whose handles a [Tx] hands
// out like its own: accounts, people, contacts, messages with what belongs to
// them (files, forms, replies, marks), templates, uploads, search, products and
// the journal of events.
// Package listing writes the statements of the list, gate makes foreign words fit
// to be kept, engine is what differs between the engines.
//
// The package knows no remote side, no screen and no file bytes. What it must
// keep to (the portable subset of SQL) stands in the architecture, section 9;
// what differs between the engines is the struct Dialect of package engine and
// nothing else.
package store
