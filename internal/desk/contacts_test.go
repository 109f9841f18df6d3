package desk_test

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// person lets somebody with a phone number write and gives the contact.
func (h *house) person(t *testing.T, account sellerdesk.AccountID, chat sellerdesk.RemoteID, phone string) (person sellerdesk.ContactID) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "events", Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: chat, Buyer: &sellerdesk.Buyer{Phone: phone},
				Chat: &sellerdesk.Chat{Network: "whatsapp", Source: "10", Phone: sellerdesk.Optional(phone)}}},
		}})
		return err
	})
	h.read(t, func(tx *store.Tx) error {
		id, _, err := tx.Conversations.ByRemote(t.Context(), account, sellerdesk.KindChat, chat)
		if err != nil {
			return err
		}
		c, err := tx.Conversations.Get(t.Context(), id, 1)
		if err == nil {
			person = *c.Contact
		}
		return err
	})
	return person
}

func TestOnlyWhoIsPartOfAPersonIsTakenOutOfIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, a := h.talk(t, nil)
	anna, boris, vera := h.person(t, a.ID, "a", "79990000011"), h.person(t, a.ID, "b", "79990000012"), h.person(t, a.ID, "v", "79990000013")
	if err := h.Contacts.Merge(t.Context(), 1, anna, boris); err != nil {
		t.Fatal(err)
	}
	if err := h.Contacts.Unmerge(t.Context(), 1, vera, boris); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
		t.Errorf("out of another person: %v", err)
	}
	if err := h.Contacts.Unmerge(t.Context(), 1, anna, boris); err != nil {
		t.Error(err)
	}
	if err := h.Contacts.Unmerge(t.Context(), 1, anna, boris); sellerdesk.CodeOf(err) != sellerdesk.CodeConflict {
		t.Errorf("a second time: %v", err)
	}
}
