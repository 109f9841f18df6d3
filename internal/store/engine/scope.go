package engine

import (
	"context"
	"slices"

	"github.com/sellerdesk/sellerdesk"
)

// Scope is the accounts that whoever asks may see. Reads apply it, so that
// whatever route asks, what lies outside does not exist. The zero value is of
// nobody: nothing is in it.
type Scope struct {
	whole bool
	ids   []sellerdesk.AccountID // in growing order
}

// Seen is what the access of a context may see; one without access is that of
// the program itself, which sees everything.
func Seen(ctx context.Context) Scope {
	whole, ids := sellerdesk.AccessOf(ctx).Scope(sellerdesk.RightSee)
	return Scope{whole, ids}
}

// Whole tells whether nothing lies outside: then a statement is the one it would
// be without any scope.
func (s Scope) Whole() bool { return s.whole }

// Has tells whether an account is in it. Account 0, which is none, is only in
// the whole.
func (s Scope) Has(id sellerdesk.AccountID) bool {
	if s.whole {
		return true
	}
	_, in := slices.BinarySearch(s.ids, id)
	return in
}

// Narrow gives those of the accounts asked for that are in it, where none asked
// for means all there are; none is true when nothing is left, so that no list of
// accounts could say so.
func (s Scope) Narrow(asked []sellerdesk.AccountID) (accounts []sellerdesk.AccountID, none bool) {
	switch {
	case s.whole:
		return asked, false
	case len(asked) == 0:
		return s.ids, len(s.ids) == 0
	}
	for _, id := range asked {
		if s.Has(id) {
			accounts = append(accounts, id)
		}
	}
	return accounts, len(accounts) == 0
}

// In writes the condition that a column names an account of it, and takes its
// arguments behind those given: "TRUE" for the whole. The column is hidden in an
// expression, so that no engine takes it for a key.
func (s Scope) In(column string, args []any) (condition string, more []any) {
	switch {
	case s.whole:
		return "TRUE", args
	case len(s.ids) == 0:
		return "FALSE", args
	}
	// Of few sizes, so that few different statements are prepared.
	var list []any
	for _, piece := range Padded(s.ids) {
		list = append(list, Anys(piece)...)
	}
	return "COALESCE(" + column + ", 0) IN (" + Placeholders(len(args)+1, len(list)) + ")", append(args, list...)
}

// Check refuses a thing of an account outside with the sentence for one that is
// not there.
func (s Scope) Check(id sellerdesk.AccountID, thing string) error {
	if s.Has(id) {
		return nil
	}
	return Found(ErrNoRow, thing)
}
