package yandexmarket

import (
	"regexp"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Who wrote a comment or an answer.
const (
	byUser     = "USER"
	byBusiness = "BUSINESS"
)

// comment is a node of a review's tree, an answer to a question, or a comment on one.
type comment struct {
	id, parent int64
	text       string
	by, name   string
	at         time.Time
	checked    time.Time // until then moderation looks at it
	banned     bool      // what moderation says then
	deleted    bool
	comments   []*comment // of an answer
}

func (c *comment) status(now time.Time) string {
	switch {
	case c.deleted:
		return "DELETED"
	case now.Before(c.checked):
		return "UNMODERATED"
	case c.banned:
		return "BANNED"
	}
	return "PUBLISHED"
}

// links finds addresses; those of Market are allowed.
var links = regexp.MustCompile(`(?i)\b(?:https?://)?((?:[a-zа-я0-9-]+\.)+(?:ru|com|net|org|рф|me|io|su))\b`)

var contacts = regexp.MustCompile(`(?:\+7|\b8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b|\S+@\S+\.\S+`)

// foreign tells whether a text holds a link out of Market or contacts of the shop.
func foreign(text string) bool {
	for _, found := range links.FindAllStringSubmatch(text, -1) {
		host := strings.ToLower(found[1])
		if host != "market.yandex.ru" && !strings.HasSuffix(host, ".market.yandex.ru") {
			return true
		}
	}
	return contacts.MatchString(text)
}

// submitted makes a text of the shop that moderation looks at.
func (e *Emulator) submitted(a *sandbox.Account, id, parent int64, text string, now time.Time) *comment {
	return &comment{id: id, parent: parent, text: text, by: byBusiness, name: a.Name, at: now, checked: now.Add(e.opt.Moderation), banned: e.opt.Ban(text)}
}
