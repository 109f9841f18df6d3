package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// BenchmarkApply compares the store with the bare driver on the same rows; the
// share is what the speed is judged by.
func BenchmarkApply(b *testing.B) {
	for _, size := range []struct {
		name  string
		batch int
	}{{"50", 50}, {"100", 100}, {"1000", 1000}} {
		b.Run(size.name, func(b *testing.B) {
			load := storetest.Load{Seed: 1, Conversations: 2000, Messages: 20000, Batch: size.batch, From: start}
			var bare, ours time.Duration
			for b.Loop() {
				path := filepath.Join(b.TempDir(), "bare.db")
				s := storetest.Open(b, store.Options{Path: path})
				a := storetest.Account(b, s, "shop")
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				took, err := storetest.BareInsert(b.Context(), path, a, load)
				if err != nil {
					b.Fatal(err)
				}
				bare += took
				s = storetest.Open(b, store.Options{})
				took, err = storetest.Fill(b.Context(), s, storetest.Account(b, s, "shop"), load)
				if err != nil {
					b.Fatal(err)
				}
				ours += took
			}
			b.ReportMetric(float64(load.Messages*b.N)/ours.Seconds(), "messages/s")
			b.ReportMetric(float64(load.Messages*b.N)/bare.Seconds(), "bare-messages/s")
			b.ReportMetric(bare.Seconds()/ours.Seconds(), "share")
		})
	}
}
