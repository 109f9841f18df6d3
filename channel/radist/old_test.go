package radist

import (
	"fmt"
	"strings"
	"testing"
)

const (
	listing = "GET /messaging/chats/with_contacts/"
	history = "GET /messaging/messages/"
)

// spoken is a message on the wire.
func spoken(id, at string) string {
	return fmt.Sprintf(`{"message_id":%q,"direction":"inbound","message_type":"text","created_at":%q,"text":{"text":"здравствуйте"}}`, id, at)
}

// listed is a page of the list of chats with one contact for each chat of
// a connection; last is its newest message.
func listed(connection int, at string, chats map[string]string) string {
	var all []string
	for id, last := range chats {
		all = append(all, fmt.Sprintf(`{"contact_id":%[1]s,"contact_name":"Анна","unanswered_count":0,"last_chat_updated_at":%[2]q,
			"chats":[{"connection_id":%[3]d,"chat_id":%[1]s,"name":"Анна","unanswered_count":0,"last_message":%[4]s}]}`, id, at, connection, last))
	}
	return fmt.Sprintf(`200 {"data":[%s],"response_metadata":{"next_cursor":""}}`, strings.Join(all, ","))
}

func TestAPageOfOldHistoryThatWasNotTakenIsReadWholeAgain(t *testing.T) {
	t.Parallel()
	const at = "2024-01-01T00:00:00Z"
	for _, c := range []struct {
		name  string
		fails string // what the second chat says at first, "" when the store refuses the page
	}{
		{"a chat in its middle fails", "500 {}"},
		{"the limit is used up in its middle", "429 {}"},
		{"the store refuses it", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := script(t, map[string]string{
				listing: listed(10, at, map[string]string{"1": spoken("a", at), "2": spoken("a", at)}), history: "200 [" + spoken("a", at) + "]",
			})
			read := 0
			s.next = func(call string) string {
				if call == history {
					if read++; read == 2 {
						return c.fails
					}
				}
				return ""
			}
			conn := s.open(t)
			second := stride{Page: "2", Pages: 1, Begin: conn.clock.Now().UnixMilli() - 1000}.cursor()
			if _, err := conn.Pull(t.Context(), streamOldChats, second); (err != nil) != (c.fails != "") {
				t.Fatalf("the first try: %v", err)
			}
			if one := conn.book.get(1); one.read != "" {
				t.Errorf("a walk believes that all was read up to %q", one.read)
			}
			b, err := conn.Pull(t.Context(), streamOldChats, second)
			if err != nil || len(b.Conversations) != 2 || len(b.Messages) != 2 {
				t.Fatalf("the second try brings %d of 2 chats and %d of 2 messages, %v", len(b.Conversations), len(b.Messages), err)
			}
			if _, err := conn.Pull(t.Context(), streamOldChats, b.Next); err != nil {
				t.Fatal(err)
			}
			if one := conn.book.get(1); one.read != "a" {
				t.Errorf("of a page that was taken it is known that it was read up to %q", one.read)
			}
		})
	}
}
