package radist

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// call is one authorized request on its way through the emulator.
type call struct {
	e       *Emulator
	rw      http.ResponseWriter
	r       *http.Request
	who     bearer
	account *sandbox.Account
	cabinet *cabinet
	now     time.Time
}

const maxBody = 1 << 20

// guard does what the remote side does before a method: key, limits, company, scope.
func (e *Emulator) guard(op operation) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if fx := sandbox.EffectsOf(r); fx.Limited {
			e.refuseBusy(rw, time.Duration(fx.RetryAfter)*time.Second)
			return
		}
		who, ok := e.authorize(r)
		if !ok {
			fail(rw, http.StatusUnauthorized, "Invalid API key")
			return
		}
		if wait, ok := e.limits.take(r.Header.Get("X-Api-Key"), r.URL.Path, e.world.Clock().Now()); !ok {
			e.world.Violate(API)
			e.refuseBusy(rw, wait)
			return
		}
		c := &call{e: e, rw: rw, r: r, who: who, account: who.account, cabinet: e.cabinet(who.account), now: e.world.Now(r)}
		switch status := c.cabinet.refusal(sandbox.Base(r)); {
		case status == http.StatusUnauthorized:
			fail(rw, status, "Invalid API key")
		case status != 0:
			fail(rw, status, "Forbidden")
		case !c.owns():
		case !who.has(op.scope):
			fail(rw, http.StatusForbidden, "The key has no scope "+string(op.scope))
		default:
			op.handle(c)
		}
	})
}

func (e *Emulator) refuseBusy(rw http.ResponseWriter, wait time.Duration) {
	if e.opt.RetryAfter {
		rw.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
	}
	fail(rw, http.StatusTooManyRequests, "Too Many Requests")
}

// owns refuses a company that is not the key's.
func (c *call) owns() bool {
	asked := c.r.PathValue("company")
	if asked == "" || asked == strconv.FormatInt(Company(c.account), 10) {
		return true
	}
	for _, a := range c.e.world.Accounts(API) {
		if asked == strconv.FormatInt(Company(a), 10) {
			fail(c.rw, http.StatusForbidden, "No access to the company")
			return false
		}
	}
	fail(c.rw, http.StatusNotFound, "Company not found")
	return false
}

func (c *call) ok(v any) { write(c.rw, http.StatusOK, v) }

func (c *call) missing(what string) { fail(c.rw, http.StatusNotFound, what+" not found") }

func write(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	encode := json.NewEncoder(rw)
	encode.SetEscapeHTML(false)
	_ = encode.Encode(v) // the other side is gone
}

// read decodes the body or answers why not.
func (c *call) read(into any) bool {
	raw, ok := c.body()
	return ok && c.parse(raw, into)
}

func (c *call) body() ([]byte, bool) {
	raw, err := io.ReadAll(http.MaxBytesReader(c.rw, c.r.Body, maxBody))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		fail(c.rw, http.StatusRequestEntityTooLarge, "The body is too large")
	case err != nil:
		invalid(c.rw, "body", "", "The body ends too early")
	}
	return raw, err == nil
}

func (c *call) parse(raw []byte, into any) bool {
	err := json.Unmarshal(raw, into)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		invalid(c.rw, "body", kind.Field, "Input should be a valid "+typeName(kind.Type.Kind().String()))
	case err != nil:
		invalid(c.rw, "body", "", "JSON decode error")
	}
	return err == nil
}

func typeName(kind string) string {
	switch kind {
	case "int64", "int":
		return "integer"
	case "slice":
		return "list"
	case "struct", "map":
		return "dictionary"
	}
	return kind
}

// number reads a number of the query between least and most; absent it is normal.
func (c *call) number(name string, least, normal, most int) (int, bool) {
	raw := c.r.URL.Query().Get(name)
	if raw == "" {
		return normal, true
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < least || n > most {
		invalid(c.rw, "query", name, "Input should be an integer from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
		return 0, false
	}
	return n, true
}

// id reads a needed identity of the query.
func (c *call) id(name string) (int64, bool) {
	id, err := strconv.ParseInt(c.r.URL.Query().Get(name), 10, 64)
	if err != nil {
		invalid(c.rw, "query", name, "Input should be a valid integer")
	}
	return id, err == nil
}

// disturbed plays the faults that strike a list.
func disturbed[T any](r *http.Request, items []T) []T {
	fx := sandbox.EffectsOf(r)
	if fx.Duplicate {
		double := make([]T, 0, 2*len(items))
		for _, it := range items {
			double = append(double, it, it)
		}
		items = double
	}
	if fx.Reorder {
		slices.Reverse(items)
	}
	if items == nil {
		items = []T{}
	}
	return items
}

func (c *call) me() {
	c.ok(meJSON{ID: Company(c.account)*10 + 1, Name: c.account.Name, Scopes: c.who.scopes()})
}

func (c *call) companies() {
	type company struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	limit, ok := c.number("limit", 1, maxPage, maxPage)
	if !ok {
		return
	}
	offset, ok := c.number("offset", 0, 0, math.MaxInt32)
	if !ok {
		return
	}
	found := []company{{Company(c.account), c.account.Name}}
	found = found[min(offset, len(found)):]
	c.ok(map[string]any{"companies": found[:min(limit, len(found))]})
}

func (c *call) connections() {
	found := []connectionJSON{}
	for i, l := range lines() {
		found = append(found, connectionJSON{ID: Connection(c.account, i), Type: l.kind, Name: l.name})
	}
	c.ok(map[string]any{"connections": found})
}

func (c *call) connection() {
	id, _ := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	i, l, ok := lineOf(c.account, id)
	if !ok {
		c.missing("Connection")
		return
	}
	c.ok(connectionJSON{ID: Connection(c.account, i), Type: l.kind, Name: l.name})
}

func (c *call) sources() {
	found := []sourceJSON{}
	for i, l := range lines() {
		found = append(found, sourceJSON{Connection(c.account, i), l.kind, l.name, append([]string{}, l.createBy...)})
	}
	c.ok(found)
}

// isHTTP tells whether an address is a whole one of that scheme.
func isHTTP(address string, schemes ...string) bool {
	for _, s := range schemes {
		if rest, ok := strings.CutPrefix(address, s+"://"); ok && rest != "" && rest[0] != '/' && len(address) <= 2000 {
			return true
		}
	}
	return false
}
