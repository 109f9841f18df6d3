package store

import "github.com/sellerdesk/sellerdesk/internal/store/jobs"

// The words of package jobs.
type (
	// NewJob is a job to be begun.
	NewJob = jobs.NewJob
	// KeptJob is a job with what is for the program only.
	KeptJob = jobs.Kept
	// JobTarget is a conversation that a job is for.
	JobTarget = jobs.Target
	// JobItem is one conversation of a job.
	JobItem = jobs.Item
	// JobStep is what was done of a job at once.
	JobStep = jobs.Step
	// JobItemState is how far a job is with one conversation.
	JobItemState = jobs.State
)

// The states of the items of jobs.
const (
	JobItemWaiting = jobs.Waiting
	JobItemDone    = jobs.Done
	JobItemFailed  = jobs.Failed
	JobItemUndone  = jobs.Undone
	JobItemStays   = jobs.Stays // its answer had left when the job was undone
)
