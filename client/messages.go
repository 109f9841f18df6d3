package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Messages are the lines of conversations.
type Messages struct{ c *Client }

// List gives one page, newest first. Limit is 1 to 200, 0 means 50.
func (s *Messages) List(ctx context.Context, id sellerdesk.ConversationID, cursor string, limit int) (Page[sellerdesk.Message], error) {
	v := url.Values{}
	place(v, cursor, limit)
	var p Page[sellerdesk.Message]
	err := s.c.do(ctx, call{op: "list messages", method: http.MethodGet, path: conversation(id) + "/messages", query: v}, &p)
	return p, err
}

// All walks through a conversation, newest first. It ends after an error.
func (s *Messages) All(ctx context.Context, id sellerdesk.ConversationID) iter.Seq2[sellerdesk.Message, error] {
	return all(func(cursor string) (Page[sellerdesk.Message], error) { return s.List(ctx, id, cursor, 200) })
}

// NewMessage is an answer to a buyer.
type NewMessage struct {
	Text  string
	Files []sellerdesk.FileID // uploaded before, in order
	// Parent is the message that a public answer stands under; 0 answers the
	// question or review itself.
	Parent sellerdesk.MessageID
	// Template or Interactive is said instead of Text and Files; nil: neither.
	Template    *sellerdesk.TemplateUse
	Interactive *sellerdesk.Interactive
	// Seen is the newest message that the writer has seen; where somebody wrote behind
	// it the answer is refused once as a conflict (field seen). 0 asks nothing.
	Seen sellerdesk.MessageID
	// From is the template of ours that the text was begun with, whose use is
	// counted; 0: none.
	From sellerdesk.TemplateID
	// Key names the intent: repeated with the same key, a message leaves once.
	// "" takes a random one.
	Key string
}

// Post queues an answer and gives it as it stands: queued. A template whose
// language is empty must be there in one language only.
func (s *Messages) Post(ctx context.Context, id sellerdesk.ConversationID, n NewMessage) (sellerdesk.Message, error) {
	body := struct {
		Text   sellerdesk.Optional  `json:"text"`
		Files  []sellerdesk.FileID  `json:"files"`
		Parent sellerdesk.MessageID `json:"parent,omitempty"`
		Seen   sellerdesk.MessageID `json:"seen,omitempty"`

		Template    *sellerdesk.TemplateUse `json:"template,omitempty"`
		Interactive *sellerdesk.Interactive `json:"interactive,omitempty"`
		TemplateID  sellerdesk.TemplateID   `json:"template_id,omitempty"`
	}{sellerdesk.Optional(n.Text), n.Files, n.Parent, n.Seen, n.Template, n.Interactive, n.From}
	var m sellerdesk.Message
	err := s.c.do(ctx, call{op: "post message", method: http.MethodPost, path: conversation(id) + "/messages", key: n.Key, body: body}, &m)
	return m, err
}
