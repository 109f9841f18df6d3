// Package labels keeps what a house puts on conversations and people to find them
// again: tags, and fields with values.
//
// What a conversation carries stands in its own row, for reading, and in tables of
// its own, by which lists are walked. Both are changed by [Labels.Sync], which
// package store calls where it saves a conversation.
//
// It is part of package store; nobody else imports it.
package labels
