package sandbox

import (
	"context"
	"encoding/json"
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
	// Series tells the cabinets of one remote side from those of another: no two mounted emulators share it. 0 to 60.
	Series int
	// Supplements makes some reviews come in pairs, the second one a supplement of the first.
	Supplements bool
	// Default is how many chat messages it has in a world of the default size; 0 means [DefaultMessages].
	Default int
	// MessageID writes the identity of a message; nil means as a UUID.
	MessageID func(ID) string
	Hooks
	// Reset is called after the world was made anew; it forgets limits and whatever else stood beside the world.
	Reset func()
}

// messageID writes the identity of a message.
func (e Emulator) messageID(id ID) string {
	if e.MessageID == nil {
		return id.String()
	}
	return e.MessageID(id)
}

// Hooks are what an emulator may do besides answering; each may be nil. All are called without a lock of the world.
type Hooks struct {
	// Buyer and Seller take over a word that means more than a message or a post; without taken the world keeps it.
	Buyer  func(*Account, BuyerMessage) (got Written, taken bool, err error)
	Seller func(*Account, SellerMessage) (got Written, taken bool, err error)
	// Happened is told of every new message and post, after it is there.
	Happened func(*Account, Event)
	// Describe completes what the state says of a cabinet, Orders are those without a conversation.
	Describe func(*Account, *AccountState)
	Orders   func(*Account) []OrderState
	// Push takes the address for pushes; empty ends them.
	Push func(a *Account, address string) error
	// Control are further calls by name, POST /_sandbox/{api}/{name}; the account's name may be empty, see World.Find.
	Control map[string]func(body json.RawMessage) (any, error)
	// Run works while World.Run does, and ends with its context.
	Run func(context.Context)
}

// Event is a new message of a chat, or a new question, review or claim.
type Event struct {
	Kind         Kind
	Conversation ID
	// Message is that of a chat, Opens tells that it starts the conversation.
	Message Message
	Opens   bool
}

// happened tells the emulator.
func happened(w *World, a *Account, e Event) {
	w.mu.RLock()
	m := w.mounted(a.API)
	w.mu.RUnlock()
	if m != nil && m.Happened != nil {
		m.Happened(a, e)
	}
}

// Backstage is the world as an emulator needs it: more than a program that plays with it does.
type Backstage struct{ *World }

// Find is an account of an API by its name, its seller id or its number; empty means the first. A refusal is a *RequestError.
func (w Backstage) Find(api, account string) (*Account, error) {
	_, a, err := w.addressed(api, account, KindChat)
	return a, err
}

// Refuse makes a *RequestError: what the control API answers with 400.
func Refuse(format string, args ...any) error { return refuse(format, args...) }

// Put writes a message of any author at the present time; without an id it starts a conversation with the person, or a generated one for nil.
// It is false for a conversation that the account does not have.
func (w Backstage) Put(a *Account, id *ID, person *Person, m Message) (Message, bool) {
	return w.add(a, id, person, said(m))
}

// Files makes files for Put and Board.Add.
func (w Backstage) Files(in []NewPart) ([]File, error) { return w.parts(in) }

// Locate tells which account (a number of the whole world) and which thing of it an identity names: a conversation or post by its number from 0.
func (w Backstage) Locate(kind Kind, id ID) (account, number int, ok bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	p, ok := w.ids.open(id, identityOf(kind))
	return int(p.account), int(p.conversation), ok
}

// Identity is what Locate takes apart.
func (w Backstage) Identity(kind Kind, account, number int) ID {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.ids.seal(place{identityOf(kind), uint16(account), uint32(number), 0, 0})
}

// LocateMessage tells where a message stands: the account, its conversation, its position in that.
func (w Backstage) LocateMessage(id ID) (account, conversation, position int, ok bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	p, ok := w.ids.open(id, messageID)
	return int(p.account), int(p.conversation), int(p.position), ok
}

func identityOf(kind Kind) byte {
	if what, ok := postIDs[kind]; ok {
		return what
	}
	return conversationID
}

// PushEffects are the faults that strike the next push of an API. Only faults that name "POST /notification" do.
func (w Backstage) PushEffects(api string) (lost, unanswered bool, play Effects) {
	for _, f := range w.faults.hit(api, "POST", pushPath) {
		switch f.Effect {
		case EffectDropBefore:
			lost = true
		case EffectDropAfter:
			unanswered = true
		case EffectDuplicate:
			play.Duplicate = true
		case EffectReorder:
			play.Reorder = true
		}
	}
	return lost, unanswered, play
}

const pushPath = "/notification"

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
