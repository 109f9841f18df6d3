package people

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	// grace is how long a token works that was replaced, for requests that are on
	// their way with it.
	grace = time.Minute
	// longestAgent bounds what a browser says it is, in characters.
	longestAgent = 200
	// longestAddress bounds the address of a browser, in characters.
	longestAddress = 100
)

// Sessions are the browsers that are signed in. Tokens are kept as hashes only.
type Sessions struct {
	w       *engine.Work
	journal *journal.Journal
}

// NewSessions makes the handle of a transaction.
func NewSessions(w *engine.Work, j *journal.Journal) Sessions { return Sessions{w, j} }

// NewSession is a browser that signs in.
type NewSession struct {
	User      sellerdesk.UserID
	TokenHash []byte
	Address   string // "": not known yet
	Agent     string // cut to 200 characters
	Expires   sellerdesk.Time
}

// Create keeps a session until it expires, and forgets those that have expired.
func (s Sessions) Create(ctx context.Context, n NewSession) (id sellerdesk.SessionID, err error) {
	now := s.w.Now().Millis()
	if _, err := s.w.Exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, now); err != nil {
		return 0, fmt.Errorf("forget old sessions: %w", err)
	}
	err = s.w.One(ctx, `INSERT INTO sessions (token_hash, user_id, address, agent, created_at, used_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, []any{n.TokenHash, int64(n.User), clip(n.Address, longestAddress),
		clip(n.Agent, longestAgent), now, now, n.Expires.Millis()}, &id)
	if err != nil {
		return 0, fmt.Errorf("keep a session: %w", err)
	}
	return id, nil
}

// clip makes a foreign text fit to be kept.
func clip(s string, most int) string {
	s = text.Clean(s)
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}

// Live is a session that works.
type Live struct {
	sellerdesk.Session
	// Renew asks to give the browser another token.
	Renew bool
}

const sessionColumns = `id, user_id, address, agent, created_at, used_at, expires_at, renew`

func scanSession(s engine.Scanner) (l Live, err error) {
	var created, used, expires int64
	err = s.Scan(&l.ID, &l.User, &l.Address, &l.Agent, &created, &used, &expires, &l.Renew)
	l.CreatedAt, l.UsedAt, l.ExpiresAt = sellerdesk.AtMillis(created), sellerdesk.AtMillis(used), sellerdesk.AtMillis(expires)
	return l, err
}

// one reads the session of a condition whose first argument is now.
func (s Sessions) one(ctx context.Context, condition string, arg any) (Live, error) {
	rows, err := s.w.Query(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE expires_at > $1 AND `+condition, s.w.Now().Millis(), arg)
	found, err := engine.Collect(rows, err, scanSession)
	if err != nil {
		return Live{}, fmt.Errorf("read a session: %w", err)
	}
	if len(found) == 0 {
		return Live{}, engine.Found(engine.ErrNoRow, "session")
	}
	return found[0], nil
}

// Get gives a session that has not expired, by its token or, for a minute, by
// the one before.
func (s Sessions) Get(ctx context.Context, tokenHash []byte) (Live, error) {
	l, err := s.one(ctx, `token_hash = $2`, tokenHash)
	if sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		return l, err
	}
	l, err = s.one(ctx, `old_hash = $2 AND old_until > $1`, tokenHash)
	l.Renew = false // its browser is being told already
	return l, err
}

// ByID gives a session that has not expired.
func (s Sessions) ByID(ctx context.Context, id sellerdesk.SessionID) (sellerdesk.Session, error) {
	l, err := s.one(ctx, `id = $2`, int64(id))
	return l.Session, err
}

// mostSessions bounds a list of sessions.
const mostSessions = 200

// List gives the sessions of a person, the one used last first, at most 200.
func (s Sessions) List(ctx context.Context, user sellerdesk.UserID) ([]sellerdesk.Session, error) {
	rows, err := s.w.Query(ctx, fmt.Sprintf(`SELECT `+sessionColumns+` FROM sessions WHERE user_id = $1 AND expires_at > $2
		ORDER BY used_at DESC, id DESC LIMIT %d`, mostSessions), int64(user), s.w.Now().Millis())
	live, err := engine.Collect(rows, err, scanSession)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	list := make([]sellerdesk.Session, len(live))
	for i, l := range live {
		list[i] = l.Session
	}
	return list, nil
}

// Replace gives a session another token, once: it tells false when somebody was
// faster. The token before works for one more minute.
func (s Sessions) Replace(ctx context.Context, id sellerdesk.SessionID, was, tokenHash []byte) (bool, error) {
	n, err := s.w.Exec(ctx, `UPDATE sessions SET token_hash = $3, old_hash = $2, old_until = $4, renew = FALSE WHERE id = $1 AND token_hash = $2`,
		int64(id), was, tokenHash, s.w.Now().Add(grace).UnixMilli())
	if err != nil {
		return false, fmt.Errorf("renew a session: %w", err)
	}
	return n == 1, nil
}

// Renew gives the browsers of a person other tokens with their next answers.
func (s Sessions) Renew(ctx context.Context, user sellerdesk.UserID) error {
	if _, err := s.w.Exec(ctx, `UPDATE sessions SET renew = TRUE WHERE user_id = $1`, int64(user)); err != nil {
		return fmt.Errorf("renew the sessions of a person: %w", err)
	}
	return nil
}

// Use is when and from where a session or a key was used last.
type Use struct {
	At             sellerdesk.Time
	Address, Agent string
	Expires        sellerdesk.Time // of a session: until when it lives now
}

// Used keeps when sessions were used last. One that has ended stays so.
func (s Sessions) Used(ctx context.Context, uses map[sellerdesk.SessionID]Use) error {
	for id, u := range uses {
		if _, err := s.w.Exec(ctx, `UPDATE sessions SET used_at = $2, address = $3, agent = $4, expires_at = $5 WHERE id = $1`,
			int64(id), u.At.Millis(), clip(u.Address, longestAddress), clip(u.Agent, longestAgent), u.Expires.Millis()); err != nil {
			return fmt.Errorf("keep the use of a session: %w", err)
		}
	}
	return nil
}

// Delete ends a session and gives it; one that is not there is no error.
func (s Sessions) Delete(ctx context.Context, tokenHash []byte) (ended *sellerdesk.Session, err error) {
	l, err := s.Get(ctx, tokenHash)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &l.Session, s.End(ctx, l.ID)
}

// End ends a session by its id; one that is not there is no error.
func (s Sessions) End(ctx context.Context, id sellerdesk.SessionID) error {
	var user sellerdesk.UserID
	err := s.w.One(ctx, `DELETE FROM sessions WHERE id = $1 RETURNING user_id`, []any{int64(id)}, &user)
	if errors.Is(err, engine.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	changed(s.journal, user)
	return nil
}

// EndOthers ends the sessions of a person but one (0: all) and tells how many.
func (s Sessions) EndOthers(ctx context.Context, user sellerdesk.UserID, but sellerdesk.SessionID) (int, error) {
	n, err := s.w.Exec(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, int64(user), int64(but))
	if err != nil {
		return 0, fmt.Errorf("end the sessions of a person: %w", err)
	}
	if n > 0 {
		changed(s.journal, user)
	}
	return int(n), nil
}
