package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const maxControlBody = 64 << 20

// control serves /_sandbox/ and the page.
type control struct{ world *World }

func newControl(w *World) http.Handler {
	c := control{w}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/state", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, w.State(), nil) })
	mux.HandleFunc("POST /_sandbox/buyer", c.buyer)
	mux.HandleFunc("POST /_sandbox/seller", c.seller)
	mux.HandleFunc("POST /_sandbox/faults", c.setFaults)
	mux.HandleFunc("POST /_sandbox/clock", c.moveClock)
	mux.HandleFunc("POST /_sandbox/push", c.push)
	mux.HandleFunc("POST /_sandbox/reset", c.reset)
	mux.HandleFunc("POST /_sandbox/{api}/{call}", c.further)
	mux.HandleFunc("/_sandbox/", func(rw http.ResponseWriter, _ *http.Request) {
		problem(rw, http.StatusNotFound, "no such call of the sandbox")
	})
	c.page(mux)
	return guarded(mux)
}

func (c control) buyer(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		BuyerMessage
		Account account `json:"account"`
	}
	if !read(rw, r, &in) {
		return
	}
	in.BuyerMessage.Account = string(in.Account)
	got, err := c.world.BuyerWrites(r.Context(), in.BuyerMessage)
	answer(rw, got, err)
}

func (c control) seller(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		SellerMessage
		Account account `json:"account"`
	}
	if !read(rw, r, &in) {
		return
	}
	in.SellerMessage.Account = string(in.Account)
	got, err := c.world.SellerWrites(r.Context(), in.SellerMessage)
	answer(rw, got, err)
}

func (c control) setFaults(rw http.ResponseWriter, r *http.Request) {
	var in []Fault
	if !read(rw, r, &in) {
		return
	}
	err := c.world.SetFaults(in)
	answer(rw, c.world.Faults(), err)
}

func (c control) moveClock(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		Advance *string  `json:"advance"`
		Scale   *float64 `json:"scale"`
	}
	if !read(rw, r, &in) {
		return
	}
	var forward time.Duration
	if in.Advance != nil {
		d, err := time.ParseDuration(*in.Advance)
		if err != nil || d < 0 || d > 10*366*24*time.Hour {
			answer(rw, nil, refuse(`advance must be a duration like "90s" or "24h", not negative`))
			return
		}
		forward = d
	}
	if in.Scale != nil {
		if *in.Scale < 0 || *in.Scale > MaxScale {
			answer(rw, nil, refuse("scale must lie between 0 (stopped) and %d", MaxScale))
			return
		}
		c.world.clock.SetScale(*in.Scale)
	}
	c.world.clock.Advance(forward)
	answer(rw, map[string]Moment{"now": {c.world.clock.Now()}}, nil)
}

func (c control) push(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		API     string  `json:"api"`
		Account account `json:"account"`
		Address string  `json:"address"`
	}
	if !read(rw, r, &in) {
		return
	}
	c.world.mu.RLock()
	_, err := c.world.served(in.API)
	c.world.mu.RUnlock()
	var a *Account
	var push func(*Account, string) error
	if err == nil {
		var m *mounted
		if m, a, err = c.world.addressed(in.API, string(in.Account), KindChat); err == nil {
			push = m.Push
		}
	}
	switch {
	case err == nil && push == nil:
		err = refuse("%s sends no pushes", in.API)
	case err == nil:
		err = push(a, in.Address)
	}
	answer(rw, map[string]string{"address": in.Address}, err)
}

// further passes a call to the emulator that it is for.
func (c control) further(rw http.ResponseWriter, r *http.Request) {
	c.world.mu.RLock()
	m := c.world.mounted(r.PathValue("api"))
	c.world.mu.RUnlock()
	if m == nil || m.Control[r.PathValue("call")] == nil {
		problem(rw, http.StatusNotFound, "no such call of the sandbox")
		return
	}
	var body json.RawMessage
	if !read(rw, r, &body) {
		return
	}
	got, err := m.Control[r.PathValue("call")](body)
	answer(rw, got, err)
}

func (c control) reset(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		Seed *uint64 `json:"seed"`
	}
	if !read(rw, r, &in) {
		return
	}
	if in.Seed == nil {
		answer(rw, nil, refuse("seed is needed"))
		return
	}
	c.world.Reset(*in.Seed)
	answer(rw, map[string]uint64{"seed": *in.Seed}, nil)
}

// account is a name, a seller id or a number.
type account string

// UnmarshalJSON takes a string or a number.
func (a *account) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*a = account(s)
		return nil
	}
	var n uint16
	if err := json.Unmarshal(raw, &n); err != nil {
		return fmt.Errorf("account is neither a string nor a small number")
	}
	*a = account(fmt.Sprint(n))
	return nil
}

// read decodes the body or answers why not.
func read(rw http.ResponseWriter, r *http.Request, into any) bool {
	decode := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxControlBody))
	decode.DisallowUnknownFields()
	err := decode.Decode(into)
	if err == nil && decode.Decode(new(json.RawMessage)) != io.EOF {
		err = errors.New("more than one value")
	}
	if err != nil {
		problem(rw, http.StatusBadRequest, "body: "+strings.TrimPrefix(err.Error(), "json: "))
		return false
	}
	return true
}

// answer writes v, or the refusal as 400.
func answer(rw http.ResponseWriter, v any, err error) {
	var refused *RequestError
	switch {
	case errors.As(err, &refused):
		problem(rw, http.StatusBadRequest, refused.Message)
	case err != nil:
		problem(rw, http.StatusInternalServerError, err.Error())
	default:
		write(rw, http.StatusOK, v)
	}
}

func problem(rw http.ResponseWriter, status int, text string) {
	write(rw, status, map[string]string{"error": text})
}

func write(rw http.ResponseWriter, status int, v any) {
	h := rw.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	rw.WriteHeader(status)
	encode := json.NewEncoder(rw)
	encode.SetEscapeHTML(false)
	_ = encode.Encode(v) // the other side is gone
}

// guarded refuses posts that another site's page makes a browser send.
func guarded(h http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		problem(rw, http.StatusForbidden, "posts from pages of other sites are refused")
	}))
	return p.Handler(h)
}
