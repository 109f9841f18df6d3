package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Texts gathers what a transaction found to have been sent, so that it is
// written down all at once.
type Texts struct {
	audit   Audit
	entries []sellerdesk.AuditEntry
}

// NewTexts makes the handle of a transaction.
func NewTexts(w *engine.Work) *Texts { return &Texts{audit: New(w)} }

// Add notes an item that the remote side has, and the message that shows it.
// What says nothing to anybody, as a pin, is passed over.
func (t *Texts) Add(i sellerdesk.OutboxItem, message *sellerdesk.MessageID) error {
	action, err := sellerdesk.DecodeAction(i.Action, i.Payload, sellerdesk.RemoteRef{})
	if err != nil {
		return fmt.Errorf("tell what was sent: %w", err)
	}
	sent, told := said(action)
	if !told {
		return nil
	}
	sent.Action, sent.RemoteID, sent.ApprovedBy, sent.ApprovedAt = i.Action, i.RemoteID, i.User, &i.CreatedAt
	data, err := json.Marshal(sent)
	if err != nil {
		return fmt.Errorf("encode the audit: %w", err)
	}
	t.entries = append(t.entries, sellerdesk.AuditEntry{
		Kind: sellerdesk.AuditTextSent, User: i.User, Account: &i.Account, Conversation: &i.Conversation, Message: message,
		Text: "Sent by the action " + string(i.Action) + ".", Data: data,
	})
	return nil
}

// said is what an action tells somebody; false for one without words and files.
func said(action sellerdesk.Action) (s sellerdesk.SentText, told bool) {
	switch a := action.(type) {
	case sellerdesk.Reply:
		s.Text, s.Files = a.Text, len(a.Files)
	case sellerdesk.SendTemplate:
		s.Text, s.Template = a.Text, sellerdesk.Optional(a.Template.Name)
	case sellerdesk.Answer:
		s.Text = a.Text
	case sellerdesk.Edit:
		s.Text = a.Text
	case sellerdesk.Reject:
		s.Text = a.Text
	case sellerdesk.Decide:
		s.Text = a.Comment
	}
	return s, s.Text != "" || s.Files > 0 || s.Template != ""
}

// Write writes down what was gathered. The program itself does it, whoever's
// request the transaction serves: who wrote a text stands in the entry.
func (t *Texts) Write(ctx context.Context) error {
	if len(t.entries) == 0 {
		return nil
	}
	entries := t.entries
	t.entries = nil
	return t.audit.Add(sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(0)), entries...)
}
