package sandbox

import "math/bits"

// dice is a small generator (splitmix64) of which every chat and message gets its own, so that any of them can be made again
// without making those before it. It never changes: equal seeds give equal bytes in every version of Go.
type dice struct{ state uint64 }

// throw mixes the parts (seed, account, chat, ...) into a generator of their own.
func throw(parts ...uint64) *dice {
	d := &dice{}
	for _, p := range parts {
		d.state ^= p + 0x9e3779b97f4a7c15
		d.state = d.next()
	}
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1; 0 for n below 2.
func (d *dice) below(n int) int {
	if n < 2 {
		return 0
	}
	hi, _ := bits.Mul64(d.next(), uint64(n))
	return int(hi)
}

// between is a number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.below(high-low+1) }

// unit is a number in [0, 1).
func (d *dice) unit() float64 { return float64(d.next()>>11) / (1 << 53) }

// chance is true with the probability p.
func (d *dice) chance(p float64) bool { return d.unit() < p }

func pick[T any](d *dice, from []T) T { return from[d.below(len(from))] }
