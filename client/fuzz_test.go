package client

import (
	"bufio"
	"strings"
	"testing"
)

func FuzzReadFrame(f *testing.F) {
	f.Add("id: 5\nevent: resync\ndata: {}\n\n")
	f.Add(":\n\nretry: 2000\nid: 7\n\n")
	f.Add("data: one\ndata: two\r\n\r\n")
	f.Add(strings.Repeat("x", 5000) + "\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		r := bufio.NewReader(strings.NewReader(s))
		size := 0
		for {
			fr, err := readFrame(r, func() {})
			if err != nil {
				break
			}
			if strings.Contains(fr.id, "\n") || strings.Contains(fr.name, "\n") {
				t.Errorf("a field has a line end: %+v", fr)
			}
			size += len(fr.id) + len(fr.name) + len(fr.data)
		}
		if size > len(s) {
			t.Errorf("%d bytes came out of %d", size, len(s))
		}
	})
}
