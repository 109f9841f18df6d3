package radist_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// kinds writes an object as its keys with the types of their values.
func kinds(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	var found []string
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		kind := map[string]string{"<nil>": "null", "float64": "number", "map[string]interface {}": "object", "[]interface {}": "array"}[fmt.Sprintf("%T", fields[k])]
		if kind == "" {
			kind = fmt.Sprintf("%T", fields[k])
		}
		found = append(found, k+":"+kind)
	}
	return strings.Join(found, " ")
}

func TestShapesAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	b, v := pushing(t, radist.Options{}, "messages.create")
	chat := b.buyer("telegram_personal", `{"name":"Анна","username":"anna"}`, "a")
	var list struct {
		Data []json.RawMessage
	}
	b.ask("GET", "{c}/messaging/chats/with_contacts/?limit=1", "").decode(t, &list)
	var contact struct{ Chats []json.RawMessage }
	if err := json.Unmarshal(list.Data[0], &contact); err != nil {
		t.Fatal(err)
	}
	var messages []json.RawMessage
	b.ask("GET", "{c}/messaging/messages/?limit=1&chat_id="+chat, "").decode(t, &messages)
	created := b.ask("POST", "{c}/messaging/chats/", fmt.Sprintf(`{"connection_id":%d,"user_name":"petr"}`, b.connection(telegram)))
	upload := b.upload("a.png", png, 100)
	availability := b.ask("GET", "{c}/messaging/chats/"+chat+"/availability/", "")
	var templates []json.RawMessage
	b.ask("GET", "{c}/messaging/waba/templates/", "").decode(t, &templates)
	until(t, "the push", func() bool { return len(v.all()) == 1 })
	pushed := v.raw()[0]
	var envelope struct{ Event json.RawMessage }
	var event struct{ Chat, Message json.RawMessage }
	if err := json.Unmarshal(pushed, &envelope); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(envelope.Event, &event); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		got  json.RawMessage
		want string
	}{
		"a contact with chats": {list.Data[0], "avatar_url:null chats:array contact_id:number contact_name:string is_group:bool last_chat_updated_at:string unanswered_count:number"},
		"a chat": {contact.Chats[0], "blacklist_item_id:null chat_id:number connection_id:number is_group:bool last_message:object name:string phone:string profile_link:string" +
			" source_chat_id:string unanswered_count:number username:string"},
		"a message": {messages[0], "author:null chat_id:string created_at:string delivered_at:null direction:string error_at:null error_text:null error_type:null message_id:string" +
			" message_type:string read_at:null reply_to:null source_message_id:string text:object"},
		"a created chat": {created.body, "chat_id:number contact_id:number created_chat:bool created_contact:bool"},
		"an upload":      {upload.body, "mime_type:string name:string size:number url:string"},
		"availability":   {availability.body, "available:bool balance_sufficient:bool first_message_without_template:bool session_expires_at:null template_only:bool"},
		"a template":     {templates[0], "category:string components:array connection_id:number language:string name:string status:string"},
		"a push":         {pushed, "event:object event_type:string"},
		"its event":      {envelope.Event, "chat:object chat_id:number connection_id:number contact_id:number message:object"},
		"its chat":       {event.Chat, "name:string phone:null profile_link:string username:string"},
		"its message":    {event.Message, "created_at:string direction:string message_id:string message_type:string source_message_id:string text:object"},
	} {
		if diff := cmp.Diff(tt.want, kinds(t, tt.got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
