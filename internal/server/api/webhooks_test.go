package api_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/api"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// receiverAddress is one on the internet that nobody has to look up.
const receiverAddress = "https://93.184.216.34/in"

func TestAWebhookFromItsBeginningToItsEnd(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	var made, changed, acted, got thing
	c.ask("POST", "/v1/webhooks", thing{"name": "ERP", "url": receiverAddress, "kinds": []string{"message.*"}, "accounts": []int{1}}).want(t, 201, &made)
	secret, _ := made["secret"].(string)
	if !strings.HasPrefix(secret, "whsec_") || made["state"] != "active" || made["delivery"] != nil {
		t.Fatalf("got %v", made)
	}
	path := "/v1/webhooks/" + made.id()
	for _, where := range []string{path, "/v1/webhooks"} {
		if a := c.ask("GET", where, nil).want(t, 200, &got); bytes.Contains(a.body, []byte("whsec_")) {
			t.Errorf("%s shows the secret: %s", where, a.body)
		}
	}
	c.ask("PATCH", path, thing{"name": "Books", "kinds": []string{}}).want(t, 200, &changed)
	if changed["name"] != "Books" || changed["url"] != receiverAddress || fmt.Sprint(changed["kinds"]) != "[]" || fmt.Sprint(changed["accounts"]) != "[1]" {
		t.Errorf("got %v", changed)
	}
	c.ask("POST", path+"/actions", thing{"action": "pause"}).want(t, 200, &acted)
	if acted["state"] != "paused" || acted["secret"] != nil {
		t.Errorf("got %v", acted)
	}
	c.ask("POST", path+"/actions", thing{"action": "resume"}).want(t, 200, &acted)
	if acted["state"] != "active" {
		t.Errorf("got %v", acted)
	}
	c.ask("POST", path+"/actions", thing{"action": "rotate"}).want(t, 200, &acted)
	if acted["secret"] == nil || acted["secret"] == secret || acted["old_secret_until"] == nil {
		t.Errorf("got %v", acted)
	}
	c.ask("POST", path+"/actions", thing{"action": "test"}).want(t, 200, &acted)
	delivery := thing(acted["delivery"].(map[string]any))
	if delivery["state"] != "waiting" || delivery["kind"] != "webhook.test" || acted["waiting"] != 1.0 {
		t.Errorf("got %v", acted)
	}
	var deliveries list
	c.ask("GET", path+"/deliveries?state=waiting", nil).want(t, 200, &deliveries)
	if len(deliveries.Items) != 1 || deliveries.Items[0].id() != delivery.id() {
		t.Errorf("got %v", deliveries)
	}
	c.ask("GET", path+"/deliveries?state=lost", nil).problem(t, 422, "invalid", "state")
	c.ask("GET", path+"/deliveries?cursor=x", nil).problem(t, 422, "invalid", "cursor")
	c.ask("GET", path+"/deliveries/"+delivery.id(), nil).want(t, 200, &got)
	c.ask("GET", path+"/deliveries/999", nil).problem(t, 404, "not_found", "")
	c.ask("POST", path+"/redeliver", thing{"from": 1, "to": 9}).want(t, 200, &got)
	if got["count"] != 0.0 {
		t.Errorf("got %v", got)
	}
	c.ask("DELETE", path, nil).want(t, 204, nil)
	c.ask("GET", path, nil).problem(t, 404, "not_found", "")
	c.ask("GET", path+"/deliveries", nil).problem(t, 404, "not_found", "")

	kinds := map[sellerdesk.AuditKind]int{}
	err := c.h.Store.Read(t.Context(), func(tx *store.Tx) error {
		entries, _, err := tx.Audit.List(t.Context(), store.AuditQuery{})
		for _, e := range entries {
			kinds[e.Kind]++
			if strings.Contains(e.Text+string(e.Data), "whsec_") || strings.Contains(e.Text, "/in") {
				t.Errorf("the audit tells a secret: %+v", e)
			}
		}
		return err
	})
	if err != nil || kinds[sellerdesk.AuditWebhookChanged] != 6 || kinds[sellerdesk.AuditWebhookRemoved] != 1 {
		t.Errorf("the audit has %v, %v", kinds, err)
	}
}

func TestAWebhookThatIsWrongIsRefusedWithTheFieldThatIs(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	long := strings.Repeat("a", 101)
	for _, w := range []struct {
		name   string
		body   thing
		status int
		code   string
		field  string
	}{
		{"this machine", thing{"name": "x", "url": "https://127.0.0.1/"}, 403, "forbidden", "url"},
		{"a private network", thing{"name": "x", "url": "https://10.1.2.3/"}, 403, "forbidden", "url"},
		{"the credentials of a cloud", thing{"name": "x", "url": "https://169.254.169.254/"}, 422, "invalid", "url"},
		{"without TLS", thing{"name": "x", "url": "http://93.184.216.34/"}, 422, "invalid", "url"},
		{"a password", thing{"name": "x", "url": "https://a:b@93.184.216.34/"}, 422, "invalid", "url"},
		{"another scheme", thing{"name": "x", "url": "file:///etc/passwd"}, 422, "invalid", "url"},
		{"a line break for a header", thing{"name": "x", "url": receiverAddress + "\r\nX-Evil: 1"}, 422, "invalid", "url"},
		{"a name of spaces", thing{"name": "  ", "url": receiverAddress}, 422, "invalid", "name"},
		{"a long name", thing{"name": long, "url": receiverAddress}, 422, "invalid", "name"},
		{"a kind that is none", thing{"name": "x", "url": receiverAddress, "kinds": []string{"message.shouted"}}, 422, "invalid", "kinds"},
		{"all kinds by a star", thing{"name": "x", "url": receiverAddress, "kinds": []string{"*"}}, 422, "invalid", "kinds"},
		{"an account that is not there", thing{"name": "x", "url": receiverAddress, "accounts": []int{99}}, 422, "invalid", "accounts"},
	} {
		c.ask("POST", "/v1/webhooks", w.body).problem(t, w.status, w.code, w.field)
	}
	var l list
	if c.ask("GET", "/v1/webhooks", nil).want(t, 200, &l); len(l.Items) != 0 {
		t.Errorf("there are %v", l.Items)
	}
	c.ask("POST", "/v1/webhooks/1/actions", thing{"action": "pause"}).problem(t, 404, "not_found", "")
	c.ask("POST", "/v1/webhooks/1/redeliver", thing{"from": 5, "to": 4}).problem(t, 422, "invalid", "from")
	c.ask("DELETE", "/v1/webhooks/1", nil).problem(t, 404, "not_found", "")
}

// A secret is told once: whoever repeats the request gets everything else.
func TestTheSecretOfAWebhookIsNotKeptForARepeatedRequest(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	body := thing{"name": "ERP", "url": receiverAddress}
	var first, again thing
	c.ask("POST", "/v1/webhooks", body, idem, "one").want(t, 201, &first)
	c.ask("POST", "/v1/webhooks", body, idem, "one").want(t, 201, &again)
	if first["secret"] == nil || again["secret"] != nil || first.id() != again.id() {
		t.Errorf("got %v and %v", first, again)
	}
	err := c.h.Store.Read(t.Context(), func(tx *store.Tx) error {
		kept, found, err := tx.Idempotency.Get(t.Context(), 1, api.KeptAs("one"))
		if !found || bytes.Contains(kept.Body, []byte("whsec_")) {
			t.Errorf("what is kept is %s, %t", kept.Body, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
