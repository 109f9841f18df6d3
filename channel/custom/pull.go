package custom

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// streamEvents is the list of a script that answers lists, beside pushes or instead.
const streamEvents = "events"

const (
	listEvery = 5 * time.Second
	listCalm  = 30 * time.Second
	// mostList bounds one answer in bytes, and mostListed its events.
	mostList      = 4 << 20
	mostListed    = 500
	longestCursor = 500
)

// listing is one answer of a list.
type listing struct {
	Events []json.RawMessage `json:"events"`
	Next   name              `json:"next"`
	More   bool              `json:"more"`
}

// Streams names the list, where there is one: everything else is pushed.
func (c *connector) Streams() []channel.Stream {
	if c.options.list == nil {
		return nil
	}
	return []channel.Stream{{Name: streamEvents, Every: listEvery, Calm: listCalm, Echo: true}}
}

// Pull asks the list for what happened after a place.
func (c *connector) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	if c.options.list == nil || stream != streamEvents {
		return sellerdesk.Batch{}, refuse("There is no such stream to read.", nil)
	}
	got, err := c.list(ctx, from)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	now := sellerdesk.At(c.clock.Now())
	var b sellerdesk.Batch
	for _, raw := range got.Events {
		c.tell(&b, raw, now)
	}
	slices.SortStableFunc(b.Messages, func(x, y sellerdesk.MessagePatch) int { return x.At.Compare(y.At.Time) })
	if n := len(b.Messages); n > 0 {
		b.Reached = &b.Messages[n-1].At
	}
	b.Next = sellerdesk.Cursor(got.Next)
	b.More = got.More && b.Next != "" && b.Next != from
	return b, nil
}

// tell adds one event of a list to a batch; one that makes no sense is recorded and
// holds up no other.
func (c *connector) tell(b *sellerdesk.Batch, raw json.RawMessage, now sellerdesk.Time) {
	e, err := decode(raw)
	if err == nil && e.Type != eventPing && !slices.Contains(c.options.kinds, sellerdesk.Kind(e.Kind)) {
		err = complaint("It is of a kind that this account does not bring.")
	}
	if err != nil {
		b.Skipped = append(b.Skipped, sellerdesk.Skipped{What: "an event of the list: " + err.Error(), Raw: raw[:min(len(raw), rawLimit)]})
		return
	}
	one := telling{options: c.options, event: e, at: e.Message.At.at(now), now: now}.batch()
	b.Conversations, b.Messages = append(b.Conversations, one.Conversations...), append(b.Messages, one.Messages...)
}

// list asks for one page. The question is signed over an empty body.
func (c *connector) list(ctx context.Context, from sellerdesk.Cursor) (listing, error) {
	address := *c.options.list
	query := address.Query()
	query.Set("after", string(from))
	address.RawQuery = query.Encode()
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	req, err := c.signed(ctx, http.MethodGet, &address, rand.Text(), nil)
	if err != nil {
		return listing{}, err
	}
	res, err := c.hook.Do(req)
	if barred := barred(err); barred != nil {
		return listing{}, barred
	}
	if err != nil {
		return listing{}, unreadableList(channel.Temporary, sellerdesk.ReasonUnreachable, "The list of the script cannot be reached.", bare(err))
	}
	defer discard(res)
	if res.StatusCode != http.StatusOK {
		return listing{}, c.noList(res)
	}
	said, err := io.ReadAll(io.LimitReader(res.Body, mostList+1))
	if err != nil {
		return listing{}, unreadableList(channel.Temporary, sellerdesk.ReasonUnreachable, "The list of the script broke off.", bare(err))
	}
	var got listing
	if err := json.Unmarshal(said, &got); err != nil || len(said) > mostList || len(got.Events) > mostListed || len(got.Next) > longestCursor {
		e := unreadableList(channel.Malformed, sellerdesk.ReasonMalformed, "The list of the script is not understood: it has events, next and more, and up to 500 events.", nil)
		e.Raw = said[:min(len(said), rawLimit)]
		return listing{}, e
	}
	return got, nil
}

// noList tells what an answer without a list means.
func (c *connector) noList(res *http.Response) *channel.Error {
	switch status := res.StatusCode; {
	case status == http.StatusTooManyRequests:
		return throttled(res, c.clock.Now())
	case status == http.StatusUnauthorized:
		return refuseCredentials("The list of the script does not accept our signature: compare the secret and the clock on both sides.")
	case status >= http.StatusInternalServerError || status == http.StatusRequestTimeout:
		return unreadableList(channel.Temporary, sellerdesk.ReasonUnreachable, "The list of the script fails at the moment.", nil)
	case status >= 300 && status < 400:
		return unreadableList(channel.Refused, sellerdesk.ReasonRefused, "The address of the list sends us somewhere else, and redirects are not followed.", nil)
	default:
		return unreadableList(channel.Refused, sellerdesk.ReasonRefused, sellerdesk.Optional("The script refuses its list with the status "+strconv.Itoa(status)+"."), nil)
	}
}

func unreadableList(class channel.Class, code sellerdesk.ReasonCode, text sellerdesk.Optional, err error) *channel.Error {
	return &channel.Error{Class: class, Why: sellerdesk.Why{Code: code, Text: text}, Err: err}
}

// signed makes a request with a signature over its body.
func (c *connector) signed(ctx context.Context, method string, to *url.URL, id string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, refuse("The address of the script cannot be asked.", bare(err))
	}
	timestamp := strconv.FormatInt(c.clock.Now().Unix(), 10)
	req.Header.Set("User-Agent", "Sellerdesk")
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", timestamp)
	req.Header.Set("Webhook-Signature", sign(c.options.keys, id, timestamp, body))
	return req, nil
}
