package engine

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// TestALockEndsThoughAProcessThatIsBeingStartedHasTheFile: between fork and exec a
// new process has all files of the one that starts it.
func TestALockEndsThoughAProcessThatIsBeingStartedHasTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	held := inherit(t, path)
	defer func() { _ = syscall.Close(held) }()
	if _, err := lockFile(path); err == nil {
		t.Error("a second process is let in")
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := lockFile(path)
	if err != nil {
		t.Fatalf("take the lock again: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

// inherit has the file of the path as a new process would.
func inherit(t *testing.T, path string) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err != nil || to != path {
			continue
		}
		n, err := strconv.Atoi(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		twin, err := syscall.Dup(n)
		if err != nil {
			t.Fatal(err)
		}
		return twin
	}
	t.Fatal("the file of the lock is not open")
	return 0
}
