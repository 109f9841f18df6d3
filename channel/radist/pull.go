package radist

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// The streams.
const (
	streamChats    = "chats"
	streamOldChats = "chats.history"
)

// The paces. A page of the list of chats costs one of the requests about chats,
// of which there is one a second, also for starting chats and asking for windows;
// a history costs one of five a second, which sending needs too.
//
// The gateway asks not to poll for live messages. So the walk is quick only until
// pushes were asked for, or show that they arrive; from then on it is there for
// what they lose.
const (
	every        = 4500 * time.Millisecond
	everyHistory = time.Minute
	// pushedPace is the pause between two passes while pushes come.
	pushedPace = 30 * time.Second
	// perPage and perChat are what a page of a pass, and a chat that is read again
	// because of it, cost of the time until the next pass.
	perPage = 3 * time.Second
	perChat = 500 * time.Millisecond

	// clocksDiffer is how far ours and theirs may lie apart.
	clocksDiffer = 10 * time.Minute
	// overtaken is how much older than what was seen a word may be that comes
	// after it: those of buyers bear whole seconds.
	overtaken = time.Minute
)

// Streams lists what is read.
func (c *connector) Streams() []channel.Stream {
	return []channel.Stream{
		{Name: streamChats, Every: every, Echo: true},
		{Name: streamOldChats, Every: everyHistory, Backfill: true},
	}
}

// Pull reads a page of a stream.
func (c *connector) Pull(ctx context.Context, stream string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	switch stream {
	case streamChats:
		return c.walk.pull(ctx, from)
	case streamOldChats:
		return c.old.pull(ctx, from)
	default:
		return sellerdesk.Batch{}, noStream(stream)
	}
}

// Rewind gives the cursor from which a stream shows again what happened since
// a moment of our clock, with room for clocks that differ.
func (c *connector) Rewind(stream string, since time.Time) (sellerdesk.Cursor, error) {
	switch stream {
	case streamChats:
		at := max(since.Add(-clocksDiffer).UnixMilli(), 1)
		return seat{Old: at, Prev: at}.cursor(), nil
	case streamOldChats:
		return "", nil
	default:
		return "", noStream(stream)
	}
}

func noStream(name string) error {
	return refuse("", "Radist.Online has no such thing to read.", fmt.Errorf("no stream %q", name))
}

// reached notes that a batch tells the present.
func reached(b *sellerdesk.Batch, now time.Time) {
	at := sellerdesk.At(now)
	b.Reached, b.Newest = &at, &at
}

// arrange puts a batch in order, oldest first; what shares its moment stays as
// it came.
func arrange(b *sellerdesk.Batch) {
	slices.SortStableFunc(b.Messages, func(x, y sellerdesk.MessagePatch) int { return x.At.Compare(y.At.Time) })
}
