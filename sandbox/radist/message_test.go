package radist_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

const anna = `{"name":"Анна","phone":"79990000001"}`

func TestTheHistoryComesNewestFirstAndPagesByUntil(t *testing.T) {
	t.Parallel()
	for name, strict := range map[string]bool{"with an inclusive bound": false, "with an exclusive bound": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t, radist.Options{StrictUntil: strict})
			chat := b.buyer("whatsapp", anna, "0")
			for i := 1; i < 12; i++ {
				if i%3 == 0 {
					b.say(whatsApp, chat, fmt.Sprint(i))
					continue
				}
				b.buyer("whatsapp", anna, fmt.Sprint(i)) // within one second of the one before
			}
			all := b.history(chat, "")
			var got []string
			for i, m := range all {
				got = append(got, m.Text.Text)
				if i > 0 && m.at(t).After(all[i-1].at(t)) {
					t.Errorf("%s stands behind the older %s", m.Created, all[i-1].Created)
				}
			}
			if diff := cmp.Diff(strings.Split("11 10 9 8 7 6 5 4 3 2 1 0", " "), got); diff != "" {
				t.Errorf("order: %s", diff)
			}
			seen, until := map[string]bool{}, ""
			for range 20 {
				page := b.history(chat, "&limit=5"+until)
				fresh := false
				for _, m := range page {
					fresh = fresh || !seen[m.ID]
					seen[m.ID] = true
				}
				if len(page) < 5 || !fresh {
					break
				}
				until = "&until=" + url.QueryEscape(page[4].at(t).Add(time.Microsecond).Format(time.RFC3339Nano))
			}
			if len(seen) != 12 {
				t.Errorf("paging found %d of 12", len(seen))
			}
			bound := all[6].at(t)
			page := b.history(chat, "&until="+url.QueryEscape(bound.Format(time.RFC3339Nano)))
			for _, m := range page {
				if m.at(t).After(bound) || strict && m.at(t).Equal(bound) {
					t.Errorf("%s is beyond %s", m.Created, bound)
				}
			}
			if (page[0].at(t).Equal(bound)) == strict {
				t.Errorf("the bound %s, the first %s", bound, page[0].Created)
			}
		})
	}
}

func TestHistoriesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	other := radist.Connection(b.world.Accounts(radist.API)[1], 0)/100*10_000_000 + 1
	for name, tt := range map[string]struct {
		query  string
		status int
	}{
		"without a chat":             {"", 422},
		"of an unknown chat":         {"chat_id=10999999", 404},
		"of a chat of somebody else": {fmt.Sprintf("chat_id=%d", other), 404},
		"until a time that is none":  {"chat_id=" + chat + "&until=yesterday", 422},
		"with a limit of 0":          {"chat_id=" + chat + "&limit=0", 422},
		"with a limit of 101":        {"chat_id=" + chat + "&limit=101", 422},
	} {
		if a := b.ask("GET", "{c}/messaging/messages/?"+tt.query, ""); a.status != tt.status {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestMessagesAreWrittenAsTheMessengerGivesThem(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "Здравствуйте")
	b.say(whatsApp, chat, "Добрый день")
	b.played("buyer", fmt.Sprintf(`{"conversation":%q,"text":"вот","files":[{"name":"IMG_1.jpg","size":90000},{"name":"голос.oga","size":5000},{"name":"Чек.pdf"}]}`, chat))
	got := b.history(chat, "")
	if len(got) != 5 {
		t.Fatalf("%d messages", len(got))
	}
	file, voice, image, out, in := got[0], got[1], got[2], got[3], got[4]
	if in.Direction != "inbound" || strings.Contains(in.Created, ".") || !strings.HasSuffix(in.Created, "Z") || in.Chat != "79990000001@c.us" || !strings.HasPrefix(in.Source, "false_79990000001@c.us_") {
		t.Errorf("inbound %+v", in)
	}
	if out.Direction != "outbound" || !strings.Contains(out.Created, ".") || !strings.HasPrefix(out.Source, "true_") || out.Text.Text != "Добрый день" {
		t.Errorf("outbound %+v", out)
	}
	if image.Type != "image" || image.Image.Caption != "вот" || image.Image.Size != 90000 || voice.Type != "voice" || voice.Voice.Mime != "audio/ogg" || file.Type != "file" || file.File.Caption != "" {
		t.Errorf("files %+v %+v %+v", image, voice, file)
	}
	if image.Created != voice.Created || image.Text != nil {
		t.Errorf("files of one message do not share their second, or have a text: %+v", image)
	}
	if a := b.to("GET", image.Image.URL, "", nil); a.status != 200 || a.header.Get("Content-Type") != "image/jpeg" || len(a.body) != 90000 {
		t.Errorf("the picture: %d %v", a.status, a.header)
	}
	raw := b.ask("GET", "{c}/messaging/messages/?limit=1&chat_id="+chat, "")
	var fields []map[string]json.RawMessage
	raw.decode(t, &fields)
	for _, u := range []string{"text", "image", "waba_template"} {
		if _, have := fields[0][u]; have {
			t.Errorf("a message of type file has the field %s", u)
		}
	}
	for i, contact := range b.chats("").Data {
		if i == 0 && (contact.Unanswered != 3 || contact.Updated != file.Created) {
			t.Errorf("the chat does not follow from its messages: %+v, %s", contact, file.Created)
		}
	}
}

func TestSecondsOfBuyersMayBeCutWithoutRegardToTheOrder(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]bool{"the order of times is that of arrival": false, "a second may lie before what was said in it": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t, radist.Options{RawSeconds: raw})
			chat := b.buyer("whatsapp", anna, "a")
			b.say(whatsApp, chat, "b")
			b.buyer("whatsapp", anna, "c")
			if got := b.history(chat, "")[0].Text.Text; (got == "b") != raw {
				t.Errorf("%s is the newest", got)
			}
		})
	}
}

func TestMarksComeLate(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	b.say(whatsApp, chat, "b")
	newest := func() message { return b.history(chat, "&limit=1")[0] }
	if m := newest(); m.Delivered != nil || m.Read != nil { // one second later
		t.Errorf("%+v", m)
	}
	if m := newest(); m.Delivered == nil || m.Read != nil {
		t.Errorf("%+v", m)
	}
	b.world.Clock().Advance(10 * time.Second)
	m := newest()
	if m.Delivered == nil || m.Read == nil || m.Error != nil || *m.Delivered > *m.Read {
		t.Errorf("%+v", m)
	}
	if in := b.history(chat, "")[1]; in.Delivered != nil || in.Read != nil {
		t.Errorf("an inbound message has marks: %+v", in)
	}
}

func TestMarksAreMissingReversedOrWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		quirks radist.Quirks
		right  func(m message, delivered, read string) bool
	}{
		"read but never delivered":        {radist.Quirks{ReadOnly: 1}, func(m message, _, _ string) bool { return m.Delivered == nil && m.Read != nil }},
		"delivered after it was read":     {radist.Quirks{Reversed: 1}, func(_ message, d, r string) bool { return r != "" && d > r }},
		"delivered before it was written": {radist.Quirks{Early: 1}, func(m message, d, _ string) bool { return d != "" && d < m.Created }},
		"delivered but never read":        {radist.Quirks{Unread: 1}, func(m message, d, _ string) bool { return d != "" && m.Read == nil }},
		"without any mark":                {radist.Quirks{Unmarked: 1}, func(m message, _, _ string) bool { return m.Delivered == nil && m.Read == nil && m.Error == nil }},
		"failed though delivered and read": {radist.Quirks{Failed: 1}, func(m message, d, r string) bool {
			return d != "" && r != "" && m.Error != nil && *m.ErrorType == "GENERIC_ERROR"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t, radist.Options{Quirks: &tt.quirks})
			chat := b.buyer("whatsapp", anna, "a")
			b.say(whatsApp, chat, "b")
			b.world.Clock().Advance(time.Minute)
			m := b.history(chat, "&limit=1")[0]
			text := func(s *string) string {
				if s == nil {
					return ""
				}
				return *s
			}
			if !tt.right(m, text(m.Delivered), text(m.Read)) {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestTheHistoryHasTheMeasuredOddities(t *testing.T) {
	t.Parallel()
	w, err := sandbox.New(7, sandbox.Options{Start: start, Scale: -1, Messages: 2000})
	if err != nil {
		t.Fatal(err)
	}
	radist.Mount(w, radist.Options{})
	b := newBench(t, radist.Options{}, 1)
	b.world, b.account, b.server.Config.Handler = w, w.Accounts(radist.API)[0], w.Handler()
	b.key = radist.Token(b.account, radist.TokenOptions{})
	all, readOnly, ids := 0, 0, map[string]bool{}
	for _, contact := range b.chats("limit=100").Data {
		for _, chat := range contact.Chats {
			waits := 0
			found := b.history(fmt.Sprint(chat.ID), "&limit=100")
			for i, m := range found {
				if ids[m.ID] {
					t.Errorf("message %s twice", m.ID)
				}
				ids[m.ID] = true
				if m.Direction == "inbound" {
					if waits == i {
						waits++
					}
					continue
				}
				all++
				if m.Read != nil && m.Delivered == nil {
					readOnly++
				}
			}
			if waits != chat.Unanswered {
				t.Errorf("chat %d: %d inbound messages after the last answer, unanswered_count %d", chat.ID, waits, chat.Unanswered)
			}
		}
	}
	if all < 200 || readOnly < all/25 || readOnly > all/5 {
		t.Errorf("%d of %d messages are read without having been delivered", readOnly, all)
	}
}

func TestMarksSetByHand(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{Quirks: &radist.Quirks{Unmarked: 1}})
	chat := b.buyer("whatsapp", anna, "a")
	id := b.say(whatsApp, chat, "b")
	b.played("mark", fmt.Sprintf(`{"conversation":%q,"message":%q,"do":"read"}`, chat, id))
	b.played("mark", fmt.Sprintf(`{"conversation":%q,"message":%q,"do":"error"}`, chat, id))
	m := b.history(chat, "&limit=1")[0]
	if m.Read == nil || m.Delivered != nil || m.Error == nil || !strings.HasPrefix(*m.ErrorText, "131026") {
		t.Errorf("%+v", m)
	}
	inbound := b.history(chat, "")[1].ID
	for name, body := range map[string]string{
		"of a buyer's message":   fmt.Sprintf(`{"conversation":%q,"message":%q,"do":"read"}`, chat, inbound),
		"that does not exist":    fmt.Sprintf(`{"conversation":%q,"message":%q,"do":"seen"}`, chat, id),
		"of an unknown message":  fmt.Sprintf(`{"conversation":%q,"message":"x","do":"read"}`, chat),
		"without a conversation": fmt.Sprintf(`{"message":%q,"do":"read"}`, id),
		"of an unknown chat":     fmt.Sprintf(`{"conversation":"7","message":%q,"do":"read"}`, id),
		"of an unknown account":  fmt.Sprintf(`{"account":"x","conversation":%q,"message":%q,"do":"read"}`, chat, id),
		"with an unknown field":  `{"mark":1}`,
	} {
		if a := b.control("radist/mark", body); a.status != 400 {
			t.Errorf("a mark %s: %d %s", name, a.status, a.body)
		}
	}
}

func TestListsAreDoubledAndTurnedAroundOnOrder(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	b.say(whatsApp, chat, "b")
	if a := b.control("faults", `[{"api":"radist","operation":"GET /companies/{c}/messaging/messages/","nth":1,"effect":"duplicate"},{"api":"radist","operation":"GET /companies/{c}/messaging/messages/","nth":2,"effect":"reorder"}]`); a.status != 200 {
		t.Fatalf("%s", a.body)
	}
	if got := b.history(chat, ""); len(got) != 4 || got[0].ID != got[1].ID {
		t.Errorf("%+v", got)
	}
	if got := b.history(chat, ""); len(got) != 2 || got[0].Direction != "inbound" {
		t.Errorf("%+v", got)
	}
}
