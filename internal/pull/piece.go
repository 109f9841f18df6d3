package pull

import (
	"iter"

	"github.com/sellerdesk/sellerdesk"
)

// mostAtOnce is how many conversations of a batch go into one transaction. Only
// one is written at a time, so that what a person does, and what is new, waits
// for no more than these behind a page of old history.
const mostAtOnce = 100

// pieces cuts a batch so that each piece holds at most so many conversations,
// each with all that the batch says about it. The last one moves the place:
// when it is not reached, the whole is read again, which changes nothing twice.
// Caught tells whether the stream was read to its end before.
func pieces(b sellerdesk.Batch, most int, caught bool) iter.Seq[sellerdesk.Batch] {
	type key struct {
		kind sellerdesk.Kind
		id   sellerdesk.RemoteID
	}
	places := map[key]int{}
	piece := func(kind sellerdesk.Kind, id sellerdesk.RemoteID) int {
		n, known := places[key{kind, id}]
		if !known {
			n = len(places)
			places[key{kind, id}] = n
		}
		return n / most
	}
	var cut []sellerdesk.Batch
	at := func(n int) *sellerdesk.Batch {
		for len(cut) <= n {
			cut = append(cut, sellerdesk.Batch{Reached: b.Reached, Newest: b.Newest, More: b.More || !caught})
		}
		return &cut[n]
	}
	return func(yield func(sellerdesk.Batch) bool) {
		for _, c := range b.Conversations {
			p := at(piece(c.Kind, c.RemoteID))
			p.Conversations = append(p.Conversations, c)
		}
		for _, m := range b.Messages {
			p := at(piece(m.Kind, m.Conversation))
			p.Messages = append(p.Messages, m)
		}
		last := b
		last.Conversations, last.Messages = nil, nil
		if n := len(cut) - 1; n >= 0 {
			last.Conversations, last.Messages = cut[n].Conversations, cut[n].Messages
			cut = cut[:n]
		}
		for _, p := range cut {
			if !yield(p) {
				return
			}
		}
		yield(last)
	}
}
