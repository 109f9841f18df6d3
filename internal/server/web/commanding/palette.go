package commanding

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
	"github.com/sellerdesk/sellerdesk/search"
)

const (
	longestAsked = 200 // characters of what is typed into the palette
	mostShown    = 7   // of one kind of things
)

// item is a line of the palette.
type item struct {
	Name, Note, Icon string
	// What choosing it does: one of them.
	Run   sellerdesk.Command
	Link  string
	Theme *string
	// Open is the conversation that is opened beside the list where that is shown.
	Open sellerdesk.ConversationID
	// Thread: it is about the open conversation, and there must be one.
	Thread bool
	Key    sellerdesk.CommandKey
	// Words are what it is found by, folded, each with a space before it.
	Words string
}

// group is a kind of items under its name.
type group struct {
	ID, Name string
	Items    []item
}

// findable gathers what an item is found by: names in both languages and what the
// other layout makes of each.
func findable(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		for _, form := range []string{name, Otherwise(name)} {
			for _, word := range strings.Fields(text.Fold(form)) {
				b.WriteByte(' ')
				b.WriteString(strings.TrimLeft(word, "«“("))
			}
		}
	}
	return b.String()
}

// palette gives what does not depend on what is typed.
func (s screens) palette(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v := s.View(r, user)
	return s.Part(w, r, http.StatusOK, groupsOf(v, []group{
		{ID: "commands", Name: v.Commanding.Commands, Items: commands(v)},
		{ID: "places", Name: v.Commanding.Places, Items: places(v, s.Server.Routes())},
	}))
}

// commands are those of the keys that can be chosen, and the themes.
func commands(v *frame.View) []item {
	other := texts.HouseOf(sellerdesk.English)
	if v.Language == sellerdesk.English {
		other = texts.HouseOf(sellerdesk.Russian)
	}
	about := []sellerdesk.Command{
		sellerdesk.CommandReply, sellerdesk.CommandNote, sellerdesk.CommandTemplate, sellerdesk.CommandClose, sellerdesk.CommandSnooze,
		sellerdesk.CommandAssign, sellerdesk.CommandTag, sellerdesk.CommandUnread,
	}
	idle := []sellerdesk.Command{ // only keys make sense of them
		sellerdesk.CommandNext, sellerdesk.CommandPrevious, sellerdesk.CommandOpen, sellerdesk.CommandSend, sellerdesk.CommandSendNext,
		sellerdesk.CommandSelectRange, sellerdesk.CommandPalette, sellerdesk.CommandGo, sellerdesk.CommandGoInbox, sellerdesk.CommandGoPeople,
		sellerdesk.CommandGoSettings, sellerdesk.CommandBack,
	}
	var out []item
	for _, k := range v.User.Shortcuts.All() {
		if slices.Contains(idle, k.Command) {
			continue
		}
		name := v.Commanding.Names[k.Command]
		out = append(out, item{
			Name: name, Icon: "keyboard", Run: k.Command, Key: k, Thread: slices.Contains(about, k.Command),
			Words: findable(name, other.Commanding.Names[k.Command], v.Commanding.Words[k.Command], other.Commanding.Words[k.Command]),
		})
	}
	for _, theme := range []struct{ value, icon string }{{"light", "sun"}, {"dark", "moon"}, {"", "monitor"}} {
		name := v.Commanding.Themes[theme.value]
		out = append(out, item{
			Name: name, Icon: theme.icon, Theme: &theme.value,
			Words: findable(name, other.Commanding.Themes[theme.value], v.Commanding.ThemeWords, other.Commanding.ThemeWords),
		})
	}
	return out
}

// place is a page that the palette leads to.
type place struct {
	path, icon string
	name       func(*texts.Table, *texts.House) string
	open       func(sellerdesk.Access) bool
}

// everywhere are the pages that there may be, in the order of the rail and of the menu.
func everywhere() []place {
	anybody := func(sellerdesk.Access) bool { return true }
	may := func(r sellerdesk.Right) func(sellerdesk.Access) bool {
		return func(a sellerdesk.Access) bool { return a.May(r) }
	}
	somewhere := func(r sellerdesk.Right) func(sellerdesk.Access) bool {
		return func(a sellerdesk.Access) bool { return a.MaySomewhere(r) }
	}
	return []place{
		{"/", "inbox", func(t *texts.Table, _ *texts.House) string { return t.Inbox }, anybody},
		{"/?filter=unread", "mail", func(t *texts.Table, _ *texts.House) string { return t.FilterUnread }, anybody},
		{"/?filter=all", "list", func(t *texts.Table, _ *texts.House) string { return t.FilterAll }, anybody},
		{"/?filter=closed", "archive", func(t *texts.Table, _ *texts.House) string { return t.FilterClosed }, anybody},
		{"/people", "users", func(t *texts.Table, _ *texts.House) string { return t.PeoplePlace }, somewhere(sellerdesk.RightSee)},
		{"/accounts", "store", func(t *texts.Table, _ *texts.House) string { return t.Accounts }, somewhere(sellerdesk.RightSee)},
		{"/accounts/new", "plus", func(t *texts.Table, _ *texts.House) string { return t.AddAccount }, may(sellerdesk.RightAccounts)},
		{"/settings", "user", func(_ *texts.Table, h *texts.House) string { return h.Pages.Own }, anybody},
		{boardPath, "keyboard", func(_ *texts.Table, h *texts.House) string { return h.Commanding.Title }, anybody},
		{"/settings/people", "users", func(_ *texts.Table, h *texts.House) string { return h.Pages.Team }, may(sellerdesk.RightPeople)},
		{"/settings/roles", "list", func(_ *texts.Table, h *texts.House) string { return h.Pages.Roles }, may(sellerdesk.RightPeople)},
		{"/settings/keys", "key-round", func(_ *texts.Table, h *texts.House) string { return h.Pages.Keys }, may(sellerdesk.RightKeys)},
		{"/settings/webhooks", "send-horizontal", func(_ *texts.Table, h *texts.House) string { return h.Pages.Hooks }, may(sellerdesk.RightWebhooks)},
		{"/settings/audit", "eye", func(_ *texts.Table, h *texts.House) string { return h.Pages.Audit }, somewhere(sellerdesk.RightAudit)},
		{"/settings/status", "circle-check-big", func(_ *texts.Table, h *texts.House) string { return h.Pages.Health }, somewhere(sellerdesk.RightSee)},
	}
}

// places are the pages that the person may open, of those that are mounted.
func places(v *frame.View, routes []string) []item {
	others, house := texts.English(), texts.HouseOf(sellerdesk.English)
	if v.Language == sellerdesk.English {
		others, house = texts.Russian(), texts.HouseOf(sellerdesk.Russian)
	}
	var out []item
	for _, p := range everywhere() {
		path, _, _ := strings.Cut(p.path, "?")
		if path == "/" {
			path = "/{$}"
		}
		if !p.open(v.Access) || !slices.Contains(routes, "GET "+path) {
			continue
		}
		name := p.name(v.Table, v.House)
		out = append(out, item{Name: name, Icon: p.icon, Link: p.path, Words: findable(name, p.name(others, house))})
	}
	return out
}

// found looks for what is typed among names, buyers and conversations. Where nothing is
// found it looks for what the other layout would have written.
func (s screens) found(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v, asked := s.View(r, user), prose.Clip(strings.TrimSpace(r.URL.Query().Get("q")), longestAsked)
	var all []group
	for _, form := range []string{asked, Otherwise(asked)} {
		var err error
		if all, err = s.look(r.Context(), v, form); err != nil {
			return err
		}
		if len(all) > 0 {
			break
		}
	}
	return s.Part(w, r, http.StatusOK, groupsOf(v, all))
}

// look gives the groups that have anything.
func (s screens) look(ctx context.Context, v *frame.View, asked string) ([]group, error) {
	q, err := search.Parse(asked)
	if err != nil || asked == "" {
		return nil, nil // what is half typed is no mistake yet
	}
	found, err := s.desk.Search.Find(ctx, finding.Input{User: v.User.ID, Query: q, Zone: v.Zone, Limit: 4 * mostShown})
	if sellerdesk.CodeOf(err) == sellerdesk.CodeInvalid {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []group
	if people := buyers(found.Items, asked); len(people) > 0 {
		all = append(all, group{ID: "people", Name: v.Commanding.People, Items: people})
	}
	if talks := conversations(v, found.Items); len(talks) > 0 {
		all = append(all, group{ID: "talks", Name: v.Commanding.Talks, Items: talks})
	}
	named, err := s.named(ctx, v, asked)
	return append(named, all...), err
}

// named gives what bears the words as its name: views, tags, colleagues and accounts.
func (s screens) named(ctx context.Context, v *frame.View, asked string) (all []group, err error) {
	if !v.Access.MaySomewhere(sellerdesk.RightSee) {
		return nil, nil
	}
	saved, err := s.desk.Views.List(ctx, v.User.ID, false, v.Zone)
	if err != nil {
		return nil, err
	}
	tags, err := s.desk.Tags.List(ctx)
	if err != nil {
		return nil, err
	}
	people, err := s.desk.Handling.Everybody(ctx)
	if err != nil {
		return nil, err
	}
	var accounts []sellerdesk.Account
	err = s.Server.Deps().Store.Read(ctx, func(tx *store.Tx) error {
		accounts, err = tx.Accounts.List(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	all = []group{
		bearing(asked, "views", v.Commanding.Views, saved, func(one sellerdesk.SavedView) item {
			return item{Name: one.Name, Icon: "list", Link: "/views/" + frame.ID(one.ID)}
		}),
		bearing(asked, "tags", v.Commanding.Tags, tags, func(one sellerdesk.UsedTag) item {
			return item{Name: one.Name, Icon: "tag", Link: "/?filter=all&tag=" + frame.ID(one.ID)}
		}),
		bearing(asked, "colleagues", v.Talking.Colleagues, people, func(one sellerdesk.Candidate) item {
			return item{Name: one.Name, Note: v.Handling.Open(one.Open), Icon: holderIcon(one), Link: heldBy(v, one)}
		}),
		bearing(asked, "accounts", v.Accounts, accounts, func(one sellerdesk.Account) item {
			return item{Name: one.Name, Icon: "store", Link: "/accounts/" + frame.ID(one.ID)}
		}),
	}
	return slices.DeleteFunc(all, func(g group) bool { return len(g.Items) == 0 }), nil
}

// bearing is the group of the first of a list whose names bear the words.
func bearing[T any](asked, id, name string, list []T, of func(T) item) group {
	g := group{ID: id, Name: name}
	for _, one := range list {
		if line := of(one); len(g.Items) < mostShown && fits(findable(line.Name), asked) {
			line.Name = prose.Clip(prose.Line(line.Name), 60)
			g.Items = append(g.Items, line)
		}
	}
	return g
}

func holderIcon(c sellerdesk.Candidate) string {
	if c.Team != nil {
		return "users"
	}
	return "user"
}

// heldBy is the address of all that belongs to a colleague or a team.
func heldBy(v *frame.View, c sellerdesk.Candidate) string {
	q := search.Query{Assignees: []string{c.Name}}
	if c.Team != nil {
		q = search.Query{Teams: []string{c.Name}}
	}
	return "/search?" + url.Values{"q": {q.Typed(v.Table.Language)}}.Encode()
}

// fits tells whether each word of what is typed begins one of those of an item.
func fits(words, asked string) bool {
	for _, word := range strings.Fields(text.Fold(asked)) {
		if !strings.Contains(words, " "+word) {
			return false
		}
	}
	return true
}

// buyers are the people whose names bear the words, of the conversations found.
func buyers(hits []sellerdesk.Hit, asked string) []item {
	var out []item
	for _, h := range hits {
		c := h.Conversation
		if c.Contact == nil || !fits(findable(string(c.BuyerName)), asked) {
			continue
		}
		one := item{Name: prose.Clip(prose.Line(string(c.BuyerName)), 60), Icon: "user", Link: "/people/" + frame.ID(*c.Contact)}
		if len(out) < mostShown && !slices.ContainsFunc(out, func(i item) bool { return i.Link == one.Link }) {
			out = append(out, one)
		}
	}
	return out
}

// conversations are those found, each once, with what was said.
func conversations(v *frame.View, hits []sellerdesk.Hit) []item {
	var out []item
	for _, h := range hits {
		if len(out) == mostShown || slices.ContainsFunc(out, func(i item) bool { return i.Open == h.Conversation.ID }) {
			continue
		}
		c := h.Conversation
		name := prose.Clip(prose.Line(string(c.BuyerName)), 60)
		if name == "" {
			name = v.Nameless
		}
		out = append(out, item{Name: name, Note: prose.Clip(prose.Line(unmarked(h.Snippet)), 90), Icon: "message-square", Link: "/conversations/" + frame.ID(c.ID), Open: c.ID})
	}
	return out
}

// unmarked takes the marks of found words out of a snippet.
func unmarked(s string) string {
	return strings.NewReplacer("\ue000", "", "\ue001", "").Replace(s)
}
