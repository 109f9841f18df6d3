package desk

import (
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// MaxUpload is how large an uploaded file may be, in bytes: what the most
// generous channel takes. What a channel takes is judged when the file is sent.
const MaxUpload = 100 << 20

// longestFileName is in characters.
const longestFileName = 200

// Files are the verbs on files of ours.
type Files struct{ deps Deps }

// Upload keeps a file that a message will name later. Its type is told by its
// content, its measures when it is a picture. It is invalid (field file) when
// it is too large, empty or a damaged picture.
func (f *Files) Upload(ctx context.Context, name string, r io.Reader) (sellerdesk.File, error) {
	if err := somewhere(ctx, sellerdesk.RightWork); err != nil {
		return sellerdesk.File{}, err
	}
	blob, err := f.deps.Media.Put(ctx, r, MaxUpload)
	if err != nil {
		return sellerdesk.File{}, err
	}
	if blob.Size == 0 {
		return sellerdesk.File{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The file is empty.").InField("file")
	}
	name = fileName(name)
	if blob.Why.Code == sellerdesk.ReasonFileUnreadable {
		return sellerdesk.File{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is a damaged picture.", name).InField("file")
	}
	return f.add(ctx, name, blob)
}

func (f *Files) add(ctx context.Context, name string, blob media.Blob) (sellerdesk.File, error) {
	var file sellerdesk.File
	err := f.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		file, err = tx.Files.Add(ctx, store.NewFile{
			Name:      name,
			Type:      blob.Type,
			Size:      blob.Size,
			Width:     blob.Width,
			Height:    blob.Height,
			Hash:      blob.Hash,
			Thumbnail: blob.Thumbnail,
			Playing:   store.FilePlaying{Duration: blob.Milliseconds(), Bars: blob.Bars},
		})
		return err
	})
	return file, err
}

// fileName keeps the last part of what a browser called a file.
func fileName(name string) string {
	name = text.Clean(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, name))
	if name == "" || name == "." || name == ".." {
		return "file"
	}
	if n := utf8.RuneCountInString(name); n > longestFileName {
		// The ending says most about a file, so the front is cut.
		name = string([]rune(name)[n-longestFileName:])
	}
	return name
}
