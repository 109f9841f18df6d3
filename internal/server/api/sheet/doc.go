// Package sheet writes what is taken away at once as lines of JSON or as tables that
// spreadsheets open.
package sheet
