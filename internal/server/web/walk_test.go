package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// walked is a house with something behind every page.
type walked struct {
	*servertest.House
	places map[string][]string // addresses by the pattern of their route
}

// furnished is a house in which every route has an example.
func furnished(tb testing.TB) walked {
	tb.Helper()
	h := house(tb, func(d *server.Deps) {
		d.LoopbackSession = true
		d.Status = func(context.Context) ([]sellerdesk.Finding, error) { return nil, nil }
		d.Trial = &server.Trial{
			Begin: func(context.Context) error { return nil }, End: func(context.Context) error { return nil },
			Running: func() string { return "http://127.0.0.1:1/" },
		}
	})
	chat := h.Chat(tb, "Anna", minutes(20), "Where is my cup?", "It was to come on Monday.")
	review := h.Review(tb, "Boris", minutes(200), 2, "The handle broke off.")
	question := h.Question(tb, "Clara", minutes(100), "How much does it hold?")
	claim := h.Claim(tb, "Dmitry", minutes(50), "It arrived broken.")
	ctx := tb.Context()
	invited, err := h.Desk.Users.Invite(ctx, desk.InviteInput{Name: "Ivan"})
	if err != nil {
		tb.Fatal(err)
	}
	talks := func(form string) (out []string) {
		for _, c := range []sellerdesk.Conversation{chat, review, question, claim} {
			out = append(out, fmt.Sprintf(form, c.ID))
		}
		return out
	}
	return walked{h, map[string][]string{
		"/{$}":                  {"/?filter=all", "/"},
		"/conversations/{id}":   talks("/conversations/%d"),
		"/people/{id}":          {fmt.Sprintf("/people/%d", *chat.Contact)},
		"/accounts/{id}":        {fmt.Sprintf("/accounts/%d", h.Account.ID)},
		"/settings/people/{id}": {fmt.Sprintf("/settings/people/%d", invited.User.ID)},
		"/search":               {"/search", "/search?q=cup"},
	}}
}

// pages are the addresses of all pages that are mounted. What only scripts ask
// for is left out, and what a browser would take for a file.
func (h walked) pages(tb testing.TB) (all []string) {
	tb.Helper()
	for _, pattern := range h.HTTP.Routes() {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok || method != http.MethodGet || partial(path) {
			continue
		}
		switch examples := h.places[path]; {
		case len(examples) > 0:
			all = append(all, examples...)
		case strings.Contains(path, "{"):
			tb.Logf("the page %s has no example here", path)
		default:
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// partial tells that a route gives no page.
func partial(path string) bool {
	for _, prefix := range []string{"/ui/", "/v1", "/static/", "/in/", "/favicon.ico", "/healthz", "/readyz", "/metrics", server.LinkPath, "/docs", "/settings/templates/export"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// axe lets axe-core look at the page; the rules are those of WCAG 2.2 AA, or some
// alone. Its source is taken once by each page: it is half a megabyte.
func (t *tab) axe(source string, rules ...string) (found string) {
	t.tb.Helper()
	only := `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}`
	if len(rules) > 0 {
		only = fmt.Sprintf(`{type: "rule", values: ["%s"]}`, strings.Join(rules, `", "`))
	}
	ctx, cancel := context.WithTimeout(t.ctx, 2*patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(() => { if (!window.axe) {`+source+`}
		return axe.run(document, {runOnly: `+only+`, resultTypes: ["violations"]})
			.then((r) => r.violations.map((v) => v.id + " (" + v.impact + "): " + v.nodes.slice(0, 4).map((n) => n.target.join(" ") + " " + n.html.slice(0, 140)).join(" | ")).join("\n")); })()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.tb.Errorf("axe: %v", err)
	}
	return found
}

// missable lists what a finger could miss: smaller than 44 px either way. Words
// within a text and labels of fields are left out, as they may be.
func (t *tab) missable() []string {
	t.tb.Helper()
	return value[[]string](t, `[...document.querySelectorAll("main a, main button, main label, main summary, nav a")]
		.filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(".text, .link, p, dialog:not([open])"))
		.filter((e) => e.tagName !== "LABEL" || e.matches(".button") || ["checkbox", "radio"].includes(e.control?.type))
		.filter((e) => { const r = e.getBoundingClientRect(); return r.width > 1 && (r.height < 43.5 || r.width < 43.5); }).map((e) => e.outerHTML.slice(0, 160))`)
}

// TestEveryPageCanBeUsedByEverybody opens every page that is mounted, in both
// languages and themes, wide and on the narrowest phone, and lets axe-core look for
// what keeps people from using it. Without a word here a new page is looked at too.
func TestEveryPageCanBeUsedByEverybody(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("pages are the same under the race detector, and take minutes there")
	}
	source, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		lang, theme, other string
		width, height      int64
		small              int64
	}{{"ru", "light", "dark", 1440, 900, 390}, {"en", "dark", "light", 360, 740, 360}} {
		t.Run("in the language "+look.lang, func(t *testing.T) {
			t.Parallel()
			h := furnished(t)
			v := visit(t, h.House)
			v.get("/").has(t, http.StatusOK)
			v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {look.lang}, "theme": {look.theme}})
			b := browseFor(t, h.House, look.width, look.height, 5*time.Minute)
			b.open("/")
			for _, path := range h.pages(t) {
				b.open(path)
				if !value[bool](b, `document.doctype !== null && document.body.matches(".app, .bare")`) {
					continue // a part
				}
				if got := value[string](b, `document.body.matches(".app") ? document.documentElement.lang : ""`); got != "" && got != look.lang { // doors do not know who comes
					t.Errorf("%s is in the language %q", path, got)
				}
				if found := b.axe(string(source)); found != "" {
					t.Errorf("%s at %d px in %s: %s", path, look.width, look.theme, found)
				}
				value[bool](b, fmt.Sprintf(`(document.documentElement.dataset.theme = %q) !== ""`, look.other))
				if found := b.axe("", "color-contrast"); found != "" {
					t.Errorf("%s at %d px in %s: %s", path, look.width, look.other, found)
				}
				b.do("narrow", chromedp.EmulateViewport(look.small, 740))
				if wide := value[int](b, `document.documentElement.scrollWidth`); wide > int(look.small) {
					t.Errorf("%s is %d px wide on a screen of %d", path, wide, look.small)
				}
				if small := b.missable(); len(small) > 0 {
					t.Errorf("%s at %d px: too small for a finger: %s", path, look.small, strings.Join(small, "\n"))
				}
				b.do("widen", chromedp.EmulateViewport(look.width, look.height))
			}
		})
	}
}
