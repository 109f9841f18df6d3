package sellerdesk

import (
	"encoding/json"
	"fmt"
)

// Action is something we do at the remote side. The set is closed: one struct
// for each kind.
type Action interface {
	// Kind names the action.
	Kind() ActionKind
	sealed()
}

// Reply says a line in a chat.
type Reply struct {
	Conversation RemoteRef `json:"-"` // filled by the sender from the row
	Text         string    `json:"text"`
	Files        []Blob    `json:"files"`
}

// Kind names the action.
func (Reply) Kind() ActionKind { return ActionReply }
func (Reply) sealed()          {}

// RemoteRef names a conversation to its adapter.
type RemoteRef struct {
	Kind   Kind
	ID     RemoteID
	Remote []byte // what the adapter keeps on the conversation, as it last left it
}

// EncodeAction turns an action into what the outbox stores.
func EncodeAction(a Action) ([]byte, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode action %s: %w", a.Kind(), err)
	}
	return b, nil
}

// DecodeAction is the inverse of [EncodeAction].
func DecodeAction(kind ActionKind, b []byte) (Action, error) {
	switch kind {
	case ActionReply:
		var r Reply
		if err := json.Unmarshal(b, &r); err != nil {
			return nil, fmt.Errorf("decode action %s: %w", kind, err)
		}
		return r, nil
	default:
		return nil, fmt.Errorf("decode action %q: unknown kind", kind)
	}
}
