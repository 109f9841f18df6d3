package sellerdesk

import "strconv"

// filterConversation narrows to the messages of conversations.
var filterConversation = filterName{"conversation", "обращение"}

// withConversation adds the conversation that a number names.
func withConversation(list []ConversationID, typed string) ([]ConversationID, error) {
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n <= 0 {
		return nil, Errorf(CodeInvalid, "%q is not understood behind conversation: it is the number of one.", typed).InField("q")
	}
	return with(list, ConversationID(n)), nil
}

func typedConversations(list []ConversationID) (out []string) {
	for _, id := range list {
		out = append(out, strconv.FormatInt(int64(id), 10))
	}
	return out
}
