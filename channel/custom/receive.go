package custom

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// deletedText stands in place of what was deleted; the words before are kept as a
// version.
const deletedText = "[сообщение удалено]"

// rawLimit bounds what is kept of something that was not understood, in bytes.
const rawLimit = 4 << 10

// ack answers a push before anybody reads it: what makes no sense is told at once
// to who sent it, with the reason.
func ack(p sellerdesk.Push) channel.Reply {
	_, wrong := decode(p.Body)
	if wrong == nil {
		return channel.Reply{Status: http.StatusOK, Type: "application/json", Body: []byte(`{"accepted":true}`), Keep: true}
	}
	body, err := json.Marshal(map[string]any{
		"status": http.StatusBadRequest, "code": sellerdesk.CodeInvalid, "title": "This cannot be read", "detail": wrong.Error(), "field": nil,
	})
	if err != nil {
		body = []byte(`{}`)
	}
	return channel.Reply{Status: http.StatusBadRequest, Type: "application/problem+json", Body: body}
}

// admit looks at the signature, and whether the account takes what was pushed.
func admit(credentials map[string]sellerdesk.Secret, p sellerdesk.Push) error {
	o, err := parse(credentials, "")
	if err != nil {
		return err
	}
	if why := verify(o.keys, p); why != "" {
		return &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: sellerdesk.ReasonSignature, Text: sellerdesk.Optional(why)}}
	}
	e, err := decode(p.Body)
	if err != nil {
		return refuse(err.Error(), nil)
	}
	if e.Type != eventPing && !slices.Contains(o.kinds, sellerdesk.Kind(e.Kind)) {
		return refuse("This account does not bring conversations of the kind "+e.Kind+": say so in its settings first.", nil)
	}
	return nil
}

// Receive translates an event. Its signature was looked at when it came.
func (c *connector) Receive(_ context.Context, p sellerdesk.Push) (sellerdesk.Batch, error) {
	e, err := decode(p.Body)
	if err != nil {
		return sellerdesk.Batch{}, &channel.Error{
			Class: channel.Malformed, Raw: p.Body[:min(len(p.Body), rawLimit)],
			Why: sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: sellerdesk.Optional(err.Error())},
		}
	}
	if e.Type == eventPing {
		return sellerdesk.Batch{}, nil
	}
	t := telling{options: c.options, event: e, at: e.Message.At.at(p.Received), now: p.Received}
	return t.batch(), nil
}

// telling turns one event into a batch.
type telling struct {
	options
	event
	at, now sellerdesk.Time
}

func (t telling) batch() sellerdesk.Batch {
	var b sellerdesk.Batch
	switch t.Type {
	case eventMessage:
		b.Conversations, b.Messages = []sellerdesk.ConversationPatch{t.conversation()}, []sellerdesk.MessagePatch{t.line()}
	case eventEdited, eventDeleted:
		line := t.line()
		if t.Type == eventDeleted {
			line.Text, line.Files = deletedText, nil
		}
		line.EditedAt = &t.at
		b.Messages = []sellerdesk.MessagePatch{line}
	case eventStatus:
		b.Messages = []sellerdesk.MessagePatch{t.mark()}
	case eventClosed:
		text := cmp.Or(cut(t.Reason, longestReason), "The other side has closed this conversation.")
		b.Conversations = []sellerdesk.ConversationPatch{t.patch(sellerdesk.Why{Code: sellerdesk.ReasonFinished, Text: sellerdesk.Optional(text)})}
	case eventOpened:
		b.Conversations = []sellerdesk.ConversationPatch{t.patch(sellerdesk.Why{})}
	}
	if len(b.Messages) > 0 {
		b.Reached = &t.at
	}
	return b
}

// patch opens or shuts the conversation.
func (t telling) patch(shut sellerdesk.Why) sellerdesk.ConversationPatch {
	return sellerdesk.ConversationPatch{Kind: sellerdesk.Kind(t.Kind), RemoteID: sellerdesk.RemoteID(t.Conversation), Shut: &shut}
}

// conversation is what a message tells of where it stands.
func (t telling) conversation() sellerdesk.ConversationPatch {
	c := t.patch(sellerdesk.Why{})
	if t.Author != authorBuyer {
		c.Shut = nil // only the buyer's own word proves that it is open
	}
	c.UpdatedAt = &t.at
	if t.Order != "" {
		order := string(t.Order)
		c.Order = &order
	}
	if p := t.Product; p != nil && p.ID != "" {
		c.Product = &sellerdesk.Product{
			ID: sellerdesk.RemoteID(p.ID), Name: sellerdesk.Optional(cut(p.Name, 500)),
			Price: sellerdesk.Optional(cut(p.Price, 100)), Size: sellerdesk.Optional(cut(p.Size, 100)),
		}
	}
	if t.Author == authorBuyer && t.From != nil {
		t.buyer(&c, *t.From)
	}
	switch c.Kind {
	case sellerdesk.KindQuestion:
		c.Question, c.Offers = &sellerdesk.Question{}, t.offers()
	case sellerdesk.KindReview:
		c.Review, c.Offers, c.Rating = &sellerdesk.Review{Tags: []string{}}, t.offers(), t.Rating
	}
	return c
}

// buyer tells who writes.
func (t telling) buyer(c *sellerdesk.ConversationPatch, who person) {
	if n := cut(who.Name, longestName); n != "" {
		c.BuyerName = &n
	}
	network, username := cut(t.Network, 40), cut(who.Username, longestName)
	phone, _ := sellerdesk.NormalPhone(cut(string(who.Phone), 60))
	c.Buyer = &sellerdesk.Buyer{Contact: sellerdesk.RemoteID(who.ID), Phone: phone, Network: network, Username: username}
	if c.Kind == sellerdesk.KindChat {
		c.Chat = &sellerdesk.Chat{
			Subject: sellerdesk.ChatDirect, Network: sellerdesk.Optional(network),
			Phone: sellerdesk.Optional(phone), Username: sellerdesk.Optional(username),
		}
	}
}

// line is a message. One of our side that names the reply that it repeats is an
// echo; any other was written elsewhere.
func (t telling) line() sellerdesk.MessagePatch {
	m := sellerdesk.MessagePatch{
		Kind: sellerdesk.Kind(t.Kind), Conversation: sellerdesk.RemoteID(t.Conversation), RemoteID: sellerdesk.RemoteID(t.Message.ID),
		Author: sellerdesk.AuthorBuyer, Parent: sellerdesk.RemoteID(t.Message.Parent), Text: t.Message.Text, At: t.at,
	}
	switch t.Author {
	case authorShop:
		m.Author, m.Foreign, m.Status = sellerdesk.AuthorElsewhere, t.Reply == "", t.standing()
	case authorSystem:
		m.Author = sellerdesk.AuthorPlatform
	default:
		m.Rating = t.Rating
	}
	for _, f := range t.Message.Files {
		m.Files = append(m.Files, f.remote())
	}
	return m
}

// longestReason bounds sentences of a script, in bytes.
const longestReason = 500

// mark tells how far a message of ours is.
func (t telling) mark() sellerdesk.MessagePatch {
	m := sellerdesk.MessagePatch{
		Kind: sellerdesk.Kind(t.Kind), Conversation: sellerdesk.RemoteID(t.Conversation), RemoteID: sellerdesk.RemoteID(t.Message.ID),
		Author: sellerdesk.AuthorElsewhere, At: t.at, Mark: true, Status: t.standing(),
	}
	if m.Status == sellerdesk.MessageRefused {
		m.Why = sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: sellerdesk.Optional(cmp.Or(cut(t.Reason, longestReason), "The channel did not deliver it."))}
	}
	return m
}
