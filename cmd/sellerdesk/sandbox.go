package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

func newSandbox() *cobra.Command {
	var w world
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the world to play in, without the product",
		Long:  "Sandbox plays the remote sides: cabinets, buyers, limits and troubles on order.\nA page plays the buyer and the seller's own cabinet.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set, err := console.Load(c)
			if err != nil {
				return err
			}
			if err := w.check(); err != nil {
				return err
			}
			address := set.SandboxListen
			if c.Flags().Changed(config.Listen) {
				address = set.Listen
			}
			b, err := openSandbox(sandboxOptions{world: w, Listen: address, Live: true, Log: logger(c.ErrOrStderr(), set.Log)})
			if err != nil {
				return err
			}
			b.describe(c.OutOrStdout())
			return b.Run(c.Context())
		},
	}
	own := config.Find(config.SandboxListen)
	c.Flags().String(config.Listen, own.Default, fmt.Sprintf("%s (%s)", own.Usage, own.Variable()))
	console.Offer(c, config.Log)
	w.offer(c)
	return c
}

// box is a world that is served.
type box struct {
	World *sandbox.World
	URL   string // base address, without a slash at the end

	listener net.Listener
	http     *http.Server
	stopped  chan struct{} // closed by stop
}

type sandboxOptions struct {
	world
	Listen string
	Live   bool // buyers write by themselves
	Log    *slog.Logger
}

// openSandbox makes a world and takes its address; nobody is answered before
// Run.
func openSandbox(o sandboxOptions) (*box, error) {
	w, err := sandbox.New(o.seed, sandbox.Options{Messages: o.messages, Scale: o.scale, Live: o.Live, Log: o.Log})
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The world cannot be made: %v.", err)
	}
	for _, side := range remoteSides() {
		side.mount(w)
	}
	l, err := listen(o.Listen)
	if err != nil {
		return nil, err
	}
	return &box{
		World:    w,
		URL:      "http://" + l.Addr().String(),
		listener: l,
		stopped:  make(chan struct{}),
		http:     &http.Server{Handler: w.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)},
	}, nil
}

// clock is the time of the world, for the product that plays with it.
func (b *box) clock() sellerdesk.Clock {
	c := b.World.Clock()
	return sellerdesk.Clock{NowFunc: c.Now, TimerFunc: c.NewTimer}
}

// pushTo lets a cabinet of the world push to an address.
func (b *box) pushTo(ctx context.Context, a sandbox.AccountState, address string) error {
	body, err := json.Marshal(map[string]string{"api": a.API, "account": a.Name, "address": address})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.URL+"/_sandbox/push", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(w.Body, 1<<10))
		return fmt.Errorf("the sandbox answers %d: %s", w.StatusCode, why)
	}
	return nil
}

// Run serves the world until ctx ends.
func (b *box) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		select {
		case <-b.stopped:
			cancel()
		case <-ctx.Done():
		}
		return nil
	})
	g.Go(func() error { return b.World.Run(ctx) })
	g.Go(func() error {
		if err := b.http.Serve(b.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the sandbox: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		return b.http.Close() // nobody's data is here: nothing to wait for
	})
	return g.Wait()
}

// stop ends a world that is served; it is called once.
func (b *box) stop() { close(b.stopped) }

// Close gives back the address of a world that is not served.
func (b *box) Close() error { return b.listener.Close() }

func (b *box) describe(w io.Writer) {
	fmt.Fprintf(w, "Sandbox: %s/ plays the buyer and the seller's own cabinet.\n\nCabinets:\n", b.URL)
	for _, a := range b.World.State().Accounts {
		fmt.Fprintf(w, "  %s (%s), base address %s/%s\n    token %s\n", a.Name, a.API, b.URL, a.API, a.Token)
	}
}

// listen takes an address, with a sentence for a person when it cannot be had.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "%s cannot be listened on: %v. Choose another address.", address, console.Cause(err)).Because(err)
	}
	return l, nil
}
