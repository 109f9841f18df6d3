// Package rereads keeps which conversations are to be looked at again at the
// remote side, and when: an answer that is still moderated, say.
//
// It is part of package store; nobody else imports it. It does not know why.
package rereads
