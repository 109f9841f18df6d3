package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// secret is in everything of the cabinet that the operator may not see.
const secret = "zqxsecret"

// divided is a house with two cabinets, and a key of somebody who holds every
// right of cabinets in one of them only. Some people wrote to both.
type divided struct {
	*servertest.House
	t          *testing.T
	key        string
	owner      context.Context
	home, away sellerdesk.Account
	ids        map[string][]int64 // of the other cabinet, by what they name
	mine       map[string][]int64 // of the own one
	// alien is somebody who wrote to the other cabinet only.
	alien sellerdesk.ContactID
}

func divide(t *testing.T) *divided {
	t.Helper()
	d := &divided{House: house(t, nil), t: t, ids: map[string][]int64{}, mine: map[string][]int64{}}
	owner, err := d.Desk.Users.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.owner = sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(owner.ID))
	d.home = d.Account
	d.away, err = d.Desk.Accounts.Add(d.owner, desk.AddAccount{Channel: servertest.Channel, Name: secret + " cabinet", Credentials: map[string]sellerdesk.Secret{"token": secret}})
	d.must(err)
	d.key = d.keeper()
	for n := range 3 {
		d.in(d.home, d.mine, func() { d.furnish("homely", n) })
		d.in(d.away, d.ids, func() { d.furnish(secret, n) })
	}
	d.alien = sellerdesk.ContactID(d.ids["contact"][2])
	// The same people, who wrote to both: each way round.
	d.must(d.Desk.Contacts.Merge(d.owner, owner.ID, sellerdesk.ContactID(d.mine["contact"][0]), sellerdesk.ContactID(d.ids["contact"][0])))
	d.must(d.Desk.Contacts.Merge(d.owner, owner.ID, sellerdesk.ContactID(d.ids["contact"][1]), sellerdesk.ContactID(d.mine["contact"][1])))
	return d
}

func (d *divided) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// in lets the house hear for an account, and notes the ids of what came.
func (d *divided) in(a sellerdesk.Account, ids map[string][]int64, do func()) {
	before := d.Account
	d.Account = a
	ids["account"] = []int64{int64(a.ID)}
	do()
	d.Account = before
	d.must(d.Store.Read(d.owner, func(tx *store.Tx) error {
		items, _, err := tx.Conversations.List(d.owner, store.ConversationQuery{Accounts: []sellerdesk.AccountID{a.ID}, Limit: 200})
		ids["conversation"], ids["contact"], ids["message"], ids["file"] = nil, nil, nil, nil
		for _, c := range slices.Backward(items) {
			ids["conversation"] = append(ids["conversation"], int64(c.ID))
			if c.Contact != nil && !slices.Contains(ids["contact"], int64(*c.Contact)) {
				ids["contact"] = append(ids["contact"], int64(*c.Contact))
			}
			lines, _, err := tx.Messages.List(d.owner, c.ID, "", 200)
			if err != nil {
				return err
			}
			for _, m := range lines {
				ids["message"] = append(ids["message"], int64(m.ID))
				for _, f := range m.Files {
					ids["file"] = append(ids["file"], int64(f.ID))
				}
			}
		}
		return err
	}))
}

// furnish lets somebody write, get an answer with a file, and be noted about.
func (d *divided) furnish(word string, n int) {
	owner := sellerdesk.AccessOf(d.owner).User
	name := fmt.Sprintf("%s%d", word, n)
	c := d.Chat(d.t, name, minutes(30-n), word+" asks about the shared cup", "and again "+word)
	d.Review(d.t, name+"r", minutes(60-n), 1+n, word+" reviews the shared cup")
	f, err := d.Desk.Files.Upload(d.owner, word+".pdf", strings.NewReader("%PDF-1.4 "+word))
	d.must(err)
	_, err = d.Desk.Conversations.Reply(d.owner, desk.ReplyInput{User: owner, Conversation: c.ID, Text: word + " is answered", Files: []sellerdesk.FileID{f.ID}})
	d.must(err)
	_, err = d.Desk.Contacts.Note(d.owner, owner, *c.Contact, word+" is noted")
	d.must(err)
}

// keeper is the key of a person who holds all rights of cabinets in the own one.
func (d *divided) keeper() string {
	rights := sellerdesk.RightsOf(slices.DeleteFunc(sellerdesk.EveryRight(), sellerdesk.Right.OfHouse)...)
	_, err := d.Desk.Roles.Set(d.owner, sellerdesk.Role{Name: "keeper", Title: "Keeper", Rights: rights})
	d.must(err)
	in, err := d.Desk.Users.Invite(d.owner, desk.InviteInput{Name: "Keeper", Grants: []sellerdesk.Grant{{Role: "keeper", Account: &d.home.ID}}})
	d.must(err)
	k, err := d.Desk.Keys.Create(d.owner, desk.CreateKey{User: in.User.ID, Name: "keeper", Rights: sellerdesk.AllRights()})
	d.must(err)
	return k.Text
}

// ask asks with the key of the keeper.
func (d *divided) ask(method, path, body string) (status int, answer string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.URL+path, strings.NewReader(body))
	d.must(err)
	r.Header.Set("Authorization", "Bearer "+d.key)
	if strings.HasPrefix(path, "/v1/") {
		r.Header.Set("Content-Type", "application/json")
	} else {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := *d.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	d.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	d.must(err)
	return res.StatusCode, string(b)
}

// named are the parts of paths that name something by its id.
var named = regexp.MustCompile(`\{[a-z]+\}`)

// paths gives the addresses of a route with ids of a cabinet in its place.
func paths(route string, ids map[string][]int64) (all []string) {
	what := ""
	for prefix, kind := range map[string]string{
		"/conversations/": "conversation", "/accounts/": "account", "/people/": "contact", "/messages/": "message", "/contacts/": "contact", "/files/": "file", "/products/": "account",
	} {
		if at := strings.Index(route, prefix+"{"); at >= 0 {
			what = kind
		}
	}
	list := ids[what]
	if what == "" {
		list = []int64{999999}
	}
	for _, id := range list {
		first := true
		path := named.ReplaceAllStringFunc(route, func(place string) string {
			if first {
				first = false
				return fmt.Sprint(id)
			}
			if place == "{id}" {
				return "4711" // of a product
			}
			return "close"
		})
		all = append(all, path)
	}
	return all
}

// routes gives the routes of a method that answer and end, without its name.
func (d *divided) routes(methods ...string) (all []string) {
	for _, pattern := range d.HTTP.Routes() {
		method, path, ok := strings.Cut(pattern, " ")
		path = strings.TrimSuffix(path, "{$}")
		if !ok || !slices.Contains(methods, method) || strings.Contains(path, "...") {
			continue
		}
		switch {
		case path == "/ui/events", strings.HasPrefix(path, "/static"), strings.HasPrefix(path, "/link/"), path == "/v1/openapi.json", path == "/welcome", strings.Contains(path, "sign-"):
			continue
		}
		all = append(all, method+" "+path)
	}
	if len(all) < 10 {
		d.t.Fatalf("only the routes %v", all)
	}
	return all
}

// views are all that can be looked at: every route that reads, with ids of both
// cabinets, and what narrows lists.
func (d *divided) views() (all []string) {
	for _, route := range d.routes(http.MethodGet) {
		_, path, _ := strings.Cut(route, " ")
		all = append(all, paths(path, d.mine)...)
		if named.MatchString(path) {
			all = append(all, paths(path, d.ids)...)
		}
	}
	away := d.away.ID
	all = append(all,
		"/v1/conversations?sort=waiting", "/v1/conversations?unread=true", "/v1/conversations?rating=1,2", "/v1/conversations?product=4711", "/v1/conversations?needs_answer=true&limit=1",
		fmt.Sprintf("/v1/conversations?account=%d", away), fmt.Sprintf("/v1/counters?account=%d", away), fmt.Sprintf("/v1/counters?account=%d,%d", d.home.ID, away),
		"/v1/search?q="+secret, "/v1/search?q=shared", "/v1/search?q=cup&limit=1", fmt.Sprintf("/v1/events?limit=200&account=%d", away), "/v1/events?limit=200&kind=message.created",
		fmt.Sprintf("/v1/events?limit=200&conversation=%d", d.ids["conversation"][0]), "/v1/contacts?waiting=true", "/v1/contacts?limit=1", "/v1/export/messages?format=csv",
		fmt.Sprintf("/v1/export/messages?account=%d", away), fmt.Sprintf("/v1/export/conversations?account=%d", away), "/v1/audit?limit=200", fmt.Sprintf("/v1/audit?account=%d", away),
		"/ui/list?q="+secret, fmt.Sprintf("/?account=%d", away), fmt.Sprintf("/ui/refresh?open=%d", d.ids["conversation"][0]), "/people?waiting=1",
	)
	slices.Sort(all)
	return slices.Compact(all)
}

// changing is what of an answer tells only when it was given, and how far the
// log of the house has grown.
var changing = regexp.MustCompile(`nonce="[^"]*"|name="key" value="\w+"|"took_ms":\d+|data-seq="\d+"|"next":\d+|after=\d+`)

func (d *divided) look(path string) string {
	status, body := d.ask(http.MethodGet, path, "")
	return fmt.Sprint(status, " ", changing.ReplaceAllString(body, ""))
}

// happen lets something happen in the other cabinet.
func (d *divided) happen(t *rapid.T, step int) {
	owner := sellerdesk.AccessOf(d.owner).User
	who := rapid.IntRange(0, 4).Draw(t, "who")
	name := fmt.Sprintf("%s%d", secret, who)
	conv := sellerdesk.ConversationID(rapid.SampledFrom(d.ids["conversation"]).Draw(t, "conversation"))
	at := minutes(20).Add(time.Duration(step) * time.Second)
	d.in(d.away, d.ids, func() {
		switch rapid.IntRange(0, 8).Draw(t, "deed") {
		case 0:
			d.Chat(d.t, name, at, secret+" writes "+fmt.Sprint(step))
		case 1:
			d.Review(d.t, fmt.Sprintf("%sr%d", name, step), at, 1+who, secret+" reviews")
		case 2:
			d.Question(d.t, fmt.Sprintf("%sq%d", name, step), at, secret+" asks")
		case 3:
			_, _ = d.Desk.Conversations.Reply(d.owner, desk.ReplyInput{User: owner, Conversation: conv, Text: secret + " says " + fmt.Sprint(step)}) // not everywhere
		case 4:
			d.must(d.Desk.Conversations.Close(d.owner, conv))
		case 5:
			d.must(d.Desk.Conversations.NoAnswerNeeded(d.owner, conv))
		case 6:
			_, err := d.Desk.Accounts.Rename(d.owner, d.away.ID, fmt.Sprint(secret, step))
			d.must(err)
		case 7:
			_, err := d.Desk.Contacts.Note(d.owner, owner, d.alien, secret+" noted")
			d.must(err)
		case 8:
			d.must(d.Desk.Conversations.MarkUnread(d.owner, owner, conv))
		}
	})
}

func TestNothingOfAnotherCabinetIsEverMet(t *testing.T) {
	t.Parallel()
	d := divide(t)
	programs, screens := d.follow("/v1/events"), d.follow("/ui/events")
	views := d.views()
	before := map[string]string{}
	for _, path := range views {
		before[path] = d.look(path)
		if got := before[path]; strings.Contains(strings.ReplaceAll(got, path, ""), secret) && !strings.Contains(path, secret) {
			t.Errorf("%s tells of the other cabinet: %.2000s", path, got)
		}
	}
	for path, answer := range before {
		if strings.HasPrefix(answer, "500") {
			t.Errorf("%s: %s", path, answer)
		}
	}
	for _, route := range d.routes(http.MethodGet) {
		_, route, _ := strings.Cut(route, " ")
		for _, path := range paths(route, d.ids) {
			if route == "/ui/contacts/{id}/tags" && path != fmt.Sprintf("/ui/contacts/%d/tags", d.alien) {
				continue // who wrote to both is seen, and tags name nobody
			}
			if answer := before[path]; named.MatchString(route) && !strings.HasPrefix(answer, "404") && !strings.HasPrefix(answer, "403") && !strings.Contains(answer, "homely") {
				t.Errorf("%s is there: %.300s", path, answer)
			}
		}
	}
	if !strings.Contains(before["/v1/conversations"], "homely") || !strings.Contains(before["/"], "homely") {
		t.Fatal("the own cabinet is not seen either")
	}
	step := 0
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 3).Draw(t, "deeds") {
			step++
			d.happen(t, step)
		}
		for range 5 {
			path := rapid.SampledFrom(views).Draw(t, "view")
			if now := d.look(path); now != before[path] {
				t.Fatalf("%s changed with what happened elsewhere: %s", path, apart(before[path], now))
			}
		}
	})
	for _, path := range views {
		if now := d.look(path); now != before[path] {
			t.Errorf("%s changed with what happened elsewhere: %s", path, apart(before[path], now))
		}
	}
	// What is told next on the streams is of the own cabinet.
	d.Chat(t, "homely0", minutes(1), "homely last")
	for name, stream := range map[string]<-chan string{"programs": programs, "screens": screens} {
		select {
		case told := <-stream:
			var of struct {
				Account       sellerdesk.AccountID
				Conversation  int64
				Conversations []int64
				Accounts      []int64
			}
			if err := json.Unmarshal([]byte(told), &of); err != nil {
				t.Fatal(err)
			}
			for _, id := range append(of.Conversations, of.Conversation) {
				if slices.Contains(d.ids["conversation"], id) {
					t.Errorf("the stream for %s told of another cabinet: %s", name, told)
				}
			}
			if of.Account == d.away.ID || slices.Contains(of.Accounts, int64(d.away.ID)) {
				t.Errorf("the stream for %s told of another cabinet: %s", name, told)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("the stream for %s tells nothing", name)
		}
	}
}

// apart shows where two texts part.
func apart(was, now string) string {
	at := 0
	for at < min(len(was), len(now)) && was[at] == now[at] {
		at++
	}
	begin := max(0, at-200)
	return fmt.Sprintf("was\n%.600s\nis\n%.600s", was[begin:], now[begin:])
}

// follow gives the data of a stream.
func (d *divided) follow(path string) <-chan string {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.URL+path, nil)
	d.must(err)
	r.Header.Set("Authorization", "Bearer "+d.key)
	r.Header.Set("Accept", "text/event-stream")
	res, err := d.Client().Do(r)
	d.must(err)
	if res.StatusCode != http.StatusOK {
		d.t.Fatalf("%s answers %d", path, res.StatusCode)
	}
	told := make(chan string, 1000)
	go func() {
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				told <- data
			}
		}
	}()
	return told
}

func TestNothingOfAnotherCabinetIsEverChanged(t *testing.T) {
	t.Parallel()
	d := divide(t)
	changes := func() (n int) {
		d.must(d.Store.Read(d.owner, func(tx *store.Tx) error {
			events, _, err := tx.Events.List(d.owner, store.EventQuery{Accounts: []sellerdesk.AccountID{d.away.ID}, Limit: 1000})
			n = len(events)
			return err
		}))
		return n
	}
	was, hidden := changes(), maps.Clone(d.ids)
	hidden["contact"] = slices.DeleteFunc(slices.Clone(hidden["contact"]), func(id int64) bool { // those who wrote here too
		status, _ := d.ask(http.MethodGet, fmt.Sprintf("/v1/contacts/%d", id), "")
		return status == http.StatusOK
	})
	if len(hidden["contact"]) == 0 {
		t.Fatal("nobody is hidden")
	}
	for _, route := range d.routes(http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodPut) {
		method, path, _ := strings.Cut(route, " ")
		if !named.MatchString(path) {
			continue
		}
		for _, path := range paths(path, hidden) {
			for _, path := range variants(path) {
				status, body := d.ask(method, path, requestOf(path))
				if status < 400 || status >= 500 && status != http.StatusServiceUnavailable {
					t.Errorf("%s %s answers %d: %.300s", method, path, status, body)
				}
				if strings.Contains(body, secret) {
					t.Errorf("%s %s tells of the other cabinet: %.2000s", method, path, body)
				}
				if now := changes(); now != was {
					t.Errorf("%s %s changed something of the other cabinet", method, path)
					was = now
				}
			}
		}
	}
}

// variants are the things that can be done at an address of screens.
func variants(path string) []string {
	stem, ok := strings.CutSuffix(path, "/close")
	if !ok {
		return []string{path}
	}
	var all []string
	for _, what := range []string{"close", "archive", "read", "unread", "no_answer_needed", "pause", "resume", "rename", "credentials", "remove", "repair", "merge", "unmerge", "dismiss", "note", "resend", "withdraw"} {
		all = append(all, stem+"/"+what)
	}
	return all
}

// requestOf is a body that would do something where it is allowed.
func requestOf(path string) string {
	if strings.HasPrefix(path, "/v1/") {
		return `{"action":"close","text":"x","contact":1,"name":"x"}`
	}
	return "text=x&name=x&contact=1&other=1&with=1&action=close&confirm=1&account=1"
}
