//go:build race

package radist_test

// stormUsually is how many pushes TestStorm plays: these tell the detector of
// races all that more would.
const stormUsually = 300
