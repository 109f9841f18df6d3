package radist

import (
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

const templateList = "GET /messaging/waba/templates/"

// filledIn is a message of template "hello" on the wire.
func filledIn(id, at string) string {
	return `{"message_id":"` + id + `","direction":"outbound","message_type":"waba_template","created_at":"` + at + `","waba_template":{"name":"hello","language":"ru"}}`
}

func TestNoReadingFailsBecauseTheListOfTemplatesDoes(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"503 {}", "429 {}", "403 {}", "200 <html>"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			at := time.Now().UTC().Format(time.RFC3339)
			s := script(t, map[string]string{
				templateList: answer, listing: listed(11, at, map[string]string{"1": filledIn("a", at)}), history: "200 [" + filledIn("a", at) + "]",
			})
			c := s.open(t)
			b, err := c.Pull(t.Context(), streamChats, "")
			if err != nil || len(b.Reread) != 1 {
				t.Errorf("the walk: %+v, %v", b, err)
			}
			shown := func(what string, b sellerdesk.Batch, err error) {
				t.Helper()
				if err != nil || len(b.Messages) != 1 || b.Messages[0].Text != "[шаблон hello]" {
					t.Errorf("%s: %+v, %v", what, b.Messages, err)
				}
			}
			b, err = c.History(t.Context(), chat("1", 11), "")
			shown("a history", b, err)
			b, err = c.Pull(t.Context(), streamOldChats, "")
			shown("old history", b, err)
			p := event("messages.create", filledIn("a", at))
			p.Body = []byte(strings.Replace(string(p.Body), `"connection_id":10`, `"connection_id":11`, 1))
			b, err = c.Receive(t.Context(), p)
			shown("a push", b, err)
			if n := s.count(templateList); n != 1 {
				t.Errorf("the list was asked for %d times at once", n)
			}
		})
	}
}

func TestTheListOfTemplatesThatWasHadLastServesWhileItFails(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Format(time.RFC3339)
	s := script(t, map[string]string{templateList: `200 [{"name":"hello","language":"ru","connection_id":11,"components":[{"type":"BODY","text":"Здравствуйте!"}]}]`})
	c := s.open(t)
	now := time.Now()
	c.clock.NowFunc = func() time.Time { return now }
	read := func() {
		t.Helper()
		s.mu.Lock()
		s.says[history] = "200 [" + filledIn("a", at) + "]"
		s.mu.Unlock()
		b, err := c.History(t.Context(), chat("1", 11), "")
		if err != nil || len(b.Messages) != 1 || b.Messages[0].Text != "Здравствуйте!" {
			t.Fatalf("%+v, %v", b.Messages, err)
		}
	}
	read()
	s.mu.Lock()
	s.says[templateList] = "500 {}"
	s.mu.Unlock()
	now = now.Add(2 * askTemplates)
	read()
	read()
	if n := s.count(templateList); n != 2 {
		t.Errorf("the list was asked for %d times, want once in each hour while it fails just so", n)
	}
	now = now.Add(askMissing)
	read()
	if n := s.count(templateList); n != 3 {
		t.Errorf("a minute later the list was asked for %d times", n)
	}
}

func TestATemplateOfTwoNumbersIsShownInTheWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Format(time.RFC3339)
	of := func(connection, text string) string {
		return `{"connection_id":` + connection + `,"name":"hello","language":"ru","components":[{"type":"BODY","text":"` + text + `"}]}`
	}
	s := script(t, map[string]string{
		"GET /messaging/chats/sources/": `200 [{"connection_id":11,"type":"waba","name":"Первый"},{"connection_id":12,"type":"waba","name":"Второй"}]`,
		templateList:                    "200 [" + of("11", "от первого") + "," + of("12", "от второго") + "]",
		listing:                         listed(12, at, map[string]string{"1": filledIn("a", at)}), history: "200 [" + filledIn("a", at) + "]",
	})
	shown := func(what string, b sellerdesk.Batch, err error) {
		t.Helper()
		if err != nil || len(b.Messages) != 1 || b.Messages[0].Text != "от второго" {
			t.Errorf("%s: %+v, %v", what, b.Messages, err)
		}
	}
	b, err := s.open(t).History(t.Context(), chat("1", 12), "")
	shown("a history", b, err)
	c := s.open(t)
	b, err = c.Pull(t.Context(), streamOldChats, "")
	shown("old history", b, err)
	p := event("messages.create", filledIn("b", at))
	p.Body = []byte(strings.Replace(string(p.Body), `"connection_id":10`, `"connection_id":12`, 1))
	b, err = s.open(t).Receive(t.Context(), p)
	shown("a push", b, err)
	from, err := c.Pull(t.Context(), streamChats, "")
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.says[listing] = strings.Replace(s.says[listing], `"Анна","unanswered_count":0,"last_message"`, `"Анна Б.","unanswered_count":0,"last_message"`, 1)
	s.mu.Unlock()
	if _, err := c.History(t.Context(), chat("1", 12), ""); err != nil {
		t.Fatal(err)
	}
	b, err = c.Pull(t.Context(), streamChats, from.Next)
	shown("the walk", b, err)
}
