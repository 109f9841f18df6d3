package labelling

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
)

// tone is the class of a colour.
func tone(color int) string { return "tone-" + strconv.Itoa(color) }

// tagLink leads to all that carries a tag.
func tagLink(id sellerdesk.TagID) templ.SafeURL {
	return templ.SafeURL("/?filter=all&tag=" + frame.ID(id))
}

// options are those of a field, with a value that was chosen before its option
// went.
func options(f sellerdesk.Field, value string) []string {
	if value == "" || slices.Contains(f.Options, value) {
		return f.Options
	}
	return append(slices.Clone(f.Options), value)
}

// figure is a counter that tells where counting ends.
func figure(v *View, n int) string {
	if n >= sellerdesk.ViewCounted {
		return v.Labelling.More
	}
	return strconv.Itoa(n)
}

// savePath is the page that keeps the list as a view.
func savePath(question, order string) templ.SafeURL {
	q := url.Values{"query": {question}}
	if order == "waiting" {
		q.Set("sort", order)
	}
	return templ.SafeURL(viewsPath + "?" + q.Encode() + "#new-view")
}

// listed marks links that the list follows without a new page.
func listed(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"data-list": true}
}

func current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

func joinLines(list []string) string { return strings.Join(list, "\n") }

// ofWords says what a field is about.
func ofWords(v *View, f sellerdesk.Field) string {
	if f.Of == sellerdesk.FieldOfContact {
		return v.Labelling.OfContact
	}
	return v.Labelling.OfConversation
}
