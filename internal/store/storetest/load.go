package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Load describes a history to be read, the same for every reader.
type Load struct {
	Seed          uint64
	Conversations int
	Messages      int // in all conversations together
	Batch         int // messages in a batch
	// From is the moment of the first message; they follow every second.
	From time.Time
}

// active is how many conversations of a load talk at the same time.
const active = 40

// vocabulary is what the people of a load say, word by word.
func vocabulary() []string {
	return strings.Fields(`здравствуйте подскажите пожалуйста когда придёт мой заказ кроссовки не подошли размер маленький можно ли
 обменять возврат деньги вернули спасибо большое доставка задерживается уже третий день курьер не звонит цвет отличается от фото
 качество хорошее брак на подошве пришлите новую пару есть ли в наличии чёрная футболка сорок второй размер артикул 1234-56 добрый день`)
}

// Batches gives the history, oldest first.
func (l Load) Batches() iter.Seq[sellerdesk.Batch] {
	return func(yield func(sellerdesk.Batch) bool) {
		random, phrases := rand.New(rand.NewPCG(l.Seed, 1)), vocabulary()
		perConversation := max(1, l.Messages/max(1, l.Conversations))
		var b sellerdesk.Batch
		for n := range l.Messages {
			// The window of talking conversations moves on through all of them.
			c := (n/(perConversation*active)*active + random.IntN(active)) % max(1, l.Conversations)
			m := sellerdesk.MessagePatch{
				Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(fmt.Sprint("chat-", c)), RemoteID: sellerdesk.RemoteID(fmt.Sprint("message-", n)),
				Author: sellerdesk.AuthorBuyer, Text: say(random, phrases), At: sellerdesk.At(l.From.Add(time.Duration(n) * time.Second)),
			}
			if random.IntN(2) == 0 {
				m.Author = sellerdesk.AuthorElsewhere
			}
			b.Messages = append(b.Messages, m)
			if len(b.Messages) == max(1, l.Batch) {
				if !yield(finish(b, n)) {
					return
				}
				b = sellerdesk.Batch{}
			}
		}
		if len(b.Messages) > 0 {
			yield(finish(b, l.Messages))
		}
	}
}

func finish(b sellerdesk.Batch, n int) sellerdesk.Batch {
	reached := b.Messages[len(b.Messages)-1].At
	b.Next, b.Reached, b.More = sellerdesk.Cursor(fmt.Sprint(n)), &reached, true
	return b
}

func say(random *rand.Rand, phrases []string) string {
	words := make([]string, 4+random.IntN(12))
	for i := range words {
		words[i] = phrases[random.IntN(len(phrases))]
	}
	return strings.Join(words, " ")
}

// Fill applies a load to a store and tells how long that took.
func Fill(ctx context.Context, s *store.Store, account sellerdesk.AccountID, l Load) (time.Duration, error) {
	var took time.Duration
	for b := range l.Batches() {
		began := time.Now()
		err := s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: account, Stream: "load", Batch: b})
			return err
		})
		if err != nil {
			return took, err
		}
		took += time.Since(began)
	}
	return took, nil
}

// BareInsert writes the rows of a load into a SQLite file with the schema, in
// transactions of the same size, through the bare driver: for each message its
// row, its search words and its event, for each conversation of the batch its
// row if it is new, else a change of the columns that a message changes, its
// event and its unread mark, by prepared statements. It does nothing else that
// the store does, neither looks what is there nor keeps the place of the
// reading, and the search words are made before. It is what the speed of the
// store is compared with.
func BareInsert(ctx context.Context, path string, account sellerdesk.AccountID, l Load) (took time.Duration, err error) {
	db, err := driver.Open("file:"+(&url.URL{Path: path}).EscapedPath()+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(on)"+
		"&_pragma=synchronous(FULL)&_pragma=cache_size(-16384)&_pragma=wal_autocheckpoint(4000)", fts5.Register)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	bare := &bareLoop{account: int64(account), conversations: map[sellerdesk.RemoteID]int64{}}
	if err := bare.prepare(ctx, conn); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	for b := range l.Batches() {
		stems := make([]string, len(b.Messages))
		for i, m := range b.Messages {
			stems[i] = strings.Join(text.Stems(m.Text), " ")
		}
		began := time.Now()
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return took, err
		}
		bare.spoke, bare.order = map[int64]sellerdesk.MessagePatch{}, nil
		for i, m := range b.Messages {
			if err := bare.insert(ctx, m, stems[i]); err != nil {
				return took, errors.Join(err, tx.Rollback())
			}
		}
		if err := bare.update(ctx); err != nil {
			return took, errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return took, err
		}
		took += time.Since(began)
	}
	return took, nil
}

type bareLoop struct {
	account                             int64
	conversations                       map[sellerdesk.RemoteID]int64
	spoke                               map[int64]sellerdesk.MessagePatch // the newest of this transaction
	order                               []int64                           // of those that were there before
	conversation, message, words, event *sql.Stmt
	change, unread                      *sql.Stmt
}

func (l *bareLoop) prepare(ctx context.Context, conn *sql.Conn) (err error) {
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&l.conversation, `INSERT INTO conversations (account_id, channel, kind, remote_id, buyer_name, product, order_id, status, needs_answer,
			waiting_since, due_at, buyer_at, last_text, last_author, last_files, last_status, sort_at, shut_code, shut_text, created_at, updated_at, rev)
			VALUES (?1, 'test', 'chat', ?2, '', '', '', 'open', TRUE, ?3, ?3, ?3, ?4, 'buyer', 0, 'received', ?3, '', '', ?3, ?3, 1)`},
		{&l.change, `UPDATE conversations SET answered_at = ?3, buyer_at = ?3, last_text = ?4, last_author = ?5, last_files = 0, last_status = 'received',
			sort_at = ?3, updated_at = ?3, rev = rev + 1, status = 'open', needs_answer = ?6, waiting_since = ?2, due_at = ?2 WHERE id = ?1`},
		{&l.unread, `INSERT INTO unread (user_id, conversation_id, account_id, kind) VALUES (1, ?1, ?2, 'chat') ON CONFLICT DO NOTHING`},
		{&l.message, `INSERT INTO messages (account_id, conversation_id, author, body, files, status, reason, reason_code, at, remote_id)
			VALUES (?1, ?2, ?3, ?4, 0, 'received', '', '', ?5, ?6)`},
		{&l.words, `INSERT INTO search (rowid, body, meta) VALUES (?1, ?2, ?3)`},
		{&l.event, `INSERT INTO events (kind, at, account_id, conversation_id, data) VALUES (?1, ?2, ?3, ?4, ?5)`},
	} {
		if *s.to, err = conn.PrepareContext(ctx, s.text); err != nil {
			return err
		}
	}
	return nil
}

func (l *bareLoop) close() error {
	return errors.Join(l.conversation.Close(), l.message.Close(), l.words.Close(), l.event.Close(), l.change.Close(), l.unread.Close())
}

func (l *bareLoop) insert(ctx context.Context, m sellerdesk.MessagePatch, stems string) error {
	at := m.At.Millis()
	id, known := l.conversations[m.Conversation]
	_, spoke := l.spoke[id]
	if known && !spoke {
		l.order = append(l.order, id)
		if _, err := l.event.ExecContext(ctx, "conversation.updated", at, l.account, id,
			`{"rev":2,"kind":"chat","status":"open","needs_answer":true}`); err != nil {
			return err
		}
	}
	if !known {
		r, err := l.conversation.ExecContext(ctx, l.account, string(m.Conversation), at, m.Text)
		if err != nil {
			return err
		}
		if id, err = r.LastInsertId(); err != nil {
			return err
		}
		l.conversations[m.Conversation] = id
		if _, err := l.event.ExecContext(ctx, "conversation.created", at, l.account, id,
			`{"rev":1,"kind":"chat","status":"open","needs_answer":true}`); err != nil {
			return err
		}
	}
	l.spoke[id] = m
	r, err := l.message.ExecContext(ctx, l.account, id, string(m.Author), m.Text, at, string(m.RemoteID))
	if err != nil {
		return err
	}
	message, err := r.LastInsertId()
	if err != nil {
		return err
	}
	if _, err := l.words.ExecContext(ctx, message, stems, fmt.Sprint("a", l.account)); err != nil {
		return err
	}
	_, err = l.event.ExecContext(ctx, "message.created", at, l.account, id,
		fmt.Sprintf(`{"message":%d,"author":%q,"status":"received"}`, message, m.Author))
	return err
}

// update changes the conversations that were there before, and marks all that
// spoke as unread.
func (l *bareLoop) update(ctx context.Context) error {
	for _, id := range l.order {
		m := l.spoke[id]
		var waits any
		if m.Author == sellerdesk.AuthorBuyer {
			waits = m.At.Millis()
		}
		if _, err := l.change.ExecContext(ctx, id, waits, m.At.Millis(), text.Cut(m.Text, 200), string(m.Author), waits != nil); err != nil {
			return err
		}
	}
	for id := range l.spoke {
		if _, err := l.unread.ExecContext(ctx, id, l.account); err != nil {
			return err
		}
	}
	return nil
}
