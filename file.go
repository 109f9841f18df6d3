package sellerdesk

import (
	"context"
	"io"
	"time"
)

// Blob is a file of ours on its way out: bytes kept by content hash.
type Blob struct {
	File FileID `json:"file"`
	Name string `json:"name"`
	Type string `json:"type"` // media type by content
	Size int64  `json:"size"`
	Hash string `json:"hash"` // lower-case hex SHA-256
	// Uploaded is where the remote side keeps it; nil where files go with the
	// message. Filled by the sender.
	Uploaded *RemoteFile `json:"-"`
	// Open gives the bytes; filled by the sender. The caller closes.
	Open func(ctx context.Context) (io.ReadCloser, error) `json:"-"`
}

// RemoteFile names a file of a remote side to its adapter.
type RemoteFile struct {
	ID     RemoteID
	Name   string
	Type   string // media type by the word of the remote side, "" when it said none
	Size   int64  // bytes by the word of the remote side, 0 when it said none
	Remote []byte // private to the adapter
}

// FetchState tells the outcome of a fetch.
type FetchState int

// The outcomes of a fetch.
const (
	FetchReady   FetchState = iota // Body has the bytes
	FetchPending                   // not yet; ask again after RetryAfter
	FetchRefused                   // never; Why says why
)

// Fetched is the answer to a request for a file.
type Fetched struct {
	State      FetchState
	Body       io.ReadCloser // only when ready; the caller closes
	Type       string        // media type by the word of the remote side
	Size       int64         // bytes, -1 when not told
	Name       string        // "" when not told
	RetryAfter time.Duration
	Why        Why
}
