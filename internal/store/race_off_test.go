//go:build !race

package store_test

import "time"

// crowd is how many people the measures know, findTime within which each of them
// is found, worlds in how many they meet by chance.
const (
	crowd    = 200_000
	worlds   = 8
	findTime = time.Millisecond
)
