package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/console"
)

// The whole program sends a test to a receiver that checks it with the library
// of the specification, and the command tells what came of it.
func TestAReceiverChecksWhatTheProgramSends(t *testing.T) {
	t.Parallel()
	const key sellerdesk.Secret = "of-a-program-in-a-test"
	p, err := open(t.Context(), options{Data: t.TempDir(), APIKey: key, PrivateWebhooks: true})
	if err != nil {
		t.Fatal(err)
	}
	stop := background(t.Context(), p.Run)
	t.Cleanup(func() { _, _ = stop(), p.Close() })

	checked := make(chan error, 10)
	var hook *standardwebhooks.Webhook
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = hook.Verify(body, r.Header)
		}
		checked <- err
	}))
	t.Cleanup(receiver.Close)
	server, err := client.New(p.URL, key.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	made, secret, err := server.Webhooks.Create(t.Context(), client.NewWebhook{Name: "ERP", URL: receiver.URL, Kinds: []sellerdesk.EventKind{"message.*"}})
	if err != nil {
		t.Fatal(err)
	}
	if hook, err = standardwebhooks.NewWebhook(secret.Reveal()); err != nil {
		t.Fatal(err)
	}
	var said, complained bytes.Buffer
	command := func(args ...string) int {
		said.Reset()
		complained.Reset()
		return run(t.Context(), append(args, "--server", p.URL, "--api-key", key.Reveal()), &said, &complained)
	}
	if code := command("webhooks", "test", "1"); code != console.ExitOK || !strings.Contains(said.String(), "delivered") {
		t.Fatalf("it ended with %d: %s%s", code, said.String(), complained.String())
	}
	if err := <-checked; err != nil {
		t.Error(err)
	}
	receiver.Close()
	if code := command("webhooks", "test", "1"); code != console.ExitFailed || !strings.Contains(complained.String(), "refuses the connection") {
		t.Errorf("it ended with %d: %s%s", code, said.String(), complained.String())
	}
	if now, err := server.Webhooks.Get(t.Context(), made.ID); err != nil || now.State != sellerdesk.WebhookActive || now.Waiting != 0 {
		t.Errorf("got %+v, %v", now, err)
	}
}
