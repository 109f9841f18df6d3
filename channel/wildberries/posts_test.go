package wildberries_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// names lists the streams of a connector.
func names(c channel.Connector) []string {
	var out []string
	for _, s := range c.Streams() {
		out = append(out, s.Name)
	}
	return out
}

// drain reads a stream from the beginning.
func drain(t *testing.T, c channel.Connector, stream string, each func(sellerdesk.Batch)) {
	t.Helper()
	var from sellerdesk.Cursor
	for range 200 {
		b, err := c.Pull(t.Context(), stream, from)
		if err != nil {
			t.Fatalf("pull %s: %v", stream, err)
		}
		each(b)
		if from = b.Next; !b.More {
			return
		}
	}
	t.Fatalf("stream %s never ends", stream)
}

// patchOf reads a review as the live stream shows it.
func patchOf(t *testing.T, c channel.Connector, id sellerdesk.RemoteID) sellerdesk.ConversationPatch {
	t.Helper()
	var found sellerdesk.ConversationPatch
	drain(t, c, "reviews", func(b sellerdesk.Batch) {
		for _, p := range b.Conversations {
			if p.RemoteID == id && p.Offers != nil {
				found = p
			}
		}
	})
	if found.RemoteID == "" {
		t.Fatalf("review %s did not come", id)
	}
	return found
}

func offerOf(p sellerdesk.ConversationPatch, a sellerdesk.ActionKind) (sellerdesk.Offer, bool) {
	i := slices.IndexFunc(*p.Offers, func(o sellerdesk.Offer) bool { return o.Action == a })
	if i < 0 {
		return sellerdesk.Offer{}, false
	}
	return (*p.Offers)[i], true
}

func TestATokenReadsWhatItsCategoriesAllow(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	for _, c := range []struct {
		name       string
		categories []int
		want       []string
		refused    sellerdesk.Action
	}{
		{"chats alone", []int{emulator.CategoryChat}, []string{"events", "chats"},
			sellerdesk.Answer{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindQuestion, ID: "q"}, Text: "hello"}},
		{"questions and reviews alone", []int{emulator.CategoryFeedbacks},
			[]string{"questions", "reviews", "pins", "questions.history", "reviews.history", "reviews.archive"},
			sellerdesk.Reply{Conversation: refOf("1:chat", "1:chat:sign"), Text: "hello"}},
		{"claims alone", []int{emulator.CategoryReturns}, []string{"claims", "claims.archive"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := w.open(t, emulator.TokenOptions{Categories: c.categories})
			if got := names(conn); !slices.Equal(got, c.want) {
				t.Errorf("the streams are %v, want %v", got, c.want)
			}
			if _, err := conn.Check(t.Context()); err != nil {
				t.Errorf("Check: %v", err)
			}
			for _, stream := range c.want {
				if _, err := conn.Pull(t.Context(), stream, ""); err != nil {
					t.Errorf("pull %s: %v", stream, err)
				}
			}
			buckets := conn.(channel.Budgeter).Budget()
			if len(buckets) == 0 || len(buckets) > 4 {
				t.Errorf("the budget shows %d buckets", len(buckets))
			}
			if c.refused == nil {
				return
			}
			// Unauthorized would stop the reading of the account as well.
			_, err := conn.Send(t.Context(), c.refused)
			if class, code := classed(t, err); class != channel.Refused || code != sellerdesk.ReasonScope {
				t.Errorf("an action of another category is %s, %s: %v", class, code, err)
			}
		})
	}
}

func TestACabinetThatMayNotUseReviewsGoesOnChatting(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{ForbidFeedbacks: true})
	conn := w.open(t, emulator.TokenOptions{})
	for _, stream := range []string{"questions", "reviews", "questions.history"} {
		_, err := conn.Pull(t.Context(), stream, "")
		if class, code := classed(t, err); class != channel.Refused || code != sellerdesk.ReasonScope {
			t.Errorf("%s is %s, %s: %v", stream, class, code, err)
		}
	}
	if _, err := conn.Pull(t.Context(), "events", ""); err != nil {
		t.Errorf("chats: %v", err)
	}
}

func TestASupplementedReviewIsOneConversationWhoseNewestPartIsAnswered(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{AnswerModeration: -1})
	var pair sandbox.Post
	board := w.account().Board(sandbox.KindReview)
	for _, p := range board.List(sandbox.Query{}) {
		if p.Parent != (sandbox.ID{}) {
			pair = p
		}
	}
	if pair.Parent == (sandbox.ID{}) {
		t.Skip("the world has no supplement")
	}
	if _, err := board.Change(pair.ID, func(p *sandbox.Post) error { p.Answer = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	first, second := remoteID(pair.Parent), remoteID(pair.ID)
	conn := w.open(t, emulator.TokenOptions{})
	ref := sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: first}
	history := conn.(channel.Historian).History
	b, err := history(t.Context(), ref, "")
	if err != nil {
		t.Fatal(err)
	}
	var lines []sellerdesk.RemoteID
	for _, m := range b.Messages {
		if m.Conversation != first {
			t.Errorf("line %s stands in %s, want %s", m.RemoteID, m.Conversation, first)
		}
		lines = append(lines, m.RemoteID)
	}
	if !slices.Contains(lines, first) || !slices.Contains(lines, second) {
		t.Errorf("the lines are %v, want both parts", lines)
	}
	stands := 0
	for _, c := range b.Conversations {
		if c.RemoteID != first {
			t.Errorf("a part stands in %s", c.RemoteID)
		}
		if c.Offers == nil {
			continue
		}
		stands++
		ref.Remote = c.Remote
		if _, ok := offerOf(c, sellerdesk.ActionAnswer); !ok || c.Review == nil || !c.Review.Supplemented {
			t.Errorf("a supplement without an answer stands as %+v, offers %+v", c.Review, *c.Offers)
		}
	}
	if stands != 1 {
		t.Errorf("%d parts say how the conversation stands, want the newest alone", stands)
	}
	// With what is kept and without, the newest part is answered.
	for _, remote := range [][]byte{ref.Remote, nil, []byte(`{"of":"another","part":"x"}`)} {
		if _, err := board.Change(pair.ID, func(p *sandbox.Post) error { p.Answer = nil; return nil }); err != nil {
			t.Fatal(err)
		}
		ref.Remote = remote
		receipt, err := conn.Send(t.Context(), sellerdesk.Answer{Conversation: ref, Text: "Thank you"})
		if err != nil || receipt.RemoteID != "answer:"+second {
			t.Fatalf("with %q kept the answer is %q: %v", remote, receipt.RemoteID, err)
		}
		if p, _ := board.Post(pair.ID); p.Answer == nil || p.Answer.Text != "Thank you" {
			t.Errorf("with %q kept the supplement is not answered", remote)
		}
	}
}

func TestPinsShowInTheirReviewsAndEndWithTheirSlots(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{Pins: &emulator.PinPlan{Subscription: &emulator.PinLimit{PerUnit: 5, Total: 1}}})
	conn := w.open(t, emulator.TokenOptions{})
	stars := channeltest.Line{Kind: sellerdesk.KindReview, Text: "Good", Rating: 5}
	one, two := w.buyer(t, stars), w.buyer(t, stars)
	if _, ok := offerOf(patchOf(t, conn, one), sellerdesk.ActionPin); !ok {
		t.Fatal("no pin is offered though there is a slot")
	}
	slots := func() string {
		for _, b := range channel.Describe(conn).Budget() {
			if b.Bucket == string(sellerdesk.ActionPin) {
				return fmt.Sprintf("%d of %d", b.Remaining, b.Limit)
			}
		}
		return "not told"
	}
	if got := slots(); got != "1 of 1" {
		t.Errorf("before the first pin the slots left are %s", got)
	}
	if _, err := conn.Send(t.Context(), sellerdesk.Pin{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: one}}); err != nil {
		t.Fatalf("pin: %v", err)
	}
	if got := slots(); got != "0 of 1" {
		t.Errorf("after the first pin the slots left are %s", got)
	}
	shown := false
	drain(t, conn, "pins", func(b sellerdesk.Batch) {
		for _, p := range b.Conversations {
			shown = shown || p.RemoteID == one && p.Review != nil && p.Review.Pinned
		}
	})
	if !shown {
		t.Error("the stream of pins does not show the pinned review")
	}
	pin, ok := offerOf(patchOf(t, conn, two), sellerdesk.ActionPin)
	if !ok || pin.Why.Code != "no_slots" || !strings.Contains(string(pin.Why.Text), "0 of 1") {
		t.Errorf("without a slot the offer is %+v", pin)
	}
	_, err := conn.Send(t.Context(), sellerdesk.Pin{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: two}})
	if class, _ := classed(t, err); class != channel.Refused {
		t.Errorf("a pin without a slot is %s: %v", class, err)
	}
	if _, ok := offerOf(patchOf(t, conn, one), sellerdesk.ActionUnpin); !ok {
		t.Error("a pinned review cannot be taken down")
	}
}

func TestACabinetWithoutASubscriptionIsOfferedNoPins(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{Pins: &emulator.PinPlan{}})
	conn := w.open(t, emulator.TokenOptions{})
	id := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindReview, Text: "Good", Rating: 5})
	if o, ok := offerOf(patchOf(t, conn, id), sellerdesk.ActionPin); ok {
		t.Errorf("a pin is offered: %+v", o)
	}
	_, err := conn.Send(t.Context(), sellerdesk.Pin{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: id}})
	if class, _ := classed(t, err); class != channel.Refused || !strings.Contains(err.Error(), "subscription") {
		t.Errorf("a pin is %s: %v", class, err)
	}
}

func TestAnAnswerThatIsCheckedForLongIsLookedAtLessAndLess(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{AnswerModeration: 3 * time.Hour})
	conn := w.open(t, emulator.TokenOptions{})
	id := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindReview, Text: "Hm", Rating: 3})
	ref := sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: id}
	receipt, err := conn.Send(t.Context(), sellerdesk.Answer{Conversation: ref, Text: "Thank you"})
	if err != nil || receipt.Reread == nil {
		t.Fatalf("the receipt does not ask to look: %v", err)
	}
	ref.Remote = receipt.Remote
	pauses := []time.Duration{*receipt.Reread}
	for range 5 {
		b, err := conn.(channel.Historian).History(t.Context(), ref, "")
		if err != nil || len(b.Conversations) != 1 || b.Conversations[0].Reread == nil {
			t.Fatalf("reading back: %v", err)
		}
		ref.Remote = b.Conversations[0].Remote
		pauses = append(pauses, *b.Conversations[0].Reread)
		if m := b.Messages[len(b.Messages)-1]; m.Status != sellerdesk.MessageSent || m.Why.Code != sellerdesk.ReasonModeration {
			t.Errorf("an answer that is checked is %s, %s", m.Status, m.Why.Code)
		}
	}
	want := []time.Duration{2 * time.Second, 10 * time.Second, time.Minute, 10 * time.Minute, time.Hour, time.Hour}
	if !slices.Equal(pauses, want) {
		t.Errorf("it is looked at after %v, want %v", pauses, want)
	}
}

func TestAClaimThatIsDecidedElsewhereIsAskedFor(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	conn := w.open(t, emulator.TokenOptions{})
	var decidable sandbox.Post
	for _, p := range w.account().Board(sandbox.KindClaim).List(sandbox.Query{}) {
		if p.Answer == nil {
			decidable = p
		}
	}
	from := sellerdesk.Cursor("")
	for more := true; more; {
		b, err := conn.Pull(t.Context(), "claims", from)
		if err != nil {
			t.Fatal(err)
		}
		from, more = b.Next, b.More
	}
	id := sellerdesk.RemoteID(decidable.ID.String())
	if _, err := w.account().Board(sandbox.KindClaim).Change(decidable.ID, func(p *sandbox.Post) error {
		p.Answer = &sandbox.Reply{Verdict: "autorefund1", At: w.Clock().Now()}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	b, err := conn.Pull(t.Context(), "claims", from)
	if err != nil || len(b.Conversations) != 1 || b.Conversations[0].RemoteID != id || b.Conversations[0].Reread == nil {
		t.Fatalf("a decided claim is not asked for: %+v, %v", b.Conversations, err)
	}
	b, err = conn.(channel.Historian).History(t.Context(), sellerdesk.RemoteRef{Kind: sellerdesk.KindClaim, ID: id}, "")
	if err != nil || len(b.Conversations) != 1 || !b.Conversations[0].Claim.Decided || len(*b.Conversations[0].Offers) != 0 {
		t.Errorf("reading it back brings %+v, %v", b.Conversations, err)
	}
}

func TestABasicTokenIsNeverHeldUpByItsBudget(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	conn := w.open(t, emulator.TokenOptions{Kind: emulator.Basic})
	if slices.Contains(names(conn), "pins") {
		t.Error("five requests an hour are spent on pins")
	}
	if _, err := conn.Pull(t.Context(), "questions", ""); err != nil {
		t.Fatalf("the first pull: %v", err)
	}
	started := time.Now()
	for _, stream := range []string{"reviews", "questions.history"} {
		_, err := conn.Pull(context.Background(), stream, "")
		class, e := channel.ClassOf(err)
		if class != channel.Throttled || e.RetryAfter < time.Minute || e.RetryAfter > time.Hour {
			t.Errorf("pull %s is %s, again in %v: %v", stream, class, e, err)
		}
	}
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("it took %s to hear that it is not yet time", took)
	}
}

func TestRefusalsOfQuestionsAndReviewsAreSaidInWords(t *testing.T) {
	t.Parallel()
	question := sellerdesk.RemoteRef{Kind: sellerdesk.KindQuestion, ID: "q"}
	review := sellerdesk.RemoteRef{Kind: sellerdesk.KindReview, ID: "r", Remote: []byte(`{"of":"r","part":"r"}`)}
	claim := sellerdesk.RemoteRef{Kind: sellerdesk.KindClaim, ID: "c"}
	for _, c := range []struct {
		name   string
		status int
		body   string
		action sellerdesk.Action
		class  channel.Class
		says   string
	}{
		{"a second edit", 422, `{"data":null,"error":true,"errorText":"Не удалось отредактировать вопрос"}`,
			sellerdesk.Edit{Conversation: question, Text: "hello"}, channel.Refused, "once, within 60 days"},
		{"a question that is gone", 404, `{"data":null,"error":true,"errorText":"Не найден отзыв"}`,
			sellerdesk.Answer{Conversation: question, Text: "hello"}, channel.Gone, "no longer"},
		{"an error inside a good answer", 200, `{"data":null,"error":true,"errorText":"Something went wrong"}`,
			sellerdesk.View{Conversation: question}, channel.Refused, "Something went wrong"},
		{"a return that is not possible", 422, `{"data":null,"error":true,"errorText":"Запрос на возврат покупок недоступен"}`,
			sellerdesk.OrderReturn{Conversation: review}, channel.Refused, "any more"},
		{"a decision that is not allowed", 400, `{"title":"Validation error","detail":"Input model is not valid; Details: The Action field is required."}`,
			sellerdesk.Decide{Conversation: claim, Decision: "approve1"}, channel.Refused, "Action field"},
		{"a broken server", 502, `<html>`, sellerdesk.Answer{Conversation: review, Text: "hello"}, channel.Unknown, "did not confirm"},
		{"a reply to a review", 200, `{}`, sellerdesk.Reply{Conversation: review, Text: "hello"}, channel.Refused, "does not know"},
		{"a rejection of a review", 200, `{}`, sellerdesk.Reject{Conversation: review, Text: "hello"}, channel.Refused, "does not know"},
		{"a pin on a question", 200, `{}`, sellerdesk.Pin{Conversation: question}, channel.Refused, "does not know"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := openAs(t, `{"acc":3,"for":"self","oid":77,"s":2688,"exp":4102444800}`, func(rw http.ResponseWriter, r *http.Request) {
				answer(c.status, c.body)(rw, r)
			})
			_, err := conn.Send(t.Context(), c.action)
			if class, e := channel.ClassOf(err); class != c.class || !strings.Contains(string(e.Why.Text), c.says) {
				t.Errorf("it is %s: %v, want %s with %q", class, err, c.class, c.says)
			}
		})
	}
}
