package library

import (
	"net/http"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
)

// export gives the list as a table.
func (s screens) export(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	_, q := asked(r.URL.Query())
	q.Cursor = ""
	write, err := s.desk.Library.Export(r.Context(), user.ID, q, library.Table{
		BOM: r.URL.Query().Get("bom") != "", Semicolon: r.URL.Query().Get("separator") == "semicolon",
	})
	if err != nil {
		return err
	}
	s.Server.Unhurried(w)
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="templates.csv"`)
	h.Set("Cache-Control", "no-store")
	if err := write(w); err != nil {
		panic(http.ErrAbortHandler) // half a table must not look whole
	}
	return nil
}

// read reads a table and tells what became of it.
func (s screens) read(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	report, err := s.taken(r, user)
	v, status, wrong := s.View(r, user), http.StatusOK, ""
	if err != nil {
		if !expected(err) {
			return err
		}
		f := s.wrong(r, user, err)
		status, wrong = f.status, f.Error
	}
	p, err := s.listed(r, user)
	if err != nil {
		return err
	}
	if p.Error = wrong; report != nil {
		p.Report = report
		p.Done = v.Library.Imported
	}
	return s.showList(w, r, user, status, p)
}

// taken reads the table of a form; nil where there is none.
func (s screens) taken(r *http.Request, user sellerdesk.User) (*library.Report, error) {
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	house := sellerdesk.AccessOf(r.Context()).May(sellerdesk.RightSettings)
	for range mostParts {
		part, err := reader.NextPart()
		if err != nil {
			break // the end, or as good as
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		report, err := s.desk.Library.Import(r.Context(), user.ID, part, house)
		if err != nil && report.Rows == 0 {
			return nil, err
		}
		return &report, err
	}
	return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s", s.View(r, user).Library.NoFile)
}

// reason says why a row was left out.
func reason(v *View, e library.LineError) string {
	field := e.Field
	if field == "" {
		field = "line"
	}
	said := v.Sentence(sellerdesk.CodeInvalid, "", e.Reason)
	if _, whole := v.Errors[e.Reason]; !whole && v.Language != sellerdesk.English && v.Library.Wrong[field] != "" {
		return v.Library.Wrong[field]
	}
	return said
}

// mostLines bounds how many bad rows a page shows.
const mostLines = 200

func lines(r *library.Report) []library.LineError {
	return slices.Clone(r.Errors[:min(len(r.Errors), mostLines)])
}
