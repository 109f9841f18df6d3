package reach

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Level says how near an address may be.
type Level int

// The levels. Link-local addresses, where clouds hand out credentials, and what
// is no address of a machine are refused at each of them.
const (
	Public   Level = iota // the internet, with TLS
	Loopback              // this machine too, there without TLS, as a demo needs
	Private               // private networks too, all without TLS
)

// Guard judges addresses. The zero value reaches the internet only. It is safe
// for concurrent use.
type Guard struct {
	Level Level
	// Resolve finds the addresses of a name; nil asks the resolver of the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// ConnectTime bounds finding and connecting; 0 means [DefaultConnectTime].
	ConnectTime time.Duration
}

const (
	// DefaultConnectTime is how long finding a name and connecting may take.
	DefaultConnectTime = 5 * time.Second
	// maxURL bounds the length of an address in bytes.
	maxURL = 2000
	// maxAddresses bounds how many addresses of a name are tried.
	maxAddresses = 8
)

// Check judges an address that somebody entered and gives it parsed. The error
// is one sentence in the field "url". Names are looked up once; what they stand
// for later is judged by [Guard.DialContext].
func (g Guard) Check(ctx context.Context, address string) (*url.URL, error) {
	u, err := g.Parse(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.connectTime())
	defer cancel()
	found, err := g.find(ctx, u.Hostname())
	var known *sellerdesk.Error
	if errors.As(err, &known) {
		return nil, known.InField("url")
	}
	if err == nil && u.Scheme == "http" && slices.ContainsFunc(found, func(ip netip.Addr) bool { return !g.open(ip) }) {
		return nil, errOpen()
	}
	return u, err
}

func errOpen() error {
	return refuse("The address must begin with https://, so that what is told stays secret on its way.")
}

// Parse judges an address as far as it can be judged without looking names up.
func (g Guard) Parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case len(address) > maxURL:
		return nil, refuse("The address may have up to %d characters.", maxURL)
	case err != nil || u.Opaque != "" || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, refuse("This is no address like https://example.org/hook.")
	case u.User != nil:
		return nil, refuse("The address holds a name or a password; the signature tells who calls.")
	case u.Fragment != "":
		return nil, refuse("The address has a part behind #, which is never sent.")
	case slices.ContainsFunc([]byte(u.Hostname()), func(c byte) bool { return c <= ' ' || c >= 0x7f }):
		return nil, refuse("The name of the host holds characters that no name has; write it in ASCII (punycode).")
	}
	if err := checkPort(u.Port()); err != nil {
		return nil, err
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil { // a name
		if u.Scheme == "http" && g.Level == Public {
			return nil, errOpen()
		}
		return u, nil
	}
	if err := g.judge(ip); err != nil {
		return nil, err
	}
	if u.Scheme == "http" && !g.open(ip) {
		return nil, errOpen()
	}
	return u, nil
}

// open tells whether an address may be spoken to without TLS.
func (g Guard) open(ip netip.Addr) bool {
	return g.Level == Private || g.Level == Loopback && ip.Unmap().IsLoopback()
}

func refuse(format string, args ...any) *sellerdesk.Error {
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, format, args...).InField("url")
}

// otherServices are ports above the reserved ones on which something listens
// that takes a request for commands of its own.
func otherServices() []int {
	return []int{1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
}

// checkPort refuses ports where no receiver of ours listens but mail, names or
// other services.
func checkPort(port string) error {
	if port == "" {
		return nil
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 {
		return refuse("%q is no port.", port)
	}
	if n < 1024 && n != 80 && n != 443 || slices.Contains(otherServices(), n) {
		return refuse("Port %d belongs to another service; 80, 443 and those from 1024 on will do.", n)
	}
	return nil
}

// DialContext connects to the first address of a name that answers, after all
// of them were judged. It suits [net/http.Transport].
func (g Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, g.connectTime())
	defer cancel()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if err := checkPort(port); err != nil {
		return nil, err
	}
	found, err := g.find(ctx, host)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{KeepAlive: 30 * time.Second}
	var last error
	for i, ip := range found[:min(len(found), maxAddresses)] {
		// Each of the rest gets its share of what is left of the time.
		part, done := share(ctx, min(len(found), maxAddresses)-i)
		conn, err := dialer.DialContext(part, network, netip.AddrPortFrom(ip, portOf(port)).String())
		done()
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, fmt.Errorf("connect: %w", last)
}

// share gives the first of n tries its part of the time.
func share(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok || n <= 1 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(end)/time.Duration(n))
}

func portOf(port string) uint16 {
	n, _ := strconv.ParseUint(port, 10, 16) // checkPort has read it
	return uint16(n)
}

func (g Guard) connectTime() time.Duration {
	if g.ConnectTime > 0 {
		return g.ConnectTime
	}
	return DefaultConnectTime
}

// find gives the addresses of a host, unless one of them may not be reached:
// who mixes such among others has something in mind.
func (g Guard) find(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, g.judge(ip)
	}
	resolve := g.Resolve
	if resolve == nil {
		resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	found, err := resolve(ctx, host)
	if err != nil || len(found) == 0 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The name %s is not known.", host).Because(err)
	}
	out := make([]netip.Addr, 0, len(found))
	for _, ip := range found {
		if err := g.judge(ip); err != nil {
			return nil, err
		}
		out = append(out, ip.Unmap())
	}
	return out, nil
}
