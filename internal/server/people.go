package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// sessionCookie holds the token of a session.
const sessionCookie = "sellerdesk_session"

// people finds out who asks.
type people struct {
	desk  *desk.Desk
	store *store.Store
	key   [sha256.Size]byte // hash of the API key, so that comparing tells nothing of its length
	keyed bool
	// owned is set once the owner has a password; it never goes back.
	owned atomic.Bool
}

// Actor is the person a request speaks for; ok is false when nobody is signed
// in.
func Actor(ctx context.Context) (user sellerdesk.User, ok bool) {
	i := infoOf(ctx)
	if i == nil || !i.known {
		return sellerdesk.User{}, false
	}
	return i.user, true
}

// WithActor gives a context that speaks for a person, for tests of handlers.
func WithActor(ctx context.Context, user sellerdesk.User) context.Context {
	i := newInfo()
	i.user, i.known = user, true
	return context.WithValue(sellerdesk.WithAccess(ctx, sellerdesk.FullAccess(user.ID)), infoKey{}, i)
}

// RequirePerson lets only requests of a person or a key through. Programs get
// a problem, people the page where they sign in and then come back.
func (s *Server) RequirePerson(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := Actor(r.Context()); ok {
			next.ServeHTTP(w, r)
			return
		}
		page := SignInPath
		if r.Method == http.MethodGet && r.URL.Path != "/" {
			page += "?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
		}
		switch {
		case strings.HasPrefix(r.URL.Path, apiPath):
			s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Sign in, or send a key in the header Authorization."))
		case r.Header.Get("HX-Request") != "": // a fragment cannot show a page: let the whole page go there
			w.Header().Set("HX-Redirect", SignInPath)
			w.WriteHeader(http.StatusUnauthorized)
		default:
			http.Redirect(w, r, page, http.StatusSeeOther)
		}
	})
}

// cookieLife is how long a browser keeps the token. How long a session lives is
// decided and renewed by desk; the browser must not forget it earlier.
const cookieLife = 365 * 24 * time.Hour

// SignIn puts a session into the browser.
func SignIn(w http.ResponseWriter, r *http.Request, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: int(cookieLife / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(r),
	})
}

// SignOut takes the session out of the browser.
func SignOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(r),
	})
}

// SessionToken is the token that the browser sent; "" when it sent none.
func SessionToken(r *http.Request) string {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// overTLS tells whether the browser speaks TLS, to us or to a proxy before us.
// The word of a stranger can only make the cookie stricter.
func overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// identify finds the person behind a request: by key, by session, or, in the
// demo, by opening a page from this machine.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := infoOf(r.Context())
		var err error
		switch {
		case strings.HasPrefix(r.URL.Path, StaticPath): // the same for everybody: spare the query
		case strings.HasPrefix(r.URL.Path, pushPath): // known by its key; what else it brings is not for us
		case r.Header.Get("Authorization") != "":
			err = s.people.byKey(r, i)
		case SessionToken(r) != "":
			err = s.people.bySession(r, i)
		}
		if err == nil && !i.known && s.deps.LoopbackSession && opensPage(r) {
			err = s.people.letIn(w, r, i)
		}
		if err != nil {
			s.Problem(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(sellerdesk.WithAccess(r.Context(), accessOf(i, r))))
	})
}

// accessOf is what the person behind a request may see and do; nothing when
// nobody is known.
func accessOf(i *info, r *http.Request) sellerdesk.Access {
	if !i.known || !i.user.Owner {
		return sellerdesk.Access{Address: ClientAddress(r)}
	}
	access := sellerdesk.FullAccess(i.user.ID)
	access.Address = ClientAddress(r)
	return access
}

// opensPage tells whether a request is that of a browser for a page.
func opensPage(r *http.Request) bool {
	switch {
	case r.Method != http.MethodGet, r.Header.Get("Authorization") != "", under(r.URL.Path, apiPath), strings.HasPrefix(r.URL.Path, StaticPath):
		return false
	}
	return !strings.HasPrefix(r.URL.Path, pushPath) && r.URL.Path != "/healthz" && r.URL.Path != "/readyz" && r.URL.Path != metricsPath && r.URL.Path != "/favicon.ico"
}

// under tells whether a path is root or stands below it; root ends with a slash.
func under(path, root string) bool {
	return strings.HasPrefix(path, root) || path == strings.TrimSuffix(root, "/")
}

// ClientAddress is where a request comes from, without the port. A proxy on
// this machine tells it in the last hop of X-Forwarded-For, which is the one
// that it saw itself; the word of anybody else counts for nothing.
func ClientAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := r.Header.Values("X-Forwarded-For")
	if !loopbackAddress(r.RemoteAddr) || len(hops) == 0 {
		return host
	}
	last := hops[len(hops)-1]
	last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	if a, err := netip.ParseAddrPort(last); err == nil {
		return a.Addr().Unmap().String()
	}
	if a, err := netip.ParseAddr(strings.Trim(last, "[]")); err == nil {
		return a.Unmap().String()
	}
	return host
}

// byKey lets a program act as the owner. A wrong key is an error of its own: a
// program should hear of it at once.
func (p *people) byKey(r *http.Request, i *info) error {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(key)))
	right := subtle.ConstantTimeCompare(sum[:], p.key[:]) == 1
	if !strings.EqualFold(scheme, "Bearer") || !right || !p.keyed {
		return sellerdesk.Errorf(sellerdesk.CodeForbidden, "The key in the header Authorization is not right.")
	}
	owner, err := p.owner(r.Context())
	if err != nil {
		return err
	}
	i.user, i.known, i.byKey = owner, true, true
	return nil
}

// bySession finds the person of a session. One that has ended is nobody, not
// an error.
func (p *people) bySession(r *http.Request, i *info) error {
	user, err := p.desk.Users.Session(r.Context(), SessionToken(r))
	switch sellerdesk.CodeOf(err) {
	case "":
		i.user, i.known = user, true
		return nil
	case sellerdesk.CodeNotFound, sellerdesk.CodeForbidden:
		return nil
	default:
		return err
	}
}

// stillIn tells whether the person behind a long request is still signed in. A
// store that does not answer now is no reason to send a person away.
func (p *people) stillIn(r *http.Request) bool {
	token := SessionToken(r)
	if i := infoOf(r.Context()); token == "" || i == nil || i.byKey {
		return true
	}
	_, err := p.desk.Users.Session(r.Context(), token)
	code := sellerdesk.CodeOf(err)
	return code != sellerdesk.CodeNotFound && code != sellerdesk.CodeForbidden
}

// letIn gives the owner's session to whoever opens the demo on this machine.
func (p *people) letIn(w http.ResponseWriter, r *http.Request, i *info) error {
	owner, err := p.owner(r.Context())
	if err != nil {
		return err
	}
	token, err := p.desk.Users.OpenSession(r.Context(), owner.ID)
	if err != nil {
		return err
	}
	SignIn(w, r, token)
	i.user, i.known = owner, true
	return nil
}

// owner reads the owner and notes when a password is set.
func (p *people) owner(ctx context.Context) (sellerdesk.User, error) {
	var owner sellerdesk.User
	err := p.store.Read(ctx, func(tx *store.Tx) error {
		var signed bool
		var err error
		if owner, signed, err = tx.Users.Owner(ctx); signed {
			p.owned.Store(true)
		}
		return err
	})
	return owner, err
}

// ownerGate keeps everybody but key holders on the welcome page until the
// owner has used the one-time link. The demo has no such moment.
func (s *Server) ownerGate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.deps.LoopbackSession || s.people.owned.Load() || openBeforeOwner(r.URL.Path) || infoOf(r.Context()).byKey {
			next.ServeHTTP(w, r)
			return
		}
		if _, err := s.people.owner(r.Context()); err != nil {
			s.Problem(w, r, err)
			return
		}
		switch {
		case s.people.owned.Load():
			next.ServeHTTP(w, r)
		case r.Method == http.MethodGet && !under(r.URL.Path, apiPath):
			http.Redirect(w, r, WelcomePath, http.StatusSeeOther)
		default:
			s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeForbidden,
				"There is no owner yet: open the one-time link that the server printed when it started."))
		}
	})
}

// openBeforeOwner lists what answers while there is no owner.
func openBeforeOwner(path string) bool {
	switch path {
	case WelcomePath, "/healthz", "/readyz", metricsPath, "/favicon.ico", apiPath + "openapi.json":
		return true
	}
	return strings.HasPrefix(path, LinkPath) || strings.HasPrefix(path, StaticPath) || strings.HasPrefix(path, pushPath)
}

// loopbackOnly answers only requests from this machine that also name it: a
// page of a stranger whose name points here (DNS rebinding) names itself.
func (s *Server) loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) || !loopbackAddress(r.RemoteAddr) {
			writeProblem(w, http.StatusForbidden, sellerdesk.CodeForbidden,
				"The demo answers only on this machine, under localhost or 127.0.0.1.", "")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopbackHost judges a Host header.
func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// loopbackAddress judges where a connection comes from.
func loopbackAddress(remote string) bool {
	a, err := netip.ParseAddrPort(remote)
	return err == nil && a.Addr().Unmap().IsLoopback()
}
