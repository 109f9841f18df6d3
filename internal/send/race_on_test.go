//go:build race

package send_test

// crowd is how many conversations get the same file. Under the race detector the
// database is eleven times slower.
const crowd = 60
