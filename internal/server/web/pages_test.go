package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// visitor is a browser without scripts.
type visitor struct {
	tb    testing.TB
	house *servertest.House
	http  *http.Client
}

func visit(tb testing.TB, h *servertest.House) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &visitor{tb: tb, house: h, http: &http.Client{Jar: jar}}
}

// answer is a page as it came.
type answer struct {
	status int
	body   string
	header http.Header
	path   string // where redirects ended
}

func (v *visitor) do(method, path string, values url.Values, headers ...string) answer {
	v.tb.Helper()
	var body io.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	r, err := http.NewRequestWithContext(v.tb.Context(), method, v.house.URL+path, body)
	if err != nil {
		v.tb.Fatal(err)
	}
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := v.http.Do(r)
	if err != nil {
		v.tb.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.tb.Fatal(err)
	}
	return answer{status: resp.StatusCode, body: string(b), header: resp.Header, path: resp.Request.URL.Path}
}

func (v *visitor) get(path string, headers ...string) answer {
	v.tb.Helper()
	return v.do(http.MethodGet, path, nil, headers...)
}

func (v *visitor) post(path string, values url.Values) answer {
	v.tb.Helper()
	if values == nil {
		values = url.Values{}
	}
	return v.do(http.MethodPost, path, values, "HX-Request", "true")
}

// has fails unless the page is there and holds every text.
func (a answer) has(tb testing.TB, status int, texts ...string) answer {
	tb.Helper()
	if a.status != status {
		tb.Fatalf("status %d, want %d: %.300s", a.status, status, a.body)
	}
	for _, s := range texts {
		if !strings.Contains(a.body, s) {
			tb.Errorf("the page lacks %q", s)
		}
	}
	return a
}

func (a answer) lacks(tb testing.TB, texts ...string) {
	tb.Helper()
	for _, s := range texts {
		if strings.Contains(a.body, s) {
			tb.Errorf("the page holds %q", s)
		}
	}
}

// enter signs a visitor in the way of the demo and speaks English to him.
func enter(tb testing.TB, h *servertest.House) *visitor {
	tb.Helper()
	v := visit(tb, h)
	v.get("/").has(tb, http.StatusOK)
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"en"}, "theme": {"dark"}}).has(tb, http.StatusOK, "Saved")
	return v
}

func TestInboxOfTheDemoOpensAtOnce(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	a := visit(t, h).get("/")
	a.has(t, http.StatusOK, "Anna", "Where is my cup?", `<html lang="ru"`, "Нужен ответ", "10\u00a0мин")
	csp := a.header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "script-src 'self'") || !strings.Contains(csp, "style-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("content security policy %q", csp)
	}
	a.lacks(t, " style=", " onclick=", "<script>")
}

func TestAStrangerIsAskedToSignIn(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	v := owner(t, h)
	stranger := visit(t, h)
	a := stranger.get("/conversations/7?filter=all")
	a.has(t, http.StatusOK, `name="password"`, `value="/conversations/7?filter=all"`)
	if a.path != "/sign-in" {
		t.Errorf("sent to %s", a.path)
	}
	if a := stranger.get("/ui/list", "HX-Request", "true"); a.status != http.StatusUnauthorized || a.header.Get("HX-Redirect") != "/sign-in" {
		t.Errorf("a fragment was answered with %d %v", a.status, a.header)
	}
	stranger.do(http.MethodPost, "/sign-in", url.Values{"login": {"olga"}, "password": {"not this one"}}, "Accept-Language", "ru").
		has(t, http.StatusUnprocessableEntity, "Неверный логин или пароль.", `value="olga"`)
	a = stranger.do(http.MethodPost, "/sign-in", url.Values{"login": {"Olga"}, "password": {"correct horse"}, "next": {"//evil.example/"}})
	a.has(t, http.StatusOK, "Входящие")
	if a.path != "/" {
		t.Errorf("sent to %s", a.path)
	}
	v.do(http.MethodPost, "/sign-out", url.Values{}).has(t, http.StatusOK, `name="password"`)
	if a := v.get("/"); a.path != "/sign-in" {
		t.Error("the session outlived signing out")
	}
}

// owner takes a house by its one-time link.
func owner(tb testing.TB, h *servertest.House) *visitor {
	tb.Helper()
	token, err := h.Desk.Users.OwnerLink(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	v := visit(tb, h)
	v.get("/").has(tb, http.StatusOK, "one-time link")
	v.get("/link/"+token, "Accept-Language", "ru").has(tb, http.StatusOK, "Добро пожаловать", `name="password"`)
	short := url.Values{"login": {"olga"}, "name": {"Ольга"}, "password": {"short"}, "language": {"ru"}}
	v.do(http.MethodPost, "/link/"+token, short).has(tb, http.StatusUnprocessableEntity, "Пароль: от 10", `value="Ольга"`, "aria-invalid")
	good := url.Values{"login": {"olga"}, "name": {"Ольга"}, "password": {"correct horse"}, "language": {"ru"}}
	v.do(http.MethodPost, "/link/"+token, good).has(tb, http.StatusOK, "Входящие")
	visit(tb, h).do(http.MethodPost, "/link/"+token, good).has(tb, http.StatusUnauthorized, "Ссылка уже использована")
	return v
}

func TestNeedsAnswerAndUnreadAreKeptApart(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	anna := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	h.Chat(t, "Boris", minutes(20), "Is it blue?")
	v := enter(t, h)
	v.post(action(anna, "read"), nil).has(t, http.StatusOK)
	v.get("/").has(t, http.StatusOK, "Anna", "Boris", `count-needs">2<`, `count-unread">1<`)
	a := v.get("/?filter=unread")
	a.has(t, http.StatusOK, "Boris")
	a.lacks(t, "Where is my cup?")
	v.post(action(anna, "no_answer_needed"), nil).has(t, http.StatusOK)
	a = v.get("/")
	a.has(t, http.StatusOK, "Boris", `count-needs">1<`)
	a.lacks(t, "Where is my cup?")
	v.post(action(anna, "unread"), nil).has(t, http.StatusOK)
	v.get("/?filter=unread").has(t, http.StatusOK, "Where is my cup?", `count-unread">2<`)
	v.post(action(anna, "close"), nil).has(t, http.StatusOK)
	v.get("/?filter=closed").has(t, http.StatusOK, "Where is my cup?", "Closed")
	v.post(action(anna, "reopen"), nil).has(t, http.StatusOK)
	v.get("/?filter=closed").lacks(t, "Where is my cup?")
	v.post(action(anna, "fly"), nil).has(t, http.StatusConflict)
}

func action(c sellerdesk.Conversation, name string) string {
	return fmt.Sprintf("/ui/conversations/%d/actions/%s", c.ID, name)
}

func TestEveryRowSaysWhyItStandsThere(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	h.Chat(t, "Late", minutes(61), "a")
	h.Chat(t, "Soon", minutes(31), "b")
	h.Chat(t, "Fresh", minutes(5), "c")
	a := enter(t, h).get("/")
	a.has(t, http.StatusOK, "overdue since 08:59", "answer by 09:29", "answer by 09:55",
		`class="row unread needs late"`, `class="row unread needs soon"`, `class="row unread needs"`)
	if late, soon := strings.Index(a.body, ">Late<"), strings.Index(a.body, ">Soon<"); late > soon {
		t.Error("the nearest deadline does not come first")
	}
}

func TestTimesAreInTheZoneOfTheBrowser(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	v := enter(t, h)
	page := fmt.Sprintf("/conversations/%d", c.ID)
	v.get(page).has(t, http.StatusOK, ">08:50<")
	v.get(page, "Cookie", cookies(v)+"; sellerdesk_zone=Asia%2FNovosibirsk%7C420").has(t, http.StatusOK, ">15:50<", `datetime="2026-11-02T08:50:00.000Z"`, "15:50:00")
	v.get(page, "Cookie", cookies(v)+"; sellerdesk_zone=Nowhere%2FAtAll%7C-90").has(t, http.StatusOK, ">07:20<")
	v.get(page, "Cookie", cookies(v)+"; sellerdesk_zone=%ZZ").has(t, http.StatusOK, ">08:50<")
}

// cookies are those of the visitor, for requests that bring their own as well.
func cookies(v *visitor) string {
	u, err := url.Parse(v.house.URL)
	if err != nil {
		v.tb.Fatal(err)
	}
	var parts []string
	for _, c := range v.http.Jar.Cookies(u) {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}

func TestAPageOfRowsIsSmall(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	for i := range 60 {
		h.Chat(t, fmt.Sprintf("Екатерина %d", i), minutes(i+1), strings.Repeat("Подскажите, пожалуйста, когда приедет заказ ", 20))
	}
	v := visit(t, h)
	v.get("/")
	a := v.get("/ui/rows")
	a.has(t, http.StatusOK)
	if n := strings.Count(a.body, `class="row `); n != 50 {
		t.Errorf("%d rows", n)
	}
	if len(a.body) > 36<<10 { // these are longer than any real list
		t.Errorf("a page of rows weighs %d bytes", len(a.body))
	}
	next := regexp.MustCompile(`hx-get="([^"]+)"`).FindStringSubmatch(a.body)
	if next == nil {
		t.Fatal("there is no next page")
	}
	second := v.get(strings.ReplaceAll(next[1], "&amp;", "&"))
	if n := strings.Count(second.body, `class="row `); n != 10 || strings.Contains(second.body, "hx-get") {
		t.Errorf("%d rows on the last page", n)
	}
}

func TestHostileTextIsTextEverywhere(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	const evil = `<img src=x onerror=alert(1)><hx-partial hx-target="body">`
	c := h.Chat(t, evil, minutes(5), evil+"\u202E", strings.Repeat("x", 100_000))
	a := enter(t, h).get(fmt.Sprintf("/conversations/%d", c.ID))
	a.has(t, http.StatusOK, "&lt;img src=x onerror=alert(1)&gt;", "U+202E", "Show all")
	a.lacks(t, "<img src=x", "<hx-partial")
}

func TestAnAnswerIsQueuedOnceAndJudged(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	c := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	v := enter(t, h)
	address := fmt.Sprintf("/ui/conversations/%d/messages", c.ID)
	for range 2 {
		v.post(address, url.Values{"text": {"Tomorrow."}, "key": {"k1"}}).has(t, http.StatusOK, "Tomorrow.", "Queued", "Take back", `hx-target="#recent"`)
	}
	page := v.get(fmt.Sprintf("/conversations/%d", c.ID))
	if n := strings.Count(page.body, `status-queued`); n != 1 {
		t.Errorf("%d queued messages", n)
	}
	a := v.post(address, url.Values{"text": {strings.Repeat("x", 1001)}, "key": {"k2"}})
	a.has(t, http.StatusUnprocessableEntity, "1001")
	if a.header.Get("HX-Reswap") != "none" {
		t.Error("an error would be swapped into the page")
	}
	v.post(address, url.Values{"text": {""}, "key": {"k3"}}).has(t, http.StatusUnprocessableEntity)
	v.post(address, url.Values{"text": {"a"}, "files": {"1,x"}}).has(t, http.StatusUnprocessableEntity)
	message := regexp.MustCompile(`/ui/messages/(\d+)/withdraw`).FindString(page.body)
	v.get("/?filter=all").has(t, http.StatusOK, "<i>You:</i>")
	v.post(message, nil).has(t, http.StatusOK, "Withdrawn")
	v.get("/?filter=all").lacks(t, "<i>You:</i>")
	v.get("/?filter=all").has(t, http.StatusOK, "<i>Withdrawn:</i>")
	v.post(strings.Replace(message, "withdraw", "burn", 1), nil).has(t, http.StatusNotFound)
	v.post("/ui/messages/99999/resend", nil).has(t, http.StatusNotFound)
}

func TestOlderMessagesComePageByPage(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	texts := make([]string, 120)
	for i := range texts {
		texts[i] = fmt.Sprintf("line %03d", i)
	}
	c := h.Chat(t, "Anna", minutes(50), texts...)
	v := enter(t, h)
	a := v.get(fmt.Sprintf("/conversations/%d", c.ID), "HX-Request", "true")
	a.has(t, http.StatusOK, "line 119", "line 070", "<title>Anna", `hx-target="#card"`)
	a.lacks(t, "line 069", "<html")
	next := regexp.MustCompile(`hx-get="(/ui/conversations/[^"]+)"`)
	a = v.get(next.FindStringSubmatch(a.body)[1])
	a.has(t, http.StatusOK, "line 069", "line 020")
	a = v.get(next.FindStringSubmatch(a.body)[1])
	a.has(t, http.StatusOK, "line 000")
	if next.MatchString(a.body) {
		t.Error("there is a page before the first")
	}
}

func TestARefreshBringsOnlyWhatThePageShows(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	anna := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	boris := h.Chat(t, "Boris", minutes(8), "Is it blue?")
	v := enter(t, h)
	a := v.get(fmt.Sprintf("/ui/refresh?rows=%d&new=%d,777", anna.ID, boris.ID))
	a.has(t, http.StatusOK, "Where is my cup?", "1 new above", fmt.Sprintf(`data-ids="%d"`, boris.ID), `hx-target="#tabs"`)
	a.lacks(t, "Is it blue?")
	v.get(fmt.Sprintf("/ui/refresh?rows=%d&new=&look=yes", anna.ID)).has(t, http.StatusOK, "1 new above", fmt.Sprintf(`data-ids="%d"`, boris.ID))
	v.post(action(anna, "no_answer_needed"), nil).has(t, http.StatusOK)
	v.get("/ui/refresh?whole=yes").lacks(t, "Where is my cup?")
	a = v.get(fmt.Sprintf("/ui/refresh?rows=%d&open=%d", anna.ID, anna.ID))
	a.has(t, http.StatusOK, "settled", "No answer needed", `hx-target="#thread-head"`)
	v.get("/ui/refresh?open=999999").has(t, http.StatusOK)
}

func TestWhatChangesFarBelowIsNotNewAbove(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	var last, first sellerdesk.Conversation
	for i := range 60 {
		last = h.Chat(t, fmt.Sprintf("Buyer %d", i), minutes(100-i), "Hello")
		if i == 0 {
			first = last
		}
	}
	v := enter(t, h)
	v.get(fmt.Sprintf("/ui/refresh?rows=&new=%d", last.ID)).lacks(t, "1 new above")
	v.get(fmt.Sprintf("/ui/refresh?rows=&new=%d,%d", first.ID, last.ID)).has(t, http.StatusOK, "1 new above", fmt.Sprintf(`data-ids="%d"`, first.ID))
}

func TestACabinetIsAddedChangedAndRemoved(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	v.get("/accounts/new").has(t, http.StatusOK, "Post office box", `name="token"`, `type="password"`, `name="base_url"`)
	add := func(token, base string) answer {
		return v.do(http.MethodPost, "/accounts", url.Values{"channel": {"box"}, "token": {token}, "name": {"North"}, "base_url": {base}})
	}
	a := add("bad-secret", "")
	a.has(t, http.StatusUnprocessableEntity, "The token is not accepted.", `value="North"`, `id="error-token"`)
	a.lacks(t, "bad-secret")
	add("second", "nonsense").has(t, http.StatusUnprocessableEntity, `id="error-base_url"`)
	add("shop", "").has(t, http.StatusConflict, "Shop")
	a = add("second", "")
	a.has(t, http.StatusOK, "North", "Seller second", "Works", "0 / 10", "no end")
	v.do(http.MethodPost, a.path+"/pause", url.Values{}).has(t, http.StatusOK, "Paused")
	v.do(http.MethodPost, a.path+"/resume", url.Values{}).has(t, http.StatusOK, "Works")
	v.do(http.MethodPost, a.path+"/name", url.Values{"name": {"South"}}).has(t, http.StatusOK, "<h1>South</h1>")
	v.do(http.MethodPost, a.path+"/credentials", url.Values{"token": {"bad"}}).has(t, http.StatusUnprocessableEntity, "The token is not accepted.")
	v.get(a.path+"/state", "HX-Request", "true").has(t, http.StatusOK, "0 / 10")
	v.get("/accounts", "HX-Request", "true").lacks(t, "<html")
	v.do(http.MethodPost, a.path+"/remove", url.Values{}).has(t, http.StatusOK, "Shop")
	v.get("/accounts/999").has(t, http.StatusNotFound, "There is no such")
}

func TestSettingsChangeLanguageAndTheme(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	nameless := visit(t, h)
	nameless.get("/")
	nameless.get("/settings").has(t, http.StatusOK, "владелец")
	nameless.do(http.MethodPost, "/settings", url.Values{"name": {""}, "language": {"en"}, "theme": {"dark"}}).has(t, http.StatusOK, "Saved", "owner")
	v := enter(t, h)
	v.get("/").has(t, http.StatusOK, `<html lang="en" data-theme="dark"`)
	v.do(http.MethodPost, "/settings", url.Values{"name": {""}, "language": {"en"}, "theme": {""}}).has(t, http.StatusUnprocessableEntity, "The name is empty.")
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Ольга"}, "language": {"ru"}, "theme": {"light"}}).
		has(t, http.StatusOK, `<html lang="ru" data-theme="light"`, "Сохранено")
}

func TestFilesOfTheBrowserAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := visit(t, h)
	sheet := regexp.MustCompile(`/static/[0-9a-f]+/css/base\.css`).FindString(v.get("/").body)
	a := v.get(sheet)
	a.has(t, http.StatusOK, "--accent")
	if got := a.header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	for _, path := range []string{"/static/0000000000/css/base.css", "/static/", strings.Replace(sheet, "css/base.css", "js/", 1), "/nothing/here"} {
		if a := v.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestAnotherSiteCannotActForAPerson(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	a := v.do(http.MethodPost, "/accounts/1/pause", url.Values{}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if a.status < 400 {
		t.Errorf("status %d", a.status)
	}
	v.get("/accounts").lacks(t, "Paused")
}
