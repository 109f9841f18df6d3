package scene

import "math/bits"

// Dice is a small generator (splitmix64) of which every chat and message gets its own, so that any of them can be made again
// without making those before it. It never changes: equal seeds give equal bytes in every version of Go.
type Dice struct{ state uint64 }

// Throw mixes the parts (seed, account, chat, ...) into a generator of their own.
func Throw(parts ...uint64) *Dice {
	d := &Dice{}
	for _, p := range parts {
		d.state ^= p + 0x9e3779b97f4a7c15
		d.state = d.Next()
	}
	return d
}

// Next is the next number.
func (d *Dice) Next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Below is a number from 0 to n-1; 0 for n below 2.
func (d *Dice) Below(n int) int {
	if n < 2 {
		return 0
	}
	hi, _ := bits.Mul64(d.Next(), uint64(n))
	return int(hi)
}

// Between is a number from low to high, both included.
func (d *Dice) Between(low, high int) int { return low + d.Below(high-low+1) }

// Unit is a number in [0, 1).
func (d *Dice) Unit() float64 { return float64(d.Next()>>11) / (1 << 53) }

// Chance is true with the probability p.
func (d *Dice) Chance(p float64) bool { return d.Unit() < p }

// Pick is one of from, each as likely; from must not be empty.
func Pick[T any](d *Dice, from []T) T { return from[d.Below(len(from))] }

// PickWeighted is a place in weights, each as likely as its weight says.
func PickWeighted(d *Dice, weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	roll := d.Below(total)
	for i, w := range weights {
		if roll -= w; roll < 0 {
			return i
		}
	}
	return 0
}
