package notes_test

import (
	"context"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// TestWhatIsSaidBesideAConversationOnBothEngines does everything once, on either
// engine.
func TestWhatIsSaidBesideAConversationOnBothEngines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		at := begin(t, s)
		user := sellerdesk.UserID(1)
		err := s.Write(ctx, func(tx *store.Tx) error {
			return everything(ctx, t, tx, at, user)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(ctx, func(tx *store.Tx) error {
			list, _, err := tx.Talk.Notifications.List(ctx, store.NotificationQuery{User: user, Unread: true})
			if err == nil && (len(list) != 1 || list[0].Kind != sellerdesk.NotificationTask) {
				t.Errorf("the person was told of %v", list)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		remove(t, s, at.Account)
	})
}

// begin makes a conversation with one message.
func begin(t *testing.T, s *store.Store) (at store.Place) {
	t.Helper()
	ctx := t.Context()
	err := s.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(ctx, store.NewAccount{Channel: "test", Name: "Shop"})
		if err != nil {
			return err
		}
		name, moment := "Anna", sellerdesk.AtMillis(1000)
		_, err = tx.Inbox.Apply(ctx, store.ApplyInput{Account: a.ID, Stream: "chats", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c", BuyerName: &name, CreatedAt: &moment}},
			Messages:      []sellerdesk.MessagePatch{{Kind: sellerdesk.KindChat, Conversation: "c", RemoteID: "m", Author: sellerdesk.AuthorBuyer, Text: "Hello", At: moment}},
		}})
		if err != nil {
			return err
		}
		at.Account = a.ID
		at.Conversation, _, err = tx.Conversations.ByRemote(ctx, a.ID, sellerdesk.KindChat, "c")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// everything does each thing and looks at it.
func everything(ctx context.Context, t *testing.T, tx *store.Tx, at store.Place, user sellerdesk.UserID) error {
	t.Helper()
	note, err := tx.Talk.Notes.Add(ctx, at, sellerdesk.Note{User: &user, Text: "look", Mentions: []sellerdesk.UserID{user}})
	if err != nil {
		return err
	}
	note.Text = "look again"
	if note, err = tx.Talk.Notes.Change(ctx, at, note); err != nil {
		return err
	}
	messages, _, err := tx.Messages.List(ctx, at.Conversation, "", 10)
	if err != nil {
		return err
	}
	beside, err := tx.Talk.Notes.Beside(ctx, store.NotePage{Conversation: at.Conversation, First: messages[0], Last: messages[0]}, 10)
	if err != nil || len(beside) != 1 || beside[0].Text != "look again" || beside[0].EditedAt == nil {
		t.Errorf("beside stands %v: %v", beside, err)
	}
	if list, next, err := tx.Talk.Notes.List(ctx, at.Conversation, "", 1); err != nil || len(list) != 1 || next != "" {
		t.Errorf("the list is %v, %q: %v", list, next, err)
	}
	if err := tasks(ctx, t, tx, at, user); err != nil {
		return err
	}
	if err := drafts(ctx, t, tx, at, user, messages[0].ID); err != nil {
		return err
	}
	for range 2 {
		if err := tx.Talk.Followers.Add(ctx, user, at.Conversation); err != nil {
			return err
		}
	}
	for _, kind := range []sellerdesk.NotificationKind{sellerdesk.NotificationFollowed, sellerdesk.NotificationFollowed, sellerdesk.NotificationMention} {
		if err := tx.Talk.Notifications.Add(ctx, store.Notice{User: user, Kind: kind, Place: at, Note: note.ID, By: 2, Text: "look"}); err != nil {
			return err
		}
	}
	if n, err := tx.Talk.Notifications.Unread(ctx, user); err != nil || n != 3 {
		t.Errorf("unread are %d, want a task, one of what is followed and a mention: %v", n, err)
	}
	return tx.Talk.Notes.Remove(ctx, at, note)
}

func tasks(ctx context.Context, t *testing.T, tx *store.Tx, at store.Place, user sellerdesk.UserID) error {
	t.Helper()
	due := sellerdesk.AtMillis(2000)
	for _, task := range []sellerdesk.Task{{Text: "some day", User: &user}, {Text: "now", DueAt: &due}} {
		if _, err := tx.Talk.Tasks.Add(ctx, at, task); err != nil {
			return err
		}
	}
	open, next, err := tx.Talk.Tasks.Open(ctx, nil, "", 1)
	if err != nil || len(open) != 1 || open[0].Text != "now" {
		t.Errorf("open are %v: %v", open, err)
	}
	if open, _, err = tx.Talk.Tasks.Open(ctx, &user, next, 1); err != nil || len(open) != 1 || open[0].DueAt != nil {
		t.Errorf("then comes %v: %v", open, err)
	}
	list, err := tx.Talk.Tasks.Due(ctx, due, 10)
	if err != nil || len(list) != 1 || list[0].Account != at.Account {
		t.Errorf("due are %v: %v", list, err)
	}
	if err := tx.Talk.Tasks.Told(ctx, list[0].Task.ID); err != nil {
		return err
	}
	done := list[0].Task
	done.DoneAt, done.DoneBy = &due, &user
	if err := tx.Talk.Tasks.Save(ctx, at, done, true); err != nil {
		return err
	}
	return tx.Talk.Notifications.Add(ctx, store.Notice{User: user, Kind: sellerdesk.NotificationTask, Place: at, Task: done.ID})
}

func drafts(ctx context.Context, t *testing.T, tx *store.Tx, at store.Place, user sellerdesk.UserID, seen sellerdesk.MessageID) error {
	t.Helper()
	for _, text := range []string{"It", "It comes"} {
		if _, err := tx.Talk.Drafts.Put(ctx, at.Account, sellerdesk.Draft{Conversation: at.Conversation, User: user, Text: text, Seen: seen}); err != nil {
			return err
		}
	}
	d, err := tx.Talk.Drafts.Get(ctx, user, at.Conversation)
	if err != nil || d.Text != "It comes" || d.Seen != seen {
		t.Errorf("the draft is %v: %v", d, err)
	}
	if c, err := tx.Talk.Drafts.Since(ctx, at.Conversation, seen, user); err != nil || c != nil {
		t.Errorf("since then was said %v: %v", c, err)
	}
	if of, err := tx.Talk.Drafts.Of(ctx, at.Conversation); err != nil || len(of) != 1 || of[0].Text != "" {
		t.Errorf("drafts are of %v: %v", of, err)
	}
	return nil
}

// remove takes the cabinet away with all that was said beside its conversations.
func remove(t *testing.T, s *store.Store, account sellerdesk.AccountID) {
	t.Helper()
	for done := false; !done; {
		err := s.Write(t.Context(), func(tx *store.Tx) (err error) {
			done, err = tx.Accounts.Remove(t.Context(), account)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
