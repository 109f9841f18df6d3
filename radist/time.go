package radist

import (
	"encoding/json"
	"strings"
	"time"
)

// Time is a moment as the remote side writes it: RFC 3339, in webhooks also
// without an offset, which means UTC here; null is the zero moment. What is no
// date leaves the moment zero and stays in Raw, so that one odd date never costs
// a message.
type Time struct {
	time.Time
	// Raw is the text that was not understood, else "".
	Raw string
}

// timeLayouts are tried in turn; three spellings were seen.
var timeLayouts = [...]string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999Z07", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", time.DateOnly,
}

// longestRawTime bounds what is kept of a date that is none, in bytes.
const longestRawTime = 100

// UnmarshalJSON never fails: see Raw.
func (t *Time) UnmarshalJSON(raw []byte) error {
	*t = Time{}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		if len(raw) <= longestRawTime {
			t.Raw = string(raw)
		}
		return nil
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			if at.Year() > 1 {
				t.Time = at.UTC()
			}
			return nil
		}
	}
	if len(text) <= longestRawTime {
		t.Raw = text
	}
	return nil
}

// MarshalJSON writes RFC 3339, the Raw text when there is no moment, or "".
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return json.Marshal(t.Raw)
	}
	return json.Marshal(t.Format(time.RFC3339Nano))
}
