package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// perConversation is how many messages a conversation has.
const perConversation = 10

// vocabulary of the texts, so that they stem and compress like those of people.
var vocabulary = strings.Fields(`здравствуйте подскажите пожалуйста когда придет заказ размер подошел не подошел
вернуть товар деньги возврат брак цвет синий черный белый платье куртка кроссовки посылка пункт выдачи курьер
добрый день спасибо большое ждем ответа очень нужно сегодня завтра неделя качество ткань шов молния упаковка
отправили другой артикул поменять можно ли оформить заявку фото прикладываю видно трещина царапина не работает
зарядка инструкция гарантия чек магазин скидка цена вчера была меньше почему долго едет где сейчас находится`)

// source makes batches of conversations, the same for the same seed.
type source struct {
	dice *rand.Rand
	at   time.Time // moment of the next message
	next int       // number of the next conversation
}

func newSource(seed uint64, start time.Time) *source {
	return &source{dice: rand.New(rand.NewPCG(seed, seed)), at: start}
}

// batch makes n new conversations with their messages.
func (s *source) batch(n int) sellerdesk.Batch {
	var b sellerdesk.Batch
	for range n {
		s.next++
		id := sellerdesk.RemoteID(fmt.Sprintf("bench-%d", s.next))
		name := fmt.Sprintf("Покупатель %d", s.next)
		began := sellerdesk.At(s.at)
		b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{
			Kind: sellerdesk.KindChat, RemoteID: id, BuyerName: &name, CreatedAt: &began,
			Product: &sellerdesk.Product{ID: sellerdesk.RemoteID(fmt.Sprint(100000 + s.next%500)), Name: "Платье летнее"},
		})
		for m := range perConversation {
			b.Messages = append(b.Messages, s.message(id, m))
		}
	}
	reached := sellerdesk.At(s.at)
	b.Next, b.Reached = sellerdesk.Cursor(fmt.Sprint(s.next)), &reached
	return b
}

func (s *source) message(conversation sellerdesk.RemoteID, n int) sellerdesk.MessagePatch {
	s.at = s.at.Add(time.Duration(1+s.dice.IntN(5000)) * time.Millisecond)
	author := sellerdesk.AuthorBuyer
	if n%2 == 1 && (n < perConversation-1 || s.dice.IntN(10) > 0) {
		author = sellerdesk.AuthorElsewhere
	}
	return sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: conversation,
		RemoteID: sellerdesk.RemoteID(fmt.Sprintf("%s-%d", conversation, n)),
		Author:   author, Text: s.text(), At: sellerdesk.At(s.at),
	}
}

func (s *source) text() string {
	words := make([]string, 4+s.dice.IntN(14))
	for i := range words {
		words[i] = vocabulary[s.dice.IntN(len(vocabulary))]
	}
	return strings.Join(words, " ")
}
