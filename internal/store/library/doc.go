// Package library keeps texts of ours that are said again and again: those of the
// house and those of each person, the files that go with them, and how often each
// was said in which account.
//
// Nobody is told of the texts of another person, nor of accounts that they may not
// see. It is part of package store; nobody else imports it.
package library
