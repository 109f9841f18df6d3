package console

import (
	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk/client"
)

// newAccountsRepair lets the server read everything of a cabinet again.
func newAccountsRepair() *cobra.Command {
	c := newAccountChange("repair", "Read everything of a cabinet again, so that what is missing comes back", (*client.Accounts).Repair)
	c.Long = "Read everything of a cabinet again from the beginning. What is here stays, what is missing comes back; " +
		"messages and answers go before it. It begins at once and ends by itself: the page of the cabinet tells how far it is."
	return c
}
