package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
)

// crowded is a database with many people.
type crowded struct {
	rig     *Rig
	p       *Program
	account sellerdesk.AccountID
	random  *rand.Rand
	people  int
	chats   int // made so far
}

// people measures how fast the person behind a chat is found among many, the
// grouped list of them, and how long a person with many conversations takes to be
// merged and taken out again.
func people(ctx context.Context, rig *Rig) (rows []Row, err error) {
	data := filepath.Join(rig.Dir, "people")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	c := &crowded{rig: rig, random: rand.New(rand.NewPCG(4, 4)), people: 200_000}
	rounds, pages, busy := 300, 1_000, 10_000
	if rig.Short {
		c.people, rounds, pages, busy = 2_000, 75, 250, 100
	}
	if c.p, err = rig.Start(ctx, data); err != nil {
		return nil, fmt.Errorf("start the product for many people: %w", err)
	}
	defer func() { err = errors.Join(err, c.p.Stop()) }()
	if c.account, err = newAccount(ctx, rig, c.p.Store); err != nil {
		return nil, err
	}
	filled, err := c.fill(ctx)
	if err != nil {
		return nil, err
	}
	for _, size := range []int{100, 1} {
		for _, measure := range []func(context.Context, int, int) ([]Row, error){c.match, c.find} {
			found, err := measure(ctx, size, rounds)
			rows = append(rows, found...)
			if err != nil {
				return rows, err
			}
		}
	}
	listed, err := c.list(ctx, pages)
	rows = append(rows, listed...)
	if err != nil {
		return rows, err
	}
	merged, err := c.merge(ctx, busy)
	return append(append(rows, merged...), filled), err
}

// chat makes a chat of a person, with a word of theirs.
func (c *crowded) chat(b *sellerdesk.Batch, who int) {
	id, name, at := sellerdesk.RemoteID(fmt.Sprint("people-", c.chats)), fmt.Sprint("Buyer ", who), sellerdesk.At(time.Now())
	c.chats++
	b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindChat, RemoteID: id, BuyerName: &name, CreatedAt: &at,
		Buyer: &sellerdesk.Buyer{Phone: fmt.Sprint("+", 79_000_000_000+who), Network: "telegram", Username: fmt.Sprint("@name", who), Contact: sellerdesk.RemoteID(fmt.Sprint(who))},
	})
	m := sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: id, RemoteID: id + "-m", Author: sellerdesk.AuthorBuyer, Text: "Здравствуйте, когда придёт мой заказ?", At: at}
	if who%50 != 0 {
		m.Author = sellerdesk.AuthorElsewhere
	}
	b.Messages = append(b.Messages, m)
}

// fill makes the people, each with one chat.
func (c *crowded) fill(ctx context.Context) (Row, error) {
	began := time.Now()
	for who := 0; who < c.people; {
		var b sellerdesk.Batch
		for range min(500, c.people-who) {
			c.chat(&b, who)
			who++
		}
		if err := apply(ctx, c.p.Store, c.account, b); err != nil {
			return Row{}, err
		}
		c.rig.progress("people", who, c.people)
	}
	return Row{Name: fmt.Sprintf("people, taking in %d with a chat each", c.people), Unit: "chats/s", Value: float64(c.people) / time.Since(began).Seconds()}, nil
}

// match only looks for the people of chats, so many at once, and takes back what
// that wrote.
func (c *crowded) match(ctx context.Context, size, rounds int) ([]Row, error) {
	back := errors.New("take it back")
	var waits durations
	for n := range rounds {
		var b sellerdesk.Batch
		var all []*contacts.Arrival
		for range size {
			c.chat(&b, c.random.IntN(c.people))
		}
		for _, p := range b.Conversations {
			all = append(all, &contacts.Arrival{Seat: &contacts.Seat{}, Evidence: contacts.EvidenceOf(c.account, *p.Buyer), Name: *p.BuyerName})
		}
		err := c.p.Store.Write(ctx, func(tx *store.Tx) error {
			began := time.Now()
			err := tx.Contacts.Match(ctx, all)
			waits = append(waits, time.Since(began)/time.Duration(size))
			for _, a := range all {
				if a.Seat.Contact == 0 || a.Seat.Counted {
					err = errors.New("somebody who is known was not found")
				}
			}
			return cmp.Or(err, back)
		})
		if !errors.Is(err, back) {
			return nil, fmt.Errorf("look for people: %w", err)
		}
		c.rig.progress("finding people", n+1, rounds)
	}
	name := fmt.Sprintf("finding a person among %d, %d at once", c.people, size)
	note := fmt.Sprintf("%d times, by phone, user name and contact; for each person", rounds)
	return []Row{
		{Name: name + ", p50", Unit: "ms", Value: milliseconds(waits.percentile(.50)), Note: note},
		{Name: name + ", p99", Unit: "ms", Value: milliseconds(waits.percentile(.99)), Bound: 1, Note: note},
	}, nil
}

// find takes in new chats of people who are known, so many in a transaction.
func (c *crowded) find(ctx context.Context, size, rounds int) ([]Row, error) {
	var waits durations
	for n := range rounds {
		var b sellerdesk.Batch
		for range size {
			c.chat(&b, c.random.IntN(c.people))
		}
		began := time.Now()
		if err := apply(ctx, c.p.Store, c.account, b); err != nil {
			return nil, err
		}
		waits = append(waits, time.Since(began)/time.Duration(size))
		c.rig.progress("finding people", n+1, rounds)
	}
	name := fmt.Sprintf("taking in a chat of a person among %d, %d in a transaction", c.people, size)
	note := fmt.Sprintf("%d transactions of new chats, each with a word, a phone, a user name and a contact that are known; the time of all, commit included, for each chat", rounds)
	return []Row{
		{Name: name + ", p50", Unit: "ms", Value: milliseconds(waits.percentile(.50)), Note: note},
		{Name: name + ", p99", Unit: "ms", Value: milliseconds(waits.percentile(.99)), Note: note},
	}, nil
}

// list asks for pages of people over HTTP, fifty deep.
func (c *crowded) list(ctx context.Context, pages int) ([]Row, error) {
	caller := newCaller(c.p.URL, c.p.Key, 2)
	defer caller.close()
	var waits durations
	next := ""
	for n := range pages {
		path := "/v1/contacts?limit=50"
		if next != "" && n%50 > 0 {
			path += "&cursor=" + next
		}
		var got page[struct {
			ID int64 `json:"id"`
		}]
		began := time.Now()
		if err := caller.must(ctx, http.MethodGet, path, "", nil, &got); err != nil {
			return nil, fmt.Errorf("ask for a page of people: %w", err)
		}
		waits = append(waits, time.Since(began))
		if next = ""; got.Next != nil {
			next = *got.Next
		}
		c.rig.progress("pages of people", n+1, pages)
	}
	name, note := fmt.Sprintf("list page of %d people", c.people), fmt.Sprintf("%d pages of 50 over HTTP, 50 deep, each person with the newest three conversations", pages)
	return []Row{
		{Name: name + ", p50", Unit: "ms", Value: milliseconds(waits.percentile(.50)), Note: note},
		{Name: name + ", p99", Unit: "ms", Value: milliseconds(waits.percentile(.99)), Note: note},
	}, nil
}

// merge gives one person many conversations, and merges and parts them.
func (c *crowded) merge(ctx context.Context, conversations int) ([]Row, error) {
	for done := 0; done < conversations; {
		var b sellerdesk.Batch
		for range min(500, conversations-done) {
			c.chat(&b, 0)
			done++
		}
		if err := apply(ctx, c.p.Store, c.account, b); err != nil {
			return nil, err
		}
	}
	var from, into sellerdesk.ContactID
	err := c.p.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if from, err = tx.Contacts.ByPhone(ctx, "79000000000"); err == nil {
			into, err = tx.Contacts.ByPhone(ctx, "79000000001")
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find who is merged: %w", err)
	}
	var rows []Row
	for _, verb := range []struct {
		name string
		do   func(tx *store.Tx) error
	}{
		{"merging", func(tx *store.Tx) error { return tx.Contacts.Merge(ctx, 0, into, from) }},
		{"taking out", func(tx *store.Tx) error { return tx.Contacts.Unmerge(ctx, 0, from) }},
	} {
		began := time.Now()
		if err := c.p.Store.Write(ctx, verb.do); err != nil {
			return rows, fmt.Errorf("%s a person: %w", verb.name, err)
		}
		rows = append(rows, Row{Name: fmt.Sprintf("%s a person with %d conversations", verb.name, conversations), Unit: "ms", Value: milliseconds(time.Since(began))})
	}
	return rows, nil
}
