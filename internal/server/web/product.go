package web

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
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

// monthName says "2026-11" as people do, by its number: names of months are
// known in the form of dates only.
func monthName(month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return prose.Line(month)
	}
	return at.Format("01.2006")
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

// price writes a sum as people do: with the sign of its currency where the
// channel named it by its code, and never broken over two lines.
func price(p sellerdesk.Optional) string {
	s := prose.Line(string(p))
	for code, sign := range map[string]string{"RUB": "₽", "KZT": "₸", "BYN": "Br", "KGS": "с", "AMD": "֏", "USD": "$", "EUR": "€"} {
		if sum, ok := strings.CutSuffix(s, " "+code); ok {
			s = sum + " " + sign
			break
		}
	}
	return strings.ReplaceAll(s, " ", "\u00a0")
}
