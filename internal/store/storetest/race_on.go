//go:build race

package storetest

// racing tells that the race detector runs. It makes SQLite, which runs inside
// the process, about eleven times slower, and leaves PostgreSQL, which does not,
// as it is; what races is our own code, the same on both.
const racing = true
