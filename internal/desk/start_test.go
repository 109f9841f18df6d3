package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// start starts a conversation about order 77.
func (h *house) start(t *testing.T, account sellerdesk.AccountID, key string) (sellerdesk.Conversation, bool) {
	t.Helper()
	c, started, err := h.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: account, Order: " 77 ", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return c, started
}

// settle lets what waits in the outbox of an account leave with an outcome.
func (h *house) settle(t *testing.T, account sellerdesk.AccountID, s store.Settlement) sellerdesk.OutboxItem {
	t.Helper()
	var items []sellerdesk.OutboxItem
	h.write(t, func(tx *store.Tx) (err error) {
		items, err = tx.Outbox.Lease(t.Context(), sellerdesk.At(h.now), 1, 1, []sellerdesk.AccountID{account})
		if err != nil || len(items) == 0 {
			return err
		}
		return tx.Outbox.Settle(t.Context(), items[0].ID, s)
	})
	if len(items) != 1 {
		t.Fatal("nothing waits in the outbox")
	}
	return items[0]
}

func TestAConversationIsStartedOnceAndThenFound(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "shop")
	c, started := h.start(t, a.ID, "one")
	if !started || c.RemoteID != nil || c.Order != "77" || c.Kind != sellerdesk.KindChat {
		t.Fatalf("started %t: %+v", started, c)
	}
	if again, started := h.start(t, a.ID, "one"); again.ID != c.ID || !started {
		t.Errorf("the same intent again: %d, %t", again.ID, started)
	}
	if other, started := h.start(t, a.ID, "two"); other.ID != c.ID || started {
		t.Errorf("another intent meanwhile: %d, %t", other.ID, started)
	}
	if _, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: c.ID, Text: "Здравствуйте"}); err != nil {
		t.Fatalf("writing there before it is started: %v", err)
	}
	if item := h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "900"}); item.Action != sellerdesk.ActionOpen {
		t.Errorf("%s leaves first", item.Action)
	}
	if item := h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxSent}); item.Action != sellerdesk.ActionReply {
		t.Errorf("%s leaves second", item.Action)
	}
	if found, started := h.start(t, a.ID, "three"); found.ID != c.ID || started || found.RemoteID == nil || *found.RemoteID != "900" {
		t.Errorf("once it is there: started %t, %+v", started, found)
	}
}

func TestAConversationThatCouldNotBeStartedIsStartedAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "shop")
	c, _ := h.start(t, a.ID, "")
	no := sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "There is no such order."}
	h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxRefused, Why: no})
	_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: c.ID, Text: "Здравствуйте"})
	refused(t, err, sellerdesk.CodeUnsupported, "", "There is no such order.")
	again, started := h.start(t, a.ID, "")
	if !started || again.ID != c.ID {
		t.Errorf("started again: %t, %d", started, again.ID)
	}
	if _, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: 1, Conversation: c.ID, Text: "Здравствуйте"}); err != nil {
		t.Errorf("writing there: %v", err)
	}
}

func TestConversationsThatCannotBeStartedSayWhy(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, readOnly := h.add(t, "second cabinet"), h.add(t, "read only")
	for _, tt := range []struct {
		name     string
		in       desk.StartInput
		code     sellerdesk.Code
		field    string
		sentence string
	}{
		{"an account that is not there", desk.StartInput{Account: 99, Order: "1"}, sellerdesk.CodeNotFound, "", ""},
		{"nothing is named", desk.StartInput{Account: a.ID, Order: " "}, sellerdesk.CodeInvalid, "order", "Name the order or the return that it is about."},
		{"two things are named", desk.StartInput{Account: a.ID, Order: "1", Return: "2"}, sellerdesk.CodeInvalid, "return", "A conversation is about an order or about a return, not both."},
		{"a number without end", desk.StartInput{Account: a.ID, Return: strings.Repeat("1", 201)}, sellerdesk.CodeInvalid, "return", "This is too long for a number."},
		{"credentials that may only read", desk.StartInput{Account: readOnly.ID, Order: "1"}, sellerdesk.CodeUnsupported, "account", "The token of this account may only read."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.User = 1
			_, _, err := h.Conversations.Start(t.Context(), tt.in)
			if tt.sentence == "" {
				if sellerdesk.CodeOf(err) != tt.code {
					t.Errorf("got %v", err)
				}
				return
			}
			refused(t, err, tt.code, tt.field, tt.sentence)
		})
	}
}

func TestAStartOfUnknownOutcomeIsStartedAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "shop")
	c, _ := h.start(t, a.ID, "")
	h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxUnknown})
	if again, started := h.start(t, a.ID, ""); !started || again.ID != c.ID || again.Status != sellerdesk.ConversationOpen {
		t.Errorf("started again: %t, %d %s", started, again.ID, again.Status)
	}
	if item := h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "900"}); item.Action != sellerdesk.ActionOpen {
		t.Errorf("%s leaves", item.Action)
	}
}

func TestAStartThatAKillCutShortIsMadeAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "shop")
	h.start(t, a.ID, "")
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Outbox.Lease(t.Context(), sellerdesk.At(h.now), time.Minute, 1, []sellerdesk.AccountID{a.ID})
		return err
	})
	h.write(t, func(tx *store.Tx) error { // the next start of the program
		_, err := tx.Outbox.Recover(t.Context())
		return err
	})
	if item := h.settle(t, a.ID, store.Settlement{State: sellerdesk.OutboxSent, Conversation: "900"}); item.Action != sellerdesk.ActionOpen {
		t.Errorf("%s leaves", item.Action)
	}
}

func TestTheKeyOfAStartIsNotThatOfAnother(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.add(t, "shop")
	h.start(t, a.ID, "one")
	_, _, err := h.Conversations.Start(t.Context(), desk.StartInput{User: 1, Account: a.ID, Order: "78", Key: "one"})
	refused(t, err, sellerdesk.CodeConflict, "", "This key was used for something else.")
}
