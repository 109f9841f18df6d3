package contacts

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Evidence is one thing that a buyer is known by.
type Evidence struct {
	// Key is its name among all of all channels, as "username/telegram/petr".
	Key     string
	Kind    sellerdesk.IdentityKind
	Network string
	Account int64 // 0 where it is valid in all
	Value   string
}

// EvidenceOf gives what a buyer is known by, in the order of the rules: phone,
// the messenger's own name for the user, the name chosen there, the contact as
// the account keeps it. What cannot be read is left out.
func EvidenceOf(account sellerdesk.AccountID, b sellerdesk.Buyer) []Evidence {
	var all []Evidence
	add := func(e Evidence, scope string) {
		if e.Value != "" {
			e.Key = string(e.Kind) + "/" + scope + e.Value
			all = append(all, e)
		}
	}
	if digits, ok := sellerdesk.NormalPhone(b.Phone); ok {
		add(Evidence{Kind: sellerdesk.IdentityPhone, Value: digits}, "")
	}
	if network := networkOf(b.Network); network != "" {
		add(Evidence{Kind: sellerdesk.IdentityUser, Network: network, Value: gate.RemoteID(b.User)}, network+"/")
		add(Evidence{Kind: sellerdesk.IdentityUsername, Network: network, Value: usernameOf(b.Username)}, network+"/")
	}
	add(Evidence{Kind: sellerdesk.IdentityContact, Account: int64(account), Value: gate.RemoteID(b.Contact)}, strconv.FormatInt(int64(account), 10)+"/")
	return all
}

func phoneKey(digits string) string { return string(sellerdesk.IdentityPhone) + "/" + digits }

// networkOf makes the name of a messenger fit to stand inside a key.
func networkOf(s string) string {
	return strings.ReplaceAll(strings.ToLower(text.Cut(strings.TrimSpace(text.Clean(s)), 50)), "/", "_")
}

func usernameOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(text.Clean(s)))
	return gate.RemoteID(sellerdesk.RemoteID(strings.TrimPrefix(s, "@")))
}

// said gives the key of an evidence as a person reads it: "phone 79990000001".
func said(key string) string {
	parts := strings.SplitN(key, "/", 3)
	if parts[0] == string(sellerdesk.IdentityPhone) {
		return strings.Join(parts, " ")
	}
	return parts[0] + " " + parts[len(parts)-1]
}

// newestFirst sorts conversations as the lists do.
func newestFirst(all []sellerdesk.Conversation) {
	at := func(c sellerdesk.Conversation) int64 {
		if c.LastMessage != nil {
			return c.LastMessage.At.Millis()
		}
		return c.CreatedAt.Millis()
	}
	slices.SortFunc(all, func(a, b sellerdesk.Conversation) int {
		switch x, y := at(a), at(b); {
		case x > y || x == y && a.ID > b.ID:
			return -1
		case x == y && a.ID == b.ID:
			return 0
		}
		return 1
	})
}
