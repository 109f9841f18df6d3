package api_test

import (
	"bytes"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// known lets a buyer write who is known by something.
func (c caller) known(name string, b sellerdesk.Buyer) sellerdesk.Conversation {
	c.t.Helper()
	at := sellerdesk.At(servertest.Start().Add(-time.Hour))
	return c.h.Hear(c.t, sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID("chat-" + name), BuyerName: &name, CreatedAt: &at, Buyer: &b,
	}, sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID("chat-" + name), RemoteID: sellerdesk.RemoteID("m-" + name),
		Author: sellerdesk.AuthorBuyer, Text: "Здравствуйте, " + name, At: at, Files: []sellerdesk.RemoteFile{{ID: "f", Name: "photo.png", Type: "image/png"}}})
}

func TestTenSpellingsOfAPhoneAreOnePerson(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	spellings := []string{"+7 900 123-45-67", "79001234567", "8 (900) 123-45-67", "8-900-123-45-67", "+7(900)1234567", "9001234567",
		"7 900 123 45 67", "8.900.123.45.67", "+7\u00a0900\u00a0123\u00a045\u00a067", "8 900 1234567"}
	for i, s := range spellings {
		c.known(fmt.Sprint("Buyer ", i), sellerdesk.Buyer{Phone: s})
	}
	var all list
	c.ask("GET", "/v1/contacts", nil).want(t, 200, &all)
	if len(all.Items) != 1 || all.Items[0]["conversation_count"] != 10.0 || all.Items[0]["unanswered"] != 10.0 || len(all.Items[0]["conversations"].([]any)) != 3 {
		t.Fatalf("people: %v", all.Items)
	}
	for _, s := range spellings {
		var found list
		c.ask("GET", "/v1/contacts?phone="+url.QueryEscape(s), nil).want(t, 200, &found)
		if len(found.Items) != 1 || found.Items[0].id() != all.Items[0].id() {
			t.Errorf("%q finds %v", s, found.Items)
		}
	}
	var none list
	if c.ask("GET", "/v1/contacts?phone=79009999999", nil).want(t, 200, &none); len(none.Items) != 0 {
		t.Errorf("a phone of nobody finds %v", none.Items)
	}
	for _, s := range []string{"123", "call me", "+7 900 123-45-67-89-01-23", "79001234567; DROP", "٧٩٠٠١٢٣٤٥٦٧"} {
		c.ask("GET", "/v1/contacts?phone="+url.QueryEscape(s), nil).problem(t, 422, "invalid", "phone")
	}
}

func TestMergeThenUnmergeLeavesEveryByte(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	a := c.known("Пётр", sellerdesk.Buyer{Phone: "+79001234567", Network: "whatsapp"})
	b := c.known("petr", sellerdesk.Buyer{Network: "telegram", Username: "@Petr", User: "12"})
	into, from := fmt.Sprint("/v1/contacts/", *a.Contact), fmt.Sprint("/v1/contacts/", *b.Contact)
	c.ask("POST", into+"/notes", thing{"text": "Просил звонить вечером"}).want(t, 201, nil)
	c.ask("POST", from+"/notes", thing{"text": "Пишет из Казани"}).want(t, 201, nil)
	export := func() [2][]byte {
		return [2][]byte{c.ask("GET", into+"/export", nil).want(t, 200, &thing{}).body, c.ask("GET", from+"/export", nil).want(t, 200, &thing{}).body}
	}
	before := export()
	if !bytes.Contains(before[0], []byte("79001234567")) || !bytes.Contains(before[0], []byte("photo.png")) || !bytes.Contains(before[1], []byte("Казани")) {
		t.Errorf("exports miss something:\n%s\n%s", before[0], before[1])
	}
	var merged thing
	c.ask("POST", into+"/merge", thing{"contact": *b.Contact}).want(t, 200, &merged)
	if merged["conversation_count"] != 2.0 || merged["unanswered"] != 2.0 || len(merged["merged"].([]any)) != 1 || len(merged["identities"].([]any)) != 3 {
		t.Errorf("merged: %v", merged)
	}
	var shown thing
	if c.ask("GET", from, nil).want(t, 200, &shown); shown["id"] != merged["id"] {
		t.Errorf("the merged one shows as %v", shown["id"])
	}
	var history list
	c.ask("GET", into+"/history", nil).want(t, 200, &history)
	kinds := map[any]int{}
	for _, e := range history.Items {
		kinds[e["kind"]]++
	}
	if kinds["conversation"] != 2 || kinds["file"] != 2 || kinds["note"] != 2 {
		t.Errorf("history %v", kinds)
	}
	var thread thing
	c.ask("GET", fmt.Sprint("/v1/conversations/", b.ID), nil).want(t, 200, &thread)
	if thread["contact"] != merged["id"] {
		t.Errorf("the conversation shows person %v", thread["contact"])
	}
	if got := export(); !bytes.Equal(got[0], before[0]) || !bytes.Equal(got[1], before[1]) {
		t.Errorf("merging changed an export")
	}
	var parted thing
	c.ask("POST", into+"/unmerge", thing{"contact": *b.Contact}).want(t, 200, &parted)
	if parted["conversation_count"] != 1.0 || parted["unanswered"] != 1.0 {
		t.Errorf("parted: %v", parted)
	}
	if got := export(); !bytes.Equal(got[0], before[0]) || !bytes.Equal(got[1], before[1]) {
		t.Errorf("merge and unmerge changed an export:\n%s\n%s", got[0], got[1])
	}
	c.ask("POST", into+"/unmerge", thing{"contact": *b.Contact}).problem(t, 409, "conflict", "contact")
	c.ask("POST", into+"/merge", thing{"contact": *a.Contact}).problem(t, 422, "invalid", "contact")
	c.ask("POST", into+"/dismiss", thing{"contact": *b.Contact}).problem(t, 404, "not_found", "contact")
	c.ask("POST", into+"/notes", thing{"text": " "}).problem(t, 422, "invalid", "text")
	c.ask("GET", "/v1/contacts/999/export", nil).problem(t, 404, "not_found", "")
}
