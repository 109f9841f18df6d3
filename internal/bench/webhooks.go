package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// toldRate is how many messages a second are told to a receiver: more than is
	// promised, so that the promise can be seen to hold.
	toldRate = 600
	// readRate is how many messages a second another cabinet brings meanwhile.
	readRate = 1000
)

// webhooks measures what is told to a receiver on the loopback while another
// cabinet is read, alone and with a dead receiver beside it.
func webhooks(ctx context.Context, rig *Rig) (rows []Row, err error) {
	for _, dead := range []bool{false, true} {
		some, err := tellWhileReading(ctx, rig, dead)
		rows = append(rows, some...)
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

func tellWhileReading(ctx context.Context, rig *Rig, dead bool) (rows []Row, err error) {
	during := time.Minute
	if rig.Short {
		during = 10 * time.Second
	}
	p, err := rig.Start(ctx, filepath.Join(rig.Dir, fmt.Sprintf("webhooks-%t", dead)))
	if err != nil {
		return nil, fmt.Errorf("start the product: %w", err)
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	told, err := newAccount(ctx, rig, p.Store)
	if err != nil {
		return nil, err
	}
	read, err := newAccount(ctx, rig, p.Store)
	if err != nil {
		return nil, err
	}
	r, err := listenFor(ctx)
	if err != nil {
		return nil, err
	}
	defer r.close()
	calls := newCaller(p.URL, p.Key, 2)
	defer calls.close()
	hook := func(address string) error {
		return calls.must(ctx, http.MethodPost, "/v1/webhooks", "", map[string]any{
			"name": "bench", "url": address, "kinds": []string{"message.*"}, "accounts": []sellerdesk.AccountID{told},
		}, nil)
	}
	if err := hook(r.url); err != nil {
		return nil, err
	}
	beside := ""
	if dead {
		beside = ", a dead receiver beside it"
		silent, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0") // connections are made, nobody answers
		if err != nil {
			return nil, fmt.Errorf("listen in silence: %w", err)
		}
		defer silent.Close()
		if err := hook("http://" + silent.Addr().String()); err != nil {
			return nil, err
		}
	}
	began := time.Now()
	sent, other, err := bothFeeds(ctx, p.Store, told, read, during)
	if err != nil {
		return nil, err
	}
	await(ctx, time.Minute, 10*time.Millisecond, func() bool { return r.count() >= sent })
	note := fmt.Sprintf("%d messages at %d a second, each told to a receiver on the loopback, while another cabinet brings %.0f messages/s%s",
		sent, toldRate, float64(other)/during.Seconds(), beside)
	return r.rows(began, sent, beside, note), nil
}

// bothFeeds takes in the messages that are told and those that are not, side by
// side, and counts them.
func bothFeeds(ctx context.Context, s *store.Store, told, read sellerdesk.AccountID, during time.Duration) (sent, other int, err error) {
	var group errgroup.Group
	run := func(account sellerdesk.AccountID, batch, perSecond int, taken *int) func() error {
		return func() error {
			f := newFeed(account, batch)
			defer f.stop()
			began := time.Now()
			for time.Since(began) < during && ctx.Err() == nil {
				if err := f.apply(ctx, s); err != nil {
					return err
				}
				*taken += batch
				time.Sleep(time.Until(began.Add(time.Duration(*taken) * time.Second / time.Duration(perSecond))))
			}
			return nil
		}
	}
	group.Go(run(told, 20, toldRate, &sent))
	group.Go(run(read, batchOf, readRate, &other))
	err = group.Wait()
	return sent, other, err
}

// receiver takes what is told.
type receiver struct {
	url    string
	server *http.Server

	mu    sync.Mutex
	waits durations        // from the event to here, guarded by mu as what follows
	ids   map[string]bool  // of webhook-id
	seq   map[string]int64 // the last of each key
	last  time.Time
	twice int
	order int // that came before an earlier one of their key
}

func listenFor(ctx context.Context) (*receiver, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for webhooks: %w", err)
	}
	r := &receiver{url: "http://" + l.Addr().String(), ids: map[string]bool{}, seq: map[string]int64{}}
	r.server = &http.Server{Handler: http.HandlerFunc(r.take), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(l) }() // until it is closed
	return r, nil
}

func (r *receiver) close() { _ = r.server.Close() }

func (r *receiver) take(w http.ResponseWriter, req *http.Request) {
	now := time.Now()
	var n sellerdesk.Notice
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	if err == nil {
		err = json.Unmarshal(body, &n)
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
	r.mu.Lock()
	defer r.mu.Unlock()
	id := req.Header.Get("webhook-id")
	if r.ids[id] {
		r.twice++
		return
	}
	r.ids[id], r.last = true, now
	r.waits = append(r.waits, now.Sub(n.At.Time))
	if n.Data.Seq < r.seq[n.Data.Key] {
		r.order++
	}
	r.seq[n.Data.Key] = n.Data.Seq
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ids)
}

// rows gives what was measured of so many messages.
func (r *receiver) rows(began time.Time, sent int, beside, note string) []Row {
	r.mu.Lock()
	defer r.mu.Unlock()
	rate := float64(len(r.ids)) / r.last.Sub(began).Seconds()
	return []Row{
		{Name: "webhooks, deliveries a second while a cabinet is read" + beside, Unit: "deliveries/s", Value: rate, Bound: 500, AtLeast: true, Note: note},
		{Name: "webhooks, event to the receiver" + beside + ", p50", Unit: "ms", Value: milliseconds(r.waits.percentile(.5)), Note: note},
		{Name: "webhooks, event to the receiver" + beside + ", p99", Unit: "ms", Value: milliseconds(r.waits.percentile(.99)), Note: note},
		{Name: "webhooks, missing, there twice or out of order" + beside, Unit: "faults", Value: float64(max(0, sent-len(r.ids)) + r.twice + r.order), Note: note},
	}
}
