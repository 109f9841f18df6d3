package streams

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Streams are the places where reading of the remote sides stopped.
type Streams struct {
	w       *engine.Work
	journal *journal.Journal
	pace    *Pace
	lock    func(context.Context, sellerdesk.AccountID) error
}

// New makes the handle of a transaction. The pace is that of the whole store;
// lock keeps others from changing an account until the transaction ends.
func New(w *engine.Work, j *journal.Journal, p *Pace, lock func(context.Context, sellerdesk.AccountID) error) Streams {
	return Streams{w: w, journal: j, pace: p, lock: lock}
}

// place is one stream as it is kept.
type place struct {
	account                              sellerdesk.AccountID
	stream                               string
	cursor                               sellerdesk.Cursor
	caughtUp                             bool
	items                                int64
	started, read, from, reached, newest *int64
	failure                              string
	failureCode                          string
	total, done                          *int64 // as the remote side counts
	mark, past                           mark   // the newer and the older, see [place.measure]
}

// mark is how much was read at a moment, in millionths.
type mark struct{ at, share *int64 }

const placeColumns = `account_id, stream, cursor, caught_up, items, started_at, read_at, from_at, reached_at, newest_at, error, error_code,
	total, done, mark_at, mark_share, past_at, past_share`

func scanPlace(s engine.Scanner) (p place, err error) {
	err = s.Scan(&p.account, &p.stream, &p.cursor, &p.caughtUp, &p.items, &p.started, &p.read,
		&p.from, &p.reached, &p.newest, &p.failure, &p.failureCode, &p.total, &p.done, &p.mark.at, &p.mark.share, &p.past.at, &p.past.share)
	return p, err
}

// looks tells whether two states of a stream differ in nothing a person sees but
// the moment of the last reading.
func (p place) looks(q place) bool {
	return p.cursor == q.cursor && p.caughtUp == q.caughtUp && p.items == q.items && p.failure == q.failure &&
		same(p.reached, q.reached) && same(p.done, q.done) && same(p.total, q.total)
}

const (
	whole = 1_000_000 // a share of all
	// estimated is from which share on an end is estimated.
	estimated = whole / 10
	// markEvery is how far the marks lie apart at least: the speed is that of the
	// last one to two of them. After a longer pause than staleMark they begin anew.
	markEvery = time.Minute
	staleMark = time.Hour
)

// share is how much of the history is read, in millionths. Where the remote side
// does not count, it is supposed to be spread evenly over time.
func (p place) share(now int64) int64 {
	switch {
	case p.caughtUp:
		return whole
	case p.total != nil && p.done != nil && *p.total > 0:
		return min(max(int64(float64(*p.done)/float64(*p.total)*whole), 0), whole)
	case p.from == nil || p.reached == nil:
		return 0
	}
	end := now
	if p.newest != nil {
		end = *p.newest
	}
	if end <= *p.from {
		return 0
	}
	return min(max(int64(float64(*p.reached-*p.from)/float64(end-*p.from)*whole), 0), whole)
}

// measure notes how much is read now, so that the speed of the recent minutes
// is known.
func (p *place) measure(now int64, before *int64) {
	share := p.share(now)
	here := mark{&now, &share}
	switch {
	case p.mark.at == nil, share < *p.mark.share, now < *p.mark.at, before != nil && now-*before > staleMark.Milliseconds():
		p.mark, p.past = here, here
	case now-*p.mark.at >= markEvery.Milliseconds():
		p.mark, p.past = here, p.mark
	}
}

// progress tells how far reading is. The estimate supposes that the rest goes as
// fast as the recent minutes did.
func (p place) progress(now sellerdesk.Time) sellerdesk.StreamProgress {
	share := p.share(now.Millis())
	out := sellerdesk.StreamProgress{
		Stream: p.stream, CaughtUp: p.caughtUp, Items: p.items, Error: sellerdesk.Optional(p.failure),
		ReadAt: engine.Moment(p.read), From: engine.Moment(p.from), Reached: engine.Moment(p.reached),
		Done: float64(share) / whole,
	}
	if p.caughtUp || share < estimated || p.past.at == nil {
		return out
	}
	at := now.Millis()
	if p.read != nil {
		at = *p.read // the share is that of the last reading
	}
	took, went := at-*p.past.at, share-*p.past.share
	if took > 0 && went > 0 {
		end := sellerdesk.AtMillis(at + int64(float64(took)*float64(whole-share)/float64(went)))
		out.DoneAt = &end
	}
	return out
}

// get reads one stream; one that was never read is new.
func (s Streams) get(ctx context.Context, account sellerdesk.AccountID, stream string) (place, error) {
	rows, err := s.w.Query(ctx, `SELECT `+placeColumns+` FROM streams WHERE account_id = $1 AND stream = $2`, int64(account), stream)
	places, err := engine.Collect(rows, err, scanPlace)
	if err != nil {
		return place{}, fmt.Errorf("read the place of a stream: %w", err)
	}
	if len(places) == 0 {
		return place{account: account, stream: stream}, nil
	}
	return places[0], nil
}

func (s Streams) put(ctx context.Context, p place) error {
	_, err := s.w.Exec(ctx, `INSERT INTO streams (`+placeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (account_id, stream) DO UPDATE SET cursor = excluded.cursor, caught_up = excluded.caught_up, items = excluded.items,
		started_at = excluded.started_at, read_at = excluded.read_at, from_at = excluded.from_at, reached_at = excluded.reached_at,
		newest_at = excluded.newest_at, error = excluded.error, error_code = excluded.error_code,
		total = excluded.total, done = excluded.done, mark_at = excluded.mark_at, mark_share = excluded.mark_share,
		past_at = excluded.past_at, past_share = excluded.past_share`,
		int64(p.account), p.stream, string(p.cursor), p.caughtUp, p.items, p.started, p.read, p.from, p.reached, p.newest,
		p.failure, p.failureCode, p.total, p.done, p.mark.at, p.mark.share, p.past.at, p.past.share)
	if err != nil {
		return fmt.Errorf("keep the place of a stream: %w", err)
	}
	return nil
}

// Advance moves a stream on after a batch with so many new things.
func (s Streams) Advance(ctx context.Context, account sellerdesk.AccountID, stream string, b sellerdesk.Batch, items int) error {
	old, err := s.get(ctx, account, stream)
	if err != nil {
		return err
	}
	p, now := old, s.w.Now().Millis()
	if b.Next != "" {
		p.cursor = b.Next
	}
	p.caughtUp, p.items, p.read, p.failure, p.failureCode = !b.More, old.items+int64(items), &now, "", ""
	if p.started == nil {
		p.started = &now
	}
	if r := b.Reached; r != nil {
		at := r.Millis()
		if from := earliest(b, at); p.from == nil || from < *p.from {
			p.from = &from
		}
		if p.reached == nil || at > *p.reached {
			p.reached = &at
		}
	}
	if n := b.Newest; n != nil {
		at := n.Millis()
		p.newest = &at
	}
	if b.Total > 0 {
		total, done := b.Total, b.Done
		p.total, p.done = &total, &done
	}
	p.measure(now, old.read)
	if err := s.put(ctx, p); err != nil {
		return err
	}
	if old.looks(p) {
		return nil
	}
	if old.caughtUp != p.caughtUp || s.pace.allow(account, s.w.Now().Time) {
		s.journal.Add(sellerdesk.EventSyncProgress, account, 0, p.progress(s.w.Now()))
	}
	return nil
}

// earliest is the moment of the oldest message of a batch, and not after reached.
func earliest(b sellerdesk.Batch, reached int64) int64 {
	for _, m := range b.Messages {
		reached = min(reached, m.At.Millis())
	}
	return reached
}

// Cursor tells where the next pull of a stream starts; empty at the beginning.
func (s Streams) Cursor(ctx context.Context, account sellerdesk.AccountID, stream string) (sellerdesk.Cursor, error) {
	p, err := s.get(ctx, account, stream)
	return p.cursor, err
}

// List tells how far the streams of an account are.
func (s Streams) List(ctx context.Context, account sellerdesk.AccountID) ([]sellerdesk.StreamProgress, error) {
	all, err := s.All(ctx)
	if err != nil {
		return nil, err
	}
	if all[account] == nil {
		return []sellerdesk.StreamProgress{}, nil
	}
	return all[account], nil
}

// All tells how far all streams are, by account; there are few.
func (s Streams) All(ctx context.Context) (map[sellerdesk.AccountID][]sellerdesk.StreamProgress, error) {
	rows, err := s.w.Query(ctx, `SELECT `+placeColumns+` FROM streams ORDER BY account_id, stream`)
	places, err := engine.Collect(rows, err, scanPlace)
	if err != nil {
		return nil, fmt.Errorf("list streams: %w", err)
	}
	now := s.w.Now()
	out := map[sellerdesk.AccountID][]sellerdesk.StreamProgress{}
	for _, p := range places {
		out[p.account] = append(out[p.account], p.progress(now))
	}
	return out, nil
}

// Failed records why the last pull of a stream brought nothing. The next
// successful one clears it.
func (s Streams) Failed(ctx context.Context, account sellerdesk.AccountID, stream string, why sellerdesk.Why) error {
	if err := s.lock(ctx, account); err != nil {
		return err
	}
	p, err := s.get(ctx, account, stream)
	if err != nil {
		return err
	}
	why = gate.Why(why)
	if p.failure == string(why.Text) && p.failureCode == string(why.Code) {
		return nil
	}
	p.failure, p.failureCode = string(why.Text), string(why.Code)
	if err := s.put(ctx, p); err != nil {
		return err
	}
	s.journal.Add(sellerdesk.EventSyncProgress, account, 0, p.progress(s.w.Now()))
	return nil
}

// Reset forgets how far a stream is, so that it is read again from the beginning.
// What is here stays: applying it again changes nothing.
func (s Streams) Reset(ctx context.Context, account sellerdesk.AccountID, stream string) error {
	if err := s.lock(ctx, account); err != nil {
		return err
	}
	n, err := s.w.Exec(ctx, `DELETE FROM streams WHERE account_id = $1 AND stream = $2`, int64(account), stream)
	if err != nil {
		return fmt.Errorf("forget the place of a stream: %w", err)
	}
	if n > 0 {
		s.journal.Add(sellerdesk.EventSyncProgress, account, 0, place{stream: stream}.progress(s.w.Now()))
	}
	return nil
}

// maxSkipped bounds what is kept of things that were not understood, for each account.
const maxSkipped = 1000

// Skip records things that were not understood, each once, and tells whether
// any was new.
func (s Streams) Skip(ctx context.Context, account sellerdesk.AccountID, stream string, things []sellerdesk.Skipped) (bool, error) {
	if len(things) == 0 {
		return false, nil
	}
	var n int
	if err := s.w.One(ctx, `SELECT COUNT(*) FROM skipped WHERE account_id = $1`, []any{int64(account)}, &n); err != nil {
		return false, fmt.Errorf("count skipped things: %w", err)
	}
	changed := false
	for _, k := range things {
		if n >= maxSkipped {
			break
		}
		raw := k.Raw[:min(len(k.Raw), 4<<10)]
		added, err := s.w.Exec(ctx, `INSERT INTO skipped (account_id, stream, digest, what, raw, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			int64(account), stream, gate.Digest(k.What, string(raw)), text.Cut(text.Clean(k.What), 500), engine.Blob(raw), s.w.Now().Millis())
		if err != nil {
			return false, errors.Join(errors.New("keep a skipped thing"), err)
		}
		n, changed = n+int(added), changed || added > 0
	}
	return changed, nil
}

// Pace lets one event of progress through for each account and second.
type Pace struct {
	mu   sync.Mutex // guards last
	last map[sellerdesk.AccountID]time.Time
}

// allow tells whether it is time for another one.
func (p *Pace) allow(id sellerdesk.AccountID, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if since := now.Sub(p.last[id]); since >= 0 && since < time.Second {
		return false
	}
	if p.last == nil {
		p.last = map[sellerdesk.AccountID]time.Time{}
	}
	p.last[id] = now
	return true
}

// same tells whether two moments or numbers are the same; nil is none.
func same(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }
