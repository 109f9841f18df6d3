package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// Options say how a world is made. The zero value is the small demo world at the machine's time.
type Options struct {
	// Messages is the size of the history over all accounts of an API; 0 means 640, at most 5,000,000.
	Messages int
	// Questions, Reviews and Claims are how many of each there are over all accounts of an API that has them, at most 5,000,000 each;
	// 0 means in proportion to Messages (for 640 messages 60, 120 and 12), below 0 none.
	Questions, Reviews, Claims int
	// Accounts is how many cabinets every API has; 0 means 2, at most 100.
	Accounts int
	// Scale is the speed of the clock; 0 means 1, below 0 a clock that stands until it is moved.
	Scale float64
	// Start is what the clock shows at first; zero means the machine's time. Histories lie before it. Equal seed, options and start give equal bytes.
	Start time.Time
	// Live makes buyers write while Run runs.
	Live bool
	// SameMillisecond makes the first message after a full page of 50 share the millisecond of the page's last one.
	SameMillisecond bool
	// Log may be nil. No text of a message and no token is logged.
	Log *slog.Logger
}

// Sizes of a world.
const (
	DefaultMessages = 640
	MaxMessages     = 5_000_000
	maxAccounts     = 100
	maxUploads      = 512 << 20 // bytes of uploaded files kept per account
)

// proportion fills in how many posts of each kind there are.
func (o *Options) proportion() error {
	for _, c := range []struct {
		name string
		n    *int
		part int // for DefaultMessages
	}{{"questions", &o.Questions, 60}, {"reviews", &o.Reviews, 120}, {"claims", &o.Claims, 12}} {
		if *c.n > MaxMessages {
			return fmt.Errorf("%s %d: must be at most %d", c.name, *c.n, MaxMessages)
		}
		if *c.n == 0 {
			*c.n = o.Messages * c.part / DefaultMessages
		}
		*c.n = max(*c.n, 0)
	}
	return nil
}

// World is the demo world: cabinets with their products, buyers and conversations, one clock, faults on order and counters.
// It knows no wire format; emulators are mounted on it. It is safe for concurrent use.
type World struct {
	opt    Options
	clock  *Clock
	start  time.Time
	log    *slog.Logger
	handle http.Handler
	live   *live
	faults *faults

	mu     sync.RWMutex
	seed   uint64
	ids    sealer
	apis   []*mounted
	ledger *ledger
	thrown uint64 // how many conversations and files were made to order
}

// mounted is an emulator with its accounts.
type mounted struct {
	Emulator
	accounts []*Account
}

// New makes a world without remote sides; Mount adds them. It fails only on options out of range.
func New(seed uint64, o Options) (*World, error) {
	if o.Messages < 0 || o.Messages > MaxMessages {
		return nil, fmt.Errorf("messages %d: must lie between 0 and %d", o.Messages, MaxMessages)
	}
	if o.Accounts < 0 || o.Accounts > maxAccounts {
		return nil, fmt.Errorf("accounts %d: must lie between 0 and %d", o.Accounts, maxAccounts)
	}
	if o.Messages == 0 {
		o.Messages = DefaultMessages
	}
	if err := o.proportion(); err != nil {
		return nil, err
	}
	if o.Accounts == 0 {
		o.Accounts = 2
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := &World{opt: o, clock: NewClock(o.Start, o.Scale), log: o.Log, seed: seed, ids: newSealer(seed), ledger: newLedger(), live: newLive()}
	w.start = w.clock.Now().Truncate(time.Second)
	w.faults = newFaults(seed)
	w.handle = newRouter(w)
	return w, nil
}

// Mount adds a remote side and makes its accounts. Mounting an API, a host or a prefix twice panics: it is a mistake in the program.
func (w *World) Mount(e Emulator) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.apis {
		if m.API == e.API {
			panic("sandbox: " + e.API + " mounted twice")
		}
		for _, have := range m.Services {
			for _, s := range e.Services {
				if s.Host == have.Host || s.Prefix == have.Prefix {
					panic("sandbox: " + s.Host + " or " + s.Prefix + " mounted twice")
				}
			}
		}
	}
	m := &mounted{Emulator: e}
	m.accounts = w.newAccounts(e, w.clock.Now())
	w.apis = append(w.apis, m)
}

// newAccounts makes and fills the cabinets of one API: the first holds three fifths of everything, the others share the rest.
func (w *World) newAccounts(e Emulator, now time.Time) []*Account {
	var made []*Account
	budget := &atomic.Int64{}
	budget.Store(maxUploads)
	messages := w.opt.Messages
	if e.Default > 0 && messages == DefaultMessages {
		messages = e.Default
	}
	left := map[Kind]int{KindChat: messages, KindQuestion: w.opt.Questions, KindReview: w.opt.Reviews, KindClaim: w.opt.Claims}
	for n := 1; n <= w.opt.Accounts; n++ {
		share := map[Kind]int{}
		for kind, all := range left {
			share[kind] = all / (w.opt.Accounts - n + 1)
			if n == 1 && w.opt.Accounts > 1 {
				share[kind] = all * 3 / 5
			}
			left[kind] -= share[kind]
		}
		a := newAccount(e.API, w.seed, n, e.Series, w.ids)
		a.TokenUntil = w.start.Add(180 * 24 * time.Hour)
		a.ties = w.opt.SameMillisecond
		a.keepBytes = budget
		a.plan.span, a.plan.waiting = historyOf(share[KindChat])
		a.generate(share[KindChat], now)
		for _, kind := range e.Kinds {
			if kind != KindChat {
				a.boards = append(a.boards, newBoard(w, a, kind, share[kind], now, e.Supplements))
			}
		}
		made = append(made, a)
	}
	return made
}

// historyOf says over how long so many messages are spread, and how many conversations wait for an answer.
func historyOf(messages int) (span time.Duration, waiting int) {
	const day = 24 * time.Hour
	waiting = min(messages/30, 10)
	switch {
	case messages <= 2_000:
		return 40 * day, waiting
	case messages <= 100_000:
		return 120 * day, 40
	default:
		return 365 * day, 200
	}
}

// Handler serves every mounted remote side by host name and by path prefix, the control API under /_sandbox/ and the page at /.
func (w *World) Handler() http.Handler { return w.handle }

// Clock is the world's clock.
func (w *World) Clock() *Clock { return w.clock }

// Accounts are the cabinets of an API, in their order; nil for an unknown API.
func (w *World) Accounts(api string) []*Account {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if m := w.mounted(api); m != nil {
		return slices.Clone(m.accounts)
	}
	return nil
}

// Seed is the number the world was made from.
func (w *World) Seed() uint64 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.seed
}

func (w *World) mounted(api string) *mounted {
	for _, m := range w.apis {
		if m.API == api {
			return m
		}
	}
	return nil
}

// Violate counts a request beyond the limits of an API. Emulators call it for every refusal of their own, never for a fault.
func (w *World) Violate(api string) { w.notes().violate(api) }

func (w *World) notes() *ledger {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.ledger
}

// Reset makes the world anew from seed: other cabinets, other tokens, histories up to the clock's present time, no faults, counters at nought.
// The clock and its speed stay.
func (w *World) Reset(seed uint64) {
	w.mu.Lock()
	w.seed, w.ids, w.ledger, w.thrown = seed, newSealer(seed), newLedger(), 0
	for _, m := range w.apis {
		m.accounts = w.newAccounts(m.Emulator, w.clock.Now())
	}
	apis := slices.Clone(w.apis)
	w.mu.Unlock()
	w.faults.reset(seed)
	w.live.reset()
	for _, m := range apis {
		if m.Reset != nil {
			m.Reset()
		}
	}
}

// BuyerMessage is what a buyer writes.
type BuyerMessage struct {
	API string `json:"api"`
	// Account is a cabinet's name, its seller id or its number from 1; empty means the first.
	Account string `json:"account"`
	Kind    Kind   `json:"kind"`
	// Conversation is the remote side's id; empty starts a new conversation of a new buyer about a new order.
	Conversation string `json:"conversation"`
	// From names the buyer of a new conversation; nil means a generated person.
	From   *Person   `json:"from"`
	Text   string    `json:"text"`
	Rating *int      `json:"rating"`
	Files  []NewPart `json:"files"`
}

// NewPart is a file to attach: with Data its bytes, else a drawing of the type that the name's ending tells and of about Size bytes.
type NewPart struct {
	Name string `json:"name"`
	Size int    `json:"size"`
	Data []byte `json:"data,omitempty"`
}

// SellerMessage is an answer typed in the seller's own cabinet. Its fields are those of BuyerMessage.
type SellerMessage struct {
	API          string `json:"api"`
	Account      string `json:"account"`
	Kind         Kind   `json:"kind"`
	Conversation string `json:"conversation"`
	Text         string `json:"text"`
}

// Written names a message that was put into the world by the remote side's ids.
type Written struct {
	Conversation string `json:"conversation"`
	Message      string `json:"message"`
}

// RequestError is a refusal of a request to the world; Message is for a person.
type RequestError struct{ Message string }

// Error returns the message.
func (e *RequestError) Error() string { return e.Message }

func refuse(format string, args ...any) error { return &RequestError{fmt.Sprintf(format, args...)} }

const (
	maxParts     = 30
	maxPartSize  = 20 << 20
	maxNameBytes = 255
)

// BuyerWrites puts a buyer's message into a conversation, or starts one with it. A refusal is a *RequestError.
func (w *World) BuyerWrites(ctx context.Context, in BuyerMessage) (Written, error) {
	if err := ctx.Err(); err != nil {
		return Written{}, err
	}
	m, a, err := w.addressed(in.API, in.Account, in.Kind)
	if err != nil {
		return Written{}, err
	}
	if m.Buyer != nil {
		if got, taken, err := m.Buyer(a, in); taken || err != nil {
			return got, err
		}
	}
	if in.Kind != KindChat {
		return buyerPosts(w, m, a, in)
	}
	if in.Rating != nil {
		return Written{}, refuse("a chat has no rating")
	}
	if in.Text == "" && len(in.Files) == 0 {
		return Written{}, refuse("text or files are needed")
	}
	files, err := w.parts(in.Files)
	if err != nil {
		return Written{}, err
	}
	var to *ID // nil: a new conversation
	if in.Conversation != "" {
		id, err := m.ParseID(in.Kind, in.Conversation)
		if err != nil {
			return Written{}, refuse("conversation is not an id of %s", in.API)
		}
		to = &id
		if in.From != nil {
			return Written{}, refuse("from is for a new conversation only")
		}
	}
	got, ok := w.add(a, to, in.From, said(Message{Author: Buyer, Text: in.Text, Files: files, Card: to == nil}))
	if !ok {
		return Written{}, refuse("no such conversation")
	}
	return Written{m.RemoteID(in.Kind, got.Conversation), m.messageID(got.ID)}, nil
}

// SellerWrites puts in an answer typed in the seller's own cabinet. A refusal is a *RequestError.
func (w *World) SellerWrites(ctx context.Context, in SellerMessage) (Written, error) {
	if err := ctx.Err(); err != nil {
		return Written{}, err
	}
	m, a, err := w.addressed(in.API, in.Account, in.Kind)
	if err != nil {
		return Written{}, err
	}
	if in.Text == "" {
		return Written{}, refuse("text is needed")
	}
	if m.Seller != nil {
		if got, taken, err := m.Seller(a, in); taken || err != nil {
			return got, err
		}
	}
	if in.Kind != KindChat {
		return sellerPosts(w, m, a, in)
	}
	id, err := m.ParseID(in.Kind, in.Conversation)
	if err != nil {
		return Written{}, refuse("conversation is not an id of %s", in.API)
	}
	got, ok := w.add(a, &id, nil, said(Message{Author: Seller, Source: SourceCabinet, Text: in.Text}))
	if !ok {
		return Written{}, refuse("no such conversation")
	}
	w.live.answered(w, a, got.Conversation)
	return Written{m.RemoteID(in.Kind, got.Conversation), m.messageID(got.ID)}, nil
}

// ErrNoConversation is returned by Receive for an identity that the account does not have.
var ErrNoConversation = errors.New("no such conversation")

// Receive takes a message that the seller's program sent through the API: it enters the conversation and the list of received ones.
func (w *World) Receive(a *Account, conversation ID, text string, files []File) (Message, error) {
	got, ok := w.add(a, &conversation, nil, said(Message{Author: Seller, Source: SourceAPI, Text: text, Files: files}))
	if !ok {
		return Message{}, ErrNoConversation
	}
	note := Received{API: a.API, Account: a.Name, Kind: KindChat, Conversation: conversation.String(), Text: text, Files: []Part{}, At: Moment{got.At}}
	w.mu.RLock()
	notes, m := w.ledger, w.mounted(a.API)
	w.mu.RUnlock()
	if m != nil {
		note.Conversation = m.RemoteID(KindChat, conversation)
	}
	for _, f := range files {
		note.Files = append(note.Files, Part{f.Name, f.Size()})
	}
	notes.receive(note, files, true)
	w.live.answered(w, a, conversation)
	return got, nil
}

// said composes a message that does not depend on the buyer.
func said(m Message) func(party) Message { return func(party) Message { return m } }

// add writes a message at the present time of the remote side. Without an id it starts a conversation.
func (w *World) add(a *Account, id *ID, from *Person, compose func(party) Message) (Message, bool) {
	now := w.clock.Now().Add(w.faults.standingSkew(a.API))
	m, ok := a.say(now, id, from, compose)
	if ok {
		happened(w, a, Event{Kind: KindChat, Conversation: m.Conversation, Message: m, Opens: id == nil})
	}
	return m, ok
}

// say puts a message into a conversation of the account, or into a new one.
func (a *Account) say(now time.Time, id *ID, from *Person, compose func(party) Message) (Message, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	chat, ok := uint32(0), true
	if id == nil {
		chat = a.open(from)
	} else if chat, ok = a.find(*id); !ok {
		return Message{}, false
	}
	who := a.party(chat)
	m := compose(who)
	for i := range m.Files {
		m.Files[i].look = who.product.Look()
	}
	if m.Author == Buyer {
		m.Source = who.source
	}
	return a.write(chat, now, m), true
}

// addressed finds the remote side and the account of a request.
func (w *World) addressed(api, account string, kind Kind) (*mounted, *Account, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	m, err := w.served(api)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Contains(m.Kinds, kind) {
		return nil, nil, noKind(api, kind)
	}
	for i, a := range m.accounts {
		if account == "" || account == a.Name || strings.EqualFold(account, a.Seller) || account == fmt.Sprint(i+1) {
			return m, a, nil
		}
	}
	return nil, nil, refuse("%s has no such account: give a name or a seller of GET /_sandbox/state", api)
}

// served finds a mounted API; the caller holds the lock.
func (w *World) served(api string) (*mounted, error) {
	if m := w.mounted(api); m != nil {
		return m, nil
	}
	switch api {
	case "":
		return nil, refuse("api is needed")
	case "wildberries", "yandexmarket", "radist":
		return nil, refuse("%s is not mounted here", api)
	}
	return nil, refuse("unknown api")
}

func noKind(api string, kind Kind) error {
	switch kind {
	case "":
		return refuse("kind is needed")
	case "question", "review", "claim":
		return refuse("%ss of %s come with a later version", kind, api)
	}
	return refuse("unknown kind; this sandbox has chat, question, review and claim")
}

// parts makes the files of a request.
func (w *World) parts(in []NewPart) ([]File, error) {
	if len(in) > maxParts {
		return nil, refuse("at most %d files", maxParts)
	}
	var files []File
	for _, p := range in {
		if len(p.Name) > maxNameBytes || p.Size < 0 || p.Size > maxPartSize || len(p.Data) > maxPartSize {
			return nil, refuse("a file needs a name of at most %d bytes and a size from 0 to %d", maxNameBytes, maxPartSize)
		}
		if len(p.Data) > 0 {
			files = append(files, NewFile(p.Name, p.Data))
			continue
		}
		w.mu.Lock()
		w.thrown++
		seed := scene.Throw(w.seed, diceFile, w.thrown, 0xf11e).Next()
		w.mu.Unlock()
		files = append(files, generatedFile(p.Name, p.Size, seed))
	}
	return files, nil
}
