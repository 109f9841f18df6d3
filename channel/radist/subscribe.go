package radist

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	api "github.com/sellerdesk/sellerdesk/radist"
)

// Subscribe asks for all events at an address and ends those subscriptions that
// were ours before. Others are not touched: a company may push to many.
func (c *connector) Subscribe(ctx context.Context, address string) error {
	h, err := c.home(ctx)
	if err != nil {
		return asWrite(err)
	}
	list, err := c.client.Webhooks.List(ctx, h.id)
	if err != nil {
		return written(err)
	}
	have := false
	var stale []int64
	for _, s := range list.Items {
		switch {
		case !have && s.URL == address && s.ConnectionID == 0 && tellsAll(s):
			have = true
		case ours(s.URL, address):
			stale = append(stale, s.ID)
		}
	}
	if !have {
		if _, err := c.client.Webhooks.Create(ctx, h.id, api.NewSubscription{URL: address}); err != nil {
			return written(err)
		}
	}
	// The new one stands before the old one ends, so that nothing falls between.
	for _, id := range stale {
		if err := c.client.Webhooks.Delete(ctx, h.id, id); err != nil && !errors.Is(err, api.ErrNotFound) {
			return written(err)
		}
	}
	return nil
}

// tellsAll tells whether a subscription is to every event, as far as the gateway
// shows that.
func tellsAll(s api.Subscription) bool {
	return len(s.Events) == 0 || !slices.ContainsFunc(api.AllEvents(), func(e api.EventType) bool { return !slices.Contains(s.Events, e) })
}

// ours tells whether an address was given by us for the account that the present
// one is of: "/in/{account}/{key}" with the same key anywhere, since nobody else
// can know it, or with another key at the same place. Another installation may
// have an account of the same number, also under another path of the same host.
func ours(old, present string) bool {
	a, err := url.Parse(old)
	b, err2 := url.Parse(present)
	if err != nil || err2 != nil {
		return false
	}
	was, ok := doorOf(a.Path)
	is, ok2 := doorOf(b.Path)
	if !ok || !ok2 || was.account != is.account {
		return false
	}
	return was.key == is.key || a.Host == b.Host && was.base == is.base
}

// door is the path of an address of ours taken apart.
type door struct {
	base         string // before /in/, "" for none
	account, key string
}

func doorOf(path string) (d door, ok bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	n := len(parts)
	if n < 3 || parts[n-3] != "in" || parts[n-1] == "" {
		return d, false
	}
	return door{base: strings.Join(parts[:n-3], "/"), account: parts[n-2], key: parts[n-1]}, true
}
