package wildberries

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// Kind names the channel.
const Kind sellerdesk.ChannelKind = "wildberries"

// maxFiles is our own bound: the remote side limits the size of files, alone
// and together, and says nothing of their number.
const maxFiles = 10

// Driver offers the channel.
func Driver() channel.Driver {
	return channel.Driver{
		Kind: Kind, Title: "Wildberries", Fields: fields(), Open: open,
		Can: map[sellerdesk.Kind][]sellerdesk.Ability{sellerdesk.KindChat: {reply()}},
	}
}

func fields() []channel.Field {
	return []channel.Field{{
		Name:   fieldToken,
		Secret: true,
		Title:  map[string]string{"ru": "Токен API", "en": "API token"},
		Help: map[string]string{
			"ru": "Личный кабинет продавца → Профиль → Интеграции по API → Создать токен. Нужен персональный токен " +
				"с категорией «Чат с покупателями» и без отметки «Только чтение», иначе отвечать нельзя. Токен действует 180 дней.",
			"en": "Seller portal → Profile → API integrations → Create token. Take a personal token with the category " +
				"\"Buyers chat\", not read-only, or nothing can be answered. A token is valid for 180 days.",
		},
	}}
}

const fieldToken = "token"

func reply() sellerdesk.Ability {
	length := api.MaxTextLength
	return sellerdesk.Ability{
		Action:    sellerdesk.ActionReply,
		MaxLength: &length,
		Files: &sellerdesk.FileLimits{
			Max: maxFiles, MaxSize: api.MaxFileSize, TotalSize: api.MaxFilesSize, Types: api.FileTypes(),
		},
	}
}

// connector is one opened cabinet.
type connector struct {
	client *api.Client
	budget *api.Budget
	token  api.Token
	clock  sellerdesk.Clock
	links  links
	paces  map[string]time.Duration // least pause between two reads of a bucket

	mu   sync.Mutex
	list listing // the last list of chats that was handed out
}

func open(s channel.Settings) (channel.Connector, error) {
	secret := s.Credentials[fieldToken].Reveal()
	token, err := api.InspectToken(secret)
	if err != nil {
		return nil, classify(err, reading)
	}
	if err := suits(token, s); err != nil {
		return nil, err
	}
	o := api.BudgetOptions{Lane: lane}
	o.Clock.Now, o.Clock.NewTimer = s.Clock.Now, s.Clock.NewTimer
	c := &connector{budget: api.NewBudget(token, o), token: token, clock: s.Clock, paces: paces(token)}
	options := []api.Option{
		api.WithBaseURL(s.BaseURL), api.WithLimiter(c.budget), api.WithLog(s.Log), api.WithClock(s.Clock.Now, s.Clock.NewTimer),
	}
	if s.Client != nil {
		options = append(options, api.WithHTTPClient(s.Client))
	}
	if c.client, err = api.New(secret, options...); err != nil {
		return nil, opening(err)
	}
	c.links = newLinks(s)
	return c, nil
}

// suits refuses a token that can never work, before the first call.
func suits(t api.Token, s channel.Settings) error {
	switch {
	case t.Expired(s.Clock.Now()):
		return unauthorized(sellerdesk.ReasonExpired, "The token expired on %s. Make a new one in the seller portal.", t.Expiry.Format(time.DateOnly))
	case t.Sandbox && s.BaseURL == "":
		return unauthorized(sellerdesk.ReasonCredentials, "This is a test token: it works on the test hosts of Wildberries only, and chats have none.")
	case t.ScopeKnown && !t.Categories.Has(api.CategoryChat):
		return unauthorized(sellerdesk.ReasonScope, "The token lacks the category \"Buyers chat\" (Чат с покупателями). Make one that has it.")
	default:
		return nil
	}
}

// opening classes what the client says of settings; what is not about the token
// is about the address.
func opening(err error) *channel.Error {
	var e *api.Error
	if errors.As(err, &e) {
		return classify(err, reading)
	}
	return refuse("", "The address of Wildberries must start with http:// or https:// and name a host.", err)
}

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

// paces tells how often each bucket may be asked: tokens of the kind "basic"
// allow one request an hour, and polling them faster would only queue up.
func paces(t api.Token) map[string]time.Duration {
	paces := map[string]time.Duration{}
	for _, l := range api.Buckets(t) {
		paces[l.Bucket] = l.Period / time.Duration(max(l.Limit, 1))
	}
	return paces
}

// Check names the cabinet of the token. The category of the chat is judged by
// the token itself: ping, which proves it, may not be automated.
func (c *connector) Check(ctx context.Context) (sellerdesk.Identity, error) {
	who := c.claims()
	info, err := c.client.Seller.Info(ctx)
	switch {
	case errors.Is(err, api.ErrForbidden):
		return who, nil // this token may not ask; its own words must do
	case err != nil:
		return sellerdesk.Identity{}, c.failure(err, reading, api.BucketSellerInfo)
	}
	if info.SID != "" {
		who.Seller = sellerdesk.RemoteID(strings.ToLower(info.SID))
	}
	// The trade mark is what buyers see and tells two cabinets of one owner apart.
	if name := firstText(info.TradeMark, info.Name); name != "" {
		who.Name = name
	}
	who.Legal = sellerdesk.Optional(info.TIN)
	return who, nil
}

// claims is what the token says about its owner.
func (c *connector) claims() sellerdesk.Identity {
	who := sellerdesk.Identity{
		Seller: sellerdesk.RemoteID(strings.ToLower(c.token.SellerID)), Token: string(c.token.Kind), ReadOnly: c.token.ReadOnly,
		Name: "Wildberries", Scopes: []string{},
	}
	if c.token.SellerNumber != 0 {
		who.Name = fmt.Sprintf("Wildberries %d", c.token.SellerNumber)
	}
	for _, category := range c.token.Categories.List() {
		who.Scopes = append(who.Scopes, category.String())
	}
	if !c.token.Expiry.IsZero() {
		ends := sellerdesk.At(c.token.Expiry)
		who.Expires = &ends
	}
	return who
}

// firstText is the first text that is not blank.
func firstText(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// Budget tells what the limits of the chat still allow.
func (c *connector) Budget() []sellerdesk.BucketState {
	out := []sellerdesk.BucketState{}
	for _, b := range c.budget.Snapshot() {
		if !strings.HasPrefix(b.Bucket, "chat-") {
			continue
		}
		s := sellerdesk.BucketState{Bucket: b.Bucket, Limit: b.Limit, Remaining: b.Remaining, Waiting: b.Waiting}
		if !b.NextFreeAt.IsZero() {
			at := sellerdesk.At(b.NextFreeAt)
			s.NextFreeAt = &at
		}
		out = append(out, s)
	}
	return out
}

// String names the cabinet, never the token.
func (c *connector) String() string { return c.client.String() }

var (
	_ channel.Connector = (*connector)(nil)
	_ channel.Fetcher   = (*connector)(nil)
	_ channel.Budgeter  = (*connector)(nil)
	_ channel.Rewinder  = (*connector)(nil)
)
