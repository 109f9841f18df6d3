package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/labels"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// besides are the tables of what we say of conversations ourselves.
func besides() []string {
	return []string{"notes", "tasks", "followers", "notifications", "drafts", "conversation_tags", "field_values", "tag_uses", "shares", "template_uses"}
}

// company is who says something beside conversations in a test.
type company struct {
	anna sellerdesk.User
	team sellerdesk.Team
	tags []sellerdesk.TagID
}

// hire makes a person, a team and more tags than can be on one conversation.
func hire(t *testing.T, s *store.Store) (c company) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		if c.anna, err = tx.Users.Create(ctx, "Анна", sellerdesk.Russian); err != nil {
			return err
		}
		if c.team, err = tx.Teams.Add(ctx, sellerdesk.Team{Name: "Возвраты", Members: []sellerdesk.UserID{c.anna.ID}}); err != nil {
			return err
		}
		for i := range labels.MostOn + 10 {
			tag, err := tx.Labels.AddTag(ctx, fmt.Sprint("Метка ", i), 0)
			if err != nil {
				return err
			}
			c.tags = append(c.tags, tag.ID)
		}
		_, err = tx.Labels.AddField(ctx, sellerdesk.Field{Name: "Причина", Of: sellerdesk.FieldOfConversation, Kind: sellerdesk.FieldText})
		return err
	})
	return c
}

// surround says everything beside a conversation that can be.
func (c company) surround(t *testing.T, s *store.Store, at store.Place, tags []sellerdesk.TagID, words string) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		note, err := tx.Talk.Notes.Add(ctx, at, sellerdesk.Note{User: &c.anna.ID, Text: words, Mentions: []sellerdesk.UserID{1}})
		if err != nil {
			return err
		}
		task, err := tx.Talk.Tasks.Add(ctx, at, sellerdesk.Task{Text: words, User: &c.anna.ID})
		if err != nil {
			return err
		}
		for _, user := range []sellerdesk.UserID{1, c.anna.ID} {
			if err := tx.Talk.Followers.Add(ctx, user, at.Conversation); err != nil {
				return err
			}
			if _, err := tx.Talk.Drafts.Put(ctx, at.Account, sellerdesk.Draft{Conversation: at.Conversation, User: user, Text: words}); err != nil {
				return err
			}
			for _, kind := range []sellerdesk.NotificationKind{sellerdesk.NotificationFollowed, sellerdesk.NotificationMention} {
				if err := tx.Talk.Notifications.Add(ctx, store.Notice{User: user, Kind: kind, Place: at, Note: note.ID, Task: task.ID, Text: words}); err != nil {
					return err
				}
			}
		}
		return tx.Conversations.Handle(ctx, at.Conversation, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
			return tx.Labels.Apply(ctx, h, store.LabelChange{Add: tags, Fields: map[sellerdesk.FieldID]string{1: words}})
		})
	})
}

// tally counts the rows of tables.
func tally(t *testing.T, s *store.Store, tables ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range tables {
		out[table] = rows(t, s, 1, `SELECT COUNT(*) FROM `+table)[0]
	}
	return out
}

func TestWhatIsSaidBesideConversationsIsUnitedAndRemovedWithThem(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		c, a := hire(t, s), storetest.Account(t, s, "shop")
		id := startChat(t, s, a)
		item := lease(t, s, a, minute(2))[0]
		apply(t, s, toldOf(a, false))
		var twin sellerdesk.ConversationID
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			twin, _, err = tx.Conversations.ByRemote(ctx, a, sellerdesk.KindChat, "900")
			return err
		})
		half := len(c.tags) / 2
		c.surround(t, s, store.Place{Account: a, Conversation: id}, c.tags[:half], "kept")
		c.surround(t, s, store.Place{Account: a, Conversation: twin}, c.tags[half-1:], "gone")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Conversations.Handle(ctx, twin, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
				h.Assign(sellerdesk.Assignment{User: &c.anna.ID, Team: &c.team.ID})
				return nil
			})
		})

		settle(t, s, item.ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "900"})
		apply(t, s, batch(a, buyer("900", "m2", "И где он?", minute(3))))
		got := only(t, s, a)
		if got.ID != id || got.Assignee == nil || *got.Assignee != c.anna.ID || got.Team == nil || len(got.Tags) != labels.MostOn ||
			len(got.Fields) != 1 || got.Fields[0].Value != "kept" {
			t.Errorf("the one conversation is %+v", got)
		}
		want := map[string]string{"notes": "2", "tasks": "2", "followers": "2", "notifications": "8", "drafts": "2",
			"conversation_tags": fmt.Sprint(labels.MostOn), "field_values": "1"}
		if diff := cmp.Diff(want, tally(t, s, besides()[:7]...)); diff != "" {
			t.Errorf("beside it stands (-want +got):\n%s", diff)
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			counters, err := tx.Conversations.Counters(ctx, c.anna.ID, nil)
			if counters.Mine.All != 1 || counters.Unassigned.All != 0 || len(counters.Teams) != 1 || counters.Teams[0].Count.All != 1 {
				t.Errorf("counted as %+v", counters)
			}
			uses, uerr := tx.Labels.Uses(ctx)
			sum := 0
			for _, n := range uses {
				sum += n
			}
			if sum != labels.MostOn {
				t.Errorf("tags are used %d times, want %d", sum, labels.MostOn)
			}
			d, derr := tx.Talk.Drafts.Get(ctx, 1, id)
			if d.Text != "kept" {
				t.Errorf("the draft says %q", d.Text)
			}
			return errors.Join(err, uerr, derr)
		})

		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			kept, _, err := tx.Library.Put(ctx, 1, sellerdesk.Template{Name: "Спасибо", Text: "Спасибо!"})
			if err != nil {
				return err
			}
			return tx.Library.Used(ctx, 1, kept.ID, a)
		})
		remove(t, s, a)
		for table, n := range tally(t, s, append(slices.Clone(besides()), "conversations", "accounts")...) {
			if n != "0" {
				t.Errorf("%s of %s are left", n, table)
			}
		}
	})
}
