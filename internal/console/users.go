package console

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
)

func newUsers() *cobra.Command {
	c := &cobra.Command{Use: "users", Short: "Invite people and say what they may do", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newUsersList(), newUsersInvite(), newUsersChange(), newUsersDisable(), newUsersLink())
	return c
}

// grantsUsage tells how a role is written.
const grantsUsage = "a role, as operator; for one account operator@3, for a channel operator@CHANNEL; may be repeated"

// grantsOf reads roles as people write them.
func grantsOf(words []string) ([]sellerdesk.Grant, error) {
	grants := []sellerdesk.Grant{}
	for _, word := range words {
		role, where, narrowed := strings.Cut(word, "@")
		if role == "" || narrowed && where == "" {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not a role, as operator, operator@3 or operator@CHANNEL.", word)
		}
		g := sellerdesk.Grant{Role: sellerdesk.RoleName(role)}
		if n, err := strconv.ParseInt(where, 10, 64); err == nil {
			id := sellerdesk.AccountID(n)
			g.Account = &id
		} else {
			g.Channel = sellerdesk.ChannelKind(where)
		}
		grants = append(grants, g)
	}
	return grants, nil
}

// grantWords writes roles as people read them.
func grantWords(u sellerdesk.User) string {
	if u.Owner {
		return string(sellerdesk.RoleOwner)
	}
	words := make([]string, len(u.Grants))
	for i, g := range u.Grants {
		words[i] = string(g.Role)
		if g.Account != nil {
			words[i] += "@" + digits(*g.Account)
		} else if g.Channel != "" {
			words[i] += "@" + string(g.Channel)
		}
	}
	return strings.Join(words, " ")
}

func userID(s string) (sellerdesk.UserID, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not the number of a person, as sellerdesk users list tells it.", s)
	}
	return sellerdesk.UserID(id), nil
}

func newUsersList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the people who work here", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			all, err := server.Users.List(c.Context())
			if err != nil {
				return Unreachable(err)
			}
			return printUsers(c, all...)
		},
	}
}

func printUsers(c *cobra.Command, users ...sellerdesk.User) error {
	return printList(c, each(users), forever, []string{"ID", "NAME", "LOGIN", "ROLES", "2FA", "STATE"}, func(u sellerdesk.User) []string {
		state, factor := "active", "no"
		switch {
		case u.DisabledAt != nil:
			state = "disabled " + day(u.DisabledAt)
		case u.Login == "":
			state = "invited"
		}
		if u.SecondFactor {
			factor = "yes"
		}
		return []string{digits(u.ID), Cell(u.Name, 40), string(u.Login), grantWords(u), factor, state}
	})
}

func newUsersInvite() *cobra.Command {
	var roles []string
	var language string
	c := &cobra.Command{
		Use: "invite NAME", Short: "Invite a person and print the link to come in by", Args: cobra.ExactArgs(1),
		Long:    "Invite makes a person and prints a link that works once, within 72 hours: behind it the person chooses login and password.",
		Example: "  sellerdesk users invite Ольга --role operator@3 --role read-only",
		RunE: func(c *cobra.Command, args []string) error {
			grants, err := grantsOf(roles)
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			i, err := server.Users.Invite(c.Context(), client.NewUser{Name: args[0], Grants: grants, Language: sellerdesk.Language(language)})
			if err != nil {
				return Unreachable(err)
			}
			return printInvitation(c, i)
		},
	}
	c.Flags().StringArrayVar(&roles, "role", nil, grantsUsage)
	c.Flags().StringVar(&language, "language", "", "of the screens, ru or en (default: yours)")
	return c
}

func printInvitation(c *cobra.Command, i client.Invitation) error {
	return PrintOne(c, i, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s (%d) comes in by %s, once, until %s: put the address of the server before it.\n",
			Cell(i.User.Name, 0), i.User.ID, cmp.Or(string(i.Link), "-"), day(&i.ExpiresAt))
		return err
	})
}

func newUsersChange() *cobra.Command {
	var roles []string
	var name string
	var enable, disable, dropFactor bool
	c := &cobra.Command{
		Use: "change PERSON", Short: "Change name and roles of a person", Args: cobra.ExactArgs(1),
		Long: "Change sets what is given and leaves the rest. Roles take the place of all before; --role none takes all away.",
		RunE: func(c *cobra.Command, args []string) error {
			id, err := userID(args[0])
			if err != nil {
				return err
			}
			var change client.UserChange
			if c.Flags().Changed("name") {
				change.Name = &name
			}
			if c.Flags().Changed("role") {
				if len(roles) == 1 && roles[0] == "none" {
					roles = nil
				}
				grants, err := grantsOf(roles)
				if err != nil {
					return err
				}
				change.Grants = &grants
			}
			if enable || disable {
				change.Disabled = &disable
			}
			if dropFactor {
				no := false
				change.SecondFactor = &no
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			u, err := server.Users.Change(c.Context(), id, change)
			if err != nil {
				return Unreachable(err)
			}
			return printUsers(c, u)
		},
	}
	c.Flags().StringVar(&name, "name", "", "as colleagues see it")
	c.Flags().StringArrayVar(&roles, "role", nil, grantsUsage)
	c.Flags().BoolVar(&enable, "enable", false, "let a disabled person in again")
	c.Flags().BoolVar(&disable, "disable", false, "let the person in no more")
	c.Flags().BoolVar(&dropFactor, "drop-second-factor", false, "remove the second factor of somebody who lost it")
	c.MarkFlagsMutuallyExclusive("enable", "disable")
	return c
}

func newUsersDisable() *cobra.Command {
	return &cobra.Command{
		Use: "disable PERSON", Short: "Let a person in no more: sessions, links and keys end", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := userID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return Unreachable(server.Users.Disable(c.Context(), id))
		},
	}
}

func newUsersLink() *cobra.Command {
	return &cobra.Command{
		Use: "link PERSON", Short: "Print a new link behind which a person chooses login and password anew", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := userID(args[0])
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			i, err := server.Users.Link(c.Context(), id)
			if err != nil {
				return Unreachable(err)
			}
			return printInvitation(c, i)
		},
	}
}

func newRoles() *cobra.Command {
	c := &cobra.Command{Use: "roles", Short: "Make roles of your own", Args: cobra.NoArgs, RunE: ShowHelp}
	clientFlags(c)
	c.AddCommand(newRolesList(), newRolesSet(), newRolesRemove())
	return c
}

func newRolesList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the roles and what they hold", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			all, err := server.Roles.List(c.Context())
			if err != nil {
				return Unreachable(err)
			}
			return printRoles(c, all...)
		},
	}
}

func printRoles(c *cobra.Command, roles ...sellerdesk.Role) error {
	return printList(c, each(roles), forever, []string{"NAME", "TITLE", "RIGHTS"}, func(r sellerdesk.Role) []string {
		return []string{string(r.Name), string(r.Title), rightWords(r.Rights)}
	})
}

func rightWords(r sellerdesk.Rights) string {
	list := r.List()
	words := make([]string, len(list))
	for i, right := range list {
		words[i] = string(right)
	}
	return strings.Join(words, " ")
}

// rightsOf reads rights as people write them; the server knows which there are.
func rightsOf(words []string) (sellerdesk.Rights, error) {
	var rights []sellerdesk.Right
	for _, word := range words {
		r := sellerdesk.Right(strings.TrimSpace(word))
		if sellerdesk.RightsOf(r) == 0 {
			return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no right %q; there are %s.", word, rightWords(sellerdesk.AllRights()))
		}
		rights = append(rights, r)
	}
	return sellerdesk.RightsOf(rights...), nil
}

func offerRights(c *cobra.Command, words *[]string) {
	c.Flags().StringSliceVar(words, "right", nil, "a right: "+strings.Join(strings.Fields(rightWords(sellerdesk.AllRights())), ", ")+"; may be repeated")
	_ = c.MarkFlagRequired("right")
	_ = c.RegisterFlagCompletionFunc("right", cobra.FixedCompletions(strings.Fields(rightWords(sellerdesk.AllRights())), cobra.ShellCompDirectiveNoFileComp))
}

func newRolesSet() *cobra.Command {
	var words []string
	var title string
	c := &cobra.Command{
		Use: "set NAME", Short: "Make a role, or change what it holds", Args: cobra.ExactArgs(1),
		Example: "  sellerdesk roles set night-shift --title 'Ночная смена' --right see,work",
		RunE: func(c *cobra.Command, args []string) error {
			rights, err := rightsOf(words)
			if err != nil {
				return err
			}
			server, err := Dial(c)
			if err != nil {
				return err
			}
			role, err := server.Roles.Set(c.Context(), sellerdesk.Role{Name: sellerdesk.RoleName(args[0]), Title: sellerdesk.Optional(title), Rights: rights})
			if err != nil {
				return Unreachable(err)
			}
			return printRoles(c, role)
		},
	}
	c.Flags().StringVar(&title, "title", "", "as people call it")
	offerRights(c, &words)
	return c
}

func newRolesRemove() *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Remove a role that nobody has", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			server, err := Dial(c)
			if err != nil {
				return err
			}
			return Unreachable(server.Roles.Remove(c.Context(), sellerdesk.RoleName(args[0])))
		},
	}
}
