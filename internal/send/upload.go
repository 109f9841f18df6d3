package send

import (
	"context"
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

// uploads brings files to remote sides, each content of an account once: those
// who want the same at the same time wait for one call, those who want it later
// find its outcome in the store.
type uploads struct {
	mu      sync.Mutex // guards running
	running map[cargo]*upload
}

// cargo names a content on its way to a remote side. Another connector of the
// account may have other credentials.
type cargo struct {
	opened *channel.Opened
	hash   string
}

// upload is one call under way.
type upload struct {
	done  chan struct{} // closed at its end
	file  sellerdesk.RemoteFile
	found bool // it was there already
	err   error
}

// share does a call for all who want it meanwhile.
func (u *uploads) share(ctx context.Context, c cargo, call func() (sellerdesk.RemoteFile, bool, error)) (file sellerdesk.RemoteFile, found bool, err error) {
	u.mu.Lock()
	if other := u.running[c]; other != nil {
		u.mu.Unlock()
		select {
		case <-other.done:
			return other.file, other.found, other.err
		case <-ctx.Done():
			return file, false, notSent("The program ended while a file was on its way.", ctx.Err())
		}
	}
	// Those who wait are told this when the call ends in a panic.
	own := &upload{done: make(chan struct{}), err: notSent("A file could not be brought to the channel.", nil)}
	if u.running == nil {
		u.running = map[cargo]*upload{}
	}
	u.running[c] = own
	u.mu.Unlock()
	defer func() {
		u.mu.Lock()
		delete(u.running, c)
		u.mu.Unlock()
		close(own.done)
	}()
	own.file, own.found, own.err = call()
	return own.file, own.found, own.err
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
		file, found, err := s.uploads.share(ctx, cargo{opened, b.Hash}, func() (sellerdesk.RemoteFile, bool, error) {
			file, found, err := s.place(ctx, opened, *b)
			if err == nil && !found {
				file, err = s.upload(ctx, opened, *b)
			}
			return file, found, err
		})
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

// place gives where the remote side keeps a content, but for the place that it
// was refused at.
func (s *Sender) place(ctx context.Context, opened *channel.Opened, b sellerdesk.Blob) (file sellerdesk.RemoteFile, found bool, err error) {
	if b.Uploaded != nil {
		err = s.deps.Store.Write(ctx, func(tx *store.Tx) error {
			return tx.Uploads.Forget(ctx, opened.Account, b.Hash, b.Uploaded.ID)
		})
		if err != nil {
			return file, false, notSent("It could not be written down that a file is no longer at the channel.", err)
		}
	}
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
