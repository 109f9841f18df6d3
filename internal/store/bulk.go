package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// listSize is how many values one list of placeholders holds.
const listSize = 500

// placeholders gives n of them from the given number on: "$3,$4".
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// tuples gives rows of placeholders: "($1,$2),($3,$4)".
func tuples(from, rows, width int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		b.WriteString(placeholders(from+i*width, width))
		b.WriteByte(')')
	}
	return b.String()
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// padded cuts a list into pieces of few different sizes, repeating the last
// value, so that few different statements are prepared.
func padded[T any](list []T) [][]T {
	var pieces [][]T
	for piece := range slices.Chunk(list, listSize) {
		size := listSize
		for _, s := range []int{1, 8, 64} {
			if len(piece) <= s {
				size = s
				break
			}
		}
		piece = slices.Clone(piece)
		for len(piece) < size {
			piece = append(piece, piece[len(piece)-1])
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

// insertSizes are the numbers of rows that go in one statement.
var insertSizes = [...]int{64, 16, 4, 1}

// insertSize is how many of so many rows go in the next statement.
func insertSize(rows int) int {
	for _, s := range insertSizes {
		if rows >= s {
			return s
		}
	}
	return 1
}

// insertMany writes rows of width values each. With returning the new ids come
// back in the order of the rows: both engines number the rows of one statement
// in their order, though they may give them back in another.
func (tx *Tx) insertMany(ctx context.Context, head string, width int, tail string, values []any) ([]int64, error) {
	returning := strings.Contains(tail, "RETURNING")
	var ids []int64
	for rest := values; len(rest) > 0; {
		n := insertSize(len(rest) / width)
		query, args := tx.session.insertText(head, tail, n, width), rest[:n*width]
		rest = rest[n*width:]
		if !returning {
			if _, err := tx.exec(ctx, query, args...); err != nil {
				return nil, err
			}
			continue
		}
		rows, err := tx.query(ctx, query, args...)
		got, err := collect(rows, err, scanInt)
		if err != nil {
			return nil, err
		}
		slices.Sort(got)
		ids = append(ids, got...)
	}
	return ids, nil
}

func scanInt(s scanner) (n int64, err error) {
	err = s.Scan(&n)
	return n, err
}

// millis gives a moment as the store keeps it, NULL for nil.
func millis(t *sellerdesk.Time) any {
	if t == nil {
		return nil
	}
	return t.Millis()
}

// moment reads what millis wrote.
func moment(ms *int64) *sellerdesk.Time {
	if ms == nil {
		return nil
	}
	t := sellerdesk.AtMillis(*ms)
	return &t
}

// blob gives NULL for no bytes: the drivers differ in what nil bytes are.
func blob(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// orNil gives NULL for the zero value.
func orNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
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
