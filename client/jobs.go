package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Jobs do one thing to all conversations that match.
type Jobs struct{ c *Client }

// Bulk is something to be done to many conversations.
type Bulk struct {
	Filter string                `json:"filter"` // as it is typed into the search; "" means everything
	Action sellerdesk.ActionKind `json:"action"`
	// Texts are the variants of an answer; {name|Buyer}, {product|thing} and
	// {one|another} in them are filled in for each conversation.
	Texts []string `json:"texts,omitempty"`
	// Templates are variants too, with their files where the channel takes some.
	Templates []sellerdesk.TemplateID `json:"templates,omitempty"`
	// Tags are what tag puts on and takes off, Field is what field sets.
	Tags  Labels                  `json:"tags"`
	Field *sellerdesk.FieldChange `json:"field,omitempty"`
	Handle
	// Conversations are named one by one, at most 1000; then the filter is empty.
	Conversations []sellerdesk.ConversationID `json:"conversations,omitempty"`
}

// Preview tells what [Jobs.Start] would do: the job has no id and the state
// preview; sample are the first conversations.
func (s *Jobs) Preview(ctx context.Context, b Bulk) (job sellerdesk.Job, sample []sellerdesk.BulkSample, err error) {
	body := struct {
		Bulk
		Preview bool `json:"preview"`
	}{b, true}
	var out struct {
		sellerdesk.Job
		Sample []sellerdesk.BulkSample `json:"sample"`
	}
	err = s.c.do(ctx, call{op: "preview bulk", method: http.MethodPost, path: "/v1/bulk", body: body}, &out)
	return out.Job, out.Sample, err
}

// Start begins a job, which goes on by itself.
func (s *Jobs) Start(ctx context.Context, b Bulk) (sellerdesk.Job, error) {
	var job sellerdesk.Job
	err := s.c.do(ctx, call{op: "bulk", method: http.MethodPost, path: "/v1/bulk", body: b}, &job)
	return job, err
}

// List gives one page of jobs, newest first. Limit is 1 to 200; 0 means 50.
func (s *Jobs) List(ctx context.Context, cursor string, limit int) (Page[sellerdesk.Job], error) {
	v := url.Values{}
	place(v, cursor, limit)
	var p Page[sellerdesk.Job]
	err := s.c.do(ctx, call{op: "list jobs", method: http.MethodGet, path: "/v1/jobs", query: v}, &p)
	return p, err
}

// All walks through all jobs. It ends after an error.
func (s *Jobs) All(ctx context.Context) iter.Seq2[sellerdesk.Job, error] {
	return all(func(cursor string) (Page[sellerdesk.Job], error) { return s.List(ctx, cursor, 200) })
}

// Get gives one job.
func (s *Jobs) Get(ctx context.Context, id sellerdesk.JobID) (sellerdesk.Job, error) {
	var job sellerdesk.Job
	err := s.c.do(ctx, call{op: "get job", method: http.MethodGet, path: "/v1/jobs/" + itoa(id)}, &job)
	return job, err
}

// Pause lets a job rest.
func (s *Jobs) Pause(ctx context.Context, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return s.steer(ctx, id, "pause")
}

// Resume lets a paused job go on.
func (s *Jobs) Resume(ctx context.Context, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return s.steer(ctx, id, "resume")
}

// Stop ends a job; what was done stays.
func (s *Jobs) Stop(ctx context.Context, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return s.steer(ctx, id, "stop")
}

// Undo ends a job and takes back what it did, as far as it has not left.
func (s *Jobs) Undo(ctx context.Context, id sellerdesk.JobID) (sellerdesk.Job, error) {
	return s.steer(ctx, id, "undo")
}

func (s *Jobs) steer(ctx context.Context, id sellerdesk.JobID, verb string) (sellerdesk.Job, error) {
	var job sellerdesk.Job
	err := s.c.do(ctx, call{op: verb + " job", method: http.MethodPost, path: "/v1/jobs/" + itoa(id) + "/" + verb}, &job)
	return job, err
}
