package store_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// runs is how many days are tried where -rapid.checks does not say it.
const runs = 15

// operations is how many things are done to each engine at least:
// SELLERDESK_TEST_OPERATIONS, else 0, which is a few hundred.
func operations(t *testing.T) int {
	t.Helper()
	s := os.Getenv("SELLERDESK_TEST_OPERATIONS")
	if s == "" || racing {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("SELLERDESK_TEST_OPERATIONS is %q, not a number of operations", s)
	}
	return n
}

// TestCountersAreAlwaysThoseOfTheList does random things in a random order. It
// compares the figures with the lists, and with what a program makes of the events
// that it follows; and who waits with what the messages say: after each of few
// things, and now and then of many.
func TestCountersAreAlwaysThoseOfTheList(t *testing.T) {
	t.Parallel()
	// Fewer runs than rapid would do: -rapid.checks asks for more.
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(strconv.Itoa(runs)); err != nil {
			t.Fatal(err)
		}
	}
	all, figures, lists := operations(t), 1, 1
	if all > 0 {
		figures, lists = 4, 48
	}
	storetest.EachWith(t, store.Options{Clock: at(minute(100))}, func(t *testing.T, s *store.Store) {
		h := &house{s: s, t: t}
		h.found()
		rapid.Check(t, func(r *rapid.T) {
			d := &day{house: h, r: r, figures: figures, lists: lists}
			d.open(r)
			for n := 1; n == 1 || d.done < (all+runs-1)/runs; n++ {
				if n%5 == 0 {
					d.open(r) // what long threads cost belongs elsewhere
				}
				r.Repeat(d.deeds())
			}
			h.done += d.done
		})
		if t.Logf("%d operations", h.done); h.done < all {
			t.Errorf("%d operations, want %d", h.done, all)
		}
	})
}

func (d *day) deeds() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"message":  d.message,
		"reply":    d.reply,
		"settle":   d.settle,
		"echo":     d.echo,
		"decide":   d.decide,
		"status":   d.status,
		"read":     d.read,
		"unread":   d.unread,
		"noAnswer": d.noAnswer,
		"revise":   d.revise,
		"mark":     d.mark,
		"settled":  d.settled,
		"act":      d.act,
		"handle":   d.handle,
		"wake":     d.wake,
		"leave":    d.leave,
		"disband":  d.disband,
		"tag":      d.tag,
		"":         d.check,
	}
}

// day is a working day of one account.
type day struct {
	*house
	r       *rapid.T
	account sellerdesk.AccountID
	said    int
	texts   []string
	told    []sellerdesk.MessagePatch
	knows   follower
	now     []sellerdesk.Conversation // as the last look at the list told
	done    int                       // operations
	// After how many of them the figures are looked at, and after how many all lists.
	figures, lists int
}

func (d *day) do(what func(ctx context.Context, tx *store.Tx) error) {
	// What a person may not do now is refused, and that changes nothing.
	if err := d.s.Write(d.t.Context(), func(tx *store.Tx) error { return what(d.t.Context(), tx) }); err != nil && sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
		d.r.Fatal(err)
	}
}

func (d *day) list(q store.ConversationQuery) []sellerdesk.Conversation {
	q.User, q.Limit, q.Accounts = 1, 3, []sellerdesk.AccountID{d.account}
	return walk(d.t, d.s, q)
}

func (d *day) any(r *rapid.T) sellerdesk.Conversation {
	if len(d.now) == 0 {
		d.now = d.everything()
	}
	if len(d.now) == 0 {
		r.Skip("nobody wrote yet")
	}
	return d.now[rapid.IntRange(0, len(d.now)-1).Draw(r, "conversation")]
}

func (d *day) message(r *rapid.T) {
	d.said++
	m := buyer(fmt.Sprint("c", rapid.IntRange(1, 4).Draw(r, "chat")), fmt.Sprint("m", d.said), "да", minute(rapid.IntRange(0, 200).Draw(r, "at")))
	m.Kind = rapid.SampledFrom(sellerdesk.Kinds()).Draw(r, "kind")
	m.Author = rapid.SampledFrom([]sellerdesk.Author{sellerdesk.AuthorBuyer, sellerdesk.AuthorBuyer, sellerdesk.AuthorElsewhere, sellerdesk.AuthorPlatform}).Draw(r, "author")
	if m.Author == sellerdesk.AuthorElsewhere && len(d.texts) > 0 {
		m.Text = rapid.SampledFrom(d.texts).Draw(r, "text")
	}
	d.told = append(d.told, m)
	in := batch(d.account, m)
	if rapid.Bool().Draw(r, "known") {
		who := sellerdesk.RemoteID(fmt.Sprint(rapid.IntRange(1, 3).Draw(r, "buyer")))
		in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: m.Kind, RemoteID: m.Conversation, Buyer: &sellerdesk.Buyer{Contact: who}}}
	}
	d.apply(r, in)
}

func (d *day) apply(r *rapid.T, in store.ApplyInput) {
	for range rapid.IntRange(1, 2).Draw(r, "times") {
		d.do(func(ctx context.Context, tx *store.Tx) error { _, err := tx.Inbox.Apply(ctx, in); return err })
	}
}

// revise tells a message again, with another text, rating or standing.
func (d *day) revise(r *rapid.T) {
	if len(d.told) == 0 {
		r.Skip("nobody wrote yet")
	}
	m := rapid.SampledFrom(d.told).Draw(r, "message")
	d.said++
	if rapid.Bool().Draw(r, "other text") {
		m.Text = fmt.Sprint("иначе ", d.said)
	}
	if rapid.Bool().Draw(r, "rated") {
		rating := rapid.IntRange(1, 5).Draw(r, "rating")
		m.Rating = &rating
	}
	if rapid.Bool().Draw(r, "dated") {
		edited := minute(rapid.IntRange(0, 200).Draw(r, "edited"))
		m.EditedAt = &edited
	}
	m.Status = rapid.SampledFrom([]sellerdesk.MessageStatus{"", sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRefused}).Draw(r, "status")
	d.apply(r, batch(d.account, m))
}

// mark tells how a message stands that is here or will be.
func (d *day) mark(r *rapid.T) {
	m := elsewhere(fmt.Sprint("c", rapid.IntRange(1, 4).Draw(r, "chat")), fmt.Sprint("m", d.said+rapid.IntRange(1, 3).Draw(r, "ahead")), "", minute(0))
	if len(d.told) > 0 && rapid.Bool().Draw(r, "known") {
		m = rapid.SampledFrom(d.told).Draw(r, "message")
	}
	m.Mark, m.Text = true, ""
	m.Status = rapid.SampledFrom([]sellerdesk.MessageStatus{sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRead, sellerdesk.MessageRefused}).Draw(r, "status")
	d.apply(r, batch(d.account, m))
}

// settled tells what the remote side waits for.
func (d *day) settled(r *rapid.T) {
	c, settled := d.any(r), rapid.Bool().Draw(r, "settled")
	in := batch(d.account)
	in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: c.Kind, RemoteID: *c.RemoteID, Settled: &settled}}
	d.apply(r, in)
}

// act does what has no line of its own.
func (d *day) act(r *rapid.T) {
	c := d.any(r)
	d.said++
	user := sellerdesk.UserID(1)
	action := rapid.SampledFrom([]sellerdesk.Action{sellerdesk.Edit{Text: fmt.Sprint("ответ ", d.said%3)}, sellerdesk.Decide{Decision: "yes"}, sellerdesk.Pin{}}).Draw(r, "action")
	d.do(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Outbox.Queue(ctx, store.NewItem{Account: d.account, Conversation: c.ID, User: &user, Key: fmt.Sprint(d.account, "-", d.said), Action: action})
		return err
	})
}

func (d *day) reply(r *rapid.T) {
	c := d.any(r)
	d.said++
	user := sellerdesk.UserID(1)
	body := fmt.Sprint("ответ ", d.said%3)
	d.texts = append(d.texts, body)
	d.do(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Outbox.Queue(ctx, store.NewItem{Account: d.account, Conversation: c.ID, User: &user, Key: fmt.Sprint(d.account, "-", d.said),
			Action: sellerdesk.Reply{Text: body}, Text: body})
		return err
	})
}

func (d *day) settle(r *rapid.T) {
	state := rapid.SampledFrom([]sellerdesk.OutboxState{sellerdesk.OutboxSent, sellerdesk.OutboxRefused, sellerdesk.OutboxUnknown, sellerdesk.OutboxQueued}).Draw(r, "state")
	d.do(func(ctx context.Context, tx *store.Tx) error {
		items, err := tx.Outbox.Lease(ctx, minute(200), time.Minute, 2, []sellerdesk.AccountID{d.account})
		for _, i := range items {
			if err := tx.Outbox.Settle(ctx, i.ID, store.Settlement{State: state}); err != nil {
				return err
			}
		}
		return err
	})
}

// echo lets the feed tell of sends whose outcome nobody knows yet, perhaps with a
// new word of the buyer.
func (d *day) echo(r *rapid.T) {
	unknown, word := rapid.Bool().Draw(r, "unknown"), rapid.Bool().Draw(r, "word")
	var sending []sellerdesk.OutboxItem
	d.do(func(ctx context.Context, tx *store.Tx) (err error) {
		sending, err = tx.Outbox.Lease(ctx, minute(200), time.Minute, 2, []sellerdesk.AccountID{d.account})
		for n := 0; err == nil && unknown && n < len(sending); n++ {
			err = tx.Outbox.Settle(ctx, sending[n].ID, store.Settlement{State: sellerdesk.OutboxUnknown})
		}
		return err
	})
	for _, i := range sending {
		c := d.get(i.Conversation)
		if i.Message != nil {
			d.said++
			m := elsewhere(string(*c.RemoteID), fmt.Sprint("m", d.said), d.text(c.ID, *i.Message), minute(200))
			m.Kind = c.Kind
			in := batch(d.account, m)
			if word {
				d.said++
				m := buyer(string(*c.RemoteID), fmt.Sprint("m", d.said), "да", minute(201))
				m.Kind = c.Kind
				in = batch(d.account, in.Batch.Messages[0], m)
			}
			d.apply(r, in)
		}
		if !unknown {
			d.do(func(ctx context.Context, tx *store.Tx) error {
				return tx.Outbox.Settle(ctx, i.ID, store.Settlement{State: sellerdesk.OutboxSent})
			})
		}
	}
}

func (d *day) get(id sellerdesk.ConversationID) (c sellerdesk.Conversation) {
	read(d.t, d.s, func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Conversations.Get(ctx, id, 1)
		return err
	})
	return c
}

// text is what a message says.
func (d *day) text(id sellerdesk.ConversationID, m sellerdesk.MessageID) string {
	for _, l := range lines(d.t, d.s, id) {
		if l.ID == m {
			return l.Text
		}
	}
	return ""
}

func (d *day) decide(r *rapid.T) {
	c, again := d.any(r), rapid.Bool().Draw(r, "again")
	for _, m := range lines(d.t, d.s, c.ID) {
		d.do(func(ctx context.Context, tx *store.Tx) (err error) {
			if again {
				_, err = tx.Outbox.Resend(ctx, m.ID, 1)
			} else {
				_, err = tx.Outbox.Withdraw(ctx, m.ID, 1)
			}
			return err
		})
	}
}

func (d *day) status(r *rapid.T) {
	c := d.any(r)
	status := rapid.SampledFrom([]sellerdesk.ConversationStatus{sellerdesk.ConversationOpen, sellerdesk.ConversationClosed, sellerdesk.ConversationSnoozed, sellerdesk.ConversationArchived}).Draw(r, "status")
	d.do(func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.SetStatus(ctx, c.ID, status) })
}

// handle says something of a conversation: whose it is, or until when it is put off.
func (d *day) handle(r *rapid.T) {
	c := d.any(r)
	user, team := sellerdesk.UserID(rapid.IntRange(0, 2).Draw(r, "user")), rapid.SampledFrom(append([]sellerdesk.TeamID{0}, d.teams...)).Draw(r, "team")
	put, until := rapid.Bool().Draw(r, "put off"), minute(rapid.IntRange(90, 300).Draw(r, "until"))
	d.do(func(ctx context.Context, tx *store.Tx) error {
		return tx.Conversations.Handle(ctx, c.ID, func(h *store.Held, status *sellerdesk.ConversationStatus) error {
			if put {
				*status = sellerdesk.ConversationSnoozed
				return h.PutOff(sellerdesk.Snooze{Until: &until, At: minute(100)})
			}
			h.Assign(assignment(user, team))
			return nil
		})
	})
}

// assignment is one to a person and a team; 0: to none.
func assignment(user sellerdesk.UserID, team sellerdesk.TeamID) (a sellerdesk.Assignment) {
	if user != 0 {
		a.User = &user
	}
	if team != 0 {
		a.Team = &team
	}
	return a
}

// figuresOf counts what a person sees of a list of everything.
func figuresOf(user sellerdesk.UserID, list []sellerdesk.Conversation) sellerdesk.Counters {
	out := sellerdesk.Counters{Teams: []sellerdesk.TeamCount{}}
	teams := map[sellerdesk.TeamID]*sellerdesk.KindCounts{}
	for _, c := range list {
		if c.Status == sellerdesk.ConversationSnoozed {
			out.Asleep.Add(c.Kind, 1)
		}
		if !c.NeedsAnswer {
			continue
		}
		out.NeedsAnswer.Add(c.Kind, 1)
		switch {
		case c.Status == sellerdesk.ConversationSnoozed:
			out.Snoozed.Add(c.Kind, 1)
			continue
		case c.Assignee == nil && c.Team == nil:
			out.Unassigned.Add(c.Kind, 1)
		case c.Assignee != nil && *c.Assignee == user:
			out.Mine.Add(c.Kind, 1)
		}
		if c.Team != nil {
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

func (d *day) read(r *rapid.T) {
	c := d.any(r)
	d.do(func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.MarkRead(ctx, 1, c.ID) })
}

func (d *day) unread(r *rapid.T) {
	c := d.any(r)
	d.do(func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.MarkUnread(ctx, 1, c.ID) })
}

func (d *day) noAnswer(r *rapid.T) {
	c := d.any(r)
	d.do(func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.NoAnswerNeeded(ctx, c.ID) })
}

func (d *day) check(r *rapid.T) {
	if d.done++; d.done%d.figures == 0 {
		d.checkFigures(r)
	}
	if d.done%d.lists == 0 {
		d.checkLists(r)
	}
}

// checkFigures compares the figures with the list and with what a follower knows.
func (d *day) checkFigures(r *rapid.T) {
	yes := true
	var got sellerdesk.Counters
	var unread []sellerdesk.Conversation
	read(d.t, d.s, func(ctx context.Context, tx *store.Tx) (err error) {
		if got, err = tx.Conversations.Counters(ctx, 1, []sellerdesk.AccountID{d.account}); err != nil {
			return err
		}
		if d.now, _, err = tx.Conversations.List(ctx, d.whole()); err != nil {
			return err
		}
		if unread, _, err = tx.Conversations.List(ctx, store.ConversationQuery{User: 1, Limit: 200, Accounts: []sellerdesk.AccountID{d.account}, Unread: &yes}); err != nil {
			return err
		}
		return d.knows.follow(ctx, tx)
	})
	want := figuresOf(1, d.now)
	for _, c := range unread {
		want.Unread.Add(c.Kind, 1)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.Fatalf("counters (-list +counters):\n%s", diff)
	}
	told, err := d.knows.figures(d.account)
	if err != nil {
		r.Fatal(err)
	}
	if diff := cmp.Diff(got, told); diff != "" {
		r.Fatalf("counters (-counters +who follows the events):\n%s", diff)
	}
}

// checkLists compares the lists with each other and with the messages.
func (d *day) checkLists(r *rapid.T) {
	if wrong := miscounted(d.t, d.s); len(wrong) > 0 {
		r.Fatal(wrong)
	}
	same(r, "page by page", idsOf(d.everything(), store.ConversationQuery{}), idsOf(d.list(store.ConversationQuery{}), store.ConversationQuery{}))
	byDue := d.list(store.ConversationQuery{Sort: store.SortWaiting})
	if len(byDue) != len(d.list(store.ConversationQuery{})) {
		r.Fatal("the two orders list different conversations")
	}
	d.checkTags(r, d.list(store.ConversationQuery{}), byDue)
	for n, c := range byDue {
		if (c.Snooze != nil) && c.Status != sellerdesk.ConversationSnoozed {
			r.Fatalf("%s and put off: %+v", c.Status, c.Snooze)
		}
		if n > 0 && c.DueAt != nil && (byDue[n-1].DueAt == nil || byDue[n-1].DueAt.After(c.DueAt.Time)) {
			r.Fatalf("row %d is due before the one above it", n)
		}
		d.checkThread(r, c)
	}
}

// checkThread compares what a conversation says of itself with its messages.
func (d *day) checkThread(r *rapid.T, c sellerdesk.Conversation) {
	all := lines(d.t, d.s, c.ID)
	if last := all[len(all)-1]; c.LastMessage.At != last.At || c.LastMessage.Status != last.Status || c.LastMessage.Author != last.Author {
		r.Fatalf("last message %+v, shown %+v", last, c.LastMessage)
	}
	// Changed words are words of the moment of the change as well.
	moments := func(m sellerdesk.Message) []sellerdesk.Time {
		out := []sellerdesk.Time{m.At}
		for _, v := range m.Versions {
			out = append(out, v.At)
		}
		if m.EditedAt != nil {
			out = append(out, *m.EditedAt)
		}
		return out
	}
	var answered, first *sellerdesk.Time
	for _, m := range all {
		for _, at := range moments(m) {
			if m.Author.Ours() && m.Status.Answers() && (answered == nil || at.After(answered.Time)) {
				answered = &at
			}
		}
	}
	for _, m := range all {
		for _, at := range moments(m) {
			if m.Author == sellerdesk.AuthorBuyer && (first == nil || at.Before(first.Time)) && (answered == nil || at.After(answered.Time)) {
				first = &at
			}
		}
	}
	// A person may have dismissed some of them, so nobody has to wait; but who
	// waits, waits since a word that is not answered.
	if c.NeedsAnswer != (c.WaitingSince != nil) || c.WaitingSince != nil && (first == nil || c.WaitingSince.Before(first.Time)) {
		r.Fatalf("waits since %v, first unanswered word %v", c.WaitingSince, first)
	}
}
