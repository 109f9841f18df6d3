package sellerdesk

import "encoding/json"

// AuditKind is what somebody did, as "noun.verb".
type AuditKind string

// The kinds of audit entries.
const (
	AuditSignedIn        AuditKind = "person.signed_in"
	AuditSignInRefused   AuditKind = "person.sign_in_refused"
	AuditSignedOut       AuditKind = "person.signed_out"
	AuditPersonInvited   AuditKind = "person.invited"
	AuditPersonChanged   AuditKind = "person.changed" // rights, name, login
	AuditPersonRemoved   AuditKind = "person.removed"
	AuditPasswordChanged AuditKind = "person.password_changed"
	AuditFactorAdded     AuditKind = "person.second_factor_added"
	AuditFactorRemoved   AuditKind = "person.second_factor_removed"
	AuditRecoveryUsed    AuditKind = "person.recovery_code_used"
	AuditSessionRevoked  AuditKind = "session.revoked"
	AuditRoleChanged     AuditKind = "role.changed"
	AuditRoleRemoved     AuditKind = "role.removed"
	AuditKeyCreated      AuditKind = "key.created"
	AuditKeyRevoked      AuditKind = "key.revoked"
	AuditAccountAdded    AuditKind = "account.added"
	AuditAccountChanged  AuditKind = "account.changed" // name, state, credentials (never their text)
	AuditAccountRemoved  AuditKind = "account.removed"
	AuditWebhookChanged  AuditKind = "webhook.changed"
	AuditWebhookRemoved  AuditKind = "webhook.removed"
	AuditSecretsRotated  AuditKind = "secrets.rotated"
	AuditSettingChanged  AuditKind = "setting.changed"
	AuditExported        AuditKind = "data.exported"
	AuditBulkStarted     AuditKind = "bulk.started"
	// AuditTextSent is a text that the remote side has: who wrote it, by which
	// template or rule, when it was asked for, when it left, under which remote id.
	AuditTextSent AuditKind = "text.sent"
)

// AuditEntry is one thing that somebody did. Entries are never changed.
type AuditEntry struct {
	ID           AuditID         `json:"id"`
	At           Time            `json:"at"`
	Kind         AuditKind       `json:"kind"`
	User         *UserID         `json:"user"`    // nil: nobody known, as at a refused sign-in
	Key          *KeyID          `json:"key"`     // the key that a program used
	Address      Optional        `json:"address"` // where the request came from
	Account      *AccountID      `json:"account"`
	Conversation *ConversationID `json:"conversation"`
	Message      *MessageID      `json:"message"`
	// Text says it in one sentence for a person, without secrets.
	Text string `json:"text"`
	// Data depends on the kind; it never holds a secret.
	Data json.RawMessage `json:"data"`
}

// SentText is the data of [AuditTextSent].
type SentText struct {
	Action     ActionKind `json:"action"`
	Text       string     `json:"text"`
	Files      int        `json:"files"`
	Template   Optional   `json:"template"` // name of the template it was made of
	Rule       Optional   `json:"rule"`     // name and version of the rule that wrote it
	ApprovedBy *UserID    `json:"approved_by"`
	ApprovedAt *Time      `json:"approved_at"` // when a person asked for it, or let a rule's text go
	RemoteID   RemoteID   `json:"remote_id"`   // "": the channel tells none
}
