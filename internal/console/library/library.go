package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/console"
)

// New makes the command with all below it.
func New() *cobra.Command {
	c := &cobra.Command{
		Use: "library", Short: "Keep the texts that are said again and again", Args: cobra.NoArgs, RunE: console.ShowHelp,
		Long: `Keep the texts that are said again and again: those of the house, and your own.
In them {name|friend} stands for the name of the buyer with what to say where that
is not known, {product|…}, {article|…}, {order|…}, {shop|…} and {me|…} likewise, and
{one|another} for one of several. Texts that messengers approved are listed by
"sellerdesk templates".`,
	}
	console.Flags(c)
	c.AddCommand(newList(), newShow(), newAdd(), newChange(), newRemove(), newFill(), newImport(), newExport())
	return c
}

// filters narrow a list of texts.
type filters struct {
	account int64
	kind    string
	folder  string
	owner   string
}

func (f *filters) offer(c *cobra.Command) {
	set := c.Flags()
	set.Int64Var(&f.account, "account", 0, "only those that are offered in this cabinet")
	set.StringVar(&f.kind, "kind", "", "only those that are offered in conversations of this kind: chat, question, review or claim")
	set.StringVar(&f.folder, "folder", "", "only those of this folder and the folders in it")
	set.StringVar(&f.owner, "owner", "", "only those of the house, or of me")
	console.CompleteAccounts(c)
	_ = c.RegisterFlagCompletionFunc("owner", cobra.FixedCompletions([]string{"house", "me"}, cobra.ShellCompDirectiveNoFileComp))
}

func (f *filters) query(words []string) client.TemplateQuery {
	return client.TemplateQuery{
		Account: sellerdesk.AccountID(f.account), Kind: sellerdesk.Kind(f.kind), Folder: f.folder, Owner: f.owner, Text: strings.Join(words, " "), Limit: 200,
	}
}

func newList() *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use: "list [WORDS]", Short: "List texts by folder and name, or what fits some words best",
		Example: "  sellerdesk library list --folder Returns\n  sellerdesk library list thank you",
		RunE: func(c *cobra.Command, args []string) error {
			server, err := console.Dial(c)
			if err != nil {
				return err
			}
			return printTexts(c, server, f.query(args))
		},
	}
	f.offer(c)
	return c
}

func printTexts(c *cobra.Command, server *client.Client, q client.TemplateQuery) error {
	return console.PrintList(c, server.Templates.All(c.Context(), q), []string{"ID", "OWNER", "FOLDER", "NAME", "USES", "TEXT"}, textCells)
}

func textCells(t sellerdesk.Template) []string {
	return []string{strconv.FormatInt(int64(t.ID), 10), textOwner(t), console.Cell(t.Folder, 30), console.Cell(t.Name, 40), strconv.Itoa(t.Uses), console.Cell(t.Text, 60)}
}

func textOwner(t sellerdesk.Template) string {
	if t.User == nil {
		return "house"
	}
	return "me"
}

// textArg reads the number of a text.
func textArg(s string) (sellerdesk.TemplateID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is no number of a text, see sellerdesk library list.", s)
	}
	return sellerdesk.TemplateID(n), nil
}

func printText(c *cobra.Command, t sellerdesk.Template) error {
	return console.PrintOne(c, t, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%d  %s  %s\n\n%s\n", t.ID, textOwner(t), strings.TrimPrefix(console.Cell(t.Folder, 0)+"/"+console.Cell(t.Name, 0), "-/"), t.Text)
		return err
	})
}

func newShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show a text", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withText(c, args[0], func(server *client.Client, id sellerdesk.TemplateID) error {
				t, err := server.Templates.Get(c.Context(), id)
				if err != nil {
					return console.Unreachable(err)
				}
				return printText(c, t)
			})
		},
	}
}

// withText does something with the text of a number.
func withText(c *cobra.Command, number string, do func(*client.Client, sellerdesk.TemplateID) error) error {
	id, err := textArg(number)
	if err != nil {
		return err
	}
	server, err := console.Dial(c)
	if err != nil {
		return err
	}
	return do(server, id)
}

func newAdd() *cobra.Command {
	var n client.NewTemplate
	var accounts, files []int64
	var kinds []string
	c := &cobra.Command{
		Use: "add NAME TEXT", Short: "Keep a new text", Args: cobra.ExactArgs(2),
		Example: "  sellerdesk library add 'Thanks' '{Hello|Good day}, {name|friend}! Thank you.' --folder Reviews --house --kind review",
		RunE: func(c *cobra.Command, args []string) error {
			server, err := console.Dial(c)
			if err != nil {
				return err
			}
			n.Name, n.Text = args[0], args[1]
			for _, a := range accounts {
				n.Accounts = append(n.Accounts, sellerdesk.AccountID(a))
			}
			for _, k := range kinds {
				n.Kinds = append(n.Kinds, sellerdesk.Kind(k))
			}
			for _, f := range files {
				n.Files = append(n.Files, sellerdesk.FileID(f))
			}
			t, err := server.Templates.Create(c.Context(), n)
			if err != nil {
				return console.Unreachable(err)
			}
			return printText(c, t)
		},
	}
	set := c.Flags()
	set.BoolVar(&n.House, "house", false, "everybody's, not your own")
	set.StringVar(&n.Folder, "folder", "", "its folder, with / between a folder and one in it")
	set.StringSliceVar(&kinds, "kind", nil, "offer it in these kinds of conversations only: chat, question, review or claim")
	set.Int64SliceVar(&accounts, "account", nil, "offer it in these cabinets only")
	set.Int64SliceVar(&files, "file", nil, "numbers of uploaded files that go with it")
	console.CompleteAccounts(c)
	return c
}

func newChange() *cobra.Command {
	var name, text, folder string
	var accounts, files []int64
	var kinds []string
	c := &cobra.Command{
		Use: "change ID", Short: "Change a text", Args: cobra.ExactArgs(1),
		Example: "  sellerdesk library change 7 --kind review,question\n  sellerdesk library change 7 --kind '' --account 0",
		RunE: func(c *cobra.Command, args []string) error {
			return withText(c, args[0], func(server *client.Client, id sellerdesk.TemplateID) error {
				var change client.TemplateChange
				for flag, field := range map[string]**string{"name": &change.Name, "text": &change.Text, "folder": &change.Folder} {
					if c.Flags().Changed(flag) {
						value, _ := c.Flags().GetString(flag) // it is a string
						*field = &value
					}
				}
				if c.Flags().Changed("kind") {
					list := []sellerdesk.Kind{}
					for _, k := range kinds {
						list = append(list, sellerdesk.Kind(k))
					}
					change.Kinds = &list
				}
				if c.Flags().Changed("account") {
					change.Accounts = numbered[sellerdesk.AccountID](accounts)
				}
				if c.Flags().Changed("file") {
					change.Files = numbered[sellerdesk.FileID](files)
				}
				t, err := server.Templates.Change(c.Context(), id, change)
				if err != nil {
					return console.Unreachable(err)
				}
				return printText(c, t)
			})
		},
	}
	c.Flags().StringVar(&name, "name", "", "another name")
	c.Flags().StringVar(&text, "text", "", "another text")
	c.Flags().StringVar(&folder, "folder", "", "another folder")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "kinds of conversations in place of those before; '' for all")
	c.Flags().Int64SliceVar(&accounts, "account", nil, "cabinets in place of those before; 0 for all")
	c.Flags().Int64SliceVar(&files, "file", nil, "uploaded files in place of those before; 0 for none")
	console.CompleteAccounts(c)
	return c
}

// numbered gives what some numbers name, in place of what was there; 0 names nothing.
func numbered[T ~int64](numbers []int64) *[]T {
	out := []T{}
	for _, n := range numbers {
		if n != 0 {
			out = append(out, T(n))
		}
	}
	return &out
}

func newRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "Forget a text; what was said with it stays", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withText(c, args[0], func(server *client.Client, id sellerdesk.TemplateID) error {
				return console.Unreachable(server.Templates.Remove(c.Context(), id))
			})
		},
	}
}

func newFill() *cobra.Command {
	var ask client.TemplateAsk
	var conversation int64
	c := &cobra.Command{
		Use: "fill ID", Short: "Show how a text would read", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withText(c, args[0], func(server *client.Client, id sellerdesk.TemplateID) error {
				ask.Template, ask.Conversation = id, sellerdesk.ConversationID(conversation)
				filled, err := server.Templates.Preview(c.Context(), ask)
				if err != nil {
					return console.Unreachable(err)
				}
				return console.PrintOne(c, filled, func(w io.Writer) error {
					_, err := fmt.Fprintln(w, filled.Text)
					return err
				})
			})
		},
	}
	c.Flags().Int64Var(&conversation, "conversation", 0, "in this conversation")
	c.Flags().Int64Var(&ask.Draw, "draw", 0, "another number draws other random parts")
	return c
}

func newImport() *cobra.Command {
	var house bool
	c := &cobra.Command{
		Use: "import FILE", Short: "Read texts from a table; - for the standard input", Args: cobra.ExactArgs(1),
		Long: `Read texts from a table in CSV. The first line names the columns: name and text are
needed; owner (house or me), folder, kinds, accounts and files may be there. A row
changes the text of its owner, folder and name, or makes one. Bad rows are left out
and told of, and the command fails then; the others are kept.`,
		RunE: func(c *cobra.Command, args []string) error {
			server, err := console.Dial(c)
			if err != nil {
				return err
			}
			table := c.InOrStdin()
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s cannot be read: %v.", args[0], errors.Unwrap(err)).Because(err)
				}
				defer f.Close()
				table = f
			}
			report, err := server.Templates.Import(c.Context(), table, house)
			if err != nil {
				return console.Unreachable(err)
			}
			return printImport(c, report)
		},
	}
	c.Flags().BoolVar(&house, "house", false, "rows that do not say whose they are become everybody's")
	return c
}

func printImport(c *cobra.Command, r client.TemplateImport) error {
	err := console.PrintOne(c, r, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%d rows: %d new, %d changed, %d as before, %d left out\n", r.Rows, r.Created, r.Changed, r.Unchanged, r.Failed)
		for _, e := range r.Errors {
			if err == nil {
				_, err = fmt.Fprintf(w, "line %d: %s\n", e.Line, e.Reason)
			}
		}
		return err
	})
	if err == nil && r.Failed > 0 {
		return fmt.Errorf("%d rows were left out", r.Failed) // some of many
	}
	return err
}

func newExport() *cobra.Command {
	var f filters
	var to console.Table
	c := &cobra.Command{
		Use: "export", Short: "Write texts as a table in CSV; read again it changes nothing", Args: cobra.NoArgs,
		Example: "  sellerdesk library export --owner house -o texts.csv",
		RunE: func(c *cobra.Command, _ []string) error {
			return to.Write(c, func(ctx context.Context, server *client.Client, format client.Format, w io.Writer) error {
				return server.Templates.Export(ctx, f.query(nil), format, w)
			})
		},
	}
	f.offer(c)
	to.Offer(c)
	return c
}
