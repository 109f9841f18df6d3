package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// review is what a remote side tells about review r1 of product 5.
func review(stars int, text string, answer ...sellerdesk.MessagePatch) sellerdesk.Batch {
	created := minute(0)
	b := sellerdesk.Batch{
		Conversations: []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindReview, RemoteID: "r1", CreatedAt: &created, Rating: &stars,
			Product: &sellerdesk.Product{ID: "5", Name: "Кроссовки"}, Review: &sellerdesk.Review{Tags: []string{"удобные"}, Size: "ok"}}},
		Messages: []sellerdesk.MessagePatch{{Kind: sellerdesk.KindReview, Conversation: "r1", RemoteID: "r1", Author: sellerdesk.AuthorBuyer,
			Text: text, At: minute(0), Rating: &stars}},
	}
	b.Messages = append(b.Messages, answer...)
	return b
}

// answer is the seller's line of review r1.
func answer(text string, status sellerdesk.MessageStatus) sellerdesk.MessagePatch {
	m := sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: "r1", RemoteID: "answer:r1", Author: sellerdesk.AuthorElsewhere,
		Text: text, At: sellerdesk.At(minute(0).Add(time.Millisecond)), Status: status}
	if status == sellerdesk.MessageRefused {
		m.Why = sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "Answer in other words."}
	}
	return m
}

// take applies a batch twice and wants the second time to change nothing.
func take(t testing.TB, s *store.Store, a sellerdesk.AccountID, b sellerdesk.Batch) store.Applied {
	t.Helper()
	in := store.ApplyInput{Account: a, Stream: "reviews", Batch: b}
	first := apply(t, s, in)
	before := only(t, s, a)
	if second := apply(t, s, in); second != (store.Applied{}) {
		t.Errorf("the second time: %+v", second)
	}
	if diff := cmp.Diff(before, only(t, s, a)); diff != "" {
		t.Errorf("the second time changed the conversation:\n%s", diff)
	}
	return first
}

// act queues an action on the only conversation of an account.
func act(t testing.TB, s *store.Store, a sellerdesk.AccountID, key string, action sellerdesk.Action, text string) (m sellerdesk.Message) {
	t.Helper()
	c, user := only(t, s, a), sellerdesk.UserID(1)
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: c.ID, User: &user, Key: fmt.Sprint(a, key), Action: action, Text: text})
		return err
	})
	return m
}

// says tells what a conversation says, oldest first, and how it stands.
func says(t testing.TB, s *store.Store, a sellerdesk.AccountID) (out []string) {
	t.Helper()
	for _, m := range lines(t, s, only(t, s, a).ID) {
		line := fmt.Sprintf("%s %s: %s", m.Author, m.Status, m.Text)
		for _, v := range m.Versions {
			line += " < " + v.Text
		}
		out = append(out, line)
	}
	return out
}

func want(t testing.TB, s *store.Store, a sellerdesk.AccountID, needs bool, says_ ...string) {
	t.Helper()
	if diff := cmp.Diff(says_, says(t, s, a)); diff != "" {
		t.Errorf("the conversation says (-want +got):\n%s", diff)
	}
	if c := only(t, s, a); c.NeedsAnswer != needs || (c.WaitingSince != nil) != needs {
		t.Errorf("needs an answer: %v since %v, want %v", c.NeedsAnswer, c.WaitingSince, needs)
	}
}

// eachReview runs a test on a fresh account at minute 100.
func eachReview(t *testing.T, test func(t *testing.T, s *store.Store, a sellerdesk.AccountID)) {
	t.Helper()
	storetest.EachWith(t, store.Options{Clock: at(minute(100))}, func(t *testing.T, s *store.Store) {
		test(t, s, storetest.Account(t, s, "shop"))
	})
}

func TestChangedStarsReopenAReviewWithBothVersionsKept(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		take(t, s, a, review(5, "Супер", answer("Спасибо", sellerdesk.MessageDelivered)))
		want(t, s, a, false, "buyer received: Супер", "elsewhere delivered: Спасибо")
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Conversations.SetStatus(ctx, only(t, s, a).ID, sellerdesk.ConversationArchived)
		})
		take(t, s, a, review(1, "Порвались", answer("Спасибо", sellerdesk.MessageDelivered)))
		want(t, s, a, true, "buyer received: Порвались < Супер", "elsewhere delivered: Спасибо")
		c := only(t, s, a)
		if *c.Rating != 1 || *c.WaitingSince != minute(100) || c.Status != sellerdesk.ConversationOpen {
			t.Errorf("rating %d, waits since %v, %s", *c.Rating, c.WaitingSince, c.Status)
		}
		v := lines(t, s, c.ID)[0].Versions[0]
		if *v.Rating != 5 || v.At != minute(0) {
			t.Errorf("the version before: %+v", v)
		}
		// The answer to the new words is given elsewhere.
		take(t, s, a, review(1, "Порвались", answer("Пришлём новые", sellerdesk.MessageDelivered)))
		want(t, s, a, false, "buyer received: Порвались < Супер", "elsewhere delivered: Пришлём новые < Спасибо")
	})
}

func TestAChangeThatCameWithItsAnswerWaitsForNothing(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		take(t, s, a, review(5, "Супер"))
		take(t, s, a, review(1, "Порвались", answer("Пришлём новые", sellerdesk.MessageSent)))
		want(t, s, a, false, "buyer received: Порвались < Супер", "elsewhere sent: Пришлём новые")
	})
}

func TestAnAnswerIsFollowedThroughModeration(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		take(t, s, a, review(2, "Так себе"))
		want(t, s, a, true, "buyer received: Так себе")
		act(t, s, a, "1", sellerdesk.Answer{Text: "Ну и ладно"}, "Ну и ладно")
		want(t, s, a, false, "buyer received: Так себе", "agent queued: Ну и ладно")
		settle(t, s, lease(t, s, a, minute(100))[0].ID, store.Settlement{State: sellerdesk.OutboxSent})
		if got := take(t, s, a, review(2, "Так себе", answer(" Ну и  ладно", sellerdesk.MessageSent))); got.Settled != 1 {
			t.Errorf("the answer was not recognized: %+v", got)
		}
		want(t, s, a, false, "buyer received: Так себе", "agent sent: Ну и ладно")
		take(t, s, a, review(2, "Так себе", answer("Ну и ладно", sellerdesk.MessageRefused)))
		want(t, s, a, true, "buyer received: Так себе", "agent refused: Ну и ладно")
		if m := lines(t, s, only(t, s, a).ID)[1]; m.ReasonCode != sellerdesk.ReasonModeration || len(m.Can) != 0 {
			t.Errorf("reason %q, can %v", m.ReasonCode, m.Can)
		}
		// An older look takes nothing back.
		take(t, s, a, review(2, "Так себе", answer("Ну и ладно", sellerdesk.MessageSent)))
		want(t, s, a, true, "buyer received: Так себе", "agent refused: Ну и ладно")
		// Another answer takes the place of the refused one.
		act(t, s, a, "2", sellerdesk.Answer{Text: "Простите нас"}, "Простите нас")
		settle(t, s, lease(t, s, a, minute(100))[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown})
		take(t, s, a, review(2, "Так себе", answer("Простите нас", sellerdesk.MessageDelivered)))
		want(t, s, a, false, "buyer received: Так себе", "agent refused: Ну и ладно", "agent delivered: Простите нас")
	})
}

func TestAnAnswerGivenElsewhereEndsOurs(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		take(t, s, a, review(2, "Так себе"))
		m := act(t, s, a, "1", sellerdesk.Answer{Text: "Наш ответ"}, "Наш ответ")
		settle(t, s, lease(t, s, a, minute(100))[0].ID, store.Settlement{State: sellerdesk.OutboxUnknown})
		take(t, s, a, review(2, "Так себе", answer("Чужой ответ", sellerdesk.MessageDelivered)))
		want(t, s, a, false, "buyer received: Так себе", "elsewhere delivered: Чужой ответ", "agent refused: Наш ответ")
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.Messages.Get(ctx, m.ID)
			if got.ReasonCode != sellerdesk.ReasonElsewhere {
				t.Errorf("reason %q", got.ReasonCode)
			}
			return err
		})
	})
}

func TestAnEditShowsWhenTheRemoteSideTookIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		to    sellerdesk.OutboxState
		after string
		code  sellerdesk.ReasonCode
		seen  string // by the next look, "" for none
		last  string
	}{
		{"taken", sellerdesk.OutboxSent, "agent sent: Новый < Старый", "", "", ""},
		{"taken, and an older look comes after it", sellerdesk.OutboxSent, "agent sent: Новый < Старый", "", "Старый", "agent sent: Новый < Старый"},
		{"refused", sellerdesk.OutboxRefused, "elsewhere delivered: Старый", sellerdesk.ReasonRefused, "", ""},
		{"unknown, and seen later", sellerdesk.OutboxUnknown, "elsewhere delivered: Старый", sellerdesk.ReasonOutcomeUnknown, "Новый", "agent delivered: Новый < Старый"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
				take(t, s, a, review(5, "Супер", answer("Старый", sellerdesk.MessageDelivered)))
				m := act(t, s, a, "1", sellerdesk.Edit{Text: "Новый"}, "Новый")
				if m.ReasonCode != sellerdesk.ReasonEditing || m.Text != "Старый" {
					t.Errorf("on its way: %+v", m)
				}
				why := sellerdesk.Why{Code: c.code}
				settle(t, s, lease(t, s, a, minute(100))[0].ID, store.Settlement{State: c.to, Why: why})
				want(t, s, a, false, "buyer received: Супер", c.after)
				if got := lines(t, s, only(t, s, a).ID)[1]; got.ReasonCode != c.code {
					t.Errorf("reason %q, want %q", got.ReasonCode, c.code)
				}
				if c.seen != "" {
					b := review(5, "Супер", answer(c.seen, sellerdesk.MessageDelivered))
					take(t, s, a, b)
					want(t, s, a, false, "buyer received: Супер", c.last)
				}
			})
		})
	}
}

func TestAnActionWithoutALine(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		in := batch(a, sellerdesk.MessagePatch{Kind: sellerdesk.KindClaim, Conversation: "k1", RemoteID: "m", Author: sellerdesk.AuthorBuyer, Text: "Брак", At: minute(0)})
		apply(t, s, in)
		if m := act(t, s, a, "view", sellerdesk.View{}, ""); m.ID != 0 {
			t.Errorf("looking has a line: %+v", m)
		}
		want(t, s, a, true, "buyer received: Брак")
		act(t, s, a, "1", sellerdesk.Decide{Decision: "approve"}, "")
		act(t, s, a, "1", sellerdesk.Decide{Decision: "approve"}, "")
		want(t, s, a, false, "buyer received: Брак")
		for range 2 {
			items := lease(t, s, a, minute(100))
			if len(items) != 1 {
				t.Fatalf("%d items, want one after the other", len(items))
			}
			settle(t, s, items[0].ID, store.Settlement{State: sellerdesk.OutboxRefused, Why: sellerdesk.Why{Code: sellerdesk.ReasonRefused}})
		}
		want(t, s, a, true, "buyer received: Брак")
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			items, err := tx.Outbox.Latest(ctx, only(t, s, a).ID, 10)
			if len(items) != 2 || items[0].Action != sellerdesk.ActionDecide || items[0].State != sellerdesk.OutboxRefused || items[0].Why.Code != sellerdesk.ReasonRefused {
				t.Errorf("the newest actions: %+v", items)
			}
			return err
		})
	})
}

func TestWhatTheRemoteSideTreatsAsSettledWaitsForNothing(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		yes, no := true, false
		b := review(5, "")
		b.Conversations[0].Settled = &yes
		take(t, s, a, b)
		want(t, s, a, false, "buyer received: ")
		b = review(1, "Порвались")
		b.Conversations[0].Settled = &yes
		take(t, s, a, b)
		want(t, s, a, true, "buyer received: Порвались < ")
		b.Conversations[0].Settled = &no
		b.Messages = nil
		take(t, s, a, b)
		want(t, s, a, true, "buyer received: Порвались < ")
	})
}

func TestFilesThatComeLaterAreTaken(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		photo := func(n int) sellerdesk.RemoteFile {
			return sellerdesk.RemoteFile{ID: sellerdesk.RemoteID(fmt.Sprint("photo", n)), Type: "image/jpeg"}
		}
		b := review(5, "Супер")
		take(t, s, a, b)
		b.Messages[0].Files = []sellerdesk.RemoteFile{photo(1)}
		take(t, s, a, b)
		b.Messages[0].Files = []sellerdesk.RemoteFile{photo(2)} // the first was removed there
		take(t, s, a, b)
		c, yes := only(t, s, a), true
		if m := lines(t, s, c.ID)[0]; len(m.Files) != 2 || m.EditedAt != nil || c.LastMessage.Files != 2 {
			t.Errorf("%d files, edited %v, the list shows %d", len(m.Files), m.EditedAt, c.LastMessage.Files)
		}
		if got := walk(t, s, store.ConversationQuery{User: 1, HasPhoto: &yes}); len(got) != 1 {
			t.Errorf("%d conversations with a photo", len(got))
		}
	})
}

func TestOffersDecideWhatCanBeDone(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		until := minute(500)
		b := review(5, "Супер")
		b.Conversations[0].Offers = &[]sellerdesk.Offer{{Action: sellerdesk.ActionEdit, Until: &until}}
		take(t, s, a, b)
		c := only(t, s, a)
		edit, ok := sellerdesk.Find(c.Can, sellerdesk.ActionEdit)
		if _, answer := sellerdesk.Find(c.Can, sellerdesk.ActionAnswer); answer || !ok || *edit.Until != until {
			t.Errorf("can %+v", c.Can)
		}
		if c.Review == nil || c.Review.Size != "ok" || c.Question != nil || c.Claim != nil {
			t.Errorf("review %+v", c.Review)
		}
	})
}

func TestALookAgainComesWhenItIsDue(t *testing.T) {
	t.Parallel()
	now := minute(100)
	clock := sellerdesk.Clock{NowFunc: func() time.Time { return now.Time }}
	s := storetest.Open(t, store.Options{Clock: clock})
	a := storetest.Account(t, s, "shop")
	due := func() (out []store.Reread) {
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			out, err = tx.Rereads.Due(ctx, a, now, 10)
			return err
		})
		return out
	}
	after := 10 * time.Minute
	b := review(5, "Супер")
	b.Conversations[0].Reread = &after
	take(t, s, a, b)
	now = minute(105)
	take(t, s, a, b) // does not put it off
	if got := due(); len(got) != 0 {
		t.Errorf("due too early: %+v", got)
	}
	now = minute(110)
	got := due()
	if len(got) != 1 || got[0].Ref.ID != "r1" || got[0].Ref.Kind != sellerdesk.KindReview {
		t.Fatalf("due: %+v", got)
	}
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Rereads.Later(ctx, got[0].Conversation, minute(112))
	})
	now = minute(112)
	if got = due(); len(got) != 1 || got[0].Attempt != 1 {
		t.Fatalf("put off: %+v", got)
	}
	take(t, s, a, b) // asks again
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Rereads.Done(ctx, got[0].Conversation)
	})
	read(t, s, func(ctx context.Context, tx *store.Tx) error {
		next, err := tx.Rereads.Next(ctx, a)
		if next == nil || *next != minute(122) {
			t.Errorf("next %v", next)
		}
		return err
	})
	// A change that is told together with it keeps both.
	other := 30 * time.Minute
	b = review(4, "Уже не супер")
	b.Conversations[0].Reread = &other
	now = minute(130)
	take(t, s, a, b)
	read(t, s, func(ctx context.Context, tx *store.Tx) error {
		next, err := tx.Rereads.Next(ctx, a)
		if next == nil || *next != minute(160) {
			t.Errorf("next after a change %v", next)
		}
		return err
	})
	never := time.Duration(0)
	b.Conversations[0].Reread = &never
	take(t, s, a, b)
	if now = minute(500); len(due()) != 0 {
		t.Error("still due")
	}
}

func TestAProductIsSummedUp(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		var b sellerdesk.Batch
		for n, stars := range []int{5, 4, 1, 3} {
			id, created := sellerdesk.RemoteID(fmt.Sprint("r", n)), sellerdesk.At(minute(0).AddDate(0, -n*5, 0))
			b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindReview, RemoteID: id, CreatedAt: &created,
				Rating: &stars, Product: &sellerdesk.Product{ID: "5", Name: "Кроссовки"}})
			b.Messages = append(b.Messages,
				sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: id, RemoteID: id, Author: sellerdesk.AuthorBuyer, At: created},
				sellerdesk.MessagePatch{Kind: sellerdesk.KindReview, Conversation: id, RemoteID: "answer", Author: sellerdesk.AuthorElsewhere,
					Text: fmt.Sprint("ответ ", n), At: sellerdesk.At(created.Add(time.Minute))})
		}
		apply(t, s, store.ApplyInput{Account: a, Stream: "reviews", Batch: b})
		var got sellerdesk.ProductSummary
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			got, err = tx.Products.Summary(ctx, "5", a)
			return err
		})
		if got.Product.Name != "Кроссовки" || got.Reviews != 4 || *got.Average != 3.25 || len(got.Months) != 12 {
			t.Errorf("summary %+v", got)
		}
		months := map[string]float64{}
		for _, m := range got.Months {
			if m.Reviews > 0 {
				months[m.Month] = *m.Average
			}
		}
		if diff := cmp.Diff(map[string]float64{"2026-11": 5, "2026-06": 4, "2026-01": 1}, months); diff != "" {
			t.Errorf("months (-want +got):\n%s", diff)
		}
		if len(got.Answers) != 3 || got.Answers[0].Text != "ответ 0" || got.Answers[2].Text != "ответ 2" {
			t.Errorf("answers %+v", got.Answers)
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Products.Summary(ctx, "6", a); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("an unknown product: %v", err)
			}
			return nil
		})
	})
}
