package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newEvents() *cobra.Command {
	var follow bool
	var after int64
	var kinds []string
	var accounts []int64
	c := &cobra.Command{
		Use:   "events",
		Short: "Tell what happened, or what happens",
		Long: "Tell the events after a number, the oldest first, or, with --follow, those that happen until it is stopped; without --after that begins now. " +
			"A broken connection is made again, and nothing is lost by that. When events were missed all the same, because the server no longer keeps them, " +
			"a line says resync (with --json, {\"resync\":true}): load everything again. It ends with 0 when it is stopped.",
		Example: "  sellerdesk events --follow --kind message.created --json\n  sellerdesk events --after 120 --kind 'message.*'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, k := range kinds {
				if _, err := path.Match(k, ""); err != nil {
					return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--kind: %q is no kind of event.", k)
				}
			}
			server, err := dial(c)
			if err != nil {
				return err
			}
			if !follow {
				return tellEvents(c, wanted(kinds, accounts, past(c.Context(), server, max(after, 0))))
			}
			return tellEvents(c, wanted(kinds, accounts, server.Events.Follow(c.Context(), after)))
		},
	}
	clientFlags(c)
	c.Flags().BoolVar(&follow, "follow", false, "go on with what happens until it is stopped")
	c.Flags().Int64Var(&after, "after", client.Now, "number of the last event that is known; 0 for the oldest kept")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "only these, as message.created; message.* stands for all of a noun")
	c.Flags().Int64SliceVar(&accounts, "account", nil, "only those of these cabinets")
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
	_ = c.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(eventKinds(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func eventKinds() (names []string) {
	for _, k := range sellerdesk.EventKinds() {
		names = append(names, string(k))
	}
	return names
}

// past gives the events after a number up to the newest.
func past(ctx context.Context, server *client.Client, after int64) iter.Seq2[sellerdesk.Event, error] {
	return func(yield func(sellerdesk.Event, error) bool) {
		for {
			p, err := server.Events.List(ctx, after, 200)
			if err == nil && p.Lost && !yield(sellerdesk.Event{}, client.ErrResync) {
				return
			}
			if err != nil {
				yield(sellerdesk.Event{}, err)
				return
			}
			for _, e := range p.Items {
				if !yield(e, nil) {
					return
				}
			}
			if after = p.Next; len(p.Items) == 0 {
				return
			}
		}
	}
}

// wanted lets through what the flags name; none means all.
func wanted(kinds []string, accounts []int64, events iter.Seq2[sellerdesk.Event, error]) iter.Seq2[sellerdesk.Event, error] {
	kind := func(e sellerdesk.Event) bool {
		for _, k := range kinds {
			if ok, err := path.Match(k, string(e.Kind)); err == nil && ok {
				return true
			}
		}
		return len(kinds) == 0
	}
	account := func(e sellerdesk.Event) bool {
		for _, id := range accounts {
			if e.Account != nil && *e.Account == sellerdesk.AccountID(id) {
				return true
			}
		}
		return len(accounts) == 0
	}
	return func(yield func(sellerdesk.Event, error) bool) {
		for e, err := range events {
			if (err != nil || kind(e) && account(e)) && !yield(e, err) {
				return
			}
		}
	}
}

// tellEvents prints a line for each event at once. That it is stopped is no
// error.
func tellEvents(c *cobra.Command, events iter.Seq2[sellerdesk.Event, error]) error {
	for e, err := range events {
		switch {
		case errors.Is(err, client.ErrResync):
			err = printOne(c, map[string]bool{"resync": true}, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, "resync: events were missed; load everything again")
				return err
			})
		case err != nil && c.Context().Err() != nil:
			return nil
		case err != nil:
			return unreachable(err)
		default:
			err = printOne(c, e, func(w io.Writer) error { _, err := fmt.Fprintln(w, eventLine(e)); return err })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func eventLine(e sellerdesk.Event) string {
	at := e.At
	parts := []string{fmt.Sprintf("%d  %s  %-22s", e.Seq, day(&at), e.Kind)}
	if e.Account != nil {
		parts = append(parts, fmt.Sprintf("cabinet %d", *e.Account))
	}
	if e.Conversation != nil {
		parts = append(parts, fmt.Sprintf("conversation %d", *e.Conversation))
	}
	if len(e.Data) > 0 && string(e.Data) != "null" {
		parts = append(parts, cell(string(e.Data), 120))
	}
	return strings.Join(parts, "  ")
}
