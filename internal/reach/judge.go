package reach

import (
	"net/netip"

	"github.com/sellerdesk/sellerdesk"
)

// judge refuses an address that is not to be reached.
func (g Guard) judge(ip netip.Addr) error {
	ip, ok := embedded(ip)
	switch {
	case !ok || !machine(ip):
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The address is not one of a machine on the internet.").InField("url")
	case ip.IsLoopback():
		if g.Level >= Loopback {
			return nil
		}
	case near(ip):
		if g.Level >= Private {
			return nil
		}
	default:
		return nil
	}
	return sellerdesk.Errorf(sellerdesk.CodeForbidden,
		"The address is one of this machine or of a private network. The operator can allow that with --allow-private-webhooks.").InField("url")
}

// embedded gives the address of version 4 that stands in one of version 6;
// false where it stands in a way that nobody uses for receivers.
func embedded(ip netip.Addr) (netip.Addr, bool) {
	if ip.Zone() != "" || !ip.IsValid() {
		return ip, false
	}
	ip = ip.Unmap()
	if ip.Is4() {
		return ip, true
	}
	b := ip.As16()
	if within(ip, "64:ff9b::/96") { // NAT64: the gateway calls the address at the end
		return netip.AddrFrom4([4]byte(b[12:])), true
	}
	return ip, true
}

// machine tells whether an address can be one of a machine that takes calls.
// Link-local ones are not: there clouds tell programs their credentials.
func machine(ip netip.Addr) bool {
	switch {
	case ip.IsUnspecified(), ip.IsMulticast(), ip.IsInterfaceLocalMulticast(), ip.IsLinkLocalMulticast(), ip.IsLinkLocalUnicast():
		return false
	case ip.IsLoopback(), ip.IsPrivate():
		return !within(ip, "fd00:ec2::/32") // where a cloud answers instead
	case ip.Is4():
		return !within(ip, "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
			"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "100.100.100.200/32")
	}
	// Of version 6 only 2000::/3 is given out, less what tunnels, tests and
	// documents use.
	return within(ip, "2000::/3") && !within(ip, "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
}

// near tells whether an address belongs to a private network.
func near(ip netip.Addr) bool { return ip.IsPrivate() || within(ip, "100.64.0.0/10") }

func within(ip netip.Addr, ranges ...string) bool {
	for _, r := range ranges {
		if netip.MustParsePrefix(r).Contains(ip) {
			return true
		}
	}
	return false
}
