package console

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newTags() *cobra.Command {
	c := &cobra.Command{Use: "tags", Short: "List, make, change and remove tags, put them on conversations", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newTagsList(), newTagsAdd(), newTagsChange(), newTagsPut(),
		newRemoval("tag", func(c *cobra.Command, server *client.Client, id int64) error {
			return server.Tags.Remove(c.Context(), sellerdesk.TagID(id))
		}))
	return c
}

func printTags(c *cobra.Command, tags ...sellerdesk.UsedTag) error {
	return printList(c, each(tags), forever, []string{"TAG", "NAME", "COLOUR", "CONVERSATIONS"}, func(t sellerdesk.UsedTag) []string {
		return []string{digits(t.ID), Cell(t.Name, 40), strconv.Itoa(t.Color), strconv.Itoa(t.Conversations)}
	})
}

// asking is a command that asks the server for something.
func asking(use, short string, args cobra.PositionalArgs, run func(c *cobra.Command, server *client.Client, args []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(c *cobra.Command, args []string) error {
		server, err := Dial(c)
		if err != nil {
			return err
		}
		return Unreachable(run(c, server, args))
	}}
}

func newTagsList() *cobra.Command {
	return asking("list", "List the tags with how often each is used", cobra.NoArgs, func(c *cobra.Command, server *client.Client, _ []string) error {
		list, err := server.Tags.List(c.Context())
		if err != nil {
			return err
		}
		return printTags(c, list...)
	})
}

func newTagsAdd() *cobra.Command {
	color := 0
	c := asking("add NAME", "Make a tag", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		t, err := server.Tags.Create(c.Context(), client.NewTag{Name: args[0], Color: chosen(c, "color", color)})
		if err != nil {
			return err
		}
		return printTags(c, t)
	})
	c.Flags().IntVar(&color, "color", 0, "one of twelve, 0 to 11; the next when it is left out")
	return c
}

// chosen is the value of a flag; nil when it was not given.
func chosen[T any](c *cobra.Command, flag string, value T) *T {
	if !c.Flags().Changed(flag) {
		return nil
	}
	return &value
}

func newTagsChange() *cobra.Command {
	name, color := "", 0
	c := asking("change TAG", "Give a tag another name or colour", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := numberOf("tag", args[0])
		if err != nil {
			return err
		}
		t, err := server.Tags.Change(c.Context(), sellerdesk.TagID(id), client.TagChange{Name: chosen(c, "name", name), Color: chosen(c, "color", color)})
		if err != nil {
			return err
		}
		return printTags(c, t)
	})
	c.Flags().StringVar(&name, "name", "", "the new name")
	c.Flags().IntVar(&color, "color", 0, "one of twelve, 0 to 11")
	return c
}

// numberOf reads the number of a thing that lists tell.
func numberOf(thing, s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a %s, as sellerdesk %ss list tells it.", s, thing, thing)
	}
	return id, nil
}

func newRemoval(thing string, remove func(*cobra.Command, *client.Client, int64) error) *cobra.Command {
	return asking("remove "+strings.ToUpper(thing), "Remove a "+thing+" for good", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := numberOf(thing, args[0])
		if err != nil {
			return err
		}
		return remove(c, server, id)
	})
}

func newTagsPut() *cobra.Command {
	var off []string
	c := asking("put CONVERSATION [NAME…]", "Put tags on a conversation, and take some off", cobra.MinimumNArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := numberOf("conversation", args[0])
		if err != nil {
			return err
		}
		conv, err := server.Conversations.Act(c.Context(), sellerdesk.ConversationID(id), client.Action{
			Action: sellerdesk.ActionTag, Tags: client.Labels{Add: args[1:], Remove: off},
		})
		if err != nil {
			return err
		}
		used := make([]sellerdesk.UsedTag, len(conv.Tags))
		for i, t := range conv.Tags {
			used[i] = sellerdesk.UsedTag{Tag: t}
		}
		return printList(c, each(used), forever, []string{"TAG", "NAME"}, func(t sellerdesk.UsedTag) []string { return []string{digits(t.ID), Cell(t.Name, 40)} })
	})
	c.Example = "  sellerdesk tags put 17 Urgent \"Second time\"\n  sellerdesk tags put 17 --off Urgent"
	c.Flags().StringSliceVar(&off, "off", nil, "names of tags to take off")
	return c
}

func newFields() *cobra.Command {
	c := &cobra.Command{Use: "fields", Short: "List, make and remove fields, set them on conversations", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newFieldsList(), newFieldsAdd(), newFieldsSet(),
		newRemoval("field", func(c *cobra.Command, server *client.Client, id int64) error {
			return server.Fields.Remove(c.Context(), sellerdesk.FieldID(id))
		}))
	return c
}

func printFields(c *cobra.Command, fields ...sellerdesk.Field) error {
	return printList(c, each(fields), forever, []string{"FIELD", "NAME", "OF", "KIND", "OPTIONS"}, func(f sellerdesk.Field) []string {
		return []string{digits(f.ID), Cell(f.Name, 40), string(f.Of), string(f.Kind), cmp.Or(Cell(strings.Join(f.Options, ", "), 60), "-")}
	})
}

func newFieldsList() *cobra.Command {
	return asking("list", "List the fields in the order of the house", cobra.NoArgs, func(c *cobra.Command, server *client.Client, _ []string) error {
		list, err := server.Fields.List(c.Context())
		if err != nil {
			return err
		}
		return printFields(c, list...)
	})
}

func newFieldsAdd() *cobra.Command {
	n := client.NewField{Kind: sellerdesk.FieldText}
	kind, of := "text", "conversation"
	c := asking("add NAME", "Make a field", cobra.ExactArgs(1), func(c *cobra.Command, server *client.Client, args []string) error {
		n.Name, n.Kind, n.Of = args[0], sellerdesk.FieldKind(kind), sellerdesk.FieldTarget(of)
		f, err := server.Fields.Create(c.Context(), n)
		if err != nil {
			return err
		}
		return printFields(c, f)
	})
	c.Flags().StringVar(&kind, "kind", kind, "text, number, date, choice or yes")
	c.Flags().StringVar(&of, "of", of, "conversation or contact")
	c.Flags().StringSliceVar(&n.Options, "option", nil, "options of a choice; several between commas")
	return c
}

func newFieldsSet() *cobra.Command {
	return asking("set CONVERSATION FIELD [VALUE]", "Set a field of a conversation; without a value it is emptied", cobra.RangeArgs(2, 3), func(c *cobra.Command, server *client.Client, args []string) error {
		id, err := numberOf("conversation", args[0])
		if err != nil {
			return err
		}
		change := sellerdesk.FieldChange{Field: args[1]}
		if len(args) == 3 {
			change.Value = args[2]
		}
		conv, err := server.Conversations.Act(c.Context(), sellerdesk.ConversationID(id), client.Action{Action: sellerdesk.ActionField, Field: change})
		if err != nil {
			return err
		}
		return printList(c, each(conv.Fields), forever, []string{"FIELD", "NAME", "VALUE"}, func(f sellerdesk.FieldValue) []string {
			return []string{digits(f.Field), Cell(f.Name, 40), Cell(f.Value, 60)}
		})
	})
}

func newViews() *cobra.Command {
	c := &cobra.Command{Use: "views", Short: "List, keep and remove saved views", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newViewsList(), newViewsAdd(),
		newRemoval("view", func(c *cobra.Command, server *client.Client, id int64) error {
			return server.Views.Remove(c.Context(), sellerdesk.SavedViewID(id))
		}))
	return c
}

func printViews(c *cobra.Command, views ...sellerdesk.SavedView) error {
	return printList(c, each(views), forever, []string{"VIEW", "NAME", "SHOWS", "WHOSE", "QUESTION"}, func(v sellerdesk.SavedView) []string {
		whose, count := "the house", "-"
		switch {
		case v.User != nil:
			whose = "person " + digits(*v.User)
		case v.Team != nil:
			whose = "team " + digits(*v.Team)
		}
		if v.Count != nil {
			count = strconv.Itoa(*v.Count)
			if *v.Count >= sellerdesk.ViewCounted {
				count += "+"
			}
		}
		return []string{digits(v.ID), Cell(v.Name, 40), count, whose, cmp.Or(Cell(v.Query, 60), "everything")}
	})
}

func newViewsList() *cobra.Command {
	return asking("list", "List your views, those of your teams and of the house", cobra.NoArgs, func(c *cobra.Command, server *client.Client, _ []string) error {
		list, err := server.Views.List(c.Context(), true)
		if err != nil {
			return err
		}
		return printViews(c, list...)
	})
}

func newViewsAdd() *cobra.Command {
	var n client.NewView
	var team int64
	c := asking("add NAME QUESTION", "Keep a question to the list, as it is typed in the search", cobra.ExactArgs(2), func(c *cobra.Command, server *client.Client, args []string) error {
		n.Name, n.Query, n.Team = args[0], args[1], sellerdesk.TeamID(team)
		v, err := server.Views.Create(c.Context(), n)
		if err != nil {
			return err
		}
		return printViews(c, v)
	})
	c.Example = "  sellerdesk views add \"Bad reviews\" \"kind:review stars:1-2 state:unanswered\" --house"
	c.Flags().StringVar(&n.Sort, "sort", "", "updated or waiting")
	c.Flags().Int64Var(&team, "team", 0, "number of the team it is for")
	c.Flags().BoolVar(&n.House, "house", false, "for everybody")
	return c
}

// labelFlags narrow conversations by tags and fields.
type labelFlags struct {
	tags   []string
	fields []string
}

func (f *labelFlags) offer(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.tags, "tag", nil, "carries one of these tags: names or numbers between commas")
	c.Flags().StringArrayVar(&f.fields, "field", nil, "a field holds a value, as Reason=Broken")
}

// narrow puts them into a query, with the numbers of what they name.
func (f *labelFlags) narrow(c *cobra.Command, server *client.Client, q *client.ConversationQuery) error {
	if len(f.tags) > 0 {
		all, err := server.Tags.List(c.Context())
		if err != nil {
			return err
		}
		for _, name := range f.tags {
			i := slices.IndexFunc(all, func(t sellerdesk.UsedTag) bool { return digits(t.ID) == name || strings.EqualFold(t.Name, name) })
			if i < 0 {
				return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no tag %q.", name)
			}
			q.Tags = append(q.Tags, all[i].ID)
		}
	}
	if len(f.fields) == 0 {
		return nil
	}
	all, err := server.Fields.List(c.Context())
	if err != nil {
		return err
	}
	for _, typed := range f.fields {
		name, value, _ := strings.Cut(typed, "=")
		i := slices.IndexFunc(all, func(t sellerdesk.Field) bool {
			return t.Of == sellerdesk.FieldOfConversation && (digits(t.ID) == name || strings.EqualFold(t.Name, name))
		})
		if i < 0 || value == "" {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not a field with a value, as Reason=Broken.", typed)
		}
		q.Fields = append(q.Fields, fmt.Sprintf("%d=%s", all[i].ID, value))
	}
	return nil
}
