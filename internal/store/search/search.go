package search

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Search finds messages by words.
type Search struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Search { return Search{w} }

// Query asks for messages that have all words.
type Query struct {
	Text     string
	Accounts []sellerdesk.AccountID // none means all
	Before   sellerdesk.MessageID   // only older ids; 0 means from the newest
	Limit    int                    // 1 to 200; 0 means 50
}

const (
	// maxAsked bounds the words of one question, maxIndexed those of one message.
	maxAsked   = 16
	maxIndexed = 5000
)

// Words makes the words of a message. They hold letters, digits and
// hyphens only, which is what both engines are told to keep whole.
func (s Search) Words(id sellerdesk.MessageID, account sellerdesk.AccountID, body string) engine.SearchRow {
	stems := s.w.Session.Stemmer.Stems(body)
	return engine.SearchRow{ID: int64(id), Stems: stems[:min(len(stems), maxIndexed)], Meta: []string{accountWord(account)}}
}

func accountWord(id sellerdesk.AccountID) string { return "a" + strconv.FormatInt(int64(id), 10) }

// Put writes the words of new messages. It should be the last a transaction
// does for speed, see ftsPut.
func (s Search) Put(ctx context.Context, rows []engine.SearchRow) error {
	for len(rows) > 0 {
		query, args, taken := s.w.Dialect.SearchPut(rows)
		if _, err := s.w.Exec(ctx, query, args...); err != nil {
			return fmt.Errorf("write search words: %w", err)
		}
		rows = rows[taken:]
	}
	return nil
}

// Forget takes messages out of the index.
func (s Search) Forget(ctx context.Context, ids []sellerdesk.MessageID) error {
	for _, piece := range engine.Padded(ids) {
		query, args := s.w.Dialect.SearchDelete(piece)
		if _, err := s.w.Exec(ctx, query, args...); err != nil {
			return fmt.Errorf("forget search words: %w", err)
		}
	}
	return nil
}

// Find gives ids of messages that have all words of the text, newest first; a
// text without words finds nothing.
func (s Search) Find(ctx context.Context, q Query) ([]sellerdesk.MessageID, error) {
	f := engine.SearchQuestion{Before: math.MaxInt64, Limit: int64(engine.PageSize(q.Limit))}
	f.Stems = text.Stems(text.Clean(q.Text))
	slices.Sort(f.Stems)
	f.Stems = slices.Compact(f.Stems)
	f.Stems = f.Stems[:min(len(f.Stems), maxAsked)]
	if len(f.Stems) == 0 {
		return []sellerdesk.MessageID{}, nil
	}
	accounts, none := engine.Seen(ctx).Narrow(q.Accounts)
	if none {
		return []sellerdesk.MessageID{}, nil
	}
	if q.Before > 0 {
		f.Before = int64(q.Before)
	}
	for _, a := range accounts {
		f.Meta = append(f.Meta, accountWord(a))
	}
	query, args := s.w.Dialect.SearchFind(f)
	rows, err := s.w.Query(ctx, query, args...)
	ids, err := engine.Collect(rows, err, func(r engine.Scanner) (id sellerdesk.MessageID, err error) {
		err = r.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return ids, nil
}
