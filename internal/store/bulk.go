package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// insertMany writes rows of width values each. With returning the new ids come
// back in the order of the rows: both engines number the rows of one statement
// in their order, though they may give them back in another.
func (tx *Tx) insertMany(ctx context.Context, head string, width int, tail string, values []any) ([]int64, error) {
	returning := strings.Contains(tail, "RETURNING")
	var ids []int64
	for rest := values; len(rest) > 0; {
		n := engine.InsertSize(len(rest) / width)
		query, args := tx.session.InsertText(head, tail, n, width), rest[:n*width]
		rest = rest[n*width:]
		if !returning {
			if _, err := tx.exec(ctx, query, args...); err != nil {
				return nil, err
			}
			continue
		}
		rows, err := tx.query(ctx, query, args...)
		got, err := engine.Collect(rows, err, engine.ScanInt)
		if err != nil {
			return nil, err
		}
		slices.Sort(got)
		ids = append(ids, got...)
	}
	return ids, nil
}

// latest is the latest of moments of which each may be absent.
func latest(moments ...*int64) *int64 {
	var last *int64
	for _, m := range moments {
		if m != nil && (last == nil || *m > *last) {
			last = m
		}
	}
	return last
}

// after tells whether at lies after a moment that may be absent.
func after(at int64, moment *int64) bool { return moment == nil || at > *moment }

// sameValue tells whether two values that may be absent are the same.
func sameValue[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// digest names a thing by what it holds, where the remote side gave no name.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
