// Package contacts keeps the people behind conversations: what they are known
// by, who was put together with whom by hand, and what is noted about them.
//
// A conversation sits with a contact of its own and, through it, with a person:
//
//	conversation ─contact_id─► contact ─merged_into─► contact ─merged_into─► person
//	       └───────────────────────person_id────────────────────────────────────┘
//
// Merging only hangs a tree of contacts under another; nothing is moved, so that
// it can be taken back whole. What is shown to people is the root, what is kept
// and exported is the contact.
//
// [Contacts.Match] finds the people of a batch of conversations in one look. An
// identity (a phone, a name in a messenger) belongs to one contact only, which
// the unique key of its table guarantees also between transactions. Where what is
// known of a buyer points to two people, the order of the rules decides and a
// suggestion is left; nothing is ever merged by itself, and a conversation that
// has its contact keeps it.
//
// How many conversations of a person wait for an answer, and when anything was
// last said, is kept exact by [Contacts.Moved] and [Contacts.Flush].
//
// It is part of package store; but for the measures nobody else imports it.
package contacts
