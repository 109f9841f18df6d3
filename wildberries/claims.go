package wildberries

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Bounds of claims by the document.
const (
	MaxClaimsLimit   = 200
	MinCommentLength = 10 // characters (runes)
	MaxCommentLength = 1000
)

// ClaimsService is the buyers' claims for return (returns-api, category buyer returns). It shows the last 14 days.
type ClaimsService struct{ c *Client }

// ListClaims says which claims List returns.
type ListClaims struct {
	// Archive asks for the decided ones, otherwise those under review.
	Archive bool
	// ID asks for one claim, "" for all.
	ID string
	// Limit is how many, at most 200; 0 means 200.
	Limit, Offset int
	// Product is an article number (nm_id), 0 for all.
	Product int64
}

// ClaimsPage is one page of claims.
type ClaimsPage struct {
	Claims []Claim
	// Total counts all claims that were asked for, without regard to Limit and Offset.
	Total int64
	// Malformed are claims that could not be decoded; the others are good.
	Malformed []Malformed
}

// List returns one page of the claims of the last 14 days. In which order is not documented.
//
// Operation: GET /api/v1/claims. Limit: 20 per minute, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ClaimsService) List(ctx context.Context, q ListClaims) (ClaimsPage, error) {
	o := operation{
		name: "GET /api/v1/claims", method: http.MethodGet, family: FamilyReturns, path: "/api/v1/claims", bucket: BucketClaimList,
		category: CategoryReturns,
	}
	var err error
	if o.query, err = q.values(o); err != nil {
		return ClaimsPage{}, err
	}
	var answer struct {
		Claims *[]json.RawMessage `json:"claims"`
		Total  *int64             `json:"total"`
	}
	if err := s.c.json(ctx, o, nil, &answer); err != nil {
		return ClaimsPage{}, err
	}
	if answer.Claims == nil && answer.Total == nil {
		return ClaimsPage{}, misunderstood(o, http.StatusOK, nil, fmt.Errorf("%w: there are no claims and no total", rest.ErrMalformed))
	}
	var page ClaimsPage
	if answer.Total != nil {
		page.Total = *answer.Total
	}
	if answer.Claims != nil {
		page.Claims, page.Malformed = decodeItems[Claim](*answer.Claims)
	}
	s.c.warn(ctx, o, nil, page.Malformed)
	return page, nil
}

func (q ListClaims) values(o operation) (url.Values, error) {
	if q.ID != "" {
		if err := checkID(o, q.ID); err != nil {
			return nil, err
		}
	}
	if q.Limit < 0 || q.Limit > MaxClaimsLimit || q.Offset < 0 || q.Product < 0 {
		return nil, refuse(o, outOfRange("limit must be 1 to %d, offset and product not negative", MaxClaimsLimit))
	}
	if q.Limit == 0 {
		q.Limit = MaxClaimsLimit
	}
	values := url.Values{
		"is_archive": {strconv.FormatBool(q.Archive)}, "limit": {strconv.Itoa(q.Limit)}, "offset": {strconv.Itoa(q.Offset)},
	}
	if q.ID != "" {
		values.Set("id", q.ID)
	}
	if q.Product > 0 {
		values.Set("nm_id", strconv.FormatInt(q.Product, 10))
	}
	return values, nil
}

// ClaimAnswer is a decision on a claim.
type ClaimAnswer struct {
	// ID is Claim.ID.
	ID string
	// Action is one of Claim.Actions.
	Action ClaimAction
	// Comment has 10 to 1,000 characters. ActionRejectCustom needs one, ActionApproveInStore takes one, the others none.
	Comment string
	// Offered is Claim.Actions, against which Action is checked before anything leaves. nil means that they are not known.
	Offered []ClaimAction
}

// Answer decides a claim. Read the claim again to see what became of it.
//
// Operation: PATCH /api/v1/claim. Limit: 20 per minute, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ClaimsService) Answer(ctx context.Context, a ClaimAnswer) error {
	o := operation{
		name: "PATCH /api/v1/claim", method: http.MethodPatch, family: FamilyReturns, path: "/api/v1/claim", bucket: BucketClaimAnswer,
		category: CategoryReturns, write: true,
	}
	if err := checkID(o, a.ID); err != nil {
		return err
	}
	if err := a.check(); err != nil {
		return refuse(o, err)
	}
	return s.c.write(ctx, o, struct {
		ID      string      `json:"id"`
		Action  ClaimAction `json:"action"`
		Comment string      `json:"comment,omitempty"`
	}{a.ID, a.Action, a.Comment})
}

func (a ClaimAnswer) check() error {
	switch {
	case strings.TrimSpace(string(a.Action)) == "" || !utf8.ValidString(string(a.Action)+a.Comment):
		return outOfRange("the decision is empty or not valid UTF-8")
	case a.Offered != nil && !slices.Contains(a.Offered, a.Action):
		return reason{ErrNotOffered, fmt.Sprintf("the claim does not offer %q", string(a.Action))}
	case a.Comment == "" && a.Action == ActionRejectCustom:
		return reason{ErrComment, "this decision needs a comment"}
	case a.Comment == "":
		return nil
	case !a.Action.takesComment():
		return reason{ErrComment, fmt.Sprintf("%q takes no comment", string(a.Action))}
	case utf8.RuneCountInString(strings.TrimSpace(a.Comment)) < MinCommentLength:
		return commentLength{ErrTextTooShort, fmt.Sprintf("the comment is shorter than %d characters", MinCommentLength)}
	case utf8.RuneCountInString(a.Comment) > MaxCommentLength:
		return commentLength{ErrTextTooLong, fmt.Sprintf("the comment is longer than %d characters", MaxCommentLength)}
	}
	return nil
}

// commentLength is a reason that is also ErrComment.
type commentLength reason

func (c commentLength) Error() string { return c.text }

func (c commentLength) Unwrap() []error { return []error{c.sentinel, ErrComment} }
