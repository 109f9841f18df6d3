package console

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// filters are the flags that narrow conversations, the same wherever many are
// meant.
type filters struct {
	kinds, channels, statuses  []string
	accounts                   []int64
	ratings                    []int
	product, from, to          string
	assignees, teams, ranks    []string
	needs, overdue             bool
	unread, hasPhoto, answered bool
}

func (f *filters) offer(c *cobra.Command) {
	set := c.Flags()
	set.StringSliceVar(&f.kinds, "kind", nil, "chat, question, review or claim; several between commas")
	set.StringSliceVar(&f.channels, "channel", nil, "channels, see sellerdesk accounts list")
	set.Int64SliceVar(&f.accounts, "account", nil, "numbers of cabinets, see sellerdesk accounts list")
	set.StringSliceVar(&f.statuses, "status", nil, "open, snoozed, closed or archived")
	set.StringSliceVar(&f.assignees, "assignee", nil, "belongs to one of these people: numbers, me, or none for nobody")
	set.StringSliceVar(&f.teams, "team", nil, "belongs to one of these teams: numbers, or none")
	set.StringSliceVar(&f.ranks, "priority", nil, "low, normal, high or urgent")
	set.IntSliceVar(&f.ratings, "rating", nil, "stars of reviews, 1 to 5")
	set.StringVar(&f.product, "product", "", "number of a product at the marketplace")
	set.StringVar(&f.from, "from", "", "begun then or later: a day, as 2026-11-02, or a moment, as 2026-11-02T15:00:00+03:00")
	set.StringVar(&f.to, "to", "", "begun then or earlier; a day counts whole")
	set.BoolVar(&f.needs, "needs-answer", false, "only those that wait for an answer; =false for the others")
	set.BoolVar(&f.overdue, "overdue", false, "only those whose answer was due before now")
	set.BoolVar(&f.unread, "unread", false, "only those that you have not read; =false for the others")
	set.BoolVar(&f.hasPhoto, "photo", false, "only those with a picture of the buyer; =false for the others")
	set.BoolVar(&f.answered, "answered", false, "only those with an answer of ours; =false for the others")
	completeFilters(c)
}

// query is what the flags ask for.
func (f *filters) query(c *cobra.Command) (client.ConversationQuery, error) {
	q := client.ConversationQuery{
		Kinds: named[sellerdesk.Kind](f.kinds), Channels: named[sellerdesk.ChannelKind](f.channels), Statuses: named[sellerdesk.ConversationStatus](f.statuses),
		Accounts: accountIDs(f.accounts), Ratings: f.ratings, Product: sellerdesk.RemoteID(f.product), Overdue: f.overdue,
		NeedsAnswer: given(c, "needs-answer", f.needs), Unread: given(c, "unread", f.unread),
		HasPhoto: given(c, "photo", f.hasPhoto), Answered: given(c, "answered", f.answered),
		Assignees: f.assignees, Teams: f.teams, Priorities: named[sellerdesk.Priority](f.ranks),
	}
	var err error
	if q.From, err = moment("--from", f.from, false); err == nil {
		q.To, err = moment("--to", f.to, true)
	}
	return q, err
}

// named types words of the command line; the server judges them.
func named[T ~string](words []string) []T {
	out := make([]T, 0, len(words))
	for _, w := range words {
		out = append(out, T(w))
	}
	return out
}

func accountIDs(numbers []int64) []sellerdesk.AccountID {
	out := make([]sellerdesk.AccountID, 0, len(numbers))
	for _, n := range numbers {
		out = append(out, sellerdesk.AccountID(n))
	}
	return out
}

// given tells what a flag of three states says; nil when it was not given.
func given(c *cobra.Command, flag string, value bool) *bool {
	if !c.Flags().Changed(flag) {
		return nil
	}
	return &value
}

// moment reads a day of this machine's time zone, or a moment; at its end, the
// last millisecond of the day. The zero time stands for "".
func moment(flag, s string, end bool) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil {
		if end {
			t = t.AddDate(0, 0, 1).Add(-time.Millisecond)
		}
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s: %q is neither a day, as 2026-11-02, nor a moment, as 2026-11-02T15:00:00+03:00.", flag, s)
	}
	return t, nil
}
