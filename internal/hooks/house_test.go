package hooks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/hooks"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// house is a store with an account, the verbs, and a worker that can be stopped
// and started again.
type house struct {
	t       *testing.T
	clock   *sandbox.Clock
	options store.Options
	store   *store.Store
	hub     *live.Hub
	desk    *desk.Desk
	account sellerdesk.AccountID
	stop    func()
	said    int // messages of buyers so far
	touched int // names that webhooks got

	mu     sync.Mutex
	access sellerdesk.Access // of the person, guarded by mu
	asked  int               // how often it was asked for since it changed
}

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, store.Options{Path: t.TempDir() + "/sellerdesk.db"}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, store.Options{URL: storetest.Postgres(t)}))
	})
}

// one opens a house on SQLite.
func one(t *testing.T) *house {
	t.Helper()
	return open(t, store.Options{Path: t.TempDir() + "/sellerdesk.db"})
}

func open(t *testing.T, o store.Options) *house {
	t.Helper()
	h := &house{t: t, clock: sandbox.NewClock(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), 1), options: o, access: sellerdesk.FullAccess(1)}
	h.options.Clock = sellerdesk.Clock{NowFunc: h.clock.Now, TimerFunc: h.clock.NewTimer}
	h.options.Key = make([]byte, 32)
	h.start()
	t.Cleanup(func() { h.stop() })
	h.account = storetest.Account(t, h.store, "shop")
	return h
}

// start opens the store and lets everything run; stop ends both.
func (h *house) start() {
	h.t.Helper()
	o := h.options
	h.hub = live.New(live.Options{Clock: o.Clock})
	o.Announce = h.hub.Announce
	s, err := store.Open(context.Background(), o)
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = s
	guard := reach.Guard{Level: reach.Loopback, Resolve: resolve("93.184.216.34")}
	h.desk = desk.New(desk.Deps{Store: s, Clock: o.Clock, Reach: guard})
	// Names stand for another machine of the house when something is sent.
	guard.Resolve = resolve("192.168.1.7")
	worker := hooks.New(hooks.Deps{Store: s, Live: h.hub, Clock: o.Clock, Reach: guard, Access: h.may})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = h.hub.Run(ctx, s) })
	running.Go(func() {
		if err := worker.Run(ctx); err != nil {
			h.t.Error(err)
		}
	})
	h.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			h.t.Error(err)
		}
	})
}

func resolve(address string) func(context.Context, string) ([]netip.Addr, error) {
	return func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr(address)}, nil
	}
}

func (h *house) restart() {
	h.t.Helper()
	h.stop()
	h.start()
}

func (h *house) may(_ context.Context, user sellerdesk.UserID) (sellerdesk.Access, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	if user != 1 {
		return sellerdesk.Access{}, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such person.")
	}
	return h.access, nil
}

// allow changes what the person may see, and waits until that was read.
func (h *house) allow(a sellerdesk.Access, hook sellerdesk.WebhookID) {
	h.t.Helper()
	h.mu.Lock()
	h.access, h.asked = a, 0
	h.mu.Unlock()
	h.touched++
	name := fmt.Sprintf("Receiver %d", h.touched)
	if _, err := h.desk.Webhooks.Change(h.ctx(), hook, desk.WebhookChange{Name: &name}); err != nil {
		h.t.Fatal(err)
	}
	h.until("the rights were read", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.asked > 0
	})
}

// ctx speaks for the owner.
func (h *house) ctx() context.Context {
	return sellerdesk.WithAccess(context.Background(), sellerdesk.FullAccess(1))
}

// hook makes a webhook that calls a receiver.
func (h *house) hook(url string, kinds ...sellerdesk.EventKind) (sellerdesk.Webhook, sellerdesk.Secret) {
	h.t.Helper()
	hook, secret, err := h.desk.Webhooks.Create(h.ctx(), desk.NewWebhook{Name: "Receiver", URL: url, Kinds: kinds})
	if err != nil {
		h.t.Fatal(err)
	}
	return hook, secret
}

func (h *house) get(id sellerdesk.WebhookID) sellerdesk.Webhook {
	h.t.Helper()
	hook, err := h.desk.Webhooks.Get(h.ctx(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return hook
}

// log gives what was sent and what waits, oldest first.
func (h *house) log(id sellerdesk.WebhookID) []sellerdesk.Delivery {
	h.t.Helper()
	var all []sellerdesk.Delivery
	for cursor := ""; ; {
		list, next, err := h.desk.Webhooks.Deliveries(h.ctx(), store.DeliveryQuery{Webhook: id, Cursor: cursor, Limit: 200})
		if err != nil {
			h.t.Fatal(err)
		}
		for _, d := range list {
			all = append([]sellerdesk.Delivery{d}, all...)
		}
		if cursor = next; cursor == "" {
			return all
		}
	}
}

// say lets buyers write, one message in each conversation named, in one batch;
// each makes an event of the message and one of the conversation.
func (h *house) say(conversations ...int) {
	h.t.Helper()
	ctx := context.Background()
	at := sellerdesk.At(h.clock.Now())
	var batch sellerdesk.Batch
	for _, c := range conversations {
		h.said++
		id := sellerdesk.RemoteID(fmt.Sprintf("chat-%d", c))
		batch.Conversations = append(batch.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: id, UpdatedAt: &at, CreatedAt: &at})
		batch.Messages = append(batch.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindChat, Conversation: id, RemoteID: sellerdesk.RemoteID(fmt.Sprintf("message-%d", h.said)),
			Author: sellerdesk.AuthorBuyer, Text: "Where is my order?", At: at,
		})
	}
	err := h.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: h.account, Stream: "chats", Batch: batch})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// events counts those in the log that a filter wants.
func (h *house) events(wanted func(sellerdesk.Event) bool) (n int) {
	h.t.Helper()
	var seq int64
	for {
		var page []sellerdesk.Event
		err := h.store.Read(context.Background(), func(tx *store.Tx) (err error) {
			page, err = tx.Events.After(context.Background(), seq, 1000)
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		if len(page) == 0 {
			return n
		}
		for _, e := range page {
			if seq = e.Seq; wanted(e) {
				n++
			}
		}
	}
}

// until waits for a condition, while the clock goes on by itself.
func (h *house) until(what string, holds func() bool) {
	h.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			h.t.Fatalf("it never happened that %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// receiver takes what is sent, as its answer says.
type receiver struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	secrets []sellerdesk.Secret                    // guarded by mu, as what follows
	answer  func(n sellerdesk.Notice, try int) int // nil: 204
	tries   map[string]int                         // by webhook-id
	taken   []taken
	calls   int
	flying  map[string]int // by key
	header  http.Header    // of answers
}

type taken struct {
	id     string
	notice sellerdesk.Notice
	header http.Header
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, tries: map[string]int{}, flying: map[string]int{}, header: http.Header{}}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

// trust checks every call from now on with the library of the specification.
func (r *receiver) trust(secrets ...sellerdesk.Secret) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets = secrets
}

func (r *receiver) answers(f func(n sellerdesk.Notice, try int) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func (r *receiver) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	var n sellerdesk.Notice
	if err := json.Unmarshal(body, &n); err != nil {
		r.t.Errorf("%v in %s", err, body)
	}
	r.mu.Lock()
	for _, s := range r.secrets {
		hook, err := standardwebhooks.NewWebhook(s.Reveal())
		if err == nil {
			err = hook.VerifyIgnoringTimestamp(body, req.Header) // the clock is that of the sandbox
		}
		if err != nil {
			r.t.Errorf("a signature does not hold: %v", err)
		}
	}
	id := req.Header.Get("webhook-id")
	r.calls++
	r.tries[id]++
	if r.flying[n.Data.Key]++; r.flying[n.Data.Key] > 1 {
		r.t.Errorf("two of key %q at once", n.Data.Key)
	}
	answer, try := r.answer, r.tries[id]
	for name, values := range r.header {
		w.Header()[name] = values
	}
	r.mu.Unlock()
	status := http.StatusNoContent
	if answer != nil {
		status = answer(n, try)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flying[n.Data.Key]--
	if status >= 200 && status <= 299 {
		r.taken = append(r.taken, taken{id, n, req.Header.Clone()})
	}
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	if status >= 300 {
		fmt.Fprintf(w, "no: %s", req.Header.Get("webhook-signature"))
	}
}

func (r *receiver) got() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]taken(nil), r.taken...)
}

func (r *receiver) called() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

// inOrder checks that the events of each key came in their order, each once.
func (r *receiver) inOrder(t *testing.T) {
	t.Helper()
	last, ids := map[string]int64{}, map[string]bool{}
	for _, n := range r.got() {
		if ids[n.id] {
			t.Errorf("%s came twice", n.id)
		}
		ids[n.id] = true
		if n.notice.Data.Seq != 0 && n.notice.Data.Seq <= last[n.notice.Data.Key] {
			t.Errorf("event %d of %s came after %d", n.notice.Data.Seq, n.notice.Data.Key, last[n.notice.Data.Key])
		}
		last[n.notice.Data.Key] = n.notice.Data.Seq
	}
}
