package web_test

import (
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/server/web"
)

// house is a running server with the screens on it.
func house(tb testing.TB, change func(*server.Deps)) *servertest.House {
	tb.Helper()
	h := servertest.New(tb, change)
	if err := web.Mount(h.HTTP); err != nil {
		tb.Fatal(err)
	}
	return h
}

// demo lets whoever opens the first page in as the owner.
func demo(d *server.Deps) { d.LoopbackSession = true }

// minutes is a moment before the present of the house.
func minutes(n int) time.Time { return servertest.Start().Add(-time.Duration(n) * time.Minute) }
