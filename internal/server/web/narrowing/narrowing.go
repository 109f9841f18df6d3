package narrowing

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Narrowing is what narrows the list beside filter and account. Its zero value
// narrows nothing.
type Narrowing struct {
	Channel  sellerdesk.ChannelKind
	Kind     sellerdesk.Kind
	Stars    Stars
	Product  sellerdesk.RemoteID
	From, To string // days as "2026-11-21" in the viewer's zone, both included
	Photo    bool
	Answered string                 // "yes", "no" or ""
	Tag      sellerdesk.TagID       // 0: any
	View     sellerdesk.SavedViewID // the saved view whose conversations are listed; 0: none
	// Asked is the question of View, once it was read; it stands in no address.
	Asked string
}

// Stars is a set of 1 to 5 stars, a bit for each.
type Stars uint8

// Has tells whether a number of stars is in the set.
func (s Stars) Has(n int) bool { return s&(1<<n) != 0 }

// List gives the stars, the fewest first.
func (s Stars) List() []int {
	var out []int
	for n := 1; n <= 5; n++ {
		if s.Has(n) {
			out = append(out, n)
		}
	}
	return out
}

// String writes the set as it stands in addresses: "1,2".
func (s Stars) String() string {
	var parts []string
	for _, n := range s.List() {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ",")
}

// The longest names that an address may hold, in bytes.
const (
	longestProduct = 100
	longestChannel = 40
)

// Read takes what narrows the list from an address.
func Read(q url.Values) Narrowing {
	n := Narrowing{From: day(q.Get("from")), To: day(q.Get("to")), Photo: q.Get("photo") == "yes"}
	if k := sellerdesk.Kind(q.Get("kind")); slices.Contains(sellerdesk.Kinds(), k) {
		n.Kind = k
	}
	for part := range strings.SplitSeq(strings.Join(q["stars"], ","), ",") {
		if stars, err := strconv.Atoi(part); err == nil && stars >= 1 && stars <= 5 {
			n.Stars |= 1 << stars
		}
	}
	if c := q.Get("channel"); len(c) <= longestChannel {
		n.Channel = sellerdesk.ChannelKind(c)
	}
	if p := q.Get("product"); len(p) <= longestProduct {
		n.Product = sellerdesk.RemoteID(p)
	}
	if a := q.Get("answered"); a == "yes" || a == "no" {
		n.Answered = a
	}
	n.Tag, n.View = number[sellerdesk.TagID](q.Get("tag")), number[sellerdesk.SavedViewID](q.Get("view"))
	return n
}

// number reads an id of ours; 0 where there is none.
func number[T ~int64](s string) T {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return T(n)
}

func written[T ~int64](n T) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

func day(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// Put writes what narrows the list into the query of an address.
func (n Narrowing) Put(q url.Values) {
	photo := ""
	if n.Photo {
		photo = "yes"
	}
	for name, value := range map[string]string{
		"channel": string(n.Channel), "kind": string(n.Kind), "stars": n.Stars.String(), "product": string(n.Product),
		"from": n.From, "to": n.To, "photo": photo, "answered": n.Answered,
		"tag": written(n.Tag), "view": written(n.View),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
}

// Fine is what the panel of filters holds: all but the kind, which has tabs, and
// the channel, which is chosen with the account, and the view, which is chosen
// beside the list.
func (n Narrowing) Fine() Narrowing {
	n.Kind, n.Channel, n.View, n.Asked = "", "", 0, ""
	return n
}

// Bounds are the first and the last moment of the chosen days; nil where none
// was chosen.
func (n Narrowing) Bounds(zone *time.Location) (from, to *sellerdesk.Time) {
	if at, err := time.ParseInLocation(time.DateOnly, n.From, zone); err == nil {
		first := sellerdesk.At(at)
		from = &first
	}
	if at, err := time.ParseInLocation(time.DateOnly, n.To, zone); err == nil {
		last := sellerdesk.At(at.AddDate(0, 0, 1).Add(-time.Millisecond))
		to = &last
	}
	return from, to
}

// Narrow asks the store for what passes only.
func (n Narrowing) Narrow(q *store.ConversationQuery, zone *time.Location) {
	if n.Kind != "" {
		q.Kinds = []sellerdesk.Kind{n.Kind}
	}
	if n.Channel != "" {
		q.Channels = []sellerdesk.ChannelKind{n.Channel}
	}
	q.Ratings, q.Product = n.Stars.List(), n.Product
	q.From, q.To = n.Bounds(zone)
	if n.Photo {
		q.HasPhoto = &n.Photo
	}
	if n.Tag != 0 {
		q.Tags = []sellerdesk.TagID{n.Tag}
	}
	if n.Answered != "" {
		answered := n.Answered == "yes"
		q.Answered = &answered
	}
}

// Fits tells whether a conversation passes, as far as it tells itself: photos
// and days are left to the store.
func (n Narrowing) Fits(c sellerdesk.Conversation) bool {
	switch {
	case n.Kind != "" && c.Kind != n.Kind, n.Channel != "" && c.Channel != n.Channel:
		return false
	case n.Stars != 0 && (c.Rating == nil || !n.Stars.Has(*c.Rating)):
		return false
	case n.Tag != 0 && !slices.ContainsFunc(c.Tags, func(t sellerdesk.Tag) bool { return t.ID == n.Tag }):
		return false
	case n.Product != "" && (c.Product == nil || c.Product.ID != n.Product):
		return false
	default:
		return true
	}
}
