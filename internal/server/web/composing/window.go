package composing

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Standing is how the window of a conversation stands to what may be written.
type Standing string

// The standings of a window.
const (
	Free   Standing = ""       // nothing bounds what is written
	Open   Standing = "open"   // texts are taken for a while yet
	Shut   Standing = "shut"   // nothing but templates is taken
	Unpaid Standing = "unpaid" // nothing at all is taken
)

// Stand tells how a window stands at a moment, and for how long it is open yet;
// the wait is zero unless it is [Open]. No window is [Free].
func Stand(w *sellerdesk.Window, now time.Time) (Standing, time.Duration) {
	if w == nil {
		return Free, 0
	}
	seen := w.Seen(sellerdesk.At(now))
	switch {
	case w.Balance != nil && !*w.Balance:
		return Unpaid, 0
	case seen.TemplatesOnly:
		return Shut, 0
	case w.Unbounded || w.Until == nil:
		return Free, 0
	default:
		return Open, w.Until.Sub(now)
	}
}

// fresh is how old the word of a remote side about a window may be before it is
// asked again.
const fresh = 30 * time.Second

// Stale tells whether the remote side is to be asked again how a window stands.
// Where there is none, nothing is asked.
func Stale(w *sellerdesk.Window, now time.Time) bool {
	return w != nil && now.Sub(w.CheckedAt.Time) > fresh
}
