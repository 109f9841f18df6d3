package wildberries

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// The streams.
const (
	streamEvents       = "events"
	streamChats        = "chats"
	streamQuestions    = "questions"
	streamReviews      = "reviews"
	streamPins         = "pins"
	streamOldQuestions = "questions.history"
	streamOldReviews   = "reviews.history"
	streamArchive      = "reviews.archive"
	streamClaims       = "claims"
	streamOldClaims    = "claims.archive"
)

// The paces. Questions, reviews and pins share three requests a second and take
// two or three each time; at this pace that is 60 % at most, and the rest is
// for persons and history.
const (
	everyEvents  = 3 * time.Second
	everyChats   = 4 * time.Second
	everyPosts   = 4500 * time.Millisecond
	calmPosts    = everyPosts // a row that changed is on the screen in five seconds, also on a quiet day
	everyHistory = time.Minute
	everyClaims  = 9 * time.Second
	calmClaims   = everyClaims
	everyDecided = 30 * time.Second
	calmDecided  = 5 * time.Minute
)

// Streams lists what the token may read. The feed shows what we sent to chats;
// what we answered to the rest is read back by [connector.History].
//
// Where a bucket gives little, as with a basic token, its own interval is the
// pace: two streams at ten thirds of it take 60 %.
func (c *connector) Streams() []channel.Stream {
	var out []channel.Stream
	if c.may(api.CategoryChat) {
		out = append(out,
			channel.Stream{Name: streamEvents, Every: max(everyEvents, c.paces[api.BucketChatEvents]), Echo: true},
			channel.Stream{Name: streamChats, Every: max(everyChats, c.paces[api.BucketChatList])})
	}
	if c.may(api.CategoryFeedbacks) {
		third := c.paces[api.BucketFeedbacks] * 10 / 3
		add := func(name string, every, calm time.Duration, backfill bool) {
			out = append(out, channel.Stream{Name: name, Every: max(every, third), Calm: max(calm, third), Backfill: backfill})
		}
		add(streamQuestions, everyPosts, calmPosts, false)
		add(streamReviews, everyPosts, calmPosts, false)
		if !c.board.pins.off {
			add(streamPins, everyPosts, calmPosts, false)
		}
		add(streamOldQuestions, everyHistory, everyHistory, true)
		add(streamOldReviews, everyHistory, everyHistory, true)
		add(streamArchive, everyHistory, everyHistory, true)
	}
	if c.may(api.CategoryReturns) {
		pace := c.paces[api.BucketClaimList]
		out = append(out,
			channel.Stream{Name: streamClaims, Every: max(everyClaims, 3*pace), Calm: max(calmClaims, 3*pace)},
			channel.Stream{Name: streamOldClaims, Every: max(everyDecided, 4*pace), Calm: max(calmDecided, 4*pace)})
	}
	return out
}

// Pull reads a stream once: one batch of a page or a few.
func (c *connector) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	switch stream {
	case streamEvents:
		return c.chats.pullEvents(ctx, from)
	case streamChats:
		return c.chats.pullChats(ctx, from)
	case streamPins:
		return c.board.pullPins(ctx, from)
	}
	if w := c.watches[stream]; w != nil {
		return w.pull(ctx, from)
	}
	if w, ok := c.walks[stream]; ok {
		return w.pull(ctx, from)
	}
	if l := c.claimLists[stream]; l != nil {
		return l.pull(ctx, from)
	}
	return sellerdesk.Batch{}, noStream(stream)
}

// Rewind gives the cursor from which a stream shows again what happened since
// a moment of our clock, with room for clocks that differ.
func (c *connector) Rewind(stream string, since time.Time) (sellerdesk.Cursor, error) {
	switch stream {
	case streamEvents:
		return place{Next: max(since.Add(-clocksDiffer).UnixMilli(), 1), Exact: true}.cursor(), nil
	case streamChats, streamQuestions, streamReviews, streamPins, streamClaims, streamOldClaims:
		return "", nil // these are read whole, or from their newest back
	case streamOldQuestions, streamOldReviews, streamArchive:
		return stride{Pass: 1, From: max(since.Add(-clocksDiffer).Unix(), 0), To: c.clock.Now().Unix()}.cursor(), nil
	default:
		return "", noStream(stream)
	}
}

const clocksDiffer = time.Minute

func noStream(name string) error {
	return &channel.Error{
		Class: channel.Refused, Why: sellerdesk.Why{Text: "Wildberries has no such thing to read."},
		Err: fmt.Errorf("no stream %q", name),
	}
}

// place is where reading of the feed stopped. The position of the feed is a
// moment, and it gives what is strictly later: of two events in one
// millisecond at the end of a page the second would be lost, as would one that
// becomes visible late. So a page that follows another starts a millisecond
// before its end, and once a minute a page starts a second before. What comes
// twice changes nothing.
type place struct {
	Next int64 `json:"next"` // the remote side's position, Unix milliseconds
	// Edge: the last page may have ended inside a millisecond.
	Edge bool `json:"edge,omitempty"`
	// Exact: start at Next itself, because starting before it led nowhere.
	Exact bool `json:"exact,omitempty"`
	// Back is when a page last started well before Next, Unix milliseconds.
	Back int64 `json:"back,omitempty"`
}

const (
	overlap      = int64(time.Second / time.Millisecond)
	overlapEvery = int64(time.Minute / time.Millisecond)
	// pageSize is how many events a full page had whenever somebody looked
	// (2026-02); it is not documented, and only saves requests here.
	pageSize = 50
)

func (p place) cursor() sellerdesk.Cursor {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // never: numbers and booleans only
	}
	return sellerdesk.Cursor(b)
}

// placeOf reads a cursor; one that is not ours starts from the beginning,
// which costs time and nothing else.
func placeOf(c sellerdesk.Cursor) place {
	var p place
	if json.Unmarshal([]byte(c), &p) != nil || p.Next < 0 || p.Next > latest {
		return place{}
	}
	return p
}

// latest is the end of the year 9999.
const latest = 253402300799999

// start is the position to ask for at a moment; 0 is the beginning of history.
func (p *place) start(now int64) int64 {
	switch {
	case p.Next == 0:
		return 0
	case p.Exact:
		return p.Next
	case now-p.Back >= overlapEvery || p.Back > now:
		p.Back = now
		return max(p.Next-overlap, 1)
	case p.Edge:
		return max(p.Next-1, 1)
	default:
		return p.Next
	}
}

// after is the place behind a page that was asked for at start, and whether
// there is more to read.
func (p place) after(page api.EventsPage, start int64) (next place, more bool) {
	reached := page.Next
	if reached <= p.Next {
		reached = max(p.Next, newest(page.Events))
	}
	moved := reached > p.Next
	full := len(page.Events)+len(page.Malformed) >= pageSize
	next = place{Next: reached, Back: p.Back}
	switch {
	case page.Done():
		return next, false
	case moved:
		next.Edge = true
		return next, true
	case full && start < p.Next:
		// More events than a page has stand in the overlap.
		next.Exact = true
		return next, true
	default:
		return next, false
	}
}

func newest(events []api.Event) int64 {
	var at api.Millis
	for _, e := range events {
		at = max(at, e.AddTimestamp)
	}
	return int64(at)
}

func (c *chats) pullEvents(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	at := placeOf(from)
	start := at.start(c.clock.Now().UnixMilli())
	page, err := c.client.Chats.Events(ctx, start)
	if err != nil {
		return sellerdesk.Batch{}, c.failure(err, reading, api.BucketChatEvents)
	}
	b := convertEvents(page, at.Next, c.clock.Now())
	next, more := at.after(page, start)
	if next.Next > 0 {
		b.Next = next.cursor()
	}
	b.More = more && b.Next != "" && b.Next != from
	if len(b.Messages) > 0 || len(b.Conversations) > 0 {
		reached, now := sellerdesk.AtMillis(max(newest(page.Events), at.Next)), sellerdesk.At(c.clock.Now())
		b.Reached, b.Newest = &reached, &now
	}
	return b, nil
}

// listing is a list of chats as it was handed out: a batch made after its
// cursor came back holds only what has changed since.
type listing struct {
	cursor sellerdesk.Cursor
	chats  map[string]uint64 // sum of what a chat said, by id
	seed   maphash.Seed
}

func (c *chats) pullChats(ctx context.Context, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	list, err := c.client.Chats.List(ctx)
	if err != nil {
		return sellerdesk.Batch{}, c.failure(err, reading, api.BucketChatList)
	}
	b := sellerdesk.Batch{After: listPause(len(list.Chats)), Next: digest(list.Chats)}
	changed := c.changed(list.Chats, from, b.Next)
	if b.Next == from {
		return b, nil
	}
	b.Conversations = convertChats(changed)
	for _, m := range list.Malformed {
		b.Skipped = append(b.Skipped, skipped("a chat of the list", m.Raw))
	}
	if len(b.Conversations) > 0 {
		now := sellerdesk.At(c.clock.Now())
		b.Reached, b.Newest = &now, &now
	}
	return b, nil
}

// listPause slows the list down as it grows: it has no pages, and each chat
// costs about 600 bytes in every answer. Few chats keep the pace of the stream.
func listPause(chats int) time.Duration {
	switch {
	case chats <= 200:
		return 0
	case chats <= 1_000:
		return 15 * time.Second
	case chats <= 5_000:
		return time.Minute
	default:
		return 5 * time.Minute
	}
}

// digest names a list by its content, whatever its order.
func digest(chats []api.Chat) sellerdesk.Cursor {
	lines := make([]string, 0, len(chats))
	for _, chat := range chats {
		lines = append(lines, chatText(chat))
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, line := range lines {
		_, _ = fmt.Fprintf(h, "%d:%s", len(line), line)
	}
	return sellerdesk.Cursor(hex.EncodeToString(h.Sum(nil)[:16]))
}

// chatText is all of a chat that a patch is made of.
func chatText(chat api.Chat) string {
	parts := []string{chat.ID, chat.ReplySign, chat.ClientName}
	if g := chat.Card; g != nil {
		parts = append(parts, fmt.Sprint(g.NmID), g.Price.String(), g.PriceCurrency, g.RID, g.Size)
	}
	if m := chat.LastMessage; m != nil {
		parts = append(parts, fmt.Sprint(m.AddTimestamp))
	}
	return strings.Join(parts, "\x00")
}

// changed leaves out the chats that stand in the list whose cursor came back
// as they were: that batch is known to be saved.
func (c *chats) changed(chats []api.Chat, from, next sellerdesk.Cursor) []api.Chat {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.list
	known := before.chats != nil && before.cursor == from
	c.list = listing{cursor: next, chats: make(map[string]uint64, len(chats)), seed: before.seed}
	if before.chats == nil {
		c.list.seed = maphash.MakeSeed()
	}
	var changed []api.Chat
	for _, chat := range chats {
		sum := maphash.String(c.list.seed, chatText(chat))
		c.list.chats[chat.ID] = sum
		if old, ok := before.chats[chat.ID]; !known || !ok || old != sum {
			changed = append(changed, chat)
		}
	}
	return changed
}
