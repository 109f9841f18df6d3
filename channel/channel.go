package channel

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Connector is one opened account. It is safe for concurrent use, knows only
// the vocabulary, never touches the database, never retries a write, and
// returns *[Error] for everything the remote side said.
type Connector interface {
	// Check proves the credentials and names the cabinet. It must be cheap: it
	// runs when an account is added and by the doctor.
	Check(ctx context.Context) (sellerdesk.Identity, error)
	// Streams lists what can be pulled and how often; the answer does not
	// change while the connector lives.
	Streams() []Stream
	// Pull returns what changed in one stream since from, oldest first. An
	// empty batch is normal. More asks to be called again at once.
	Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error)
	// Send performs one action once. The caller has checked it against the
	// abilities.
	Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error)
}

// Fetcher gives the bytes of remote files. Called by the fetching of files, in
// the process that owns the account, when a file is wanted. The adapter knows
// whether a token is needed.
type Fetcher interface {
	Fetch(ctx context.Context, f sellerdesk.RemoteFile) (sellerdesk.Fetched, error)
}

// Budgeter tells what the remote side still allows. Called by the account page;
// it must not do I/O.
type Budgeter interface {
	Budget() []sellerdesk.BucketState
}

// Rewinder gives the cursor from which a stream shows again what happened since
// a moment. Called when a person asks to look for a send of unknown outcome; it
// must not do I/O.
type Rewinder interface {
	Rewind(stream string, since time.Time) (sellerdesk.Cursor, error)
}

// Historian reads one conversation again. Called when a look at it was asked
// for ([sellerdesk.ConversationPatch].Reread), when the outcome of an action on
// it is unknown, and for repair. A conversation that is not there is an empty
// batch, or an error of class [Gone] when that is sure.
type Historian interface {
	History(ctx context.Context, conversation sellerdesk.RemoteRef, from sellerdesk.Cursor) (sellerdesk.Batch, error)
}

// Receiver translates a stored push of the remote side. Called by pull, in the
// order of arrival. What a push only names is listed in
// [sellerdesk.Batch].Reread and read again afterwards, so that a burst about
// one conversation costs one reading. It may ask the remote side what a name
// belongs to. A push of an unknown kind is an empty batch; one that makes no
// sense is an error of class [Malformed].
type Receiver interface {
	Receive(ctx context.Context, p sellerdesk.Push) (sellerdesk.Batch, error)
}

// Uploader takes files that go to the remote side before the message that names
// them. Called by the sender, once for each content of an account; what it
// returns is kept and comes back as [sellerdesk.Blob].Uploaded of every message
// with that content. When a Send that names a kept one is refused, for no reason
// that has to do with something else, it is called again with the refused one in
// Uploaded, and has to bring the content to another place.
type Uploader interface {
	Upload(ctx context.Context, f sellerdesk.Blob) (sellerdesk.RemoteFile, error)
}

// Windower tells whether we may write freely in a conversation now, and until
// when. Called when a person opens the conversation and what is kept is old;
// the result is kept on the conversation.
type Windower interface {
	Window(ctx context.Context, conversation sellerdesk.RemoteRef) (sellerdesk.Window, error)
}

// TemplateLister lists the texts that the messenger approved. Called by pull
// when the account is opened, hourly and on demand; the list is kept.
type TemplateLister interface {
	Templates(ctx context.Context) ([]sellerdesk.RemoteTemplate, error)
}

// Subscriber asks the remote side to push to an address of ours, and to no other
// address that was ours before. Called by pull when the account is opened;
// asking twice changes nothing.
type Subscriber interface {
	Subscribe(ctx context.Context, url string) error
}

// Stream is one thing that can be pulled.
type Stream struct {
	Name string
	// Every is the pace of pulls once caught up.
	Every time.Duration
	// Calm is the slowest pace, reached step by step while nothing new comes;
	// zero means Every.
	Calm time.Duration
	// Backfill: old history, read with what is left of the budget. It delays
	// nothing else.
	Backfill bool
	// Echo: what we sent shows up in this stream, so that it settles sends of
	// unknown outcome.
	Echo bool
}

// Driver is how a channel is offered: plain data and one constructor that does
// no I/O.
type Driver struct {
	Kind   sellerdesk.ChannelKind // equals the folder name
	Title  string
	Fields []Field // the credentials form; the screens and the command line are drawn from it
	// Can is what the channel can do with each kind of conversation.
	Can map[sellerdesk.Kind][]sellerdesk.Ability
	// Abilities narrows Can to what one account can do, where its credentials
	// decide that: pure. Nil: every account can do the same.
	Abilities func(credentials map[string]sellerdesk.Secret) map[sellerdesk.Kind][]sellerdesk.Ability
	// Ack says what to answer to a push at once, before anybody reads it: pure,
	// called by the server. Nil: the channel does not push.
	Ack func(sellerdesk.Push) Reply
	// Admit says whether a push that Ack wants kept comes from who knows the
	// credentials: pure, called by the server before it is kept. It returns
	// *[Error]: of class Unauthorized when it does not, which shows in the health of
	// the pushes; any other when this account does not take it. Nil: nothing proves
	// who pushes but the address.
	Admit func(credentials map[string]sellerdesk.Secret, p sellerdesk.Push) error
	// Client makes the HTTP client of one account of a channel whose addresses
	// people name. Where whoever named them may change the house, private is true
	// and addresses of this machine and its network may be called; else public ones
	// only. Nil: the addresses are those of the channel.
	Client func(private bool) *http.Client
	// Open makes the connector of one account. It inspects the credentials as
	// far as that is possible without I/O and returns *[Error] when they
	// cannot work.
	Open func(Settings) (Connector, error)
}

// AbilitiesOf is what an account with these credentials can do.
func (d Driver) AbilitiesOf(credentials map[string]sellerdesk.Secret) map[sellerdesk.Kind][]sellerdesk.Ability {
	if d.Abilities == nil {
		return d.Can
	}
	return d.Abilities(credentials)
}

// Reply is the answer to a push.
type Reply struct {
	Status int
	Type   string // media type of Body
	Body   []byte
	// Keep: the push tells something that is to be read, so it is stored before
	// it is answered. Others, as a test of the address, are answered only.
	Keep bool
}

// Field is one credential in the form that adds an account.
type Field struct {
	Name   string            // key in Settings.Credentials and flag of the command line
	Title  map[string]string // by language, "ru" and "en"
	Help   map[string]string // by language; may be empty
	Secret bool              // hidden while typing
	// Optional fields may be left empty.
	Optional bool
}

// Settings is what a connector is opened with.
type Settings struct {
	Credentials map[string]sellerdesk.Secret
	// BaseURL replaces the real address of the remote side; "" means the real one.
	BaseURL string
	// Client makes the calls: one of [Driver].Client where the channel has it. Nil
	// means a client with sane timeouts, which calls public addresses only where
	// people name them.
	Client *http.Client
	Clock  sellerdesk.Clock
	Log    *slog.Logger // never nil
}

// Description is what a connector offers, as a plain struct. The optional
// parts are nil when the channel does not have them.
type Description struct {
	Streams []Stream
	Fetch   func(context.Context, sellerdesk.RemoteFile) (sellerdesk.Fetched, error)
	Budget  func() []sellerdesk.BucketState
	Rewind  func(stream string, since time.Time) (sellerdesk.Cursor, error)
	History func(context.Context, sellerdesk.RemoteRef, sellerdesk.Cursor) (sellerdesk.Batch, error)
	Receive func(context.Context, sellerdesk.Push) (sellerdesk.Batch, error)

	Upload    func(context.Context, sellerdesk.Blob) (sellerdesk.RemoteFile, error)
	Window    func(context.Context, sellerdesk.RemoteRef) (sellerdesk.Window, error)
	Templates func(context.Context) ([]sellerdesk.RemoteTemplate, error)
	Subscribe func(ctx context.Context, url string) error
}

// Describe tells what a connector offers.
func Describe(c Connector) Description {
	d := Description{Streams: c.Streams()}
	if f, ok := c.(Fetcher); ok {
		d.Fetch = f.Fetch
	}
	if b, ok := c.(Budgeter); ok {
		d.Budget = b.Budget
	}
	if r, ok := c.(Rewinder); ok {
		d.Rewind = r.Rewind
	}
	if h, ok := c.(Historian); ok {
		d.History = h.History
	}
	if r, ok := c.(Receiver); ok {
		d.Receive = r.Receive
	}
	if u, ok := c.(Uploader); ok {
		d.Upload = u.Upload
	}
	if w, ok := c.(Windower); ok {
		d.Window = w.Window
	}
	if t, ok := c.(TemplateLister); ok {
		d.Templates = t.Templates
	}
	if s, ok := c.(Subscriber); ok {
		d.Subscribe = s.Subscribe
	}
	return d
}
