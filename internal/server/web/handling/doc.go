// Package handling is the screens of whom conversations belong to, until when they
// are put off and how much they matter: the menus over an open conversation, the foot
// of a row, who is at work, and the page of teams under settings.
package handling
