package pull

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

func TestALargeBatchIsWrittenInPiecesThatKeepAConversationTogether(t *testing.T) {
	t.Parallel()
	b := sellerdesk.Batch{Next: "there", Done: 5, Total: 9, Skipped: []sellerdesk.Skipped{{What: "a line"}}}
	for n := range 5 {
		id := sellerdesk.RemoteID(fmt.Sprint(n))
		b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindReview, RemoteID: id})
		b.Messages = append(b.Messages, sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: id, Text: "first"})
	}
	b.Messages = append(b.Messages, sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: "0", Text: "second"},
		sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: "0", Text: "another kind"})
	var got []string
	for p := range pieces(b, 2, false) {
		said := fmt.Sprintf("%q more %v of %d:", p.Next, p.More, p.Total)
		for _, c := range p.Conversations {
			said += " " + string(c.RemoteID)
		}
		for _, m := range p.Messages {
			said += fmt.Sprintf(" %s/%s %s", m.Kind, m.Conversation, m.Text)
		}
		got = append(got, fmt.Sprint(said, " skipped ", len(p.Skipped)))
	}
	want := []string{
		`"" more true of 0: 0 1 review/0 first review/1 first review/0 second skipped 0`,
		`"" more true of 0: 2 3 review/2 first review/3 first skipped 0`,
		`"there" more false of 9: 4 review/4 first chat/0 another kind skipped 1`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestABatchOfNothingIsOnePieceThatMovesThePlace(t *testing.T) {
	t.Parallel()
	var got []sellerdesk.Batch
	for p := range pieces(sellerdesk.Batch{Next: "there", More: true}, 2, true) {
		got = append(got, p)
	}
	if d := cmp.Diff([]sellerdesk.Batch{{Next: "there", More: true}}, got); d != "" {
		t.Error(d)
	}
}
