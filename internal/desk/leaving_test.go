package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// assignAll gives everything to somebody as one job.
func (h *house) assignAll(t *testing.T, to sellerdesk.Assignment) sellerdesk.JobID {
	t.Helper()
	owner := h.owner(t)
	job, err := h.Jobs.Start(h.as(t, owner), desk.BulkInput{User: owner, Action: sellerdesk.ActionAssign, Handle: sellerdesk.HandleChange{Assign: to}})
	if err != nil {
		t.Fatal(err)
	}
	if done := h.goOn(t, job.ID); done.Failed > 0 {
		t.Fatalf("%+v", done)
	}
	return job.ID
}

func TestWhatIsBeingRemovedHoldsUpNobody(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		account := h.reviews(t, 60)
		anna := h.colleague(t, "Anna")
		team, err := h.Teams.Create(h.as(t, h.owner(t)), sellerdesk.Team{Name: "Returns"})
		if err != nil {
			t.Fatal(err)
		}
		h.assignAll(t, sellerdesk.Assignment{User: &anna, Team: &team.ID})
		until := sellerdesk.At(h.now.Add(time.Minute))
		for _, c := range h.all(t)[:55] {
			if _, err := h.handle(t, c.ID, sellerdesk.ActionSnooze, sellerdesk.HandleChange{Until: &until}); err != nil {
				t.Fatal(err)
			}
		}
		h.now = h.now.Add(time.Hour)
		// The first of many steps: what belongs to the account is still there.
		h.write(t, func(tx *store.Tx) error {
			_, err := tx.Accounts.Remove(t.Context(), account.ID)
			return err
		})
		ctx, cancel := context.WithTimeout(h.as(t, anna), 20*time.Second)
		defer cancel()
		if more, err := h.Handling.Wake(t.Context()); more || err != nil {
			t.Errorf("more is to be woken: %v", err)
		}
		if at, err := h.Handling.Away(ctx, anna, true); err != nil || at.HandedBack != 0 {
			t.Errorf("handed back %d: %v", at.HandedBack, err)
		}
		if err := h.Teams.Remove(h.as(t, h.owner(t)), team.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatGoesBackToATeamThatIsGoneIsNobodys(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.reviews(t, 55)
		owner := h.as(t, h.owner(t))
		team, err := h.Teams.Create(owner, sellerdesk.Team{Name: "Returns"})
		if err != nil {
			t.Fatal(err)
		}
		h.assignAll(t, sellerdesk.Assignment{Team: &team.ID})
		taken := h.assignAll(t, sellerdesk.Assignment{})
		if err := h.Teams.Remove(owner, team.ID); err != nil {
			t.Fatal(err)
		}
		h.steer(t, h.Jobs.Undo, taken, sellerdesk.JobUndone)
		h.goOn(t, taken)
		if err := h.Handling.Relieve(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.counters(t, h.owner(t)); n.Unassigned.All != 55 {
			t.Errorf("%d are nobody's, want all 55", n.Unassigned.All)
		}
	})
}

func TestAnAnswerHearsOfWhatIsKeptAtTheSameMoment(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id, account := h.chat(t, "good")
		user := h.owner(t)
		ctx := h.as(t, user)
		var seen sellerdesk.MessageID
		h.read(t, func(tx *store.Tx) error {
			list, _, err := tx.Messages.List(t.Context(), id, "", 1)
			seen = list[0].ID
			return err
		})
		answered := make(chan error, 1)
		h.write(t, func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account.ID, Stream: "events", Batch: sellerdesk.Batch{
				Messages: []sellerdesk.MessagePatch{{
					Kind: sellerdesk.KindChat, Conversation: "c1", RemoteID: "m2", Author: sellerdesk.AuthorBuyer, Text: "Never mind", At: sellerdesk.At(h.now),
				}},
			}})
			go func() {
				_, err := h.Conversations.Reply(ctx, desk.ReplyInput{User: user, Conversation: id, Key: "k", Text: "On its way", Seen: seen})
				answered <- err
			}()
			time.Sleep(300 * time.Millisecond) // the answer is judged now, or waits
			return err
		})
		if err := <-answered; sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
			t.Errorf("the answer went past what the buyer wrote: %v", err)
		}
	})
}

func TestWhatGoesBackIsToldByCabinetToThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		unseen, _ := h.chat(t, "good")
		seen, account := h.chat(t, "second cabinet")
		anna, olga := h.colleague(t, "Anna"), h.invite(t, "Olga", in(account.ID, sellerdesk.RoleOperator))
		team, err := h.Teams.Create(h.as(t, h.owner(t)), sellerdesk.Team{Name: "Returns", Members: []sellerdesk.UserID{olga}})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []sellerdesk.ConversationID{unseen, seen} {
			if _, err := h.handle(t, id, sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &anna, Team: &team.ID}}); err != nil {
				t.Fatal(err)
			}
		}
		if at, err := h.Handling.Away(h.as(t, anna), anna, true); err != nil || at.HandedBack != 2 {
			t.Fatalf("handed back %d: %v", at.HandedBack, err)
		}
		list, _, err := h.Notifications.List(h.as(t, olga), false, "", 10)
		if err != nil || len(list) != 1 || list[0].Kind != sellerdesk.NotificationReturned || list[0].Text != "1" || list[0].Conversation != seen {
			t.Errorf("told %+v: %v", list, err)
		}
	})
}

func TestANoteThatWasRemovedMeanwhileIsNotChanged(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id, account := h.chat(t, "good")
		h.write(t, func(tx *store.Tx) error {
			place := store.Place{Account: account.ID, Conversation: id}
			note, err := tx.Talk.Notes.Add(t.Context(), place, sellerdesk.Note{Text: "look"})
			if err != nil {
				return err
			}
			if err := tx.Talk.Notes.Remove(t.Context(), place, note); err != nil {
				return err
			}
			if _, err := tx.Talk.Notes.Change(t.Context(), place, note); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("changed: %v", err)
			}
			return nil
		})
	})
}

func TestWhoMayNoLongerAnswerInACabinetHandsBackWhatIsThere(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		kept, first := h.chat(t, "good")
		lost, second := h.chat(t, "second cabinet")
		anna := h.invite(t, "Anna", in(first.ID, sellerdesk.RoleOperator), in(second.ID, sellerdesk.RoleOperator))
		for _, id := range []sellerdesk.ConversationID{kept, lost} {
			if _, err := h.handle(t, id, sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &anna}}); err != nil {
				t.Fatal(err)
			}
		}
		grants := []sellerdesk.Grant{in(first.ID, sellerdesk.RoleOperator), in(second.ID, sellerdesk.RoleReadOnly)}
		if _, err := h.Users.Change(h.as(t, h.owner(t)), anna, desk.ChangeUser{Grants: &grants}); err != nil {
			t.Fatal(err)
		}
		if err := h.Handling.Relieve(t.Context()); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[sellerdesk.ConversationID]bool{kept: true, lost: false} {
			h.read(t, func(tx *store.Tx) error {
				c, err := tx.Conversations.Get(t.Context(), id, anna)
				if (c.Assignee != nil) != want {
					t.Errorf("conversation %d belongs to %v", id, c.Assignee)
				}
				return err
			})
		}
	})
}
