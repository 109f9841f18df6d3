package branching

import (
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// Branch is a message with its place under the one that it answers.
type Branch struct {
	sellerdesk.Message
	Depth int // 0: a line of its own
	// Lost: what it answers is not among the lines of the page.
	Lost bool
}

// deepest is how far answers to answers move aside; those further down say
// whom they answer by their order only.
const deepest = 4

// Of puts every message under the one that it answers, each level in the
// order of time. Nothing is left out, whatever the remote side says of parents.
func Of(list []sellerdesk.Message) []Branch {
	here := make(map[sellerdesk.MessageID]bool, len(list))
	for _, m := range list {
		here[m.ID] = true
	}
	below := map[sellerdesk.MessageID][]sellerdesk.Message{}
	var roots []sellerdesk.Message
	for _, m := range list {
		if m.Parent != nil && here[*m.Parent] && *m.Parent != m.ID {
			below[*m.Parent] = append(below[*m.Parent], m)
		} else {
			roots = append(roots, m)
		}
	}
	out := make([]Branch, 0, len(list))
	seen := make(map[sellerdesk.MessageID]bool, len(list))
	var grow func(m sellerdesk.Message, depth int)
	grow = func(m sellerdesk.Message, depth int) {
		if seen[m.ID] {
			return
		}
		seen[m.ID] = true
		out = append(out, Branch{Message: m, Depth: min(depth, deepest), Lost: m.Parent != nil && !here[*m.Parent]})
		for _, c := range below[m.ID] {
			grow(c, depth+1)
		}
	}
	for _, m := range roots {
		grow(m, 0)
	}
	for _, m := range list { // what answers itself over a detour
		grow(m, 0)
	}
	return out
}

// Class is the class that moves a branch aside.
func (b Branch) Class() string { return "depth-" + strconv.Itoa(b.Depth) }
