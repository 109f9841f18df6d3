package wildberries

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

var update = flag.Bool("update", false, "write the golden files anew")

// when the golden pages are read: minutes after their newest event.
var when = time.Date(2023, 10, 23, 7, 25, 0, 0, time.UTC)

// TestGolden converts pages as they come over the wire.
func TestGolden(t *testing.T) {
	t.Parallel()
	pins := pinState{
		ids:    map[string]int64{"pinned": 5},
		limits: api.PinLimits{Subscription: &api.PinLimit{Total: 3, Used: 3, PerUnit: 2}},
	}
	posts := func(p page) sellerdesk.Batch {
		b := sellerdesk.Batch{Skipped: p.skipped}
		bring(&b, p.posts)
		return b
	}
	converters := map[string]func([]byte) sellerdesk.Batch{
		"events":    func(raw []byte) sellerdesk.Batch { return convertEvents(decodePage(t, raw), 0, when) },
		"questions": func(raw []byte) sellerdesk.Batch { return posts(decodePosts(t, raw, "a question", convertQuestion)) },
		"reviews": func(raw []byte) sellerdesk.Batch {
			return posts(decodePosts(t, raw, "a review", reviews{pins}.convert))
		},
		"claims": func(raw []byte) sellerdesk.Batch { return posts(decodePosts(t, raw, "a claim", convertClaim)) },
	}
	pages, err := filepath.Glob("testdata/*.*.json")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages in testdata: %v", err)
	}
	for _, name := range pages {
		kind := strings.Split(filepath.Base(name), ".")[1]
		if kind == "golden" || strings.HasSuffix(name, ".golden.json") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := readable(t, converters[kind](raw))
			golden := strings.TrimSuffix(name, ".json") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// decodePosts decodes and converts items one by one, as the client and the
// reading of pages do.
func decodePosts[T any](t testing.TB, raw []byte, what string, convert func(T) (post, string)) page {
	t.Helper()
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		t.Skipf("not a list: %v", err)
	}
	var good []T
	var bad []api.Malformed
	for _, item := range items {
		var v T
		if err := json.Unmarshal(item, &v); err != nil {
			bad = append(bad, api.Malformed{Raw: item, Err: err})
			continue
		}
		good = append(good, v)
	}
	return newPage(good, bad, what, convert)
}

// decodePage decodes events one by one, as the client does.
func decodePage(t testing.TB, raw []byte) api.EventsPage {
	t.Helper()
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		t.Skipf("not a list: %v", err)
	}
	var page api.EventsPage
	for _, item := range items {
		var e api.Event
		if err := json.Unmarshal(item, &e); err != nil {
			page.Malformed = append(page.Malformed, api.Malformed{Raw: item, Err: err})
			continue
		}
		page.Events = append(page.Events, e)
	}
	return page
}

// readable writes a batch with its private parts as text.
func readable(t *testing.T, b sellerdesk.Batch) []byte {
	t.Helper()
	type file struct {
		sellerdesk.RemoteFile
		Remote string
	}
	type message struct {
		sellerdesk.MessagePatch
		Files  []file
		Remote string
	}
	type conversation struct {
		sellerdesk.ConversationPatch
		Remote string
	}
	var out struct {
		Conversations []conversation
		Messages      []message
		Skipped       []string
	}
	for _, c := range b.Conversations {
		out.Conversations = append(out.Conversations, conversation{c, string(c.Remote)})
	}
	for _, m := range b.Messages {
		shown := message{MessagePatch: m, Remote: string(m.Remote)}
		for _, f := range m.Files {
			shown.Files = append(shown.Files, file{f, string(f.Remote)})
		}
		out.Messages = append(out.Messages, shown)
	}
	for _, s := range b.Skipped {
		out.Skipped = append(out.Skipped, s.What)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func TestAuthorAndForeign(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sender  api.Sender
		source  api.Source
		author  sellerdesk.Author
		foreign bool
	}{
		{"a buyer's word", "client", "ios", sellerdesk.AuthorBuyer, false},
		{"our own word through the API", "seller", "seller-public-api", sellerdesk.AuthorElsewhere, false},
		{"a word typed in the cabinet", "seller", "seller-portal", sellerdesk.AuthorElsewhere, true},
		{"a seller's word of no known source may be ours", "seller", "", sellerdesk.AuthorElsewhere, false},
		{"a seller's word of a new source may be ours", "seller", "seller-api-v2", sellerdesk.AuthorElsewhere, false},
		{"a word of the marketplace", "wb", "", sellerdesk.AuthorPlatform, false},
		{"an unknown sender with a buyer's program is a buyer", "guest", "android", sellerdesk.AuthorBuyer, false},
		{"an unknown sender with the cabinet is the seller", "manager", "seller-portal", sellerdesk.AuthorElsewhere, true},
		{"an unknown sender without a source is the marketplace", "robot", "", sellerdesk.AuthorPlatform, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := api.Event{Sender: c.sender, Source: c.source}
			if got := author(e); got != c.author {
				t.Errorf("the author is %q, want %q", got, c.author)
			}
			if got := foreign(e); got != c.foreign {
				t.Errorf("foreign is %v, want %v", got, c.foreign)
			}
		})
	}
}

func TestPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, amount, currency, want string }{
		{"a small whole price", "500", "RUB", "500 RUB"},
		{"thousands are set apart", "1299", "RUB", "1 299 RUB"},
		{"millions too", "1234567", "BYN", "1 234 567 BYN"},
		{"cents are kept", "1299.5", "RUB", "1 299.50 RUB"},
		{"no currency", "10", "", "10"},
		{"no price", "", "RUB", ""},
		{"nought is no price", "0", "RUB", ""},
		{"a negative price is none", "-5", "RUB", ""},
		{"an exponent is not worked out", "1e999999999", "RUB", ""},
		{"a word is no price", "free", "RUB", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := price(json.Number(c.amount), c.currency); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOldEventsDoNotReplaceWhatTheListKnows(t *testing.T) {
	t.Parallel()
	e := api.Event{
		ChatID: "1:a", ID: "e", Type: api.EventMessage, IsNewChat: true, ReplySign: "1:a:old", AddTimestamp: 1_698_037_340_000, Sender: "client",
		Message: &api.Message{Text: "hi", Attachments: api.Attachments{Card: &api.GoodCard{NmID: 5, RID: "r"}}},
	}
	page := api.EventsPage{Events: []api.Event{e}}
	late := convertEvents(page, 0, e.AddTimestamp.Time().Add(2*fresh)).Conversations[0]
	if late.Remote != nil || late.Product != nil || late.Order != nil {
		t.Errorf("an event of yesterday brings its signature, product or order: %+v", late)
	}
	now := convertEvents(page, 0, e.AddTimestamp.Time().Add(time.Second)).Conversations[0]
	if signOf(sellerdesk.RemoteRef{ID: "1:a", Remote: now.Remote}) != "1:a:old" || now.Product == nil || now.Order == nil {
		t.Errorf("a fresh event does not bring its signature, product and order: %+v", now)
	}
}

func TestWhatIsWrongWithAnEventIsRecordedOnce(t *testing.T) {
	t.Parallel()
	page := decodePage(t, []byte(`[
		{"chatID":"1:a","eventID":"x","eventType":"refund","addTimestamp":2000,"sender":"client"},
		{"chatID":["broken"],"eventID":"y","eventType":"message","addTimestamp":3000}
	]`))
	if b := convertEvents(page, 0, when); len(b.Skipped) != 2 || len(b.Messages)+len(b.Conversations) != 0 {
		t.Errorf("the first reading records %d things, want 2: %+v", len(b.Skipped), b)
	}
	if b := convertEvents(page, 3000, when); len(b.Skipped) != 0 {
		t.Errorf("reading them again records %d things", len(b.Skipped))
	}
}

func TestSendName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, given, want string }{
		{"an ordinary name stays", "Чек №1.pdf", "Чек №1.pdf"},
		{"control characters go", "a\r\nb\x00.png", "ab.png"},
		{"no name becomes one", "", "file"},
		{"an ending alone gets a stem", ".jpg", "file.jpg"},
		{"broken UTF-8 goes", "a\xffb.png", "ab.png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := sendName(sellerdesk.Blob{Name: c.given}); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	long := sendName(sellerdesk.Blob{Name: strings.Repeat("ж", 500) + ".jpeg"})
	if len(long) > longestName || !strings.HasSuffix(long, ".jpeg") || !utf8.ValidString(long) {
		t.Errorf("a long name becomes %d bytes: %q", len(long), long)
	}
}

func TestOutcomesNameTheRightFile(t *testing.T) {
	t.Parallel()
	blobs := []sellerdesk.Blob{{Name: "a.jpg"}, {Name: "b.jpg"}, {Name: "b.jpg"}}
	sent := []api.File{{Name: "a.jpg"}, {Name: "b.jpg"}, {Name: "b.jpg"}}
	for _, c := range []struct {
		name string
		bad  []api.FileError
		want []bool // refused
	}{
		{"all taken", nil, nil},
		{"one by name", []api.FileError{{Name: "b.jpg", Text: "upload failed"}}, []bool{false, true, false}},
		{"two of one name", []api.FileError{{Name: "b.jpg"}, {Name: "b.jpg"}}, []bool{false, true, true}},
		{"one without a name counts for the first", []api.FileError{{Text: "upload failed"}}, []bool{true, false, false}},
		{"more errors than files", make([]api.FileError, 9), []bool{true, true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []bool
			for _, o := range outcomes(blobs, sent, c.bad) {
				got = append(got, o.Refused.Text != "")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzConvertEvents feeds pages of anything: no panic, and what comes out is
// fit for a store.
func FuzzConvertEvents(f *testing.F) {
	pages, _ := filepath.Glob("testdata/*.events.json")
	for _, name := range pages {
		if raw, err := os.ReadFile(name); err == nil {
			f.Add(raw, int64(0))
		}
	}
	f.Add([]byte(`[{"chatID":"a","eventID":"b","eventType":"message","addTimestamp":9007199254740993,"message":{"attachments":{"goodCard":{"price":1e400}}}}]`), int64(5))
	f.Fuzz(func(t *testing.T, raw []byte, known int64) {
		b := convertEvents(decodePage(t, raw), known, when)
		seen := map[sellerdesk.RemoteID]bool{}
		var last sellerdesk.Time
		for _, m := range b.Messages {
			if m.RemoteID == "" || m.Conversation == "" || m.At.IsZero() || m.At.Before(last.Time) || seen[m.RemoteID] {
				t.Fatalf("a message without identity, time or order: %+v", m)
			}
			last, seen[m.RemoteID] = m.At, true
			for _, file := range m.Files {
				if file.ID == "" || file.Size < 0 {
					t.Fatalf("a file without identity or of negative size: %+v", file)
				}
			}
		}
		for _, c := range b.Conversations {
			if c.RemoteID == "" || c.UpdatedAt == nil {
				t.Fatalf("a conversation without identity or time: %+v", c)
			}
		}
		for _, s := range b.Skipped {
			if len(s.Raw) > rawLimit || s.What == "" {
				t.Fatalf("a skipped thing of %d bytes: %q", len(s.Raw), s.What)
			}
		}
	})
}

// FuzzConvertPosts feeds lists of anything to the three converters of lists.
func FuzzConvertPosts(f *testing.F) {
	for _, kind := range []string{"questions", "reviews", "claims"} {
		pages, _ := filepath.Glob("testdata/*." + kind + ".json")
		for _, name := range pages {
			if raw, err := os.ReadFile(name); err == nil {
				f.Add(raw)
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, p := range []page{
			decodePosts(t, raw, "a question", convertQuestion), decodePosts(t, raw, "a review", reviews{}.convert),
			decodePosts(t, raw, "a claim", convertClaim),
		} {
			var b sellerdesk.Batch
			bring(&b, p.posts)
			fitForAStore(t, b)
			if p.size < len(p.posts) || len(p.posts) > 0 && p.oldest().After(p.newest().Time) {
				t.Fatalf("a page of %d things has %d posts from %s to %s", p.size, len(p.posts), p.oldest(), p.newest())
			}
			for _, s := range p.skipped {
				if len(s.Raw) > rawLimit || s.What == "" {
					t.Fatalf("a skipped thing of %d bytes: %q", len(s.Raw), s.What)
				}
			}
		}
	})
}

// fitForAStore fails for lines without identity, time, order or an author that
// may stand in a batch.
func fitForAStore(t *testing.T, b sellerdesk.Batch) {
	t.Helper()
	type name struct {
		conversation, message sellerdesk.RemoteID
	}
	seen := map[name]bool{}
	var last sellerdesk.Time
	for _, m := range b.Messages {
		n := name{m.Conversation, m.RemoteID}
		if m.RemoteID == "" || m.Conversation == "" || m.At.IsZero() || m.At.Before(last.Time) || seen[n] {
			t.Fatalf("a message without identity, time or order: %+v", m)
		}
		if last, seen[n] = m.At, true; m.Rating != nil && (*m.Rating < 1 || *m.Rating > 5) {
			t.Fatalf("%d stars", *m.Rating)
		}
		for _, file := range m.Files {
			if file.ID == "" {
				t.Fatalf("a file without identity: %+v", file)
			}
		}
	}
	for _, c := range b.Conversations {
		if c.RemoteID == "" || c.UpdatedAt == nil {
			t.Fatalf("a conversation without identity or time: %+v", c)
		}
	}
}

// FuzzPlace reads cursors of anything and goes on from them.
func FuzzPlace(f *testing.F) {
	f.Add(`{"next":1698045576000,"edge":true,"back":1698045576000}`, int64(1698045576001))
	f.Add(`{"next":-1}`, int64(0))
	f.Add("", int64(1))
	f.Fuzz(func(t *testing.T, cursor string, now int64) {
		p := placeOf(sellerdesk.Cursor(cursor))
		start := p.start(now)
		if start < 0 || start == 0 && p.Next != 0 || start > p.Next {
			t.Fatalf("from %+v reading starts at %d", p, start)
		}
		if again := placeOf(p.cursor()); again != p {
			t.Fatalf("%+v becomes %+v on its way through text", p, again)
		}
	})
}
