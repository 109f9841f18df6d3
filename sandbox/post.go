package sandbox

import "time"

// Post is a question, a review or a return claim as it stands now: one text of a buyer and at most one answer of the seller.
// Fields that a kind does not have are zero.
type Post struct {
	ID   ID
	Kind Kind
	// At is when the buyer wrote it, in whole seconds for a generated one.
	At      time.Time
	Buyer   Person
	Product Product
	Size    string
	// Order is the remote side's identity of the bought thing; a question has none.
	Order string
	Text  string
	// Stars are those of a review, 1 to 5; Pros, Cons and Tags may be empty in any review.
	Stars      int
	Pros, Cons string
	Tags       []string
	// Files are photos; Video is the length of a review's or claim's video, 0 for none.
	Files []File
	Video time.Duration
	// Fit says how the size suited: "", "ok", "smaller" or "bigger". Bought says what became of the order: "kept", "refused", "returned" or "".
	Fit, Bought string
	Viewed      bool
	// Excluded reviews do not count for the product's rating. ReturnAt is when the seller asked for the goods back.
	Excluded bool
	ReturnAt time.Time
	// Parent and Child tie a supplemented review (which has a child) to its supplement (which has a parent).
	Parent, Child ID
	// Answer is nil until the seller answers; of a claim it is the decision.
	Answer *Reply
	// Luck is a number of the post's own for what only an emulator knows.
	Luck uint64
}

// Reply is the seller's answer to a question or review, or the decision of a claim.
type Reply struct {
	Text string
	// Verdict is "" for a plain answer; "rejected" for a question that was turned away; the name of the decision of a claim.
	Verdict string
	At      time.Time
	Edits   int
	// CheckedAt is when moderation lets the answer through or, with Refused, turns it away; zero means it was not checked.
	CheckedAt time.Time
	Refused   bool
}

// Checking tells whether the answer still waits for moderation.
func (r *Reply) Checking(now time.Time) bool { return now.Before(r.CheckedAt) }

// Turned tells whether moderation has turned the answer away.
func (r *Reply) Turned(now time.Time) bool { return r.Refused && !r.Checking(now) }

// Bare tells that a review has stars only: nobody has to answer it.
func (p *Post) Bare() bool {
	return p.Kind == KindReview && p.Text == "" && p.Pros == "" && p.Cons == "" && len(p.Files) == 0 && p.Video == 0
}

// Query chooses posts of a board. The zero value means all of them, oldest first.
type Query struct {
	// Done asks for posts that were answered or need no answer (true) or for the others (false); nil means both.
	Done *bool
	// Stale is the age from which a post counts as done though nobody answered; 0 means never.
	Stale time.Duration
	// Product is an article's number; 0 means any.
	Product int64
	// From and To are seconds of Unix time, both included; 0 means no bound.
	From, To int64
	// Newest turns the order around. Skip and Take cut the list; Take 0 means all.
	Newest     bool
	Skip, Take int
}
