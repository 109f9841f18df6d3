package engine

import (
	"errors"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Dialect is all that differs between the engines. It stays this small: what
// would need more, but for the search, is said in the portable subset instead.
type Dialect struct {
	// Rewrite turns the Placeholders $1, $2 into those of the engine.
	Rewrite func(query string) string
	// ID is the definition of an id column that numbers itself and never gives
	// a number twice.
	ID string
	// Bytes is the type of a column of bytes.
	Bytes string
	// Locking ends a SELECT whose rows nobody else may change until the
	// transaction ends; skip passes over rows that somebody holds.
	Locking func(skip bool) string
	// EventLock is held from the writing of events to the commit, so that
	// numbers become visible in their order; "" where there is one writer.
	EventLock string
	// SearchPut writes the words of the first rows, as many as it says; messages
	// that have words already are deleted before.
	SearchPut func(rows []SearchRow) (query string, args []any, taken int)
	// SearchDelete forgets messages.
	SearchDelete func(ids []sellerdesk.MessageID) (query string, args []any)
	// SearchWindow is how many ids are looked at first, on engines that gather all hits
	// among some ids and sort them; 0 on others, which go from the newest id on.
	SearchWindow int64
	// SearchBegun asks for the words from $1 on and before $2, at most $3, on engines
	// where this is quicker than to look for a beginning; "" on others.
	SearchBegun string
	// SearchFind asks for ids, the newest first.
	SearchFind func(f SearchQuestion) (query string, args []any)
	// Classify tells what an error of the driver means to us.
	Classify func(error) Failure
}

// Failure is what an error of a driver means to us.
type Failure int

const (
	FailureOther  Failure = iota
	FailureUnique         // a row with this key exists
	FailureFull           // no room on the disk
	FailureGone           // the database does not answer
)

// ErrNoRow is returned by scans that found nothing; handles turn it into a
// Sentence that names the thing.
var ErrNoRow = errors.New("no such row")

// questionMarks turns $1 into ?1. Statements hold no other dollar sign.
func questionMarks(query string) string { return strings.ReplaceAll(query, "$", "?") }

// Sentence turns errors of the driver that a person can do something about
// into words for that person.
func (d *Dialect) Sentence(err error) error {
	var known *sellerdesk.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	switch d.Classify(err) {
	case FailureFull:
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"The disk with the database takes no more, it is full or it fails: free some space, nothing was lost.").Because(err)
	case FailureGone:
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"The database does not answer; the change was not made.").Because(err)
	default:
		return err
	}
}

// SearchRow is the words of one message: letters, digits, "-" and "_" only,
// which is what both engines are told to keep whole. Stems are those of the text
// in its order; Meta is what else it is found by and what narrows a search.
type SearchRow struct {
	ID          int64
	Stems, Meta []string
}

// SearchQuestion asks for messages.
type SearchQuestion struct {
	All    []SearchTerm // each is there; All and Meta are not both empty
	None   []SearchTerm // none is there
	Meta   [][]string   // one of each list is there
	Before int64        // only smaller ids
	After  int64        // only greater ids; 0: all
	Among  []int64      // only these ids, at most [ListSize]; none: all
	// Gather: all are wanted, in no order. Only where there is no SearchWindow.
	Gather bool
	// Sample: only the first SearchBlock of each SearchSpan of ids, of the newest
	// SearchSpans. Only where there is a SearchWindow.
	Sample bool
	// Walk: each id is looked at, from the newest on. Only where there is a
	// SearchWindow.
	Walk  bool
	Limit int64
}

// What is found where there is a SearchWindow is found by blocks and spans of ids.
// The migration that makes their index knows the first two numbers too.
const (
	SearchBlock = 1024
	SearchSpan  = 131_072
	SearchSpans = 256
)

// SearchTerm is one of several phrases.
type SearchTerm []SearchPhrase

// SearchPhrase is words side by side. With Prefix it is one word, and those that
// begin so.
type SearchPhrase struct {
	Words  []string
	Prefix bool
}

// searchText joins the parts of a question in the words of an engine.
func searchText(f SearchQuestion, and, or, not string, phrase func(SearchPhrase) string) string {
	term := func(t SearchTerm) string {
		parts := make([]string, len(t))
		for i, p := range t {
			parts[i] = phrase(p)
		}
		return "(" + strings.Join(parts, or) + ")"
	}
	var all []string
	for _, t := range f.All {
		all = append(all, term(t))
	}
	for _, list := range f.Meta {
		t := make(SearchTerm, len(list))
		for i, m := range list {
			t[i] = SearchPhrase{Words: []string{m}}
		}
		all = append(all, term(t))
	}
	text := strings.Join(all, and)
	for _, t := range f.None {
		text = "(" + text + ")" + not + term(t)
	}
	return text
}
