package radist

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// Kind names the channel.
const Kind sellerdesk.ChannelKind = "radist"

// The fields of the credentials form.
const (
	fieldToken   = "token"
	fieldCompany = "company"
)

// Driver offers the channel.
func Driver() channel.Driver {
	return channel.Driver{Kind: Kind, Title: "Radist.Online", Fields: fields(), Open: open, Ack: ack, Can: abilities()}
}

func fields() []channel.Field {
	return []channel.Field{
		{
			Name: fieldToken, Secret: true,
			Title: map[string]string{"ru": "Ключ API", "en": "API key"},
			Help: map[string]string{
				"ru": "Radist.Online → Настройки → API. Нужны права messaging, connections и webhooks. " +
					"Российский адрес задаётся вместо основного: https://api-ru.radist.online/v2.",
				"en": "Radist.Online → Settings → API. It needs the scopes messaging, connections and webhooks. " +
					"For the Russian host give the base address https://api-ru.radist.online/v2.",
			},
		},
		{
			Name: fieldCompany, Optional: true,
			Title: map[string]string{"ru": "Номер компании (необязательно)", "en": "Company number (optional)"},
			Help: map[string]string{
				"ru": "Нужен, только если ключ видит несколько компаний.",
				"en": "Needed only if the key sees several companies.",
			},
		},
	}
}

// The bounds of what can be sent: characters of a text, bytes of a file, and our
// own bound of what is attached at once, since a message has one file.
const (
	maxText  = api.MaxTextLength
	maxFile  = api.MaxFileSize
	maxFiles = 10
)

// abilities is what can be done with chats; templates, buttons and menus only
// where WhatsApp for business is behind the chat, which its offers tell.
func abilities() map[sellerdesk.Kind][]sellerdesk.Ability {
	by := func(value sellerdesk.ChatSubject, ru, en string) sellerdesk.Option {
		return sellerdesk.Option{Value: string(value), Title: map[sellerdesk.Language]string{sellerdesk.Russian: ru, sellerdesk.English: en}}
	}
	text := maxText
	return map[sellerdesk.Kind][]sellerdesk.Ability{
		sellerdesk.KindChat: {
			{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{
				by(sellerdesk.ChatWithPhone, "По номеру телефона", "By a phone number"),
				by(sellerdesk.ChatWithUsername, "По имени в мессенджере", "By a user name"),
			}},
			{
				Action: sellerdesk.ActionReply, MaxLength: &text, Interactive: interactiveLimits(),
				Files: &sellerdesk.FileLimits{Max: maxFiles, MaxSize: maxFile, TotalSize: maxFiles * maxFile, Types: fileTypes(), Apart: true},
			},
			{Action: sellerdesk.ActionTemplate},
		},
	}
}

func interactiveLimits() *sellerdesk.InteractiveLimits {
	return &sellerdesk.InteractiveLimits{
		Body: api.MaxInteractiveBody, Header: api.MaxInteractiveHeader, Footer: api.MaxInteractiveFooter,
		Buttons: api.MaxButtons, ButtonTitle: api.MaxButtonTitle,
		Sections: api.MaxRows, Rows: api.MaxRows, RowTitle: api.MaxRowTitle, Description: api.MaxRowDescription,
	}
}

// office is what all parts of a connector stand on.
type office struct {
	client *api.Client
	budget *api.Budget
	clock  sellerdesk.Clock
	found  finding
	texts  *catalogue
	// book remembers chats, lines the newest messages of ours.
	book  book
	lines lines
}

// connector is one opened company.
type connector struct {
	*office
	walk *walk
	old  *old
}

// patience is how long a call waits for its turn at the limits; whoever would
// wait longer gets the answer "later" at once instead of holding up what comes
// after.
const patience = 2 * time.Minute

func open(s channel.Settings) (channel.Connector, error) {
	token := strings.TrimSpace(s.Credentials[fieldToken].Reveal())
	if err := inspect(token); err != nil {
		return nil, err
	}
	given, err := givenCompany(strings.TrimSpace(s.Credentials[fieldCompany].Reveal()))
	if err != nil {
		return nil, err
	}
	o := api.BudgetOptions{Lane: lane, Patience: patience}
	o.Clock.Now, o.Clock.NewTimer = s.Clock.Now, s.Clock.NewTimer
	base := &office{budget: api.NewBudget(o), clock: s.Clock, found: newFinding(given), texts: newCatalogue()}
	options := []api.Option{
		api.WithBaseURL(s.BaseURL), api.WithLimiter(base.budget), api.WithLog(s.Log), api.WithClock(s.Clock.Now, s.Clock.NewTimer),
		// Whoever reads is told of a 429 and comes back: nobody sits it out here.
		api.WithPatience(-1),
	}
	if s.Client != nil {
		options = append(options, api.WithHTTPClient(s.Client))
	}
	if base.client, err = api.New(token, options...); err != nil {
		return nil, opening(err)
	}
	return gateway{&connector{office: base, walk: &walk{office: base, size: pageSize}, old: &old{office: base}}}, nil
}

// opening classes what the client says of settings; what is not about the key is
// about the address.
func opening(err error) *channel.Error {
	var e *api.Error
	if errors.As(err, &e) {
		return classify(err, reading)
	}
	return refuse("", "The address of Radist.Online must start with http:// or https:// and name a host.", err)
}

// shortestToken is less than any key has.
const shortestToken = 16

// inspect looks at the shape of a key. Nothing else can be told without asking.
func inspect(token string) error {
	switch {
	case token == "":
		return unauthorized(sellerdesk.ReasonCredentials, "The key is missing.")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }), len(token) < shortestToken:
		return unauthorized(sellerdesk.ReasonCredentials, "This is not a key of Radist.Online: copy it whole.")
	default:
		return nil
	}
}

// givenCompany reads the number of a company, 0 when none is given.
func givenCompany(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if id := number(sellerdesk.RemoteID(text)); id > 0 {
		return id, nil
	}
	return 0, unauthorized(sellerdesk.ReasonCredentials, "The number of a company has digits only.")
}

// lane translates the lane of a call.
func lane(ctx context.Context) api.Lane {
	switch sellerdesk.LaneOf(ctx) {
	case sellerdesk.LanePerson:
		return api.LanePerson
	case sellerdesk.LaneBackfill:
		return api.LaneBackfill
	default:
		return api.LanePoll
	}
}

// Check proves the key and names the company with its sources.
func (c *connector) Check(ctx context.Context) (sellerdesk.Identity, error) {
	me, err := c.client.Users.Me(ctx)
	if err != nil {
		return sellerdesk.Identity{}, classify(err, reading)
	}
	c.found.forget()
	h, err := c.home(ctx)
	if err != nil {
		return sellerdesk.Identity{}, err
	}
	out := sellerdesk.Identity{Seller: named(h.id), Name: h.name, Token: "api-key", Scopes: scopesOf(me), Sources: []sellerdesk.Source{}}
	for _, s := range h.list {
		if s.network == "" {
			continue // it is no messenger
		}
		out.Sources = append(out.Sources, sellerdesk.Source{ID: named(s.id), Name: s.name, Network: s.network, By: s.by, Templates: s.waba()})
	}
	return out, nil
}

// Budget tells what the limits still allow.
func (c *connector) Budget() []sellerdesk.BucketState {
	out := []sellerdesk.BucketState{}
	for _, b := range c.budget.Snapshot() {
		s := sellerdesk.BucketState{Bucket: b.Bucket, Limit: b.Limit, Remaining: b.Remaining, Waiting: b.Waiting, EveryMS: b.Every.Milliseconds()}
		if !b.NextFreeAt.IsZero() {
			at := sellerdesk.At(b.NextFreeAt)
			s.NextFreeAt = &at
		}
		out = append(out, s)
	}
	return out
}

// String names the address, never the key.
func (c *connector) String() string { return c.client.String() }

var (
	_ channel.Connector      = (*connector)(nil)
	_ channel.Fetcher        = (*connector)(nil)
	_ channel.Budgeter       = (*connector)(nil)
	_ channel.Rewinder       = (*connector)(nil)
	_ channel.Historian      = (*connector)(nil)
	_ channel.Receiver       = (*connector)(nil)
	_ channel.Uploader       = (*connector)(nil)
	_ channel.Windower       = (*connector)(nil)
	_ channel.TemplateLister = (*connector)(nil)
	_ channel.Subscriber     = (*connector)(nil)
)
