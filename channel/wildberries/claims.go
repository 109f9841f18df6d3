package wildberries

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// claimList reads the claims under review or the decided ones: short lists of
// the last 14 days, in no documented order, read whole each time, one page in a
// pull. A claim that left those under review is asked for by itself.
type claimList struct {
	archive bool
	list    func(ctx context.Context, offset int) (page, error)
	now     func() time.Time

	mu     sync.Mutex // guards memory
	memory claimMemory
}

// claimMemory is what was handed out up to a cursor.
type claimMemory struct {
	cursor sellerdesk.Cursor
	known  map[string]standing // all of the last round
	round  map[string]bool     // those seen in this round
	bad    map[string]bool
}

// claimSpot is where the reading of claims stands.
type claimSpot struct {
	Offset int `json:"offset,omitempty"`
	// Sum is the content of a list of one page.
	Sum   string `json:"sum"`
	Batch int64  `json:"batch"`
}

// mostClaims bounds one round.
const mostClaims = 20_000

func claimSpotOf(c sellerdesk.Cursor) claimSpot {
	var s claimSpot
	if json.Unmarshal([]byte(c), &s) != nil || s.Offset < 0 || s.Offset > mostClaims {
		return claimSpot{}
	}
	return s
}

// claimPage reads a page of claims.
func (c *board) claimPage(ctx context.Context, archive bool, offset int) (page, error) {
	got, err := c.client.Claims.List(ctx, api.ListClaims{Archive: archive, Limit: api.MaxClaimsLimit, Offset: offset})
	if err != nil {
		return page{}, c.failure(err, reading, api.BucketClaimList)
	}
	p := newPage(got.Claims, got.Malformed, "a claim", convertClaim)
	p.total = got.Total
	return p, nil
}

func (l *claimList) pull(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	at := claimSpotOf(from)
	p, err := l.list(ctx, at.Offset)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	m, trusted := l.recall(from)
	sum := digestOf(p)
	fresh := at.Offset > 0 || at.Sum != sum
	var b sellerdesk.Batch
	var posts []post
	for _, x := range p.posts {
		m.round[x.id] = true
		if s := x.sum(); m.known[x.id].sum != s {
			m.known[x.id] = standing{s, x.created, x.patch.RemoteID}
			posts = append(posts, x)
		}
	}
	if !fresh && !trusted {
		posts = nil // a new process: these were handed out by the one before
	}
	bring(&b, posts)
	look := look{known: memory{bad: m.bad}}
	look.bad(p.skipped)
	b.Skipped = look.skipped
	if p.size >= api.MaxClaimsLimit && at.Offset < mostClaims-api.MaxClaimsLimit {
		at.Offset += api.MaxClaimsLimit
		b.More = true
	} else {
		b.Conversations = append(b.Conversations, l.left(&m)...)
		at.Offset = 0
	}
	at.Sum = sum
	if len(b.Conversations)+len(b.Skipped) > 0 {
		at.Batch++
		b.Reached, b.Newest = moments(l.now)
	}
	next, err := json.Marshal(at)
	if err != nil {
		return sellerdesk.Batch{}, err // never: numbers and a text
	}
	b.Next = sellerdesk.Cursor(next)
	l.remember(b.Next, m)
	return b, nil
}

// left ends a round: claims that no longer stand in the list of those under
// review are asked for.
func (l *claimList) left(m *claimMemory) []sellerdesk.ConversationPatch {
	var out []sellerdesk.ConversationPatch
	soon := askAgain
	for id, s := range m.known {
		if m.round[id] {
			continue
		}
		delete(m.known, id)
		if !l.archive {
			out = append(out, sellerdesk.ConversationPatch{Kind: sellerdesk.KindClaim, RemoteID: s.conversation, Reread: &soon})
		}
	}
	slices.SortFunc(out, func(x, y sellerdesk.ConversationPatch) int { return cmp.Compare(x.RemoteID, y.RemoteID) })
	m.round = map[string]bool{}
	return out
}

func (l *claimList) recall(from sellerdesk.Cursor) (claimMemory, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.memory
	l.memory = claimMemory{}
	if m.known == nil || m.cursor != from {
		return claimMemory{known: map[string]standing{}, round: map[string]bool{}, bad: map[string]bool{}}, false
	}
	return m, true
}

func (l *claimList) remember(next sellerdesk.Cursor, m claimMemory) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.cursor = next
	l.memory = m
}
