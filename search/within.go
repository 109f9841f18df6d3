package search

import (
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// filterConversation narrows to the messages of conversations.
var filterConversation = filterName{"conversation", "обращение"}

// withConversation adds the conversation that a number names.
func withConversation(list []sellerdesk.ConversationID, typed string) ([]sellerdesk.ConversationID, error) {
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n <= 0 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not understood behind conversation: it is the number of one.", typed).InField("q")
	}
	return with(list, sellerdesk.ConversationID(n)), nil
}

func typedConversations(list []sellerdesk.ConversationID) (out []string) {
	for _, id := range list {
		out = append(out, strconv.FormatInt(int64(id), 10))
	}
	return out
}
