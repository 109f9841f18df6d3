package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

const (
	// holdPace is how often the lock of the process is looked at, holdPatience
	// how long the server may take to answer that.
	holdPace     = 2 * time.Second
	holdPatience = 5 * time.Second
)

// holder keeps other processes out of a PostgreSQL database: it holds an
// advisory lock in a session of its own. The session may end without us, as
// when the server restarts or a firewall forgets it, and then another process
// may come in. So every process that takes the lock counts the epoch on, and
// every transaction that writes looks whether the epoch is still its own.
type holder struct {
	db *sql.DB

	mu    sync.Mutex
	conn  *sql.Conn
	epoch int64
}

// newHolder takes the lock and begins an epoch.
func newHolder(ctx context.Context, db *sql.DB) (*holder, error) {
	h := &holder{db: db}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, unreachable(err)
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS process_epoch (id BIGINT PRIMARY KEY, epoch BIGINT NOT NULL)"); err != nil {
		return nil, errors.Join(fmt.Errorf("make the table of the epoch: %w", err), conn.Close())
	}
	if err := h.take(ctx, conn); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the database: %w", err), conn.Close())
	}
	return h, nil
}

// take locks the database through conn and begins an epoch. The count waits for
// transactions of an earlier epoch to end.
func (h *holder) take(ctx context.Context, conn *sql.Conn) error {
	if err := lockProcess(ctx, conn); err != nil {
		return err
	}
	var epoch int64
	if err := conn.QueryRowContext(ctx, `INSERT INTO process_epoch (id, epoch) VALUES (1, 1)
		ON CONFLICT (id) DO UPDATE SET epoch = process_epoch.epoch + 1 RETURNING epoch`).Scan(&epoch); err != nil {
		return fmt.Errorf("begin an epoch: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conn, h.epoch = conn, epoch
	return nil
}

// admit lets a transaction write, and keeps the epoch as it
// is until that transaction ends.
func (h *holder) admit(ctx context.Context, tx *sql.Tx) error {
	h.mu.Lock()
	ours := h.epoch
	h.mu.Unlock()
	var epoch int64
	if err := tx.QueryRowContext(ctx, "SELECT epoch FROM process_epoch WHERE id = 1 FOR SHARE").Scan(&epoch); err != nil {
		return fmt.Errorf("look who works on the database: %w", err)
	}
	if epoch != ours {
		return errTakenOver()
	}
	return nil
}

// hold watches the lock until ctx ends, and takes it again when its session
// ended. It returns an error when another process has it.
func (h *holder) hold(ctx context.Context) error {
	for {
		pause, cancel := context.WithTimeout(ctx, holdPace) // the server's time, not that of a demo
		<-pause.Done()
		cancel()
		if ctx.Err() != nil {
			return nil
		}
		if h.alive(ctx) {
			continue
		}
		if err := h.again(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// alive asks the session that holds the lock whether it is still there.
func (h *holder) alive(ctx context.Context) bool {
	h.mu.Lock()
	conn := h.conn
	h.mu.Unlock()
	bounded, cancel := context.WithTimeout(ctx, holdPatience)
	defer cancel()
	_, err := conn.ExecContext(bounded, "SELECT 1")
	return err == nil || ctx.Err() != nil
}

// again takes the lock in a new session. A server that does not answer is asked
// at the next turn: nobody can write meanwhile, so nothing is lost.
func (h *holder) again(ctx context.Context) error {
	conn, err := h.db.Conn(ctx)
	if err != nil {
		return nil
	}
	h.mu.Lock()
	old := h.conn
	h.mu.Unlock()
	_ = old.Close() // a session that is only slow must not keep us out ourselves
	err = h.take(ctx, conn)
	if err == nil {
		return nil
	}
	_ = conn.Close()
	if sellerdesk.CodeOf(err) == sellerdesk.CodeConflict {
		return errTakenOver()
	}
	return nil
}

func (h *holder) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil // the session ended before
}

func errTakenOver() error {
	return sellerdesk.Errorf(sellerdesk.CodeConflict,
		"Another Sellerdesk process works on this PostgreSQL database since the connection was lost: this one writes nothing more and ends.")
}
