package narrowing

import (
	"slices"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/search"
)

// Question is the list of a tab, as it stands in addresses, and an account (0:
// all) as it is typed into the search: what is done to all that match is done to
// the rows of the list, those that are not yet loaded included. It is false where
// nothing can be typed that finds the same.
func (n Narrowing) Question(tab string, account sellerdesk.AccountID) (q search.Query, ok bool) {
	q = tabbed(tab)
	q.Stars, q.From, q.To, q.HasPhoto = n.Stars.List(), n.From, n.To, n.Photo
	if account != 0 {
		q.Cabinets = []string{strconv.FormatInt(int64(account), 10)}
	}
	if n.Kind != "" {
		q.Kinds = []sellerdesk.Kind{n.Kind}
	}
	if n.Channel != "" {
		q.Channels = []sellerdesk.ChannelKind{n.Channel}
	}
	if n.Product != "" {
		q.Articles = []string{string(n.Product)}
	}
	if n.Tag != 0 {
		q.Tags = []string{strconv.FormatInt(int64(n.Tag), 10)}
	}
	if n.Answered != "" {
		answered := n.Answered == "yes"
		q.Answered = &answered
	}
	if n.View == 0 {
		return q, true
	}
	view, err := search.Parse(n.Asked)
	if err != nil || n.Asked == "" {
		return q, false
	}
	return within(q, view)
}

// tabbed is what a tab shows.
func tabbed(tab string) (q search.Query) {
	switch tab {
	case "all":
	case "unread":
		q.Unread = true
	case "closed":
		q.States = []sellerdesk.ConversationStatus{sellerdesk.ConversationClosed, sellerdesk.ConversationArchived}
	case "snoozed":
		q.States = []sellerdesk.ConversationStatus{sellerdesk.ConversationSnoozed}
	default:
		q.Waiting, q.States = true, []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}
		switch tab {
		case "mine":
			q.Assignees = []string{search.WordMe}
		case "unassigned":
			q.Assignees, q.Teams = []string{search.WordNone}, []string{search.WordNone}
		}
	}
	return q
}

// within is what is in a list and in the view that it shows; false where both name
// values of one filter and none is in both, or where names cannot be compared.
func within(q, view search.Query) (search.Query, bool) {
	ok := true
	q.Kinds, q.States, q.Channels = both(q.Kinds, view.Kinds, &ok), both(q.States, view.States, &ok), both(q.Channels, view.Channels, &ok)
	q.Stars, q.Articles = both(q.Stars, view.Stars, &ok), both(q.Articles, view.Articles, &ok)
	view.Kinds, view.States, view.Channels, view.Stars, view.Articles = nil, nil, nil, nil, nil
	for _, pair := range [][2][]string{{q.Cabinets, view.Cabinets}, {q.Tags, view.Tags}, {q.Assignees, view.Assignees}, {q.Teams, view.Teams}, days(q, view)} {
		ok = ok && (len(pair[0]) == 0 || len(pair[1]) == 0)
	}
	if q.Answered != nil && view.Answered != nil {
		ok = ok && *q.Answered == *view.Answered
	}
	return q.And(view), ok
}

// days are those of two questions where both name the first or the last one.
func days(q, view search.Query) (both [2][]string) {
	for _, pair := range [][2]string{{q.From, view.From}, {q.To, view.To}} {
		if pair[0] != "" && pair[1] != "" {
			both[0], both[1] = append(both[0], pair[0]), append(both[1], pair[1])
		}
	}
	return both
}

// both gives the values that two filters let through; a filter without values
// lets everything through.
func both[T comparable](a, b []T, ok *bool) []T {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := slices.DeleteFunc(slices.Clone(a), func(v T) bool { return !slices.Contains(b, v) })
	*ok = *ok && len(out) > 0
	return out
}
