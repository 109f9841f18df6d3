package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// reviews lets n buyers write reviews of five stars, half of them with a name.
func (h *house) reviews(t *testing.T, n int) sellerdesk.Account {
	t.Helper()
	account := h.add(t, "good")
	var batch sellerdesk.Batch
	offers, stars := offer(sellerdesk.ActionAnswer), 5
	for i := range n {
		patch := sellerdesk.ConversationPatch{Kind: sellerdesk.KindReview, RemoteID: sellerdesk.RemoteID(fmt.Sprint("r", i)), Offers: &offers, Rating: &stars}
		if i%2 == 0 {
			name := fmt.Sprint("Анна ", i)
			patch.BuyerName = &name
		}
		batch.Conversations = append(batch.Conversations, patch)
		batch.Messages = append(batch.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindReview, Conversation: patch.RemoteID, RemoteID: "m", Author: sellerdesk.AuthorBuyer, Text: "Отличные кроссовки", At: sellerdesk.At(h.now), Rating: &stars,
		})
	}
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account.ID, Stream: "reviews", Batch: batch})
		return err
	})
	for _, c := range h.all(t) { // the owner of a database of a template came before all of them
		h.write(t, func(tx *store.Tx) error { return tx.Conversations.MarkUnread(t.Context(), h.owner(t), c.ID) })
	}
	return account
}

// all reads every conversation.
func (h *house) all(t *testing.T) (list []sellerdesk.Conversation) {
	t.Helper()
	h.read(t, func(tx *store.Tx) (err error) {
		list, err = tx.Conversations.Through(t.Context(), store.ConversationQuery{User: h.owner(t), Limit: 200}, 0)
		return err
	})
	return list
}

// begin starts a job for what is typed.
func (h *house) begin(t *testing.T, filter string, action sellerdesk.ActionKind, texts ...string) sellerdesk.Job {
	t.Helper()
	job, err := h.Jobs.Start(t.Context(), h.bulk(t, filter, action, texts...))
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func (h *house) bulk(t *testing.T, filter string, action sellerdesk.ActionKind, texts ...string) desk.BulkInput {
	t.Helper()
	q, err := search.Parse(filter)
	if err != nil {
		t.Fatal(err)
	}
	return desk.BulkInput{User: h.owner(t), Filter: q, Action: action, Texts: texts}
}

// goOn lets jobs do what they can.
func (h *house) goOn(t *testing.T, id sellerdesk.JobID) sellerdesk.Job {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = h.Jobs.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	job, err := h.Jobs.Get(t.Context(), h.owner(t), id)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestAJobAnswersAFewAtATimeAndTakesBackWhatHasNotLeft(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.reviews(t, 60)
		before := h.all(t)
		job := h.begin(t, "кроссовка звёзд:5", sellerdesk.ActionAnswer, "{Спасибо|Благодарим}, {имя|дорогой покупатель}!", "{name|Покупатель}, спасибо")
		if job.Total != 60 || job.State != sellerdesk.JobRunning {
			t.Fatalf("began as %+v", job)
		}
		if job = h.goOn(t, job.ID); job.Done != 20 || job.Waits != 20 || job.State != sellerdesk.JobRunning {
			t.Fatalf("20 are on their way at most: %+v", job)
		}
		left := h.leaving(t)
		said := map[string]bool{}
		for _, a := range left {
			said[a.(sellerdesk.Answer).Text] = true
		}
		if len(left) != 10 || len(said) < 4 {
			t.Errorf("%d left with %d texts: %v", len(left), len(said), said)
		}
		h.steer(t, h.Jobs.Pause, job.ID, sellerdesk.JobPaused)
		if left = h.leaving(t); len(left) != 0 {
			t.Errorf("%d left while it was paused", len(left))
		}
		h.steer(t, h.Jobs.Resume, job.ID, sellerdesk.JobRunning)
		h.steer(t, h.Jobs.Undo, job.ID, sellerdesk.JobUndone)
		if job = h.goOn(t, job.ID); job.Undone != 10 || job.EndedAt == nil {
			t.Errorf("taken back: %+v", job)
		}
		if left = h.leaving(t); len(left) != 0 {
			t.Errorf("%d left after it was taken back", len(left))
		}
		waiting := 0
		for i, c := range h.all(t) {
			if c.NeedsAnswer {
				waiting++
				if diff := cmp.Diff(before[i].WaitingSince, c.WaitingSince); diff != "" || c.Unread != before[i].Unread {
					t.Errorf("conversation %d is not as before: %s", c.ID, diff)
				}
			}
		}
		if waiting != 50 {
			t.Errorf("%d wait for an answer, want all but those whose answers left", waiting)
		}
	})
}

func (h *house) steer(t *testing.T, do func(context.Context, sellerdesk.UserID, sellerdesk.JobID) (sellerdesk.Job, error), id sellerdesk.JobID, want sellerdesk.JobState) {
	t.Helper()
	job, err := do(t.Context(), h.owner(t), id)
	if err != nil || job.State != want {
		t.Fatalf("got %q, %v; want %q", job.State, err, want)
	}
}

func TestAJobRestoresLocalChangesExactly(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.reviews(t, 60)
		for _, action := range []sellerdesk.ActionKind{sellerdesk.ActionClose, sellerdesk.ActionArchive, sellerdesk.ActionMarkRead, sellerdesk.ActionNoAnswerNeeded} {
			before := h.all(t)
			job := h.goOn(t, h.begin(t, "вид:отзыв", action).ID)
			if job.State != sellerdesk.JobDone || job.Done != 60 || job.Failed != 0 {
				t.Fatalf("%s: %+v", action, job)
			}
			during := h.all(t)
			if cmp.Equal(before, during, cmpopts.IgnoreFields(sellerdesk.Conversation{}, "Rev")) {
				t.Errorf("%s changed nothing", action)
			}
			h.steer(t, h.Jobs.Undo, job.ID, sellerdesk.JobUndone)
			if job = h.goOn(t, job.ID); job.Undone != 60 {
				t.Errorf("%s: %+v", action, job)
			}
			if diff := cmp.Diff(before, h.all(t), cmpopts.IgnoreFields(sellerdesk.Conversation{}, "Rev")); diff != "" {
				t.Errorf("%s was not taken back exactly:\n%s", action, diff)
			}
		}
	})
}

func TestAJobLeavesWhatSomebodyChangedSince(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.reviews(t, 3)
	job := h.goOn(t, h.begin(t, "", sellerdesk.ActionClose).ID)
	first := h.all(t)[0].ID
	if err := h.Conversations.Archive(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	h.steer(t, h.Jobs.Undo, job.ID, sellerdesk.JobUndone)
	h.goOn(t, job.ID)
	if got := h.conversation(t, first).Status; got != sellerdesk.ConversationArchived {
		t.Errorf("it is %s", got)
	}
}

func TestAJobTakesOnlyWhereManyMayBeTakenAndIsItsPersonsOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.reviews(t, 4)
	other := sellerdesk.Access{User: 7, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{
		account.ID: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightBulk),
	}}
	ctx := sellerdesk.WithAccess(t.Context(), other)
	preview, err := h.Jobs.Preview(ctx, h.bulk(t, "", sellerdesk.ActionMarkRead))
	if err != nil || preview.Total != 4 {
		t.Errorf("reading: %d, %v", preview.Total, err)
	}
	if preview, err = h.Jobs.Preview(ctx, h.bulk(t, "", sellerdesk.ActionClose)); err != nil || preview.Total != 0 {
		t.Errorf("closing without the right to work: %d, %v", preview.Total, err)
	}
	_, err = h.Jobs.Start(ctx, h.bulk(t, "", sellerdesk.ActionClose))
	refusedAs(t, err, sellerdesk.CodeInvalid, "filter")
	job := h.begin(t, "", sellerdesk.ActionClose)
	_, err = h.Jobs.Get(ctx, 7, job.ID)
	refusedAs(t, err, sellerdesk.CodeNotFound, "")
	_, err = h.Jobs.Stop(ctx, 7, job.ID)
	refusedAs(t, err, sellerdesk.CodeNotFound, "")
	if list, _, err := h.Jobs.List(ctx, 7, "", 0); err != nil || len(list) != 0 {
		t.Errorf("listed %d, %v", len(list), err)
	}
}

func TestAJobIsThereOnlyForAnAccessThatMayDoItEverywhere(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		account := h.reviews(t, 2)
		in := func(id sellerdesk.AccountID, rights ...sellerdesk.Right) sellerdesk.Access {
			return sellerdesk.Access{User: h.owner(t), Key: 1, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{id: sellerdesk.RightsOf(rights...)}}
		}
		closing, reading := h.begin(t, "", sellerdesk.ActionClose), h.begin(t, "", sellerdesk.ActionMarkRead)
		for _, c := range []struct {
			name   string
			access sellerdesk.Access
			want   []sellerdesk.JobID
		}{
			{"of another account", in(account.ID+1, sellerdesk.RightSee, sellerdesk.RightWork, sellerdesk.RightBulk), nil},
			{"without the right to work", in(account.ID, sellerdesk.RightSee, sellerdesk.RightBulk), []sellerdesk.JobID{reading.ID}},
			{"with the rights", in(account.ID, sellerdesk.RightSee, sellerdesk.RightWork, sellerdesk.RightBulk), []sellerdesk.JobID{reading.ID, closing.ID}},
		} {
			ctx := sellerdesk.WithAccess(t.Context(), c.access)
			list, _, err := h.Jobs.List(ctx, h.owner(t), "", 0)
			if err != nil {
				t.Fatal(err)
			}
			var got []sellerdesk.JobID
			for _, job := range list {
				got = append(got, job.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: listed (-want +got)\n%s", c.name, diff)
			}
			_, err = h.Jobs.Get(ctx, h.owner(t), closing.ID)
			_, steered := h.Jobs.Pause(ctx, h.owner(t), closing.ID)
			if there := len(c.want) == 2; (err == nil) != there || (steered == nil) != there {
				t.Errorf("%s: read %v, paused %v", c.name, err, steered)
			}
		}
	})
}

func TestAJobOfSomebodyWhoNoLongerWorksHereRests(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.reviews(t, 3)
		lead := h.invite(t, "olga", sellerdesk.Grant{Role: sellerdesk.RoleLead})
		in := h.bulk(t, "", sellerdesk.ActionAnswer, "Спасибо!")
		in.User = lead
		job, err := h.Jobs.Start(h.as(t, lead), in)
		if err != nil {
			t.Fatal(err)
		}
		if job = h.goOn(t, job.ID); job.Waits != 3 {
			t.Fatalf("%+v", job)
		}
		if err := h.Users.Disable(h.as(t, h.owner(t)), lead); err != nil {
			t.Fatal(err)
		}
		if job = h.goOn(t, job.ID); job.State != sellerdesk.JobPaused || job.Reason == "" {
			t.Errorf("the job is %s, %q", job.State, job.Reason)
		}
		if left := h.leaving(t); len(left) != 0 {
			t.Errorf("%d answers left", len(left))
		}
	})
}

func TestTextsOfAJobAreJudged(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.reviews(t, 1)
	for _, text := range []string{"", "{name}", "{имя}", "{unknown}", "Hello {name|you", "{a|{b|c}}"} {
		_, err := h.Jobs.Preview(t.Context(), h.bulk(t, "", sellerdesk.ActionAnswer, text))
		refusedAs(t, err, sellerdesk.CodeInvalid, "texts")
	}
	_, err := h.Jobs.Preview(t.Context(), h.bulk(t, "", "forward"))
	refusedAs(t, err, sellerdesk.CodeInvalid, "action")
	_, err = h.Jobs.Preview(t.Context(), h.bulk(t, "", sellerdesk.ActionTag))
	refusedAs(t, err, sellerdesk.CodeInvalid, "tags")
	preview, err := h.Jobs.Preview(t.Context(), h.bulk(t, "", sellerdesk.ActionAnswer, "Спасибо, {имя|друг}! {product|Наш товар} {рад|рад} вам"))
	if err != nil || len(preview.Sample) != 1 || !strings.HasPrefix(string(preview.Sample[0].Text), "Спасибо, Анна 0! Наш товар рад") {
		t.Errorf("got %+v, %v", preview, err)
	}
}

// refusedAs checks code and field of a refusal.
func refusedAs(t *testing.T, err error, code sellerdesk.Code, field string) {
	t.Helper()
	var e *sellerdesk.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field || e.Message == "" {
		t.Errorf("got %v, want %s in %q", err, code, field)
	}
}

func TestAJobIsForThoseThatWerePicked(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		account := h.reviews(t, 6)
		list := h.all(t)
		in := desk.BulkInput{User: h.owner(t), Action: sellerdesk.ActionClose, Conversations: []sellerdesk.ConversationID{list[4].ID, list[1].ID, list[4].ID, 999_999}}
		elsewhere := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: 7, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{account.ID + 1: sellerdesk.AllRights()}})
		if p, err := h.Jobs.Preview(elsewhere, in); err != nil || p.Total != 0 || len(p.Sample) != 0 {
			t.Errorf("of another account %d are there, %v", p.Total, err)
		}
		job, err := h.Jobs.Start(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if job = h.goOn(t, job.ID); job.Done != 2 || !job.Picked || job.Filter != "" {
			t.Errorf("the job: %+v", job)
		}
		for _, c := range list {
			picked := c.ID == list[4].ID || c.ID == list[1].ID
			if closed := h.conversation(t, c.ID).Status == sellerdesk.ConversationClosed; closed != picked {
				t.Errorf("conversation %d: closed is %t", c.ID, closed)
			}
		}
		both := h.bulk(t, "kind:review", sellerdesk.ActionClose)
		both.Conversations = in.Conversations
		_, err = h.Jobs.Start(t.Context(), both)
		refusedAs(t, err, sellerdesk.CodeInvalid, "conversations")
		in.Conversations = make([]sellerdesk.ConversationID, desk.MaxPicked+1)
		_, err = h.Jobs.Preview(t.Context(), in)
		refusedAs(t, err, sellerdesk.CodeInvalid, "conversations")
	})
}
