package composing

import (
	"encoding/json"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// longest bounds what a form of the composer sends, in bytes: far more than any
// messenger takes.
const longest = 32 << 10

// Use reads the template that a form sends; nil when it sends none.
func Use(raw string) (*sellerdesk.TemplateUse, error) { return read[sellerdesk.TemplateUse](raw) }

// Interactive reads the buttons or the menu that a form sends; nil when it sends
// none.
func Interactive(raw string) (*sellerdesk.Interactive, error) {
	return read[sellerdesk.Interactive](raw)
}

func read[T any](raw string) (*T, error) {
	if raw == "" {
		return nil, nil
	}
	var out T
	d := json.NewDecoder(strings.NewReader(raw))
	d.DisallowUnknownFields()
	if len(raw) > longest || d.Decode(&out) != nil || d.More() {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.")
	}
	return &out, nil
}

// Limits writes the limits of buttons and menus for the browser, which judges by
// them while a person types; "" when the channel has none.
func Limits(a sellerdesk.Ability) string {
	if a.Interactive == nil || a.Reason != "" {
		return ""
	}
	b, err := json.Marshal(a.Interactive)
	if err != nil {
		return "" // numbers are always written
	}
	return string(b)
}
