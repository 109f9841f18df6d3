package yandexmarket

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// wire reads a thing as it travels.
func wire[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("decode %s: %v", text, err)
	}
	return v
}

// merge puts the fields of more into a JSON object.
func merge(t testing.TB, object, more string) string {
	t.Helper()
	a, b := wire[map[string]any](t, object), wire[map[string]any](t, more)
	for k, v := range b {
		a[k] = v
	}
	out, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

const someChat = `{"chatId":7,"type":"CHAT","status":"WAITING_FOR_PARTNER","createdAt":"2026-11-20T10:00:00+03:00","updatedAt":"2026-11-21T10:00:00+03:00",
	"context":{"type":"ORDER","campaignId":5,"orderId":42,"customer":{"name":" Анна ","publicId":"x"}}}`

func TestConvertChat(t *testing.T) {
	t.Parallel()
	created, updated := sellerdesk.At(time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)), sellerdesk.At(time.Date(2026, 11, 21, 7, 0, 0, 0, time.UTC))
	name, order := "Анна", "42"
	got, why := convertChat(wire[api.Chat](t, someChat), map[int64]string{5: "Лавка"})
	want := sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindChat, RemoteID: "7", BuyerName: &name, Order: &order, CreatedAt: &created, UpdatedAt: &updated,
		Shut: &sellerdesk.Why{}, Chat: &sellerdesk.Chat{State: sellerdesk.ChatWaitsForSeller, Subject: sellerdesk.ChatAboutOrder, Shop: "Лавка"},
	}
	if diff := cmp.Diff(want, got.patch); diff != "" || why != "" {
		t.Errorf("%s\n%s", why, diff)
	}
	for _, c := range []struct {
		name, more string
		state      sellerdesk.ChatState
		dispute    bool
		shut       sellerdesk.ReasonCode
		settled    bool
	}{
		{"new", `{"status":"NEW"}`, sellerdesk.ChatNew, false, "", false},
		{"the buyer is to speak", `{"status":"WAITING_FOR_CUSTOMER"}`, sellerdesk.ChatWaitsForBuyer, false, "", false},
		{"an arbiter decides", `{"status":"WAITING_FOR_ARBITER","type":"ARBITRAGE"}`, sellerdesk.ChatWaitsForArbiter, true, sellerdesk.ReasonArbitration, true},
		{"an arbiter asks the seller", `{"type":"ARBITRAGE"}`, sellerdesk.ChatWaitsForSeller, true, "", false},
		{"Market decides a dispute", `{"status":"WAITING_FOR_MARKET","type":"ARBITRAGE"}`, sellerdesk.ChatWaitsForMarket, true, sellerdesk.ReasonArbitration, true},
		{"Market looks", `{"status":"WAITING_FOR_MARKET"}`, sellerdesk.ChatWaitsForMarket, false, "", true},
		{"finished", `{"status":"FINISHED"}`, sellerdesk.ChatFinished, false, sellerdesk.ReasonFinished, true},
		{"finished after a dispute", `{"status":"FINISHED","type":"ARBITRAGE"}`, sellerdesk.ChatFinished, true, sellerdesk.ReasonFinished, true},
		{"of words that nobody knew", `{"status":"ASLEEP","type":"PARTY"}`, "ASLEEP", false, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, why := convertChat(wire[api.Chat](t, merge(t, someChat, c.more)), nil)
			chat, shut := got.patch.Chat, got.patch.Shut
			if why != "" || chat.State != c.state || chat.Dispute != c.dispute || shut.Code != c.shut || (shut.Text != "") != (c.shut != "") {
				t.Errorf("%s %+v %+v", why, chat, shut)
			}
			if (got.patch.Settled != nil) != c.settled {
				t.Errorf("settled: %v", got.patch.Settled)
			}
			if chat.Shop != "5" {
				t.Errorf("a shop without a name is called %q", chat.Shop)
			}
		})
	}
}

func TestConvertChatOfLittle(t *testing.T) {
	t.Parallel()
	got, why := convertChat(wire[api.Chat](t, `{"chatId":8,"context":{"type":"DIRECT"},"type":"CHAT","status":"NEW","createdAt":"2026-11-20T10:00:00Z","updatedAt":"2026-11-20T10:00:00Z"}`), nil)
	if why != "" || got.patch.BuyerName != nil || got.patch.Order != nil || got.patch.Chat.Subject != sellerdesk.ChatDirect || got.patch.Chat.Shop != "" {
		t.Errorf("%s %+v", why, got.patch)
	}
	got, _ = convertChat(wire[api.Chat](t, `{"chatId":8,"context":{"type":"RETURN","orderId":1,"returnId":9,"campaignId":2}}`), nil)
	if got.patch.Chat.Return != "9" || got.patch.Chat.Subject != sellerdesk.ChatAboutReturn || got.patch.CreatedAt != nil {
		t.Errorf("%+v", got.patch)
	}
	if _, why := convertChat(api.Chat{}, nil); why == "" {
		t.Error("a chat without an id is taken")
	}
}

func TestConvertLine(t *testing.T) {
	t.Parallel()
	const at = `"messageId":9,"createdAt":"2026-11-21T10:00:00+03:00"`
	for _, c := range []struct {
		name, text string
		author     sellerdesk.Author
		by, says   string
		files      int
		why        bool
	}{
		{"the buyer", `{` + at + `,"sender":"CUSTOMER","message":"hi"}`, sellerdesk.AuthorBuyer, "", "hi", 0, false},
		{"the shop", `{` + at + `,"sender":"PARTNER","message":"hi"}`, sellerdesk.AuthorElsewhere, "", "hi", 0, false},
		{"support", `{` + at + `,"sender":"SUPPORT","message":"hi"}`, sellerdesk.AuthorPlatform, nameSupport, "hi", 0, false},
		{"Market", `{` + at + `,"sender":"MARKET","message":"hi"}`, sellerdesk.AuthorPlatform, nameMarket, "hi", 0, false},
		{"a new kind of sender", `{` + at + `,"sender":"ROBOT","message":"hi"}`, sellerdesk.AuthorPlatform, nameMarket, "hi", 0, false},
		{"a sticker", `{` + at + `,"sender":"CUSTOMER"}`, sellerdesk.AuthorBuyer, "", sticker, 0, false},
		{"a sticker with nulls", `{` + at + `,"sender":"CUSTOMER","message":null,"payload":null}`, sellerdesk.AuthorBuyer, "", sticker, 0, false},
		{"blanks", `{` + at + `,"sender":"CUSTOMER","message":" \n","payload":[]}`, sellerdesk.AuthorBuyer, "", sticker, 0, false},
		{"files alone", `{` + at + `,"sender":"CUSTOMER","payload":[{"name":"a.JPG","url":"https://x/a","size":5},{"name":"","url":"","size":-1}]}`, sellerdesk.AuthorBuyer, "", "", 2, false},
		{"hostile words", `{` + at + `,"sender":"CUSTOMER","message":"<script>\u202e\u0000"}`, sellerdesk.AuthorBuyer, "", "<script>\u202e\x00", 0, false},
		{"no time", `{"messageId":9,"sender":"CUSTOMER","message":"hi"}`, "", "", "", 0, true},
		{"no id", `{"createdAt":"2026-11-21T10:00:00+03:00","sender":"CUSTOMER","message":"hi"}`, "", "", "", 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, why := convertLine(7, wire[api.Message](t, c.text))
			if (why != "") != c.why {
				t.Fatalf("%q", why)
			}
			if c.why {
				return
			}
			if got.Author != c.author || got.AuthorName != c.by || got.Text != c.says || len(got.Files) != c.files || got.Conversation != "7" || got.RemoteID != "9" {
				t.Errorf("%+v", got)
			}
			if got.At.Hour() != 7 || got.Foreign {
				t.Errorf("at %s, foreign %v", got.At, got.Foreign)
			}
		})
	}
	files, _ := convertLine(7, wire[api.Message](t, `{`+at+`,"sender":"CUSTOMER","payload":[{"name":"a.JPG","url":"https://x/a","size":5},{"name":"b","url":"u","size":-1}]}`))
	if f := files.Files[0]; f.ID != "9/1" || f.Type != "image/jpeg" || f.Size != 5 || files.Files[1].ID != "9/2" || files.Files[1].Size != 0 {
		t.Errorf("%+v", files.Files)
	}
}

const someReview = `{"feedbackId":3,"createdAt":"2026-11-21T10:00:00+03:00","needReaction":true,"author":"Анна",
	"identifiers":{"orderId":42,"offerId":"SKU-1"},"description":{"advantages":"тёплая","disadvantages":"","comment":"хорошая"},
	"media":{"photos":["https://avatars.mds.yandex.net/a","javascript:alert(1)"],"videos":["https://v/1","https://v/2"]},
	"statistics":{"rating":4,"commentsCount":0}}`

func TestConvertReview(t *testing.T) {
	t.Parallel()
	got, why := convertReview(wire[api.Review](t, someReview))
	if why != "" {
		t.Fatal(why)
	}
	line := got.messages[0]
	if line.Text != "хорошая\nДостоинства: тёплая" || *line.Rating != 4 || line.RemoteID != lineReview || line.Author != sellerdesk.AuthorBuyer {
		t.Errorf("%+v", line)
	}
	if len(line.Files) != 2 || line.Files[0].ID != "photo/1" || line.Files[1].ID != "video/2" || got.patch.Review.Video == nil || got.patch.Review.Video.Link != "https://v/1" {
		t.Errorf("%+v %+v", line.Files, got.patch.Review.Video)
	}
	if *got.patch.BuyerName != "Анна" || *got.patch.Order != "42" || got.patch.Product.ID != "SKU-1" || got.deep || !offers(got.patch, "answer", "view") {
		t.Errorf("%+v", got.patch)
	}
	for _, c := range []struct {
		name, more string
		deep       bool
	}{
		{"of stars alone, with nulls", `{"description":null,"media":{"photos":null,"videos":null},"author":null,"identifiers":{}}`, false},
		{"without media", `{"media":null}`, false},
		{"with comments", `{"statistics":{"rating":5,"commentsCount":2}}`, true},
		{"that needs no reaction", `{"needReaction":false}`, true},
		{"of stars that cannot be", `{"statistics":{"rating":99,"commentsCount":0}}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, why := convertReview(wire[api.Review](t, merge(t, someReview, c.more)))
			if why != "" || got.deep != c.deep || len(got.messages) != 1 || got.deep != (got.patch.Offers == nil) {
				t.Errorf("%q, deep %v: %+v", why, got.deep, got.patch)
			}
			if r := got.patch.Rating; r != nil && (*r < 1 || *r > 5) {
				t.Errorf("%d stars", *r)
			}
		})
	}
}

// offers tells whether just these actions are offered.
func offers(p sellerdesk.ConversationPatch, want ...sellerdesk.ActionKind) bool {
	if p.Offers == nil || len(*p.Offers) != len(want) {
		return false
	}
	for i, o := range *p.Offers {
		if o.Action != want[i] {
			return false
		}
	}
	return true
}

func still() *cabinet {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	return &cabinet{clock: sellerdesk.Clock{NowFunc: func() time.Time { return now }}}
}

func TestTree(t *testing.T) {
	t.Parallel()
	of := wire[api.Review](t, merge(t, someReview, `{"needReaction":false,"statistics":{"rating":4,"commentsCount":2}}`))
	r, _ := convertReview(of)
	comments := wire[[]api.Comment](t, `[
		{"id":30,"feedbackId":3,"parentId":10,"text":"а размер?","status":"PUBLISHED","author":{"type":"USER","name":"Анна"}},
		{"id":10,"feedbackId":3,"text":"спасибо","status":"PUBLISHED","canModify":true,"author":{"type":"BUSINESS","name":"Лавка"}},
		{"id":20,"feedbackId":3,"text":"и мне","status":"PUBLISHED","author":{"type":"USER","name":"Олег"}},
		{"id":25,"feedbackId":3,"text":"наши лучше","status":"PUBLISHED","canModify":false,"author":{"type":"BUSINESS","name":"Чужая"}},
		{"id":26,"feedbackId":3,"text":"мы марка","status":"PUBLISHED","author":{"type":"BRAND","name":"Марка"}},
		{"id":40,"feedbackId":3,"parentId":30,"text":"звоните","status":"BANNED","canModify":true,"author":{"type":"BUSINESS","name":"Лавка"}},
		{"id":41,"feedbackId":3,"text":"ушло","status":"DELETED"},
		{"id":10,"feedbackId":3,"text":"спасибо","status":"PUBLISHED"},
		{"id":0,"feedbackId":3,"text":"без номера","status":"PUBLISHED"}]`)
	p := still().tree(r, of, comments, kept{Last: 30}, business{name: "Лавка"})
	type said struct {
		ID, Parent sellerdesk.RemoteID
		Author     sellerdesk.Author
		By         string
		Status     sellerdesk.MessageStatus
	}
	var got []said
	for _, m := range p.messages[1:] {
		got = append(got, said{m.RemoteID, m.Parent, m.Author, m.AuthorName, m.Status})
	}
	want := []said{
		{"comment:10", "", sellerdesk.AuthorElsewhere, "", sellerdesk.MessageDelivered},
		{"comment:20", "", sellerdesk.AuthorBuyer, "Олег", ""},
		{"comment:25", "", sellerdesk.AuthorPlatform, "Чужая", ""},
		{"comment:26", "", sellerdesk.AuthorPlatform, "Марка", ""},
		{"comment:30", "comment:10", sellerdesk.AuthorBuyer, "", ""},
		{"comment:40", "comment:30", sellerdesk.AuthorElsewhere, "", sellerdesk.MessageRefused},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if why := p.messages[6].Why; why.Code != sellerdesk.ReasonModeration || why.Text == "" {
		t.Errorf("a banned comment says %+v", why)
	}
	if p.patch.Settled != nil {
		t.Error("the buyer asks under our comment, and nobody seems to wait")
	}
	if !offers(p.patch, "answer", "edit") {
		t.Errorf("%+v", p.patch.Offers)
	}
	k, ok := keptOf(sellerdesk.RemoteRef{ID: "3", Remote: p.patch.Remote})
	if !ok || k.Last != 40 || k.Mine != "comment:40" {
		t.Errorf("%+v", k)
	}
	// What was read before stands behind the review, what is new is of now.
	if at := p.messages[5].At; at.Sub(p.messages[0].At.Time) > time.Minute {
		t.Errorf("an old comment is of %s", at)
	}
	if at := p.messages[6].At; at.Hour() != 12 {
		t.Errorf("a new comment is of %s", at)
	}
}

func TestTreeThatNeedsNothing(t *testing.T) {
	t.Parallel()
	of := wire[api.Review](t, merge(t, someReview, `{"needReaction":false}`))
	r, _ := convertReview(of)
	p := still().tree(r, of, nil, kept{}, business{})
	if p.patch.Settled == nil || !*p.patch.Settled || !offers(p.patch, "answer") || p.checking {
		t.Errorf("%+v", p.patch)
	}
	p = still().tree(r, of, wire[[]api.Comment](t, `[{"id":1,"feedbackId":3,"text":"ок","status":"UNMODERATED","author":{"type":"BUSINESS","name":"ЛАВКА"}}]`), kept{}, business{shops: map[int64]string{1: "Лавка"}})
	if m := p.messages[1]; !p.checking || m.Author != sellerdesk.AuthorElsewhere || m.Status != sellerdesk.MessageSent || m.Why.Code != sellerdesk.ReasonModeration {
		t.Errorf("%+v", m)
	}
}

const someQuestion = `{"questionIdentifiers":{"id":6,"offerId":"SKU-1","categoryId":1},"businessId":1,"text":"тёплая?","createdAt":"2026-11-21T10:00:00+03:00",
	"votes":{"likes":0,"dislikes":0},"author":{"type":"USER","name":"Анна"}}`

func TestAnswered(t *testing.T) {
	t.Parallel()
	q := wire[api.Question](t, someQuestion)
	r, why := convertQuestion(q)
	if why != "" || !offers(r.patch, "answer") || *r.patch.BuyerName != "Анна" || r.patch.Product.ID != "SKU-1" || r.messages[0].Text != "тёплая?" {
		t.Fatalf("%q %+v", why, r.patch)
	}
	answer := func(more string) string {
		return merge(t, `{"id":1,"questionId":6,"text":"да","status":"PUBLISHED","canModify":true,"createdAt":"2026-11-21T11:00:00+03:00",
			"votes":{"likes":0,"dislikes":0},"author":{"type":"BUSINESS","name":"Лавка"}}`, more)
	}
	comment := func(at, author string) string {
		return `{"comments":[{"id":2,"answerId":1,"text":"правда?","status":"PUBLISHED","createdAt":"` + at + `","author":{"type":"` + author + `","name":"Олег"}}]}`
	}
	for _, c := range []struct {
		name    string
		answers string
		gone    bool // it left the list of those that wait
		lines   int
		settled bool
	}{
		{"nobody answered", `[]`, false, 1, false},
		{"nobody answered, and it left the list", `[]`, true, 1, true},
		{"we answered", `[` + answer(`{"comments":null}`) + `]`, false, 2, true},
		{"our answer was banned", `[` + answer(`{"status":"BANNED"}`) + `]`, false, 2, false},
		{"a buyer answered", `[` + answer(`{"canModify":false,"author":{"type":"USER","name":"Олег"}}`) + `]`, false, 2, true},
		{"a buyer goes on under our answer", `[` + answer(comment("2026-11-21T12:00:00+03:00", "USER")) + `]`, false, 3, false},
		{"an answer without author and date", `[` + answer(`{"author":null,"createdAt":null,"canModify":false}`) + `]`, false, 2, true},
		{"an answer that was deleted", `[` + answer(`{"status":"DELETED"}`) + `]`, false, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := still().answered(r, q, wire[[]api.Answer](t, c.answers), business{name: "Лавка"}, c.gone)
			if len(p.messages) != c.lines || (p.patch.Settled != nil) != c.settled {
				t.Errorf("settled %v, %+v", p.patch.Settled, p.messages)
			}
			for _, m := range p.messages[1:] {
				if !m.At.After(p.messages[0].At.Time) {
					t.Errorf("an answer is of %s, before the question", m.At)
				}
			}
			if len(p.messages) == 3 && p.messages[2].Parent != "answer:1" {
				t.Errorf("a comment stands under %q", p.messages[2].Parent)
			}
		})
	}
}

func TestKeptIsGoodForItsConversationOnly(t *testing.T) {
	t.Parallel()
	own := kept{Of: "7", Last: 9}.bytes()
	if k, ok := keptOf(sellerdesk.RemoteRef{ID: "7", Remote: own}); !ok || k.Last != 9 {
		t.Errorf("%+v", k)
	}
	for _, remote := range []string{"", "null", "x\x00", `{"of":"8","last":9}`, `{"of":"7","last":-1}`, `[]`} {
		if k, ok := keptOf(sellerdesk.RemoteRef{ID: "7", Remote: []byte(remote)}); ok || k != (kept{Of: "7"}) {
			t.Errorf("%q is taken for %+v", remote, k)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "0", "-1", "+1", "01", "1e3", "99999999999999999999", "no-such-thing", "7 "} {
		if n := number(sellerdesk.RemoteID(id)); n != 0 {
			t.Errorf("%q is taken for %d", id, n)
		}
	}
	for _, name := range []string{"", "answer:", "comment:x", "review", "answer:-1"} {
		if _, id := lineOf(sellerdesk.RemoteID(name)); id != 0 {
			t.Errorf("%q is taken for line %d", name, id)
		}
	}
	if prefix, id := lineOf(commentLine(7)); prefix != commentPrefix || id != 7 {
		t.Errorf("%q %d", prefix, id)
	}
	if name := sendName(strings.Repeat("ж", 300) + "\x00.jpg"); len(name) > longestName || !strings.HasSuffix(name, ".jpg") {
		t.Errorf("%q", name)
	}
}
