package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// ListSize is how many values one list of Placeholders holds.
const ListSize = 500

// Placeholders gives n of them from the given number on: "$3,$4".
func Placeholders(from, n int) string {
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

// Tuples gives rows of Placeholders: "($1,$2),($3,$4)".
func Tuples(from, rows, width int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		b.WriteString(Placeholders(from+i*width, width))
		b.WriteByte(')')
	}
	return b.String()
}

// Anys gives a list as the arguments of a statement.
func Anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// Padded cuts a list into pieces of few different sizes, repeating the last
// value, so that few different statements are prepared.
func Padded[T any](list []T) [][]T {
	var pieces [][]T
	for piece := range slices.Chunk(list, ListSize) {
		size := ListSize
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
var insertSizes = [...]int{64, 32, 16, 8, 4, 2, 1}

// InsertSize is how many of so many rows go in the next statement.
func InsertSize(rows int) int {
	for _, s := range insertSizes {
		if rows >= s {
			return s
		}
	}
	return 1
}

// PageSize bounds a limit that came from outside: 1 to 200, 0 means 50.
func PageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 200)
}

// NarrowAccounts adds a condition on accounts behind the given arguments; none
// means all.
func NarrowAccounts(column string, accounts []sellerdesk.AccountID, args ...any) (string, []any) {
	if len(accounts) == 0 {
		return "", args
	}
	list := Padded(accounts[:min(len(accounts), ListSize)])[0]
	return ` AND COALESCE(` + column + `, 0) IN (` + Placeholders(len(args)+1, len(list)) + `)`, append(args, Anys(list)...)
}
