package sellerdesk

// ExportedMessage is a message as exports of many conversations give it: with
// where its conversation belongs.
type ExportedMessage struct {
	Message
	Account AccountID   `json:"account"`
	Channel ChannelKind `json:"channel"`
	Kind    Kind        `json:"kind"` // of the conversation
}
