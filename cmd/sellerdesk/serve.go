package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/bulk"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/desk/labelling"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/health"
	"github.com/sellerdesk/sellerdesk/internal/hooks"
	"github.com/sellerdesk/sellerdesk/internal/live"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/pull"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/send"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/web"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/waking"
)

// drain is how long a shutdown may take: requests end, sends on their way get
// their answers.
const drain = 15 * time.Second

func newServe() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the inbox",
		Long: "Serve works on one data folder (or one PostgreSQL database) until it is stopped.\n" +
			"On an empty folder it prints a one-time link for the owner; until the owner has set a password it listens on this machine only.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set, err := console.Load(c)
			if err != nil {
				return err
			}
			clock, err := clockOf(c)
			if err != nil {
				return err
			}
			p, err := open(c.Context(), options{
				Listen: set.Listen, Data: set.Data, Database: set.Database, APIKey: set.APIKey, PublicURL: set.PublicURL,
				Clock: clock, Log: logger(c.ErrOrStderr(), set.Log), PrivateWebhooks: set.AllowPrivateWebhooks,
			})
			if err != nil {
				return err
			}
			defer p.Close()
			if err := p.welcome(c.Context(), c.OutOrStdout()); err != nil {
				return err
			}
			p.showFirstReading(c.ErrOrStderr())
			return p.Run(c.Context())
		},
	}
	console.Offer(c, config.Listen, config.Data, config.Database, config.APIKey, config.PublicURL, config.Log)
	console.OfferSwitch(c, config.AllowPrivateWebhooks)
	offerTestClock(c)
	return c
}

// options say how a program is built. The zero value with Data works: a free
// port of the loopback, the system clock, no key.
type options struct {
	Listen   string // "" takes a free port of the loopback
	Data     string
	Database sellerdesk.Secret
	APIKey   sellerdesk.Secret
	// PublicURL is where others reach the server; a demo, whose others are on this
	// machine, needs none.
	PublicURL string
	// PrivateWebhooks lets webhooks go to this machine and to private networks; a
	// demo lets them go to this machine.
	PrivateWebhooks bool
	Clock           sellerdesk.Clock
	// Demo signs in whoever opens the first page from this machine, and answers
	// no other host. /healthz waits for Ready.
	Demo  bool
	Ready func() bool // nil: ready at once
	Log   *slog.Logger
	// HTTPClient makes the calls to remote sides; nil means the connectors' own.
	HTTPClient *http.Client
}

// program is everything that runs, as commands and tests start it.
type program struct {
	URL   string // base address of the server, without a slash at the end
	Store *store.Store
	Desk  *desk.Desk

	options  options
	roster   *channel.Roster
	hub      *live.Hub
	pull     *pull.Engine
	fetcher  *pull.Fetcher
	sender   *send.Sender
	hooks    *hooks.Worker
	server   *server.Server
	http     *http.Server
	listener net.Listener
	figures  *health.Metrics
	monitor  *health.Monitor
	checker  *health.Checker
	running  []func(context.Context) error // further work of the command

	rehearsal *trial // nil in a demo
}

// open builds the program from bottom to top and takes its address. Nothing
// runs before Run. Every error is one sentence for a person.
func open(ctx context.Context, o options) (_ *program, err error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p := &program{options: o}
	defer func() {
		if err != nil {
			_ = p.Close()
		}
	}()

	// What is kept: the key, the database, the bytes of files.
	if err := errors.Join(dataFolder(o.Data), dropUnfinishedKeys(o.Data)); err != nil {
		return nil, err
	}
	keys, err := sealingKeys(o.Data)
	if err != nil {
		return nil, err
	}
	p.figures = health.NewMetrics(health.Build{Version: console.ThisBuild().Version, Revision: console.ThisBuild().Commit, Go: console.ThisBuild().Go})
	p.monitor = health.NewMonitor(p.figures, o.Clock)
	p.hub = live.New(live.Options{Clock: o.Clock, Log: o.Log})
	p.Store, err = store.Open(ctx, store.Options{
		Path: filepath.Join(o.Data, databaseFile), URL: o.Database.Reveal(), Key: keys[0], OldKeys: keys[1:],
		Clock: o.Clock, Announce: p.hub.Announce, Log: o.Log, Observe: p.monitor.Transaction,
	})
	if err != nil {
		return nil, err
	}
	blobs, err := media.New(filepath.Join(o.Data, blobsFolder))
	if err != nil {
		return nil, err
	}

	// What works: reading, sending, and the verbs that tell them what to do.
	p.employ(blobs)
	if err := p.Desk.Secrets.Finish(ctx); err != nil {
		o.Log.Error("a change of the sealing key that was cut short could not be finished", "op", "secrets", "err", err)
	}
	trial := p.rehearse(ctx)
	if err := p.Desk.Accounts.OpenAll(ctx); err != nil {
		return nil, err
	}

	// What is seen: the API, the screens, how all of it fares.
	p.checker = health.NewChecker(p.monitor, p.Store, p.roster, &health.Disk{Dir: o.Data})
	p.figures.House(p.checker)
	p.server = server.New(server.Deps{
		Store: p.Store, Desk: p.Desk, Live: p.hub, Roster: p.roster, Media: blobs, Clock: o.Clock, Log: o.Log,
		APIKey: o.APIKey, LoopbackSession: o.Demo, Version: console.ThisBuild().Version,
		Served: p.figures.Request, Unready: p.checker.Ready, Status: p.checker.Status, Metrics: p.figures.Handler(), Trial: trial, Proxied: o.PublicURL != "",
	})
	p.figures.Streams(p.server.Streams)
	api.Mount(p.server)
	if err := web.Mount(p.server); err != nil {
		return nil, fmt.Errorf("mount the screens: %w", err)
	}
	p.http = p.server.HTTPServer()
	p.http.Handler = p.gate(p.http.Handler)
	return p, p.listen(ctx)
}

// employ builds what works on the store.
func (p *program) employ(blobs *media.Dir) {
	o, roster := p.options, channel.NewRoster()
	p.roster = roster
	reading := pull.Deps{Store: p.Store, Roster: roster, Live: p.hub, Clock: o.Clock, Log: o.Log, Address: p.publicURL, Pulled: p.monitor.Pulled, Found: p.monitor.Found}
	p.pull = pull.New(reading)
	p.fetcher = pull.NewFetcher(reading, blobs)
	p.sender = send.New(send.Deps{Store: p.Store, Roster: roster, Media: blobs, Live: p.hub, Clock: o.Clock, Log: o.Log})
	p.Desk = desk.New(desk.Deps{
		Store: p.Store, Roster: roster, Drivers: drivers(), Media: blobs, Clock: o.Clock, Log: o.Log,
		HTTPClient: o.HTTPClient, Watch: p.monitor.Client, Look: p.pull.Look, Keys: keyFileOf(o.Data),
		Reach: reachable(o),
	})
	p.hooks = hooks.New(hooks.Deps{Store: p.Store, Live: p.hub, Access: p.Desk.Users.Access, Reach: reachable(o), Clock: o.Clock, Log: o.Log})
}

// rehearse offers a world of made-up buyers, which a demo is already, and removes
// what an earlier one left.
func (p *program) rehearse(ctx context.Context) *server.Trial {
	if p.options.Demo {
		return nil
	}
	t := newTrial(p)
	p.rehearsal = t
	if err := t.end(ctx); err != nil {
		p.options.Log.Error("the cabinets of the last trial could not be removed", "op", "trial", "err", err)
	}
	p.running = append(p.running, t.Run)
	return t.screens()
}

// reachable says how near the addresses may be that people make it call.
func reachable(o options) reach.Guard {
	switch {
	case o.PrivateWebhooks:
		return reach.Guard{Level: reach.Private}
	case o.Demo:
		return reach.Guard{Level: reach.Loopback}
	default:
		return reach.Guard{}
	}
}

// listen takes the address. Without an owner anybody who finds the server could
// become one, so that it is not shown to other machines.
func (p *program) listen(ctx context.Context) error {
	owner, err := p.Desk.Users.HasOwner(ctx)
	if err != nil {
		return fmt.Errorf("look for the owner: %w", err)
	}
	if (!owner || p.options.Demo) && !config.Loopback(p.options.Listen) {
		if p.options.Demo {
			return sellerdesk.Errorf(sellerdesk.CodeForbidden, "The demo asks nobody to sign in and listens on this machine only, not on %s.", p.options.Listen)
		}
		return sellerdesk.Errorf(sellerdesk.CodeForbidden, "There is no owner yet, so Sellerdesk does not listen on %s. Start it with --listen 127.0.0.1:8484, open the one-time link and set a password, then choose the other address.", p.options.Listen)
	}
	p.listener, err = listen(p.options.Listen)
	if err != nil {
		return err
	}
	p.URL = "http://" + p.listener.Addr().String()
	return nil
}

// publicURL is where remote sides may push to; "" where they cannot.
func (p *program) publicURL() string {
	if p.options.Demo && p.options.PublicURL == "" {
		return p.URL
	}
	return p.options.PublicURL
}

// gate holds /healthz back until the program is ready.
func (p *program) gate(next http.Handler) http.Handler {
	if p.options.Ready == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" && !p.options.Ready() {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, `{"status":"starting"}`)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Run works until ctx ends or a part of the program cannot go on; the first
// error stops all parts. Parts that do not end in time are left behind with an
// error; what they had not finished stands in the database.
func (p *program) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := p.http.Serve(p.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		return p.hangUp()
	})
	for name, run := range map[string]func(context.Context) error{
		"store": p.Store.Hold, "live": func(ctx context.Context) error { return p.hub.Run(ctx, p.Store) },
		"pull": p.pull.Run, "fetch": p.fetcher.Run, "send": p.sender.Run, "webhooks": p.hooks.Run, "uses": p.Desk.Sessions.Run,
		"search": p.Desk.Search.Run, "bulk": bulk.New(bulk.Deps{Jobs: p.Desk.Jobs, Live: p.hub, Clock: p.options.Clock, Log: p.options.Log}).Run,
		"tasks": talking.NewClerk(p.Store, p.options.Clock, p.options.Log).Run,
		"sweep": labelling.NewSweeper(p.Store, p.options.Clock, p.options.Log).Run,
		"wake":  waking.New(waking.Deps{Handling: p.Desk.Handling, Live: p.hub, Clock: p.options.Clock, Log: p.options.Log}).Run,
	} {
		watched := p.monitor.Alive(name, run)
		g.Go(func() error { return watched(ctx) })
	}
	for _, work := range p.running {
		g.Go(func() error { return work(ctx) })
	}

	ended := make(chan error, 1)
	go func() { ended <- g.Wait() }()
	<-ctx.Done()
	select {
	case err := <-ended:
		return err
	case <-time.After(drain):
		return sellerdesk.Errorf(sellerdesk.CodeInternal, "Some work did not end within %s and was cut off; it is taken up again at the next start.", drain)
	}
}

// hangUp lets requests end and takes no new ones.
func (p *program) hangUp() error {
	p.server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), drain-5*time.Second)
	defer cancel()
	if err := p.http.Shutdown(ctx); err != nil {
		_ = p.http.Close() // the rest is cut off
	}
	return nil
}

// Close gives back what open took. It is called after Run, or instead of it.
func (p *program) Close() error {
	var errs []error
	if p.listener != nil {
		if err := p.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if p.Store != nil {
		errs = append(errs, p.Store.Close())
	}
	return errors.Join(errs...)
}

// welcome says where the inbox is, and how the owner gets in for the first time.
func (p *program) welcome(ctx context.Context, w io.Writer) error {
	owner, err := p.Desk.Users.HasOwner(ctx)
	if err != nil {
		return fmt.Errorf("look for the owner: %w", err)
	}
	if owner {
		fmt.Fprintf(w, "Sellerdesk is at %s/\n", p.URL)
		return nil
	}
	token, err := p.Desk.Users.OwnerLink(ctx)
	if err != nil {
		return fmt.Errorf("make the owner's link: %w", err)
	}
	fmt.Fprintf(w, "Sellerdesk is at %s/\n\nNobody owns it yet. Open this link within 24 hours and choose a password (it works once):\n\n  %s%s%s\n\n",
		p.URL, p.URL, server.LinkPath, token)
	return nil
}
