// Package replies keeps what messages answer and who wrote them, for the few of
// which it is not plain: a comment under a comment, a word of another buyer.
//
// It is part of package store; nobody else imports it. It does not know whether
// what is answered is here yet.
package replies
