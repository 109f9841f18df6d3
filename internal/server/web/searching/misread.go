package searching

import (
	"strings"
	"unicode"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/search"
)

// longestPart is how many characters of a part are repeated to a person.
const longestPart = 80

// misreading is what is not understood of what was typed.
type misreading struct {
	Words   string // what is wrong, in a sentence
	CanBe   string // what can be typed instead; "" where nobody knows
	Without string // the rest of what was typed
}

// misread finds the part that is not understood; words say it where the whole is
// wrong but no part of it.
func misread(v *View, typed, words string) *misreading {
	parts := split(typed)
	for i, part := range parts {
		if _, err := search.Parse(part); err != nil {
			rest := append(append([]string(nil), parts[:i]...), parts[i+1:]...)
			return &misreading{Words: v.Searching.Misread(prose.Clip(prose.Line(part), longestPart)), CanBe: canBe(part, v.Table.Language), Without: strings.Join(rest, " ")}
		}
	}
	return &misreading{Words: words}
}

// split takes what was typed apart at its spaces, but for those in quotes.
func split(typed string) []string {
	var until rune
	return strings.FieldsFunc(typed, func(r rune) bool {
		switch {
		case until != 0 && r == until:
			until = 0
		case until != 0:
		case r == '"':
			until = '"'
		case r == '«':
			until = '»'
		case r == '“':
			until = '”'
		default:
			return unicode.IsSpace(r)
		}
		return false
	})
}

// canBe gives what can be typed for the filter of a part; "" when the part is none.
func canBe(part string, l sellerdesk.Language) string {
	name, _, ok := strings.Cut(strings.TrimPrefix(part, "-"), ":")
	if !ok {
		return ""
	}
	name = folded(name)
	if name == "звезды" || name == "звезда" {
		name = "звезд"
	}
	answered, field := false, search.Field{Name: "Name", Value: "value"}
	if l == sellerdesk.Russian {
		field = search.Field{Name: "Название", Value: "значение"}
	}
	for _, one := range []search.Query{
		{Kinds: sellerdesk.Kinds()},
		{States: states(), Waiting: true, Unread: true, Answered: &answered},
		{Priorities: sellerdesk.Priorities()},
		{Fields: []search.Field{field}},
		{Conversations: []sellerdesk.ConversationID{15}},
		{Authors: authors()},
		{Stars: []int{1, 2, 3}},
		{HasPhoto: true},
		{From: "2026-11-21"}, {To: "2026-11-21"},
	} {
		for _, in := range []sellerdesk.Language{sellerdesk.Russian, sellerdesk.English} {
			if filter, _, _ := strings.Cut(one.Typed(in), ":"); folded(filter) == name {
				return one.Typed(l)
			}
		}
	}
	return ""
}

func folded(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

func states() []sellerdesk.ConversationStatus {
	return []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen, sellerdesk.ConversationSnoozed, sellerdesk.ConversationClosed, sellerdesk.ConversationArchived}
}

func authors() []sellerdesk.Author {
	return []sellerdesk.Author{sellerdesk.AuthorBuyer, sellerdesk.AuthorAgent, sellerdesk.AuthorRule, sellerdesk.AuthorPlatform, sellerdesk.AuthorElsewhere}
}
