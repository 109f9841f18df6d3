package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func offer(actions ...sellerdesk.ActionKind) (offers []sellerdesk.Offer) {
	for _, a := range actions {
		offers = append(offers, sellerdesk.Offer{Action: a})
	}
	return offers
}

// decisions are those of a claim: to agree takes no words, to refuse needs some.
func decisions() sellerdesk.Offer {
	return sellerdesk.Offer{Action: sellerdesk.ActionDecide, Options: []sellerdesk.Option{
		{Value: "agree"}, {Value: "refuse", Comment: &sellerdesk.TextLimits{Min: 10, Max: 20}},
	}}
}

func TestWhatIsDoneAtTheRemoteSideLeavesThroughTheOutbox(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind sellerdesk.Kind
		in   desk.ActInput
		want sellerdesk.Action
	}{
		{"answer a question", sellerdesk.KindQuestion, desk.ActInput{Action: sellerdesk.ActionAnswer, Text: " Yes.\u0000 "}, sellerdesk.Answer{Text: "Yes."}},
		{"answer a review", sellerdesk.KindReview, desk.ActInput{Action: sellerdesk.ActionAnswer, Text: "Thanks"}, sellerdesk.Answer{Text: "Thanks"}},
		{"change an answer", sellerdesk.KindReview, desk.ActInput{Action: sellerdesk.ActionEdit, Text: "Thank you"}, sellerdesk.Edit{Text: "Thank you"}},
		{"decline a question", sellerdesk.KindQuestion, desk.ActInput{Action: sellerdesk.ActionReject, Text: "Not ours"}, sellerdesk.Reject{Text: "Not ours"}},
		{"view a question", sellerdesk.KindQuestion, desk.ActInput{Action: sellerdesk.ActionView}, sellerdesk.View{}},
		{"ask the goods back", sellerdesk.KindReview, desk.ActInput{Action: sellerdesk.ActionOrderReturn}, sellerdesk.OrderReturn{}},
		{"pin a review", sellerdesk.KindReview, desk.ActInput{Action: sellerdesk.ActionPin}, sellerdesk.Pin{}},
		{"unpin a review", sellerdesk.KindReview, desk.ActInput{Action: sellerdesk.ActionUnpin}, sellerdesk.Unpin{}},
		{"agree with a claim", sellerdesk.KindClaim, desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "agree"}, sellerdesk.Decide{Decision: "agree"}},
		{"refuse a claim", sellerdesk.KindClaim, desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "refuse", Comment: " It was worn. "},
			sellerdesk.Decide{Decision: "refuse", Comment: "It was worn."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			offered := offer(tt.in.Action)
			if tt.in.Action == sellerdesk.ActionDecide {
				offered = []sellerdesk.Offer{decisions()}
			}
			id, _ := h.post(t, tt.kind, offered...)
			tt.in.User, tt.in.Conversation, tt.in.Key = h.owner(t), id, "intent"
			for range 2 { // the same intent twice is one
				if c, err := h.Conversations.Act(t.Context(), tt.in); err != nil || c.ID != id {
					t.Fatalf("conversation %d, %v", c.ID, err)
				}
			}
			if diff := cmp.Diff([]sellerdesk.Action{tt.want}, h.leaving(t)); diff != "" {
				t.Errorf("what leaves (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAMessageToAPostIsItsAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.post(t, sellerdesk.KindQuestion, offer(sellerdesk.ActionAnswer)...)
	m, err := h.Conversations.Reply(t.Context(), desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "Yes, it fits."})
	if err != nil || m.Status != sellerdesk.MessageQueued || m.Text != "Yes, it fits." || m.Author != sellerdesk.AuthorAgent {
		t.Fatalf("queued %+v, %v", m, err)
	}
	if c := h.conversation(t, id); c.NeedsAnswer {
		t.Error("the answered question still needs an answer")
	}
	if diff := cmp.Diff([]sellerdesk.Action{sellerdesk.Answer{Text: "Yes, it fits."}}, h.leaving(t)); diff != "" {
		t.Errorf("what leaves (-want +got):\n%s", diff)
	}
}

func TestWhatIsOnItsWayIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		become   sellerdesk.OutboxState // "" leaves it queued
		later    time.Duration
		sentence string // "" lets it through
	}{
		{"it waits for its turn", "", 0, "This is on its way already."},
		{"no answer came", sellerdesk.OutboxUnknown, time.Hour, "This was done before, and it is not known whether it arrived. Look at it, or withdraw it first."},
		{"it was taken a moment ago", sellerdesk.OutboxSent, time.Second, "This has just been done."},
		{"it was taken and is offered again", sellerdesk.OutboxSent, time.Minute, ""},
		{"it was refused", sellerdesk.OutboxRefused, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			id, _ := h.post(t, sellerdesk.KindQuestion, offer(sellerdesk.ActionAnswer)...)
			in := desk.ReplyInput{User: h.owner(t), Conversation: id, Text: "Yes.", Key: "first"}
			first, err := h.Conversations.Answer(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if tt.become != "" {
				h.leaving(t)
				h.write(t, func(tx *store.Tx) error {
					item, err := tx.Outbox.ByMessage(t.Context(), first.ID)
					if err == nil {
						err = tx.Outbox.Settle(t.Context(), item.ID, store.Settlement{State: tt.become})
					}
					return err
				})
			}
			h.now = h.now.Add(tt.later)
			if again, err := h.Conversations.Answer(t.Context(), in); err != nil || again.ID != first.ID {
				t.Errorf("the same intent gives message %d, %v", again.ID, err)
			}
			in.Key = "second"
			_, err = h.Conversations.Answer(t.Context(), in)
			if tt.sentence == "" && err == nil {
				return
			}
			refused(t, err, sellerdesk.CodeUnsupported, "", tt.sentence)
		})
	}
}

func TestKeyOfSomethingElseIsAConflict(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.post(t, sellerdesk.KindReview, offer(sellerdesk.ActionAnswer, sellerdesk.ActionPin)...)
	in := desk.ActInput{User: h.owner(t), Conversation: id, Key: "one", Action: sellerdesk.ActionPin}
	if _, err := h.Conversations.Act(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	in.Action, in.Text = sellerdesk.ActionAnswer, "Thanks"
	_, err := h.Conversations.Act(t.Context(), in)
	refused(t, err, sellerdesk.CodeConflict, "", "This key was used for something else.")
}

func TestActionsThatDoNotFitAreRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	ended := sellerdesk.At(time.Date(2026, 2, 28, 21, 30, 0, 0, time.UTC))
	tests := []struct {
		name     string
		kind     sellerdesk.Kind
		offers   []sellerdesk.Offer
		in       desk.ActInput
		code     sellerdesk.Code
		field    string
		sentence string
	}{
		{"an answer of one character", sellerdesk.KindReview, offer(sellerdesk.ActionAnswer), desk.ActInput{Action: sellerdesk.ActionAnswer, Text: " я "},
			sellerdesk.CodeInvalid, "text", "The text has 1 character; this channel takes no fewer than 2."},
		{"a long answer", sellerdesk.KindReview, offer(sellerdesk.ActionAnswer), desk.ActInput{Action: sellerdesk.ActionAnswer, Text: strings.Repeat("я", 51)},
			sellerdesk.CodeInvalid, "text", "The text has 51 characters; this channel takes up to 50."},
		{"a change to nothing", sellerdesk.KindReview, offer(sellerdesk.ActionEdit), desk.ActInput{Action: sellerdesk.ActionEdit},
			sellerdesk.CodeInvalid, "text", "Write something."},
		{"an answer where one stands", sellerdesk.KindReview, offer(sellerdesk.ActionEdit), desk.ActInput{Action: sellerdesk.ActionAnswer, Text: "Thanks"},
			sellerdesk.CodeUnsupported, "", "This cannot be done here."},
		{"a change that comes too late", sellerdesk.KindReview, []sellerdesk.Offer{{Action: sellerdesk.ActionEdit, Until: &ended}},
			desk.ActInput{Action: sellerdesk.ActionEdit, Text: "Thanks"},
			sellerdesk.CodeUnsupported, "", "This could be done until 28 February 2026 21:30 UTC."},
		{"a pin without a free place", sellerdesk.KindReview,
			[]sellerdesk.Offer{{Action: sellerdesk.ActionPin, Why: sellerdesk.Why{Text: "All places of this product are taken."}}},
			desk.ActInput{Action: sellerdesk.ActionPin},
			sellerdesk.CodeUnsupported, "", "All places of this product are taken."},
		{"no decision", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()}, desk.ActInput{Action: sellerdesk.ActionDecide},
			sellerdesk.CodeInvalid, "decision", "Say what is decided; one of: agree, refuse."},
		{"a decision that is not offered", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()}, desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "sue"},
			sellerdesk.CodeInvalid, "decision", `The decision "sue" is not offered here; choose one of: agree, refuse.`},
		{"a decision that needs words", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()}, desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "refuse"},
			sellerdesk.CodeInvalid, "comment", "This decision needs a comment of at least 10 characters."},
		{"too few words", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()}, desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "refuse", Comment: "No."},
			sellerdesk.CodeInvalid, "comment", "The comment has 3 characters; this decision takes no fewer than 10."},
		{"too many words", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()},
			desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "refuse", Comment: strings.Repeat("n", 21)},
			sellerdesk.CodeInvalid, "comment", "The comment has 21 characters; this decision takes up to 20."},
		{"words where none are taken", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()},
			desk.ActInput{Action: sellerdesk.ActionDecide, Decision: "agree", Comment: "Fine."},
			sellerdesk.CodeInvalid, "comment", "This decision takes no comment."},
		{"a line where nothing can be said", sellerdesk.KindClaim, []sellerdesk.Offer{decisions()}, desk.ActInput{Action: sellerdesk.ActionAnswer, Text: "Hello"},
			sellerdesk.CodeUnsupported, "", "This cannot be done here."},
		{"an action of nobody", sellerdesk.KindReview, offer(), desk.ActInput{Action: "juggle"},
			sellerdesk.CodeUnsupported, "action", `The action "juggle" cannot be done here.`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			id, account := h.post(t, tt.kind, tt.offers...)
			tt.in.User, tt.in.Conversation = h.owner(t), id
			_, err := h.Conversations.Act(t.Context(), tt.in)
			refused(t, err, tt.code, tt.field, tt.sentence)
			h.read(t, func(tx *store.Tx) error {
				n, err := tx.Outbox.Waiting(t.Context(), account.ID)
				if n != 0 {
					t.Errorf("%d items wait all the same", n)
				}
				return err
			})
		})
	}
}

func TestArchiveIsAShelfOfOurs(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, _ := h.post(t, sellerdesk.KindReview, offer(sellerdesk.ActionAnswer)...)
	act := func(action sellerdesk.ActionKind) sellerdesk.Conversation {
		t.Helper()
		c, err := h.Conversations.Act(t.Context(), desk.ActInput{User: h.owner(t), Conversation: id, Action: action})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for i, step := range []struct {
		action sellerdesk.ActionKind
		want   sellerdesk.ConversationStatus
	}{
		{sellerdesk.ActionArchive, sellerdesk.ConversationArchived},
		{sellerdesk.ActionArchive, sellerdesk.ConversationArchived},
		{sellerdesk.ActionUnarchive, sellerdesk.ConversationOpen},
		{sellerdesk.ActionClose, sellerdesk.ConversationClosed},
		{sellerdesk.ActionUnarchive, sellerdesk.ConversationClosed}, // was not archived
	} {
		if c := act(step.action); c.Status != step.want {
			t.Errorf("step %d, %s: %s, want %s", i, step.action, c.Status, step.want)
		}
	}
	if left := h.leaving(t); left != nil {
		t.Errorf("the remote side hears of it: %v", left)
	}
}

func TestRepairForgetsHowFarReadingIs(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, account := h.chat(t, "good")
	a, err := h.Accounts.Repair(t.Context(), account.ID)
	if err != nil || a.ID != account.ID {
		t.Fatalf("account %d, %v", a.ID, err)
	}
	h.read(t, func(tx *store.Tx) error {
		place, err := tx.Streams.Cursor(t.Context(), account.ID, "events")
		if err == nil && place != "" {
			err = fmt.Errorf("reading goes on from %q", place)
		}
		return err
	})
	_, err = h.Accounts.Repair(t.Context(), 999)
	if sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("an account that is not there: %v", err)
	}
}
