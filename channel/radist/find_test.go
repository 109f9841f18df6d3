package radist

import (
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

func TestAFirstWordAfterARestartLooksForTheConnectionOfItsChatNowhere(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Format(time.RFC3339)
	for _, c := range []struct{ name, stream, page string }{
		{"found by the walk", streamChats, listed(10, at, map[string]string{"7": "null"})},
		{"found by old history", streamOldChats, listed(10, at, map[string]string{"7": "null"})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := script(t, map[string]string{listing: c.page, history: "200 []", "POST /messaging/messages/": `200 {"message_id":"x"}`})
			b, err := s.open(t).Pull(t.Context(), c.stream, "")
			if err != nil || len(b.Conversations) != 1 {
				t.Fatalf("%+v, %v", b, err)
			}
			to := sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: "7", Remote: b.Conversations[0].Remote}
			if _, err := s.open(t).Send(t.Context(), sellerdesk.Reply{Conversation: to, Text: "да"}); err != nil {
				t.Fatal(err)
			}
			if n := s.count(listing); n != 1 {
				t.Errorf("the list of all chats was asked for %d times more", n-1)
			}
		})
	}
}

func TestAWalkLeavesAloneHowFarAChatWasRead(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Format(time.RFC3339)
	s := script(t, map[string]string{listing: listed(10, at, map[string]string{"7": spoken("a", at)}), history: "200 [" + spoken("a", at) + "]"})
	c := s.open(t)
	if _, err := c.History(t.Context(), chat("7", 10), ""); err != nil {
		t.Fatal(err)
	}
	b, err := c.Pull(t.Context(), streamChats, "")
	if err != nil || len(b.Conversations) != 1 || b.Conversations[0].Remote != nil {
		t.Errorf("a first pass overwrites what a reading has kept: %+v, %v", b.Conversations, err)
	}
	b, err = s.open(t).Pull(t.Context(), streamChats, b.Next)
	if err != nil || len(b.Conversations) != 1 || b.Conversations[0].Remote != nil {
		t.Errorf("a pass after a restart overwrites what a reading has kept: %+v, %v", b.Conversations, err)
	}
}
