package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// deed is what somebody did, for the audit.
type deed struct {
	kind    sellerdesk.AuditKind
	by      sellerdesk.UserID // 0: who asks, as the context tells
	account sellerdesk.AccountID
	text    string // one sentence without secrets
	data    any    // nil: nothing more; never a secret
}

// record writes a deed down in its own transaction, so that nothing is done that
// the audit does not tell.
func record(ctx context.Context, tx *store.Tx, d deed) error {
	e := sellerdesk.AuditEntry{Kind: d.kind, Text: d.text}
	if d.by != 0 {
		e.User = &d.by
	}
	if d.account != 0 {
		e.Account = &d.account
	}
	if d.data != nil {
		data, err := json.Marshal(d.data)
		if err != nil {
			return fmt.Errorf("encode the audit: %w", err)
		}
		e.Data = data
	}
	return tx.Audit.Add(ctx, e)
}

// concerned is the data of a deed that is done to a person.
type concerned struct {
	User sellerdesk.UserID `json:"user"`
	Name string            `json:"name"`
	// What changed; absent where it did not.
	Grants []sellerdesk.Grant `json:"grants,omitempty"`
	Before []sellerdesk.Grant `json:"before,omitempty"`
}
