package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/handling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// audit is the operation on what was done.
type audit struct{ *api }

// mount registers it.
func (a audit) mount() {
	register(a.api, sellerdesk.RightAudit, huma.Operation{
		OperationID: "listAudit", Method: http.MethodGet, Path: "/v1/audit", Tags: []string{"audit"},
		Summary: "List who did what",
		Description: "The newest first. Who holds the right for some cabinets only finds what belongs to these. " +
			"The data of text.sent tells text, template, rule, who asked for it and when, and the id that the remote side gave.",
	}, a.list)
}

type auditInput struct {
	PageQuery
	AuditFilters
}

// AuditFilters narrow the audit. (huma sees embedded types only when exported.)
type AuditFilters struct {
	Kind         []sellerdesk.AuditKind `query:"kind" maxItems:"50" doc:"As person.signed_in"`
	User         int64                  `query:"user" minimum:"1" doc:"Who did it"`
	Key          int64                  `query:"key" minimum:"1" doc:"With which key"`
	Account      int64                  `query:"account" minimum:"1"`
	Conversation int64                  `query:"conversation" minimum:"1"`
	From         time.Time              `query:"from" doc:"Done at or after"`
	To           time.Time              `query:"to" doc:"Done at or before"`
}

// query is what the store is asked for.
func (in *AuditFilters) query() store.AuditQuery {
	return store.AuditQuery{
		Kinds: in.Kind, User: sellerdesk.UserID(in.User), Key: sellerdesk.KeyID(in.Key), Account: sellerdesk.AccountID(in.Account),
		Conversation: sellerdesk.ConversationID(in.Conversation), From: handling.Moment(in.From), To: handling.Moment(in.To),
	}
}

func (a audit) list(ctx context.Context, in *auditInput) (*pageOutput[sellerdesk.AuditEntry], error) {
	var items []sellerdesk.AuditEntry
	var next string
	q := in.query()
	q.Cursor, q.Limit = in.Cursor, in.Limit
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		items, next, err = tx.Audit.List(ctx, q)
		return err
	})
	return paged(items, next), err
}
