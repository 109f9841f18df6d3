package rest

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/textproto"
	"sync"
)

// Form is a multipart body of known length that streams its files: nothing of
// them is held in memory and no goroutine copies. Fill it with Field and File,
// then call Finished; a Form is the body of one call.
type Form struct {
	writer *multipart.Writer
	buffer bytes.Buffer
	chain  []io.Reader
	length int64

	mu     sync.Mutex // guards closed and the reading itself
	closed bool
	from   io.Reader
}

// NewForm makes an empty form.
func NewForm() *Form {
	f := &Form{}
	f.writer = multipart.NewWriter(&f.buffer)
	return f
}

// Field adds a text. The name must be one of a program's own.
func (f *Form) Field(name, value string) {
	_ = f.writer.WriteField(name, value) // writing to a buffer does not fail
}

// File adds a file of exactly size bytes. Reading the form fails when content
// is shorter or longer.
func (f *Form) File(field, name, mediaType string, size int64, content io.Reader) {
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition(field, name))
	header.Set("Content-Type", mediaType)
	_, _ = f.writer.CreatePart(header) // writing to a buffer does not fail
	f.flush()
	f.chain = append(f.chain, &exactReader{from: content, left: size})
	f.length += size
}

// Finished ends the form, which can be read from then on.
func (f *Form) Finished() *Form {
	_ = f.writer.Close() // writing to a buffer does not fail
	f.flush()
	f.from = io.MultiReader(f.chain...)
	return f
}

// flush moves what was written into the chain.
func (f *Form) flush() {
	written := bytes.Clone(f.buffer.Bytes())
	f.buffer.Reset()
	f.chain = append(f.chain, bytes.NewReader(written))
	f.length += int64(len(written))
}

// Length is how many bytes the whole form has.
func (f *Form) Length() int64 { return f.length }

// ContentType names the form with its boundary.
func (f *Form) ContentType() string { return f.writer.FormDataContentType() }

// Read gives the form from its beginning to its end, once.
func (f *Form) Read(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.from == nil {
		return 0, errors.New("read after close")
	}
	return f.from.Read(p)
}

// Close guarantees that no file is read once it has returned: a transport may
// still be reading when an early answer comes.
func (f *Form) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

// ErrFileLength is a file that is not as long as announced, or cannot be read.
var ErrFileLength = errors.New("a file is not as long as announced")

// exactReader fails when its source is shorter or longer than announced.
type exactReader struct {
	from io.Reader
	left int64
}

func (r *exactReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		var one [1]byte
		if n, err := r.from.Read(one[:]); n > 0 || err != nil && err != io.EOF {
			return 0, errors.Join(ErrFileLength, err)
		}
		return 0, io.EOF
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	if err == io.EOF && r.left > 0 {
		return n, ErrFileLength
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}
