package wildberries

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
		Can: abilities(),
	}
}

func fields() []channel.Field {
	return []channel.Field{{
		Name:   fieldToken,
		Secret: true,
		Title:  map[string]string{"ru": "Токен API", "en": "API token"},
		Help: map[string]string{
			"ru": "Личный кабинет продавца → Профиль → Интеграции по API → Создать токен. Нужен персональный токен " +
				"с категориями «Чат с покупателями», «Вопросы и отзывы» и «Возвраты покупателями» и без отметки «Только чтение», " +
				"иначе отвечать нельзя. Токен действует 180 дней.",
			"en": "Seller portal → Profile → API integrations → Create token. Take a personal token with the categories " +
				"\"Buyers chat\", \"Questions and feedbacks\" and \"Buyer returns\", not read-only, or nothing can be answered. A token is valid for 180 days.",
		},
	}}
}

const fieldToken = "token"

// abilities is what can be done with each kind; what the remote side allows now
// comes as offers with each conversation.
func abilities() map[sellerdesk.Kind][]sellerdesk.Ability {
	return map[sellerdesk.Kind][]sellerdesk.Ability{
		sellerdesk.KindChat: {reply()},
		sellerdesk.KindQuestion: {
			spoken(sellerdesk.ActionAnswer), spoken(sellerdesk.ActionEdit), spoken(sellerdesk.ActionReject), {Action: sellerdesk.ActionView},
		},
		sellerdesk.KindReview: {
			spoken(sellerdesk.ActionAnswer), spoken(sellerdesk.ActionEdit), {Action: sellerdesk.ActionOrderReturn},
			{Action: sellerdesk.ActionPin}, {Action: sellerdesk.ActionUnpin},
		},
		sellerdesk.KindClaim: {{Action: sellerdesk.ActionDecide}},
	}
}

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

// spoken is an action with a text. The bounds are those of answers to reviews;
// for questions none are published, so that theirs are our own choice.
func spoken(a sellerdesk.ActionKind) sellerdesk.Ability {
	least, most := api.MinAnswerLength, api.MaxAnswerLength
	return sellerdesk.Ability{Action: a, MinLength: &least, MaxLength: &most}
}

// cabinet is what all parts of a connector stand on.
type cabinet struct {
	client *api.Client
	budget *api.Budget
	token  api.Token
	clock  sellerdesk.Clock
	paces  map[string]time.Duration // least pause between two reads of a bucket
}

// connector is one opened cabinet.
type connector struct {
	*cabinet
	chats *chats
	board *board
	links links
	// The readers of streams, by their names; the maps never change.
	watches    map[string]*watch
	walks      map[string]walk
	claimLists map[string]*claimList
}

// chats are the buyers' chats of a cabinet.
type chats struct {
	*cabinet

	mu   sync.Mutex
	list listing // the last list that was handed out
}

// board is where questions, reviews and claims stand.
type board struct {
	*cabinet
	pins *pinboard
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
	o := api.BudgetOptions{Lane: lane, Patience: patience}
	o.Clock.Now, o.Clock.NewTimer = s.Clock.Now, s.Clock.NewTimer
	base := &cabinet{budget: api.NewBudget(token, o), token: token, clock: s.Clock, paces: paces(token)}
	options := []api.Option{
		api.WithBaseURL(s.BaseURL), api.WithLimiter(base.budget), api.WithLog(s.Log), api.WithClock(s.Clock.Now, s.Clock.NewTimer),
	}
	if s.Client != nil {
		options = append(options, api.WithHTTPClient(s.Client))
	}
	if base.client, err = api.New(secret, options...); err != nil {
		return nil, opening(err)
	}
	c := &connector{cabinet: base, chats: &chats{cabinet: base}, links: newLinks(s)}
	c.board = &board{cabinet: base, pins: &pinboard{cabinet: base, off: base.slow(api.BucketFeedbacks)}}
	c.prepare()
	if lacking := c.lacking(); len(lacking) > 0 {
		s.Log.Info("the token lets us read a part only", "channel", Kind, "lacking", strings.Join(lacking, ", "))
	}
	return c, nil
}

// suits refuses a token that can never work, before the first call.
func suits(t api.Token, s channel.Settings) error {
	switch {
	case t.Expired(s.Clock.Now()):
		return unauthorized(sellerdesk.ReasonExpired, "The token expired on %s. Make a new one in the seller portal.", t.Expiry.Format(time.DateOnly))
	case t.Sandbox && s.BaseURL == "":
		return unauthorized(sellerdesk.ReasonCredentials, "This is a test token: it works on the test hosts of Wildberries only.")
	case t.ScopeKnown && !slices.ContainsFunc(categories(), t.Categories.Has):
		return unauthorized(sellerdesk.ReasonScope, "The token has none of the categories \"Buyers chat\" (Чат с покупателями), "+
			"\"Questions and feedbacks\" (Вопросы и отзывы), \"Buyer returns\" (Возвраты покупателями). Make one that has them.")
	default:
		return nil
	}
}

// categories are those that this channel reads.
func categories() []api.Category {
	return []api.Category{api.CategoryChat, api.CategoryFeedbacks, api.CategoryReturns}
}

// may tells whether the token lets us into a category, as far as it says.
func (c *cabinet) may(category api.Category) bool {
	return !c.token.ScopeKnown || c.token.Categories.Has(category)
}

// lacking names the categories that the token does not have.
func (c *cabinet) lacking() []string {
	var names []string
	for _, category := range categories() {
		if !c.may(category) {
			names = append(names, category.String())
		}
	}
	return names
}

// patience is how long a call waits for its turn at the limits. Whoever would
// wait longer, as with a basic token, gets the answer "later" at once instead
// of holding up what comes after.
const patience = 30 * time.Second

// slow tells that a bucket gives so little that each request of a reading must
// be a reading of its own.
func (c *cabinet) slow(bucket string) bool { return c.paces[bucket] > patience }

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

// Check names the cabinet of the token. Its categories are judged by the token
// itself: ping, which proves it, may not be automated.
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
func (c *cabinet) claims() sellerdesk.Identity {
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

// Budget tells what the limits still allow, of those that the token may use.
func (c *connector) Budget() []sellerdesk.BucketState {
	out := []sellerdesk.BucketState{}
	for _, b := range c.budget.Snapshot() {
		if category := categoryOf(b.Bucket); category == 0 || !c.may(category) {
			continue
		}
		s := sellerdesk.BucketState{Bucket: b.Bucket, Limit: b.Limit, Remaining: b.Remaining, Waiting: b.Waiting, EveryMS: b.Every.Milliseconds()}
		if !b.NextFreeAt.IsZero() {
			at := sellerdesk.At(b.NextFreeAt)
			s.NextFreeAt = &at
		}
		out = append(out, s)
	}
	if pins, ok := c.board.pins.budget(); ok && c.may(api.CategoryFeedbacks) {
		out = append(out, pins)
	}
	return out
}

// categoryOf tells what a token needs for the calls of a bucket, 0 for any token.
func categoryOf(bucket string) api.Category {
	switch bucket {
	case api.BucketChatList, api.BucketChatEvents, api.BucketChatMessage, api.BucketChatDownload:
		return api.CategoryChat
	case api.BucketFeedbacks:
		return api.CategoryFeedbacks
	case api.BucketClaimList, api.BucketClaimAnswer:
		return api.CategoryReturns
	default:
		return 0
	}
}

// String names the cabinet, never the token.
func (c *connector) String() string { return c.client.String() }

var (
	_ channel.Connector = (*connector)(nil)
	_ channel.Fetcher   = (*connector)(nil)
	_ channel.Budgeter  = (*connector)(nil)
	_ channel.Rewinder  = (*connector)(nil)
	_ channel.Historian = (*connector)(nil)
)
