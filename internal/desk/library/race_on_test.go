//go:build race

package library_test

// racing tells that the race detector runs, under which a database takes long to
// be made.
const racing = true
