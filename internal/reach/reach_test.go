package reach_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/reach"
)

// names resolves from a table; every call may answer differently.
func names(answers ...string) func(context.Context, string) ([]netip.Addr, error) {
	n := 0
	return func(context.Context, string) ([]netip.Addr, error) {
		answer := answers[min(n, len(answers)-1)]
		n++
		if answer == "" {
			return nil, errors.New("no such host")
		}
		var all []netip.Addr
		for _, a := range strings.Fields(answer) {
			all = append(all, netip.MustParseAddr(a))
		}
		return all, nil
	}
}

func TestAnAddressIsJudgedWhenItIsEntered(t *testing.T) {
	t.Parallel()
	const public = "93.184.216.34"
	for _, c := range []struct {
		name, address, resolves string
		level                   reach.Level
		code                    sellerdesk.Code // "" allows
	}{
		{"a name on the internet", "https://example.org/hook?a=b", public, reach.Public, ""},
		{"a port of one's own", "https://example.org:8443/", public, reach.Public, ""},
		{"version 6", "https://[2606:2800:220:1::1]/", "", reach.Public, ""},
		{"without TLS", "http://example.org/", public, reach.Public, "invalid"},
		{"an address without TLS", "http://93.184.216.34/", "", reach.Public, "invalid"},
		{"another scheme", "gopher://example.org/", public, reach.Public, "invalid"},
		{"a file", "file:///etc/passwd", "", reach.Public, "invalid"},
		{"no host", "https:///hook", "", reach.Public, "invalid"},
		{"nothing", "", "", reach.Public, "invalid"},
		{"a line break", "https://example.org/\r\nX: y", public, reach.Public, "invalid"},
		{"a password", "https://user:word@example.org/", public, reach.Public, "invalid"},
		{"a fragment", "https://example.org/#x", public, reach.Public, "invalid"},
		{"the port of mail", "https://example.org:25/", public, reach.Public, "invalid"},
		{"the port of a chat", "https://example.org:6667/", public, reach.Public, "invalid"},
		{"a port that is none", "https://example.org:99999/", public, reach.Public, "invalid"},
		{"letters that look like others", "https://exаmple.org/", public, reach.Public, "invalid"},
		{"too long", "https://example.org/" + strings.Repeat("a", 2000), public, reach.Public, "invalid"},
		{"a name that is not known", "https://example.org/", "", reach.Public, "invalid"},
		{"this machine", "https://127.0.0.1/", "", reach.Public, "forbidden"},
		{"this machine by another number", "https://127.9.9.9/", "", reach.Public, "forbidden"},
		{"this machine in version 6", "https://[::1]/", "", reach.Public, "forbidden"},
		{"this machine, mapped", "https://[::ffff:127.0.0.1]/", "", reach.Public, "forbidden"},
		{"a private network, mapped", "https://[::ffff:a00:1]/", "", reach.Public, "forbidden"},
		{"this machine, through a gateway", "https://[64:ff9b::7f00:1]/", "", reach.Public, "forbidden"},
		{"a number that some resolvers take for this machine", "https://2130706433/", "127.0.0.1", reach.Public, "forbidden"},
		{"this machine by name", "https://localhost/", "127.0.0.1 ::1", reach.Public, "forbidden"},
		{"a name of this machine", "https://me.example.org/", "127.0.0.1", reach.Public, "forbidden"},
		{"a private network", "https://10.0.0.1/", "", reach.Public, "forbidden"},
		{"another private network", "https://172.16.0.1/", "", reach.Public, "forbidden"},
		{"a home", "https://192.168.1.1/", "", reach.Public, "forbidden"},
		{"the network of a provider", "https://100.64.1.1/", "", reach.Public, "forbidden"},
		{"a private network of version 6", "https://[fd12::1]/", "", reach.Public, "forbidden"},
		{"one private address among others", "https://example.org/", public + " 10.0.0.1", reach.Public, "forbidden"},
		{"the credentials of a cloud", "https://169.254.169.254/latest/", "", reach.Public, "invalid"},
		{"the credentials of another cloud", "https://100.100.100.200/", "", reach.Private, "invalid"},
		{"the credentials of a cloud in version 6", "https://[fd00:ec2::254]/", "", reach.Private, "invalid"},
		{"link-local in version 6", "https://[fe80::1]/", "", reach.Public, "invalid"},
		{"link-local with a zone", "https://[fe80::1%25eth0]/", "", reach.Private, "invalid"},
		{"nowhere", "https://0.0.0.0/", "", reach.Private, "invalid"},
		{"nowhere in version 6", "https://[::]/", "", reach.Private, "invalid"},
		{"everybody", "https://255.255.255.255/", "", reach.Private, "invalid"},
		{"a group", "https://224.0.0.1/", "", reach.Private, "invalid"},
		{"a tunnel", "https://[2002:7f00:1::]/", "", reach.Private, "invalid"},
		{"an old form of version 4 in version 6", "https://[::7f00:1]/", "", reach.Private, "invalid"},
		{"the credentials of a cloud where private ones are allowed", "http://169.254.169.254/", "", reach.Private, "invalid"},
		{"this machine in a demo", "http://127.0.0.1:9000/", "", reach.Loopback, ""},
		{"this machine by name in a demo", "http://localhost:9000/", "127.0.0.1", reach.Loopback, ""},
		{"a home in a demo", "https://192.168.1.1/", "", reach.Loopback, "forbidden"},
		{"the internet without TLS in a demo", "http://example.org/", public, reach.Loopback, "invalid"},
		{"a home where it is allowed", "http://192.168.1.1:8080/", "", reach.Private, ""},
		{"the network of a provider where it is allowed", "http://100.64.1.1:8080/", "", reach.Private, ""},
		{"this machine where private ones are allowed", "http://[::1]:8080/", "", reach.Private, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := reach.Guard{Level: c.level, Resolve: names(c.resolves)}
			u, err := g.Check(t.Context(), c.address)
			if sellerdesk.CodeOf(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			var e *sellerdesk.Error
			if errors.As(err, &e) && e.Field != "url" {
				t.Errorf("the refusal names the field %q", e.Field)
			}
			if err == nil && u.String() != c.address {
				t.Errorf("%q became %q", c.address, u)
			}
		})
	}
}

// A name that stood for an address of the internet when it was entered stands
// for this machine later.
func TestANameThatChangesItsMindIsNotConnectedTo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).AddrPort().Port()
	address := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)
	taken := make(chan struct{}, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			taken <- struct{}{}
			_ = c.Close()
		}
	}()

	g := reach.Guard{Resolve: names("93.184.216.34", "127.0.0.1")}
	if _, err := g.Check(t.Context(), "https://example.org/"); err != nil {
		t.Fatal(err)
	}
	conn, err := g.DialContext(t.Context(), "tcp", "example.org:"+address.String()[len("127.0.0.1:"):])
	if sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Fatalf("got %v, %v", conn, err)
	}
	if conn, err := g.DialContext(t.Context(), "tcp", address.String()); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Fatalf("got %v, %v", conn, err)
	}
	select {
	case <-taken:
		t.Fatal("it was connected to")
	default:
	}

	// Where it is allowed, the address that was judged is the one that is called:
	// the resolver is asked once.
	calls := 0
	g = reach.Guard{Level: reach.Loopback, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		calls++
		return []netip.Addr{address.Addr()}, nil
	}}
	conn, err = g.DialContext(t.Context(), "tcp", "example.org:"+address.String()[len("127.0.0.1:"):])
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	<-taken
	if calls != 1 {
		t.Errorf("the name was looked up %d times", calls)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"https://example.org/", "http://127.0.0.1", "https://[::1%25a]:1/", "https://u@h", "//x", "https://a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := reach.Guard{}.Parse(address)
		if err == nil && (u.Scheme != "https" || u.User != nil || u.Hostname() == "") {
			t.Errorf("%q was let through as %v", address, u)
		}
		if err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
			t.Errorf("%q: %v is no sentence", address, err)
		}
	})
}
