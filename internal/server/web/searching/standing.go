package searching

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/search"
)

// manyTags is how many tags and teams are offered at most; the others are typed.
const manyTags = 15

// thing is what people made and named, which filters name by its number or by its
// name: an account, a team, a tag.
type thing struct{ ID, Name string }

// meant tells whether a word of a filter is the thing.
func (t thing) meant(word string) bool { return word == t.ID || folded(word) == folded(t.Name) }

// word is how a thing is typed: by its name where no other has it.
func (t thing) word(all []thing) string {
	alike := slices.ContainsFunc(all, func(other thing) bool { return other.ID != t.ID && other.meant(t.Name) })
	if alike || strings.TrimSpace(t.Name) == "" || strings.ContainsAny(t.Name, "\"«»“”\n\t") {
		return t.ID
	}
	return t.Name
}

// things are values of a filter that are named, with those that are chosen at most
// so many. Where they were counted, those that were found are offered, the most
// frequent first.
func (r results) things(v *View, all []thing, counted []sellerdesk.Facet, most int, of func(*search.Query) *[]string) (out []choice) {
	for _, one := range all {
		c := r.choice(v, prose.Clip(prose.Line(one.Name), 40), countOf(counted, one.ID), func(q *search.Query) bool {
			l := of(q)
			rest := slices.DeleteFunc(slices.Clone(*l), one.meant)
			was := len(rest) < len(*l)
			if *l = rest; !was {
				*l = append(rest, one.word(all))
			}
			return was
		})
		if c.On || c.Count > 0 || counted == nil {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b choice) int { return b.Count - a.Count })
	offered := 0
	return slices.DeleteFunc(out, func(c choice) bool {
		offered++
		return offered > most && !c.On
	})
}

// whose are the one who looks, and nobody.
func (r results) whose(v *View) []choice {
	all := []value{{search.WordMe, v.Searching.Mine}, {search.WordNone, v.Searching.Nobody}}
	return r.values(v, nil, all, func(q *search.Query) any { return &q.Assignees })
}

func (r results) teams(v *View) []choice {
	return r.things(v, teams(r.Teams), nil, manyTags, func(q *search.Query) *[]string { return &q.Teams })
}

func (r results) tags(v *View) []choice {
	return r.things(v, tags(r.Tags), r.Found.Facets.Tags, manyTags, func(q *search.Query) *[]string { return &q.Tags })
}

// numbered are things of some kind.
func numbered[T any, ID ~int64](list []T, of func(T) (ID, string)) []thing {
	all := make([]thing, len(list))
	for i, one := range list {
		id, name := of(one)
		all[i] = thing{strconv.FormatInt(int64(id), 10), name}
	}
	return all
}

func cabinets(list []sellerdesk.Account) []thing {
	return numbered(list, func(a sellerdesk.Account) (sellerdesk.AccountID, string) { return a.ID, a.Name })
}

func teams(list []sellerdesk.Team) []thing {
	return numbered(list, func(t sellerdesk.Team) (sellerdesk.TeamID, string) { return t.ID, t.Name })
}

func tags(list []sellerdesk.Tag) []thing {
	return numbered(list, func(t sellerdesk.Tag) (sellerdesk.TagID, string) { return t.ID, t.Name })
}

// urgency are the priorities that are not everybody's.
func (r results) urgency(v *View) (out []choice) {
	for _, p := range []sellerdesk.Priority{sellerdesk.PriorityUrgent, sellerdesk.PriorityHigh, sellerdesk.PriorityNormal, sellerdesk.PriorityLow} {
		c := r.choice(v, v.Searching.Urgency[p], 0, func(q *search.Query) (was bool) {
			q.Priorities, was = turned(q.Priorities, p)
			return was
		})
		if c.On || p == sellerdesk.PriorityUrgent || p == sellerdesk.PriorityHigh {
			out = append(out, c)
		}
	}
	return out
}

// further are the filters that are on and that no group offers, as they are typed.
func (r results) further(v *View) (out []choice) {
	rest := func(name string, change func(q *search.Query)) {
		out = append(out, r.choice(v, prose.Clip(prose.Line(name), 40), 0, func(q *search.Query) bool { change(q); return true }))
	}
	if r.Query.Answered != nil {
		words := v.Searching.Unanswered
		if *r.Query.Answered {
			words = v.FilterAnswered
		}
		rest(words, func(q *search.Query) { q.Answered = nil })
	}
	unknown := func(names []string, known []thing, of func(*search.Query) *[]string) {
		for i, n := range names {
			if !slices.ContainsFunc(known, func(t thing) bool { return t.meant(n) }) {
				if n == search.WordNone {
					n = v.Searching.Nobody
				}
				rest(n, func(q *search.Query) { l := of(q); *l = slices.Delete(slices.Clone(*l), i, i+1) })
			}
		}
	}
	unknown(r.Query.Cabinets, cabinets(r.Accounts), func(q *search.Query) *[]string { return &q.Cabinets })
	unknown(r.Query.Assignees, []thing{{ID: search.WordMe}, {ID: search.WordNone}}, func(q *search.Query) *[]string { return &q.Assignees })
	unknown(r.Query.Teams, teams(r.Teams), func(q *search.Query) *[]string { return &q.Teams })
	unknown(r.Query.Tags, tags(r.Tags), func(q *search.Query) *[]string { return &q.Tags })
	for i, kind := range r.Query.Channels {
		if !slices.ContainsFunc(r.Accounts, func(a sellerdesk.Account) bool { return a.Channel == kind }) {
			rest(r.title(kind), func(q *search.Query) { q.Channels = slices.Delete(slices.Clone(q.Channels), i, i+1) })
		}
	}
	for i, f := range r.Query.Fields {
		rest(f.Name+": "+f.Value, func(q *search.Query) { q.Fields = slices.Delete(slices.Clone(q.Fields), i, i+1) })
	}
	for i := range r.Query.Conversations {
		rest(v.Searching.OnlyHere, func(q *search.Query) {
			q.Conversations = slices.Delete(slices.Clone(q.Conversations), i, i+1)
		})
	}
	return out
}
