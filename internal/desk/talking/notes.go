package talking

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// longestNote and mostNotes bound what is said beside one conversation.
	longestNote = 10_000
	mostNotes   = 2000
)

// Notes are the verbs on notes.
type Notes struct{ Deps }

// List gives a page of the notes of a conversation, the newest first, and the
// cursor of the next one.
func (n *Notes) List(ctx context.Context, id sellerdesk.ConversationID, cursor string, limit int) (list []sellerdesk.Note, next string, err error) {
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := place(ctx, tx, sellerdesk.RightSee, id); err != nil {
			return err
		}
		list, next, err = tx.Talk.Notes.List(ctx, id, cursor, limit)
		return err
	})
	return list, next, err
}

// Write leaves a note beside a conversation. Whom it names is told.
func (n *Notes) Write(ctx context.Context, id sellerdesk.ConversationID, note string) (out sellerdesk.Note, err error) {
	at, err := n.where(ctx, sellerdesk.RightWork, id)
	if err != nil {
		return out, err
	}
	if note, err = said(note, "text", longestNote); err != nil {
		return out, err
	}
	named, err := n.named(ctx, at, note)
	if err != nil {
		return out, err
	}
	err = n.Store.Write(ctx, func(tx *store.Tx) error {
		if count, err := tx.Talk.Notes.Count(ctx, id); err != nil || count >= mostNotes {
			return orFull(err, "There are %d notes beside this conversation, which is the most there may be.", mostNotes)
		}
		out, err = tx.Talk.Notes.Add(ctx, at, sellerdesk.Note{User: mine(ctx), Text: note, Mentions: named})
		if err != nil {
			return err
		}
		return n.mention(ctx, tx, at, out, named)
	})
	return out, err
}

// orFull gives an error as it is, and without one says that no more go in.
func orFull(err error, words string, most int) error {
	if err != nil {
		return err
	}
	return sellerdesk.Errorf(sellerdesk.CodeConflict, words, most)
}

// mention tells people that they are named in a note.
func (n *Notes) mention(ctx context.Context, tx *store.Tx, at store.Place, note sellerdesk.Note, named []sellerdesk.UserID) error {
	if len(named) == 0 {
		return nil
	}
	short, err := n.short(ctx, tx, note.Text)
	if err != nil {
		return err
	}
	for _, user := range named {
		err := tx.Talk.Notifications.Add(ctx, store.Notice{
			User: user, Kind: sellerdesk.NotificationMention, Place: at, Note: note.ID, By: myself(ctx), Text: short,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// short is a note with names in place of what stands for them.
func (n *Notes) short(ctx context.Context, tx *store.Tx, note string) (string, error) {
	var ids []sellerdesk.UserID
	for _, p := range Parts(note) {
		if p.User != 0 {
			ids = append(ids, p.User)
		}
	}
	people, err := tx.Users.Names(ctx, ids)
	if err != nil {
		return "", err
	}
	teams, err := tx.Teams.List(ctx)
	if err != nil {
		return "", err
	}
	return Plain(note, func(p Part) string {
		if p.User != 0 {
			return people[p.User]
		}
		return teamName(teams, p.Team)
	}), nil
}

// own finds a note that whoever asks wrote.
func (n *Notes) own(ctx context.Context, id sellerdesk.NoteID) (note sellerdesk.Note, at store.Place, err error) {
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		if note, err = tx.Talk.Notes.Get(ctx, id); err != nil {
			return err
		}
		at, err = place(ctx, tx, sellerdesk.RightWork, note.Conversation)
		return asNote(err)
	})
	if err == nil && (note.User == nil || *note.User != myself(ctx)) && myself(ctx) != 0 {
		err = sellerdesk.Errorf(sellerdesk.CodeForbidden, "Only who wrote a note can change or remove it.")
	}
	return note, at, err
}

// asNote says of a note beside a conversation that may not be seen that there is
// none.
func asNote(err error) error {
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such note.")
	}
	return err
}

// Change gives a note of one's own another text. Whom it names only now is told.
func (n *Notes) Change(ctx context.Context, id sellerdesk.NoteID, words string) (sellerdesk.Note, error) {
	note, at, err := n.own(ctx, id)
	if err != nil {
		return note, err
	}
	if words, err = said(words, "text", longestNote); err != nil {
		return note, err
	}
	named, err := n.named(ctx, at, words)
	if err != nil {
		return note, err
	}
	before := map[sellerdesk.UserID]bool{}
	for _, user := range note.Mentions {
		before[user] = true
	}
	var fresh []sellerdesk.UserID
	for _, user := range named {
		if !before[user] {
			fresh = append(fresh, user)
		}
	}
	note.Text, note.Mentions = words, named
	err = n.Store.Write(ctx, func(tx *store.Tx) error {
		if note, err = tx.Talk.Notes.Change(ctx, at, note); err != nil {
			return err
		}
		return n.mention(ctx, tx, at, note, fresh)
	})
	return note, err
}

// Remove takes a note of one's own away.
func (n *Notes) Remove(ctx context.Context, id sellerdesk.NoteID) error {
	note, at, err := n.own(ctx, id)
	if err != nil {
		return err
	}
	return n.Store.Write(ctx, func(tx *store.Tx) error { return tx.Talk.Notes.Remove(ctx, at, note) })
}

// Follow lets the person who asks hear of what happens in a conversation.
func (n *Notes) Follow(ctx context.Context, id sellerdesk.ConversationID) error {
	return n.follow(ctx, id, true)
}

// Unfollow ends [Notes.Follow].
func (n *Notes) Unfollow(ctx context.Context, id sellerdesk.ConversationID) error {
	return n.follow(ctx, id, false)
}

func (n *Notes) follow(ctx context.Context, id sellerdesk.ConversationID, on bool) error {
	user, err := person(ctx)
	if err != nil {
		return err
	}
	return n.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := place(ctx, tx, sellerdesk.RightSee, id); err != nil {
			return err
		}
		if on {
			return tx.Talk.Followers.Add(ctx, user, id)
		}
		return tx.Talk.Followers.Remove(ctx, user, id)
	})
}

// Followers gives who follows a conversation.
func (n *Notes) Followers(ctx context.Context, id sellerdesk.ConversationID) (list []sellerdesk.Colleague, err error) {
	list = []sellerdesk.Colleague{}
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := place(ctx, tx, sellerdesk.RightSee, id); err != nil {
			return err
		}
		ids, err := tx.Talk.Followers.Of(ctx, id)
		if err != nil {
			return err
		}
		names, err := tx.Users.Names(ctx, ids)
		for _, user := range ids {
			list = append(list, sellerdesk.Colleague{User: &user, Name: names[user]})
		}
		return err
	})
	return list, err
}
