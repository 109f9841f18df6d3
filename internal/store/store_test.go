package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := store.Options{Path: filepath.Join(t.TempDir(), "sellerdesk.db"), Key: make([]byte, 32)}
			if engine == "postgres" {
				o.URL = storetest.Postgres(t)
			}
			s := storetest.Open(t, o)
			if err := errors.Join(s.SetSchemaVersion(t.Context(), 9999), s.Close()); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), o)
			wantSentence(t, err, sellerdesk.CodeUnavailable, "newer version")
		})
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := store.Options{Path: filepath.Join(t.TempDir(), "sellerdesk.db"), Key: make([]byte, 32)}
			if engine == "postgres" {
				o.URL = storetest.Postgres(t)
			}
			first := storetest.Open(t, o)
			_, err := store.Open(t.Context(), o)
			wantSentence(t, err, sellerdesk.CodeConflict, "Another Sellerdesk process")
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			second := storetest.Open(t, o)
			storetest.Account(t, second, "shop")
		})
	}
}

// wantSentence wants an error that a person understands.
func wantSentence(t *testing.T, err error, code sellerdesk.Code, part string) {
	t.Helper()
	var said *sellerdesk.Error
	if !errors.As(err, &said) || said.Code != code || !strings.Contains(said.Message, part) {
		t.Errorf("got %v, want %s with %q", err, code, part)
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{})
	a := storetest.Account(t, s, "shop")
	apply(t, s, batch(a, buyer("c1", "m1", "Где заказ?", minute(0))))
	if err := s.LimitPages(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	large := batch(a, buyer("c1", "m2", strings.Repeat("много слов ", 5000), minute(1)))
	large.Batch.Next = "cursor"
	fill := func() error {
		return s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Inbox.Apply(t.Context(), large)
			return err
		})
	}
	wantSentence(t, fill(), sellerdesk.CodeUnavailable, "disk")
	if c := only(t, s, a); c.LastMessage.Text != "Где заказ?" {
		t.Errorf("last message %q", c.LastMessage.Text)
	}
	if err := s.LimitPages(t.Context(), 10000); err != nil {
		t.Fatal(err)
	}
	if err := fill(); err != nil {
		t.Errorf("after room was made: %v", err)
	}
}

func TestAKeyOfTheWrongSizeIsRefused(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "x.db"), Key: []byte("short")})
	wantSentence(t, err, sellerdesk.CodeInvalid, "32 bytes")
}

func TestCredentialsAreSealedForTheirAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.Accounts.Credentials(ctx, a)
			if c["token"].Reveal() != "secret" {
				t.Errorf("credentials %v", c)
			}
			return err
		})
	})
}

func TestTheSameCabinetTwiceIsAConflict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		storetest.Account(t, s, "shop")
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Accounts.Create(t.Context(), store.NewAccount{Channel: "test", Name: "again", Identity: sellerdesk.Identity{Seller: "shop"}})
			return err
		})
		wantSentence(t, err, sellerdesk.CodeConflict, "“shop”")
	})
}

func TestEventsOfConcurrentWritersAreNeverSkipped(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var announced []int64
			o := store.Options{Announce: func(events []sellerdesk.Event) {
				mu.Lock()
				defer mu.Unlock()
				for _, e := range events {
					announced = append(announced, e.Seq)
				}
			}}
			if engine == "postgres" {
				o.URL = storetest.Postgres(t)
			}
			s := storetest.Open(t, o)
			const writers, each = 6, 20
			var group errgroup.Group
			for w := range writers {
				a := storetest.Account(t, s, fmt.Sprint("shop", w))
				group.Go(func() error {
					for n := range each {
						err := s.Write(t.Context(), func(tx *store.Tx) error {
							_, err := tx.Inbox.Apply(t.Context(), batch(a, buyer("c", fmt.Sprint(n), "да", minute(n))))
							return err
						})
						if err != nil {
							return err
						}
					}
					return nil
				})
			}
			// A reader that follows the numbers must see every one of them.
			var followed []int64
			finished := make(chan error, 1)
			go func() { finished <- group.Wait() }()
			for last, done := int64(0), false; ; {
				select {
				case err := <-finished:
					if err != nil {
						t.Fatal(err)
					}
					done = true
				default:
				}
				var events []sellerdesk.Event
				read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
					events, err = tx.Events.After(ctx, last, 1000)
					return err
				})
				for _, e := range events {
					followed, last = append(followed, e.Seq), e.Seq
				}
				if done && len(events) == 0 {
					break
				}
			}
			if least := writers * (1 + each*2); len(followed) < least {
				t.Errorf("followed %d events, want at least %d", len(followed), least)
			}
			if !slices.Equal(announced, followed) {
				t.Error("what was announced differs from what a reader saw, in number or order")
			}
		})
	}
}

func TestTrimKeepsTheNewestEvents(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		for n := range 10 {
			apply(t, s, batch(a, buyer("c", fmt.Sprint(n), "да", minute(n))))
		}
		before := events(t, s)
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Events.Trim(ctx, 5)
			if n != len(before)-5 {
				t.Errorf("forgot %d of %d", n, len(before))
			}
			return err
		})
		if diff := cmp.Diff(before[len(before)-5:], events(t, s)); diff != "" {
			t.Error(diff)
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			first, err := tx.Events.First(ctx)
			if first != before[len(before)-5].Seq {
				t.Errorf("first %d", first)
			}
			return err
		})
	})
}

func TestHostileTextIsKeptAsText(t *testing.T) {
	t.Parallel()
	hostile := []string{"<script>alert(1)</script>", "ноль\x00байт", "\u202eсправа налево\u2066", "\xff\xfe\xfd", strings.Repeat("щ", 100<<10),
		strings.Repeat("a'b\"c\\d ", 1000), "'); DROP TABLE messages; --", "AND OR NOT NEAR(a b) meta:a1 \"", "", strings.Repeat("\n", 5000)}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		var in store.ApplyInput
		for n, text := range hostile {
			m := buyer("c\x00"+text, fmt.Sprint(n, "\x00", text), text, minute(n))
			m.Files = []sellerdesk.RemoteFile{{ID: sellerdesk.RemoteID(text), Name: "../../" + text, Type: text}}
			in.Batch.Messages = append(in.Batch.Messages, m)
			in.Batch.Conversations = append(in.Batch.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: m.Conversation,
				BuyerName: &text, Order: &text, Product: &sellerdesk.Product{ID: sellerdesk.RemoteID(text), Name: sellerdesk.Optional(text)},
				Shut: &sellerdesk.Why{Text: sellerdesk.Optional(text)}})
		}
		in.Account, in.Stream = a, "events"
		in.Batch.Skipped = []sellerdesk.Skipped{{What: hostile[1], Raw: []byte(hostile[3])}}
		if got := apply(t, s, in); got.NewMessages != len(hostile) {
			t.Errorf("%+v", got)
		}
		if got := apply(t, s, in); got.Changed {
			t.Errorf("the second time: %+v", got)
		}
		for _, c := range walk(t, s, store.ConversationQuery{User: 1}) {
			if len(c.LastMessage.Text) > 4*200 || len(c.BuyerName) > 4*200 {
				t.Errorf("a list row of %d and %d bytes", len(c.LastMessage.Text), len(c.BuyerName))
			}
			if _, err := json.Marshal(c); err != nil {
				t.Error(err)
			}
			for _, m := range lines(t, s, c.ID) {
				if strings.ContainsRune(m.Text, 0) || len(m.Text) > 100<<10 || strings.Contains(string(m.Files[0].Name), "/") {
					t.Errorf("kept %q with file %q", m.Text, m.Files[0].Name)
				}
			}
		}
		for _, text := range hostile {
			read(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Search.Find(ctx, asking(text))
				return err
			})
		}
	})
}

func TestBothEnginesFindAndListTheSame(t *testing.T) {
	t.Parallel()
	type outcome struct {
		Lists    map[string][]sellerdesk.Conversation
		Found    map[string][]sellerdesk.MessageID
		Counters sellerdesk.Counters
	}
	var mu sync.Mutex
	outcomes := map[string]outcome{}
	t.Run("engines", func(t *testing.T) {
		storetest.EachWith(t, store.Options{Clock: at(minute(600))}, func(t *testing.T, s *store.Store) {
			a, b := storetest.Account(t, s, "shop"), storetest.Account(t, s, "other")
			for n, id := range []sellerdesk.AccountID{a, b} {
				if _, err := storetest.Fill(t.Context(), s, id, storetest.Load{Seed: uint64(n), Conversations: 30, Messages: 300, Batch: 37, From: start}); err != nil {
					t.Fatal(err)
				}
			}
			o := outcome{Lists: map[string][]sellerdesk.Conversation{}, Found: map[string][]sellerdesk.MessageID{}}
			for n, q := range queries(a) {
				q.Limit = 7
				o.Lists[fmt.Sprint(n)] = walk(t, s, q)
			}
			read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				for _, text := range []string{"заказ", "Возврат денег", "1234-56", "кроссовками", "нет такого", "чёрная футболка", "черный", "1234"} {
					for _, accounts := range [][]sellerdesk.AccountID{nil, {b}, {a, b}} {
						ids, err := found(ctx, tx, asking(text, accounts...))
						if err != nil {
							return err
						}
						o.Found[fmt.Sprint(text, accounts)] = ids
					}
				}
				o.Counters, err = tx.Conversations.Counters(ctx, 1, nil)
				return err
			})
			if len(o.Found["заказ[]"]) == 0 || len(o.Lists["0"]) != 60 {
				t.Errorf("found %d, listed %d", len(o.Found["заказ[]"]), len(o.Lists["0"]))
			}
			mu.Lock()
			defer mu.Unlock()
			outcomes[s.Engine()] = o
		})
	})
	if len(outcomes) < 2 {
		t.Skip("only one engine ran")
	}
	if diff := cmp.Diff(outcomes["sqlite"], outcomes["postgres"]); diff != "" {
		t.Errorf("sqlite and postgres differ:\n%s", diff)
	}
}

func TestRemovingAnAccountLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, b := storetest.Account(t, s, "shop"), storetest.Account(t, s, "stays")
		if _, err := storetest.Fill(t.Context(), s, a, storetest.Load{Conversations: 30, Messages: 300, Batch: 100, From: start}); err != nil {
			t.Fatal(err)
		}
		name := "Анна"
		in := batch(a, buyer("x", "m", "фото", minute(0)))
		in.Batch.Conversations = []sellerdesk.ConversationPatch{{Kind: sellerdesk.KindChat, RemoteID: "x", BuyerName: &name}}
		in.Batch.Messages[0].Files = []sellerdesk.RemoteFile{{ID: "1"}}
		apply(t, s, in)
		apply(t, s, batch(b, buyer("c1", "m1", "заказ", minute(0))))
		queue(t, s, only(t, s, b), "k", "да")
		remove(t, s, a)
		read(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Accounts.Get(ctx, a); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("the account is still there: %v", err)
			}
			found, err := found(ctx, tx, asking("заказ"))
			if len(found) != 1 {
				t.Errorf("found %d messages, want the one that stays", len(found))
			}
			return err
		})
		if c := only(t, s, b); c.LastMessage.Text != "да" {
			t.Errorf("the other account has %+v", c.LastMessage)
		}
		storetest.Account(t, s, "shop") // the same cabinet may come back
	})
}

func TestPeopleSessionsAndLinks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		later := sellerdesk.At(time.Now().Add(time.Hour))
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			owner, has, err := tx.Users.Owner(ctx)
			if owner.ID != 1 || !owner.Owner || has {
				t.Errorf("owner %+v, has a password: %v", owner, has)
			}
			return errors.Join(err,
				tx.Users.SetPassword(ctx, 1, " Анна ", "Анна", "hash"),
				opened(tx.Sessions.Create(ctx, store.NewSession{User: 1, TokenHash: []byte("t1"), Expires: later})),
				opened(tx.Sessions.Create(ctx, store.NewSession{User: 1, TokenHash: []byte("t2"), Expires: sellerdesk.At(time.Now().Add(-time.Second))})),
				tx.Links.Create(ctx, 1, []byte("old"), later), tx.Links.Create(ctx, 1, []byte("l"), later))
		})
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			u, err := tx.Users.ByLogin(ctx, "АННА")
			if err != nil || u.ID != 1 || u.Login != "анна" {
				t.Errorf("by login: %+v, %v", u, err)
			}
			if _, has, _ := tx.Users.Owner(ctx); !has {
				t.Error("no password")
			}
			if _, err := tx.Sessions.Get(ctx, []byte("t1")); err != nil {
				t.Error(err)
			}
			if _, err := tx.Sessions.Get(ctx, []byte("t2")); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
				t.Errorf("an expired session: %v", err)
			}
			for _, link := range []string{"old", "l", "l"} {
				_, err := tx.Links.Use(ctx, []byte(link))
				if (err == nil) != (link == "l") {
					t.Errorf("link %s: %v", link, err)
				}
				if err == nil {
					if _, again := tx.Links.Use(ctx, []byte(link)); again == nil {
						t.Error("a link twice")
					}
					break
				}
			}
			_, err = tx.Sessions.Delete(ctx, []byte("t1"))
			return err
		})
	})
}

func opened(_ sellerdesk.SessionID, err error) error { return err }

func TestAnAnswerToAWriteIsKept(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := start
	clock := sellerdesk.Clock{NowFunc: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }}
	s := storetest.Open(t, store.Options{Clock: clock})
	want := store.Stored{BodyHash: []byte("h"), Status: 202, Body: []byte("{}")}
	get := func() (got store.Stored, found bool) {
		read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			got, found, err = tx.Idempotency.Get(ctx, 1, "k")
			return err
		})
		return got, found
	}
	if _, found := get(); found {
		t.Error("found before it was kept")
	}
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Idempotency.Put(ctx, 1, "k", want) })
	if got, _ := get(); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Idempotency.Put(t.Context(), 1, "k", want) })
	wantSentence(t, err, sellerdesk.CodeConflict, "Idempotency-Key")
	mu.Lock()
	now = now.Add(48 * time.Hour)
	mu.Unlock()
	if _, found := get(); found {
		t.Error("kept longer than 48 hours")
	}
}
