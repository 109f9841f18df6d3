package wildberries_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/wildberries"
)

var (
	jpegBytes = append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte("j"), 2000)...)
	pngBytes  = []byte("\x89PNG\r\n\x1a\nrest")
	pdfBytes  = []byte("%PDF-1.7 rest")
)

func TestSendStreamsTextAndFiles(t *testing.T) {
	t.Parallel()
	var got []string
	r := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 || len(r.TransferEncoding) > 0 {
			t.Errorf("length %d, encoding %v: the length is known", r.ContentLength, r.TransferEncoding)
		}
		got = parts(t, r)
		repliesFile(t, "sent.json")(w, r)
	})
	slow := wildberries.File{Name: "pic.jpg", Size: int64(len(jpegBytes)), Content: iotest.OneByteReader(bytes.NewReader(jpegBytes))}
	sent, err := newClient(t, r).Chats.Send(t.Context(), "1:sign", "Добрый день!\n\"Кавычки\"", slow,
		wildberries.FileFromBytes("a.png", pngBytes), wildberries.FileFromBytes(`чек "1".pdf`, pdfBytes))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"replySign|||1:sign", "message|||Добрый день!\n\"Кавычки\"", "file|pic.jpg|image/jpeg|" + string(jpegBytes),
		"file|a.png|image/png|" + string(pngBytes), `file|чек "1".pdf|application/pdf|` + string(pdfBytes),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	result := wildberries.SendResult{AddTime: 1784790090018, ChatID: "1:0d4b6a52-7f0e-4c57-9a3e-1f6f3a9b2c11", Sign: "1:fresh:0011"}
	if diff := cmp.Diff(result, sent); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

func TestSendLeavesAnEmptyTextOut(t *testing.T) {
	t.Parallel()
	r := newRemote(t, repliesFile(t, "sent.json"))
	if _, err := newClient(t, r).Chats.Send(t.Context(), "s", "", wildberries.FileFromBytes("a.png", pngBytes)); err != nil {
		t.Fatal(err)
	}
	if got := parts(t, r.last()); len(got) != 2 || strings.HasPrefix(got[1], "message") {
		t.Errorf("parts %q", got)
	}
}

func TestSendTellsWhichFilesWereNotTaken(t *testing.T) {
	t.Parallel()
	r := newRemote(t, repliesFile(t, "sent_without_a_file.json"))
	sent, err := newClient(t, r).Chats.Send(t.Context(), "s", "hello", wildberries.FileFromBytes("scan.pdf", pdfBytes), wildberries.FileFromBytes("a.png", pngBytes))
	if err != nil {
		t.Fatal(err)
	}
	want := []wildberries.FileError{
		{Name: "scan.pdf", Text: `5B0A11: "scan.pdf" has unsupported mime type`}, {Text: "store is out of space"},
	}
	if diff := cmp.Diff(want, sent.FileErrors); diff != "" {
		t.Errorf("file errors (-want +got):\n%s", diff)
	}
}

func TestSendRefusesBeforeAnythingLeaves(t *testing.T) {
	t.Parallel()
	png := wildberries.FileFromBytes("a.png", pngBytes)
	big := func(n int) wildberries.File {
		return wildberries.FileFromBytes("big.pdf", append([]byte("%PDF-1.7"), make([]byte, n-8)...))
	}
	many := make([]wildberries.File, 7)
	for i := range many {
		many[i] = big(5 << 20)
	}
	cases := []struct {
		name, sign, text string
		files            []wildberries.File
		want             error
	}{
		{"no signature", "", "x", nil, wildberries.ErrReplySign},
		{"a signature of 256 characters", strings.Repeat("s", 256), "x", nil, wildberries.ErrReplySign},
		{"neither text nor file", "s", "", nil, wildberries.ErrNothingSaid},
		{"a text of 1,001 characters", "s", strings.Repeat("ж", 1001), nil, wildberries.ErrTextTooLong},
		{"a text that is no text", "s", "\xff", nil, wildberries.ErrRefused},
		{"a file of one byte too many", "s", "x", []wildberries.File{big(5<<20 + 1)}, wildberries.ErrFileTooBig},
		{"35 MiB in all", "s", "x", many, wildberries.ErrFilesTooBig},
		{"a program under the name of a picture", "s", "x", []wildberries.File{wildberries.FileFromBytes("a.png", []byte("MZ program"))}, wildberries.ErrFileType},
		{"a good file and a bad one", "s", "x", []wildberries.File{png, wildberries.FileFromBytes("a.gif", []byte("GIF89a"))}, wildberries.ErrFileType},
		{"an empty file", "s", "x", []wildberries.File{wildberries.FileFromBytes("a.png", nil)}, wildberries.ErrFile},
		{"a file without content", "s", "x", []wildberries.File{{Name: "a.png", Size: 5}}, wildberries.ErrFile},
		{"a file without a name", "s", "x", []wildberries.File{wildberries.FileFromBytes("", pngBytes)}, wildberries.ErrFile},
		{"a file name with a line end", "s", "x", []wildberries.File{wildberries.FileFromBytes("a\r\nX: y.png", pngBytes)}, wildberries.ErrFile},
		{"a file shorter than it says", "s", "x", []wildberries.File{{Name: "a.png", Size: 100, Content: bytes.NewReader(pngBytes)}}, wildberries.ErrFile},
		{"a file that cannot be read", "s", "x", []wildberries.File{{Name: "a.png", Size: 100, Content: iotest.ErrReader(io.ErrClosedPipe)}}, wildberries.ErrFile},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, repliesFile(t, "sent.json"))
			_, err := newClient(t, r).Chats.Send(t.Context(), c.sign, c.text, c.files...)
			for _, want := range []error{c.want, wildberries.ErrRefused, wildberries.ErrNotSent} {
				if !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
			}
			if errors.Is(err, wildberries.ErrTemporary) || r.arrived.Load() != 0 {
				t.Errorf("%d calls arrived; %v", r.arrived.Load(), err)
			}
		})
	}
	t.Run("a thousand characters of two bytes are a thousand", func(t *testing.T) {
		t.Parallel()
		if _, err := newClient(t, newRemote(t, repliesFile(t, "sent.json"))).Chats.Send(t.Context(), "s", strings.Repeat("ж", 1000)); err != nil {
			t.Error(err)
		}
	})
	t.Run("six files of the largest size are allowed", func(t *testing.T) {
		t.Parallel()
		if _, err := newClient(t, newRemote(t, repliesFile(t, "sent.json"))).Chats.Send(t.Context(), "s", "", many[:6]...); err != nil {
			t.Error(err)
		}
	})
}

func TestSendOnceAndItsOutcome(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		h       http.HandlerFunc
		want    error
		outcome wildberries.Outcome
	}{
		{"429 proves that it was not done", replies(429, "application/problem+json", `{"title":"too many requests"}`), wildberries.ErrThrottled, wildberries.OutcomeAnswered},
		{"an old signature", replies(400, "application/problem+json", `{"status":400,"title":"Bad Request","detail":"Invalid signature","error":"Invalid signature"}`), wildberries.ErrReplySign, wildberries.OutcomeAnswered},
		{"a 500 proves nothing", replies(500, "text/plain", "oops"), wildberries.ErrOutcomeUnknown, wildberries.OutcomeUnknown},
		{"a redirect proves nothing", replies(307, "text/plain", ""), wildberries.ErrOutcomeUnknown, wildberries.OutcomeUnknown},
		{"a broken answer proves nothing", replies(200, "application/json", `{"result":{"addTi`), wildberries.ErrOutcomeUnknown, wildberries.OutcomeUnknown},
		{"an answer without a result proves nothing", replies(200, "application/json", `{"errors":["oops"]}`), wildberries.ErrOutcomeUnknown, wildberries.OutcomeUnknown},
		{"a dropped connection proves nothing", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, wildberries.ErrOutcomeUnknown, wildberries.OutcomeUnknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, c.h)
			_, err := newClient(t, r).Chats.Send(t.Context(), "s", "hello")
			var e *wildberries.Error
			if !errors.As(err, &e) || !errors.Is(err, c.want) || e.Outcome != c.outcome {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if errors.Is(err, wildberries.ErrTemporary) {
				t.Error("a write that left is called temporary: somebody would repeat it")
			}
			if r.arrived.Load() != 1 {
				t.Errorf("it arrived %d times", r.arrived.Load())
			}
		})
	}
}

// Beyond its first bytes a file is read while it is sent, so that its length is found out too late to take the message back.
func TestAFileOfAnotherLengthThanAnnouncedIsNamed(t *testing.T) {
	t.Parallel()
	long := append(bytes.Clone(jpegBytes), make([]byte, 4096)...)
	for name, size := range map[string]int64{"shorter": int64(len(long)) + 10, "longer": int64(len(long)) - 10} {
		r := newRemote(t, repliesFile(t, "sent.json"))
		_, err := newClient(t, r).Chats.Send(t.Context(), "s", "hello", wildberries.File{Name: "a.jpg", Size: size, Content: bytes.NewReader(long)})
		if !errors.Is(err, wildberries.ErrFile) || !errors.Is(err, wildberries.ErrOutcomeUnknown) {
			t.Errorf("a file that is %s: %v", name, err)
		}
	}
}

func TestSendToNobodyIsProvedNotSent(t *testing.T) {
	t.Parallel()
	c, err := wildberries.New(chatToken(), wildberries.WithBaseURL("http://127.0.0.1:1"), wildberries.WithLimiter(noLimit{}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Chats.Send(t.Context(), "s", "hello")
	if !errors.Is(err, wildberries.ErrNotSent) || !errors.Is(err, wildberries.ErrTemporary) || errors.Is(err, wildberries.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// The answer can come before the body was read. The content belongs to the caller again once Send has returned.
func TestSendReadsNoContentAfterItReturned(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	early := newEarlyServer(t)
	c, err := wildberries.New(chatToken(), wildberries.WithBaseURL(early), wildberries.WithLimiter(noLimit{}))
	if err != nil {
		t.Fatal(err)
	}
	watched := &watchedReader{from: io.MultiReader(bytes.NewReader(jpegBytes), &patternReader{}), returned: release}
	_, err = c.Chats.Send(t.Context(), "s", "hello", wildberries.File{Name: "a.jpg", Size: 4 << 20, Content: watched})
	close(release)
	if !errors.Is(err, wildberries.ErrRefused) && !errors.Is(err, wildberries.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
	time.Sleep(20 * time.Millisecond)
	if watched.late.Load() {
		t.Error("the content was read after Send had returned")
	}
}
