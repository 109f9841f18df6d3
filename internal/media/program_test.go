package media

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pretend makes a program out of a text of the shell. It sees the file as $1.
func pretend(t *testing.T, text string) program {
	t.Helper()
	if installed("cat") == "" {
		t.Skip("this system has no shell that bounds programs")
	}
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return program{path: path, memory: 512 << 10, wait: time.Minute, side: 100}
}

func TestAProgramGetsLittleTimeAndSpace(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		wait time.Duration
		want error
	}{
		"it never ends":             {"while :; do :; done", 300 * time.Millisecond, context.DeadlineExceeded},
		"it sleeps with a child":    {"sleep 5 & sleep 5", 300 * time.Millisecond, context.DeadlineExceeded},
		"it writes without end":     {"exec cat /dev/zero", time.Minute, errOutput},
		"it writes a file":          {`echo much > "$1.more"`, time.Minute, nil},
		"it takes gigabytes":        {"exec dd if=/dev/zero of=/dev/null bs=900M count=1", time.Minute, nil},
		"it does not like the file": {"exit 3", time.Minute, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := pretend(t, tt.text)
			p.wait = tt.wait
			dir := t.TempDir()
			began := time.Now()
			out, err := p.draw(t.Context(), filepath.Join(dir, "file"), dir)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("gave %d bytes and %v, want an error: %v", len(out), err, tt.want)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("it took %s", took)
			}
			if left, err := os.ReadFile(filepath.Join(dir, "file.more")); err == nil && len(left) > 0 {
				t.Errorf("it wrote %q", left)
			}
		})
	}
}

func TestAProgramLearnsNothingOfOurEnvironment(t *testing.T) {
	t.Setenv("SELLERDESK_API_KEY", "secret")
	p := pretend(t, `env; echo "file=$1"`)
	out, err := p.draw(t.Context(), "/some/file", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if said := string(out); strings.Contains(said, "secret") || !strings.Contains(said, "file=/some/file") {
		t.Errorf("it saw %s", said)
	}
}

func TestPicturesOfAProgramAreNotTrusted(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":                "",
		"words":                  "hello",
		"a head of a picture":    "\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00",
		"a picture much too big": "\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00",
	} {
		if _, err := decodeDrawn([]byte(text), 100); !errors.Is(err, errBroken) {
			t.Errorf("%s: error %v, want that it is broken", name, err)
		}
	}
}
