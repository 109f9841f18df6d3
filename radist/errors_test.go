package radist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/radist"
)

func hello() radist.SendMessage {
	return radist.SendMessage{ConnectionID: 10, ChatID: 37, Content: radist.Text("привет")}
}

func TestErrorsOfTheRemoteSideKeepItsWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		status      int
		body        string
		read, write []error
		not         []error
		words       string
		retry       time.Duration
		header      []string
	}{
		{"a bad key", 401, `{"detail":"Invalid API key"}`, []error{radist.ErrUnauthorized}, []error{radist.ErrUnauthorized}, nil, "Invalid API key", 0, nil},
		{"a key without the scope", 403, `{"message":"scope webhooks is missing"}`, []error{radist.ErrForbidden}, []error{radist.ErrForbidden}, nil, "scope webhooks is missing", 0, nil},
		{"an unknown chat", 404, `{"error":"no such chat"}`, []error{radist.ErrNotFound}, []error{radist.ErrNotFound}, []error{radist.ErrRefused}, "no such chat", 0, nil},
		{"a closed window", 409, `{"detail":"dialog window is closed"}`, []error{radist.ErrShut, radist.ErrRefused}, []error{radist.ErrShut, radist.ErrRefused}, []error{radist.ErrOutcomeUnknown}, "dialog window is closed", 0, nil},
		{"a file too large", 413, `<html>`, []error{radist.ErrTooLarge}, []error{radist.ErrTooLarge, radist.ErrRefused}, nil, "", 0, nil},
		{"a union without its field", 422, `{"detail":[{"loc":["body","text"],"msg":"field required","type":"missing"},{"loc":["body","x",0],"msg":"no"}]}`, []error{radist.ErrRefused}, []error{radist.ErrRefused}, []error{radist.ErrNotSent}, "body.text: field required; body.x.0: no", 0, nil},
		{"too many requests without a pause", 429, `{"detail":"slow down"}`, []error{radist.ErrThrottled}, []error{radist.ErrThrottled}, []error{radist.ErrTemporary, radist.ErrOutcomeUnknown}, "slow down", 2 * time.Second, nil},
		{"too many requests with one", 429, ``, []error{radist.ErrThrottled}, []error{radist.ErrThrottled}, nil, "", 7 * time.Second, []string{"Retry-After", "7"}},
		{"too many requests with a pause of a day", 429, ``, []error{radist.ErrThrottled}, []error{radist.ErrThrottled}, nil, "", time.Minute, []string{"Retry-After", "99999"}},
		{"a failing server", 500, `{"detail":"oops"}`, []error{radist.ErrTemporary}, []error{radist.ErrOutcomeUnknown}, []error{radist.ErrRefused}, "oops", 0, nil},
		{"a server that is away", 503, `<html>`, []error{radist.ErrTemporary}, []error{radist.ErrOutcomeUnknown}, nil, "", 0, nil},
		{"a proxy that gave up", 408, ``, []error{radist.ErrTemporary}, []error{radist.ErrOutcomeUnknown}, nil, "", 0, nil},
		{"words that are none", 400, `{"detail":{"a":[1]},"message":null}`, []error{radist.ErrRefused}, []error{radist.ErrRefused}, nil, "", 0, nil},
		{"a redirect for a missing slash", 307, ``, []error{radist.ErrMalformed}, []error{radist.ErrMalformed, radist.ErrOutcomeUnknown}, nil, "", 0, []string{"Location", "https://elsewhere.example/"}},
		{"a page for people", 200, `<html>`, []error{radist.ErrMalformed}, []error{radist.ErrMalformed, radist.ErrOutcomeUnknown}, nil, "", 0, nil},
		{"half an answer", 200, `[{"message_id":`, []error{radist.ErrMalformed, radist.ErrTemporary}, []error{radist.ErrOutcomeUnknown}, nil, "", 0, nil},
		{"an answer without an id", 200, `{"ok":true}`, []error{radist.ErrMalformed}, []error{radist.ErrOutcomeUnknown, radist.ErrMalformed}, nil, "", 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := scripted(t, always(c.status, c.body, c.header...), radist.WithAttempts(1))
			_, readErr := client.Messages.List(t.Context(), 3, radist.ListMessages{Chat: 37})
			_, writeErr := client.Messages.Send(t.Context(), 3, hello())
			for err, wants := range map[error][]error{readErr: c.read, writeErr: c.write} {
				var e *radist.Error
				if !errors.As(err, &e) || e.Status != c.status || e.Message != c.words || e.RetryAfter != c.retry {
					t.Errorf("got %#v", err)
					continue
				}
				if !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), " /companies/{company_id}/messaging/messages/") {
					t.Errorf("the error does not say what happened: %v", err)
				}
				for _, want := range wants {
					if !errors.Is(err, want) {
						t.Errorf("%v is not %v", err, want)
					}
				}
				for _, other := range c.not {
					if errors.Is(err, other) {
						t.Errorf("%v is %v", err, other)
					}
				}
			}
			var e *radist.Error
			if errors.As(writeErr, &e) && (e.Outcome == radist.OutcomeUnknown) != errors.Is(writeErr, radist.ErrOutcomeUnknown) {
				t.Errorf("outcome %q of %v", e.Outcome, writeErr)
			}
			if errors.Is(writeErr, radist.ErrTemporary) && errors.Is(writeErr, radist.ErrOutcomeUnknown) {
				t.Error("a write that may have been done is called temporary: somebody would repeat it")
			}
		})
	}
}

// What no messenger takes is refused before anything leaves, with a sentence.
func TestWhatCannotBeTakenDoesNotLeave(t *testing.T) {
	t.Parallel()
	left := 0
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		left++
		return says(r, 200, `{"message_id":"u"}`), nil
	})
	ctx := t.Context()
	send := func(content radist.Content) error {
		return drop(c.Messages.Send(ctx, 3, radist.SendMessage{ConnectionID: 10, ChatID: 37, Content: content}))
	}
	image := func(link, caption string) error {
		return send(radist.Media{Kind: radist.TypeImage, URL: link, Caption: caption})
	}
	upload := func(name string, size int64) error {
		return drop(c.Files.Upload(ctx, 3, radist.Upload{Name: name, Size: size, Content: bytes.NewReader(nil)}))
	}
	for name, want := range map[string]struct {
		err  error
		said string
	}{
		"no content":                    {send(nil), "no content"},
		"a text of 4,097 characters":    {send(radist.Text(strings.Repeat("ж", 4097))), "4097 characters"},
		"a text of blanks":              {send(radist.Text(" \n")), "empty"},
		"a text that is no text":        {send(radist.Text("\xff")), "UTF-8"},
		"an image without a link":       {image("", ""), "upload it first"},
		"an image from a disk":          {image("file:///etc/passwd", ""), "no address"},
		"a caption of 1,025 characters": {image("https://f/1", strings.Repeat("ж", 1025)), "caption"},
		"a file of an unknown kind":     {send(radist.Media{Kind: "hologram", URL: "https://f/1"}), "hologram"},
		"a file of no kind":             {send(radist.Media{URL: "https://f/1"}), "cannot be sent"},
		"what is not understood":        {send(radist.Unknown{Kind: "radist_order"}), "radist_order"},
		"a template without a name":     {send(radist.TemplateMessage{Language: "ru"}), "name"},
		"a template without a language": {send(radist.TemplateMessage{Name: "a"}), "language"},
		"no connection":                 {drop(c.Messages.Send(ctx, 3, radist.SendMessage{ChatID: 37, Content: radist.Text("x")})), "connection"},
		"no chat":                       {drop(c.Messages.Send(ctx, 3, radist.SendMessage{ConnectionID: 10, Content: radist.Text("x")})), "chat"},
		"a chat with nobody":            {drop(c.Chats.Create(ctx, 3, radist.CreateChat{ConnectionID: 10})), "phone number or a user name"},
		"a chat through nothing":        {drop(c.Chats.Create(ctx, 3, radist.CreateChat{Phone: "79990000001"})), "connection"},
		"a phone that is none":          {drop(c.Chats.Create(ctx, 3, radist.CreateChat{ConnectionID: 10, Phone: "anna"})), "phone"},
		"a contact with such a phone":   {drop(c.Contacts.Create(ctx, 3, radist.NewContact{Phones: []string{"1"}})), "phone"},
		"an address that is none":       {drop(c.Webhooks.Create(ctx, 3, radist.NewSubscription{URL: "shop.example/in"})), "web address"},
		"an empty file":                 {upload("a.png", 0), "empty"},
		"a file of a byte over 100 MB":  {upload("a.png", 100<<20+1), "104857601 bytes"},
		"a file without a name":         {upload("", 5), "name"},
		"a file name with a line end":   {upload("a\r\nX: y", 5), "name"},
		"a media type with a line end":  {drop(c.Files.Upload(ctx, 3, radist.Upload{Name: "a", Type: "a/b\r\nX: y", Size: 5, Content: bytes.NewReader(nil)})), "media type"},
	} {
		if err := want.err; !errors.Is(err, radist.ErrRefused) || !errors.Is(err, radist.ErrNotSent) || errors.Is(err, radist.ErrTemporary) || !strings.Contains(err.Error(), want.said) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !errors.Is(upload("a.png", 100<<20+1), radist.ErrTooLarge) {
		t.Error("a file that is too large is not ErrTooLarge")
	}
	if left != 0 {
		t.Errorf("%d requests left", left)
	}
	if err := send(radist.Text(strings.Repeat("ж", 4096))); err != nil || left != 1 {
		t.Errorf("4,096 characters of two bytes: %v", err)
	}
}

// A write leaves once, whatever becomes of it; a read is asked for again.
func TestWritesAreNeverRepeatedAndReadsAre(t *testing.T) {
	t.Parallel()
	for _, fail := range []struct {
		name    string
		unknown bool
		how     func(*http.Request) (*http.Response, error)
	}{
		{"a failing server", true, func(r *http.Request) (*http.Response, error) { return says(r, 500, "{}"), nil }},
		{"a broken line", true, func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }},
		{"half an answer", true, func(r *http.Request) (*http.Response, error) { return says(r, 200, `{"message_id":`), nil }},
		{"a 429", false, func(r *http.Request) (*http.Response, error) { return says(r, 429, "{}"), nil }},
	} {
		t.Run(fail.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				c := scripted(t, func(r *http.Request) (*http.Response, error) {
					if asked++; asked < 3 {
						return fail.how(r)
					}
					return says(r, 200, `[]`), nil
				})
				if _, err := c.Messages.List(t.Context(), 3, radist.ListMessages{Chat: 37}); err != nil || asked != 3 {
					t.Errorf("a list: %v after %d", err, asked)
				}
				for name, write := range map[string]func() error{
					"a message": func() error { return drop(c.Messages.Send(t.Context(), 3, hello())) },
					"a chat": func() error {
						return drop(c.Chats.Create(t.Context(), 3, radist.CreateChat{ConnectionID: 10, UserName: "anna"}))
					},
					"a contact": func() error { return drop(c.Contacts.Create(t.Context(), 3, radist.NewContact{Name: "Анна"})) },
					"a subscription": func() error {
						return drop(c.Webhooks.Create(t.Context(), 3, radist.NewSubscription{URL: "https://x/y"}))
					},
					"its end": func() error { return c.Webhooks.Delete(t.Context(), 3, 8) },
					"a file": func() error {
						return drop(c.Files.Upload(t.Context(), 3, radist.Upload{Name: "a", Size: 1, Content: strings.NewReader("a")}))
					},
				} {
					asked = 0
					err := write()
					if name == "its end" && fail.name == "half an answer" {
						continue // whose answer is not read
					}
					if err == nil || asked != 1 || errors.Is(err, radist.ErrOutcomeUnknown) != fail.unknown {
						t.Errorf("%s: %v after %d", name, err, asked)
					}
				}
			})
		})
	}
}

// Wherever something is printed, neither the key nor a customer's words are in it.
func TestTheKeyAndTheWordsAreNeverShown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/messages/") && r.Method == http.MethodPost {
			return nil, fmt.Errorf("dial with %s failed", r.Header.Get("X-Api-Key"))
		}
		return says(r, 400, `{"detail":"key `+someKey+` is odd"}`), nil
	}, radist.WithLog(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))), radist.WithAttempts(1))
	_, first := c.Messages.Send(t.Context(), 3, hello())
	_, second := c.Messages.List(t.Context(), 3, radist.ListMessages{Chat: 37})
	var e *radist.Error
	if !errors.As(second, &e) {
		t.Fatal(second)
	}
	texts := fmt.Sprintf("%v %+v %#v %s %v %s %s %s", c, c, c, c, first, second, e.Body, log.String())
	if strings.Contains(texts, someKey) || strings.Contains(texts, "привет") {
		t.Errorf("it is shown: %s", texts)
	}
	if !strings.Contains(log.String(), "POST /companies/{company_id}/messaging/messages/") {
		t.Errorf("the log misses the operation: %s", log.String())
	}
}

func TestKeysAndAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", " ", "a b", "a\nb", "ключ", strings.Repeat("a", 5000)} {
		if _, err := radist.New(key); !errors.Is(err, radist.ErrUnauthorized) || !strings.HasPrefix(err.Error(), "radist: ") {
			t.Errorf("%.10q: %v", key, err)
		}
	}
	for _, base := range []string{"ftp://x", "x", "http://", "http://u:p@x", "http://x?a", "http://x#a", "http://x\x00"} {
		if _, err := radist.New(someKey, radist.WithBaseURL(base)); err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestWhatIsProvedNotToHaveLeft(t *testing.T) {
	t.Parallel()
	c, err := radist.New(someKey, radist.WithBaseURL("http://127.0.0.1:1"), radist.WithLimiter(noLimit{}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Messages.Send(t.Context(), 3, hello())
	if !errors.Is(err, radist.ErrNotSent) || !errors.Is(err, radist.ErrTemporary) || errors.Is(err, radist.ErrOutcomeUnknown) {
		t.Errorf("nobody listens: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Messages.Send(ended, 3, hello())
	if !errors.Is(err, radist.ErrNotSent) || !errors.Is(err, context.Canceled) {
		t.Errorf("its caller had gone before: %v", err)
	}
}

func TestAnErrorIsOneLineWhateverItSays(t *testing.T) {
	t.Parallel()
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("User-Agent") != "shop/1" {
			t.Errorf("User-Agent %q", r.Header.Get("User-Agent"))
		}
		_, _ = io.Copy(io.Discard, r.Body)
		return says(r, 400, `{"detail":"a\r\nb\u202e c\u001b[31m`+strings.Repeat("ж", 500)+`"}`), nil
	}, radist.WithUserAgent("shop/1"))
	_, err := c.Messages.Send(t.Context(), 3, hello())
	if text := err.Error(); strings.ContainsAny(text, "\r\n\x1b\u202e") || len([]rune(text)) > 400 || !strings.Contains(text, "a b c") {
		t.Errorf("%q", text)
	}
}
