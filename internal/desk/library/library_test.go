package library_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// shelf are the verbs over a store with two accounts.
type shelf struct {
	*library.Library
	store       *store.Store
	shop, other sellerdesk.AccountID
	owner       context.Context
}

func shelved(t *testing.T, s *store.Store) shelf {
	t.Helper()
	return shelf{
		Library: library.New(library.Deps{Store: s}), store: s,
		shop: storetest.Account(t, s, "shop"), other: storetest.Account(t, s, "other"),
		owner: sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(1)),
	}
}

func open(t *testing.T) shelf { return shelved(t, storetest.Open(t, store.Options{})) }

func (s shelf) as(t *testing.T, a sellerdesk.Access) context.Context {
	return sellerdesk.WithAccess(t.Context(), a)
}

// worker may see and work in the first shop only.
func (s shelf) worker(t *testing.T, user sellerdesk.UserID) context.Context {
	return s.as(t, sellerdesk.Access{User: user, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
		s.shop: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork, sellerdesk.RightExport)}})
}

func text(folder, name, said string) library.Change {
	return library.Change{Folder: &folder, Name: &name, Text: &said}
}

func (s shelf) make(ctx context.Context, t *testing.T, house bool, in library.Change) sellerdesk.Template {
	t.Helper()
	made, err := s.Create(ctx, sellerdesk.AccessOf(ctx).User, house, in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (s shelf) names(ctx context.Context, t *testing.T, q library.Query) []string {
	t.Helper()
	list, _, err := s.List(ctx, sellerdesk.AccessOf(ctx).User, q)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, one := range list {
		names = append(names, one.Name)
	}
	return names
}

func TestTemplatesOfOthersAndOfUnseenCabinetsAreNotThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := shelved(t, st)
		unseen := text("", "Of the other", "x")
		unseen.Accounts = &[]sellerdesk.AccountID{s.other}
		hidden := s.make(s.owner, t, true, unseen)
		both := text("", "Of both", "x")
		both.Accounts = &[]sellerdesk.AccountID{s.shop, s.other}
		shared := s.make(s.owner, t, true, both)
		own := s.make(s.owner, t, false, text("", "Mine", "x"))
		s.make(s.owner, t, true, text("", "All", "x"))
		for _, account := range []sellerdesk.AccountID{s.shop, s.other, s.other} {
			if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.Library.Used(t.Context(), 1, shared.ID, account) }); err != nil {
				t.Fatal(err)
			}
		}

		ctx := s.worker(t, 2)
		if got, want := s.names(ctx, t, library.Query{}), []string{"All", "Of both"}; !slices.Equal(got, want) {
			t.Errorf("a worker of one cabinet sees %q, want %q", got, want)
		}
		for _, id := range []sellerdesk.TemplateID{hidden.ID, own.ID} {
			if _, err := s.Get(ctx, 2, id); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("template %d: %v", id, err)
			}
			if _, err := s.Fill(ctx, library.Ask{User: 2, Template: id}); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("template %d is filled in: %v", id, err)
			}
			if err := s.Remove(ctx, 2, id); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("template %d is removed: %v", id, err)
			}
		}
		seen, err := s.Get(ctx, 2, shared.ID)
		if err != nil || !slices.Equal(seen.Accounts, []sellerdesk.AccountID{s.shop}) || seen.Uses != 1 {
			t.Errorf("of both cabinets a worker of one is told %v, %d uses, %v", seen.Accounts, seen.Uses, err)
		}
		if all, err := s.Get(s.owner, 1, shared.ID); err != nil || all.Uses != 3 {
			t.Errorf("the owner is told of %d uses, %v", all.Uses, err)
		}
	})
}

func TestWhoMayNotChangeTheHouseChangesOnlyTheirOwnTexts(t *testing.T) {
	t.Parallel()
	s := open(t)
	house, ctx := s.make(s.owner, t, true, text("", "House", "x")), s.worker(t, 2)
	mine := s.make(ctx, t, false, text("", "House", "my own of this name"))
	another := "Another"
	for name, do := range map[string]func() error{
		"make":   func() error { _, err := s.Create(ctx, 2, true, text("", "New", "x")); return err },
		"change": func() error { _, err := s.Change(ctx, 2, house.ID, library.Change{Name: &another}); return err },
		"remove": func() error { return s.Remove(ctx, 2, house.ID) },
	} {
		if err := do(); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("%s one of the house: %v", name, err)
		}
	}
	if changed, err := s.Change(ctx, 2, mine.ID, library.Change{Name: &another}); err != nil || changed.Name != another || changed.Rev <= mine.Rev {
		t.Errorf("one's own: %+v, %v", changed, err)
	}
	if err := s.Remove(ctx, 2, mine.ID); err != nil {
		t.Error(err)
	}
	reader := s.as(t, sellerdesk.Access{User: 3, House: sellerdesk.RightsOf(sellerdesk.RightSee)})
	if _, err := s.Create(reader, 3, false, text("", "New", "x")); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("who may only see makes one: %v", err)
	}
	if _, _, err := s.List(s.as(t, sellerdesk.Access{User: 4}), 4, library.Query{}); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("who may nothing lists: %v", err)
	}
}

func TestBadTemplatesAreRefusedInTheirField(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.make(s.owner, t, true, text("Returns / Refunds", "Ёлка", "x"))
	long := strings.Repeat("я", 10_001)
	with := func(more func(*library.Change)) library.Change {
		c := text("", "Good", "x")
		more(&c)
		return c
	}
	for name, c := range map[string]struct {
		in    library.Change
		field string
		code  sellerdesk.Code
	}{
		"no name":                      {text("", " \n ", "x"), "name", sellerdesk.CodeInvalid},
		"a name that is too long":      {text("", strings.Repeat("я", 121), "x"), "name", sellerdesk.CodeInvalid},
		"no text":                      {text("", "Good", " \n"), "text", sellerdesk.CodeInvalid},
		"a text that is too long":      {text("", "Good", long), "text", sellerdesk.CodeInvalid},
		"a brace that is not closed":   {text("", "Good", "Hello {name|you"), "text", sellerdesk.CodeInvalid},
		"a variable without fallback":  {text("", "Good", "Hello {name}"), "text", sellerdesk.CodeInvalid},
		"a folder that is too deep":    {text("1/2/3/4/5/6", "Good", "x"), "folder", sellerdesk.CodeInvalid},
		"a name that is there already": {text("returns/REFUNDS/", "елка", "x"), "name", sellerdesk.CodeConflict},
		"a kind that is not there":     {with(func(c *library.Change) { c.Kinds = &[]sellerdesk.Kind{"letter"} }), "kinds", sellerdesk.CodeInvalid},
		"a cabinet that is not there":  {with(func(c *library.Change) { c.Accounts = &[]sellerdesk.AccountID{99} }), "accounts", sellerdesk.CodeInvalid},
		"a file that is not there":     {with(func(c *library.Change) { c.Files = &[]sellerdesk.FileID{99} }), "files", sellerdesk.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := s.Create(s.owner, 1, true, c.in)
			if got := fieldOf(err); got != c.field || sellerdesk.CodeOf(err) != c.code {
				t.Errorf("got %v in the field %q", err, got)
			}
		})
	}
}

func TestAFileOfATemplateIsSeenByWhoSeesTheTemplateAndNobodyElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	upload := func(ctx context.Context) (id sellerdesk.FileID) {
		err := s.store.Write(ctx, func(tx *store.Tx) error {
			f, err := tx.Files.Add(ctx, store.NewFile{Name: "size.png", Type: "image/png", Size: 3, Hash: strings.Repeat("a", 64)})
			id = f.ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	sees := func(ctx context.Context, id sellerdesk.FileID) bool {
		err := s.store.Read(ctx, func(tx *store.Tx) error { _, _, err := tx.Files.Get(ctx, id); return err })
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Fatal(err)
		}
		return err == nil
	}
	file, private := upload(s.owner), upload(s.owner)
	ctx := s.worker(t, 2)
	with := text("", "Sizes", "x")
	with.Files = &[]sellerdesk.FileID{file}
	made := s.make(s.owner, t, true, with)
	own := text("", "Mine", "x")
	own.Files = &[]sellerdesk.FileID{private}
	s.make(s.owner, t, false, own)
	if !sees(ctx, file) || sees(ctx, private) {
		t.Errorf("a worker sees the file of the house %v, that of another's own text %v", sees(ctx, file), sees(ctx, private))
	}
	if _, err := s.Change(s.owner, 1, made.ID, library.Change{Accounts: &[]sellerdesk.AccountID{s.other}}); err != nil {
		t.Fatal(err)
	}
	if sees(ctx, file) {
		t.Error("a file of a cabinet that is not seen is there")
	}
	if _, err := s.Create(ctx, 2, false, with); fieldOf(err) != "files" {
		t.Errorf("it can be taken: %v", err)
	}
}

func fieldOf(err error) string {
	if known, ok := err.(*sellerdesk.Error); ok {
		return known.Field
	}
	return ""
}

func TestWhatIsTypedFindsTheTextThatFitsBest(t *testing.T) {
	t.Parallel()
	s := open(t)
	reviews := text("Отзывы", "Спасибо за пять звёзд", "{Здравствуйте|Добрый день}, {имя|друг}! Ждём вас снова.")
	reviews.Kinds = &[]sellerdesk.Kind{sellerdesk.KindReview}
	s.make(s.owner, t, true, reviews)
	s.make(s.owner, t, true, text("Возвраты", "Как вернуть", "Вернуть товар можно в пункте выдачи."))
	often := s.make(s.owner, t, true, text("Возвраты/Брак", "Брак", "Просим прощения: вернём деньги."))
	s.make(s.owner, t, false, text("", "Подпись", "С уважением, {я|мы}"))
	for range 9 {
		if err := s.store.Write(t.Context(), func(tx *store.Tx) error { return tx.Library.Used(t.Context(), 1, often.ID, s.shop) }); err != nil {
			t.Fatal(err)
		}
	}
	house := true
	for name, c := range map[string]struct {
		q    library.Query
		want []string
	}{
		"nothing typed gives all by folder and name": {library.Query{}, []string{"Подпись", "Как вернуть", "Брак", "Спасибо за пять звёзд"}},
		"the beginning of a name":                    {library.Query{Text: "как в"}, []string{"Как вернуть"}},
		"ё is е":                                     {library.Query{Text: "звезд"}, []string{"Спасибо за пять звёзд"}},
		"words of the text":                          {library.Query{Text: "пункте выдачи"}, []string{"Как вернуть"}},
		"every word has to be there":                 {library.Query{Text: "пункте звёзд"}, []string{}},
		"what is said often goes before":             {library.Query{Text: "возв"}, []string{"Брак", "Как вернуть"}},
		"a folder with those in it":                  {library.Query{Folder: "возвраты"}, []string{"Как вернуть", "Брак"}},
		"a folder in a folder":                       {library.Query{Folder: "Возвраты / Брак"}, []string{"Брак"}},
		"conversations of another kind":              {library.Query{Kind: sellerdesk.KindChat, Text: "спасибо"}, []string{}},
		"conversations of the kind":                  {library.Query{Kind: sellerdesk.KindReview, Text: "спасибо"}, []string{"Спасибо за пять звёзд"}},
		"those of the house only":                    {library.Query{House: &house, Text: "под"}, []string{}},
		"the words of a random part":                 {library.Query{Text: "добрый день"}, []string{"Спасибо за пять звёзд"}},
		"signs alone are nothing typed":              {library.Query{Text: "/!", Folder: "Отзывы"}, []string{"Спасибо за пять звёзд"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := s.names(s.owner, t, c.q); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPagesGiveEveryTemplateOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 7 {
		s.make(s.owner, t, true, text("", fmt.Sprintf("N%d", i), "x"))
	}
	var got []string
	q := library.Query{Limit: 3}
	for {
		list, next, err := s.List(s.owner, 1, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			got = append(got, one.Name)
		}
		if q.Cursor = next; next == "" {
			break
		}
	}
	if want := []string{"N0", "N1", "N2", "N3", "N4", "N5", "N6"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	q.Cursor = "999"
	if _, _, err := s.List(s.owner, 1, q); fieldOf(err) != "cursor" {
		t.Errorf("a cursor of nothing: %v", err)
	}
}

// table makes a table of 2,000 rows of which 14 are bad, and their lines.
func table() (text string, bad []int) {
	var b strings.Builder
	b.WriteString("Папка;Название;Текст;Виды;Кабинеты\r\n")
	for i := range 2000 {
		line := i + 2
		folder, name, said, kinds, accounts := fmt.Sprintf("Папка %d/Внутри", i%40), fmt.Sprintf("Ответ %d", i), fmt.Sprintf("{Спасибо|Благодарим}, {имя|друг} %d! =1+1", i), "review", "shop"
		if i%143 == 7 {
			bad = append(bad, line)
			switch len(bad) % 7 {
			case 0:
				name = ""
			case 1:
				said = "{имя}"
			case 2:
				kinds = "letter"
			case 3:
				accounts = "Nowhere"
			case 4:
				said = strings.Repeat("x", 10_001)
			case 5:
				name = fmt.Sprintf("ответ %d", i-40) // as in a row before
			case 6:
				folder = "1/2/3/4/5/6"
			}
		}
		fmt.Fprintf(&b, "%s;%s;\"%s\";%s;%s\r\n", folder, name, said, kinds, accounts)
	}
	return b.String(), bad
}

func TestATableOfTwoThousandRowsLeavesOutTheBadOnesAndComesBackUnchanged(t *testing.T) {
	if racing {
		t.Skip("thousands of rows are slow beside the race detector, and nothing in them runs at once")
	}
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := shelved(t, st)
		rows, bad := table()
		report, err := s.Import(s.owner, 1, strings.NewReader(rows), true)
		if err != nil {
			t.Fatal(err)
		}
		lines := []int{}
		for _, e := range report.Errors {
			lines = append(lines, e.Line)
			if e.Reason == "" || e.Field == "" {
				t.Errorf("line %d is refused without a reason: %+v", e.Line, e)
			}
		}
		if len(bad) != 14 || !slices.Equal(lines, bad) {
			t.Errorf("refused are the lines %v, want %v", lines, bad)
		}
		report.Errors = nil
		if diff := cmp.Diff(library.Report{Rows: 2000, Created: 1986, Failed: 14}, report); diff != "" {
			t.Error(diff)
		}
		before := s.everything(t)
		for _, f := range []library.Table{{}, {Semicolon: true, BOM: true}} {
			var out bytes.Buffer
			write, err := s.Export(s.owner, 1, library.Query{}, f)
			if err == nil {
				err = write(&out)
			}
			if err != nil {
				t.Fatal(err)
			}
			again, err := s.Import(s.owner, 1, &out, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(library.Report{Rows: 1986, Unchanged: 1986, Errors: []library.LineError{}}, again); diff != "" {
				t.Error(diff)
			}
		}
		if diff := cmp.Diff(before, s.everything(t)); diff != "" {
			t.Errorf("the table changed something:\n%s", diff)
		}
	})
}

func (s shelf) everything(t *testing.T) (all []sellerdesk.Template) {
	t.Helper()
	err := s.store.Read(s.owner, func(tx *store.Tx) (err error) {
		all, err = tx.Library.List(s.owner, 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnyTextComesBackFromATableAsItWas(t *testing.T) {
	t.Parallel()
	s := open(t)
	odd := []string{"=SUM(A1)", "'=1", "'quoted'", "''", "-1", "＝1", "a;b,c\t\"d\"", "one\n\ntwo", "\u200b=1", "@me", "+7 999", "\uFEFFx"}
	for i, said := range odd {
		in := text("", fmt.Sprintf("=name %d", i), said)
		in.Accounts, in.Kinds = &[]sellerdesk.AccountID{s.shop, s.other}, &[]sellerdesk.Kind{sellerdesk.KindChat, sellerdesk.KindReview}
		s.make(s.owner, t, i%2 == 0, in)
	}
	before := s.everything(t)
	var out bytes.Buffer
	write, err := s.Export(s.owner, 1, library.Query{}, library.Table{})
	if err == nil {
		err = write(&out)
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\r\n") {
		for cell := range strings.SplitSeq(line, ",") {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	report, err := s.Import(s.owner, 1, &out, true)
	if err != nil || report.Unchanged != len(odd) {
		t.Errorf("read back: %+v, %v", report, err)
	}
	if diff := cmp.Diff(before, s.everything(t)); diff != "" {
		t.Error(diff)
	}
}

func TestTablesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	cp1251 := string([]byte{0xcd, 0xe0, 0xe7, 0xe2, 0xe0, 0xed, 0xe8, 0xe5, ';', 0xd2, 0xe5, 0xea, 0xf1, 0xf2, '\n', 0xc4, 0xe0, ';', 0xcd, 0xe5, 0xf2, '\n'})
	for name, c := range map[string]struct {
		table string
		want  library.Report
		names []string
	}{
		"Windows-1251 with semicolons":    {cp1251, library.Report{Rows: 1, Created: 1}, []string{"Да"}},
		"tabs":                            {"name\ttext\nA\tx\n", library.Report{Rows: 1, Created: 1}, []string{"A"}},
		"a mark at the beginning":         {"\uFEFFname,text\nA,x\n", library.Report{Rows: 1, Created: 1}, []string{"A"}},
		"empty lines and unknown columns": {"name,mood,text\n\nA,good,x\n,,\n", library.Report{Rows: 1, Created: 1}, []string{"A"}},
		"nothing but names":               {"name,text\n", library.Report{}, []string{}},
		"a quote that is not closed": {"name,text\nA,x\nB,\"x\n", library.Report{Rows: 2, Created: 1, Failed: 1,
			Errors: []library.LineError{{Line: 3, Reason: "The row is not written as a table: extraneous or missing \" in quoted-field."}}}, []string{"A"}},
		"a row with too many cells": {"name,text\nA,x,y\nB,x\n", library.Report{Rows: 2, Created: 1, Failed: 1,
			Errors: []library.LineError{{Line: 2, Reason: "The row has more cells than there are columns."}}}, []string{"B"}},
		"a text of several lines keeps the count of lines": {"name,text\nA,\"1\n2\n3\"\n,x\n", library.Report{Rows: 2, Created: 1, Failed: 1,
			Errors: []library.LineError{{Line: 5, Field: "name", Reason: "The name needs 1 to 120 characters."}}}, []string{"A"}},
		"an owner that is nobody": {"owner,name,text\nyou,A,x\nme,B,x\n", library.Report{Rows: 2, Created: 1, Failed: 1,
			Errors: []library.LineError{{Line: 2, Field: "owner", Reason: "The owner is house or me."}}}, []string{"B"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			if c.want.Errors == nil {
				c.want.Errors = []library.LineError{}
			}
			got, err := s.Import(s.owner, 1, strings.NewReader(c.table), true)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.names, s.names(s.owner, t, library.Query{})); diff != "" {
				t.Error(diff)
			}
		})
	}
	s := open(t)
	for name, table := range map[string]string{"nothing": "", "no names": "A,x\n", "one column twice": "name,text,name\n"} {
		if _, err := s.Import(s.owner, 1, strings.NewReader(table), true); fieldOf(err) != "file" {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx := s.worker(t, 2)
	report, err := s.Import(ctx, 2, strings.NewReader("owner,name,text\nhouse,A,x\nme,B,x\n"), false)
	if err != nil || report.Created != 1 || len(report.Errors) != 1 || report.Errors[0].Field != "owner" {
		t.Errorf("a worker's table with a row of the house: %+v, %v", report, err)
	}
}

func FuzzImport(f *testing.F) {
	for _, s := range []string{"", "name,text\nA,x", "name;text\n\"", "\uFEFFname\ttext\n\xff\t\xfe", "name,text\n'=1,'"} {
		f.Add([]byte(s))
	}
	s := library.New(library.Deps{Store: storetest.Open(f, store.Options{})})
	f.Fuzz(func(t *testing.T, table []byte) {
		ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(1))
		report, err := s.Import(ctx, 1, bytes.NewReader(table), true)
		if err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
			t.Fatalf("%q is our fault: %v", table, err)
		}
		if report.Rows != report.Created+report.Changed+report.Unchanged+report.Failed {
			t.Fatalf("the rows do not add up: %+v", report)
		}
	})
}

func TestWhatIsSuggestedFollowsEveryChange(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := shelved(t, st)
		worker := s.worker(t, 2)
		want := func(what string, names ...string) {
			t.Helper()
			if diff := cmp.Diff(append([]string{}, names...), s.names(worker, t, library.Query{Text: "спас"})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		want("before there are any")
		house := s.make(s.owner, t, true, text("", "Спасибо", "x"))
		own := s.make(worker, t, false, text("", "Моё", "Спасибо вам"))
		want("both", "Спасибо", "Моё")
		other := []sellerdesk.AccountID{s.other}
		if _, err := s.Change(s.owner, 1, house.ID, library.Change{Accounts: &other}); err != nil {
			t.Fatal(err)
		}
		want("what is for a cabinet that is not seen", "Моё")
		if got := s.names(s.owner, t, library.Query{Text: "спас"}); len(got) != 1 {
			t.Errorf("the owner is offered %v", got)
		}
		if err := s.Remove(worker, 2, own.ID); err != nil {
			t.Fatal(err)
		}
		want("what was removed")
		all := []sellerdesk.AccountID{}
		if _, err := s.Change(s.owner, 1, house.ID, library.Change{Accounts: &all}); err != nil {
			t.Fatal(err)
		}
		want("what is for everywhere again", "Спасибо")
	})
}
