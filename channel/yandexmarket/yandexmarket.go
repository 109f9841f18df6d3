package yandexmarket

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// Kind names the channel.
const Kind sellerdesk.ChannelKind = "yandexmarket"

// The fields of the credentials form.
const (
	fieldToken    = "token"
	fieldBusiness = "business"
	fieldFiles    = "files_token"
)

// The bounds of what can be said, in characters, and of a file, in bytes.
const (
	maxText    = api.MaxMessageLength
	maxComment = api.MaxCommentLength
	maxAnswer  = api.MaxAnswerLength
	maxFile    = api.MaxFileSize
)

// Driver offers the channel.
func Driver() channel.Driver {
	return channel.Driver{
		Kind: Kind, Title: "Яндекс Маркет", Fields: fields(), Open: open, Ack: ack,
		Can: abilities(),
	}
}

func fields() []channel.Field {
	return []channel.Field{
		{
			Name: fieldToken, Secret: true,
			Title: map[string]string{"ru": "Ключ Api-Key", "en": "Api-Key"},
			Help: map[string]string{
				"ru": "Кабинет продавца → Настройки → API и модули → Авторизационные токены → Создать новый токен. " +
					"Нужен доступ «Общение с покупателями» или «Полное управление кабинетом»; с доступом «только просмотр» отвечать нельзя. Ключ бессрочный.",
				"en": "Seller cabinet → Settings → API and modules → Authorization tokens → Create. Take the access \"Communication with buyers\" or " +
					"\"Full control of the cabinet\"; with \"view only\" nothing can be answered. A key does not expire.",
			},
		},
		{
			Name: fieldBusiness, Optional: true,
			Title: map[string]string{"ru": "Номер кабинета (необязательно)", "en": "Cabinet number (optional)"},
			Help: map[string]string{
				"ru": "businessId. Нужен, только если вместо ключа дан токен OAuth, который видит несколько кабинетов.",
				"en": "businessId. Needed only with an OAuth token that sees several cabinets.",
			},
		},
		{
			Name: fieldFiles, Secret: true, Optional: true,
			Title: map[string]string{"ru": "Токен для файлов (необязательно)", "en": "Token for files (optional)"},
			Help: map[string]string{
				"ru": "Токен OAuth пользователя кабинета. Нужен, если вложения покупателей не открываются по ключу.",
				"en": "OAuth token of a user of the cabinet. Needed if the files of buyers are not given to the key.",
			},
		},
	}
}

// maxFiles is our own bound of what is attached at once: the remote side takes
// one file after the other.
const maxFiles = 10

// fileTypes are the types of files that surely arrive; none are documented.
func fileTypes() []string { return []string{"image/jpeg", "image/png", "application/pdf"} }

// abilities is what can be done with each kind; what the remote side allows now
// comes as offers with each conversation.
func abilities() map[sellerdesk.Kind][]sellerdesk.Ability {
	about := func(value sellerdesk.ChatSubject, ru, en string) sellerdesk.Option {
		return sellerdesk.Option{Value: string(value), Title: map[sellerdesk.Language]string{sellerdesk.Russian: ru, sellerdesk.English: en}}
	}
	text := maxText
	return map[sellerdesk.Kind][]sellerdesk.Ability{
		sellerdesk.KindChat: {
			{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{
				about(sellerdesk.ChatAboutOrder, "О заказе", "About an order"), about(sellerdesk.ChatAboutReturn, "О возврате", "About a return"),
			}},
			{Action: sellerdesk.ActionReply, MaxLength: &text, Files: &sellerdesk.FileLimits{
				Max: maxFiles, MaxSize: maxFile, TotalSize: maxFiles * maxFile, Types: fileTypes(), Apart: true,
			}},
		},
		sellerdesk.KindQuestion: {spoken(sellerdesk.ActionAnswer, maxAnswer), spoken(sellerdesk.ActionEdit, maxAnswer)},
		sellerdesk.KindReview: {
			spoken(sellerdesk.ActionAnswer, maxComment), spoken(sellerdesk.ActionEdit, maxComment), {Action: sellerdesk.ActionView},
		},
	}
}

// spoken is an action with a text.
func spoken(a sellerdesk.ActionKind, most int) sellerdesk.Ability {
	least := 1
	return sellerdesk.Ability{Action: a, MinLength: &least, MaxLength: &most}
}

// cabinet is what all parts of a connector stand on.
type cabinet struct {
	client *api.Client
	budget *api.Budget
	clock  sellerdesk.Clock
	key    bool // the token is an Api-Key, not one of OAuth
	found  finding
}

// connector is one opened cabinet.
type connector struct {
	*cabinet
	chats *chats
	board *board
	links links
	// The readers of streams, by their names; the maps never change.
	sweeps map[string]*sweep
	walks  map[string]*walk
}

// board is where reviews and questions stand.
type board struct {
	*cabinet
	left leavers
}

// patience is how long a call waits for its turn at the quotas; whoever would
// wait longer gets the answer "later" at once instead of holding up what comes
// after.
const patience = 30 * time.Second

func open(s channel.Settings) (channel.Connector, error) {
	token := trimmed(s, fieldToken)
	key, err := inspect(token)
	if err != nil {
		return nil, err
	}
	given, err := givenBusiness(trimmed(s, fieldBusiness))
	if err != nil {
		return nil, err
	}
	o := api.BudgetOptions{Lane: lane, Patience: patience}
	o.Clock.Now, o.Clock.NewTimer = s.Clock.Now, s.Clock.NewTimer
	base := &cabinet{budget: api.NewBudget(o), clock: s.Clock, key: key, found: newFinding(given)}
	options := []api.Option{
		api.WithBaseURL(s.BaseURL), api.WithLimiter(base.budget), api.WithLog(s.Log), api.WithClock(s.Clock.Now, s.Clock.NewTimer),
		// Whoever reads is told of a 420 and comes back: nobody sits it out here.
		api.WithPatience(-1),
	}
	if !key {
		options = append(options, api.WithOAuth(), api.WithBusiness(given))
	}
	if s.Client != nil {
		options = append(options, api.WithHTTPClient(s.Client))
	}
	files := trimmed(s, fieldFiles)
	if base.client, err = api.New(token, append(options, api.WithFileToken(files))...); err != nil {
		return nil, opening(err)
	}
	c := &connector{cabinet: base, chats: &chats{cabinet: base}, board: &board{cabinet: base}, links: links{client: base.client, lent: files == ""}}
	c.prepare()
	return c, nil
}

// opening classes what the client says of settings; what is not about the token
// is about the address.
func opening(err error) *channel.Error {
	var e *api.Error
	if errors.As(err, &e) {
		return classify(err, reading)
	}
	return refuse("", "The address of Yandex Market must start with http:// or https:// and name a host.", err)
}

// shortestToken is less than any key or token has.
const shortestToken = 20

// inspect looks at the shape of a token: a key is "ACMA:" with two more parts,
// a token of OAuth has no colons. Nothing else can be told without asking.
func inspect(token string) (key bool, err error) {
	strange := strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
	parts := strings.Split(token, ":")
	switch {
	case token == "":
		return false, unauthorized(sellerdesk.ReasonCredentials, "The key is missing.")
	case strange, len(token) < shortestToken, len(parts) != 1 && (len(parts) != 3 || slices.Contains(parts, "")):
		return false, unauthorized(sellerdesk.ReasonCredentials, "This is not a key of Yandex Market: copy it whole, it has three parts with colons between.")
	default:
		return len(parts) == 3, nil
	}
}

// givenBusiness reads the number of a cabinet, 0 when none is given.
func givenBusiness(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if id := number(sellerdesk.RemoteID(text)); id > 0 {
		return id, nil
	}
	return 0, unauthorized(sellerdesk.ReasonCredentials, "The number of a cabinet has digits only.")
}

func trimmed(s channel.Settings, field string) string {
	return strings.TrimSpace(s.Credentials[field].Reveal())
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

// Check names the cabinet of the key and looks what the key may do.
func (c *connector) Check(ctx context.Context) (sellerdesk.Identity, error) {
	identity := sellerdesk.Identity{Token: "oauth", Scopes: []string{}}
	if c.key {
		info, err := c.client.Auth.Token(ctx)
		if err != nil {
			return sellerdesk.Identity{}, c.failure(err, reading)
		}
		identity.Token = "api-key"
		if err := judge(info.Scopes, &identity); err != nil {
			return sellerdesk.Identity{}, err
		}
	}
	c.found.forget()
	who, err := c.business(ctx)
	if err != nil {
		return sellerdesk.Identity{}, err
	}
	settings, err := c.client.Business.Settings(ctx, who.id)
	if err != nil {
		return sellerdesk.Identity{}, c.failure(err, reading)
	}
	c.budget.SetTier(settings.Subscription)
	identity.Seller = named(who.id)
	identity.Name = firstText(settings.Info.Name, who.name, fmt.Sprintf("Яндекс Маркет %d", who.id))
	return identity, nil
}

// judge looks at the rights of a key.
func judge(scopes []api.Scope, identity *sellerdesk.Identity) error {
	writes, reads := false, false
	for _, s := range scopes {
		identity.Scopes = append(identity.Scopes, string(s))
		writes = writes || s == api.ScopeCommunication || s == api.ScopeAllMethods
		reads = reads || s == api.ScopeAllMethodsReadOnly
	}
	identity.ReadOnly = reads && !writes
	if !reads && !writes {
		return unauthorized(sellerdesk.ReasonScope, "The key lacks the right \"Общение с покупателями\" (communication). Make one that has it.")
	}
	return nil
}

// Budget tells what the quotas still allow.
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

// String names the cabinet, never the token.
func (c *connector) String() string { return c.client.String() }

var (
	_ channel.Connector = (*connector)(nil)
	_ channel.Fetcher   = (*connector)(nil)
	_ channel.Budgeter  = (*connector)(nil)
	_ channel.Rewinder  = (*connector)(nil)
	_ channel.Historian = (*connector)(nil)
	_ channel.Receiver  = (*connector)(nil)
)
