//go:build !race

package radist_test

// stormUsually is how many pushes TestStorm plays.
const stormUsually = 1_000
