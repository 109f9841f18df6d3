package web

import (
	"math"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// The bars of the trend, in units of their picture.
const (
	barStep = 10
	barMax  = 40
)

// barHeight is that of one month: five stars fill the picture, a month without
// reviews leaves a line.
func barHeight(m sellerdesk.ProductMonth) int {
	if m.Average == nil {
		return 1
	}
	return max(1, min(barMax, int(math.Round(*m.Average*barMax/5))))
}

// decimal writes a number with one digit behind the mark of the language.
func (v *View) decimal(f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	if v.Language == sellerdesk.Russian {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// otherAnswers are the newest answers about the product beside those that stand
// here already.
func otherAnswers(t threadView) []sellerdesk.ProductReply {
	if t.Summary == nil {
		return nil
	}
	var out []sellerdesk.ProductReply
	for _, r := range t.Summary.Answers {
		if r.Conversation != t.Conversation.ID {
			out = append(out, r)
		}
	}
	return out
}
