package wildberries_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/sandbox"
	"github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

func TestFeedIsReadToItsEndInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	all := b.drain()
	if len(all) != b.account.Messages() || len(all) > 500 {
		t.Fatalf("%d events, the account has %d, the demo world at most 500", len(all), b.account.Messages())
	}
	seen, opened, empty := map[string]bool{}, map[string]bool{}, 0
	for i, e := range all {
		if seen[e.EventID] {
			t.Errorf("event %d has an id seen before", i)
		}
		seen[e.EventID] = true
		if i > 0 && e.AddTimestamp <= all[i-1].AddTimestamp {
			t.Errorf("event %d is not later than the one before", i)
		}
		if first := !opened[e.ChatID]; e.IsNewChat != first || (e.ReplySign != "") != first {
			t.Errorf("event %d: isNewChat %v, replySign %q, first of its chat %v", i, e.IsNewChat, e.ReplySign, first)
		}
		opened[e.ChatID] = true
		if e.Message == nil {
			empty++
		}
		if want := time.UnixMilli(e.AddTimestamp).UTC().Format(time.RFC3339); e.AddTime != want {
			t.Errorf("event %d: addTime %s, want %s", i, e.AddTime, want)
		}
	}
	if empty == 0 {
		t.Error("no event without a message")
	}
	if got := len(b.chats()); got != len(opened) {
		t.Errorf("%d chats listed, %d in the feed", got, len(opened))
	}
}

func TestLastPageRepeatsTheCursorAndLeavesTheTimesOut(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	a := b.get("/wildberries/chat/api/v1/seller/events?next=1890000000000")
	if want := `{"result":{"next":1890000000000,"totalEvents":0,"events":[]},"errors":null}`; strings.TrimSpace(string(a.body)) != want {
		t.Errorf("answer %s, want %s", a.body, want)
	}
}

func TestCursorOfTheFeedIsChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for query, want := range map[string]string{
		"?next=0": `Invalid value for "next"`, "?next=-5": `Invalid value for "next"`, "?next=soon": "Invalid number",
		"?next=": "Invalid number", "?next=1.5": "Invalid number", "?next=99999999999999999999": "Invalid number",
	} {
		if got := detail(t, b.get("/wildberries/chat/api/v1/seller/events"+query), http.StatusBadRequest); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

func TestSameMillisecondAtAPageEdgeLosesAnEvent(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{SameMillisecond: true}, wildberries.Options{})
	first := b.page("")
	last := first.Result.Events[49]
	overlap := b.page(fmt.Sprintf("?next=%d", *first.Result.Next-1)).Result.Events
	if len(overlap) < 2 || overlap[0].EventID != last.EventID || overlap[1].AddTimestamp != last.AddTimestamp {
		t.Fatal("the event after the page does not share the millisecond of its last one")
	}
	if got := len(b.drain()); got >= b.account.Messages() {
		t.Errorf("a strict reader got all %d events", got)
	}
}

func TestMessageComesBackInTheFeedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	to := b.chats()[0]
	jpeg, pdf := b.sample("a.jpg"), b.sample("Чек.pdf")
	before := b.account.Messages()
	a := b.send(to.ReplySign, "Добрый день!", upload{"Фото.jpg", jpeg}, upload{"Чек.pdf", pdf})
	var got struct {
		Result struct {
			AddTime      int64
			ChatID, Sign string
		}
		Errors []string
	}
	a.decode(t, &got)
	if a.status != 200 || got.Result.ChatID != to.ChatID || got.Result.Sign == "" || got.Result.Sign == to.ReplySign || got.Errors == nil {
		t.Fatalf("answer %s", a.body)
	}
	new := b.page(fmt.Sprintf("?next=%d", got.Result.AddTime-1)).Result.Events
	if len(new) != 1 || b.account.Messages() != before+1 {
		t.Fatalf("%d new events", len(new))
	}
	e := new[0]
	if e.Sender != "seller" || e.Source != "seller-public-api" || e.Message.Text != "Добрый день!" || e.ChatID != to.ChatID || e.AddTimestamp != got.Result.AddTime {
		t.Errorf("event %+v", e)
	}
	if files := e.Message.Attachments.Files; len(files) != 1 || files[0].Name != "Чек.pdf" || len(e.Message.Attachments.Images) != 1 {
		t.Errorf("attachments %+v", e.Message.Attachments)
	}
	state := b.world.State()
	want := []sandbox.Part{{Name: "Фото.jpg", Size: len(jpeg)}, {Name: "Чек.pdf", Size: len(pdf)}}
	if len(state.Received) != 1 || state.Received[0].Conversation != to.ChatID || state.Received[0].Text != "Добрый день!" {
		t.Fatalf("received %+v", state.Received)
	}
	if diff := cmp.Diff(want, state.Received[0].Files); diff != "" {
		t.Error(diff)
	}
}

// sample is a valid generated file whose type follows the name.
func (b *bench) sample(name string) []byte {
	b.Helper()
	got := b.buyer(sandbox.BuyerMessage{Files: []sandbox.NewPart{{Name: name}}})
	for _, e := range b.account.Events(start.UnixMilli()-1, 1000) {
		if e.ID.String() == got.Message {
			return e.Files[0].Content()
		}
	}
	b.Fatal("no such message")
	return nil
}

func TestMessagesThatAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	sign := b.chats()[0].ReplySign
	parts := strings.Split(sign, ":")
	jpeg := b.sample("a.jpg")
	other := wildberries.Token(b.world.Accounts(wildberries.API)[1], wildberries.TokenOptions{})
	cases := []struct {
		name, sign, text, want string
		token                  string
		files                  []upload
	}{
		{name: "no signature", text: "a", want: "Invalid signature"},
		{name: "signature of four parts", sign: parts[0] + ":" + parts[1] + ":54828159:" + parts[2], text: "a", want: "Invalid signature"},
		{name: "signature changed in its last digit", sign: sign[:len(sign)-1] + "x", text: "a", want: "Invalid signature"},
		{name: "signature over 255 characters", sign: sign + strings.Repeat("0", 200), text: "a", want: "Invalid signature"},
		{name: "signature of another seller's chat", sign: sign, text: "a", token: other, want: "Invalid signature"},
		{name: "1,001 characters", sign: sign, text: strings.Repeat("ё", 1001), want: `Invalid value for "message"`},
		{name: "neither text nor file", sign: sign, want: `Invalid value for "message"`},
		{name: "file over 5 MiB", sign: sign, files: []upload{{"a.jpg", append(bytes.Clone(jpeg), make([]byte, 5<<20)...)}}, want: "A24FA09844E: attachment too big. Max size: 5MiB"},
		{name: "video named as a picture", sign: sign, files: []upload{{"cat.jpg", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")}}, want: `4A9F2544E29: "cat.jpg" has unsupported mime type`},
		{name: "empty file", sign: sign, files: []upload{{"empty.pdf", nil}}, want: `4A9F2544E29: "empty.pdf" has unsupported mime type`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b.world.Clock().Advance(time.Second)
			r := b.request(c.sign, c.text, c.files...)
			r.Header.Set("Authorization", c.token)
			a, err := b.do(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := detail(t, a, http.StatusBadRequest); got != c.want || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%q as %s, want %q", got, a.header.Get("Content-Type"), c.want)
			}
		})
	}
	if got := len(b.world.State().Received); got != 0 {
		t.Errorf("%d messages got through", got)
	}
}

func TestOneThousandLettersAndThirtyMegabytesPass(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	sign := b.chats()[0].ReplySign
	big := append(b.sample("a.jpg"), make([]byte, 5<<20)...)[:5<<20]
	six := []upload{{"1.jpg", big}, {"2.jpg", big}, {"3.jpg", big}, {"4.jpg", big}, {"5.jpg", big}, {"6.jpg", big}}
	if a := b.send(sign, strings.Repeat("ё", 1000), six...); a.status != 200 {
		t.Errorf("answer %s", a.body)
	}
	if a := b.send(sign, "", append(six, upload{"7.jpg", big})...); !strings.Contains(detail(t, a, 400), "too big") {
		t.Errorf("answer %s", a.body)
	}
}

func TestBodyThatIsNoMultipartIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	for kind, body := range map[string]string{
		"application/json": `{"replySign":"a","message":"b"}`, "application/x-www-form-urlencoded": "message=b", "": "b",
		"multipart/form-data": "--", "multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\ncut off",
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, b.server.URL+"/wildberries/chat/api/v1/seller/message", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		a, err := b.do(r)
		if err != nil || a.status != http.StatusBadRequest {
			t.Errorf("%q: %d, %v", kind, a.status, err)
		}
	}
}

func TestBrokenPictureStandsInErrorsWhileTheTextIsSent(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	a := b.send(b.chats()[0].ReplySign, "Смотрите", upload{"broken.jpg", []byte("\xff\xd8\xff\xe0 no picture at all")})
	var got struct{ Errors []string }
	a.decode(t, &got)
	if a.status != 200 || len(got.Errors) != 1 || !strings.Contains(got.Errors[0], "broken.jpg") {
		t.Fatalf("answer %d %s", a.status, a.body)
	}
	if r := b.world.State().Received; len(r) != 1 || len(r[0].Files) != 0 {
		t.Errorf("received %+v", r)
	}
}

func TestLongTextIsCutWhereTheSwitchSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{CutLongText: true})
	if a := b.send(b.chats()[0].ReplySign, strings.Repeat("a", 1500)); a.status != 200 {
		t.Fatalf("answer %s", a.body)
	}
	if got := len(b.world.State().Received[0].Text); got != 1000 {
		t.Errorf("%d characters received", got)
	}
}

func TestOldSignatureWorksForTheTimeSet(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{SignLife: time.Hour})
	old := b.chats()[0].ReplySign
	for i, want := range []int{200, 200, 400} {
		if a := b.send(old, fmt.Sprint("Ответ ", i)); a.status != want {
			t.Fatalf("message %d: %d %s", i, a.status, a.body)
		}
		b.world.Clock().Advance(time.Duration(i) * 61 * time.Minute)
	}
	if a := b.send(b.chats()[0].ReplySign, "Новая подпись"); a.status != 200 {
		t.Errorf("fresh signature: %s", a.body)
	}
}

func TestDownloadWaitsForModerationThenGivesTheFileOr451(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{Moderation: 90 * time.Second})
	b.buyer(sandbox.BuyerMessage{Text: "фото", Files: []sandbox.NewPart{{Name: "вид.png"}, {Name: "чек.pdf", Size: 300_000}, {Name: "blocked.jpg"}}})
	e := b.page(fmt.Sprintf("?next=%d", start.UnixMilli()-1)).Result.Events[0].Message.Attachments
	download := func(id string) answer { return b.get("/wildberries/chat/api/v1/seller/download/" + id) }
	if a := download(e.Files[0].DownloadID); a.status != 202 || strings.TrimSpace(string(a.body)) != `{"moderationState":"pending","retrySeconds":90}` {
		t.Errorf("at once: %d %s", a.status, a.body)
	}
	b.world.Clock().Advance(90 * time.Second)
	pdf := download(e.Files[0].DownloadID)
	if pdf.status != 200 || pdf.header.Get("Content-Type") != "application/pdf" || len(pdf.body) != 300_000 || !strings.Contains(pdf.header.Get("Content-Disposition"), "filename*=") {
		t.Errorf("PDF: %d %v, %d bytes", pdf.status, pdf.header, len(pdf.body))
	}
	if a := download(e.Images[0].DownloadID); a.status != 200 || http.DetectContentType(a.body) != "image/png" {
		t.Errorf("PNG: %d", a.status)
	}
	if got := detail(t, download(e.Images[1].DownloadID), 451); got != "moderation error" {
		t.Error(got)
	}
	for _, id := range []string{"nonsense", strings.Repeat("0", 36), "00000000-0000-0000-0000-000000000000"} {
		if got := detail(t, download(id), 400); got != "invalid fileID" {
			t.Error(got)
		}
	}
	direct, err := http.Get(e.Images[0].URL)
	if err != nil || direct.StatusCode != 200 || direct.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("direct link: %v %v", direct, err)
	}
	direct.Body.Close()
}

func TestEveryGeneratedFileIsWhatItSays(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	kinds := map[int]int{}
	for _, e := range b.drain() {
		if e.Message == nil {
			continue
		}
		for _, f := range append(e.Message.Attachments.Files, e.Message.Attachments.Images...) {
			if kinds[200]+kinds[451] == 40 {
				return
			}
			b.world.Clock().Advance(time.Second)
			a := b.get("/wildberries/chat/api/v1/seller/download/" + f.DownloadID)
			kinds[a.status]++
			if got := http.DetectContentType(a.body); a.status == 200 && got != a.header.Get("Content-Type") {
				t.Errorf("%s is %s", a.header.Get("Content-Type"), got)
			}
		}
	}
	t.Errorf("too few files; downloads by status: %v", kinds)
}

func TestHostileTextPassesUnchanged(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	text := "<script>alert(1)</script>\u202eпривет\x00" + strings.Repeat("ж", 100_000)
	b.buyer(sandbox.BuyerMessage{Text: text})
	got := b.page(fmt.Sprintf("?next=%d", start.UnixMilli()-1)).Result.Events[0]
	if got.Message.Text != text || !got.IsNewChat || got.Message.Attachments.GoodCard == nil {
		t.Errorf("event %.200v", got)
	}
}

func TestAnswerFromTheCabinetIsMarked(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{}, wildberries.Options{})
	_, err := b.world.SellerWrites(t.Context(), sandbox.SellerMessage{API: "wildberries", Kind: sandbox.KindChat, Conversation: b.chats()[3].ChatID, Text: "Из кабинета"})
	if err != nil {
		t.Fatal(err)
	}
	got := b.page(fmt.Sprintf("?next=%d", start.UnixMilli()-1)).Result.Events[0]
	if got.Sender != "seller" || got.Source != "seller-portal" || got.ClientName != "" {
		t.Errorf("event %+v", got)
	}
}
