package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

func ptr[T any](v T) *T { return &v }

func TestPreview(t *testing.T) {
	dir := os.Getenv("PREVIEW")
	if dir == "" {
		t.Skip("no PREVIEW")
	}
	only := os.Getenv("ONLY")
	st, err := newStatic("/static/")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", st)
	mux.HandleFunc("/v1/files/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		h := len(r.URL.Path) * 37 % 360
		if strings.Contains(r.URL.Path, "2") {
			h += 80
		}
		fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="hsl(%d 40%% 60%%)"/><circle cx="200" cy="150" r="80" fill="hsl(%d 50%% 40%%)"/></svg>`, h, h)
	})
	view := func(r *http.Request) *View {
		v := &View{Texts: textsFor(sellerdesk.Language(r.FormValue("lang"))), Theme: r.FormValue("theme"), Now: fixNow, Zone: time.FixedZone("", 3*3600), Nonce: "n", Static: st.prefix, Zoned: true, Place: "inbox"}
		v.Counters.NeedsAnswer.All, v.Counters.Unread.All = 12, 4
		v.User = sellerdesk.User{ID: 1, Name: "Ольга", Login: "olga", Language: v.Language, Theme: v.Theme}
		return v
	}
	page := func(pattern string, f func(v *View) templ.Component) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := f(view(r)).Render(r.Context(), w); err != nil {
				t.Error(err)
			}
		})
	}
	inboxOf := func(open int, filter string) func(v *View) templ.Component {
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
	page("/empty", func(v *View) templ.Component {
		l := fixList("needs_answer")
		l.Items = nil
		return inboxPage(v, l, nil, 1)
	})
	page("/first", func(v *View) templ.Component {
		return inboxPage(v, listView{listState: listState{Filter: filterNeedsAnswer, Order: orderWaiting}}, nil, 1)
	})
	page("/list", inboxOf(0, "needs_answer"))
	page("/open", inboxOf(1, "needs_answer"))
	page("/states", inboxOf(2, "all"))
	page("/hostile", inboxOf(3, "all"))
	page("/signin", func(v *View) templ.Component {
		return signInPage(v, form{Error: "Неверный логин или пароль."})
	})
	page("/owner", func(v *View) templ.Component {
		return ownerPage(v, form{Values: map[string]string{"login": "olga"}, Field: "password", Error: "Пароль короче 10 знаков.", known: []string{"password"}}, "x")
	})
	page("/accounts", func(v *View) templ.Component { v.Place = "accounts"; return accountsPage(v, fixAccounts(), 1) })
	page("/account", func(v *View) templ.Component {
		v.Place = "accounts"
		return accountPage(v, fixAccounts()[0], form{}, 1)
	})
	page("/new", func(v *View) templ.Component {
		v.Place = "accounts"
		d := fixDriver()
		return newAccountPage(v, []channel.Driver{d}, d, form{Field: "token", Error: "Токен просрочен: срок вышел 3 марта.", known: []string{"token"}}, 1)
	})
	page("/settings", func(v *View) templ.Component { v.Place = "settings"; return settingsPage(v, form{}, true, 1) })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ExecPath("/usr/bin/chromium"), chromedp.UserDataDir(t.TempDir()), chromedp.Flag("hide-scrollbars", true))
	actx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	defer cancel()
	ctx, cancel := chromedp.NewContext(actx)
	defer cancel()
	for _, p := range []string{"empty", "first", "list", "open", "states", "hostile", "signin", "owner", "accounts", "account", "new", "settings"} {
		if only != "" && !strings.Contains(","+only+",", ","+p+",") {
			continue
		}
		for _, c := range []struct {
			lang, theme string
			w, h        int64
		}{{"ru", "light", 1440, 900}, {"en", "dark", 1440, 900}, {"ru", "dark", 390, 844}, {"en", "light", 390, 844}, {"ru", "light", 1024, 768}} {
			name := fmt.Sprintf("%s-%s-%s-%d.png", p, c.lang, c.theme, c.w)
			if m := os.Getenv("MATCH"); m != "" && !strings.Contains(name, m) {
				continue
			}
			var buf []byte
			err := chromedp.Do(ctx, chromedp.EmulateViewport(c.w, c.h), chromedp.Navigate(srv.URL+"/"+p+"?lang="+c.lang+"&theme="+c.theme), chromedp.Sleep(250*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			buf, err = chromedp.Run(ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), buf, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
