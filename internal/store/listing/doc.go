// Package listing writes the statements of the list of conversations: which
// index leads, which conditions only narrow, and where the next page starts.
//
// The list has to be fast for every filter, so that nothing is left to the
// choice of an engine: one condition leads, walking an index in the order of
// the list or naming a bounded number of rows, and every other is written so
// that no engine would take it for a key. Where one walk would pass many rows,
// as the days of a month in the order of the newest message, there are more,
// one for each value of the key, and what they find is merged.
//
// It is part of package store; nobody else imports it. It runs no statement.
package listing
