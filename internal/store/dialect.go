package store

import (
	"errors"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// dialect is all that differs between the engines. It stays this small: what
// would need a tenth member is said in the portable subset instead.
type dialect struct {
	// rewrite turns the placeholders $1, $2 into those of the engine.
	rewrite func(query string) string
	// id is the definition of an id column that numbers itself and never gives
	// a number twice.
	id string
	// bytes is the type of a column of bytes.
	bytes string
	// locking ends a SELECT whose rows nobody else may change until the
	// transaction ends; skip passes over rows that somebody holds.
	locking func(skip bool) string
	// eventLock is held from the writing of events to the commit, so that
	// numbers become visible in their order; "" where there is one writer.
	eventLock string
	// searchPut writes the words of the first rows, as many as it says; messages
	// that have words already are deleted before.
	searchPut func(rows []searchRow) (query string, args []any, taken int)
	// searchDelete forgets messages.
	searchDelete func(ids []sellerdesk.MessageID) (query string, args []any)
	// searchFind asks for ids, the newest first.
	searchFind func(f searchFind) (query string, args []any)
	// classify tells what an error of the driver means to us.
	classify func(error) failure
}

// failure is what an error of a driver means to us.
type failure int

const (
	failureOther  failure = iota
	failureUnique         // a row with this key exists
	failureFull           // no room on the disk
	failureGone           // the database does not answer
)

// errNoRow is returned by scans that found nothing; handles turn it into a
// sentence that names the thing.
var errNoRow = errors.New("no such row")

// questionMarks turns $1 into ?1. Statements hold no other dollar sign.
func questionMarks(query string) string { return strings.ReplaceAll(query, "$", "?") }

// sentence turns errors of the driver that a person can do something about
// into words for that person.
func (d *dialect) sentence(err error) error {
	var known *sellerdesk.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	switch d.classify(err) {
	case failureFull:
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"The disk with the database takes no more, it is full or it fails: free some space, nothing was lost.").Because(err)
	case failureGone:
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"The database does not answer; the change was not made.").Because(err)
	default:
		return err
	}
}
