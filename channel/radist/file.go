package radist

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"unicode"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// fileTypes are the types of files that messengers are known to take. What is no
// picture, film or recording goes as a document.
func fileTypes() []string {
	return []string{
		"image/jpeg", "image/png", "image/webp", "application/pdf", "video/mp4", "audio/ogg", "audio/mpeg", "application/zip",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}
}

// Upload puts a file where messages can name it. It streams: memory does not
// depend on the size. A call whose answer was lost may be made again. Nothing is
// remembered here: who calls knows what was uploaded, and whether it is still good.
func (c *connector) Upload(ctx context.Context, f sellerdesk.Blob) (sellerdesk.RemoteFile, error) {
	h, err := c.home(ctx)
	if err != nil {
		return sellerdesk.RemoteFile{}, asWrite(err)
	}
	if f.Size > maxFile {
		return sellerdesk.RemoteFile{}, refuse(sellerdesk.ReasonFileTooLarge, fmt.Sprintf("The file is larger than %d MB.", maxFile>>20), nil)
	}
	content, kind, err := inspectFile(ctx, f)
	if err != nil {
		return sellerdesk.RemoteFile{}, err
	}
	defer func() { _ = content.Close() }() // only read from
	got, err := c.client.Files.Upload(ctx, h.id, api.Upload{Name: sendName(f.Name), Type: kind, Size: f.Size, Content: content})
	if err != nil {
		e := classify(err, writing)
		if e.Class == channel.Unknown || e.Class == channel.Malformed {
			e.Class = channel.Temporary // nobody has seen it: it may be brought again
		}
		return sellerdesk.RemoteFile{}, e
	}
	return sellerdesk.RemoteFile{ID: sellerdesk.RemoteID(got.URL), Name: firstText(got.Name, f.Name), Type: kind, Size: f.Size, Remote: encoded(link{got.URL})}, nil
}

// opened is a file with its beginning looked at.
type opened struct {
	io.Reader
	io.Closer
}

const sniffed = 512

// inspectFile opens a file and holds its beginning against its type. What calls
// itself a picture and is none would fail at the messenger, where nobody sees it.
func inspectFile(ctx context.Context, f sellerdesk.Blob) (io.ReadCloser, string, error) {
	unreadable := func(err error) error {
		return refuse(sellerdesk.ReasonFileUnreadable, "The file of this message cannot be read here. Attach it again.", err)
	}
	content, err := f.Open(ctx)
	if err != nil {
		return nil, "", unreadable(err)
	}
	head := bufio.NewReaderSize(content, sniffed)
	start, err := head.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		_ = content.Close()
		return nil, "", unreadable(err)
	}
	kind, _, _ := strings.Cut(f.Type, ";")
	seen, _, _ := strings.Cut(http.DetectContentType(start), ";")
	if major, _, _ := strings.Cut(seen, "/"); major == "image" {
		kind = seen
	} else if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "video/") && major == "text" || strings.HasPrefix(kind, "audio/") && major == "text" {
		_ = content.Close()
		return nil, "", refuse(sellerdesk.ReasonFileRefused, "The file is not what its type says.", nil)
	}
	if kind == "" {
		kind = seen
	}
	return opened{head, content}, kind, nil
}

// sendName is a name that the form takes: no control characters, not too long,
// never empty.
func sendName(given string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(given, ""))
	name = strings.TrimSpace(name)
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if stem == "" {
		stem = "file"
	}
	if len(ext) > 20 {
		ext = ""
	}
	for len(stem)+len(ext) > longestName {
		r := []rune(stem)
		stem = string(r[:len(r)*3/4])
	}
	return stem + ext
}

// longestName is in bytes.
const longestName = 200

// mediaOf tells what a file of a type is sent as.
func mediaOf(kind string, s source) api.MessageType {
	switch {
	case kind == "image/jpeg", kind == "image/png":
		return api.TypeImage
	case strings.HasPrefix(kind, "image/") && !s.waba():
		return api.TypeImage
	case kind == "video/mp4", kind == "video/3gpp":
		return api.TypeVideo
	case kind == "audio/ogg":
		return api.TypeVoice
	case strings.HasPrefix(kind, "audio/"):
		return api.TypeAudio
	default:
		return api.TypeFile
	}
}

// fits holds a file against what the messenger behind a source takes. The gateway
// would take it and fail later.
func fits(s source, kind api.MessageType, size int64) error {
	if !s.waba() || size <= api.WABALimit(kind) {
		return nil
	}
	what := map[api.MessageType]string{api.TypeImage: "a picture", api.TypeVideo: "a film", api.TypeAudio: "a recording", api.TypeVoice: "a recording"}[kind]
	return refuse(sellerdesk.ReasonFileTooLarge, fmt.Sprintf("WhatsApp Business takes %s of up to %d MB, and this one has %.1f MB.",
		firstText(what, "a file"), api.WABALimit(kind)>>20, float64(size)/(1<<20)), nil)
}
