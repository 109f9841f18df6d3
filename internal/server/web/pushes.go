package web

import (
	"net/http"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// baseOf is the address of this program as the browser knows it, without a
// slash at its end.
func baseOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// reachable tells whether an address may do for a remote side; from inside
// nobody can tell more than that.
func reachable(base string) bool { return strings.HasPrefix(base, "https://") }

// say chooses between what is said of a channel that is read too, and of one that
// only pushes, which is a script of somebody here.
func (a accountView) say(read, pushesOnly string) string {
	if a.PushesOnly {
		return pushesOnly
	}
	return read
}

// pushWhy says why pushes are not read; what is said of messages on their way
// does not fit here.
func pushWhy(v *View, p sellerdesk.PushHealth) string {
	if p.ReasonCode == sellerdesk.ReasonThrottled {
		return v.PushThrottled
	}
	return v.Why(p.ReasonCode, p.Reason)
}
