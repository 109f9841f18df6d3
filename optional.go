package sellerdesk

import (
	"encoding/json"
	"fmt"
)

// Optional is a text that may be absent: empty travels as null.
type Optional string

// MarshalJSON writes null for an absent text.
func (o Optional) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// UnmarshalJSON reads null as absent.
func (o *Optional) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read a text: %w", err)
	}
	*o = ""
	if s != nil {
		*o = Optional(*s)
	}
	return nil
}

// Secret is a credential on its way. It prints, logs and travels as three
// stars, so that it cannot leak by accident; Reveal gives the real text.
type Secret string

// Reveal gives the real text, for the one place that sends or seals it.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (Secret) String() string { return "***" }

// GoString hides the text from %#v.
func (Secret) GoString() string { return "***" }

// MarshalJSON hides the text.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

// Format hides the text from every verb of package fmt.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }
