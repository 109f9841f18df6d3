package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

// fixScreens are all screens with everything that is hard to draw: nothing at
// all, long names, other scripts, each state of a message, many pictures.
func fixScreens() map[string]func(v *View) templ.Component {
	panes := func(open int, filter string) func(v *View) templ.Component {
		return func(v *View) templ.Component {
			l := fixList(filter)
			var th *threadView
			if open > 0 {
				th = fixThread(open)
				l.Open = th.Conversation.ID
			}
			return inboxPage(v, l, th, 7)
		}
	}
	post := func(n int) func(v *View) templ.Component {
		return func(v *View) templ.Component {
			l, th := fixList(filterNeedsAnswer), fixPost(n)
			l.Open = th.Conversation.ID
			return inboxPage(v, l, th, 7)
		}
	}
	thread := func(th *threadView) func(v *View) templ.Component {
		return func(v *View) templ.Component {
			l := fixList(filterAll)
			l.Open = th.Conversation.ID
			return inboxPage(v, l, th, 7)
		}
	}
	all := map[string]func(v *View) templ.Component{
		"review":       post(1),
		"question":     post(2),
		"answered":     post(3),
		"claim":        post(4),
		"decided":      post(5),
		"hostile-post": post(6),
		"tree":         thread(fixTree(sellerdesk.KindReview)),
		"answers":      thread(fixTree(sellerdesk.KindQuestion)),
		"dispute":      thread(fixDispute()),
		"opening":      thread(fixOpening()),
		"start": func(v *View) templ.Component {
			a := fixAccounts()[0].Account
			f := startView{Key: "k"}
			f.About = []sellerdesk.Account{a, fixAccounts()[1].Account}
			for value, title := range map[string]string{"order": "О заказе", "return": "О возврате"} {
				f.Options = append(f.Options, sellerdesk.Option{Value: value, Title: map[sellerdesk.Language]string{"ru": title, "en": "About " + value}})
			}
			f.form = form{Values: map[string]string{"number": "12 34"}, Field: "number", Error: "Номер состоит только из цифр.", known: []string{"number"}}
			return startPage(v, f, 1)
		},
		"dead-link": func(v *View) templ.Component { return deadLinkPage(v) },
		"filtered": func(v *View) templ.Component {
			l := fixList(filterAll)
			l.narrowing = narrowing{Kind: sellerdesk.KindReview, Stars: 1<<1 | 1<<2, Product: "148273665", From: "2026-11-01", To: "2026-11-20", Photo: true, Answered: "no"}
			return inboxPage(v, l, nil, 7)
		},
		"slow": func(v *View) templ.Component { return accountPage(v, fixAccounts()[1], form{}, 1) },
		"first": func(v *View) templ.Component {
			return inboxPage(v, listView{listState: listState{Filter: filterNeedsAnswer, Order: orderWaiting}}, nil, 1)
		},
		"empty": func(v *View) templ.Component {
			l := fixList(filterNeedsAnswer)
			l.Items = nil
			return inboxPage(v, l, nil, 1)
		},
		"list":    panes(0, filterNeedsAnswer),
		"open":    panes(1, filterNeedsAnswer),
		"states":  panes(2, filterAll),
		"hostile": panes(3, filterAll),
		"sign-in": func(v *View) templ.Component {
			return signInPage(v, form{Error: v.WrongLogin})
		},
		"owner": func(v *View) templ.Component {
			return linkPage(v, sellerdesk.User{Owner: true}, form{Field: "password", Error: v.PasswordHint, known: []string{"password"}}, "x")
		},
		"code": func(v *View) templ.Component {
			return codePage(v, form{Field: "code", Error: v.House.Door.CodeWrong, known: []string{"code"}})
		},
		"invited":  func(v *View) templ.Component { return linkPage(v, sellerdesk.User{Name: "Ольга"}, form{}, "x") },
		"failure":  func(v *View) templ.Component { return failure(v, v.NoOwner) },
		"accounts": func(v *View) templ.Component { return accountsPage(v, fixAccounts(), 1) },
		"account":  func(v *View) templ.Component { return accountPage(v, fixAccounts()[0], form{}, 1) },
		"new-account": func(v *View) templ.Component {
			d := fixDriver()
			return newAccountPage(v, []channel.Driver{d, d}, d, form{Field: "token", Error: "Токен просрочен.", known: []string{"token"}}, 1)
		},
	}
	maps.Copy(all, fixMessengerScreens())
	maps.Copy(all, fixSettingsScreens())
	return all
}

// fixServer shows the screens without a house behind them.
func fixServer(tb testing.TB) *httptest.Server {
	tb.Helper()
	files, err := newStatic("/static/")
	if err != nil {
		tb.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", files)
	fixFragments(mux, func(r *http.Request) *View { return fixView(r, files) })
	mux.HandleFunc("/v1/files/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="hsl(%d 40%% 60%%)"/></svg>`, len(r.URL.Path)*37%360)
	})
	for name, screen := range fixScreens() {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) {
			v := fixView(r, files)
			if err := screen(v).Render(r.Context(), w); err != nil {
				tb.Error(err)
			}
		})
	}
	srv := httptest.NewServer(mux)
	tb.Cleanup(srv.Close)
	return srv
}

// fixView is the view of one who looks at a fixture, as its address says.
func fixView(r *http.Request, files *static) *View {
	words, ok := map[string]*Texts{"ru": texts.Russian(), "en": texts.English()}[r.FormValue("lang")]
	if !ok {
		words = texts.Russian()
	}
	v := &View{
		Texts: words, Theme: r.FormValue("theme"), Now: fixNow(),
		House: texts.HouseOf(words.Language), rights: rights{sellerdesk.FullAccess(1)},
		Zone: time.FixedZone("", 3*3600), Nonce: "n", Static: files.prefix, Zoned: true, Place: "inbox",
	}
	v.User = sellerdesk.User{ID: 1, Name: "Ольга", Login: "olga", Owner: true, Language: v.Language, Theme: v.Theme}
	v.Counters.NeedsAnswer = sellerdesk.KindCounts{All: 1264, Chat: 3, Question: 21, Review: 1238, Claim: 2}
	v.Counters.Unread.All = 4
	return v
}

// checkAxe lets axe-core look for what keeps people from using a screen.
func checkAxe(ctx context.Context, t *testing.T, name, source string) {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](source+`;
		axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
			.then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ")).join("\n"))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if found != "" {
		t.Errorf("%s: %s", name, found)
	}
}

// showScreen opens a screen and does on it what a person would.
func showScreen(ctx context.Context, t *testing.T, name, address string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if act := fixActs()[name]; act != "" {
		_ = chromedp.Do(ctx, chromedp.Sleep(250*time.Millisecond), chromedp.Evaluate[chromedp.Void](act), chromedp.Sleep(250*time.Millisecond))
	}
}

// TestEveryScreenFitsItsWidth draws every screen in a real browser. Where
// SELLERDESK_TEST_SHOTS names a folder it leaves pictures there, in both
// languages and themes, of those that SELLERDESK_TEST_SCREENS is a part of the name of; where SELLERDESK_TEST_AXE names the file axe.min.js of
// axe-core, that looks at every screen too.
func TestEveryScreenFitsItsWidth(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if strings.Contains(os.Getenv("SELLERDESK_TEST_REQUIRE"), "browser") {
			t.Fatal("chromium is required and not installed")
		}
		t.Skip("chromium is not installed")
	}
	srv := fixServer(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.Flag("hide-scrollbars", true))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	shots := os.Getenv("SELLERDESK_TEST_SHOTS")
	var axe string
	if path := os.Getenv("SELLERDESK_TEST_AXE"); path != "" {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(source)
	}
	looks := []struct {
		lang, theme   string
		width, height int64
	}{{"ru", "light", 1440, 900}, {"ru", "dark", 390, 844}}
	if shots != "" || axe != "" {
		looks = append(looks, []struct {
			lang, theme   string
			width, height int64
		}{{"en", "dark", 1440, 900}, {"en", "light", 390, 844}, {"ru", "light", 1024, 768}}...)
	}
	for name := range fixScreens() {
		if only := os.Getenv("SELLERDESK_TEST_SCREENS"); only != "" && !strings.Contains(name, only) {
			continue
		}
		for i, l := range looks {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(l.width, l.height)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			// Themes and widths are told apart by styles alone, languages by the server.
			if i > 0 && looks[i-1].lang == l.lang {
				if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.documentElement.dataset.theme = %q", l.theme))); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			} else {
				showScreen(ctx, t, name, fmt.Sprintf("%s/%s?lang=%s&theme=%s", srv.URL, name, l.lang, l.theme))
			}
			wide, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`[document.documentElement, ...document.querySelectorAll(".pane, .place, .rows, .messages, .panel, .panel-body")]
				.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.checkVisibility()).map((e) => e.tagName + "." + e.className)`))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(wide) > 0 {
				t.Errorf("%s at %d px is wider than its place: %s", name, l.width, strings.Join(wide, ", "))
			}
			if axe != "" {
				checkAxe(ctx, t, name, axe)
			}
			if shots == "" {
				continue
			}
			_ = chromedp.Do(ctx, chromedp.Sleep(200*time.Millisecond))
			b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			if err == nil {
				err = os.WriteFile(filepath.Join(shots, fmt.Sprintf("%s-%s-%s-%d.png", name, l.lang, l.theme, l.width)), b, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
}
