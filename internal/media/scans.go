package media

import (
	"bufio"
	"errors"
	"io"
)

// mostScans bounds how often a JPEG is drawn over. Cameras and programs make a
// dozen scans; each goes over the whole picture, and a few bytes are enough for
// one, so that a small file could keep the machine busy for hours.
const mostScans = 100

// tooManyScans tells whether a JPEG is drawn over without measure. What only
// looks like the start of a scan, as in a preview within, counts too.
func tooManyScans(f io.ReadSeeker) (bool, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	in, scans, marker := bufio.NewReaderSize(f, 64<<10), 0, false
	for {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if marker && b == 0xda {
			if scans++; scans > mostScans {
				return true, nil
			}
		}
		marker = b == 0xff
	}
}
