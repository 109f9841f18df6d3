package desk_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// every reads all conversations, however many.
func (h *house) every(t *testing.T) (list []sellerdesk.Conversation) {
	t.Helper()
	h.read(t, func(tx *store.Tx) error {
		for after := sellerdesk.ConversationID(0); ; after = list[len(list)-1].ID {
			page, err := tx.Conversations.Through(t.Context(), store.ConversationQuery{User: h.owner(t), Limit: 200}, after)
			if err != nil || len(page) == 0 {
				return err
			}
			list = append(list, page...)
		}
	})
	return list
}

// arrive lets what leaves arrive, and gives the texts.
func (h *house) arrive(t *testing.T) (texts []string) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		items, err := tx.Outbox.Lease(t.Context(), sellerdesk.At(h.now), time.Minute, 100, nil)
		if err != nil {
			return err
		}
		for _, item := range items {
			a, err := sellerdesk.DecodeAction(item.Action, item.Payload, sellerdesk.RemoteRef{})
			if err != nil {
				return err
			}
			texts = append(texts, a.(sellerdesk.Answer).Text)
			if err := tx.Outbox.Settle(t.Context(), item.ID, store.Settlement{State: sellerdesk.OutboxSent}); err != nil {
				return err
			}
		}
		return nil
	})
	return texts
}

func TestThreeThousandReviewsAreAnsweredPausedAndStopped(t *testing.T) {
	if racing {
		t.Skip("it is one worker: the race detector sees the same in the short tests")
	}
	t.Parallel()
	eachHouse(t, answerMany)
}

func answerMany(t *testing.T, h *house) {
	t.Helper()
	const n = 3000
	h.reviews(t, n)
	before := h.every(t)
	job := h.begin(t, "вид:отзыв звёзд:5", sellerdesk.ActionAnswer,
		"{Спасибо|Благодарим}, {имя|дорогой покупатель}!", "{Здравствуйте|Добрый день}! {Рады|Приятно}, что вам понравилось.")
	if job.Total != n {
		t.Fatalf("it is for %d", job.Total)
	}
	said := map[string]int{}
	left := 0
	work := func(atLeast int) {
		t.Helper()
		for left < atLeast {
			job = h.goOn(t, job.ID)
			texts := h.arrive(t)
			if len(texts) == 0 {
				t.Fatalf("nothing leaves any more after %d: %+v", left, job)
			}
			left += len(texts)
			for _, s := range texts {
				said[s]++
			}
		}
	}
	work(200)
	if job = h.goOn(t, job.ID); job.Done != left+job.Waits || job.Waits == 0 || job.Waits > 20 || job.Failed > 0 {
		t.Errorf("%d have left: %+v", left, job)
	}
	if len(said) < 50 {
		t.Errorf("only %d different texts: %v", len(said), said)
	}
	h.steer(t, h.Jobs.Pause, job.ID, sellerdesk.JobPaused)
	h.goOn(t, job.ID)
	if texts := h.arrive(t); len(texts) > 0 {
		t.Errorf("%d left while it was paused", len(texts))
	}
	h.steer(t, h.Jobs.Resume, job.ID, sellerdesk.JobRunning)
	work(left + 40)
	h.goOn(t, job.ID)
	h.steer(t, h.Jobs.Stop, job.ID, sellerdesk.JobStopped)
	if job = h.goOn(t, job.ID); job.EndedAt == nil || job.Undone == 0 || job.Done-job.Undone != left {
		t.Errorf("%d have left: %+v", left, job)
	}
	if texts := h.arrive(t); len(texts) > 0 {
		t.Errorf("%d left after it was stopped", len(texts))
	}
	answered := 0
	for i, c := range h.every(t) {
		if !c.NeedsAnswer {
			answered++
			continue
		}
		// A withdrawn answer stays to be read, and is the last word.
		if diff := cmp.Diff(before[i], c, cmpopts.IgnoreFields(sellerdesk.Conversation{}, "Rev", "LastMessage")); diff != "" {
			t.Fatalf("conversation %d is not as before:\n%s", c.ID, diff)
		}
	}
	if answered != left {
		t.Errorf("%d are answered, %d have left", answered, left)
	}
}

func TestThreeThousandArePutAwayAndComeBackExactly(t *testing.T) {
	if racing {
		t.Skip("it is one worker: the race detector sees the same in the short tests")
	}
	t.Parallel()
	eachHouse(t, putAwayMany)
}

func putAwayMany(t *testing.T, h *house) {
	t.Helper()
	const n = 3000
	h.reviews(t, n)
	before := h.every(t)
	job := h.begin(t, "вид:отзыв", sellerdesk.ActionArchive)
	if job = h.goOn(t, job.ID); job.Done != n || job.State != sellerdesk.JobDone {
		t.Fatalf("%+v", job)
	}
	h.steer(t, h.Jobs.Undo, job.ID, sellerdesk.JobUndone)
	if job = h.goOn(t, job.ID); job.Undone != n || job.EndedAt == nil {
		t.Fatalf("%+v", job)
	}
	if diff := cmp.Diff(before, h.every(t), cmpopts.IgnoreFields(sellerdesk.Conversation{}, "Rev")); diff != "" {
		t.Errorf("not exactly as before:\n%.2000s", diff)
	}
}
