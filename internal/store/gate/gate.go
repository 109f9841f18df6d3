package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// encode writes JSON of texts, numbers and moments, which cannot fail.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// Why bounds a reason, whose text may be that of a remote side.
func Why(w sellerdesk.Why) sellerdesk.Why {
	w.Text = sellerdesk.Optional(text.Cut(text.Clean(string(w.Text)), 1000))
	return w
}

// maxRemoteID bounds ids of a remote side in bytes; longer ones are kept as
// their digest.
const maxRemoteID = 500

// RemoteID makes an id of a remote side fit to be kept.
func RemoteID(id sellerdesk.RemoteID) string {
	s := text.Clean(string(id))
	if len(s) > maxRemoteID {
		return "digest:" + Digest(s)
	}
	return s
}

// Product encodes a product with its texts cleaned.
func Product(p sellerdesk.Product) string {
	p.ID = sellerdesk.RemoteID(RemoteID(p.ID))
	p.Name, p.Price, p.Size = short(p.Name), short(p.Price), short(p.Size)
	p.Image = sellerdesk.Optional(strings.TrimSpace(text.Clean(string(p.Image))))
	return encode(p)
}

// FileName keeps the last part of a name, cut for a screen.
func FileName(name string) string {
	name = strings.ReplaceAll(text.Clean(name), `\`, "/")
	if name = path.Base(name); name == "." || name == "/" {
		name = ""
	}
	return text.Cut(name, 200)
}

// Digest names a thing by what it holds, where the remote side gave no name.
func Digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
