package sellerdesk

// Ids of ours. They are positive; zero means "none".
type (
	AccountID      int64
	ConversationID int64
	MessageID      int64
	FileID         int64
	ContactID      int64
	UserID         int64
	OutboxID       int64
	KeyID          int64
	SessionID      int64
	AuditID        int64
	WebhookID      int64
	DeliveryID     int64
	JobID          int64
	TeamID         int64
	TagID          int64
	FieldID        int64
	NoteID         int64
	TaskID         int64
	NotificationID int64
	SavedViewID    int64
	TemplateID     int64
)

// RemoteID is an id given by a remote side: opaque, unique inside one account
// and kind of thing. Empty means the remote side has not named the thing.
type RemoteID string

// Cursor is the place where reading of one stream stopped. Only the adapter
// that made it reads it; empty means "from the beginning".
type Cursor string

// ChannelKind names a channel, as "wildberries". It equals the folder of its
// adapter.
type ChannelKind string
