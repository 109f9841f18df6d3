package console

import (
	"context"
	"io"
	"iter"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk/client"
)

// Flags lets a command of a package of its own be told which server it asks, and answer in JSON.
func Flags(c *cobra.Command) { clientFlags(c) }

// PrintList prints things as they come: a line of JSON each with --json, else a table
// with the cells of row under heads. An error of the list ends it and is given.
func PrintList[T any](c *cobra.Command, items iter.Seq2[T, error], heads []string, row func(T) []string) error {
	return printList(c, items, forever, heads, row)
}

// CompleteAccounts completes the flag account.
func CompleteAccounts(c *cobra.Command) {
	_ = c.RegisterFlagCompletionFunc("account", completeAccounts)
}

// Table is where a table is written, and how.
type Table struct{ file exportFile }

// Offer adds the flags of a table.
func (t *Table) Offer(c *cobra.Command) { t.file.offerTable(c) }

// Write lets a table be written. A file is there when it is whole.
func (t *Table) Write(c *cobra.Command, export func(context.Context, *client.Client, client.Format, io.Writer) error) error {
	return t.file.write(c, func(ctx context.Context, server *client.Client, w io.Writer) error {
		return export(ctx, server, t.file.format, w)
	})
}
