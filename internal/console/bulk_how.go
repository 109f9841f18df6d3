package console

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// bulkHow is what an action on many conversations puts on them.
type bulkHow struct {
	tags, untag            []string
	field, until, priority string
	user, team             int64
}

func (h *bulkHow) offer(c *cobra.Command) {
	f := c.Flags()
	f.StringSliceVar(&h.tags, "tag", nil, "put these tags on: names between commas")
	f.StringSliceVar(&h.untag, "untag", nil, "take these tags off")
	f.StringVar(&h.field, "field", "", "set a field, as Reason=Broken; nothing behind = empties it")
	f.Int64Var(&h.user, "user", 0, "give them to this person, see sellerdesk users list; --action assign alone gives them to nobody")
	f.Int64Var(&h.team, "team", 0, "give them to this team, see sellerdesk teams list")
	f.StringVar(&h.until, "until", "", "put them off until a day or a moment; --action snooze alone puts them off until the buyer writes")
	f.StringVar(&h.priority, "priority", "", "low, normal, high or urgent")
}

// put says it, and which action it is of; "" where nothing is put on them.
func (h *bulkHow) put(b *client.Bulk) (sellerdesk.ActionKind, error) {
	var actions []sellerdesk.ActionKind
	if len(h.tags)+len(h.untag) > 0 {
		actions = append(actions, sellerdesk.ActionTag)
		b.Tags = client.Labels{Add: h.tags, Remove: h.untag}
	}
	if h.field != "" {
		actions = append(actions, sellerdesk.ActionField)
		name, value, is := strings.Cut(h.field, "=")
		if !is || name == "" {
			return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "--field is a name and a value, as Reason=Broken, not %q.", h.field)
		}
		b.Field = &sellerdesk.FieldChange{Field: name, Value: value}
	}
	if h.user != 0 || h.team != 0 {
		actions = append(actions, sellerdesk.ActionAssign)
		user, team := sellerdesk.UserID(h.user), sellerdesk.TeamID(h.team)
		if user != 0 {
			b.User = &user
		}
		if team != 0 {
			b.Team = &team
		}
	}
	if h.until != "" {
		actions = append(actions, sellerdesk.ActionSnooze)
		at, err := moment("--until", h.until, false)
		if err != nil {
			return "", err
		}
		until := sellerdesk.At(at)
		b.Until = &until
	}
	if h.priority != "" {
		actions = append(actions, sellerdesk.ActionPriority)
		b.Priority = sellerdesk.Priority(h.priority)
	}
	switch len(actions) {
	case 0:
		return "", nil
	case 1:
		return actions[0], nil
	}
	return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "One thing is done at once, not %s and %s.", actions[0], actions[1])
}
