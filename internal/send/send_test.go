package send_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// once answers the first send in the given way and takes all later ones.
func once(a answer) func(sellerdesk.Reply) answer {
	used := false
	return func(sellerdesk.Reply) answer {
		if used {
			return answer{take: true}
		}
		used = true
		return a
	}
}

func TestOutcomeOfASend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		first    answer
		want     sellerdesk.MessageStatus
		code     sellerdesk.ReasonCode
		reason   string // part of it
		arrivals int    // how often the remote side was asked
		account  sellerdesk.AccountState
	}{
		{"taken at once", answer{take: true},
			sellerdesk.MessageSent, "", "", 1, sellerdesk.AccountOK},
		{"asked to wait, then taken", answer{err: said(channel.Throttled, "wait", 3*time.Second)},
			sellerdesk.MessageSent, "", "", 2, sellerdesk.AccountOK},
		{"surely not arrived, then taken", answer{err: said(channel.Temporary, "", 0)},
			sellerdesk.MessageSent, "", "", 2, sellerdesk.AccountOK},
		{"no answer and not arrived stays with a person", answer{err: said(channel.Unknown, "", 0)},
			sellerdesk.MessageUnknown, sellerdesk.ReasonOutcomeUnknown, "only a person", 1, sellerdesk.AccountOK},
		{"no answer but arrived is found in the feed", answer{take: true, err: said(channel.Unknown, "", 0)},
			sellerdesk.MessageSent, "", "", 1, sellerdesk.AccountOK},
		{"an answer that is not understood is not repeated", answer{err: said(channel.Malformed, "", 0)},
			sellerdesk.MessageUnknown, sellerdesk.ReasonOutcomeUnknown, "may have arrived", 1, sellerdesk.AccountOK},
		{"an error that nobody classed is not repeated", answer{err: fmt.Errorf("odd")},
			sellerdesk.MessageUnknown, sellerdesk.ReasonOutcomeUnknown, "may have arrived", 1, sellerdesk.AccountOK},
		{"a panic in the adapter is not repeated", answer{panic: true},
			sellerdesk.MessageUnknown, sellerdesk.ReasonOutcomeUnknown, "may have arrived", 1, sellerdesk.AccountOK},
		{"refused with their words", answer{err: &channel.Error{Class: channel.Refused,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "The chat is closed."}}},
			sellerdesk.MessageRefused, sellerdesk.ReasonRefused, "The chat is closed.", 1, sellerdesk.AccountOK},
		{"the chat is gone", answer{err: said(channel.Gone, "", 0)},
			sellerdesk.MessageRefused, sellerdesk.ReasonGone, "no longer exists", 1, sellerdesk.AccountOK},
		{"a file was not taken while the text was", answer{take: true, files: []sellerdesk.FileOutcome{
			{Name: "a.jpg"}, {Name: "b.pdf", Refused: sellerdesk.Why{Code: sellerdesk.ReasonFileRefused, Text: "Too many pages."}}}},
			sellerdesk.MessageSent, sellerdesk.ReasonFileRefused, "The file b.pdf was not taken: Too many pages.", 1, sellerdesk.AccountOK},
		{"refused credentials stop the account and keep the message", answer{err: &channel.Error{Class: channel.Unauthorized,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonExpired, Text: "The token has ended."}}},
			sellerdesk.MessageQueued, sellerdesk.ReasonExpired, "The token has ended.", 1, sellerdesk.AccountExpired},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &remote{clock: quick(), answer: once(tt.first)}
			r.buyer("chat", "hello")
			p := start(t, t.TempDir(), r)
			defer p.close()
			queued := p.queue(t, p.conversation(t, "chat"), "answer")
			if tt.account != sellerdesk.AccountOK {
				eventually(t, func() error { return stateIs(t, p, tt.account) })
			}
			m := p.message(t, queued.ID, tt.want)
			if m.ReasonCode != tt.code || !strings.Contains(string(m.Reason), tt.reason) {
				t.Errorf("reason %q %q, want %q with %q", m.ReasonCode, m.Reason, tt.code, tt.reason)
			}
			// Long enough on the clock of the program for whatever would come too much.
			time.Sleep(100 * time.Millisecond)
			if got := len(r.arrived()); got != tt.arrivals {
				t.Errorf("the remote side was asked %d times, want %d", got, tt.arrivals)
			}
			p.message(t, queued.ID, tt.want)
		})
	}
}

func stateIs(t *testing.T, p *program, want sellerdesk.AccountState) error {
	t.Helper()
	var a sellerdesk.Account
	id := p.account(t)
	p.read(t, func(tx *store.Tx) (err error) {
		a, err = tx.Accounts.Get(t.Context(), id)
		return err
	})
	if a.State != want {
		return fmt.Errorf("account is %s, want %s", a.State, want)
	}
	return nil
}

func TestQueuedMessagesLeaveOnceTheTokenIsFixed(t *testing.T) {
	t.Parallel()
	r := &remote{clock: quick(), answer: once(answer{err: said(channel.Unauthorized, "The token has ended.", 0)})}
	r.buyer("chat", "hello")
	p := start(t, t.TempDir(), r)
	defer p.close()
	conversation := p.conversation(t, "chat")
	first, second := p.queue(t, conversation, "first"), p.queue(t, conversation, "second")
	eventually(t, func() error { return stateIs(t, p, sellerdesk.AccountExpired) })
	account := p.account(t)
	p.write(t, func(tx *store.Tx) error {
		return tx.Accounts.SetState(t.Context(), account, sellerdesk.AccountOK, sellerdesk.Why{})
	})
	p.message(t, first.ID, sellerdesk.MessageSent)
	p.message(t, second.ID, sellerdesk.MessageSent)
	if diff := cmp.Diff([]string{"first", "second"}, r.taken()["chat"]); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

func TestCredentialsThatWereReplacedMeanwhileDoNotStopTheAccount(t *testing.T) {
	t.Parallel()
	renewed := make(chan func(), 1)
	answers := once(answer{err: said(channel.Unauthorized, "The token has ended.", 0)})
	r := &remote{clock: quick(), answer: func(a sellerdesk.Reply) answer {
		select {
		case renew := <-renewed:
			renew()
		default:
		}
		return answers(a)
	}}
	r.buyer("chat", "hello")
	p := start(t, t.TempDir(), r)
	defer p.close()
	conversation, account := p.conversation(t, "chat"), p.account(t)
	renewed <- func() { p.roster.Put(account, r) }
	m := p.queue(t, conversation, "first")
	p.message(t, m.ID, sellerdesk.MessageSent)
	if err := stateIs(t, p, sellerdesk.AccountOK); err != nil {
		t.Error(err)
	}
	p.read(t, func(tx *store.Tx) error {
		events, err := tx.Events.After(t.Context(), 0, 1000)
		for _, e := range events {
			if e.Kind == sellerdesk.EventAccountChanged && strings.Contains(string(e.Data), string(sellerdesk.AccountExpired)) {
				t.Errorf("the account was stopped for a while: %s", e.Data)
			}
		}
		return err
	})
}

func TestConversationKeepsItsOrderThroughFailures(t *testing.T) {
	t.Parallel()
	calls := 0
	r := &remote{clock: quick(), answer: func(sellerdesk.Reply) answer {
		if calls++; calls%2 == 1 {
			return answer{err: said(channel.Temporary, "", 0)}
		}
		return answer{take: true}
	}}
	r.buyer("chat", "hello")
	p := start(t, t.TempDir(), r)
	defer p.close()
	conversation := p.conversation(t, "chat")
	var want []string
	var last sellerdesk.Message
	for i := range 6 {
		text := fmt.Sprint("line ", i)
		want = append(want, text)
		last = p.queue(t, conversation, text)
	}
	p.message(t, last.ID, sellerdesk.MessageSent)
	if diff := cmp.Diff(want, r.taken()["chat"]); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

func TestRefusalAndDoubtHoldNothingBack(t *testing.T) {
	t.Parallel()
	r := &remote{clock: quick(), answer: func(reply sellerdesk.Reply) answer {
		switch reply.Text {
		case "bad":
			return answer{err: said(channel.Refused, "no", 0)}
		case "lost":
			return answer{err: said(channel.Unknown, "", 0)}
		case "never":
			return answer{err: said(channel.Temporary, "", 0)}
		}
		return answer{take: true}
	}}
	for _, chat := range []sellerdesk.RemoteID{"a", "b"} {
		r.buyer(chat, "hello")
	}
	p := start(t, t.TempDir(), r)
	defer p.close()
	a, b := p.conversation(t, "a"), p.conversation(t, "b")
	p.queue(t, a, "bad")
	p.queue(t, a, "lost")
	after := p.queue(t, a, "after both")
	p.queue(t, b, "never")
	behind := p.queue(t, b, "behind never")
	p.message(t, after.ID, sellerdesk.MessageSent)
	p.message(t, behind.ID, sellerdesk.MessageQueued)
	if diff := cmp.Diff(map[sellerdesk.RemoteID][]string{"a": {"after both"}}, r.taken()); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

func TestPersonRepeatsWhatCannotBeProved(t *testing.T) {
	t.Parallel()
	r := &remote{clock: quick(), answer: once(answer{err: said(channel.Unknown, "", 0)})}
	r.buyer("chat", "hello")
	p := start(t, t.TempDir(), r)
	defer p.close()
	m := p.queue(t, p.conversation(t, "chat"), "answer")
	p.message(t, m.ID, sellerdesk.MessageUnknown)
	p.write(t, func(tx *store.Tx) error {
		owner, _, err := tx.Users.Owner(t.Context())
		if err != nil {
			return err
		}
		_, err = tx.Outbox.Resend(t.Context(), m.ID, owner.ID)
		return err
	})
	p.message(t, m.ID, sellerdesk.MessageSent)
	if got := r.taken()["chat"]; len(got) != 1 {
		t.Errorf("taken %v, want it once", got)
	}
}

func TestStopLetsCallsUnderWayFinish(t *testing.T) {
	t.Parallel()
	r := &remote{clock: quick()}
	r.buyer("chat", "hello")
	dir := t.TempDir()
	p := start(t, dir, r)
	conversation := p.conversation(t, "chat")
	arrived, released := make(chan struct{}), make(chan struct{})
	r.mu.Lock()
	r.answer = func(sellerdesk.Reply) answer {
		close(arrived)
		<-released
		return answer{take: true}
	}
	r.mu.Unlock()
	m := p.queue(t, conversation, "answer")
	<-arrived
	p.stop()
	time.AfterFunc(50*time.Millisecond, func() { close(released) })
	p.close()
	r.mu.Lock()
	r.answer = nil
	r.mu.Unlock()
	p = start(t, dir, r)
	defer p.close()
	p.message(t, m.ID, sellerdesk.MessageSent)
	if got := r.arrived(); len(got) != 1 {
		t.Errorf("arrived %v, want it once", got)
	}
}

func TestStopCutsOffACallThatHangsAndLeavesItInDoubt(t *testing.T) {
	t.Parallel()
	r := &remote{clock: quick(), answer: once(answer{hang: true})}
	r.buyer("chat", "hello")
	dir := t.TempDir()
	p := start(t, dir, r)
	m := p.queue(t, p.conversation(t, "chat"), "answer")
	eventually(t, func() error {
		if len(r.arrived()) == 0 {
			return errors.New("nothing arrived")
		}
		return nil
	})
	p.stop()
	p.group.Wait() // the grace of a few seconds
	p.message(t, m.ID, sellerdesk.MessageUnknown)
	p.close()
	p = start(t, dir, r)
	defer p.close()
	p.message(t, m.ID, sellerdesk.MessageUnknown)
	if got := r.arrived(); len(got) != 1 {
		t.Errorf("arrived %v, want it once", got)
	}
}

func TestFileThatIsNoLongerKeptIsRefusedBeforeAnythingLeaves(t *testing.T) {
	t.Parallel()
	r := &remote{clock: quick()}
	r.buyer("chat", "hello")
	p := start(t, t.TempDir(), r)
	defer p.close()
	conversation, account := p.conversation(t, "chat"), p.account(t)
	var m sellerdesk.Message
	p.write(t, func(tx *store.Tx) error {
		f, err := tx.Files.Add(t.Context(), store.NewFile{Name: "a.pdf", Type: "application/pdf", Size: 1, Hash: strings.Repeat("0", 64)})
		if err != nil {
			return err
		}
		m, err = tx.Outbox.Queue(t.Context(), store.NewItem{
			Account: account, Conversation: conversation, Key: "k", Text: "see the file", Files: []sellerdesk.FileID{f.ID},
			Action: sellerdesk.Reply{Text: "see the file", Files: []sellerdesk.Blob{{File: f.ID, Name: "a.pdf", Hash: strings.Repeat("0", 64)}}},
		})
		return err
	})
	if m = p.message(t, m.ID, sellerdesk.MessageRefused); !strings.Contains(string(m.Reason), "a.pdf") {
		t.Errorf("reason %q, want the name of the file", m.Reason)
	}
	if got := r.arrived(); len(got) != 0 {
		t.Errorf("arrived %v, want nothing", got)
	}
}
