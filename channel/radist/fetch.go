package radist

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// Fetch gets the bytes of a file from the link that stood in the message. Only
// hosts of the gateway are asked.
func (c *connector) Fetch(ctx context.Context, f sellerdesk.RemoteFile) (sellerdesk.Fetched, error) {
	var at link
	if json.Unmarshal(f.Remote, &at) != nil {
		at = link{}
	}
	got, err := c.client.Files.Download(ctx, at.URL)
	if err != nil {
		return withoutFile(err)
	}
	return sellerdesk.Fetched{State: sellerdesk.FetchReady, Body: got.Body, Type: got.ContentType, Size: got.Size, Name: got.Name}, nil
}

// withoutFile tells why there is no file.
func withoutFile(err error) (sellerdesk.Fetched, error) {
	refused := func(code sellerdesk.ReasonCode, text sellerdesk.Optional) (sellerdesk.Fetched, error) {
		return sellerdesk.Fetched{State: sellerdesk.FetchRefused, Size: -1, Why: sellerdesk.Why{Code: code, Text: text}}, nil
	}
	switch {
	case errors.Is(err, api.ErrTooLarge):
		return refused(sellerdesk.ReasonFileTooLarge, "The file is too large to be kept.")
	case errors.Is(err, api.ErrThrottled):
		return sellerdesk.Fetched{}, classify(err, reading)
	case errors.Is(err, api.ErrNotSent) && errors.Is(err, api.ErrRefused):
		return refused(sellerdesk.ReasonFileRefused, "Nothing names a place at Radist.Online where this file could be.")
	case errors.Is(err, api.ErrTemporary):
		return sellerdesk.Fetched{}, &channel.Error{
			Class: channel.Temporary, Err: err, Why: why(sellerdesk.ReasonUnreachable, "The file host of Radist.Online does not answer at the moment."),
		}
	default:
		return sellerdesk.Fetched{}, &channel.Error{Class: channel.Gone, Err: err, Why: why(sellerdesk.ReasonGone, "Radist.Online no longer has this file.")}
	}
}
