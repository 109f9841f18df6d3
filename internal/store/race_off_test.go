//go:build !race

package store_test

import "time"

// crowd is how many people the measures know, findTime within which each of them
// is found, rounds how often that is tried, worlds in how many they meet by chance.
const (
	crowd    = 200_000
	rounds   = 60
	worlds   = 8
	findTime = time.Millisecond
)

// racing tells that the race detector runs, which sees one engine only.
const racing = false
