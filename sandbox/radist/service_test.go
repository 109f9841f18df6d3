package radist_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

func TestKeysOpenTheirCompanyAndTheirScopes(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	full := b.key
	only := func(s ...radist.Scope) string { return radist.Token(b.account, radist.TokenOptions{Scopes: s}) }
	other := b.world.Accounts(radist.API)[1]
	for name, tt := range map[string]struct {
		key, path string
		status    int
	}{
		"no key":                            {"", "/users/me", 401},
		"a wrong key":                       {strings.Repeat("0", 48), "/users/me", 401},
		"a key that is no hex":              {strings.Repeat("x", 48), "/users/me", 401},
		"the key of another company":        {radist.Token(other, radist.TokenOptions{}), "{c}/contacts/", 403},
		"an unknown company":                {full, "/companies/7/contacts/", 404},
		"a path without company":            {full, "/messaging/messages/", 404},
		"messaging without its scope":       {only(radist.ScopeWebhooks), "{c}/contacts/", 403},
		"connections without their scope":   {only(radist.ScopeMessaging), "{c}/connections/", 403},
		"webhooks without their scope":      {only(radist.ScopeMessaging), "{c}/webhooks/", 403},
		"messaging with its scope":          {only(radist.ScopeMessaging), "{c}/contacts/", 200},
		"a key without any scope":           {only(), "/users/me", 200},
		"a path with /v2":                   {full, "/v2{c}/connections/", 200},
		"a path without a slash at its end": {full, "/v2{c}/connections", 200},
		"one connection":                    {full, "{c}/connections/102", 200},
		"an unknown connection":             {full, "{c}/connections/199", 404},
		"an unknown path":                   {full, "{c}/chats/", 404},
		"a path with two slashes":           {full, "{c}//contacts/", 404},
		"a path that begins like /v2":       {full, "/v2x{c}/contacts/", 404},
	} {
		b.key = tt.key
		if a := b.ask("GET", tt.path, ""); a.status != tt.status || a.status > 299 && !strings.Contains(string(a.body), `"detail"`) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	b.key = full
	if a := b.ask("PUT", "{c}/contacts/", "{}"); a.status != 405 {
		t.Errorf("another method: %d", a.status)
	}
}

func TestARefusedKeyIsRefusedEverywhereUntilItIsNot(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	for _, status := range []int{401, 403, 0} {
		b.played("cabinet", fmt.Sprintf(`{"refuse":%d}`, status))
		if a := b.ask("GET", "{c}/contacts/", ""); a.status != max(status, 200) && status != 0 || status == 0 && a.status != 200 {
			t.Errorf("%d: %d", status, a.status)
		}
	}
	for _, body := range []string{`{"refuse":500}`, `{"connection":"whatsapp","first_free":true}`, `{"connection":"icq"}`, `{"account":"x"}`} {
		if a := b.control("radist/cabinet", body); a.status != 400 {
			t.Errorf("%s: %d", body, a.status)
		}
	}
}

func TestWhatACompanyHas(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	var companies struct{ Companies []struct{ ID int64 } }
	b.ask("GET", "/companies/?limit=100&offset=0", "").decode(t, &companies)
	if len(companies.Companies) != 1 || companies.Companies[0].ID != radist.Company(b.account) {
		t.Errorf("%+v", companies)
	}
	b.ask("GET", "/companies/?offset=1", "").decode(t, &companies)
	if len(companies.Companies) != 0 {
		t.Errorf("behind the last: %+v", companies)
	}
	var sources []struct {
		Connection int64    `json:"connection_id"`
		Type       string   `json:"type"`
		CreateBy   []string `json:"create_by"`
	}
	b.ask("GET", "{c}/messaging/chats/sources/", "").decode(t, &sources)
	by := map[string]string{}
	for _, s := range sources {
		by[s.Type] = strings.Join(s.CreateBy, " ")
	}
	if len(by) != 5 || by["whatsapp"] != "phone" || by["telegram_personal"] != "phone username" || by["telegram_bot"] != "" {
		t.Errorf("%v", by)
	}
	var connections struct {
		Connections []struct {
			ID   int64
			Type string
		}
	}
	b.ask("GET", "{c}/connections/", "").decode(t, &connections)
	state := b.world.State().Accounts[0]
	if *state.Company != radist.Company(b.account) || len(state.Connections) != 5 || fmt.Sprint(connections.Connections[3].ID) != state.Connections[3] || state.Token != b.key {
		t.Errorf("%+v %+v", state, connections)
	}
}

func TestTheRealHostsAnswerBelowV2(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	for name, tt := range map[string]struct {
		host, path string
		status     int
	}{
		"the main host":             {"api.radist.online", "/v2/users/me", 200},
		"the Russian host":          {"api-ru.radist.online", "/v2/users/me/", 200},
		"without the version":       {"api.radist.online", "/users/me", 404},
		"the Russian one by prefix": {"127.0.0.1", "/radist-ru/v2/users/me", 200},
		"the host of files":         {"files.radist.online", "/f/x/y", 404},
	} {
		b.world.Clock().Advance(time.Second)
		r := httptest.NewRequest("GET", "http://"+tt.host+tt.path, nil)
		r.Header.Set("X-Api-Key", b.key)
		rw := httptest.NewRecorder()
		b.world.Handler().ServeHTTP(rw, r)
		if rw.Code != tt.status {
			t.Errorf("%s: %d %s", name, rw.Code, rw.Body)
		}
	}
}

func TestFiveRequestsASecondAndOneForChatsAndContacts(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	count := func(path string, n int) (ok int) {
		for range n {
			switch a := b.rush("GET", path, "", nil); a.status {
			case 200:
				ok++
			case 429:
				if a.header.Get("Retry-After") != "" {
					t.Error("Retry-After without being asked for")
				}
			default:
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
		return ok
	}
	for _, path := range []string{"{c}/contacts/", "{c}/messaging/chats/sources/", "{c}/messaging/chats/with_contacts/", "{c}/contacts"} {
		b.world.Clock().Advance(time.Minute)
		if got := count(path, 3); got != 1 {
			t.Errorf("%d of 3 requests for %s", got, path)
		}
		if got := count("/users/me", 8); got != 4 {
			t.Errorf("%d of 8 further requests", got)
		}
	}
	b.world.Clock().Advance(200 * time.Millisecond)
	if got := count("/users/me", 3); got != 1 {
		t.Errorf("%d requests after a fifth of a second", got)
	}
	if got := b.world.State().Violations["radist"]; got != 4*(2+4)+2 {
		t.Errorf("%d violations", got)
	}
	b.world.Clock().Advance(time.Minute)
	b.key = radist.Token(b.world.Accounts(radist.API)[1], radist.TokenOptions{})
	if got := count("/users/me", 1); got != 1 {
		t.Error("another key shares the budget")
	}
}

func TestALimitOnOrderTellsTheWaitWhereItIsSwitchedOn(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{RetryAfter: true})
	b.control("faults", `[{"api":"radist","operation":"GET /users/me","effect":"429","seconds":7}]`)
	if a := b.ask("GET", "/users/me", ""); a.status != 429 || a.header.Get("Retry-After") != "7" {
		t.Errorf("%d %v", a.status, a.header)
	}
	if got := b.world.State().Violations["radist"]; got != 0 {
		t.Errorf("a fault counts as %d violations", got)
	}
	b.control("faults", `[]`)
	for range 5 {
		b.rush("GET", "{c}/contacts/", "", nil)
	}
	if a := b.rush("GET", "{c}/contacts/", "", nil); a.status != 429 || a.header.Get("Retry-After") != "1" {
		t.Errorf("%d %v", a.status, a.header)
	}
}

func TestResetForgetsEverything(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	b.ask("POST", "{c}/webhooks/", `{"url":"https://a.example/b","events":["messages.create"]}`)
	link, before := b.link("a.png", png, 100), b.key
	b.world.Reset(8)
	b.account = b.world.Accounts(radist.API)[0]
	if a := b.ask("GET", "/users/me", ""); a.status != 401 {
		t.Errorf("the old key: %d", a.status)
	}
	if b.key = radist.Token(b.account, radist.TokenOptions{}); b.key == before {
		t.Error("the new key is the old one")
	}
	if a := b.ask("GET", "{c}/webhooks/", ""); strings.TrimSpace(string(a.body)) != "[]" {
		t.Errorf("subscriptions: %s", a.body)
	}
	if a := b.to("GET", link, "", nil); a.status != 404 {
		t.Errorf("the old upload: %d", a.status)
	}
}

func TestTheSameSeedPlaysTheSameChats(t *testing.T) {
	t.Parallel()
	var got [2]string
	for i := range got {
		b := newBench(t, radist.Options{Quirks: &radist.Quirks{ReadOnly: 0.5}}, 200)
		got[i] = strings.ReplaceAll(string(b.ask("GET", "{c}/messaging/chats/with_contacts/?limit=100", "").body), b.server.URL, "")
	}
	if got[0] != got[1] || len(got[0]) < 5000 {
		t.Error("two worlds of one seed differ")
	}
}

// zeros gives size bytes without holding them.
type zeros struct{ size int64 }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(int64(len(p)), z.size)
	clear(p[:n])
	if z.size -= n; n == 0 {
		return 0, io.EOF
	}
	return int(n), nil
}

func TestALargeUploadIsNotHeldInMemory(t *testing.T) {
	b := small(t, radist.Options{}) // alone: it measures memory
	const size = 100 << 20
	const head, tail = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n", "\r\n--x--\r\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := b.rush("POST", "{c}/messaging/files/", "multipart/form-data; boundary=x", io.MultiReader(strings.NewReader(head), &zeros{size}, strings.NewReader(tail)))
	runtime.ReadMemStats(&after)
	var got uploaded
	if a.decode(t, &got); a.status != 200 || got.Size != size {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d MB were allocated for a file of 100 MB", used>>20)
	}
	r, err := http.Get(got.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if n, err := io.Copy(io.Discard, r.Body); n != size || err != nil {
		t.Errorf("%d bytes came back: %v", n, err)
	}
}

func TestALiveWorldStartsChatsOfItsOwn(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	before := len(b.chats("limit=100").Data)
	got, err := b.world.BuyerWrites(t.Context(), sandbox.BuyerMessage{API: radist.API, Kind: sandbox.KindChat, Text: "a"})
	if err != nil {
		t.Fatal(err)
	}
	after := b.chats("limit=100").Data
	if len(after) != before+1 || fmt.Sprint(after[0].Chats[0].ID) != got.Conversation {
		t.Errorf("%d contacts, then %+v", before, after)
	}
}

func FuzzNoBodyOfAMessageBreaksTheEmulator(f *testing.F) {
	for _, s := range []string{
		`{"connection_id":102,"chat_id":10000001,"message_type":"text","text":{"text":"a"}}`,
		`{"connection_id":102,"chat_id":10000001,"message_type":"waba_template","waba_template":{"name":"order_ready","language":"en","components":[{"type":"body","parameters":[{"type":"text"}]}]}}`,
		`{"connection_id":102,"chat_id":10000001,"message_type":"waba_interactive","waba_interactive":{"type":"list","body":{},"action":{"sections":[{}]}}}`,
		`{"connection_id":102,"chat_id":10000001,"message_type":"image","image":{"url":"https://%zz"}}`, `null`, `[`,
	} {
		f.Add(s)
	}
	b := small(f, radist.Options{})
	b.buyer("waba", anna, "a")
	f.Fuzz(func(t *testing.T, body string) {
		b.world.Clock().Advance(time.Second)
		r := httptest.NewRequest("POST", fmt.Sprintf("http://127.0.0.1/radist/companies/%d/messaging/messages/", radist.Company(b.account)), strings.NewReader(body))
		r.Header.Set("X-Api-Key", b.key)
		rw := httptest.NewRecorder()
		b.world.Handler().ServeHTTP(rw, r)
		if rw.Code >= 500 {
			t.Errorf("%d %s", rw.Code, rw.Body)
		}
	})
}
