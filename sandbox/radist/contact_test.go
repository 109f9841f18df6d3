package radist_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

func TestR1AChatByPhoneJoinsTheContactThatHasThePhone(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	var made struct{ ID int64 }
	b.ask("POST", "{c}/contacts/", `{"name":"Анна","phones":[{"type":"work","value":"+7 (999) 000-00-01"}]}`).decode(t, &made)
	first := b.open(whatsApp, `"phone":"79990000001"`)
	second := b.open(telegram, `"phone":"+79990000001"`)
	for _, got := range []opened{first, second} {
		if !got.CreatedChat || got.CreatedContact || got.Contact != made.ID {
			t.Errorf("%+v is not with contact %d", got, made.ID)
		}
	}
	if first.Chat == second.Chat {
		t.Error("two connections share a chat")
	}
}

func TestR2ATelegramUserKeepsTheContactOverConnections(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	heard := b.buyer("telegram_bot", `{"name":"Анна","username":"Anna_K"}`, "Здравствуйте")
	got := b.open(telegram, `"user_name":"anna_k"`)
	if got.CreatedContact || !got.CreatedChat || fmt.Sprint(got.Chat) == heard {
		t.Errorf("%+v beside chat %s", got, heard)
	}
	contact := b.chats("").Data[0]
	if len(contact.Chats) != 2 || contact.Contact != got.Contact {
		t.Errorf("contact %+v", contact)
	}
}

func TestR2DoesNotReachOtherMessengers(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	b.buyer("telegram_personal", `{"name":"Анна","username":"anna"}`, "a")
	b.buyer("whatsapp", `{"name":"Анна","username":"anna","phone":"79990000001"}`, "a")
	for _, c := range b.chats("").Data {
		if len(c.Chats) != 1 {
			t.Errorf("%+v", c)
		}
	}
}

func TestR3AGivenContactTakesANewChatOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		phoneFirst bool
		owner      bool // the contact with the phone gets the chat
	}{
		"the given contact wins over the owner of the phone":               {false, false},
		"the owner of the phone wins where the emulator is switched to it": {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t, radist.Options{PhoneFirst: tt.phoneFirst})
			var given struct{ ID int64 }
			b.ask("POST", "{c}/contacts/", `{"name":"Другая","phones":[]}`).decode(t, &given)
			owner := b.open(whatsApp, `"phone":"79990000001"`)
			got := b.open(telegram, fmt.Sprintf(`"phone":"79990000001","contact_id":%d`, given.ID))
			want := given.ID
			if tt.owner {
				want = owner.Contact
			}
			if got.Contact != want || got.CreatedContact {
				t.Errorf("%+v, want contact %d", got, want)
			}
			again := b.open(whatsApp, fmt.Sprintf(`"phone":"79990000001","contact_id":%d`, given.ID))
			if diff := cmp.Diff(opened{Chat: owner.Chat, Contact: owner.Contact}, again); diff != "" {
				t.Errorf("an existing chat is returned with its contact: %s", diff)
			}
			if unknown := b.open(whatsApp, `"phone":"79990000001","contact_id":1`); unknown.Chat != owner.Chat {
				t.Errorf("an unknown contact is not ignored for an existing chat: %+v", unknown)
			}
		})
	}
}

func TestR4AStrangerGetsANewContact(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	first, second := b.open(whatsApp, `"phone":"79990000001"`), b.open(whatsApp, `"phone":"79990000002"`)
	if !first.CreatedChat || !first.CreatedContact || !second.CreatedContact || first.Contact == second.Contact {
		t.Errorf("%+v %+v", first, second)
	}
	if eight := b.open(whatsApp, `"phone":"89990000001"`); eight.Contact == first.Contact {
		t.Error("a leading 8 was rewritten")
	}
}

func TestTheSameCustomerGetsTheSameChatHoweverThePhoneIsSpelled(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	first := b.open(whatsApp, `"phone":"79990000001"`)
	for _, phone := range []string{"+79990000001", "+7 999 000 00 01", "7 (999) 000-00-01", "+7(999)0000001", "7-999-000-00-01"} {
		if got := b.open(whatsApp, fmt.Sprintf(`"phone":%q`, phone)); got != (opened{Chat: first.Chat, Contact: first.Contact}) {
			t.Errorf("%s: %+v", phone, got)
		}
	}
	if b.buyer("whatsapp", `{"name":"Анна","phone":"+79990000001"}`, "a") != fmt.Sprint(first.Chat) {
		t.Error("the buyer wrote into another chat")
	}
}

func TestChatsThatCannotBeCreated(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	for name, tt := range map[string]struct {
		body   string
		status int
		say    string
	}{
		"without a connection":            {`{"phone":"79990000001"}`, 422, "connection_id"},
		"through an unknown connection":   {`{"connection_id":9,"phone":"79990000001"}`, 404, "Connection not found"},
		"to nobody":                       {`{"connection_id":101}`, 422, "phone or user_name is needed"},
		"by user name in WhatsApp":        {`{"connection_id":101,"user_name":"anna"}`, 422, "cannot be created by username"},
		"by phone through a Telegram bot": {`{"connection_id":104,"phone":"79990000001"}`, 422, "cannot be created by phone"},
		"with a phone that is none":       {`{"connection_id":101,"phone":"8-800-anna"}`, 422, "Not a phone number"},
		"with a phone of two pluses":      {`{"connection_id":101,"phone":"+7+9990000001"}`, 422, "Not a phone number"},
		"with a user name with @":         {`{"connection_id":103,"user_name":"@anna"}`, 422, "Not a user name"},
		"for an unknown contact":          {`{"connection_id":101,"phone":"79990000099","contact_id":5}`, 404, "Contact not found"},
		"with a number as phone":          {`{"connection_id":101,"phone":79990000001}`, 422, "valid string"},
		"without JSON":                    {`phone=1`, 422, "JSON decode error"},
	} {
		if a := b.ask("POST", "{c}/messaging/chats/", tt.body); a.status != tt.status || !strings.Contains(string(a.body), tt.say) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestTheListPutsTheUnansweredFirstThenTheNewest(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	var chats []string
	for i, name := range []string{"a", "b", "c", "d"} {
		chats = append(chats, b.buyer("whatsapp", fmt.Sprintf(`{"name":%q,"phone":"7999000000%d"}`, name, i), "?"))
		b.world.Clock().Advance(time.Minute)
	}
	b.say(whatsApp, chats[0], "!")
	b.say(whatsApp, chats[3], "!")
	b.say(whatsApp, chats[1], "!")
	b.world.Clock().Advance(time.Minute)
	b.buyer("whatsapp", `{"phone":"79990000000"}`, "??")
	b.buyer("whatsapp", `{"phone":"79990000000"}`, "???")
	names, counts := "", ""
	for _, c := range b.chats("").Data[:4] {
		if len(c.Name) == 1 {
			names += c.Name
			counts += fmt.Sprint(c.Unanswered)
		}
	}
	if names != "acbd" || counts != "2100" {
		t.Errorf("order %s with %s unanswered", names, counts)
	}
}

func TestTheCursorWalksOverEveryContactOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, radist.Options{}, 400)
	seen, cursor, waits, shared := map[int64]bool{}, "", true, 0
	for range 100 {
		got := b.chats("limit=7&cursor=" + cursor)
		for _, c := range got.Data {
			if seen[c.Contact] {
				t.Fatalf("contact %d twice", c.Contact)
			}
			seen[c.Contact] = true
			if c.Unanswered > 0 && !waits {
				t.Error("an unanswered contact behind an answered one")
			}
			waits = c.Unanswered > 0
			if len(c.Chats) > 1 {
				shared++
			}
		}
		if cursor = got.Meta.Next; cursor == "" {
			break
		}
	}
	all := b.chats("limit=100")
	if len(all.Data) != min(100, len(seen)) || len(seen) < 20 || shared == 0 {
		t.Errorf("%d contacts walked, %d at once, %d with two chats", len(seen), len(all.Data), shared)
	}
	if a := b.ask("GET", "{c}/messaging/chats/with_contacts/?cursor=x", ""); a.status != 422 {
		t.Errorf("a wrong cursor: %d", a.status)
	}
	if a := b.ask("GET", "{c}/messaging/chats/with_contacts/?limit=101", ""); a.status != 422 {
		t.Errorf("a limit over 100: %d", a.status)
	}
}

func TestTheLastMessageHasAllFieldsOfTheUnion(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	b.buyer("whatsapp", `{"phone":"79990000001"}`, "Здравствуйте")
	last := b.chats("").Data[0].Chats[0].Last
	for _, u := range []string{"text", "image", "voice", "file", "video", "audio", "waba_template", "waba_interactive", "radist_order", "waba_order"} {
		if got, ok := last[u]; !ok || (string(got) == "null") != (u != "text") {
			t.Errorf("%s is %s", u, got)
		}
	}
	if empty := b.open(whatsApp, `"phone":"79990000002"`); true {
		for _, c := range b.chats("").Data {
			if c.Contact == empty.Contact && c.Chats[0].Last != nil {
				t.Error("a chat without messages has a last one")
			}
		}
	}
}

func TestContactsAreListedByTheirAge(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	for _, name := range []string{"a", "b", "c"} {
		if a := b.ask("POST", "{c}/contacts/", fmt.Sprintf(`{"name":%q,"phones":[{"type":"work","value":"+7999000000%d"}]}`, name, name[0])); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	var got []struct {
		ID     int64
		Name   string
		Phones []struct{ Type, Value string }
	}
	b.ask("GET", "{c}/contacts/?order_by=created_at:desc&limit=2&offset=1", "").decode(t, &got)
	if len(got) != 2 || got[0].Name != "b" || got[1].Name != "a" || got[0].Phones[0].Value != "799900000098" {
		t.Errorf("%+v", got)
	}
	for body, say := range map[string]string{
		`{"phones":[]}`: "name", `{"name":"a","phones":[{"type":"work","value":"x"}]}`: "phones",
		`{"name":"` + strings.Repeat("a", 256) + `"}`: "name",
	} {
		if a := b.ask("POST", "{c}/contacts/", body); a.status != 422 || !strings.Contains(string(a.body), say) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := b.ask("GET", "{c}/contacts/?order_by=name", ""); a.status != 422 {
		t.Errorf("an unknown order: %d", a.status)
	}
}

func TestBuyersOfTheControlCallReachTheRightChat(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	write := func(from sandbox.Person) sandbox.Written {
		t.Helper()
		got, err := b.world.BuyerWrites(t.Context(), sandbox.BuyerMessage{API: radist.API, Kind: sandbox.KindChat, From: &from, Text: "a"})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := write(sandbox.Person{Name: "Анна", Phone: "+7 999 000-00-01"})
	if again := write(sandbox.Person{Phone: "79990000001"}); again.Conversation != first.Conversation {
		t.Errorf("%v and %v", first, again)
	}
	user := write(sandbox.Person{Name: "Пётр", Username: "@petr"})
	if got := b.open(telegram, `"user_name":"petr"`); fmt.Sprint(got.Chat) != user.Conversation || got.CreatedChat {
		t.Errorf("%+v, want %v", got, user)
	}
	guest := b.buyer("telegram_bot", `{"name":"Гость"}`, "a")
	if again := b.buyer(fmt.Sprint(b.connection(bot)), `{"name":"Другой гость"}`, "a"); again == guest {
		t.Error("two guests share a chat")
	}
	if b.buyer("max_personal", `{"phone":"79990000001"}`, "a") == first.Conversation {
		t.Error("two messengers share a chat")
	}
	if nameless := write(sandbox.Person{Name: "Кто-то"}); nameless.Conversation == first.Conversation {
		t.Error("a person without phone and name shares a chat")
	}
}

func TestABuyerIntroducesHimself(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	got := b.open(whatsApp, `"phone":"79990000001"`)
	name := func() string {
		for _, c := range b.chats("").Data {
			if c.Contact == got.Contact {
				return c.Name
			}
		}
		return ""
	}
	if name() != "79990000001" {
		t.Errorf("before: %q", name())
	}
	b.buyer("whatsapp", `{"phone":"79990000001","name":"Анна"}`, "a")
	b.buyer("whatsapp", `{"phone":"79990000001","name":"Не Анна"}`, "a")
	if name() != "Анна" {
		t.Errorf("after: %q", name())
	}
}

func TestBuyersThatAreRefused(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	for name, body := range map[string]string{
		"without a word":                       `{"from":{"name":"a"}}`,
		"with a phone that is none":            `{"from":{"phone":"anna"},"text":"a"}`,
		"with a user name that is none":        `{"from":{"username":"а н н а"},"text":"a"}`,
		"through an unknown connection":        `{"connection":"icq","text":"a"}`,
		"in an unknown chat":                   `{"conversation":"10999999","text":"a"}`,
		"in a chat that has a person already":  `{"conversation":"` + chat + `","from":{"name":"b"},"text":"a"}`,
		"in a chat without a word":             `{"conversation":"` + chat + `"}`,
		"about a message that does not exist":  `{"conversation":"` + chat + `","text":"a","reply_to":"x"}`,
		"with a file of a name that is longer": `{"text":"a","files":[{"name":"` + strings.Repeat("a", 256) + `"}]}`,
		"with a connection that is an object":  `{"connection":{},"text":"a"}`,
	} {
		if a := b.control("radist/buyer", body); a.status != 400 {
			t.Errorf("a buyer %s: %d %s", name, a.status, a.body)
		}
	}
	if a := b.control("buyer", `{"api":"radist","kind":"chat","from":{"phone":"79990000001"},"text":"a","rating":5}`); a.status != 400 {
		t.Errorf("a rating: %d %s", a.status, a.body)
	}
	if a := b.control("buyer", `{"api":"radist","kind":"review","text":"a"}`); a.status != 400 {
		t.Errorf("a review: %d %s", a.status, a.body)
	}
}
