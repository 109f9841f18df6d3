package media

import (
	"errors"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

func TestFullDiskIsSaidInOneSentence(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	_, err = fill(t.Context(), full, strings.NewReader("bytes"), 100)
	var told *sellerdesk.Error
	if !errors.As(err, &told) || told.Code != sellerdesk.CodeUnavailable || told.Message != "The disk is full: the file could not be kept." {
		t.Errorf("error %v, want the sentence about the full disk", err)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v, want the cause kept for the log", err)
	}
}

func TestNoThumbnailIsMadeOutOfAHugeDeepPicture(t *testing.T) {
	t.Parallel()
	// 16 bits a channel take twice the memory, so that half the pixels are the bound.
	var blob Blob
	blob.Type = "image/png"
	head := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x19\x00\x00\x00\x19\x00\x10\x06\x00\x00\x00"
	if _, err := shrink(strings.NewReader(head+crc(head[12:])), &blob); !errors.Is(err, errHuge) {
		t.Errorf("error %v, want too many pixels", err)
	}
	if blob.Width == nil || *blob.Width != 6400 {
		t.Errorf("width %v, want 6400", blob.Width)
	}
	if _, err := shrink(brokenSeeker{}, &blob); err == nil || errors.Is(err, errBroken) {
		t.Errorf("error %v, want that of the disk", err)
	}
}

type brokenSeeker struct{ io.Reader }

func (brokenSeeker) Seek(int64, int) (int64, error) { return 0, errors.New("the disk does not answer") }

// crc is the checksum behind a chunk of a PNG.
func crc(chunk string) string {
	sum := crc32.ChecksumIEEE([]byte(chunk))
	return string([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
}
