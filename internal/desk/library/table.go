package library

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// The columns of the table, in their order. Their Russian names are read too.
const (
	columnOwner    = "owner" // "house" or "me"
	columnFolder   = "folder"
	columnName     = "name"
	columnText     = "text"
	columnKinds    = "kinds"
	columnAccounts = "accounts" // names, or numbers where a name does not tell
	columnFiles    = "files"    // numbers
	columnUses     = "uses"     // told, never read
)

func columns() []string {
	return []string{columnOwner, columnFolder, columnName, columnText, columnKinds, columnAccounts, columnFiles, columnUses}
}

// columnOf knows a column by what stands above it.
func columnOf(head string) string {
	head = text.Fold(oneLine(head))
	if slices.Contains(columns(), head) {
		return head
	}
	return map[string]string{
		"владелец": columnOwner, "чей": columnOwner, "папка": columnFolder, "название": columnName, "имя": columnName, "текст": columnText,
		"виды": columnKinds, "вид": columnKinds, "кабинеты": columnAccounts, "кабинет": columnAccounts, "файлы": columnFiles, "использован": columnUses,
	}[head]
}

// What stands in the column of the owner.
const (
	ownerHouse = "house"
	ownerMe    = "me"
)

// listed separates the values of one cell.
const listed = "; "

// Table says how a table is written.
type Table struct {
	Semicolon bool // stands between the cells, as spreadsheets of countries with a decimal comma want it; else a comma
	BOM       bool // it begins with a byte order mark, so that spreadsheets see that it is UTF-8
}

// Export writes the texts that a query asks for as a table, and into the audit that
// they were taken away. Read back it changes nothing.
func (l *Library) Export(ctx context.Context, user sellerdesk.UserID, q Query, f Table) (func(io.Writer) error, error) {
	if err := somewhere(ctx, sellerdesk.RightExport); err != nil {
		return nil, err
	}
	list, err := l.all(ctx, user, q)
	if err != nil {
		return nil, err
	}
	names, err := l.accounts(ctx)
	if err != nil {
		return nil, err
	}
	err = l.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditExported, Text: "An export was taken: templates.", Data: map[string]any{"what": "templates", "count": len(list)}})
	})
	return func(w io.Writer) error { return write(w, list, names, f) }, err
}

func write(w io.Writer, list []sellerdesk.Template, names accounts, f Table) error {
	if f.BOM {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // as RFC 4180 has it
	if f.Semicolon {
		out.Comma = ';'
	}
	if err := out.Write(columns()); err != nil {
		return err
	}
	for _, t := range list {
		if err := out.Write(cells(t, names)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cells are a row of the table.
func cells(t sellerdesk.Template, names accounts) []string {
	owner := ownerHouse
	if t.User != nil {
		owner = ownerMe
	}
	var kinds, where, files []string
	for _, k := range t.Kinds {
		kinds = append(kinds, string(k))
	}
	for _, id := range t.Accounts {
		where = append(where, names.write(id))
	}
	for _, f := range t.Files {
		files = append(files, strconv.FormatInt(int64(f.ID), 10))
	}
	row := []string{owner, t.Folder, t.Name, t.Text, strings.Join(kinds, listed), strings.Join(where, listed), strings.Join(files, listed), strconv.Itoa(t.Uses)}
	for i := range row {
		row[i] = harmless(row[i])
	}
	return row
}

// byteOrderMark lets spreadsheets see that a file is UTF-8.
const byteOrderMark = "\uFEFF"

// formula tells whether a spreadsheet would run a cell. The wide forms of the signs
// count too, as some programs take them for the signs.
func formula(cell string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \u00a0\u200b\uFEFF"))
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula, and
// before what begins with one, so that [plain] takes away what was put there only.
func harmless(cell string) string {
	if formula(cell) || strings.HasPrefix(cell, "'") {
		return "'" + cell
	}
	return cell
}

// plain undoes [harmless].
func plain(cell string) string {
	if rest, marked := strings.CutPrefix(cell, "'"); marked && (formula(rest) || strings.HasPrefix(rest, "'")) {
		return rest
	}
	return cell
}

// accounts are the cabinets that whoever asks sees, as a table names them.
type accounts struct {
	names map[sellerdesk.AccountID]string // "" where another one has the name
	ids   map[string]sellerdesk.AccountID // by folded name; 0 where several have it
}

func (l *Library) accounts(ctx context.Context) (accounts, error) {
	a := accounts{names: map[sellerdesk.AccountID]string{}, ids: map[string]sellerdesk.AccountID{}}
	err := l.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.Accounts.List(ctx)
		for _, one := range list {
			key := text.Fold(oneLine(one.Name))
			if _, again := a.ids[key]; again {
				a.ids[key], a.names[one.ID] = 0, ""
				continue
			}
			a.ids[key], a.names[one.ID] = one.ID, oneLine(one.Name)
		}
		return err
	})
	return a, err
}

// write names a cabinet such that read knows it: by its number where the name would
// be taken for something else.
func (a accounts) write(id sellerdesk.AccountID) string {
	name := a.names[id]
	if _, number := strconv.ParseInt(name, 10, 64); number == nil || strings.Contains(name, ";") || a.ids[text.Fold(name)] != id {
		return strconv.FormatInt(int64(id), 10)
	}
	return name
}

func (a accounts) read(cell string) ([]sellerdesk.AccountID, error) {
	ids := []sellerdesk.AccountID{}
	for _, name := range split(cell) {
		id, there := a.ids[text.Fold(name)]
		if n, err := strconv.ParseInt(name, 10, 64); err == nil {
			id, there = sellerdesk.AccountID(n), true // judged later
		}
		if !there || id == 0 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %q, or there are several.", text.Cut(name, 40)).InField("accounts")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// judge is [judgeAccounts] by what is known already.
func (a accounts) judge(ids []sellerdesk.AccountID) ([]sellerdesk.AccountID, error) {
	for _, id := range ids {
		if _, there := a.names[id]; !there {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d.", id).InField("accounts")
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// split gives the values of a cell.
func split(cell string) (values []string) {
	for v := range strings.SplitSeq(cell, ";") {
		if v = oneLine(v); v != "" {
			values = append(values, v)
		}
	}
	return values
}
