package people

import (
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Deps is what the verbs stand on. Store and Log are needed.
type Deps struct {
	Store *store.Store
	Clock sellerdesk.Clock
	Log   *slog.Logger
	// Channels are those that roles can be given for.
	Channels []sellerdesk.ChannelKind
	// Cost is how hard a password is to guess; the zero value is the second
	// recommended choice of RFC 9106.
	Cost PasswordCost
}

// house is what the verbs share.
type house struct {
	deps     Deps
	hashing  chan struct{} // one token for each password being worked on
	attempts *attempts     // of passwords
	codes    *attempts     // of second factors
	tickets  *tickets
	standing *standing
	uses     *uses
}

// New makes the verbs.
func New(d Deps) (*Users, *Roles, *Keys, *Sessions) {
	if d.Cost == (PasswordCost{}) {
		d.Cost = HouseCost()
	}
	h := &house{
		deps: d, hashing: make(chan struct{}, hashers),
		attempts: newAttempts(d.Clock, attemptsLogin), codes: newAttempts(d.Clock, attemptsCode),
		tickets: newTickets(d.Clock), standing: &standing{store: d.Store}, uses: newUses(),
	}
	return &Users{h}, &Roles{deps: d}, &Keys{house: h, windows: map[sellerdesk.KeyID]window{}}, &Sessions{h}
}

// longestName bounds a name as colleagues see it, in characters.
const longestName = 100

func oneLine(s string) string { return strings.Join(strings.Fields(text.Clean(s)), " ") }

// clipped makes a name fit to be kept.
func clipped(s string) string { return cut(oneLine(s), longestName, "") }

// shown is a foreign word as a sentence may repeat it.
func shown(s string) string { return cut(strings.ToValidUTF8(s, "?"), 40, "…") }

func cut(s string, most int, end string) string {
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + end
	}
	return s
}

// randomToken is a text that nobody guesses: 43 characters of 256 bits.
func randomToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}
