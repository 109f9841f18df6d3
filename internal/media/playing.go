package media

import (
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Bounds of what is told of recordings and films. Their heads are read without
// decoding anything, so that a hostile file costs a few reads.
const (
	maxBars     = 64   // parts of a recording that are told apart
	meterParts  = 4096 // values kept while a recording is read
	longestPlay = 72 * time.Hour
	maxMeasure  = 16384 // pixels of a side of a film
)

// played is what the head of a recording or a film tells. What it does not tell
// stays zero.
type played struct {
	duration      time.Duration
	width, height int
	pictures      bool // there is a track of pictures
	sounds        bool // there is a track of sound
	meter         meter
}

// plays tells whether a type is a recording or a film.
func plays(mediaType string) bool {
	return strings.HasPrefix(mediaType, "audio/") || strings.HasPrefix(mediaType, "video/") || mediaType == "application/ogg"
}

// measure fills in what is known of a recording or a film before it is played. A
// damaged one is no error: less is told of it.
func measure(f io.ReaderAt, blob *Blob) {
	var p played
	switch blob.Type {
	case "audio/ogg", "application/ogg", "video/ogg":
		p = measureOgg(f, blob.Size)
	case "audio/mpeg":
		p = measureMP3(f, blob.Size)
	case "audio/wav":
		p = measureWAV(f, blob.Size)
	case "video/webm", "video/x-matroska":
		p = measureMatroska(f, blob.Size)
	case "audio/mp4", "audio/x-m4a", "video/mp4", "video/x-m4v", "video/quicktime", "video/3gpp", "video/3gpp2":
		p = measureMP4(f, blob.Size)
	}
	if p.sounds && !p.pictures { // a container for films that has none
		switch blob.Type {
		case "video/mp4":
			blob.Type = "audio/mp4"
		case "video/webm":
			blob.Type = "audio/webm"
		}
	}
	if p.duration > 0 && p.duration <= longestPlay {
		blob.Duration = p.duration
	}
	if p.width > 0 && p.height > 0 && p.width <= maxMeasure && p.height <= maxMeasure {
		blob.Width, blob.Height = &p.width, &p.height
	}
	if !p.pictures {
		blob.Bars = p.meter.bars()
	}
}

// meter gathers how loud a recording is along the way, in bounded memory: when it
// is full, neighbours become one.
type meter struct {
	parts []float64
	each  int // values in a part; 0 stands for 1
	sum   float64
	n     int // values in sum
}

func (m *meter) add(v float64) {
	m.each = max(m.each, 1)
	if m.sum, m.n = m.sum+v, m.n+1; m.n < m.each {
		return
	}
	m.parts = append(m.parts, m.sum/float64(m.n))
	m.sum, m.n = 0, 0
	if len(m.parts) < meterParts {
		return
	}
	for i := range meterParts / 2 {
		m.parts[i] = (m.parts[2*i] + m.parts[2*i+1]) / 2
	}
	m.parts, m.each = m.parts[:meterParts/2], 2*m.each
}

// bars are a digit for each of up to 64 equal parts, 0 for the quietest and 9 for
// the loudest; "" where all are alike, so that nothing is told.
func (m *meter) bars() string {
	n := min(maxBars, len(m.parts))
	if n < 4 {
		return ""
	}
	levels := make([]float64, n)
	for i := range levels {
		from, to := i*len(m.parts)/n, (i+1)*len(m.parts)/n
		for _, v := range m.parts[from:to] {
			levels[i] += v / float64(to-from)
		}
	}
	sorted := slices.Sorted(slices.Values(levels))
	low, high := sorted[n/20], sorted[n-1-n/10] // a crack does not flatten all the rest
	if !(high-low > 0.05*math.Abs(high)) {      // not a number is alike, too
		return ""
	}
	var b strings.Builder
	for _, v := range levels {
		b.WriteByte('0' + byte(math.Round(9*min(max((v-low)/(high-low), 0), 1))))
	}
	return b.String()
}

// mostLooks bounds how often a head is looked into: parts within parts could keep
// a reader busy for hours.
const mostLooks = 20_000

// part gives pieces of a file while it is patient.
type part struct {
	f     io.ReaderAt
	size  int64
	looks int // so far
}

// bytes gives n bytes at an offset; nil where there are not so many.
func (p *part) bytes(at int64, n int) []byte {
	if p.looks++; at < 0 || n < 0 || at > p.size-int64(n) || p.looks > mostLooks {
		return nil
	}
	b := make([]byte, n)
	if _, err := p.f.ReadAt(b, at); err != nil && err != io.EOF {
		return nil
	}
	return b
}

// lasting is n units of which there are so many in a second.
func lasting(n, perSecond uint64) time.Duration {
	if perSecond == 0 {
		return 0
	}
	seconds := float64(n) / float64(perSecond)
	if seconds > longestPlay.Seconds() {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// measureWAV reads the parts of a RIFF file and listens to a little of each of
// its equal pieces.
func measureWAV(f io.ReaderAt, size int64) (p played) {
	const look = 8 << 10 // bytes of each piece
	in := &part{f: f, size: size}
	var format, depth uint16
	var perSecond uint32
	at := int64(12)
	for range 100 {
		head := in.bytes(at, 8)
		if head == nil {
			return p
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		at += 8
		switch string(head[:4]) {
		case "fmt ":
			b := in.bytes(at, 16)
			if b == nil {
				return p
			}
			format, perSecond, depth = binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint16(b[14:])
		case "data":
			length = min(length, size-at)
			p.sounds, p.duration = true, lasting(uint64(max(length, 0)), uint64(perSecond))
			if format == 1 && depth == 16 {
				for i := range int64(maxBars) {
					from := at + length*i/maxBars&^1
					p.meter.add(loudness(in.bytes(from, int(min(look, length/maxBars)))))
				}
			}
			return p
		}
		at += length + length&1
	}
	return p
}

// loudness of samples of 16 bits, as the ear hears it: in steps of equal ratio.
func loudness(b []byte) float64 {
	sum := 0.0
	for i := 0; i+1 < len(b); i += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(b[i:]))) / 32768
		sum += v * v
	}
	if len(b) < 2 {
		return 0
	}
	return max(0, 60+10*math.Log10(sum/float64(len(b)/2)+1e-6)) // 60 dB down is silence
}
