//go:build !race

package storetest

// racing tells that the race detector runs; see the other file.
const racing = false
