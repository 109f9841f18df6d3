package bench

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// crowdBatch is how many conversations of a generated history go into one
// transaction.
const crowdBatch = 1_000

// products is how many products a cabinet sells.
const products = 400

func productID(n int) sellerdesk.RemoteID { return sellerdesk.RemoteID(fmt.Sprint(100_000_000 + n)) }

// fill writes generated reviews and chats into all accounts, through the store
// and as a connector would bring them. Nine reviews in ten have what they need.
func (p *played) fill(ctx context.Context, accounts []sellerdesk.AccountID, w Cabinets, r *CabinetsReport) (err error) {
	s, err := p.rig.OpenStore(ctx, p.data)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	began := time.Now()
	for n, account := range accounts {
		c := crowd{random: rand.New(rand.NewPCG(uint64(n), 5)), cabinet: n, until: began.Add(-2 * time.Hour)}
		for b := range c.batches(w.Reviews/len(accounts), w.Chats/len(accounts)) {
			err := s.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: account, Stream: "generated", Batch: b, KeepCursor: true})
				return err
			})
			if err != nil {
				return fmt.Errorf("write generated rows: %w", err)
			}
			r.Messages += len(b.Messages)
		}
		r.Reviews += c.reviews
		r.Chats += c.chats
		p.rig.progress("cabinets filled", n+1, len(accounts))
	}
	r.Filled = time.Since(began)
	files, err := filepath.Glob(filepath.Join(p.data, "*.db"))
	if err != nil {
		return fmt.Errorf("find the database: %w", err)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("measure the database: %w", err)
		}
		r.Database += info.Size()
	}
	return nil
}

// crowd makes up the history of a cabinet.
type crowd struct {
	random         *rand.Rand
	cabinet        int
	until          time.Time
	reviews, chats int
	batch          sellerdesk.Batch
}

// year is over how long a history spreads.
const year = 365 * 24 * time.Hour

// batches gives so many reviews and chats, oldest first, mixed as they come.
func (c *crowd) batches(reviews, chats int) iter.Seq[sellerdesk.Batch] {
	return func(yield func(sellerdesk.Batch) bool) {
		all := reviews + chats
		for n := range all {
			at := c.until.Add(-year + time.Duration(float64(year)*float64(n)/float64(all)))
			if c.chats*all < n*chats {
				c.chat(at)
			} else {
				c.review(at)
			}
			if len(c.batch.Conversations) == crowdBatch || n == all-1 {
				if !yield(c.batch) {
					return
				}
				c.batch = sellerdesk.Batch{}
			}
		}
	}
}

func (c *crowd) review(at time.Time) {
	id := sellerdesk.RemoteID(fmt.Sprintf("generated-review-%d-%d", c.cabinet, c.reviews))
	begun, stars, settled := sellerdesk.At(at), 5-min(4, c.random.IntN(30)/3), c.random.IntN(10) > 0
	buyer := "Покупатель " + string(rune('А'+c.random.IntN(32)))
	c.batch.Conversations = append(c.batch.Conversations, sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindReview, RemoteID: id, BuyerName: &buyer, CreatedAt: &begun, UpdatedAt: &begun, Rating: &stars, Settled: &settled,
		Product: &sellerdesk.Product{ID: productID(c.random.IntN(products)), Name: "Кроссовки беговые"},
		Review:  &sellerdesk.Review{Tags: []string{}},
	})
	words := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindReview, Conversation: id, RemoteID: "words-" + id, Author: sellerdesk.AuthorBuyer, Text: c.say(), At: begun, Rating: &stars,
	}
	c.batch.Messages = append(c.batch.Messages, words)
	if settled && c.random.IntN(4) == 0 {
		c.batch.Messages = append(c.batch.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindReview, Conversation: id, RemoteID: "answer-" + id, Author: sellerdesk.AuthorElsewhere, Foreign: true,
			Text: "Спасибо за отзыв! Ждём вас снова.", At: sellerdesk.At(at.Add(time.Hour)), Status: sellerdesk.MessageDelivered,
		})
	}
	c.reviews++
}

func (c *crowd) chat(at time.Time) {
	id := sellerdesk.RemoteID(fmt.Sprintf("generated-chat-%d-%d", c.cabinet, c.chats))
	buyer := "Покупатель " + string(rune('А'+c.random.IntN(32)))
	c.batch.Conversations = append(c.batch.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: id, BuyerName: &buyer})
	c.batch.Messages = append(c.batch.Messages, sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: id, RemoteID: "words-" + id, Author: sellerdesk.AuthorBuyer, Text: c.say(), At: sellerdesk.At(at),
	})
	if c.random.IntN(10) > 0 {
		c.batch.Messages = append(c.batch.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindChat, Conversation: id, RemoteID: "answer-" + id, Author: sellerdesk.AuthorElsewhere, Foreign: true,
			Text: "Здравствуйте! " + c.say(), At: sellerdesk.At(at.Add(10 * time.Minute)),
		})
	}
	c.chats++
}

// say makes up some words.
func (c *crowd) say() string {
	phrases := []string{"размер подошёл", "качество хорошее", "пришло быстро", "цвет как на фото", "носим второй месяц", "швы ровные",
		"упаковка помята", "маломерит", "спасибо продавцу", "подскажите про возврат", "когда придёт заказ", "молния заедает"}
	words := make([]string, 1+c.random.IntN(4))
	for i := range words {
		words[i] = phrases[c.random.IntN(len(phrases))]
	}
	return strings.Join(words, ", ")
}

// sortedPages gives the waits of views by their names.
func sortedPages(pages map[string]durations) iter.Seq2[string, durations] {
	return func(yield func(string, durations) bool) {
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			if !yield(name, pages[name]) {
				return
			}
		}
	}
}
