package wildberries

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// Time is a moment as the remote side writes it: RFC 3339 with or without fractions, "", null, or without a zone, which means UTC here.
// A date that is none of these leaves the moment zero and stays in Raw, so that one odd date never costs a message.
type Time struct {
	time.Time
	// Raw is the text that was not understood, else "".
	Raw string
}

// timeLayouts are tried in turn. The chat writes UTC seconds and, for files, milliseconds.
var timeLayouts = [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", time.DateOnly}

// UnmarshalJSON never fails: see Raw.
func (t *Time) UnmarshalJSON(raw []byte) error {
	*t = Time{}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		if len(raw) <= 100 {
			t.Raw = string(raw)
		}
		return nil
	}
	t.Time, t.Raw = parseTime(text, time.UTC)
	return nil
}

// parseTime returns the moment, or the text when it is none that is understood.
func parseTime(text string, zone *time.Location) (time.Time, string) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, ""
	}
	for _, layout := range timeLayouts {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			// The remote side writes the zero date for "never".
			if at.Year() > 1 {
				return at.UTC(), ""
			}
			return time.Time{}, ""
		}
	}
	if len(text) > 100 {
		text = ""
	}
	return time.Time{}, text
}

// MarshalJSON writes RFC 3339, the Raw text when there is no moment, or "".
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return json.Marshal(t.Raw)
	}
	return json.Marshal(t.Format(time.RFC3339Nano))
}

// NaiveTime is a moment that is written without a zone and means Moscow time, UTC+3 all year. A zone is heeded where one is given.
// As with Time, what is not understood stays in Raw.
type NaiveTime struct {
	time.Time
	// Raw is the text that was not understood, else "".
	Raw string
}

// naiveLayout is how claims write their dates.
const naiveLayout = "2006-01-02T15:04:05.999999999"

func naiveZone() *time.Location { return time.FixedZone("UTC+3", 3*60*60) }

// UnmarshalJSON never fails: see Raw.
func (t *NaiveTime) UnmarshalJSON(raw []byte) error {
	*t = NaiveTime{}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		if len(raw) <= 100 {
			t.Raw = string(raw)
		}
		return nil
	}
	t.Time, t.Raw = parseTime(text, naiveZone())
	return nil
}

// MarshalJSON writes the time of UTC+3 without a zone, the Raw text when there is no moment, or "".
func (t NaiveTime) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return json.Marshal(t.Raw)
	}
	return json.Marshal(t.In(naiveZone()).Format(naiveLayout))
}

// Millis is a moment in Unix milliseconds, 0 when absent.
type Millis int64

// Time returns the moment in UTC, zero for 0.
func (m Millis) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// UnmarshalJSON takes whole numbers, numbers with exponent or fraction, either in quotes, and null. Anything else, and what is
// before 1970 or after the year 9999, is an error.
func (m *Millis) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		*m = 0
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(text, 64)
		if ferr != nil || math.IsNaN(f) || math.Abs(f) > latestMillis {
			return &json.UnmarshalTypeError{Value: "no time in milliseconds"}
		}
		n = int64(f)
	}
	if n < 0 || n > latestMillis {
		return &json.UnmarshalTypeError{Value: "no time in milliseconds"}
	}
	*m = Millis(n)
	return nil
}

const latestMillis = 253402300799999 // the end of the year 9999
