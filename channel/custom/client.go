package custom

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// The bounds of one connection, on the wall.
const (
	dialWait   = 10 * time.Second
	answerWait = 30 * time.Second
	idleWait   = 30 * time.Second
)

// hookClient speaks to the addresses of the script: with the client that was
// given, which was judged by who named them, else in public only. Redirects are not
// followed: a signed body goes to nobody else.
func hookClient(given *http.Client) *http.Client {
	if given == nil {
		given = newClient(false)
	}
	c := *given
	c.CheckRedirect = stay
	return &c
}

// newClient speaks to public addresses, since buyers, scripts and people who may
// not change the house can name any; with private also to those of this machine and
// its network. The address is judged when each connection is made, so that no second
// look at the name gives another one.
func newClient(private bool) *http.Client {
	return &http.Client{CheckRedirect: stay, Transport: transport(func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		switch {
		case err != nil || !private && !public(at.Addr()):
			return errNotPublic
		case private && !reachable(at.Addr()):
			return errNobody
		}
		return nil
	})}
}

var (
	errNotPublic = errors.New("the address is not a public one")
	errNobody    = errors.New("no script is at a link-local address")
)

// reachable tells whether a script of the house can have this address: not one of
// the link, where machines in a cloud are told their secrets.
func reachable(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsValid() && !a.IsLinkLocalUnicast() && !a.IsMulticast() && a.Zone() == "" &&
		!netip.MustParsePrefix("64:ff9b::/96").Contains(a) && a != netip.MustParseAddr("fd00:ec2::254")
}

// barred is why an address is never called; nil when err is something else.
func barred(err error) error {
	var text sellerdesk.Optional
	switch {
	case errors.Is(err, errNotPublic):
		text = "The address of the script is on this machine or in its network: only who may change the settings of the house may name such a one."
	case errors.Is(err, errNobody):
		text = "The address of the script is a link-local one, which is never called."
	default:
		return nil
	}
	return refuse(string(text), bare(err))
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// transport makes connections that control may refuse; no proxy stands between,
// which would look up names itself.
func transport(control func(network, address string, c syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: dialWait, Control: control}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
		MaxIdleConnsPerHost: 4, MaxConnsPerHost: 16, IdleConnTimeout: idleWait,
		TLSHandshakeTimeout: dialWait, ResponseHeaderTimeout: answerWait, MaxResponseHeaderBytes: 64 << 10,
	}
}

// reservedNetworks are those that no public host is in, beside what package netip
// tells: shared, protocol, test and future networks, and those that carry another
// address inside.
func reservedNetworks() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// public tells whether anybody on the internet could have this address.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, n := range reservedNetworks() {
		if n.Contains(a) {
			return false
		}
	}
	return true
}
