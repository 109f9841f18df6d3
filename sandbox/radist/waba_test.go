package radist_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox/radist"
)

func TestTemplatesAreListed(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	var got []struct {
		Connection             int64 `json:"connection_id"`
		Name, Language, Status string
		Components             []struct{ Type string }
	}
	b.ask("GET", fmt.Sprintf("{c}/messaging/waba/templates/?connection_id=%d", b.connection(waba)), "").decode(t, &got)
	statuses := map[string]bool{}
	for _, x := range got {
		statuses[x.Status] = true
		bodies := 0
		for _, part := range x.Components {
			if part.Type == "BODY" {
				bodies++
			}
		}
		if bodies != 1 || x.Connection != b.connection(waba) {
			t.Errorf("%+v", x)
		}
	}
	if len(got) < 6 || !statuses["APPROVED"] || !statuses["PAUSED"] || !statuses["DISABLED"] || !statuses["PENDING"] {
		t.Errorf("%d templates of states %v", len(got), statuses)
	}
	for query, status := range map[string]int{"": 200, "?connection_id=101": 422, "?connection_id=7": 404, "?connection_id=x": 422} {
		if a := b.ask("GET", "{c}/messaging/waba/templates/"+query, ""); a.status != status {
			t.Errorf("%q: %d %s", query, a.status, a.body)
		}
	}
}

func TestTemplatesAreCheckedAgainstTheList(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("waba", anna, "a")
	texts := func(s ...string) string {
		var all []string
		for _, x := range s {
			raw, _ := json.Marshal(x)
			all = append(all, `{"type":"text","text":`+string(raw)+`}`)
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	body := func(s ...string) string { return `{"type":"body","parameters":` + texts(s...) + `}` }
	const picture = `{"type":"header","parameters":[{"type":"image","image":{"url":"https://a.example/b.png"}}]}`
	link := `{"type":"button","sub_type":"url","index":0,"parameters":` + texts("12") + `}`
	for name, tt := range map[string]struct {
		name, language string
		parts          []string
		status         int
		say            string
	}{
		"with everything it needs":                    {"order_ready", "ru", []string{picture, body("Анна", "12"), link}, 200, ""},
		"with a header of text and quick replies":     {"delivery_delay", "ru", []string{`{"type":"header","parameters":` + texts("12") + `}`, body("завтра"), `{"type":"button","sub_type":"quick_reply","index":1,"parameters":[{"type":"payload","payload":"no"}]}`}, 200, ""},
		"with a variable that has a name":             {"video_manual", "ru", []string{`{"type":"header","parameters":[{"type":"video","video":{"url":"https://a.example/b.mp4"}}]}`, body("шкаф")}, 200, ""},
		"without variables":                           {"hello_again", "ru", nil, 200, ""},
		"of an unknown name":                          {"hello", "ru", nil, 404, "132001"},
		"in a language that it does not have":         {"hello_again", "en", nil, 404, "132001"},
		"that waits for approval":                     {"new_season", "ru", nil, 404, "132001"},
		"that was rejected":                           {"too_loud", "ru", nil, 404, "132001"},
		"that is paused":                              {"spring_sale", "ru", []string{body("5 %")}, 422, "132015"},
		"that is disabled":                            {"old_bonus", "ru", []string{body("5")}, 422, "132016"},
		"with a missing variable":                     {"order_ready", "en", []string{body("Anna")}, 422, "132000"},
		"with one variable too many":                  {"order_ready", "en", []string{body("Anna", "12", "x")}, 422, "132000"},
		"without its body":                            {"order_ready", "en", nil, 422, "132000"},
		"with an empty variable":                      {"order_ready", "en", []string{body("Anna", " ")}, 422, "132012"},
		"with a variable of another type":             {"order_ready", "en", []string{`{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"image","image":{"url":"https://a.example/b"}}]}`}, 422, "132012"},
		"with a body that grows too long":             {"order_ready", "en", []string{body("Anna", strings.Repeat("ы", 1024))}, 422, "132005"},
		"with a header that grows too long":           {"delivery_delay", "ru", []string{`{"type":"header","parameters":` + texts(strings.Repeat("ы", 60)) + `}`, body("a")}, 422, "132005"},
		"without the picture of its header":           {"order_ready", "ru", []string{body("Анна", "12"), link}, 422, "132000"},
		"with a video in the place of the picture":    {"order_ready", "ru", []string{`{"type":"header","parameters":[{"type":"video","video":{"url":"https://a.example/b.mp4"}}]}`, body("Анна", "12"), link}, 422, "132012"},
		"with a picture that is not on the net":       {"order_ready", "ru", []string{`{"type":"header","parameters":[{"type":"image","image":{"url":"file:///a.png"}}]}`, body("Анна", "12"), link}, 422, "132012"},
		"without the variable of its link":            {"order_ready", "ru", []string{picture, body("Анна", "12")}, 422, "132000"},
		"with a quick reply in the place of its link": {"order_ready", "ru", []string{picture, body("Анна", "12"), `{"type":"button","sub_type":"quick_reply","index":0,"parameters":[{"type":"payload","payload":"a"}]}`}, 422, "132012"},
		"with a variable for its phone":               {"order_ready", "ru", []string{picture, body("Анна", "12"), link, `{"type":"button","sub_type":"url","index":1,"parameters":` + texts("1") + `}`}, 422, "132000"},
		"with a button that it does not have":         {"order_ready", "ru", []string{picture, body("Анна", "12"), link, `{"type":"button","sub_type":"url","index":7,"parameters":` + texts("1") + `}`}, 422, "132000"},
		"with a button without index":                 {"order_ready", "ru", []string{picture, body("Анна", "12"), `{"type":"button","sub_type":"url","parameters":` + texts("1") + `}`}, 422, "132012"},
		"with a text as payload of a quick reply":     {"delivery_delay", "ru", []string{`{"type":"header","parameters":` + texts("12") + `}`, body("завтра"), `{"type":"button","sub_type":"quick_reply","index":1,"parameters":` + texts("no") + `}`}, 422, "132012"},
		"with a header that it does not have":         {"order_ready", "en", []string{picture, body("Anna", "12")}, 422, "132000"},
		"with two bodies":                             {"order_ready", "en", []string{body("Anna", "12"), body("Anna", "12")}, 422, "132000"},
	} {
		a := b.post(waba, chat, "waba_template", fmt.Sprintf(`{"name":%q,"language":%q,"components":[%s]}`, tt.name, tt.language, strings.Join(tt.parts, ",")))
		if a.status != tt.status || !strings.Contains(string(a.body), tt.say) {
			t.Errorf("a template %s: %d %s", name, a.status, a.body)
		}
	}
	if a := b.post(waba, chat, "waba_template", `"hello_again"`); a.status != 422 {
		t.Errorf("a template that is a text: %d", a.status)
	}
}

func TestATemplateIsKeptWithItsText(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("waba", anna, "a")
	b.sent(b.post(waba, chat, "waba_template", `{"name":"order_ready","language":"en","components":[{"type":"body","parameters":[{"type":"text","text":"{{2}}"},{"type":"text","text":"12"}]}]}`))
	var got []struct {
		Type     string `json:"message_type"`
		Template struct{ Name, Text string }
	}
	a := b.ask("GET", "{c}/messaging/messages/?chat_id="+chat, "")
	a.body = []byte(strings.ReplaceAll(string(a.body), `"waba_template":{`, `"template":{`))
	a.decode(t, &got)
	const want = "{{2}}, your order 12 is ready." // what was put in is not filled again
	if got[0].Type != "waba_template" || got[0].Template.Name != "order_ready" || got[0].Template.Text != want {
		t.Errorf("%+v", got[0])
	}
	if r := b.world.State().Received; r[0].Text != want {
		t.Errorf("received %q", r[0].Text)
	}
}

func TestInteractiveMessagesAreChecked(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("waba", anna, "a")
	long := func(n int) string { return strings.Repeat("ы", n) }
	button := func(id, title string) string {
		return fmt.Sprintf(`{"type":"reply","reply":{"id":%q,"title":%q}}`, id, title)
	}
	buttons := func(rest string, all ...string) string {
		return `{"type":"button","body":{"text":"?"}` + rest + `,"action":{"buttons":[` + strings.Join(all, ",") + `]}}`
	}
	row := func(id, title, description string) string {
		return fmt.Sprintf(`{"id":%q,"title":%q,"description":%q}`, id, title, description)
	}
	rows := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, row(fmt.Sprint(i), "Строка", ""))
		}
		return strings.Join(all, ",")
	}
	section := func(title, rows string) string { return fmt.Sprintf(`{"title":%q,"rows":[%s]}`, title, rows) }
	list := func(rest, label string, sections ...string) string {
		return fmt.Sprintf(`{"type":"list","body":{"text":"?"}%s,"action":{"button":%q,"sections":[%s]}}`, rest, label, strings.Join(sections, ","))
	}
	yes := button("y", "Да")
	for name, tt := range map[string]struct {
		body   string
		status int
		say    string
	}{
		"three buttons of the longest titles":                {buttons("", button("1", long(20)), button("2", long(19)), button(long(256), "a")), 200, ""},
		"a button under a header and a footer of 60 letters": {buttons(`,"header":{"type":"text","text":"`+long(60)+`"},"footer":{"text":"`+long(60)+`"}`, yes), 200, ""},
		"a button under a picture":                           {buttons(`,"header":{"type":"image","image":{"url":"https://a.example/b.png"}}`, yes), 200, ""},
		"a menu of ten rows":                                 {list("", "Выбрать", section("", rows(10))), 200, ""},
		"a menu of two sections":                             {list("", "Выбрать", section("a", row("1", long(24), long(72))), section("b", row("2", "b", ""))), 200, ""},
		"four buttons":                                       {buttons("", button("1", "a"), button("2", "b"), button("3", "c"), button("4", "d")), 422, "1 to 3 buttons"},
		"no button":                                          {buttons(""), 422, "1 to 3 buttons"},
		"a title of 21 letters":                              {buttons("", button("1", long(21))), 422, "1 to 20"},
		"a button without a title":                           {buttons("", button("1", "")), 422, "1 to 20"},
		"an id of 257 letters":                               {buttons("", button(long(257), "a")), 422, "1 to 256"},
		"two buttons of the same title":                      {buttons("", button("1", "a"), button("2", "a")), 422, "must differ"},
		"two buttons of the same id":                         {buttons("", button("1", "a"), button("1", "b")), 422, "must differ"},
		"a button that is a link":                            {buttons("", `{"type":"url","reply":{"id":"1","title":"a"}}`), 422, "'reply'"},
		"a header of 61 letters":                             {buttons(`,"header":{"type":"text","text":"`+long(61)+`"}`, yes), 422, "1 to 60"},
		"a header of an unknown type":                        {buttons(`,"header":{"type":"sticker"}`, yes), 422, "'document'"},
		"a picture header without a picture":                 {buttons(`,"header":{"type":"image"}`, yes), 422, "Field required"},
		"a picture header with a file of this machine":       {buttons(`,"header":{"type":"image","image":{"url":"file:///a"}}`, yes), 422, "132012"},
		"a footer of 61 letters":                             {buttons(`,"footer":{"text":"`+long(61)+`"}`, yes), 422, "1 to 60"},
		"a body of 1,025 letters":                            {`{"type":"button","body":{"text":"` + long(1025) + `"},"action":{"buttons":[` + yes + `]}}`, 422, "1 to 1024"},
		"no body":                                            {`{"type":"button","action":{"buttons":[` + yes + `]}}`, 422, "body"},
		"no action":                                          {`{"type":"button","body":{"text":"?"}}`, 422, "action"},
		"a menu of eleven rows":                              {list("", "Выбрать", section("", rows(11))), 422, "10 rows"},
		"a menu of eleven rows in two sections":              {list("", "Выбрать", section("a", rows(6)), section("b", rows(5))), 422, "10 rows"},
		"a menu of eleven sections":                          {list("", "Выбрать", strings.Split(strings.Repeat(`{"rows":[]};`, 11)[:12*11-1], ";")...), 422, "1 to 10 sections"},
		"a menu without rows":                                {list("", "Выбрать", section("a", "")), 422, "a row at least"},
		"a menu without sections":                            {list("", "Выбрать"), 422, "1 to 10 sections"},
		"a menu without a label":                             {list("", "", section("", rows(1))), 422, "1 to 20"},
		"a menu of two sections, one without a title":        {list("", "Выбрать", section("a", row("1", "a", "")), section("", row("2", "b", ""))), 422, "1 to 24"},
		"a row with a title of 25 letters":                   {list("", "Выбрать", section("", row("1", long(25), ""))), 422, "1 to 24"},
		"a row with a description of 73 letters":             {list("", "Выбрать", section("", row("1", "a", long(73)))), 422, "0 to 72"},
		"a row with an id of 201 letters":                    {list("", "Выбрать", section("", row(long(201), "a", ""))), 422, "1 to 200"},
		"a menu under a picture":                             {list(`,"header":{"type":"image","image":{"url":"https://a.example/b.png"}}`, "Выбрать", section("", rows(1))), 422, "is a text"},
		"a product":                                          {`{"type":"product","body":{"text":"?"}}`, 422, "product is not supported"},
		"products":                                           {`{"type":"product_list","body":{"text":"?"}}`, 422, "product_list is not supported"},
		"a request for the location":                         {`{"type":"location_request_message","body":{"text":"?"}}`, 422, "location_request_message is not supported"},
		"an unknown type":                                    {`{"type":"poll","body":{"text":"?"}}`, 422, "'button' or 'list'"},
		"something else than an object":                      {`[]`, 422, "interactive message"},
	} {
		if a := b.post(waba, chat, "waba_interactive", tt.body); a.status != tt.status || !strings.Contains(string(a.body), tt.say) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestABuyerChoosesAButtonOrARow(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("waba", anna, "a")
	buttons := b.sent(b.post(waba, chat, "waba_interactive", `{"type":"button","body":{"text":"Подтвердить?"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Да"}}]}}`))
	menu := b.sent(b.post(waba, chat, "waba_interactive", `{"type":"list","body":{"text":"Что?"},"action":{"button":"Выбрать","sections":[{"rows":[{"id":"r","title":"Возврат"}]}]}}`))
	template := b.sent(b.post(waba, chat, "waba_template", `{"name":"delivery_delay","language":"ru","components":[{"type":"header","parameters":[{"type":"text","text":"1"}]},{"type":"body","parameters":[{"type":"text","text":"завтра"}]}]}`))
	for _, tt := range []struct{ message, id, want string }{{buttons, "y", "Да"}, {menu, "r", "Возврат"}, {template, "Подожду", "Подожду"}} {
		b.played("press", fmt.Sprintf(`{"conversation":%q,"message":%q,"id":%q}`, chat, tt.message, tt.id))
		m := b.history(chat, "&limit=1")[0]
		if m.Direction != "inbound" || m.Text == nil || m.Text.Text != tt.want || m.Reply == nil || m.Reply.ID != tt.message {
			t.Errorf("%+v", m)
		}
	}
	b.played("buyer", fmt.Sprintf(`{"conversation":%q,"text":"об этом","reply_to":%q}`, chat, buttons))
	if m := b.history(chat, "&limit=1")[0]; m.Reply == nil || m.Reply.ID != buttons {
		t.Errorf("%+v", m)
	}
	for name, body := range map[string]string{
		"press an unknown button":    fmt.Sprintf(`{"conversation":%q,"message":%q,"id":"n"}`, chat, buttons),
		"press in a plain text":      fmt.Sprintf(`{"conversation":%q,"message":%q,"id":"n"}`, chat, b.history(chat, "&limit=1")[0].ID),
		"press in no conversation":   fmt.Sprintf(`{"message":%q,"id":"y"}`, buttons),
		"press in a foreign message": fmt.Sprintf(`{"conversation":%q,"message":"00000000-0000-0000-0000-000000000000","id":"y"}`, chat),
	} {
		if a := b.control("radist/press", body); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestATemplateIsPausedAndApprovedAgain(t *testing.T) {
	t.Parallel()
	b := small(t, radist.Options{})
	chat := b.buyer("waba", anna, "a")
	const template = `{"name":"hello_again","language":"ru"}`
	b.played("template", `{"name":"hello_again","language":"ru","status":"PAUSED"}`)
	if a := b.post(waba, chat, "waba_template", template); a.status != 422 || !strings.Contains(string(a.body), "132015") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.ask("GET", "{c}/messaging/waba/templates/", ""); strings.Count(string(a.body), `"PAUSED"`) != 2 {
		t.Errorf("%s", a.body)
	}
	b.played("template", `{"name":"hello_again","language":"ru","status":"APPROVED"}`)
	b.sent(b.post(waba, chat, "waba_template", template))
	for _, body := range []string{`{"name":"hello_again","language":"ru","status":"GONE"}`, `{"name":"x","language":"ru","status":"PAUSED"}`, `{"account":"x"}`, `[]`} {
		if a := b.control("radist/template", body); a.status != 400 {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}
