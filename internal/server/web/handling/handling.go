package handling

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

type (
	// View is what every screen knows about the one who looks at it.
	View = frame.View
	// Names are what people and teams are called.
	Names = store.TeamNames
)

// MoreMenu is the id of the menu that [More] draws.
const MoreMenu = "more-menu"

// screens is what the handlers work with.
type screens struct {
	frame.Host
	desk *desk.Desk
}

// Mount mounts the screens.
func Mount(h frame.Host) {
	s := screens{Host: h, desk: h.Server.Deps().Desk}
	h.Person("GET /ui/conversations/{id}/candidates", s.candidates)
	h.Person("POST /ui/away", s.away)
	s.mountTeams()
}

// Morning and evening are the hours that presets of snoozing mean.
const (
	morning = 9
	evening = 18
)

// presets are the moments that are offered, as they stand in addresses.
func presets() []string { return []string{"1h", "3h", "evening", "tomorrow", "week"} }

// moment is when a preset ends; the zero time for one that there is not now.
func moment(preset string, now time.Time) time.Time {
	day := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
	}
	switch preset {
	case "1h":
		return now.Add(time.Hour)
	case "3h":
		return now.Add(3 * time.Hour)
	case "evening":
		if now.Hour() < evening-1 {
			return day(0, evening)
		}
	case "tomorrow":
		return day(1, morning)
	case "week":
		return day((7-int(now.Weekday()))%7+1, morning) // Sunday is 0
	}
	return time.Time{}
}

// offer is one preset with its moment.
type offer struct {
	Name string
	At   sellerdesk.Time
}

// offers are the presets that make sense now, in their order.
func offers(v *View) (list []offer) {
	for _, name := range presets() {
		if at := moment(name, v.Now.In(v.Zone)); !at.IsZero() {
			list = append(list, offer{name, sellerdesk.At(at)})
		}
	}
	return list
}

// Change reads what the menus send for the actions assign, snooze and priority.
func Change(form url.Values, zone *time.Location, now time.Time) (c sellerdesk.HandleChange, err error) {
	if id := number(form.Get("user")); id != 0 {
		user := sellerdesk.UserID(id)
		c.Assign.User = &user
	}
	if id := number(form.Get("team")); id != 0 {
		team := sellerdesk.TeamID(id)
		c.Assign.Team = &team
	}
	c.Priority, c.Order = sellerdesk.Priority(form.Get("priority")), form.Get("order") == "yes"
	switch until := form.Get("until"); {
	case until == "":
	case slices.Contains(presets(), until):
		at := sellerdesk.At(moment(until, now.In(zone)))
		c.Until = &at
	default:
		at, err := time.ParseInLocation("2006-01-02T15:04", until, zone)
		if err != nil {
			return c, sellerdesk.Errorf(sellerdesk.CodeInvalid, "This is not a moment.").InField("until")
		}
		moment := sellerdesk.At(at)
		c.Until = &moment
	}
	return c, nil
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// act is the address of an action of a conversation with what it takes.
func act(c sellerdesk.Conversation, action sellerdesk.ActionKind, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	address := "/ui/conversations/" + frame.ID(c.ID) + "/actions/" + string(action)
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// may tells whether an action is listed.
func may(c sellerdesk.Conversation, action sellerdesk.ActionKind) bool {
	_, ok := sellerdesk.Find(c.Can, action)
	return ok
}

// holder says whom a conversation belongs to; "" when it is nobody.
func holder(v *View, n Names, c sellerdesk.Conversation) string {
	var words []string
	if c.Assignee != nil {
		words = append(words, person(v, n, *c.Assignee))
	}
	if c.Team != nil && n.Teams[*c.Team] != "" {
		words = append(words, prose.Clip(prose.Line(n.Teams[*c.Team]), 24))
	}
	return strings.Join(words, " · ")
}

func person(v *View, n Names, id sellerdesk.UserID) string {
	if id == v.User.ID {
		return v.Handling.You
	}
	if name := prose.Line(n.Users[id]); name != "" {
		return prose.Clip(name, 24)
	}
	return v.Handling.Somebody
}

// until says when a conversation comes back.
func until(v *View, c sellerdesk.Conversation) string {
	switch {
	case c.Snooze == nil:
		return ""
	case c.Snooze.Until == nil:
		return v.Handling.TillBuyer
	default:
		return v.Handling.Until(v.Said(*c.Snooze.Until))
	}
}

// choice is somebody to give a conversation to, with the address that does it.
type choice struct {
	sellerdesk.Candidate
	Address string
	On      bool // it belongs to them already
}

// candidates answers with whom a conversation can be given to.
func (s screens) candidates(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.ConversationID](r, "id")
	if err != nil {
		return err
	}
	list, err := s.desk.Handling.Candidates(r.Context(), id)
	if err != nil {
		return err
	}
	var conv sellerdesk.Conversation
	err = s.Server.Deps().Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		conv, err = tx.Conversations.Get(r.Context(), id, user.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.Part(w, r, http.StatusOK, candidateList(s.View(r, user), conv, choices(user.ID, conv, list)))
}

// choices puts whoever asks first. Who takes it from a person keeps the team, and the
// other way round.
func choices(me sellerdesk.UserID, c sellerdesk.Conversation, list []sellerdesk.Candidate) (out []choice) {
	for _, one := range list {
		pairs, on := []string{}, false
		if one.User != nil {
			on = c.Assignee != nil && *c.Assignee == *one.User
			pairs = append(pairs, "user", frame.ID(*one.User))
			if c.Team != nil {
				pairs = append(pairs, "team", frame.ID(*c.Team))
			}
		} else {
			on = c.Team != nil && *c.Team == *one.Team
			pairs = append(pairs, "team", frame.ID(*one.Team))
		}
		out = append(out, choice{one, act(c, sellerdesk.ActionAssign, pairs...), on})
	}
	slices.SortStableFunc(out, func(a, b choice) int { return rank(me, a) - rank(me, b) })
	return out
}

// rank orders choices: whoever asks, then who is at work, then who is away, then teams.
func rank(me sellerdesk.UserID, c choice) int {
	switch {
	case c.Team != nil:
		return 3
	case *c.User == me:
		return 0
	case c.AwayAt != nil:
		return 2
	}
	return 1
}

// Own is what the list tells of whoever looks at it when it shows what is theirs.
func Own(ctx context.Context, tx *store.Tx, user sellerdesk.UserID) (at sellerdesk.Standby, err error) {
	away, err := tx.Teams.Away(ctx)
	if since, ok := away[user]; ok {
		at.AwayAt = &since
	}
	return at, err
}

// away notes that somebody goes home, or is back.
func (s screens) away(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	if _, err := s.desk.Handling.Away(r.Context(), user.ID, r.PostForm.Get("away") == "yes"); err != nil {
		return err
	}
	http.Redirect(w, r, "/?filter=mine", http.StatusSeeOther)
	return nil
}
