// Package handling is the operations on whom conversations belong to, until when they
// are put off and how much they matter, on teams, and the filters of the list.
// Package api registers them.
//
// It decodes, calls one verb of desk and encodes; it decides nothing.
package handling
