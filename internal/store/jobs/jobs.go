package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
)

const (
	// telling is how far apart the events of a job are at least.
	telling = time.Second
	// mostErrors bounds the reasons that are kept of those that failed.
	mostErrors = 10
)

// Jobs are what is done to many conversations.
type Jobs struct {
	w       *engine.Work
	journal *journal.Journal
}

// New makes the handle of a transaction.
func New(w *engine.Work, j *journal.Journal) Jobs { return Jobs{w, j} }

// NewJob is a job to be begun.
type NewJob struct {
	User   sellerdesk.UserID
	Action sellerdesk.ActionKind
	Filter string
	Params string // what the action needs besides; JSON
}

// Kept is a job with what is for the program only.
type Kept struct {
	sellerdesk.Job
	Params  string
	Undoing bool // what it did is being taken back
}

const columns = `j.id, j.user_id, j.action, j.filter, j.params, j.state, j.reason, j.undoing, j.total, j.done, j.failed, j.waits, j.undone, j.errors,
	j.ends_at, j.created_at, j.ended_at`

func scan(s engine.Scanner) (k Kept, err error) {
	var errors string
	var ends, ended *int64
	var created int64
	err = s.Scan(&k.ID, &k.User, &k.Action, &k.Filter, &k.Params, &k.State, &k.Reason, &k.Undoing, &k.Total, &k.Done, &k.Failed, &k.Waits, &k.Undone, &errors,
		&ends, &created, &ended)
	if err != nil {
		return k, err
	}
	k.EndsAt, k.CreatedAt, k.EndedAt = engine.Moment(ends), sellerdesk.AtMillis(created), engine.Moment(ended)
	var told struct {
		Picked bool `json:"picked"`
	}
	if err := json.Unmarshal([]byte(k.Params), &told); err != nil {
		return k, fmt.Errorf("read the parameters of job %d: %w", k.ID, err)
	}
	k.Picked, k.Errors = told.Picked, []string{}
	if err := json.Unmarshal([]byte(errors), &k.Errors); err != nil {
		return k, fmt.Errorf("read the errors of job %d: %w", k.ID, err)
	}
	return k, nil
}

// Create keeps a job that does nothing until [Jobs.Freeze].
func (j Jobs) Create(ctx context.Context, n NewJob) (id sellerdesk.JobID, err error) {
	err = j.w.One(ctx, `INSERT INTO jobs (user_id, action, filter, params, state, reason, frozen, undoing, total, done, failed, waits, undone, errors, told_at, created_at)
		VALUES ($1, $2, $3, $4, 'paused', '', FALSE, FALSE, 0, 0, 0, 0, 0, '[]', 0, $5) RETURNING id`,
		[]any{int64(n.User), string(n.Action), n.Filter, n.Params, j.w.Now().Millis()}, &id)
	if err != nil {
		return 0, fmt.Errorf("keep a job: %w", err)
	}
	return id, nil
}

// Target is a conversation that a job is for.
type Target struct {
	Conversation sellerdesk.ConversationID
	Account      sellerdesk.AccountID
}

// Add adds conversations to a job that has not begun; one that is in it already
// stays once.
func (j Jobs) Add(ctx context.Context, id sellerdesk.JobID, targets []Target) error {
	values := make([]any, 0, 5*len(targets))
	for _, t := range targets {
		values = append(values, int64(id), int64(t.Conversation), int64(t.Account), string(Waiting), "")
	}
	_, err := j.w.InsertMany(ctx, `INSERT INTO job_items (job_id, conversation_id, account_id, state, before)`, 5, ` ON CONFLICT DO NOTHING`, values)
	if err != nil {
		return fmt.Errorf("add to a job: %w", err)
	}
	return nil
}

// Freeze lets a job begin with what was added.
func (j Jobs) Freeze(ctx context.Context, id sellerdesk.JobID) (Kept, error) {
	_, err := j.w.Exec(ctx, `UPDATE jobs SET frozen = TRUE, state = 'running', total = (SELECT COUNT(*) FROM job_items i WHERE i.job_id = $1) WHERE id = $1`, int64(id))
	if err != nil {
		return Kept{}, fmt.Errorf("begin a job: %w", err)
	}
	return j.tell(ctx, id)
}

// Drop removes a job that never began.
func (j Jobs) Drop(ctx context.Context, id sellerdesk.JobID) error {
	for _, statement := range []string{`DELETE FROM job_items WHERE job_id = $1`, `DELETE FROM jobs WHERE id = $1 AND frozen = FALSE`} {
		if _, err := j.w.Exec(ctx, statement, int64(id)); err != nil {
			return fmt.Errorf("drop a job: %w", err)
		}
	}
	return nil
}

// Unfrozen lists the jobs that never began.
func (j Jobs) Unfrozen(ctx context.Context) ([]sellerdesk.JobID, error) {
	rows, err := j.w.Query(ctx, `SELECT id FROM jobs WHERE frozen = FALSE ORDER BY id LIMIT 100`)
	ids, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.JobID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for jobs that never began: %w", err)
	}
	return ids, nil
}

// Get gives a job of a person, as far as the access of the context may still do
// everywhere what it is about; 0: of anybody, whatever may be done.
func (j Jobs) Get(ctx context.Context, id sellerdesk.JobID, user sellerdesk.UserID) (Kept, error) {
	judged, args := judge(ctx, user, []any{int64(id), int64(user)})
	found, err := j.some(ctx, `j.id = $1 AND j.frozen = TRUE AND ($2 = 0 OR j.user_id = $2)`+judged, args...)
	if err == nil && len(found) == 0 {
		err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such job.")
	}
	if err != nil {
		return Kept{}, err
	}
	return found[0], nil
}

// Locked is Get of a job that is going to be changed: nobody else changes it
// until the transaction ends.
func (j Jobs) Locked(ctx context.Context, id sellerdesk.JobID, user sellerdesk.UserID) (Kept, error) {
	var same int64
	if err := j.w.One(ctx, `SELECT id FROM jobs WHERE id = $1`+j.w.Dialect.Locking(false), []any{int64(id)}, &same); err != nil {
		return Kept{}, engine.Found(err, "job")
	}
	return j.Get(ctx, id, user)
}

// List gives a page of the jobs that [Jobs.Get] gives a person, newest first, and the
// cursor of the next, "" at the end. Limit is 1 to 200; 0 means 50.
func (j Jobs) List(ctx context.Context, user sellerdesk.UserID, cursor string, limit int) (list []sellerdesk.Job, next string, err error) {
	limit = engine.PageSize(limit)
	before := int64(1) << 62
	if cursor != "" {
		if before, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "This cursor does not belong to this list.").InField("cursor")
		}
	}
	judged, args := judge(ctx, user, []any{int64(user), before, limit + 1})
	found, err := j.some(ctx, `j.frozen = TRUE AND ($1 = 0 OR j.user_id = $1) AND j.id < $2`+judged+` ORDER BY j.id DESC LIMIT $3`, args...)
	if err != nil {
		return nil, "", err
	}
	if len(found) > limit {
		found = found[:limit]
		next = strconv.FormatInt(int64(found[limit-1].ID), 10)
	}
	list = make([]sellerdesk.Job, len(found))
	for i, k := range found {
		list[i] = k.Job
	}
	return list, next, nil
}

// Open lists the jobs that have something to do.
func (j Jobs) Open(ctx context.Context) ([]Kept, error) {
	return j.some(ctx, `j.frozen = TRUE AND (j.state = 'running' OR j.undoing = TRUE) ORDER BY j.id LIMIT 100`)
}

func (j Jobs) some(ctx context.Context, where string, args ...any) ([]Kept, error) {
	rows, err := j.w.Query(ctx, `SELECT `+columns+` FROM jobs j WHERE `+where, args...)
	found, err := engine.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return found, nil
}

// SetState lets a job go on or end.
func (j Jobs) SetState(ctx context.Context, id sellerdesk.JobID, state sellerdesk.JobState, undoing bool) (Kept, error) {
	return j.setState(ctx, id, state, undoing, "")
}

// Rest pauses a job for a reason.
func (j Jobs) Rest(ctx context.Context, id sellerdesk.JobID, reason string) error {
	_, err := j.setState(ctx, id, sellerdesk.JobPaused, false, reason)
	return err
}

func (j Jobs) setState(ctx context.Context, id sellerdesk.JobID, state sellerdesk.JobState, undoing bool, reason string) (Kept, error) {
	var ended *int64
	if (state == sellerdesk.JobDone || state == sellerdesk.JobStopped || state == sellerdesk.JobUndone) && !undoing {
		now := j.w.Now().Millis()
		ended = &now
	}
	_, err := j.w.Exec(ctx, `UPDATE jobs SET state = $2, undoing = $3, ended_at = $4, reason = $5, ends_at = NULL WHERE id = $1`, int64(id), string(state), undoing, ended, reason)
	if err != nil {
		return Kept{}, fmt.Errorf("change a job: %w", err)
	}
	return j.tell(ctx, id)
}

// Step is what was done of a job at once.
type Step struct {
	Done, Failed, Undone int
	Errors               []string // reasons of those that failed
	Waits                int      // answers that are on their way now
	EndsAt               *sellerdesk.Time
}

// Count adds a step to a job and tells about it, at most once a second.
func (j Jobs) Count(ctx context.Context, k Kept, s Step) error {
	for _, e := range s.Errors {
		if len(k.Errors) < mostErrors && !slices.Contains(k.Errors, e) {
			k.Errors = append(k.Errors, e)
		}
	}
	errors, err := json.Marshal(k.Errors)
	if err != nil {
		return fmt.Errorf("keep the errors of a job: %w", err)
	}
	var ends *int64
	if s.EndsAt != nil {
		ms := s.EndsAt.Millis()
		ends = &ms
	}
	var told int64
	err = j.w.One(ctx, `UPDATE jobs SET done = done + $2, failed = failed + $3, undone = undone + $4, errors = $5, waits = $6, ends_at = $7 WHERE id = $1 RETURNING told_at`,
		[]any{int64(k.ID), s.Done, s.Failed, s.Undone, string(errors), s.Waits, ends}, &told)
	if err != nil {
		return engine.Found(err, "job")
	}
	if j.w.Now().Millis()-told < telling.Milliseconds() {
		return nil
	}
	_, err = j.tell(ctx, k.ID)
	return err
}

// tell tells how a job stands.
func (j Jobs) tell(ctx context.Context, id sellerdesk.JobID) (Kept, error) {
	if _, err := j.w.Exec(ctx, `UPDATE jobs SET told_at = $2 WHERE id = $1`, int64(id), j.w.Now().Millis()); err != nil {
		return Kept{}, fmt.Errorf("note what was told of a job: %w", err)
	}
	k, err := j.Get(ctx, id, 0)
	if err != nil {
		return k, err
	}
	accounts, err := j.accounts(ctx, id)
	if err == nil {
		j.journal.Add(sellerdesk.EventJobChanged, 0, 0, sellerdesk.JobEvent{Job: k.ID, User: k.User, State: k.State, Done: k.Done, Total: k.Total, Accounts: accounts})
	}
	return k, err
}
