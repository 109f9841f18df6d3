package yandexmarket

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// post is a conversation as it goes into a batch: a chat, a review with its
// comments, or a question with its answers.
type post struct {
	patch    sellerdesk.ConversationPatch
	messages []sellerdesk.MessagePatch
	// checking: something of ours is being moderated.
	checking bool
	// newest is the largest id of a line without a date of its own.
	newest int64
}

// row is a post as a list shows it.
type row struct {
	post
	// moved is the last change by the word of the list; zero when it has none.
	moved sellerdesk.Time
	// deep: the list does not show all that is new, so that a change is to be
	// read through the history.
	deep bool
}

// sum changes when anything that the list says of a row does.
func (r row) sum() uint64 {
	h := fnv.New64a()
	b, err := json.Marshal(struct {
		Patch    sellerdesk.ConversationPatch
		Messages []sellerdesk.MessagePatch
		Moved    sellerdesk.Time
	}{r.patch, r.messages, r.moved})
	if err != nil {
		return 0 // never: texts, numbers and times
	}
	_, _ = h.Write(b)
	return h.Sum64()
}

// rows are one page of a list.
type rows struct {
	list    []row
	next    string // the token of the next page, "" at the end
	skipped []sellerdesk.Skipped
}

// bring adds posts to a batch, oldest first.
func bring(b *sellerdesk.Batch, posts []post) {
	for _, p := range posts {
		b.Conversations = append(b.Conversations, p.patch)
		b.Messages = append(b.Messages, p.messages...)
	}
	slices.SortStableFunc(b.Conversations, func(x, y sellerdesk.ConversationPatch) int {
		return cmp.Or(changedAt(x).Compare(changedAt(y)), cmp.Compare(x.RemoteID, y.RemoteID))
	})
	slices.SortStableFunc(b.Messages, func(x, y sellerdesk.MessagePatch) int { return x.At.Compare(y.At.Time) })
}

func changedAt(c sellerdesk.ConversationPatch) time.Time {
	if c.UpdatedAt == nil {
		return time.Time{}
	}
	return c.UpdatedAt.Time
}

// reached notes that a batch tells the present.
func reached(b *sellerdesk.Batch, now time.Time) {
	at := sellerdesk.At(now)
	b.Reached, b.Newest = &at, &at
}

// kept is what stays on a conversation for us. It names its conversation and
// is good for no other.
type kept struct {
	Of sellerdesk.RemoteID `json:"of"`
	// Last is the id of the last line read: of a chat the last message, of a
	// review or question the newest line that has no date.
	Last int64 `json:"last,omitempty"`
	// Mine is the answer of ours that an edit without a name means.
	Mine sellerdesk.RemoteID `json:"mine,omitempty"`
	// Ask: what only the list and the single call tell is to be asked for.
	Ask bool `json:"ask,omitempty"`
	// Sent: something of ours was taken and has not shown yet.
	Sent bool `json:"sent,omitempty"`
	// Looks is how often we have looked since.
	Looks int `json:"looks,omitempty"`
}

func (k kept) bytes() []byte {
	b, err := json.Marshal(k)
	if err != nil {
		return nil // never: texts, numbers and flags
	}
	return b
}

// keptOf is what is kept on a conversation; ok is false when it is nothing of
// ours.
func keptOf(ref sellerdesk.RemoteRef) (k kept, ok bool) {
	if json.Unmarshal(ref.Remote, &k) != nil || k.Of != ref.ID || k.Last < 0 || k.Looks < 0 {
		return kept{Of: ref.ID}, false
	}
	return k, true
}

// patiently is how long to wait for the next look; zero means no more. What is
// checked shows one day; what does not show at all is given up after minutes.
func patiently(looks int, checking bool) time.Duration {
	pauses := []time.Duration{5 * time.Second, 20 * time.Second, time.Minute, 10 * time.Minute}
	switch {
	case looks < len(pauses):
		return pauses[max(looks, 0)]
	case checking:
		return time.Hour
	default:
		return 0
	}
}

// number reads an id of the remote side, 0 when it is none.
func number(id sellerdesk.RemoteID) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != string(id) {
		return 0
	}
	return n
}

func named(n int64) sellerdesk.RemoteID { return sellerdesk.RemoteID(strconv.FormatInt(n, 10)) }

// The names of lines inside a review and a question.
const (
	lineReview    sellerdesk.RemoteID = "review"
	lineQuestion  sellerdesk.RemoteID = "question"
	answerPrefix                      = "answer:"
	commentPrefix                     = "comment:"
)

func answerLine(id int64) sellerdesk.RemoteID  { return answerPrefix + named(id) }
func commentLine(id int64) sellerdesk.RemoteID { return commentPrefix + named(id) }

// lineOf takes the name of a line apart; id is 0 when it is none of ours.
func lineOf(name sellerdesk.RemoteID) (prefix string, id int64) {
	for _, prefix := range []string{answerPrefix, commentPrefix} {
		if rest, ok := strings.CutPrefix(string(name), prefix); ok {
			return prefix, number(sellerdesk.RemoteID(rest))
		}
	}
	return "", 0
}

const rawLimit = 4 << 10

func skipped(what string, raw []byte) sellerdesk.Skipped {
	return sellerdesk.Skipped{What: what, Raw: raw[:min(len(raw), rawLimit)]}
}

// malformed records what could not be decoded.
func malformed(what string, items []api.Malformed) []sellerdesk.Skipped {
	var out []sellerdesk.Skipped
	for _, m := range items {
		out = append(out, skipped(what, m.Raw))
	}
	return out
}

// skippedThing keeps a thing that is not shown, as far as it was decoded.
func skippedThing(what string, v any) sellerdesk.Skipped {
	raw, err := json.Marshal(v)
	if err != nil {
		raw = nil
	}
	return skipped(what, raw)
}

// firstText is the first text that is not blank.
func firstText(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// cut shortens a foreign text to limit characters.
func cut(s string, limit int) string {
	runes := 0
	for i := range s {
		if runes == limit {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}

func yes() *bool {
	t := true
	return &t
}
