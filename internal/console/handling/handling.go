package handling

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/console"
)

// New gives the commands on whom conversations belong to, until when they are
// put off and how much they matter. Now tells from when "for 3h" counts.
func New(now func() time.Time) *cobra.Command {
	c := &cobra.Command{
		Use: "handle", Short: "Give conversations to people and teams, put them off, say how much they matter, go home",
		Args: cobra.NoArgs, RunE: console.ShowHelp,
	}
	console.Flags(c)
	c.AddCommand(newAssign(), newSnooze(now), newPriority(), newCandidates(), newAway())
	return c
}

// handling does an action to a conversation and shows how it stands then.
func handling(c *cobra.Command, server *client.Client, typed string, action sellerdesk.ActionKind, h client.Handle) error {
	id, err := idOf("conversation", typed)
	if err != nil {
		return err
	}
	conv, err := server.Conversations.Act(c.Context(), sellerdesk.ConversationID(id), client.Action{Action: action, Handle: h})
	if err != nil {
		return err
	}
	return console.PrintList(c, each([]sellerdesk.Conversation{conv}), []string{"CONVERSATION", "STATUS", "USER", "TEAM", "PRIORITY", "UNTIL"}, func(c sellerdesk.Conversation) []string {
		team, until := "-", "-"
		if c.Team != nil {
			team = number(*c.Team)
		}
		if c.Snooze != nil {
			until = day(c.Snooze.Until)
		}
		return []string{number(c.ID), string(c.Status), whose(c.Assignee), team, string(c.Priority), until}
	})
}

func newAssign() *cobra.Command {
	var user, team int64
	c := asking("assign CONVERSATION", "Give a conversation to a person, a team, both, or without flags to nobody", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		var h client.Handle
		if user != 0 {
			id := sellerdesk.UserID(user)
			h.User = &id
		}
		if team != 0 {
			id := sellerdesk.TeamID(team)
			h.Team = &id
		}
		return handling(c, server, args[0], sellerdesk.ActionAssign, h)
	})
	c.Example = "  sellerdesk handle assign 17 --user 3\n  sellerdesk handle assign 17 --team 2\n  sellerdesk handle assign 17"
	c.Flags().Int64Var(&user, "user", 0, "number of the person, see sellerdesk handle candidates")
	c.Flags().Int64Var(&team, "team", 0, "number of the team, see sellerdesk teams list")
	return c
}

func newSnooze(now func() time.Time) *cobra.Command {
	var until string
	var after time.Duration
	var order bool
	c := asking("snooze CONVERSATION", "Put a conversation off; the buyer's next word always brings it back", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		h := client.Handle{Order: order}
		at, err := moment(until)
		if err != nil {
			return err
		}
		if c.Flags().Changed("for") {
			if after <= 0 {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--for is how long, as 3h, not %s.", after)
			}
			at = now().Add(after)
		}
		if !at.IsZero() {
			until := sellerdesk.At(at)
			h.Until = &until
		}
		return handling(c, server, args[0], sellerdesk.ActionSnooze, h)
	})
	c.Example = "  sellerdesk handle snooze 17 --for 3h\n  sellerdesk handle snooze 17 --until 2026-11-24T09:00:00+03:00\n  sellerdesk handle snooze 17 --order"
	c.Flags().StringVar(&until, "until", "", "when it comes back: a day or a moment")
	c.Flags().DurationVar(&after, "for", 0, "how long, as 3h")
	c.Flags().BoolVar(&order, "order", false, "it comes back when its order or claim changes too")
	c.MarkFlagsMutuallyExclusive("until", "for")
	return c
}

func newPriority() *cobra.Command {
	return asking("priority CONVERSATION low|normal|high|urgent", "Say how much a conversation matters", cobra.ExactArgs(2), func(c *cobra.Command, server *client.Client, args []string) error {
		return handling(c, server, args[0], sellerdesk.ActionPriority, client.Handle{Priority: sellerdesk.Priority(args[1])})
	})
}

func newCandidates() *cobra.Command {
	return asking("candidates CONVERSATION", "List whom a conversation can be given to", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := idOf("conversation", args[0])
		if err != nil {
			return err
		}
		list, err := server.Teams.Candidates(c.Context(), sellerdesk.ConversationID(id))
		if err != nil {
			return err
		}
		return console.PrintList(c, each(list), []string{"USER", "TEAM", "NAME", "OPEN", "AWAY SINCE"}, func(o sellerdesk.Candidate) []string {
			team := "-"
			if o.Team != nil {
				team = number(*o.Team)
			}
			return []string{whose(o.User), team, console.Cell(o.Name, 40), strconv.Itoa(o.Open), day(o.AwayAt)}
		})
	})
}

func newAway() *cobra.Command {
	var back bool
	c := asking("away", "Go home: what you have to answer goes back to its team or to nobody", cobra.NoArgs, func(c *cobra.Command, server *client.Client, _ []string) error {
		at, err := server.Me.SetAway(c.Context(), !back)
		if err != nil {
			return err
		}
		return console.PrintList(c, each([]sellerdesk.Standby{at}), []string{"AWAY SINCE", "HANDED BACK"}, func(s sellerdesk.Standby) []string {
			return []string{day(s.AwayAt), strconv.Itoa(s.HandedBack)}
		})
	})
	c.Flags().BoolVar(&back, "back", false, "you are at work again")
	return c
}

// Teams gives the commands on those who answer together.
func Teams() *cobra.Command {
	c := &cobra.Command{Use: "teams", Short: "List, make, change and remove teams", Args: cobra.NoArgs, RunE: console.ShowHelp}
	console.Flags(c)
	list := asking("list", "List the teams", cobra.NoArgs, func(c *cobra.Command, server *client.Client, _ []string) error {
		teams, err := server.Teams.List(c.Context())
		return printTeams(c, err, teams...)
	})
	c.AddCommand(list, newTeamsAdd(), newTeamsChange(), asking("remove TEAM", "Remove a team for good", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := idOf("team", args[0])
		if err != nil {
			return err
		}
		return server.Teams.Remove(c.Context(), sellerdesk.TeamID(id))
	}))
	return c
}

func printTeams(c *cobra.Command, err error, teams ...sellerdesk.Team) error {
	if err != nil {
		return err
	}
	return console.PrintList(c, each(teams), []string{"TEAM", "NAME", "MEMBERS"}, func(t sellerdesk.Team) []string {
		members := make([]string, len(t.Members))
		for i, id := range t.Members {
			members[i] = number(id)
		}
		return []string{number(t.ID), console.Cell(t.Name, 60), strings.Join(members, " ")}
	})
}

func userIDs(numbers []int64) []sellerdesk.UserID {
	ids := make([]sellerdesk.UserID, len(numbers))
	for i, n := range numbers {
		ids[i] = sellerdesk.UserID(n)
	}
	return ids
}

func newTeamsAdd() *cobra.Command {
	var members []int64
	c := asking("add NAME", "Make a team", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		t, err := server.Teams.Create(c.Context(), client.NewTeam{Name: args[0], Members: userIDs(members)})
		return printTeams(c, err, t)
	})
	c.Flags().Int64SliceVar(&members, "member", nil, "numbers of people, see sellerdesk users list")
	return c
}

func newTeamsChange() *cobra.Command {
	var name string
	var members []int64
	c := asking("change TEAM", "Give a team another name or other members", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := idOf("team", args[0])
		if err != nil {
			return err
		}
		var change client.TeamChange
		if c.Flags().Changed("name") {
			change.Name = &name
		}
		if c.Flags().Changed("member") {
			ids := userIDs(members)
			change.Members = &ids
		}
		t, err := server.Teams.Change(c.Context(), sellerdesk.TeamID(id), change)
		return printTeams(c, err, t)
	})
	c.Flags().StringVar(&name, "name", "", "the new name")
	c.Flags().Int64SliceVar(&members, "member", nil, "people, in place of those before")
	return c
}

// asking makes a command that asks the server.
func asking(use, short string, args cobra.PositionalArgs, run func(c *cobra.Command, server *client.Client, args []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(c *cobra.Command, args []string) error {
		server, err := console.Dial(c)
		if err != nil {
			return err
		}
		return console.Unreachable(run(c, server, args))
	}}
}

// idOf reads the number of a thing that lists tell.
func idOf(thing, s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a %s, as sellerdesk %ss list tells it.", s, thing, thing)
	}
	return id, nil
}

// moment reads a day of this machine's time zone, or a moment; the zero time stands
// for "".
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, sellerdesk.Errorf(sellerdesk.CodeInvalid, "--until: %q is neither a day, as 2026-11-02, nor a moment, as 2026-11-02T15:00:00+03:00.", s)
	}
	return t, nil
}

func number[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }

// whose names a person by number, "-" for nobody.
func whose(user *sellerdesk.UserID) string {
	if user == nil {
		return "-"
	}
	return number(*user)
}

// day says a moment in this machine's time zone; "-" for none.
func day(at *sellerdesk.Time) string {
	if at == nil {
		return "-"
	}
	return at.Local().Format("2006-01-02 15:04")
}

func each[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}
