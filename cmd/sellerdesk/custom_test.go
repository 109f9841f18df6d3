//go:build unix

package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// TestAChannelOfOnesOwn proves it in one product, for opening one takes long under
// the race detector.
func TestAChannelOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := openShop(t)
	for name, proves := range map[string]func(*testing.T, *shop){
		"the examples work": examplesWork, "a conversation lives": conversationLives, "an account can do what it declares": declaredIsAllowed,
		"a list is read": listIsRead,
		"who does not know the secret is told and seen":            strangersAreTold,
		"only where repeating is safe a lost answer is sent again": lostAnswers,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proves(t, h)
		})
	}
}

// ownChannel is an account of a channel of one's own, whose script the test plays.
type ownChannel struct {
	*shop
	t       *testing.T
	key     []byte
	account sellerdesk.Account
	server  *httptest.Server

	mu   sync.Mutex // guards what follows
	told []map[string]any
	fail int // with this status, while it is not 0
}

func openChannel(t *testing.T, h *shop, fields ...string) *ownChannel {
	t.Helper()
	c := &ownChannel{shop: h, t: t, key: []byte(rand.Text() + rand.Text())}
	c.server = httptest.NewServer(http.HandlerFunc(c.take))
	t.Cleanup(c.server.Close)
	c.account = c.addCustom(t, append([]string{"--secret", "whsec_" + base64.StdEncoding.EncodeToString(c.key), "--reply_url", c.server.URL}, fields...)...)
	return c
}

func (c *ownChannel) take(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var in map[string]any
	_ = json.NewDecoder(r.Body).Decode(&in)
	if in["type"] == "check" {
		return
	}
	c.told = append(c.told, in)
	if c.fail != 0 {
		w.WriteHeader(c.fail)
	}
}

func (c *ownChannel) failing(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = status
}

// replies are what the script was told.
func (c *ownChannel) replies() []map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]map[string]any{}, c.told...)
}

// pushAs pushes an event under a name, and gives the answer.
func (c *ownChannel) pushAs(name string, at time.Time, event string) (int, string) {
	c.t.Helper()
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, c.key)
	_, _ = io.WriteString(mac, name+"."+seconds+"."+event)
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.URL+c.account.Push.Address, strings.NewReader(event))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header = http.Header{"Webhook-Id": {name}, "Webhook-Timestamp": {seconds}, "Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, string(said)
}

// push pushes an event that must be taken.
func (c *ownChannel) push(event string) {
	c.t.Helper()
	if status, said := c.pushAs("msg_"+rand.Text(), time.Now(), event); status != http.StatusOK {
		c.t.Fatalf("%s is answered with %d %s", event, status, said)
	}
}

func (c *ownChannel) messages(of sellerdesk.ConversationID) []sellerdesk.Message {
	c.t.Helper()
	var l list[sellerdesk.Message]
	c.call(c.t, http.MethodGet, fmt.Sprintf("/v1/conversations/%d/messages", of), nil, &l)
	return l.Items
}

func (c *ownChannel) conversation(id sellerdesk.ConversationID) (found sellerdesk.Conversation) {
	c.t.Helper()
	c.call(c.t, http.MethodGet, fmt.Sprintf("/v1/conversations/%d", id), nil, &found)
	return found
}

func (c *ownChannel) pushes() sellerdesk.PushHealth {
	c.t.Helper()
	var a sellerdesk.Account
	c.call(c.t, http.MethodGet, fmt.Sprintf("/v1/accounts/%d", c.account.ID), nil, &a)
	return *a.Push
}

func conversationLives(t *testing.T, h *shop) {
	c := openChannel(t, h)
	first := `{"type":"message","conversation":"7","from":{"id":"anna","name":"Анна","phone":"+7 900 111-22-33"},"message":{"id":"m1","text":"Есть?"},"order":"77"}`
	if status, said := c.pushAs("msg_first", time.Now(), first); status != http.StatusOK {
		t.Fatalf("the first push is answered with %d %s", status, said)
	}
	id := c.waiting(t, c.account.ID, "Есть?")
	if conv := c.conversation(id); conv.BuyerName != "Анна" || conv.Order != "77" || conv.Contact == nil || !strings.Contains(fmt.Sprint(conv.Can), "reply") {
		t.Errorf("the conversation is %+v", conv)
	}
	c.push(`{"type":"edited","conversation":"7","message":{"id":"m1","text":"Есть синяя?"}}`)
	eventually(t, "the words are changed", func() bool { return c.messages(id)[0].Text == "Есть синяя?" })

	if status, _ := c.pushAs("msg_first", time.Now(), first); status != http.StatusOK {
		t.Errorf("a push that is repeated is answered with %d", status)
	}
	c.push(`{"type":"message","conversation":"7","message":{"id":"m2","text":"Две"}}`)
	c.push(`{"type":"edited","conversation":"7","message":{"id":"m2","text":"Две кружки"}}`)
	c.push(`{"type":"deleted","conversation":"7","message":{"id":"m2"}}`)
	eventually(t, "the second word is deleted", func() bool {
		m := c.messages(id)
		return len(m) == 2 && (m[0].Text == "[сообщение удалено]" || m[1].Text == "[сообщение удалено]")
	})
	for _, m := range c.messages(id) {
		if m.Text != "Есть синяя?" && m.Text != "[сообщение удалено]" {
			t.Errorf("a message says %q: a push that was repeated took a change back, or a deletion was lost", m.Text)
		}
	}

	m := c.shop.replies(t, id, "Да, есть")
	c.becomes(t, id, m, sellerdesk.MessageSent)
	told := c.replies()
	if len(told) != 1 || told[0]["text"] != "Да, есть" || told[0]["conversation"] != "7" || told[0]["id"] == "" {
		t.Fatalf("the script was told %+v", told)
	}
	c.push(fmt.Sprintf(`{"type":"status","conversation":"7","message":{"id":%q},"status":"read"}`, told[0]["id"]))
	c.becomes(t, id, m, sellerdesk.MessageRead)

	c.push(`{"type":"closed","conversation":"7","reason":"Покупатель ушёл"}`)
	eventually(t, "nothing can be sent", func() bool {
		return strings.Contains(fmt.Sprint(c.conversation(id).Can), "Покупатель ушёл")
	})
	c.push(`{"type":"message","conversation":"7","message":{"id":"m3","text":"Я вернулась"}}`)
	eventually(t, "it is open again", func() bool {
		return !strings.Contains(fmt.Sprint(c.conversation(id).Can), "Покупатель ушёл")
	})
}

func declaredIsAllowed(t *testing.T, h *shop) {
	c := openChannel(t, h, "--max_length", "5")
	declares := func(a sellerdesk.Account) string {
		said := []string{}
		for _, k := range a.Abilities {
			for _, can := range k.Can {
				said = append(said, fmt.Sprintf("%s %s up to %d, files %v", k.Kind, can.Action, *can.MaxLength, can.Files != nil))
			}
		}
		return strings.Join(said, "; ")
	}
	if got := declares(c.account); got != "chat reply up to 5, files false" {
		t.Errorf("it declares %s", got)
	}
	var changed sellerdesk.Account
	c.call(t, http.MethodPost, fmt.Sprintf("/v1/accounts/%d/actions", c.account.ID), map[string]any{"action": "credentials", "credentials": map[string]string{
		"secret": "whsec_" + base64.StdEncoding.EncodeToString(c.key), "reply_url": c.server.URL, "kinds": "chat, review", "files": "yes", "edits": "yes"}}, &changed)
	if got := declares(changed); got != "chat reply up to 4000, files true; review answer up to 4000, files false; review edit up to 4000, files false" {
		t.Errorf("after a change it declares %s", got)
	}
	c.push(`{"type":"message","kind":"review","conversation":"r","rating":1,"message":{"id":"r","text":"Разбилась"}}`)
	id := c.waiting(t, c.account.ID, "Разбилась")
	m := c.shop.replies(t, id, "Заменим")
	c.becomes(t, id, m, sellerdesk.MessageSent)
	if told := c.replies()[0]; told["kind"] != "review" || told["text"] != "Заменим" || told["type"] != "reply" {
		t.Errorf("the script was told %+v", told)
	}
}

func listIsRead(t *testing.T, h *shop) {
	list := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("after") != "1" {
			_, _ = io.WriteString(w, `{"events":[{"type":"message","conversation":"7","message":{"id":"m1","text":"Из списка"}},{"type":"odd"}],"next":"1"}`)
			return
		}
		_, _ = io.WriteString(w, `{"events":[],"next":"1"}`)
	}))
	t.Cleanup(list.Close)
	c := openChannel(t, h, "--list_url", list.URL+"/list")
	id := c.waiting(t, c.account.ID, "Из списка")
	c.push(`{"type":"message","conversation":"7","message":{"id":"m1","text":"Из списка"}}`)
	c.push(`{"type":"message","conversation":"7","message":{"id":"m2","text":"И сама по себе"}}`)
	c.waiting(t, c.account.ID, "И сама по себе")
	if n := len(c.messages(id)); n != 2 {
		t.Errorf("what came both ways makes %d messages", n)
	}
}

func strangersAreTold(t *testing.T, h *shop) {
	c := openChannel(t, h)
	event := `{"type":"message","conversation":"7","message":{"id":"m1","text":"Это я"}}`
	right := c.key
	for _, wrong := range []struct {
		name   string
		key    []byte
		at     time.Time
		event  string
		status int
		says   string
	}{
		{"another secret", []byte("nobody knows this one"), time.Now(), event, http.StatusUnauthorized, "same secret"},
		{"an old signature", right, time.Now().Add(-10 * time.Minute), event, http.StatusUnauthorized, "webhook-timestamp"},
		{"no JSON", right, time.Now(), `{"type":`, http.StatusBadRequest, "no JSON"},
		{"a kind that was not declared", right, time.Now(), strings.Replace(event, `"type"`, `"kind":"review","type"`, 1), http.StatusUnprocessableEntity, "settings"},
	} {
		c.key = wrong.key
		if status, said := c.pushAs("msg_1", wrong.at, wrong.event); status != wrong.status || !strings.Contains(said, wrong.says) {
			t.Errorf("%s is answered with %d %s", wrong.name, status, said)
		}
	}
	if h := c.pushes(); h.Blocked == nil || h.ReasonCode != sellerdesk.ReasonSignature || h.Waiting != 0 || h.Last != nil {
		t.Errorf("nobody sees that pushes are not signed: %+v", h)
	}
	c.key = right
	c.push(event)
	c.waiting(t, c.account.ID, "Это я")
	if h := c.pushes(); h.Blocked != nil || h.Last == nil {
		t.Errorf("after one that is signed the pushes are %+v", h)
	}
}

func lostAnswers(t *testing.T, h *shop) {
	for declared, want := range map[string]sellerdesk.MessageStatus{"no": sellerdesk.MessageUnknown, "yes": sellerdesk.MessageSent} {
		t.Run(declared, func(t *testing.T) {
			t.Parallel()
			c := openChannel(t, h, "--idempotent", declared)
			c.push(`{"type":"message","conversation":"7","message":{"id":"m1","text":"Есть?"}}`)
			id := c.waiting(t, c.account.ID, "Есть?")
			c.failing(http.StatusInternalServerError)
			m := c.shop.replies(t, id, "Да")
			eventually(t, "the script was told", func() bool { return len(c.replies()) > 0 })
			c.failing(0)
			c.becomes(t, id, m, want)
			told := c.replies()
			if (len(told) > 1) != (declared == "yes") || told[0]["id"] != told[len(told)-1]["id"] {
				t.Errorf("the script was told %+v", told)
			}
			if declared == "yes" {
				return
			}
			c.push(fmt.Sprintf(`{"type":"message","author":"shop","reply":%q,"conversation":"7","message":{"id":"r1","text":"Да"}}`, told[0]["id"]))
			c.becomes(t, id, m, sellerdesk.MessageSent)
			if n := len(c.messages(id)); n != 2 {
				t.Errorf("the echo of a reply makes %d messages", n)
			}
		})
	}
}
