package gate

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// clocksDiffer is how far the clock of a remote side may be behind ours when it
// dates the word of a buyer that opened a window.
const clocksDiffer = time.Minute

// Frame applies what was told of the window that is kept. What was checked before what is
// known says nothing new, and neither does the same told later. A word of the
// buyer opens it for longer, though it may be dated a little before our look.
func Frame(kept string, w sellerdesk.Window) (now string, changed bool, err error) {
	known, err := ReadWindow(kept)
	if err != nil {
		return kept, false, err
	}
	w.Open, w.TemplatesOnly = false, false // of the moment of looking
	if known != nil {
		if late := known.CheckedAt.Sub(w.CheckedAt.Time); late > 0 {
			if late > clocksDiffer || w.Until == nil || known.Until != nil && !w.Until.After(known.Until.Time) {
				return kept, false, nil
			}
			w.CheckedAt = known.CheckedAt
		}
		if w.Balance == nil {
			w.Balance = known.Balance
		}
	}
	changed = known == nil || known.Unbounded != w.Unbounded || !sameBalance(known.Balance, w.Balance) ||
		!sameMoment(known.Until, w.Until)
	return Window(&w), changed, nil
}

// sameMoment tells whether two moments that may be absent are the same.
func sameMoment(a, b *sellerdesk.Time) bool {
	return a == b || a != nil && b != nil && a.Millis() == b.Millis()
}

// sameBalance tells whether two values that may be absent are the same.
func sameBalance[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
