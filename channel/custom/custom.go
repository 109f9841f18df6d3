package custom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// Kind names the channel.
const Kind sellerdesk.ChannelKind = "custom"

const title = "Свой канал / Own channel"

// The fields of the credentials form.
const (
	fieldSecret     = "secret"
	fieldReply      = "reply_url"
	fieldList       = "list_url"
	fieldKinds      = "kinds"
	fieldLength     = "max_length"
	fieldFiles      = "files"
	fieldEdits      = "edits"
	fieldIdempotent = "idempotent"
)

// The bounds of what can be sent. Files travel inside the reply, so that they are
// small.
const (
	usualLength   = 4000 // characters
	longestLength = 50_000
	maxFiles      = 5
	maxFile       = 2 << 20 // bytes
	maxFilesTotal = 5 << 20
)

// Driver offers the channel.
func Driver() channel.Driver {
	return channel.Driver{
		Kind: Kind, Title: title, Fields: fields(), Client: newClient, Open: open, Ack: ack, Admit: admit,
		Can: options{kinds: declarable(), length: usualLength, files: true, edits: true}.abilities(),
		Abilities: func(credentials map[string]sellerdesk.Secret) map[sellerdesk.Kind][]sellerdesk.Ability {
			o, err := parse(credentials, "")
			if err != nil {
				return nil // no connector is opened with them
			}
			return o.abilities()
		},
	}
}

func fields() []channel.Field {
	field := func(name string, secret, optional bool, ru, en, helpRu, helpEn string) channel.Field {
		return channel.Field{Name: name, Secret: secret, Optional: optional,
			Title: map[string]string{"ru": ru, "en": en}, Help: map[string]string{"ru": helpRu, "en": helpEn}}
	}
	return []channel.Field{
		field(fieldSecret, true, false, "Секрет подписи", "Signing secret",
			"Придумайте сами: whsec_ и 24–64 случайных байта в base64, например echo whsec_$(openssl rand -base64 32). Тот же секрет получает скрипт. При замене – новый и старый через пробел.",
			"Make one: whsec_ and 24 to 64 random bytes in base64, as by echo whsec_$(openssl rand -base64 32). The script gets the same. While you replace it: the new and the old one with a blank between."),
		field(fieldReply, false, true, "Адрес для ответов", "Address for replies",
			"Куда отправлять ответы, http:// или https://, можно на этой же машине. Пусто – канал только читает.",
			"Where replies go, http:// or https://, also on this machine. Empty: the channel only reads."),
		field(fieldList, false, true, "Адрес списка событий", "Address of the list of events",
			"Если скрипту удобнее отвечать на вопрос «что нового», чем сообщать самому. Обычно пусто.",
			"Where the script rather answers what is new than tells it by itself. Usually empty."),
		field(fieldKinds, false, true, "Что он приносит", "What it brings",
			"chat, question, review – через запятую. Пусто – только chat.",
			"chat, question, review, with commas. Empty: chat only."),
		field(fieldLength, false, true, "Наибольшая длина ответа", "Longest reply",
			"Знаков, до 50000. Пусто – 4000.", "Characters, up to 50000. Empty: 4000."),
		field(fieldFiles, false, true, "Файлы в ответах", "Files in replies",
			"yes – скрипт принимает файлы (до 5, по 2 МБ). Пусто – нет.", "yes: the script takes files (up to 5 of 2 MB). Empty: no."),
		field(fieldEdits, false, true, "Правка ответов", "Edits of answers",
			"yes – ответ на вопрос или отзыв можно изменить. Пусто – нет.", "yes: an answer to a question or review can be changed. Empty: no."),
		field(fieldIdempotent, false, true, "Повтор безопасен", "Repeating is safe",
			"yes – ответ с уже принятым id скрипт не отправит второй раз. Тогда потерянный ответ повторяется сам.",
			"yes: the script sends a reply with the same id once. Then one whose answer was lost is repeated by itself."),
	}
}

// options is what an account declares.
type options struct {
	keys       [][]byte
	reply      *url.URL // nil: the channel only reads
	list       *url.URL // nil: everything is pushed
	kinds      []sellerdesk.Kind
	length     int // characters of a reply
	files      bool
	edits      bool
	idempotent bool
}

// declarable are the kinds that a script can bring.
func declarable() []sellerdesk.Kind {
	return []sellerdesk.Kind{sellerdesk.KindChat, sellerdesk.KindQuestion, sellerdesk.KindReview}
}

// parse reads credentials without I/O; base replaces the address for replies.
func parse(credentials map[string]sellerdesk.Secret, base string) (o options, err error) {
	get := func(name string) string { return strings.TrimSpace(credentials[name].Reveal()) }
	if o.keys, err = keysOf(get(fieldSecret)); err != nil {
		return options{}, err
	}
	if o.reply, err = address(cmp.Or(base, get(fieldReply))); err != nil {
		return options{}, err
	}
	if o.list, err = address(get(fieldList)); err != nil {
		return options{}, err
	}
	if o.kinds, err = kindsOf(get(fieldKinds)); err != nil {
		return options{}, err
	}
	o.length = usualLength
	if text := get(fieldLength); text != "" {
		if o.length, err = strconv.Atoi(text); err != nil || o.length < 1 || o.length > longestLength {
			return options{}, refuseCredentials(fmt.Sprintf("The longest reply is a number of characters, 1 to %d.", longestLength))
		}
	}
	for _, f := range []struct {
		name string
		to   *bool
	}{{fieldFiles, &o.files}, {fieldEdits, &o.edits}, {fieldIdempotent, &o.idempotent}} {
		switch strings.ToLower(get(f.name)) {
		case "yes", "true", "1", "да":
			*f.to = true
		case "", "no", "false", "0", "нет":
		default:
			return options{}, refuseCredentials(fmt.Sprintf("The field %s takes yes or no.", f.name))
		}
	}
	return o, nil
}

// address reads where replies go; nil when nothing is given.
func address(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return nil, refuseCredentials("The addresses of the script must look like http://host:port/path, without a name and password.")
	}
	return u, nil
}

// kindsOf reads what an account brings.
func kindsOf(text string) ([]sellerdesk.Kind, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
	if len(words) == 0 {
		return []sellerdesk.Kind{sellerdesk.KindChat}, nil
	}
	var kinds []sellerdesk.Kind
	for _, k := range declarable() {
		if i := slices.Index(words, string(k)); i >= 0 {
			kinds, words = append(kinds, k), slices.DeleteFunc(words, func(w string) bool { return w == string(k) })
		}
	}
	if len(words) > 0 {
		return nil, refuseCredentials("What it brings is chat, question, review or several of them with commas between.")
	}
	return kinds, nil
}

// abilities is what can be done with each kind that is declared.
func (o options) abilities() map[sellerdesk.Kind][]sellerdesk.Ability {
	out := map[sellerdesk.Kind][]sellerdesk.Ability{}
	length, least := o.length, 1
	for _, k := range o.kinds {
		if k == sellerdesk.KindChat {
			a := sellerdesk.Ability{Action: sellerdesk.ActionReply, MaxLength: &length}
			if o.files {
				a.Files = &sellerdesk.FileLimits{Max: maxFiles, MaxSize: maxFile, TotalSize: maxFilesTotal, Types: fileTypes()}
			}
			out[k] = []sellerdesk.Ability{a}
			continue
		}
		out[k] = []sellerdesk.Ability{{Action: sellerdesk.ActionAnswer, MinLength: &least, MaxLength: &length}}
		if o.edits {
			out[k] = append(out[k], sellerdesk.Ability{Action: sellerdesk.ActionEdit, MinLength: &least, MaxLength: &length})
		}
	}
	return out
}

// offers is what can be done now with a question or review: the script refuses
// with a sentence what it cannot.
func (o options) offers() *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{{Action: sellerdesk.ActionAnswer}}
	if o.edits {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionEdit})
	}
	return &offers
}

// connector is one opened account. It prints without its keys.
type connector struct {
	options options
	hook    *http.Client // for the addresses of the script and files beside it
	public  *http.Client // for files elsewhere
	clock   sellerdesk.Clock
}

func open(s channel.Settings) (channel.Connector, error) {
	o, err := parse(s.Credentials, s.BaseURL)
	if err != nil {
		return nil, err
	}
	return &connector{options: o, hook: hookClient(s.Client), public: newClient(false), clock: s.Clock}, nil
}

// checkWait bounds how long a script may take to say its name, on the wall.
const checkWait = 5 * time.Second

// Check asks the script for the name of the channel. One that does not run yet, or
// does not know the question, is no fault: it needs the push address first, which
// only an account has. One that refuses our signature is, and so is a private
// address that somebody named who may not change the house: what is behind it
// trusts this machine. The client judges that at every call, not only here, since
// a name can lead elsewhere later.
func (c *connector) Check(ctx context.Context) (sellerdesk.Identity, error) {
	who := sellerdesk.Identity{Name: title, Token: "webhook", ReadOnly: c.options.reply == nil, Sources: []sellerdesk.Source{}}
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	if c.options.list != nil {
		_, err := c.list(ctx, "")
		if err := condemned(err); err != nil {
			return sellerdesk.Identity{}, err
		}
	}
	if who.ReadOnly {
		return who, nil
	}
	who.Name = c.options.reply.Host
	got, err := c.post(ctx, outgoing{Type: "check"})
	if err := condemned(err); err != nil {
		return sellerdesk.Identity{}, err
	}
	if err == nil && got.Name != "" {
		who.Name = cut(got.Name, longestName)
	}
	return who, nil
}

// condemned is what is wrong with credentials by the answer to a question; nil for
// everything that may get better.
func condemned(err error) error {
	if errors.Is(err, errNotPublic) || errors.Is(err, errNobody) {
		_, e := channel.ClassOf(err)
		return refuseCredentials(string(e.Why.Text))
	}
	if class, _ := channel.ClassOf(err); class == channel.Unauthorized {
		return err
	}
	return nil
}

// String says where replies go, never the keys.
func (c *connector) String() string {
	if c.options.reply == nil {
		return "custom channel that only reads"
	}
	return "custom channel at " + c.options.reply.Host
}

// GoString hides the keys from %#v.
func (c *connector) GoString() string { return c.String() }

// refuseCredentials says why credentials cannot work.
func refuseCredentials(text string) *channel.Error {
	return &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: sellerdesk.ReasonCredentials, Text: sellerdesk.Optional(text)}}
}

// refuse says why something is not done.
func refuse(text string, err error) *channel.Error {
	return &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: sellerdesk.Optional(text)}, Err: err}
}

var (
	_ channel.Connector = (*connector)(nil)
	_ channel.Fetcher   = (*connector)(nil)
	_ channel.Receiver  = (*connector)(nil)
)
