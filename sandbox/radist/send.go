package radist

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// window is how long a dialog of WABA stays open after a word of the buyer.
const window = 24 * time.Hour

// draft is a message that was found good: what the world keeps of it and what it does not.
type draft struct {
	text  string
	files []sandbox.File
	extra *extra
}

// refusal says why a message is none: a field of the body, a status other than 422 where it is not 0.
type refusal struct {
	status      int
	field, text string
}

func wrong(field, format string, args ...any) *refusal {
	return &refusal{0, field, fmt.Sprintf(format, args...)}
}

func (c *call) refuse(why *refusal) {
	if why.status != 0 {
		fail(c.rw, why.status, why.text)
		return
	}
	invalid(c.rw, "body", why.field, why.text)
}

// envelope is a message without its union.
type envelope struct {
	Connection *int64  `json:"connection_id"`
	Chat       *int64  `json:"chat_id"`
	Type       *string `json:"message_type"`
	Mode       string  `json:"mode"`
}

// send takes a message of the seller.
func (c messageCall) send() {
	raw, ok := c.body()
	if !ok {
		return
	}
	var in envelope
	var fields map[string]json.RawMessage
	if !c.parse(raw, &in) || !c.parse(raw, &fields) {
		return
	}
	if why := in.check(fields); why != nil {
		c.refuse(why)
		return
	}
	b := c.cabinet
	b.mu.Lock()
	n, ok := b.chatOf(*in.Chat)
	line := -1
	if ok {
		line = b.chats[n].line
	}
	b.mu.Unlock()
	if !ok {
		c.missing("Chat")
		return
	}
	i, l, ok := lineOf(c.account, *in.Connection)
	switch {
	case !ok:
		c.missing("Connection")
		return
	case i != line:
		c.refuse(wrong("connection_id", "The chat cannot be reached through this connection"))
		return
	}
	d, why := c.compose(l, i, *in.Type, fields[*in.Type])
	if why != nil {
		c.refuse(why)
		return
	}
	c.deliver(n, d, *in.Type)
}

// check holds to the rule of the union: the type is named and the field of its name, and no other, is filled.
func (in *envelope) check(fields map[string]json.RawMessage) *refusal {
	switch {
	case in.Connection == nil:
		return wrong("connection_id", "Field required")
	case in.Chat == nil:
		return wrong("chat_id", "Field required")
	case in.Type == nil:
		return wrong("message_type", "Field required")
	case !slices.Contains(modes, in.Mode):
		return wrong("mode", "Input should be 'async' or 'sync'")
	case !slices.Contains(unions(), *in.Type):
		return wrong("message_type", "Unknown type of message")
	case strings.HasSuffix(*in.Type, "_order"):
		return wrong("message_type", "%s cannot be sent", *in.Type)
	}
	for _, u := range unions() {
		filled := len(fields[u]) > 0 && string(fields[u]) != "null"
		switch {
		case u == *in.Type && !filled:
			return wrong(u, "The field named as message_type must be filled")
		case u != *in.Type && filled:
			return wrong(u, "Only the field %s may be filled", *in.Type)
		}
	}
	return nil
}

// compose reads the union's field.
func (c messageCall) compose(l line, i int, kind string, raw json.RawMessage) (draft, *refusal) {
	if l.kind != kindWABA && (kind == typeTemplate || kind == typeInteractive) {
		return draft{}, wrong("message_type", "%s is for a connection of WABA only", kind)
	}
	switch {
	case kind == typeText:
		var in textSend
		if json.Unmarshal(raw, &in) != nil || strings.TrimSpace(in.Text) == "" {
			return draft{}, wrong("text.text", "A text that is not empty is needed")
		}
		if letters(in.Text) > maxText(l) {
			return draft{}, wrong("text.text", "At most %d characters", maxText(l))
		}
		return draft{text: in.Text}, nil
	case kind == typeTemplate:
		return c.template(Connection(c.account, i), raw)
	case kind == typeInteractive:
		return c.interactive(raw)
	}
	return c.mediaDraft(l, kind, raw)
}

// mediaDraft reads an image, video, voice, audio or file.
func (c messageCall) mediaDraft(l line, kind string, raw json.RawMessage) (draft, *refusal) {
	var in struct{ URL, Caption string }
	if json.Unmarshal(raw, &in) != nil || in.URL == "" {
		return draft{}, wrong(kind+".url", "A link is needed: upload the file first")
	}
	if letters(in.Caption) > maxCaption {
		return draft{}, wrong(kind+".caption", "At most %d characters", maxCaption)
	}
	u, ok := c.cabinet.linked(in.URL)
	if !ok && !isHTTP(in.URL, "https") {
		return draft{}, wrong(kind+".url", "Neither a link of an upload nor an https address")
	}
	var file sandbox.File
	if ok {
		file = u.file(c.e.world)
	} else {
		at, err := url.Parse(in.URL)
		if err != nil {
			return draft{}, wrong(kind+".url", "Not an address")
		}
		u.name = path.Base(at.Path)
		made, err := c.e.world.Files([]sandbox.NewPart{{Name: u.name}})
		if err != nil {
			return draft{}, wrong(kind+".url", "The name of the file is too long")
		}
		file = made[0]
		_, u.mime = mediaType(u.name, file.Type)
		u.size = int64(c.e.size(file))
	}
	payload := map[string]any{"caption": in.Caption, "name": u.name, "size": u.size, "mime_type": u.mime, "url": in.URL}
	return draft{in.Caption, []sandbox.File{file}, &extra{kind: kind, payload: payload, trouble: c.e.tooMuch(l, kind, u.mime, u.size)}}, nil
}

// tooMuch tells why a messenger will not deliver a file that was taken for now.
func (e *Emulator) tooMuch(l line, kind, mime string, size int64) string {
	const mb = 1 << 20
	most, types := int64(0), []string(nil)
	switch l.kind {
	case kindWABA:
		most = 100 * mb
		switch kind {
		case "image":
			size = int64(float64(size) * e.opt.Compression)
			most, types = 5*mb, []string{"image/jpeg", "image/png"}
		case "video":
			most, types = 16*mb, []string{"video/mp4", "video/3gpp"}
		case "audio", "voice":
			most, types = 16*mb, []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}
		}
	case kindBot:
		if most = 50 * mb; kind == "image" {
			most = 10 * mb
		}
	}
	switch {
	case most > 0 && size > most:
		return fmt.Sprintf("131053 Media upload error: %s is larger than %d MB", kind, most/mb)
	case types != nil && !slices.Contains(types, mime):
		return fmt.Sprintf("131053 Media upload error: %s of type %s", kind, mime)
	}
	return ""
}

// deliver writes the message into the world, unless the window or the balance forbids it.
func (c messageCall) deliver(n int, d draft, kind string) {
	b := c.cabinet
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	switch may := b.available(n, c.now); {
	case !may.Balance:
		b.mu.Unlock()
		fail(c.rw, http.StatusConflict, "The balance of dialogs is exhausted (131042)")
		return
	case may.TemplateOnly && kind != typeTemplate:
		b.mu.Unlock()
		fail(c.rw, http.StatusConflict, "The dialog window is closed: only a template may be sent (131047)")
		return
	}
	if d.extra != nil {
		b.sending = &sending{n, sandbox.Seller, d.text, d.extra}
	}
	b.mu.Unlock()
	got, err := c.e.world.Receive(c.account, c.e.identity(c.account, n), d.text, d.files)
	b.mu.Lock()
	b.sending = nil
	b.mu.Unlock()
	if err != nil {
		c.missing("Chat")
		return
	}
	c.ok(map[string]any{"message_id": got.ID.String()})
}

// available is what may be sent into chat n now; the caller holds the lock.
func (c *cabinet) available(n int, now time.Time) availabilityJSON {
	x := &c.chats[n]
	if lines()[x.line].kind != kindWABA {
		return availabilityJSON{Available: true, Balance: true}
	}
	a := availabilityJSON{Balance: c.balance > 0, FirstFree: c.freeFirst[x.line]}
	open := false
	if until := x.heard.Add(window); !x.heard.IsZero() && now.Before(until) {
		at := utc(until)
		a.Expires, open = &at, true
	}
	a.Available = a.Balance
	a.TemplateOnly = a.Balance && !open && !a.FirstFree
	return a
}

// availability answers what may be sent into a chat.
func (c messageCall) availability() {
	var id int64
	if _, err := fmt.Sscan(c.r.PathValue("chat"), &id); err != nil {
		invalid(c.rw, "path", "chat_id", "Input should be a valid integer")
		return
	}
	b := c.cabinet
	b.mu.Lock()
	defer b.mu.Unlock()
	n, ok := b.chatOf(id)
	if !ok {
		c.missing("Chat")
		return
	}
	c.ok(b.available(n, c.now))
}
