package day

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// World is what the desk holds.
type World struct {
	Accounts                          int
	Reviews, Questions, Claims, Chats int // in all accounts together
	ChatLines                         int // messages of a chat, on average
	LongChat                          int // messages of the longest chat, which is the first of the first account
}

// Whole is the world that promises are made for: a million conversations with five
// million messages.
func Whole() World {
	return World{Accounts: 10, Reviews: 600_000, Questions: 150_000, Claims: 50_000, Chats: 200_000, ChatLines: 17, LongChat: 20_000}
}

// Part is the world with a share of its conversations.
func (w World) Part(percent int) World {
	w.Reviews, w.Questions, w.Claims, w.Chats = w.Reviews*percent/100, w.Questions*percent/100, w.Claims*percent/100, w.Chats*percent/100
	w.LongChat = max(200, w.LongChat*percent/100)
	return w
}

// Conversations is how many there are.
func (w World) Conversations() int { return w.Reviews + w.Questions + w.Claims + w.Chats }

// Messages is about how many there are: those of reviews, questions and claims that
// have an answer are two.
func (w World) Messages() int {
	return 2*(w.Reviews+w.Questions+w.Claims) + w.Chats*w.ChatLines + w.LongChat
}

const (
	// span is over how long the history spreads.
	span = 365 * 24 * time.Hour
	// batchOf is how many conversations go into one transaction.
	batchOf = 500
	// productsOf is how many products an account sells.
	productsOf = 400
	// rareEvery is how many messages lie between two that say the rare word.
	rareEvery = 5_000
	// madeUp is how many words are not in the list of common ones.
	madeUp = 30_000
)

// The common words, from which two in three are taken.
func common() []string {
	return strings.Fields(`здравствуйте подскажите пожалуйста когда придёт мой заказ кроссовки не подошли размер маленький можно ли
 обменять возврат деньги вернули спасибо большое доставка задерживается уже третий день курьер не звонит цвет отличается от фото
 качество хорошее брак на подошве пришлите новую пару есть ли в наличии чёрная футболка сорок второй размер артикул 1234-56 добрый день
 куртка зимняя молния сломалась верните деньги упаковка помята платье понравилось рекомендую продавцу ткань тонкая швы ровные маломерит
 большемерит пришло быстро заказывали дочке подарок муж доволен носим второй месяц после стирки села вопрос гарантия чек инструкция
 батарейки зарядка не включается экран треснул замена товара отказ пункт выдачи оплата карта сумма списали дважды поддержка ответьте`)
}

// people are first names of buyers.
func people() []string {
	return strings.Fields(`Анна Мария Ольга Елена Наталья Ирина Татьяна Светлана Юлия Екатерина Дмитрий Алексей Сергей Андрей Иван Михаил
 Николай Павел Артём Максим Гульнара Айдар Рустам Зарина Лейла Тимур`)
}

// speech makes up what people say, the same for the same seed.
type speech struct {
	random *rand.Rand
	words  []string
	said   int
}

func newSpeech(seed uint64) *speech {
	return &speech{random: rand.New(rand.NewPCG(seed, 7)), words: common()}
}

// text is what somebody says.
func (s *speech) text() string {
	n := 4 + s.random.IntN(14)
	words := make([]string, n)
	for i := range words {
		if s.random.IntN(3) > 0 {
			words[i] = s.words[s.random.IntN(len(s.words))]
		} else {
			// Few of the made-up words are said often and most of them hardly ever.
			at := s.random.Float64()
			words[i] = invented(int(at * at * at * madeUp))
		}
	}
	if s.said++; s.said%rareEvery == 0 {
		words = append(words, "самолёт")
	}
	return strings.Join(words, " ")
}

// invented is a word by its number, of two to four syllables.
func invented(n int) string {
	syllables := strings.Fields("ба во га де жи зо ку ла ме ни пу ра се то фу хо ча ше щу эр ям юл")
	var b strings.Builder
	for m := n + len(syllables); m > 0; m /= len(syllables) {
		b.WriteString(syllables[m%len(syllables)])
	}
	return b.String()
}

// cabinet makes up the history of one account.
type cabinet struct {
	*speech
	world  World
	number int
	until  time.Time
	batch  sellerdesk.Batch
	made   [4]int // by kind, in the order of [sellerdesk.Kinds]
}

// Batches gives the history of one account, oldest first, as a connector would
// bring it.
func (w World) Batches(number int, until time.Time) iter.Seq[sellerdesk.Batch] {
	return func(yield func(sellerdesk.Batch) bool) {
		c := &cabinet{speech: newSpeech(uint64(number) + 1), world: w, number: number, until: until}
		all := w.Conversations() / w.Accounts
		if number == 0 {
			if !c.long(yield) {
				return
			}
		}
		for n := range all {
			c.next(n, all)
			if len(c.batch.Conversations) == batchOf || n == all-1 {
				if !yield(c.batch) {
					return
				}
				c.batch = sellerdesk.Batch{}
			}
		}
	}
}

// next makes up one conversation of the kind that is behind its share most.
func (c *cabinet) next(n, all int) {
	at := c.until.Add(-span + time.Duration(float64(span)*float64(n)/float64(all)))
	shares := [4]int{c.world.Chats, c.world.Questions, c.world.Reviews, c.world.Claims}
	kind, behind := 0, -1e18
	for k, share := range shares {
		if d := float64(n)*float64(share)/float64(c.world.Conversations()) - float64(c.made[k]); d > behind {
			kind, behind = k, d
		}
	}
	c.made[kind]++
	k := sellerdesk.Kinds()[kind]
	id := sellerdesk.RemoteID(fmt.Sprintf("day-%s-%d-%d", k, c.number, c.made[kind]))
	names := people()
	buyer, begun := names[c.random.IntN(len(names))], sellerdesk.At(at)
	p := sellerdesk.ConversationPatch{Kind: k, RemoteID: id, BuyerName: &buyer, CreatedAt: &begun, UpdatedAt: &begun}
	if k != sellerdesk.KindChat || c.random.IntN(2) == 0 {
		number := 100_000_000 + c.number*productsOf + c.random.IntN(productsOf)
		p.Product = &sellerdesk.Product{ID: sellerdesk.RemoteID(fmt.Sprint(number)), Name: sellerdesk.Optional("Товар " + invented(number%madeUp))}
	}
	settled := c.random.IntN(12) > 0
	switch k {
	case sellerdesk.KindReview:
		stars := 5 - min(4, c.random.IntN(30)/3)
		p.Rating, p.Settled, p.Review = &stars, &settled, &sellerdesk.Review{Tags: []string{}}
	case sellerdesk.KindQuestion:
		p.Settled, p.Question = &settled, &sellerdesk.Question{}
	case sellerdesk.KindClaim:
		p.Settled, p.Claim = &settled, &sellerdesk.Claim{}
	}
	c.batch.Conversations = append(c.batch.Conversations, p)
	c.lines(p, at)
}

// lines makes up the messages of a conversation.
func (c *cabinet) lines(p sellerdesk.ConversationPatch, at time.Time) {
	n := 1
	if p.Kind == sellerdesk.KindChat {
		n = 1 + c.random.IntN(2*c.world.ChatLines-1)
	} else if p.Settled != nil && *p.Settled {
		n = 2
	}
	for i := range n {
		m := sellerdesk.MessagePatch{
			Kind: p.Kind, Conversation: p.RemoteID, RemoteID: sellerdesk.RemoteID(fmt.Sprintf("%s-%d", p.RemoteID, i)), Author: sellerdesk.AuthorBuyer,
			Text: c.text(), At: sellerdesk.At(at.Add(time.Duration(i) * 7 * time.Minute)),
		}
		if i == 0 {
			m.Rating = p.Rating
		}
		if i%2 == 1 {
			m.Author, m.Foreign, m.Status, m.Rating = sellerdesk.AuthorElsewhere, true, sellerdesk.MessageDelivered, nil
		}
		c.batch.Messages = append(c.batch.Messages, m)
	}
}

// LongChat names the longest chat.
const LongChat sellerdesk.RemoteID = "day-long"

// long makes up the longest chat.
func (c *cabinet) long(yield func(sellerdesk.Batch) bool) bool {
	const atOnce = 1_000
	buyer := "Долгий разговор"
	for n := 0; n < c.world.LongChat; n += atOnce {
		b := sellerdesk.Batch{Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: LongChat, BuyerName: &buyer}}}
		for i := n; i < min(n+atOnce, c.world.LongChat); i++ {
			m := sellerdesk.MessagePatch{
				Kind: sellerdesk.KindChat, Conversation: LongChat, RemoteID: sellerdesk.RemoteID(fmt.Sprintf("%s-%d", LongChat, i)), Author: sellerdesk.AuthorBuyer,
				Text: c.text(), At: sellerdesk.At(c.until.Add(-span + time.Duration(i)*span/time.Duration(c.world.LongChat))),
			}
			if i%2 == 1 {
				m.Author, m.Foreign = sellerdesk.AuthorElsewhere, true
			}
			b.Messages = append(b.Messages, m)
		}
		if !yield(b) {
			return false
		}
	}
	return true
}
