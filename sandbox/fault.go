package sandbox

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// Fault is a trouble on order. Without Nth and Share it hits every matching request.
type Fault struct {
	API string `json:"api"`
	// Operation is "*" or a method and a path without the prefix, "GET /api/v1/seller/events"; a part in braces or * matches any one part.
	Operation string `json:"operation"`
	// Nth hits only the nth matching request since the faults were set, from 1.
	Nth int `json:"nth,omitempty"`
	// Share hits that part of the matching requests, more than 0 and at most 1; which ones follows from the seed.
	Share  float64 `json:"share,omitempty"`
	Effect Effect  `json:"effect"`
	// Seconds is the pause of EffectSlow (0 means 3), the wait told by Effect429 (0 means 2) and the shift of EffectSkew (may be negative).
	Seconds float64 `json:"seconds,omitempty"`
}

// Effect is what a fault does.
type Effect string

// The effects.
const (
	Effect429        Effect = "429"         // refused for want of budget, in the remote side's own words
	Effect500        Effect = "500"         // a plain internal error, nothing done
	EffectSlow       Effect = "slow"        // answered late, in world time
	EffectDropBefore Effect = "drop_before" // the connection is cut before anything is done
	EffectDropAfter  Effect = "drop_after"  // everything is done, then the connection is cut without an answer
	EffectDuplicate  Effect = "duplicate"   // every item of a list twice
	EffectReorder    Effect = "reorder"     // the items of a list in another order
	EffectExpireLink Effect = "expire_link" // direct links of attachments are too old
	EffectSkew       Effect = "skew"        // the remote side's clock is off; with operation "*", new messages are too
	EffectTruncate   Effect = "truncate"    // half of the answer, then the connection is cut
)

var effects = []Effect{Effect429, Effect500, EffectSlow, EffectDropBefore, EffectDropAfter, EffectDuplicate, EffectReorder, EffectExpireLink, EffectSkew, EffectTruncate}

const (
	maxFaults  = 100
	maxSeconds = 366 * 24 * 3600
)

// faults are the standing orders for trouble.
type faults struct {
	mu      sync.Mutex
	seed    uint64
	orders  []Fault
	matched []int // how many requests matched each order
}

func newFaults(seed uint64) *faults { return &faults{seed: seed} }

func (f *faults) reset(seed uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seed, f.orders, f.matched = seed, nil, nil
}

// SetFaults replaces all standing faults and counts requests from nought. A refusal is a *RequestError and changes nothing.
func (w *World) SetFaults(orders []Fault) error {
	if len(orders) > maxFaults {
		return refuse("at most %d faults", maxFaults)
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	for i, o := range orders {
		if _, err := w.served(o.API); err != nil {
			return refuse("fault %d: %v", i+1, err)
		}
		if err := o.check(); err != nil {
			return refuse("fault %d: %v", i+1, err)
		}
	}
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	w.faults.orders, w.faults.matched = slices.Clone(orders), make([]int, len(orders))
	return nil
}

// Faults are the standing faults.
func (w *World) Faults() []Fault {
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	return append([]Fault{}, w.faults.orders...)
}

func (o Fault) check() error {
	method, path, ok := strings.Cut(o.Operation, " ")
	switch {
	case o.Operation != "*" && (!ok || method == "" || !strings.HasPrefix(path, "/")):
		return refuse(`operation must be "*" or a method and a path`)
	case !slices.Contains(effects, o.Effect):
		return refuse("unknown effect")
	case o.Nth < 0 || !(o.Share >= 0 && o.Share <= 1):
		return refuse("nth counts from 1, share lies between 0 and 1")
	case o.Nth > 0 && o.Share > 0:
		return refuse("nth and share exclude each other")
	case !(o.Seconds <= maxSeconds && o.Seconds >= -maxSeconds) || o.Seconds < 0 && o.Effect != EffectSkew:
		return refuse("seconds out of range")
	}
	return nil
}

// matches tells whether a request belongs to the fault's operation.
func (o Fault) matches(api, method, path string) bool {
	if o.API != api {
		return false
	}
	if o.Operation == "*" {
		return path != pushPath
	}
	wantMethod, wantPath, _ := strings.Cut(o.Operation, " ")
	if wantMethod != "*" && wantMethod != method {
		return false
	}
	want, have := strings.Split(wantPath, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool {
		return w == h || w == "*" || strings.HasPrefix(w, "{") && strings.HasSuffix(w, "}")
	})
}

// hit counts a request and returns the faults that strike it.
func (f *faults) hit(api, method, path string) []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var struck []Fault
	for i, o := range f.orders {
		if !o.matches(api, method, path) {
			continue
		}
		f.matched[i]++
		n := f.matched[i]
		if o.Nth > 0 && n != o.Nth {
			continue
		}
		if o.Share > 0 && !scene.Throw(f.seed, diceFault, uint64(i), uint64(n)).Chance(o.Share) {
			continue
		}
		struck = append(struck, o)
	}
	return struck
}

// standingSkew is how far the remote side's clock is off outside of requests.
func (f *faults) standingSkew(api string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	var off time.Duration
	for _, o := range f.orders {
		if o.API == api && o.Effect == EffectSkew && o.Operation == "*" && o.Nth == 0 && o.Share == 0 {
			off += seconds(o.Seconds)
		}
	}
	return off
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
