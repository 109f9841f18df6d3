package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func TestPeopleAreListedMergedPartedAndExported(t *testing.T) {
	t.Parallel()
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
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{Channel: "none", Name: "Shop"})
		if err != nil {
			return err
		}
		var b sellerdesk.Batch
		for n, who := range []sellerdesk.Buyer{{Phone: "8 900 123-45-67"}, {Network: "telegram", Username: "@Petr"}} {
			name, at := []string{"Пётр", "petr"}[n], sellerdesk.AtMillis(int64(1_700_000_000_000+n))
			b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(fmt.Sprint(n)), BuyerName: &name, CreatedAt: &at, Buyer: &who})
		}
		_, err = tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: a.ID, Stream: "chats", Batch: b})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (out string) {
		t.Helper()
		code, out, stderr := command(t, append(append([]string{"contacts"}, args...), "--server", p.URL, "--api-key", testKey.Reveal())...)
		if code != 0 {
			t.Errorf("contacts %v ends with %d: %s", args, code, stderr)
		}
		return out
	}
	if out := run("list"); !strings.Contains(out, "Пётр") || !strings.Contains(out, "+79001234567") || !strings.Contains(out, "@petr (telegram)") {
		t.Errorf("the list: %s", out)
	}
	var found sellerdesk.Contact
	if err := json.Unmarshal([]byte(run("list", "--phone", "+7 (900) 123 45 67", "--json")), &found); err != nil || found.Name != "Пётр" {
		t.Errorf("by phone: %+v, %v", found, err)
	}
	before := run("export", "2")
	if out := run("merge", "1", "2"); !strings.Contains(out, "merged in") || !strings.Contains(out, "petr") {
		t.Errorf("merged: %s", out)
	}
	if out := run("show", "2"); !strings.Contains(out, "+79001234567") {
		t.Errorf("the merged one shows as: %s", out)
	}
	if out := run("unmerge", "1", "2"); strings.Contains(out, "merged in") {
		t.Errorf("parted: %s", out)
	}
	if after := run("export", "2"); after != before || !strings.Contains(before, `"value":"petr"`) {
		t.Errorf("exported before %s and after %s", before, after)
	}
	code, _, stderr := command(t, "contacts", "merge", "1", "1", "--server", p.URL, "--api-key", testKey.Reveal())
	oneSentence(t, code, stderr, "itself", testKey.Reveal())
	code, _, stderr = command(t, "contacts", "show", "Пётр", "--server", p.URL, "--api-key", testKey.Reveal())
	oneSentence(t, code, stderr, "not the number of a person", testKey.Reveal())
}
