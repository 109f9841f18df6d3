package media

import (
	"bytes"
	"encoding/binary"
	"io"
)

// tagOrientation is the EXIF tag that says how a camera was held.
const tagOrientation = 0x0112

// orientation reads the EXIF orientation of a JPEG, 1 to 8; 1 when it has none
// or the head is damaged. Phones write it instead of turning the pixels.
func orientation(f io.ReadSeeker) int {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 1
	}
	head, err := io.ReadAll(io.LimitReader(f, exifSearched))
	if err != nil || len(head) < 4 || head[0] != 0xFF || head[1] != 0xD8 {
		return 1
	}
	for at := 2; at+4 <= len(head) && head[at] == 0xFF; {
		marker, size := head[at+1], int(binary.BigEndian.Uint16(head[at+2:]))
		if marker == 0xDA || size < 2 || at+2+size > len(head) {
			return 1
		}
		segment := head[at+4 : at+2+size]
		if marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return tiffOrientation(segment[6:])
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation reads the tag from the first directory of a TIFF block.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(b[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := int64(order.Uint16(b[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > int64(len(b)) {
			return 1
		}
		if order.Uint16(b[e:]) == tagOrientation {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}
