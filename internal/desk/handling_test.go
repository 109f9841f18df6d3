package desk_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// handle does an action that says something of a conversation.
func (h *house) handle(t *testing.T, id sellerdesk.ConversationID, action sellerdesk.ActionKind, change sellerdesk.HandleChange) (sellerdesk.Conversation, error) {
	t.Helper()
	owner := h.owner(t)
	return h.Conversations.Act(h.as(t, owner), desk.ActInput{User: owner, Conversation: id, Action: action, Handle: change})
}

// colleague is somebody who answers here.
func (h *house) colleague(t *testing.T, name string) sellerdesk.UserID {
	t.Helper()
	in, err := h.Users.Invite(h.as(t, h.owner(t)), desk.InviteInput{Name: name, Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleOperator}}})
	if err != nil {
		t.Fatal(err)
	}
	return in.User.ID
}

func (h *house) counters(t *testing.T, user sellerdesk.UserID) (c sellerdesk.Counters) {
	t.Helper()
	h.read(t, func(tx *store.Tx) (err error) {
		c, err = tx.Conversations.Counters(t.Context(), user, nil)
		return err
	})
	return c
}

func TestAConversationPutOffComesBackWhenItsMomentComesAndSaysSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "good")
	owner := h.owner(t)
	until := sellerdesk.At(h.now.Add(time.Hour))
	c, err := h.handle(t, id, sellerdesk.ActionSnooze, sellerdesk.HandleChange{Until: &until})
	if err != nil {
		t.Fatal(err)
	}
	want := &sellerdesk.Snooze{Until: &until, User: &owner, At: sellerdesk.At(h.now)}
	if diff := cmp.Diff(want, c.Snooze); diff != "" || c.Status != sellerdesk.ConversationSnoozed {
		t.Fatalf("%s (-want +got):\n%s", c.Status, diff)
	}
	if n := h.counters(t, owner); n.Snoozed.All != 1 || n.Asleep.All != 1 || n.Unassigned.All != 0 || n.NeedsAnswer.All != 1 || n.OnDesk().All != 0 {
		t.Errorf("counted as %+v", n)
	}
	if more, err := h.Handling.Wake(t.Context()); more || err != nil || h.conversation(t, id).Status != sellerdesk.ConversationSnoozed {
		t.Fatalf("woke before its moment: %v %v", more, err)
	}
	h.now = h.now.Add(time.Hour)
	if _, err := h.Handling.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	c = h.conversation(t, id)
	if c.Status != sellerdesk.ConversationOpen || c.Snooze != nil || c.Woke == nil || c.Woke.Reason != sellerdesk.WokeByTime {
		t.Errorf("came back as %s, %+v, %+v", c.Status, c.Snooze, c.Woke)
	}
	if told := h.told(t, owner); len(told) != 1 || told[0].Kind != sellerdesk.NotificationWoke {
		t.Errorf("who put it off was told %+v", told)
	}
	if n := h.counters(t, owner); n.Snoozed.All != 0 || n.Asleep.All != 0 || n.Unassigned.All != 1 {
		t.Errorf("counted as %+v", n)
	}
	if err := h.Conversations.NoAnswerNeeded(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if c = h.conversation(t, id); c.Woke != nil {
		t.Errorf("somebody dealt with it, and it still says %+v", c.Woke)
	}
}

func TestTheBuyerWakesWhatIsPutOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, account := h.chat(t, "good")
	c, err := h.handle(t, id, sellerdesk.ActionSnooze, sellerdesk.HandleChange{})
	if err != nil || c.Snooze == nil || c.Snooze.Until != nil {
		t.Fatalf("%+v %v", c.Snooze, err)
	}
	h.now = h.now.Add(time.Minute)
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account.ID, Stream: "chats", Batch: sellerdesk.Batch{Messages: []sellerdesk.MessagePatch{{
			Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: "again", Author: sellerdesk.AuthorBuyer, Text: "Ау", At: sellerdesk.At(h.now),
		}}}})
		return err
	})
	if c = h.conversation(t, id); c.Status != sellerdesk.ConversationOpen || c.Woke == nil || c.Woke.Reason != sellerdesk.WokeByBuyer || c.Snooze != nil {
		t.Errorf("%s, %+v, %+v", c.Status, c.Woke, c.Snooze)
	}
}

func TestAnOrderWakesWhatWaitsForItAndNothingElse(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.add(t, "good")
	tell := func(remote, order string, messages ...string) {
		t.Helper()
		b := sellerdesk.Batch{Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(remote), Order: &order}}}
		for _, m := range messages {
			b.Messages = append(b.Messages, sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(remote), RemoteID: sellerdesk.RemoteID(m),
				Author: sellerdesk.AuthorBuyer, Text: m, At: sellerdesk.At(h.now)})
		}
		h.write(t, func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account.ID, Stream: "chats", Batch: b})
			return err
		})
	}
	tell("waits", "55", "a")
	tell("sleeps", "55", "b")
	tell("other", "66", "c")
	byRemote := map[sellerdesk.RemoteID]sellerdesk.ConversationID{}
	for _, c := range h.all(t) {
		byRemote[*c.RemoteID] = c.ID
		if _, err := h.handle(t, c.ID, sellerdesk.ActionSnooze, sellerdesk.HandleChange{Order: *c.RemoteID != "sleeps"}); err != nil {
			t.Fatal(err)
		}
	}
	tell("claim", "55", "d") // something new about order 55
	got := map[sellerdesk.RemoteID]sellerdesk.ConversationStatus{}
	for remote, id := range byRemote {
		got[remote] = h.conversation(t, id).Status
	}
	want := map[sellerdesk.RemoteID]sellerdesk.ConversationStatus{"waits": sellerdesk.ConversationOpen, "sleeps": sellerdesk.ConversationSnoozed, "other": sellerdesk.ConversationSnoozed}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if w := h.conversation(t, byRemote["waits"]).Woke; w == nil || w.Reason != sellerdesk.WokeByOrder {
		t.Errorf("it says %+v", w)
	}
}

func TestWhatCannotBeSaidOfAConversationIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "good")
	past, far := sellerdesk.At(h.now), sellerdesk.At(h.now.AddDate(3, 0, 0))
	nobody, noTeam := sellerdesk.UserID(99), sellerdesk.TeamID(99)
	watcher, err := h.Users.Invite(h.as(t, h.owner(t)), desk.InviteInput{Name: "Vera", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleReadOnly}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		action sellerdesk.ActionKind
		change sellerdesk.HandleChange
		field  string
	}{
		"a moment that is over":    {sellerdesk.ActionSnooze, sellerdesk.HandleChange{Until: &past}, "until"},
		"a moment in three years":  {sellerdesk.ActionSnooze, sellerdesk.HandleChange{Until: &far}, "until"},
		"a priority there is not":  {sellerdesk.ActionPriority, sellerdesk.HandleChange{Priority: "much"}, "priority"},
		"somebody there is not":    {sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &nobody}}, "user"},
		"somebody who only reads":  {sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &watcher.User.ID}}, "user"},
		"a team that there is not": {sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{Team: &noTeam}}, "team"},
	} {
		_, err := h.handle(t, id, c.action, c.change)
		var e *sellerdesk.Error
		if !errors.As(err, &e) || e.Code != sellerdesk.CodeInvalid || e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := h.Conversations.Close(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := h.handle(t, id, sellerdesk.ActionSnooze, sellerdesk.HandleChange{}); sellerdesk.CodeOf(err) != sellerdesk.CodeUnsupported {
		t.Errorf("a closed one was put off: %v", err)
	}
}

func TestWhoGoesHomeHandsBackWhatWaits(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.reviews(t, 60)
		anna, boris := h.colleague(t, "Anna"), h.colleague(t, "Boris")
		team, err := h.Teams.Create(h.as(t, h.owner(t)), sellerdesk.Team{Name: " Returns ", Members: []sellerdesk.UserID{anna, boris, boris}})
		if err != nil || team.Name != "Returns" || len(team.Members) != 2 {
			t.Fatalf("%+v %v", team, err)
		}
		all := h.all(t)
		for i, c := range all {
			to := sellerdesk.Assignment{User: &anna}
			if i%2 == 0 {
				to.Team = &team.ID
			}
			if _, err := h.handle(t, c.ID, sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: to}); err != nil {
				t.Fatal(err)
			}
		}
		if n := h.counters(t, anna); n.Mine.All != 60 || n.Unassigned.All != 0 || len(n.Teams) != 1 || n.Teams[0].Count.All != 30 {
			t.Fatalf("counted as %+v", n)
		}
		told := h.told(t, anna)
		if len(told) == 0 || told[0].Kind != sellerdesk.NotificationAssigned {
			t.Errorf("Anna was told %+v", told)
		}
		// One that is answered already is nobody's to answer.
		if err := h.Conversations.Close(t.Context(), all[0].ID); err != nil {
			t.Fatal(err)
		}
		at, err := h.Handling.Away(h.as(t, anna), anna, true)
		if err != nil || at.HandedBack != 59 || at.AwayAt == nil {
			t.Fatalf("%+v %v", at, err)
		}
		if n := h.counters(t, anna); n.Mine.All != 0 || n.Unassigned.All != 30 || n.Teams[0].Count.All != 29 {
			t.Errorf("counted as %+v", n)
		}
		if c := h.conversation(t, all[0].ID); c.Assignee == nil {
			t.Error("what was closed was handed back too")
		}
		told = h.told(t, boris)
		if len(told) != 1 || told[0].Kind != sellerdesk.NotificationReturned || told[0].Text != "29" || told[0].By == nil || *told[0].By != anna {
			t.Errorf("Boris was told %+v", told)
		}
		if at, err = h.Handling.Away(h.as(t, anna), anna, false); err != nil || at.AwayAt != nil || at.HandedBack != 0 {
			t.Errorf("back: %+v %v", at, err)
		}
	})
}

func (h *house) told(t *testing.T, user sellerdesk.UserID) []sellerdesk.Notification {
	t.Helper()
	list, _, err := h.Notifications.List(h.as(t, user), false, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWhatSomebodyLeftWhoNoLongerWorksHereIsHandedBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "good")
	anna := h.colleague(t, "Anna")
	if _, err := h.handle(t, id, sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &anna}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Handling.Relieve(t.Context()); err != nil || h.conversation(t, id).Assignee == nil {
		t.Fatalf("taken from who works here: %v", err)
	}
	if err := h.Users.Disable(h.as(t, h.owner(t)), anna); err != nil {
		t.Fatal(err)
	}
	if err := h.Handling.Relieve(t.Context()); err != nil || h.conversation(t, id).Assignee != nil {
		t.Errorf("still theirs: %v", err)
	}
}

func TestATeamThatIsRemovedLeavesNothingToIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.reviews(t, 55)
	owner := h.as(t, h.owner(t))
	team, err := h.Teams.Create(owner, sellerdesk.Team{Name: "Returns"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Teams.Create(owner, sellerdesk.Team{Name: "Returns"}); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
		t.Errorf("a second one of the name: %v", err)
	}
	if _, err := h.Teams.Create(h.as(t, h.colleague(t, "Anna")), sellerdesk.Team{Name: "Mine"}); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
		t.Errorf("made without the right: %v", err)
	}
	job, err := h.Jobs.Start(owner, desk.BulkInput{User: h.owner(t), Action: sellerdesk.ActionAssign, Handle: sellerdesk.HandleChange{Assign: sellerdesk.Assignment{Team: &team.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	if job = h.goOn(t, job.ID); job.Done != 55 || h.counters(t, 1).Teams[0].Count.All != 55 {
		t.Fatalf("%+v", job)
	}
	if err := h.Teams.Remove(owner, team.ID); err != nil {
		t.Fatal(err)
	}
	if n := h.counters(t, 1); len(n.Teams) != 0 || n.Unassigned.All != 55 {
		t.Errorf("counted as %+v", n)
	}
}

func TestManyAreAssignedRankedAndPutOffAndAllIsTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.reviews(t, 30)
	owner, anna := h.owner(t), h.colleague(t, "Anna")
	before := h.all(t)
	until := sellerdesk.At(h.now.Add(time.Hour))
	for _, c := range []struct {
		action sellerdesk.ActionKind
		change sellerdesk.HandleChange
		is     func(sellerdesk.Conversation) bool
	}{
		{sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &anna}}, func(c sellerdesk.Conversation) bool { return c.Assignee != nil && *c.Assignee == anna }},
		{sellerdesk.ActionPriority, sellerdesk.HandleChange{Priority: sellerdesk.PriorityUrgent}, func(c sellerdesk.Conversation) bool { return c.Priority == sellerdesk.PriorityUrgent }},
		{sellerdesk.ActionSnooze, sellerdesk.HandleChange{Until: &until}, func(c sellerdesk.Conversation) bool { return c.Status == sellerdesk.ConversationSnoozed }},
	} {
		job, err := h.Jobs.Start(h.as(t, owner), desk.BulkInput{User: owner, Action: c.action, Handle: c.change})
		if err != nil {
			t.Fatal(c.action, err)
		}
		if job = h.goOn(t, job.ID); job.Done != 30 {
			t.Fatalf("%s: %+v", c.action, job)
		}
		for _, one := range h.all(t) {
			if !c.is(one) {
				t.Fatalf("%s: %+v", c.action, one)
			}
		}
		h.steer(t, h.Jobs.Undo, job.ID, sellerdesk.JobUndone)
		if job = h.goOn(t, job.ID); job.Undone != 30 {
			t.Errorf("%s: taken back: %+v", c.action, job)
		}
		if diff := cmp.Diff(before, h.all(t), cmpopts.IgnoreFields(sellerdesk.Conversation{}, "Rev")); diff != "" {
			t.Errorf("%s (-before +after):\n%s", c.action, diff)
		}
	}
	past := sellerdesk.At(h.now.Add(-time.Hour))
	if _, err := h.Jobs.Start(h.as(t, owner), desk.BulkInput{User: owner, Action: sellerdesk.ActionSnooze, Handle: sellerdesk.HandleChange{Until: &past}}); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
		t.Errorf("put off until a moment that is over: %v", err)
	}
}

func TestCandidatesAreThoseWhoMayAnswerThere(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, account := h.chat(t, "good")
	anna := h.colleague(t, "Anna")
	owner := h.as(t, h.owner(t))
	if _, err := h.Users.Invite(owner, desk.InviteInput{Name: "Vera", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleReadOnly}}}); err != nil {
		t.Fatal(err)
	}
	other := h.add(t, "second cabinet")
	if _, err := h.Users.Invite(owner, desk.InviteInput{Name: "Gleb", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleOperator, Account: &other.ID}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Teams.Create(owner, sellerdesk.Team{Name: "Returns"}); err != nil {
		t.Fatal(err)
	}
	list, err := h.Handling.Candidates(owner, id)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range list {
		names = append(names, fmt.Sprint(c.Name, c.Team != nil))
	}
	if diff := cmp.Diff([]string{"false", "Annafalse", "Returnstrue"}, names); diff != "" {
		t.Errorf("in account %d (-want +got):\n%s", account.ID, diff)
	}
	if _, err := h.handle(t, id, sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: &anna}}); err != nil {
		t.Error(err)
	}
}
