package servertest

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// Key is the API key of a [House].
const Key = "a-key-for-the-tests"

// Channel is the only channel of a [House].
const Channel sellerdesk.ChannelKind = "box"

// Start is the moment that the clock of a [House] stands at.
func Start() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }

// House is a running server.
type House struct {
	*httptest.Server
	HTTP    *server.Server
	Store   *store.Store
	Desk    *desk.Desk
	Hub     *live.Hub
	Account sellerdesk.Account // named "Shop"

	later atomic.Int64 // how far the clock was moved, in nanoseconds
}

// Later moves the clock of the house, which stands still otherwise.
func (h *House) Later(d time.Duration) { h.later.Add(int64(d)) }

// New starts a server with one account. Change may alter what it works with;
// nil leaves it. All ends with the test.
func New(tb testing.TB, change func(*server.Deps)) *House {
	tb.Helper()
	return NewOn(tb, "", change)
}

// NewOn is [New] on a PostgreSQL database; "" takes a file of SQLite.
func NewOn(tb testing.TB, database string, change func(*server.Deps)) *House {
	tb.Helper()
	h := &House{}
	clock := sellerdesk.Clock{NowFunc: func() time.Time { return Start().Add(time.Duration(h.later.Load())) }}
	hub := live.New(live.Options{})
	st := storetest.Open(tb, store.Options{URL: database, Clock: clock, Announce: hub.Announce})
	blobs, err := media.New(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	roster := channel.NewRoster()
	d := desk.New(desk.Deps{
		Store: st, Roster: roster, Drivers: []channel.Driver{Driver()}, Media: blobs, Clock: clock,
		Look: func(sellerdesk.AccountID, time.Time) {},
	})
	deps := server.Deps{
		Store: st, Desk: d, Live: hub, Roster: roster, Media: blobs, Clock: clock, APIKey: Key, Version: "test",
	}
	if change != nil {
		change(&deps)
	}
	srv := server.New(deps)
	api.Mount(srv)
	h.HTTP, h.Store, h.Desk, h.Hub = srv, st, d, hub
	if h.Account, err = d.Accounts.Add(tb.Context(), desk.AddAccount{
		Channel: Channel, Name: "Shop", Credentials: map[string]sellerdesk.Secret{"token": "shop"},
	}); err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = hub.Run(ctx, st) }()
	h.Server = httptest.NewUnstartedServer(nil)
	h.Config = srv.HTTPServer()
	h.Server.Start()
	tb.Cleanup(func() {
		srv.Close()
		h.Server.Close()
		cancel()
		<-ended
	})
	return h
}

func (h *House) owner(tb testing.TB) sellerdesk.UserID {
	tb.Helper()
	owner, err := h.Desk.Users.Owner(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return owner.ID
}

// box is an opened account of the channel.
type box struct{ token string }

// Check names the seller by the token.
func (b box) Check(context.Context) (sellerdesk.Identity, error) {
	if strings.HasPrefix(b.token, "bad") {
		return sellerdesk.Identity{}, &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{
			Code: sellerdesk.ReasonCredentials, Text: "The token is not accepted.",
		}}
	}
	return sellerdesk.Identity{Seller: sellerdesk.RemoteID(b.token), Name: "Seller " + b.token, Token: "personal", Scopes: []string{"everything"}}, nil
}

// Streams names the only stream.
func (box) Streams() []channel.Stream { return []channel.Stream{{Name: "chats", Every: time.Minute}} }

// Pull brings nothing.
func (box) Pull(context.Context, string, sellerdesk.Cursor) (sellerdesk.Batch, error) {
	return sellerdesk.Batch{}, nil
}

// Send accepts everything.
func (box) Send(context.Context, sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, nil
}

// Budget is that of one bucket.
func (box) Budget() []sellerdesk.BucketState {
	return []sellerdesk.BucketState{{Bucket: "chat", Limit: 10, Remaining: 10}, {Bucket: "pin", Limit: 5, Remaining: 3}}
}
