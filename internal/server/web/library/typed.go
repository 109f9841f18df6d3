package library

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
)

// typed is what the editor sent.
type typed struct {
	house              bool
	folder, name, text string
	kinds              []sellerdesk.Kind
	accounts           []sellerdesk.AccountID
	files              []sellerdesk.FileID // that stay, then those that were added
}

func (t typed) change() library.Change {
	return library.Change{Folder: &t.folder, Name: &t.name, Text: &t.text, Kinds: &t.kinds, Accounts: &t.accounts, Files: &t.files}
}

func (t typed) keptOf(files []sellerdesk.File) []sellerdesk.File {
	return slices.DeleteFunc(slices.Clone(files), func(f sellerdesk.File) bool { return !slices.Contains(t.files, f.ID) })
}

const (
	// mostParts bounds the parts of the editor's form, longestField one field that is
	// no file, in bytes.
	mostParts    = 1200
	longestField = 64 << 10
)

// typed reads the form part by part; files are uploaded on the way.
func (s screens) typed(r *http.Request) (in typed, err error) {
	in.kinds, in.accounts, in.files = []sellerdesk.Kind{}, []sellerdesk.AccountID{}, []sellerdesk.FileID{}
	reader, err := r.MultipartReader()
	if err != nil {
		return in, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	for range mostParts {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return in, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
		}
		if part.FormName() == "upload" {
			err = s.upload(r, &in, part)
		} else {
			err = in.take(part)
		}
		if err != nil {
			return in, err
		}
	}
	return in, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.")
}

func (s screens) upload(r *http.Request, in *typed, part *multipart.Part) error {
	if part.FileName() == "" { // nothing was chosen
		return nil
	}
	f, err := s.desk.Files.Upload(r.Context(), part.FileName(), part)
	if err != nil {
		if told := sellerdesk.CodeOf(err); told == sellerdesk.CodeInvalid {
			return sellerdesk.Errorf(told, "%s", err.Error()).InField("files")
		}
		return err
	}
	in.files = append(in.files, f.ID)
	return nil
}

// take reads one field.
func (t *typed) take(part *multipart.Part) error {
	b, err := io.ReadAll(io.LimitReader(part, longestField))
	if err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	value := string(b)
	id, _ := strconv.ParseInt(value, 10, 64) // judged where it is used
	switch part.FormName() {
	case "house":
		t.house = value == "yes"
	case "folder":
		t.folder = value
	case "name":
		t.name = value
	case "text":
		t.text = value
	case "kinds":
		t.kinds = append(t.kinds, sellerdesk.Kind(value))
	case "accounts":
		t.accounts = append(t.accounts, sellerdesk.AccountID(id))
	case "files":
		t.files = append(t.files, sellerdesk.FileID(id))
	}
	return nil
}
