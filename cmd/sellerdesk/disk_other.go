//go:build !unix

package main

import "errors"

// freeDisk is not known here.
func freeDisk(string) (int64, error) { return 0, errors.New("not known on this system") }
