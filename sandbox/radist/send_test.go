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

func TestAnAnswerEntersTheChatAndTheListOfReceivedOnes(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("telegram_personal", `{"name":"Анна","username":"anna"}`, "a")
	id := b.say(telegram, chat, "Добрый день")
	link := b.link("фото.png", png, 3000)
	b.sent(b.post(telegram, chat, "image", fmt.Sprintf(`{"url":%q,"caption":"вот"}`, link)))
	got := b.history(chat, "")
	if got[1].ID != id || got[1].Text.Text != "Добрый день" || got[0].Image.URL != link || got[0].Image.Size != 3000 || got[0].Image.Caption != "вот" {
		t.Errorf("%+v", got)
	}
	if first := b.chats("").Data; first[0].Unanswered > 0 && fmt.Sprint(first[0].Chats[0].ID) == chat {
		t.Error("an answered chat waits")
	}
	var received []string
	for _, r := range b.world.State().Received {
		received = append(received, fmt.Sprint(r.Kind, " ", r.Conversation, " ", r.Text, " ", r.Files))
	}
	if diff := cmp.Diff([]string{"chat " + chat + " Добрый день []", "chat " + chat + " вот [{фото.png 3000}]"}, received); diff != "" {
		t.Error(diff)
	}
	if a := b.to("GET", link, "", nil); len(a.body) != 3000 || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("the upload comes back as %d bytes of %s", len(a.body), a.header.Get("Content-Type"))
	}
}

func TestMessagesThatAreRefused(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	business := b.buyer("waba", anna, "a")
	body := func(connection int, chat, rest string) string {
		return fmt.Sprintf(`{"connection_id":%d,"chat_id":%s,%s}`, b.connection(connection), chat, rest)
	}
	for name, tt := range map[string]struct {
		body   string
		status int
		say    string
	}{
		"without a connection":                        {`{"chat_id":` + chat + `,"message_type":"text","text":{"text":"a"}}`, 422, "connection_id"},
		"without a chat":                              {`{"connection_id":101,"message_type":"text","text":{"text":"a"}}`, 422, "chat_id"},
		"without a type":                              {body(whatsApp, chat, `"text":{"text":"a"}`), 422, "message_type"},
		"of an unknown type":                          {body(whatsApp, chat, `"message_type":"sticker","sticker":{}`), 422, "Unknown type"},
		"of a type that only buyers send":             {body(whatsApp, chat, `"message_type":"waba_order","waba_order":{}`), 422, "cannot be sent"},
		"with an unknown mode":                        {body(whatsApp, chat, `"mode":"later","message_type":"text","text":{"text":"a"}`), 422, "mode"},
		"without the field named as the type":         {body(whatsApp, chat, `"message_type":"text"`), 422, "must be filled"},
		"with null in the field named as the type":    {body(whatsApp, chat, `"message_type":"text","text":null`), 422, "must be filled"},
		"with another field of the union":             {body(whatsApp, chat, `"message_type":"text","text":{"text":"a"},"image":{"url":"https://a.example/b"}`), 422, "Only the field text"},
		"with an empty text":                          {body(whatsApp, chat, `"message_type":"text","text":{"text":" "}`), 422, "not empty"},
		"with a text that is a string":                {body(whatsApp, chat, `"message_type":"text","text":"a"`), 422, "not empty"},
		"with 4,097 letters through WABA":             {body(waba, business, `"message_type":"text","text":{"text":"`+strings.Repeat("ы", 4097)+`"}`), 422, "4096"},
		"with a link of another scheme":               {body(whatsApp, chat, `"message_type":"file","file":{"url":"http://a.example/b.pdf"}`), 422, "https"},
		"without a link":                              {body(whatsApp, chat, `"message_type":"image","image":{"caption":"a"}`), 422, "upload the file first"},
		"with a caption of 1,025 letters":             {body(whatsApp, chat, `"message_type":"image","image":{"url":"https://a.example/b.png","caption":"`+strings.Repeat("ы", 1025)+`"}`), 422, "1024"},
		"into an unknown chat":                        {body(whatsApp, "10999999", `"message_type":"text","text":{"text":"a"}`), 404, "Chat not found"},
		"through an unknown connection":               {`{"connection_id":7,"chat_id":` + chat + `,"message_type":"text","text":{"text":"a"}}`, 404, "Connection not found"},
		"through the connection of another messenger": {body(telegram, chat, `"message_type":"text","text":{"text":"a"}`), 422, "cannot be reached"},
		"with a template where there are none":        {body(whatsApp, chat, `"message_type":"waba_template","waba_template":{"name":"hello_again","language":"ru"}`), 422, "WABA only"},
		"with a list instead of an object":            {`[1]`, 422, "valid dictionary"},
		"that break off":                              {`{"connection_id":101`, 422, "JSON decode error"},
		"with a chat that is a text":                  {body(whatsApp, `"x"`, `"message_type":"text","text":{"text":"a"}`), 422, "valid integer"},
		"of more than a megabyte":                     {body(whatsApp, chat, `"message_type":"text","text":{"text":"`+strings.Repeat("a", 1<<20)+`"}`), 413, "too large"},
	} {
		if a := b.ask("POST", "{c}/messaging/messages/", tt.body); a.status != tt.status || !strings.Contains(string(a.body), tt.say) {
			t.Errorf("a message %s: %d %s", name, a.status, a.body)
		}
	}
	if got := b.world.State().Received; len(got) != 0 {
		t.Errorf("refused messages were received: %+v", got)
	}
	for _, mode := range []string{"async", "sync"} {
		if a := b.ask("POST", "{c}/messaging/messages/", body(whatsApp, chat, `"mode":"`+mode+`","message_type":"text","text":{"text":"a"},"image":null`)); a.status != 200 {
			t.Errorf("mode %s with null in another field: %d %s", mode, a.status, a.body)
		}
	}
}

func TestWhatMayBeSentFollowsFromWindowAndBalance(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		balance        float64
		open, option   bool
		text, template int
	}{
		"without balance in an open window":         {0, true, false, 409, 409},
		"without balance in a shut window":          {-1, false, true, 409, 409},
		"with balance in an open window":            {5, true, false, 200, 200},
		"with balance in an open window and option": {5, true, true, 200, 200},
		"in a shut window with the option":          {5, false, true, 200, 200},
		"in a shut window without the option":       {5, false, false, 409, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t, radist.Options{})
			chat := b.buyer("waba", anna, "a")
			if !tt.open {
				b.world.Clock().Advance(24 * time.Hour)
			}
			b.played("cabinet", fmt.Sprintf(`{"balance":%v,"first_free":%v}`, tt.balance, tt.option))
			var got struct {
				Available bool
				Only      bool    `json:"template_only"`
				Expires   *string `json:"session_expires_at"`
				Balance   bool    `json:"balance_sufficient"`
				First     bool    `json:"first_message_without_template"`
			}
			b.ask("GET", "{c}/messaging/chats/"+chat+"/availability/", "").decode(t, &got)
			if got.Available != (tt.template == 200) || got.Only != (tt.text != tt.template) || (got.Expires != nil) != tt.open || got.Balance != (tt.balance > 0) || got.First != tt.option {
				t.Errorf("%+v", got)
			}
			if a := b.post(waba, chat, "text", `{"text":"a"}`); a.status != tt.text {
				t.Errorf("a text: %d %s", a.status, a.body)
			}
			if a := b.post(waba, chat, "waba_interactive", `{"type":"button","body":{"text":"?"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Да"}}]}}`); a.status != tt.text {
				t.Errorf("buttons: %d %s", a.status, a.body)
			}
			if a := b.post(waba, chat, "waba_template", `{"name":"hello_again","language":"ru"}`); a.status != tt.template {
				t.Errorf("a template: %d %s", a.status, a.body)
			}
		})
	}
}

func TestAWordOfTheBuyerOpensTheWindowAgain(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	got := b.open(waba, `"phone":"79990000001"`)
	chat := fmt.Sprint(got.Chat)
	if a := b.post(waba, chat, "text", `{"text":"a"}`); a.status != 409 || !strings.Contains(string(a.body), "131047") {
		t.Errorf("a chat that nobody wrote in: %d %s", a.status, a.body)
	}
	b.sent(b.post(waba, chat, "waba_template", `{"name":"hello_again","language":"ru"}`))
	if a := b.post(waba, chat, "text", `{"text":"a"}`); a.status != 409 {
		t.Errorf("a template opened the window: %d", a.status)
	}
	b.buyer("waba", anna, "да")
	b.say(waba, chat, "a")
	b.world.Clock().Advance(23 * time.Hour)
	b.buyer("waba", anna, "да")
	b.world.Clock().Advance(23 * time.Hour)
	b.say(waba, chat, "a")
	b.world.Clock().Advance(time.Hour)
	if a := b.post(waba, chat, "text", `{"text":"a"}`); a.status != 409 {
		t.Errorf("after a day: %d", a.status)
	}
	if a := b.ask("GET", "{c}/messaging/chats/x/availability/", ""); a.status != 422 {
		t.Errorf("availability of x: %d", a.status)
	}
	if a := b.ask("GET", "{c}/messaging/chats/10999999/availability/", ""); a.status != 404 {
		t.Errorf("availability of an unknown chat: %d", a.status)
	}
	other := b.buyer("whatsapp", anna, "a")
	b.played("cabinet", `{"balance":0}`)
	b.world.Clock().Advance(48 * time.Hour)
	b.say(whatsApp, other, "other messengers know neither window nor balance")
}

func TestUploads(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{MaxUpload: 9 << 20})
	for name, tt := range map[string]struct {
		file, head string
		size       int
		status     int
		mime       string
	}{
		"a picture":                         {"a.png", png, 100, 200, "image/png"},
		"a voice, told by its name":         {"a.oga", "OggS\x00", 100, 200, "audio/ogg"},
		"an empty file":                     {"a.txt", "", 0, 200, "text/plain"},
		"a file of just the limit":          {"a.bin", "\x00", 9 << 20, 200, "application/octet-stream"},
		"a file of one byte over the limit": {"a.bin", "\x00", 9<<20 + 1, 413, ""},
		"a file far over the limit":         {"a.bin", "\x00", 10 << 20, 413, ""},
		"a file without a name":             {"", png, 100, 422, ""},
	} {
		a := b.upload(tt.file, tt.head, tt.size)
		var got uploaded
		if a.status == 200 {
			a.decode(t, &got)
		}
		if a.status != tt.status || a.status == 200 && (got.Size != int64(tt.size) || got.Mime != tt.mime || got.Name != tt.file) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if a.status == 200 {
			if back := b.to("GET", got.URL, "", nil); len(back.body) != tt.size || !strings.HasPrefix(string(back.body), tt.head) {
				t.Errorf("%s comes back as %d bytes", name, len(back.body))
			}
		}
	}
	for name, body := range map[string]string{
		"without the part":      "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\na\r\n--x--\r\n",
		"that break off":        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\na",
		"without any multipart": "a",
	} {
		b.world.Clock().Advance(time.Second)
		if a := b.rush("POST", "{c}/messaging/files/", "multipart/form-data; boundary=x", strings.NewReader(body)); a.status != 422 {
			t.Errorf("bodies %s: %d %s", name, a.status, a.body)
		}
	}
	if a := b.ask("POST", "{c}/messaging/files/", `{}`); a.status != 422 {
		t.Errorf("JSON: %d", a.status)
	}
}

func TestALinkIsGoodForManyMessages(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	link := b.link("Каталог.pdf", "%PDF-1.4", 2000)
	for i := range 3 {
		chat := b.buyer("whatsapp", fmt.Sprintf(`{"phone":"7999000000%d"}`, i), "a")
		b.sent(b.post(whatsApp, chat, "file", fmt.Sprintf(`{"url":%q}`, link)))
	}
	var got []struct {
		URL  string
		Size int64
		Sum  string `json:"sha256"`
		Used int
	}
	b.control("radist/uploads", `{}`).decode(t, &got)
	if len(got) != 1 || got[0].Used != 3 || got[0].Size != 2000 || len(got[0].Sum) != 64 {
		t.Errorf("%+v", got)
	}
	if a := b.control("faults", `[{"api":"radist","operation":"*","effect":"expire_link"}]`); a.status != 200 {
		t.Fatalf("%s", a.body)
	}
	if a := b.to("GET", link, "", nil); a.status != 403 {
		t.Errorf("an expired link: %d", a.status)
	}
}

func TestFilesThatTheMessengerDoesNotTakeFailLater(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for name, tt := range map[string]struct {
		connection       string
		line             int
		kind, file, head string
		size             int
		compression      float64
		trouble          string
	}{
		"a picture that compression brings under 5 MB":  {"waba", waba, "image", "a.png", png, 6 * mb, 0.5, ""},
		"a picture that stays over 5 MB":                {"waba", waba, "image", "a.png", png, 6 * mb, 1, "image is larger than 5 MB"},
		"a picture of a type that WABA does not have":   {"waba", waba, "image", "a.gif", "GIF89a", 100, 1, "image of type image/gif"},
		"a voice over 16 MB":                            {"waba", waba, "voice", "a.ogg", "OggS\x00", 17 * mb, 1, "voice is larger than 16 MB"},
		"a video that WABA does not have":               {"waba", waba, "video", "a.mov", "\x00", 100, 1, "video of type video/quicktime"},
		"a document of the same size":                   {"waba", waba, "file", "a.bin", "\x00", 17 * mb, 1, ""},
		"a picture over 10 MB through the Telegram bot": {"telegram_bot", bot, "image", "a.png", png, 11 * mb, 1, "image is larger than 10 MB"},
		"the same through WhatsApp":                     {"whatsapp", whatsApp, "image", "a.png", png, 11 * mb, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(t, radist.Options{Compression: tt.compression})
			chat := b.buyer(tt.connection, anna, "a")
			b.sent(b.post(tt.line, chat, tt.kind, fmt.Sprintf(`{"url":%q}`, b.link(tt.file, tt.head, tt.size))))
			if m := b.history(chat, "&limit=1")[0]; m.Error != nil {
				t.Errorf("it failed at once: %+v", m)
			}
			b.world.Clock().Advance(time.Minute)
			m := b.history(chat, "&limit=1")[0]
			if (m.Error != nil) != (tt.trouble != "") || tt.trouble != "" && (!strings.Contains(*m.ErrorText, tt.trouble) || m.Delivered != nil) {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestTheListOfReceivedMessagesTellsSizesAsFarAsItCan(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	for _, tt := range []struct{ size, noted int }{{0, 0}, {1 << 20, 1 << 20}, {9 << 20, 9 << 20}, {21 << 20, 512}} {
		link := b.link("a.bin", "", tt.size)
		b.sent(b.post(whatsApp, chat, "file", fmt.Sprintf(`{"url":%q}`, link)))
		received := b.world.State().Received
		if got := received[len(received)-1].Files[0].Size; got != tt.noted {
			t.Errorf("a file of %d bytes is noted with %d", tt.size, got)
		}
		if m := b.history(chat, "&limit=1")[0]; m.File.Size != int64(tt.size) {
			t.Errorf("a file of %d bytes is shown with %d", tt.size, m.File.Size)
		}
	}
}

func TestAForeignLinkIsTaken(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	b.sent(b.post(whatsApp, chat, "file", `{"url":"https://shop.example/doc/%D0%A7%D0%B5%D0%BA.pdf","caption":"вот"}`))
	if m := b.history(chat, "&limit=1")[0]; m.File.Name != "Чек.pdf" || m.File.Mime != "application/pdf" || m.File.URL != "https://shop.example/doc/%D0%A7%D0%B5%D0%BA.pdf" {
		t.Errorf("%+v", m.File)
	}
}

func TestAWordFromTheCabinetIsOutbound(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("whatsapp", anna, "a")
	if _, err := b.world.SellerWrites(t.Context(), sandbox.SellerMessage{API: radist.API, Kind: sandbox.KindChat, Conversation: chat, Text: "из кабинета"}); err != nil {
		t.Fatal(err)
	}
	if m := b.history(chat, "&limit=1")[0]; m.Direction != "outbound" || m.Text.Text != "из кабинета" {
		t.Errorf("%+v", m)
	}
}
