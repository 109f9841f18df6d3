package talking

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// mostMentions bounds how many are named in one note.
const mostMentions = 50

// token is how a note names a person, "@[12]", or a team, "@[team:3]".
func token() *regexp.Regexp { return regexp.MustCompile(`@\[(team:)?([0-9]{1,18})\]`) }

// Part is a piece of a note: words, or somebody who is named.
type Part struct {
	Text string
	User sellerdesk.UserID // 0: none
	Team sellerdesk.TeamID // 0: none
}

// Parts cuts a note at whom it names.
func Parts(note string) []Part {
	var parts []Part
	rest := 0
	for _, m := range token().FindAllStringSubmatchIndex(note, -1) {
		if m[0] > rest {
			parts = append(parts, Part{Text: note[rest:m[0]]})
		}
		id, _ := strconv.ParseInt(note[m[4]:m[5]], 10, 64) // at most 18 digits
		if m[2] >= 0 {
			parts = append(parts, Part{Team: sellerdesk.TeamID(id)})
		} else {
			parts = append(parts, Part{User: sellerdesk.UserID(id)})
		}
		rest = m[1]
	}
	if rest < len(note) {
		parts = append(parts, Part{Text: note[rest:]})
	}
	return parts
}

// Plain writes a note with the names of those it names, as names tells them.
func Plain(note string, name func(Part) string) string {
	var b strings.Builder
	for _, p := range Parts(note) {
		if p.User != 0 || p.Team != 0 {
			b.WriteString("@" + name(p))
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// named finds whom a note names: people, and the members of teams who see the
// conversation. Naming a person who does not see it is refused, since they could
// never read it.
func (d Deps) named(ctx context.Context, at store.Place, note string) ([]sellerdesk.UserID, error) {
	var ids []sellerdesk.UserID
	parts := Parts(note)
	count := 0
	for _, p := range parts {
		if p.User == 0 && p.Team == 0 {
			continue
		}
		if count++; count > mostMentions {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A note names up to %d people.", mostMentions).InField("text")
		}
		if p.User != 0 {
			sees, err := d.sees(ctx, p.User, at.Account)
			if err != nil {
				return nil, err
			}
			if !sees {
				return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Person %d does not see this conversation.", p.User).InField("text")
			}
			ids = append(ids, p.User)
			continue
		}
		members, err := d.members(ctx, at, p.Team)
		if err != nil {
			return nil, err
		}
		ids = append(ids, members...)
	}
	slices.Sort(ids)
	return append([]sellerdesk.UserID{}, slices.Compact(ids)...), nil
}

// members gives those of a team who see a conversation.
func (d Deps) members(ctx context.Context, at store.Place, id sellerdesk.TeamID) (list []sellerdesk.UserID, err error) {
	teams, err := d.teams(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(teams, func(t sellerdesk.Team) bool { return t.ID == id })
	if i < 0 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no team %d.", id).InField("text")
	}
	for _, user := range teams[i].Members {
		sees, err := d.sees(ctx, user, at.Account)
		if err != nil {
			return nil, err
		}
		if sees {
			list = append(list, user)
		}
	}
	return list, nil
}

// Colleagues gives who can be named in a conversation or be given a task there:
// the people who see it, by name, then the teams.
func (n *Notes) Colleagues(ctx context.Context, id sellerdesk.ConversationID) ([]sellerdesk.Colleague, error) {
	at, err := n.where(ctx, sellerdesk.RightSee, id)
	if err != nil {
		return nil, err
	}
	var users []sellerdesk.User
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		users, err = tx.Users.List(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	list := []sellerdesk.Colleague{}
	for _, u := range users {
		sees, err := n.sees(ctx, u.ID, at.Account)
		if err != nil {
			return nil, err
		}
		if sees {
			list = append(list, sellerdesk.Colleague{User: &u.ID, Name: cmp.Or(string(u.Name), string(u.Login))})
		}
	}
	list = slices.DeleteFunc(list, func(c sellerdesk.Colleague) bool { return c.Name == "" })
	slices.SortStableFunc(list, func(a, b sellerdesk.Colleague) int { return strings.Compare(a.Name, b.Name) })
	teams, err := n.teams(ctx)
	for _, t := range teams {
		list = append(list, sellerdesk.Colleague{Team: &t.ID, Name: t.Name})
	}
	return list, err
}
