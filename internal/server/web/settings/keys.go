package settings

import (
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// keyNames are the names that stand in a list of keys.
type keyNames struct {
	People   map[sellerdesk.UserID]string // nil: all are of one person, who need not be named
	Accounts []sellerdesk.Account
}

func (n keyNames) person(user sellerdesk.UserID) string { return prose.Line(n.People[user]) }

// where names the accounts that a key is narrowed to.
func (n keyNames) where(v *View, list []sellerdesk.AccountID) string {
	if len(list) == 0 {
		return v.Keyed.AllAccounts
	}
	return accountWords(n.Accounts, list)
}

// accountWords names some accounts; one that is gone or not seen is its number.
func accountWords(all []sellerdesk.Account, list []sellerdesk.AccountID) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = "№" + id(a)
		for _, known := range all {
			if known.ID == a {
				words[i] = prose.Clip(prose.Line(known.Name), 40)
			}
		}
	}
	return strings.Join(words, ", ")
}

// keyOffer is what can be chosen for a new key.
type keyOffer struct {
	Rights   sellerdesk.Rights
	Accounts []sellerdesk.Account
}

// offered is what a person may give to a key: the rights held anywhere.
func offered(a sellerdesk.Access, accounts []sellerdesk.Account) keyOffer {
	o := keyOffer{Rights: a.House, Accounts: accounts}
	for _, r := range a.Accounts {
		o.Rights |= r
	}
	return o
}

// works tells whether a key opens anything now.
func works(v *View, k sellerdesk.Key) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || k.ExpiresAt.After(v.Now))
}

func keyState(v *View, k sellerdesk.Key) string {
	switch {
	case k.RevokedAt != nil:
		return v.Keyed.Revoked
	case !works(v, k):
		return v.Keyed.Expired
	default:
		return v.Keyed.Works
	}
}

// rightWords names the rights of a set.
func rightWords(v *View, set sellerdesk.Rights) string {
	var words []string
	for _, r := range set.List() {
		words = append(words, v.Roster.Rightly[r])
	}
	return strings.Join(words, ", ")
}

// rightOptions are the rights of a set, to choose from.
func rightOptions(v *View, set sellerdesk.Rights) []option {
	var out []option
	for _, r := range set.List() {
		out = append(out, option{string(r), v.Roster.Rightly[r], v.Roster.RightHints[r]})
	}
	return out
}

func accountOptions(list []sellerdesk.Account) []option {
	out := make([]option, len(list))
	for i, a := range list {
		out[i] = option{Value: id(a.ID), Label: prose.Clip(prose.Line(a.Name), 60)}
	}
	return out
}

// lives are for how many days a key may work; 0 is for ever.
func lives() []int { return []int{30, 90, 365, 0} }

func expiries(v *View) []option {
	var out []option
	for _, n := range lives() {
		label := v.Keyed.Forever
		if n > 0 {
			label = v.Keyed.Days(n)
		}
		out = append(out, option{Value: id(int64(n)), Label: label})
	}
	return out
}

// known tells whether a life is one that can be chosen.
func knownLife(days int) bool { return slices.Contains(lives(), days) }
