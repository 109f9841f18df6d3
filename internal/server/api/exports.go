package api

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/api/sheet"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// exports are the operations that take much away at once.
type exports struct{ *api }

// exportNote is said of every export.
const exportNote = " Streamed whole, however much there is; limits and cursors are not needed. " +
	"Cabinets in which whoever asks may not export are left out; that it was taken stands in the audit. One that breaks off is cut short: the connection ends without the last chunk. " +
	"csv has a line of names, and an apostrophe stands before a text that a spreadsheet would take for a formula; " +
	"with bom=true spreadsheets see that it is UTF-8, with separator=semicolon those of countries with a decimal comma open it in columns."

// mount registers them.
func (a exports) mount() {
	tags := []string{"exports"}
	register(a.api, sellerdesk.RightExport, huma.Operation{
		OperationID: "exportConversations", Method: http.MethodGet, Path: "/v1/export/conversations", Tags: tags,
		Summary:     "Export conversations",
		Description: "With the filters of the list. A line of jsonl is a conversation as the list gives it, in the order of their numbers." + exportNote,
		Responses:   exportResponses("Conversations, one a line"),
	}, a.conversations)
	register(a.api, sellerdesk.RightExport, huma.Operation{
		OperationID: "exportMessages", Method: http.MethodGet, Path: "/v1/export/messages", Tags: tags,
		Summary:     "Export messages",
		Description: "A line of jsonl is a message with account, channel and kind of its conversation, in the order of their numbers." + exportNote,
		Responses:   exportResponses("Messages, one a line"),
	}, a.messages)
	register(a.api, sellerdesk.RightExport, huma.Operation{
		OperationID: "exportAudit", Method: http.MethodGet, Path: "/v1/export/audit", Tags: tags,
		Summary:     "Export who did what",
		Description: "With the filters of the audit, the newest first; needs the right audit too. A line of jsonl is an entry as the audit gives it." + exportNote,
		Responses:   exportResponses("Entries of the audit, one a line"),
	}, a.entries)
}

// The media types of exports.
const (
	jsonLines = "application/jsonl"
	csvType   = "text/csv"
)

func exportResponses(what string) map[string]*huma.Response {
	text := func() *huma.MediaType { return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}} }
	return map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{jsonLines: text(), csvType: text()}}}
}

// ExportFormat says how an export is written. (huma sees embedded types only when exported.)
type ExportFormat struct {
	Format    string `query:"format" enum:"jsonl,csv" default:"jsonl" doc:"jsonl: one JSON value a line"`
	BOM       bool   `query:"bom" doc:"csv begins with a byte order mark, so that spreadsheets see that it is UTF-8"`
	Separator string `query:"separator" enum:"comma,semicolon" default:"comma" doc:"What stands between the cells of csv"`
}

type exportConversationsInput struct {
	handling.Filters
	ExportFormat
}

func (a exports) conversations(ctx context.Context, in *exportConversationsInput) (*huma.StreamResponse, error) {
	if headOnly(ctx) {
		return headers("conversations", in.ExportFormat), nil
	}
	items, err := a.desk.Exports.Conversations(ctx, in.Query(actor(ctx), a.deps.Clock.Now()))
	if err != nil {
		return nil, err
	}
	return export(a.api, "conversations", in.ExportFormat, sheet.Conversations(), items, thread)
}

type exportMessagesInput struct {
	Kind         []sellerdesk.Kind         `query:"kind" maxItems:"20" doc:"Of the conversation"`
	Channel      []sellerdesk.ChannelKind  `query:"channel" maxItems:"20"`
	Account      []int64                   `query:"account" maxItems:"200" minimum:"1"`
	Conversation sellerdesk.ConversationID `query:"conversation" minimum:"1"`
	From         time.Time                 `query:"from" doc:"Written at or after"`
	To           time.Time                 `query:"to" doc:"Written at or before"`
	ExportFormat
}

func (a exports) messages(ctx context.Context, in *exportMessagesInput) (*huma.StreamResponse, error) {
	if headOnly(ctx) {
		return headers("messages", in.ExportFormat), nil
	}
	items, err := a.desk.Exports.Messages(ctx, store.MessageQuery{
		Kinds: in.Kind, Channels: in.Channel, Accounts: accountIDs(in.Account), Conversation: in.Conversation,
		From: handling.Moment(in.From), To: handling.Moment(in.To),
	})
	if err != nil {
		return nil, err
	}
	return export(a.api, "messages", in.ExportFormat, sheet.Messages(), items, func(m sellerdesk.ExportedMessage) sellerdesk.ExportedMessage {
		m.Message = whole(m.Message)
		return m
	})
}

type exportAuditInput struct {
	AuditFilters
	ExportFormat
}

func (a exports) entries(ctx context.Context, in *exportAuditInput) (*huma.StreamResponse, error) {
	if headOnly(ctx) {
		return headers("audit", in.ExportFormat), nil
	}
	items, err := a.desk.Exports.Audit(ctx, in.query())
	if err != nil {
		return nil, err
	}
	return export(a.api, "audit", in.ExportFormat, sheet.Audit(), items, func(e sellerdesk.AuditEntry) sellerdesk.AuditEntry { return e })
}

// headOnly tells whether only the headers of an answer are asked for: then
// nothing is taken away.
func headOnly(ctx context.Context) bool { return requestOf(ctx).Method == http.MethodHead }

func headers(name string, f ExportFormat) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		_, w := humago.Unwrap(h)
		f.headers(w.Header(), name)
	}}
}

func (f ExportFormat) headers(h http.Header, name string) {
	kind, ending := jsonLines, "jsonl"
	if f.Format == "csv" {
		kind, ending = csvType+"; charset=utf-8; header=present", "csv"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`.`+ending+`"`)
	h.Set("Cache-Control", "no-store")
}

// judgedRows is after how many rows it is asked whether they may still be taken.
const judgedRows = 50

// stillMay refuses to go on where whoever asks may less than at the beginning.
func (a *api) stillMay(ctx context.Context, began sellerdesk.Access) error {
	now, there := a.server.CurrentAccess(ctx)
	if !there || narrower(now, began) {
		return sellerdesk.Errorf(sellerdesk.CodeForbidden, "Whoever took this away may less now.")
	}
	return nil
}

// narrower tells whether an access lacks something that another has.
func narrower(now, before sellerdesk.Access) bool {
	if before.House&^now.House != 0 {
		return true
	}
	for id, rights := range before.Accounts {
		if rights&^(now.House|now.Accounts[id]) != 0 {
			return true
		}
	}
	return false
}

// unhurriedRows is after how many rows an export gets more time to arrive.
const unhurriedRows = 500

// export streams items as a file. Half of one must not look whole, so that an
// error on the way breaks the connection off.
func export[T any](a *api, name string, f ExportFormat, columns []sheet.Column[T], items iter.Seq2[T, error], shown func(T) T) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		r, w := humago.Unwrap(h)
		a.server.Unhurried(w)
		f.headers(w.Header(), name)
		began := sellerdesk.AccessOf(r.Context())
		out := sheet.New(w, sheet.Format{CSV: f.Format == "csv", BOM: f.BOM, Semicolon: f.Separator == "semicolon"}, columns)
		n := 0
		for item, err := range items {
			if err == nil {
				err = out.Row(shown(item))
			}
			if err == nil && n%judgedRows == 0 {
				err = a.stillMay(r.Context(), began)
			}
			if err != nil {
				brokenOff(a, r, name, err)
			}
			if n++; n%unhurriedRows == 0 {
				a.server.Unhurried(w)
			}
		}
		if err := out.Flush(); err != nil {
			brokenOff(a, r, name, err)
		}
	}}, nil
}

// brokenOff ends an answer that cannot be told to its end.
func brokenOff(a *api, r *http.Request, what string, err error) {
	if r.Context().Err() == nil {
		a.server.Log().WarnContext(r.Context(), "an export broke off", "op", "export", "what", what, "err", err)
	}
	panic(http.ErrAbortHandler)
}
