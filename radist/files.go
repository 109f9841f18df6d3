package radist

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// MaxFileSize is how large an uploaded file may be, in bytes; the documents say
// 100 MB. Messengers may be stricter: see [WABALimit].
const MaxFileSize = 100 << 20

// longestFileName bounds the name of a file, in bytes.
const longestFileName = 255

// WABALimit is how large a file WhatsApp for business takes, in bytes. A larger
// one is taken by the service and fails later, as a mark of the message; only
// images are made smaller on the way.
func WABALimit(kind MessageType) int64 {
	switch kind {
	case TypeImage:
		return 5 << 20
	case TypeVideo, TypeAudio, TypeVoice:
		return 16 << 20
	default:
		return MaxFileSize
	}
}

// FilesService uploads the files that messages name.
type FilesService struct {
	c     *Client
	links Links

	mu sync.Mutex
	// flights are the uploads of UploadOnce on their way.
	flights map[LinkKey]*flight
}

// flight is an upload that others wait for.
type flight struct {
	landed chan struct{} // closed at the end; file and ok are set before
	file   UploadedFile
	ok     bool
}

// Upload is a file to upload.
type Upload struct {
	Name string
	// Type is the media type; "" means application/octet-stream.
	Type string
	// Size must be exact: it is announced before Content is read.
	Size int64
	// Content is read once and in pieces, while the upload runs and not after it.
	// The caller closes what has to be closed.
	Content io.Reader
	// Progress, when not nil, is told after each piece how many bytes were read
	// so far. It is called from another goroutine, one call at a time, and not
	// after the upload returned. It must not block.
	Progress func(sent, size int64)
}

func (f Upload) check() error {
	switch {
	case f.Content == nil || f.Size <= 0:
		return errors.New("the file is empty")
	case f.Name == "", len(f.Name) > longestFileName, !utf8.ValidString(f.Name), strings.ContainsFunc(f.Name, unicode.IsControl):
		return errors.New("the file has no usable name")
	case strings.ContainsFunc(f.Type, func(r rune) bool { return r < ' ' || r > '~' }):
		return errors.New("the media type of the file is none")
	}
	return nil
}

// Upload puts a file where messages can name it. It streams: memory does not
// depend on the size. It is sent once; one whose answer was lost may be sent
// again, for nothing but room is lost.
//
// Operation: MessagingUploadFile; its path is that of [Paths]. Limit: 5 a second.
func (s *FilesService) Upload(ctx context.Context, company int64, f Upload) (UploadedFile, error) {
	o := operation{method: http.MethodPost, path: s.c.paths.Files, company: company}
	if err := f.check(); err != nil {
		return UploadedFile{}, localError(o.name(), err, ErrRefused)
	}
	if f.Size > MaxFileSize {
		return UploadedFile{}, localError(o.name(), fmt.Errorf("the file has %d bytes, %d are allowed", f.Size, MaxFileSize), ErrTooLarge, ErrRefused)
	}
	if f.Type == "" {
		f.Type = "application/octet-stream"
	}
	form := rest.NewForm()
	form.File(uploadField, f.Name, f.Type, f.Size, &told{upload: f})
	o.form = form.Finished()
	// The transport may still be reading when an early answer comes; after this no Content is touched.
	defer o.form.Close()
	return single[UploadedFile](ctx, s.c, o)
}

// told tells how far the reading is.
type told struct {
	upload Upload
	sent   int64
}

func (t *told) Read(p []byte) (int, error) {
	n, err := t.upload.Content.Read(p)
	t.sent += int64(n)
	if n > 0 && t.upload.Progress != nil {
		t.upload.Progress(t.sent, t.upload.Size)
	}
	return n, err
}

// Digest is the SHA-256 of a content.
type Digest [sha256.Size]byte

// Sum reads a content to its end and gives its digest and its size, for
// [FilesService.UploadOnce].
func Sum(content io.Reader) (Digest, int64, error) {
	h := sha256.New()
	size, err := io.Copy(h, content)
	if err != nil {
		return Digest{}, size, fmt.Errorf("read the file for its digest: %w", err)
	}
	return Digest(h.Sum(nil)), size, nil
}

// LinkKey is what the link of a file is kept under.
type LinkKey struct {
	Company int64
	Sum     Digest
}

// Links remembers the links of uploaded files, as a table of a program that
// lives longer than a client. It must be safe for concurrent use.
type Links interface {
	// Link gives what was kept, false when nothing was.
	Link(ctx context.Context, key LinkKey) (UploadedFile, bool, error)
	// Keep remembers a link.
	Keep(ctx context.Context, key LinkKey, file UploadedFile) error
}

// UploadOnce gives the link of a content that was uploaded before, and uploads
// it else; calls with the same content at the same time upload it once. sum must
// be that of the content, as [Sum] gives it; of what is uploaded and is not, no
// link is kept, and the error is ErrRefused. When the link could not be kept the
// upload counts all the same, and the log is told.
func (s *FilesService) UploadOnce(ctx context.Context, company int64, sum Digest, f Upload) (UploadedFile, error) {
	o := operation{method: http.MethodPost, path: s.c.paths.Files, company: company}
	key := LinkKey{Company: company, Sum: sum}
	for {
		own, first := s.depart(key)
		if first {
			defer s.land(key, own)
			file, err := s.keptOrUploaded(ctx, o, key, f)
			own.file, own.ok = file, err == nil
			return file, err
		}
		select {
		case <-own.landed:
			if own.ok {
				return own.file, nil
			}
			// It failed, perhaps for reasons of its own: one of those who waited tries.
		case <-ctx.Done():
			return UploadedFile{}, localError(o.name(), ctx.Err(), ErrTemporary)
		}
	}
}

func (s *FilesService) keptOrUploaded(ctx context.Context, o operation, key LinkKey, f Upload) (UploadedFile, error) {
	known, ok, err := s.links.Link(ctx, key)
	switch {
	case err != nil:
		return UploadedFile{}, localError(o.name(), fmt.Errorf("look for the link of the file: %w", err), ErrTemporary)
	case ok:
		return known, nil
	}
	return s.uploadAndKeep(ctx, o, key, f)
}

func (s *FilesService) uploadAndKeep(ctx context.Context, o operation, key LinkKey, f Upload) (UploadedFile, error) {
	h := sha256.New()
	if f.Content != nil {
		f.Content = io.TeeReader(f.Content, h)
	}
	file, err := s.Upload(ctx, key.Company, f)
	if err != nil {
		return UploadedFile{}, err
	}
	if Digest(h.Sum(nil)) != key.Sum {
		return UploadedFile{}, &Error{Op: o.name(), Outcome: OutcomeAnswered, kinds: []error{ErrRefused}, cause: errors.New("the content is not that of its digest")}
	}
	if err := s.links.Keep(ctx, key, file); err != nil {
		s.c.log.WarnContext(ctx, "the link of a file could not be kept", "err", err)
	}
	return file, nil
}

// depart begins an upload, or gives the one that is on its way.
func (s *FilesService) depart(key LinkKey) (f *flight, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.flights[key]; ok {
		return f, false
	}
	f = &flight{landed: make(chan struct{})}
	s.flights[key] = f
	return f, true
}

func (s *FilesService) land(key LinkKey, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.flights, key)
	close(f.landed)
}

// defaultLinks is how many links are remembered unless told otherwise.
const defaultLinks = 1000

// NewLinks remembers the last most links in memory; 0 means 1,000.
func NewLinks(most int) Links {
	if most <= 0 {
		most = defaultLinks
	}
	return &memory{most: most, files: map[LinkKey]UploadedFile{}}
}

type memory struct {
	most int

	mu    sync.Mutex
	files map[LinkKey]UploadedFile
	order []LinkKey // the oldest first
}

// Link gives what was kept.
func (m *memory) Link(_ context.Context, key LinkKey) (UploadedFile, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	file, ok := m.files[key]
	return file, ok, nil
}

// Keep remembers a link and forgets the oldest when there are too many.
func (m *memory) Keep(_ context.Context, key LinkKey, file UploadedFile) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.files[key]; !ok {
		m.order = append(m.order, key)
	}
	m.files[key] = file
	if len(m.order) > m.most {
		delete(m.files, m.order[0])
		m.order = m.order[1:]
	}
	return nil
}
