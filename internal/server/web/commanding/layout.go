package commanding

import (
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// The keys of both layouts that write letters or stand for one, place by place.
const (
	latin    = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
	cyrillic = "ёйцукенгшщзхъфывапролджэячсмитьбю."
)

// Otherwise is what was typed as the other layout would have written it: "ghbdtn"
// is "привет", "штищч" is "inbox". A text with letters of both is left as it is.
func Otherwise(s string) string {
	from, to := []rune(latin), []rune(cyrillic)
	s = strings.ToLower(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r >= 'а' && r <= 'я' || r == 'ё' }) {
		if strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
			return s
		}
		from, to = to, from
	}
	return strings.Map(func(r rune) rune {
		if i := slices.Index(from, r); i >= 0 {
			return to[i]
		}
		return r
	}, s)
}

// caps are what stands on the keys that [sellerdesk.UsualKeys] may name, in both
// layouts; one where they agree or where the other is no letter.
func caps(code string) []string {
	if letter, ok := strings.CutPrefix(code, "Key"); ok {
		return []string{letter, strings.ToUpper(Otherwise(letter))}
	}
	if digit, ok := strings.CutPrefix(code, "Digit"); ok {
		return []string{digit}
	}
	signs := map[string][]string{
		"Backquote": {"`", "Ё"}, "Minus": {"-"}, "Equal": {"="}, "BracketLeft": {"[", "Х"}, "BracketRight": {"]", "Ъ"}, "Backslash": {`\`},
		"Semicolon": {";", "Ж"}, "Quote": {"'", "Э"}, "Comma": {",", "Б"}, "Period": {".", "Ю"}, "Slash": {"/"}, "Escape": {"Esc"},
	}
	if s, ok := signs[code]; ok {
		return s
	}
	return []string{code}
}

// pressed is how a key is written: what is held and the caps of both layouts. The
// key to go is written as it is chosen.
type pressed struct {
	Held []string // pressed before or along
	Caps []string // one of the two layouts each
}

func write(key string, all []sellerdesk.CommandKey) (p pressed) {
	for {
		before, rest, more := strings.Cut(key, "+")
		if !more {
			p.Caps = caps(key)
			return p
		}
		if key = rest; before == "Go" {
			i := slices.IndexFunc(all, func(c sellerdesk.CommandKey) bool { return c.Command == sellerdesk.CommandGo })
			before = strings.Join(caps(strings.TrimPrefix(all[i].Key, "Shift+")), "/")
		}
		if before == "Shift" && rest == "Slash" { // known by what it writes
			p.Caps = []string{"?"}
			return p
		}
		p.Held = append(p.Held, before)
	}
}
