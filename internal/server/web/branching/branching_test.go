package branching

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

// tree writes branches as "id" with a dot for each step aside, "?" where what
// is answered is not there.
func tree(list []Branch) string {
	var parts []string
	for _, b := range list {
		s := strings.Repeat(".", b.Depth) + fmt.Sprint(b.ID)
		if b.Lost {
			s += "?"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func TestMessagesStandUnderWhatTheyAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parents []sellerdesk.MessageID // of the messages 1, 2, …; 0 for none
		want    string
	}{
		"lines of their own keep their order":                  {[]sellerdesk.MessageID{0, 0, 0}, "1 2 3"},
		"an answer leaves the end for its comment":             {[]sellerdesk.MessageID{0, 0, 1}, "1 .3 2"},
		"answers to one comment stand in the order of time":    {[]sellerdesk.MessageID{0, 1, 1, 2}, "1 .2 ..4 .3"},
		"an answer may come before what it answers":            {[]sellerdesk.MessageID{2, 0}, "2 .1"},
		"what answers an earlier page is a line of its own":    {[]sellerdesk.MessageID{0, 77, 2}, "1 2? .3"},
		"what answers itself is a line of its own":             {[]sellerdesk.MessageID{1}, "1"},
		"two that answer each other are shown all the same":    {[]sellerdesk.MessageID{0, 3, 2}, "1 2 .3"},
		"at some point nothing moves further aside":            {[]sellerdesk.MessageID{0, 1, 2, 3, 4, 5, 6}, "1 .2 ..3 ...4 ....5 ....6 ....7"},
		"nothing is shown where nothing is":                    {nil, ""},
		"a long chain that bites its own tail loses no member": {[]sellerdesk.MessageID{3, 1, 2}, "1 .2 ..3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list []sellerdesk.Message
			for i, parent := range c.parents {
				m := sellerdesk.Message{ID: sellerdesk.MessageID(i + 1)}
				if parent != 0 {
					m.Parent = &parent
				}
				list = append(list, m)
			}
			if diff := cmp.Diff(c.want, tree(Of(list))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
