package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// refresh asks for the conversations that events named.
func (f *follower) refresh() {
	f.t.Helper()
	for id := range f.changed {
		var c sellerdesk.Conversation
		if err := json.Unmarshal(f.get(fmt.Sprint("/v1/conversations/", id)), &c); err != nil {
			f.t.Fatal(err)
		}
		f.rows[id] = c
	}
	clear(f.changed)
}

// figures are what the rows add up to for a person.
func (f *follower) figures(user sellerdesk.UserID) sellerdesk.Counters {
	out := sellerdesk.Counters{Teams: []sellerdesk.TeamCount{}}
	teams := map[sellerdesk.TeamID]*sellerdesk.KindCounts{}
	for _, c := range f.rows {
		asleep := c.Status == sellerdesk.ConversationSnoozed
		for counts, is := range map[*sellerdesk.KindCounts]bool{
			&out.Unread: c.Unread, &out.NeedsAnswer: c.NeedsAnswer, &out.Asleep: asleep, &out.Snoozed: asleep && c.NeedsAnswer,
			&out.Unassigned: c.NeedsAnswer && !asleep && c.Assignee == nil && c.Team == nil,
			&out.Mine:       c.NeedsAnswer && !asleep && c.Assignee != nil && *c.Assignee == user,
		} {
			if is {
				counts.Add(c.Kind, 1)
			}
		}
		if c.Team != nil && c.NeedsAnswer && !asleep {
			if teams[*c.Team] == nil {
				teams[*c.Team] = &sellerdesk.KindCounts{}
			}
			teams[*c.Team].Add(c.Kind, 1)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(teams)) {
		out.Teams = append(out.Teams, sellerdesk.TeamCount{Team: id, Count: *teams[id]})
	}
	return out
}

// worker is somebody who does whatever comes to mind.
type worker struct {
	t      *testing.T
	h      *servertest.House
	random *rand.Rand
	user   sellerdesk.UserID
	other  sellerdesk.UserID
	team   sellerdesk.TeamID
	known  []sellerdesk.ConversationID
	done   int
}

// work does one thing. What cannot be done now is refused, which changes nothing.
func (w *worker) work() {
	w.done++
	ctx := sellerdesk.WithAccess(w.t.Context(), sellerdesk.FullAccess(w.user))
	if len(w.known) < 5 || w.random.IntN(4) == 0 {
		w.incoming()
		return
	}
	id := w.known[w.random.IntN(len(w.known))]
	act := desk.ActInput{User: w.user, Conversation: id}
	until := sellerdesk.At(servertest.Start().Add(time.Hour))
	switch w.random.IntN(14) {
	case 0, 1:
		_, err := w.h.Desk.Conversations.Reply(ctx, desk.ReplyInput{User: w.user, Conversation: id, Text: fmt.Sprint("answer ", w.done), Key: fmt.Sprint("key-", w.done)})
		w.refusedOrDone(err)
		return
	case 2:
		w.refusedOrDone(w.h.Desk.Conversations.MarkUnread(ctx, w.user, id))
		return
	case 3:
		act.Action, act.Handle = sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{User: w.oneOf(&w.user, &w.other, nil)}}
	case 4:
		act.Action, act.Handle = sellerdesk.ActionAssign, sellerdesk.HandleChange{Assign: sellerdesk.Assignment{Team: &w.team, User: w.oneOf(&w.user, nil, nil)}}
	case 5, 6:
		act.Action, act.Handle = sellerdesk.ActionSnooze, sellerdesk.HandleChange{Until: &until}
	case 7:
		act.Action, act.Tags = sellerdesk.ActionTag, sellerdesk.TagChange{Add: []string{fmt.Sprint("tag ", w.random.IntN(3), "a")}, Remove: []string{"tag 0a"}}
	case 8:
		act.Action, act.Handle = sellerdesk.ActionPriority, sellerdesk.HandleChange{Priority: sellerdesk.Priorities()[w.random.IntN(4)]}
	case 9, 10:
		act.Action = sellerdesk.ActionMarkRead
	default:
		act.Action = []sellerdesk.ActionKind{sellerdesk.ActionClose, sellerdesk.ActionReopen, sellerdesk.ActionArchive, sellerdesk.ActionUnarchive, sellerdesk.ActionNoAnswerNeeded}[w.random.IntN(5)]
	}
	_, err := w.h.Desk.Conversations.Act(ctx, act)
	w.refusedOrDone(err)
}

func (w *worker) oneOf(ids ...*sellerdesk.UserID) *sellerdesk.UserID {
	return ids[w.random.IntN(len(ids))]
}

// incoming lets a buyer write, one who wrote before or another.
func (w *worker) incoming() {
	at, name, words := servertest.Start().Add(time.Duration(w.done)*time.Second), fmt.Sprint("buyer", w.random.IntN(25)), fmt.Sprint("word ", w.done)
	var c sellerdesk.Conversation
	switch w.random.IntN(3) {
	case 0:
		c = w.h.Review(w.t, name, at, 1+w.random.IntN(5), words)
	case 1:
		c = w.h.Question(w.t, name, at, words)
	default:
		c = w.h.Chat(w.t, name, at, words)
	}
	if !slices.Contains(w.known, c.ID) {
		w.known = append(w.known, c.ID)
	}
}

func (w *worker) refusedOrDone(err error) {
	if err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
		w.t.Error(err)
	}
}

// cuts is how often the stream is cut: a thousand times where
// SELLERDESK_TEST_OPERATIONS asks for many operations.
func cuts(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("SELLERDESK_TEST_OPERATIONS"))
	if err == nil && n >= 1000 {
		return 1000
	}
	return 40
}

// TestRowsAndCountersOfAClientAreThoseOfTheServerWhereverItsStreamIsCut follows the
// stream while people work and buyers write. It knows the list as it was at the
// beginning and asks for what events name, and nothing else.
func TestRowsAndCountersOfAClientAreThoseOfTheServerWhereverItsStreamIsCut(t *testing.T) {
	t.Parallel()
	h := servertest.New(t, nil)
	h.HTTP.SetHeartbeat(50 * time.Millisecond) // with which the client learns what passed without concerning it
	owner, err := h.Desk.Users.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(owner.ID))
	other, err := h.Desk.Users.Invite(ctx, desk.InviteInput{Name: "Olga", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleOperator}}})
	if err != nil {
		t.Fatal(err)
	}
	team, err := h.Desk.Teams.Create(ctx, sellerdesk.Team{Name: "Returns", Members: []sellerdesk.UserID{other.User.ID}})
	if err != nil {
		t.Fatal(err)
	}
	key, err := h.Desk.Keys.Create(ctx, desk.CreateKey{User: owner.ID, Name: "stream", Rights: sellerdesk.AllRights()})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(7, 11))
	w := &worker{t: t, h: h, random: rand.New(rand.NewPCG(3, 5)), user: owner.ID, other: other.User.ID, team: team.ID}
	f := &follower{t: t, h: h, key: key.Text, last: fmt.Sprint(last(t, h)), changed: map[sellerdesk.ConversationID]bool{}}
	f.revs, f.rows = f.load(), f.list()
	times := cuts(t)
	for n := range times {
		worked := make(chan struct{})
		go func() {
			defer close(worked)
			for range 1 + n%3 {
				w.work()
			}
		}()
		// Some are cut while they wait, some in the middle of a frame, some before the answer.
		f.follow(1+random.IntN(3000), func() bool { return false }, time.Duration(1+random.IntN(8))*time.Millisecond)
		<-worked
		if t.Failed() {
			return
		}
		if n%20 == 19 || n == times-1 {
			f.compare(owner.ID)
		}
	}
	t.Logf("%d operations, %d cuts, %d events told, %d times everything loaded again", w.done, times, f.told, f.resyncs)
	if f.told < times || f.resyncs > 0 {
		t.Errorf("%d events and %d resyncs in %d cuts", f.told, f.resyncs, times)
	}
}

// compare lets the client read on to the end, and compares what it knows with what
// the server says.
func (f *follower) compare(user sellerdesk.UserID) {
	f.t.Helper()
	end := last(f.t, f.h)
	f.follow(1<<30, func() bool {
		at, _ := strconv.ParseInt(f.last, 10, 64)
		return at >= end
	}, time.Minute)
	f.refresh()
	if diff := cmp.Diff(f.list(), f.rows); diff != "" {
		f.t.Fatalf("the client shows other rows than the server (-server +client):\n%s", diff)
	}
	var counters sellerdesk.Counters
	if err := json.Unmarshal(f.get("/v1/counters"), &counters); err != nil {
		f.t.Fatal(err)
	}
	if diff := cmp.Diff(counters, f.figures(user)); diff != "" {
		f.t.Fatalf("the client counts something else than the server (-server +client):\n%s", diff)
	}
}
