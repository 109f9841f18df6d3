package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// What can be wrong with the body of an answer. A truncated one is worth reading again, the others are not.
var (
	ErrTruncated = errors.New("the answer broke off")
	ErrTooLarge  = errors.New("the answer is too large")
	ErrNotJSON   = errors.New("the answer is not JSON")
	ErrMalformed = errors.New("the answer is not understood")
)

// drainLimit is how much of an unwanted body is read so that its connection can be used again.
const drainLimit = 64 << 10

// ReadBody reads and closes the body. Over limit bytes it returns what fits and ErrTooLarge; a body that ends early gives what came
// and ErrTruncated.
func ReadBody(resp *http.Response, limit int64) ([]byte, error) {
	defer discard(resp)
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return body[:min(int64(len(body)), limit)], fmt.Errorf("%w after %d bytes: %w", ErrTruncated, len(body), err)
	case int64(len(body)) > limit:
		return body[:limit], fmt.Errorf("%w: over %d bytes", ErrTooLarge, limit)
	}
	return body, nil
}

// DecodeJSON decodes a whole body into out and names what is wrong with it otherwise: ErrTruncated when JSON ends early,
// ErrNotJSON for a page or text, ErrMalformed for a wrong shape. The error holds no text of the body.
func DecodeJSON(header http.Header, body []byte, out any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return fmt.Errorf("%w: it is empty", ErrMalformed)
	}
	err := json.Unmarshal(body, out)
	if err == nil {
		return nil
	}
	var (
		syntax *json.SyntaxError
		typed  *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &typed):
		return fmt.Errorf("%w: field %q is a %s", ErrMalformed, typed.Field, kindOf(typed.Value))
	case !looksLikeJSON(header, body):
		return fmt.Errorf("%w but %s", ErrNotJSON, mediaType(header))
	// encoding/json has no other mark for an early end than its text; broken JSON may also end at the last byte.
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return fmt.Errorf("%w: JSON ends early", ErrTruncated)
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: broken JSON at byte %d", ErrMalformed, syntax.Offset)
	default:
		return fmt.Errorf("%w: a value is out of its range", ErrMalformed)
	}
}

// kindOf cuts the value off that encoding/json puts behind the kind, as in "number 1.5".
func kindOf(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	return kind
}

func looksLikeJSON(header http.Header, body []byte) bool {
	kind := mediaType(header)
	if strings.HasSuffix(kind, "json") {
		return true
	}
	first := bytes.TrimSpace(body)[0]
	return first == '{' || first == '['
}

func mediaType(header http.Header) string {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || len(kind) > 60 {
		return "of unknown type"
	}
	return kind
}

func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, drainLimit)
	_ = resp.Body.Close()
}
