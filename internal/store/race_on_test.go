//go:build race

package store_test

import "time"

// Under the race detector the engine is many times slower, and fewer people do.
const (
	crowd    = 4_000
	worlds   = 1
	findTime = 50 * time.Millisecond
)
