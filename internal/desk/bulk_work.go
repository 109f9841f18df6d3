package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// doneAtOnce is how many conversations one transaction of a job takes: few
	// enough that nobody waits for it.
	doneAtOnce = 25
	// onTheirWay is how many answers of a job wait in the outbox of an account at
	// most, so that what a person says is behind few of them.
	onTheirWay = 20
)

// Tidy drops jobs that never began because the program ended while they were
// being frozen. It is called before the first [Jobs.Work].
func (j *Jobs) Tidy(ctx context.Context) error {
	return j.deps.Store.Write(ctx, func(tx *store.Tx) error {
		ids, err := tx.Jobs.Unfrozen(ctx)
		for _, id := range ids {
			err = errors.Join(err, tx.Jobs.Drop(ctx, id))
		}
		return err
	})
}

// Work does the next few conversations of every open job and tells whether more
// can be done at once. Marking one and doing it is one transaction.
func (j *Jobs) Work(ctx context.Context) (more bool, err error) {
	var open []store.KeptJob
	err = j.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		open, err = tx.Jobs.Open(ctx)
		return err
	})
	var errs []error
	for _, k := range open {
		again, err := j.step(ctx, k.ID, doneAtOnce)
		if err != nil {
			// One that fails here must not hold up the rest.
			if again, err = j.step(ctx, k.ID, 1); err != nil {
				errs = append(errs, fmt.Errorf("job %d: %w", k.ID, err), j.passOver(ctx, k.ID))
			}
		}
		more = more || again
	}
	return more, errors.Join(append(errs, err)...)
}

// step does the next few of one job.
func (j *Jobs) step(ctx context.Context, id sellerdesk.JobID, most int) (more bool, err error) {
	err = j.deps.Store.Write(ctx, func(tx *store.Tx) error {
		k, err := tx.Jobs.Locked(ctx, id, 0)
		if err != nil || k.State != sellerdesk.JobRunning && !k.Undoing {
			return err // somebody steered it meanwhile
		}
		access, err := accessIn(ctx, tx, k.User)
		if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return err
		}
		if !k.Undoing {
			if rests, err := j.restWithout(ctx, tx, k); rests || err != nil {
				return err
			}
		}
		r, ctx := run{j: j, tx: tx, job: k, most: most}, sellerdesk.WithAccess(ctx, access)
		if err := json.Unmarshal([]byte(k.Params), &r.params); err != nil {
			return err
		}
		if k.Undoing {
			more, err = r.takeBack(ctx)
		} else {
			more, err = r.goOn(ctx)
		}
		return err
	})
	return more, err
}

// gone is why a job rests whose person no longer works here.
const gone = "Whoever began this no longer works here."

// restWithout pauses a job whose person no longer works here, with its answers
// that have not left. Replies that the person wrote one by one leave.
func (j *Jobs) restWithout(ctx context.Context, tx *store.Tx, k store.KeptJob) (rests bool, err error) {
	user, err := tx.Users.Get(ctx, k.User)
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		return false, err
	}
	if err == nil && user.DisabledAt == nil {
		return false, nil
	}
	if k.Action == sellerdesk.ActionAnswer {
		if err := hold(ctx, tx, j.deps.Clock.Now(), k.ID, sellerdesk.JobPaused); err != nil {
			return true, err
		}
	}
	return true, tx.Jobs.Rest(ctx, k.ID, gone)
}

// passOver leaves the next conversation of a job as it is.
func (j *Jobs) passOver(ctx context.Context, id sellerdesk.JobID) error {
	return j.deps.Store.Write(ctx, func(tx *store.Tx) error {
		k, err := tx.Jobs.Locked(ctx, id, 0)
		if err != nil {
			return err
		}
		from, to := store.JobItemWaiting, store.JobItemFailed
		step := store.JobStep{Failed: 1, Errors: []string{failedHere}, Waits: k.Waits}
		if k.Undoing {
			from, to, step = store.JobItemDone, store.JobItemStays, store.JobStep{}
		}
		items, err := tx.Jobs.Next(ctx, id, from, nil, 1)
		if err != nil || len(items) == 0 {
			return err
		}
		if err := tx.Jobs.Mark(ctx, id, items[0], to); err != nil {
			return err
		}
		return tx.Jobs.Count(ctx, k, step)
	})
}

// run is one transaction of a job.
type run struct {
	j      *Jobs
	tx     *store.Tx
	job    store.KeptJob
	params bulkParams
	most   int // conversations
}

// goOn does the next few.
func (r run) goOn(ctx context.Context) (more bool, err error) {
	free, waits, left, err := r.room(ctx)
	if err != nil {
		return false, err
	}
	step := store.JobStep{Waits: waits}
	if r.job.Action == sellerdesk.ActionAnswer {
		step.EndsAt = r.j.endsAt(left, r.pace(waits))
		if len(free) == 0 {
			if len(left) == 0 {
				if err := r.tx.Jobs.Count(ctx, r.job, step); err != nil {
					return false, err
				}
				_, err = r.tx.Jobs.SetState(ctx, r.job.ID, sellerdesk.JobDone, false)
				return false, err
			}
			return false, r.tx.Jobs.Count(ctx, r.job, step)
		}
	}
	items, err := r.tx.Jobs.Next(ctx, r.job.ID, store.JobItemWaiting, slices.Sorted(maps.Keys(free)), r.most)
	if err != nil {
		return false, err
	}
	for _, item := range items {
		if free != nil {
			if free[item.Account] == 0 {
				continue
			}
			free[item.Account]--
		}
		if err := r.one(ctx, item, &step); err != nil {
			return false, err
		}
	}
	if err := r.tx.Jobs.Count(ctx, r.job, step); err != nil {
		return false, err
	}
	if free == nil && len(items) < r.most {
		_, err = r.tx.Jobs.SetState(ctx, r.job.ID, sellerdesk.JobDone, false)
		return false, err
	}
	return len(items) > 0, err
}

// paceAfter is how many answers must have left before their pace counts.
const paceAfter = 20

// pace is how long the answers of the job took on average until now; 0 while too
// few have left, of so many that are on their way.
func (r run) pace(waits int) time.Duration {
	left := r.job.Done - waits
	if left < paceAfter {
		return 0
	}
	return r.j.deps.Clock.Now().Sub(r.job.CreatedAt.Time) / time.Duration(left)
}

// room tells how many answers more may be put on their way in each account, how
// many are, and how many have not left in each. What stays here has room: free
// is nil.
func (r run) room(ctx context.Context) (free map[sellerdesk.AccountID]int, waits int, left map[sellerdesk.AccountID]int, err error) {
	if r.job.Action != sellerdesk.ActionAnswer {
		return nil, 0, nil, nil
	}
	under, err := r.tx.Jobs.OnTheirWay(ctx, r.job.ID)
	if err != nil {
		return nil, 0, nil, err
	}
	left, err = r.tx.Jobs.Remaining(ctx, r.job.ID)
	if err != nil {
		return nil, 0, nil, err
	}
	free = map[sellerdesk.AccountID]int{}
	for id := range left {
		if under[id] < onTheirWay {
			free[id] = onTheirWay - under[id]
		}
	}
	for id, n := range under {
		waits += n
		left[id] += n
	}
	return free, waits, left, nil
}

// stood is how a conversation stood before and after a job.
type stood struct {
	Before store.Standing `json:"before"`
	After  store.Standing `json:"after"`
}

// one does the action to one conversation. What is refused is counted; what
// fails undoes the whole transaction.
func (r run) one(ctx context.Context, item store.JobItem, step *store.JobStep) error {
	var s stood
	err := r.tx.Accounts.Lock(ctx, item.Account) // as it stands now, nobody changes it meanwhile
	if err == nil {
		s.Before, err = r.tx.Conversations.Standing(ctx, r.job.User, item.Conversation)
	}
	if err == nil {
		item.Message, err = r.act(ctx, item)
	}
	if err != nil {
		if sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
			return err
		}
		step.Failed++
		step.Errors = append(step.Errors, reasonOf(err))
		return r.tx.Jobs.Mark(ctx, r.job.ID, item, store.JobItemFailed)
	}
	if s.After, err = r.tx.Conversations.Standing(ctx, r.job.User, item.Conversation); err != nil {
		return err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	item.Before = string(b)
	step.Done++
	if item.Message != nil {
		step.Waits++
	}
	return r.tx.Jobs.Mark(ctx, r.job.ID, item, store.JobItemDone)
}

// act does what the job is about, as its person may now.
func (r run) act(ctx context.Context, item store.JobItem) (*sellerdesk.MessageID, error) {
	access := sellerdesk.AccessOf(ctx)
	in := BulkInput{User: r.job.User, Action: r.job.Action, Texts: r.params.Texts}
	if !in.may(access, item.Account) {
		return nil, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Whoever began this may no longer do it there.")
	}
	conv, err := r.tx.Conversations.Get(ctx, item.Conversation, r.job.User)
	if err != nil {
		return nil, err
	}
	c := r.tx.Conversations
	switch r.job.Action {
	case sellerdesk.ActionAnswer:
		return r.answer(ctx, conv)
	case sellerdesk.ActionClose:
		return nil, c.SetStatus(ctx, conv.ID, sellerdesk.ConversationClosed)
	case sellerdesk.ActionArchive:
		return nil, c.SetStatus(ctx, conv.ID, sellerdesk.ConversationArchived)
	case sellerdesk.ActionReopen:
		return nil, r.reopen(ctx, conv, sellerdesk.ConversationClosed, sellerdesk.ConversationArchived, sellerdesk.ConversationSnoozed)
	case sellerdesk.ActionUnarchive:
		return nil, r.reopen(ctx, conv, sellerdesk.ConversationArchived)
	case sellerdesk.ActionMarkRead:
		return nil, c.MarkRead(ctx, r.job.User, conv.ID)
	case sellerdesk.ActionTag, sellerdesk.ActionField:
		return nil, labelOne(ctx, r.tx, ActInput{Conversation: conv.ID, Action: r.job.Action, Tags: r.params.Tags, Field: r.params.Field})
	case sellerdesk.ActionAssign, sellerdesk.ActionSnooze, sellerdesk.ActionPriority:
		return nil, r.j.handling.In(ctx, r.tx, conv, handling.Input{User: r.job.User, Action: r.job.Action, Change: r.params.Handle})
	default:
		return nil, c.NoAnswerNeeded(ctx, conv.ID)
	}
}

// reopen puts a conversation back on the desk when it lies where it is meant to.
func (r run) reopen(ctx context.Context, conv sellerdesk.Conversation, from ...sellerdesk.ConversationStatus) error {
	if !slices.Contains(from, conv.Status) {
		return nil
	}
	return r.tx.Conversations.SetStatus(ctx, conv.ID, sellerdesk.ConversationOpen)
}

// answer puts the answer on its way.
func (r run) answer(ctx context.Context, conv sellerdesk.Conversation) (*sellerdesk.MessageID, error) {
	if r.params.Waiting && !conv.NeedsAnswer {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "Somebody answered meanwhile.")
	}
	in, err := r.said(ctx, conv)
	if err != nil {
		return nil, err
	}
	can, err := r.j.deps.maySay(ctx, r.tx, conv, in.pick(conv.Can), 0)
	if err != nil {
		return nil, err
	}
	i := intent{user: r.job.User, key: randomToken(), behind: true}
	msg, err := i.queueSaid(ctx, r.tx, conv, can, in)
	if err != nil {
		return nil, err
	}
	return &msg.ID, in.count(ctx, r.tx, conv)
}

// takeBack takes back the next few.
func (r run) takeBack(ctx context.Context) (more bool, err error) {
	items, err := r.tx.Jobs.Next(ctx, r.job.ID, store.JobItemDone, nil, r.most)
	if err != nil {
		return false, err
	}
	var step store.JobStep
	for _, item := range items {
		became, err := r.undo(ctx, item)
		if err != nil {
			return false, err
		}
		if became == store.JobItemUndone {
			step.Undone++
		}
		if err := r.tx.Jobs.Mark(ctx, r.job.ID, item, became); err != nil {
			return false, err
		}
	}
	if err := r.tx.Jobs.Count(ctx, r.job, step); err != nil {
		return false, err
	}
	if len(items) < r.most {
		_, err = r.tx.Jobs.SetState(ctx, r.job.ID, r.job.State, false)
	}
	return len(items) == r.most, err
}

// undo takes back what was done to one conversation.
func (r run) undo(ctx context.Context, item store.JobItem) (became store.JobItemState, err error) {
	if item.Message != nil {
		line, err := r.tx.Outbox.ByMessage(ctx, *item.Message)
		if err == nil && line.State == sellerdesk.OutboxQueued {
			_, err = r.tx.Outbox.Withdraw(ctx, *item.Message, r.job.User)
		} else if err == nil {
			return store.JobItemStays, nil
		}
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			return store.JobItemStays, nil
		}
		if err != nil {
			return "", err
		}
	}
	var s stood
	if err := json.Unmarshal([]byte(item.Before), &s); err != nil {
		return "", err
	}
	err = r.tx.Conversations.Restore(ctx, r.job.User, item.Conversation, s.Before, s.After)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return store.JobItemStays, nil // it is gone
	}
	return store.JobItemUndone, err
}
