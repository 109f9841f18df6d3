//go:build !unix

package health

import "errors"

// FreeDisk is not known here.
func FreeDisk(string) (int64, error) { return 0, errors.New("not known on this system") }
