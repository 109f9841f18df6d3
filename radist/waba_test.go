package radist_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/radist"
)

// sentBody sends a content and gives what left.
func sentBody(t *testing.T, content radist.Content) string {
	t.Helper()
	g := newGateway(t, map[string][]string{"POST /companies/3/messaging/messages/": {`{"message_id":"u"}`}})
	if _, err := g.client().Messages.Send(t.Context(), 3, radist.SendMessage{ConnectionID: 10, ChatID: 37, Content: content}); err != nil {
		t.Fatal(err)
	}
	return g.last().body
}

// Exactly the field named as the type is there, whatever is sent; and what was
// sent reads the same when it comes back in a history.
func TestTheUnionHasOneField(t *testing.T) {
	t.Parallel()
	const link = "https://f/1"
	for _, c := range []struct {
		name    string
		content radist.Content
		want    string // of the field
	}{
		{"a text", radist.Text("Да"), `{"text":"Да"}`},
		{"an image", radist.Media{Kind: radist.TypeImage, URL: link, Caption: "Вот"}, `{"url":"https://f/1","caption":"Вот"}`},
		{"a voice", radist.Media{Kind: radist.TypeVoice, URL: link}, `{"url":"https://f/1"}`},
		{"a file", radist.Media{Kind: radist.TypeFile, URL: link, Name: "чек.pdf"}, `{"url":"https://f/1","name":"чек.pdf"}`},
		{"buttons as the specification writes them", radist.Interactive{Kind: radist.InteractiveButtons, Header: radist.Header{Text: "Заказ"}, Body: "Подтвердить?", Footer: "Магазин", Buttons: []radist.Button{{ID: "y", Title: "Да"}}},
			`{"type":"button","header":{"type":"text","text":"Заказ"},"body":{"text":"Подтвердить?"},"footer":{"text":"Магазин"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Да"}}]}}`},
		{"buttons under a film", radist.Interactive{Kind: radist.InteractiveButtons, Header: radist.Header{Kind: radist.TypeVideo, Media: link}, Body: "?", Buttons: []radist.Button{{ID: "y", Title: "Да"}, {ID: "n", Title: "Нет"}}},
			`{"type":"button","header":{"type":"video","video":{"url":"https://f/1"}},"body":{"text":"?"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Да"}},{"type":"reply","reply":{"id":"n","title":"Нет"}}]}}`},
		{"a menu", radist.Interactive{Kind: radist.InteractiveMenu, Body: "Что?", MenuLabel: "Выбрать", Sections: []radist.Section{{Title: "А", Rows: []radist.Row{{ID: "1", Title: "Один", Description: "первый"}}}, {Title: "Б", Rows: []radist.Row{{ID: "2", Title: "Два"}}}}},
			`{"type":"list","body":{"text":"Что?"},"action":{"button":"Выбрать","sections":[{"title":"А","rows":[{"id":"1","title":"Один","description":"первый"}]},{"title":"Б","rows":[{"id":"2","title":"Два"}]}]}}`},
		{"a template as the specification writes it", radist.TemplateMessage{Name: "order_ready", Language: "ru", Header: []radist.Parameter{{Kind: radist.TypeImage, Media: link}}, Body: []radist.Parameter{{Text: "Анна"}, {Text: "12345"}}, Buttons: []radist.ButtonParameter{{Index: 0, Text: "12345"}}},
			`{"name":"order_ready","language":"ru","components":[{"type":"header","parameters":[{"type":"image","image":{"url":"https://f/1"}}]},{"type":"body","parameters":[{"type":"text","text":"Анна"},{"type":"text","text":"12345"}]},{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"12345"}]}]}`},
		{"a template without variables", radist.TemplateMessage{Name: "hello", Language: "ru"}, `{"name":"hello","language":"ru"}`},
		{"a template with words for variables", radist.TemplateMessage{Name: "hello", Language: "ru", Body: []radist.Parameter{{Name: "name", Text: "Анна"}}}, `{"name":"hello","language":"ru","components":[{"type":"body","parameters":[{"type":"text","parameter_name":"name","text":"Анна"}]}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kind := c.content.Type()
			body := sentBody(t, c.content)
			if want := `{"connection_id":10,"chat_id":37,"message_type":"` + string(kind) + `","` + string(kind) + `":` + c.want + `}`; !same(t, body, want) {
				t.Errorf("sent %s, not %s", body, want)
			}
			var back radist.Message
			if err := json.Unmarshal([]byte(`{"message_id":"u","message_type":"`+string(kind)+`","`+string(kind)+`":`+c.want+`}`), &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.content, back.Content); diff != "" {
				t.Errorf("what comes back (-sent +got):\n%s", diff)
			}
		})
	}
}

func buttons(n int) []radist.Button {
	var out []radist.Button
	for i := range n {
		out = append(out, radist.Button{ID: string(rune('a' + i)), Title: "Т" + string(rune('a'+i))})
	}
	return out
}

func rows(n int) []radist.Row {
	var out []radist.Row
	for i := range n {
		out = append(out, radist.Row{ID: string(rune('a' + i)), Title: "Т"})
	}
	return out
}

func TestInteractiveMessagesAreHeldToTheirLimits(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ж", n) }
	question := func(change func(*radist.Interactive)) radist.Interactive {
		i := radist.Interactive{Kind: radist.InteractiveButtons, Body: "?", Buttons: buttons(3)}
		change(&i)
		return i
	}
	menu := func(change func(*radist.Interactive)) radist.Interactive {
		i := radist.Interactive{Kind: radist.InteractiveMenu, Body: "?", MenuLabel: "Выбрать", Sections: []radist.Section{{Rows: rows(10)}}}
		change(&i)
		return i
	}
	for name, c := range map[string]struct {
		i    radist.Interactive
		said string // "" when it is good
	}{
		"three buttons": {question(func(*radist.Interactive) {}), ""},
		"everything as long as it may be": {question(func(i *radist.Interactive) {
			i.Header.Text, i.Body, i.Footer, i.Buttons = long(60), long(1024), long(60), []radist.Button{{ID: strings.Repeat("a", 256), Title: long(20)}}
		}), ""},
		"no button":                  {question(func(i *radist.Interactive) { i.Buttons = nil }), "0 buttons"},
		"four buttons":               {question(func(i *radist.Interactive) { i.Buttons = buttons(4) }), "4 buttons"},
		"a title of 21 characters":   {question(func(i *radist.Interactive) { i.Buttons[1].Title = long(21) }), "title of button 2"},
		"a button without a title":   {question(func(i *radist.Interactive) { i.Buttons[1].Title = " " }), "title of button 2 is empty"},
		"a button without an id":     {question(func(i *radist.Interactive) { i.Buttons[0].ID = "" }), "id of button 1"},
		"two buttons of one title":   {question(func(i *radist.Interactive) { i.Buttons[2].Title = i.Buttons[0].Title }), "button 3 has"},
		"no body":                    {question(func(i *radist.Interactive) { i.Body = "" }), "body is empty"},
		"a body of 1,025 characters": {question(func(i *radist.Interactive) { i.Body = long(1025) }), "1025 characters"},
		"a footer of 61 characters":  {question(func(i *radist.Interactive) { i.Footer = long(61) }), "footer"},
		"a header of 61 characters":  {question(func(i *radist.Interactive) { i.Header.Text = long(61) }), "header"},
		"a header of words and a file": {question(func(i *radist.Interactive) {
			i.Header = radist.Header{Text: "a", Media: "https://f/1", Kind: radist.TypeImage}
		}), "not both"},
		"a voice in the header":   {question(func(i *radist.Interactive) { i.Header = radist.Header{Media: "https://f/1", Kind: radist.TypeVoice} }), "image, a video or a document"},
		"a picture in the header": {question(func(i *radist.Interactive) { i.Header = radist.Header{Media: "https://f/1", Kind: radist.TypeImage} }), ""},
		"a picture from nowhere":  {question(func(i *radist.Interactive) { i.Header = radist.Header{Media: "f/1", Kind: radist.TypeImage} }), "no address"},
		"buttons and a menu":      {question(func(i *radist.Interactive) { i.MenuLabel = "x" }), "no menu"},
		"a menu of ten rows":      {menu(func(*radist.Interactive) {}), ""},
		"a menu of eleven rows in two parts": {menu(func(i *radist.Interactive) {
			i.Sections = []radist.Section{{Title: "А", Rows: rows(10)}, {Title: "Б", Rows: []radist.Row{{ID: "z", Title: "z"}}}}
		}), "11 rows"},
		"a menu without rows":    {menu(func(i *radist.Interactive) { i.Sections = nil }), "0 rows"},
		"a section without rows": {menu(func(i *radist.Interactive) { i.Sections[0].Rows = nil }), "section 1"},
		"two sections and one without title": {menu(func(i *radist.Interactive) {
			i.Sections = []radist.Section{{Title: "А", Rows: rows(1)}, {Rows: []radist.Row{{ID: "z", Title: "z"}}}}
		}), "title of section 2"},
		"a section title of 25 characters":   {menu(func(i *radist.Interactive) { i.Sections[0].Title = long(25) }), "title of section 1"},
		"two rows of one id":                 {menu(func(i *radist.Interactive) { i.Sections[0].Rows[3].ID = "a" }), "row 4"},
		"a row title of 25 characters":       {menu(func(i *radist.Interactive) { i.Sections[0].Rows[3].Title = long(25) }), "title of row 4"},
		"a row description of 73 characters": {menu(func(i *radist.Interactive) { i.Sections[0].Rows[3].Description = long(73) }), "description of row 4"},
		"a row id of 201 characters":         {menu(func(i *radist.Interactive) { i.Sections[0].Rows[3].ID = long(201) }), "id of row 4"},
		"a menu without a label":             {menu(func(i *radist.Interactive) { i.MenuLabel = "" }), "label of the menu"},
		"a picture over a menu":              {menu(func(i *radist.Interactive) { i.Header = radist.Header{Media: "https://f/1", Kind: radist.TypeImage} }), "only be a text"},
		"a menu and buttons":                 {menu(func(i *radist.Interactive) { i.Buttons = buttons(1) }), "no buttons"},
		"a product, which is not taken":      {question(func(i *radist.Interactive) { i.Kind = "product" }), `"product" are not supported`},
		"a group of products":                {question(func(i *radist.Interactive) { i.Kind = "product_list" }), `"product_list" are not supported`},
		"a request for a place":              {question(func(i *radist.Interactive) { i.Kind = "location_request_message" }), "not supported"},
	} {
		err := c.i.Check()
		if (err == nil) != (c.said == "") || err != nil && !strings.Contains(err.Error(), c.said) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// orderReady is a template as a list tells it.
const orderReady = `{"connection_id":10,"name":"order_ready","language":"ru","category":"utility","status":"approved","components":[
	{"type":"HEADER","format":"IMAGE"},
	{"type":"BODY","text":"{{2}} заказ готов, {{1}}! {{ 2 }} ждёт. {{}} {{x"},
	{"type":"FOOTER","text":"Магазин"},
	{"type":"CAROUSEL"},
	{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Спасибо"},{"type":"URL","text":"Открыть","url":"https://shop.example/o/{{1}}"},{"type":"PHONE_NUMBER","text":"Позвонить","phone_number":"+79990000001"}]}]}`

func template(t *testing.T, body string) radist.Template {
	t.Helper()
	page, err := scripted(t, always(http.StatusOK, "["+body+"]")).Templates.List(t.Context(), 3, 10)
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	return page.Items[0]
}

func TestATemplateIsFilledIn(t *testing.T) {
	t.Parallel()
	ready := template(t, orderReady)
	if diff := cmp.Diff(radist.Variables{Body: []string{"1", "2"}, HeaderMedia: radist.TypeImage, Buttons: []int{1}}, ready.Variables()); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	values := radist.Values{HeaderMedia: "https://f/1.png", Body: []string{"Анна", "Ваш {{1}}"}, Buttons: []string{"512"}}
	message, err := ready.Fill(values)
	if err != nil {
		t.Fatal(err)
	}
	want := radist.TemplateMessage{
		Name: "order_ready", Language: "ru", Header: []radist.Parameter{{Media: "https://f/1.png", Kind: radist.TypeImage}},
		Body: []radist.Parameter{{Text: "Анна"}, {Text: "Ваш {{1}}"}}, Buttons: []radist.ButtonParameter{{Index: 1, Text: "512"}},
	}
	if diff := cmp.Diff(want, message); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	shown := ready.Preview(values)
	if shown.Body != "Ваш {{1}} заказ готов, Анна! Ваш {{1}} ждёт. {{}} {{x" || shown.Footer != "Магазин" || shown.Buttons[1].URL != "https://shop.example/o/512" || shown.HeaderMedia == "" {
		t.Errorf("shown as %+v", shown)
	}
	if ready.Buttons[1].URL != "https://shop.example/o/{{1}}" {
		t.Errorf("the template itself changed to %+v", ready.Buttons)
	}
	if shown := ready.Preview(radist.Values{}); !strings.HasPrefix(shown.Body, "{{2}} заказ готов, {{1}}!") {
		t.Errorf("without values it is shown as %+v", shown)
	}
}

func TestATemplateThatDoesNotFit(t *testing.T) {
	t.Parallel()
	ready := template(t, orderReady)
	named := template(t, `{"name":"hi","language":"ru","components":[{"type":"HEADER","format":"TEXT","text":"Привет, {{name}}"},{"type":"BODY","text":"{{b}} {{a}}"}]}`)
	good := func(change func(*radist.Values)) radist.Values {
		v := radist.Values{HeaderMedia: "https://f/1.png", Body: []string{"Анна", "Ваш"}, Buttons: []string{"512"}}
		change(&v)
		return v
	}
	for _, c := range []struct {
		name     string
		template radist.Template
		values   radist.Values
		said     string
	}{
		{"a variable is missing", ready, good(func(v *radist.Values) { v.Body = v.Body[:1] }), "body of the template has 2 variables, 1 are given"},
		{"one is too much", ready, good(func(v *radist.Values) { v.Body = append(v.Body, "x") }), "2 variables, 3 are given"},
		{"one is empty", ready, good(func(v *radist.Values) { v.Body[1] = " " }), `variable "2" of the body is empty`},
		{"the picture is missing", ready, good(func(v *radist.Values) { v.HeaderMedia = "" }), "upload it first"},
		{"the end of the address is missing", ready, good(func(v *radist.Values) { v.Buttons = nil }), "1 buttons"},
		{"the end of the address is empty", ready, good(func(v *radist.Values) { v.Buttons[0] = "" }), "button 2"},
		{"it is too long with its values", ready, good(func(v *radist.Values) { v.Body[0] = strings.Repeat("ж", 1000) }), "body has 10"},
		{"a picture where none is wanted", named, radist.Values{HeaderMedia: "https://f/1", Header: []string{"Анна"}, Body: []string{"1", "2"}}, "takes no file"},
		{"a header that is too long", named, radist.Values{Header: []string{strings.Repeat("ж", 60)}, Body: []string{"1", "2"}}, "header has 68"},
		{"a paused one", radist.Template{Name: "a", Status: radist.TemplatePaused}, radist.Values{}, "PAUSED"},
		{"one with a place", radist.Template{Name: "a", HeaderFormat: "LOCATION"}, radist.Values{}, "place in the header"},
	} {
		if m, err := c.template.Fill(c.values); err == nil || !strings.Contains(err.Error(), c.said) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %+v, %v", c.name, m, err)
		}
	}
	m, err := named.Fill(radist.Values{Header: []string{"Анна"}, Body: []string{"1", "2"}})
	want := radist.TemplateMessage{Name: "hi", Language: "ru", Header: []radist.Parameter{{Name: "name", Text: "Анна"}}, Body: []radist.Parameter{{Name: "b", Text: "1"}, {Name: "a", Text: "2"}}}
	if diff := cmp.Diff(want, m); err != nil || diff != "" {
		t.Errorf("words for variables: %v (-want +got):\n%s", err, diff)
	}
}

func TestLimitsOfFilesAtWhatsApp(t *testing.T) {
	t.Parallel()
	for kind, want := range map[radist.MessageType]int64{radist.TypeImage: 5 << 20, radist.TypeVideo: 16 << 20, radist.TypeVoice: 16 << 20, radist.TypeFile: 100 << 20} {
		if got := radist.WABALimit(kind); got != want {
			t.Errorf("%s: %d", kind, got)
		}
	}
}
