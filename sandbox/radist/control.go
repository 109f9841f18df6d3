package radist

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

// player puts into the world what the control API orders.
type player struct{ *Emulator }

// decode reads a control call's body strictly.
func decode(body json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return sandbox.Refuse("body: %v", err)
	}
	return nil
}

// name is that of an account or a connection: a string or a number.
type name string

// UnmarshalJSON takes a string or a number.
func (n *name) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*n = name(s)
		return nil
	}
	var number int64
	if err := json.Unmarshal(raw, &number); err != nil {
		return fmt.Errorf("neither a string nor a number")
	}
	*n = name(fmt.Sprint(number))
	return nil
}

// buyer takes a word of a person with a name: the person may have a chat already.
func (e player) buyer(a *sandbox.Account, in sandbox.BuyerMessage) (sandbox.Written, bool, error) {
	if in.From == nil || in.Conversation != "" || in.Rating != nil {
		return sandbox.Written{}, false, nil
	}
	line := lineWhatsApp
	if in.From.Phone == "" && in.From.Username != "" {
		line = lineTelegram
	}
	got, err := e.hear(e.cabinet(a), line, *in.From, in.Text, in.Files)
	return got, true, err
}

// hear lets a person write through a connection: into the chat that the person has there, else into a new one.
func (e player) hear(c *cabinet, line int, from sandbox.Person, text string, parts []sandbox.NewPart) (sandbox.Written, error) {
	m, err := e.spoken(text, parts)
	if err != nil {
		return sandbox.Written{}, err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if from, err = c.reachable(line, from); err != nil {
		return sandbox.Written{}, err
	}
	c.mu.Lock()
	n, have := c.find(line, from.Phone, from.Username)
	if have {
		c.introduce(n, from.Name)
	}
	c.mu.Unlock()
	if have {
		return e.say(c, n, m)
	}
	made, ok := e.open(c, &opening{person: from, line: line}, m)
	if !ok {
		return sandbox.Written{}, sandbox.Refuse("the chat was not made")
	}
	return e.written(made), nil
}

func (e player) written(m sandbox.Message) sandbox.Written {
	return sandbox.Written{Conversation: e.remoteID(sandbox.KindChat, m.Conversation), Message: m.ID.String()}
}

// say puts a message into a chat there is.
func (e player) say(c *cabinet, n int, m sandbox.Message) (sandbox.Written, error) {
	id := e.identity(c.account, n)
	made, ok := e.world.Put(c.account, &id, nil, m)
	if !ok {
		return sandbox.Written{}, sandbox.Refuse("no such conversation")
	}
	return e.written(made), nil
}

// spoken makes a buyer's message.
func (e player) spoken(text string, parts []sandbox.NewPart) (sandbox.Message, error) {
	if text == "" && len(parts) == 0 {
		return sandbox.Message{}, sandbox.Refuse("text or files are needed")
	}
	files, err := e.world.Files(parts)
	return sandbox.Message{Author: sandbox.Buyer, Text: text, Files: files}, err
}

// reachable completes a person for a connection.
func (c *cabinet) reachable(line int, p sandbox.Person) (sandbox.Person, error) {
	l := lines()[line]
	if p.Phone != "" {
		plain, ok := digits(p.Phone)
		if !ok {
			return p, sandbox.Refuse("from.phone is not a phone number")
		}
		p.Phone = plain
	}
	if p.Username = strings.TrimPrefix(p.Username, "@"); p.Username != "" {
		if _, ok := userName(p.Username); !ok {
			return p, sandbox.Refuse("from.username is not a user name")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case l.kind == kindBot && p.Username == "":
		p.Username = fmt.Sprintf("guest_%d", len(c.chats))
	case l.kind != kindBot && p.Phone == "" && !(l.kind == kindTelegram && p.Username != ""):
		p.Phone = fmt.Sprintf("7900%07d", len(c.chats))
	}
	return p, nil
}

// at finds the account, and the chat if one is named.
func (e player) at(account name, conversation string) (c *cabinet, n int, err error) {
	a, err := e.world.Find(API, string(account))
	if err != nil {
		return nil, 0, err
	}
	c = e.cabinet(a)
	if conversation == "" {
		return c, -1, nil
	}
	var id int64
	_, err = fmt.Sscan(conversation, &id)
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.chatOf(id)
	if err != nil || !ok {
		return nil, 0, sandbox.Refuse("no such conversation")
	}
	return c, n, nil
}

// line finds a connection by its number or its kind.
func (c *cabinet) line(connection name) (int, error) {
	for i, l := range lines() {
		if l.kind == string(connection) || fmt.Sprint(Connection(c.account, i)) == string(connection) {
			return i, nil
		}
	}
	return 0, sandbox.Refuse("no such connection")
}

// controlBuyer is the control call buyer with a connection and an answered message.
func (e player) controlBuyer(body json.RawMessage) (any, error) {
	var in struct {
		Account, Connection name
		Conversation        string
		From                *sandbox.Person
		Text                string
		Files               []sandbox.NewPart
		ReplyTo             string `json:"reply_to"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	c, n, err := e.at(in.Account, in.Conversation)
	if err != nil {
		return nil, err
	}
	if n >= 0 {
		if in.From != nil || in.Connection != "" {
			return nil, sandbox.Refuse("from and connection are for a new conversation only")
		}
		return e.goOn(c, n, in.Text, in.Files, in.ReplyTo)
	}
	line := lineWhatsApp
	if in.Connection != "" {
		if line, err = c.line(in.Connection); err != nil {
			return nil, err
		}
	}
	if in.From == nil {
		in.From = &sandbox.Person{Name: "Новый покупатель"}
	}
	return e.hear(c, line, *in.From, in.Text, in.Files)
}

// goOn puts a word of the buyer into chat n, perhaps an answer to a message of the same chat.
func (e player) goOn(c *cabinet, n int, text string, parts []sandbox.NewPart, to string) (any, error) {
	m, err := e.spoken(text, parts)
	if err != nil {
		return nil, err
	}
	if to == "" {
		return e.say(c, n, m)
	}
	id, _, err := c.messageIn(n, to)
	if err != nil {
		return nil, err
	}
	return e.quote(c, n, m, id)
}

func (e player) quote(c *cabinet, n int, m sandbox.Message, id sandbox.ID) (any, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	c.sending = &sending{n, sandbox.Buyer, m.Text, &extra{reply: &id}}
	c.mu.Unlock()
	got, err := e.say(c, n, m)
	c.mu.Lock()
	c.sending = nil
	c.mu.Unlock()
	return got, err
}

// messageIn finds a message of chat n.
func (c *cabinet) messageIn(n int, message string) (sandbox.ID, wire, error) {
	id, err := sandbox.ParseID(message)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		for _, w := range c.every(n) {
			if w.id == id {
				return id, w, nil
			}
		}
	}
	return id, wire{}, sandbox.Refuse("no such message")
}

// controlPress lets the buyer choose a button or a row: by its id, a quick reply of a template by its text.
func (e player) controlPress(body json.RawMessage) (any, error) {
	var in struct {
		Account      name
		Conversation string
		Message, ID  string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	c, n, err := e.at(in.Account, in.Conversation)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, sandbox.Refuse("conversation is needed")
	}
	id, w, err := c.messageIn(n, in.Message)
	if err != nil {
		return nil, err
	}
	i := slices.Index([]string{typeInteractive, typeTemplate}, w.kind)
	title, ok := "", false
	if i >= 0 {
		title, ok = choices(w)[in.ID]
	}
	if !ok {
		return nil, sandbox.Refuse("the message has no such button or row")
	}
	return e.quote(c, n, sandbox.Message{Author: sandbox.Buyer, Text: title}, id)
}

// choices are the titles of what can be chosen in a message, by id.
func choices(w wire) map[string]string {
	found := map[string]string{}
	if w.kind == typeTemplate {
		for _, t := range catalogue(0) {
			if t.Name != w.payload["name"] || t.Language != w.payload["language"] {
				continue
			}
			for _, part := range t.Components {
				for _, b := range part.Buttons {
					if b.Type == "QUICK_REPLY" {
						found[b.Text] = b.Text
					}
				}
			}
		}
		return found
	}
	raw, err := json.Marshal(w.payload)
	var in interactiveSend
	if err != nil || json.Unmarshal(raw, &in) != nil || in.Action == nil {
		return found
	}
	for _, b := range in.Action.Buttons {
		found[b.Reply.ID] = b.Reply.Title
	}
	for _, s := range in.Action.Sections {
		for _, r := range s.Rows {
			found[r.ID] = r.Title
		}
	}
	return found
}

// controlMark sets a mark of a message of the seller now.
func (e player) controlMark(body json.RawMessage) (any, error) {
	var in struct {
		Account      name
		Conversation string
		Message, Do  string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{markDelivered, markRead, markError}, in.Do) {
		return nil, sandbox.Refuse("do must be delivered, read or error")
	}
	c, n, err := e.at(in.Account, in.Conversation)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, sandbox.Refuse("conversation is needed")
	}
	id, w, err := c.messageIn(n, in.Message)
	if err != nil {
		return nil, err
	}
	if w.inbound {
		return nil, sandbox.Refuse("messages of a buyer have no marks")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setMark(id, in.Do, e.world.Clock().Now())
	w.extra = c.extras[id]
	for _, k := range e.marksOf(w) {
		if k.name == in.Do {
			c.announceMark(n, w, k)
		}
	}
	return struct{}{}, nil
}

// controlCabinet changes the balance, an option of a connection, or what every request is answered.
func (e player) controlCabinet(body json.RawMessage) (any, error) {
	var in struct {
		Account, Connection name
		Balance             *float64
		FirstFree           *bool `json:"first_free"`
		Refuse              *int
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	c, _, err := e.at(in.Account, "")
	if err != nil {
		return nil, err
	}
	line := lineWABA
	if in.Connection != "" {
		if line, err = c.line(in.Connection); err != nil {
			return nil, err
		}
	}
	if in.FirstFree != nil && lines()[line].kind != kindWABA {
		return nil, sandbox.Refuse("first_free is for a connection of WABA")
	}
	if r := in.Refuse; r != nil && *r != 0 && *r != http.StatusUnauthorized && *r != http.StatusForbidden {
		return nil, sandbox.Refuse("refuse must be 0, 401 or 403")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if in.Balance != nil {
		c.balance = *in.Balance
	}
	if in.FirstFree != nil {
		c.freeFirst[line] = *in.FirstFree
	}
	if in.Refuse != nil {
		c.refuse = *in.Refuse
	}
	return struct{}{}, nil
}

// controlTemplate changes the state of a template.
func (e player) controlTemplate(body json.RawMessage) (any, error) {
	var in struct {
		Account                name
		Name, Language, Status string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	c, _, err := e.at(in.Account, "")
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED"}, in.Status) {
		return nil, sandbox.Refuse("status must be APPROVED, PENDING, REJECTED, PAUSED or DISABLED")
	}
	if !slices.ContainsFunc(catalogue(0), func(t templateJSON) bool { return t.Name == in.Name && t.Language == in.Language }) {
		return nil, sandbox.Refuse("no such template")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[templateKey{in.Name, in.Language}] = in.Status
	return struct{}{}, nil
}

// controlUploads lists what was uploaded, oldest first.
func (e player) controlUploads(body json.RawMessage) (any, error) {
	var in struct{ Account name }
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	c, _, err := e.at(in.Account, "")
	if err != nil {
		return nil, err
	}
	type item struct {
		URL  string `json:"url"`
		Name string `json:"name"`
		Size int64  `json:"size"`
		Sum  string `json:"sha256"`
		Used int    `json:"used"`
	}
	found := []item{}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range c.order {
		u := c.uploads[key]
		found = append(found, item{c.files() + "/u/" + key + "/" + u.name, u.name, u.size, u.sum, u.used})
	}
	return found, nil
}
