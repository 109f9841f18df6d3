package finding

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	hit "github.com/sellerdesk/sellerdesk/internal/store/search"
	"github.com/sellerdesk/sellerdesk/search"
)

// searchLimit is when a search ends with what was found.
const searchLimit = time.Second

// Deps is what finding stands on.
type Deps struct {
	Store *store.Store
	Clock sellerdesk.Clock
	Log   *slog.Logger
}

// Search finds messages and conversations.
type Search struct {
	deps Deps
	// real measures how long a search takes, whatever clock the program runs on.
	real func() time.Time
}

// New makes the verbs.
func New(d Deps) *Search { return &Search{deps: d, real: time.Now} }

// Input asks for a page of what is found.
type Input struct {
	User   sellerdesk.UserID
	Query  search.Query
	Zone   *time.Location // where its days begin; nil: at Greenwich
	Sort   Sort           // of messages; conversations, which have no words to compare, stand newest first
	Cursor string         // Next of the page before; "" means the first
	Limit  int            // 1 to 200; 0 means 50
}

// Find gives a page of what is found, newest first or by relevance, with facets on
// the first page. Words and authors find messages. Filters alone find conversations, each
// with its newest message; days are then those when they began. After a second
// it ends with what was found until then, which the answer tells.
func (s *Search) Find(ctx context.Context, in Input) (sellerdesk.Found, error) {
	began := s.real()
	if in.Limit <= 0 {
		in.Limit = 50
	}
	in.Limit = min(in.Limit, 200)
	find := s.messages
	if Listed(in.Query) {
		find = s.conversations
	}
	found, err := find(ctx, in)
	found.Query = in.Query.Typed(sellerdesk.English)
	found.TookMS = s.real().Sub(began).Milliseconds()
	return found, err
}

// Listed tells whether a question is for conversations.
func Listed(q search.Query) bool {
	return len(q.Words) == 0 && len(q.Authors) == 0 && len(q.Articles) <= 1 && len(q.Conversations) == 0
}

// messages finds messages by the index.
//
// The index knows the order in which they came in, which is neither that in which
// they were written where a history was read, nor that of relevance. So it is asked
// for blocks, each of which is put in order.
func (s *Search) messages(ctx context.Context, in Input) (sellerdesk.Found, error) {
	out := sellerdesk.Found{Items: []sellerdesk.Hit{}}
	at, err := parseSpot(in.Cursor, in.Sort)
	if err != nil {
		return out, err
	}
	q := store.SearchQuery{Query: in.Query, User: in.User, Zone: in.Zone, Before: at.before, Limit: Ranked + 1, Until: s.real().Add(searchLimit), Now: s.real}
	page, whole, err := s.look(ctx, q)
	if err != nil {
		return out, err
	}
	if len(page.Rows) > Ranked { // one more tells that there are more
		page.Rows, page.More = page.Rows[:Ranked], true
		page.Last = page.Rows[Ranked-1].Message
	}
	out.Partial = page.Partial || !whole
	if page.Partial && page.Last == 0 && at.last > 0 {
		out.Next = sellerdesk.Optional(in.Cursor) // nothing was looked at: what stands there is not passed over
		return out, nil
	}
	if in.Cursor == "" {
		if out.Facets, err = s.facets(ctx, page.Rows, !page.More && !page.Partial); err != nil {
			return out, err
		}
	}
	if in.Sort == SortRelevance {
		out.Ranked = Ranked
	}
	block, err := s.place(ctx, in, &at, page)
	if err != nil {
		return out, err
	}
	block = slices.DeleteFunc(block, at.shown)
	switch {
	case len(block) > in.Limit:
		block = block[:in.Limit]
		out.Next = at.behind(block[in.Limit-1]).cursor(in.Sort)
	case at.last > 0:
		out.Next = spot{before: at.last}.cursor(in.Sort)
	}
	rows := make([]store.SearchRow, len(block))
	for i, one := range block {
		rows[i] = one.SearchRow
	}
	out.Items, err = s.hits(ctx, in, rows)
	return out, err
}

// place puts a block in order.
func (s *Search) place(ctx context.Context, in Input, at *spot, page store.SearchPage) ([]placed, error) {
	rows := at.hold(page)
	block := make([]placed, len(rows))
	var said map[sellerdesk.MessageID]string
	var rank *ranker
	if in.Sort == SortRelevance {
		rank = rankerOf(in.Query)
		err := s.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
			said, err = hit.Of(tx.Search, rows).Texts(ctx)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for i, r := range rows {
		block[i] = placed{SearchRow: r}
		if rank != nil {
			block[i].points = rank.points(said[r.Message]) + fresh(r.Moment(), at.newest)
		}
	}
	slices.SortFunc(block, placed.compare)
	return block, nil
}

// look asks the index, for a second at most, and tells whether it is whole.
func (s *Search) look(ctx context.Context, q store.SearchQuery) (page store.SearchPage, whole bool, err error) {
	limited, cancel := context.WithTimeout(ctx, searchLimit)
	defer cancel()
	err = s.deps.Store.Read(limited, func(tx *store.Tx) error {
		if whole, err = tx.Search.Whole(limited); err != nil {
			return err
		}
		if q.Among, err = among(limited, tx, q.User, q.Query); err != nil {
			return err
		}
		page, err = tx.Search.Find(limited, q)
		return err
	})
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		page.Partial = true
		return page, whole, nil
	}
	return page, whole, err
}

// conversations finds conversations by the list.
func (s *Search) conversations(ctx context.Context, in Input) (sellerdesk.Found, error) {
	out := sellerdesk.Found{Items: []sellerdesk.Hit{}}
	var rows, all []store.SearchRow
	err := s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		q, none, err := ConversationQuery(ctx, tx, in.User, in.Query, in.Zone)
		if err != nil || none {
			return err
		}
		q.User, q.Cursor, q.Limit = in.User, in.Cursor, in.Limit
		list, next, err := tx.Conversations.List(ctx, q)
		if err != nil {
			return err
		}
		out.Next = sellerdesk.Optional(next)
		ids := make([]sellerdesk.ConversationID, len(list))
		for i, c := range list {
			ids[i] = c.ID
		}
		newest, err := tx.Messages.Newest(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if m, ok := newest[id]; ok {
				rows = append(rows, store.SearchRow{Conversation: id, Message: m})
			}
		}
		if in.Cursor == "" {
			q.Cursor = ""
			all, err = tx.Conversations.Tally(ctx, q, sellerdesk.FacetsCounted+1)
		}
		return err
	})
	if err != nil {
		return out, err
	}
	if in.Cursor == "" {
		exact := len(all) <= sellerdesk.FacetsCounted
		if out.Facets, err = s.facets(ctx, all[:min(len(all), sellerdesk.FacetsCounted)], exact); err != nil {
			return out, err
		}
	}
	out.Items, err = s.hits(ctx, in, rows)
	return out, err
}

// ConversationQuery asks the list for what a question of a person names, whose days
// begin in a zone, nil: at Greenwich; none is true when nothing can meet it.
func ConversationQuery(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, q search.Query, zone *time.Location) (out store.ConversationQuery, none bool, err error) {
	if out.Accounts, none, err = tx.Search.Accounts(ctx, q); err != nil || none {
		return out, none, err
	}
	whose, none, err := tx.Search.Whose(ctx, user, q)
	if err != nil || none {
		return out, none, err
	}
	labels, none, err := tx.Search.Labels(ctx, q)
	if err != nil || none {
		return out, none, err
	}
	out.Tags = labels.Tags
	for _, f := range labels.Fields {
		out.Fields = append(out.Fields, store.FieldMatch(f))
	}
	out.User, out.Assignees, out.Teams, out.Priorities, out.Answered = user, whose.Assignees, whose.Teams, q.Priorities, q.Answered
	out.Kinds, out.Statuses, out.Ratings = q.Kinds, q.States, q.Stars
	yes := true
	if q.Waiting {
		out.NeedsAnswer = &yes
	}
	if q.Unread {
		out.Unread = &yes
	}
	if q.HasPhoto {
		out.HasPhoto = &yes
	}
	if len(q.Articles) == 1 {
		articles, err := tx.Search.Articles(ctx, q.Articles[0])
		if err != nil {
			return out, false, err
		}
		out.Product, out.Alike = articles[0], articles[1:]
	}
	out.From, out.To = q.Days(zone)
	return out, false, nil
}

// hits makes whole objects of what was found.
func (s *Search) hits(ctx context.Context, in Input, rows []store.SearchRow) ([]sellerdesk.Hit, error) {
	hits := make([]sellerdesk.Hit, 0, len(rows))
	if len(rows) == 0 {
		return hits, nil
	}
	messages, conversations := make([]sellerdesk.MessageID, len(rows)), make([]sellerdesk.ConversationID, len(rows))
	for i, r := range rows {
		messages[i], conversations[i] = r.Message, r.Conversation
	}
	slices.Sort(conversations)
	marks := MarkerOf(in.Query)
	err := s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		lines, err := tx.Messages.Some(ctx, messages)
		if err != nil {
			return err
		}
		threads, err := tx.Conversations.Some(ctx, slices.Compact(conversations), in.User)
		if err != nil {
			return err
		}
		for _, r := range rows {
			line, ok1 := lines[r.Message]
			thread, ok2 := threads[r.Conversation]
			if ok1 && ok2 {
				snippet := marks.snippet(line.Text)
				hits = append(hits, sellerdesk.Hit{Conversation: thread, Message: line, Snippet: snippet, At: line.At})
			}
		}
		return nil
	})
	return hits, err
}

// facets counts rows by what narrows them.
func (s *Search) facets(ctx context.Context, rows []store.SearchRow, exact bool) (*sellerdesk.Facets, error) {
	titles := map[string]string{}
	tags := []sellerdesk.Facet{}
	err := s.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.Accounts.List(ctx)
		if err != nil {
			return err
		}
		for _, a := range list {
			titles[strconv.FormatInt(int64(a.ID), 10)] = a.Name
		}
		counted, err := hit.Of(tx.Search, rows).Tags(ctx)
		for _, c := range counted {
			tags = append(tags, sellerdesk.Facet{Value: strconv.FormatInt(int64(c.Tag), 10), Title: c.Name, Count: c.Count})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	mostFirst(tags)
	f := &sellerdesk.Facets{Total: len(rows), Exact: exact, Tags: tags}
	f.Channels = facet(rows, nil, func(r store.SearchRow) string { return string(r.Channel) })
	f.Cabinets = facet(rows, titles, func(r store.SearchRow) string { return strconv.FormatInt(int64(r.Account), 10) })
	f.Kinds = facet(rows, nil, func(r store.SearchRow) string { return string(r.Kind) })
	f.States = facet(rows, nil, func(r store.SearchRow) string { return string(r.Status) })
	f.Authors = facet(rows, nil, func(r store.SearchRow) string { return string(r.Author) })
	f.Stars = facet(rows, nil, func(r store.SearchRow) string {
		if r.Rating == nil {
			return ""
		}
		return strconv.Itoa(*r.Rating)
	})
	return f, nil
}

// facet counts rows by one property, the most first; "" is not counted.
func facet(rows []store.SearchRow, titles map[string]string, of func(store.SearchRow) string) []sellerdesk.Facet {
	list := []sellerdesk.Facet{}
	at := map[string]int{}
	for _, r := range rows {
		v := of(r)
		if v == "" {
			continue
		}
		i, ok := at[v]
		if !ok {
			i = len(list)
			at[v] = i
			title := v
			if t := titles[v]; t != "" {
				title = t
			}
			list = append(list, sellerdesk.Facet{Value: v, Title: title})
		}
		list[i].Count++
	}
	mostFirst(list)
	return list
}

func mostFirst(list []sellerdesk.Facet) {
	slices.SortFunc(list, func(a, b sellerdesk.Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
}

const (
	// renewedAtOnce is how many messages get new words in one transaction, pause
	// what others have between two, idle how often it is looked whether any need
	// some.
	renewedAtOnce = 200
	renewPause    = 20 * time.Millisecond
	renewIdle     = 5 * time.Second
)

// Run makes the words of messages anew while everything works, when the rules of
// words changed or what stands beside the texts did, until ctx ends.
func (s *Search) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		var more bool
		err := s.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
			more, err = tx.Search.Renew(ctx, renewedAtOnce)
			return err
		})
		if err != nil {
			s.deps.Log.Warn("search words could not be made anew", "op", "search", "err", err)
		}
		wait := renewIdle
		if more && err == nil {
			wait = renewPause
		}
		fired, stop := s.deps.Clock.NewTimer(wait)
		select {
		case <-fired:
		case <-ctx.Done():
		}
		stop()
	}
	return nil
}
