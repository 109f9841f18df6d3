// Package library is the operations on texts of ours: templates, how they would
// read in a conversation, and their table. Package api registers them.
//
// It decodes, calls one verb of desk and encodes; it decides nothing.
package library
