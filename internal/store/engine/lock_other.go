//go:build !unix

package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lockFile takes a lock: the file is removed at the end, and systems of this
// kind refuse to remove one that is open elsewhere.
func lockFile(path string) (unlock func() error, err error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errSecondProcess()
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	return func() error { return errors.Join(f.Close(), os.Remove(path)) }, nil
}
