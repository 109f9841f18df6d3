package search

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/search"
)

// Search finds messages by words.
type Search struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Search { return Search{w} }

// Query asks for a page of messages.
type Query struct {
	search.Query
	User   sellerdesk.UserID    // who asks, for what is theirs and what they have not read
	Zone   *time.Location       // where the days of the question begin; nil: at Greenwich
	Before sellerdesk.MessageID // only older ids; 0 means from the newest
	Limit  int                  // 1 to 1000; 0 means 50
	// Among are the only conversations that can meet the question, where the one who
	// asks knows that they are few; nil: nobody knows.
	Among []sellerdesk.ConversationID
	// Until is when to stop with what was found; the zero value: when all is.
	Until time.Time
	// Now tells the time for Until; nil: nobody looks.
	Now func() time.Time
}

// Row is a message that was found, with what narrows and counts.
type Row struct {
	Message      sellerdesk.MessageID
	Conversation sellerdesk.ConversationID
	Account      sellerdesk.AccountID
	Channel      sellerdesk.ChannelKind
	Kind         sellerdesk.Kind
	Rating       *int
	Status       sellerdesk.ConversationStatus
	Author       sellerdesk.Author
	needs        bool
	photo        bool
	product      string
	at           int64
	assignee     sellerdesk.UserID // 0: nobody
	team         sellerdesk.TeamID // 0: none
	priority     sellerdesk.Priority
	answered     bool
	unread       bool // looked at only where it is asked for
}

// Moment is when it was written, in milliseconds since 1970.
func (r Row) Moment() int64 { return r.at }

// Page is what was found.
type Page struct {
	Rows []Row
	// More: there may be more behind the last row, or behind Last.
	More bool
	// Partial: it was ended by Until.
	Partial bool
	// Last is the last message that was looked at.
	Last sellerdesk.MessageID
}

// maxPage bounds the rows of one page, step the ids that are looked at at once: a
// whole page and some, because phrases and beginnings are put together anew each
// time.
const (
	maxPage = 1000
	step    = 1100
)

// Find gives the messages that a question names, newest first. Only what the
// access of the context shows is found.
//
// The index holds words and what takes away much; what it found is judged once
// more by the rows themselves, because they change while the index stays.
func (s Search) Find(ctx context.Context, q Query) (Page, error) {
	var page Page
	if err := q.Check(); err != nil {
		return page, err
	}
	f, err := s.filter(ctx, q)
	if err != nil || f.nothing {
		return page, err
	}
	limit := min(max(q.Limit, 0), maxPage)
	if limit == 0 {
		limit = 50
	}
	next, err := s.feed(ctx, f, q)
	if err != nil {
		return page, err
	}
	page.More = true
	for page.More && len(page.Rows) < limit {
		if q.Now != nil && !q.Until.IsZero() && q.Now().After(q.Until) {
			page.Partial = true
			break
		}
		var ids []sellerdesk.MessageID
		if ids, page.More, err = next(ctx, limit-len(page.Rows)); err != nil {
			return page, err
		}
		rows, err := s.rows(ctx, ids, f)
		if err != nil {
			return page, err
		}
		if rows, err = s.labelled(ctx, f.labels, rows); err != nil {
			return page, err
		}
		for _, r := range rows {
			page.Last = r.Message
			if f.wants(r) && (q.Among == nil || slices.Contains(q.Among, r.Conversation)) {
				page.Rows = append(page.Rows, r)
			}
			if len(page.Rows) == limit {
				page.More = page.More || r.Message != ids[len(ids)-1]
				break
			}
		}
		if len(ids) > 0 && len(page.Rows) < limit {
			page.Last = ids[len(ids)-1]
		}
	}
	return page, nil
}

func (s Search) ids(ctx context.Context, ask engine.SearchQuestion) ([]sellerdesk.MessageID, error) {
	query, args := s.w.Dialect.SearchFind(ask)
	rows, err := s.w.Query(ctx, query, args...)
	ids, err := engine.Collect(rows, err, func(r engine.Scanner) (id sellerdesk.MessageID, err error) {
		err = r.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return ids, nil
}

// rows reads what narrows and counts, in the order of the ids.
func (s Search) rows(ctx context.Context, ids []sellerdesk.MessageID, f filter) ([]Row, error) {
	unread := `FALSE`
	if f.q.Unread {
		unread = `(SELECT COUNT(*) FROM unread n WHERE n.user_id = $1 AND n.conversation_id = c.id) > 0`
	}
	found := make(map[sellerdesk.MessageID]Row, len(ids))
	for _, piece := range engine.Padded(ids) {
		// The order of the tables is an order to SQLite: the ids of messages lead.
		rows, err := s.w.Query(ctx, `SELECT m.id, m.conversation_id, m.author, m.at, c.account_id, c.channel, c.kind, c.rating, c.status, c.needs_answer, c.has_photo, c.product_id,
			COALESCE(c.assignee_id, 0), COALESCE(c.team_id, 0), c.priority, c.answered_at IS NOT NULL, `+unread+`, CAST($1 AS BIGINT)
			FROM messages m CROSS JOIN conversations c WHERE c.id = m.conversation_id AND m.id IN (`+engine.Placeholders(2, len(piece))+`)`, append([]any{int64(f.whose.User)}, engine.Anys(piece)...)...)
		_, err = engine.Collect(rows, err, func(e engine.Scanner) (r Row, err error) {
			var weight int
			var user int64
			err = e.Scan(&r.Message, &r.Conversation, &r.Author, &r.at, &r.Account, &r.Channel, &r.Kind, &r.Rating, &r.Status, &r.needs, &r.photo, &r.product,
				&r.assignee, &r.team, &weight, &r.answered, &r.unread, &user)
			r.priority = sellerdesk.PriorityOf(weight)
			found[r.Message] = r
			return r, err
		})
		if err != nil {
			return nil, fmt.Errorf("read what was found: %w", err)
		}
	}
	out := make([]Row, 0, len(ids))
	for _, id := range ids {
		if r, ok := found[id]; ok {
			out = append(out, r)
		}
	}
	return out, nil
}

// filter is what narrows a question, with the names of cabinets looked up.
type filter struct {
	q        search.Query
	accounts []sellerdesk.AccountID // in growing order; nil: all
	scope    engine.Scope
	from, to int64
	nothing  bool // nothing can meet it
	whose    Whose
	labels   Labels
}

func (s Search) filter(ctx context.Context, asked Query) (f filter, err error) {
	q := asked.Query
	f = filter{q: q, scope: engine.Seen(ctx), from: math.MinInt64, to: math.MaxInt64}
	if f.accounts, f.nothing, err = s.Accounts(ctx, q); err != nil || f.nothing {
		return f, err
	}
	if f.whose, f.nothing, err = s.Whose(ctx, asked.User, q); err != nil || f.nothing {
		return f, err
	}
	if f.labels, f.nothing, err = s.Labels(ctx, q); err != nil || f.nothing {
		return f, err
	}
	from, to := q.Days(asked.Zone)
	if from != nil {
		f.from = from.Millis()
	}
	if to != nil {
		f.to = to.Millis()
	}
	return f, nil
}

// Accounts gives the accounts in which a question looks: those of its channels
// and cabinets that the access of the context shows. Nil: all; none: there are
// no such.
func (s Search) Accounts(ctx context.Context, q search.Query) (ids []sellerdesk.AccountID, none bool, err error) {
	scope := engine.Seen(ctx)
	if scope.Whole() && len(q.Channels) == 0 && len(q.Cabinets) == 0 {
		return nil, false, nil
	}
	rows, err := s.w.Query(ctx, `SELECT id, channel, name FROM accounts WHERE removing = FALSE ORDER BY id`)
	_, err = engine.Collect(rows, err, func(e engine.Scanner) (id sellerdesk.AccountID, err error) {
		var channel sellerdesk.ChannelKind
		var name string
		err = e.Scan(&id, &channel, &name)
		if scope.Has(id) && (len(q.Channels) == 0 || slices.Contains(q.Channels, channel)) && (len(q.Cabinets) == 0 || names(q.Cabinets, id, name)) {
			ids = append(ids, id)
		}
		return id, err
	})
	if err != nil {
		return nil, false, fmt.Errorf("look for cabinets: %w", err)
	}
	return ids, len(ids) == 0, nil
}

// names tells whether any of the words means the account: by its number, or by
// its name whatever the case.
func names(words []string, id sellerdesk.AccountID, name string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return w == strconv.FormatInt(int64(id), 10) || folded(w) == folded(name)
	})
}

// wants judges a row that the index found.
func (f filter) wants(r Row) bool {
	_, in := slices.BinarySearch(f.accounts, r.Account)
	stars := 0
	if r.Rating != nil {
		stars = *r.Rating
	}
	return f.scope.Has(r.Account) && (f.accounts == nil || in) && oneOf(f.q.Kinds, r.Kind) && oneOf(f.q.Stars, stars) &&
		f.stands(r) && oneOf(f.q.Authors, r.Author) && f.from <= r.at && r.at <= f.to &&
		(!f.q.HasPhoto || r.photo) && oneOf(f.q.Conversations, r.Conversation) && f.about(r.product) && f.handled(r)
}

// told tells whether the index knows all that is asked for, so that the rows drop
// hardly any of what it finds.
func (f filter) told() bool {
	q := f.q
	return len(q.Authors)+len(q.Articles)+len(q.States)+len(q.Conversations)+len(q.Assignees)+len(q.Teams)+len(q.Priorities)+len(q.Tags)+len(q.Fields) == 0 &&
		q.From == "" && q.To == "" && !q.Waiting && !q.Unread && !q.HasPhoto && q.Answered == nil && len(f.accounts) <= engine.ListSize
}

// stands tells whether the conversation stands as asked: in one of the states,
// or waiting for an answer.
func (f filter) stands(r Row) bool {
	if f.q.Waiting && !r.needs {
		return false
	}
	return oneOf(f.q.States, r.Status)
}

func (f filter) about(product string) bool {
	return len(f.q.Articles) == 0 || slices.ContainsFunc(f.q.Articles, func(a string) bool { return strings.EqualFold(a, product) })
}

func oneOf[T comparable](wanted []T, v T) bool { return len(wanted) == 0 || slices.Contains(wanted, v) }
