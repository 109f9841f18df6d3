package talking

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Deps is what the verbs stand on. Store and Access are needed.
type Deps struct {
	Store *store.Store
	Clock sellerdesk.Clock
	// Access tells what a person may see now.
	Access func(context.Context, sellerdesk.UserID) (sellerdesk.Access, error)
}

// Talk is the verbs by topic.
type Talk struct {
	Notes         *Notes
	Tasks         *Tasks
	Notifications *Notifications
	Drafts        *Drafts
}

// New makes the verbs.
func New(d Deps) *Talk {
	return &Talk{Notes: &Notes{d}, Tasks: &Tasks{d}, Notifications: &Notifications{d}, Drafts: &Drafts{d}}
}

// myself is the person who asks; 0: the program itself.
func myself(ctx context.Context) sellerdesk.UserID { return sellerdesk.AccessOf(ctx).User }

// mine is the person who asks, as a thing names who made it.
func mine(ctx context.Context) *sellerdesk.UserID {
	if id := myself(ctx); id != 0 {
		return &id
	}
	return nil
}

// person refuses the program itself, which has nothing of its own.
func person(ctx context.Context) (sellerdesk.UserID, error) {
	id := myself(ctx)
	if id == 0 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Only people have this.")
	}
	return id, nil
}

// place finds a conversation that whoever asks may see, and refuses them who lack
// a right there.
func place(ctx context.Context, tx *store.Tx, right sellerdesk.Right, id sellerdesk.ConversationID) (store.Place, error) {
	conv, err := tx.Conversations.Get(ctx, id, 0)
	if err != nil {
		return store.Place{}, err
	}
	return store.Place{Account: conv.Account, Conversation: id}, sellerdesk.Allow(ctx, right, conv.Account)
}

// said cleans what somebody wrote and bounds it, in characters.
func said(s, field string, most int) (string, error) {
	s = strings.TrimSpace(text.Clean(s))
	if n := utf8.RuneCountInString(s); n == 0 || n > most {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The text needs 1 to %d characters.", most).InField(field)
	}
	return s, nil
}

// sees tells whether a person sees a cabinet; one who is not there does not.
func (d Deps) sees(ctx context.Context, id sellerdesk.UserID, account sellerdesk.AccountID) (bool, error) {
	access, err := d.Access(ctx, id)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return false, nil
	}
	return access.MayIn(sellerdesk.RightSee, account), err
}

// where finds a conversation in a transaction of its own.
func (d Deps) where(ctx context.Context, right sellerdesk.Right, id sellerdesk.ConversationID) (at store.Place, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		at, err = place(ctx, tx, right, id)
		return err
	})
	return at, err
}
