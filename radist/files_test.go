package radist_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/radist"
)

// shelf takes uploads as the specification says: a form with the part "file".
type shelf struct {
	testing.TB
	uploads atomic.Int64
	sum     atomic.Value // of the last one
	large   atomic.Int64 // most memory that was in use
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts, err := r.MultipartReader()
	if err != nil {
		s.Error(err)
		return
	}
	part, err := parts.NextPart()
	if err != nil || part.FormName() != "file" {
		s.Errorf("part %v, %v", part, err)
		return
	}
	h := sha256.New()
	n, err := io.Copy(h, part)
	if err != nil {
		return // a client that gave up
	}
	if _, err := parts.NextPart(); err != io.EOF {
		s.Errorf("something behind the file: %v", err)
	}
	s.uploads.Add(1)
	s.sum.Store(fmt.Sprintf("%x", h.Sum(nil)))
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	s.large.Store(max(s.large.Load(), int64(memory.HeapInuse)))
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"url":"https://files.example/%d","name":%q,"size":%d,"mime_type":%q}`, s.uploads.Load(), part.FileName(), n, part.Header.Get("Content-Type"))
}

func newShelf(t testing.TB, options ...radist.Option) (*shelf, *radist.Client) {
	t.Helper()
	s := &shelf{TB: t}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c, err := radist.New(someKey, append([]radist.Option{radist.WithBaseURL(server.URL), radist.WithLimiter(noLimit{})}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// zeros is a file of any length that is nowhere.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestAFileOf100MBStreamsAndArrivesWhole(t *testing.T) {
	s, c := newShelf(t)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var told []int64
	const size = radist.MaxFileSize
	file, err := c.Files.Upload(t.Context(), 3, radist.Upload{
		Name: "отчёт \"1\".pdf", Type: "application/pdf", Size: size, Content: io.LimitReader(zeros{}, size),
		Progress: func(sent, of int64) {
			if of != size || len(told) > 0 && sent <= told[len(told)-1] {
				t.Errorf("told %d of %d after %v", sent, of, told[max(0, len(told)-1):])
			}
			told = append(told, sent)
		},
	})
	if err != nil || file.Size != size || file.Name != "отчёт \"1\".pdf" || file.MIMEType != "application/pdf" || file.URL == "" {
		t.Fatalf("%+v, %v", file, err)
	}
	if len(told) < 10 || told[len(told)-1] != size {
		t.Errorf("told %d times, at last %d", len(told), told[len(told)-1])
	}
	if grown := s.large.Load() - int64(before.HeapInuse); grown > 32<<20 {
		t.Errorf("the upload took %d bytes of memory", grown)
	}
}

func TestAFileThatIsNotAsLongAsAnnounced(t *testing.T) {
	t.Parallel()
	_, c := newShelf(t)
	for _, size := range []int64{3, 5} {
		_, err := c.Files.Upload(t.Context(), 3, radist.Upload{Name: "a", Size: size, Content: strings.NewReader("four")})
		if err == nil {
			t.Errorf("%d bytes for four are taken", size)
		}
	}
}

// The same content for a thousand chats at once is uploaded once.
func TestTheSameContentIsUploadedOnce(t *testing.T) {
	t.Parallel()
	s, c := newShelf(t)
	content := bytes.Repeat([]byte("картинка "), 10_000)
	sum, size, err := radist.Sum(bytes.NewReader(content))
	if err != nil || size != int64(len(content)) {
		t.Fatal(size, err)
	}
	var links sync.Map
	var group sync.WaitGroup
	for range 1000 {
		group.Go(func() {
			file, err := c.Files.UploadOnce(t.Context(), 3, sum, radist.Upload{Name: "a.jpg", Size: size, Content: bytes.NewReader(content)})
			if err != nil {
				t.Error(err)
			}
			links.Store(file.URL, true)
		})
	}
	group.Wait()
	if _, one := links.Load("https://files.example/1"); !one || s.uploads.Load() != 1 || s.sum.Load() != fmt.Sprintf("%x", sum) {
		t.Errorf("%d uploads", s.uploads.Load())
	}
	if _, err := c.Files.UploadOnce(t.Context(), 4, sum, radist.Upload{Name: "a.jpg", Size: size, Content: bytes.NewReader(content)}); err != nil || s.uploads.Load() != 2 {
		t.Errorf("another company has %d uploads, %v", s.uploads.Load(), err)
	}
}

func TestALinkIsOnlyKeptOfWhatWasPromised(t *testing.T) {
	t.Parallel()
	s, c := newShelf(t)
	sum, _, err := radist.Sum(strings.NewReader("good"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Files.UploadOnce(t.Context(), 3, sum, radist.Upload{Name: "a", Size: 4, Content: strings.NewReader("evil")}); !errors.Is(err, radist.ErrRefused) {
		t.Errorf("another content: %v", err)
	}
	if _, err := c.Files.UploadOnce(t.Context(), 3, sum, radist.Upload{Name: "a"}); !errors.Is(err, radist.ErrRefused) {
		t.Errorf("no content: %v", err)
	}
	if _, err := c.Files.UploadOnce(t.Context(), 3, sum, radist.Upload{Name: "a", Size: 4, Content: strings.NewReader("good")}); err != nil || s.uploads.Load() != 2 {
		t.Errorf("the good one after it: %v after %d uploads", err, s.uploads.Load())
	}
	if _, _, err := radist.Sum(io.MultiReader(strings.NewReader("x"), failing{})); err == nil {
		t.Error("a file that cannot be read has a digest")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("disk") }

// brokenLinks cannot be read, or cannot be written.
type brokenLinks struct{ link, keep error }

func (b brokenLinks) Link(context.Context, radist.LinkKey) (radist.UploadedFile, bool, error) {
	return radist.UploadedFile{}, false, b.link
}

func (b brokenLinks) Keep(context.Context, radist.LinkKey, radist.UploadedFile) error { return b.keep }

func TestLinksThatCannotBeKept(t *testing.T) {
	t.Parallel()
	content := "good"
	sum, size, err := radist.Sum(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	upload := func(c *radist.Client) error {
		return drop(c.Files.UploadOnce(t.Context(), 3, sum, radist.Upload{Name: "a", Size: size, Content: strings.NewReader(content)}))
	}
	disk := errors.New("disk")
	s, c := newShelf(t, radist.WithLinks(brokenLinks{link: disk}))
	if err := upload(c); !errors.Is(err, disk) || !errors.Is(err, radist.ErrNotSent) || s.uploads.Load() != 0 {
		t.Errorf("a table that cannot be read: %v, %d uploads", err, s.uploads.Load())
	}
	s, c = newShelf(t, radist.WithLinks(brokenLinks{keep: disk}))
	if err := upload(c); err != nil || s.uploads.Load() != 1 {
		t.Errorf("a table that cannot be written: %v, %d uploads", err, s.uploads.Load())
	}
}

// Of those who wait for an upload that failed one tries itself, and one who
// gives up is let go.
func TestThoseWhoWaitForAnUploadThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		c := scripted(t, func(r *http.Request) (*http.Response, error) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute / 2)
			if asked.Add(1) == 1 {
				return says(r, 500, "{}"), nil
			}
			return says(r, 200, `{"url":"https://f/2"}`), nil
		})
		sum, size, err := radist.Sum(strings.NewReader("good"))
		if err != nil {
			t.Fatal(err)
		}
		upload := func(ctx context.Context) (radist.UploadedFile, error) {
			return c.Files.UploadOnce(ctx, 3, sum, radist.Upload{Name: "a", Size: size, Content: strings.NewReader("good")})
		}
		var group sync.WaitGroup
		var good atomic.Int64
		group.Go(func() {
			if _, err := upload(t.Context()); !errors.Is(err, radist.ErrOutcomeUnknown) {
				t.Errorf("the first: %v", err)
			}
		})
		time.Sleep(time.Second)
		for range 5 {
			group.Go(func() {
				if file, err := upload(t.Context()); err == nil && file.URL == "https://f/2" {
					good.Add(1)
				}
			})
		}
		ended, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := upload(ended); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, radist.ErrNotSent) {
			t.Errorf("one who gives up: %v", err)
		}
		group.Wait()
		if good.Load() != 5 || asked.Load() != 2 {
			t.Errorf("%d have a link after %d uploads", good.Load(), asked.Load())
		}
	})
}

func TestTheMemoryOfLinksIsBounded(t *testing.T) {
	t.Parallel()
	links := radist.NewLinks(2)
	for n := range byte(4) {
		if err := links.Keep(t.Context(), radist.LinkKey{Company: 3, Sum: radist.Digest{n}}, radist.UploadedFile{URL: fmt.Sprint(n)}); err != nil {
			t.Fatal(err)
		}
	}
	for n, want := range []bool{false, false, true, true} {
		if _, ok, err := links.Link(t.Context(), radist.LinkKey{Company: 3, Sum: radist.Digest{byte(n)}}); ok != want || err != nil {
			t.Errorf("link %d: %v, %v", n, ok, err)
		}
	}
}

func TestInferredPathsCanBeReplaced(t *testing.T) {
	t.Parallel()
	var asked []string
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Path)
		return says(r, 200, `{"available":true,"url":"https://f/1","templates":[]}`), nil
	}, radist.WithPaths(radist.Paths{Files: "c/{company_id}/up", Availability: "/c/{company_id}/open/{chat_id}"}))
	err := errors.Join(
		drop(c.Files.Upload(t.Context(), 3, radist.Upload{Name: "a", Size: 1, Content: strings.NewReader("a")})),
		drop(c.Chats.Availability(t.Context(), 3, 37)), drop(c.Templates.List(t.Context(), 3, 0)),
	)
	if want := "[/v2/c/3/up /v2/c/3/open/37 /v2/companies/3/messaging/waba/templates/]"; err != nil || fmt.Sprint(asked) != want {
		t.Errorf("asked %v, %v", asked, err)
	}
}
