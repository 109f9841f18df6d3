package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/api/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/api/labelling"
	"github.com/sellerdesk/sellerdesk/search"
)

// jobs are the operations on what is done to many conversations.
type jobs struct{ *api }

// mount registers them.
func (a jobs) mount() {
	const right = sellerdesk.RightBulk
	tags := []string{"bulk"}
	register(a.api, right, huma.Operation{
		OperationID: "bulk", Method: http.MethodPost, Path: "/v1/bulk", Tags: tags,
		Summary: "Do one thing to all conversations that match",
		Description: "The filter is what is typed into the search. What matches now, in cabinets where this may be done to many, is frozen, at most 100,000 conversations; a job goes on by itself, also after a restart. " +
			"With preview nothing is changed: the answer has no id and the state preview, total and sample tell what would be done. " +
			"An answer takes texts, of which each conversation gets one: {name|Buyer} and {product|thing} stand for buyer and product with what to say where that is not known ({имя|…}, {товар|…}), {one|another} for one of several. " +
			"Answers leave behind those that people write one by one. tag, field, assign, snooze and priority take what they do with one conversation.",
	}, a.bulk)
	register(a.api, right, huma.Operation{
		OperationID: "listJobs", Method: http.MethodGet, Path: "/v1/jobs", Tags: tags,
		Summary: "List jobs", Description: "Newest first: those of whoever asks; the owner sees all.",
	}, a.list)
	register(a.api, right, huma.Operation{
		OperationID: "getJob", Method: http.MethodGet, Path: "/v1/jobs/{id}", Tags: tags,
		Summary: "Get a job",
	}, a.get)
	for _, one := range []struct{ id, verb, summary, description string }{
		{"pauseJob", "pause", "Let a job rest", "At once: answers that have not left stay here until it is resumed."},
		{"resumeJob", "resume", "Let a paused job go on", ""},
		{"stopJob", "stop", "End a job", "What was done stays, the rest is not done; answers that have not left are withdrawn."},
		{"undoJob", "undo", "End a job and take back what it did", "Local changes are restored where nobody changed the conversation since; answers that have not left are withdrawn. It goes on by itself: ended_at tells when it is over, undone how many were taken back."},
	} {
		register(a.api, right, huma.Operation{
			OperationID: one.id, Method: http.MethodPost, Path: "/v1/jobs/{id}/" + one.verb, Tags: tags,
			Summary: one.summary, Description: one.description,
		}, a.steer(one.verb))
	}
}

type bulkInput struct {
	Body struct {
		Filter    string                  `json:"filter" maxLength:"2000" doc:"As q of the search; empty for everything"`
		Action    sellerdesk.ActionKind   `json:"action" doc:"answer, close, reopen, archive, unarchive, read, no_answer_needed, tag, field, assign, snooze or priority"`
		Texts     []string                `json:"texts,omitempty" maxItems:"50" doc:"Of an answer"`
		Templates []sellerdesk.TemplateID `json:"templates,omitempty" maxItems:"50" doc:"Of an answer: texts of ours that are variants too, with their files where the channel takes some"`
		Tags      labelling.TagNames      `json:"tags,omitempty" doc:"Of tag"`
		Field     *sellerdesk.FieldChange `json:"field,omitempty" doc:"Of field"`
		handling.Change
		Preview bool `json:"preview,omitempty" doc:"Tell what would be done, and do nothing"`

		Conversations []sellerdesk.ConversationID `json:"conversations,omitempty" maxItems:"1000" doc:"Instead of a filter: these only"`
	} `nameHint:"NewJob"`
}

// BulkAnswer is a job, or the preview of one.
type BulkAnswer struct {
	sellerdesk.Job
	Sample []sellerdesk.BulkSample `json:"sample" doc:"Of a preview: the first conversations, with the text of an answer"`
}

func (a jobs) bulk(ctx context.Context, in *bulkInput) (*output[BulkAnswer], error) {
	filter, err := search.Parse(in.Body.Filter)
	if err != nil {
		return nil, inField(err, "filter")
	}
	ask := desk.BulkInput{User: actor(ctx), Filter: filter, Conversations: in.Body.Conversations, Action: in.Body.Action, Texts: in.Body.Texts, Templates: in.Body.Templates, Tags: in.Body.Tags.Change(), Field: labelling.FieldChange(in.Body.Field), Handle: in.Body.Handle()}
	out := BulkAnswer{Sample: []sellerdesk.BulkSample{}}
	if !in.Body.Preview {
		out.Job, err = a.desk.Jobs.Start(ctx, ask)
		return &output[BulkAnswer]{Body: out}, err
	}
	preview, err := a.desk.Jobs.Preview(ctx, ask)
	for _, s := range preview.Sample {
		s.Conversation = thread(s.Conversation)
		out.Sample = append(out.Sample, s)
	}
	out.Job = sellerdesk.Job{
		User: ask.User, Action: ask.Action, Filter: filter.Typed(sellerdesk.English), Picked: len(in.Body.Conversations) > 0, State: sellerdesk.JobPreview,
		Total: preview.Total, EndsAt: preview.EndsAt, Errors: []string{}, CreatedAt: sellerdesk.At(a.deps.Clock.Now()),
	}
	return &output[BulkAnswer]{Body: out}, err
}

func (a jobs) list(ctx context.Context, in *PageQuery) (*pageOutput[sellerdesk.Job], error) {
	list, next, err := a.desk.Jobs.List(ctx, actor(ctx), in.Cursor, in.Limit)
	return paged(list, next), err
}

// JobPath names a job.
type JobPath struct {
	ID sellerdesk.JobID `path:"id" minimum:"1"`
}

func (a jobs) get(ctx context.Context, in *JobPath) (*output[sellerdesk.Job], error) {
	job, err := a.desk.Jobs.Get(ctx, actor(ctx), in.ID)
	return &output[sellerdesk.Job]{Body: job}, err
}

func (a jobs) steer(verb string) func(context.Context, *JobPath) (*output[sellerdesk.Job], error) {
	return func(ctx context.Context, in *JobPath) (*output[sellerdesk.Job], error) {
		j := a.desk.Jobs
		do := map[string]func(context.Context, sellerdesk.UserID, sellerdesk.JobID) (sellerdesk.Job, error){
			"pause": j.Pause, "resume": j.Resume, "stop": j.Stop, "undo": j.Undo,
		}[verb]
		job, err := do(ctx, actor(ctx), in.ID)
		return &output[sellerdesk.Job]{Body: job}, err
	}
}
