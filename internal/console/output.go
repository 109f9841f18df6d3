package console

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
)

// What commands print follows one rule, so that scripts need not learn each of
// them: with --json one JSON value a line on the standard output, that is one
// line for each item of a list and one for a single thing; else a table or a
// Sentence for a person. Warnings and progress go to the standard error.

// wantsJSON tells whether --json was given.
func wantsJSON(c *cobra.Command) bool {
	asJSON, err := c.Flags().GetBool("json")
	return err == nil && asJSON
}

// PrintJSON writes one value for programs, on one line.
func PrintJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// PrintOne prints a single thing: one line of JSON with --json, else what human
// writes.
func PrintOne(c *cobra.Command, v any, human func(io.Writer) error) error {
	if wantsJSON(c) {
		return PrintJSON(c.OutOrStdout(), v)
	}
	if err := human(c.OutOrStdout()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// printList prints things as they come: a line of JSON each with --json, else a
// table with the cells of row under heads. Limit ends it after so many; 0 takes
// all. An error of the list ends it and is what the command fails with.
func printList[T any](c *cobra.Command, items iter.Seq2[T, error], limit int, heads []string, row func(T) []string) error {
	out := newRows(c, heads)
	n := 0
	for item, err := range items {
		if err != nil {
			_ = out.flush() // what came before the error is right
			return Unreachable(err)
		}
		if err := out.add(item, func() []string { return row(item) }); err != nil {
			return err
		}
		if n++; n == limit {
			break
		}
	}
	return out.flush()
}

// each walks over things that are all here.
func each[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// rows prints things one after another.
type rows struct {
	asJSON bool
	w      io.Writer
	table  *tabwriter.Writer
}

func newRows(c *cobra.Command, heads []string) *rows {
	r := &rows{asJSON: wantsJSON(c), w: c.OutOrStdout()}
	if !r.asJSON {
		r.table = tabwriter.NewWriter(r.w, 0, 4, 2, ' ', 0)
		fmt.Fprintln(r.table, strings.Join(heads, "\t"))
	}
	return r
}

func (r *rows) add(v any, cells func() []string) error {
	if r.asJSON {
		return PrintJSON(r.w, v)
	}
	line := cells()
	for i := range line {
		line[i] = Cell(line[i], 0)
	}
	if _, err := fmt.Fprintln(r.table, strings.Join(line, "\t")); err != nil {
		return fmt.Errorf("print the list: %w", err)
	}
	return nil
}

func (r *rows) flush() error {
	if r.table == nil {
		return nil
	}
	if err := r.table.Flush(); err != nil {
		return fmt.Errorf("print the list: %w", err)
	}
	return nil
}

// Cell makes a text fit for one cell: "-" for none, one line, at most so many
// characters (0: as many as there are), and nothing that a terminal would obey,
// as buyers write what they like.
func Cell(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "-"
	}
	if letters := []rune(s); most > 0 && len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return s
}

// safe makes a text of several lines fit for a terminal.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || r == '\u061c' || r >= '\u200e' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
}

// day gives a moment for a table, in the time zone of the machine; "-" for none.
func day(t *sellerdesk.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}
