package channel_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// plain is a connector with nothing optional.
type plain struct{}

func (plain) Check(context.Context) (sellerdesk.Identity, error) {
	return sellerdesk.Identity{}, nil
}

func (plain) Streams() []channel.Stream {
	return []channel.Stream{{Name: "feed", Every: time.Second, Echo: true}}
}

func (plain) Pull(context.Context, string, sellerdesk.Cursor) (sellerdesk.Batch, error) {
	return sellerdesk.Batch{}, nil
}

func (plain) Send(context.Context, sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, nil
}

// full is a connector with everything optional.
type full struct{ plain }

func (full) Fetch(context.Context, sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	return sellerdesk.Fetched{Name: "fetched"}, nil
}

func (full) Budget() []sellerdesk.BucketState { return []sellerdesk.BucketState{{Bucket: "all"}} }

func (full) Rewind(string, time.Time) (sellerdesk.Cursor, error) { return "rewound", nil }

func (full) Receive(context.Context, sellerdesk.Push) (sellerdesk.Batch, error) {
	return sellerdesk.Batch{Next: "received"}, nil
}

func TestDescribeTellsWhatAConnectorOffers(t *testing.T) {
	t.Parallel()
	d := channel.Describe(plain{})
	if len(d.Streams) != 1 || d.Fetch != nil || d.Budget != nil || d.Rewind != nil || d.Receive != nil {
		t.Errorf("a plain connector is described as %+v", d)
	}
	d = channel.Describe(full{})
	if d.Fetch == nil || d.Budget == nil || d.Rewind == nil || d.Receive == nil {
		t.Fatal("something optional is missing in the description")
	}
	if f, err := d.Fetch(t.Context(), sellerdesk.RemoteFile{}); err != nil || f.Name != "fetched" {
		t.Errorf("Fetch gives %+v, %v", f, err)
	}
	if c, err := d.Rewind("feed", time.Time{}); err != nil || c != "rewound" {
		t.Errorf("Rewind gives %q, %v", c, err)
	}
}

func TestARosterHoldsOneConnectorForEachAccount(t *testing.T) {
	t.Parallel()
	r := channel.NewRoster()
	if r.Get(1) != nil || len(r.Budget(1)) != 0 || r.Budget(1) == nil {
		t.Error("an empty roster knows an account, or has no empty list for its budget")
	}
	r.Put(1, plain{})
	if len(r.Budget(1)) != 0 {
		t.Error("a connector without a budget has one")
	}
	o := r.Put(1, full{})
	if r.Get(1) != o || o.Account != 1 || len(r.Budget(1)) != 1 {
		t.Error("the second connector does not take the place of the first")
	}
	r.Remove(1)
	r.Remove(2)
	if r.Get(1) != nil {
		t.Error("a removed connector is still there")
	}
}

func TestARosterIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	r := channel.NewRoster()
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			id := sellerdesk.AccountID(n%2 + 1)
			for range 100 {
				r.Put(id, full{})
				r.Budget(id)
				r.Remove(id)
			}
		})
	}
	wait.Wait()
}

func TestClassOf(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	e := &channel.Error{Class: channel.Unknown, Why: sellerdesk.Why{Text: "No answer came."}, Err: cause}
	for _, c := range []struct {
		name string
		err  error
		want channel.Class
	}{
		{"a classed error", e, channel.Unknown},
		{"a classed error in a chain", fmt.Errorf("send: %w", e), channel.Unknown},
		{"another error", cause, ""},
		{"no error", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			class, found := channel.ClassOf(c.err)
			if class != c.want || (found != nil) != (c.want != "") {
				t.Errorf("got %q and %v, want %q", class, found, c.want)
			}
		})
	}
	if !errors.Is(e, cause) {
		t.Error("the cause is not found")
	}
	if got, want := e.Error(), "unknown: No answer came: connection reset"; got != want {
		t.Errorf("the error reads %q, want %q", got, want)
	}
}
