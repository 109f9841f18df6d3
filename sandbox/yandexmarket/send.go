package yandexmarket

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

const (
	maxText = 4096
	maxFile = 5 << 20
)

// writable finds the chat of the query and refuses one that takes no more messages.
func (c chatCall) writable() (sandbox.Conversation, bool) {
	one, ok := c.asked()
	if !ok {
		return one, false
	}
	v, _ := c.e.view(c.account, c.cabinet, one)
	switch {
	case v.Status == statusFinished:
		c.bad("Chat is finished")
		return one, false
	case v.Type == "ARBITRAGE" && c.e.opt.RefuseArbitrage:
		c.bad("Chat is in arbitrage")
		return one, false
	}
	return one, true
}

func (c chatCall) sendMessage() {
	var in struct {
		Message *string `json:"message"`
	}
	if _, ok := c.query("chatId"); !ok || !c.read(&in, true) {
		return
	}
	if in.Message == nil {
		c.bad("Missing field: message")
		return
	}
	if n := utf8.RuneCountInString(*in.Message); n < 1 || n > maxText {
		c.bad("Value / length of field (message) must be between 1 and %d", maxText)
		return
	}
	if one, ok := c.writable(); ok {
		c.take(one, *in.Message, nil)
	}
}

func (c chatCall) take(one sandbox.Conversation, text string, files []sandbox.File) {
	if _, err := c.e.world.Receive(c.account, one.ID, text, files); err != nil {
		c.missing("Can't find chat by id: '%d'", c.e.id(sandbox.KindChat, one.ID))
		return
	}
	c.ok(nil)
}

// sendFile takes one part named file of at most 5 MB.
func (c chatCall) sendFile() {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		fail(c.rw, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Content type '"+kind+"' not supported")
		return
	}
	one, ok := c.writable()
	if !ok {
		return
	}
	c.r.Body = http.MaxBytesReader(c.rw, c.r.Body, maxFile+64<<10)
	parts, err := c.r.MultipartReader()
	if err != nil {
		c.bad("Unexpected end of content")
		return
	}
	var file *sandbox.File
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			c.bad("The request is too big: a file has at most %d bytes", maxFile)
			return
		}
		if err != nil {
			c.bad("Unexpected end of content")
			return
		}
		if part.FormName() != "file" {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(part, maxFile+1))
		if len(content) > maxFile || errors.As(err, &big) {
			c.bad("The request is too big: a file has at most %d bytes", maxFile)
			return
		}
		if err != nil {
			c.bad("Unexpected end of content")
			return
		}
		made := sandbox.NewFile(part.FileName(), content)
		file = &made
	}
	if file == nil {
		c.bad("Missing field: file")
		return
	}
	c.take(one, "", []sandbox.File{*file})
}
