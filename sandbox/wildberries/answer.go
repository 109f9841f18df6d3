package wildberries

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// call is one authorized request on its way through the emulator.
type call struct {
	e       *Emulator
	rw      http.ResponseWriter
	r       *http.Request
	account *sandbox.Account
	claims  claims
	bucket  limitKey
}

// guard does what the remote side's gateway does before a method: token, category, right to write, budget.
func (e *Emulator) guard(category int, writes bool, bucket string, then func(*call)) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if fx := sandbox.EffectsOf(r); fx.Limited {
			e.limited(rw, r, verdict{burst: rateOf(bucket, Personal).burst, retry: seconds(fx.RetryAfter), reset: seconds(fx.RetryAfter)})
			return
		}
		now := e.world.Now(r)
		c, a, err := e.authorize(r.Header.Get("Authorization"), category, now)
		if err != nil {
			e.gateway(rw, r, http.StatusUnauthorized, "unauthorized", asToken(err))
			return
		}
		if e.opt.Unpaid && c.kind() == Service {
			writeJSON(rw, http.StatusPaymentRequired, "application/problem+json", map[string]string{
				"title": "payment required", "detail": "wb solution for business has insufficient funds on its balance",
			})
			return
		}
		if writes && c.has(bitReadOnly) {
			e.gateway(rw, r, http.StatusForbidden, "forbidden", "read-only token is not allowed")
			return
		}
		key := limitKey{bucket, a.Seller, c.kind()}
		v := e.limits.take(key, 1, false, e.world.Clock().Now())
		if !v.allowed {
			e.world.Violate(API)
			e.limited(rw, r, v)
			return
		}
		rw.Header().Set("X-Ratelimit-Remaining", strconv.Itoa(v.remaining))
		then(&call{e: e, rw: rw, r: r, account: a, claims: c, bucket: key})
	})
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// limited answers 429 with the remote side's own headers. There is never a Retry-After.
func (e *Emulator) limited(rw http.ResponseWriter, r *http.Request, v verdict) {
	h := rw.Header()
	h.Set("X-Ratelimit-Retry", strconv.Itoa(max(1, wholeSeconds(v.retry))))
	h.Set("X-Ratelimit-Limit", strconv.Itoa(v.burst))
	h.Set("X-Ratelimit-Reset", strconv.Itoa(max(1, wholeSeconds(v.reset))))
	e.gateway(rw, r, http.StatusTooManyRequests, "too many requests", "limited by "+asUUID(e.tickets.next(r)))
}

// gateway answers in the shape of 401, 403 and 429.
func (e *Emulator) gateway(rw http.ResponseWriter, r *http.Request, status int, title, detail string) {
	ticket := e.tickets.next(r)
	writeJSON(rw, status, "application/problem+json", gatewayProblem{
		Title: title, Detail: detail, Code: fmt.Sprintf("07e4668e-%s-[UK-%s]", ticket[:12], ticket[12:24]), RequestID: ticket,
		Origin: "s2s-api-auth-catalog", Status: status, StatusText: http.StatusText(status),
		Timestamp: e.world.Now(r).UTC().Format(time.RFC3339),
	})
}

type gatewayProblem struct {
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Code       string `json:"code"`
	RequestID  string `json:"requestId"`
	Origin     string `json:"origin"`
	Status     int    `json:"status"`
	StatusText string `json:"statusText"`
	Timestamp  string `json:"timestamp"`
}

// notFound answers what the host does not have, or not with this method.
func (e *Emulator) notFound(rw http.ResponseWriter, r *http.Request) {
	ticket := e.tickets.next(r)
	writeJSON(rw, http.StatusNotFound, "application/json", gatewayProblem{
		Title: "path not found", Detail: "no such path or method on this host", Code: "07e4668e-" + ticket[:12], RequestID: ticket,
		Origin: "s2s-api-auth-catalog", Status: http.StatusNotFound, StatusText: http.StatusText(http.StatusNotFound),
		Timestamp: e.world.Now(r).UTC().Format(time.RFC3339),
	})
}

type chatProblem struct {
	Status    int    `json:"status"`
	Title     string `json:"title"`
	Origin    string `json:"origin"`
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`
	Error     string `json:"error,omitempty"`
}

// refuse answers 400 in the shape of the chat service and takes the fine, if one is set.
func (c *call) refuse(contentType, title, detail string) {
	c.fine()
	writeJSON(c.rw, http.StatusBadRequest, contentType, chatProblem{
		Status: http.StatusBadRequest, Title: title, Origin: "proxy-chats", Detail: detail, RequestID: c.e.tickets.next(c.r), Error: detail,
	})
}

func (c *call) fine() {
	if extra := c.e.opt.ClientErrorCost - 1; extra > 0 {
		v := c.e.limits.take(c.bucket, extra, true, c.e.world.Clock().Now())
		c.rw.Header().Set("X-Ratelimit-Remaining", strconv.Itoa(v.remaining))
	}
}

func (c *call) json(status int, v any) { writeJSON(c.rw, status, "application/json", v) }

func writeJSON(rw http.ResponseWriter, status int, contentType string, v any) {
	rw.Header().Set("Content-Type", contentType)
	rw.WriteHeader(status)
	encode := json.NewEncoder(rw)
	encode.SetEscapeHTML(false)
	_ = encode.Encode(v) // the other side is gone
}

// tickets number the requests, so that the same calls to the same world get the same ids.
type tickets struct{ n atomic.Uint64 }

// next is a request id of 32 hexadecimal digits.
func (t *tickets) next(r *http.Request) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", t.n.Add(1), r.URL.Path))
	return hex.EncodeToString(sum[:16])
}

func asUUID(hex32 string) string {
	return hex32[:8] + "-" + hex32[8:12] + "-" + hex32[12:16] + "-" + hex32[16:20] + "-" + hex32[20:]
}
