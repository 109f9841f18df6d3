// Package filling makes the texts that a job says: one of several variants for
// each conversation, with the name of the buyer and the product filled in. It is
// a pure function of texts and conversation.
package filling
