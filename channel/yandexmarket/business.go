package yandexmarket

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// business is the cabinet that a key opens: one account, whatever the number of
// its shops.
type business struct {
	id    int64
	name  string
	shops map[int64]string // names by campaign
}

// isOurs tells whether a name is that of the cabinet or of one of its shops.
func (b business) isOurs(name string) bool {
	if name == "" {
		return false
	}
	if strings.EqualFold(name, b.name) {
		return true
	}
	for _, shop := range b.shops {
		if strings.EqualFold(name, shop) {
			return true
		}
	}
	return false
}

// finding is the search for the cabinet of a key. Every call needs its number,
// and no call without I/O tells it.
type finding struct {
	given int64         // the number that a person gave, 0 for none
	turn  chan struct{} // holds one token: whoever has it searches
	found *business     // guarded by turn
}

func newFinding(given int64) finding {
	f := finding{given: given, turn: make(chan struct{}, 1)}
	f.turn <- struct{}{}
	return f
}

// forget lets the cabinet be looked for anew: shops come and go.
func (f *finding) forget() {
	<-f.turn
	f.found = nil
	f.turn <- struct{}{}
}

const (
	campaignPageSize = 100
	mostCampaigns    = 50 // pages
)

// business gives the cabinet, which is looked for once.
func (c *cabinet) business(ctx context.Context) (business, error) {
	select {
	case <-c.found.turn:
		defer func() { c.found.turn <- struct{}{} }()
	case <-ctx.Done():
		return business{}, classify(ctx.Err(), reading)
	}
	if c.found.found != nil {
		return *c.found.found, nil
	}
	found, err := c.search(ctx)
	if err != nil {
		return business{}, err
	}
	c.found.found = &found
	return found, nil
}

// search lists the shops of the key.
func (c *cabinet) search(ctx context.Context) (business, error) {
	all := map[int64]*business{}
	page := ""
	for range mostCampaigns {
		got, err := c.client.Campaigns.List(ctx, api.ListCampaigns{Limit: campaignPageSize, Page: page})
		if err != nil {
			return business{}, c.failure(err, reading)
		}
		for _, shop := range got.Items {
			if shop.Business.ID < 1 {
				continue
			}
			b := all[shop.Business.ID]
			if b == nil {
				b = &business{id: shop.Business.ID, name: strings.TrimSpace(shop.Business.Name), shops: map[int64]string{}}
				all[b.id] = b
			}
			b.shops[shop.ID] = strings.TrimSpace(shop.Domain)
		}
		if got.Next == "" || got.Next == page {
			break
		}
		page = got.Next
	}
	return choose(all, c.found.given)
}

// choose picks the cabinet that a person named, or the only one.
func choose(all map[int64]*business, given int64) (business, error) {
	switch {
	case len(all) == 0:
		return business{}, unauthorized(sellerdesk.ReasonRefused, "Yandex Market shows no shop to this key. %s", apiDisabled)
	case given > 0 && all[given] == nil:
		return business{}, unauthorized(sellerdesk.ReasonCredentials, "The key does not open cabinet %d. Correct its number, or leave it out.", given)
	case given > 0:
		return *all[given], nil
	case len(all) > 1:
		return business{}, unauthorized(sellerdesk.ReasonCredentials, "The token sees %d cabinets: %s. Give the number of one.", len(all), numbers(all))
	}
	for _, b := range all {
		return *b, nil
	}
	return business{}, nil // never: there is one
}

// numbers lists cabinets for a person, the smallest first, at most ten.
func numbers(all map[int64]*business) string {
	ids := slices.Sorted(maps.Keys(all))
	var out []string
	for _, id := range ids[:min(len(ids), 10)] {
		out = append(out, strconv.FormatInt(id, 10))
	}
	if len(ids) > len(out) {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}
