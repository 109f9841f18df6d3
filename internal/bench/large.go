package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// batchOf is how many messages one transaction takes in.
const batchOf = 100

// large fills a database with history and measures the product on it.
func large(ctx context.Context, rig *Rig, data string) (rows []Row, err error) {
	load := storetest.Load{Seed: 1, Conversations: 100_000, Messages: 1_000_000, Batch: batchOf, From: time.Now().Add(-12 * 24 * time.Hour)}
	pages := 3_000
	if rig.Short {
		load.Conversations, load.Messages, pages = 1_000, 10_000, 500
	}
	p, err := rig.Start(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("start the product for the large database: %w", err)
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	if rows, err = history(ctx, rig, p.Store, load); err != nil {
		return nil, err
	}
	// What comes in while the rest is measured belongs to an account of its own.
	account, err := newAccount(ctx, rig, p.Store)
	if err != nil {
		return rows, err
	}
	for _, perSecond := range []int{1_000, 0} {
		if !rig.wants("list") {
			break
		}
		listed, err := listWhileIngesting(ctx, rig, p, newFeed(account, batchOf), pages, perSecond)
		rows = append(rows, listed...)
		if err != nil {
			return rows, err
		}
	}
	for _, clients := range []int{1, 200} {
		if !rig.wants("events") {
			break
		}
		arrived, err := arrivals(ctx, rig, p, newFeed(account, 1), clients)
		rows = append(rows, arrived...)
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// history fills an empty database. One that an earlier run left is taken as it
// is.
func history(ctx context.Context, rig *Rig, s *store.Store, load storetest.Load) ([]Row, error) {
	var there []sellerdesk.Account
	err := s.Read(ctx, func(tx *store.Tx) (err error) { there, err = tx.Accounts.List(ctx); return err })
	if err != nil {
		return nil, fmt.Errorf("look for an earlier run: %w", err)
	}
	if len(there) > 0 {
		return nil, nil
	}
	account, err := newAccount(ctx, rig, s)
	if err != nil {
		return nil, err
	}
	began, done := time.Now(), 0
	for b := range load.Batches() {
		if err := apply(ctx, s, account, b); err != nil {
			return nil, err
		}
		done += len(b.Messages)
		rig.progress("history", done, load.Messages)
	}
	return []Row{{
		Name: fmt.Sprintf("taking in %d conversations with %d messages, the product running", load.Conversations, load.Messages),
		Unit: "messages/s", Value: float64(load.Messages) / time.Since(began).Seconds(),
	}}, nil
}

// newAccount makes an account that is rows only and at rest.
func newAccount(ctx context.Context, rig *Rig, s *store.Store) (sellerdesk.AccountID, error) {
	var id sellerdesk.AccountID
	err := s.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(ctx, store.NewAccount{Channel: rig.Channel, Name: "bench", Credentials: map[string]sellerdesk.Secret{}})
		if err != nil {
			return err
		}
		id = a.ID
		return tx.Accounts.SetState(ctx, id, sellerdesk.AccountPaused, sellerdesk.Why{Code: sellerdesk.ReasonPaused, Text: "Rows of a measurement."})
	})
	if err != nil {
		return 0, fmt.Errorf("make an account for the rows: %w", err)
	}
	return id, nil
}

// feed is an endless reading of one account: each run of a feed brings other
// conversations.
type feed struct {
	account sellerdesk.AccountID
	next    func() (sellerdesk.Batch, bool)
	stop    func()
	run     string // goes before the identities
}

func newFeed(account sellerdesk.AccountID, batch int) *feed {
	f := &feed{account: account, run: fmt.Sprintf("%d-", time.Now().UnixNano())}
	f.next, f.stop = iter.Pull(storetest.Load{Seed: 2, Conversations: 100_000, Messages: 100_000_000, Batch: batch, From: time.Now()}.Batches())
	return f
}

// apply takes in the next batch.
func (f *feed) apply(ctx context.Context, s *store.Store) error {
	b, _ := f.next()
	for i := range b.Messages {
		m := &b.Messages[i]
		m.Conversation, m.RemoteID = sellerdesk.RemoteID(f.run)+m.Conversation, sellerdesk.RemoteID(f.run)+m.RemoteID
	}
	return apply(ctx, s, f.account, b)
}

func apply(ctx context.Context, s *store.Store, account sellerdesk.AccountID, b sellerdesk.Batch) error {
	err := s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: account, Stream: "bench", Batch: b})
		return err
	})
	if err != nil {
		return fmt.Errorf("take in a batch: %w", err)
	}
	return nil
}

// listWhileIngesting asks for pages of the list over HTTP, first pages and deep
// ones in both orders, while messages come in at a pace; 0 is without a pause.
func listWhileIngesting(ctx context.Context, rig *Rig, p *Program, f *feed, pages, perSecond int) ([]Row, error) {
	defer f.stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var ingesting sync.WaitGroup
	var ingestErr error
	taken := 0
	began := time.Now()
	ingesting.Go(func() {
		for ctx.Err() == nil {
			if ingestErr = f.apply(context.WithoutCancel(ctx), p.Store); ingestErr != nil {
				return
			}
			taken += batchOf
			if perSecond > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(taken) * time.Second / time.Duration(perSecond))))
			}
		}
	})
	waits, err := listPages(ctx, rig, p, pages)
	took := time.Since(began)
	cancel()
	ingesting.Wait()
	if err := errors.Join(err, ingestErr); err != nil {
		return nil, err
	}
	pace := fmt.Sprintf("%d messages/s come in", perSecond)
	if perSecond == 0 {
		pace = "messages come in without a pause"
	}
	note := fmt.Sprintf("%d pages of 50 over HTTP, both orders, while %.0f messages/s come in", pages, float64(taken)/took.Seconds())
	row := func(what string, share, bound float64) Row {
		return Row{Name: "list page, " + pace + ", " + what, Unit: "ms", Value: milliseconds(waits.percentile(share)), Bound: bound, Note: note}
	}
	return []Row{row("p50", .50, 0), row("p95", .95, 0), row("p99", .99, 10)}, nil
}

func listPages(ctx context.Context, rig *Rig, p *Program, pages int) (durations, error) {
	c := newCaller(p.URL, p.Key, 2)
	defer c.close()
	waits := make(durations, 0, pages)
	next := ""
	for n := range pages {
		order := "updated"
		if n/50%2 == 1 {
			order = "waiting"
		}
		if n%50 == 0 {
			next = "" // another walk from the top, in the other order
		}
		path := "/v1/conversations?limit=50&sort=" + order
		if next != "" {
			path += "&cursor=" + next
		}
		var got page[struct {
			ID int64 `json:"id"`
		}]
		began := time.Now()
		if err := c.must(ctx, http.MethodGet, path, "", nil, &got); err != nil {
			return nil, fmt.Errorf("ask for a page of the list: %w", err)
		}
		waits = append(waits, time.Since(began))
		if next = ""; got.Next != nil {
			next = *got.Next
		}
		rig.progress("list pages", n+1, pages)
	}
	return waits, nil
}

// Arrivals measures the time from a commit to the event at each of so many clients
// that follow the event stream; what is committed belongs to an account of rows.
func Arrivals(ctx context.Context, rig *Rig, p *Program, account sellerdesk.AccountID, clients int) ([]Row, error) {
	return arrivals(ctx, rig, p, newFeed(account, 1), clients)
}

// arrivals measures the time from a commit to the event at each of so many
// clients that follow the event stream.
func arrivals(ctx context.Context, rig *Rig, p *Program, f *feed, clients int) ([]Row, error) {
	defer f.stop()
	const commits = 100
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	came := make(chan arrival, clients*commits)
	var following sync.WaitGroup
	defer following.Wait()
	defer cancel()
	for range clients {
		ready := make(chan error, 1)
		following.Go(func() { follow(ctx, p, ready, came) })
		if err := <-ready; err != nil {
			return nil, fmt.Errorf("follow the events: %w", err)
		}
	}
	var waits durations
	for n := range commits {
		if err := f.apply(ctx, p.Store); err != nil {
			return nil, err
		}
		committed := time.Now()
		var last int64
		err := p.Store.Read(ctx, func(tx *store.Tx) (err error) { last, err = tx.Events.Last(ctx); return err })
		if err != nil {
			return nil, fmt.Errorf("find the last event: %w", err)
		}
		for arrived := 0; arrived < clients; {
			select {
			case a := <-came:
				if a.seq == last {
					waits = append(waits, max(a.at.Sub(committed), 0))
					arrived++
				}
			case <-time.After(10 * time.Second):
				return nil, fmt.Errorf("event %d did not reach %d of %d clients within 10 s", last, clients-arrived, clients)
			}
		}
		rig.progress(fmt.Sprintf("events to %d clients", clients), n+1, commits)
	}
	name := fmt.Sprintf("commit to event at %d client(s)", clients)
	return []Row{
		{Name: name + ", p50", Unit: "ms", Value: milliseconds(waits.percentile(.50))},
		{Name: name + ", p99", Unit: "ms", Value: milliseconds(waits.percentile(.99)), Bound: 300},
	}, nil
}

type arrival struct {
	seq  int64
	at   time.Time
	data string // of the event, JSON
}

// follow reads the stream of events until ctx ends and tells what came. Ready
// hears once whether the stream stands.
func follow(ctx context.Context, p *Program, ready chan<- error, came chan<- arrival) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/v1/events", nil)
	if err != nil {
		ready <- err
		return
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+p.Key.Reveal())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		ready <- err
		return
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		ready <- fmt.Errorf("the stream of events answered %d", res.StatusCode)
		return
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	standing := false
	var now arrival
	for lines.Scan() {
		if !standing { // the first line says that the stream is at its place
			standing = true
			ready <- nil
		}
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			seq, err := strconv.ParseInt(id, 10, 64)
			if err == nil {
				now.seq, now.at = seq, time.Now()
			}
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && now.seq > 0 {
			now.data = data
			came <- now
			now = arrival{}
		}
	}
	if !standing {
		ready <- errors.Join(errors.New("the stream of events ended at once"), lines.Err())
	}
}
