package send

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// uploadWait bounds the way of one file to a remote side that takes files before
// the messages that name them, on the wall.
const uploadWait = 10 * time.Minute

// uploadsEach is how many files of one account are on their way at once. One
// that is large takes minutes: there is always room for what has none.
const uploadsEach = sendsEach - 1

// errOnItsWay tells that a message waits for the file of another one, or for its
// turn to bring its own.
var errOnItsWay = errors.New("files are on their way")

// uploads are the files on their way to remote sides. Each content of an account
// is brought once: those who want one that is on its way go back to the queue,
// so that they hold up nobody, and find its place in the store later.
type uploads struct {
	mu      sync.Mutex // guards running
	running map[cargo]bool
}

// cargo names a content on its way to a remote side. Another connector of the
// account may have other credentials.
type cargo struct {
	opened *channel.Opened
	hash   string
}

// begin tells whether the way of a content may begin; then end must follow.
func (u *uploads) begin(c cargo) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	same := 0
	for other := range u.running {
		if other.opened == c.opened {
			same++
		}
	}
	if u.running[c] || same >= uploadsEach {
		return false
	}
	if u.running == nil {
		u.running = map[cargo]bool{}
	}
	u.running[c] = true
	return true
}

func (u *uploads) end(c cargo) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.running, c)
}

// bring makes sure that the remote side has files of a message, those at the
// given places. A file that names a place at the remote side already is brought
// to another one, since it is no longer taken from there. It tells which of them
// the remote side has by the word of an earlier upload only.
func (s *Sender) bring(ctx context.Context, opened *channel.Opened, files []sellerdesk.Blob, places []int) (kept []int, err error) {
	if opened.Upload == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	for _, i := range places {
		b := &files[i]
		if err := s.forget(ctx, opened, *b); err != nil {
			return nil, err
		}
		file, found, err := s.place(ctx, opened, *b)
		if err == nil && !found {
			file, found, err = s.placeOrUpload(ctx, opened, *b)
		}
		if err != nil {
			return nil, err
		}
		b.Uploaded = &file
		if found {
			kept = append(kept, i)
		}
	}
	return kept, nil
}

// placeOrUpload brings a content that the remote side did not have a moment ago.
func (s *Sender) placeOrUpload(ctx context.Context, opened *channel.Opened, b sellerdesk.Blob) (file sellerdesk.RemoteFile, found bool, err error) {
	c := cargo{opened, b.Hash}
	if !s.uploads.begin(c) {
		return file, false, notSent("Files are on their way to the channel; it leaves when they are there.", errOnItsWay)
	}
	defer s.uploads.end(c)
	// Another may have brought it since.
	if file, found, err = s.place(ctx, opened, b); err != nil || found {
		return file, found, err
	}
	file, err = s.upload(ctx, opened, b)
	return file, false, err
}

// forget takes note that the remote side refused a content at the place that is
// named. Another place of it, that somebody found meanwhile, stays.
func (s *Sender) forget(ctx context.Context, opened *channel.Opened, b sellerdesk.Blob) error {
	if b.Uploaded == nil {
		return nil
	}
	err := s.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Uploads.Forget(ctx, opened.Account, b.Hash, b.Uploaded.ID)
	})
	if err != nil {
		return notSent("It could not be written down that a file is no longer at the channel.", err)
	}
	return nil
}

// place gives where the remote side keeps a content.
func (s *Sender) place(ctx context.Context, opened *channel.Opened, b sellerdesk.Blob) (file sellerdesk.RemoteFile, found bool, err error) {
	err = s.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		file, found, err = tx.Uploads.Get(ctx, opened.Account, b.Hash)
		return err
	})
	if err != nil {
		return file, false, notSent("It could not be read whether the channel has a file.", err)
	}
	return file, found, nil
}

// upload brings a content to the remote side and writes down where it is.
func (s *Sender) upload(ctx context.Context, opened *channel.Opened, b sellerdesk.Blob) (sellerdesk.RemoteFile, error) {
	file, err := opened.Upload(ctx, b)
	if err != nil {
		return file, ofUpload(err)
	}
	err = s.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Uploads.Put(ctx, opened.Account, b.Hash, file) })
	if err != nil {
		s.deps.Log.Warn("it could not be written down where a file was brought to", "op", "upload", "account", opened.Account, "err", err)
	}
	return file, nil
}

// ofUpload is what the failure of an upload means for the message: nobody speaks
// to a buyer by it, so that one whose answer was lost is safe to repeat.
func ofUpload(err error) error {
	class, remote := channel.ClassOf(err)
	switch class {
	case "":
		return notSent("A file could not be brought to the channel; it is tried again.", err)
	case channel.Unknown:
		return &channel.Error{Class: channel.Temporary, Why: orWhy(remote, sellerdesk.ReasonUnreachable,
			"The channel did not confirm a file; it is tried again."), RetryAfter: remote.RetryAfter, Err: err}
	case channel.Malformed:
		return refused(sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: "What the channel answered to a file was not understood, so the message was not sent."}, err)
	default:
		return err
	}
}

// lostFile tells whether a refusal may mean that the remote side no longer has a
// file where it was brought to. Refusals for a reason that has to do with no file
// say so.
func lostFile(err error) bool {
	class, remote := channel.ClassOf(err)
	if class != channel.Refused {
		return false
	}
	switch remote.Why.Code {
	case "", sellerdesk.ReasonRefused, sellerdesk.ReasonFileRefused, sellerdesk.ReasonGone:
		return true
	default:
		return false
	}
}

// openFiles lets the files of a reply be read, or says which is no longer here.
func (s *Sender) openFiles(reply *sellerdesk.Reply) error {
	for i := range reply.Files {
		b := &reply.Files[i]
		if !s.deps.Media.Has(b.Hash) {
			return refused(sellerdesk.Why{
				Code: sellerdesk.ReasonFileUnreadable, Text: sellerdesk.Optional("The file " + b.Name + " is no longer kept here."),
			}, nil)
		}
		hash := b.Hash
		b.Open = func(context.Context) (io.ReadCloser, error) { return s.deps.Media.Open(hash) }
	}
	return nil
}
