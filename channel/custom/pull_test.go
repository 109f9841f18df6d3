package custom

import (
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

func TestLists(t *testing.T) {
	t.Parallel()
	line := func(id string) string {
		return `{"type":"message","conversation":"7","message":{"id":"` + id + `","text":"да","at":1785574800}}`
	}
	for _, c := range []struct {
		name, answer      string
		class             channel.Class
		messages, skipped int
		next              sellerdesk.Cursor
		more              bool
	}{
		{"nothing new", `200 {}`, "", 0, 0, "", false},
		{"some events", `200 {"events":[` + line("1") + `,` + line("2") + `],"next":"two","more":true}`, "", 2, 0, "two", true},
		{"a place that is a number", `200 {"events":[` + line("1") + `],"next":17}`, "", 1, 0, "17", false},
		{"more, and no word from where", `200 {"events":[` + line("1") + `],"more":true}`, "", 1, 0, "", false},
		{"more from where it stood", `200 {"events":[],"next":"one","more":true}`, "", 0, 0, "one", false},
		{"one that makes no sense between others", `200 {"events":[` + line("1") + `,{"type":"typing"},null,[],5,` + line("2") + `],"next":"x"}`, "", 2, 4, "x", false},
		{"too many", `200 {"events":[` + strings.TrimSuffix(strings.Repeat("null,", mostListed+1), ",") + `]}`, channel.Malformed, 0, 0, "", false},
		{"too much", `200 {"events":["` + strings.Repeat("x", mostList) + `"]}`, channel.Malformed, 0, 0, "", false},
		{"a place without end", `200 {"next":"` + strings.Repeat("x", longestCursor+1) + `"}`, channel.Malformed, 0, 0, "", false},
		{"a page for people", `200 <html>`, channel.Malformed, 0, 0, "", false},
		{"not signed as it wants", `401`, channel.Unauthorized, 0, 0, "", false},
		{"no such place", `400`, channel.Refused, 0, 0, "", false},
		{"somewhere else", `302`, channel.Refused, 0, 0, "", false},
		{"fails", `500`, channel.Temporary, 0, 0, "", false},
		{"too much at once", `429`, channel.Throttled, 0, 0, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address, asked := says(t, c.answer, "Location", "http://127.0.0.1:1/")
			b, err := opened(t, fieldList, address).Pull(t.Context(), streamEvents, "one")
			if class, e := channel.ClassOf(err); class != c.class || e != nil && (e.Why.Text == "" || len(e.Raw) > rawLimit || strings.Contains(err.Error(), "hidden")) {
				t.Errorf("it is %v", err)
			}
			if len(b.Messages) != c.messages || len(b.Skipped) != c.skipped || b.Next != c.next || b.More != c.more || asked.Load() != 1 {
				t.Errorf("it brings %+v", b)
			}
		})
	}
}
