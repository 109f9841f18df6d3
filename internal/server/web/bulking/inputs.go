package bulking

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
)

// mostTemplates is how many texts of the house the dialog offers.
const mostTemplates = 100

// choices are what an action can be given.
type choices struct {
	Templates []sellerdesk.Template
	Tags      []sellerdesk.UsedTag
	Fields    []sellerdesk.Field
	Holders   []sellerdesk.Candidate
	Moments   []moment
}

// moment is one until when conversations can be put off.
type moment struct {
	Name string
	At   sellerdesk.Time
}

// choices reads what the dialog offers for an action.
func (s screens) choices(ctx context.Context, v *View, a asked) (c choices, err error) {
	switch a.Action {
	case sellerdesk.ActionAnswer:
		c.Templates, _, err = s.desk.Library.List(ctx, v.User.ID, library.Query{Limit: mostTemplates})
	case sellerdesk.ActionTag:
		c.Tags, err = s.desk.Tags.List(ctx)
	case sellerdesk.ActionField:
		var all []sellerdesk.Field
		all, err = s.desk.Fields.List(ctx)
		for _, f := range all {
			if f.Of == sellerdesk.FieldOfConversation {
				c.Fields = append(c.Fields, f)
			}
		}
	case sellerdesk.ActionAssign:
		c.Holders, err = s.desk.Handling.Everybody(ctx)
	case sellerdesk.ActionSnooze:
		c.Moments = moments(v.Now.In(v.Zone))
	}
	return c, err
}

// moments are those that are usual, as far as they are to come: an hour, three,
// this evening, tomorrow morning, the morning of Monday.
func moments(now time.Time) (list []moment) {
	const morning, evening = 9, 18
	day := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
	}
	list = []moment{{"1h", sellerdesk.At(now.Add(time.Hour))}, {"3h", sellerdesk.At(now.Add(3 * time.Hour))}}
	if now.Hour() < evening-1 {
		list = append(list, moment{"evening", sellerdesk.At(day(0, evening))})
	}
	monday := (7-int(now.Weekday()))%7 + 1 // Sunday is 0
	return append(list, moment{"tomorrow", sellerdesk.At(day(1, morning))}, moment{"week", sellerdesk.At(day(monday, morning))})
}

// put reads what an action is given.
func (a *asked) put(v *View, f url.Values) error {
	switch a.Action {
	case sellerdesk.ActionTag:
		a.Tags = sellerdesk.TagChange{Add: several(f.Get("add")), Remove: several(f.Get("remove"))}
		if fresh := strings.TrimSpace(f.Get("fresh")); fresh != "" {
			a.Tags.Add = append(a.Tags.Add, fresh)
		}
	case sellerdesk.ActionField:
		a.Field = sellerdesk.FieldChange{Field: f.Get("field"), Value: strings.TrimSpace(f.Get("value"))}
	case sellerdesk.ActionAssign:
		a.Handle.Assign = holder(f.Get("to"))
	case sellerdesk.ActionPriority:
		a.Handle.Priority = sellerdesk.Priority(f.Get("priority"))
	case sellerdesk.ActionSnooze:
		until := f.Get("until")
		if until == "at" {
			at, err := time.ParseInLocation("2006-01-02T15:04", f.Get("at"), v.Zone)
			if err != nil {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "This is not a moment.").InField("until")
			}
			t := sellerdesk.At(at)
			a.Handle.Until = &t
		}
		for _, m := range moments(v.Now.In(v.Zone)) {
			if m.Name == until {
				a.Handle.Until = &m.At
			}
		}
	}
	return nil
}

// several reads what was chosen of several.
func several(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// holder reads whom conversations are given to: "user-1", "team-2" or nobody.
func holder(s string) (to sellerdesk.Assignment) {
	kind, number, _ := strings.Cut(s, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 {
		return to
	}
	switch kind {
	case "user":
		user := sellerdesk.UserID(n)
		to.User = &user
	case "team":
		team := sellerdesk.TeamID(n)
		to.Team = &team
	}
	return to
}

// held writes a candidate as [holder] reads it.
func held(c sellerdesk.Candidate) string {
	if c.Team != nil {
		return "team-" + frame.ID(*c.Team)
	}
	if c.User != nil {
		return "user-" + frame.ID(*c.User)
	}
	return ""
}
