// Package held keeps what we ourselves say of a conversation: who it belongs to,
// how much it matters, until when it is put off, its tags and fields.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package held
