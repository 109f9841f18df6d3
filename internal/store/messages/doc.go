// Package messages gives the lines of conversations with all that belongs to
// them, keeps what they said before, and takes them away.
//
// It is part of package store; nobody else imports it. New lines are written by
// those who know what follows from them for their conversation.
package messages
