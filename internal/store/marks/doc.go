// Package marks keeps how messages stand that are not here yet: a remote side may
// tell that a message was delivered or read before it tells of the message, or
// before its answer to our sending names it. Whoever writes such a message takes
// the mark then.
//
// It is part of package store; nobody else imports it.
package marks
