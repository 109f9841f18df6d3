//go:build race

package desk_test

// racing tells that the race detector runs, under which a database takes long to
// be made.
const racing = true
