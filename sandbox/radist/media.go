package radist

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// What is kept of uploads: files up to keepWhole bytes as they are, of larger ones their beginning and their length.
const (
	keepWhole  = 8 << 20
	keepAll    = 256 << 20 // bytes of a cabinet's uploads, the oldest go first
	keepHead   = 512
	maxUploads = 10_000
)

// upload is a file that the seller's program brought.
type upload struct {
	key, name, mime, sum string
	size                 int64
	content              []byte // all of it or its beginning
	used                 int
}

// file is the upload as the world keeps it in a message. One that was not kept whole is drawn; of one that is too large for the world
// it keeps the beginning.
func (u upload) file(w sandbox.Backstage) sandbox.File {
	const most = 20 << 20
	if int64(len(u.content)) == u.size || u.size > most {
		return sandbox.NewFile(u.name, u.content)
	}
	made, err := w.Files([]sandbox.NewPart{{Name: u.name, Size: int(u.size)}})
	if err != nil || len(made) == 0 {
		return sandbox.NewFile(u.name, u.content)
	}
	return made[0]
}

// Sizes remember how large drawn files are: to tell it they are drawn, and a history tells it each time. Worlds of one seed may share
// them. The zero value is empty.
type Sizes struct {
	mu  sync.Mutex
	all map[drawn]int
}

// drawn names a file: those that are added to a world may have the ids of those that are added to another.
type drawn struct {
	id     sandbox.ID
	name   string
	wanted int
}

// of is how large a file is.
func (s *Sizes) of(f sandbox.File) int {
	const most = 100_000
	if f.ID == (sandbox.ID{}) {
		return f.Size()
	}
	key := drawn{f.ID, f.Name, f.Wanted()}
	s.mu.Lock()
	size, known := s.all[key]
	s.mu.Unlock()
	if known {
		return size
	}
	size = f.Size()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= most {
		s.all = map[drawn]int{}
	}
	s.all[key] = size
	return size
}

func (e *Emulator) size(f sandbox.File) int { return e.opt.Sizes.of(f) }

// files is the address of the host of files; the caller holds the lock.
func (c *cabinet) files() string {
	if c.base == "" {
		return "https://" + filesHost
	}
	return c.base + "/radist/files"
}

// link is the address of a file of a message; it works for everybody who knows it.
func (c *cabinet) link(f sandbox.File) string {
	return c.files() + "/f/" + f.ID.String() + "/" + url.PathEscape(f.Name)
}

// linked finds the upload that a link belongs to, on whatever host, and counts its use.
func (c *cabinet) linked(link string) (upload, bool) {
	at, err := url.Parse(link)
	if err != nil {
		return upload{}, false
	}
	parts := strings.Split(at.Path, "/")
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 0; i+2 < len(parts); i++ {
		if u := c.uploads[parts[i+1]]; u != nil && parts[i] == "u" {
			u.used++
			return *u, true
		}
	}
	return upload{}, false
}

// upload takes one part named file. It is read as it comes and never held whole when it is large.
func (c *call) upload() {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		invalid(c.rw, "body", "file", "multipart/form-data is needed")
		return
	}
	c.r.Body = http.MaxBytesReader(c.rw, c.r.Body, c.e.opt.MaxUpload+64<<10)
	parts, err := c.r.MultipartReader()
	if err != nil {
		invalid(c.rw, "body", "file", "Not a multipart body")
		return
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			c.badUpload(err)
			return
		}
		if part.FormName() != "file" {
			continue
		}
		u, err := receive(part.FileName(), part, c.e.opt.MaxUpload)
		if err == nil {
			_, err = parts.NextPart() // the end belongs to the file: a body that was cut is none
		}
		if err != nil && !errors.Is(err, io.EOF) {
			c.badUpload(err)
			return
		}
		if u.name == "" || len(u.name) > maxName {
			invalid(c.rw, "body", "file", fmt.Sprintf("A file name of 1 to %d bytes is needed", maxName))
			return
		}
		c.keep(u)
		return
	}
}

var errTooLarge = errors.New("too large")

func (c *call) badUpload(err error) {
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big) || errors.Is(err, errTooLarge):
		fail(c.rw, http.StatusRequestEntityTooLarge, fmt.Sprintf("A file has at most %d bytes", c.e.opt.MaxUpload))
	case errors.Is(err, io.EOF):
		invalid(c.rw, "body", "file", "Field required")
	default:
		invalid(c.rw, "body", "file", "The body ends too early")
	}
}

// keeper keeps the beginning of what is written to it.
type keeper struct {
	hash  hash.Hash
	kept  []byte
	size  int64
	whole bool
}

// Write counts and digests a piece.
func (k *keeper) Write(p []byte) (int, error) {
	k.hash.Write(p) // never fails
	k.size += int64(len(p))
	if k.whole && k.size > keepWhole {
		k.whole, k.kept = false, bytes.Clone(k.kept[:min(keepHead, len(k.kept))])
	}
	if k.whole {
		k.kept = append(k.kept, p...)
	}
	return len(p), nil
}

func receive(name string, from io.Reader, most int64) (*upload, error) {
	k := &keeper{hash: sha256.New(), whole: true, kept: []byte{}} // an empty file has a content, of no bytes
	if _, err := io.Copy(k, io.LimitReader(from, most+1)); err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if k.size > most {
		return nil, errTooLarge
	}
	u := &upload{name: name, size: k.size, content: k.kept, sum: hex.EncodeToString(k.hash.Sum(nil))}
	sniffed, _, _ := strings.Cut(http.DetectContentType(u.content), ";")
	_, u.mime = mediaType(name, sniffed)
	return u, nil
}

// keep stores an upload and answers its link.
func (c *call) keep(u *upload) {
	b := c.cabinet
	b.mu.Lock()
	defer b.mu.Unlock()
	b.uploaded++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s upload %d", c.account.Seller, b.uploaded))
	u.key = hex.EncodeToString(sum[:16])
	b.uploads[u.key], b.order = u, append(b.order, u.key)
	kept := int64(0)
	for _, have := range b.uploads {
		kept += int64(len(have.content))
	}
	for _, key := range b.order {
		if old := b.uploads[key]; kept > keepAll && len(old.content) > keepHead {
			kept -= int64(len(old.content) - keepHead)
			old.content = bytes.Clone(old.content[:keepHead])
		}
	}
	if len(b.order) > maxUploads {
		delete(b.uploads, b.order[0])
		b.order = b.order[1:]
	}
	c.ok(uploadJSON{b.files() + "/u/" + u.key + "/" + url.PathEscape(u.name), u.name, u.size, u.mime})
}

// media gives out files.
type media struct{ *Emulator }

func (e media) service() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /f/{id}/{name}", e.attachment)
	mux.HandleFunc("GET /u/{key}/{name}", e.uploaded)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if sandbox.EffectsOf(r).ExpireLink {
			fail(rw, http.StatusForbidden, "The link is too old")
			return
		}
		mux.ServeHTTP(rw, r)
	})
}

func (e media) attachment(rw http.ResponseWriter, r *http.Request) {
	id, err := sandbox.ParseID(r.PathValue("id"))
	for _, a := range e.world.Accounts(API) {
		if f, ok := a.File(id); ok && err == nil {
			content := f.Content()
			_, kind := mediaType(f.Name, f.Type)
			give(rw, f.Name, kind, content, int64(len(content)))
			return
		}
	}
	http.NotFound(rw, r)
}

func (e media) uploaded(rw http.ResponseWriter, r *http.Request) {
	for _, a := range e.world.Accounts(API) {
		c := e.known(a)
		if c == nil {
			continue
		}
		c.mu.Lock()
		u, ok := c.uploads[r.PathValue("key")]
		var have upload
		if ok {
			have = *u
		}
		c.mu.Unlock()
		if ok {
			give(rw, have.name, have.mime, have.content, have.size)
			return
		}
	}
	http.NotFound(rw, r)
}

// give answers a file; what was not kept of it is zeros.
func give(rw http.ResponseWriter, name, kind string, content []byte, size int64) {
	h := rw.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = rw.Write(content) // the other side is gone
	zeros := make([]byte, 32<<10)
	for left := size - int64(len(content)); left > 0; {
		n, err := rw.Write(zeros[:min(left, int64(len(zeros)))])
		if err != nil {
			return
		}
		left -= int64(n)
	}
}
