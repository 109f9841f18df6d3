package radist

import (
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Marks of a message of the seller.
const (
	markDelivered = "delivered"
	markRead      = "read"
	markError     = "error"
)

// genericError is the only type of error that was ever seen.
const genericError = "GENERIC_ERROR"

// mark is one that a message gets: at is what it says, due is when it comes.
type mark struct {
	name    string
	at, due time.Time
	text    string // of an error
}

type marks []mark

// write puts the mark into a message.
func (k mark) write(o map[string]any) {
	o[k.name+"_at"] = utc(k.at)
	if k.name == markError {
		o["error_type"], o["error_text"] = genericError, k.text
	}
}

// marksOf are the marks of a message, by its extra or else by chance.
func (e *Emulator) marksOf(w wire) marks {
	made := e.chance(w)
	if w.extra == nil {
		return made
	}
	if w.extra.trouble != "" {
		at := w.at.Truncate(time.Millisecond).Add(e.opt.Delivered)
		made = marks{{markError, at, at, w.extra.trouble}}
	}
	for _, name := range []string{markDelivered, markRead, markError} {
		at, ok := w.extra.over[name]
		if !ok {
			continue
		}
		fresh := mark{name, at, at, ""}
		if name == markError {
			fresh.text = "131026 Message undeliverable"
		}
		kept := marks{}
		for _, k := range made {
			if k.name != name {
				kept = append(kept, k)
			}
		}
		made = append(kept, fresh)
	}
	return made
}

// chance throws the dice for the marks of a message; the same message always gets the same.
func (e *Emulator) chance(w wire) marks {
	sent := w.at.Truncate(time.Millisecond) // the microseconds are made up
	delivered, read := sent.Add(e.opt.Delivered), sent.Add(e.opt.Read)
	full := marks{{markDelivered, delivered, delivered, ""}, {markRead, read, read, ""}}
	q, u := e.opt.Quirks, unit(w.id, "marks")
	for _, odd := range []struct {
		share float64
		marks marks
	}{
		{q.Failed, append(full[:2:2], mark{markError, read.Add(time.Second), read.Add(time.Second), "131026 Message undeliverable"})},
		{q.ReadOnly, full[1:]},
		{q.Reversed, marks{full[1], {markDelivered, read.Add(3 * time.Second), read.Add(3 * time.Second), ""}}},
		{q.Early, marks{{markDelivered, w.at.Add(-700 * time.Millisecond), delivered, ""}, full[1]}},
		{q.Unread, full[:1]},
		{q.Unmarked, nil},
	} {
		if u -= odd.share; u < 0 {
			return odd.marks
		}
	}
	return full
}

// setMark sets a mark of a message of the seller by hand; the caller holds the lock.
func (c *cabinet) setMark(id sandbox.ID, name string, at time.Time) {
	x := c.extras[id]
	if x == nil {
		x = &extra{}
		c.extras[id] = x
	}
	if x.over == nil {
		x.over = map[string]time.Time{}
	}
	x.over[name] = at
}
