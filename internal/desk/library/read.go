package library

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// MaxTable bounds a table that is read, in bytes, and mostRows its rows.
	MaxTable = 16 << 20
	mostRows = 20_000
	// rowsAtOnce is how many rows one transaction keeps: few enough that nobody waits
	// for it.
	rowsAtOnce = 200
	// mostErrors bounds how many bad lines are told of one by one.
	mostErrors = 1000
)

// Report tells what became of a table.
type Report struct {
	Rows      int         `json:"rows"`      // behind the line of names
	Created   int         `json:"created"`   // new templates
	Changed   int         `json:"changed"`   // templates that were there and say something else now
	Unchanged int         `json:"unchanged"` // templates that said the same already
	Failed    int         `json:"failed"`    // rows that were left out
	Errors    []LineError `json:"errors"`    // why, at most 1,000
}

// LineError is why a row of a table was left out.
type LineError struct {
	Line   int    `json:"line"`   // where the row begins, from 1
	Field  string `json:"field"`  // the column; "": the whole row
	Reason string `json:"reason"` // one sentence
}

// row is one of a table.
type row struct {
	line   int
	house  bool
	change Change
	err    error // what is wrong with it
}

// Import keeps the texts of a table: a row changes the text of its owner, folder
// and name, or makes a new one. A bad row is left out and told of with its line,
// the others are kept. Columns that are not there stay as they are; without that of
// the owner all rows are the house's, or the person's own. It ends with what was
// kept until then where the table breaks off. A table without names of columns is
// invalid (field file).
func (l *Library) Import(ctx context.Context, user sellerdesk.UserID, table io.Reader, house bool) (Report, error) {
	report := Report{Errors: []LineError{}}
	if err := somewhere(ctx, sellerdesk.RightWork); err != nil {
		return report, err
	}
	names, err := l.accounts(ctx)
	if err != nil {
		return report, err
	}
	r, err := newReader(table, names, house)
	if err != nil {
		return report, err
	}
	in := importing{texts: l, user: user, report: &report, names: names, seen: map[string]int{}}
	for more := true; more; {
		var rows []row
		for len(rows) < rowsAtOnce && more {
			one, err := r.next()
			if err == io.EOF {
				more = false
				break
			}
			if err != nil {
				return report, err
			}
			rows = append(rows, one)
		}
		if err := in.keep(ctx, rows); err != nil {
			return report, err
		}
	}
	return report, in.note(ctx)
}

// importing is one table on its way.
type importing struct {
	texts  *Library
	user   sellerdesk.UserID
	report *Report
	names  accounts
	seen   map[string]int // lines by owner, folder and name
	house  bool           // something of the house changed
}

// keep keeps some rows in one transaction.
func (in *importing) keep(ctx context.Context, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	before, house := *in.report, in.house
	err := in.texts.deps.Store.Write(ctx, func(tx *store.Tx) error {
		*in.report, in.house = before, house
		known, err := in.known(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := in.one(ctx, tx, known, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		*in.report, in.house = before, house
	}
	return err
}

func (in *importing) known(ctx context.Context, tx *store.Tx) (map[string]sellerdesk.Template, error) {
	list, err := tx.Library.List(ctx, in.user)
	known := make(map[string]sellerdesk.Template, len(list))
	for _, t := range list {
		known[key(t.User == nil, t.Folder, t.Name)] = t
	}
	return known, err
}

func key(house bool, folder, name string) string {
	return strconv.FormatBool(house) + "\n" + store.TemplateKey(folder, name)
}

// one keeps a row, or tells what is wrong with it.
func (in *importing) one(ctx context.Context, tx *store.Tx, known map[string]sellerdesk.Template, r row) error {
	in.report.Rows++
	changed, made, err := in.put(ctx, tx, known, r)
	switch {
	case err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal:
		return err
	case err != nil:
		in.report.Failed++
		if len(in.report.Errors) < mostErrors {
			in.report.Errors = append(in.report.Errors, lineError(r.line, err))
		}
	case made:
		in.report.Created++
	case changed:
		in.report.Changed++
	default:
		in.report.Unchanged++
	}
	in.house = in.house || changed && r.house
	return nil
}

func lineError(line int, err error) LineError {
	var known *sellerdesk.Error
	field := ""
	if errors.As(err, &known) {
		field = known.Field
	}
	return LineError{Line: line, Field: field, Reason: err.Error()}
}

func (in *importing) put(ctx context.Context, tx *store.Tx, known map[string]sellerdesk.Template, r row) (changed, made bool, err error) {
	if r.err != nil {
		return false, false, r.err
	}
	var owner *sellerdesk.UserID
	if !r.house {
		owner = &in.user
	}
	if err := may(ctx, owner); err != nil {
		return false, false, inField(err, columnOwner)
	}
	wanted, err := judge(ctx, tx, sellerdesk.Template{User: owner, Files: []sellerdesk.File{}, Accounts: []sellerdesk.AccountID{}, Kinds: []sellerdesk.Kind{}},
		Change{Folder: r.change.Folder, Name: r.change.Name, Text: r.change.Text})
	if err != nil {
		return false, false, err
	}
	k := key(r.house, wanted.Folder, wanted.Name)
	if line, again := in.seen[k]; again && line != r.line {
		return false, false, sellerdesk.Errorf(sellerdesk.CodeConflict, "Line %d has the same folder and name.", line).InField(columnName)
	}
	was, there := known[k]
	if there {
		was.Folder, was.Name, was.Text = wanted.Folder, wanted.Name, wanted.Text
		wanted = was
	}
	if wanted, err = judge(ctx, tx, wanted, Change{Files: r.change.Files, Kinds: r.change.Kinds}); err != nil {
		return false, false, err
	}
	if r.change.Accounts != nil {
		if wanted.Accounts, err = in.names.judge(*r.change.Accounts); err != nil {
			return false, false, err
		}
	}
	in.seen[k] = r.line
	if there && store.SameTemplate(known[k], wanted) {
		return false, false, nil
	}
	if _, changed, err = tx.Library.Put(ctx, in.user, wanted); err != nil {
		return false, false, err
	}
	return changed, wanted.ID == 0, nil
}

// note writes into the audit that texts of everybody came from a table.
func (in *importing) note(ctx context.Context) error {
	if !in.house {
		return nil
	}
	r := in.report
	return in.texts.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditSettingChanged,
			Text: fmt.Sprintf("Templates were read from a table: %d new, %d changed.", r.Created, r.Changed),
			Data: map[string]any{"created": r.Created, "changed": r.Changed, "failed": r.Failed}})
	})
}

// reader reads a table row by row.
type reader struct {
	csv     *csv.Reader
	columns []string // "" for those that are not known
	names   accounts
	house   bool
	rows    int
}

// sniffed is how much of a table is looked at to see how it is written.
const sniffed = 64 << 10

// newReader reads the line of names. A table may be UTF-8 or, as Russian
// spreadsheets write it, Windows-1251, with commas, semicolons or tabs.
func newReader(table io.Reader, names accounts, house bool) (*reader, error) {
	limited := &limitedReader{r: table, left: MaxTable}
	buffered := bufio.NewReaderSize(limited, sniffed)
	head, err := buffered.Peek(sniffed)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read a table: %w", err)
	}
	if bytes.HasPrefix(head, []byte(byteOrderMark)) {
		_, _ = buffered.Discard(len(byteOrderMark)) // was peeked at
		head = head[len(byteOrderMark):]
	}
	var source io.Reader = buffered
	if !beginsUTF8(head) {
		source = charmap.Windows1251.NewDecoder().Reader(buffered)
	}
	r := &reader{csv: csv.NewReader(source), names: names, house: house}
	r.csv.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(head, []byte("\n"))
	for _, comma := range []byte{';', '\t'} {
		if bytes.Count(first, []byte{comma}) > bytes.Count(first, []byte{byte(r.csv.Comma)}) {
			r.csv.Comma = rune(comma)
		}
	}
	names1, err := r.csv.Read()
	if err != nil && err != io.EOF {
		return nil, tableError(err)
	}
	has := map[string]bool{}
	for _, name := range names1 {
		c := columnOf(name)
		if c != "" && has[c] {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The column %s is there twice.", c).InField("file")
		}
		has[c] = true
		r.columns = append(r.columns, c)
	}
	if !has[columnName] || !has[columnText] {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The first line has to name the columns; name and text are needed.").InField("file")
	}
	return r, nil
}

// beginsUTF8 tells whether bytes are the beginning of a text in UTF-8, which may be cut
// within a character.
func beginsUTF8(b []byte) bool {
	for cut := range min(utf8.UTFMax, len(b)+1) {
		if utf8.Valid(b[:len(b)-cut]) {
			return true
		}
	}
	return false
}

// tableError tells what of a table cannot be read; a row that is badly written is
// told of with its line instead.
func tableError(err error) error {
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Line %d is not written as a table: %s.", bad.StartLine, bad.Err).InField("file")
	case sellerdesk.CodeOf(err) != sellerdesk.CodeInternal:
		return err
	}
	return fmt.Errorf("read a table: %w", err)
}

// next gives the next row that is not empty; io.EOF at the end.
func (r *reader) next() (row, error) {
	for {
		cells, err := r.csv.Read()
		var bad *csv.ParseError
		switch {
		case err == io.EOF:
			return row{}, io.EOF
		case errors.As(err, &bad):
			one := row{line: bad.StartLine, err: sellerdesk.Errorf(sellerdesk.CodeInvalid, "The row is not written as a table: %s.", bad.Err)}
			return one, r.count()
		case err != nil:
			return row{}, tableError(err)
		}
		if empty(cells) {
			continue
		}
		line, _ := r.csv.FieldPos(0)
		return r.row(line, cells), r.count()
	}
}

func (r *reader) count() error {
	if r.rows++; r.rows > mostRows {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A table has up to %d rows; the rows before are kept.", mostRows).InField("file")
	}
	return nil
}

func empty(cells []string) bool {
	for _, c := range cells {
		if oneLine(c) != "" {
			return false
		}
	}
	return true
}

// row reads the cells of a row.
func (r *reader) row(line int, cells []string) row {
	out := row{line: line, house: r.house}
	if len(cells) > len(r.columns) {
		out.err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "The row has more cells than there are columns.")
		return out
	}
	// A row that ends early has empty cells behind.
	for i, column := range r.columns {
		cell := ""
		if i < len(cells) {
			cell = plain(cells[i])
		}
		if err := r.cell(&out, column, cell); err != nil && out.err == nil {
			out.err = err
		}
	}
	return out
}

func (r *reader) cell(out *row, column, cell string) error {
	switch column {
	case columnOwner:
		switch owner := oneLine(cell); owner {
		case ownerHouse, ownerMe:
			out.house = owner == ownerHouse
		case "":
		default:
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The owner is house or me.").InField(columnOwner)
		}
	case columnFolder:
		out.change.Folder = &cell
	case columnName:
		out.change.Name = &cell
	case columnText:
		out.change.Text = &cell
	case columnKinds:
		kinds := []sellerdesk.Kind{}
		for _, k := range split(cell) {
			kinds = append(kinds, sellerdesk.Kind(k))
		}
		out.change.Kinds = &kinds
	case columnAccounts:
		ids, err := r.names.read(cell)
		out.change.Accounts = &ids
		return err
	case columnFiles:
		ids := []sellerdesk.FileID{}
		for _, f := range split(cell) {
			id, err := strconv.ParseInt(f, 10, 64)
			if err != nil || id <= 0 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A file is named by its number.").InField(columnFiles)
			}
			ids = append(ids, sellerdesk.FileID(id))
		}
		out.change.Files = &ids
	}
	return nil
}

// limitedReader refuses a table that is too large.
type limitedReader struct {
	r    io.Reader
	left int64
}

// Read reads on, as far as tables go.
func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A table has up to %d MB.", MaxTable>>20).InField("file")
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
