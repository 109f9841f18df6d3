package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newEvents() *cobra.Command {
	var follow bool
	var after, conversation int64
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
			filter := client.EventFilter{Accounts: accountIDs(accounts), Conversation: sellerdesk.ConversationID(conversation)}
			var err error
			if filter.Kinds, err = wantedKinds(kinds); err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			events := server.Events.Only(filter)
			if !follow {
				return tellEvents(c, past(c.Context(), events, max(after, 0)))
			}
			return tellEvents(c, events.Follow(c.Context(), after))
		},
	}
	clientFlags(c)
	c.Flags().BoolVar(&follow, "follow", false, "go on with what happens until it is stopped")
	c.Flags().Int64Var(&after, "after", client.Now, "number of the last event that is known; 0 for the oldest kept")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "only these, as message.created; message.* stands for all of a noun")
	c.Flags().Int64SliceVar(&accounts, "account", nil, "only those of these cabinets")
	c.Flags().Int64Var(&conversation, "conversation", 0, "only those of this conversation")
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
func past(ctx context.Context, log *client.Events, after int64) iter.Seq2[sellerdesk.Event, error] {
	return func(yield func(sellerdesk.Event, error) bool) {
		for {
			p, err := log.List(ctx, after, 200)
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
			if len(p.Items) == 0 && p.Next <= after {
				return
			}
			after = p.Next
		}
	}
}

// wantedKinds gives the kinds that patterns name, as message.*; none for all.
func wantedKinds(patterns []string) (kinds []sellerdesk.EventKind, err error) {
	for _, p := range patterns {
		before := len(kinds)
		for _, k := range sellerdesk.EventKinds() {
			if ok, err := path.Match(p, string(k)); err == nil && ok && !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
		if len(kinds) == before {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "--kind: %q is no kind of event; there are %s.", p, strings.Join(eventKinds(), ", "))
		}
	}
	return kinds, nil
}

// tellEvents prints a line for each event at once. That it is stopped is no
// error.
func tellEvents(c *cobra.Command, events iter.Seq2[sellerdesk.Event, error]) error {
	for e, err := range events {
		switch {
		case errors.Is(err, client.ErrResync):
			err = PrintOne(c, map[string]bool{"resync": true}, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, "resync: events were missed; load everything again")
				return err
			})
		case err != nil && c.Context().Err() != nil:
			return nil
		case err != nil:
			return Unreachable(err)
		default:
			err = PrintOne(c, e, func(w io.Writer) error { _, err := fmt.Fprintln(w, eventLine(e)); return err })
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
		parts = append(parts, Cell(string(e.Data), 120))
	}
	return strings.Join(parts, "  ")
}
