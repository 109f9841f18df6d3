package pull_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/pull"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func ready(r io.Reader) sellerdesk.Fetched {
	return sellerdesk.Fetched{State: sellerdesk.FetchReady, Body: io.NopCloser(r), Size: -1}
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOutcomeOfAFetch(t *testing.T) {
	t.Parallel()
	pic := picture(t)
	good := func() (sellerdesk.Fetched, error) { return ready(bytes.NewReader(pic)), nil }
	fails := func(err error) func() (sellerdesk.Fetched, error) {
		return func() (sellerdesk.Fetched, error) { return sellerdesk.Fetched{}, err }
	}
	tests := []struct {
		name    string
		first   func() (sellerdesk.Fetched, error)
		want    sellerdesk.FileState
		code    sellerdesk.ReasonCode
		fetches int
	}{
		{"a picture", good, sellerdesk.FileFetched, "", 1},
		{"not checked yet, then there", func() (sellerdesk.Fetched, error) {
			return sellerdesk.Fetched{State: sellerdesk.FetchPending, RetryAfter: 2 * time.Second}, nil
		}, sellerdesk.FileFetched, "", 2},
		{"not given out", func() (sellerdesk.Fetched, error) {
			return sellerdesk.Fetched{State: sellerdesk.FetchRefused, Why: sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "No."}}, nil
		}, sellerdesk.FileRefused, sellerdesk.ReasonModeration, 1},
		{"no longer there", fails(&channel.Error{Class: channel.Gone}), sellerdesk.FileGone, sellerdesk.ReasonGone, 1},
		{"refused", fails(&channel.Error{Class: channel.Refused}), sellerdesk.FileRefused, sellerdesk.ReasonRefused, 1},
		{"asked to wait", fails(said(channel.Throttled, 2*time.Second)), sellerdesk.FileFetched, "", 2},
		{"out of order for a moment", fails(said(channel.Temporary, 0)), sellerdesk.FileFetched, "", 2},
		{"an error without a class", fails(errors.New("odd")), sellerdesk.FileFetched, "", 2},
		{"cut off on the way", func() (sellerdesk.Fetched, error) {
			return ready(io.MultiReader(bytes.NewReader(pic[:10]), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
		}, sellerdesk.FileFetched, "", 2},
		{"ready without a body", func() (sellerdesk.Fetched, error) { return sellerdesk.Fetched{}, nil }, sellerdesk.FileFetched, "", 2},
		{"a panic", func() (sellerdesk.Fetched, error) { panic("a mistake") }, sellerdesk.FileWanted, pull.ReasonPanic, 1},
		{"far too large", func() (sellerdesk.Fetched, error) {
			return ready(io.LimitReader(zeros{}, pull.MaxFile+1)), nil
		}, sellerdesk.FileRefused, sellerdesk.ReasonFileTooLarge, 1},
		{"a broken picture is kept with the reason", func() (sellerdesk.Fetched, error) {
			return ready(bytes.NewReader(pic[:40])), nil
		}, sellerdesk.FileFetched, sellerdesk.ReasonFileUnreadable, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &far{clock: quick()}
			f.pull = func(int, call) (sellerdesk.Batch, error) {
				return word("m1", sellerdesk.RemoteFile{ID: "f1", Name: "photo.png"}), nil
			}
			f.fetch = func(n int) (sellerdesk.Fetched, error) {
				if n == 0 {
					return tt.first()
				}
				return good()
			}
			h := open(t, f.clock)
			file := h.file(t, h.add(t, f), tt.want, tt.code)
			if tt.want == sellerdesk.FileFetched && (file.Hash == "" || file.Type != "image/png") {
				t.Errorf("fetched %+v", file)
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.fetches != tt.fetches {
				t.Errorf("fetched %d times, want %d", f.fetches, tt.fetches)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// file waits until the first file of the chat has come to a state.
func (h *house) file(t *testing.T, account sellerdesk.AccountID, want sellerdesk.FileState, code sellerdesk.ReasonCode) (f sellerdesk.File) {
	t.Helper()
	eventually(t, func() error {
		for _, f = range h.files(t, account) {
			if f.State == want && f.ReasonCode == code {
				return nil
			}
		}
		return fmt.Errorf("file is %s %q, want %s %q", f.State, f.ReasonCode, want, code)
	})
	return f
}

// files lists all files of the chat.
func (h *house) files(t *testing.T, account sellerdesk.AccountID) (all []sellerdesk.File) {
	t.Helper()
	h.read(t, func(tx *store.Tx) error {
		id, found, err := tx.Conversations.ByRemote(t.Context(), account, sellerdesk.KindChat, "chat")
		if err != nil || !found {
			return err
		}
		messages, _, err := tx.Messages.List(t.Context(), id, "", 200)
		for _, m := range messages {
			all = append(all, m.Files...)
		}
		return err
	})
	return all
}

func TestFewFilesOfOneAccountAreFetchedAtOnce(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick()}
	f.pull = func(int, call) (sellerdesk.Batch, error) {
		b := word("m0")
		for i := range 20 {
			m := b.Messages[0]
			m.RemoteID = sellerdesk.RemoteID(fmt.Sprint("m", i))
			m.Files = []sellerdesk.RemoteFile{{ID: sellerdesk.RemoteID(fmt.Sprint("f", i)), Name: "a.txt"}}
			b.Messages = append(b.Messages, m)
		}
		b.Messages = b.Messages[1:]
		return b, nil
	}
	f.fetch = func(n int) (sellerdesk.Fetched, error) {
		time.Sleep(2 * time.Millisecond)
		return ready(strings.NewReader(fmt.Sprint("file ", n))), nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	eventually(t, func() error {
		n := 0
		for _, file := range h.files(t, id) {
			if file.State == sellerdesk.FileFetched {
				n++
			}
		}
		if n < 20 {
			return fmt.Errorf("%d files fetched, want 20", n)
		}
		return nil
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.most > 2 || f.fetches != 20 {
		t.Errorf("%d fetches, %d at once; want 20, at most 2 at once", f.fetches, f.most)
	}
}

func TestLongBacklogOfOneAccountDoesNotHideFilesOfAnother(t *testing.T) {
	t.Parallel()
	block := make(chan struct{})
	long, short := &far{clock: quick()}, &far{clock: quick()}
	long.pull = func(int, call) (sellerdesk.Batch, error) {
		b := word("m0")
		for i := range 600 {
			m := b.Messages[0]
			m.RemoteID = sellerdesk.RemoteID(fmt.Sprint("m", i+1))
			m.Files = []sellerdesk.RemoteFile{{ID: sellerdesk.RemoteID(fmt.Sprint("f", i))}}
			b.Messages = append(b.Messages, m)
		}
		return b, nil
	}
	long.fetch = func(int) (sellerdesk.Fetched, error) {
		<-block
		return sellerdesk.Fetched{}, said(channel.Temporary, 0)
	}
	short.pull = func(int, call) (sellerdesk.Batch, error) {
		return word("m1", sellerdesk.RemoteFile{ID: "f1"}), nil
	}
	short.fetch = func(int) (sellerdesk.Fetched, error) { return ready(strings.NewReader("new")), nil }
	h := open(t, long.clock)
	t.Cleanup(func() { close(block) })
	h.add(t, long)
	long.atLeast(t, 2)
	h.file(t, h.add(t, short), sellerdesk.FileFetched, "")
}

func TestFilesOfAPausedAccountWait(t *testing.T) {
	t.Parallel()
	f := &far{clock: quick()}
	pulled := false
	f.pull = func(int, call) (sellerdesk.Batch, error) {
		if pulled {
			return sellerdesk.Batch{}, nil
		}
		pulled = true
		return word("m1", sellerdesk.RemoteFile{ID: "f1"}), nil
	}
	block := make(chan struct{})
	f.fetch = func(n int) (sellerdesk.Fetched, error) {
		if n == 0 {
			<-block
			return sellerdesk.Fetched{}, said(channel.Temporary, 0)
		}
		return ready(strings.NewReader("late")), nil
	}
	h := open(t, f.clock)
	id := h.add(t, f)
	eventually(t, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.fetches == 0 {
			return errors.New("not asked")
		}
		return nil
	})
	h.setState(t, id, sellerdesk.AccountPaused)
	close(block)
	time.Sleep(100 * time.Millisecond) // twenty seconds of the clock
	f.mu.Lock()
	if f.fetches != 1 {
		t.Errorf("fetched %d times while paused", f.fetches)
	}
	f.mu.Unlock()
	h.setState(t, id, sellerdesk.AccountOK)
	h.file(t, id, sellerdesk.FileFetched, "")
}
