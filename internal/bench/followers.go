package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// cabinetsFollowed is how many cabinets the followers are limited to: each sees
// the first, and one more.
const cabinetsFollowed = 10

// followers measures the stream of events at a thousand clients that may see some
// cabinets only: how soon a message is at all that may see it, whether it is at
// anybody else, what the clients cost in memory, and what rights cost a page.
func followers(ctx context.Context, rig *Rig) (rows []Row, err error) {
	clients, commits, pages := 1_000, 50, 2_000
	if rig.Short {
		clients, commits, pages = 100, 10, 200
	}
	data := filepath.Join(rig.Dir, "followers")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	p, err := rig.Start(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("start the product for followers: %w", err)
	}
	f := &following{rig: rig, p: p, clients: clients}
	rows, err = f.measure(ctx, commits, pages)
	if err = errors.Join(err, p.Stop()); err != nil {
		return rows, err
	}
	each, err := f.memory(ctx, data)
	return append(rows, each), err
}

// following is the product with people who may see some cabinets only.
type following struct {
	rig      *Rig
	p        *Program
	clients  int
	accounts []sellerdesk.AccountID
	keys     []sellerdesk.Secret // the first sees the first cabinet and nothing more
}

func (f *following) measure(ctx context.Context, commits, pages int) ([]Row, error) {
	if err := f.people(ctx); err != nil {
		return nil, err
	}
	rows, err := f.arrivals(ctx, commits)
	if err != nil {
		return rows, err
	}
	cost, err := f.pages(ctx, pages)
	return append(rows, cost...), err
}

// people makes the cabinets, and for each a person who sees it, with a key.
func (f *following) people(ctx context.Context) error {
	c := newCaller(f.p.URL, f.p.Key, 1)
	defer c.close()
	for n := range cabinetsFollowed {
		account, err := newAccount(ctx, f.rig, f.p.Store)
		if err != nil {
			return err
		}
		f.accounts = append(f.accounts, account)
		grants := []map[string]any{{"role": "operator", "account": f.accounts[0]}}
		if n > 0 {
			grants = append(grants, map[string]any{"role": "operator", "account": account})
		}
		var invited struct{ User struct{ ID int64 } }
		if err := c.must(ctx, http.MethodPost, "/v1/users", "", map[string]any{"name": fmt.Sprint("Operator ", n), "grants": grants}, &invited); err != nil {
			return fmt.Errorf("invite a person: %w", err)
		}
		var made struct{ Secret string }
		in := map[string]any{"name": "bench", "user": invited.User.ID, "rights": []string{"see", "work"}}
		if err := c.must(ctx, http.MethodPost, "/v1/keys", "", in, &made); err != nil {
			return fmt.Errorf("make a key: %w", err)
		}
		f.keys = append(f.keys, sellerdesk.Secret(made.Secret))
	}
	return nil
}

// follow lets the clients follow and gives what comes to them.
func (f *following) follow(ctx context.Context, url string, came []chan arrival) error {
	var standing sync.WaitGroup
	failed := make(chan error, f.clients)
	places := make(chan struct{}, 50) // so many connect at once
	for n := range f.clients {
		places <- struct{}{}
		ready := make(chan error, 1)
		as := Program{URL: url, Key: f.keys[n%len(f.keys)]}
		go follow(ctx, &as, ready, came[n%len(came)])
		standing.Go(func() {
			if err := <-ready; err != nil {
				failed <- err
			}
			<-places
		})
	}
	standing.Wait()
	select {
	case err := <-failed:
		return fmt.Errorf("follow the events: %w", err)
	default:
		return nil
	}
}

// arrivals measures how soon a message of the cabinet that all see is at all, and
// counts what comes to those who may not see it.
func (f *following) arrivals(ctx context.Context, commits int) ([]Row, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	came := make([]chan arrival, len(f.keys))
	for n := range came {
		came[n] = make(chan arrival, f.clients*commits*4)
	}
	if err := f.follow(ctx, f.p.URL, came); err != nil {
		return nil, err
	}
	all := newFeed(f.accounts[0], 1)
	defer all.stop()
	hidden := newFeed(f.accounts[len(f.accounts)-1], 1)
	defer hidden.stop()
	var waits durations
	leaks := 0
	for n := range commits {
		if err := hidden.apply(ctx, f.p.Store); err != nil { // for one in ten
			return nil, err
		}
		from, err := f.last(ctx)
		if err != nil {
			return nil, err
		}
		if err := all.apply(ctx, f.p.Store); err != nil {
			return nil, err
		}
		committed := time.Now()
		last, err := f.last(ctx)
		if err != nil {
			return nil, err
		}
		for k := range came {
			for arrived := 0; arrived < f.share(k); {
				select {
				case a := <-came[k]:
					switch {
					case a.seq == last:
						waits = append(waits, max(a.at.Sub(committed), 0))
						arrived++
					case a.seq <= from && k != len(came)-1:
						leaks++
					}
				case <-time.After(10 * time.Second):
					return nil, fmt.Errorf("event %d did not reach all followers within 10 s", last)
				}
			}
		}
		f.rig.progress(fmt.Sprintf("events to %d followers", f.clients), n+1, commits)
	}
	name := fmt.Sprintf("commit to event at %d clients with rights, ", f.clients)
	note := fmt.Sprintf("%d people, each seeing two cabinets of %d; %d messages", len(f.keys), len(f.accounts), commits)
	return []Row{
		{Name: name + "p50", Unit: "ms", Value: milliseconds(waits.percentile(.50)), Note: note},
		{Name: name + "the last", Unit: "ms", Value: milliseconds(waits.percentile(1)), Bound: 300, Note: note},
		{Name: name + "told to those who may not see it", Unit: "faults", Value: float64(leaks), Note: note},
	}, nil
}

// share is how many clients have a key.
func (f *following) share(k int) int {
	n := f.clients / len(f.keys)
	if k < f.clients%len(f.keys) {
		n++
	}
	return n
}

func (f *following) last(ctx context.Context) (seq int64, err error) {
	err = f.p.Store.Read(ctx, func(tx *store.Tx) (err error) { seq, err = tx.Events.Last(ctx); return err })
	if err != nil {
		return 0, fmt.Errorf("find the last event: %w", err)
	}
	return seq, nil
}

// fill takes so many batches of messages into an account.
func (f *following) fill(ctx context.Context, account sellerdesk.AccountID, batches int) error {
	feed := newFeed(account, batchOf)
	defer feed.stop()
	for range batches {
		if err := feed.apply(ctx, f.p.Store); err != nil {
			return err
		}
	}
	return nil
}

// pages measures a page of the list over HTTP beside the same page from the
// store, for somebody who may see some cabinets only.
func (f *following) pages(ctx context.Context, pages int) ([]Row, error) {
	// Most of what there is belongs to cabinets that are not seen, and is newer.
	for n, account := range f.accounts {
		if err := f.fill(ctx, account, 1+5*n); err != nil {
			return nil, err
		}
	}
	c := newCaller(f.p.URL, f.keys[1], 1)
	defer c.close()
	limited := sellerdesk.WithAccess(ctx, sellerdesk.Access{User: 2, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
		f.accounts[0]: sellerdesk.RightsOf(sellerdesk.RightSee), f.accounts[1]: sellerdesk.RightsOf(sellerdesk.RightSee),
	}})
	var whole, narrow, asked durations
	for n := range pages {
		for to, ctx := range map[*durations]context.Context{&whole: ctx, &narrow: limited} {
			began := time.Now()
			err := f.p.Store.Read(ctx, func(tx *store.Tx) error {
				_, _, err := tx.Conversations.List(ctx, store.ConversationQuery{User: 2, Limit: 50})
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("read a page: %w", err)
			}
			*to = append(*to, time.Since(began))
		}
		began := time.Now()
		if err := c.must(ctx, http.MethodGet, "/v1/conversations?limit=1", "", nil, nil); err != nil {
			return nil, fmt.Errorf("ask for a page: %w", err)
		}
		asked = append(asked, time.Since(began))
		f.rig.progress("pages with rights", n+1, pages)
	}
	note := fmt.Sprintf("%d pages of 50 each, two cabinets of %d seen", pages, len(f.accounts))
	return []Row{
		{Name: "list page of the store, who sees all, p50", Unit: "ms", Value: milliseconds(whole.percentile(.5)), Note: note},
		{Name: "list page of the store, with rights, p50", Unit: "ms", Value: milliseconds(narrow.percentile(.5)), Note: note},
		{Name: "list page of one over HTTP, by a key with rights, p50", Unit: "ms", Value: milliseconds(asked.percentile(.5))},
		{Name: "list page, what rights add, p50", Unit: "ms", Value: max(0, milliseconds(narrow.percentile(.5))-milliseconds(whole.percentile(.5))), Bound: 0.3, Note: note},
	}, nil
}

// memory measures what the clients cost the product as a process of its own.
func (f *following) memory(ctx context.Context, data string) (Row, error) {
	c, err := startChild(ctx, f.rig, data)
	if err != nil {
		return Row{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	before, with := int64(0), int64(0)
	measure := func() error {
		time.Sleep(3 * time.Second) // at rest
		if before, err = residentMemory(c.cmd.Process.Pid); err != nil {
			return err
		}
		if err := f.follow(ctx, c.url, []chan arrival{make(chan arrival, f.clients)}); err != nil {
			return err
		}
		time.Sleep(3 * time.Second)
		with, err = residentMemory(c.cmd.Process.Pid)
		return err
	}
	err = measure()
	cancel()
	err = errors.Join(err, c.stop())
	return Row{Name: fmt.Sprintf("memory of a client that follows, with rights, of %d", f.clients), Unit: "KB", Value: float64(with-before) / float64(f.clients) / 1e3, Bound: 35}, err
}
