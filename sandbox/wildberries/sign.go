package wildberries

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// signs gives out the reply signatures of chats. A signature's number grows with every message sent through the API;
// an older one works for some time after it was replaced.
type signs struct {
	mu       sync.Mutex
	replaced map[sandbox.ID][]time.Time // when signature number i of a chat was replaced
}

func newSigns() *signs { return &signs{replaced: map[sandbox.ID][]time.Time{}} }

func (s *signs) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.replaced)
}

// sign writes the signature in the form used since June 2026: version, uuid, hexadecimal digits.
func sign(a *sandbox.Account, chat sandbox.ID, number int) string {
	mac := hmac.New(sha512.New, []byte(a.Seller))
	fmt.Fprintf(mac, "%s %d", chat, number)
	return fmt.Sprintf("1:%s:%08x%s", chat, number, hex.EncodeToString(mac.Sum(nil)[:60]))
}

// current is the signature to be shown now.
func (s *signs) current(a *sandbox.Account, chat sandbox.ID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sign(a, chat, len(s.replaced[chat]))
}

// rotate replaces the signature of a chat and returns the new one.
func (s *signs) rotate(a *sandbox.Account, chat sandbox.ID, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replaced[chat] = append(s.replaced[chat], now)
	return sign(a, chat, len(s.replaced[chat]))
}

const maxSign = 255

// check finds the chat that a signature belongs to. A signature of four parts is of the form refused since June 2026.
func (s *signs) check(a *sandbox.Account, text string, life time.Duration, now time.Time) (sandbox.ID, bool) {
	parts := strings.Split(text, ":")
	if len(text) > maxSign || len(parts) != 3 || parts[0] != "1" || len(parts[2]) < 8 {
		return sandbox.ID{}, false
	}
	chat, err := sandbox.ParseID(parts[1])
	if err != nil {
		return sandbox.ID{}, false
	}
	number, err := parseHex(parts[2][:8])
	if err != nil || !hmac.Equal([]byte(text), []byte(sign(a, chat, number))) {
		return sandbox.ID{}, false
	}
	if _, ok := a.Conversation(chat); !ok {
		return sandbox.ID{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	replaced := s.replaced[chat]
	switch {
	case number == len(replaced):
		return chat, true
	case number > len(replaced):
		return sandbox.ID{}, false
	}
	return chat, life > 0 && now.Sub(replaced[number]) <= life
}

func parseHex(digits string) (int, error) {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, b := range raw {
		n = n<<8 | int(b)
	}
	return n, nil
}
