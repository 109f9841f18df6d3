package desk

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/desk/labelling"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/filling"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

const (
	// mostTargets bounds the conversations of one job.
	mostTargets = 100_000
	// targetsAtOnce is how many are frozen in one transaction.
	targetsAtOnce = 1000
	// sampled is how many conversations a preview shows.
	sampled = 5

	// MaxPicked bounds the conversations that are named one by one.
	MaxPicked = 1000
)

// Jobs are the verbs on what is done to many conversations at once.
type Jobs struct {
	deps     Deps
	users    *Users
	handling *handling.Handling

	// freezing lets one job begin at a time: it holds a connection for reading
	// while it needs another one for writing.
	freezing sync.Mutex
}

// BulkInput is something to be done to all conversations that a filter names.
type BulkInput struct {
	User   sellerdesk.UserID
	Filter search.Query
	// Zone is where the days of the filter begin; nil: at Greenwich.
	Zone *time.Location
	// Conversations are those that a person picked one by one, at most
	// [MaxPicked]; then the filter has to be empty.
	Conversations []sellerdesk.ConversationID
	Action        sellerdesk.ActionKind // answer, close, reopen, archive, unarchive, read or no_answer_needed
	// Texts are the variants of an answer: each conversation gets one of them. In
	// them {name|…} and {product|…} stand for buyer and product, with what to say
	// where that is not known, and {one|another} for one of several.
	Texts []string
	// Templates are texts of ours that are variants too; their files go along where
	// the channel takes some.
	Templates []sellerdesk.TemplateID
	Tags      sellerdesk.TagChange    // of tag
	Field     sellerdesk.FieldChange  // of field
	Handle    sellerdesk.HandleChange // of assign, snooze and priority
}

// bulkParams is what a job keeps of its input.
type bulkParams struct {
	Texts []string `json:"texts,omitempty"`
	// Templates are where the last of Texts come from.
	Templates []sellerdesk.TemplateID `json:"templates,omitempty"`
	Waiting   bool                    `json:"waiting,omitempty"` // asked for those who wait
	Picked    bool                    `json:"picked,omitempty"`  // conversations were named one by one
	Tags      sellerdesk.TagChange    `json:"tags,omitzero"`
	Field     sellerdesk.FieldChange  `json:"field,omitzero"`
	Handle    sellerdesk.HandleChange `json:"handle,omitzero"`
}

// check judges the input and gives the texts.
func (j *Jobs) check(in BulkInput) (filling.Texts, error) {
	if err := j.handling.Check(handling.Input{Action: in.Action, Change: in.Handle}); err != nil {
		return nil, err
	}
	return in.check()
}

// check judges the input by itself and gives the texts.
func (in BulkInput) check() (filling.Texts, error) {
	if len(in.Conversations) > MaxPicked {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d conversations can be named one by one.", MaxPicked).InField("conversations")
	}
	if len(in.Conversations) > 0 && in.Filter.Typed(sellerdesk.English) != "" {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Either a filter or conversations are named, not both.").InField("conversations")
	}
	switch in.Action {
	case sellerdesk.ActionAnswer:
		return filling.Parse(in.Texts)
	case sellerdesk.ActionClose, sellerdesk.ActionReopen, sellerdesk.ActionArchive, sellerdesk.ActionUnarchive,
		sellerdesk.ActionMarkRead, sellerdesk.ActionNoAnswerNeeded:
		if len(in.Texts) > 0 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Only an answer takes texts.").InField("texts")
		}
		return nil, nil
	case sellerdesk.ActionTag:
		return nil, labelling.CheckTags(in.Tags)
	case sellerdesk.ActionField:
		return nil, labelling.CheckField(in.Field)
	case sellerdesk.ActionAssign, sellerdesk.ActionSnooze, sellerdesk.ActionPriority:
		return nil, nil // see [handling.Handling.Check]
	}
	return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q cannot be done to many conversations; there are answer, close, reopen, archive, unarchive, read, no_answer_needed, tag, field, assign, snooze and priority.", shown(string(in.Action))).InField("action")
}

// may tells whether whoever asks may do the action to many in an account.
func (in BulkInput) may(access sellerdesk.Access, account sellerdesk.AccountID) bool {
	return access.MayIn(sellerdesk.RightBulk, account) &&
		(in.Action == sellerdesk.ActionMarkRead || access.MayIn(sellerdesk.RightWork, account))
}

// Preview tells what [Jobs.Start] would do, and changes nothing.
func (j *Jobs) Preview(ctx context.Context, in BulkInput) (sellerdesk.BulkPreview, error) {
	var out sellerdesk.BulkPreview
	in, err := j.withTemplates(ctx, in)
	if err != nil {
		return out, err
	}
	texts, err := j.check(in)
	if err != nil {
		return out, err
	}
	var ids []sellerdesk.ConversationID
	accounts := map[sellerdesk.AccountID]int{}
	err = j.deps.Store.Read(ctx, func(tx *store.Tx) error {
		err := walkTargets(ctx, tx, in, func(list []store.JobTarget) error {
			for _, t := range list {
				if len(ids) < sampled {
					ids = append(ids, t.Conversation)
				}
				accounts[t.Account]++
				out.Total++
			}
			return nil
		})
		if err != nil {
			return err
		}
		some, err := tx.Conversations.Some(ctx, ids, in.User)
		for _, id := range ids {
			if c, ok := some[id]; ok {
				one := sellerdesk.BulkSample{Conversation: c}
				if texts != nil {
					about, err := library.Subject(ctx, tx, c, in.User)
					if err != nil {
						return err
					}
					one.Text = sellerdesk.Optional(texts.For(0, about))
				}
				out.Sample = append(out.Sample, one)
			}
		}
		return err
	})
	if err == nil && in.Action == sellerdesk.ActionAnswer {
		out.EndsAt = j.endsAt(accounts, 0)
	}
	return out, err
}

// Start freezes what a filter names now and begins to do the action to it, where
// whoever asks has the right. It gives the job, which goes on by itself.
func (j *Jobs) Start(ctx context.Context, in BulkInput) (sellerdesk.Job, error) {
	in, err := j.withTemplates(ctx, in)
	if err != nil {
		return sellerdesk.Job{}, err
	}
	if _, err := j.check(in); err != nil {
		return sellerdesk.Job{}, err
	}
	params, err := json.Marshal(bulkParams{Texts: in.Texts, Templates: in.Templates, Waiting: in.Filter.Waiting, Picked: len(in.Conversations) > 0,
		Tags: in.Tags, Field: in.Field, Handle: in.Handle})
	if err != nil {
		return sellerdesk.Job{}, err
	}
	j.freezing.Lock()
	defer j.freezing.Unlock()
	var id sellerdesk.JobID
	err = j.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		id, err = tx.Jobs.Create(ctx, store.NewJob{User: in.User, Action: in.Action, Filter: in.Filter.Typed(sellerdesk.English), Params: string(params)})
		return err
	})
	if err != nil {
		return sellerdesk.Job{}, err
	}
	err = j.deps.Store.Read(ctx, func(tx *store.Tx) error {
		return walkTargets(ctx, tx, in, func(list []store.JobTarget) error {
			return j.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Jobs.Add(ctx, id, list) })
		})
	})
	var job store.KeptJob
	if err == nil {
		job, err = j.begin(ctx, id, in)
	}
	if err != nil {
		_ = j.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Jobs.Drop(ctx, id) }) // else the next start drops it
		return sellerdesk.Job{}, err
	}
	return job.Job, nil
}

func (j *Jobs) begin(ctx context.Context, id sellerdesk.JobID, in BulkInput) (job store.KeptJob, err error) {
	err = j.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if job, err = tx.Jobs.Freeze(ctx, id); err != nil {
			return err
		}
		if job.Total == 0 {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Nothing matches, or nothing where you may do this to many.").InField("filter")
		}
		data, err := json.Marshal(map[string]any{"job": id, "action": in.Action, "filter": job.Filter, "total": job.Total, "texts": len(in.Texts)})
		if err != nil {
			return err
		}
		return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditBulkStarted, Data: data,
			Text: "The action " + string(in.Action) + " was begun for many conversations."})
	})
	return job, err
}

// walkTargets gives all conversations that a filter names where whoever asks may do the
// action, each once, some at a time.
func walkTargets(ctx context.Context, tx *store.Tx, in BulkInput, take func([]store.JobTarget) error) error {
	access, count := sellerdesk.AccessOf(ctx), 0
	give := func(rows []store.SearchRow) error {
		var list []store.JobTarget
		for _, r := range rows {
			if in.may(access, r.Account) {
				list = append(list, store.JobTarget{Conversation: r.Conversation, Account: r.Account})
			}
		}
		if count += len(list); count > mostTargets {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "More than %d conversations match: narrow the filter.", mostTargets).InField("filter")
		}
		if len(list) == 0 {
			return nil
		}
		return take(list)
	}
	if len(in.Conversations) > 0 {
		return walkPicked(ctx, tx, in, give)
	}
	if finding.Listed(in.Filter) {
		return walkList(ctx, tx, in, give)
	}
	return walkFound(ctx, tx, in, give)
}

// walkPicked gives the conversations that were named, as far as they may be seen.
func walkPicked(ctx context.Context, tx *store.Tx, in BulkInput, give func([]store.SearchRow) error) error {
	access := sellerdesk.AccessOf(ctx)
	found, err := tx.Conversations.Some(ctx, in.Conversations, in.User)
	if err != nil {
		return err
	}
	var rows []store.SearchRow
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if c := found[id]; access.MayIn(sellerdesk.RightSee, c.Account) {
			rows = append(rows, store.SearchRow{Conversation: id, Account: c.Account})
		}
	}
	return give(rows)
}

func walkList(ctx context.Context, tx *store.Tx, in BulkInput, give func([]store.SearchRow) error) error {
	q, none, err := finding.ConversationQuery(ctx, tx, in.User, in.Filter, in.Zone)
	if err != nil || none {
		return err
	}
	for after := sellerdesk.ConversationID(0); ; {
		rows, err := tx.Conversations.Matching(ctx, q, after, targetsAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].Conversation
		if err := give(rows); err != nil {
			return err
		}
	}
}

func walkFound(ctx context.Context, tx *store.Tx, in BulkInput, give func([]store.SearchRow) error) error {
	seen := map[sellerdesk.ConversationID]bool{}
	q := store.SearchQuery{Query: in.Filter, User: in.User, Zone: in.Zone, Limit: targetsAtOnce}
	for more := true; more; {
		page, err := tx.Search.Find(ctx, q)
		if err != nil {
			return err
		}
		more, q.Before = page.More && page.Last > 0, page.Last
		fresh := slices.DeleteFunc(page.Rows, func(r store.SearchRow) bool {
			again := seen[r.Conversation]
			seen[r.Conversation] = true
			return again
		})
		if err := give(fresh); err != nil {
			return err
		}
	}
	return nil
}

// endsAt estimates when so many answers have left; nil where nothing is known.
// Until a pace was measured it goes by the budgets: by the middle one of each
// account, since nobody knows here which of them an answer will take.
func (j *Jobs) endsAt(left map[sellerdesk.AccountID]int, pace time.Duration) *sellerdesk.Time {
	var longest time.Duration
	total := 0
	for id, n := range left {
		total += n
		var every []int64
		for _, b := range j.deps.Roster.Budget(id) {
			if b.EveryMS > 0 {
				every = append(every, b.EveryMS)
			}
		}
		if slices.Sort(every); len(every) > 0 {
			longest = max(longest, time.Duration(n)*time.Duration(every[len(every)/2])*time.Millisecond)
		}
	}
	if pace > 0 {
		longest = time.Duration(total) * pace
	}
	if longest == 0 {
		return nil
	}
	at := sellerdesk.At(j.deps.Clock.Now().Add(longest))
	return &at
}

// steerer gives whose jobs whoever asks may see and steer: their own, or with
// the rights of the owner everybody's (0).
func steerer(ctx context.Context, user sellerdesk.UserID) sellerdesk.UserID {
	if sellerdesk.AccessOf(ctx).House == sellerdesk.AllRights() {
		return 0
	}
	return user
}

// List gives a page of jobs, newest first, and the cursor of the next.
func (j *Jobs) List(ctx context.Context, user sellerdesk.UserID, cursor string, limit int) (list []sellerdesk.Job, next string, err error) {
	err = j.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, next, err = tx.Jobs.List(ctx, steerer(ctx, user), cursor, limit)
		return err
	})
	return list, next, err
}

// Get gives one job.
func (j *Jobs) Get(ctx context.Context, user sellerdesk.UserID, id sellerdesk.JobID) (sellerdesk.Job, error) {
	var job store.KeptJob
	err := j.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		job, err = tx.Jobs.Get(ctx, id, steerer(ctx, user))
		return err
	})
	return job.Job, err
}

// heldFor is how long answers are held by a pause: until somebody resumes.
const heldFor = 10 * 365 * 24 * time.Hour

// Pause lets a job rest; its answers that have not left stay here.
func (j *Jobs) Pause(ctx context.Context, user sellerdesk.UserID, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return j.steer(ctx, user, id, sellerdesk.JobPaused, sellerdesk.JobRunning)
}

// Resume lets a paused job go on.
func (j *Jobs) Resume(ctx context.Context, user sellerdesk.UserID, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return j.steer(ctx, user, id, sellerdesk.JobRunning, sellerdesk.JobPaused)
}

// Stop ends a job: what it did stays, the rest is not done. Answers that have
// not left are withdrawn.
func (j *Jobs) Stop(ctx context.Context, user sellerdesk.UserID, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return j.steer(ctx, user, id, sellerdesk.JobStopped, sellerdesk.JobRunning, sellerdesk.JobPaused)
}

// Undo ends a job and takes back what it did, as far as it has not left: local
// changes are restored where nobody changed the conversation since, answers that
// have not left are withdrawn.
func (j *Jobs) Undo(ctx context.Context, user sellerdesk.UserID, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return j.steer(ctx, user, id, sellerdesk.JobUndone, sellerdesk.JobRunning, sellerdesk.JobPaused, sellerdesk.JobStopped, sellerdesk.JobDone)
}

// steer changes the state of a job from one of several.
func (j *Jobs) steer(ctx context.Context, user sellerdesk.UserID, id sellerdesk.JobID, to sellerdesk.JobState, from ...sellerdesk.JobState) (sellerdesk.Job, error) {
	var job store.KeptJob
	err := j.deps.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if job, err = tx.Jobs.Locked(ctx, id, steerer(ctx, user)); err != nil || job.State == to {
			return err
		}
		if !slices.Contains(from, job.State) {
			return sellerdesk.Errorf(sellerdesk.CodeConflict, "A job that is %s cannot become %s.", job.State, to)
		}
		if job.Action == sellerdesk.ActionAnswer {
			if err := hold(ctx, tx, j.deps.Clock.Now(), id, to); err != nil {
				return err
			}
		}
		// Answers of a stopped job are withdrawn as those of one that is undone.
		undoing := to == sellerdesk.JobUndone || to == sellerdesk.JobStopped && job.Action == sellerdesk.ActionAnswer
		job, err = tx.Jobs.SetState(ctx, id, to, undoing)
		return err
	})
	return job.Job, err
}

// hold keeps the answers of a job here, or lets them go.
func hold(ctx context.Context, tx *store.Tx, now time.Time, id sellerdesk.JobID, to sellerdesk.JobState) error {
	if to == sellerdesk.JobRunning {
		return tx.Jobs.Hold(ctx, id, sellerdesk.At(now))
	}
	return tx.Jobs.Hold(ctx, id, sellerdesk.At(now.Add(heldFor)))
}

// failedHere is said of what failed by a fault of ours.
const failedHere = "It failed here."

// reasonOf is what is kept of why something was not done, for a person.
func reasonOf(err error) string {
	if sellerdesk.CodeOf(err) == sellerdesk.CodeInternal {
		return failedHere
	}
	return strings.TrimSpace(err.Error())
}
