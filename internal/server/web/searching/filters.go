package searching

import (
	"slices"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/search"
)

// choice is one value of a filter, with the address of the same question with it
// turned round.
type choice struct {
	Name    string
	Count   int // how many results have it; 0 where nobody counted
	On      bool
	Address string
}

// group is a filter with its values.
type group struct {
	Name    string
	Choices []choice
}

// groups are the filters that are offered, with what was counted.
func (r results) groups(v *View) []group {
	if r.Found.Facets == nil {
		return nil
	}
	f := r.Found.Facets
	all := []group{
		{v.Searching.Kind, r.values(v, f.Kinds, named(sellerdesk.Kinds(), v.Kinds), func(q *search.Query) any { return &q.Kinds })},
		{v.Searching.Stars, r.stars(v)},
		{v.Searching.State, r.states(v)},
		{v.Searching.Author, r.values(v, f.Authors, named(authors(), v.Searching.Authors), func(q *search.Query) any { return &q.Authors })},
		{v.Searching.Whose, r.whose(v)},
		{v.Searching.Tag, r.tags(v)},
		{v.Searching.Team, r.teams(v)},
		{v.Searching.Priority, r.urgency(v)},
		{v.Searching.Cabinet, r.cabinets(v)},
		{v.Searching.Channel, r.channels(v)},
		{v.Searching.Period, r.periods(v)},
	}
	return slices.DeleteFunc(all, func(g group) bool { return len(g.Choices) == 0 })
}

// value is one of a closed set with its name.
type value struct{ Value, Name string }

func named[T ~string](all []T, names map[T]string) (out []value) {
	for _, v := range all {
		out = append(out, value{string(v), names[v]})
	}
	return out
}

// values are those of a closed set that were found or are chosen, in their order; all
// where nobody counted.
func (r results) values(v *View, counted []sellerdesk.Facet, all []value, of func(*search.Query) any) (out []choice) {
	for _, one := range all {
		c := r.choice(v, one.Name, countOf(counted, one.Value), func(q *search.Query) bool { return turn(of(q), one.Value) })
		if c.Count > 0 || c.On || counted == nil {
			out = append(out, c)
		}
	}
	return out
}

// choice is one that change turns round; change tells whether it was on.
func (r results) choice(v *View, name string, count int, change func(*search.Query) bool) choice {
	q := r.Query
	on := change(&q)
	return choice{Name: name, Count: count, On: on, Address: address(v, q, r.Sort)}
}

// turn puts a value into a list of a question or takes it out, and tells whether
// it was there.
func turn(list any, v string) (was bool) {
	switch l := list.(type) {
	case *[]sellerdesk.Kind:
		*l, was = turned(*l, sellerdesk.Kind(v))
	case *[]sellerdesk.Author:
		*l, was = turned(*l, sellerdesk.Author(v))
	case *[]sellerdesk.ConversationStatus:
		*l, was = turned(*l, sellerdesk.ConversationStatus(v))
	case *[]string:
		*l, was = turned(*l, v)
	case *[]sellerdesk.ChannelKind:
		*l, was = turned(*l, sellerdesk.ChannelKind(v))
	}
	return was
}

func turned[T comparable](list []T, v T) ([]T, bool) {
	if i := slices.Index(list, v); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1), true
	}
	return append(slices.Clone(list), v), false
}

func countOf(list []sellerdesk.Facet, value string) int {
	for _, f := range list {
		if f.Value == value {
			return f.Count
		}
	}
	return 0
}

func (r results) stars(v *View) (out []choice) {
	for n := 5; n >= 1; n-- {
		c := r.choice(v, v.Searching.Stared(strconv.Itoa(n)), countOf(r.Found.Facets.Stars, strconv.Itoa(n)), func(q *search.Query) (was bool) {
			q.Stars, was = turned(q.Stars, n)
			slices.Sort(q.Stars)
			return was
		})
		if c.Count > 0 || c.On {
			out = append(out, c)
		}
	}
	return out
}

// states are those of conversations, and that somebody waits.
func (r results) states(v *View) []choice {
	waiting := r.choice(v, v.Searching.Waiting, 0, func(q *search.Query) (was bool) {
		was, q.Waiting = q.Waiting, !q.Waiting
		return was
	})
	photo := r.choice(v, v.Searching.Photo, 0, func(q *search.Query) (was bool) {
		was, q.HasPhoto = q.HasPhoto, !q.HasPhoto
		return was
	})
	unread := r.choice(v, v.Searching.Unread, 0, func(q *search.Query) (was bool) {
		was, q.Unread = q.Unread, !q.Unread
		return was
	})
	list := r.values(v, r.Found.Facets.States, named(states(), v.Searching.States), func(q *search.Query) any { return &q.States })
	return append(list, waiting, unread, photo)
}

// cabinets are the accounts that were found or are chosen.
func (r results) cabinets(v *View) []choice {
	if len(r.Accounts) < 2 && len(r.Query.Cabinets) == 0 {
		return nil
	}
	return r.things(v, cabinets(r.Accounts), r.Found.Facets.Cabinets, len(r.Accounts), func(q *search.Query) *[]string { return &q.Cabinets })
}

func (r results) channels(v *View) (out []choice) {
	kinds := map[sellerdesk.ChannelKind]bool{}
	var all []value
	for _, a := range r.Accounts {
		if !kinds[a.Channel] {
			kinds[a.Channel] = true
			all = append(all, value{string(a.Channel), r.title(a.Channel)})
		}
	}
	if len(all) < 2 && len(r.Query.Channels) == 0 {
		return nil
	}
	return r.values(v, r.Found.Facets.Channels, all, func(q *search.Query) any { return &q.Channels })
}

// title names a channel as its driver does.
func (r results) title(kind sellerdesk.ChannelKind) string {
	if t := r.Titles[kind]; t != "" {
		return t
	}
	return string(kind)
}

// periods are the last days, which end today: they are typed as the day they
// begin.
func (r results) periods(v *View) (out []choice) {
	today := v.Now.UTC()
	for _, p := range []struct {
		name string
		days int
	}{{v.Searching.Week, 6}, {v.Searching.Month, 29}, {v.Searching.Quarter, 89}} {
		from := today.AddDate(0, 0, -p.days).Format(time.DateOnly)
		out = append(out, r.choice(v, p.name, 0, func(q *search.Query) bool {
			was := q.From == from && q.To == ""
			if q.From, q.To = from, ""; was {
				q.From = ""
			}
			return was
		}))
	}
	return out
}

// chips are the filters that are on, each with the address of the question
// without it.
func (r results) chips(v *View) (out []choice) {
	for _, g := range r.groups(v) {
		for _, c := range g.Choices {
			if c.On {
				c.Name = prose.Clip(c.Name, 40)
				out = append(out, c)
			}
		}
	}
	out = append(out, r.further(v)...)
	for i, a := range r.Query.Articles {
		out = append(out, r.choice(v, v.Searching.Article(prose.Clip(prose.Line(a), 40)), 0, func(q *search.Query) bool {
			q.Articles = slices.Delete(slices.Clone(q.Articles), i, i+1)
			return true
		}))
	}
	if from := day(v, r.Query.From); from != "" && !recent(v, r) {
		out = append(out, r.choice(v, v.Searching.Since(from), 0, func(q *search.Query) bool { q.From = ""; return true }))
	}
	if to := day(v, r.Query.To); to != "" {
		out = append(out, r.choice(v, v.Searching.Until(to), 0, func(q *search.Query) bool { q.To = ""; return true }))
	}
	return out
}

// recent tells whether the days are one of those that are offered.
func recent(v *View, r results) bool {
	return slices.ContainsFunc(r.periods(v), func(c choice) bool { return c.On })
}

func day(v *View, s string) string {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return ""
	}
	return v.Day(at, at.Year() != v.Now.Year())
}

// bare is the address of the words alone.
func bare(v *View, r results) string {
	return address(v, search.Query{Words: r.Query.Words}, r.Sort)
}

// undated is the question without its days, for the form that sets them.
func undated(v *View, r results) string {
	q := r.Query
	q.From, q.To = "", ""
	return q.Typed(v.Table.Language)
}
