package composing

import (
	"strconv"
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

// Stale tells whether the remote side is to be asked again how a window stands:
// what it said is old, or it never said anything.
func Stale(w *sellerdesk.Window, now time.Time) bool {
	return w == nil || now.Sub(w.CheckedAt.Time) > fresh
}

// Words are the units in which a wait is said, as "h".
type Words struct{ Hour, Minute, Second string }

// Left says how long a window is open yet: hours and minutes, in its last
// minute seconds. The browser counts on in the same words.
func (w Words) Left(d time.Duration) string {
	d = max(d, 0)
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	switch {
	case d < time.Minute:
		return strconv.Itoa(int((d+time.Second-1)/time.Second)) + "\u00a0" + w.Second
	case hours == 0:
		return strconv.Itoa(minutes) + "\u00a0" + w.Minute
	case minutes == 0:
		return strconv.Itoa(hours) + "\u00a0" + w.Hour
	default:
		return strconv.Itoa(hours) + "\u00a0" + w.Hour + " " + strconv.Itoa(minutes) + "\u00a0" + w.Minute
	}
}
