package yandexmarket

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// History reads one conversation again: a chat from the last line that was
// read, a review with its comments, a question with its answers.
//
// While something of ours is checked, or was taken and does not show, the batch
// asks to look again, each time later.
func (c *connector) History(ctx context.Context, ref sellerdesk.RemoteRef, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	id := number(ref.ID)
	if id == 0 {
		return sellerdesk.Batch{}, lost("Nothing at Yandex Market has this id.")
	}
	k, _ := keptOf(ref)
	var p post
	var err error
	switch ref.Kind {
	case sellerdesk.KindChat:
		return c.chats.again(ctx, id, k, from)
	case sellerdesk.KindReview:
		p, err = c.board.reviewAgain(ctx, id, k)
	case sellerdesk.KindQuestion:
		p, err = c.board.questionAgain(ctx, id)
	default:
		return sellerdesk.Batch{}, nil
	}
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	shown := slices.ContainsFunc(p.messages, func(m sellerdesk.MessagePatch) bool { return m.RemoteID == k.Mine })
	next, _ := keptOf(sellerdesk.RemoteRef{ID: p.patch.RemoteID, Remote: p.patch.Remote})
	wait(&p.patch, k, next, shown, p.checking)
	var b sellerdesk.Batch
	bring(&b, []post{p})
	reached(&b, c.clock.Now())
	return b, nil
}

// wait writes down on a conversation when to look again, next being what is
// kept otherwise.
func wait(p *sellerdesk.ConversationPatch, before, next kept, shown, checking bool) {
	pause := time.Duration(0)
	if checking || before.Sent && !shown {
		if pause = patiently(before.Looks, checking); pause > 0 {
			next.Sent, next.Looks = before.Sent && !shown, before.Looks+1
			if next.Sent {
				next.Mine = before.Mine
			}
		}
	}
	p.Remote, p.Reread = next.bytes(), &pause
}

// peek is where a reading of a chat stands between two pages.
type peek struct {
	Page string `json:"page"`
	// Last is the largest id of the pages before, At its moment in Unix milliseconds.
	Last int64 `json:"last"`
	At   int64 `json:"at"`
	Ours bool  `json:"ours,omitempty"` // they held a line of ours
}

func peekOf(c sellerdesk.Cursor) peek {
	var p peek
	if json.Unmarshal([]byte(c), &p) != nil || len(p.Page) > longestToken || p.Last < 0 || p.At < 0 {
		return peek{}
	}
	return p
}

func (p peek) cursor() sellerdesk.Cursor {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // never: numbers and a text
	}
	return sellerdesk.Cursor(b)
}

// again reads a page of what was said in a chat after the last line that was
// read. Whose move it is and whether anybody may write comes from the lists, or
// is asked for when they have not told since the last line.
func (c *chats) again(ctx context.Context, chat int64, k kept, from sellerdesk.Cursor) (sellerdesk.Batch, error) {
	at := peekOf(from)
	t, err := c.lines(ctx, chat, k.Last, at.Page)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	at.Last = max(at.Last, t.last)
	for _, l := range t.lines {
		at.At = max(at.At, l.At.Millis())
		at.Ours = at.Ours || l.Author == sellerdesk.AuthorElsewhere
	}
	p := post{patch: t.patch, messages: t.lines}
	b := sellerdesk.Batch{Skipped: t.skipped}
	if t.next != "" && t.next != at.Page {
		at.Page = t.next
		b.Next, b.More = at.cursor(), true
	} else {
		if p.patch, err = c.stand(ctx, chat, p.patch, at.At); err != nil {
			return sellerdesk.Batch{}, err
		}
		if at.At > 0 {
			c.heard.note(named(chat), at.At)
		}
		wait(&p.patch, k, kept{Of: p.patch.RemoteID, Last: max(k.Last, at.Last)}, at.Ours, false)
	}
	bring(&b, []post{p})
	reached(&b, c.clock.Now())
	return b, nil
}

// stand adds to a patch how a chat stands. What the lists told before the
// newest line is too old to be said again. A failure costs nothing: the lists
// are read again anyway.
func (c *chats) stand(ctx context.Context, chat int64, p sellerdesk.ConversationPatch, newest int64) (sellerdesk.ConversationPatch, error) {
	known, ok := c.facts.get(p.RemoteID)
	if !ok {
		var err error
		switch known, err = c.one(ctx, chat); class(err) {
		case "":
		case channel.Unauthorized, channel.Gone:
			return p, err
		default:
			return p, nil
		}
	}
	if movedAt(known) < newest {
		return p, nil
	}
	return known.patch, nil
}

// one asks for a chat by itself, which may be done a thousand times an hour.
func (c *chats) one(ctx context.Context, chat int64) (row, error) {
	who, err := c.business(ctx)
	if err != nil {
		return row{}, err
	}
	got, err := c.client.Chats.Get(ctx, who.id, chat)
	if err != nil {
		return row{}, c.failure(err, reading)
	}
	r, why := convertChat(got, who.shops)
	if why != "" {
		return row{}, misunderstood(why)
	}
	c.facts.put(r)
	return r, nil
}

// readChats are chats that were read, with the moment of what was newest there.
type readChats struct {
	mu  sync.Mutex // guards all
	all map[sellerdesk.RemoteID]int64
}

func (c *readChats) note(id sellerdesk.RemoteID, at int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[sellerdesk.RemoteID]int64{}
	}
	if _, known := c.all[id]; known || len(c.all) < mostKnown {
		c.all[id] = at
	}
}

// same tells that a row shows nothing newer than what was read.
func (c *readChats) same(r row) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.all[r.patch.RemoteID]
	return ok && at == movedAt(r)
}

// leavers are the questions that left the list of those that wait: nothing else
// tells that the remote side needs no answer to them.
type leavers struct {
	mu  sync.Mutex // guards all
	all map[sellerdesk.RemoteID]bool
}

func (l *leavers) note(id sellerdesk.RemoteID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[sellerdesk.RemoteID]bool{}
	}
	if len(l.all) < mostKnown {
		l.all[id] = true
	}
}

func (l *leavers) back(id sellerdesk.RemoteID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, id)
}

func (l *leavers) has(id sellerdesk.RemoteID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[id]
}
