package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// batchOf is how many conversations one transaction takes in.
const batchOf = 10

// large fills a database with history and measures the product on it.
func large(ctx context.Context, rig *Rig, data string) (rows []Row, err error) {
	conversations, pages := 100_000, 3_000
	if rig.Short {
		conversations, pages = 1_000, 500
	}
	p, err := rig.Start(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("start the product for the large database: %w", err)
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	account, src, rows, err := history(ctx, rig, p.Store, conversations)
	if err != nil {
		return nil, err
	}
	listed, err := listWhileIngesting(ctx, rig, p, account, src, pages)
	rows = append(rows, listed...)
	if err != nil {
		return rows, err
	}
	for _, clients := range []int{1, 200} {
		row, err := arrivals(ctx, rig, p, account, src, clients)
		if err != nil {
			return rows, err
		}
		rows = append(rows, row...)
	}
	return rows, nil
}

// history fills an empty database. One that an earlier run left is taken as it
// is; the source goes on behind it.
func history(ctx context.Context, rig *Rig, s *store.Store, conversations int) (sellerdesk.AccountID, *source, []Row, error) {
	var there []sellerdesk.Account
	err := s.Read(ctx, func(tx *store.Tx) (err error) { there, err = tx.Accounts.List(ctx); return err })
	if err != nil {
		return 0, nil, nil, fmt.Errorf("look for an earlier run: %w", err)
	}
	if len(there) > 0 {
		src := newSource(uint64(time.Now().UnixNano()), time.Now())
		src.next = int(time.Now().Unix()) // numbers that no earlier run has used
		return there[0].ID, src, nil, nil
	}
	account, err := newAccount(ctx, rig, s)
	if err != nil {
		return 0, nil, nil, err
	}
	src := newSource(1, time.Now().Add(-90*24*time.Hour))
	began := time.Now()
	for done := 0; done < conversations; done += batchOf {
		if err := apply(ctx, s, account, src.batch(batchOf)); err != nil {
			return 0, nil, nil, err
		}
		rig.progress("history", done+batchOf, conversations)
	}
	messages := conversations * perConversation
	return account, src, []Row{{
		Name: fmt.Sprintf("taking in %d conversations with %d messages, the product running", conversations, messages),
		Unit: "messages/s", Value: float64(messages) / time.Since(began).Seconds(),
	}}, nil
}

// newAccount makes an account that is rows only: its credentials open nothing.
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
// ones in both orders, while batches come in without a pause.
func listWhileIngesting(ctx context.Context, rig *Rig, p *Program, account sellerdesk.AccountID, src *source, pages int) ([]Row, error) {
	ctx, cancel := context.WithCancel(ctx)
	var ingesting sync.WaitGroup
	var ingestErr error
	taken := 0
	ingesting.Go(func() {
		for ctx.Err() == nil {
			if ingestErr = apply(context.WithoutCancel(ctx), p.Store, account, src.batch(batchOf)); ingestErr != nil {
				return
			}
			taken += batchOf * perConversation
		}
	})
	began := time.Now()
	waits, err := listPages(ctx, rig, p, pages)
	took := time.Since(began)
	cancel()
	ingesting.Wait()
	if err := errors.Join(err, ingestErr); err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%d pages of 50 over HTTP, both orders, while %.0f messages/s come in", pages, float64(taken)/took.Seconds())
	return []Row{
		{Name: "list page, p50", Unit: "ms", Value: milliseconds(waits.percentile(.50)), Note: note},
		{Name: "list page, p95", Unit: "ms", Value: milliseconds(waits.percentile(.95)), Note: note},
		{Name: "list page, p99", Unit: "ms", Value: milliseconds(waits.percentile(.99)), Bound: 10, Note: note},
	}, nil
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

// arrivals measures the time from a commit to the event at each of so many
// clients that follow the event stream.
func arrivals(ctx context.Context, rig *Rig, p *Program, account sellerdesk.AccountID, src *source, clients int) ([]Row, error) {
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
		if err := apply(ctx, p.Store, account, src.batch(1)); err != nil {
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
	seq int64
	at  time.Time
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
	for lines.Scan() {
		if !standing { // the first line says that the stream is at its place
			standing = true
			ready <- nil
		}
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			seq, err := strconv.ParseInt(id, 10, 64)
			if err == nil {
				came <- arrival{seq, time.Now()}
			}
		}
	}
	if !standing {
		ready <- errors.Join(errors.New("the stream of events ended at once"), lines.Err())
	}
}
