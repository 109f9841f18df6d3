package day

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/bench"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// atWork is how many people are at the desk, pause how long each of them looks
	// at what came before asking for more.
	atWork = 20
	pause  = time.Second
	// perSecond is how many messages come in meanwhile.
	perSecond = 100
)

// measured is one measure of a day.
type measured struct {
	rig    *bench.Rig
	p      *bench.Program
	ask    *asker
	engine string
	rounds int
	note   string
	rows   []bench.Row
}

// Run measures a day on the engine of the rig.
func Run(ctx context.Context, rig *bench.Rig) (rows []bench.Row, err error) {
	w, rounds := Whole(), 200
	if rig.Short {
		w, rounds = w.Part(1), 30
	}
	data := filepath.Join(rig.Dir, "day")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the day: %w", err)
	}
	began := time.Now()
	p, err := rig.Start(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("start the product for the day: %w", err)
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	m := &measured{rig: rig, p: p, ask: newAsker(p), engine: "SQLite", rounds: rounds}
	if rig.Database != "" {
		m.engine = "PostgreSQL"
	}
	m.row("start until ready", bench.Row{Unit: "s", Value: time.Since(began).Seconds()})
	if err := prepare(ctx, rig, p.Store, w); err != nil {
		return m.rows, err
	}
	if m.note, err = m.size(ctx, w); err != nil {
		return m.rows, err
	}
	return m.rows, m.work(ctx)
}

// prepare fills an empty database and lets people deal with what is in it. One that
// an earlier run left is taken as it is.
func prepare(ctx context.Context, rig *bench.Rig, s *store.Store, w World) error {
	var accounts []sellerdesk.Account
	err := s.Read(ctx, func(tx *store.Tx) (err error) { accounts, err = tx.Accounts.List(ctx); return err })
	if err != nil {
		return fmt.Errorf("look for an earlier day: %w", err)
	}
	if len(accounts) == 0 {
		if _, err := Fill(ctx, s, rig.Channel, w, rig.Progress); err != nil {
			return err
		}
	}
	return Deal(ctx, s, rig.Progress)
}

func (m *measured) row(name string, r bench.Row) {
	r.Name = "the day on " + m.engine + ", " + name
	m.rows = append(m.rows, r)
}

func (m *measured) add(rows []bench.Row) {
	for _, r := range rows {
		m.row(r.Name, r)
	}
}

// size says how much there is.
func (m *measured) size(ctx context.Context, w World) (string, error) {
	var bytes int64
	err := m.p.Store.Read(ctx, func(tx *store.Tx) (err error) {
		bytes, err = tx.Vitals.Size(ctx)
		return err
	})
	return fmt.Sprintf("%d conversations with %d messages and more in %.1f GB", w.Conversations(), w.Messages(), float64(bytes)/1e9), err
}

// work measures everything while the others are at work.
func (m *measured) work(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var others sync.WaitGroup
	defer others.Wait()
	defer cancel()
	feeding, err := newFeed(ctx, m)
	if err != nil {
		return err
	}
	others.Go(func() { feeding.run(ctx) })
	for n := range atWork {
		others.Go(func() { m.colleague(ctx, n) })
	}
	if err := m.warm(ctx); err != nil {
		return err
	}
	var before int64
	for _, part := range []func(context.Context) error{
		m.search, m.lists, func(context.Context) (err error) { before, err = resident(); return err }, m.open, m.hundredth, m.again,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	after, err := resident()
	if err != nil {
		return err
	}
	m.row("memory at the end as a share of that when everything was asked for once", bench.Row{Value: float64(after) / float64(before), Bound: 1.25,
		Note: fmt.Sprintf("%.0f MB, then %.0f, resident, of the product and of what measures it together", float64(before)/1e6, float64(after)/1e6)})
	cancel()
	others.Wait()
	if feeding.err != nil {
		return feeding.err
	}
	rows, err := bench.Arrivals(context.WithoutCancel(ctx), m.rig, m.p, feeding.account, 200)
	m.add(rows)
	return err
}

// warm asks for every list once, as the first to come in the morning does.
func (m *measured) warm(ctx context.Context) error {
	for name, query := range Views(1) {
		for range 10 {
			if _, _, err := m.ask.get(ctx, "/v1/conversations?limit=50"+query); err != nil {
				return fmt.Errorf("the list of %s: %w", name, err)
			}
		}
	}
	return nil
}

// again asks for everything once more without keeping how long it took.
func (m *measured) again(ctx context.Context) error {
	other := *m
	other.rows = nil
	return errors.Join(other.search(ctx), other.lists(ctx))
}

// resident is the resident memory of this process in bytes.
func resident() (int64, error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("look how much memory is in use: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("the system does not tell how much memory is in use")
}

// colleague is somebody who works at the desk beside what is measured: looks at the
// list, opens a conversation, and follows what happens.
func (m *measured) colleague(ctx context.Context, n int) {
	a, random := newAsker(m.p), rand.New(rand.NewPCG(uint64(n), 3))
	defer a.follow(ctx)()
	views := slices.Sorted(maps.Values(Views(1)))
	for ctx.Err() == nil {
		body, _, err := a.get(ctx, "/v1/conversations?limit=50"+views[random.IntN(len(views))])
		var list struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
		}
		if err == nil && json.Unmarshal(body, &list) == nil && len(list.Items) > 0 {
			_, _, _ = a.get(ctx, fmt.Sprintf("/v1/conversations/%d/messages", list.Items[random.IntN(len(list.Items))].ID)) // what is measured is somebody else's
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// Views are the lists that are asked for, by what a person would call them.
func Views(account sellerdesk.AccountID) map[string]string {
	one := fmt.Sprintf("&account=%d", account)
	day := func(ago int) string { return time.Now().AddDate(0, 0, -ago).UTC().Format("2006-01-02T15:04:05Z") }
	return map[string]string{
		"everything, newest first": "", "everything, longest wait first": "&sort=waiting", "reviews": "&kind=review", "chats": "&kind=chat",
		"what needs an answer":               "&needs_answer=true&sort=waiting",
		"reviews that need an answer":        "&kind=review&needs_answer=true&sort=waiting",
		"unread":                             "&unread=true",
		"reviews of one or two stars":        "&kind=review&rating=1&rating=2",
		"questions":                          "&kind=question",
		"claims, longest wait first":         "&kind=claim&sort=waiting",
		"one cabinet":                        one,
		"one cabinet, longest wait first":    "&sort=waiting" + one,
		"reviews of one star of one cabinet": "&kind=review&rating=1" + one,
		"one product":                        "&product=100000007",
		"reviews of a week long ago":         "&kind=review&from=" + day(330) + "&to=" + day(323),
		"without an answer":                  "&answered=false",
		"what is mine":                       "&assignee=me",
		"what is mine and needs an answer":   "&assignee=me&needs_answer=true&sort=waiting",
		"what is nobody's":                   "&assignee=none&needs_answer=true&sort=waiting",
		"of a team":                          "&team=1",
		"of a team, needs an answer":         "&team=1&needs_answer=true&sort=waiting",
		"snoozed":                            "&status=snoozed",
		"urgent":                             "&priority=urgent",
		"a tag that many have":               "&tag=1",
		"a tag that few have":                "&tag=12",
		"a tag of one cabinet":               "&tag=2" + one,
		"a tag, needs an answer":             "&tag=1&needs_answer=true&sort=waiting",
		"mine with a tag":                    "&assignee=me&tag=1",
	}
}

// lists asks for pages of every view, as deep as it goes, at most twenty.
func (m *measured) lists(ctx context.Context) error {
	var all waits
	views := Views(1)
	for _, name := range slices.Sorted(maps.Keys(views)) {
		var one waits
		next := ""
		for n := range m.rounds {
			if n%20 == 0 {
				next = ""
			}
			path := "/v1/conversations?limit=50" + views[name]
			if next != "" {
				path += "&cursor=" + url.QueryEscape(next)
			}
			body, took, err := m.ask.get(ctx, path)
			if err != nil {
				return fmt.Errorf("the list of %s: %w", name, err)
			}
			var page struct {
				Next *string `json:"next"`
			}
			if err := json.Unmarshal(body, &page); err != nil {
				return fmt.Errorf("read the list of %s: %w", name, err)
			}
			if next = ""; page.Next != nil {
				next = *page.Next
			}
			one = append(one, took)
			m.rig.Tell("pages of "+name, n+1, m.rounds)
		}
		all = append(all, one...)
		m.add(one.rows("list: "+name, fmt.Sprintf("p50 %.1f ms; %d pages of 50 over HTTP", in(one.at(.5)), len(one)), map[float64]float64{.99: 15}))
	}
	m.add(all.rows("list, all views together", fmt.Sprintf("%s; %d people at work, %d messages/s come in", m.note, atWork, perSecond), map[float64]float64{.50: 0, .99: 15}))
	return nil
}

// open opens the longest conversation and looks into its past.
func (m *measured) open(ctx context.Context) error {
	var id sellerdesk.ConversationID
	err := m.p.Store.Read(ctx, func(tx *store.Tx) (err error) {
		id, _, err = tx.Conversations.ByRemote(ctx, 1, sellerdesk.KindChat, LongChat)
		return err
	})
	if err != nil {
		return fmt.Errorf("find the longest conversation: %w", err)
	}
	var opened, before waits
	for n := range m.rounds {
		_, first, err := m.ask.get(ctx, fmt.Sprintf("/v1/conversations/%d", id))
		if err != nil {
			return err
		}
		body, second, err := m.ask.get(ctx, fmt.Sprintf("/v1/conversations/%d/messages", id))
		if err != nil {
			return err
		}
		opened = append(opened, first+second)
		var page struct {
			Next string `json:"next"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return fmt.Errorf("read a conversation: %w", err)
		}
		_, took, err := m.ask.get(ctx, fmt.Sprintf("/v1/conversations/%d/messages?cursor=%s", id, url.QueryEscape(page.Next)))
		if err != nil {
			return err
		}
		before = append(before, took)
		m.rig.Tell("opening a long conversation", n+1, m.rounds)
	}
	bounds := map[float64]float64{.50: 0, .99: 15}
	m.add(opened.rows("opening a conversation of 20000 messages", "the conversation and its newest 50 messages, two requests", bounds))
	m.add(before.rows("the messages before", "", map[float64]float64{.99: 15}))
	return nil
}

// search looks for words of all sorts, others in each round where there are many.
func (m *measured) search(ctx context.Context) error {
	words := common()
	word := func(n int) string { return words[n%len(words)] }
	var all waits
	for _, one := range []struct {
		name  string
		typed func(n int) string
		sort  string // empty: the newest first
	}{
		{name: "a common word", typed: word},
		{name: "a rare word", typed: func(int) string { return "самолёты" }},
		{name: "a word that hardly anybody says", typed: func(n int) string { return invented(madeUp/2 + n*37) }},
		{name: "two words", typed: func(n int) string { return word(n) + " " + word(n*7+3) }},
		{name: "a common and a rare word", typed: func(n int) string { return word(n) + " самолёт" }},
		{name: "a phrase", typed: func(n int) string { return `"` + word(n) + " " + word(n*5+11) + `"` }},
		{name: "a beginning", typed: func(n int) string { return []string{"возв*", "дост*", "крос*", "пода*"}[n%4] }},
		{name: "a short beginning of made-up words", typed: func(n int) string { return []string{"баво*", "годе*", "лаба*"}[n%3] }},
		{name: "a word of the buyer in one cabinet", typed: func(n int) string { return word(n) + " author:buyer cabinet:1" }},
		{name: "a word without another", typed: func(n int) string { return word(n) + " -" + word(n+1) }},
		{name: "a word in reviews of one star", typed: func(n int) string { return word(n) + " stars:1" }},
		{name: "filters alone", typed: func(int) string { return "kind:chat state:open" }},
		{name: "a common word, by relevance", typed: word, sort: "relevance"},
		{name: "two words, by relevance", typed: func(n int) string { return word(n) + " " + word(n*7+3) }, sort: "relevance"},
	} {
		var took waits
		for n := range m.rounds {
			_, d, err := m.ask.get(ctx, "/v1/search?limit=50&sort="+cmp.Or(one.sort, "newest")+"&q="+url.QueryEscape(one.typed(n)))
			if err != nil {
				return fmt.Errorf("search for %s: %w", one.name, err)
			}
			took = append(took, d)
			m.rig.Tell("searching for "+one.name, n+1, m.rounds)
		}
		all = append(all, took...)
		m.add(took.rows("search: "+one.name, fmt.Sprintf("p50 %.1f ms; first page of 50 with facets over HTTP", in(took.at(.5))), map[float64]float64{.95: 30, .99: 100}))
	}
	m.add(all.rows("search, everything together", m.note, map[float64]float64{.50: 0, .95: 30, .99: 100}))
	return nil
}

// hundredth compares the hundredth run of every view on one connection with the
// first runs: an engine that plans anew from what it has learned may do worse.
func (m *measured) hundredth(ctx context.Context) error {
	worst, which := 0.0, ""
	var me sellerdesk.UserID
	err := m.p.Store.Read(ctx, func(tx *store.Tx) error {
		users, err := tx.Users.List(ctx)
		if len(users) > 0 {
			me = users[0].ID
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("find somebody: %w", err)
	}
	for name, q := range questions(me) {
		var took waits
		err := m.p.Store.Read(ctx, func(tx *store.Tx) error {
			for range 120 {
				began := time.Now()
				if _, _, err := tx.Conversations.List(ctx, q); err != nil {
					return err
				}
				took = append(took, time.Since(began))
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("ask a hundred times for %s: %w", name, err)
		}
		if r := float64(took[95:].at(.5)) / float64(took[1:6].at(.5)); r > worst {
			worst, which = r, fmt.Sprintf("%s: %.2f ms, then %.2f", name, in(took[1:6].at(.5)), in(took[95:].at(.5)))
		}
	}
	m.row("the 100th run of a query on one connection as a share of the first ones, worst", bench.Row{Value: worst, Bound: 1.5, Note: which + "; middles of runs 2 to 6 and of the last 25"})
	return nil
}

// questions are lists of every sort, as the store is asked for them.
func questions(me sellerdesk.UserID) map[string]store.ConversationQuery {
	yes := true
	return map[string]store.ConversationQuery{
		"everything":           {User: me},
		"what needs an answer": {User: me, NeedsAnswer: &yes, Sort: store.SortWaiting},
		"one cabinet":          {User: me, Accounts: []sellerdesk.AccountID{2}},
		"reviews of one star":  {User: me, Kinds: []sellerdesk.Kind{sellerdesk.KindReview}, Ratings: []int{1}},
		"one product":          {User: me, Product: "100000007"},
		"unread":               {User: me, Unread: &yes},
	}
}
