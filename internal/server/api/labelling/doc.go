// Package labelling is the operations on what a house sorts its conversations and
// people by: tags, fields and saved views. Package api registers them.
//
// It decodes, calls one verb of desk and encodes; it decides nothing.
package labelling
