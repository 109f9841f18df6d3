package sellerdesk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

// brief writes abilities as "action" or "action: reason code".
func brief(can []sellerdesk.Ability) []string {
	out := []string{}
	for _, a := range can {
		switch a.Action {
		case sellerdesk.ActionAssign, sellerdesk.ActionPriority, sellerdesk.ActionTag, sellerdesk.ActionField:
			continue // always
		}
		s := string(a.Action)
		if a.Reason != "" {
			s += ": " + string(a.ReasonCode)
		}
		out = append(out, s)
	}
	return out
}

func TestButtonsAreOfferedWhereTheConversationHasThem(t *testing.T) {
	t.Parallel()
	table := []sellerdesk.Ability{{Action: sellerdesk.ActionReply, Interactive: &sellerdesk.InteractiveLimits{Buttons: 3}}}
	for name, c := range map[string]struct {
		offer sellerdesk.Offer
		want  bool
	}{
		"with buttons": {sellerdesk.Offer{Action: sellerdesk.ActionReply}, true},
		"plain":        {sellerdesk.Offer{Action: sellerdesk.ActionReply, Plain: true}, false},
	} {
		can := sellerdesk.Abilities(table, sellerdesk.Facts{Offers: []sellerdesk.Offer{c.offer}})
		if got := can[0].Interactive != nil; got != c.want {
			t.Errorf("%s: buttons are offered: %v", name, got)
		}
	}
	if table[0].Interactive == nil {
		t.Error("the table of the channel was changed")
	}
}

func TestAbilitiesFollowTheFacts(t *testing.T) {
	t.Parallel()
	chat := []sellerdesk.Ability{{Action: sellerdesk.ActionReply}}
	review := []sellerdesk.Ability{{Action: sellerdesk.ActionAnswer}, {Action: sellerdesk.ActionEdit}, {Action: sellerdesk.ActionPin}}
	noSlots := sellerdesk.Why{Code: "no_slots", Text: "All three places are taken."}
	for _, c := range []struct {
		name  string
		table []sellerdesk.Ability
		facts sellerdesk.Facts
		want  []string
	}{
		{
			"an open chat whose buyer waits can be answered, dismissed and closed", chat,
			sellerdesk.Facts{AccountState: sellerdesk.AccountOK, Status: sellerdesk.ConversationOpen, NeedsAnswer: true, Unread: true},
			[]string{"reply", "read", "no_answer_needed", "close", "archive", "snooze"},
		},
		{
			"a paused account takes what is written and keeps it", chat,
			sellerdesk.Facts{AccountState: sellerdesk.AccountPaused, Status: sellerdesk.ConversationOpen},
			[]string{"reply", "close", "archive", "snooze"},
		},
		{
			"refused credentials say so with their own reason", chat,
			sellerdesk.Facts{AccountState: sellerdesk.AccountExpired, AccountReason: sellerdesk.Why{Code: sellerdesk.ReasonExpired, Text: "It ended."}, Status: sellerdesk.ConversationOpen},
			[]string{"reply: token_expired", "close", "archive", "snooze"},
		},
		{
			"refused credentials without a reason say so in general", chat,
			sellerdesk.Facts{AccountState: sellerdesk.AccountExpired, Status: sellerdesk.ConversationOpen},
			[]string{"reply: credentials", "close", "archive", "snooze"},
		},
		{
			"a token that may only read keeps everything of ours possible", chat,
			sellerdesk.Facts{AccountState: sellerdesk.AccountOK, ReadOnly: true, Status: sellerdesk.ConversationClosed},
			[]string{"reply: token_read_only", "reopen", "archive"},
		},
		{
			"a conversation that is shut says why", chat,
			sellerdesk.Facts{Status: sellerdesk.ConversationOpen, Shut: sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "Gone."}},
			[]string{"reply: gone", "close", "archive", "snooze"},
		},
		{
			"one that is put off can be woken, closed, archived and put off anew", chat,
			sellerdesk.Facts{Status: sellerdesk.ConversationSnoozed},
			[]string{"reply", "reopen", "close", "archive", "snooze"},
		},
		{
			"an archived conversation comes back by one action", chat,
			sellerdesk.Facts{Status: sellerdesk.ConversationArchived},
			[]string{"reply", "unarchive"},
		},
		{
			"what the remote side does not offer is not there", review,
			sellerdesk.Facts{Status: sellerdesk.ConversationOpen, Offers: []sellerdesk.Offer{{Action: sellerdesk.ActionAnswer}}},
			[]string{"answer", "close", "archive", "snooze"},
		},
		{
			"what it offers with a reason is there and says why not", review,
			sellerdesk.Facts{Status: sellerdesk.ConversationOpen, Offers: []sellerdesk.Offer{{Action: sellerdesk.ActionPin, Why: noSlots}}},
			[]string{"pin: no_slots", "close", "archive", "snooze"},
		},
		{
			"it offers nothing at all", review,
			sellerdesk.Facts{Status: sellerdesk.ConversationOpen, Offers: []sellerdesk.Offer{}},
			[]string{"close", "archive", "snooze"},
		},
		{
			"an offer of something that the channel cannot do is nothing", chat,
			sellerdesk.Facts{Status: sellerdesk.ConversationOpen, Offers: []sellerdesk.Offer{{Action: sellerdesk.ActionDecide}}},
			[]string{"close", "archive", "snooze"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, brief(sellerdesk.Abilities(c.table, c.facts))); diff != "" {
				t.Errorf("abilities (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAbilitiesLeaveTheTableAlone(t *testing.T) {
	t.Parallel()
	table := []sellerdesk.Ability{{Action: sellerdesk.ActionReply}}
	_ = sellerdesk.Abilities(table, sellerdesk.Facts{ReadOnly: true})
	if table[0].Reason != "" {
		t.Errorf("the table of the channel was changed: %q", table[0].Reason)
	}
}

func TestAMessageOffersWhatItsStateAllows(t *testing.T) {
	t.Parallel()
	for status, want := range map[sellerdesk.MessageStatus][]string{
		sellerdesk.MessageReceived:  {},
		sellerdesk.MessageQueued:    {"withdraw"},
		sellerdesk.MessageSending:   {},
		sellerdesk.MessageSent:      {},
		sellerdesk.MessageDelivered: {},
		sellerdesk.MessageUnknown:   {"check", "resend", "withdraw"},
		sellerdesk.MessageRefused:   {"resend", "withdraw"},
		sellerdesk.MessageWithdrawn: {},
	} {
		if diff := cmp.Diff(want, brief(sellerdesk.MessageAbilities(status))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", status, diff)
		}
	}
}

func TestFindTellsWhatIsListed(t *testing.T) {
	t.Parallel()
	can := []sellerdesk.Ability{{Action: sellerdesk.ActionReply, Reason: "no"}}
	if a, ok := sellerdesk.Find(can, sellerdesk.ActionReply); !ok || a.Reason != "no" {
		t.Errorf("Find(reply) = %+v, %v", a, ok)
	}
	if _, ok := sellerdesk.Find(can, sellerdesk.ActionClose); ok {
		t.Error("Find found what is not listed")
	}
}

func TestStartingIsNeverOfferedInAConversation(t *testing.T) {
	t.Parallel()
	table := []sellerdesk.Ability{{Action: sellerdesk.ActionOpen}, {Action: sellerdesk.ActionReply}}
	can := sellerdesk.Abilities(table, sellerdesk.Facts{Status: sellerdesk.ConversationOpen})
	if _, ok := sellerdesk.Find(can, sellerdesk.ActionOpen); ok {
		t.Error("a conversation offers to be started")
	}
	if _, ok := sellerdesk.Find(can, sellerdesk.ActionReply); !ok {
		t.Error("what stands behind it is lost")
	}
}

func TestWhoOnlyWatchesMayHandleNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen, sellerdesk.ConversationSnoozed, sellerdesk.ConversationClosed, sellerdesk.ConversationArchived} {
		all := sellerdesk.Abilities(nil, sellerdesk.Facts{Status: status, Unread: true})
		for _, action := range []sellerdesk.ActionKind{sellerdesk.ActionAssign, sellerdesk.ActionPriority, sellerdesk.ActionTag, sellerdesk.ActionField} {
			if _, ok := sellerdesk.Find(all, action); !ok {
				t.Errorf("%s: %s is not there for those who work", status, action)
			}
		}
		if diff := cmp.Diff([]sellerdesk.Ability{{Action: sellerdesk.ActionMarkRead}}, sellerdesk.Watching(all)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", status, diff)
		}
	}
}
