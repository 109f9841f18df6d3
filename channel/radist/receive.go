package radist

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// Receive reads a push: a message in either direction, or a mark of one. Nothing
// in it proves who sent it but the address that it came to. A chat that was not
// read since the start is read whole besides: what was pushed before may be
// lost.
func (c *connector) Receive(ctx context.Context, p sellerdesk.Push) (sellerdesk.Batch, error) {
	e, err := api.ParseEvent(p.Body)
	if err != nil {
		return sellerdesk.Batch{}, &channel.Error{
			Class: channel.Malformed, Raw: p.Body[:min(len(p.Body), rawLimit)], Err: err,
			Why: why(sellerdesk.ReasonMalformed, "What came to the push address is not an event of Radist.Online."),
		}
	}
	switch e.Type {
	case api.EventMessage:
		return c.said(ctx, e)
	case api.EventDelivered, api.EventRead, api.EventError:
		return c.marked(e)
	default:
		return sellerdesk.Batch{}, nil
	}
}

// again asks to read the chat of an event.
func again(e api.Event) (sellerdesk.Batch, error) {
	if e.ChatID < 1 {
		return sellerdesk.Batch{}, &channel.Error{
			Class: channel.Malformed, Raw: e.Raw[:min(len(e.Raw), rawLimit)],
			Why: why(sellerdesk.ReasonMalformed, "An event of Radist.Online names no chat."),
		}
	}
	return sellerdesk.Batch{Reread: []sellerdesk.RemoteRef{{Kind: sellerdesk.KindChat, ID: named(e.ChatID)}}}, nil
}

// said reads a new message.
func (c *connector) said(ctx context.Context, e api.Event) (sellerdesk.Batch, error) {
	b, err := again(e)
	if err != nil {
		return b, err
	}
	h, err := c.home(ctx)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	s, ours, err := c.source(ctx, h, e.ConnectionID)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	if !ours || e.Message == nil {
		return b, nil // whether there is such a chat, and what it says, is asked
	}
	c.walk.pushes.give(c.clock.Now())
	line, odd := c.line(e.ChatID, *e.Message, c.textsFor(ctx, h, e.ConnectionID, *e.Message))
	if odd != "" {
		b.Skipped = append(b.Skipped, skipped(odd, e.Raw))
		return b, nil
	}
	f := c.book.note(e.ChatID, factIn(e))
	patch := c.conversation(e.ChatID, f, s)
	patch.UpdatedAt = &line.At
	if line.Author == sellerdesk.AuthorElsewhere {
		soon := lookAtMarks
		patch.Reread = &soon
	}
	b.Conversations, b.Messages = []sellerdesk.ConversationPatch{patch}, []sellerdesk.MessagePatch{line}
	if f.read != "" {
		b.Reread = nil
	}
	reached(&b, c.clock.Now())
	return b, nil
}

// marked reads a mark. It names its message and does not repeat it; a chat that
// was not read since the start is read besides.
func (c *connector) marked(e api.Event) (sellerdesk.Batch, error) {
	b, err := again(e)
	if err != nil || e.Message == nil {
		return b, err
	}
	c.walk.pushes.give(c.clock.Now())
	line, ok := c.lines.get(e.Message.ID)
	if !ok || line.Conversation != named(e.ChatID) {
		return c.alone(b, e), nil
	}
	m := *e.Message
	status, why := told(e.Type, m)
	if rank(status) < rank(line.Status) {
		return sellerdesk.Batch{}, nil // it came too late
	}
	line.Status, line.Why = status, why
	b = sellerdesk.Batch{Messages: []sellerdesk.MessagePatch{c.lines.note(line)}}
	reached(&b, c.clock.Now())
	return b, nil
}

// told is how far an event says that a message is, by its kind and its marks.
func told(kind api.EventType, m api.Message) (sellerdesk.MessageStatus, sellerdesk.Why) {
	status, why := standing(m)
	switch {
	case kind == api.EventError && rank(status) < rank(sellerdesk.MessageDelivered):
		return sellerdesk.MessageRefused, failed(m)
	case kind == api.EventRead:
		status = sellerdesk.MessageRead
	case rank(status) < rank(sellerdesk.MessageDelivered):
		status = sellerdesk.MessageDelivered
	}
	if status != sellerdesk.MessageRefused {
		why = sellerdesk.Why{}
	}
	return status, why
}

// alone is a mark of a message that is not remembered here.
func (c *connector) alone(b sellerdesk.Batch, e api.Event) sellerdesk.Batch {
	now := c.clock.Now()
	mark := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: named(e.ChatID), RemoteID: sellerdesk.RemoteID(e.Message.ID),
		Author: sellerdesk.AuthorElsewhere, At: sellerdesk.At(now), Mark: true,
	}
	mark.Status, mark.Why = told(e.Type, *e.Message)
	b.Messages = []sellerdesk.MessagePatch{mark}
	if c.book.get(e.ChatID).read != "" {
		b.Reread = nil
	}
	reached(&b, now)
	return b
}
