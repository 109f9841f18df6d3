package media

import (
	"encoding/binary"
	"io"
	"time"
)

// Bounds of reading the boxes of an MP4.
const (
	maxBoxes   = 2000 // in one box
	maxSamples = 1 << 20
)

// box is one part of an MP4; its content lies between two offsets.
type box struct {
	kind     string
	from, to int64
}

// measureMP4 reads the boxes that tell of the tracks: films of phones and
// recordings in the same container.
func measureMP4(f io.ReaderAt, size int64) (p played) {
	in := &part{f: f, size: size}
	for _, b := range boxes(in, 0, size) {
		if b.kind != "moov" {
			continue
		}
		for _, b := range boxes(in, b.from, b.to) {
			switch b.kind {
			case "mvhd":
				p.duration = mp4Duration(in, b)
			case "trak":
				p.track(in, b)
			}
		}
		return p
	}
	return p
}

// boxes lists what lies side by side between two offsets.
func boxes(in *part, from, to int64) (list []box) {
	for at := from; at+8 <= to && len(list) < maxBoxes; {
		head := in.bytes(at, 8)
		if head == nil {
			return list
		}
		length, content := int64(binary.BigEndian.Uint32(head)), at+8
		switch length {
		case 0:
			length = to - at
		case 1: // a long one
			long := in.bytes(content, 8)
			if long == nil {
				return list
			}
			length, content = int64(binary.BigEndian.Uint64(long)), content+8
		}
		if length < content-at || length > to-at {
			length = to - at // it is cut, or a lie
		}
		list = append(list, box{string(head[4:]), content, at + length})
		at += length
	}
	return list
}

// find gives the first box behind a path of kinds.
func (b box) find(in *part, path ...string) (box, bool) {
	for _, kind := range path {
		found := false
		for _, c := range boxes(in, b.from, b.to) {
			if c.kind == kind {
				b, found = c, true
				break
			}
		}
		if !found {
			return box{}, false
		}
	}
	return b, true
}

// track adds what one track tells.
func (p *played) track(in *part, b box) {
	handler, ok := b.find(in, "mdia", "hdlr")
	if !ok {
		return
	}
	kind := in.bytes(handler.from, 12)
	if kind == nil {
		return
	}
	switch string(kind[8:]) {
	case "vide":
		p.pictures = true
		if head, ok := b.find(in, "tkhd"); ok && p.width == 0 {
			p.width, p.height = mp4Measures(in, head)
		}
	case "soun":
		p.sounds = true
		if sizes, ok := b.find(in, "mdia", "minf", "stbl", "stsz"); ok && len(p.meter.parts) == 0 {
			p.meter.samples(in, sizes)
		}
	}
}

// mp4Duration reads the scale and the length of a head, of 32 bits or 64.
func mp4Duration(in *part, b box) time.Duration {
	version := in.bytes(b.from, 1)
	switch {
	case version == nil:
		return 0
	case version[0] == 1:
		if v := in.bytes(b.from+20, 12); v != nil {
			return lasting(binary.BigEndian.Uint64(v[4:]), uint64(binary.BigEndian.Uint32(v)))
		}
	default:
		if v := in.bytes(b.from+12, 8); v != nil {
			return lasting(uint64(binary.BigEndian.Uint32(v[4:])), uint64(binary.BigEndian.Uint32(v)))
		}
	}
	return 0
}

// mp4Measures reads how wide and high a track is as a person sees it. Phones turn
// the film by a matrix instead of its pixels.
func mp4Measures(in *part, b box) (width, height int) {
	version := in.bytes(b.from, 1)
	if version == nil {
		return 0, 0
	}
	matrix := b.from + 40
	if version[0] == 1 {
		matrix += 12
	}
	v := in.bytes(matrix, 44)
	if v == nil {
		return 0, 0
	}
	width, height = int(binary.BigEndian.Uint32(v[36:])>>16), int(binary.BigEndian.Uint32(v[40:])>>16)
	if binary.BigEndian.Uint32(v) == 0 && binary.BigEndian.Uint32(v[4:]) != 0 { // a quarter turn
		return height, width
	}
	return width, height
}

// samples listens to the sizes of the pieces of a recording: silence takes few
// bytes. All alike tell nothing.
func (m *meter) samples(in *part, b box) {
	head := in.bytes(b.from, 12)
	if head == nil || binary.BigEndian.Uint32(head[4:]) != 0 {
		return
	}
	n := int64(min(binary.BigEndian.Uint32(head[8:]), maxSamples))
	const step = 4096
	for i := int64(0); i < n; i += step {
		sizes := in.bytes(b.from+12+4*i, int(4*min(step, n-i)))
		for j := 0; j+4 <= len(sizes); j += 4 {
			m.add(float64(binary.BigEndian.Uint32(sizes[j:])))
		}
	}
}
