package wildberries

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Bounds of a message.
const (
	maxText      = 1000 // characters
	maxFile      = 5 << 20
	maxFiles     = 30 << 20 // together
	maxFileCount = 200      // ours, against floods of empty parts
	maxBody      = maxFiles + 4<<20
)

// The remote side's own words.
const (
	badSign  = "Invalid signature"
	badText  = `Invalid value for "message"`
	tooBig   = "A24FA09844E: attachment too big. Max size: 5MiB"
	tooMuch  = "A24FA09844E: attachments too big. Max total size: 30MiB"
	noFormat = "Invalid multipart body"
)

// letter is a decoded message request.
type letter struct {
	sign, text string
	files      []sandbox.File
}

// errLetter is why a request is not one; its text is the detail of the 400.
type errLetter struct{ detail string }

func (e *errLetter) Error() string { return e.detail }

// message takes a message of the seller's program.
func (e *Emulator) message(c *call) {
	l, err := e.readLetter(c.rw, c.r)
	var bad *errLetter
	if err != nil {
		if !errors.As(err, &bad) {
			bad = &errLetter{noFormat}
		}
		c.refuse("application/problem+json", "Bad Request", bad.detail)
		return
	}
	now := e.world.Now(c.r)
	chat, ok := e.signs.check(c.account, l.sign, e.opt.SignLife, e.world.Clock().Now())
	if !ok {
		c.refuse("application/problem+json", "Bad Request", badSign)
		return
	}
	kept, failures := e.upload(l.files)
	if l.text == "" && len(kept) == 0 && len(failures) == 0 {
		c.refuse("application/problem+json", "Bad Request", badText)
		return
	}
	added := now.UnixMilli()
	if l.text != "" || len(kept) > 0 {
		m, err := e.world.Receive(c.account, chat, l.text, kept)
		if err != nil {
			c.refuse("application/problem+json", "Bad Request", badSign)
			return
		}
		added = m.At.UnixMilli()
	}
	c.json(http.StatusOK, envelope{
		Result: map[string]any{"addTime": added, "chatID": chatID(chat), "sign": e.signs.rotate(c.account, chat, e.world.Clock().Now())},
		Errors: failures,
	})
}

// upload sorts the files into those that are taken and the errors of the others.
func (e *Emulator) upload(files []sandbox.File) (kept []sandbox.File, failures []string) {
	failures = []string{}
	for _, f := range files {
		if why := e.opt.RejectFile(f.Name, f.Content()); why != "" {
			failures = append(failures, fmt.Sprintf("%q: %s", f.Name, why))
			continue
		}
		kept = append(kept, f)
	}
	return kept, failures
}

// undecodable rejects a picture whose head cannot be read.
func undecodable(name string, content []byte) string {
	var err error
	switch sandbox.NewFile(name, content).Type {
	case "image/jpeg":
		_, err = jpeg.DecodeConfig(bytes.NewReader(content))
	case "image/png":
		_, err = png.DecodeConfig(bytes.NewReader(content))
	}
	if err != nil {
		return "upload failed"
	}
	return ""
}

// readLetter decodes the multipart body. Parts of other names are skipped.
func (e *Emulator) readLetter(rw http.ResponseWriter, r *http.Request) (letter, error) {
	var l letter
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return l, &errLetter{"request Content-Type isn't multipart/form-data"}
	}
	parts := multipart.NewReader(http.MaxBytesReader(rw, r.Body, maxBody), params["boundary"])
	total := 0
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return l, tooMuchOr(err)
		}
		if err := l.add(part, &total); err != nil {
			return l, err
		}
	}
	if utf8.RuneCountInString(l.text) > maxText {
		if !e.opt.CutLongText {
			return l, &errLetter{badText}
		}
		l.text = string([]rune(l.text)[:maxText])
	}
	if l.sign == "" || len(l.sign) > maxSign {
		return l, &errLetter{badSign}
	}
	return l, nil
}

func tooMuchOr(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return &errLetter{tooMuch}
	}
	return fmt.Errorf("reading multipart: %w", err)
}

// add takes one part.
func (l *letter) add(part *multipart.Part, total *int) error {
	limit := 64 << 10
	if part.FormName() == "file" {
		limit = maxFile
	}
	content, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
	if err != nil {
		return tooMuchOr(err)
	}
	over := len(content) > limit
	switch part.FormName() {
	case "replySign":
		l.sign = string(content)
	case "message":
		if over || !utf8.Valid(content) {
			return &errLetter{badText}
		}
		l.text = string(content)
	case "file":
		*total += len(content)
		f := sandbox.NewFile(part.FileName(), content)
		switch {
		case over:
			return &errLetter{tooBig}
		case *total > maxFiles || len(l.files) >= maxFileCount:
			return &errLetter{tooMuch}
		case !isPicture(f) && f.Type != "application/pdf":
			return &errLetter{fmt.Sprintf(`4A9F2544E29: "%s" has unsupported mime type`, f.Name)}
		}
		l.files = append(l.files, f)
	}
	return nil
}
