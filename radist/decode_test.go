package radist_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/radist"
)

func at(t testing.TB, text string) radist.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return radist.Time{Time: moment.UTC()}
}

// What the specification measured on real messages (section 4.6): none of it
// may cost a message or change what it says.
func TestQuirksOfMessages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       radist.Message
	}{
		{"an inbound text has whole seconds and no marks",
			`{"message_id":"a","source_message_id":"false_79990000001@c.us_3EB0","chat_id":"79990000001@c.us","direction":"inbound","message_type":"text","author":null,"created_at":"2026-08-01T10:00:00Z","delivered_at":null,"read_at":null,"error_at":null,"error_type":null,"error_text":null,"reply_to":null,"text":{"text":"Здравствуйте"}}`,
			radist.Message{ID: "a", SourceID: "false_79990000001@c.us_3EB0", SourceChatID: "79990000001@c.us", Direction: radist.Inbound, Type: radist.TypeText, Content: radist.Text("Здравствуйте"), CreatedAt: at(t, "2026-08-01T10:00:00Z")}},
		{"an outbound one has microseconds, and is read without having been delivered",
			`{"message_id":"b","direction":"outbound","message_type":"text","created_at":"2026-08-01T10:00:00.123456Z","delivered_at":null,"read_at":"2026-08-01T10:00:09Z","text":{"text":""}}`,
			radist.Message{ID: "b", Direction: radist.Outbound, Type: radist.TypeText, Content: radist.Text(""), CreatedAt: at(t, "2026-08-01T10:00:00.123456Z"), ReadAt: at(t, "2026-08-01T10:00:09Z")}},
		{"delivered after it was read, and before it was made",
			`{"message_id":"c","direction":"outbound","message_type":"text","created_at":"2026-08-01T10:00:05Z","delivered_at":"2026-08-01T10:00:04Z","read_at":"2026-08-01T10:00:03Z","text":{"text":"x"}}`,
			radist.Message{ID: "c", Direction: radist.Outbound, Type: radist.TypeText, Content: radist.Text("x"), CreatedAt: at(t, "2026-08-01T10:00:05Z"), DeliveredAt: at(t, "2026-08-01T10:00:04Z"), ReadAt: at(t, "2026-08-01T10:00:03Z")}},
		{"failed, although delivered and read",
			`{"message_id":"d","direction":"outbound","message_type":"text","created_at":"2026-08-01T10:00:05Z","delivered_at":"2026-08-01T10:00:06Z","read_at":"2026-08-01T10:00:07Z","error_at":"2026-08-01T10:00:08Z","error_type":"GENERIC_ERROR","error_text":"(#131047) Re-engagement message","text":{"text":"x"}}`,
			radist.Message{ID: "d", Direction: radist.Outbound, Type: radist.TypeText, Content: radist.Text("x"), CreatedAt: at(t, "2026-08-01T10:00:05Z"), DeliveredAt: at(t, "2026-08-01T10:00:06Z"), ReadAt: at(t, "2026-08-01T10:00:07Z"), ErrorAt: at(t, "2026-08-01T10:00:08Z"), ErrorType: radist.GenericError, ErrorText: "(#131047) Re-engagement message"}},
		{"a voice, with all other fields of the union null as in a last message",
			`{"message_id":"e","message_type":"voice","text":null,"image":null,"video":null,"audio":null,"file":null,"waba_template":null,"waba_interactive":null,"radist_order":null,"waba_order":null,"voice":{"caption":"","name":"a.oga","size":2147483648,"mime_type":"audio/ogg","url":"https://f/a.oga"}}`,
			radist.Message{ID: "e", Type: radist.TypeVoice, Content: radist.Media{Kind: radist.TypeVoice, Name: "a.oga", Size: 1 << 31, MIMEType: "audio/ogg", URL: "https://f/a.oga"}}},
		{"a type that came later keeps its field",
			`{"message_id":"f","direction":"sideways","message_type":"hologram","hologram":{"depth":3}}`,
			radist.Message{ID: "f", Direction: "sideways", Type: "hologram", Content: radist.Unknown{Kind: "hologram", Raw: json.RawMessage(`{"depth":3}`)}}},
		{"an order is kept as it is",
			`{"message_id":"g","message_type":"waba_order","waba_order":{"items":[]}}`,
			radist.Message{ID: "g", Type: radist.TypeWABAOrder, Content: radist.Unknown{Kind: radist.TypeWABAOrder, Raw: json.RawMessage(`{"items":[]}`)}}},
		{"a text whose field is something else is kept too",
			`{"message_id":"h","message_type":"text","text":{"text":7}}`,
			radist.Message{ID: "h", Type: radist.TypeText, Content: radist.Unknown{Kind: radist.TypeText, Raw: json.RawMessage(`{"text":7}`)}}},
		{"a message whose field is missing has no content",
			`{"message_id":"i","message_type":"image"}`,
			radist.Message{ID: "i", Type: radist.TypeImage, Content: radist.Unknown{Kind: radist.TypeImage}}},
		{"an interactive one as it was seen",
			`{"message_id":"j","message_type":"waba_interactive","waba_interactive":{"body":{"text":"Подтвердить?"}}}`,
			radist.Message{ID: "j", Type: radist.TypeInteractive, Content: radist.Interactive{Body: "Подтвердить?"}}},
		{"an interactive one of another shape is kept as it is",
			`{"message_id":"l","message_type":"waba_interactive","waba_interactive":{"list_reply":{"id":"1","title":"Один"}}}`,
			radist.Message{ID: "l", Type: radist.TypeInteractive, Content: radist.Unknown{Kind: radist.TypeInteractive, Raw: json.RawMessage(`{"list_reply":{"id":"1","title":"Один"}}`)}}},
		{"so is a template of another shape",
			`{"message_id":"m","message_type":"waba_template","waba_template":{"template_id":7}}`,
			radist.Message{ID: "m", Type: radist.TypeTemplate, Content: radist.Unknown{Kind: radist.TypeTemplate, Raw: json.RawMessage(`{"template_id":7}`)}}},
		{"a number for the chat, an author, an answer and a date that is none",
			`{"message_id":"k","chat_id":37,"message_type":"text","author":{"id":1},"reply_to":{"message_id":"a"},"created_at":"soon","text":{"text":"x"}}`,
			radist.Message{ID: "k", SourceChatID: "37", Type: radist.TypeText, Content: radist.Text("x"), Author: json.RawMessage(`{"id":1}`), ReplyTo: json.RawMessage(`{"message_id":"a"}`), CreatedAt: radist.Time{Raw: "soon"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := scripted(t, always(200, "["+c.body+"]")).Messages.List(t.Context(), 3, radist.ListMessages{Chat: 37})
			if err != nil || len(got.Items) != 1 || len(got.Malformed) != 0 {
				t.Fatalf("%+v, %v", got, err)
			}
			if diff := cmp.Diff(c.want, got.Items[0]); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCodesOfWhatsAppAreFoundInTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		m    radist.Message
		want radist.WABACode
	}{
		{"alone", radist.Message{ErrorText: "131047"}, radist.CodeWindowClosed},
		{"among words", radist.Message{ErrorText: "(#132000) Number of parameters: 3, 2 expected"}, radist.CodeParameterCount},
		{"in the type", radist.Message{ErrorType: "WABA_131026"}, radist.CodeUndeliverable},
		{"a generic error has none", radist.Message{ErrorType: radist.GenericError, ErrorText: "try 555"}, 0},
		{"a number beyond all numbers", radist.Message{ErrorText: strings.Repeat("9", 50)}, 0},
	} {
		if got := c.m.WABACode(); got != c.want {
			t.Errorf("%s: %d", c.name, got)
		}
	}
}

func TestAnOddItemCostsItselfOnly(t *testing.T) {
	t.Parallel()
	const body = `{"data":[
		{"contact_id":5,"contact_name":"Анна","avatar_url":null,"is_group":false,"unanswered_count":2,"last_chat_updated_at":"2026-08-01T10:00:00Z","mood":"good","chats":[
			{"connection_id":10,"chat_id":9223372036854775807,"source_chat_id":"79990000001@c.us","phone":"79990000001","username":null,"profile_link":null,"name":"Анна","unanswered_count":2,"blacklist_item_id":null,"last_message":{"message_id":"a","message_type":"text","text":{"text":"x"},"image":null}},
			{"connection_id":10,"chat_id":"seven"}, null,
			{"connection_id":11,"chat_id":38,"username":"anna","blacklist_item_id":4,"last_message":{"message_id":7}}]},
		{"contact_id":"secret"}, 7, {"contact_name":"nobody"},
		{"contact_id":6,"chats":null}],"response_metadata":{"next_cursor":"c2"}}`
	var log bytes.Buffer
	c := scripted(t, always(200, body), radist.WithLog(slog.New(slog.NewTextHandler(&log, nil))))
	got, err := c.Chats.List(t.Context(), 3, radist.ListChats{})
	if err != nil || len(got.Items) != 2 || len(got.Malformed) != 3 || got.Next != "c2" {
		t.Fatalf("%+v, %v", got, err)
	}
	want := []radist.Chat{
		{ConnectionID: 10, ID: 9223372036854775807, SourceID: "79990000001@c.us", Phone: "79990000001", Name: "Анна", Unanswered: 2,
			LastMessage: &radist.Message{ID: "a", Type: radist.TypeText, Content: radist.Text("x")}},
		{ConnectionID: 11, ID: 38, Username: "anna", BlacklistItemID: 4},
	}
	if diff := cmp.Diff(want, got.Items[0].Chats); diff != "" {
		t.Errorf("chats (-want +got):\n%s", diff)
	}
	if anna := got.Items[0]; len(anna.Malformed) != 2 || anna.ContactName != "Анна" || anna.Unanswered != 2 || anna.LastChatUpdatedAt.IsZero() {
		t.Errorf("%+v", anna)
	}
	if !strings.Contains(log.String(), "kind=radist.ContactChats items=3") || strings.Contains(log.String(), "secret") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestListsWhoseEnvelopeIsNotKnown(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"bare": `[{"id":8,"url":"https://x/y","events":["messages.create","messages.sung"]}]`, "named": `{"webhooks":[{"id":8,"url":"https://x/y","events":["messages.create","messages.sung"]}]}`,
		"called data": `{"total":1,"data":[{"id":8,"url":"https://x/y","events":["messages.create","messages.sung"]}]}`,
	} {
		got, err := scripted(t, always(200, body)).Webhooks.List(t.Context(), 3)
		if err != nil || len(got.Items) != 1 || len(got.Items[0].Events) != 2 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, body := range map[string]string{"an object without a list": `{"ok":true}`, "a text": `"x"`, "a list that is none": `{"webhooks":7}`} {
		if got, err := scripted(t, always(200, body)).Webhooks.List(t.Context(), 3); err == nil {
			t.Errorf("%s is taken for %+v", name, got)
		}
	}
	if got, err := scripted(t, always(200, `{"webhooks":null}`)).Webhooks.List(t.Context(), 3); err != nil || len(got.Items) != 0 {
		t.Errorf("no subscriptions: %+v, %v", got, err)
	}
}

// The decision table of the specification.
func TestWhatAChatTakesNow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body     string
		text, template bool
	}{
		{"no balance", `{"available":false,"template_only":false,"session_expires_at":"2026-11-21T09:00:00Z","balance_sufficient":false,"first_message_without_template":true}`, false, false},
		{"an open window", `{"available":true,"template_only":false,"session_expires_at":"2026-11-21T09:00:00Z","balance_sufficient":true}`, true, true},
		{"a shut one of a number that may write first", `{"available":true,"template_only":false,"session_expires_at":null,"balance_sufficient":true,"first_message_without_template":true}`, true, true},
		{"a shut one", `{"available":true,"template_only":true,"session_expires_at":null,"balance_sufficient":true,"first_message_without_template":false}`, false, true},
		{"a balance that is not told does not count", `{"template_only":true}`, false, true},
		{"only the balance is told", `{"balance_sufficient":false}`, false, false},
	} {
		got, err := scripted(t, always(200, c.body)).Chats.Availability(t.Context(), 3, 37)
		if err != nil || got.Allows(radist.TypeText) != c.text || got.Allows(radist.TypeTemplate) != c.template {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if got, err := scripted(t, always(200, `{"window":"open"}`)).Chats.Availability(t.Context(), 3, 37); err == nil {
		t.Errorf("an answer that says nothing is taken for %+v", got)
	}
}

func TestPhonesInTenSpellings(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{
		"79990000001", "+79990000001", "+7 999 000 00 01", "7 (999) 000-00-01", "+7(999)000.00.01", " 7-999-000-00-01 ", "+7\u00a0999\u00a0000\u201100\u201101",
		"7 999 000/00/01", "\t79990000001", "(+7) 999 0000001",
	} {
		if got, err := radist.PhoneDigits(spelling); err != nil || got != "79990000001" {
			t.Errorf("%q is %q, %v", spelling, got, err)
		}
	}
	if got, err := radist.PhoneDigits("8 999 000-00-01"); err != nil || got != "89990000001" {
		t.Errorf("a leading 8 becomes %q, %v", got, err)
	}
	for _, spelling := range []string{"", "+", "112", "7999+0000001", "anna", "79990000001 доб. 5", "1234567890123456", "７９９９００００００１", "7999\x00"} {
		if got, err := radist.PhoneDigits(spelling); err == nil || spelling != "" && len(spelling) > 4 && strings.Contains(err.Error(), spelling) {
			t.Errorf("%q is %q, %v", spelling, got, err)
		}
	}
}
