package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// told is a line of our side as a messenger tells it.
func told(id, text string, status sellerdesk.MessageStatus, at sellerdesk.Time) sellerdesk.MessagePatch {
	m := elsewhere("c1", id, text, at)
	m.Status = status
	if status == sellerdesk.MessageRefused {
		m.Why = sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "Not delivered."}
	}
	return m
}

// mark says how a line stands and nothing else.
func mark(id string, status sellerdesk.MessageStatus) sellerdesk.MessagePatch {
	m := told(id, "", status, minute(0))
	m.Mark = true
	return m
}

func TestMarksOfAChatOnlyGoForward(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, marksGoForward)
}

// marksGoForward tries each order of marks in accounts of its own.
func marksGoForward(t *testing.T, s *store.Store) {
	const sent, delivered, read, refused = sellerdesk.MessageSent, sellerdesk.MessageDelivered, sellerdesk.MessageRead, sellerdesk.MessageRefused
	for _, c := range []struct {
		name string
		word []sellerdesk.MessageStatus
		want sellerdesk.MessageStatus
	}{
		{"as they happen", []sellerdesk.MessageStatus{sent, delivered, read}, read},
		{"read before delivered", []sellerdesk.MessageStatus{sent, read, delivered}, read},
		{"an old look after all of them", []sellerdesk.MessageStatus{read, sent}, read},
		{"an error of one that was merely sent", []sellerdesk.MessageStatus{sent, refused}, refused},
		{"an error after it was delivered", []sellerdesk.MessageStatus{sent, delivered, refused}, delivered},
		{"an error after it was read", []sellerdesk.MessageStatus{read, refused}, read},
		{"delivered after an error", []sellerdesk.MessageStatus{refused, delivered}, delivered},
		{"an old look after an error", []sellerdesk.MessageStatus{sent, refused, sent}, refused},
	} {
		for _, told := range []struct {
			name string
			what func(sellerdesk.MessageStatus) sellerdesk.MessagePatch
		}{
			{"whole lines", func(s sellerdesk.MessageStatus) sellerdesk.MessagePatch {
				return told("m2", "Уже едет", s, minute(1))
			}},
			{"marks", func(s sellerdesk.MessageStatus) sellerdesk.MessagePatch { return mark("m2", s) }},
		} {
			t.Run(c.name+", by "+told.name, func(t *testing.T) {
				one, many, own := storetest.Account(t, s, t.Name()+"1"), storetest.Account(t, s, t.Name()+"2"), storetest.Account(t, s, t.Name()+"3")
				question := buyer("c1", "m1", "Где заказ?", minute(0))
				line := elsewhere("c1", "m2", "Уже едет", minute(1))
				apply(t, s, batch(one, question, line))
				together := []sellerdesk.MessagePatch{question, line}
				apply(t, s, batch(own, question))
				queue(t, s, only(t, s, own), "k", "Уже едет")
				settle(t, s, lease(t, s, own, minute(2))[0].ID, store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "m2"})
				for _, word := range c.word {
					apply(t, s, batch(one, told.what(word)))
					apply(t, s, batch(own, told.what(word)))
					together = append(together, told.what(word))
				}
				apply(t, s, batch(many, together...))
				for name, a := range map[string]sellerdesk.AccountID{"one after the other": one, "all at once": many, "for a line written here": own} {
					conv := only(t, s, a)
					last := lines(t, s, conv.ID)[1]
					if last.Status != c.want || last.Text != "Уже едет" {
						t.Errorf("%s: %q is %s, want %s", name, last.Text, last.Status, c.want)
					}
					if conv.NeedsAnswer != (c.want == refused) || conv.LastMessage.Status != c.want {
						t.Errorf("%s: needs an answer %v, and the list shows %s", name, conv.NeedsAnswer, conv.LastMessage.Status)
					}
					if (last.Reason != "") != (c.want == refused) {
						t.Errorf("%s: the reason is %q", name, last.Reason)
					}
				}
			})
		}
	}
}

func TestAMarkThatIsFasterThanItsLineIsNotLost(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, marksAreNotLost)
}

// marksAreNotLost tries each way in which a line becomes known.
func marksAreNotLost(t *testing.T, s *store.Store) {
	question := buyer("c1", "m1", "Где заказ?", minute(0))
	for _, c := range []struct {
		name string
		// brings lets the line that was marked become known.
		brings func(t *testing.T, s *store.Store, a sellerdesk.AccountID, i sellerdesk.OutboxItem)
	}{
		{"the receipt brings it", func(t *testing.T, s *store.Store, _ sellerdesk.AccountID, i sellerdesk.OutboxItem) {
			settle(t, s, i.ID, store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "m2"})
		}},
		{"the feed brings it", func(t *testing.T, s *store.Store, a sellerdesk.AccountID, _ sellerdesk.OutboxItem) {
			apply(t, s, batch(a, told("m2", "Уже едет", sellerdesk.MessageSent, minute(2))))
		}},
		{"the feed brings it after its outcome was unknown", func(t *testing.T, s *store.Store, a sellerdesk.AccountID, i sellerdesk.OutboxItem) {
			settle(t, s, i.ID, store.Settlement{State: sellerdesk.OutboxUnknown})
			apply(t, s, batch(a, told("m2", "Уже едет", sellerdesk.MessageSent, minute(2))))
		}},
		{"the feed brings it and the receipt follows", func(t *testing.T, s *store.Store, a sellerdesk.AccountID, i sellerdesk.OutboxItem) {
			apply(t, s, batch(a, elsewhere("c1", "m2", "Уже едет", minute(2))))
			settle(t, s, i.ID, store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "m2"})
		}},
		{"the feed brings it in other words and the receipt follows", func(t *testing.T, s *store.Store, a sellerdesk.AccountID, i sellerdesk.OutboxItem) {
			apply(t, s, batch(a, told("m2", "<b>Уже едет</b>", sellerdesk.MessageSent, minute(2))))
			settle(t, s, i.ID, store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "m2"})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := storetest.Account(t, s, t.Name())
			apply(t, s, batch(a, question))
			conv := only(t, s, a)
			queue(t, s, conv, "k", "Уже едет")
			item := lease(t, s, a, minute(2))[0]
			apply(t, s, batch(a, mark("m2", sellerdesk.MessageRead), mark("m2", sellerdesk.MessageDelivered)))
			apply(t, s, batch(a, mark("m2", sellerdesk.MessageRefused)))
			c.brings(t, s, a, item)
			got := lines(t, s, conv.ID)
			if len(got) != 2 || got[1].Status != sellerdesk.MessageRead || got[1].Author != sellerdesk.AuthorAgent || got[1].RemoteID != "m2" {
				t.Errorf("the lines are %+v", got)
			}
			if c := only(t, s, a); c.NeedsAnswer || c.LastMessage.Status != sellerdesk.MessageRead {
				t.Errorf("needs an answer %v, and the list shows %s", c.NeedsAnswer, c.LastMessage.Status)
			}
		})
	}
}

func TestEarlyMarksFindTheirLinesInManyChatsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		const chats, lines = 9, 70
		a := storetest.Account(t, s, "shop")
		var early, late []sellerdesk.MessagePatch
		for c := range chats {
			for n := range lines {
				// The ids are of the chat: the same in each, and marked in every third.
				m := told(fmt.Sprint("m", n), "Уже едет", sellerdesk.MessageSent, minute(1))
				m.Conversation = sellerdesk.RemoteID(fmt.Sprint("c", c))
				late = append(late, m)
				if (c+n)%3 == 0 {
					m.Mark, m.Text, m.Status = true, "", sellerdesk.MessageRead
					early = append(early, m)
					m.Status = sellerdesk.MessageDelivered
					early = append(early, m)
				}
			}
		}
		apply(t, s, batch(a, early...))
		apply(t, s, batch(a, early[:10]...))
		if n := rows(t, s, 1, `SELECT COUNT(*) FROM marks`); n[0] != fmt.Sprint(len(early)/2) {
			t.Errorf("%s marks wait, want %d", n[0], len(early)/2)
		}
		apply(t, s, batch(a, late...))
		for _, row := range rows(t, s, 3, `SELECT v.remote_id, m.remote_id, m.status FROM messages m JOIN conversations v ON v.id = m.conversation_id`) {
			var c, n int
			var status sellerdesk.MessageStatus
			if _, err := fmt.Sscanf(row, "c%d m%d %s", &c, &n, &status); err != nil {
				t.Fatal(err)
			}
			if (status == sellerdesk.MessageRead) != ((c+n)%3 == 0) {
				t.Errorf("line %d of chat %d is %s", n, c, status)
			}
		}
		if n := rows(t, s, 1, `SELECT COUNT(*) FROM marks`); n[0] != "0" {
			t.Errorf("%s marks still wait", n[0])
		}
	})
}

func TestAMarkMakesNoLineAndNoConversation(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(2))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, mark("m2", sellerdesk.MessageRefused), mark("m2", sellerdesk.MessageSent)))
		if all := walk(t, s, store.ConversationQuery{User: 1}); len(all) != 0 {
			t.Errorf("a mark made %+v", all)
		}
		apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(0)), elsewhere("c1", "m2", "Уже едет", minute(1))))
		if c := only(t, s, a); !c.NeedsAnswer || c.LastMessage.Status != sellerdesk.MessageRefused {
			t.Errorf("the conversation is %+v", c)
		}
		apply(t, s, batch(a, mark("m9", sellerdesk.MessageRead)))
		remove(t, s, a) // with what still waits
	})
}

func TestARefusedLineOfAChatLetsTheBuyerWaitAgain(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(0))))
		c := only(t, s, a)
		waits := c.WaitingSince
		m := queue(t, s, c, "k", "Уже едет")
		settle(t, s, lease(t, s, a, minute(5))[0].ID, store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "m2"})
		if c = only(t, s, a); c.NeedsAnswer {
			t.Fatal("needs an answer although it was answered")
		}
		apply(t, s, batch(a, mark("m2", sellerdesk.MessageRefused)))
		if c = only(t, s, a); !c.NeedsAnswer || !cmp.Equal(waits, c.WaitingSince) {
			t.Errorf("needs an answer %v since %v, want since %v", c.NeedsAnswer, c.WaitingSince, waits)
		}
		if got := lines(t, s, c.ID)[1]; got.ID != m.ID || got.Reason != "Not delivered." {
			t.Errorf("got %+v", got)
		}
	})
}

func TestAnAnswerInPublicMayStillBeRefusedAfterOthersSawIt(t *testing.T) {
	t.Parallel()
	eachReview(t, func(t *testing.T, s *store.Store, a sellerdesk.AccountID) {
		take(t, s, a, review(1, "Порвались", answer("Простите", sellerdesk.MessageDelivered)))
		take(t, s, a, review(1, "Порвались", answer("Простите", sellerdesk.MessageRefused)))
		if c := only(t, s, a); c.LastMessage.Status != sellerdesk.MessageRefused || !c.NeedsAnswer {
			t.Errorf("the answer is %s, needs an answer %v", c.LastMessage.Status, c.NeedsAnswer)
		}
	})
}

func TestWhatAMessageCarriesBeyondItsTextIsKept(t *testing.T) {
	t.Parallel()
	menu := &sellerdesk.Form{Interactive: &sellerdesk.Interactive{
		Kind: sellerdesk.InteractiveMenu, Body: "Что?",
		Menu: &sellerdesk.Menu{Button: "Меню", Sections: []sellerdesk.MenuSection{{Title: "Раз", Rows: []sellerdesk.MenuRow{{Title: "Красный", Description: "Как мак"}}}}},
	}}
	use := sellerdesk.TemplateUse{Name: "order_ready", Language: "ru", Variables: []string{"Анна"}}
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		line := elsewhere("c1", "m2", "Что?", minute(1))
		line.Form = menu
		huge := elsewhere("c1", "m3", "Много", minute(2))
		huge.Form = &sellerdesk.Form{Template: &sellerdesk.TemplateUse{Variables: []string{strings.Repeat("я", 64<<10)}}}
		apply(t, s, batch(a, buyer("c1", "m1", "Привет", minute(0)), line, huge))
		c, user := only(t, s, a), sellerdesk.UserID(1)
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: c.ID, User: &user, Key: "t",
				Action: sellerdesk.SendTemplate{Template: use, Text: "Анна, готово"}, Text: "Анна, готово"})
			return err
		})
		var got []*sellerdesk.Form
		for _, m := range lines(t, s, c.ID) {
			got = append(got, m.Form)
		}
		if d := cmp.Diff([]*sellerdesk.Form{nil, menu, nil, {Template: &use}}, got); d != "" {
			t.Error(d)
		}
		remove(t, s, a)
	})
}

func TestAWindowIsKeptAndShutsByItself(t *testing.T) {
	t.Parallel()
	now := minute(10)
	clock := sellerdesk.Clock{NowFunc: func() time.Time { return now.Time }}
	s := storetest.Open(t, store.Options{Clock: clock})
	a := storetest.Account(t, s, "shop")
	yes := true
	tell := func(checked, until int, balance *bool) store.Applied {
		end := minute(until)
		in := batch(a)
		in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c1",
			Window: &sellerdesk.Window{Until: &end, Balance: balance, CheckedAt: minute(checked)}}}
		return apply(t, s, in)
	}
	reason := func() sellerdesk.ReasonCode {
		reply, _ := sellerdesk.Find(only(t, s, a).Can, sellerdesk.ActionReply)
		return reply.ReasonCode
	}
	tell(10, 60, &yes)
	if w := only(t, s, a).Window; w == nil || !w.Open || w.TemplatesOnly || w.Until == nil || w.Balance == nil || reason() != "" {
		t.Errorf("the window is %+v, and a reply says %q", w, reason())
	}
	if again := tell(11, 60, nil); again.Changed {
		t.Error("the same word again changes something")
	}
	now = minute(61)
	if w := only(t, s, a).Window; w.Open || !w.TemplatesOnly || reason() != sellerdesk.ReasonWindowShut {
		t.Errorf("after its end the window is %+v, and a reply says %q", w, reason())
	}
	if tell(20, 30, nil); only(t, s, a).Window.Until.Millis() != minute(30).Millis() {
		t.Error("a later word does not count")
	}
	if tell(18, 90, nil); only(t, s, a).Window.Until.Millis() != minute(30).Millis() {
		t.Error("an earlier word counts")
	}
	tell(40, 31, nil)
	if tell(39, 70, nil); only(t, s, a).Window.Until.Millis() != minute(70).Millis() {
		t.Error("a word that opens it for longer does not count, although only clocks may differ")
	}
	if tell(39, 50, nil); only(t, s, a).Window.Until.Millis() != minute(70).Millis() {
		t.Error("an earlier word shortens it")
	}
	no, conv := false, only(t, s, a)
	rev := conv.Rev
	for _, w := range []sellerdesk.Window{{Balance: &no, CheckedAt: minute(61)}, {Balance: &no, CheckedAt: minute(62)}} {
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Conversations.SetWindow(ctx, conv.ID, w) })
	}
	conv = only(t, s, a)
	if conv.Rev != rev+1 || conv.Window.CheckedAt != minute(62) || conv.Window.TemplatesOnly || reason() != sellerdesk.ReasonBalance {
		t.Errorf("asked twice, rev %d became %d, the window is %+v, and a reply says %q", rev, conv.Rev, conv.Window, reason())
	}
	if before := storetest.Account(t, s, "other"); true {
		apply(t, s, batch(before, buyer("c1", "m1", "Привет", minute(0))))
		if w := only(t, s, before).Window; w != nil {
			t.Errorf("without a word there is a window %+v", w)
		}
	}
}

// through opens a chat with a person through a source.
func through(a sellerdesk.AccountID, phone, username string) store.Opening {
	return store.Opening{Account: a, Source: sellerdesk.Source{ID: "10", Network: "telegram"}, Phone: phone, Username: username}
}

func TestAChatStartedWithAPersonIsKnownAgainByNumberOrName(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, startedIsKnownAgain)
}

// startedIsKnownAgain tries what the feed may tell of a chat that was started.
func startedIsKnownAgain(t *testing.T, s *store.Store) {
	for _, c := range []struct {
		name string
		by   func(sellerdesk.AccountID) store.Opening
		with sellerdesk.Chat // as the feed tells it
		same bool
	}{
		{"by its number", func(a sellerdesk.AccountID) store.Opening { return through(a, "79990000001", "") },
			sellerdesk.Chat{Source: "10", Phone: "+7 999 000-00-01", Username: "anna"}, true},
		{"by its name", func(a sellerdesk.AccountID) store.Opening { return through(a, "", "Anna") },
			sellerdesk.Chat{Source: "10", Phone: "79990000001", Username: "@anna"}, true},
		{"through another source", func(a sellerdesk.AccountID) store.Opening { return through(a, "79990000001", "") },
			sellerdesk.Chat{Source: "11", Phone: "79990000001"}, false},
		{"with another person", func(a sellerdesk.AccountID) store.Opening { return through(a, "", "anna") },
			sellerdesk.Chat{Source: "10", Username: "anna2"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := storetest.Account(t, s, t.Name())
			var id sellerdesk.ConversationID
			write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				id, err = tx.Conversations.Start(ctx, c.by(a))
				return err
			})
			in := batch(a, buyer("900", "m1", "Кто это?", minute(6)))
			in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "900", Chat: &c.with}}
			apply(t, s, in)
			apply(t, s, in)
			all := walk(t, s, store.ConversationQuery{User: 1, Accounts: []sellerdesk.AccountID{a}})
			if c.same != (len(all) == 1) || c.same && (all[0].ID != id || *all[0].RemoteID != "900") {
				t.Errorf("there are %d conversations", len(all))
			}
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				known, found, err := tx.Conversations.Started(ctx, c.by(a))
				if !found || known != id {
					t.Errorf("found %v: %d, want %d", found, known, id)
				}
				return err
			})
		})
	}
}

func TestAChatThatWasRefusedOpensWhenTheBuyerWritesThere(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, func(t *testing.T, s *store.Store) {
		for _, c := range []struct {
			name string
			to   sellerdesk.OutboxState
			shut *sellerdesk.Why // as the feed tells it
			want sellerdesk.Optional
		}{
			{"refused", sellerdesk.OutboxRefused, nil, ""},
			{"given up", sellerdesk.OutboxWithdrawn, nil, ""},
			{"refused, and the feed says that it is shut", sellerdesk.OutboxRefused, &sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "Blocked."}, "Blocked."},
		} {
			t.Run(c.name, func(t *testing.T) {
				a, user := storetest.Account(t, s, t.Name()), sellerdesk.UserID(1)
				write(t, s, func(ctx context.Context, tx *store.Tx) error {
					id, err := tx.Conversations.Start(ctx, through(a, "79990000001", ""))
					if err != nil {
						return err
					}
					_, err = tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: id, User: &user, Key: t.Name(), Action: sellerdesk.Open{Phone: "79990000001"}})
					return err
				})
				item := lease(t, s, a, minute(5))[0].ID
				if c.to == sellerdesk.OutboxWithdrawn {
					settle(t, s, item, store.Settlement{State: sellerdesk.OutboxUnknown})
				}
				settle(t, s, item, store.Settlement{State: c.to,
					Why: sellerdesk.Why{Code: sellerdesk.ReasonNoMessenger, Text: "No WhatsApp."}})
				in := batch(a)
				in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "900", Shut: c.shut,
					Chat: &sellerdesk.Chat{Source: "10", Phone: "79990000001"}}}
				apply(t, s, in)
				conv := only(t, s, a)
				reply, _ := sellerdesk.Find(conv.Can, sellerdesk.ActionReply)
				if conv.RemoteID == nil || conv.Status != sellerdesk.ConversationOpen || reply.Reason != c.want {
					t.Errorf("it is %s, and the reply says %q, want %q", conv.Status, reply.Reason, c.want)
				}
			})
		}
	})
}

func TestUploadsAndTemplatesAreKeptByAccount(t *testing.T) {
	t.Parallel()
	storetest.EachWith(t, store.Options{Clock: at(minute(5))}, func(t *testing.T, s *store.Store) {
		a, b := storetest.Account(t, s, "a"), storetest.Account(t, s, "b")
		file := sellerdesk.RemoteFile{ID: "https://files.test/1", Name: "чек.pdf", Type: "application/pdf", Size: 10, Remote: []byte("x")}
		template := sellerdesk.RemoteTemplate{
			Source: "10", Name: "sale", Language: "ru", Status: sellerdesk.TemplateApproved, Body: "{{1}}",
			Buttons: []sellerdesk.TemplateButton{}, Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "body", Format: "text", MaxLength: 100}},
		}
		var before int64
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Uploads.Put(ctx, a, "hash", file); err != nil {
				return err
			}
			return tx.Templates.Put(ctx, a, []sellerdesk.RemoteTemplate{template})
		})
		before = int64(len(events(t, s)))
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			got, found, err := tx.Uploads.Get(ctx, a, "hash")
			if d := cmp.Diff(file, got); !found || d != "" || err != nil {
				t.Errorf("found %v, %v: %s", found, err, d)
			}
			if _, found, _ := tx.Uploads.Get(ctx, b, "hash"); found {
				t.Error("found in another account")
			}
			if err := tx.Uploads.Forget(ctx, a, "hash", "https://files.test/0"); err != nil {
				return err
			}
			if _, found, _ := tx.Uploads.Get(ctx, a, "hash"); !found {
				t.Error("another link was forgotten")
			}
			if err := tx.Uploads.Forget(ctx, a, "hash", file.ID); err != nil {
				return err
			}
			if _, found, _ := tx.Uploads.Get(ctx, a, "hash"); found {
				t.Error("a link that was forgotten is found")
			}
			list, at, err := tx.Templates.Get(ctx, a)
			if d := cmp.Diff([]sellerdesk.RemoteTemplate{template}, list); d != "" || at == nil {
				t.Errorf("read at %v: %s", at, d)
			}
			if err != nil {
				return err
			}
			if list, at, _ := tx.Templates.Get(ctx, b); len(list) > 0 || at != nil {
				t.Errorf("another account has %v", list)
			}
			return tx.Templates.Put(ctx, a, []sellerdesk.RemoteTemplate{template})
		})
		if after := int64(len(events(t, s))); after != before {
			t.Errorf("the same list again is told as %d events", after-before)
		}
		remove(t, s, a)
	})
}

// messenger does everything once that only a messenger knows.
func messenger(t testing.TB, s *store.Store, a sellerdesk.AccountID) {
	t.Helper()
	until := sellerdesk.At(time.Now().Add(time.Hour))
	in := batch(a, buyer("c1", "m1", "Привет", minute(0)), mark("m9", sellerdesk.MessageRead))
	in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "c1", Window: &sellerdesk.Window{Until: &until},
		Chat: &sellerdesk.Chat{Source: "10", Phone: "79990000001", Username: "anna"}}}
	apply(t, s, in)
	conv, user := only(t, s, a), sellerdesk.UserID(1)
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, o := range []store.Opening{through(a, "79990000001", ""), through(a, "", "anna")} {
			if _, _, err := tx.Conversations.Started(ctx, o); err != nil {
				return err
			}
		}
		if err := tx.Conversations.SetWindow(ctx, conv.ID, sellerdesk.Window{Until: &until, CheckedAt: until}); err != nil {
			return err
		}
		_, err := tx.Outbox.Queue(ctx, store.NewItem{Account: a, Conversation: conv.ID, User: &user, Key: fmt.Sprint("t", a),
			Action: sellerdesk.SendTemplate{Template: sellerdesk.TemplateUse{Name: "x"}, Text: "x"}, Text: "x"})
		return err
	})
	settle(t, s, lease(t, s, a, sellerdesk.At(time.Now().Add(time.Minute)))[0].ID, store.Settlement{State: sellerdesk.OutboxSent, RemoteID: "m9"})
	if last := lines(t, s, conv.ID)[1]; last.Status != sellerdesk.MessageRead {
		t.Errorf("the mark was lost: %s", last.Status)
	}
}
