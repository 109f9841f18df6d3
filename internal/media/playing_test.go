package media_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sample reads a small real file.
func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestRecordingsAndFilmsTellHowLongTheyPlay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file          string
		kind          string
		width, height int
		bars          bool // quiet and loud parts are told apart
	}{
		"a voice of a messenger": {"voice.ogg", "audio/ogg", 0, 0, true},
		"an MP3":                 {"voice.mp3", "audio/mpeg", 0, 0, true},
		"a recording of a phone": {"voice.m4a", "audio/x-m4a", 0, 0, true},
		"plain samples":          {"voice.wav", "audio/wav", 0, 0, true},
		"a film":                 {"film.mp4", "video/mp4", 160, 90, false},
		"a film taken upright":   {"turned.mov", "video/quicktime", 90, 160, false},
		"a film of a browser":    {"film.webm", "video/webm", 90, 160, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := open(t)
			blob := put(t, d, sample(t, tt.file))
			if blob.Type != tt.kind || blob.Why.Code != "" {
				t.Errorf("type %q, why %q; want %q", blob.Type, blob.Why.Code, tt.kind)
			}
			if blob.Duration < 1900*time.Millisecond || blob.Duration > 2200*time.Millisecond {
				t.Errorf("it plays %s, want two seconds", blob.Duration)
			}
			if tt.width > 0 && (blob.Width == nil || *blob.Width != tt.width || *blob.Height != tt.height) {
				t.Errorf("measures %v × %v, want %d × %d", blob.Width, blob.Height, tt.width, tt.height)
			}
			if tt.bars != (blob.Bars != "") || len(blob.Bars) > 64 || strings.Trim(blob.Bars, "0123456789") != "" {
				t.Fatalf("bars %q, want some: %t", blob.Bars, tt.bars)
			}
			t.Log(blob.Bars)
		})
	}
}
