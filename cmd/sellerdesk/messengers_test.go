package main

import (
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// desktop starts a server with a cabinet of a messenger that nobody reads.
func desktop(t *testing.T) *program {
	t.Helper()
	p, err := open(t.Context(), options{Data: t.TempDir(), APIKey: testKey})
	if err != nil {
		t.Fatal(err)
	}
	stop := background(t.Context(), p.Run)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	err = p.Store.Write(t.Context(), func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{
			Channel: "none", Name: "Shop",
			Identity: sellerdesk.Identity{Sources: []sellerdesk.Source{
				{ID: "10", Name: "Main number", Network: "whatsapp", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}, Templates: true},
				{ID: "11", Name: "Bot", Network: "telegram"},
			}},
			Abilities: []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{
				{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{{Value: string(sellerdesk.ChatWithPhone)}}},
				{Action: sellerdesk.ActionReply}, {Action: sellerdesk.ActionTemplate},
			}}},
		})
		if err != nil {
			return err
		}
		return tx.Templates.Put(t.Context(), a.ID, []sellerdesk.RemoteTemplate{{
			Source: "10", Name: "order_ready", Language: "ru", Status: sellerdesk.TemplateApproved, Body: "{{1}}, заказ готов\nЖдём!",
			Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "body"}},
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPersonIsWrittenToOnTheCommandLine(t *testing.T) {
	t.Parallel()
	p := desktop(t)
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, stderr := command(t, append(args, "--server", p.URL, "--api-key", testKey.Reveal())...)
		if code != want {
			t.Errorf("%v ends with %d: %s%s", args, code, out, stderr)
		}
		return out + stderr
	}
	for _, step := range []struct {
		says string
		code int
		args []string
	}{
		{"10      Main number  whatsapp   phone       yes", 0, []string{"accounts", "sources", "1"}},
		{"11      Bot          telegram   the buyer   no", 0, []string{"accounts", "sources", "1"}},
		{"order_ready  ru        10      approved  1          {{1}}, заказ готов Ждём!\n", 0, []string{"accounts", "templates", "1"}},
		{"", 0, []string{"accounts", "templates", "1", "--source", "11", "--json"}},
		{"1        order_ready  ru        10      approved  1          {{1}}, заказ готов", 0, []string{"templates"}},
		{"Conversation 1 is being started.", 0, []string{"conversations", "start", "--account", "1", "--source", "10", "--phone", "8 (999) 000-00-01"}},
		{"is no phone number", 2, []string{"conversations", "start", "--account", "1", "--source", "10", "--phone", "12"}},
		{"only an approved template", 5, []string{"conversations", "reply", "1", "--text", "Привет"}},
		{"is not filled in", 2, []string{"reply", "1", "--template", "order_ready"}},
		{"Message 1 is queued:\nАнна, заказ готов\nЖдём!", 0, []string{"reply", "1", "--template", "order_ready", "--variable", "Анна"}},
	} {
		out := run(step.code, step.args...)
		if !strings.Contains(out, step.says) {
			t.Errorf("%v says %q, want %q", step.args, out, step.says)
		}
	}
}
