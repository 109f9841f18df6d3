package narrowing

import (
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// Question is the list of a tab, as it stands in addresses, and an account (0:
// all) as it is typed into the search: what is done to all that match is done to
// the rows of the list, those that are not yet loaded included.
func (n Narrowing) Question(tab string, account sellerdesk.AccountID) sellerdesk.SearchQuery {
	q := sellerdesk.SearchQuery{Stars: n.Stars.List(), From: n.From, To: n.To, HasPhoto: n.Photo}
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
	switch tab {
	case "unread":
		q.Unread = true
	case "closed":
		q.States = []sellerdesk.ConversationStatus{sellerdesk.ConversationClosed, sellerdesk.ConversationArchived}
	case "all":
	default:
		q.Waiting, q.States = true, []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen, sellerdesk.ConversationSnoozed}
	}
	if view, err := sellerdesk.ParseSearch(n.Asked); err == nil && n.Asked != "" {
		return view.And(q)
	}
	return q
}
