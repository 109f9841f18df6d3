package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newExport() *cobra.Command {
	c := &cobra.Command{
		Use:   "export",
		Short: "Take conversations, messages or the audit away as a file",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	c.AddCommand(newExportConversations(), newExportMessages(), newExportAudit())
	return c
}

func newExportConversations() *cobra.Command {
	var f filters
	var to exportFile
	c := &cobra.Command{
		Use:     "conversations",
		Short:   "Export conversations, with the filters of conversations list",
		Example: "  sellerdesk export conversations --kind review --rating 1,2 --format csv --bom -o reviews.csv",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q, err := f.query(c)
			if err != nil {
				return err
			}
			return to.write(c, func(ctx context.Context, server *client.Client, w io.Writer) error {
				return server.Exports.WriteConversations(ctx, q, to.format, w)
			})
		},
	}
	f.offer(c)
	to.offer(c)
	return c
}

func newExportMessages() *cobra.Command {
	var to exportFile
	var conversation int64
	var f filters
	c := &cobra.Command{
		Use:     "messages",
		Short:   "Export messages",
		Example: "  sellerdesk export messages --account 2 --from 2026-11-01 -o messages.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			base, err := f.query(c)
			if err != nil {
				return err
			}
			q := client.MessageQuery{
				Kinds: base.Kinds, Channels: base.Channels, Accounts: base.Accounts, From: base.From, To: base.To,
				Conversation: sellerdesk.ConversationID(conversation),
			}
			return to.write(c, func(ctx context.Context, server *client.Client, w io.Writer) error {
				return server.Exports.WriteMessages(ctx, q, to.format, w)
			})
		},
	}
	set := c.Flags()
	set.StringSliceVar(&f.kinds, "kind", nil, "kinds of their conversations: chat, question, review or claim")
	set.StringSliceVar(&f.channels, "channel", nil, "channels, see sellerdesk accounts list")
	set.Int64SliceVar(&f.accounts, "account", nil, "numbers of cabinets, see sellerdesk accounts list")
	set.Int64Var(&conversation, "conversation", 0, "only those of this conversation")
	set.StringVar(&f.from, "from", "", "written then or later: a day, or a moment")
	set.StringVar(&f.to, "to", "", "written then or earlier; a day counts whole")
	completeFilters(c)
	to.offer(c)
	return c
}

func newExportAudit() *cobra.Command {
	var to exportFile
	var kinds []string
	var account, conversation int64
	var from, until string
	c := &cobra.Command{
		Use:     "audit",
		Short:   "Export who did what",
		Example: "  sellerdesk export audit --kind text.sent --from 2026-11-01 --format csv -o said.csv",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q := client.AuditQuery{Kinds: named[sellerdesk.AuditKind](kinds), Account: sellerdesk.AccountID(account), Conversation: sellerdesk.ConversationID(conversation)}
			var err error
			if q.From, err = moment("--from", from, false); err == nil {
				q.To, err = moment("--to", until, true)
			}
			if err != nil {
				return err
			}
			return to.write(c, func(ctx context.Context, server *client.Client, w io.Writer) error {
				return server.Exports.WriteAudit(ctx, q, to.format, w)
			})
		},
	}
	set := c.Flags()
	set.StringSliceVar(&kinds, "kind", nil, "kinds of entries, as text.sent")
	set.Int64Var(&account, "account", 0, "number of a cabinet, see sellerdesk accounts list")
	set.Int64Var(&conversation, "conversation", 0, "number of a conversation")
	set.StringVar(&from, "from", "", "done then or later: a day, or a moment")
	set.StringVar(&until, "to", "", "done then or earlier; a day counts whole")
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
	to.offer(c)
	return c
}

// exportFile is where an export goes and how it is written.
type exportFile struct {
	format client.Format
	path   string
}

func (e *exportFile) offer(c *cobra.Command) {
	c.Flags().StringVar(&e.format.Name, "format", "jsonl", "jsonl (a JSON value on each line) or csv")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"jsonl", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	e.offerTable(c)
}

// offerTable is offer for what is always a table.
func (e *exportFile) offerTable(c *cobra.Command) {
	set := c.Flags()
	set.BoolVar(&e.format.BOM, "bom", false, "csv that spreadsheets read as UTF-8")
	set.BoolVar(&e.format.Semicolon, "semicolon", false, "csv with semicolons, as spreadsheets of countries with a decimal comma want it")
	set.StringVarP(&e.path, "output", "o", "-", "file to write, which appears when it is whole; - for the standard output")
	_ = c.MarkFlagFilename("output")
}

// write lets an export be written. A file is there when it is whole: one that
// broke off leaves nothing.
func (e *exportFile) write(c *cobra.Command, export func(context.Context, *client.Client, io.Writer) error) (err error) {
	server, err := Dial(c)
	if err != nil {
		return err
	}
	if e.path == "-" {
		return Unreachable(export(c.Context(), server, c.OutOrStdout()))
	}
	part := e.path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // what buyers wrote is for nobody else on the machine
	if err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s cannot be written: %v.", part, errors.Unwrap(err)).Because(err)
	}
	err = export(c.Context(), server, f)
	if closed := f.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write %s: %w", part, closed)
	}
	if err == nil {
		err = os.Rename(part, e.path)
	}
	if err != nil {
		_ = os.Remove(part)
		return Unreachable(err)
	}
	return nil
}
