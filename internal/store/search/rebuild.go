package search

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// setting tells which rules made the words that are stored: "2", or "2:1234"
// while they are made anew from the newest message down, which has come to 1234.
const setting = "search.words"

// tokensVersion grows when what stands beside the stems changes.
const tokensVersion = 1

// current names the rules that are in force.
func current() string { return fmt.Sprintf("%d.%d", text.StemsVersion, tokensVersion) }

func (s Search) state(ctx context.Context) (rules string, above int64, err error) {
	var value string
	err = s.w.One(ctx, `SELECT value FROM settings WHERE key = $1`, []any{setting}, &value)
	if err != nil && !errors.Is(err, engine.ErrNoRow) {
		return "", 0, fmt.Errorf("read which words are kept: %w", err)
	}
	rules, at, busy := strings.Cut(value, ":")
	if !busy {
		return rules, 0, nil
	}
	above, err = strconv.ParseInt(at, 10, 64)
	return rules, above, err
}

func (s Search) setState(ctx context.Context, value string) error {
	_, err := s.w.Exec(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, setting, value)
	if err != nil {
		return fmt.Errorf("note which words are kept: %w", err)
	}
	return nil
}

// Whole tells whether the words of all messages are those of the rules in force.
func (s Search) Whole(ctx context.Context) (bool, error) {
	rules, above, err := s.state(ctx)
	return rules == current() && above == 0, err
}

// Adopt notes the rules in force in a database without messages.
func (s Search) Adopt(ctx context.Context) error {
	whole, err := s.Whole(ctx)
	if err != nil || whole {
		return err
	}
	var id int64
	if err := s.w.One(ctx, `SELECT id FROM messages LIMIT 1`, nil, &id); !errors.Is(err, engine.ErrNoRow) {
		return err
	}
	return s.setState(ctx, current())
}

// Renew makes the words of some messages anew, at most limit: those of old rules
// first, the newest before the rest, then those of conversations whose name,
// article, order or stars changed. It tells whether there may be more.
func (s Search) Renew(ctx context.Context, limit int) (more bool, err error) {
	rules, above, err := s.state(ctx)
	if err != nil {
		return false, err
	}
	if rules == current() && above == 0 {
		return s.renewStale(ctx, limit)
	}
	if rules != current() {
		if err := s.w.One(ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM messages`, nil, &above); err != nil {
			return false, fmt.Errorf("look for the newest message: %w", err)
		}
	}
	lines, err := s.lines(ctx, `m.id < $1 ORDER BY m.id DESC LIMIT $2`, above, limit)
	if err != nil {
		return false, err
	}
	if err := s.renew(ctx, lines); err != nil {
		return false, err
	}
	if len(lines) < limit {
		return true, s.setState(ctx, current())
	}
	return true, s.setState(ctx, current()+":"+strconv.FormatInt(int64(lines[len(lines)-1].ID), 10))
}

// Stale notes that what stands beside the messages of a conversation changed.
func (s Search) Stale(ctx context.Context, id sellerdesk.ConversationID) error {
	_, err := s.w.Exec(ctx, `INSERT INTO search_stale (conversation_id, message_id) VALUES ($1, 0) ON CONFLICT (conversation_id) DO UPDATE SET message_id = 0`, int64(id))
	if err != nil {
		return fmt.Errorf("note that search words are old: %w", err)
	}
	return nil
}

func (s Search) renewStale(ctx context.Context, limit int) (more bool, err error) {
	var conversation, after int64
	err = s.w.One(ctx, `SELECT conversation_id, message_id FROM search_stale ORDER BY conversation_id LIMIT 1`, nil, &conversation, &after)
	if errors.Is(err, engine.ErrNoRow) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for old search words: %w", err)
	}
	// The expression keeps the engines from walking all messages by id.
	lines, err := s.lines(ctx, `m.conversation_id = $1 AND m.id + 0 > $2 ORDER BY m.id + 0 LIMIT $3`, conversation, after, limit)
	if err != nil {
		return false, err
	}
	if err := s.renew(ctx, lines); err != nil {
		return false, err
	}
	if len(lines) < limit {
		_, err = s.w.Exec(ctx, `DELETE FROM search_stale WHERE conversation_id = $1`, conversation)
	} else {
		_, err = s.w.Exec(ctx, `UPDATE search_stale SET message_id = $2 WHERE conversation_id = $1`, conversation, int64(lines[len(lines)-1].ID))
	}
	if err != nil {
		return false, fmt.Errorf("note which search words are new: %w", err)
	}
	return true, nil
}

func (s Search) renew(ctx context.Context, lines []Line) error {
	ids, rows := make([]sellerdesk.MessageID, len(lines)), make([]engine.SearchRow, len(lines))
	for i, l := range lines {
		ids[i], rows[i] = l.ID, s.Words(l)
	}
	if err := s.Forget(ctx, ids); err != nil {
		return err
	}
	return s.Put(ctx, rows)
}

// lines reads messages with what they are found by.
func (s Search) lines(ctx context.Context, where string, args ...any) ([]Line, error) {
	rows, err := s.w.Query(ctx, `SELECT m.id, c.account_id, c.kind, c.rating, m.author, m.at, m.body, c.buyer_name, c.product_id, c.order_id
		FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE `+where, args...)
	lines, err := engine.Collect(rows, err, func(e engine.Scanner) (l Line, err error) {
		err = e.Scan(&l.ID, &l.Account, &l.Kind, &l.Rating, &l.Author, &l.At, &l.Body, &l.Beside[0], &l.Beside[1], &l.Beside[2])
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read messages for their words: %w", err)
	}
	return lines, nil
}
