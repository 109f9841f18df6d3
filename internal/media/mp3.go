package media

import (
	"bufio"
	"io"
)

// mp3Lost is how many bytes are looked through for the next frame.
const mp3Lost = 256 << 10

// mp3Frame is what the four bytes before each frame of an MP3 tell.
type mp3Frame struct {
	length, samples, rate int
	gain                  int // where the first gain stands, in bits from the start of the frame
}

// measureMP3 walks the frames. How loud each is stands in it as a number, without
// anything being decoded.
func measureMP3(f io.ReaderAt, size int64) (p played) {
	in := bufio.NewReaderSize(io.NewSectionReader(f, id3(&part{f: f, size: size}), size), 64<<10)
	lost := 0
	var seconds float64
	for lost < mp3Lost {
		head, err := in.Peek(48)
		if len(head) < 4 {
			break
		}
		frame, ok := mp3Head(head)
		if !ok {
			_, _ = in.Discard(1) // was peeked
			lost++
			continue
		}
		seconds += float64(frame.samples) / float64(frame.rate)
		if err == nil {
			// A step is 1.5 dB; what is 60 dB below the loudest is silence.
			p.meter.add(max(0, float64(bitsOf(head, frame.gain, 8))-140))
		}
		if n, err := in.Discard(frame.length); err != nil || n < frame.length {
			break
		}
	}
	if seconds > 0 {
		p.sounds, p.duration = true, lasting(uint64(seconds*1000), 1000)
	}
	return p
}

// id3 tells where the frames begin behind a tag at the start.
func id3(in *part) int64 {
	b := in.bytes(0, 10)
	if b == nil || string(b[:3]) != "ID3" {
		return 0
	}
	n := int64(b[6]&127)<<21 | int64(b[7]&127)<<14 | int64(b[8]&127)<<7 | int64(b[9]&127)
	return min(n+10, in.size)
}

// mp3Head reads the head of a frame of layer III.
func mp3Head(b []byte) (f mp3Frame, ok bool) {
	if b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != 1 {
		return f, false
	}
	version, bit, rate := b[1]>>3&3, int(b[2]>>4), b[2]>>2&3
	if version == 1 || rate == 3 || bit == 0 || bit == 15 {
		return f, false
	}
	f.rate = [...]int{44100, 48000, 32000}[rate]
	rates := [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	side, perByte := [...]int{18, 20}, 144 // bits before the first granule: mono, stereo
	f.samples = 1152
	if version != 3 { // the lower rates of version 2 and 2.5
		rates = [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
		side, perByte = [...]int{9, 10}, 72
		f.samples, f.rate = 576, f.rate/2
		if version == 0 {
			f.rate /= 2
		}
	}
	f.length = perByte*rates[bit]*1000/f.rate + int(b[2]>>1&1)
	channels := 1
	if b[3]>>6 == 3 {
		channels = 0
	}
	f.gain = 32 + side[channels] + 12 + 9
	if b[1]&1 == 0 {
		f.gain += 16 // a checksum
	}
	return f, f.length > 4
}

// bitsOf reads n bits, the first of a byte being its highest.
func bitsOf(b []byte, from, n int) (v int) {
	for i := from; i < from+n && i/8 < len(b); i++ {
		v = v<<1 | int(b[i/8]>>(7-i%8)&1)
	}
	return v
}
