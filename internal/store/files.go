package store

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
)

// Files are attachments, those of buyers and ours. Their bytes are kept elsewhere.
type Files struct{ tx *Tx }

// NewFile is an uploaded file that is not attached to a message yet.
type NewFile struct {
	Name          string
	Type          string // media type by content
	Size          int64  // bytes
	Width, Height *int
	Hash          string // lower-case hex SHA-256
	Thumbnail     string // hash of the small picture, "" when there is none
}

// FileOrigin tells where a file belongs. Ids are zero for an uploaded file that
// is not attached yet.
type FileOrigin struct {
	Account      sellerdesk.AccountID
	Conversation sellerdesk.ConversationID
	Message      sellerdesk.MessageID
	Remote       sellerdesk.RemoteFile
}

// WantedFile is a file to be fetched.
type WantedFile struct {
	File    sellerdesk.FileID
	Attempt int // how often it was postponed
	FileOrigin
}

// FileFacts are what is known of the fetched bytes.
type FileFacts struct {
	Name          string // "" leaves the name
	Type          string // media type by content
	Size          int64  // bytes
	Width, Height *int
	Hash          string
	Thumbnail     string
	Why           sellerdesk.Why // why there is no small picture, as an unreadable one
}

// Add keeps an uploaded file.
func (f Files) Add(ctx context.Context, n NewFile) (sellerdesk.File, error) {
	return sellerdesk.File{}, errNotYet
}

// Get gives a file and where it belongs.
func (f Files) Get(ctx context.Context, id sellerdesk.FileID) (sellerdesk.File, FileOrigin, error) {
	return sellerdesk.File{}, FileOrigin{}, errNotYet
}

// Wanted lists files to be fetched now, those due longest first. No accounts
// means all; only accounts that are ok are looked at.
func (f Files) Wanted(ctx context.Context, now sellerdesk.Time, limit int, accounts []sellerdesk.AccountID) ([]WantedFile, error) {
	return nil, errNotYet
}

// NextWanted tells when the next file is due; nil when none is wanted.
func (f Files) NextWanted(ctx context.Context) (*sellerdesk.Time, error) { return nil, errNotYet }

// Fetched records that the bytes of a file are kept here.
func (f Files) Fetched(ctx context.Context, id sellerdesk.FileID, facts FileFacts) error {
	return errNotYet
}

// Postpone asks for a file again no sooner than due.
func (f Files) Postpone(ctx context.Context, id sellerdesk.FileID, due sellerdesk.Time, why sellerdesk.Why) error {
	return errNotYet
}

// Dropped gives a file up: state is gone or refused.
func (f Files) Dropped(ctx context.Context, id sellerdesk.FileID, state sellerdesk.FileState, why sellerdesk.Why) error {
	return errNotYet
}

// Want asks for a file again that was given up.
func (f Files) Want(ctx context.Context, id sellerdesk.FileID) error { return errNotYet }
