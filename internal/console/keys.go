package console

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newKeys() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "Make keys for programs", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newKeysList(), newKeysCreate(), newKeysRevoke())
	return c
}

func newKeysList() *cobra.Command {
	var user int64
	var every bool
	c := &cobra.Command{
		Use: "list", Short: "List keys: yours, or with the right keys those of others", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			all, err := server.Keys.List(c.Context(), sellerdesk.UserID(user), every)
			if err != nil {
				return Unreachable(err)
			}
			return printList(c, each(all), forever, []string{"ID", "PERSON", "NAME", "BEGINS", "RIGHTS", "LIMIT", "EXPIRES", "USED", "STATE"}, keyCells)
		},
	}
	c.Flags().Int64Var(&user, "user", 0, "those of this person")
	c.Flags().BoolVar(&every, "every", false, "those of everybody")
	c.MarkFlagsMutuallyExclusive("user", "every")
	return c
}

func keyCells(k sellerdesk.Key) []string {
	limit, state := "-", "works"
	if k.Limit > 0 {
		limit = strconv.Itoa(k.Limit) + "/min"
	}
	if k.RevokedAt != nil {
		state = "revoked " + day(k.RevokedAt)
	}
	return []string{digits(k.ID), digits(k.User), Cell(k.Name, 40), k.Prefix, rightWords(k.Rights), limit, day(k.ExpiresAt), day(k.UsedAt), state}
}

func newKeysCreate() *cobra.Command {
	var words []string
	var accounts []int64
	var user int64
	var limit int
	var life time.Duration
	c := &cobra.Command{
		Use: "create NAME", Short: "Make a key; it is shown once", Args: cobra.ExactArgs(1),
		Long:    "Create makes a key that acts for you, or with --user for somebody else, within the person's rights of the moment. The key is printed once.",
		Example: "  sellerdesk keys create ERP --right see,work --account 3 --limit 300 --expires-in 2160h",
		RunE: func(c *cobra.Command, args []string) error {
			rights, err := rightsOf(words)
			if err != nil {
				return err
			}
			n := client.NewKey{Name: args[0], Rights: rights, User: sellerdesk.UserID(user), Accounts: accountIDs(accounts), Limit: limit}
			if life > 0 {
				at := sellerdesk.At(time.Now().Add(life))
				n.ExpiresAt = &at
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			k, err := server.Keys.Create(c.Context(), n)
			if err != nil {
				return Unreachable(err)
			}
			return PrintOne(c, k, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "The key %d, shown this once:\n\n  %s\n", k.ID, cmp.Or(string(k.Secret), "-"))
				return err
			})
		},
	}
	offerRights(c, &words)
	c.Flags().Int64SliceVar(&accounts, "account", nil, "only these accounts")
	c.Flags().Int64Var(&user, "user", 0, "for this person")
	c.Flags().IntVar(&limit, "limit", 0, "requests a minute; 0 for as many as it likes")
	c.Flags().DurationVar(&life, "expires-in", 0, "how long it works, as 720h; 0 for ever")
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
	return c
}

func newKeysRevoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke KEY", Short: "End a key for good", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a key, as sellerdesk keys list tells it.", args[0])
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return Unreachable(server.Keys.Revoke(c.Context(), sellerdesk.KeyID(id)))
		},
	}
}

func newSessions() *cobra.Command {
	c := &cobra.Command{Use: "sessions", Short: "See which browsers are signed in, and sign them out", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newSessionsList(), newSessionsRevoke())
	return c
}

func newSessionsList() *cobra.Command {
	var user int64
	c := &cobra.Command{
		Use: "list", Short: "List the browsers that are signed in: yours, or with the right people those of somebody else", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			all, err := server.Sessions.List(c.Context(), sellerdesk.UserID(user))
			if err != nil {
				return Unreachable(err)
			}
			return printList(c, each(all), forever, []string{"ID", "PERSON", "ADDRESS", "SINCE", "USED", "BROWSER"}, func(s sellerdesk.Session) []string {
				return []string{digits(s.ID), digits(s.User), string(s.Address), day(&s.CreatedAt), day(&s.UsedAt), Cell(string(s.Agent), 60)}
			})
		},
	}
	c.Flags().Int64Var(&user, "user", 0, "those of this person")
	return c
}

func newSessionsRevoke() *cobra.Command {
	var user int64
	var every bool
	c := &cobra.Command{
		Use: "revoke [SESSION]", Short: "Sign a browser out, or with --every all of a person", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if every == (len(args) == 1) {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name one session, or give --every.")
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			if every {
				_, err := server.Sessions.RevokeAll(c.Context(), sellerdesk.UserID(user))
				return Unreachable(err)
			}
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a session, as sellerdesk sessions list tells it.", args[0])
			}
			return Unreachable(server.Sessions.Revoke(c.Context(), sellerdesk.SessionID(id)))
		},
	}
	c.Flags().Int64Var(&user, "user", 0, "of this person (default: you)")
	c.Flags().BoolVar(&every, "every", false, "all of them")
	return c
}
