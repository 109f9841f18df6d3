package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// narrowing is what narrows the list beside filter and account. Its zero value
// narrows nothing.
type narrowing struct {
	Channel  sellerdesk.ChannelKind
	Kind     sellerdesk.Kind
	Stars    starSet
	Product  sellerdesk.RemoteID
	From, To string // days as "2026-11-21" in the viewer's zone, both included
	Photo    bool
	Answered string // "yes", "no" or ""
}

// starSet is a set of 1 to 5 stars, a bit for each.
type starSet uint8

func (s starSet) has(n int) bool { return s&(1<<n) != 0 }

// list gives the stars, the fewest first.
func (s starSet) list() []int {
	var out []int
	for n := 1; n <= 5; n++ {
		if s.has(n) {
			out = append(out, n)
		}
	}
	return out
}

// String writes the set as it stands in addresses: "1,2".
func (s starSet) String() string {
	var parts []string
	for _, n := range s.list() {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ",")
}

// The longest names that an address may hold, in bytes.
const (
	longestProduct = 100
	longestChannel = 40
)

// readNarrowing takes what narrows the list from an address.
func readNarrowing(q url.Values) narrowing {
	n := narrowing{From: day(q.Get("from")), To: day(q.Get("to")), Photo: q.Get("photo") == "yes"}
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
	return n
}

func day(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// put writes what narrows the list into the query of an address.
func (n narrowing) put(q url.Values) {
	photo := ""
	if n.Photo {
		photo = "yes"
	}
	for name, value := range map[string]string{
		"channel": string(n.Channel), "kind": string(n.Kind), "stars": n.Stars.String(), "product": string(n.Product),
		"from": n.From, "to": n.To, "photo": photo, "answered": n.Answered,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
}

// fine is what the panel of filters holds: all but the kind, which has tabs, and
// the channel, which is chosen with the account.
func (n narrowing) fine() narrowing {
	n.Kind, n.Channel = "", ""
	return n
}

// bounds are the first and the last moment of the chosen days; nil where none
// was chosen.
func (n narrowing) bounds(zone *time.Location) (from, to *sellerdesk.Time) {
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

// narrow asks the store for what passes only.
func (n narrowing) narrow(q *store.ConversationQuery, zone *time.Location) {
	if n.Kind != "" {
		q.Kinds = []sellerdesk.Kind{n.Kind}
	}
	if n.Channel != "" {
		q.Channels = []sellerdesk.ChannelKind{n.Channel}
	}
	q.Ratings, q.Product = n.Stars.list(), n.Product
	q.From, q.To = n.bounds(zone)
	if n.Photo {
		q.HasPhoto = &n.Photo
	}
	if n.Answered != "" {
		answered := n.Answered == "yes"
		q.Answered = &answered
	}
}

// fits tells whether a conversation passes, as far as it tells itself: photos
// and days are left to the store.
func (n narrowing) fits(c sellerdesk.Conversation) bool {
	switch {
	case n.Kind != "" && c.Kind != n.Kind, n.Channel != "" && c.Channel != n.Channel:
		return false
	case n.Stars != 0 && (c.Rating == nil || !n.Stars.has(*c.Rating)):
		return false
	case n.Product != "" && (c.Product == nil || c.Product.ID != n.Product):
		return false
	default:
		return true
	}
}

// filterChip is one narrowing with the address of the list without it.
type filterChip struct{ Words, Without string }

// chips are the narrowings that are on.
func (l listView) chips(v *View) []filterChip {
	var out []filterChip
	add := func(words string, change func(*narrowing)) {
		s := l.listState
		change(&s.narrowing)
		out = append(out, filterChip{words, withQuery("/", s.query())})
	}
	for _, n := range l.Stars.list() {
		add(v.FilterStar(strconv.Itoa(n)), func(x *narrowing) { x.Stars &^= 1 << n })
	}
	if l.Product != "" {
		add(v.FilterProduct(prose.Clip(l.productName(), 40)), func(x *narrowing) { x.Product = "" })
	}
	if at, err := time.Parse(time.DateOnly, l.From); err == nil {
		add(v.FilterSince(v.Day(at, at.Year() != v.Now.Year())), func(x *narrowing) { x.From = "" })
	}
	if at, err := time.Parse(time.DateOnly, l.To); err == nil {
		add(v.FilterBefore(v.Day(at, at.Year() != v.Now.Year())), func(x *narrowing) { x.To = "" })
	}
	if l.Photo {
		add(v.FilterPhoto, func(x *narrowing) { x.Photo = false })
	}
	switch l.Answered {
	case "yes":
		add(v.FilterAnswer+": "+strings.ToLower(v.FilterAnswered), func(x *narrowing) { x.Answered = "" })
	case "no":
		add(v.FilterAnswer+": "+strings.ToLower(v.FilterUnanswered), func(x *narrowing) { x.Answered = "" })
	}
	return out
}

// productName is the name of the product that the list is narrowed to.
func (l listView) productName() string {
	for _, c := range l.Items {
		if c.Product != nil && c.Product.ID == l.Product && c.Product.Name != "" {
			return prose.Line(string(c.Product.Name))
		}
	}
	return prose.Line(string(l.Product))
}

// cleared is the address of the list without what the panel holds.
func (s listState) cleared() string {
	s.narrowing = narrowing{Kind: s.Kind, Channel: s.Channel}
	return withQuery("/", s.query())
}

// aboutProduct is the address of all conversations about a product.
func aboutProduct(c sellerdesk.Conversation) templ.SafeURL {
	s := listState{Filter: filterAll, Order: orderNewest, Account: c.Account, narrowing: narrowing{Product: c.Product.ID}}
	return templ.SafeURL(withQuery("/", s.query()))
}

// kept are the parts of the state that a form of filters carries along.
func (s listState) kept() url.Values {
	s.narrowing = narrowing{Kind: s.Kind, Channel: s.Channel, Product: s.Product}
	return s.query()
}

// kindCount is how many of a kind the filter counts; known is false where
// nothing counts them.
func (l listView) kindCount(v *View, k sellerdesk.Kind) (n int, known bool) {
	counts := v.Counters.NeedsAnswer
	switch l.Filter {
	case filterNeedsAnswer:
	case filterUnread:
		counts = v.Counters.Unread
	default:
		return 0, false
	}
	switch k {
	case sellerdesk.KindChat:
		return counts.Chat, true
	case sellerdesk.KindQuestion:
		return counts.Question, true
	case sellerdesk.KindReview:
		return counts.Review, true
	case sellerdesk.KindClaim:
		return counts.Claim, true
	default:
		return counts.All, true
	}
}

// kindSign is how the counter of a kind looks: as that of the filter.
func (l listView) kindSign() string {
	if l.Filter == filterNeedsAnswer {
		return "needs"
	}
	return "unread"
}

// accountsOf are the accounts of one channel.
func (l listView) accountsOf(kind sellerdesk.ChannelKind) []sellerdesk.Account {
	return slices.DeleteFunc(slices.Clone(l.Accounts), func(a sellerdesk.Account) bool { return a.Channel != kind })
}

// channels are those of the accounts, each once, in the order of the accounts.
func (l listView) channels() []sellerdesk.ChannelKind {
	var out []sellerdesk.ChannelKind
	for _, a := range l.Accounts {
		out = once(out, a.Channel)
	}
	return out
}
