//go:build race

package store_test

import "time"

// Under the race detector the engine is many times slower, and fewer people do.
const (
	crowd    = 1_000
	rounds   = 5
	worlds   = 1
	findTime = 50 * time.Millisecond
)

// racing tells that the race detector runs, which sees one engine only.
const racing = true
