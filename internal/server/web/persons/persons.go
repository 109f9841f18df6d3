package persons

import (
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Phone writes the digits of a phone number as people read them: those of Russia
// and Kazakhstan in groups, all others with + in front. What is no number is
// given back as it is.
func Phone(digits string) string {
	if len(digits) < 7 || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return digits
	}
	if len(digits) == 11 && digits[0] == '7' {
		return "+7\u00a0" + digits[1:4] + "\u00a0" + digits[4:7] + "-" + digits[7:9] + "-" + digits[9:]
	}
	return "+" + digits
}

// Value writes what a person is known by as people read it; "" for what says
// nothing to them, as the number of a contact in another program.
func Value(i sellerdesk.ContactIdentity) string {
	switch i.Kind {
	case sellerdesk.IdentityPhone:
		return Phone(i.Value)
	case sellerdesk.IdentityUsername:
		return "@" + strings.TrimPrefix(i.Value, "@")
	default:
		return ""
	}
}

// Known are the identities that say something to people, phones first.
func Known(list []sellerdesk.ContactIdentity) []sellerdesk.ContactIdentity {
	var out []sellerdesk.ContactIdentity
	for _, kind := range []sellerdesk.IdentityKind{sellerdesk.IdentityPhone, sellerdesk.IdentityUsername} {
		for _, i := range list {
			if i.Kind == kind && i.Value != "" {
				out = append(out, i)
			}
		}
	}
	return out
}

// Way is one way by which a person writes: a messenger, or a channel without one.
type Way struct {
	Network string // as "whatsapp"; "" for the channel itself
	Channel sellerdesk.ChannelKind
}

// WayOf tells by which way a conversation goes.
func WayOf(c sellerdesk.Conversation) Way {
	w := Way{Channel: c.Channel}
	if c.Chat != nil && c.Chat.Network != "" {
		w.Network = string(c.Chat.Network)
	}
	return w
}

// Ways are those by which a person writes, each once, in the order of the
// conversations.
func Ways(list []sellerdesk.Conversation) []Way {
	var out []Way
	for _, c := range list {
		if w := WayOf(c); !slices.ContainsFunc(out, func(o Way) bool { return o == w || o.Network == w.Network && w.Network != "" }) {
			out = append(out, w)
		}
	}
	return out
}

// Evidence reads what points to two people at once, as "phone 79990000001" or
// "username telegram anna": the kind and the value, written as people read it.
// ok is false for words of another form.
func Evidence(s string) (kind sellerdesk.IdentityKind, value string, ok bool) {
	word, rest, found := strings.Cut(strings.TrimSpace(s), " ")
	if !found || rest == "" {
		return "", "", false
	}
	last := rest[strings.LastIndexByte(rest, ' ')+1:]
	switch k := sellerdesk.IdentityKind(word); k {
	case sellerdesk.IdentityPhone:
		return k, Phone(last), true
	case sellerdesk.IdentityUsername:
		return k, "@" + strings.TrimPrefix(last, "@"), true
	case sellerdesk.IdentityUser, sellerdesk.IdentityContact:
		return k, "", true
	default:
		return "", "", false
	}
}

// Mark names how the mark of a messenger is drawn; one that has no
// mark of its own has a neutral one.
func Mark(network string) string {
	switch network {
	case "whatsapp", "telegram", "max":
		return "net-" + network
	default:
		return "net-other"
	}
}

// Fits tells whether a person is meant by words: each is a part of the name, of a
// user name, or of a phone. Without words everybody is.
func Fits(c sellerdesk.Contact, words string) bool {
	text := strings.ToLower(string(c.Name))
	for _, i := range c.Identities {
		if i.Kind == sellerdesk.IdentityPhone || i.Kind == sellerdesk.IdentityUsername {
			text += " " + strings.ToLower(i.Value)
		}
	}
	for _, word := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(text, strings.TrimLeft(word, "@+")) {
			return false
		}
	}
	return true
}

// Name is what a person is called: by name, else by what they are known by; ""
// where nothing is known.
func Name(c sellerdesk.Contact) string {
	if s := strings.TrimSpace(string(c.Name)); s != "" {
		return s
	}
	if known := Known(c.Identities); len(known) > 0 {
		return Value(known[0])
	}
	return ""
}

// Waiting is the conversation in which a person waits the longest; ok is false
// when nobody waits.
func Waiting(list []sellerdesk.Conversation) (c sellerdesk.Conversation, ok bool) {
	for _, one := range list {
		if one.NeedsAnswer && one.WaitingSince != nil && (!ok || one.WaitingSince.Before(c.WaitingSince.Time)) {
			c, ok = one, true
		}
	}
	return c, ok
}

// Profile is the address of a buyer's page in the messenger; "" when what the
// remote side gave is no address of the web.
func Profile(c sellerdesk.Chat) string {
	s := string(c.Profile)
	if !strings.HasPrefix(s, "https://") || len(s) > 500 || strings.ContainsAny(s, " \"<>\\") {
		return ""
	}
	return s
}

// Username writes the name that a buyer chose in a messenger; "" for none.
func Username(c sellerdesk.Chat) string {
	if s := strings.TrimPrefix(strings.TrimSpace(string(c.Username)), "@"); s != "" {
		return "@" + s
	}
	return ""
}
