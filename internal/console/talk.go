package console

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

// newNotes gives the commands on what people say beside a conversation.
func newNotes() *cobra.Command {
	c := &cobra.Command{
		Use:   "notes",
		Short: "Read and leave notes beside a conversation, which no buyer ever gets",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	var limit int
	list := atConversation("list CONVERSATION", "List the notes, the newest first", func(c *cobra.Command, server *client.Client, id sellerdesk.ConversationID, _ []string) error {
		return printList(c, server.Notes.All(c.Context(), id), limit, []string{"NOTE", "AT", "BY", "TEXT"}, noteCells)
	})
	list.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	add := atConversation("add CONVERSATION TEXT", "Leave a note; @[12] names the person 12, who is told", func(c *cobra.Command, server *client.Client, id sellerdesk.ConversationID, words []string) error {
		note, err := server.Notes.Write(c.Context(), id, strings.Join(words, " "))
		if err != nil {
			return Unreachable(err)
		}
		return printList(c, each([]sellerdesk.Note{note}), forever, []string{"NOTE", "AT", "BY", "TEXT"}, noteCells)
	})
	add.Args = cobra.MinimumNArgs(2)
	follow := atConversation("follow CONVERSATION", "Be told of what happens in it", acting(sellerdesk.ActionFollow))
	unfollow := atConversation("unfollow CONVERSATION", "Be told no longer", acting(sellerdesk.ActionUnfollow))
	c.AddCommand(list, add, newNotesRemove(), follow, unfollow)
	return c
}

// acting does an action that takes nothing.
func acting(action sellerdesk.ActionKind) func(*cobra.Command, *client.Client, sellerdesk.ConversationID, []string) error {
	return func(c *cobra.Command, server *client.Client, id sellerdesk.ConversationID, _ []string) error {
		_, err := server.Conversations.Act(c.Context(), id, client.Action{Action: action})
		return Unreachable(err)
	}
}

// atConversation makes a command about one conversation.
func atConversation(use, short string, do func(*cobra.Command, *client.Client, sellerdesk.ConversationID, []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := conversationID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return do(c, server, id, args[1:])
		},
	}
}

func noteCells(n sellerdesk.Note) []string {
	return []string{digits(n.ID), day(&n.At), whose(n.User), Cell(n.Text, 80)}
}

// whose names a person by number, "-" for nobody.
func whose(user *sellerdesk.UserID) string {
	if user == nil {
		return "-"
	}
	return digits(*user)
}

func newNotesRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove NOTE", Short: "Remove a note of one's own", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := numbered(args[0], "note")
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return Unreachable(server.Notes.Remove(c.Context(), sellerdesk.NoteID(id)))
		},
	}
}

func numbered(s, thing string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a %s, as its list tells it.", s, thing)
	}
	return id, nil
}

// newTasks gives the commands on what is to be done about conversations.
func newTasks() *cobra.Command {
	c := &cobra.Command{
		Use:   "tasks",
		Short: "List, set and do what is to be done about conversations",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	c.AddCommand(newTasksList(), newTasksAdd(), newTasksDone("done TASK", "Say that a task is done", true), newTasksDone("undo TASK", "Say that a task is not done", false))
	return c
}

func newTasksList() *cobra.Command {
	var all bool
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "List one's tasks that are not done, what is due first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return printList(c, server.Tasks.All(c.Context(), !all), limit, taskHeads(), taskCells)
		},
	}
	c.Flags().BoolVar(&all, "all", false, "those of everybody")
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	return c
}

func taskHeads() []string { return []string{"TASK", "CONVERSATION", "DUE", "FOR", "TEXT"} }

func taskCells(t sellerdesk.Task) []string {
	return []string{digits(t.ID), digits(t.Conversation), day(t.DueAt), whose(t.User), Cell(t.Text, 80)}
}

func newTasksAdd() *cobra.Command {
	var user int64
	var due string
	c := atConversation("add CONVERSATION TEXT", "Set a task about a conversation", func(c *cobra.Command, server *client.Client, id sellerdesk.ConversationID, words []string) error {
		in := client.NewTask{Text: strings.Join(words, " "), User: sellerdesk.UserID(user)}
		if due != "" {
			at, err := time.Parse(time.RFC3339, due)
			if err != nil {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--due is a moment such as 2026-11-03T09:00:00+03:00, not %q.", due)
			}
			in.DueAt = at
		}
		task, err := server.Tasks.Add(c.Context(), id, in)
		if err != nil {
			return Unreachable(err)
		}
		return printList(c, each([]sellerdesk.Task{task}), forever, taskHeads(), taskCells)
	})
	c.Args = cobra.MinimumNArgs(2)
	c.Flags().Int64Var(&user, "user", 0, "the person who is to do it, see sellerdesk users list")
	c.Flags().StringVar(&due, "due", "", "when, as 2026-11-03T09:00:00+03:00")
	return c
}

func newTasksDone(use, short string, done bool) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := numbered(args[0], "task")
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			_, err = server.Tasks.Change(c.Context(), sellerdesk.TaskID(id), client.TaskChange{Done: &done})
			return Unreachable(err)
		},
	}
}

// newNotifications gives the commands on what one is told of.
func newNotifications() *cobra.Command {
	c := &cobra.Command{
		Use:   "notifications",
		Short: "List what one was told of, and note that one has looked",
		Args:  cobra.NoArgs,
		RunE:  ShowHelp,
	}
	clientFlags(c)
	var unread bool
	var limit int
	list := &cobra.Command{
		Use: "list", Short: "List it, the newest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return printList(c, server.Notifications.All(c.Context(), unread), limit, []string{"NUMBER", "AT", "WHY", "CONVERSATION", "READ", "TEXT"}, notificationCells)
		},
	}
	list.Flags().BoolVar(&unread, "unread", false, "only what one has not looked at")
	list.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	read := &cobra.Command{
		Use: "read [NUMBER...]", Short: "Note that one has looked at some of it, or at all", Args: cobra.MaximumNArgs(500),
		RunE: func(c *cobra.Command, args []string) error {
			var ids []sellerdesk.NotificationID
			for _, a := range args {
				id, err := numbered(a, "notification")
				if err != nil {
					return err
				}
				ids = append(ids, sellerdesk.NotificationID(id))
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			_, err = server.Notifications.Read(c.Context(), ids...)
			return Unreachable(err)
		},
	}
	c.AddCommand(list, read)
	return c
}

func notificationCells(n sellerdesk.Notification) []string {
	return []string{digits(n.ID), day(&n.At), string(n.Kind), digits(n.Conversation), day(n.ReadAt), Cell(n.Text, 60)}
}
