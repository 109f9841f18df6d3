package searching

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// who names the other side: the buyer, or the product where the name is hidden.
func who(v *View, c sellerdesk.Conversation) string {
	if s := prose.Line(string(c.BuyerName)); s != "" {
		return prose.Clip(s, 60)
	}
	if c.Product != nil && c.Product.Name != "" {
		return prose.Clip(prose.Line(string(c.Product.Name)), 60)
	}
	return v.BuyerUnknown
}

// marked is a line of somebody else with the found words marked.
func (r results) marked(s string) templ.Component { return prose.Marked(s, r.marks.Places(s)) }

// snippet is the place of a text that was found, its words marked.
func snippet(s string) templ.Component { return prose.Marked(places(s)) }

// places takes the marks out of a snippet and tells where they were.
func places(s string) (words string, found [][2]int) {
	var b strings.Builder
	from := -1
	for len(s) > 0 {
		switch {
		case strings.HasPrefix(s, sellerdesk.FoundMark):
			from, s = b.Len(), s[len(sellerdesk.FoundMark):]
			continue
		case strings.HasPrefix(s, sellerdesk.FoundEnd):
			if from >= 0 {
				found = append(found, [2]int{from, b.Len()})
			}
			from, s = -1, s[len(sellerdesk.FoundEnd):]
			continue
		}
		n := len(s)
		for _, mark := range []string{sellerdesk.FoundMark, sellerdesk.FoundEnd} {
			if i := strings.Index(s, mark); i > 0 {
				n = min(n, i)
			}
		}
		b.WriteString(s[:n])
		s = s[n:]
	}
	return b.String(), found
}

// speaker stands before words that are not the buyer's.
func speaker(v *View, h sellerdesk.Hit) string {
	if h.Message.Author == sellerdesk.AuthorBuyer {
		return ""
	}
	return v.Searching.Authors[h.Message.Author]
}

// whence names the account of a conversation.
func (r results) whence(c sellerdesk.Conversation) string {
	for _, a := range r.Accounts {
		if a.ID == c.Account {
			return prose.Clip(prose.Line(a.Name), 30)
		}
	}
	return ""
}

// about is something that a conversation is found by, behind what it is: only it
// can have been found.
type about struct{ Label, Value string }

// beside are what a conversation is found by besides its words: product, article
// and order.
func beside(v *View, c sellerdesk.Conversation) (out []about) {
	if c.Product != nil {
		if s := prose.Clip(prose.Line(string(c.Product.Name)), 80); s != "" && c.BuyerName != "" {
			out = append(out, about{Value: s})
		}
		if s := prose.Clip(prose.Line(string(c.Product.ID)), 40); s != "" {
			out = append(out, about{strings.TrimSuffix(v.Searching.Article(s), s), s})
		}
	}
	if s := prose.Clip(prose.Line(string(c.Order)), 40); s != "" {
		out = append(out, about{v.Order + " ", s})
	}
	return out
}

// rating is so many stars as text: "★★★☆☆".
func rating(n int) string {
	n = min(max(n, 0), 5)
	return strings.Repeat("★", n) + strings.Repeat("☆", 5-n)
}

// empty tells whether a hit has no words to show.
func empty(h sellerdesk.Hit) bool { return strings.TrimSpace(h.Snippet) == "" }

func current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}
