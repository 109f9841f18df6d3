//go:build unix

package health

import "syscall"

// FreeDisk tells how many bytes an ordinary user may still write in a folder.
func FreeDisk(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
