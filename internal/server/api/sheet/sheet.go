package sheet

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
)

// Column is one of a table: its name and what stands in it.
type Column[T any] struct {
	name string
	cell func(T) string
}

// Format says how a table is written.
type Format struct {
	CSV       bool // else a line of JSON for each row
	BOM       bool // CSV begins with a byte order mark
	Semicolon bool // a semicolon stands between the cells of CSV
}

// Sheet writes rows as JSON lines or as CSV.
type Sheet[T any] struct {
	columns []Column[T]
	json    *json.Encoder // nil: csv
	csv     *csv.Writer
	err     error // of the beginning
}

// byteOrderMark lets spreadsheets see that a file is UTF-8.
const byteOrderMark = "\uFEFF"

// New begins a table. An error of the beginning is told by the first row.
func New[T any](w io.Writer, f Format, columns []Column[T]) *Sheet[T] {
	s := &Sheet[T]{columns: columns}
	if !f.CSV {
		s.json = json.NewEncoder(w)
		s.json.SetEscapeHTML(false)
		return s
	}
	if f.BOM {
		_, s.err = io.WriteString(w, byteOrderMark)
	}
	s.csv = csv.NewWriter(w)
	s.csv.UseCRLF = true // as RFC 4180 has it
	if f.Semicolon {
		s.csv.Comma = ';'
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	if s.err == nil {
		s.err = s.csv.Write(names)
	}
	return s
}

// Row writes one row.
func (s *Sheet[T]) Row(v T) error {
	switch {
	case s.err != nil:
		return s.err
	case s.json != nil:
		return s.json.Encode(v)
	}
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		cells[i] = harmless(c.cell(v))
	}
	return s.csv.Write(cells)
}

// Flush ends the table.
func (s *Sheet[T]) Flush() error {
	if s.err != nil || s.csv == nil {
		return s.err
	}
	s.csv.Flush()
	return s.csv.Error()
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula:
// buyers write what they like. Numbers and moments never begin so. The wide
// forms of the signs count too, as some programs take them for the signs.
func harmless(cell string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \u00a0\u200b\uFEFF"))
	switch first {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return "'" + cell
	}
	return cell
}

// Conversations are the columns of conversations.
func Conversations() []Column[sellerdesk.Conversation] {
	type conversation = sellerdesk.Conversation
	product := func(of func(sellerdesk.Product) string) func(conversation) string {
		return func(c conversation) string { return ifThere(c.Product, of) }
	}
	last := func(of func(sellerdesk.LastMessage) string) func(conversation) string {
		return func(c conversation) string { return ifThere(c.LastMessage, of) }
	}
	return []Column[conversation]{
		{"id", func(c conversation) string { return number(c.ID) }},
		{"account", func(c conversation) string { return number(c.Account) }},
		{"channel", func(c conversation) string { return string(c.Channel) }},
		{"kind", func(c conversation) string { return string(c.Kind) }},
		{"remote_id", func(c conversation) string {
			return ifThere(c.RemoteID, func(id sellerdesk.RemoteID) string { return string(id) })
		}},
		{"contact", func(c conversation) string { return ifThere(c.Contact, number) }},
		{"buyer_name", func(c conversation) string { return string(c.BuyerName) }},
		{"product", product(func(p sellerdesk.Product) string { return string(p.ID) })},
		{"product_name", product(func(p sellerdesk.Product) string { return string(p.Name) })},
		{"order", func(c conversation) string { return string(c.Order) }},
		{"rating", func(c conversation) string { return ifThere(c.Rating, strconv.Itoa) }},
		{"status", func(c conversation) string { return string(c.Status) }},
		{"needs_answer", func(c conversation) string { return strconv.FormatBool(c.NeedsAnswer) }},
		{"waiting_since", func(c conversation) string { return ifThere(c.WaitingSince, instant) }},
		{"due_at", func(c conversation) string { return ifThere(c.DueAt, instant) }},
		{"last_author", last(func(m sellerdesk.LastMessage) string { return string(m.Author) })},
		{"last_at", last(func(m sellerdesk.LastMessage) string { return instant(m.At) })},
		{"last_text", last(func(m sellerdesk.LastMessage) string { return m.Text })},
		{"tags", func(c conversation) string { return tagCell(c.Tags) }},
		{"fields", func(c conversation) string { return fieldCell(c.Fields) }},
		{"created_at", func(c conversation) string { return instant(c.CreatedAt) }},
		{"updated_at", func(c conversation) string { return instant(c.UpdatedAt) }},
	}
}

// Messages are the columns of messages.
func Messages() []Column[sellerdesk.ExportedMessage] {
	type message = sellerdesk.ExportedMessage
	return []Column[message]{
		{"id", func(m message) string { return number(m.ID) }},
		{"conversation", func(m message) string { return number(m.Conversation) }},
		{"account", func(m message) string { return number(m.Account) }},
		{"channel", func(m message) string { return string(m.Channel) }},
		{"kind", func(m message) string { return string(m.Kind) }},
		{"at", func(m message) string { return instant(m.At) }},
		{"author", func(m message) string { return string(m.Author) }},
		{"author_name", func(m message) string { return string(m.AuthorName) }},
		{"user", func(m message) string { return ifThere(m.User, number) }},
		{"status", func(m message) string { return string(m.Status) }},
		{"reason", func(m message) string { return string(m.Reason) }},
		{"edited_at", func(m message) string { return ifThere(m.EditedAt, instant) }},
		{"text", func(m message) string { return m.Text }},
		{"files", func(m message) string {
			names := make([]string, len(m.Files))
			for i, f := range m.Files {
				names[i] = fmt.Sprintf("%d %s", f.ID, f.Name)
			}
			return strings.Join(names, "; ")
		}},
	}
}

// Audit are the columns of entries of the audit.
func Audit() []Column[sellerdesk.AuditEntry] {
	type entry = sellerdesk.AuditEntry
	return []Column[entry]{
		{"id", func(e entry) string { return number(e.ID) }},
		{"at", func(e entry) string { return instant(e.At) }},
		{"kind", func(e entry) string { return string(e.Kind) }},
		{"user", func(e entry) string { return ifThere(e.User, number) }},
		{"key", func(e entry) string { return ifThere(e.Key, number) }},
		{"address", func(e entry) string { return string(e.Address) }},
		{"account", func(e entry) string { return ifThere(e.Account, number) }},
		{"conversation", func(e entry) string { return ifThere(e.Conversation, number) }},
		{"message", func(e entry) string { return ifThere(e.Message, number) }},
		{"text", func(e entry) string { return e.Text }},
		{"data", func(e entry) string { return string(e.Data) }},
	}
}

func number[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// instant writes a moment as JSON has it.
func instant(t sellerdesk.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ifThere gives the text of what may be absent, "" when it is.
func ifThere[T any](v *T, text func(T) string) string {
	if v == nil {
		return ""
	}
	return text(*v)
}

// tagCell is what stands in the table of an export.
func tagCell(tags []sellerdesk.Tag) string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return strings.Join(names, "; ")
}

// fieldCell is what stands in the table of an export.
func fieldCell(fields []sellerdesk.FieldValue) string {
	cells := make([]string, len(fields))
	for i, f := range fields {
		cells[i] = f.Name + "=" + f.Value
	}
	return strings.Join(cells, "; ")
}
