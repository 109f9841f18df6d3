package sandbox

import (
	"context"
	"net/http"
	"time"
)

// Emulator is the wire side of one remote API: it knows formats, limits and refusals, and keeps its state in the World.
// It is plain data, so that the world needs no interface that others implement.
type Emulator struct {
	// API is the name used by the control API, for instance "wildberries".
	API string
	// Kinds are the sorts of conversations it serves.
	Kinds []Kind
	// Services are its hosts. No two services of a world may share a host or a prefix.
	Services []Service
	// Token gives the full-scope token of an account.
	Token func(*Account) string
	// RemoteID and ParseID turn the world's identity of a conversation into the one on the wire and back.
	RemoteID func(Kind, ID) string
	ParseID  func(Kind, string) (ID, error)
	// Decide judges a decision of a claim: the answer to keep, or in one sentence why not. Nil where there are no claims.
	Decide func(p Post, action, comment string) (answer Reply, why string)
	// Decisions names the decisions of a claim that are allowed now.
	Decisions func(p Post) []string
	// Reset is called after the world was made anew; it forgets limits and whatever else stood beside the world.
	Reset func()
}

// Service is one host of an emulator.
type Service struct {
	// Host is the real host name, Prefix the path under which the same service answers on any host, "/wildberries/chat" for instance.
	Host, Prefix string
	// Handler sees the path without Prefix and finds Effects and Base in the request's context.
	Handler http.Handler
}

// Effects are the faults that only the emulator can play, because they need its formats. The world plays the others by itself.
type Effects struct {
	// Limited asks for the refusal "too many requests"; RetryAfter is in whole seconds. It is no violation.
	Limited    bool
	RetryAfter int
	// Duplicate asks for every item of a list twice, Reorder for another order of the same items, ExpireLink for the answer of a link that is too old.
	Duplicate, Reorder, ExpireLink bool
}

type serving struct {
	effects Effects
	base    string
	skew    time.Duration
}

type servingKey struct{}

func withServing(ctx context.Context, s serving) context.Context {
	return context.WithValue(ctx, servingKey{}, s)
}

// EffectsOf is what the world asks the emulator to play in answer to this request.
func EffectsOf(r *http.Request) Effects {
	s, _ := r.Context().Value(servingKey{}).(serving)
	return s.effects
}

// Base is the address, scheme and host and the first part of the path, under which the other services of the same emulator can be reached
// ("http://127.0.0.1:8485/wildberries"); it is empty when the service was called by its real host name.
func Base(r *http.Request) string {
	s, _ := r.Context().Value(servingKey{}).(serving)
	return s.base
}

// Now is the remote side's time while it answers this request: the world's, moved by a fault "skew".
func (w *World) Now(r *http.Request) time.Time {
	s, _ := r.Context().Value(servingKey{}).(serving)
	return w.clock.Now().Add(s.skew)
}
