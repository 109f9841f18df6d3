package texts

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Zone reads the zone of a browser, as it tells it: its IANA name and, for
// machines without a zone database, minutes east of Greenwich, "Europe/Moscow|180".
// What cannot be read is UTC.
func Zone(told string) (zone *time.Location, ok bool) {
	value, err := url.QueryUnescape(told)
	if err != nil || len(value) > 80 {
		return time.UTC, false
	}
	name, minutes, _ := strings.Cut(value, "|")
	if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
		return zone, true
	}
	east, err := strconv.Atoi(minutes)
	if err != nil || east < -16*60 || east > 16*60 {
		return time.UTC, false
	}
	return time.FixedZone("", east*60), true
}

// Moment says day and time, without the day when it is that of now. Both are in
// the zone of whoever reads.
func (t *Table) Moment(at, now time.Time) string {
	if SameDay(at, now) {
		return at.Format("15:04")
	}
	if at.Year() != now.Year() {
		return t.Day(at, true) + ", " + at.Format("15:04")
	}
	return t.ShortDay(at) + ", " + at.Format("15:04")
}

// SameDay tells whether two moments of one zone fall on the same day.
func SameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
