package client

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// maxLine bounds one line of an export, in bytes.
const maxLine = 4 << 20

// Exports take much away at once, of the cabinets in which the key may export.
// They are streams: nothing is held but the item at hand.
type Exports struct{ c *Client }

// Format is how an export is written into a file.
type Format struct {
	Name      string // "jsonl" (also when empty) or "csv"
	BOM       bool   // csv begins with a byte order mark, so that spreadsheets see that it is UTF-8
	Semicolon bool   // stands between the cells of csv in place of a comma
}

func (f Format) values(v url.Values) url.Values {
	if f.Name != "" {
		v.Set("format", f.Name)
	}
	if f.BOM {
		v.Set("bom", "true")
	}
	if f.Semicolon {
		v.Set("separator", "semicolon")
	}
	return v
}

// MessageQuery asks for messages of many conversations. Empty lists and zero
// values mean "any".
type MessageQuery struct {
	Kinds        []sellerdesk.Kind // of their conversations
	Channels     []sellerdesk.ChannelKind
	Accounts     []sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	From, To     time.Time // when they were written, both included
}

func (q MessageQuery) values() url.Values {
	v := ConversationQuery{Kinds: q.Kinds, Channels: q.Channels, Accounts: q.Accounts, From: q.From, To: q.To}.values()
	if q.Conversation != 0 {
		v.Set("conversation", itoa(q.Conversation))
	}
	return v
}

// Conversations walks through all conversations that a query names, in the order
// of their numbers; its sort, limit and cursor do not count. It ends after an
// error, and also tells by an error when the stream broke off.
func (s *Exports) Conversations(ctx context.Context, q ConversationQuery) iter.Seq2[sellerdesk.Conversation, error] {
	return lines[sellerdesk.Conversation](ctx, s.c, exportConversations(q, Format{}))
}

// Messages walks through all messages that a query names, in the order of their
// numbers, as [Exports.Conversations] does.
func (s *Exports) Messages(ctx context.Context, q MessageQuery) iter.Seq2[sellerdesk.ExportedMessage, error] {
	return lines[sellerdesk.ExportedMessage](ctx, s.c, exportMessages(q, Format{}))
}

// WriteConversations writes what [Exports.Conversations] walks through as a file.
// After an error what was written is not whole.
func (s *Exports) WriteConversations(ctx context.Context, q ConversationQuery, f Format, to io.Writer) error {
	return s.c.copy(ctx, exportConversations(q, f), to)
}

// WriteMessages writes what [Exports.Messages] walks through as a file. After an
// error what was written is not whole.
func (s *Exports) WriteMessages(ctx context.Context, q MessageQuery, f Format, to io.Writer) error {
	return s.c.copy(ctx, exportMessages(q, f), to)
}

// WriteAudit writes the audit as a file, the newest entry first; the limit and the
// cursor of the query do not count. It needs the right to read it too. After an
// error what was written is not whole.
func (s *Exports) WriteAudit(ctx context.Context, q AuditQuery, f Format, to io.Writer) error {
	q.Limit, q.Cursor = 0, ""
	return s.c.copy(ctx, call{op: "export audit", method: http.MethodGet, path: "/v1/export/audit", query: f.values(q.values()), accept: "*/*"}, to)
}

func exportConversations(q ConversationQuery, f Format) call {
	q.Sort, q.Limit, q.Cursor = "", 0, ""
	return call{op: "export conversations", method: http.MethodGet, path: "/v1/export/conversations", query: f.values(q.values()), accept: "*/*"}
}

func exportMessages(q MessageQuery, f Format) call {
	return call{op: "export messages", method: http.MethodGet, path: "/v1/export/messages", query: f.values(q.values()), accept: "*/*"}
}

// copy writes an answer while it comes.
func (c *Client) copy(ctx context.Context, in call, to io.Writer) error {
	res, err := c.send(ctx, in)
	if err != nil {
		return err
	}
	defer drain(res.Body)
	if _, err := io.Copy(to, res.Body); err != nil {
		return fmt.Errorf("%s: %w", in.op, err)
	}
	return nil
}

// lines reads an answer of JSON lines while it comes.
func lines[T any](ctx context.Context, c *Client, in call) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // ends the stream when the loop is left
		res, err := c.send(ctx, in)
		if err != nil {
			yield(none, err)
			return
		}
		defer res.Body.Close()
		text := bufio.NewScanner(res.Body)
		text.Buffer(nil, maxLine)
		for text.Scan() {
			var item T
			if err := json.Unmarshal(text.Bytes(), &item); err != nil {
				// Of a stream that breaks off, the last line is not whole.
				yield(none, fmt.Errorf("%s: understand a line: %w", in.op, cmp.Or(text.Err(), err)))
				return
			}
			if !yield(item, nil) {
				return
			}
		}
		if err := text.Err(); err != nil {
			yield(none, fmt.Errorf("%s: %w", in.op, err))
		}
	}
}
