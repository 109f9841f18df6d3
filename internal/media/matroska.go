package media

import (
	"encoding/binary"
	"io"
	"math"
	"math/bits"
	"time"
)

// The elements of a Matroska file, WebM among them, that are looked at.
const (
	ebmlSegment  = 0x18538067
	ebmlInfo     = 0x1549a966
	ebmlScale    = 0x2ad7b1
	ebmlDuration = 0x4489
	ebmlTracks   = 0x1654ae6b
	ebmlTrack    = 0xae
	ebmlKind     = 0x83
	ebmlVideo    = 0xe0
	ebmlWidth    = 0xb0
	ebmlHeight   = 0xba
	ebmlCluster  = 0x1f43b675
)

// element is one part of a Matroska file.
type element struct {
	kind     uint64
	from, to int64
}

// measureMatroska reads what stands before the first cluster.
func measureMatroska(f io.ReaderAt, size int64) (p played) {
	in := &part{f: f, size: size}
	for _, e := range elements(in, 0, size) {
		if e.kind != ebmlSegment {
			continue
		}
		for _, e := range elements(in, e.from, e.to) {
			switch e.kind {
			case ebmlInfo:
				p.duration = matroskaDuration(in, e)
			case ebmlTracks:
				for _, t := range elements(in, e.from, e.to) {
					p.matroskaTrack(in, t)
				}
			}
		}
		return p
	}
	return p
}

// elements lists what lies side by side between two offsets, up to the first
// cluster: sounds and pictures follow, and live recordings do not say how many.
func elements(in *part, from, to int64) (list []element) {
	for at := from; at < to && len(list) < maxBoxes; {
		kind, n := variable(in, at, true)
		length, m := variable(in, at+n, false)
		if n == 0 || m == 0 || kind == ebmlCluster {
			return list
		}
		content := at + n + m
		end := content + int64(length)
		if length > uint64(to-min(content, to)) {
			end = to // of unknown length, or a lie
		}
		list = append(list, element{kind, content, end})
		at = end
	}
	return list
}

// variable reads a number of variable length, with its mark where it is a name,
// and tells how many bytes it takes; 0 where there is none. All ones in a length
// stand for "unknown" and read as a very large number.
func variable(in *part, at int64, name bool) (v uint64, length int64) {
	first := in.bytes(at, 1)
	if first == nil || first[0] == 0 {
		return 0, 0
	}
	n := bits.LeadingZeros8(first[0]) + 1
	b := in.bytes(at, n)
	if b == nil {
		return 0, 0
	}
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	mark := uint64(1) << (7 * n)
	if !name {
		if v &^= mark; v == mark-1 {
			v = math.MaxInt64
		}
	}
	return v, int64(n)
}

func matroskaDuration(in *part, info element) time.Duration {
	scale, length := uint64(1_000_000), 0.0 // nanoseconds in a tick
	for _, e := range elements(in, info.from, info.to) {
		switch e.kind {
		case ebmlScale:
			scale = number(in, e)
		case ebmlDuration:
			switch b := in.bytes(e.from, int(min(e.to-e.from, 8))); len(b) {
			case 4:
				length = float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
			case 8:
				length = math.Float64frombits(binary.BigEndian.Uint64(b))
			}
		}
	}
	seconds := length * float64(scale) / 1e9
	if !(seconds > 0 && seconds <= longestPlay.Seconds()) {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// matroskaTrack adds what one track tells.
func (p *played) matroskaTrack(in *part, t element) {
	if t.kind != ebmlTrack {
		return
	}
	for _, e := range elements(in, t.from, t.to) {
		switch e.kind {
		case ebmlKind:
			kind := number(in, e)
			p.pictures, p.sounds = p.pictures || kind == 1, p.sounds || kind == 2
		case ebmlVideo:
			for _, e := range elements(in, e.from, e.to) {
				switch n := int(min(number(in, e), maxMeasure+1)); e.kind {
				case ebmlWidth:
					p.width = n
				case ebmlHeight:
					p.height = n
				}
			}
		}
	}
}

// number reads an integer of up to eight bytes.
func number(in *part, e element) (v uint64) {
	for _, c := range in.bytes(e.from, int(min(e.to-e.from, 8))) {
		v = v<<8 | uint64(c)
	}
	return v
}
