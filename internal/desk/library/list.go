package library

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Query asks for templates. Zero values mean "any".
type Query struct {
	Account sellerdesk.AccountID // those that are offered in this account
	Kind    sellerdesk.Kind      // those that are offered in conversations of this kind
	Folder  string               // with the folders in it
	House   *bool                // of the house, or of the person who asks
	// Text is what somebody types: beginnings of words of name, folder and text, all
	// of which are there. What fits best and is said most comes first then; without
	// it the order is that of the folders.
	Text   string
	Cursor string // see [Library.List]
	Limit  int    // 1 to 200, 0 means 50
}

// typedWords bounds how much of what is typed is looked for: the newest words.
const typedWords = 12

// List gives a page of the texts of the house and of the person, and the cursor of
// the next.
func (l *Library) List(ctx context.Context, user sellerdesk.UserID, q Query) (list []sellerdesk.Template, next string, err error) {
	err = l.find(ctx, user, q, func(tx *store.Tx, ids []sellerdesk.TemplateID) error {
		if q.Cursor != "" {
			i := slices.IndexFunc(ids, func(id sellerdesk.TemplateID) bool { return strconv.FormatInt(int64(id), 10) == q.Cursor })
			if i < 0 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The cursor is not good any more; begin again.").InField("cursor")
			}
			ids = ids[i+1:]
		}
		limit := min(max(q.Limit, 0), 200)
		if limit == 0 {
			limit = 50
		}
		if len(ids) > limit {
			ids = ids[:limit]
			next = strconv.FormatInt(int64(ids[limit-1]), 10)
		}
		list, err = tx.Library.Some(ctx, user, ids)
		return err
	})
	return list, next, err
}

// all gives everything that a query asks for in its order.
func (l *Library) all(ctx context.Context, user sellerdesk.UserID, q Query) (list []sellerdesk.Template, err error) {
	err = l.find(ctx, user, q, func(tx *store.Tx, ids []sellerdesk.TemplateID) error {
		list, err = tx.Library.Some(ctx, user, ids)
		return err
	})
	return list, err
}

// find gives which texts a query asks for in its order. They are looked for among
// those kept in memory, since it happens at every key that somebody types; what is
// shown of them is read.
func (l *Library) find(ctx context.Context, user sellerdesk.UserID, q Query, take func(*store.Tx, []sellerdesk.TemplateID) error) error {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return err
	}
	folder, err := Folder(q.Folder)
	if err != nil {
		return err
	}
	q.Folder = text.Fold(folder)
	return l.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err := l.shelves.look(ctx, tx, user, q)
		if err != nil {
			return err
		}
		if typed := text.Words(q.Text); len(typed) > 0 {
			if list, err = l.index.rank(ctx, tx, list, q.Text, typed[max(0, len(typed)-typedWords):]); err != nil {
				return err
			}
		}
		return take(tx, idsOf(list))
	})
}

func idsOf(list []*sellerdesk.Template) []sellerdesk.TemplateID {
	ids := make([]sellerdesk.TemplateID, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	return ids
}

// offers tells whether a query asks for a text, but for what is typed.
func (q Query) offers(t sellerdesk.Template) bool {
	folder := ""
	if q.Folder != "" {
		folder = text.Fold(t.Folder)
	}
	switch {
	case q.Account != 0 && len(t.Accounts) > 0 && !slices.Contains(t.Accounts, q.Account),
		q.Kind != "" && len(t.Kinds) > 0 && !slices.Contains(t.Kinds, q.Kind),
		q.House != nil && *q.House != (t.User == nil),
		q.Folder != "" && folder != q.Folder && !strings.HasPrefix(folder, q.Folder+"/"):
		return false
	}
	return true
}

// Folders lists the folders of texts in their order, each with those it stands in.
func Folders(list []sellerdesk.Template) []string {
	seen := map[string]string{} // by how they are compared
	for _, t := range list {
		for folder := t.Folder; folder != ""; {
			if key := text.Fold(folder); seen[key] == "" {
				seen[key] = folder
			}
			cut := strings.LastIndexByte(folder, '/')
			folder = folder[:max(cut, 0)]
		}
	}
	out := make([]string, 0, len(seen))
	for _, folder := range seen {
		out = append(out, folder)
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(text.Fold(a), text.Fold(b)) })
	return out
}

// mostIndexed bounds what the index keeps; then it begins anew.
const mostIndexed = mostShelved

// index keeps the words of texts, since they are looked through at every key that
// somebody types.
type index struct {
	mu    sync.Mutex
	words map[sellerdesk.TemplateID]indexed // of mu
}

// indexed are the words of a text with a space around each.
type indexed struct {
	rev          int64
	name, folder string
	text, begins string // begins is the beginning of the text as it is typed
}

func newIndex() *index { return &index{words: map[sellerdesk.TemplateID]indexed{}} }

func padded(s string) string { return " " + strings.Join(text.Words(s), " ") + " " }

func (x *index) of(t *sellerdesk.Template) indexed {
	x.mu.Lock()
	one, there := x.words[t.ID]
	x.mu.Unlock()
	if there && one.rev == t.Rev {
		return one
	}
	one = indexed{rev: t.Rev, name: padded(t.Name), folder: padded(t.Folder), text: padded(t.Text)}
	one.begins = one.text[1:]
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.words) >= mostIndexed {
		clear(x.words)
	}
	x.words[t.ID] = one
	return one
}

// Weights of where what is typed was found.
const (
	weighsName   = 100 // the name begins so
	weighsBegin  = 90  // the text does
	weighsTitled = 40  // a word of the name begins so
	weighsFiled  = 15  // of the folder
	weighsSaid   = 5   // of the text
	weighsUse    = 3   // each doubling of the uses
)

// rank leaves the texts that have every word that is typed, the best first.
func (x *index) rank(ctx context.Context, tx *store.Tx, list []*sellerdesk.Template, typed string, words []string) ([]*sellerdesk.Template, error) {
	whole := strings.Join(text.Words(typed), " ")
	scores := map[sellerdesk.TemplateID]int{}
	var found []*sellerdesk.Template
	for _, t := range list {
		if score, all := x.of(t).score(whole, words); all {
			found, scores[t.ID] = append(found, t), score
		}
	}
	uses, err := tx.Library.Uses(ctx, idsOf(found))
	if err != nil {
		return nil, err
	}
	for id, n := range uses {
		scores[id] += weighsUse * bits.Len(uint(n))
	}
	slices.SortStableFunc(found, func(a, b *sellerdesk.Template) int { return cmp.Compare(scores[b.ID], scores[a.ID]) })
	return found, nil
}

// score tells how well a text fits, and whether every word was found. Words count
// as found by their beginnings.
func (i indexed) score(whole string, words []string) (score int, all bool) {
	switch {
	case strings.HasPrefix(i.name[1:], whole):
		score = weighsName
	case strings.HasPrefix(i.begins, whole):
		score = weighsBegin
	}
	for _, w := range words {
		w = " " + w
		switch {
		case strings.Contains(i.name, w):
			score += weighsTitled
		case strings.Contains(i.folder, w):
			score += weighsFiled
		case strings.Contains(i.text, w):
			score += weighsSaid
		default:
			return 0, false
		}
	}
	return score, true
}
