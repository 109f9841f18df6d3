package channeltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

// files are the proofs about files, both ways.
func (s suite) files() []proof {
	return []proof{
		{"brings the files of a buyer", s.provesFilesIn},
		{"says in words what it cannot fetch", s.provesNoSuchFile},
		{"sends every type of file that it offers", s.provesFileTypes},
		{"takes files up to its limit and no larger ones", s.provesFileSize},
		{"takes files up to their common limit and no more", s.provesFilesTotal},
		{"sends as many files as it offers", s.provesFileCount},
	}
}

// sample makes the bytes of a small file of a type, or none when the suite
// does not know the type; at least size bytes.
func sample(kind string, size int64) ([]byte, bool) {
	var b bytes.Buffer
	picture := image.NewGray(image.Rect(0, 0, 16, 16))
	switch kind {
	case "image/jpeg":
		_ = jpeg.Encode(&b, picture, nil)
	case "image/png":
		_ = png.Encode(&b, picture)
	case "image/webp":
		b.WriteString("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	case "video/mp4":
		b.WriteString("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	case "audio/ogg":
		b.WriteString("OggS\x00\x02")
	case "audio/mpeg":
		b.WriteString("ID3\x03\x00\x00\x00\x00\x00\x0a")
	case "application/zip",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		b.WriteString("PK\x03\x04\x14\x00")
	case "application/pdf":
		b.WriteString("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	default:
		return nil, false
	}
	if missing := size - int64(b.Len()); missing > 0 {
		b.Write(make([]byte, missing))
	}
	return b.Bytes(), true
}

// blob makes a file of ours of a type and at least a size.
func blob(t *testing.T, name, kind string, size int64) sellerdesk.Blob {
	t.Helper()
	content, ok := sample(kind, size)
	if !ok {
		t.Skipf("the suite cannot make a file of type %s", kind)
	}
	sum := sha256.Sum256(content)
	return sellerdesk.Blob{
		File: 1, Name: name, Type: kind, Size: int64(len(content)), Hash: hex.EncodeToString(sum[:]),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

// samples makes one file of each type that a reply takes; none when it takes none.
func (s suite) samples(t *testing.T) []sellerdesk.Blob {
	t.Helper()
	a := s.ability(t, sellerdesk.ActionReply)
	if a.Files == nil {
		return nil
	}
	var files []sellerdesk.Blob
	for _, kind := range a.Files.Types[:min(len(a.Files.Types), a.Files.Max)] {
		files = append(files, blob(t, "sample"+extension(kind), kind, 400))
	}
	return files
}

func extension(kind string) string {
	switch kind {
	case "audio/mpeg":
		return ".mp3"
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return ".docx"
	case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		return ".xlsx"
	}
	_, ext, _ := strings.Cut(kind, "/")
	return "." + ext
}

func (s suite) provesFilesIn(t *testing.T) {
	p := s.open(t)
	if p.Fetch == nil {
		t.Skip("the channel has no files")
	}
	at := p.cursors()
	id := p.Buyer(t, Line{Kind: s.kind, Text: says("look"), Files: []File{{"photo.jpg", 30_000}, {"bill.pdf", 2_000}}})
	files := map[sellerdesk.RemoteID]sellerdesk.RemoteFile{} // one message has both, or each has one
	p.news(at, func(m sellerdesk.MessagePatch) bool {
		for _, f := range m.Files {
			if m.Conversation == id {
				files[f.ID] = f
			}
		}
		return len(files) == 2
	})
	if len(files) != 2 {
		t.Fatalf("the buyer sent 2 files, %d came", len(files))
	}
	for _, f := range files {
		if content := p.fetch(f); len(content) == 0 {
			t.Errorf("file %q is empty", f.Name)
		} else if f.Size != 0 && f.Size != int64(len(content)) {
			t.Errorf("file %q has %d bytes, the message said %d", f.Name, len(content), f.Size)
		}
	}
}

// fetch gets a file and waits while the far end has it in moderation.
func (p *probe) fetch(f sellerdesk.RemoteFile) []byte {
	p.t.Helper()
	for range 50 {
		got, err := p.connectorFetch(f)
		if err != nil {
			p.failed(err)
			p.t.Fatalf("fetch a file: %v", err)
		}
		switch got.State {
		case sellerdesk.FetchReady:
			defer got.Body.Close()
			content, err := io.ReadAll(got.Body)
			if err != nil {
				p.t.Fatalf("read a file: %v", err)
			}
			if got.Size >= 0 && got.Size != int64(len(content)) {
				p.t.Errorf("a file of %d bytes was announced with %d", len(content), got.Size)
			}
			return content
		case sellerdesk.FetchPending:
			if got.RetryAfter <= 0 {
				p.t.Error("a file is pending and nothing says when to ask again")
			}
			if err := p.Clock.Sleep(p.ctx, got.RetryAfter); err != nil {
				p.t.Fatalf("wait for a file: %v", err)
			}
		default:
			p.t.Fatalf("the file is refused: %s", got.Why.Text)
		}
	}
	p.t.Fatal("a file stays pending")
	return nil
}

func (p *probe) connectorFetch(f sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	return p.Fetch(p.ctx, f)
}

func (s suite) provesNoSuchFile(t *testing.T) {
	p := s.open(t)
	if p.Fetch == nil {
		t.Skip("the channel has no files")
	}
	for _, f := range []sellerdesk.RemoteFile{
		{ID: "no-such-file"},
		{ID: "http://127.0.0.1:1/secret", Remote: []byte(`{"url":"http://127.0.0.1:1/secret"}`)},
		{ID: "../../../etc/passwd", Remote: []byte(`not json`)},
		{},
	} {
		got, err := p.Fetch(p.ctx, f)
		if err == nil && got.State == sellerdesk.FetchReady {
			t.Errorf("file %q does not exist and comes nevertheless", f.ID)
			_ = got.Body.Close()
		}
		if err != nil {
			p.failed(err)
		}
	}
}

// outcome tells whether all was taken, and the sentence of what was not.
func (p *probe) outcome(r sellerdesk.Receipt, err error) (taken bool, why sellerdesk.Why) {
	p.t.Helper()
	if err != nil {
		_, e := p.failed(err)
		return false, e.Why
	}
	for _, f := range r.Files {
		if f.Refused.Text != "" {
			return false, f.Refused
		}
	}
	return true, sellerdesk.Why{}
}

// attach sends files into a fresh conversation.
func (p *probe) attach(files ...sellerdesk.Blob) (taken bool, why sellerdesk.Why, got []Line) {
	p.t.Helper()
	ref := p.conversation(p.Buyer(p.t, Line{Kind: p.suite.kind, Text: says("a photo, please")}))
	text := p.suite.beside(p.t, says("here"))
	if text != "" || len(files) < 2 {
		taken, why = p.outcome(p.reply(ref, text, files...))
		return taken, why, p.received(ref.ID)
	}
	taken = true
	for n := 0; n < len(files) && taken; n++ {
		taken, why = p.outcome(p.reply(ref, "", files[n]))
	}
	return taken, why, p.received(ref.ID)
}

// beside are the words that go with files: none where they travel apart.
func (s suite) beside(t *testing.T, text string) string {
	t.Helper()
	if s.fileLimits(t).Apart {
		return ""
	}
	return text
}

func (s suite) fileLimits(t *testing.T) sellerdesk.FileLimits {
	t.Helper()
	a := s.ability(t, sellerdesk.ActionReply)
	if a.Files == nil {
		t.Skip("a reply takes no files")
	}
	return *a.Files
}

func (s suite) provesFileTypes(t *testing.T) {
	limits := s.fileLimits(t)
	p := s.open(t)
	for _, kind := range limits.Types {
		f := blob(t, "документ \"1\""+extension(kind), kind, 500)
		taken, why, got := p.attach(f)
		if !taken || len(got) != 1 || len(got[0].Files) != 1 {
			t.Errorf("a file of type %s is offered and not taken: %s", kind, why.Text)
		} else if got[0].Files[0].Size != f.Size {
			t.Errorf("a file of %d bytes arrived with %d", f.Size, got[0].Files[0].Size)
		}
	}
	f := blob(t, "not a picture.jpg", limits.Types[0], 500)
	text := []byte("just words, whatever the name says")
	f.Open = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	f.Size = int64(len(text))
	if taken, why, got := p.attach(f); taken {
		t.Error("a text that calls itself a picture is taken")
	} else if len(got) > 0 && len(got[0].Files) > 0 || why.Text == "" {
		t.Errorf("a refused file arrived, or nothing says why: %q", why.Text)
	}
	broken := blob(t, "gone.jpg", limits.Types[0], 500)
	broken.Open = func(context.Context) (io.ReadCloser, error) { return nil, errors.New("the disk is gone") }
	if taken, _, got := p.attach(broken); taken || len(got) != 0 {
		t.Errorf("a file that cannot be read is taken: %v, %d messages arrived", taken, len(got))
	}
}

func (s suite) provesFileSize(t *testing.T) {
	limits := s.fileLimits(t)
	p := s.open(t)
	kind := limits.Types[0]
	if taken, why, _ := p.attach(blob(t, "largest"+extension(kind), kind, limits.MaxSize)); !taken {
		t.Errorf("a file of %d bytes is offered and not taken: %s", limits.MaxSize, why.Text)
	}
	taken, why, _ := p.attach(blob(t, "larger"+extension(kind), kind, limits.MaxSize+1))
	if taken {
		t.Errorf("a file of %d bytes is taken, the limit could be higher", limits.MaxSize+1)
	} else if why.Text == "" {
		t.Error("nothing says why a file is too large")
	}
}

func (s suite) provesFilesTotal(t *testing.T) {
	limits := s.fileLimits(t)
	n := limits.TotalSize/limits.MaxSize + 1
	if limits.Apart || n > int64(limits.Max) {
		t.Skip("the count of files is reached before their common size")
	}
	p := s.open(t)
	kind := limits.Types[0]
	part := limits.TotalSize / n
	files := make([]sellerdesk.Blob, n)
	for i := range files {
		size := part
		if i == 0 {
			size += limits.TotalSize % n
		}
		files[i] = blob(t, fmt.Sprintf("%d%s", i, extension(kind)), kind, size)
	}
	if taken, why, _ := p.attach(files...); !taken {
		t.Errorf("%d bytes in %d files are offered and not taken: %s", limits.TotalSize, n, why.Text)
	}
	files[1] = blob(t, "1"+extension(kind), kind, part+1)
	if taken, why, _ := p.attach(files...); taken {
		t.Errorf("%d bytes in %d files are taken, the limit could be higher", limits.TotalSize+1, n)
	} else if why.Text == "" {
		t.Error("nothing says why the files are too large")
	}
}

func (s suite) provesFileCount(t *testing.T) {
	limits := s.fileLimits(t)
	p := s.open(t)
	files := make([]sellerdesk.Blob, limits.Max)
	for i := range files {
		kind := limits.Types[i%len(limits.Types)]
		files[i] = blob(t, fmt.Sprintf("%02d%s", i, extension(kind)), kind, 300)
	}
	taken, why, got := p.attach(files...)
	var names []string
	for _, l := range got {
		for _, f := range l.Files {
			names = append(names, f.Name)
		}
	}
	if !taken || len(names) != limits.Max || limits.Apart != (len(got) > 1) {
		t.Fatalf("%d files are offered, and %d came in %d messages: %s", limits.Max, len(names), len(got), why.Text)
	}
	if !slices.IsSorted(names) {
		t.Errorf("the files arrived in another order: %v", names)
	}
}
