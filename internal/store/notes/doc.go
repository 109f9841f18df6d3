// Package notes keeps what people say to one another beside a conversation:
// notes, tasks, who follows it, what each person is to be told of, and the answers
// they have begun.
//
// Nothing here is ever read by what sends: a note is not a message, has no place
// in the outbox, and no way leads from it to a channel.
//
// It is part of package store, which hands out its handles with every
// transaction; nobody else imports it.
package notes
