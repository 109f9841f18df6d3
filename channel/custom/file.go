package custom

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// fileTypes are the media types that a reply takes, by content.
func fileTypes() []string {
	return []string{"image/jpeg", "image/png", "image/webp", "application/pdf", "video/mp4", "audio/mpeg", "audio/ogg", "application/zip"}
}

// enclose reads the files of a reply into it.
func (c *connector) enclose(ctx context.Context, files []sellerdesk.Blob) ([]outFile, error) {
	out, total := []outFile{}, 0
	if len(files) > 0 && !c.options.files {
		return nil, refuse("This channel takes no files.", nil)
	}
	if len(files) > maxFiles {
		return nil, refuse(fmt.Sprintf("There are %d files; this channel takes up to %d at once.", len(files), maxFiles), nil)
	}
	for _, f := range files {
		if !slices.Contains(fileTypes(), f.Type) {
			return nil, refuseFile(sellerdesk.ReasonFileRefused, "This channel takes no files of the type "+cut(f.Type, 100)+".", nil)
		}
		content, err := read(ctx, f)
		if err != nil {
			return nil, err
		}
		if total += len(content); total > maxFilesTotal {
			return nil, refuseFile(sellerdesk.ReasonFileTooLarge, "The files are larger than 5 MB together.", nil)
		}
		out = append(out, outFile{Name: f.Name, Type: f.Type, Size: len(content), Content: content})
	}
	return out, nil
}

// read gives the bytes of one file, held against what it calls itself.
func read(ctx context.Context, f sellerdesk.Blob) ([]byte, error) {
	if f.Open == nil || f.Size > maxFile {
		return nil, refuseFile(sellerdesk.ReasonFileTooLarge, "A file is larger than 2 MB.", nil)
	}
	body, err := f.Open(ctx)
	if err != nil {
		return nil, refuseFile(sellerdesk.ReasonFileUnreadable, "A file cannot be read here.", err)
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, maxFile+1))
	switch {
	case err != nil:
		return nil, refuseFile(sellerdesk.ReasonFileUnreadable, "A file cannot be read here.", err)
	case len(content) > maxFile:
		return nil, refuseFile(sellerdesk.ReasonFileTooLarge, "A file is larger than 2 MB.", nil)
	case !looksLike(content, f.Type):
		return nil, refuseFile(sellerdesk.ReasonFileRefused, "A file is not what its type says.", nil)
	}
	return content, nil
}

// looksLike holds the first bytes against a type. Recordings begin in many ways.
func looksLike(content []byte, kind string) bool {
	seen, _, _ := strings.Cut(http.DetectContentType(content), ";")
	switch kind {
	case "audio/ogg":
		return seen == "application/ogg"
	case "audio/mpeg":
		return seen == kind || seen == "application/octet-stream"
	default:
		return seen == kind
	}
}

func refuseFile(code sellerdesk.ReasonCode, text string, err error) *channel.Error {
	return &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}, Err: err}
}
