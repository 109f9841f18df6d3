package media_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/media"
)

// pngOf makes a PNG of one byte a row that says it has other measures.
func pngOf(width, height uint32, rows int, more ...[]byte) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		at := b.Len()
		b.WriteString(kind)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(b.Bytes()[at:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(head, 8, 0, 0, 0, 0))
	for _, m := range more {
		chunk("zTXt", m)
	}
	chunk("IDAT", packed(rows*2))
	chunk("IEND", nil)
	return b.Bytes()
}

// packed gives many zero bytes, packed.
func packed(n int) []byte {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	_, _ = io.CopyN(w, zeros{}, int64(n))
	_ = w.Close()
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// scans makes a progressive JPEG of side by side pixels that is drawn over so
// many times, each with a few bytes that say "nothing here".
func scans(side, times int) []byte {
	out := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	out = append(out, bytes.Repeat([]byte{1}, 64)...)
	out = append(out, 0xff, 0xc2, 0, 11, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)
	// One code of one bit: the next 16384 blocks and more, as 14 bits tell, are empty.
	out = append(out, 0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0)
	var bits []byte
	for range ((side+7)/8*((side+7)/8) + 32766) / 32767 {
		bits = append(append(bits, 0), bytes.Repeat([]byte{1}, 14)...)
	}
	for len(bits)%8 > 0 {
		bits = append(bits, 1)
	}
	var scan []byte
	for ; len(bits) > 0; bits = bits[8:] {
		b := byte(0)
		for _, bit := range bits[:8] {
			b = b<<1 | bit
		}
		if scan = append(scan, b); b == 0xff {
			scan = append(scan, 0)
		}
	}
	for range times {
		out = append(append(out, 0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0), scan...)
	}
	return append(out, 0xff, 0xd9)
}

func TestBombsAreKeptAsTheyAreAndNeverUnfolded(t *testing.T) {
	t.Parallel()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for _, name := range []string{"[Content_Types].xml", "../../etc/passwd", "word/document.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, 2<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		bytes []byte
		why   sellerdesk.ReasonCode
	}{
		"a thousand times as much in a zip":           {archive.Bytes(), ""},
		"a picture of four billion pixels":            {pngOf(65535, 65535, 10), sellerdesk.ReasonFileTooLarge},
		"a picture as wide as a number can be":        {pngOf(1<<31-1, 1<<31-1, 1), sellerdesk.ReasonFileUnreadable},
		"a picture with fewer rows than it says":      {pngOf(1, 1<<20, 3), sellerdesk.ReasonFileUnreadable},
		"a small picture with 2 MB behind it":         {pngOf(1, 1, 1<<20), sellerdesk.ReasonFileUnreadable},
		"a small picture with 2 MB of comments":       {pngOf(1, 1, 1, append([]byte("c\x00\x00"), packed(2<<20)...)), ""},
		"a moving picture of four billion pixels":     {append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), 0x3b), sellerdesk.ReasonFileTooLarge},
		"a picture that is drawn ten times":           {scans(700, 10), ""},
		"a picture that is drawn five thousand times": {scans(7000, 5000), sellerdesk.ReasonFileTooLarge},
		"markup that reads files":                     {[]byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := media.New(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			blob, err := d.Put(t.Context(), bytes.NewReader(tt.bytes), 64<<20)
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("it took %s", took)
			}
			if blob.Why.Code != tt.why || blob.Size != int64(len(tt.bytes)) {
				t.Errorf("kept %d of %d bytes as %+v, why %q", blob.Size, len(tt.bytes), blob.Type, blob.Why.Code)
			}
		})
	}
}
