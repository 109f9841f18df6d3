package console

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newWebhooks() *cobra.Command {
	c := &cobra.Command{Use: "webhooks", Short: "Send events to other programs", Args: cobra.NoArgs, RunE: ShowHelp}
	c.AddCommand(
		newWebhooksList(), newWebhooksAdd(), newWebhooksChange(), newWebhooksRemove(),
		newWebhookVerb("pause", "Stop a webhook; what happens meanwhile is kept for later", (*client.Webhooks).Pause),
		newWebhookVerb("resume", "Start a webhook again where it stopped", (*client.Webhooks).Resume),
		newWebhooksRotate(), newWebhooksTest(), newWebhooksLog(), newWebhooksRedeliver(),
	)
	return c
}

func newWebhooksList() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "List the webhooks", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			all, err := server.Webhooks.List(c.Context())
			if err != nil {
				return Unreachable(err)
			}
			return printWebhooks(c, all...)
		},
	}
	clientFlags(c)
	return c
}

func printWebhooks(c *cobra.Command, hooks ...sellerdesk.Webhook) error {
	return printList(c, each(hooks), forever, []string{"ID", "NAME", "GOES TO", "TELLS", "STATE", "WAITING", "TAKEN", "NOTE"}, func(h sellerdesk.Webhook) []string {
		tells := make([]string, len(h.Kinds))
		for i, k := range h.Kinds {
			tells[i] = string(k)
		}
		if len(tells) == 0 {
			tells = []string{"all"}
		}
		note := string(h.Reason)
		if note == "" && h.FailingSince != nil {
			note = "nothing taken since " + day(h.FailingSince)
		}
		return []string{digits(h.ID), h.Name, hostOf(h.URL), Cell(strings.Join(tells, " "), 40), string(h.State), strconv.Itoa(h.Waiting), day(h.DeliveredAt), note}
	})
}

// hostOf leaves out the path, which may be a secret of the receiver.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "-"
	}
	return u.Scheme + "://" + u.Host
}

// webhookFlags are what a webhook tells.
type webhookFlags struct {
	kinds    []string
	accounts []int64
}

func (f *webhookFlags) offer(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.kinds, "kind", nil, "only these events, as message.created; message.* stands for all of a noun")
	c.Flags().Int64SliceVar(&f.accounts, "account", nil, "only those of these cabinets")
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
	_ = c.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(eventKinds(), cobra.ShellCompDirectiveNoFileComp))
}

func (f *webhookFlags) eventKinds() []sellerdesk.EventKind {
	out := make([]sellerdesk.EventKind, len(f.kinds))
	for i, k := range f.kinds {
		out[i] = sellerdesk.EventKind(k)
	}
	return out
}

func newWebhooksAdd() *cobra.Command {
	var name string
	var flags webhookFlags
	c := &cobra.Command{
		Use: "add URL", Short: "Send events to an address from now on", Args: cobra.ExactArgs(1),
		Long:    "Send events to an address from now on. The secret that the receiver checks the signatures with is shown once.",
		Example: "  sellerdesk webhooks add https://erp.example.org/sellerdesk --name ERP --kind 'message.*'",
		RunE: func(c *cobra.Command, args []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			if name == "" {
				name = hostOf(args[0])
			}
			h, secret, err := server.Webhooks.Create(c.Context(), client.NewWebhook{
				Name: name, URL: args[0], Kinds: flags.eventKinds(), Accounts: accountIDs(flags.accounts),
			})
			if err != nil {
				return Unreachable(err)
			}
			return printSecret(c, h, secret)
		},
	}
	clientFlags(c)
	c.Flags().StringVar(&name, "name", "", "as people see it (default: the host)")
	flags.offer(c)
	return c
}

// printSecret shows a secret to whoever just made it.
func printSecret(c *cobra.Command, h sellerdesk.Webhook, secret sellerdesk.Secret) error {
	type shown struct {
		sellerdesk.Webhook
		Secret sellerdesk.Optional `json:"secret"`
	}
	return PrintOne(c, shown{h, sellerdesk.Optional(secret.Reveal())}, func(w io.Writer) error {
		if secret == "" {
			_, err := fmt.Fprintf(w, "Webhook %d is there, but its secret went astray. Get another one: sellerdesk webhooks rotate %d\n", h.ID, h.ID)
			return err
		}
		_, err := fmt.Fprintf(w, "Webhook %d tells %s. Its secret is shown this once:\n\n  %s\n\n", h.ID, hostOf(h.URL), secret.Reveal())
		if err == nil && h.OldSecretUntil != nil {
			_, err = fmt.Fprintf(w, "The one before is good until %s.\n", day(h.OldSecretUntil))
		}
		return err
	})
}

func newWebhooksChange() *cobra.Command {
	var name, address string
	var flags webhookFlags
	c := &cobra.Command{
		Use: "change ID", Short: "Change the name of a webhook, where it goes or what it tells", Args: cobra.ExactArgs(1),
		Long: "Change the name of a webhook, where it goes or what it tells. --kind '' and --account '' mean all again. " +
			"Whoever changes where it goes or what it tells becomes the person whose rights bound it.",
		RunE: func(c *cobra.Command, args []string) error {
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			var change client.WebhookChange
			if c.Flags().Changed("name") {
				change.Name = &name
			}
			if c.Flags().Changed("url") {
				change.URL = &address
			}
			if c.Flags().Changed("kind") {
				kinds := flags.eventKinds()
				change.Kinds = &kinds
			}
			if c.Flags().Changed("account") {
				accounts := accountIDs(flags.accounts)
				change.Accounts = &accounts
			}
			h, err := server.Webhooks.Change(c.Context(), id, change)
			if err != nil {
				return Unreachable(err)
			}
			return printWebhooks(c, h)
		},
	}
	clientFlags(c)
	c.Flags().StringVar(&name, "name", "", "as people see it")
	c.Flags().StringVar(&address, "url", "", "where it goes")
	flags.offer(c)
	return c
}

// dialWebhook is [dial] for a command about one webhook.
func dialWebhook(c *cobra.Command, text string) (*client.Client, sellerdesk.WebhookID, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return nil, 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is no number of a webhook; see sellerdesk webhooks list.", text)
	}
	server, err := Dial(c)
	return server, sellerdesk.WebhookID(id), err
}

func newWebhooksRemove() *cobra.Command {
	c := &cobra.Command{
		Use: "remove ID", Short: "Remove a webhook with all that is on its way", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			return Unreachable(server.Webhooks.Remove(c.Context(), id))
		},
	}
	clientFlags(c)
	return c
}

// newWebhookVerb is a command that changes the state of a webhook.
func newWebhookVerb(verb, short string, do func(*client.Webhooks, context.Context, sellerdesk.WebhookID) (sellerdesk.Webhook, error)) *cobra.Command {
	c := &cobra.Command{
		Use: verb + " ID", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			h, err := do(server.Webhooks, c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			return printWebhooks(c, h)
		},
	}
	clientFlags(c)
	return c
}

func newWebhooksRotate() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate ID", Short: "Give a webhook another secret; the one before is good for 24 hours", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			h, secret, err := server.Webhooks.Rotate(c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			return printSecret(c, h, secret)
		},
	}
	clientFlags(c)
	return c
}

// testWait is how long a test is waited for: the call and a little more.
const testWait = 20 * time.Second

func newWebhooksTest() *cobra.Command {
	c := &cobra.Command{
		Use: "test ID", Short: "Send a notice and tell what came of it", Args: cobra.ExactArgs(1),
		Long: "Send a notice of the type webhook.test, also while the webhook is paused, and tell what came of it. It ends with 1 when the receiver did not take it.",
		RunE: func(c *cobra.Command, args []string) error {
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			d, err := server.Webhooks.Test(c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			if d, err = settled(c.Context(), server, d); err != nil {
				return Unreachable(err)
			}
			if err := printDelivery(c, d); err != nil {
				return err
			}
			if d.State != sellerdesk.DeliveryDelivered {
				return fmt.Errorf("the receiver did not take it: %s", d.Error)
			}
			return nil
		},
	}
	clientFlags(c)
	return c
}

// settled waits until a delivery is done.
func settled(ctx context.Context, server *client.Client, d sellerdesk.Delivery) (sellerdesk.Delivery, error) {
	deadline := time.Now().Add(testWait)
	for d.State == sellerdesk.DeliveryWaiting && time.Now().Before(deadline) {
		if err := (sellerdesk.Clock{}).Sleep(ctx, 200*time.Millisecond); err != nil {
			return d, err
		}
		next, err := server.Webhooks.Delivery(ctx, d.Webhook, d.ID)
		if err != nil {
			return d, err
		}
		d = next
	}
	return d, nil
}

// printDelivery shows one delivery with its last try.
func printDelivery(c *cobra.Command, d sellerdesk.Delivery) error {
	return PrintOne(c, d, func(w io.Writer) error {
		took := "-"
		if d.TookMS != nil {
			took = strconv.FormatInt(*d.TookMS, 10) + " ms"
		}
		_, err := fmt.Fprintf(w, "%s %s: %s after %d tries, the last took %s. %s\n", d.Kind, d.MsgID, d.State, d.Attempt, took, Cell(string(d.Error), 300))
		for _, part := range []struct {
			title string
			text  sellerdesk.Optional
		}{{"Request", d.Request}, {"Answer", d.Response}} {
			if err == nil && part.text != "" {
				_, err = fmt.Fprintf(w, "\n%s:\n%s\n", part.title, safe(string(part.text)))
			}
		}
		return err
	})
}

func newWebhooksLog() *cobra.Command {
	var state string
	var limit int
	c := &cobra.Command{
		Use: "log ID [DELIVERY]", Short: "List what was sent and what waits, or show one delivery with its last try", Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			if len(args) == 2 {
				ids, err := deliveryIDs(args[1:])
				if err != nil {
					return err
				}
				d, err := server.Webhooks.Delivery(c.Context(), id, ids[0])
				if err != nil {
					return Unreachable(err)
				}
				return printDelivery(c, d)
			}
			q := client.DeliveryQuery{State: sellerdesk.DeliveryState(state), Limit: 200}
			if limit > forever && limit < q.Limit {
				q.Limit = limit
			}
			heads := []string{"ID", "EVENT", "KIND", "KEY", "STATE", "TRIES", "STATUS", "HAPPENED", "DONE", "NEXT TRY", "NOTE"}
			return printList(c, server.Webhooks.AllDeliveries(c.Context(), id, q), limit, heads, func(d sellerdesk.Delivery) []string {
				status := "-"
				if d.Status != nil {
					status = strconv.Itoa(*d.Status)
				}
				return []string{
					digits(d.ID), digits(d.Event), string(d.Kind), d.Key, string(d.State), strconv.Itoa(d.Attempt), status,
					day(&d.At), day(d.DoneAt), day(d.DueAt), Cell(string(d.Error), 60),
				}
			})
		},
	}
	clientFlags(c)
	c.Flags().StringVar(&state, "state", "", "only those that are waiting, delivered or failed")
	c.Flags().IntVar(&limit, "limit", 50, "how many, 0 for all that are kept")
	_ = c.RegisterFlagCompletionFunc("state", cobra.FixedCompletions([]string{"waiting", "delivered", "failed"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func deliveryIDs(args []string) ([]sellerdesk.DeliveryID, error) {
	out := make([]sellerdesk.DeliveryID, len(args))
	for i, text := range args {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is no number of a delivery; see sellerdesk webhooks log.", text)
		}
		out[i] = sellerdesk.DeliveryID(id)
	}
	return out, nil
}

func newWebhooksRedeliver() *cobra.Command {
	var from, to int64
	c := &cobra.Command{
		Use: "redeliver ID [DELIVERY...]", Short: "Send deliveries again, or those of a range of events", Args: cobra.MinimumNArgs(1),
		Example: "  sellerdesk webhooks redeliver 1 812 813\n  sellerdesk webhooks redeliver 1 --from 5000 --to 5600",
		RunE: func(c *cobra.Command, args []string) error {
			ids, err := deliveryIDs(args[1:])
			if err != nil {
				return err
			}
			server, id, err := dialWebhook(c, args[0])
			if err != nil {
				return err
			}
			var n int
			if len(ids) > 0 {
				n, err = server.Webhooks.Redeliver(c.Context(), id, ids...)
			} else {
				n, err = server.Webhooks.RedeliverRange(c.Context(), id, from, to)
			}
			if err != nil {
				return Unreachable(err)
			}
			return PrintOne(c, map[string]int{"count": n}, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "%d are sent again.\n", n)
				return err
			})
		},
	}
	clientFlags(c)
	c.Flags().Int64Var(&from, "from", 0, "number of the first event")
	c.Flags().Int64Var(&to, "to", 0, "number of the last event")
	return c
}
