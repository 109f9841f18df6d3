package settings

import (
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// ownView is one's own account.
type ownView struct {
	Form     form
	Done     string // what has just happened
	Sessions []sellerdesk.Session
	Keys     []sellerdesk.Key
	Accounts []sellerdesk.Account
	Offer    keyOffer
	// CodesLeft is how many recovery codes are not used.
	CodesLeft int
}

// factorView is a second factor that waits for its first code.
type factorView struct {
	URI     string // for the app
	Secret  string // in groups of four, for the hand
	Picture qr
}

// signedIn is how a person knows himself; the owner of a demo has no name.
func signedIn(v *View) string {
	switch {
	case v.User.Login != "":
		return string(v.User.Login)
	case v.User.Name != "":
		return v.User.Name
	default:
		return v.Owner
	}
}

func lines(list []string) string { return strings.Join(list, "\n") + "\n" }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
