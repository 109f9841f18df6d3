package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// png is a picture of one pixel.
const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"

// The promised shapes: name and kind of every field that other programs rely
// on. A question mark allows null. More fields may be there, none may miss.
const (
	accountShape      = "id:number channel:string name:string state:string reason:string? budget:array"
	budgetShape       = "bucket:string limit:number remaining:number next_free_at:time? waiting:number"
	conversationShape = "id:number account:number channel:string kind:string remote_id:string? contact:number? buyer_name:string? " +
		"product:object? order:string? rating:number? status:string needs_answer:bool waiting_since:time? due_at:time? unread:bool " +
		"last_message:object? created_at:time updated_at:time rev:number can:array review:object? question:object? claim:object?"
	reviewShape   = "tags:array matching_size:string? order_status:string? supplemented:bool pinned:bool return_ordered:time? video:object?"
	questionShape = "warned:bool rejected:bool"
	claimShape    = "price:string? decided:bool status:string decision:string? ordered_at:time? delivered_at:time? note:string? video:object?"
	abilityShape  = "action:string min_length:number? max_length:number? files:object? until:time? reason:string?"
	optionShape   = "value:string title:object comment:object?"
	commentShape  = "min:number max:number"
	limitsShape   = "max:number max_size:number total_size:number types:array"
	productShape  = "id:string name:string? image:string?"
	lastShape     = "text:string at:time author:string"
	messageShape  = "id:number conversation:number author:string user:number? text:string files:array status:string reason:string? at:time edited_at:time? versions:array"
	versionShape  = "text:string rating:number? at:time"
	fileShape     = "id:number name:string? size:number? type:string? width:number? height:number? state:string"
	eventShape    = "seq:number kind:string at:time account:number? conversation:number? data:any"
	countersShape = "needs_answer:object unread:object"
	summaryShape  = "product:object reviews:number average:number? months:array answers:array"
	monthShape    = "month:string reviews:number average:number?"
	saidShape     = "conversation:number kind:string text:string at:time"
	kindsShape    = "all:number chat:number question:number review:number claim:number"
	problemShape  = "status:number code:string title:string detail:string field:string?"
)

// shape checks one object and gives its inner parts.
func shape(t *testing.T, what, promised string, got any) thing {
	t.Helper()
	o, ok := got.(map[string]any)
	if !ok {
		if o, ok = got.(thing); !ok {
			t.Fatalf("%s is %T, not an object", what, got)
		}
	}
	for _, field := range strings.Fields(promised) {
		name, kind, _ := strings.Cut(field, ":")
		kind, optional := strings.CutSuffix(kind, "?")
		value, there := o[name]
		switch {
		case !there:
			t.Errorf("%s misses %s", what, name)
		case value == nil && (optional || kind == "any"):
		case !is(kind, value):
			t.Errorf("%s: %s is %v (%T), promised is %s", what, name, value, value, field)
		}
	}
	return o
}

func is(kind string, value any) bool {
	switch kind {
	case "number":
		_, ok := value.(float64)
		return ok
	case "string":
		_, ok := value.(string)
		return ok
	case "time":
		s, _ := value.(string)
		at, err := time.Parse("2006-01-02T15:04:05.000Z", s)
		return err == nil && !at.IsZero()
	case "bool":
		_, ok := value.(bool)
		return ok
	case "array":
		_, ok := value.([]any)
		return ok
	case "object":
		_, ok := value.(map[string]any)
		return ok
	default:
		return true
	}
}

func first(t *testing.T, what string, list any) any {
	t.Helper()
	items, _ := list.([]any)
	if len(items) == 0 {
		t.Fatalf("no %s in %v", what, list)
	}
	return items[0]
}

func TestAccountsComeInPages(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for _, name := range []string{"second", "third"} {
		c.ask("POST", "/v1/accounts", thing{"channel": servertest.Channel, "name": name, "credentials": thing{"token": name}}).want(t, 201, nil)
	}
	var names []any
	cursor := ""
	for range 3 {
		var l list
		c.ask("GET", "/v1/accounts?limit=1"+cursor, nil).want(t, 200, &l)
		if len(l.Items) != 1 || (l.Next == nil) != (len(names) == 2) {
			t.Fatalf("after %v: %d accounts, next %v", names, len(l.Items), l.Next)
		}
		names = append(names, l.Items[0]["name"])
		if l.Next != nil {
			cursor = "&cursor=" + *l.Next
		}
	}
	if names[1] != "second" || names[2] != "third" {
		t.Errorf("the order is %v", names)
	}
}

func TestShapesAreThePromisedOnes(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello", "Where is my cup?")
	path := fmt.Sprint("/v1/conversations/", chat.ID)

	var l list
	c.ask("GET", "/v1/accounts", nil).want(t, 200, &l)
	account := shape(t, "account", accountShape, l.Items[0])
	shape(t, "budget", budgetShape, first(t, "budget", account["budget"]))

	l = list{}
	c.ask("GET", "/v1/conversations", nil).want(t, 200, &l)
	if l.Next != nil || len(l.Items) != 1 {
		t.Fatalf("got %d conversations and next %v", len(l.Items), l.Next)
	}
	var one thing
	c.ask("GET", path, nil).want(t, 200, &one)
	if diff := cmp.Diff(l.Items[0], one); diff != "" {
		t.Errorf("the list and the thing itself differ (-list +one):\n%s", diff)
	}
	shape(t, "conversation", conversationShape, one)
	shape(t, "product", productShape, one["product"])
	shape(t, "last message", lastShape, one["last_message"])
	ability := shape(t, "ability", abilityShape, first(t, "ability", one["can"]))
	shape(t, "limits", limitsShape, ability["files"])
	if one["remote_id"] != "chat-Olga" || one["kind"] != "chat" || one["order"] != "order-Olga" || one["rating"] != nil ||
		one["needs_answer"] != true || one["buyer_name"] != "Olga" || one["due_at"] == nil {
		t.Errorf("the conversation is %v", one)
	}

	body, kind := upload(t, "cup.png", []byte(png))
	var file thing
	c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &file)
	shape(t, "file", fileShape, file)
	if file["name"] != "cup.png" || file["type"] != "image/png" || file["size"] != float64(len(png)) {
		t.Errorf("the file is %v", file)
	}

	var m thing
	c.ask("POST", path+"/messages", thing{"text": "It is on its way.", "files": []any{file["id"]}}).want(t, 202, &m)
	shape(t, "message", messageShape, m)
	shape(t, "file of a message", fileShape, first(t, "file", m["files"]))
	if m["status"] != "queued" || m["author"] != "agent" || m["user"] == nil {
		t.Errorf("the message is %v", m)
	}
	l = list{}
	c.ask("GET", path+"/messages", nil).want(t, 200, &l)
	if len(l.Items) != 3 || l.Items[0]["text"] != "It is on its way." || l.Items[2]["text"] != "Hello" {
		t.Errorf("messages are not newest first: %v", l.Items)
	}
	for _, m := range l.Items {
		shape(t, "message", messageShape, m)
	}

	var counters thing
	c.ask("GET", "/v1/counters", nil).want(t, 200, &counters)
	shape(t, "counters", countersShape, counters)
	for _, which := range []string{"needs_answer", "unread"} {
		shape(t, which, kindsShape, counters[which])
	}

	var events struct {
		Items []thing  `json:"items"`
		Next  *float64 `json:"next"`
	}
	c.ask("GET", "/v1/events?after=0&limit=200", nil).want(t, 200, &events)
	kinds := []string{}
	for _, e := range events.Items {
		shape(t, "event", eventShape, e)
		kinds = append(kinds, e["kind"].(string))
	}
	for _, kind := range []string{"account.created", "conversation.created", "message.created", "outbox.queued"} {
		if !slices.Contains(kinds, kind) {
			t.Errorf("no event %s in %v", kind, kinds)
		}
	}
	if events.Next == nil || *events.Next != events.Items[len(events.Items)-1]["seq"] {
		t.Errorf("next of the events is %v", events.Next)
	}
	var none thing
	c.ask("GET", fmt.Sprint("/v1/events?after=", int64(*events.Next)), nil).want(t, 200, &none)
	if diff := cmp.Diff(thing{"items": []any{}, "next": *events.Next, "lost": false}, none); diff != "" {
		t.Errorf("after the last event (-want +got):\n%s", diff)
	}

	var beyond thing
	c.ask("GET", "/v1/events?after=999999", nil).want(t, 200, &beyond)
	if beyond["lost"] != true || beyond["next"] != *events.Next {
		t.Errorf("beyond the newest event: %v, want lost and next %v", beyond, *events.Next)
	}

	var p thing
	c.ask("GET", "/v1/conversations/999", nil).want(t, 404, &p)
	shape(t, "problem", problemShape, p)
}

func TestPagesFollowEachOther(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for i := range 7 {
		c.h.Chat(t, fmt.Sprint("buyer", i), servertest.Start().Add(-time.Duration(i)*time.Minute), "Hello")
	}
	for _, sort := range []string{"updated", "waiting"} {
		var names []string
		for path := "/v1/conversations?limit=3&sort=" + sort; path != ""; {
			var l list
			c.ask("GET", path, nil).want(t, 200, &l)
			for _, item := range l.Items {
				names = append(names, item["buyer_name"].(string))
			}
			if path = ""; l.Next != nil {
				path = "/v1/conversations?limit=3&sort=" + sort + "&cursor=" + *l.Next
			}
		}
		want := []string{"buyer0", "buyer1", "buyer2", "buyer3", "buyer4", "buyer5", "buyer6"}
		if sort == "waiting" {
			slices.Reverse(want)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sort, diff)
		}
	}
}

func TestFiltersNarrowTheList(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	c.h.Chat(t, "Ivan", servertest.Start().Add(-time.Minute), "Hello")
	c.ask("POST", fmt.Sprint("/v1/conversations/", chat.ID, "/actions"), thing{"action": "no_answer_needed"}).want(t, 202, nil)
	c.ask("POST", fmt.Sprint("/v1/conversations/", chat.ID, "/actions"), thing{"action": "read"}).want(t, 202, nil)
	for query, want := range map[string]int{
		"": 2, "kind=chat": 2, "kind=chat,question": 2, "kind=review": 0, "channel=box": 2, "channel=pigeon": 0, "account=1": 2, "account=2": 0,
		"status=open": 2, "status=closed,archived": 0, "needs_answer=true": 1, "needs_answer=false": 1, "unread=true": 1, "unread=false": 1,
		"kind=chat&needs_answer=true&sort=waiting": 1,
	} {
		var l list
		if a := c.ask("GET", "/v1/conversations?"+query, nil); a.status != 200 {
			t.Errorf("%q gives %d: %s", query, a.status, a.body)
			continue
		} else {
			a.want(t, 200, &l)
		}
		if len(l.Items) != want {
			t.Errorf("%q gives %d, want %d", query, len(l.Items), want)
		}
	}
}

func TestActionsChangeWhatTheySay(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	chat := c.h.Chat(t, "Olga", servertest.Start().Add(-time.Hour), "Hello")
	path := fmt.Sprint("/v1/conversations/", chat.ID)
	for _, step := range []struct {
		action, field string
		want          any
	}{
		{"read", "unread", false},
		{"unread", "unread", true},
		{"no_answer_needed", "needs_answer", false},
		{"close", "status", "closed"},
		{"reopen", "status", "open"},
	} {
		var got thing
		c.ask("POST", path+"/actions", thing{"action": step.action}).want(t, 202, &got)
		if got[step.field] != step.want {
			t.Errorf("after %s %s is %v", step.action, step.field, got[step.field])
		}
	}
	var m thing
	c.ask("POST", path+"/messages", thing{"text": "Wait"}).want(t, 202, &m)
	c.ask("POST", path+"/actions", thing{"action": "withdraw", "message": m["id"]}).want(t, 202, nil)
	var l list
	c.ask("GET", path+"/messages?limit=1", nil).want(t, 200, &l)
	if l.Items[0]["status"] != "withdrawn" {
		t.Errorf("the message is %v", l.Items[0])
	}
	c.ask("POST", path+"/actions", thing{"action": "check", "message": m["id"]}).problem(t, 409, "unsupported", "")
}

func TestAConversationIsStartedOrFound(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for i, want := range []int{http.StatusAccepted, http.StatusAccepted, http.StatusOK} {
		var got thing
		key := []string{"one", "one", "two"}[i]
		c.ask("POST", "/v1/conversations", thing{"account": 1, "order": "55"}, "Idempotency-Key", key).want(t, want, &got)
		chat, _ := got["chat"].(map[string]any)
		if got["id"] != 1.0 || got["remote_id"] != nil || chat["subject"] != "order" {
			t.Errorf("start %d gives %v", i, got)
		}
	}
}

func TestAccountsAreKept(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var added thing
	c.ask("POST", "/v1/accounts", thing{"channel": "box", "name": "Second", "credentials": thing{"token": "second"}, "base_url": nil}).want(t, 201, &added)
	path := "/v1/accounts/" + added.id()
	for _, step := range []struct {
		body  thing
		field string
		want  any
	}{
		{thing{"action": "pause"}, "state", "paused"},
		{thing{"action": "resume"}, "state", "ok"},
		{thing{"action": "repair"}, "state", "ok"},
		{thing{"action": "rename", "name": "Third"}, "name", "Third"},
		{thing{"action": "credentials", "credentials": thing{"token": "second"}}, "state", "ok"},
	} {
		var got thing
		c.ask("POST", path+"/actions", step.body).want(t, 200, &got)
		if got[step.field] != step.want {
			t.Errorf("after %v %s is %v", step.body, step.field, got[step.field])
		}
	}
	c.ask("DELETE", path, nil).want(t, 204, nil)
	c.ask("GET", path, nil).problem(t, 404, "not_found", "")
	var l list
	c.ask("GET", "/v1/drivers", nil).want(t, 200, &l)
	if l.Items[0]["kind"] != "box" {
		t.Errorf("drivers are %v", l.Items)
	}
}

func TestThePersonChangesWhatTheySee(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var me thing
	c.ask("PATCH", "/v1/me", thing{"language": "en", "theme": "dark", "name": "Anna"}).want(t, 200, &me)
	if me["language"] != "en" || me["theme"] != "dark" || me["name"] != "Anna" {
		t.Errorf("got %v", me)
	}
	var again thing
	c.ask("GET", "/v1/me", nil).want(t, 200, &again)
	if diff := cmp.Diff(me, again); diff != "" {
		t.Error(diff)
	}
	c.ask("PATCH", "/v1/me", thing{"language": "tlh"}).problem(t, 422, "invalid", "language")
}

// verbs says which operation does what a verb of desk does. An operation in
// brackets is none, with the reason.
func verbs() map[string]string {
	return map[string]string{
		"Conversations.Reply":          "postMessage",
		"Conversations.MarkRead":       "actOnConversation",
		"Conversations.MarkUnread":     "actOnConversation",
		"Conversations.NoAnswerNeeded": "actOnConversation",
		"Conversations.Close":          "actOnConversation",
		"Conversations.Reopen":         "actOnConversation",
		"Conversations.Act":            "actOnConversation",
		"Conversations.Start":          "startConversation",
		"Conversations.Window":         "getWindow",
		"Conversations.Answer":         "actOnConversation",
		"Conversations.Edit":           "actOnConversation",
		"Conversations.Reject":         "actOnConversation",
		"Conversations.View":           "actOnConversation",
		"Conversations.Decide":         "actOnConversation",
		"Conversations.OrderReturn":    "actOnConversation",
		"Conversations.Pin":            "actOnConversation",
		"Conversations.Unpin":          "actOnConversation",
		"Conversations.Archive":        "actOnConversation",
		"Conversations.Unarchive":      "actOnConversation",
		"Messages.Resend":              "actOnConversation",
		"Messages.Withdraw":            "actOnConversation",
		"Messages.Check":               "actOnConversation",
		"Accounts.Add":                 "addAccount",
		"Accounts.Pause":               "actOnAccount",
		"Accounts.Resume":              "actOnAccount",
		"Accounts.Repair":              "actOnAccount",
		"Accounts.Rename":              "actOnAccount",
		"Accounts.ReplaceCredentials":  "actOnAccount",
		"Accounts.Remove":              "removeAccount",
		"Accounts.Templates":           "listTemplates",
		"Accounts.Drivers":             "listDrivers",
		"Accounts.OpenAll":             "(the start of the program)",
		"Files.Upload":                 "uploadFile",
		"Contacts.Merge":               "mergeContact",
		"Contacts.Unmerge":             "unmergeContact",
		"Contacts.Dismiss":             "dismissContact",
		"Contacts.Note":                "noteContact",
		"Contacts.Export":              "exportContact",
		"Users.SetPreferences":         "updateMe",
		"Users.Session":                "(who asks is found before an operation)",
		"Users.Owner":                  "getMe",
		"Users.HasOwner":               "(asked before anybody is signed in)",
		"Users.OwnerLink":              "(printed by the program only)",
		"Users.LinkWorks":              "(asked before the page of the link is shown)",
		"Users.UseLink":                "(a page: makes a browser session)",
		"Users.SignIn":                 "(a page: makes a browser session)",
		"Users.SignOut":                "(a page: ends a browser session)",
		"Users.OpenSession":            "(behind the link and in the demo)",
		"Users.SignInCode":             "(a page: makes a browser session)",
		"Users.LinkPerson":             "(asked before the page of the link is shown)",
		"Users.Access":                 "getMe",
		"Sessions.Lives":               "(asked by streams)",
		"Sessions.KeepUses":            "(a part of the program that runs beside)",
		"Sessions.Run":                 "(a part of the program that runs beside)",
		"Users.List":                   "listUsers",
		"Users.Get":                    "getUser",
		"Users.Invite":                 "inviteUser",
		"Users.Change":                 "changeUser",
		"Users.Disable":                "disableUser",
		"Users.NewLink":                "linkUser",
		"Users.SetPassword":            "setPassword",
		"Users.BeginFactor":            "beginSecondFactor",
		"Users.ConfirmFactor":          "confirmSecondFactor",
		"Users.RemoveFactor":           "removeSecondFactor",
		"Users.RecoveryLeft":           "getMe",
		"Roles.List":                   "listRoles",
		"Roles.Set":                    "setRole",
		"Roles.Remove":                 "removeRole",
		"Keys.List":                    "listKeys",
		"Keys.Create":                  "createKey",
		"Keys.Revoke":                  "revokeKey",
		"Keys.Check":                   "(who asks is found before an operation)",
		"Keys.Current":                 "(asked by streams)",
		"Sessions.List":                "listSessions",
		"Sessions.Revoke":              "revokeSession",
		"Sessions.RevokeOthers":        "revokeSessions",
		"Handling.Do":                  "actOnConversation",
		"Handling.In":                  "bulk",
		"Handling.Check":               "bulk",
		"Handling.Candidates":          "listCandidates",
		"Handling.Everybody":           "(menus of the screens)",
		"Handling.Standby":             "getAway",
		"Handling.Away":                "setAway",
		"Handling.HandBack":            "setAway",
		"Handling.Wake":                "(the worker that wakes)",
		"Handling.Relieve":             "(the worker that wakes)",
		"Teams.List":                   "listTeams",
		"Teams.Create":                 "createTeam",
		"Teams.Change":                 "changeTeam",
		"Teams.Remove":                 "removeTeam",
		"Tags.List":                    "listTags",
		"Tags.Create":                  "createTag",
		"Tags.Change":                  "changeTag",
		"Tags.Remove":                  "removeTag",
		"Fields.List":                  "listFields",
		"Fields.Create":                "createField",
		"Fields.Change":                "changeField",
		"Fields.Remove":                "removeField",
		"Views.List":                   "listViews",
		"Views.Get":                    "getView",
		"Views.Create":                 "createView",
		"Views.Change":                 "changeView",
		"Views.Remove":                 "removeView",
		"Contacts.Label":               "labelContact",
		"Notes.List":                   "listNotes",
		"Notes.Write":                  "writeNote",
		"Notes.Change":                 "changeNote",
		"Notes.Remove":                 "removeNote",
		"Notes.Follow":                 "actOnConversation",
		"Notes.Unfollow":               "actOnConversation",
		"Notes.Followers":              "listFollowers",
		"Notes.Colleagues":             "listColleagues",
		"Tasks.Of":                     "listConversationTasks",
		"Tasks.Open":                   "listTasks",
		"Tasks.Add":                    "addTask",
		"Tasks.Change":                 "changeTask",
		"Notifications.List":           "listNotifications",
		"Notifications.Read":           "readNotifications",
		"Notifications.Seen":           "(a part of opening a conversation on the screens)",
		"Drafts.Get":                   "getDraft",
		"Drafts.Put":                   "putDraft",
		"Drafts.Remove":                "removeDraft",
		"Drafts.Others":                "getPresence",
		"Webhooks.Test":                "actOnWebhook",
		"Webhooks.Rotate":              "actOnWebhook",
		"Webhooks.Resume":              "actOnWebhook",
		"Webhooks.Remove":              "removeWebhook",
		"Webhooks.Redeliver":           "redeliver",
		"Webhooks.Pause":               "actOnWebhook",
		"Webhooks.List":                "listWebhooks",
		"Webhooks.Get":                 "getWebhook",
		"Webhooks.Delivery":            "getDelivery",
		"Webhooks.Deliveries":          "listDeliveries",
		"Webhooks.Create":              "createWebhook",
		"Webhooks.Change":              "changeWebhook",
		"Secrets.Finish":               "(goes on with what a kill interrupted, when the program starts)",
		"Secrets.Rotate":               "rotateSecrets",
		"Search.Find":                  "search",
		"Search.Run":                   "(a part of the program that runs beside)",
		"Library.List":                 "listOwnTemplates",
		"Library.Get":                  "getTemplate",
		"Library.Create":               "createTemplate",
		"Library.Change":               "changeTemplate",
		"Library.Remove":               "removeTemplate",
		"Library.Fill":                 "previewTemplate",
		"Library.Import":               "importTemplates",
		"Library.Export":               "exportTemplates",
		"Jobs.Get":                     "getJob",
		"Jobs.List":                    "listJobs",
		"Jobs.Pause":                   "pauseJob",
		"Jobs.Preview":                 "bulk",
		"Jobs.Resume":                  "resumeJob",
		"Jobs.Start":                   "bulk",
		"Jobs.Stop":                    "stopJob",
		"Jobs.Undo":                    "undoJob",
		"Jobs.Tidy":                    "(a part of the program that runs beside)",
		"Jobs.Work":                    "(a part of the program that runs beside)",
		"Exports.Messages":             "exportMessages",
		"Exports.Audit":                "exportAudit",
		"Exports.Conversations":        "exportConversations",
	}
}

func TestEveryVerbHasAnOperation(t *testing.T) {
	t.Parallel()
	document, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	table, found := verbs(), map[string]bool{}
	groups := reflect.TypeFor[desk.Desk]()
	for i := range groups.NumField() {
		group := groups.Field(i)
		for j := range group.Type.NumMethod() {
			name := group.Name + "." + group.Type.Method(j).Name
			found[name] = true
			operation, listed := table[name]
			if !listed {
				t.Errorf("the verb %s has no operation", name)
			} else if operation[0] != '(' && !strings.Contains(string(document), "operationId: "+operation+"\n") {
				t.Errorf("the operation %s of %s is not in the contract", operation, name)
			}
		}
	}
	for name := range table {
		if !found[name] {
			t.Errorf("there is no verb %s", name)
		}
	}
}

// TestTheContractRequiresWhatIsPromised fails when a promised field is optional in the
// document: clients made from it would not rely on it.
func TestTheContractRequiresWhatIsPromised(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var document struct {
		OpenAPI    string `json:"openapi"`
		Components struct {
			Schemas map[string]struct {
				Required []string `json:"required"`
			} `json:"schemas"`
		} `json:"components"`
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.h.URL+"/v1/openapi.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+servertest.Key)
	res, err := c.h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Errorf("the document is of version %q", document.OpenAPI)
	}
	for name, promised := range map[string]string{
		"Account": accountShape, "BucketState": budgetShape, "Conversation": conversationShape, "Ability": abilityShape,
		"FileLimits": limitsShape, "Product": productShape, "LastMessage": lastShape, "Message": messageShape,
		"Review": reviewShape, "Question": questionShape, "Claim": claimShape, "Option": optionShape, "TextLimits": commentShape,
		"Version": versionShape, "ProductSummary": summaryShape, "ProductMonth": monthShape, "ProductReply": saidShape,
		"File": fileShape, "Event": eventShape, "Counters": countersShape, "KindCounts": kindsShape, "Problem": problemShape,
	} {
		required := document.Components.Schemas[name].Required
		sort.Strings(required)
		for _, field := range strings.Fields(promised) {
			field, _, _ = strings.Cut(field, ":")
			if !slices.Contains(required, field) {
				t.Errorf("%s.%s is not required in the document", name, field)
			}
		}
	}
}
