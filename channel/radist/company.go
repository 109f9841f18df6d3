package radist

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// home is the company that a key opens, with the ways into messengers that it has.
type home struct {
	id    int64
	name  string
	list  []source
	asked time.Time
}

// source is one connection of the company.
type source struct {
	id      int64
	name    string
	kind    string // in the words of the gateway
	network string // "" is no messenger
	by      []sellerdesk.ChatSubject
}

// waba tells whether WhatsApp for business is behind it, which has windows,
// templates, buttons and menus.
func (s source) waba() bool { return s.kind == api.ConnectionWABA }

func (h home) source(id int64) (source, bool) {
	i := slices.IndexFunc(h.list, func(s source) bool { return s.id == id })
	if i < 0 {
		return source{id: id}, false
	}
	return h.list[i], true
}

// The messengers.
const (
	networkWhatsApp = "whatsapp"
	networkTelegram = "telegram"
	networkMAX      = "max"
)

// networkOf names the messenger behind a type of connection. The types are an
// open set: an unknown one is a messenger of its own.
func networkOf(kind string) string {
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case kind == api.ConnectionAmoCRM:
		return ""
	case kind == api.ConnectionWABA, strings.HasPrefix(kind, networkWhatsApp):
		return networkWhatsApp
	case strings.HasPrefix(kind, networkTelegram):
		return networkTelegram
	case strings.HasPrefix(kind, networkMAX):
		return networkMAX
	}
	name, _, _ := strings.Cut(kind, "_")
	return cut(name, 30)
}

// sourceOf makes a source of a connection; by is nil when it is not told how a
// chat is started.
func sourceOf(id int64, kind, name string, by []api.CreateBy) source {
	s := source{id: id, kind: kind, name: strings.TrimSpace(name), network: networkOf(kind), by: []sellerdesk.ChatSubject{}}
	if s.name == "" {
		s.name = fmt.Sprintf("%s %d", firstText(kind, "connection"), id)
	}
	if by == nil {
		switch {
		case kind == api.ConnectionTelegramPersonal:
			by = []api.CreateBy{api.CreateByPhone, api.CreateByUsername}
		case kind == api.ConnectionWhatsApp, kind == api.ConnectionWABA:
			by = []api.CreateBy{api.CreateByPhone}
		}
	}
	for _, b := range by {
		switch b {
		case api.CreateByPhone:
			s.by = append(s.by, sellerdesk.ChatWithPhone)
		case api.CreateByUsername:
			s.by = append(s.by, sellerdesk.ChatWithUsername)
		}
	}
	return s
}

// finding is the search for the company of a key. Every call needs its number,
// and no call without I/O tells it.
type finding struct {
	given int64         // the number that a person gave, 0 for none
	turn  chan struct{} // holds one token: whoever has it searches
	found *home         // guarded by turn
}

func newFinding(given int64) finding {
	f := finding{given: given, turn: make(chan struct{}, 1)}
	f.turn <- struct{}{}
	return f
}

// forget lets the company be looked for anew: connections come and go.
func (f *finding) forget() {
	<-f.turn
	f.found = nil
	f.turn <- struct{}{}
}

// home gives the company, which is looked for once.
func (c *office) home(ctx context.Context) (home, error) { return c.homeSince(ctx, time.Time{}) }

// homeSince gives the company as it was asked for after a moment.
func (c *office) homeSince(ctx context.Context, since time.Time) (home, error) {
	select {
	case <-c.found.turn:
		defer func() { c.found.turn <- struct{}{} }()
	case <-ctx.Done():
		return home{}, classify(ctx.Err(), reading)
	}
	if f := c.found.found; f != nil && !f.asked.Before(since) {
		return *f, nil
	}
	found, err := c.search(ctx)
	if err != nil {
		return home{}, err
	}
	c.found.found = &found
	return found, nil
}

// mostCompanies is how many companies of a key are looked at.
const mostCompanies = 100

// search finds the company and lists its sources.
func (c *office) search(ctx context.Context) (home, error) {
	got, err := c.client.Companies.List(ctx, api.ListCompanies{Limit: mostCompanies})
	if err != nil {
		return home{}, classify(err, reading)
	}
	which, err := choose(got.Items, c.found.given)
	if err != nil {
		return home{}, err
	}
	h := home{id: which.ID, name: firstText(which.Name, fmt.Sprintf("Radist.Online %d", which.ID)), asked: c.clock.Now()}
	sources, err := c.client.Chats.Sources(ctx, h.id)
	if err != nil {
		return home{}, classify(err, reading)
	}
	for _, s := range sources.Items {
		h.list = append(h.list, sourceOf(s.ConnectionID, s.Type, s.Name, s.CreateBy))
	}
	return h, nil
}

// choose picks the company that a person named, or the only one.
func choose(all []api.Company, given int64) (api.Company, error) {
	i := slices.IndexFunc(all, func(c api.Company) bool { return c.ID == given })
	switch {
	case len(all) == 0:
		return api.Company{}, unauthorized(sellerdesk.ReasonCredentials, "Radist.Online shows no company to this key.")
	case given > 0 && i < 0:
		return api.Company{}, unauthorized(sellerdesk.ReasonCredentials, "The key does not open company %d. Correct its number, or leave it out.", given)
	case given > 0:
		return all[i], nil
	case len(all) > 1:
		return api.Company{}, unauthorized(sellerdesk.ReasonCredentials, "The key sees %d companies: %s. Give the number of one.", len(all), numbers(all))
	default:
		return all[0], nil
	}
}

// numbers lists companies for a person, the smallest first, at most ten.
func numbers(all []api.Company) string {
	var ids []int64
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	var out []string
	for _, id := range ids[:min(len(ids), 10)] {
		out = append(out, string(named(id)))
	}
	if len(ids) > len(out) {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}

// askSources is how often sources are listed again because a connection is not
// among them.
const askSources = 10 * time.Minute

// source tells what is behind a connection; ok is false when it is none of the
// company's, as far as the gateway tells.
func (c *office) source(ctx context.Context, h home, connection int64) (s source, ok bool, err error) {
	if s, ok = h.source(connection); ok || connection < 1 {
		return s, ok, nil
	}
	if h, err = c.homeSince(ctx, c.clock.Now().Add(-askSources)); err != nil {
		return s, false, err
	}
	s, ok = h.source(connection)
	return s, ok, nil
}

// scopesOf reads what a key may do, as far as the answer tells: its shape is not
// documented.
func scopesOf(me json.RawMessage) []string {
	var said struct {
		Scopes []string `json:"scopes"`
	}
	if json.Unmarshal(me, &said) != nil || said.Scopes == nil {
		return []string{}
	}
	out := []string{}
	for _, s := range said.Scopes[:min(len(said.Scopes), 50)] {
		out = append(out, cut(s, 60))
	}
	return out
}
