package finding_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
	ask "github.com/sellerdesk/sellerdesk/search"
)

// morning is when the first message of every test was written.
func morning() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// take takes in lines of chats: which chat, and how many minutes after morning.
func take(t *testing.T, s *store.Store, account sellerdesk.AccountID, lines ...line) {
	t.Helper()
	var b sellerdesk.Batch
	for i, l := range lines {
		b.Messages = append(b.Messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(l.chat), RemoteID: sellerdesk.RemoteID(fmt.Sprintf("%s-%d-%d", l.chat, l.minute, i)),
			Author: sellerdesk.AuthorBuyer, Text: l.text, At: sellerdesk.At(morning().Add(time.Duration(l.minute) * time.Minute)),
		})
	}
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "load", Batch: b})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

type line struct {
	chat   string
	minute int
	text   string
}

func search(s *store.Store) *finding.Search {
	return finding.New(finding.Deps{Store: s, Log: slog.New(slog.DiscardHandler)})
}

// all reads every page of what is found and gives the texts.
func all(t *testing.T, s *store.Store, typed string, limit int) (texts []string) {
	t.Helper()
	q, err := ask.Parse(typed)
	if err != nil {
		t.Fatal(err)
	}
	in := finding.Input{User: 1, Query: q, Limit: limit}
	for range 100 {
		found, err := search(s).Find(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Items {
			texts = append(texts, h.Message.Text)
		}
		if found.Next == "" {
			return texts
		}
		in.Cursor = string(found.Next)
	}
	t.Fatal("the pages have no end")
	return nil
}

func TestWhatIsFoundStandsInTheOrderItWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		// The history came in after what is new.
		take(t, s, account, line{"new", 50, "кружка пять"}, line{"new", 60, "кружка шесть"})
		take(t, s, account, line{"old", 10, "кружка один"}, line{"old", 30, "кружка три"})
		take(t, s, account, line{"third", 40, "кружка четыре"}, line{"third", 20, "кружка два"}, line{"third", 25, "блюдце"})
		want := []string{"кружка шесть", "кружка пять", "кружка четыре", "кружка три", "кружка два", "кружка один"}
		for _, limit := range []int{1, 2, 4, 50} {
			if diff := cmp.Diff(want, all(t, s, "кружка", limit)); diff != "" {
				t.Errorf("in pages of %d: %s", limit, diff)
			}
		}
	})
}

func TestPagesGoOnBehindAThousandResults(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		var lines []line
		for n := range 1120 { // more than are counted, and more than one look at the index gives
			lines = append(lines, line{fmt.Sprint("chat-", n%7), n, fmt.Sprint("кружка ", n)})
		}
		take(t, s, account, lines...)
		got := all(t, s, "кружка", 200)
		seen := slices.Compact(slices.Sorted(slices.Values(got)))
		if len(got) != len(lines) || len(seen) != len(lines) {
			t.Errorf("%d results, %d of them different; want %d", len(got), len(seen), len(lines))
		}
		if got := all(t, s, `кружка conversation:1`, 200); len(got) != 160 {
			t.Errorf("%d results in one conversation; want 160", len(got))
		}
	})
}

func TestStatesThatHardlyAnyIsInAreLookedThroughAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		var lines []line
		for n := range 900 {
			lines = append(lines, line{fmt.Sprint("chat-", n/2), n, "кружка"})
		}
		lines = append(lines, line{"shut", 1000, "кружка разбилась"}, line{"shut", 1001, "блюдце"})
		take(t, s, account, lines...)
		var shut sellerdesk.ConversationID
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			list, _, err := tx.Conversations.List(t.Context(), store.ConversationQuery{User: 1, Limit: 1, Sort: store.SortUpdated})
			if err != nil {
				return err
			}
			shut = list[0].ID
			return tx.Conversations.SetStatus(t.Context(), shut, sellerdesk.ConversationClosed)
		})
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]int{
			"кружка state:closed": 1, "кружки state:closed -разбиться": 0, `"кружка разбилась" статус:закрыт`: 1,
			"кружка state:open": 900, "блюд* state:closed": 1, fmt.Sprint("кружка conversation:", shut): 1,
			fmt.Sprint("conversation:", shut): 2, "conversation:999999 кружка": 0, "кружка state:snoozed": 0,
		} {
			if got := all(t, s, typed, 100); len(got) != want {
				t.Errorf("%s finds %d; want %d", typed, len(got), want)
			}
		}
	})
}

func TestACursorOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	q, _ := ask.Parse("кружка")
	for _, cursor := range []string{"s", "s1", "m1.2.3", "s1.2", "s-1.2.3", "s1.2.3.4", "s1.2.-3", "s01.2.3", strings.Repeat("s", 5000)} {
		_, err := search(s).Find(t.Context(), finding.Input{User: 1, Query: q, Cursor: cursor})
		if sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
			t.Errorf("%.20q: %v", cursor, err)
		}
	}
}

func TestFoundWordsAreMarkedInAllTheirForms(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ typed, text, want string }{
		{"вернуть деньги", "Вернула, жду денег!", "[Вернула], жду [денег]!"},
		{"возвр*", "Возвращайте. Воз.", "[Возвращайте]. Воз."},
		{"кружка -блюдце", "кружку и блюдце", "[кружку] и блюдце"},
		{"вид:чат", "чат", "чат"},
		{"ab-123", "артикул AB-123", "артикул [AB]-[123]"},
	} {
		q, err := ask.Parse(one.typed)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		from := 0
		for _, p := range finding.MarkerOf(q).Places(one.text) {
			b.WriteString(one.text[from:p[0]] + "[" + one.text[p[0]:p[1]] + "]")
			from = p[1]
		}
		if got := b.String() + one.text[from:]; got != one.want {
			t.Errorf("%s: got %q, want %q", one.typed, got, one.want)
		}
	}
	if places := (*finding.Marker)(nil).Places("кружка"); places != nil {
		t.Errorf("nobody asked, and %v is marked", places)
	}
}

// What is written after midnight in Moscow is of the day before at Greenwich, and at
// the end of October of the month before too.
func TestDaysBeginWhereWhoeverAsksIs(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("Moscow", 3*60*60)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		account := storetest.Account(t, s, "north")
		night := time.Date(2026, time.November, 1, 1, 30, 0, 0, moscow)
		take(t, s, account, line{"late", int(night.Sub(morning()).Minutes()), "кружка разбилась"})
		for _, one := range []struct {
			typed string
			zone  *time.Location
			want  int
		}{
			{"кружка from:2026-11-01 to:2026-11-01", moscow, 1},
			{"кружка from:2026-11-01 to:2026-11-01", nil, 0},
			{"кружка from:2026-10-31 to:2026-10-31", moscow, 0},
			{"кружка from:2026-10-31 to:2026-10-31", time.UTC, 1},
			{"from:2026-11-01 kind:chat", moscow, 1},
			{"from:2026-11-01 kind:chat", nil, 0},
		} {
			q, err := ask.Parse(one.typed)
			if err != nil {
				t.Fatal(err)
			}
			found, err := search(s).Find(t.Context(), finding.Input{User: 1, Query: q, Zone: one.zone})
			if err != nil || len(found.Items) != one.want {
				t.Errorf("%s in %v finds %d, not %d: %v", one.typed, one.zone, len(found.Items), one.want, err)
			}
			err = s.Read(t.Context(), func(tx *store.Tx) error {
				n, err := finding.Count(t.Context(), tx, finding.CountInput{User: 1, Typed: one.typed, Zone: one.zone, Most: 10})
				if err == nil && *n != one.want {
					t.Errorf("%s in %v counts %d, not %d", one.typed, one.zone, *n, one.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
