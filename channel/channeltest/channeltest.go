package channeltest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// Options says what the suite needs to know of a channel.
type Options struct {
	// Start makes a far end of its own for one proof, with some pages of
	// history to read and a clock some hundred times faster than the machine's.
	// It ends with the test.
	Start func(t testing.TB) Remote
	// Photos are the kinds in which a buyer can add photos to what he writes.
	Photos []sellerdesk.Kind
	// Unfit is a text that the moderation of answers turns away, where there is
	// one; "" when every answer is shown as it is.
	Unfit string
	// Wrong are credentials that cannot work.
	Wrong []Wrong
	// Sourceless: the far end does not tell what we sent from what was typed in
	// its own cabinet.
	Sourceless bool
	// Trees are the kinds in which several answers stand, also under one another.
	Trees []sellerdesk.Kind
	// Echo: what we sent comes back in pushes. Asked only of a channel that has
	// nothing to pull; others say it of each stream.
	Echo bool
}

// Wrong is a set of credentials that Open or Check must refuse.
type Wrong struct {
	Name        string // a sentence, as "the token has expired"
	Credentials func(Remote) map[string]sellerdesk.Secret
	Code        sellerdesk.ReasonCode
}

// Remote is the far end of one proof.
type Remote struct {
	// World is whatever the test of the channel wants to find again in Wrong.
	World any
	// Credentials may do everything.
	Credentials map[string]sellerdesk.Secret
	BaseURL     string
	Client      *http.Client
	// Clock is that of the far end.
	Clock sellerdesk.Clock

	// Buyer lets a buyer write and returns the conversation; without one in
	// the line a new buyer opens a new one. In the conversation of a review it
	// changes what was written.
	Buyer func(t testing.TB, l Line) sellerdesk.RemoteID
	// Elsewhere answers as the seller, but not through the interface we use.
	Elsewhere func(t testing.TB, l Line)
	// Readable lists the messages that can be read now. Nil when the far end
	// cannot tell: then only its own answers are compared.
	Readable func(t testing.TB) []Name
	// Received lists what came from us, oldest first.
	Received func(t testing.TB) []Line
	// Fault replaces all faults; none ends them.
	Fault func(t testing.TB, f ...Fault)
	// Violations counts the requests that went over a published limit.
	Violations func(t testing.TB) int

	// Pushes gives what the far end pushed since it was asked last. Nil when it
	// does not push, or the test does not play that.
	Pushes func(t testing.TB) []sellerdesk.Push
	// Subject gives something to start a conversation about that nobody talks
	// about yet. Nil when none can be started.
	Subject func(t testing.TB) sellerdesk.Open
	// Shut gives a conversation in which nobody may write, and why. Nil when
	// there is no such thing.
	Shut func(t testing.TB) (sellerdesk.RemoteID, sellerdesk.ReasonCode)
	// Messenger is what only messengers have; nil for others.
	Messenger *Messenger
}

// Messenger is what the far end of a messenger can do besides.
type Messenger struct {
	// Talk gives a conversation in which all that the channel offers can be said.
	Talk func(t testing.TB) sellerdesk.RemoteID
	// Quiet gives one whose window is shut, so that it takes templates only.
	Quiet func(t testing.TB) sellerdesk.RemoteID
	// Unpaid lets the balance run out.
	Unpaid func(t testing.TB)
	// Twice gives two conversations of one person.
	Twice func(t testing.TB) (a, b sellerdesk.RemoteID)
	// Mark gives a message of ours a mark now: delivered, read, or refused for an
	// error.
	Mark func(t testing.TB, conversation, message sellerdesk.RemoteID, mark sellerdesk.MessageStatus)
	// Uploads counts the files that were uploaded.
	Uploads func(t testing.TB) int
}

// Line is something said in a conversation.
type Line struct {
	Kind         sellerdesk.Kind
	Conversation sellerdesk.RemoteID
	Text         string
	Rating       int // stars of a review; 0 leaves them
	Files        []File
}

// Name names a message: ids of lines are unique in their conversation only.
type Name struct {
	Kind         sellerdesk.Kind
	Conversation sellerdesk.RemoteID
	Message      sellerdesk.RemoteID
}

func nameOf(m sellerdesk.MessagePatch) Name { return Name{m.Kind, m.Conversation, m.RemoteID} }

// File is a file of a line by its outside.
type File struct {
	Name string
	Size int64
}

// Call is what a connector does at the far end.
type Call string

// The calls that can fail on order.
const (
	Pull  Call = "pull"
	Send  Call = "send"
	Fetch Call = "fetch"
)

// Effect is how a call goes wrong.
type Effect string

// The effects.
const (
	Throttle   Effect = "429"         // refused for its limit
	Fail       Effect = "500"         // the server fails
	DropBefore Effect = "drop_before" // the connection breaks before the request counts
	DropAfter  Effect = "drop_after"  // it counts, and the answer is lost
	Truncate   Effect = "truncate"    // the answer breaks off
	Slow       Effect = "slow"        // the answer takes Seconds
	Duplicate  Effect = "duplicate"   // things come twice
	Reorder    Effect = "reorder"     // things come out of order
)

// Fault makes calls go wrong until it is replaced.
type Fault struct {
	Call   Call
	Stream string // of a pull
	// Kind and Action are those of a send.
	Kind   sellerdesk.Kind
	Action sellerdesk.ActionKind
	Effect Effect
	// Nth is the one call from now on that fails, from 1; 0 means every call.
	Nth int
	// Seconds is what a throttled answer asks to wait, or how long a slow one takes.
	Seconds float64
}

// Run proves the whole contract for one channel. It must not run beside other
// tests at first: the proof about leaks counts goroutines, then the others
// run in parallel.
func Run(t *testing.T, d channel.Driver, o Options) {
	t.Helper()
	s := suite{driver: d, options: o}
	kinds := s.kinds()
	if len(kinds) == 0 {
		t.Fatal("nothing can be done with any kind of conversation")
	}
	s.kind = kinds[0]
	t.Run("leaves no goroutine behind", s.provesNoGoroutines)
	s.run(t, s.offers(), s.reads(), s.pushes())
	for _, kind := range kinds {
		s.kind = kind
		groups := [][]proof{s.posts()}
		if _, ok := sellerdesk.Find(d.Can[kind], sellerdesk.ActionReply); ok {
			groups = [][]proof{s.chats(), s.files(), s.sends(), s.breaks(), s.starts(), s.messengers()}
		}
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s.run(t, groups...)
		})
	}
}

func (s suite) run(t *testing.T, groups ...[]proof) {
	for _, p := range slices.Concat(groups...) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.run(t)
		})
	}
}

// kinds are those that the driver can do something with.
func (s suite) kinds() []sellerdesk.Kind {
	return slices.DeleteFunc(sellerdesk.Kinds(), func(k sellerdesk.Kind) bool { return len(s.driver.Can[k]) == 0 })
}

type suite struct {
	driver  channel.Driver
	options Options
	kind    sellerdesk.Kind // that is played
}

// proof is one sentence about connectors and how it is proved.
type proof struct {
	name string
	run  func(t *testing.T)
}

// ability gives what the driver offers for an action on the kind played; the
// proof is left out when it offers none.
func (s suite) ability(t *testing.T, action sellerdesk.ActionKind) sellerdesk.Ability {
	t.Helper()
	a, ok := sellerdesk.Find(s.driver.Can[s.kind], action)
	if !ok {
		t.Skipf("the channel does not offer %s", action)
	}
	return a
}
