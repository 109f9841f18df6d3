package radist

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// texts are the templates of a company, or of one connection, as the gateway
// lists them.
type texts []api.Template

// of gives those of a connection; 0 is any.
func (t texts) of(connection int64) texts {
	if connection == 0 {
		return t
	}
	return slices.DeleteFunc(slices.Clone(t), func(x api.Template) bool { return x.ConnectionID != connection && x.ConnectionID != 0 })
}

// find gives a template by its name and language, of a connection; 0 is any.
func (t texts) find(connection int64, name, language string) (api.Template, bool) {
	i := slices.IndexFunc(t, func(x api.Template) bool {
		return x.Name == name && x.Language == language && (connection == 0 || x.ConnectionID == connection || x.ConnectionID == 0)
	})
	if i < 0 {
		return api.Template{}, false
	}
	return t[i], true
}

// filled is what the buyer reads of a template.
func (t texts) filled(use sellerdesk.TemplateUse) string {
	found, ok := t.find(0, use.Name, use.Language)
	if !ok {
		return fmt.Sprintf("[шаблон %s]", cut(use.Name, 100))
	}
	remote := remoteTemplate(found)
	return firstText(remote.Preview(use.Variables), fmt.Sprintf("[шаблон %s]", cut(use.Name, 100)))
}

// catalogue keeps the list of templates.
type catalogue struct {
	turn chan struct{} // holds one token: whoever has it asks

	mu     sync.Mutex // guards what follows
	list   texts
	asked  time.Time
	missed time.Time // when it could not be had last, unless it was since
}

func newCatalogue() *catalogue {
	c := &catalogue{turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// kept gives the list as it was had last; fresh when it is younger than an age,
// vain when asking was so short ago.
func (c *catalogue) kept(now time.Time, age, pause time.Duration) (list texts, fresh, vain bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.list, !c.asked.IsZero() && now.Sub(c.asked) < age, !c.missed.IsZero() && now.Sub(c.missed) < pause
}

// keep takes what was answered.
func (c *catalogue) keep(got texts, err *channel.Error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.list, c.asked, c.missed = got, now, time.Time{}
	case err.Class == channel.Throttled || err.Class == channel.Temporary:
		c.missed = now
	default:
		c.asked = now // asking for each message again would not help
	}
}

const (
	// The ages at which the list is asked for anew: always, and when a template
	// that was used is not in it.
	askTemplates = time.Hour
	askMissing   = time.Minute
	// waitTemplates bounds how long a reading waits for the list.
	waitTemplates = 20 * time.Second
)

// templates gives the list, not older than an age. Companies without WhatsApp
// for business have none and are not asked.
func (c *office) templates(ctx context.Context, h home, age time.Duration) (texts, error) {
	return c.listed(ctx, h, age, 0)
}

// listed gives the list, not older than an age, or as it was had last when asking
// was in vain less than a pause ago.
func (c *office) listed(ctx context.Context, h home, age, pause time.Duration) (texts, error) {
	if !slices.ContainsFunc(h.list, source.waba) {
		return nil, nil
	}
	if list, fresh, vain := c.texts.kept(c.clock.Now(), age, pause); fresh || vain {
		return list, nil
	}
	select {
	case <-c.texts.turn:
		defer func() { c.texts.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, classify(ctx.Err(), reading)
	}
	// Somebody may have asked since.
	now := c.clock.Now()
	if list, fresh, vain := c.texts.kept(now, age, pause); fresh || vain {
		return list, nil
	}
	got, err := c.client.Templates.List(ctx, h.id, 0)
	if err != nil {
		e := classify(err, reading)
		c.texts.keep(nil, e, now)
		return nil, e
	}
	c.texts.keep(got.Items, nil, now)
	return got.Items, nil
}

// textsFor gives the templates that some messages of a connection need to be
// shown, since each may have its own of one name; without any such message nobody
// is asked. No reading fails for want of the list: then the
// one that was had last serves, or the messages show the name of their template.
func (c *office) textsFor(ctx context.Context, h home, connection int64, messages ...api.Message) texts {
	var used []api.TemplateMessage
	for _, m := range messages {
		if t, ok := m.Content.(api.TemplateMessage); ok {
			used = append(used, t)
		}
	}
	if len(used) == 0 {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, waitTemplates)
	defer stop()
	list, err := c.listed(ctx, h, askTemplates, askMissing)
	if err == nil && slices.ContainsFunc(used, func(t api.TemplateMessage) bool {
		_, ok := list.find(connection, t.Name, t.Language)
		return !ok
	}) {
		list, err = c.listed(ctx, h, askMissing, askMissing)
	}
	if err != nil {
		list, _, _ = c.texts.kept(c.clock.Now(), 0, 0)
	}
	return list.of(connection)
}

// Templates lists the texts that WhatsApp approved, and those that it did not,
// with the reason.
func (c *connector) Templates(ctx context.Context) ([]sellerdesk.RemoteTemplate, error) {
	h, err := c.home(ctx)
	if err != nil {
		return nil, err
	}
	list, err := c.templates(ctx, h, 0)
	if err != nil {
		return nil, err
	}
	out := []sellerdesk.RemoteTemplate{}
	for _, t := range list {
		out = append(out, remoteTemplate(t))
	}
	return out, nil
}

// Lengths of what is filled in, in characters.
const (
	longestAddress = 2000
	longestLink    = 2000
)

// remoteTemplate says a template in the vocabulary.
func remoteTemplate(t api.Template) sellerdesk.RemoteTemplate {
	out := sellerdesk.RemoteTemplate{
		Source: named(t.ConnectionID), Name: t.Name, Language: t.Language, Category: sellerdesk.Optional(t.Category),
		Status: statusOf(t.Status), Body: t.Body, Footer: sellerdesk.Optional(t.Footer),
		Buttons: []sellerdesk.TemplateButton{}, Variables: []sellerdesk.TemplateVariable{},
	}
	if t.HeaderFormat != "" || t.Header != "" {
		out.Header = &sellerdesk.TemplateHeader{Format: strings.ToLower(firstText(t.HeaderFormat, "TEXT")), Text: sellerdesk.Optional(t.Header)}
	}
	for _, b := range t.Buttons {
		out.Buttons = append(out.Buttons, sellerdesk.TemplateButton{
			Kind: buttonKind(b.Kind), Text: b.Text, URL: sellerdesk.Optional(b.URL), Phone: sellerdesk.Optional(b.PhoneNumber),
		})
	}
	wants := t.Variables()
	place := func(name, part, format string, button, most int) {
		out.Variables = append(out.Variables, sellerdesk.TemplateVariable{Name: name, Part: part, Button: button, Format: format, MaxLength: most})
	}
	for _, name := range wants.Header {
		place(name, "header", "text", 0, api.MaxTemplateHeader)
	}
	if wants.HeaderMedia != "" {
		place("1", "header", out.Header.Format, 0, longestLink)
	}
	for _, name := range wants.Body {
		place(name, "body", "text", 0, api.MaxTemplateBody)
	}
	for _, n := range wants.Buttons {
		place("1", "button", "text", n, longestAddress)
	}
	if w := unsendable(t); w.Text != "" {
		out.Reason, out.ReasonCode = w.Text, w.Code
	}
	return out
}

func statusOf(s api.TemplateStatus) sellerdesk.TemplateStatus {
	if s == "" {
		return sellerdesk.TemplateApproved // it is not told, and sending tells
	}
	return sellerdesk.TemplateStatus(strings.ToLower(cut(string(s), 40)))
}

func buttonKind(kind string) string {
	switch kind {
	case "QUICK_REPLY":
		return "reply"
	case "PHONE_NUMBER":
		return "phone"
	default:
		return strings.ToLower(cut(kind, 40))
	}
}

// unsendable says why a template cannot be sent; empty when it can.
func unsendable(t api.Template) sellerdesk.Why {
	switch statusOf(t.Status) {
	case sellerdesk.TemplateApproved:
	case sellerdesk.TemplatePaused:
		return why(sellerdesk.ReasonTemplate, "WhatsApp has paused this template.")
	case sellerdesk.TemplateDisabled:
		return why(sellerdesk.ReasonTemplate, "WhatsApp has switched this template off.")
	case sellerdesk.TemplatePending:
		return why(sellerdesk.ReasonTemplate, "WhatsApp still looks at this template.")
	case sellerdesk.TemplateRejected:
		return why(sellerdesk.ReasonTemplate, "WhatsApp has turned this template down.")
	default:
		return why(sellerdesk.ReasonTemplate, "WhatsApp has not approved this template.")
	}
	if t.HeaderFormat == "LOCATION" {
		return why(sellerdesk.ReasonTemplate, "Templates with a place on the map in the header cannot be sent from here.")
	}
	return sellerdesk.Why{}
}

// valuesOf are what a template that was sent was filled in with, in the order of
// the variables: header, body, buttons.
func valuesOf(m api.TemplateMessage) []string {
	out := []string{}
	for _, p := range slices.Concat(m.Header, m.Body) {
		out = append(out, firstText(p.Media, p.Text))
	}
	buttons := slices.Clone(m.Buttons)
	slices.SortStableFunc(buttons, func(a, b api.ButtonParameter) int { return a.Index - b.Index })
	for _, b := range buttons {
		out = append(out, b.Text)
	}
	return out
}

// spread puts values into their places.
func spread(t api.Template, given []string) (api.Values, error) {
	wants := t.Variables()
	want := len(wants.Header) + len(wants.Body) + len(wants.Buttons)
	if wants.HeaderMedia != "" {
		want++
	}
	if len(given) != want {
		return api.Values{}, refuse(sellerdesk.ReasonTemplate, fmt.Sprintf("The template has %d variables, %d are given.", want, len(given)), nil)
	}
	take := func(n int) []string {
		out := given[:n]
		given = given[n:]
		return out
	}
	v := api.Values{Header: take(len(wants.Header))}
	if wants.HeaderMedia != "" {
		v.HeaderMedia = take(1)[0]
	}
	v.Body, v.Buttons = take(len(wants.Body)), take(len(wants.Buttons))
	return v, nil
}
