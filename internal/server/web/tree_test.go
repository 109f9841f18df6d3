package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

func TestWhichAnswersMayBeChanged(t *testing.T) {
	t.Parallel()
	ours := func(id sellerdesk.MessageID, remote sellerdesk.RemoteID, status sellerdesk.MessageStatus) sellerdesk.Message {
		return sellerdesk.Message{ID: id, RemoteID: remote, Author: sellerdesk.AuthorAgent, Text: "x", Status: status}
	}
	banned := ours(1, "a", sellerdesk.MessageRefused)
	banned.ReasonCode = sellerdesk.ReasonModeration
	changing := ours(1, "a", sellerdesk.MessageSent)
	changing.ReasonCode = sellerdesk.ReasonEditing
	theirs := ours(1, "a", sellerdesk.MessageReceived)
	theirs.Author = sellerdesk.AuthorBuyer
	for name, c := range map[string]struct {
		list []sellerdesk.Message
		want []sellerdesk.MessageID
	}{
		"each that the remote side has a name for":   {[]sellerdesk.Message{ours(1, "a", sellerdesk.MessageSent), ours(2, "b", sellerdesk.MessageDelivered)}, []sellerdesk.MessageID{1, 2}},
		"the newest where none has a name":           {[]sellerdesk.Message{ours(1, "", sellerdesk.MessageSent), ours(2, "", sellerdesk.MessageSent)}, []sellerdesk.MessageID{2}},
		"one that moderation banned":                 {[]sellerdesk.Message{banned}, []sellerdesk.MessageID{1}},
		"none that has not arrived":                  {[]sellerdesk.Message{ours(1, "", sellerdesk.MessageQueued)}, nil},
		"none that is being changed":                 {[]sellerdesk.Message{changing}, nil},
		"none of somebody else":                      {[]sellerdesk.Message{theirs}, nil},
		"none that the remote side refused outright": {[]sellerdesk.Message{ours(1, "a", sellerdesk.MessageRefused)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			thread := threadView{Messages: c.list, Conversation: sellerdesk.Conversation{Can: []sellerdesk.Ability{{Action: sellerdesk.ActionEdit}}}}
			var got []sellerdesk.MessageID
			for _, m := range c.list {
				if _, ok := thread.editable(m); ok {
					got = append(got, m.ID)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAChatSaysWhoseMoveItIs(t *testing.T) {
	t.Parallel()
	v := &View{Texts: texts.Russian()}
	for name, c := range map[string]struct {
		in   *sellerdesk.Chat
		want string
	}{
		"the seller's":                        {&sellerdesk.Chat{State: sellerdesk.ChatWaitsForSeller}, "Ход за вами"},
		"the arbiter's":                       {&sellerdesk.Chat{State: sellerdesk.ChatWaitsForArbiter}, "Решает арбитр"},
		"nobody's any more":                   {&sellerdesk.Chat{State: sellerdesk.ChatFinished}, "Завершён"},
		"a state that nobody knew":            {&sellerdesk.Chat{State: "WAITING_FOR_ROBOT\u202e"}, "WAITING_FOR_ROBOT"},
		"a channel that tells only the order": {&sellerdesk.Chat{}, ""},
		"a channel that tells nothing":        {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := chatState(v, sellerdesk.Conversation{Kind: sellerdesk.KindChat, RemoteID: ptr(sellerdesk.RemoteID("7")), Chat: c.in}); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhyPushesAreNotReadFitsReading(t *testing.T) {
	t.Parallel()
	v := &View{Texts: texts.English()}
	for name, c := range map[string]struct {
		in   sellerdesk.PushHealth
		want string
	}{
		"a limit holds up reading, not sending": {sellerdesk.PushHealth{ReasonCode: sellerdesk.ReasonThrottled, Reason: "x"}, v.PushThrottled},
		"a known reason is said in our words":   {sellerdesk.PushHealth{ReasonCode: sellerdesk.ReasonCredentials, Reason: "x"}, v.Reasons[sellerdesk.ReasonCredentials]},
		"another stands in theirs":              {sellerdesk.PushHealth{Reason: "A push of another cabinet."}, "A push of another cabinet."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := pushWhy(v, c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
