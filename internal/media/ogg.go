package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// oggHead is how long the fixed head of a page is.
const oggHead = 27

// measureOgg walks the pages of a recording of Opus or Vorbis. How loud it is shows
// in the sizes of its packets: what records voices spends few bytes on silence.
func measureOgg(f io.ReaderAt, size int64) (p played) {
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, size), 64<<10)
	var serial uint32
	var first, last, rate uint64
	packets, packet := 0, 0 // how many are complete, and how long the one under way is
	for page := 0; ; page++ {
		head, err := in.Peek(oggHead)
		if err != nil || string(head[:4]) != "OggS" {
			break
		}
		granule, from := binary.LittleEndian.Uint64(head[6:]), binary.LittleEndian.Uint32(head[14:])
		whole, err := in.Peek(oggHead + int(head[26]))
		if err != nil {
			break
		}
		lacing, body := bytes.Clone(whole[oggHead:]), 0
		for _, l := range lacing {
			body += int(l)
		}
		_, _ = in.Discard(oggHead + len(lacing)) // was peeked
		if page == 0 {
			start, _ := in.Peek(min(body, 32))
			if rate, first = oggRate(start); rate == 0 {
				return p // pictures, or what browsers do not play
			}
			serial, p.sounds = from, true
		}
		if from == serial {
			if granule != ^uint64(0) && granule > last { // all ones: no packet ends here
				last = granule
			}
			for _, l := range lacing {
				if packet += int(l); l == 255 {
					continue
				}
				if packets++; packets > 3 { // who made it and how comes before
					p.meter.add(float64(packet))
				}
				packet = 0
			}
		}
		if n, err := in.Discard(body); err != nil || n < body {
			break
		}
	}
	if last > first {
		p.duration = lasting(last-first, rate)
	}
	return p
}

// oggRate tells from the first packet how many samples a second there are and how
// many at the start are not heard; 0 for what is neither Opus nor Vorbis.
func oggRate(b []byte) (rate, skipped uint64) {
	switch {
	case len(b) >= 12 && bytes.HasPrefix(b, []byte("OpusHead")):
		return 48000, uint64(binary.LittleEndian.Uint16(b[10:]))
	case len(b) >= 16 && bytes.HasPrefix(b, []byte("\x01vorbis")):
		return uint64(binary.LittleEndian.Uint32(b[12:])), 0
	default:
		return 0, 0
	}
}
