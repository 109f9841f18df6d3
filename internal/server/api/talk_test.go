package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// colleague lets an operator work here and gives them with their id.
func (c caller) colleague(t *testing.T, name string, grants ...thing) (*browser, int) {
	t.Helper()
	if len(grants) == 0 {
		grants = []thing{{"role": "operator"}}
	}
	var invited thing
	c.ask("POST", "/v1/users", thing{"name": name, "grants": grants}).want(t, 201, &invited)
	return c.browse(t, invited, strings.ToLower(name)), int(invited["user"].(map[string]any)["id"].(float64))
}

func TestANoteNamesPeopleWhoAreToldAndIsItsWriters(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	anna := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	ivan, id := c.colleague(t, "Ivan")
	at := fmt.Sprintf("/v1/conversations/%d/", anna.ID)
	var note thing
	c.ask("POST", at+"notes", thing{"text": fmt.Sprintf("Look, @[%d]: <b>again</b>", id)}).want(t, 201, &note)
	var l list
	ivan.ask("GET", at+"notes", nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["text"] != note["text"] {
		t.Fatalf("the notes are %v", l.Items)
	}
	ivan.ask("GET", "/v1/notifications?unread=true", nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["kind"] != "mention" || l.Items[0]["text"] != "Look, @Ivan: <b>again</b>" {
		t.Fatalf("Ivan was told of %v", l.Items)
	}
	own := fmt.Sprintf("/v1/notes/%v", note["id"])
	ivan.ask("PATCH", own, thing{"text": "mine"}).problem(t, 403, "forbidden", "")
	ivan.ask("DELETE", own, nil).problem(t, 403, "forbidden", "")
	c.ask("PATCH", own, thing{"text": fmt.Sprintf("Look once more, @[%d]", id)}).want(t, 200, nil)
	var read thing
	ivan.ask("POST", "/v1/notifications/read", thing{}).want(t, 200, &read)
	if read["count"] != float64(1) {
		t.Errorf("%v things were new: whoever is named already is told once", read["count"])
	}
	c.ask("POST", at+"notes", thing{"text": "@[999]"}).problem(t, 422, "invalid", "text")
	c.ask("POST", at+"notes", thing{"text": "   "}).problem(t, 422, "invalid", "text")
	c.ask("DELETE", own, nil).want(t, 204, nil)
	ivan.ask("GET", "/v1/notifications", nil).want(t, 200, &l)
	if len(l.Items) != 0 {
		t.Errorf("a note that is gone is still told of: %v", l.Items)
	}
}

func TestWhoDoesNotSeeACabinetIsNeitherNamedNorToldOfIt(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	here := c.h.Account.ID
	ivan, id := c.colleague(t, "Ivan", thing{"role": "operator", "account": here})
	mine := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	otherCabinet(t, c.h, "Depot")
	theirs := c.h.Chat(t, "Boris", servertest.Start(), "Is it blue?")
	at := func(conv sellerdesk.Conversation) string { return fmt.Sprintf("/v1/conversations/%d/", conv.ID) }
	c.ask("POST", at(theirs)+"notes", thing{"text": fmt.Sprintf("@[%d]", id)}).problem(t, 422, "invalid", "text")
	c.ask("POST", at(theirs)+"tasks", thing{"text": "Ask", "user": id}).problem(t, 422, "invalid", "user")
	ivan.ask("POST", at(mine)+"tasks", thing{"text": "Of mine", "user": id}).want(t, 201, nil)
	c.ask("POST", at(theirs)+"tasks", thing{"text": "Of theirs"}).want(t, 201, nil)
	c.ask("POST", at(mine)+"notes", thing{"text": fmt.Sprintf("@[%d]", id)}).want(t, 201, nil)
	var l list
	ivan.ask("GET", "/v1/tasks", nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["text"] != "Of mine" {
		t.Errorf("Ivan sees the tasks %v", l.Items)
	}
	ivan.ask("GET", "/v1/notifications", nil).want(t, 200, &l)
	if len(l.Items) != 1 {
		t.Fatalf("Ivan was told of %v", l.Items)
	}
	// What one may not see any more is no longer told.
	c.ask("PATCH", fmt.Sprintf("/v1/users/%d", id), thing{"grants": []thing{{"role": "operator", "account": c.h.Account.ID}}}).want(t, 200, nil)
	ivan.ask("GET", "/v1/notifications", nil).want(t, 200, &l)
	if len(l.Items) != 0 {
		t.Errorf("Ivan is still told of %v", l.Items)
	}
}

func TestFollowersHearOfTheBuyerOnceUntilTheyLook(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	anna := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	ivan, _ := c.colleague(t, "Ivan")
	act := fmt.Sprintf("/v1/conversations/%d/actions", anna.ID)
	ivan.ask("POST", act, thing{"action": "follow"}).want(t, 202, nil)
	told := func(want int) {
		t.Helper()
		var l list
		ivan.ask("GET", "/v1/notifications?unread=true", nil).want(t, 200, &l)
		if len(l.Items) != want {
			t.Errorf("Ivan was told of %v, want %d", l.Items, want)
		}
	}
	told(0)
	c.h.Chat(t, "Anna", servertest.Start().Add(time.Minute), "Hello?")
	c.h.Chat(t, "Anna", servertest.Start().Add(2*time.Minute), "Hello??")
	told(1)
	ivan.ask("POST", "/v1/notifications/read", thing{}).want(t, 200, nil)
	c.ask("POST", fmt.Sprintf("/v1/conversations/%d/notes", anna.ID), thing{"text": "I know her"}).want(t, 201, nil)
	told(1)
	ivan.ask("POST", "/v1/notifications/read", thing{}).want(t, 200, nil)
	ivan.ask("POST", fmt.Sprintf("/v1/conversations/%d/notes", anna.ID), thing{"text": "So do I"}).want(t, 201, nil)
	told(0) // nobody is told of their own doing
	ivan.ask("POST", act, thing{"action": "unfollow"}).want(t, 202, nil)
	c.h.Chat(t, "Anna", servertest.Start().Add(3*time.Minute), "Still here")
	told(0)
}

func TestADueTaskIsToldOnce(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	anna := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	ivan, id := c.colleague(t, "Ivan")
	at := fmt.Sprintf("/v1/conversations/%d/tasks", anna.ID)
	var due, later thing
	c.ask("POST", at, thing{"text": "Ask the supplier", "user": id, "due_at": servertest.Start().Add(-time.Hour)}).want(t, 201, &due)
	c.ask("POST", at, thing{"text": "Some day", "user": id}).want(t, 201, &later)
	clerk := talking.NewClerk(c.h.Store, sellerdesk.Clock{NowFunc: servertest.Start}, nil)
	for range 3 {
		if err := clerk.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var l list
	ivan.ask("GET", "/v1/notifications", nil).want(t, 200, &l)
	if len(l.Items) != 3 || l.Items[0]["task"] != due["id"] || l.Items[0]["by"] != nil {
		t.Errorf("Ivan was told of %v: twice that a task is his, once that it is due", l.Items)
	}
	ivan.ask("GET", "/v1/tasks?mine=true", nil).want(t, 200, &l)
	if len(l.Items) != 2 || l.Items[0]["id"] != due["id"] || l.Items[1]["due_at"] != nil {
		t.Errorf("his tasks are %v", l.Items)
	}
	var done thing
	ivan.ask("PATCH", fmt.Sprintf("/v1/tasks/%v", due["id"]), thing{"done": true}).want(t, 200, &done)
	if done["done_by"] != float64(id) || done["done_at"] == nil {
		t.Errorf("done is %v", done)
	}
	ivan.ask("GET", "/v1/tasks?mine=true", nil).want(t, 200, &l)
	if len(l.Items) != 1 {
		t.Errorf("open are %v", l.Items)
	}
}

func TestAnAnswerStopsOnceWhereSomebodyWroteMeanwhile(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	anna := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	at := fmt.Sprintf("/v1/conversations/%d/messages", anna.ID)
	newest := func() any {
		var l list
		c.ask("GET", at+"?limit=1", nil).want(t, 200, &l)
		return l.Items[0]["id"]
	}
	seen := newest()
	c.ask("PUT", fmt.Sprintf("/v1/conversations/%d/draft", anna.ID), thing{"text": "It com", "seen": seen}).want(t, 200, nil)
	c.h.Chat(t, "Anna", servertest.Start().Add(time.Minute), "I do not want it")
	c.ask("POST", at, thing{"text": "It comes", "seen": seen}, "Idempotency-Key", "a").problem(t, 409, "conflict", "seen")
	c.ask("POST", at, thing{"text": "It comes", "seen": 99999}).problem(t, 422, "invalid", "seen")
	c.ask("GET", fmt.Sprintf("/v1/conversations/%d/draft", anna.ID), nil).want(t, 200, nil)
	seen = newest()
	c.ask("POST", at, thing{"text": "As you like", "seen": seen}).want(t, 202, nil)
	c.ask("GET", fmt.Sprintf("/v1/conversations/%d/draft", anna.ID), nil).problem(t, 404, "not_found", "")
	c.ask("POST", at, thing{"text": "Anything else?", "seen": seen}).want(t, 202, nil) // one's own words are no news
	ivan, _ := c.colleague(t, "Ivan")
	ivan.ask("POST", at, thing{"text": "I too", "seen": seen}).problem(t, 409, "conflict", "seen")
	// What is read of old times is no news either.
	c.h.Chat(t, "Anna", servertest.Start().Add(-time.Hour), "Hello")
	c.ask("POST", at, thing{"text": "Good bye", "seen": seen}).want(t, 202, nil)
}

func TestADraftIsItsWritersAlone(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	anna := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	ivan, id := c.colleague(t, "Ivan")
	at := fmt.Sprintf("/v1/conversations/%d/", anna.ID)
	ivan.ask("PUT", at+"draft", thing{"text": "secret words"}).want(t, 200, nil)
	c.ask("GET", at+"draft", nil).problem(t, 404, "not_found", "")
	var l list
	c.ask("GET", at+"presence", nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["user"] != float64(id) || l.Items[0]["draft"] != true || l.Items[0]["here"] != false {
		t.Errorf("who has begun an answer is %v", l.Items)
	}
	ivan.ask("PUT", at+"draft", thing{"text": " "}).want(t, 200, nil)
	c.ask("GET", at+"presence", nil).want(t, 200, &l)
	if len(l.Items) != 0 {
		t.Errorf("an empty draft is there: %v", l.Items)
	}
	var events struct{ Items []thing }
	c.ask("GET", "/v1/events?kind=draft.changed&limit=200", nil).want(t, 200, &events)
	if b, _ := json.Marshal(events.Items); len(events.Items) != 2 || strings.Contains(string(b), "secret") {
		t.Errorf("the events are %s", b)
	}
}

func TestPresenceIsToldAtOnceToWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	anna := c.h.Chat(t, "Anna", servertest.Start(), "Where is my cup?")
	ivan, _ := c.colleague(t, "Ivan")
	otherCabinet(t, c.h, "Depot")
	boris := c.h.Chat(t, "Boris", servertest.Start(), "Is it blue?")
	olga, _ := c.colleague(t, "Olga", thing{"role": "operator", "account": c.h.Account.ID})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", c.h.URL+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Cookie", "sellerdesk_session="+olga.token)
	res, err := c.h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	ivan.ask("POST", fmt.Sprintf("/v1/conversations/%d/presence", anna.ID), thing{"typing": true}).want(t, 200, nil)
	ivan.ask("POST", fmt.Sprintf("/v1/conversations/%d/presence", boris.ID), thing{"typing": true, "window": "second"}).want(t, 200, nil)
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		data, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is || !strings.Contains(data, `"people"`) {
			continue
		}
		if strings.Contains(data, fmt.Sprintf(`"conversation":%d,`, anna.ID)) {
			t.Fatalf("Olga is told of another cabinet: %s", data)
		}
		if !strings.Contains(data, `"name":"Ivan"`) || !strings.Contains(data, `"typing":true`) {
			t.Fatalf("Olga is told %s", data)
		}
		return
	}
	t.Fatal("Olga was told nothing")
}
