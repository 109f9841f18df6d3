package radist

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MessageType names what a message holds, an open set.
type MessageType string

// The types of messages. Orders cannot be sent.
const (
	TypeText        MessageType = "text"
	TypeImage       MessageType = "image"
	TypeVideo       MessageType = "video"
	TypeVoice       MessageType = "voice"
	TypeAudio       MessageType = "audio"
	TypeFile        MessageType = "file"
	TypeTemplate    MessageType = "waba_template"
	TypeInteractive MessageType = "waba_interactive"
	TypeRadistOrder MessageType = "radist_order"
	TypeWABAOrder   MessageType = "waba_order"
)

// MaxTextLength is how long a text may be in characters; WhatsApp for business
// and Telegram agree on it.
const MaxTextLength = 4096

// MaxCaptionLength is how long the text of a picture or file may be, in characters.
const MaxCaptionLength = 1024

// Content is what a message says: a [Text], [Media], [TemplateMessage] or
// [Interactive], and for messages that came also [Unknown]. A message has exactly
// one, so that the field named as the type is always the one that is filled.
type Content interface {
	// Type is that of a message with this content.
	Type() MessageType
	// check refuses what cannot be sent, in one sentence.
	check() error
	// payload is what stands in the field named as the type.
	payload() any
}

// Text is a message of words.
type Text string

// Type is TypeText.
func (Text) Type() MessageType { return TypeText }

func (t Text) check() error { return checkText("text", string(t), 1, MaxTextLength) }

func (t Text) payload() any { return textJSON{string(t)} }

// Media is a picture, a film, a recording or another file. To send one upload it
// first; in a message that came the link leads to its bytes.
type Media struct {
	// Kind is TypeImage, TypeVideo, TypeVoice, TypeAudio or TypeFile.
	Kind     MessageType `json:"-"`
	URL      string      `json:"url"`
	Caption  string      `json:"caption,omitempty"`
	Name     string      `json:"name,omitempty"`
	MIMEType string      `json:"mime_type,omitempty"` // not sent
	Size     int64       `json:"size,omitempty"`      // bytes; not sent
}

// Type is Kind.
func (m Media) Type() MessageType { return m.Kind }

func (m Media) check() error {
	if !isMedia(m.Kind) {
		return fmt.Errorf("a file cannot be sent as %q", oneLine(string(m.Kind), longestName))
	}
	if err := checkLink("file", m.URL); err != nil {
		return err
	}
	return checkText("caption", m.Caption, 0, MaxCaptionLength)
}

func (m Media) payload() any { return Media{URL: m.URL, Caption: m.Caption, Name: m.Name} }

func isMedia(t MessageType) bool {
	switch t {
	case TypeImage, TypeVideo, TypeVoice, TypeAudio, TypeFile:
		return true
	}
	return false
}

// Unknown is the content of a message whose type is not known here, or whose
// field is not what was ever seen. It cannot be sent.
type Unknown struct {
	Kind MessageType
	// Raw is the field named as the type, nil when it is missing.
	Raw json.RawMessage
}

// Type is Kind.
func (u Unknown) Type() MessageType { return u.Kind }

func (u Unknown) check() error {
	return fmt.Errorf("a message of the type %q cannot be sent", oneLine(string(u.Kind), longestName))
}

func (u Unknown) payload() any { return u.Raw }

// longestName bounds foreign names in errors, in runes.
const longestName = 60

// parseContent never fails: see Unknown.
func parseContent(t MessageType, raw json.RawMessage) Content {
	if len(raw) == 0 || string(raw) == "null" {
		return Unknown{Kind: t}
	}
	var (
		content Content
		err     error
	)
	switch {
	case t == TypeText:
		var text struct {
			Text *string `json:"text"`
		}
		if err = json.Unmarshal(raw, &text); err == nil && text.Text != nil {
			content = Text(*text.Text)
		}
	case isMedia(t):
		m := Media{}
		err = json.Unmarshal(raw, &m)
		m.Kind = t
		content = m
	case t == TypeTemplate:
		content, err = parseTemplateMessage(raw)
	case t == TypeInteractive:
		content, err = parseInteractive(raw)
	}
	if err != nil || content == nil {
		return Unknown{Kind: t, Raw: raw}
	}
	return content
}

// checkText refuses what no messenger takes before anything leaves. Lengths
// count characters.
func checkText(what, text string, least, most int) error {
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return fmt.Errorf("the %s is not valid UTF-8", what)
	case least > 0 && strings.TrimSpace(text) == "":
		return fmt.Errorf("the %s is empty", what)
	case n > most:
		return fmt.Errorf("the %s has %d characters, %d are allowed", what, n, most)
	}
	return nil
}

// longestLink bounds a link, in bytes.
const longestLink = 4096

// checkLink wants what an upload gives. http is left to emulators.
func checkLink(what, link string) error {
	u, err := url.Parse(link)
	switch {
	case link == "":
		return fmt.Errorf("the %s has no link: upload it first", what)
	case len(link) > longestLink, err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "", strings.ContainsFunc(link, unicode.IsControl):
		return fmt.Errorf("the link of the %s is no address", what)
	}
	return nil
}
