package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Search finds messages by words.
type Search struct{ tx *Tx }

// SearchQuery asks for messages that have all words.
type SearchQuery struct {
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

// searchRow is the words of one message.
type searchRow struct {
	id          int64
	stems, meta []string
}

// searchFind is a question in the words of the index.
type searchFind struct {
	stems, meta   []string
	before, limit int64
}

// words makes the words of a message. They hold letters, digits and
// hyphens only, which is what both engines are told to keep whole.
func (s Search) words(id sellerdesk.MessageID, account sellerdesk.AccountID, body string) searchRow {
	stems := s.tx.session.stemmer.Stems(body)
	return searchRow{id: int64(id), stems: stems[:min(len(stems), maxIndexed)], meta: []string{accountWord(account)}}
}

func accountWord(id sellerdesk.AccountID) string { return "a" + strconv.FormatInt(int64(id), 10) }

// put writes the words of new messages. It should be the last a transaction
// does for speed, see ftsPut.
func (s Search) put(ctx context.Context, rows []searchRow) error {
	for len(rows) > 0 {
		query, args, taken := s.tx.dialect.searchPut(rows)
		if _, err := s.tx.exec(ctx, query, args...); err != nil {
			return fmt.Errorf("write search words: %w", err)
		}
		rows = rows[taken:]
	}
	return nil
}

// forget takes messages out of the index.
func (s Search) forget(ctx context.Context, ids []sellerdesk.MessageID) error {
	for _, piece := range padded(ids) {
		query, args := s.tx.dialect.searchDelete(piece)
		if _, err := s.tx.exec(ctx, query, args...); err != nil {
			return fmt.Errorf("forget search words: %w", err)
		}
	}
	return nil
}

// Find gives ids of messages that have all words of the text, newest first; a
// text without words finds nothing.
func (s Search) Find(ctx context.Context, q SearchQuery) ([]sellerdesk.MessageID, error) {
	f := searchFind{before: math.MaxInt64, limit: int64(pageSize(q.Limit))}
	f.stems = text.Stems(text.Clean(q.Text))
	slices.Sort(f.stems)
	f.stems = slices.Compact(f.stems)
	f.stems = f.stems[:min(len(f.stems), maxAsked)]
	if len(f.stems) == 0 {
		return []sellerdesk.MessageID{}, nil
	}
	if q.Before > 0 {
		f.before = int64(q.Before)
	}
	for _, a := range q.Accounts {
		f.meta = append(f.meta, accountWord(a))
	}
	query, args := s.tx.dialect.searchFind(f)
	rows, err := s.tx.query(ctx, query, args...)
	ids, err := collect(rows, err, func(r scanner) (id sellerdesk.MessageID, err error) {
		err = r.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return ids, nil
}

// pageSize bounds a limit that came from outside.
func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 200)
}
