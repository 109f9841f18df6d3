package desk_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func pdf(size int) []byte {
	return append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), size-9)...)
}

func TestReplyOutsideTheLimitsIsRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "good")
	file := func(t *testing.T, name string, content []byte) sellerdesk.FileID { return h.upload(t, name, content) }
	tests := []struct {
		name     string
		text     string
		files    func(t *testing.T) []sellerdesk.FileID
		field    string
		sentence string
	}{
		{"one character too many", strings.Repeat("я", 1001), nil, "text",
			"The text has 1001 characters; this channel takes up to 1000."},
		{"a text of a megabyte is counted whole", strings.Repeat("ab", 1<<19), nil, "text",
			"The text has 1048576 characters; this channel takes up to 1000."},
		{"nothing at all", " \u0000\n ", nil, "text", "Write something or attach a file."},
		{"a file that is too large", "", func(t *testing.T) []sellerdesk.FileID {
			return []sellerdesk.FileID{file(t, "receipt.pdf", pdf(6<<20))}
		}, "files", "receipt.pdf is 6.0 MB; this channel takes files up to 5 MB."},
		{"files that are too large together", "", func(t *testing.T) []sellerdesk.FileID {
			return []sellerdesk.FileID{file(t, "a.pdf", pdf(4<<20)), file(t, "b.pdf", pdf(4<<20+100_000))}
		}, "files", "The files are 8.1 MB together; this channel takes up to 8 MB with one message."},
		{"a file of a wrong kind, whatever its name says", "", func(t *testing.T) []sellerdesk.FileID {
			return []sellerdesk.FileID{file(t, "photo.jpg", []byte("<html><script>1</script></html>"))}
		}, "files", "photo.jpg is of the type text/html; this channel takes image/jpeg, image/png, application/pdf."},
		{"too many files", "", func(t *testing.T) []sellerdesk.FileID {
			var ids []sellerdesk.FileID
			for i := range 4 {
				ids = append(ids, file(t, fmt.Sprint(i), pdf(20+i)))
			}
			return ids
		}, "files", "There are 4 files; this channel takes up to 3 with one message."},
		{"a file that does not exist", "", func(*testing.T) []sellerdesk.FileID { return []sellerdesk.FileID{999} },
			"files", "There is no uploaded file 999."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := desk.ReplyInput{User: h.owner(t), Conversation: id, Text: tt.text}
			if tt.files != nil {
				in.Files = tt.files(t)
			}
			_, err := h.Conversations.Reply(t.Context(), in)
			refused(t, err, sellerdesk.CodeInvalid, tt.field, tt.sentence)
		})
	}
	if c := h.conversation(t, id); !c.NeedsAnswer {
		t.Error("a refused reply counts as an answer")
	}
}

func TestReplyIsQueuedOnceForOneKey(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, account := h.chat(t, "good")
	in := desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "  " + strings.Repeat("я", 1000) + "\u0000\n", Key: "intent",
		Files: []sellerdesk.FileID{h.upload(t, "a.pdf", pdf(100))}}
	first, err := h.Conversations.Reply(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if first.Status != sellerdesk.MessageQueued || first.Text != strings.Repeat("я", 1000) || len(first.Files) != 1 {
		t.Errorf("queued %s with %d files, text of %d bytes", first.Status, len(first.Files), len(first.Text))
	}
	again, err := h.Conversations.Reply(t.Context(), in)
	if err != nil || again.ID != first.ID {
		t.Errorf("the same key gave message %d (%v), want %d", again.ID, err, first.ID)
	}
	h.read(t, func(tx *store.Tx) error {
		n, err := tx.Outbox.Waiting(t.Context(), account.ID)
		if n != 1 {
			t.Errorf("%d items wait, want 1", n)
		}
		return err
	})
	if c := h.conversation(t, id); c.NeedsAnswer {
		t.Error("the answered conversation still needs an answer")
	}
}

func TestReplyWaitsWhileTheAccountIsPaused(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, account := h.chat(t, "good")
	if _, err := h.Accounts.Pause(t.Context(), account.ID); err != nil {
		t.Fatal(err)
	}
	m, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "later"})
	if err != nil || m.Status != sellerdesk.MessageQueued {
		t.Errorf("got %s, %v", m.Status, err)
	}
}

func TestReplyIsUnsupportedWhenTheCredentialsAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, account := h.chat(t, "good")
	h.write(t, func(tx *store.Tx) error {
		return tx.Accounts.SetState(t.Context(), account.ID, sellerdesk.AccountExpired, sellerdesk.Why{Code: sellerdesk.ReasonExpired, Text: "The token ended."})
	})
	_, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "hi"})
	refused(t, err, sellerdesk.CodeUnsupported, "", "The token ended.")
}

func TestActionsByName(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "good")
	act := func(action sellerdesk.ActionKind) (sellerdesk.Conversation, error) {
		return h.Conversations.Act(t.Context(), desk.ActInput{User: h.owner(t), Conversation: id, Action: action})
	}
	for _, step := range []struct {
		action sellerdesk.ActionKind
		want   func(sellerdesk.Conversation) bool
	}{
		{sellerdesk.ActionMarkRead, func(c sellerdesk.Conversation) bool { return !c.Unread && c.NeedsAnswer }},
		{sellerdesk.ActionMarkRead, func(c sellerdesk.Conversation) bool { return !c.Unread }},
		{sellerdesk.ActionNoAnswerNeeded, func(c sellerdesk.Conversation) bool { return !c.NeedsAnswer }},
		{sellerdesk.ActionClose, func(c sellerdesk.Conversation) bool { return c.Status == sellerdesk.ConversationClosed }},
		{sellerdesk.ActionClose, func(c sellerdesk.Conversation) bool { return c.Status == sellerdesk.ConversationClosed }},
		{sellerdesk.ActionReopen, func(c sellerdesk.Conversation) bool { return c.Status == sellerdesk.ConversationOpen }},
	} {
		if c, err := act(step.action); err != nil || !step.want(c) {
			t.Errorf("after %s: %+v, %v", step.action, c, err)
		}
	}
	if err := h.Conversations.MarkUnread(t.Context(), h.owner(t), id); err != nil || !h.conversation(t, id).Unread {
		t.Errorf("not unread again: %v", err)
	}
	_, err := act("dance")
	refused(t, err, sellerdesk.CodeUnsupported, "action", `The action "dance" cannot be done here.`)
	_, err = act(sellerdesk.ActionReply)
	refused(t, err, sellerdesk.CodeInvalid, "action", "A line for the buyer is posted as a message of the conversation.")
	_, err = act(sellerdesk.ActionResend)
	refused(t, err, sellerdesk.CodeInvalid, "message", "Say which message is meant.")
}

// unknown brings a reply to the state in which a person decides.
func (h *house) unknown(t *testing.T, id sellerdesk.ConversationID) sellerdesk.Message {
	t.Helper()
	m, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "did it arrive?"})
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, func(tx *store.Tx) error {
		items, err := tx.Outbox.Lease(t.Context(), sellerdesk.At(h.now), time.Minute, 10, nil)
		if err != nil || len(items) != 1 {
			return fmt.Errorf("leased %d items: %w", len(items), err)
		}
		return tx.Outbox.Settle(t.Context(), items[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown,
			Why: sellerdesk.Why{Code: sellerdesk.ReasonOutcomeUnknown, Text: "No answer came."}})
	})
	return m
}

func TestCheckAsksReadingToLookFromBeforeTheSend(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, account := h.chat(t, "good")
	m := h.unknown(t, id)
	sent := h.now
	h.now = h.now.Add(time.Hour)
	if _, err := h.Messages.Check(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	if len(h.looks) != 1 || h.looks[0].account != account.ID || !h.looks[0].since.Before(sent) || h.looks[0].since.Before(sent.Add(-time.Hour)) {
		t.Errorf("looked %v, want once from shortly before %s", h.looks, sent)
	}
}

func TestPersonDecidesAboutAMessageOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		action sellerdesk.ActionKind
		want   sellerdesk.MessageStatus
	}{
		{"sends it again", sellerdesk.ActionResend, sellerdesk.MessageQueued},
		{"gives it up", sellerdesk.ActionWithdraw, sellerdesk.MessageWithdrawn},
		{"looks for it", sellerdesk.ActionCheck, sellerdesk.MessageUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			id, _ := h.chat(t, "good")
			m := h.unknown(t, id)
			if _, err := h.Conversations.Act(t.Context(), desk.ActInput{User: h.owner(t), Conversation: id, Action: tt.action, Message: m.ID}); err != nil {
				t.Fatal(err)
			}
			h.read(t, func(tx *store.Tx) error {
				got, err := tx.Messages.Get(t.Context(), m.ID)
				if got.Status != tt.want {
					t.Errorf("the message is %s, want %s", got.Status, tt.want)
				}
				return err
			})
		})
	}
}

func TestMessageOfTheBuyerCannotBeWithdrawn(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.chat(t, "good")
	var theirs sellerdesk.MessageID
	h.read(t, func(tx *store.Tx) error {
		page, _, err := tx.Messages.List(t.Context(), id, "", 1)
		if err == nil {
			theirs = page[0].ID
		}
		return err
	})
	_, err := h.Messages.Withdraw(t.Context(), h.owner(t), theirs)
	refused(t, err, sellerdesk.CodeUnsupported, "", "This cannot be done here.")
}

func TestUploadTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.Files.Upload(t.Context(), "x", bytes.NewReader(nil))
	refused(t, err, sellerdesk.CodeInvalid, "file", "The file is empty.")
	_, err = h.Files.Upload(t.Context(), "film.mp4", bytes.NewReader(make([]byte, desk.MaxUpload+1)))
	refused(t, err, sellerdesk.CodeInvalid, "file", "The file is larger than 100 MB.")
	_, err = h.Files.Upload(t.Context(), "photo.jpg", strings.NewReader("\xFF\xD8\xFF\xE0 cut off"))
	refused(t, err, sellerdesk.CodeInvalid, "file", "photo.jpg is a damaged picture.")
}

func TestUploadKeepsOnlyTheLastPartOfAName(t *testing.T) {
	t.Parallel()
	h := open(t)
	for in, want := range map[string]string{
		"receipt.pdf":                      "receipt.pdf",
		`C:\Users\me\receipt.pdf`:          "receipt.pdf",
		"../../etc/passwd":                 "passwd",
		"..":                               "file",
		"":                                 "file",
		"a\u0000b\nc.pdf":                  "abc.pdf",
		strings.Repeat("я", 300) + "x.pdf": strings.Repeat("я", 195) + "x.pdf",
	} {
		f, err := h.Files.Upload(t.Context(), in, strings.NewReader("%PDF-1.7 "+in))
		if err != nil || string(f.Name) != want {
			t.Errorf("name %q became %q (%v), want %q", in, f.Name, err, want)
		}
	}
}
