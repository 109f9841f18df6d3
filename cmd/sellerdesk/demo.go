package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// listed is how many conversations the demo shows before it calls itself ready.
	listed = 20
	// demoOwner is the person whom a demo belongs to.
	demoOwner sellerdesk.UserID = 1
)

func newDemo() *cobra.Command {
	var w world
	c := &cobra.Command{
		Use:   "demo",
		Short: "Work in a live inbox with made-up buyers",
		Long: "Demo serves the inbox together with a sandbox whose buyers write by themselves.\n" +
			"Nothing leaves this machine. The data goes away at the end unless --data names a folder.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set, err := console.Load(c)
			if err != nil {
				return err
			}
			if err := w.check(); err != nil {
				return err
			}
			o := demoOptions{world: w, Config: set, Live: true}
			if !c.Flags().Changed(config.Data) {
				o.Data = "" // the variable is for serve: a demo never mixes with real cabinets by accident
			}
			return runDemo(c.Context(), o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	console.Offer(c, config.Listen, config.SandboxListen, config.APIKey)
	console.OfferAs(c, config.Log, "warn")
	c.Flags().String(config.Data, "", "folder to keep the data in, not used before (default: a new temporary folder that goes away at the end)")
	w.offer(c)
	return c
}

// demoOptions say how a demo is built.
type demoOptions struct {
	world
	config.Config
	Live bool // buyers write by themselves
}

// demo is a program and the world it plays with.
type demo struct {
	*program
	Box    *box
	APIKey sellerdesk.Secret

	temporary string // folder to remove at the end
	ready     atomic.Bool
}

func runDemo(ctx context.Context, o demoOptions, stdout, stderr io.Writer) error {
	d, err := openDemo(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer d.Close()
	d.describe(stdout)
	d.showFirstReading(stderr)
	return d.Run(ctx)
}

// openDemo builds a demo; nothing runs before Run.
func openDemo(ctx context.Context, o demoOptions, stderr io.Writer) (_ *demo, err error) {
	d := &demo{APIKey: o.APIKey}
	defer func() {
		if err != nil {
			d.removeData()
		}
	}()
	if d.APIKey == "" {
		d.APIKey = sellerdesk.Secret(rand.Text())
	}
	if o.Data == "" {
		if o.Data, err = os.MkdirTemp("", "sellerdesk-demo-"); err != nil {
			return nil, diskTrouble(os.TempDir(), err)
		}
		d.temporary = o.Data
	}
	if err := neverUsed(o.Data); err != nil {
		return nil, err
	}
	log := logger(stderr, o.Log)
	d.Box, err = openSandbox(sandboxOptions{world: o.world, Listen: o.SandboxListen, Live: o.Live, Log: log})
	if err != nil {
		return nil, err
	}
	d.program, err = open(ctx, options{
		Listen: o.Listen, Data: o.Data, APIKey: d.APIKey, Clock: d.Box.clock(), Demo: true, Ready: d.ready.Load, Log: log,
	})
	if err != nil {
		_ = d.Box.Close()
		return nil, err
	}
	d.running = append(d.running, d.Box.Run, d.addCabinets, d.awaitConversations, d.acquaint)
	return d, nil
}

// neverUsed refuses a folder with a database. Buyers end with their demo, and
// those of the next bear the same ids: their words would be taken for changes
// of what is kept. In a folder of serve they would stand among real cabinets.
func neverUsed(data string) error {
	_, err := os.Stat(filepath.Join(data, databaseFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return diskTrouble(data, err)
	}
	return sellerdesk.Errorf(sellerdesk.CodeConflict,
		"%s was used before, and the buyers of a demo end with it. Name an empty folder, or look at what is there with sellerdesk serve --data %s.", data, data)
}

// Close gives everything back and removes the temporary folder.
func (d *demo) Close() error {
	err := d.program.Close()
	_ = d.Box.Close()
	d.removeData()
	return err
}

func (d *demo) removeData() {
	if d.temporary != "" {
		_ = os.RemoveAll(d.temporary) // the system clears its temporary folder in the end
	}
}

// addCabinets adds the cabinets of the world and gives it the addresses for
// pushes, as a person would do where the channel cannot ask for them itself.
func (d *demo) addCabinets(ctx context.Context) error {
	for _, a := range d.Box.World.State().Accounts {
		credentials := map[string]sellerdesk.Secret{"token": sellerdesk.Secret(a.Token)}
		added, err := d.Desk.Accounts.Add(ctx, desk.AddAccount{
			Channel: sellerdesk.ChannelKind(a.API), Name: a.Name, BaseURL: d.Box.URL + "/" + a.API, Credentials: credentials,
		})
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("add the cabinet %s of the sandbox: %w", a.Name, err)
		}
		if err == nil && added.Push != nil && !subscribes(added.Channel, credentials, d.options.Log) {
			err = d.Box.pushTo(ctx, a, d.URL+added.Push.Address)
		}
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("let the cabinet %s of the sandbox push: %w", a.Name, err)
		}
	}
	return nil
}

// subscribes tells whether a channel asks its remote side for pushes by itself.
func subscribes(kind sellerdesk.ChannelKind, credentials map[string]sellerdesk.Secret, log *slog.Logger) bool {
	i := slices.IndexFunc(drivers(), func(d channel.Driver) bool { return d.Kind == kind })
	if i < 0 {
		return false
	}
	c, err := drivers()[i].Open(channel.Settings{Credentials: credentials, Log: log})
	return err == nil && channel.Describe(c).Subscribe != nil
}

// awaitConversations makes the demo ready once enough conversations are listed,
// or all there are in a small world.
func (d *demo) awaitConversations(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if enough, err := d.enough(ctx); err == nil && enough {
			d.ready.Store(true)
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *demo) enough(ctx context.Context) (bool, error) {
	var items []sellerdesk.Conversation
	var accounts []sellerdesk.Account
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if items, _, err = tx.Conversations.List(ctx, store.ConversationQuery{User: demoOwner, Limit: listed}); err != nil {
			return err
		}
		accounts, err = tx.Accounts.List(ctx)
		return err
	})
	if err != nil || len(items) >= listed {
		return err == nil, err
	}
	unread := func(s sellerdesk.StreamProgress) bool { return !s.CaughtUp }
	for _, a := range accounts {
		opened := d.roster.Get(a.ID)
		if opened == nil || len(a.Streams) < len(opened.Streams) || slices.ContainsFunc(a.Streams, unread) {
			return false, nil
		}
	}
	return len(accounts) == len(d.Box.World.State().Accounts), nil
}

func (d *demo) describe(w io.Writer) {
	kept := d.options.Data
	if d.temporary != "" {
		kept += " (goes away at the end)"
	}
	fmt.Fprintf(w, `Sellerdesk demo

  Inbox            %s/
  Play the buyer   %s/
  API              %s/v1/   Authorization: Bearer %s
  Data             %s

The buyers write by themselves; write to one of them, or play one on the second page.
Stop with Ctrl+C.
`, d.URL, d.Box.URL, d.URL, d.APIKey.Reveal(), kept)
}
