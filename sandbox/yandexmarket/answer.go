package yandexmarket

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
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

const maxBody = 512 << 10

// guard does what the remote side does before a method: credentials, cabinet, scope, limits.
func (e *Emulator) guard(op operation) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		now := e.world.Now(r)
		plainHeaders(rw, op.free, now)
		if fx := sandbox.EffectsOf(r); fx.Limited {
			headers(rw, op.free, 0, now.Add(time.Duration(fx.RetryAfter)*time.Second))
			fail(rw, statusLimited, "LIMIT_EXCEEDED", fmt.Sprintf("Hit rate limit of '%d' requests per 'hour' for resource '%s'", op.free, op.path))
			return
		}
		who, status, why := e.authorize(r)
		if why != "" {
			fail(rw, status, map[int]string{401: "UNAUTHORIZED", 403: "FORBIDDEN"}[status], why)
			return
		}
		c := &call{e: e, rw: rw, r: r, who: who, account: who.account, cabinet: e.cabinet(who.account), now: now}
		entity, ok := c.entity()
		if !ok || !c.meant(rw) {
			return
		}
		limit := c.cabinet.limit(op, who.oauth && r.Header.Get("X-Business-Id") == "")
		if !e.limits.enter(entity) {
			e.world.Violate(API)
			headers(rw, limit, limit, now.Add(time.Second))
			fail(rw, statusLimited, "LIMIT_EXCEEDED", fmt.Sprintf("Hit rate limit of %d parallel requests for %s", maxParallel, entity))
			return
		}
		done := sync.OnceFunc(func() { e.limits.leave(entity) })
		defer done()
		rw = answering{rw, done}
		c.rw = rw
		remaining, until, ok := e.limits.take(quotaKey{who.account.WorldNumber(), op.method + " " + op.path}, limit, e.world.Clock().Now())
		headers(rw, limit, remaining, until)
		switch {
		case !ok:
			e.world.Violate(API)
			fail(rw, statusLimited, "LIMIT_EXCEEDED", fmt.Sprintf("Hit rate limit of '%d' requests per 'hour' for resource '%s' for %s", limit, op.path, entity))
		case !who.may(op.writes):
			fail(rw, http.StatusForbidden, "FORBIDDEN", "Token does not have any of the scopes to access the API method")
		case c.cabinet.isDisabled() && op.path != "/v2/campaigns":
			fail(rw, http.StatusForbidden, "API_DISABLED", fmt.Sprintf("API for business '%d' disabled because it has only disabled partners", Business(c.account)))
		default:
			op.handle(c)
		}
	})
}

// answering ends a request's place among those under way when its answer begins: whoever has read the whole answer may ask again at once,
// also before the handler has returned.
type answering struct {
	http.ResponseWriter
	begin func()
}

func (a answering) WriteHeader(status int) {
	a.begin()
	a.ResponseWriter.WriteHeader(status)
}

func (a answering) Write(p []byte) (int, error) {
	a.begin()
	return a.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the writer below.
func (a answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// statusLimited is what the remote side answers instead of 429.
const statusLimited = 420

// entity names what the limit of parallel requests counts for, or refuses a cabinet or shop that is not the token's.
func (c *call) entity() (string, bool) {
	business := Business(c.account)
	if asked := c.r.PathValue("business"); asked != "" {
		id, err := strconv.ParseInt(asked, 10, 64)
		if err != nil || id < 1 {
			c.bad("businessId must be a positive number")
			return "", false
		}
		if id != business {
			fail(c.rw, http.StatusForbidden, "FORBIDDEN", "Access denied")
			return "", false
		}
	}
	if asked := c.r.PathValue("campaign"); asked != "" {
		id, err := strconv.ParseInt(asked, 10, 64)
		if err != nil || id < 1 {
			c.bad("campaignId must be a positive number")
			return "", false
		}
		for _, own := range Campaigns(c.account) {
			if own == id {
				return fmt.Sprintf("campaignId %d", id), true
			}
		}
		fail(c.rw, http.StatusForbidden, "FORBIDDEN", "Access denied")
		return "", false
	}
	return fmt.Sprintf("businessId %d", business), true
}

// meant refuses a header X-Business-Id that names another cabinet.
func (c *call) meant(rw http.ResponseWriter) bool {
	if named := c.r.Header.Get("X-Business-Id"); named != "" && named != strconv.FormatInt(Business(c.account), 10) {
		fail(rw, http.StatusForbidden, "FORBIDDEN", "X-Business-Id does not match the business of the request")
		return false
	}
	return true
}

type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func fail(rw http.ResponseWriter, status int, code, message string) {
	writeJSON(rw, status, map[string]any{"status": "ERROR", "errors": []problem{{code, message}}})
}

func (c *call) bad(format string, args ...any) {
	fail(c.rw, http.StatusBadRequest, "BAD_REQUEST", fmt.Sprintf(format, args...))
}

func (c *call) missing(format string, args ...any) {
	fail(c.rw, http.StatusNotFound, "NOT_FOUND", fmt.Sprintf(format, args...))
}

func (c *call) forbidden(message string) { fail(c.rw, http.StatusForbidden, "FORBIDDEN", message) }

// ok answers with a result, or without one for nil.
func (c *call) ok(result any) {
	if result == nil {
		writeJSON(c.rw, http.StatusOK, map[string]string{"status": "OK"})
		return
	}
	writeJSON(c.rw, http.StatusOK, struct {
		Status string `json:"status"`
		Result any    `json:"result"`
	}{"OK", result})
}

func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json;charset=UTF-8")
	rw.WriteHeader(status)
	encode := json.NewEncoder(rw)
	encode.SetEscapeHTML(false)
	_ = encode.Encode(v) // the other side is gone
}

// read decodes the body, or answers why not. An optional body may be empty, and every one may be null unless it is required.
func (c *call) read(into any, required bool) bool {
	kind, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";")
	raw, err := io.ReadAll(http.MaxBytesReader(c.rw, c.r.Body, maxBody))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		c.bad("The request is too big: %d bytes at most", maxBody)
		return false
	case err != nil:
		c.bad("Unexpected end of content")
		return false
	}
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) > 0 && !strings.EqualFold(strings.TrimSpace(kind), "application/json"):
		fail(c.rw, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", fmt.Sprintf("Content type '%s' not supported", kind))
		return false
	case len(raw) == 0 && required:
		c.bad("Unexpected end of content")
		return false
	case len(raw) == 0 || string(raw) == "null" && !required:
		return true
	case raw[0] != '{':
		c.bad("JSON: an object is expected")
		return false
	}
	if err := json.Unmarshal(raw, into); err != nil {
		c.bad("JSON: %v", err)
		return false
	}
	return true
}

// page reads limit and the token of the page; a token is a number that the caller gave out.
func (c *call) page(standard, most int) (limit int, after []int64, ok bool) {
	limit = standard
	q := c.r.URL.Query()
	if asked := q.Get("limit"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 {
			c.bad("Value / length of field (limit) must be between 1 and %d", most)
			return 0, nil, false
		}
		if n > most {
			c.bad("Limit exceeded")
			return 0, nil, false
		}
		limit = n
	}
	token := q.Get("pageToken")
	if token == "" {
		token = q.Get("page_token")
	}
	if token == "" {
		return limit, nil, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) > 200 {
		c.bad("pageToken is invalid")
		return 0, nil, false
	}
	for part := range strings.SplitSeq(string(raw), ",") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			c.bad("pageToken is invalid")
			return 0, nil, false
		}
		after = append(after, n)
	}
	return limit, after, true
}

// paging is the token of the next page; without one it is the last.
type paging struct {
	Next string `json:"nextPageToken,omitempty"`
}

func nextPage(numbers ...int64) paging {
	var parts []string
	for _, n := range numbers {
		parts = append(parts, strconv.FormatInt(n, 10))
	}
	return paging{base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ",")))}
}

// query reads a number that must stand in the query.
func (c *call) query(name string) (int64, bool) {
	raw := c.r.URL.Query().Get(name)
	if raw == "" {
		c.bad("Missing field: %s", name)
		return 0, false
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || n < 1 {
		c.bad("Value / length of field (%s) must be at least 1", name)
		return 0, false
	}
	return n, true
}

// moscow is UTC+3, the remote side's own time.
var moscow = time.FixedZone("UTC+3", 3*60*60)

func stamp(t time.Time) string { return t.In(moscow).Format("2006-01-02T15:04:05.000-07:00") }

// list checks a filter: absent and null mean everything, an empty one is refused, so are too many and equal ones.
func list[T comparable](c *call, name string, values *[]T, most int) bool {
	if values == nil {
		return true
	}
	if len(*values) == 0 {
		c.bad("Collection of field must not be empty: %s", name)
		return false
	}
	if len(*values) > most {
		c.bad("Value / length of field (%s) must be between 1 and %d", name, most)
		return false
	}
	seen := map[T]bool{}
	for _, v := range *values {
		if seen[v] {
			c.bad("Collection of field must hold no equal values: %s", name)
			return false
		}
		seen[v] = true
	}
	return true
}

// within tells whether a filter lets a value through.
func within[T comparable](values *[]T, v T) bool {
	if values == nil {
		return true
	}
	for _, one := range *values {
		if one == v {
			return true
		}
	}
	return false
}
