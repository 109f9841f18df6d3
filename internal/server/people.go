package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
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
	i.are(user, sellerdesk.FullAccess(user.ID))
	return context.WithValue(sellerdesk.WithAccess(ctx, i.access), infoKey{}, i)
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
		i.access = sellerdesk.Access{Address: ClientAddress(r)} // that of nobody
		var err error
		switch {
		case strings.HasPrefix(r.URL.Path, StaticPath): // the same for everybody: spare the query
		case strings.HasPrefix(r.URL.Path, pushPath): // known by its key; what else it brings is not for us
		case r.Header.Get("Authorization") != "":
			if err = s.people.byKey(w, r, i); sellerdesk.CodeOf(err) == sellerdesk.CodeLimited {
				NewProblem(http.StatusTooManyRequests, sellerdesk.CodeLimited, err.Error(), "").write(w)
				return
			}
		case SessionToken(r) != "":
			err = s.people.bySession(w, r, i)
		}
		if err == nil && !i.known && s.deps.LoopbackSession && opensPage(r) {
			err = s.people.letIn(w, r, i)
		}
		if err != nil {
			s.Problem(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(sellerdesk.WithAccess(r.Context(), i.access)))
	})
}

// are tells that somebody is behind a request.
func (i *info) are(user sellerdesk.User, access sellerdesk.Access) {
	access.Address = i.access.Address
	i.user, i.known, i.access = user, true, access
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

// byKey lets a program act: with the key of the house as the owner, with one of
// a person within what is left of the person's rights. A wrong key is an error
// of its own: a program should hear of it at once.
func (p *people) byKey(w http.ResponseWriter, r *http.Request, i *info) error {
	wrong := sellerdesk.Errorf(sellerdesk.CodeForbidden, "The key in the header Authorization is not right.")
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return wrong
	}
	key = strings.TrimSpace(key)
	sum := sha256.Sum256([]byte(key))
	if p.keyed && subtle.ConstantTimeCompare(sum[:], p.key[:]) == 1 {
		owner, err := p.owner(r.Context())
		if err == nil {
			i.are(owner, sellerdesk.FullAccess(owner.ID))
			i.byKey = true
		}
		return err
	}
	if p.desk == nil || !strings.HasPrefix(key, desk.KeyPrefix) {
		return wrong
	}
	use, err := p.desk.Keys.Check(r.Context(), key, i.access.Address)
	if use.Key.Limit > 0 {
		tellLimit(w.Header(), use, err != nil)
	}
	if err == nil {
		i.are(use.User, use.Access)
		i.byKey = true
	}
	return err
}

// tellLimit tells a program how many requests are left to it, in the headers
// that the draft of the IETF on rate limits names.
func tellLimit(h http.Header, use desk.KeyUse, refused bool) {
	seconds := strconv.Itoa(max(1, int((use.Resets+time.Second-1)/time.Second)))
	h.Set("RateLimit-Policy", `"minute";q=`+strconv.Itoa(use.Key.Limit)+`;w=60`)
	h.Set("RateLimit", `"minute";r=`+strconv.Itoa(use.Left)+`;t=`+seconds)
	if refused {
		h.Set("Retry-After", seconds)
	}
}

// bySession finds the person of a session. One that has ended is nobody, not
// an error.
func (p *people) bySession(w http.ResponseWriter, r *http.Request, i *info) error {
	signed, err := p.desk.Users.Session(r.Context(), desk.Presence{Token: SessionToken(r), Address: i.access.Address, Agent: r.UserAgent()})
	switch sellerdesk.CodeOf(err) {
	case "":
		if signed.Renewed != "" {
			SignIn(w, r, signed.Renewed)
		}
		i.are(signed.User, signed.Access)
		return nil
	case sellerdesk.CodeNotFound, sellerdesk.CodeForbidden:
		return nil
	default:
		return err
	}
}

// CurrentAccess tells what the one behind a long request may see and do now, and
// whether they are still there: signed in, or with a key that works. A store
// that does not answer is no reason to send a person away: it stays as it was.
func (s *Server) CurrentAccess(ctx context.Context) (access sellerdesk.Access, there bool) {
	return s.people.currentAccess(ctx)
}

func (p *people) currentAccess(ctx context.Context) (access sellerdesk.Access, there bool) {
	i := infoOf(ctx)
	if i == nil || !i.known {
		return sellerdesk.Access{}, false
	}
	access, err := p.current(ctx, i)
	switch sellerdesk.CodeOf(err) {
	case "":
		access.Session, access.Address = i.access.Session, i.access.Address
		return access, true
	case sellerdesk.CodeNotFound, sellerdesk.CodeForbidden:
		return sellerdesk.Access{}, false
	default:
		return i.access, true
	}
}

// current reads anew what the one behind a request may do.
func (p *people) current(ctx context.Context, i *info) (sellerdesk.Access, error) {
	switch {
	case i.access.Key != 0:
		return p.desk.Keys.Current(ctx, i.access.Key)
	case i.byKey: // that of the house
		return i.access, nil
	case i.access.Session != 0:
		lives, err := p.desk.Sessions.Lives(ctx, i.access.Session)
		if err == nil && !lives {
			err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "The session has ended.")
		}
		if err != nil {
			return sellerdesk.Access{}, err
		}
	}
	return p.desk.Users.Access(ctx, i.user.ID)
}

// letIn gives the owner's session to whoever opens the demo on this machine.
func (p *people) letIn(w http.ResponseWriter, r *http.Request, i *info) error {
	owner, err := p.owner(r.Context())
	if err != nil {
		return err
	}
	token, err := p.desk.Users.OpenSession(sellerdesk.WithAccess(r.Context(), i.access), owner.ID)
	if err != nil {
		return err
	}
	SignIn(w, r, token)
	i.are(owner, sellerdesk.FullAccess(owner.ID))
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
