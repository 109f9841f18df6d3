package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// ingest compares taking in with what the bare driver reaches for the same rows
// in transactions of the same size. Both take turns, so that what else the
// machine does meets both.
func ingest(ctx context.Context, rig *Rig) ([]Row, error) {
	const turns = 3
	load := storetest.Load{Seed: 3, Conversations: 10_000, Messages: 100_000, Batch: batchOf, From: time.Now().Add(-30 * time.Hour)}
	if rig.Short {
		load.Conversations, load.Messages = 1_000, 10_000
	}
	dir, err := os.MkdirTemp(rig.Dir, "ingest-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for taking in: %w", err)
	}
	defer os.RemoveAll(dir)
	var ours, bare durations
	for n := range turns {
		took, err := ingestOurs(ctx, rig, filepath.Join(dir, fmt.Sprintf("ours-%d.db", n)), load)
		if err != nil {
			return nil, err
		}
		ours = append(ours, took)
		rig.progress("taking in", 2*n+1, 2*turns)
		if took, err = ingestBare(ctx, rig, filepath.Join(dir, fmt.Sprintf("bare-%d.db", n)), load); err != nil {
			return nil, err
		}
		bare = append(bare, took)
		rig.progress("taking in", 2*n+2, 2*turns)
	}
	rate := func(d durations) float64 { return float64(load.Messages) / d.percentile(.5).Seconds() }
	note := fmt.Sprintf("%d messages in %d conversations, %d in a transaction, median of %d turns each", load.Messages, load.Conversations, batchOf, turns)
	return []Row{
		{Name: "taking in, the store", Unit: "messages/s", Value: rate(ours), Note: note},
		{Name: "taking in, the bare driver", Unit: "messages/s", Value: rate(bare), Note: note},
		{Name: "taking in, share of the bare driver", Value: rate(ours) / rate(bare), Bound: 0.6, AtLeast: true, Note: note},
	}, nil
}

func ingestOurs(ctx context.Context, rig *Rig, path string, load storetest.Load) (took time.Duration, err error) {
	s, account, err := emptyStore(ctx, rig, path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if took, err = storetest.Fill(ctx, s, account, load); err != nil {
		return 0, fmt.Errorf("take in by the store: %w", err)
	}
	return took, nil
}

func ingestBare(ctx context.Context, rig *Rig, path string, load storetest.Load) (time.Duration, error) {
	s, account, err := emptyStore(ctx, rig, path)
	if err != nil {
		return 0, err
	}
	if err := s.Close(); err != nil { // only its schema is wanted
		return 0, fmt.Errorf("close the database: %w", err)
	}
	took, err := storetest.BareInsert(ctx, path, account, load)
	if err != nil {
		return 0, fmt.Errorf("take in by the bare driver: %w", err)
	}
	return took, nil
}

func emptyStore(ctx context.Context, rig *Rig, path string) (*store.Store, sellerdesk.AccountID, error) {
	s, err := store.Open(ctx, store.Options{Path: path, Key: make([]byte, 32)})
	if err != nil {
		return nil, 0, fmt.Errorf("open an empty database: %w", err)
	}
	account, err := newAccount(ctx, rig, s)
	if err != nil {
		return nil, 0, errors.Join(err, s.Close())
	}
	return s, account, nil
}
