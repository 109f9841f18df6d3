package custom

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

const (
	// mostAnswer bounds what is read of an answer, in bytes.
	mostAnswer = 64 << 10
	// defaultPause is waited when the script asks to wait and does not say how long,
	// longestPause at most.
	defaultPause = 30 * time.Second
	longestPause = 2 * time.Hour
)

// The types of what we send.
const (
	outReply = "reply"
	outEdit  = "edit"
)

// outgoing is what a script is told.
type outgoing struct {
	Type string `json:"type"`
	// ID names the intent: the same at each attempt.
	ID           string          `json:"id"`
	Kind         sellerdesk.Kind `json:"kind,omitempty"`
	Conversation string          `json:"conversation,omitempty"`
	Message      string          `json:"message,omitempty"` // that is edited
	Parent       string          `json:"parent,omitempty"`  // that is answered
	Text         string          `json:"text"`
	Files        []outFile       `json:"files"`
}

type outFile struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Size    int    `json:"size"`
	Content []byte `json:"base64"`
}

// answer is what a script says to it. All of it may be left out.
type answer struct {
	ID    name            `json:"id"`
	At    moment          `json:"at"`
	Name  string          `json:"name"` // of the channel, in the answer to a check
	Error json.RawMessage `json:"error"`
}

// Send tells the script what we say. It is told once, unless the account declares
// that telling it twice does no harm.
func (c *connector) Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error) {
	if c.options.reply == nil {
		return sellerdesk.Receipt{}, refuse("This channel only reads: it has no address for replies.", nil)
	}
	if ctx.Err() != nil {
		return sellerdesk.Receipt{}, notSent(ctx.Err())
	}
	out, err := c.outgoing(ctx, a)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	if out.ID = sellerdesk.IntentOf(ctx); out.ID == "" {
		out.ID = rand.Text()
	}
	got, err := c.post(ctx, out)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	receipt := sellerdesk.Receipt{RemoteID: sellerdesk.RemoteID(cmp.Or(string(got.ID), out.ID))}
	if out.Type == outEdit {
		receipt.RemoteID = sellerdesk.RemoteID(out.Message)
	}
	if !got.At.IsZero() {
		at := got.At.at(sellerdesk.At(c.clock.Now()))
		receipt.At = &at
	}
	return receipt, nil
}

// outgoing puts an action into the words of the format, within its bounds.
func (c *connector) outgoing(ctx context.Context, a sellerdesk.Action) (out outgoing, err error) {
	var to sellerdesk.RemoteRef
	var files []sellerdesk.Blob
	out.Type, out.Files = outReply, []outFile{}
	switch a := a.(type) {
	case sellerdesk.Reply:
		if a.Interactive != nil {
			return out, refuse("This channel has no buttons.", nil)
		}
		to, out.Text, files = a.Conversation, a.Text, a.Files
	case sellerdesk.Answer:
		to, out.Text, out.Parent = a.Conversation, a.Text, string(a.Parent)
	case sellerdesk.Edit:
		if out.Type = outEdit; !c.options.edits {
			return out, refuse("This channel changes no answers.", nil)
		}
		to, out.Text, out.Message = a.Conversation, a.Text, string(a.Message)
	default:
		return out, refuse(fmt.Sprintf("This channel does not know the action %s.", a.Kind()), nil)
	}
	out.Kind, out.Conversation = to.Kind, string(to.ID)
	if strings.TrimSpace(out.Text) == "" && len(files) == 0 {
		return out, refuse("There is nothing to send.", nil)
	}
	if n := utf8.RuneCountInString(out.Text); n > c.options.length {
		return out, refuse(fmt.Sprintf("The text has %d characters; this channel takes up to %d.", n, c.options.length), nil)
	}
	out.Files, err = c.enclose(ctx, files)
	return out, err
}

// post signs and sends something and reads what the script says.
func (c *connector) post(ctx context.Context, out outgoing) (answer, error) {
	out.ID = cmp.Or(out.ID, rand.Text())
	body, err := encode(out)
	if err != nil {
		return answer{}, refuse("This cannot be written as JSON.", err)
	}
	var connected atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	traced, cancel := context.WithTimeout(traced, answerWait)
	defer cancel()
	req, err := c.signed(traced, http.MethodPost, c.options.reply, out.ID, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.hook.Do(req)
	if barred := barred(err); barred != nil {
		return answer{}, barred
	}
	switch {
	case err != nil && !connected.Load():
		return answer{}, notSent(err)
	case err != nil:
		return answer{}, c.unknown(bare(err), nil)
	}
	defer discard(res)
	said, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	if err != nil && res.StatusCode < http.StatusMultipleChoices {
		return answer{}, c.unknown(bare(err), nil)
	}
	return c.judge(res, said)
}

// encode writes < > and & as they are: simple scripts compare and print what they
// read.
func encode(out outgoing) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(out)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// judge tells what an answer means.
func (c *connector) judge(res *http.Response, said []byte) (answer, error) {
	switch status := res.StatusCode; {
	case status >= 200 && status < 300:
		return c.taken(res, said)
	case status == http.StatusTooManyRequests:
		return answer{}, throttled(res, c.clock.Now())
	case status == http.StatusServiceUnavailable:
		e := throttled(res, c.clock.Now())
		e.Class, e.Why = channel.Temporary, sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The script takes nothing at the moment; it is tried again."}
		return answer{}, e
	case status >= 500 || status == http.StatusRequestTimeout:
		return answer{}, c.unknown(fmt.Errorf("the answer is %d", status), nil)
	case status == http.StatusUnauthorized:
		return answer{}, refuseCredentials("The script does not accept our signature: compare the secret and the clock on both sides.")
	case status >= 300 && status < 400:
		return answer{}, refuse("The address for replies sends us somewhere else, and redirects are not followed: give the final address.", nil)
	default:
		e := refuse(sentence(said, status), fmt.Errorf("the answer is %d", status))
		if status == http.StatusGone {
			e.Class, e.Why.Code = channel.Gone, sellerdesk.ReasonGone
		}
		return answer{}, e
	}
}

// taken reads the answer to something that the script took. One without JSON says
// no more than that.
func (c *connector) taken(res *http.Response, said []byte) (answer, error) {
	said = bytes.TrimSpace(said)
	if !strings.Contains(res.Header.Get("Content-Type"), "json") && !bytes.HasPrefix(said, []byte("{")) || len(said) == 0 {
		return answer{}, nil
	}
	var got answer
	if err := json.Unmarshal(said, &got); err != nil || len(got.ID) > longestName {
		// It was taken, but by which id we shall hear of it nobody knows.
		return answer{}, c.unknown(errors.New("the answer is not understood"), said)
	}
	return got, nil
}

// sentence is why a script refuses, in its own words where it has some.
func sentence(said []byte, status int) string {
	var got struct{ Error, Detail, Message json.RawMessage }
	_ = json.Unmarshal(said, &got) // what is no JSON has no such words
	for _, raw := range []json.RawMessage{got.Error, got.Detail, got.Message} {
		var text string
		if json.Unmarshal(raw, &text) == nil && strings.TrimSpace(text) != "" {
			return cut(text, longestReason)
		}
	}
	return fmt.Sprintf("The script refused it with the status %d and did not say why; see whether the address for replies is right.", status)
}

// unknown says that something left and nobody knows whether it was taken. Where the
// script takes the same id once it is simply sent again.
func (c *connector) unknown(err error, raw []byte) *channel.Error {
	if c.options.idempotent {
		return &channel.Error{Class: channel.Temporary, Err: err,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The script did not confirm it; it is sent again with the same id."}}
	}
	return &channel.Error{Class: channel.Unknown, Err: err, Raw: raw[:min(len(raw), rawLimit)],
		Why: sellerdesk.Why{Code: sellerdesk.ReasonOutcomeUnknown, Text: "It left, and the script did not confirm it."}}
}

func notSent(err error) *channel.Error {
	return &channel.Error{Class: channel.Temporary, Err: bare(err),
		Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The script cannot be reached: see whether it runs at the address for replies."}}
}

// throttled reads how long to wait.
func throttled(res *http.Response, now time.Time) *channel.Error {
	pause := defaultPause
	text := res.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		pause = time.Duration(min(seconds, int(longestPause/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		pause = at.Sub(now)
	}
	return &channel.Error{Class: channel.Throttled, RetryAfter: min(max(pause, time.Second), longestPause),
		Why: sellerdesk.Why{Code: sellerdesk.ReasonThrottled, Text: "The script asks to wait."}}
}

// bare takes the address out of an error: it may hold a secret.
func bare(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// discard leaves a connection fit to be used again, where that costs little.
func discard(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, mostAnswer))
	_ = res.Body.Close()
}
