package wildberries

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// errorBody is the union of all error shapes: problem+json of the gateway (title, detail, code, requestId, origin), the questions and
// feedbacks envelope (errorText, additionalErrors, error as bool), the chat (error as text), and errors beside a result.
type errorBody struct {
	Title            looseText  `json:"title"`
	Detail           looseText  `json:"detail"`
	Code             looseText  `json:"code"`
	RequestID        looseText  `json:"requestId"`
	Origin           looseText  `json:"origin"`
	ErrorText        looseText  `json:"errorText"`
	Error            looseText  `json:"error"`
	Message          looseText  `json:"message"`
	AdditionalErrors looseTexts `json:"additionalErrors"`
	Errors           looseTexts `json:"errors"`
}

// read fills the fields from the body, and RetryAfter from the headers.
func (e *Error) read(header http.Header, body []byte) {
	if e.Status == http.StatusTooManyRequests {
		answer := &http.Response{StatusCode: e.Status, Header: header}
		// Retry-After dates are not documented for this API; they would count from the system clock here.
		e.RetryAfter = rest.ReadStandardHeaders(answer, time.Time{}).RetryAfter
	}
	var b errorBody
	if json.Unmarshal(body, &b) != nil {
		e.Detail = plainText(header, body)
		return
	}
	e.Title, e.Code, e.RequestID, e.Origin = string(b.Title), string(b.Code), string(b.RequestID), string(b.Origin)
	e.Detail = b.detail()
}

// detail prefers the most specific text. Chat bodies say the same thing in detail and error, so doubles are dropped.
func (b errorBody) detail() string {
	var said []string
	for _, text := range []looseText{b.Detail, b.ErrorText, b.Error, b.Message} {
		if text != "" && text != "true" && text != "false" {
			said = append(said, string(text))
			break
		}
	}
	for _, text := range slices.Concat(b.AdditionalErrors, b.Errors) {
		if !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return oneLine(strings.Join(said, "; "), keptErrorBody)
}

// plainText takes the text of a body that is not JSON, but not that of a page made for browsers.
func plainText(header http.Header, body []byte) string {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	text := strings.TrimSpace(excerpt(body))
	if kind == "text/html" || strings.HasPrefix(text, "<") {
		return "a page instead of an answer"
	}
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return ""
	}
	return oneLine(text, longestErrorText)
}

// looseText takes any scalar as text; objects, lists and null leave it empty.
type looseText string

// UnmarshalJSON never fails.
func (t *looseText) UnmarshalJSON(raw []byte) error {
	var text string
	switch {
	case json.Unmarshal(raw, &text) == nil:
		*t = looseText(text)
	case len(raw) > 0 && raw[0] != '{' && raw[0] != '[':
		*t = looseText(raw)
	}
	return nil
}

// longestErrorList bounds how many errors of one answer are kept.
const longestErrorList = 100

// looseTexts takes a list of texts or objects, one text, or null.
type looseTexts []string

// UnmarshalJSON never fails.
func (t *looseTexts) UnmarshalJSON(raw []byte) error {
	*t = nil
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		items = []json.RawMessage{raw}
	}
	for _, item := range items {
		if len(*t) == longestErrorList {
			break
		}
		if text := itemText(item); text != "" {
			*t = append(*t, text)
		}
	}
	return nil
}

// itemText takes the text of one error. It looks no deeper than one object, so that nested answers cost nothing.
func itemText(raw json.RawMessage) string {
	var text looseText
	_ = text.UnmarshalJSON(raw)
	switch {
	case string(raw) == "null", string(raw) == `""`:
		return ""
	case text != "":
		return oneLine(string(text), longestErrorText)
	}
	var flat struct {
		Detail    looseText `json:"detail"`
		ErrorText looseText `json:"errorText"`
		Error     looseText `json:"error"`
		Message   looseText `json:"message"`
		Title     looseText `json:"title"`
	}
	if json.Unmarshal(raw, &flat) == nil {
		for _, said := range []looseText{flat.Detail, flat.ErrorText, flat.Error, flat.Message, flat.Title} {
			if said != "" {
				return oneLine(string(said), longestErrorText)
			}
		}
	}
	return oneLine(string(raw[:min(len(raw), keptErrorBody)]), longestErrorText)
}
