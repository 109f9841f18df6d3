package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// cabinet is one account with one of everything.
type cabinet struct {
	account      sellerdesk.AccountID
	conversation sellerdesk.ConversationID
	contact      sellerdesk.ContactID
	message      sellerdesk.MessageID
	file         sellerdesk.FileID
	task         sellerdesk.TaskID
}

// furnish fills the account of a house.
func furnish(t *testing.T, h *servertest.House, name string) cabinet {
	t.Helper()
	conv := h.Chat(t, name+" buyer", servertest.Start(), name+" asks")
	ctx := asOwner(t, h)
	f, err := h.Desk.Files.Upload(ctx, name+".pdf", strings.NewReader("%PDF-1.4 "+name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Desk.Conversations.Reply(ctx, desk.ReplyInput{User: sellerdesk.AccessOf(ctx).User, Conversation: conv.ID, Files: []sellerdesk.FileID{f.ID}})
	if err != nil {
		t.Fatal(err)
	}
	task, err := h.Desk.Tasks.Add(ctx, talking.NewTask{Conversation: conv.ID, Text: name + " is to be asked"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Desk.Notes.Write(ctx, conv.ID, name+" is a note"); err != nil {
		t.Fatal(err)
	}
	return cabinet{h.Account.ID, conv.ID, *conv.Contact, m.ID, m.Files[0].ID, task.ID}
}

func asOwner(t *testing.T, h *servertest.House) context.Context {
	t.Helper()
	owner, err := h.Desk.Users.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sellerdesk.WithAccess(t.Context(), sellerdesk.FullAccess(owner.ID))
}

// otherCabinet makes another account the one that buyers write to.
func otherCabinet(t *testing.T, h *servertest.House, name string) {
	t.Helper()
	a, err := h.Desk.Accounts.Add(asOwner(t, h), desk.AddAccount{
		Channel: servertest.Channel, Name: name, Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(strings.ToLower(name))},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Account = a
}

// asker is somebody with a key, and what they may do by the words of the issue.
type asker struct {
	name, key string
	access    sellerdesk.Access
}

// askers are all roles, and keys of the owner with a single right beside see.
func askers(t *testing.T, h *servertest.House, here sellerdesk.AccountID) []asker {
	t.Helper()
	ctx := asOwner(t, h)
	key := func(user sellerdesk.UserID, rights sellerdesk.Rights, accounts ...sellerdesk.AccountID) string {
		k, err := h.Desk.Keys.Create(ctx, desk.CreateKey{User: user, Name: "test", Rights: rights, Accounts: accounts})
		if err != nil {
			t.Fatal(err)
		}
		return k.Text
	}
	all := []asker{{"the key of the house", servertest.Key, sellerdesk.FullAccess(0)}}
	rights := map[sellerdesk.RoleName]sellerdesk.Rights{"taker": sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightExport)}
	if _, err := h.Desk.Roles.Set(ctx, sellerdesk.Role{Name: "taker", Title: "Taker", Rights: rights["taker"]}); err != nil {
		t.Fatal(err)
	}
	for _, r := range sellerdesk.BuiltInRoles() {
		rights[r.Name] = r.Rights
	}
	invite := func(name string, grants ...sellerdesk.Grant) string {
		in, err := h.Desk.Users.Invite(ctx, desk.InviteInput{Name: name, Grants: grants})
		if err != nil {
			t.Fatal(err)
		}
		return key(in.User.ID, sellerdesk.AllRights())
	}
	for _, role := range []sellerdesk.RoleName{sellerdesk.RoleLead, sellerdesk.RoleOperator, sellerdesk.RoleReadOnly, "taker"} {
		all = append(all,
			asker{"a " + string(role), invite("p", sellerdesk.Grant{Role: role}), sellerdesk.Access{House: rights[role]}},
			asker{"a " + string(role) + " of one cabinet", invite("p", sellerdesk.Grant{Role: role, Account: &here}),
				sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{here: rights[role]}}})
	}
	all = append(all, asker{"nobody", invite("p"), sellerdesk.Access{}})
	for _, r := range sellerdesk.EveryRight() {
		set := sellerdesk.RightsOf(sellerdesk.RightSee, r)
		all = append(all, asker{"a key with " + string(r), key(0, set), sellerdesk.Access{House: set}},
			asker{"a key of one cabinet with " + string(r), key(0, set, here), sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{here: set}}})
	}
	return append(all, asker{"a key with nothing but work", key(0, sellerdesk.RightsOf(sellerdesk.RightWork)), sellerdesk.Access{House: sellerdesk.RightsOf(sellerdesk.RightWork)}})
}

// reach is where the right of an operation has to be held.
type reach int

const (
	ofSelf    reach = iota // nowhere: it is about whoever asks
	somewhere              // in any cabinet: the answer is narrowed
	inCabinet              // in the cabinet it is about
	ofHouse                // for the whole house
)

// probe is one way to call an operation.
type probe struct {
	reach reach
	right sellerdesk.Right // other than that of the document; "": that
	also  sellerdesk.Right // needed besides, somewhere; "": none
	path  string           // with $account and the like; "": that of the document
	body  any
}

// probes tell how each operation is tried. One that is missing fails the test.
func probes() map[string][]probe {
	type object = map[string]any
	list := []probe{{reach: somewhere}}
	own := []probe{{reach: ofSelf}}
	house := []probe{{reach: ofHouse}}
	act := func(action string, right sellerdesk.Right) probe {
		return probe{reach: inCabinet, right: right, path: "/v1/conversations/$conversation/actions", body: object{"action": action}}
	}
	in := func(path string, body any) []probe { return []probe{{reach: inCabinet, path: path, body: body}} }
	other := object{"contact": "$contact"}
	return map[string][]probe{
		"listAccounts": list, "listAudit": list, "listContacts": list, "listConversations": list, "getCounters": list, "listDrivers": list, "listEvents": list,
		"exportConversations": list, "exportMessages": list, "exportAudit": {{reach: somewhere, also: sellerdesk.RightAudit}}, "getStatus": list, "search": list,
		"bulk":     {{reach: somewhere, body: object{"filter": "", "action": "read", "preview": true}}},
		"listJobs": list, "getJob": list, "pauseJob": list, "resumeJob": list, "stopJob": list, "undoJob": list,
		"addAccount":    {{reach: ofHouse, body: object{"channel": servertest.Channel, "credentials": object{"token": "shop"}}}},
		"removeAccount": in("/v1/accounts/$spare", nil), "getAccount": in("/v1/accounts/$account", nil),
		"actOnAccount":  in("/v1/accounts/$account/actions", object{"action": "rename", "name": "Named"}),
		"listTemplates": in("/v1/accounts/$account/templates", nil),
		"getContact":    in("/v1/contacts/$contact", nil), "exportContact": in("/v1/contacts/$contact/export", nil), "getContactHistory": in("/v1/contacts/$contact/history", nil),
		"dismissContact": in("/v1/contacts/$contact/dismiss", other), "mergeContact": in("/v1/contacts/$contact/merge", other),
		"unmergeContact": in("/v1/contacts/$contact/unmerge", other), "noteContact": in("/v1/contacts/$contact/notes", object{"text": "Likes blue"}),
		"startConversation": in("/v1/conversations", object{"account": "$account", "order": "1"}),
		"getConversation":   in("/v1/conversations/$conversation", nil), "listMessages": in("/v1/conversations/$conversation/messages", nil),
		"postMessage": in("/v1/conversations/$conversation/messages", object{"text": "Hello"}), "getWindow": in("/v1/conversations/$conversation/window", nil),
		"actOnConversation": {act("read", ""), act("unread", ""), act("close", sellerdesk.RightWork), act("reopen", sellerdesk.RightWork), act("no_answer_needed", sellerdesk.RightWork),
			{reach: inCabinet, right: sellerdesk.RightWork, path: "/v1/conversations/$conversation/actions", body: object{"action": "tag", "tags": object{"add": []string{"Urgent"}}}},
			{reach: inCabinet, right: sellerdesk.RightWork, path: "/v1/conversations/$conversation/actions", body: object{"action": "priority", "priority": "high"}},
			act("follow", ""), act("unfollow", ""),
			act("archive", sellerdesk.RightWork), act("unarchive", sellerdesk.RightWork), act("assign", sellerdesk.RightWork), act("snooze", sellerdesk.RightWork), act("pin", sellerdesk.RightWork),
			{reach: inCabinet, right: sellerdesk.RightWork, path: "/v1/conversations/$conversation/actions", body: object{"action": "withdraw", "message": "$message"}}},
		"listNotes": in("/v1/conversations/$conversation/notes", nil), "writeNote": in("/v1/conversations/$conversation/notes", object{"text": "Ask"}),
		"changeNote": {{reach: somewhere, body: object{"text": "Ask"}}}, "removeNote": list, "listColleagues": in("/v1/conversations/$conversation/colleagues", nil),
		"listFollowers": in("/v1/conversations/$conversation/followers", nil), "listConversationTasks": in("/v1/conversations/$conversation/tasks", nil),
		"addTask": in("/v1/conversations/$conversation/tasks", object{"text": "Ask"}), "listTasks": list, "changeTask": in("/v1/tasks/$task", object{"done": true}),
		"listNotifications": own, "readNotifications": own, "getDraft": in("/v1/conversations/$conversation/draft", nil),
		"putDraft": in("/v1/conversations/$conversation/draft", object{"text": "Hello"}), "removeDraft": in("/v1/conversations/$conversation/draft", nil),
		"getPresence": in("/v1/conversations/$conversation/presence", nil), "tellPresence": in("/v1/conversations/$conversation/presence", object{"typing": true}),
		"listTeams": list, "createTeam": house, "changeTeam": house, "removeTeam": house, "getAway": own, "setAway": own,
		"listCandidates": in("/v1/conversations/$conversation/candidates", nil),
		"listTags":       list, "createTag": {{reach: somewhere, body: object{"name": "Urgent"}}}, "changeTag": house, "removeTag": house,
		"listFields": list, "createField": {{reach: ofHouse, body: object{"name": "Defect", "kind": "text"}}}, "changeField": house, "removeField": house,
		"listViews": list, "getView": list, "createView": {{reach: somewhere, body: object{"name": "Mine", "query": ""}}}, "changeView": list, "removeView": list,
		"labelContact": in("/v1/contacts/$contact", object{"tags": object{"add": []string{"Regular"}}}),
		"getProduct":   in("/v1/products/$account/4711", nil), "getFile": in("/v1/files/$file", nil), "getThumbnail": in("/v1/files/$file/thumbnail", nil), "uploadFile": list,
		"listKeys": own, "createKey": own, "revokeKey": own, "getMe": own, "updateMe": own, "setPassword": own, "beginSecondFactor": own, "confirmSecondFactor": own,
		"removeSecondFactor": own, "listSessions": own, "revokeSession": own, "revokeSessions": own,
		"listRoles": house, "setRole": house, "removeRole": house, "listUsers": house, "inviteUser": house, "getUser": house, "changeUser": house, "disableUser": house, "linkUser": house,
		"listOwnTemplates": list, "getTemplate": list, "createTemplate": {{reach: somewhere, body: object{"name": "Mine", "text": "Hello"}}}, "removeTemplate": list, "changeTemplate": {{reach: somewhere, body: object{"name": "Hers"}}},
		"previewTemplate": in("/v1/templates/preview", object{"text": "Hello, {name|you}", "conversation": "$conversation"}), "importTemplates": {{reach: somewhere, body: object{}}}, "exportTemplates": list,
		"listWebhooks": house, "createWebhook": house, "getWebhook": house, "changeWebhook": house, "removeWebhook": house, "actOnWebhook": house, "listDeliveries": house,
		"getDelivery": house, "redeliver": house, "rotateSecrets": house,
	}
}

// filled puts the ids of a cabinet into a path or a body.
func filled(s string, c cabinet, spare sellerdesk.AccountID) string {
	for name, id := range map[string]int64{"account": int64(c.account), "conversation": int64(c.conversation), "contact": int64(c.contact),
		"message": int64(c.message), "file": int64(c.file), "task": int64(c.task), "spare": int64(spare)} {
		s = strings.ReplaceAll(strings.ReplaceAll(s, `"$`+name+`"`, fmt.Sprint(id)), "$"+name, fmt.Sprint(id))
	}
	for strings.Contains(s, "{") && strings.HasPrefix(s, "/") { // of things that are not there
		begin, end := strings.Index(s, "{"), strings.Index(s, "}")
		s = s[:begin] + "999999" + s[end+1:]
	}
	return s
}

// expected is the status that a right asks for: 401, 403, 404, or 0 for none of them.
func expected(a sellerdesk.Access, p probe, asked, documented sellerdesk.Right, id sellerdesk.AccountID) int {
	switch {
	case documented != "" && !a.MaySomewhere(documented), p.also != "" && !a.MaySomewhere(p.also):
		return http.StatusForbidden
	case p.reach == ofHouse && !a.May(asked):
		return http.StatusForbidden
	case p.reach == inCabinet && !a.MayIn(sellerdesk.RightSee, id):
		return http.StatusNotFound
	case p.reach == inCabinet && !a.MayIn(asked, id):
		return http.StatusForbidden
	}
	return 0
}

// refused tells the status when it says that something may not be done or seen.
func refused(a answer) int {
	var problem struct{ Detail string }
	_ = json.Unmarshal(a.body, &problem)
	if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden || a.status == http.StatusNotFound && strings.HasPrefix(problem.Detail, "There is no such") {
		return a.status
	}
	return 0
}

func TestEveryOperationIsGuardedByItsRight(t *testing.T) {
	t.Parallel()
	c := call(t, func(d *server.Deps) {
		d.Status = func(context.Context) ([]sellerdesk.Finding, error) { return nil, nil }
	})
	here := furnish(t, c.h, "Here")
	otherCabinet(t, c.h, "There")
	there := furnish(t, c.h, "There")
	table, who := probes(), askers(t, c.h, here.account)
	for _, op := range operations(t) {
		ways, ok := table[op.id]
		if !ok {
			t.Errorf("how to try the operation %s is not said", op.id)
		}
		delete(table, op.id)
		for _, p := range ways {
			if a := c.try(op, p, "", here, 0); a.status != http.StatusUnauthorized && a.status != http.StatusForbidden {
				t.Errorf("%s answers %d to whoever is not known", op.id, a.status)
			}
			for _, w := range who {
				for _, place := range []cabinet{here, there} {
					if p.reach == inCabinet || place == here {
						c.judge(op, p, w, place)
					}
				}
			}
		}
	}
	for id := range table {
		t.Errorf("there is no operation %s", id)
	}
}

// judge tries an operation and compares with what the right says.
func (c caller) judge(op operation, p probe, w asker, place cabinet) {
	c.t.Helper()
	right := p.right
	if right == "" {
		right = op.right
	}
	want := expected(w.access, p, right, op.right, place.account)
	spare := place.account
	if op.id == "removeAccount" && want == 0 { // it will be gone
		before := c.h.Account
		otherCabinet(c.t, c.h, fmt.Sprintf("Spare %d %s", place.account, w.name))
		spare, c.h.Account = c.h.Account.ID, before
		if !w.access.May(sellerdesk.RightDelete) {
			return // it is not the cabinet of the key
		}
	}
	a := c.try(op, p, w.key, place, spare)
	got := refused(a)
	if p.reach == ofSelf && got != http.StatusUnauthorized || (p.reach == ofHouse || p.reach == somewhere) && got == http.StatusNotFound {
		got = 0 // a thing that is not there, or one that a key may not do
	}
	if got != want || a.status >= 500 {
		c.t.Errorf("%s %v by %s in cabinet %d: %d (%s), want %d", op.id, p.body, w.name, place.account, a.status, bytes.TrimSpace(a.body), want)
	}
}

// try calls an operation; without a key as nobody known.
func (c caller) try(op operation, p probe, key string, place cabinet, spare sellerdesk.AccountID) answer {
	c.t.Helper()
	path := p.path
	if path == "" {
		path = op.path
	}
	var body io.Reader
	kind := "application/json"
	if op.id == "uploadFile" {
		kind, body = "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nbytes\r\n--x--\r\n")
	} else if op.method != http.MethodGet {
		b, err := json.Marshal(p.body)
		if err != nil || p.body == nil {
			b = []byte("{}")
		}
		body = strings.NewReader(filled(string(b), place, spare))
	}
	r, err := http.NewRequestWithContext(c.t.Context(), op.method, c.h.URL+filled(path, place, spare), body)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := c.h.Client().Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, b}
}

// operation is one of the contract.
type operation struct {
	id, method, path string
	right            sellerdesk.Right
}

// operations reads them from the document.
func operations(t *testing.T) []operation {
	t.Helper()
	b, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			right, _ := op.Extensions["x-right"].(string)
			all = append(all, operation{op.OperationID, method, path, sellerdesk.Right(right)})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return all
}
