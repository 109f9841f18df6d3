package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// pushed gives the account of the channel that pushes which owns a
// conversation.
func (p *playing) pushed(id sellerdesk.AccountID) sellerdesk.Account {
	p.t.Helper()
	var a sellerdesk.Account
	if status := p.get(fmt.Sprintf("/v1/accounts/%d", id), &a); status != http.StatusOK || a.Push == nil {
		p.t.Fatalf("account %d answers %d, %+v", id, status, a.Push)
	}
	return a
}

func TestAWordThatIsPushedIsHereAtOnce(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	p.caughtUp()
	to := p.anyConversation(pushing)
	said := time.Now()
	p.buyerSays(t, to, "Когда придёт синяя кружка?")
	patience := 4 * time.Second // sweeps take longer
	if raceDetector {
		patience = 10 * time.Second // and three times that: here it is only whether, not how soon
	}
	p.eventually(patience, "the word is in the conversation", func() bool {
		m := p.messages(to.ID)
		return len(m) > 0 && strings.Contains(m[0].Text, "синяя кружка")
	})
	t.Logf("there after %s", time.Since(said).Round(time.Millisecond))
	if a := p.pushed(to.Account); a.Push.Last == nil || a.Push.Blocked != nil {
		t.Errorf("the pushes are %+v", a.Push)
	}
}

func TestAReplyWithFilesLeavesInPartsWhereTheChannelWantsIt(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	p.caughtUp()
	to := p.anyConversation(pushing)
	photo, paper := picture(t), []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
	files := []sellerdesk.FileID{p.upload("фото.jpg", photo).ID, p.upload("чек.pdf", paper).ID}
	for range 2 {
		if m, status := p.reply(to.ID, "intent-1", "Фото и чек во вложении.", files...); status != http.StatusAccepted || m.Text == "" {
			t.Fatalf("the reply is answered with %d %+v", status, m)
		}
	}
	p.eventually(30*time.Second, "three parts are sent", func() bool {
		sent := 0
		for _, m := range p.messages(to.ID) {
			if m.Author == sellerdesk.AuthorAgent && m.Status == sellerdesk.MessageSent {
				sent++
			}
		}
		return sent == 3 && len(p.Box.World.State().Received) == 3
	})
	time.Sleep(3 * time.Second) // the history shows them meanwhile: they must not appear a second time
	ours := 0
	for _, m := range p.messages(to.ID) {
		if m.Author == sellerdesk.AuthorAgent {
			ours++
		}
		if m.Author == sellerdesk.AuthorElsewhere && (strings.Contains(m.Text, "во вложении") || m.At.After(time.Now().Add(-time.Minute))) {
			t.Errorf("an echo stands alone: %+v", m)
		}
	}
	if ours != 3 {
		t.Errorf("the conversation shows %d lines of ours, want 3", ours)
	}
	type part struct {
		Text  string
		Files []sandbox.Part
	}
	var got []part
	for _, r := range p.Box.World.State().Received {
		got = append(got, part{r.Text, r.Files})
	}
	want := []part{
		{"Фото и чек во вложении.", []sandbox.Part{}},
		{"", []sandbox.Part{{Name: "фото.jpg", Size: len(photo)}}},
		{"", []sandbox.Part{{Name: "чек.pdf", Size: len(paper)}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the remote side received: %s", d)
	}
}

func TestAConversationIsStartedFromAnOrderOnTheCommandLine(t *testing.T) {
	t.Parallel()
	p := play(t).ready()
	p.caughtUp()
	var account sellerdesk.Account
	var l list[sellerdesk.Account]
	p.get("/v1/accounts", &l)
	for _, a := range l.Items {
		if a.Channel == pushing {
			account = a
		}
	}
	var order struct{ Order string }
	if status := p.call(http.MethodPost, p.Box.URL+"/_sandbox/yandexmarket/order", nil, map[string]any{"account": account.Name}, &order); status != http.StatusOK {
		t.Fatalf("the sandbox answers %d", status)
	}
	start := func(more ...string) (int, string, string) {
		return command(t, append([]string{"conversations", "start", "--server", p.URL, "--api-key", p.APIKey.Reveal(), "--account", fmt.Sprint(account.ID)}, more...)...)
	}
	code, out, stderr := start("--order", order.Order)
	if code != 0 || !strings.Contains(out, "is being started") {
		t.Fatalf("start ends with %d: %s%s", code, out, stderr)
	}
	var id sellerdesk.ConversationID
	if _, err := fmt.Sscanf(out, "Conversation %d", &id); err != nil {
		t.Fatal(err)
	}
	var c sellerdesk.Conversation
	p.eventually(20*time.Second, "the conversation has its name", func() bool {
		p.get(fmt.Sprintf("/v1/conversations/%d", id), &c)
		return c.RemoteID != nil
	})
	if c.Chat == nil || c.Chat.Subject != sellerdesk.ChatAboutOrder || string(c.Order) != order.Order {
		t.Errorf("the conversation is %+v, about %q", c.Chat, c.Order)
	}
	if code, out, _ := start("--order", order.Order); code != 0 || out != fmt.Sprintf("Conversation %d is there already.\n", id) {
		t.Errorf("a second start ends with %d: %s", code, out)
	}
	code, out, stderr = start("--order", "1")
	if _, err := fmt.Sscanf(out, "Conversation %d", &id); code != 0 || err != nil {
		t.Fatalf("the start from a foreign order ends with %d: %s", code, stderr)
	}
	p.eventually(20*time.Second, "the conversation says why it could not be started", func() bool {
		p.get(fmt.Sprintf("/v1/conversations/%d", id), &c)
		can, _ := sellerdesk.Find(c.Can, sellerdesk.ActionReply)
		return strings.Contains(string(can.Reason), "no such order")
	})
	code, _, stderr = start()
	oneSentence(t, code, stderr, "order", "")
}
