package frame_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
)

func TestABurstOfEventsIsToldOnceForEachPlace(t *testing.T) {
	t.Parallel()
	first := sellerdesk.AccountID(1)
	conversation := func(kind sellerdesk.EventKind, id sellerdesk.ConversationID, data any) sellerdesk.Event {
		b, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		return sellerdesk.Event{Kind: kind, Conversation: &id, Account: &first, Data: b}
	}
	account := func(kind sellerdesk.EventKind, id sellerdesk.AccountID) sellerdesk.Event {
		return sellerdesk.Event{Kind: kind, Account: &id}
	}
	now := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	got := frame.Changes([]sellerdesk.Event{
		conversation(sellerdesk.EventConversationUpdated, 7, struct{}{}),
		conversation(sellerdesk.EventMessageCreated, 7, sellerdesk.MessageEvent{Author: sellerdesk.AuthorBuyer}),
		conversation(sellerdesk.EventMessageCreated, 8, sellerdesk.MessageEvent{Author: sellerdesk.AuthorElsewhere}),
		conversation(sellerdesk.EventConversationRemoved, 9, sellerdesk.RemovedEvent{Into: 7}),
		account(sellerdesk.EventAccountChanged, 2),
		account(sellerdesk.EventSyncProgress, 3),
		account(sellerdesk.EventPushReceived, 3),
		{Kind: sellerdesk.EventJobChanged},
		conversation(sellerdesk.EventNotificationCreated, 10, sellerdesk.NotificationEvent{}),
	}, now)
	want := frame.Changed{
		Conversations: []sellerdesk.ConversationID{7, 8, 9}, Written: []sellerdesk.ConversationID{7},
		Moved:    map[sellerdesk.ConversationID]sellerdesk.ConversationID{9: 7},
		Accounts: []sellerdesk.AccountID{2}, Reading: []sellerdesk.AccountID{3}, Jobs: true, Bell: true, Now: now.UnixMilli(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
