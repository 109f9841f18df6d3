// Package handling is the commands on whom conversations belong to, until when they
// are put off and how much they matter, and on teams.
package handling
