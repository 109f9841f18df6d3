package radist

import (
	"crypto/sha256"
	"encoding/binary"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Types of messages that are no media.
const (
	typeText        = "text"
	typeTemplate    = "waba_template"
	typeInteractive = "waba_interactive"
)

// unions are the fields of a message of which one is filled.
func unions() []string {
	return []string{typeText, "image", "voice", "file", "video", "audio", typeTemplate, typeInteractive, "radist_order", "waba_order"}
}

// wire is one message as the API shows it. A message of the world with several files becomes several.
type wire struct {
	id      sandbox.ID
	at      time.Time
	inbound bool
	kind    string
	payload map[string]any
	extra   *extra // may be nil
	marks   marks
}

// unit is a number from 0 up to 1 that follows from an identity.
func unit(id sandbox.ID, what string) float64 {
	sum := sha256.Sum256(append(id[:], what...))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

// wires turns a message of the world into those of the API, the first of them at first; the caller holds the lock.
func (c *cabinet) wires(n int, m sandbox.Message, first time.Time) []wire {
	w := wire{id: m.ID, at: first, inbound: m.Author == sandbox.Buyer, kind: typeText, payload: map[string]any{"text": m.Text}, extra: c.extras[m.ID]}
	if x := w.extra; x != nil && x.kind != "" {
		w.kind, w.payload = x.kind, x.payload
		return []wire{c.marked(w)}
	}
	if len(m.Files) == 0 {
		return []wire{c.marked(w)}
	}
	var found []wire
	caption := m.Text
	for i, f := range m.Files {
		one := w
		if i > 0 {
			one.id, one.extra = f.ID, c.extras[f.ID]
			if !w.inbound {
				one.at = first.Add(time.Duration(i) * time.Microsecond)
			}
		}
		var mime string
		one.kind, mime = mediaType(f.Name, f.Type)
		one.payload = map[string]any{"caption": caption, "name": f.Name, "size": c.e.size(f), "mime_type": mime, "url": c.link(f)}
		caption = ""
		found = append(found, c.marked(one))
	}
	return found
}

func (c *cabinet) marked(w wire) wire {
	if !w.inbound {
		w.marks = c.e.marksOf(w)
	}
	return w
}

// mediaType tells the type of a message with a file, and the file's, by the ending of its name where the content says nothing.
func mediaType(name, sniffed string) (kind, mime string) {
	mime = sniffed
	if known := map[string]string{
		".oga": "audio/ogg", ".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".amr": "audio/amr",
		".mp4": "video/mp4", ".3gp": "video/3gpp", ".mov": "video/quicktime",
	}[strings.ToLower(path.Ext(name))]; known != "" {
		mime = known
	}
	switch major, _, _ := strings.Cut(mime, "/"); {
	case mime == "audio/ogg":
		return "voice", mime
	case major == "image", major == "video", major == "audio":
		return major, mime
	}
	return "file", mime
}

// object writes a message; full puts in every field of the union, as the last message of a chat has them.
func (c *cabinet) object(n int, w wire, full bool, now time.Time) map[string]any {
	x := &c.chats[n]
	source := c.source(n)
	o := map[string]any{
		"message_id": w.id.String(), "source_message_id": sourceMessage(lines()[x.line], source, w), "chat_id": source,
		"direction": "outbound", "message_type": w.kind, "author": nil, "created_at": utc(w.at),
		"delivered_at": nil, "read_at": nil, "error_at": nil, "error_type": nil, "error_text": nil, "reply_to": nil,
	}
	if w.inbound {
		o["direction"] = "inbound"
	}
	if full {
		for _, u := range unions() {
			o[u] = nil
		}
	}
	o[w.kind] = w.payload
	for _, k := range w.marks {
		if !k.due.After(now) {
			k.write(o)
		}
	}
	if w.extra != nil && w.extra.reply != nil {
		o["reply_to"] = replyJSON(w.extra.reply.String(), source, orNull(x.phone))
	}
	return o
}

// source names a chat as its messenger does; the caller holds the lock.
func (c *cabinet) source(n int) string {
	x := &c.chats[n]
	return sourceChat(lines()[x.line], x.phone, x.username)
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z") }

// every message of chat n that was read, oldest first; the caller holds the lock.
func (c *cabinet) every(n int) []wire {
	x := &c.chats[n]
	var found []wire
	var last time.Time
	for _, m := range c.account.History(c.e.identity(c.account, n), x.count+1000) {
		if hidden(m) || m.Position >= x.count {
			continue
		}
		made := c.wires(n, m, c.e.stamp(last, m))
		last = made[len(made)-1].at
		found = append(found, made...)
	}
	return found
}

// newest is the last message of chat n; the caller holds the lock.
func (c *cabinet) newest(n int) (wire, bool) {
	x := &c.chats[n]
	if x.last.IsZero() {
		return wire{}, false
	}
	one, ok := c.account.Conversation(c.e.identity(c.account, n))
	if m := one.Last; ok && !hidden(m) && m.Position < x.count {
		parts := max(1, len(m.Files))
		first := x.last
		if m.Author != sandbox.Buyer {
			first = first.Add(-time.Duration(parts-1) * time.Microsecond)
		}
		made := c.wires(n, m, first)
		return made[len(made)-1], true
	}
	all := c.every(n)
	if len(all) == 0 {
		return wire{}, false
	}
	return all[len(all)-1], true
}

// history answers a page of messages, newest first.
func (c messageCall) history() {
	id, ok := c.id("chat_id")
	if !ok {
		return
	}
	limit, ok := c.number("limit", 1, defaultPage, maxPage)
	if !ok {
		return
	}
	var until time.Time
	if raw := c.r.URL.Query().Get("until"); raw != "" {
		at, err := time.Parse(time.RFC3339Nano, raw)
		if err != nil {
			invalid(c.rw, "query", "until", "Input should be a valid datetime")
			return
		}
		until = at
	}
	b := c.cabinet
	b.mu.Lock()
	n, ok := b.chatOf(id)
	if !ok {
		b.mu.Unlock()
		c.missing("Chat")
		return
	}
	all := b.every(n)
	slices.Reverse(all)
	if c.e.opt.RawSeconds {
		slices.SortStableFunc(all, func(x, y wire) int { return y.at.Compare(x.at) })
	}
	var found []map[string]any
	for _, w := range all {
		if !until.IsZero() && (w.at.After(until) || c.e.opt.StrictUntil && w.at.Equal(until)) {
			continue
		}
		if len(found) == limit {
			break
		}
		found = append(found, b.object(n, w, false, c.now))
	}
	b.mu.Unlock()
	c.ok(disturbed(c.r, found))
}

func letters(s string) int { return utf8.RuneCountInString(s) }
