package servertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Chat lets a buyer write and gives the conversation. The same name goes on
// with the same conversation.
func (h *House) Chat(tb testing.TB, name string, at time.Time, texts ...string) sellerdesk.Conversation {
	tb.Helper()
	patch := begun(sellerdesk.KindChat, name, at)
	return h.Hear(tb, patch, words(patch, at, texts...)...)
}

// Review lets a buyer give stars to the product "4711" and gives the
// conversation. The channel offers to answer it, to pin it and to ask the goods
// back.
func (h *House) Review(tb testing.TB, name string, at time.Time, stars int, texts ...string) sellerdesk.Conversation {
	tb.Helper()
	patch := begun(sellerdesk.KindReview, name, at)
	patch.Rating = &stars
	patch.Review = &sellerdesk.Review{Tags: []string{"good"}, Size: "ok", OrderStatus: "buyout"}
	patch.Offers = offered(sellerdesk.ActionAnswer, sellerdesk.ActionPin, sellerdesk.ActionOrderReturn)
	lines := words(patch, at, texts...)
	for i := range lines {
		lines[i].Rating = &stars
	}
	return h.Hear(tb, patch, lines...)
}

// Question lets a buyer ask about the product "4711" and gives the
// conversation. The channel offers to answer, to reject and to view it.
func (h *House) Question(tb testing.TB, name string, at time.Time, texts ...string) sellerdesk.Conversation {
	tb.Helper()
	patch := begun(sellerdesk.KindQuestion, name, at)
	patch.Question = &sellerdesk.Question{}
	patch.Offers = offered(sellerdesk.ActionAnswer, sellerdesk.ActionReject, sellerdesk.ActionView)
	return h.Hear(tb, patch, words(patch, at, texts...)...)
}

// Claim lets a buyer want goods taken back and gives the conversation. The
// channel offers to agree, without words, and to refuse, with a comment of 10
// to 100 characters.
func (h *House) Claim(tb testing.TB, name string, at time.Time, texts ...string) sellerdesk.Conversation {
	tb.Helper()
	until := sellerdesk.At(Start().Add(48 * time.Hour))
	patch := begun(sellerdesk.KindClaim, name, at)
	patch.Claim = &sellerdesk.Claim{Price: "1 299 RUB", Status: "0"}
	patch.Offers = &[]sellerdesk.Offer{{Action: sellerdesk.ActionDecide, Until: &until, Options: []sellerdesk.Option{
		{Value: "agree", Title: map[sellerdesk.Language]string{"en": "Take it back", "ru": "Принять"}},
		{Value: "refuse", Title: map[sellerdesk.Language]string{"en": "Refuse", "ru": "Отказать"}, Comment: &sellerdesk.TextLimits{Min: 10, Max: 100}},
	}}}
	return h.Hear(tb, patch, words(patch, at, texts...)...)
}

// Answered tells that a conversation has its answer, which may be changed once
// until the given moment.
func (h *House) Answered(tb testing.TB, c sellerdesk.Conversation, until time.Time, text string) sellerdesk.Conversation {
	tb.Helper()
	ends := sellerdesk.At(until)
	patch := sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID, Offers: &[]sellerdesk.Offer{{Action: sellerdesk.ActionEdit, Until: &ends}}}
	return h.Hear(tb, patch, sellerdesk.MessagePatch{
		Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: *c.RemoteID + "-answer", Author: sellerdesk.AuthorElsewhere,
		Text: text, At: sellerdesk.At(c.UpdatedAt.Add(time.Minute)), Status: sellerdesk.MessageDelivered,
	})
}

// Hear saves what the remote side told of one conversation and gives it.
func (h *House) Hear(tb testing.TB, patch sellerdesk.ConversationPatch, lines ...sellerdesk.MessagePatch) sellerdesk.Conversation {
	tb.Helper()
	ctx := tb.Context()
	err := h.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: h.Account.ID, Stream: "chats", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{patch}, Messages: lines,
		}})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	var c sellerdesk.Conversation
	err = h.Store.Read(ctx, func(tx *store.Tx) error {
		id, _, err := tx.Conversations.ByRemote(ctx, h.Account.ID, patch.Kind, patch.RemoteID)
		if err != nil {
			return err
		}
		c, err = tx.Conversations.Get(ctx, id, h.owner(tb))
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// begun is a conversation of a buyer.
func begun(kind sellerdesk.Kind, name string, at time.Time) sellerdesk.ConversationPatch {
	order, moment := "order-"+name, sellerdesk.At(at)
	return sellerdesk.ConversationPatch{
		Kind: kind, RemoteID: sellerdesk.RemoteID(string(kind) + "-" + name), BuyerName: &name, Order: &order, CreatedAt: &moment, UpdatedAt: &moment,
		Product: &sellerdesk.Product{ID: "4711", Name: "Cup", Price: "1 299 RUB"},
	}
}

// words are lines of the buyer, a second apart.
func words(of sellerdesk.ConversationPatch, at time.Time, texts ...string) []sellerdesk.MessagePatch {
	var lines []sellerdesk.MessagePatch
	for i, text := range texts {
		lines = append(lines, sellerdesk.MessagePatch{
			Kind: of.Kind, Conversation: of.RemoteID, RemoteID: sellerdesk.RemoteID(fmt.Sprintf("%s-%d-%d", *of.BuyerName, at.UnixMilli(), i)),
			Author: sellerdesk.AuthorBuyer, Text: text, At: sellerdesk.At(at.Add(time.Duration(i) * time.Second)),
		})
	}
	return lines
}

func offered(actions ...sellerdesk.ActionKind) *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{}
	for _, a := range actions {
		offers = append(offers, sellerdesk.Offer{Action: a})
	}
	return &offers
}
