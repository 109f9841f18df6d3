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
	if list, err = l.all(ctx, user, q); err != nil {
		return nil, "", err
	}
	if q.Cursor != "" {
		i := slices.IndexFunc(list, func(t sellerdesk.Template) bool { return strconv.FormatInt(int64(t.ID), 10) == q.Cursor })
		if i < 0 {
			return nil, "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The cursor is not good any more; begin again.").InField("cursor")
		}
		list = list[i+1:]
	}
	limit := min(max(q.Limit, 0), 200)
	if limit == 0 {
		limit = 50
	}
	if len(list) > limit {
		list = list[:limit]
		next = strconv.FormatInt(int64(list[limit-1].ID), 10)
	}
	return list, next, nil
}

// all gives everything that a query asks for in its order.
func (l *Library) all(ctx context.Context, user sellerdesk.UserID, q Query) (list []sellerdesk.Template, err error) {
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return nil, err
	}
	folder, err := Folder(q.Folder)
	if err != nil {
		return nil, err
	}
	err = l.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Library.List(ctx, user)
		return err
	})
	if err != nil {
		return nil, err
	}
	q.Folder = text.Fold(folder)
	list = slices.DeleteFunc(list, func(t sellerdesk.Template) bool { return !q.offers(t) })
	if typed := text.Words(q.Text); len(typed) > 0 {
		list = l.index.rank(list, q.Text, typed[max(0, len(typed)-typedWords):])
	}
	return list, nil
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
const mostIndexed = 20_000

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

func (x *index) of(t sellerdesk.Template) indexed {
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
func (x *index) rank(list []sellerdesk.Template, typed string, words []string) []sellerdesk.Template {
	type scored struct {
		template sellerdesk.Template
		score    int
	}
	whole := strings.Join(text.Words(typed), " ")
	var found []scored
	for _, t := range list {
		if score, all := x.of(t).score(whole, words); all {
			found = append(found, scored{t, score + weighsUse*bits.Len(uint(t.Uses))})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	out := make([]sellerdesk.Template, len(found))
	for i, f := range found {
		out[i] = f.template
	}
	return out
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
