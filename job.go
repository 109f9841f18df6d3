package sellerdesk

// JobState is how far a job is.
type JobState string

// The states of a job.
const (
	JobRunning JobState = "running"
	JobPaused  JobState = "paused"  // by a person
	JobStopped JobState = "stopped" // by a person; the rest is not done
	JobDone    JobState = "done"
	JobUndone  JobState = "undone"  // what had not left was taken back
	JobPreview JobState = "preview" // it was asked what would be done; there is no job
)

// Job does one thing to all conversations that matched when it began.
type Job struct {
	ID     JobID      `json:"id"`
	User   UserID     `json:"user"`
	Action ActionKind `json:"action"`
	// Filter is what was asked for, as it is typed in the search box.
	Filter string   `json:"filter"`
	Picked bool     `json:"picked"` // it is for conversations that were named one by one; the filter is empty
	State  JobState `json:"state"`
	Reason Optional `json:"reason"`
	Total  int      `json:"total"`  // conversations that matched
	Done   int      `json:"done"`   // what it is about is done or on its way
	Failed int      `json:"failed"` // refused; Errors tell why
	Waits  int      `json:"waits"`  // answers of it that have not left yet
	Undone int      `json:"undone"` // taken back
	// Errors are the first reasons of those that failed, each once.
	Errors []string `json:"errors"`
	// EndsAt is the estimate by the rate budgets; nil while unknown or at the end.
	EndsAt    *Time `json:"ends_at"`
	CreatedAt Time  `json:"created_at"`
	EndedAt   *Time `json:"ended_at"`
}

// Hit is a message that was searched for.
type Hit struct {
	Conversation Conversation `json:"conversation"`
	Message      Message      `json:"message"`
	// Snippet is the place of the text around the first words that were found,
	// with the found words between U+E000 and U+E001.
	Snippet string `json:"snippet"`
	At      Time   `json:"at"`
}

// Facet counts what a search found by one property.
type Facet struct {
	Value string `json:"value"`
	Title string `json:"title"`
	Count int    `json:"count"`
}

// BulkPreview tells what a job would do.
type BulkPreview struct {
	Total  int          `json:"total"`  // conversations that match, where it may be done
	Sample []BulkSample `json:"sample"` // the first of them
	// EndsAt is the estimate by the rate budgets; nil where nothing leaves or
	// nothing is known.
	EndsAt *Time `json:"ends_at"`
}

// BulkSample is a conversation as a job would treat it.
type BulkSample struct {
	Conversation Conversation `json:"conversation"`
	Text         Optional     `json:"text"` // of the answer
}
