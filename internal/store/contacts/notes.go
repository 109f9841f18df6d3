package contacts

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// longestNote bounds a note in characters.
const longestNote = 4000

// Note writes something down about a contact, which need not be the root of its
// tree: the note goes with it.
func (c Contacts) Note(ctx context.Context, user sellerdesk.UserID, id sellerdesk.ContactID, body string) (sellerdesk.ContactEntry, error) {
	at := c.w.Now()
	e := sellerdesk.ContactEntry{Kind: sellerdesk.EntryNote, At: at, Contact: id}
	body = strings.TrimSpace(text.Clean(body))
	switch n := utf8.RuneCountInString(body); {
	case n == 0:
		return e, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A note says something.").InField("text")
	case n > longestNote:
		return e, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A note has %d characters at most, this one has %d.", longestNote, n).InField("text")
	}
	// Whoever is being forgotten takes no note, and whoever takes one is forgotten with it.
	if err := c.lock(ctx, []int64{int64(id)}); err != nil {
		return e, fmt.Errorf("lock a person: %w", err)
	}
	root, err := c.Person(ctx, id)
	if err != nil {
		return e, err
	}
	account, err := home(ctx, c, int64(root))
	if err != nil {
		return e, err
	}
	ids, err := c.w.InsertMany(ctx, `INSERT INTO contact_notes (contact_id, user_id, body, at, account_id)`, 5, ` RETURNING id`,
		[]any{int64(id), engine.OrNil(int64(user)), body, at.Millis(), engine.OrNil(account)})
	if err != nil {
		return e, fmt.Errorf("keep a note: %w", err)
	}
	e.Note = &sellerdesk.ContactNote{ID: ids[0], Text: body}
	if user != 0 {
		e.Note.User = &user
	}
	c.changed(int64(root))
	return e, nil
}
