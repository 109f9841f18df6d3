package radist

// This file holds what no public document and no seen answer tells: paths,
// shapes and statuses that were inferred. When the live service disagrees,
// correct it here; nothing else depends on the spelling.

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Paths are the addresses of operations whose names are documented and whose
// paths are not. {company_id} and {chat_id} stand for the numbers.
type Paths struct {
	Files        string // upload of a file
	Templates    string // list of WhatsApp templates
	Availability string // what a chat takes now
}

// DefaultPaths returns the paths that fit the rest of the API best.
func DefaultPaths() Paths {
	return Paths{
		Files:        "/companies/{company_id}/messaging/files/",
		Templates:    "/companies/{company_id}/messaging/waba/templates/",
		Availability: "/companies/{company_id}/messaging/chats/{chat_id}/availability/",
	}
}

// WithPaths replaces paths of [DefaultPaths]; empty ones stay.
func WithPaths(p Paths) Option { return func(s *settings) { s.paths = p } }

func (p Paths) orDefault() Paths {
	d := DefaultPaths()
	for _, path := range []struct {
		to   *string
		from string
	}{{&d.Files, p.Files}, {&d.Templates, p.Templates}, {&d.Availability, p.Availability}} {
		if path.from != "" {
			*path.to = "/" + strings.TrimLeft(path.from, "/")
		}
	}
	return d
}

// How the limits are spent. Whether the remote side counts in windows or lets a
// bucket fill is not known: two at once and four a second stay below five in any
// second, however it is counted.
const (
	generalLimit = 4
	generalBurst = 2
	chatsLimit   = 1
	chatsBurst   = 1
)

const (
	// firstPause is what programs in use wait after a first 429; it doubles with
	// each further one.
	firstPause = 2 * time.Second
	// longestPause ends the doubling, and bounds what an answer may ask for.
	longestPause = time.Minute
)

// statusShut is what a closed window or a used up balance is answered with.
const statusShut = http.StatusConflict

// wordsOf finds what the body of an error tells a person: a text, or a list of
// texts with the place of each. "" when it is something else.
func wordsOf(body string) string {
	var said struct {
		Detail  json.RawMessage `json:"detail"`
		Message json.RawMessage `json:"message"`
		Error   json.RawMessage `json:"error"`
	}
	if json.Unmarshal([]byte(body), &said) != nil {
		return ""
	}
	for _, raw := range []json.RawMessage{said.Detail, said.Message, said.Error} {
		var text string
		if json.Unmarshal(raw, &text) == nil && text != "" {
			return text
		}
		var places []struct {
			Place []any  `json:"loc"`
			Text  string `json:"msg"`
		}
		if json.Unmarshal(raw, &places) != nil {
			continue
		}
		var lines []string
		for _, p := range places[:min(len(places), 5)] {
			lines = append(lines, strings.TrimPrefix(placeName(p.Place)+": "+p.Text, ": "))
		}
		if len(lines) > 0 {
			return strings.Join(lines, "; ")
		}
	}
	return ""
}

func placeName(place []any) string {
	var parts []string
	for _, p := range place {
		switch p := p.(type) {
		case string:
			parts = append(parts, p)
		case float64:
			parts = append(parts, strconv.FormatFloat(p, 'f', -1, 64))
		}
	}
	return strings.Join(parts, ".")
}

// The lists whose envelope is not known may be bare, as those of sources and
// messages are, or stand in one of these fields.
var (
	sourcesIn   = [...]string{"sources", "data"}
	messagesIn  = [...]string{"messages", "data"}
	contactsIn  = [...]string{"contacts", "data", "items"}
	templatesIn = [...]string{"templates", "data", "items"}
	webhooksIn  = [...]string{"webhooks", "data", "items"}
)

// ownFileHosts keep the files that messages show. The service has been seen to
// hand out links; where they lead to was not written down.
var ownFileHosts = [...]string{".radist.online"}

// uploadField is the part of the form that holds the file.
const uploadField = "file"

// Contact is a person. It may own several chats: see [ChatsService.All].
type Contact struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Phones    []Phone `json:"phones"`
	CreatedAt Time    `json:"created_at"`
}

// Source is a connection that chats can be started through.
type Source struct {
	ConnectionID int64  `json:"connection_id"`
	Type         string `json:"type"` // as that of the connection
	Name         string `json:"name"` // "" when not told
	// CreateBy says with what a chat is started. Empty means that the customer
	// has to write first, nil that it is not told.
	CreateBy []CreateBy `json:"create_by"`
}

// CreateBy is what a chat can be started with, an open set.
type CreateBy string

// The ways to start a chat.
const (
	CreateByPhone    CreateBy = "phone"
	CreateByUsername CreateBy = "username"
)

// UploadedFile is a file that messages can name by its link, any number of times.
type UploadedFile struct {
	URL      string `json:"url"`
	Name     string `json:"name"`
	Size     int64  `json:"size"` // bytes
	MIMEType string `json:"mime_type"`
}

// Subscription is a webhook. Its answer may tell no more than the id.
type Subscription struct {
	ID           int64       `json:"id"`
	ConnectionID int64       `json:"connection_id"` // 0: all connections
	URL          string      `json:"url"`
	Events       []EventType `json:"events"`
}

// availabilityJSON has pointers, since what is absent must not read as "no".
type availabilityJSON struct {
	Available         *bool `json:"available"`
	TemplateOnly      *bool `json:"template_only"`
	SessionExpiresAt  Time  `json:"session_expires_at"`
	BalanceSufficient *bool `json:"balance_sufficient"`
	WithoutTemplate   *bool `json:"first_message_without_template"`
}

type templateJSON struct {
	ConnectionID int64                   `json:"connection_id"`
	Name         string                  `json:"name"`
	Language     string                  `json:"language"`
	Category     string                  `json:"category"`
	Status       string                  `json:"status"`
	Components   []templateComponentJSON `json:"components"`
}

type templateComponentJSON struct {
	Type    string               `json:"type"`
	Format  string               `json:"format"`
	Text    string               `json:"text"`
	Buttons []templateButtonJSON `json:"buttons"`
}

type templateButtonJSON struct {
	Type        string `json:"type"`
	Text        string `json:"text"`
	URL         string `json:"url"`
	PhoneNumber string `json:"phone_number"`
}

// templateMessageJSON is a template in a message, spelled as Meta does.
type templateMessageJSON struct {
	Name       string                `json:"name"`
	Language   string                `json:"language"`
	Components []filledComponentJSON `json:"components,omitempty"`
}

type filledComponentJSON struct {
	Type       string          `json:"type"`
	SubType    string          `json:"sub_type,omitempty"`
	Index      *int            `json:"index,omitempty"`
	Parameters []parameterJSON `json:"parameters"`
}

type parameterJSON struct {
	Type     string    `json:"type"`
	Name     string    `json:"parameter_name,omitempty"`
	Text     string    `json:"text,omitempty"`
	Image    *linkJSON `json:"image,omitempty"`
	Video    *linkJSON `json:"video,omitempty"`
	Document *linkJSON `json:"document,omitempty"`
}

type linkJSON struct {
	URL string `json:"url"`
}

// interactiveJSON is a message with buttons or a menu, spelled as Meta does;
// body.text was seen.
type interactiveJSON struct {
	Type   InteractiveType        `json:"type,omitempty"`
	Header *interactiveHeaderJSON `json:"header,omitempty"`
	Body   textJSON               `json:"body"`
	Footer *textJSON              `json:"footer,omitempty"`
	Action interactiveActionJSON  `json:"action"`
}

type textJSON struct {
	Text string `json:"text"`
}

type interactiveHeaderJSON struct {
	Type     string    `json:"type"`
	Text     string    `json:"text,omitempty"`
	Image    *linkJSON `json:"image,omitempty"`
	Video    *linkJSON `json:"video,omitempty"`
	Document *linkJSON `json:"document,omitempty"`
}

type interactiveActionJSON struct {
	Buttons  []interactiveButtonJSON `json:"buttons,omitempty"`
	Button   string                  `json:"button,omitempty"`
	Sections []sectionJSON           `json:"sections,omitempty"`
}

type interactiveButtonJSON struct {
	Type  string `json:"type"`
	Reply struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	} `json:"reply"`
}

type sectionJSON struct {
	Title string    `json:"title,omitempty"`
	Rows  []rowJSON `json:"rows"`
}

type rowJSON struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// mediaParameter names a file as Meta does, which calls documents what is a file here.
func mediaParameter(kind MessageType, link string) parameterJSON {
	l := &linkJSON{link}
	switch kind {
	case TypeImage:
		return parameterJSON{Type: "image", Image: l}
	case TypeVideo:
		return parameterJSON{Type: "video", Video: l}
	default:
		return parameterJSON{Type: "document", Document: l}
	}
}

// mediaOf is the other way round; "" when there is none.
func mediaOf(image, video, document *linkJSON) (MessageType, string) {
	switch {
	case image != nil:
		return TypeImage, image.URL
	case video != nil:
		return TypeVideo, video.URL
	case document != nil:
		return TypeFile, document.URL
	}
	return "", ""
}

func (m TemplateMessage) payload() any {
	w := templateMessageJSON{Name: m.Name, Language: m.Language}
	for _, part := range []struct {
		kind       string
		parameters []Parameter
	}{{"header", m.Header}, {"body", m.Body}} {
		if len(part.parameters) == 0 {
			continue
		}
		c := filledComponentJSON{Type: part.kind}
		for _, p := range part.parameters {
			if p.Media != "" {
				c.Parameters = append(c.Parameters, mediaParameter(p.Kind, p.Media))
			} else {
				c.Parameters = append(c.Parameters, parameterJSON{Type: "text", Name: p.Name, Text: p.Text})
			}
		}
		w.Components = append(w.Components, c)
	}
	for _, b := range m.Buttons {
		w.Components = append(w.Components, filledComponentJSON{
			Type: "button", SubType: "url", Index: &b.Index, Parameters: []parameterJSON{{Type: "text", Text: b.Text}},
		})
	}
	return w
}

// errOtherShape is a field that lacks what it cannot be without: it is shaped
// otherwise than was inferred, and is better kept raw.
var errOtherShape = errors.New("shaped otherwise")

func parseTemplateMessage(raw json.RawMessage) (Content, error) {
	var w templateMessageJSON
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, err
	}
	m := TemplateMessage{Name: w.Name, Language: w.Language}
	for _, c := range w.Components {
		var parameters []Parameter
		for _, p := range c.Parameters {
			kind, link := mediaOf(p.Image, p.Video, p.Document)
			parameters = append(parameters, Parameter{Name: p.Name, Text: p.Text, Media: link, Kind: kind})
		}
		switch {
		case c.Type == "header":
			m.Header = parameters
		case c.Type == "body":
			m.Body = parameters
		case c.Type == "button" && c.Index != nil && len(parameters) > 0:
			m.Buttons = append(m.Buttons, ButtonParameter{Index: *c.Index, Text: parameters[0].Text})
		}
	}
	if m.Name == "" {
		return nil, errOtherShape
	}
	return m, nil
}

// understood takes what is not told for "yes": the sending itself says more. ok
// is false when nothing is told at all.
func (w availabilityJSON) understood() (a Availability, ok bool) {
	told := func(b *bool, otherwise bool) bool {
		if b == nil {
			return otherwise
		}
		return *b
	}
	a = Availability{
		BalanceSufficient: told(w.BalanceSufficient, true), TemplateOnly: told(w.TemplateOnly, false), SessionExpiresAt: w.SessionExpiresAt,
		FirstWithoutTemplate: told(w.WithoutTemplate, false),
	}
	a.Available = told(w.Available, a.BalanceSufficient)
	return a, w.Available != nil || w.TemplateOnly != nil || w.BalanceSufficient != nil || w.WithoutTemplate != nil
}

// UnmarshalJSON puts the components into their places; unknown ones are left out.
func (t *Template) UnmarshalJSON(raw []byte) error {
	var w templateJSON
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	*t = Template{
		ConnectionID: w.ConnectionID, Name: w.Name, Language: w.Language, Category: strings.ToUpper(w.Category),
		Status: TemplateStatus(strings.ToUpper(w.Status)),
	}
	for _, c := range w.Components {
		switch strings.ToUpper(c.Type) {
		case "HEADER":
			t.Header, t.HeaderFormat = c.Text, strings.ToUpper(c.Format)
		case "BODY":
			t.Body = c.Text
		case "FOOTER":
			t.Footer = c.Text
		case "BUTTONS":
			for _, b := range c.Buttons {
				t.Buttons = append(t.Buttons, TemplateButton{Kind: strings.ToUpper(b.Type), Text: b.Text, URL: b.URL, PhoneNumber: b.PhoneNumber})
			}
		}
	}
	return nil
}

func (i Interactive) payload() any {
	w := interactiveJSON{Type: i.Kind, Header: i.Header.wire(), Body: textJSON{i.Body}}
	if i.Footer != "" {
		w.Footer = &textJSON{i.Footer}
	}
	for _, b := range i.Buttons {
		var out interactiveButtonJSON
		out.Type, out.Reply.ID, out.Reply.Title = "reply", b.ID, b.Title
		w.Action.Buttons = append(w.Action.Buttons, out)
	}
	w.Action.Button = i.MenuLabel
	for _, s := range i.Sections {
		out := sectionJSON{Title: s.Title}
		for _, r := range s.Rows {
			out.Rows = append(out.Rows, rowJSON(r))
		}
		w.Action.Sections = append(w.Action.Sections, out)
	}
	return w
}

func (h Header) wire() *interactiveHeaderJSON {
	switch {
	case h.Text != "":
		return &interactiveHeaderJSON{Type: "text", Text: h.Text}
	case h.Media == "":
		return nil
	}
	p := mediaParameter(h.Kind, h.Media)
	return &interactiveHeaderJSON{Type: p.Type, Image: p.Image, Video: p.Video, Document: p.Document}
}

func parseInteractive(raw json.RawMessage) (Content, error) {
	var w interactiveJSON
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, err
	}
	i := Interactive{Kind: w.Type, Body: w.Body.Text, MenuLabel: w.Action.Button}
	if h := w.Header; h != nil {
		i.Header.Text = h.Text
		i.Header.Kind, i.Header.Media = mediaOf(h.Image, h.Video, h.Document)
	}
	if w.Footer != nil {
		i.Footer = w.Footer.Text
	}
	for _, b := range w.Action.Buttons {
		i.Buttons = append(i.Buttons, Button(b.Reply))
	}
	for _, s := range w.Action.Sections {
		section := Section{Title: s.Title}
		for _, r := range s.Rows {
			section.Rows = append(section.Rows, Row(r))
		}
		i.Sections = append(i.Sections, section)
	}
	if i.Body == "" {
		return nil, errOtherShape
	}
	return i, nil
}

// WABACode is a number of WhatsApp's errors. The service is assumed to put it
// into the text of an error; only GENERIC_ERROR was ever seen.
type WABACode int

// The codes that somebody can act on.
const (
	CodeTokenExpired     WABACode = 190
	CodeBlocked          WABACode = 368    // temporarily, for a breach of rules
	CodeThroughput       WABACode = 130429 // too many messages in all
	CodeUndeliverable    WABACode = 131026 // no such user, or one that cannot get it
	CodeAccountLocked    WABACode = 131031
	CodePayment          WABACode = 131042
	CodeWindowClosed     WABACode = 131047 // over a day since the customer wrote: only templates
	CodeSpamLimit        WABACode = 131048
	CodeWithheld         WABACode = 131049 // kept back so that people do not get too much marketing
	CodeStoppedMarketing WABACode = 131050
	CodeUnsupportedType  WABACode = 131051
	CodeMediaDownload    WABACode = 131052
	CodeMediaUpload      WABACode = 131053
	CodeTooManyToOne     WABACode = 131056
	CodeParameterCount   WABACode = 132000
	CodeTemplateMissing  WABACode = 132001
	CodeTextTooLong      WABACode = 132005
	CodePolicy           WABACode = 132007
	CodeParameterFormat  WABACode = 132012
	CodeTemplatePaused   WABACode = 132015
	CodeTemplateDisabled WABACode = 132016
)

// knownCodes are those worth looking for in a text, where any number may stand.
func knownCodes() []WABACode {
	return []WABACode{
		CodeTokenExpired, CodeBlocked, CodeThroughput, CodeUndeliverable, CodeAccountLocked, CodePayment, CodeWindowClosed, CodeSpamLimit, CodeWithheld,
		CodeStoppedMarketing, CodeUnsupportedType, CodeMediaDownload, CodeMediaUpload, CodeTooManyToOne, CodeParameterCount, CodeTemplateMissing,
		CodeTextTooLong, CodePolicy, CodeParameterFormat, CodeTemplatePaused, CodeTemplateDisabled,
	}
}

// WABACode finds the number of WhatsApp's error that a failed message names, 0
// when there is none that is known.
func (m Message) WABACode() WABACode {
	for _, text := range []string{m.ErrorText, m.ErrorType} {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
			n, err := strconv.Atoi(word)
			if err == nil && slices.Contains(knownCodes(), WABACode(n)) {
				return WABACode(n)
			}
		}
	}
	return 0
}
