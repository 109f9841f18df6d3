//go:build !race

package desk_test

// racing tells that the race detector runs.
const racing = false
