// Package gate makes what remote sides tell fit to be kept: texts are cleaned and
// bounded, ids are bounded, and what only one kind of conversation has becomes
// the JSON of a column and is read from it again.
//
// It is part of package store; nobody else imports it. It runs no statement.
package gate
