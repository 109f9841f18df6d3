package radist

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Limits of templates and interactive messages, in characters.
const (
	maxHeader      = 60
	maxBodyText    = 1024
	maxFooter      = 60
	maxButtons     = 3
	maxButtonTitle = 20
	maxButtonID    = 256
	maxSections    = 10
	maxRows        = 10
	maxRowID       = 200
	maxRowTitle    = 24
	maxRowText     = 72
)

// catalogue are the templates of a company: every state, kind of header and kind of button at least once.
func catalogue(connection int64) []templateJSON {
	body := func(text string) componentJSON { return componentJSON{Type: "BODY", Text: text} }
	footer := componentJSON{Type: "FOOTER", Text: "Магазин у дома"}
	all := []templateJSON{
		{Name: "order_ready", Language: "ru", Category: "UTILITY", Status: "APPROVED", Components: []componentJSON{
			{Type: "HEADER", Format: "IMAGE"},
			body("{{1}}, заказ {{2}} собран и ждёт вас."),
			footer,
			{Type: "BUTTONS", Buttons: []buttonJSON{
				{Type: "URL", Text: "Открыть заказ", URL: "https://shop.example/orders/{{1}}"},
				{Type: "PHONE_NUMBER", Text: "Позвонить", Phone: "+78000000000"},
			}},
		}},
		{Name: "order_ready", Language: "en", Category: "UTILITY", Status: "APPROVED", Components: []componentJSON{
			body("{{1}}, your order {{2}} is ready."),
		}},
		{Name: "delivery_delay", Language: "ru", Category: "UTILITY", Status: "APPROVED", Components: []componentJSON{
			{Type: "HEADER", Format: "TEXT", Text: "Заказ {{1}} задерживается"},
			body("Новый срок доставки: {{1}}. Подождёте?"),
			{Type: "BUTTONS", Buttons: []buttonJSON{{Type: "QUICK_REPLY", Text: "Подожду"}, {Type: "QUICK_REPLY", Text: "Верните деньги"}}},
		}},
		{Name: "hello_again", Language: "ru", Category: "UTILITY", Status: "APPROVED", Components: []componentJSON{
			body("Здравствуйте! Мы нашли ответ на ваш вопрос. Напишите нам, если он ещё важен."), footer,
		}},
		{Name: "receipt", Language: "ru", Category: "UTILITY", Status: "APPROVED", Components: []componentJSON{
			{Type: "HEADER", Format: "DOCUMENT"}, body("Чек по заказу {{1}} во вложении."),
		}},
		{Name: "video_manual", Language: "ru", Category: "MARKETING", Status: "APPROVED", Components: []componentJSON{
			{Type: "HEADER", Format: "VIDEO"}, body("Как собрать {{product}}: смотрите видео."),
		}},
		{Name: "new_season", Language: "ru", Category: "MARKETING", Status: "PENDING", Components: []componentJSON{body("Новая коллекция уже здесь!")}},
		{Name: "spring_sale", Language: "ru", Category: "MARKETING", Status: "PAUSED", Components: []componentJSON{body("Скидка {{1}} до воскресенья.")}},
		{Name: "old_bonus", Language: "ru", Category: "MARKETING", Status: "DISABLED", Components: []componentJSON{body("Ваши бонусы: {{1}}.")}},
		{Name: "too_loud", Language: "ru", Category: "MARKETING", Status: "REJECTED", Components: []componentJSON{body("КУПИ СЕЙЧАС!!!")}},
	}
	for i := range all {
		all[i].Connection = connection
	}
	return all
}

// templateKey names a template of a company.
type templateKey struct{ name, language string }

// offered are the templates of a connection with the states they have now.
func (c *cabinet) offered(connection int64) []templateJSON {
	all := catalogue(connection)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range all {
		if status, ok := c.statuses[templateKey{all[i].Name, all[i].Language}]; ok {
			all[i].Status = status
		}
	}
	return all
}

// wabaConnections are the connections of a company that have templates.
func (c *call) wabaConnections() []int64 {
	var found []int64
	for i, l := range lines() {
		if l.kind == kindWABA {
			found = append(found, Connection(c.account, i))
		}
	}
	return found
}

// templates answers those of one connection, or of all.
func (c messageCall) templates() {
	connections := c.wabaConnections()
	if c.r.URL.Query().Has("connection_id") {
		id, ok := c.id("connection_id")
		if !ok {
			return
		}
		_, l, ok := lineOf(c.account, id)
		if !ok {
			c.missing("Connection")
			return
		}
		if l.kind != kindWABA {
			invalid(c.rw, "query", "connection_id", "The connection is not one of WABA")
			return
		}
		connections = []int64{id}
	}
	var found []templateJSON
	for _, id := range connections {
		found = append(found, c.cabinet.offered(id)...)
	}
	c.ok(disturbed(c.r, found))
}

var variable = regexp.MustCompile(`\{\{\w+\}\}`)

// variables are those of a text in their order, each once.
func variables(text string) []string {
	var found []string
	for _, v := range variable.FindAllString(text, -1) {
		if !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	return found
}

func code(field string, number int, format string, args ...any) *refusal {
	return wrong(field, "(#%d) %s", number, fmt.Sprintf(format, args...))
}

// template checks a template against the list and fills it in.
func (c messageCall) template(connection int64, raw json.RawMessage) (draft, *refusal) {
	var in templateSend
	var payload map[string]any
	if json.Unmarshal(raw, &in) != nil || json.Unmarshal(raw, &payload) != nil {
		return draft{}, wrong(typeTemplate, "Input should be a template: name, language, components")
	}
	all := c.cabinet.offered(connection)
	i := slices.IndexFunc(all, func(t templateJSON) bool { return t.Name == in.Name && t.Language == in.Language })
	if i < 0 {
		return draft{}, &refusal{http.StatusNotFound, "", "(#132001) Template name does not exist in the translation"}
	}
	t := all[i]
	switch t.Status {
	case "APPROVED":
	case "PAUSED":
		return draft{}, code(typeTemplate+".name", 132015, "Template is paused")
	case "DISABLED":
		return draft{}, code(typeTemplate+".name", 132016, "Template is disabled")
	default:
		return draft{}, &refusal{http.StatusNotFound, "", "(#132001) Template is not approved"}
	}
	text, why := c.fill(t, in)
	if why != nil {
		return draft{}, why
	}
	payload["text"] = text
	return draft{text, nil, &extra{kind: typeTemplate, payload: payload}}, nil
}

// fill puts the parameters of every component into a template and returns its body.
func (c messageCall) fill(t templateJSON, in templateSend) (body string, why *refusal) {
	given := map[string]componentSend{}
	for i, s := range in.Components {
		field := fmt.Sprintf("%s.components.%d", typeTemplate, i)
		key := strings.ToLower(s.Type)
		if key == "button" {
			if s.Index == nil {
				return "", code(field+".index", 132012, "A button needs an index")
			}
			key = fmt.Sprintf("button %d", *s.Index)
		}
		if _, twice := given[key]; twice {
			return "", code(field, 132000, "%s is given twice", key)
		}
		given[key] = s
	}
	for _, part := range t.Components {
		key := strings.ToLower(part.Type)
		field := typeTemplate + ".components." + key
		switch key {
		case "header":
			why = c.fillHeader(part, given[key], field)
		case "body":
			body, why = substitute(part.Text, given[key].Parameters, maxBodyText, field)
		case "buttons":
			why = fillButtons(part, given)
		}
		if why != nil {
			return "", why
		}
		delete(given, key)
	}
	for key := range given {
		return "", code(typeTemplate+".components", 132000, "The template has no parameters for %s", key)
	}
	return body, nil
}

// fillHeader checks the header's text or its one file.
func (c messageCall) fillHeader(part componentJSON, given componentSend, field string) *refusal {
	if part.Format == "TEXT" {
		_, why := substitute(part.Text, given.Parameters, maxHeader, field)
		return why
	}
	if len(given.Parameters) != 1 {
		return code(field, 132000, "The header needs one %s", strings.ToLower(part.Format))
	}
	p := given.Parameters[0]
	file := map[string]*urlSend{"IMAGE": p.Image, "VIDEO": p.Video, "DOCUMENT": p.Document}[part.Format]
	if !strings.EqualFold(p.Type, part.Format) || file == nil {
		return code(field, 132012, "The header needs a parameter of type %s", strings.ToLower(part.Format))
	}
	return c.linkGiven(file, field)
}

// linkGiven checks the link of a file in a template or an interactive message.
func (c messageCall) linkGiven(file *urlSend, field string) *refusal {
	if _, ok := c.cabinet.linked(file.URL); !ok && !isHTTP(file.URL, "https") {
		return code(field, 132012, "Neither a link of an upload nor an https address")
	}
	return nil
}

// substitute puts texts in the place of variables.
func substitute(text string, params []paramSend, most int, field string) (string, *refusal) {
	want := variables(text)
	if len(params) != len(want) {
		return "", code(field, 132000, "%d parameters are needed, %d given", len(want), len(params))
	}
	var pairs []string
	for i, p := range params {
		if p.Type != "text" || p.Text == nil || strings.TrimSpace(*p.Text) == "" {
			return "", code(fmt.Sprintf("%s.parameters.%d", field, i), 132012, "A text that is not empty is needed")
		}
		pairs = append(pairs, want[i], *p.Text)
	}
	made := strings.NewReplacer(pairs...).Replace(text)
	if letters(made) > most {
		return "", code(field, 132005, "The text is longer than %d characters", most)
	}
	return made, nil
}

// fillButtons checks the parameters of the buttons and takes them off the given ones.
func fillButtons(part componentJSON, given map[string]componentSend) *refusal {
	for i, b := range part.Buttons {
		key := fmt.Sprintf("button %d", i)
		field := fmt.Sprintf("%s.components.%s", typeTemplate, key)
		s, have := given[key]
		delete(given, key)
		switch {
		case b.Type == "URL" && len(variables(b.URL)) > 0:
			if !strings.EqualFold(s.SubType, "url") && have {
				return code(field, 132012, "The button is a link")
			}
			if _, why := substitute(b.URL, s.Parameters, 2000, field); why != nil {
				return why
			}
		case have && b.Type == "QUICK_REPLY":
			if !strings.EqualFold(s.SubType, "quick_reply") || len(s.Parameters) != 1 || s.Parameters[0].Type != "payload" || s.Parameters[0].Payload == nil {
				return code(field, 132012, "The button takes one payload")
			}
		case have:
			return code(field, 132000, "The button has no parameters")
		}
	}
	return nil
}

// interactive checks a message with buttons or a menu.
func (c messageCall) interactive(raw json.RawMessage) (draft, *refusal) {
	var in interactiveSend
	var payload map[string]any
	if json.Unmarshal(raw, &in) != nil || json.Unmarshal(raw, &payload) != nil {
		return draft{}, wrong(typeInteractive, "Input should be an interactive message: type, body, action")
	}
	var why *refusal
	switch in.Type {
	case "button", "list":
		why = c.frame(in)
	case "product", "product_list", "location_request_message":
		why = wrong(typeInteractive+".type", "The type %s is not supported yet", in.Type)
	default:
		why = wrong(typeInteractive+".type", "Input should be 'button' or 'list'")
	}
	switch {
	case why != nil:
	case in.Action == nil:
		why = wrong(typeInteractive+".action", "Field required")
	case in.Type == "button":
		why = checkButtons(*in.Action)
	default:
		why = checkList(*in.Action)
	}
	if why != nil {
		return draft{}, why
	}
	return draft{in.Body.Text, nil, &extra{kind: typeInteractive, payload: payload}}, nil
}

// span refuses a text that is empty or too long; least 0 allows an empty one.
func span(field, text string, least, most int) *refusal {
	if n := letters(text); n < least || n > most {
		return wrong(typeInteractive+"."+field, "The text must have %d to %d characters", least, most)
	}
	return nil
}

// frame checks what stands around the buttons or the menu.
func (c messageCall) frame(in interactiveSend) *refusal {
	if in.Body == nil {
		return wrong(typeInteractive+".body", "Field required")
	}
	if why := span("body.text", in.Body.Text, 1, maxBodyText); why != nil {
		return why
	}
	if in.Footer != nil {
		if why := span("footer.text", in.Footer.Text, 1, maxFooter); why != nil {
			return why
		}
	}
	h := in.Header
	switch {
	case h == nil:
		return nil
	case h.Type == "text":
		return span("header.text", h.Text, 1, maxHeader)
	case in.Type == "list":
		return wrong(typeInteractive+".header.type", "The header of a menu is a text")
	}
	file, known := map[string]*urlSend{"image": h.Image, "video": h.Video, "document": h.Document}[h.Type]
	switch {
	case !known:
		return wrong(typeInteractive+".header.type", "Input should be 'text', 'image', 'video' or 'document'")
	case file == nil:
		return wrong(typeInteractive+".header."+h.Type, "Field required")
	}
	return c.linkGiven(file, typeInteractive+".header."+h.Type+".url")
}

func checkButtons(a actionSend) *refusal {
	if len(a.Buttons) < 1 || len(a.Buttons) > maxButtons || len(a.Sections) > 0 {
		return wrong(typeInteractive+".action.buttons", "1 to %d buttons are needed", maxButtons)
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for i, b := range a.Buttons {
		at := fmt.Sprintf("action.buttons.%d", i)
		if b.Type != "reply" {
			return wrong(typeInteractive+"."+at+".type", "Input should be 'reply'")
		}
		if why := span(at+".reply.title", b.Reply.Title, 1, maxButtonTitle); why != nil {
			return why
		}
		if why := span(at+".reply.id", b.Reply.ID, 1, maxButtonID); why != nil {
			return why
		}
		if ids[b.Reply.ID] || titles[b.Reply.Title] {
			return wrong(typeInteractive+"."+at+".reply", "Titles and ids of buttons must differ")
		}
		ids[b.Reply.ID], titles[b.Reply.Title] = true, true
	}
	return nil
}

func checkList(a actionSend) *refusal {
	if why := span("action.button", a.Button, 1, maxButtonTitle); why != nil {
		return why
	}
	if len(a.Sections) < 1 || len(a.Sections) > maxSections || len(a.Buttons) > 0 {
		return wrong(typeInteractive+".action.sections", "1 to %d sections are needed", maxSections)
	}
	ids, rows := map[string]bool{}, 0
	for i, s := range a.Sections {
		at := fmt.Sprintf("action.sections.%d", i)
		least := 0
		if len(a.Sections) > 1 {
			least = 1
		}
		if why := span(at+".title", s.Title, least, maxRowTitle); why != nil {
			return why
		}
		if rows += len(s.Rows); len(s.Rows) == 0 || rows > maxRows {
			return wrong(typeInteractive+"."+at+".rows", "A section has a row at least, a menu %d rows at most", maxRows)
		}
		for j, r := range s.Rows {
			if why := r.check(fmt.Sprintf("%s.rows.%d", at, j)); why != nil {
				return why
			}
			if ids[r.ID] {
				return wrong(fmt.Sprintf("%s.%s.rows.%d.id", typeInteractive, at, j), "Ids of rows must differ")
			}
			ids[r.ID] = true
		}
	}
	return nil
}

func (r rowSend) check(at string) *refusal {
	if why := span(at+".id", r.ID, 1, maxRowID); why != nil {
		return why
	}
	if why := span(at+".title", r.Title, 1, maxRowTitle); why != nil {
		return why
	}
	return span(at+".description", r.Description, 0, maxRowText)
}
