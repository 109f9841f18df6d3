package send_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// remote is a remote side in memory: it keeps what it accepted in a feed, as a
// marketplace does, and outlives the programs that talk to it. Like some real
// ones it gives no id for what it takes and has no key against repeats.
type remote struct {
	clock sellerdesk.Clock
	// answer is asked for every send that arrives; nil takes everything.
	answer func(r sellerdesk.Reply) answer

	mu       sync.Mutex // guards what follows
	feed     []line
	arrivals []string // texts of sends in the order they arrived, taken or not
}

type line struct {
	chat  sellerdesk.RemoteID
	text  string
	buyer bool
	at    time.Time
}

// answer is what a remote side does with one send.
type answer struct {
	take    bool                     // it is in the feed afterwards
	err     error                    // what the caller is told
	hang    bool                     // no answer until the caller goes away
	panic   bool                     // the adapter has a mistake
	receipt sellerdesk.Receipt       // when err is nil
	files   []sellerdesk.FileOutcome // goes into the receipt
}

func (r *remote) Check(context.Context) (sellerdesk.Identity, error) {
	return sellerdesk.Identity{Seller: "cabinet", Name: "Cabinet"}, nil
}

func (r *remote) Streams() []channel.Stream {
	return []channel.Stream{{Name: "events", Every: 2 * time.Second, Echo: true}}
}

// feedPage is small, so that reading takes several batches.
const feedPage = 7

func (r *remote) Pull(ctx context.Context, _ string, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	start, _ := strconv.Atoi(string(from))
	end := min(start+feedPage, len(r.feed))
	b := sellerdesk.Batch{Next: sellerdesk.Cursor(strconv.Itoa(end)), More: end < len(r.feed)}
	for i, l := range r.feed[start:end] {
		m := sellerdesk.MessagePatch{
			Kind: sellerdesk.KindChat, Conversation: l.chat, RemoteID: sellerdesk.RemoteID(fmt.Sprint("m", start+i)),
			Author: sellerdesk.AuthorElsewhere, Text: l.text, At: sellerdesk.At(l.at),
		}
		if l.buyer {
			m.Author = sellerdesk.AuthorBuyer
		}
		b.Messages = append(b.Messages, m)
		b.Reached = &m.At
	}
	return b, ctx.Err()
}

func (r *remote) Rewind(string, time.Time) (sellerdesk.Cursor, error) { return "0", nil }

func (r *remote) Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error) {
	reply := a.(sellerdesk.Reply)
	r.mu.Lock()
	r.arrivals = append(r.arrivals, reply.Text)
	v := answer{take: true}
	if r.answer != nil {
		v = r.answer(reply)
	}
	if v.take {
		r.feed = append(r.feed, line{chat: reply.Conversation.ID, text: reply.Text, at: r.clock.Now()})
	}
	r.mu.Unlock()
	switch {
	case v.panic:
		panic("a mistake of the adapter")
	case v.hang:
		<-ctx.Done()
		return sellerdesk.Receipt{}, &channel.Error{Class: channel.Unknown, Err: ctx.Err()}
	}
	v.receipt.Files = v.files
	return v.receipt, v.err
}

func (r *remote) buyer(chat sellerdesk.RemoteID, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.feed = append(r.feed, line{chat: chat, text: text, buyer: true, at: r.clock.Now()})
}

// taken lists the texts of ours that the remote side has, by chat, in order.
func (r *remote) taken() map[sellerdesk.RemoteID][]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[sellerdesk.RemoteID][]string{}
	for _, l := range r.feed {
		if !l.buyer {
			all[l.chat] = append(all[l.chat], l.text)
		}
	}
	return all
}

func (r *remote) arrived() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.arrivals...)
}

func said(class channel.Class, text sellerdesk.Optional, wait time.Duration) error {
	return &channel.Error{Class: class, Why: sellerdesk.Why{Text: text}, RetryAfter: wait}
}

// rough is a remote side in bad weather: one in ten acknowledgements is lost
// after acceptance, and much else goes wrong.
func rough(seed uint64) func(sellerdesk.Reply) answer {
	dice := rand.New(rand.NewPCG(seed, 0)) // used under the mutex of the remote side
	return func(sellerdesk.Reply) answer {
		switch n := dice.IntN(100); {
		case n < 10:
			return answer{take: true, err: said(channel.Unknown, "no answer", 0)}
		case n < 14:
			return answer{err: said(channel.Unknown, "no answer", 0)}
		case n < 18:
			return answer{err: said(channel.Throttled, "wait", 10*time.Millisecond)}
		case n < 22:
			return answer{err: said(channel.Temporary, "not now", 0)}
		case n < 24:
			return answer{err: said(channel.Refused, "no", 0)}
		case n < 26:
			return answer{take: true, hang: true}
		case n < 27:
			return answer{take: true, panic: true}
		default:
			return answer{take: true}
		}
	}
}
