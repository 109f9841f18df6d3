package sandbox

import (
	"crypto/sha256"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// File is something attached to a message. What the world generates has no bytes until Content is called.
type File struct {
	ID   ID
	Name string
	// Type is the media type, told from the content and never from the name.
	Type string

	seed    uint64
	look    scene.Look
	size    int    // wanted size of a generated file, 0 as it comes
	content []byte // of an uploaded file
	at      time.Time
}

// Content is the file's bytes; for a generated file they are drawn anew, the same each time.
func (f File) Content() []byte {
	if f.content != nil {
		return f.content
	}
	return scene.Pad(f.Type, scene.DrawFile(f.Type, f.seed, f.look), f.size)
}

// Size is the length of Content.
func (f File) Size() int {
	if f.content != nil {
		return len(f.content)
	}
	return max(f.size, len(scene.DrawFile(f.Type, f.seed, f.look)))
}

// Wanted is the size that a generated file was ordered with, 0 as it comes.
func (f File) Wanted() int { return f.size }

// At is when the file was attached.
func (f File) At() time.Time { return f.at }

// Refused tells that moderation never lets the file through: every fiftieth generated one, and any whose name holds "blocked".
func (f File) Refused() bool {
	return strings.Contains(f.Name, "blocked") || f.content == nil && f.size == 0 && f.seed%50 == 7
}

// NewFile makes a file out of uploaded bytes.
func NewFile(name string, content []byte) File {
	return File{Name: cleanName(name), Type: sniff(content), content: content}
}

func sniff(content []byte) string {
	kind, _, err := mime.ParseMediaType(http.DetectContentType(content))
	if err != nil {
		return "application/octet-stream"
	}
	return kind
}

// generatedFile makes a file of about size bytes whose type follows the name's ending.
func generatedFile(name string, size int, seed uint64) File {
	f := File{Name: cleanName(name), size: size, seed: seed, Type: "image/jpeg"}
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		f.Type = "application/pdf"
	case ".png":
		f.Type = "image/png"
	}
	return f
}

func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	if name == "." || name == "/" || name == "" {
		return "file"
	}
	return name
}

// digest is equal for files of equal bytes.
func (f File) digest() [32]byte { return sha256.Sum256(f.Content()) }
