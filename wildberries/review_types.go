package wildberries

import (
	"encoding/json"
	"strings"
)

// ReviewState is where a review stands. Unknown values pass through.
type ReviewState string

// The states of reviews. Processed is more than answered: 30 days without an answer, or neither text nor photo, do it too.
const (
	ReviewNew       ReviewState = "none"
	ReviewProcessed ReviewState = "wbRu"
)

// AnswerState is where the answer to a review stands: it is checked after it was taken. Unknown values pass through.
type AnswerState string

// The states of answers.
const (
	AnswerNew            AnswerState = "none"
	AnswerPublished      AnswerState = "wbRu"
	AnswerReviewRequired AnswerState = "reviewRequired" // being checked
	AnswerRejected       AnswerState = "rejected"       // turned down: see Rejected for other spellings
)

// Rejected tells that moderation turned the answer down. Values beside the documented one were seen, as "rejectedAntispam".
func (s AnswerState) Rejected() bool { return strings.HasPrefix(string(s), string(AnswerRejected)) }

// OrderStatus is what became of the order. Unknown values pass through.
type OrderStatus string

// The statuses of orders.
const (
	OrderBuyout       OrderStatus = "buyout"
	OrderRejected     OrderStatus = "rejected"
	OrderReturned     OrderStatus = "returned"
	OrderNotSpecified OrderStatus = "notSpecified"
)

// MatchingSize is how the real size compares with the declared one, "" for goods without size. Unknown values pass through.
type MatchingSize string

// The matching sizes.
const (
	SizeOK      MatchingSize = "ok"
	SizeSmaller MatchingSize = "smaller"
	SizeBigger  MatchingSize = "bigger"
)

// UnmarshalJSON takes "ok" in Latin and in Cyrillic letters, as both occur, and a blank for "".
func (s *MatchingSize) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	switch text = strings.TrimSpace(text); strings.ToLower(text) {
	case "ok", "ок", "oк", "оk":
		text = string(SizeOK)
	}
	*s = MatchingSize(text)
	return nil
}

// Link is the address of a picture or video. Addresses without a scheme ("//host/…") get https.
type Link string

// UnmarshalJSON takes a text or null.
func (l *Link) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	if text = strings.TrimSpace(text); strings.HasPrefix(text, "//") {
		text = "https:" + text
	}
	*l = Link(text)
	return nil
}

// Review is what a buyer wrote after buying.
type Review struct {
	ID string `json:"id"` // opaque
	// Text, Pros and Cons may all be "".
	Text string `json:"text"`
	Pros string `json:"pros"`
	Cons string `json:"cons"`
	// ProductValuation is the stars, 1 to 5.
	ProductValuation int64 `json:"productValuation"`
	CreatedDate      Time  `json:"createdDate"`
	// Answer is nil while there is none; it may be nil on processed reviews too.
	Answer    *ReviewAnswer  `json:"answer"`
	State     ReviewState    `json:"state"`
	Product   ProductDetails `json:"productDetails"`
	Photos    []Photo        `json:"photoLinks"`
	Video     *Video         `json:"video"`
	WasViewed bool           `json:"wasViewed"`
	UserName  string         `json:"userName"` // may be ""

	OrderStatus  OrderStatus  `json:"orderStatus"`
	MatchingSize MatchingSize `json:"matchingSize"`

	// CanComplain and CanReportProduct tell what the seller portal offers; the API has no methods for it any more. The numbers are keys
	// of reasons, 0 for none.
	CanComplain      bool  `json:"isAbleSupplierFeedbackValuation"`
	ComplaintReason  int64 `json:"supplierFeedbackValuation"`
	CanReportProduct bool  `json:"isAbleSupplierProductValuation"`
	ProductProblem   int64 `json:"supplierProductValuation"`

	// CanOrderReturn tells whether OrderReturn is possible, ReturnOrderedAt when it was done; zero if never.
	CanOrderReturn  bool `json:"isAbleReturnProductOrders"`
	ReturnOrderedAt Time `json:"returnProductOrdersDate"`

	Tags               []string `json:"bables"` // the buyer's
	LastOrderShkID     int64    `json:"lastOrderShkId"`
	LastOrderCreatedAt Time     `json:"lastOrderCreatedAt"`
	Color              string   `json:"color"`
	SubjectID          int64    `json:"subjectId"` // kind of product
	SubjectName        string   `json:"subjectName"`

	// A supplemented review is a pair: the first one names its child, the second its parent. "" when there is none.
	ParentFeedbackID string `json:"parentFeedbackId"`
	ChildFeedbackID  string `json:"childFeedbackId"`
}

// HasContent tells that the buyer wrote or showed something beside the stars.
func (r Review) HasContent() bool {
	return strings.TrimSpace(r.Text+r.Pros+r.Cons) != "" || len(r.Photos) > 0 || r.Video != nil
}

// Unanswered tells that no answer stands: there is none, or moderation turned it down. The lists' Answered means processed, which is not the
// same: a review without an answer is processed after 30 days.
func (r Review) Unanswered() bool { return r.Answer == nil || r.Answer.State.Rejected() }

// ReviewAnswer is the seller's answer to a review. It has no date.
type ReviewAnswer struct {
	Text  string      `json:"text"`
	State AnswerState `json:"state"`
	// Editable tells whether EditAnswer is still possible. It is the remote side's word: no arithmetic with 60 days beats it.
	Editable bool `json:"editable"`
}

// Photo is a picture of a review in two sizes.
type Photo struct {
	FullSize Link `json:"fullSize"`
	MiniSize Link `json:"miniSize"`
}

// Video is the video of a review.
type Video struct {
	PreviewImage Link `json:"previewImage"`
	// Link is an HLS playlist, not a file.
	Link        Link  `json:"link"`
	DurationSec int64 `json:"durationSec"`
}

// ReviewsPage is one page of a list of reviews.
type ReviewsPage struct {
	Reviews []Review
	// CountUnanswered and CountProcessed count all reviews of the seller, whatever was asked for; the archive does not tell them.
	CountUnanswered, CountProcessed int64
	// Malformed are reviews that could not be decoded; the others are good.
	Malformed []Malformed
}

// Rating is the seller's reviews in two numbers.
type Rating struct {
	FeedbackCount int64   `json:"feedbackCount"`
	Valuation     float64 `json:"valuation"` // mean stars
}
