package searching

import (
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/search"
)

// manyTags is how many tags and teams are offered at most; the others are typed.
const manyTags = 15

// named are values of a filter that is typed by names.
func (r results) named(v *View, list []value, of func(*search.Query) *[]string) (out []choice) {
	for _, one := range list {
		c := r.choice(v, one.Name, 0, func(q *search.Query) bool {
			l := of(q)
			rest := slices.DeleteFunc(slices.Clone(*l), func(s string) bool { return folded(s) == folded(one.Value) })
			was := len(rest) < len(*l)
			if *l = rest; !was {
				*l = append(rest, one.Value)
			}
			return was
		})
		if c.On || len(out) < manyTags {
			out = append(out, c)
		}
	}
	return out
}

// whose are the one who looks, and nobody.
func (r results) whose(v *View) []choice {
	list := []value{{search.WordMe, v.Searching.Mine}, {search.WordNone, v.Searching.Nobody}}
	return r.named(v, list, func(q *search.Query) *[]string { return &q.Assignees })
}

func (r results) teams(v *View) []choice {
	var list []value
	for _, t := range r.Teams {
		list = append(list, value{t.Name, prose.Clip(prose.Line(t.Name), 40)})
	}
	return r.named(v, list, func(q *search.Query) *[]string { return &q.Teams })
}

func (r results) tags(v *View) []choice {
	var list []value
	for _, t := range r.Tags {
		list = append(list, value{t.Name, prose.Clip(prose.Line(t.Name), 40)})
	}
	return r.named(v, list, func(q *search.Query) *[]string { return &q.Tags })
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
	without := func(names, known []string, of func(*search.Query) *[]string) {
		for i, n := range names {
			if !slices.ContainsFunc(known, func(k string) bool { return folded(k) == folded(n) }) {
				rest(n, func(q *search.Query) { l := of(q); *l = slices.Delete(slices.Clone(*l), i, i+1) })
			}
		}
	}
	var teams, tags []string
	for _, t := range r.Teams {
		teams = append(teams, t.Name)
	}
	for _, t := range r.Tags {
		tags = append(tags, t.Name)
	}
	without(r.Query.Assignees, []string{search.WordMe, search.WordNone}, func(q *search.Query) *[]string { return &q.Assignees })
	without(r.Query.Teams, teams, func(q *search.Query) *[]string { return &q.Teams })
	without(r.Query.Tags, tags, func(q *search.Query) *[]string { return &q.Tags })
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
