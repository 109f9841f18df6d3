package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"github.com/sellerdesk/sellerdesk"
)

// ErrTooLarge is in the chain of the error of [Dir.Put] when there were more
// bytes than allowed.
var ErrTooLarge = errors.New("more bytes than allowed")

// sniffed is how much of a file tells its type. Office documents are zip files
// whose first entries must be seen.
const sniffed = 8 << 10

// drawers is how many pictures are decoded at once: each may need 200 MB, and on
// two cores a second one would keep those waiting who wait for an answer.
const drawers = 1

// Blob is what is known of kept bytes.
type Blob struct {
	Hash string // lower-case hex SHA-256
	Size int64  // bytes
	Type string // media type by content, without parameters
	// Width and Height are of the picture or the film as a person sees it, in
	// pixels; nil for everything else and where the head of a film does not tell.
	Width, Height *int
	// Duration is how long a recording or a film plays; 0 where that is not told.
	Duration time.Duration
	// Bars tell how loud a recording is along the way: for each of up to 64 equal
	// parts a digit, 9 for the loudest; "" where that is not known.
	Bars string
	// Thumbnail is the hash of the small picture, of the first page or of a frame
	// of the film; "" when there is none.
	Thumbnail string
	// Why says that a picture cannot be drawn, being damaged (file_unreadable) or
	// having too many pixels (file_too_large); empty for everything else. The
	// bytes are kept all the same.
	Why sellerdesk.Why
}

// Milliseconds is how long it plays; nil where that is not told.
func (b Blob) Milliseconds() *int64 {
	if b.Duration <= 0 {
		return nil
	}
	n := b.Duration.Milliseconds()
	return &n
}

// Dir is a folder of kept bytes. It is safe for concurrent use.
type Dir struct {
	root     string
	slots    chan struct{} // one token for each picture that may be decoded now
	turn     chan struct{} // one token: programs of others draw one after another
	programs map[string]program
}

// New opens the folder, makes it when it is not there and throws away what an
// earlier process left half written. One process works on one folder.
func New(root string) (*Dir, error) {
	root, err := filepath.Abs(root) // a path that no program takes for an option
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", root, err)
	}
	d := &Dir{root: root, slots: make(chan struct{}, drawers), turn: make(chan struct{}, 1), programs: programs()}
	if err := os.RemoveAll(d.temp()); err != nil {
		return nil, fmt.Errorf("clean %s: %w", d.temp(), err)
	}
	if err := os.MkdirAll(d.temp(), 0o700); err != nil {
		return nil, fmt.Errorf("make %s: %w", d.temp(), err)
	}
	return d, nil
}

// Put keeps what r gives, at most limit bytes, and tells what it is. Errors are
// *[sellerdesk.Error] for a person: invalid (with [ErrTooLarge] in the chain)
// when there is more than limit, unavailable when the disk takes no more. What
// r returns as its error comes back wrapped.
func (d *Dir) Put(ctx context.Context, r io.Reader, limit int64) (Blob, error) {
	f, err := os.CreateTemp(d.temp(), "in-*")
	if err != nil {
		return Blob{}, diskError("keep a file", err)
	}
	defer os.Remove(f.Name()) // gone already when it was moved to its place
	defer f.Close()

	blob, err := fill(ctx, f, r, limit)
	if err != nil {
		return Blob{}, err
	}
	if blob.Type, err = sniff(f); err != nil {
		return Blob{}, err
	}
	if err := d.look(ctx, f, &blob); err != nil {
		return Blob{}, err
	}
	if err := d.place(f, blob.Hash); err != nil {
		return Blob{}, err
	}
	return blob, nil
}

// look tells what can be seen of a file before it is opened.
func (d *Dir) look(ctx context.Context, f *os.File, blob *Blob) error {
	if drawable(blob.Type) {
		return d.draw(ctx, f, blob)
	}
	if plays(blob.Type) {
		measure(f, blob)
	}
	return d.preview(ctx, f.Name(), blob)
}

// Open gives the bytes of a hash. The caller closes. The error is not_found
// when there are none.
func (d *Dir) Open(hash string) (io.ReadSeekCloser, error) {
	if !validHash(hash) {
		return nil, notFound(nil)
	}
	f, err := os.Open(d.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(err)
	}
	if err != nil {
		return nil, diskError("open a kept file", err)
	}
	return f, nil
}

// Has tells whether the bytes of a hash are kept.
func (d *Dir) Has(hash string) bool {
	if !validHash(hash) {
		return false
	}
	info, err := os.Stat(d.path(hash))
	return err == nil && info.Mode().IsRegular()
}

// place moves a complete file to where its hash says. Bytes reach the disk
// before the name does, so that a name always stands for whole bytes.
func (d *Dir) place(f *os.File, hash string) error {
	if d.Has(hash) {
		return nil
	}
	if err := f.Sync(); err != nil {
		return diskError("keep a file", err)
	}
	path := d.path(hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return diskError("keep a file", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return diskError("keep a file", err)
	}
	return syncDir(filepath.Dir(path))
}

func (d *Dir) temp() string { return filepath.Join(d.root, "tmp") }

func (d *Dir) path(hash string) string { return filepath.Join(d.root, hash[:2], hash[2:]) }

// fill copies r into f and tells hash and size.
func fill(ctx context.Context, f *os.File, r io.Reader, limit int64) (Blob, error) {
	sum := sha256.New()
	in := &io.LimitedReader{R: contextReader{ctx, r}, N: limit + 1}
	out := diskWriter{f}
	n, err := io.Copy(io.MultiWriter(out, sum), in)
	if err != nil {
		var told *sellerdesk.Error
		if errors.As(err, &told) {
			return Blob{}, told
		}
		return Blob{}, fmt.Errorf("read a file: %w", err)
	}
	if n > limit {
		return Blob{}, sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The file is larger than %s.", Size(limit)).InField("file").Because(ErrTooLarge)
	}
	return Blob{Hash: hex.EncodeToString(sum.Sum(nil)), Size: n}, nil
}

// sniff tells the type of what f holds.
func sniff(f *os.File) (string, error) {
	head := make([]byte, sniffed)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", diskError("read a kept file", err)
	}
	t, _, _ := strings.Cut(mimetype.Detect(head[:n]).String(), ";")
	return strings.TrimSpace(t), nil
}

func validHash(h string) bool {
	if len(h) != 2*sha256.Size {
		return false
	}
	for i := range len(h) {
		c := h[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Size says a number of bytes as a person reads it, in binary units: "5 MB",
// "5.2 MB", "800 KB".
func Size(n int64) string {
	const unit = 1 << 10
	switch {
	case n < unit:
		return fmt.Sprintf("%d bytes", n)
	case n < unit*unit:
		return tenths(n, unit) + " KB"
	case n < unit*unit*unit:
		return tenths(n, unit*unit) + " MB"
	default:
		return tenths(n, unit*unit*unit) + " GB"
	}
}

// tenths rounds up, so that a file just over a limit never reads as the limit.
func tenths(n, unit int64) string {
	t := (n*10 + unit - 1) / unit
	if t%10 == 0 {
		return fmt.Sprint(t / 10)
	}
	return fmt.Sprintf("%d.%d", t/10, t%10)
}

func notFound(cause error) error {
	return sellerdesk.Errorf(sellerdesk.CodeNotFound, "The file is not kept here.").Because(cause)
}

// diskError puts what the disk said into words.
func diskError(doing string, err error) error {
	text := "The disk does not take or give the file."
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		text = "The disk is full: the file could not be kept."
	}
	return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "%s", text).Because(fmt.Errorf("%s: %w", doing, err))
}

// diskWriter puts errors of the disk into words, so that they are told from
// those of the reader.
type diskWriter struct{ f *os.File }

func (w diskWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		return n, diskError("write a file", err)
	}
	return n, nil
}

// contextReader ends reading when ctx does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// syncDir makes a new name survive a power cut.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return diskError("keep a file", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return diskError("keep a file", err)
	}
	return nil
}
