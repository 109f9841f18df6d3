package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/handling"
	narrowed "github.com/sellerdesk/sellerdesk/internal/server/web/narrowing"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// narrowing is what narrows the list beside filter and account.
type narrowing = narrowed.Narrowing

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
	for _, n := range l.Stars.List() {
		add(v.FilterStar(strconv.Itoa(n)), func(x *narrowing) { x.Stars &^= 1 << n })
	}
	if l.Tag != 0 {
		add(v.House.Labelling.Tag+": "+l.tagName(), func(x *narrowing) { x.Tag = 0 })
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

// tagName is the name of the tag that the list is narrowed to.
func (l listView) tagName() string {
	for _, c := range l.Items {
		for _, t := range c.Tags {
			if t.ID == l.Tag {
				return prose.Line(t.Name)
			}
		}
	}
	return "#" + id(l.Tag)
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
	s.narrowing = narrowing{Kind: s.Kind, Channel: s.Channel, Product: s.Product, Tag: s.Tag, View: s.View}
	return s.query()
}

// kindCount is how many of a kind the filter counts; known is false where
// nothing counts them.
func (l listView) kindCount(v *View, k sellerdesk.Kind) (n int, known bool) {
	counts, known := handling.Count(l.Filter, v.Counters)
	switch l.Filter {
	case filterNeedsAnswer:
		counts = v.Counters.OnDesk()
	case filterUnread:
		counts = v.Counters.Unread
	default:
		if !known {
			return 0, false
		}
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
	if l.waits() {
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
		out = frame.Once(out, a.Channel)
	}
	return out
}
