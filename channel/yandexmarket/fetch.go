package yandexmarket

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// Fetch gets the bytes of a file from the address that stood in the message or
// review. The link of a chat may have ended; then the message is read again for
// a fresh one.
func (c *connector) Fetch(ctx context.Context, f sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	var at link
	if json.Unmarshal(f.Remote, &at) != nil {
		at = link{}
	}
	got, err := c.links.fetch(ctx, at.URL)
	if !at.mayEnd() || !ended(got, err) {
		return got, err
	}
	fresh, why := c.chats.freshLink(ctx, at)
	switch {
	case why != nil && class(why) != channel.Gone:
		return sellerdesk.Fetched{}, why
	case fresh == "" || fresh == at.URL:
		return got, err
	}
	return c.links.fetch(ctx, fresh)
}

// mayEnd tells whether there is a message in which a fresh link may stand.
func (l link) mayEnd() bool { return l.Chat > 0 && l.Message > 0 && l.Place >= 0 }

// ended tells that a link no longer leads to its file, as far as anybody can tell.
func ended(got sellerdesk.Fetched, err error) bool {
	return gone(err) || err == nil && got.State != sellerdesk.FetchReady && got.Why.Code == sellerdesk.ReasonCredentials
}

// freshLink reads the link of a file again, "" when its message has it no more.
func (c *chats) freshLink(ctx context.Context, at link) (string, error) {
	who, err := c.business(ctx)
	if err != nil {
		return "", err
	}
	got, err := c.client.Chats.History(ctx, who.id, at.Chat, api.ListMessages{From: at.Message, Limit: 1})
	if err != nil {
		return "", c.failure(err, reading)
	}
	i := slices.IndexFunc(got.Items, func(m api.Message) bool { return m.ID == at.Message })
	if i < 0 || at.Place >= len(got.Items[i].Files) {
		return "", nil
	}
	return got.Items[i].Files[at.Place].URL, nil
}

// links fetches files by the addresses that stand in messages and reviews. The
// client asks none but hosts of Yandex, and gives the credentials to none but
// those that keep the files of chats.
type links struct {
	client *api.Client
	// lent: the credentials are the token of the account, since none for files
	// was given.
	lent bool
}

// askForToken is when a file is asked for again that needs a token which a
// person has to give.
const askForToken = 6 * time.Hour

func (l links) fetch(ctx context.Context, address string) (sellerdesk.Fetched, error) {
	got, err := l.client.Chats.Download(ctx, address)
	if err != nil {
		return l.without(err)
	}
	return sellerdesk.Fetched{State: sellerdesk.FetchReady, Body: got.Body, Type: got.ContentType, Size: got.Size}, nil
}

// without tells why there is no file. Where only a token is missing the file is
// asked for again: a person may give one meanwhile.
func (l links) without(err error) (sellerdesk.Fetched, error) {
	refused := func(code sellerdesk.ReasonCode, text sellerdesk.Optional) (sellerdesk.Fetched, error) {
		return sellerdesk.Fetched{State: sellerdesk.FetchRefused, Size: -1, Why: sellerdesk.Why{Code: code, Text: text}}, nil
	}
	switch {
	case errors.Is(err, api.ErrNotSent):
		return refused(sellerdesk.ReasonFileRefused, "Nothing names a place at Yandex where this file could be.")
	case errors.Is(err, api.ErrTooLarge):
		return refused(sellerdesk.ReasonFileTooLarge, "The file is too large to be kept.")
	case (errors.Is(err, api.ErrForbidden) || errors.Is(err, api.ErrUnauthorized)) && l.lent:
		return sellerdesk.Fetched{
			State: sellerdesk.FetchPending, RetryAfter: askForToken, Size: -1,
			Why: sellerdesk.Why{
				Code: sellerdesk.ReasonCredentials,
				Text: "Yandex gives this file to a user's token only. Add a token for files to the account.",
			},
		}, nil
	case errors.Is(err, api.ErrForbidden), errors.Is(err, api.ErrUnauthorized):
		return refused(sellerdesk.ReasonCredentials, "Yandex does not give this file to the token for files of the account.")
	case errors.Is(err, api.ErrThrottled):
		return sellerdesk.Fetched{}, classify(err, reading)
	case errors.Is(err, api.ErrTemporary):
		return sellerdesk.Fetched{}, hostDown(err)
	default:
		return sellerdesk.Fetched{}, &channel.Error{
			Class: channel.Gone, Err: err,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "Yandex Market no longer has this file."},
		}
	}
}

func hostDown(cause error) *channel.Error {
	return &channel.Error{
		Class: channel.Temporary, Err: cause,
		Why: sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The file host of Yandex does not answer at the moment."},
	}
}
