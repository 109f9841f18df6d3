package client_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

func TestPeopleFromTheListToTheExport(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, h := open(t)
	known := func(name string, b sellerdesk.Buyer) sellerdesk.ContactID {
		at := sellerdesk.At(servertest.Start().Add(-time.Hour))
		conversation := h.Hear(t, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(name), BuyerName: &name, CreatedAt: &at, Buyer: &b})
		return *conversation.Contact
	}
	petr := known("Пётр", sellerdesk.Buyer{Phone: "79001234567"})
	other := known("petr", sellerdesk.Buyer{Network: "telegram", Username: "petr"})
	known("both", sellerdesk.Buyer{Phone: "79001234567", Network: "telegram", Username: "petr"})
	var names []string
	for p, err := range c.Contacts.All(ctx, client.ContactQuery{Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, string(p.Name))
	}
	if len(names) != 2 {
		t.Errorf("people %q", names)
	}
	if page, err := c.Contacts.List(ctx, client.ContactQuery{Waiting: true}); err != nil || len(page.Items) != 0 {
		t.Errorf("nobody wrote, and waiting are %v, %v", page.Items, err)
	}
	if _, err := c.Contacts.List(ctx, client.ContactQuery{Phone: "call me"}); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
		t.Errorf("a phone that is none: %v", err)
	}
	p, err := c.Contacts.Get(ctx, petr)
	if err != nil || len(p.Suggestions) != 1 || p.Suggestions[0].Contact != other || p.Suggestions[0].Evidence != "username petr" {
		t.Fatalf("suggestions %+v, %v", p.Suggestions, err)
	}
	if p, err = c.Contacts.Dismiss(ctx, petr, other); err != nil || len(p.Suggestions) != 0 {
		t.Errorf("dismissed: %+v, %v", p.Suggestions, err)
	}
	note, err := c.Contacts.Note(ctx, petr, "Просил звонить")
	if err != nil || note.Note == nil || note.Kind != sellerdesk.EntryNote {
		t.Errorf("note %+v, %v", note, err)
	}
	history, err := c.Contacts.History(ctx, petr, "", 10)
	if err != nil || len(history.Items) != 3 || history.Items[0].Note == nil || history.Items[2].Conversation == nil {
		t.Errorf("history %+v, %v", history, err)
	}
	export := func() string {
		var b bytes.Buffer
		if err := c.Contacts.Export(ctx, other, &b); err != nil {
			t.Error(err)
		}
		return b.String()
	}
	before := export()
	if p, err = c.Contacts.Merge(ctx, petr, other); err != nil || len(p.Merged) != 1 || p.ConversationCount != 3 {
		t.Errorf("merged: %+v, %v", p, err)
	}
	if p, err = c.Contacts.Unmerge(ctx, petr, other); err != nil || len(p.Merged) != 0 || p.ConversationCount != 2 {
		t.Errorf("parted: %+v, %v", p, err)
	}
	if after := export(); after != before || before == "" {
		t.Errorf("exports differ:\n%s\n%s", before, after)
	}
	if err := c.Contacts.Export(ctx, 999, new(bytes.Buffer)); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("nobody's export: %v", fmt.Sprint(err))
	}
}
