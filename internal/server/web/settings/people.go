package settings

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// teamView is who works here.
type teamView struct {
	People   []sellerdesk.User
	Roles    []sellerdesk.Role
	Accounts []sellerdesk.Account
	Titles   map[sellerdesk.ChannelKind]string
}

// personView is one of them, or one to be invited.
type personView struct {
	teamView
	Form     form
	Done     string
	User     sellerdesk.User
	Sessions []sellerdesk.Session // nil: not shown
}

// rosterView is what each role may.
type rosterView struct {
	Form   form
	Done   string
	Roles  []sellerdesk.Role
	Chosen sellerdesk.Role   // to be changed; without a name a new one
	Offer  sellerdesk.Rights // what a new one may be given
}

// nameOf names a person; the owner of a demo has no name.
func nameOf(v *View, u sellerdesk.User) string {
	switch {
	case u.Name != "":
		return prose.Line(u.Name)
	case u.Login != "":
		return prose.Line(string(u.Login))
	case u.Owner:
		return v.Team.Owner
	default:
		return "№" + id(u.ID)
	}
}

func loginOf(v *View, u sellerdesk.User) string {
	if u.Login == "" && !u.Owner {
		return v.Team.NotYet
	}
	return prose.Line(string(u.Login))
}

func initial(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r))
}

// face is the colour of a person's letter, the same everywhere.
func face(u sellerdesk.User) string { return "hue-" + strconv.FormatInt(int64(u.ID)%13, 10) }

// roleName names a role in the language of the screen.
func roleName(v *View, r sellerdesk.Role) string {
	if s := v.Roster.Names[r.Name]; s != "" {
		return s
	}
	return orElse(prose.Line(string(r.Title)), string(r.Name))
}

func (t teamView) role(v *View, name sellerdesk.RoleName) string {
	for _, r := range t.Roles {
		if r.Name == name {
			return roleName(v, r)
		}
	}
	return orElse(v.Roster.Names[name], string(name))
}

func (t teamView) channel(kind sellerdesk.ChannelKind) string {
	return orElse(t.Titles[kind], string(kind))
}

// where names the place of a grant.
func (t teamView) where(v *View, g sellerdesk.Grant) string {
	switch {
	case g.Account != nil:
		return accountWords(apart(t.Accounts, t.Titles), []sellerdesk.AccountID{*g.Account})
	case g.Channel != "":
		return t.channel(g.Channel)
	default:
		return v.Team.Everywhere
	}
}

// rolesOf says in one line what a person is here.
func (t teamView) rolesOf(v *View, u sellerdesk.User) string {
	if u.Owner {
		return v.Team.Owner
	}
	if len(u.Grants) == 0 {
		return v.Team.Nothing
	}
	words := make([]string, len(u.Grants))
	for i, g := range u.Grants {
		words[i] = v.Team.RoleIn(t.role(v, g.Role), t.where(v, g))
	}
	return strings.Join(words, ", ")
}

// spot is where a role can be given: the name of its choice in the form.
type spot struct{ Name, Kind, Title, Hint, Label string }

const (
	houseGrant   = "grant-house"
	channelGrant = "grant-channel-"
	accountGrant = "grant-account-"
)

// places are all places where a role can be given: the house, each channel that
// has an account, each account, and where the person has one already.
func (p personView) places(v *View) []spot {
	out := []spot{{houseGrant, "house", v.Team.ForHouse, "", v.Team.ForHouse}}
	for _, kind := range p.channels() {
		title := p.channel(kind)
		out = append(out, spot{channelGrant + string(kind), "channel", title, v.Team.AllOfChannel, v.Team.OnChannel + " " + title})
		for _, a := range p.Accounts {
			if a.Channel == kind {
				name := prose.Clip(prose.Line(a.Name), 60)
				out = append(out, spot{accountGrant + id(a.ID), "account", name, "", v.Team.InAccount + " " + name})
			}
		}
	}
	return out
}

// channels are those with an account, and those that the person has a role in.
func (p personView) channels() (kinds []sellerdesk.ChannelKind) {
	for _, a := range p.Accounts {
		if !slices.Contains(kinds, a.Channel) {
			kinds = append(kinds, a.Channel)
		}
	}
	for _, g := range p.User.Grants {
		if g.Channel != "" && !slices.Contains(kinds, g.Channel) {
			kinds = append(kinds, g.Channel)
		}
	}
	return kinds
}

// grantName is the name of the choice that a grant stands in.
func grantName(g sellerdesk.Grant) string {
	switch {
	case g.Account != nil:
		return accountGrant + id(*g.Account)
	case g.Channel != "":
		return channelGrant + string(g.Channel)
	default:
		return houseGrant
	}
}

// rolesAt are the roles chosen at a place, at least one empty choice.
func (p personView) rolesAt(f form, name string) (roles []string) {
	if f.typed() {
		roles = slices.DeleteFunc(slices.Clone(f.Values[name]), func(s string) bool { return s == "" })
	} else {
		for _, g := range p.User.Grants {
			if grantName(g) == name {
				roles = append(roles, string(g.Role))
			}
		}
	}
	if len(roles) == 0 {
		roles = []string{""}
	}
	return roles
}

// roleOptions are the roles that the person who gives them holds in full, and
// the one that is given.
func (p personView) roleOptions(v *View, present string) []option {
	var out []option
	for _, r := range p.Roles {
		if r.Rights&^v.Access.House == 0 || present == string(r.Name) {
			out = append(out, option{Value: string(r.Name), Label: roleName(v, r)})
		}
	}
	return out
}

// readGrants reads the choices of a form. A grant of a cabinet that the form did
// not offer, because whoever gives roles does not see it, is kept.
func readGrants(values url.Values, before []sellerdesk.Grant) []sellerdesk.Grant {
	out := []sellerdesk.Grant{}
	for _, g := range before {
		if _, offered := values[grantName(g)]; !offered {
			out = append(out, g)
		}
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		g := sellerdesk.Grant{}
		if kind, ok := strings.CutPrefix(name, channelGrant); ok {
			g.Channel = sellerdesk.ChannelKind(kind)
		} else if n, ok := strings.CutPrefix(name, accountGrant); ok {
			account, err := strconv.ParseInt(n, 10, 64)
			if err != nil || account <= 0 {
				continue
			}
			g.Account = (*sellerdesk.AccountID)(&account)
		} else if name != houseGrant {
			continue
		}
		for i, role := range values[name] {
			if role != "" && !slices.Contains(values[name][:i], role) {
				with := g
				with.Role = sellerdesk.RoleName(role)
				out = append(out, with)
			}
		}
	}
	return out
}

func rightValues(set sellerdesk.Rights) []string {
	out := []string{}
	for _, r := range set.List() {
		out = append(out, string(r))
	}
	return out
}

// readRights reads the chosen rights; what is none is left out.
func readRights(values []string) sellerdesk.Rights {
	list := make([]sellerdesk.Right, len(values))
	for i, s := range values {
		list[i] = sellerdesk.Right(s)
	}
	return sellerdesk.RightsOf(list...)
}
