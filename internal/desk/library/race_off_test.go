//go:build !race

package library_test

// racing tells that the race detector runs.
const racing = false
