package prose

import (
	"strconv"
	"strings"
	"time"
)

// Month says "2026-11" as people do, by its number: names of months are
// known in the form of dates only.
func Month(month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return Line(month)
	}
	return at.Format("01.2006")
}

// Price writes a sum as people do: with the sign of its currency where the
// channel named it by its code, and never broken over two lines.
func Price(p string) string {
	s := Line(p)
	for code, sign := range map[string]string{"RUB": "₽", "KZT": "₸", "BYN": "Br", "KGS": "с", "AMD": "֏", "USD": "$", "EUR": "€"} {
		if sum, ok := strings.CutSuffix(s, " "+code); ok {
			s = sum + " " + sign
			break
		}
	}
	return strings.ReplaceAll(s, " ", "\u00a0")
}

// RailCount is the counter on the rail, where there is room for three digits.
func RailCount(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}

// Badge is a counter that stays narrow.
func Badge(n int) string {
	if n > 9999 {
		return strconv.Itoa(n/1000) + "k"
	}
	return strconv.Itoa(n)
}
