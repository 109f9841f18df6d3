package media

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzMeasure reads heads of everything that plays, whatever type they are taken
// for.
func FuzzMeasure(f *testing.F) {
	types := []string{"audio/ogg", "audio/mpeg", "audio/wav", "video/webm", "video/mp4"}
	samples, err := filepath.Glob("testdata/*.*")
	if err != nil || len(samples) < 7 {
		f.Fatalf("samples %v: %v", samples, err)
	}
	for _, name := range samples {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	f.Add([]byte("\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff\x15\x49\xa9\x66\xff\x44\x89\x88\x7f\xf0\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Add([]byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\x01\x01\xff\xff\xff\xff\xff\xff\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range types {
			blob := Blob{Type: kind, Size: int64(len(b))}
			measure(bytes.NewReader(b), &blob)
			if blob.Duration < 0 || blob.Duration > longestPlay || len(blob.Bars) > maxBars || strings.Trim(blob.Bars, "0123456789") != "" {
				t.Errorf("as %s: it plays %s with bars %q", kind, blob.Duration, blob.Bars)
			}
			if blob.Width != nil && (*blob.Width < 1 || *blob.Height < 1 || max(*blob.Width, *blob.Height) > maxMeasure) {
				t.Errorf("as %s: measures %d × %d", kind, *blob.Width, *blob.Height)
			}
		}
	})
}

func TestAHeadOfManyPartsIsReadABoundedNumberOfTimes(t *testing.T) {
	t.Parallel()
	// Boxes within boxes, each with as many as fit: looked through one by one they
	// would be read for hours.
	inner := bytes.Repeat([]byte("\x00\x00\x00\x08mdia"), 5000)
	track := append([]byte("\x00\x00\x9c\x48trak"), inner...)
	moov := append([]byte("\x00\x00\x00\x00moov"), bytes.Repeat(track, 500)...)
	began := time.Now()
	blob := Blob{Type: "video/mp4", Size: int64(len(moov))}
	measure(bytes.NewReader(moov), &blob)
	if took := time.Since(began); took > 10*time.Second || blob.Duration != 0 {
		t.Errorf("it took %s and tells %+v", took, blob)
	}
}
