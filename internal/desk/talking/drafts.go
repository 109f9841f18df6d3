package talking

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	longestDraft   = 50_000
	mostDraftFiles = 100
)

// Drafts are the verbs on answers that a person has begun. Nobody else reads them.
type Drafts struct{ Deps }

// Get gives the draft of the person who asks; not_found when there is none.
func (d *Drafts) Get(ctx context.Context, id sellerdesk.ConversationID) (draft sellerdesk.Draft, err error) {
	user, err := person(ctx)
	if err != nil {
		return draft, err
	}
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := place(ctx, tx, sellerdesk.RightSee, id); err != nil {
			return err
		}
		draft, err = tx.Talk.Drafts.Get(ctx, user, id)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "You have begun no answer here.")
		}
		return err
	})
	return draft, err
}

// NewDraft is an answer as far as it is written.
type NewDraft struct {
	Conversation sellerdesk.ConversationID
	Text         string
	Files        []sellerdesk.FileID // uploaded before
	Seen         sellerdesk.MessageID
}

// Put keeps the draft of the person who asks in place of the one before. Without
// words and files it is [Drafts.Remove].
func (d *Drafts) Put(ctx context.Context, in NewDraft) (draft sellerdesk.Draft, err error) {
	user, err := person(ctx)
	if err != nil {
		return draft, err
	}
	in.Text = text.Clean(in.Text)
	if utf8.RuneCountInString(in.Text) > longestDraft {
		return draft, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A draft has up to %d characters.", longestDraft).InField("text")
	}
	if len(in.Files) > mostDraftFiles {
		return draft, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A draft has up to %d files.", mostDraftFiles).InField("files")
	}
	at, err := d.where(ctx, sellerdesk.RightWork, in.Conversation)
	if err != nil {
		return draft, err
	}
	draft = sellerdesk.Draft{Conversation: in.Conversation, User: user, Text: in.Text, Files: append([]sellerdesk.FileID{}, in.Files...), Seen: max(in.Seen, 0)}
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		if strings.TrimSpace(in.Text) == "" && len(in.Files) == 0 {
			return tx.Talk.Drafts.Remove(ctx, at.Account, user, in.Conversation)
		}
		draft, err = tx.Talk.Drafts.Put(ctx, at.Account, draft)
		return err
	})
	return draft, err
}

// Remove forgets the draft of the person who asks, if there is one.
func (d *Drafts) Remove(ctx context.Context, id sellerdesk.ConversationID) error {
	user, err := person(ctx)
	if err != nil {
		return err
	}
	at, err := d.where(ctx, sellerdesk.RightSee, id)
	if err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error { return tx.Talk.Drafts.Remove(ctx, at.Account, user, id) })
}

// Others gives who else has begun an answer in a conversation, as those who are
// not there now.
func (d *Drafts) Others(ctx context.Context, id sellerdesk.ConversationID) (list []sellerdesk.Presence, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := place(ctx, tx, sellerdesk.RightSee, id); err != nil {
			return err
		}
		list, err = OthersIn(ctx, tx, id, myself(ctx))
		return err
	})
	return list, err
}

// OthersIn is [Drafts.Others] within a transaction, of all but one person.
func OthersIn(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, but sellerdesk.UserID) ([]sellerdesk.Presence, error) {
	drafts, err := tx.Talk.Drafts.Of(ctx, id)
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	ids := make([]sellerdesk.UserID, 0, len(drafts))
	for _, d := range drafts {
		ids = append(ids, d.User)
	}
	names, err := tx.Users.Names(ctx, ids)
	var list []sellerdesk.Presence
	for _, d := range drafts {
		if d.User != but {
			list = append(list, sellerdesk.Presence{User: d.User, Name: names[d.User], Draft: true, Since: d.At})
		}
	}
	return list, err
}

// Unchanged refuses an answer once when the buyer or a colleague wrote behind the
// message that its writer has seen; seen 0 asks nothing.
func Unchanged(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID, seen sellerdesk.MessageID, user sellerdesk.UserID) error {
	if seen == 0 {
		return nil
	}
	c, err := tx.Talk.Drafts.Since(ctx, id, seen, user)
	if err != nil || c == nil {
		return err
	}
	who := "A colleague"
	switch {
	case c.Author == sellerdesk.AuthorBuyer:
		who = "The buyer"
	case c.Author == sellerdesk.AuthorRule:
		who = "A rule"
	case c.Author == sellerdesk.AuthorElsewhere:
		who = "Somebody in the seller's cabinet"
	}
	return sellerdesk.Errorf(sellerdesk.CodeConflict, "%s wrote meanwhile. Look at it, and send again if the answer is still right.", who).InField("seen")
}

// Joined gives who is at a conversation with those who have begun an answer there:
// each person once, those who are there first.
func Joined(here, writing []sellerdesk.Presence) []sellerdesk.Presence {
	list := append([]sellerdesk.Presence{}, here...)
	for _, w := range writing {
		if i := slices.IndexFunc(list, func(p sellerdesk.Presence) bool { return p.User == w.User }); i >= 0 {
			list[i].Draft = true
			continue
		}
		list = append(list, w)
	}
	return list
}
