package console

import (
	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk/channel"
)

// Commands gives all commands of the package, with the topics of help. Accounts
// can be added for the channels of drivers.
func Commands(drivers []channel.Driver) []*cobra.Command {
	return []*cobra.Command{
		newConversations(), newReply(), newSearch(), newBulk(), newJobs(), newTemplates(), newContacts(), newTags(), newFields(), newViews(), newNotes(), newTasks(), newNotifications(), newExport(), newEvents(),
		newAccounts(drivers), newUsers(), newRoles(), newKeys(), newSessions(), newAudit(), newWebhooks(),
		newVersion(), newExitCodes(), newOutput(),
	}
}
