package yandexmarket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
	"github.com/sellerdesk/sellerdesk/yandexmarket"
)

type personKey struct{}

// asPerson puts a call into the lane of persons.
func asPerson(ctx context.Context) context.Context { return context.WithValue(ctx, personKey{}, true) }

func lane(ctx context.Context) yandexmarket.Lane {
	if ctx.Value(personKey{}) != nil {
		return yandexmarket.LanePerson
	}
	return yandexmarket.LanePoll
}

// answered is an answer as a limiter sees it.
func answered(status int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h}
}

func TestFourRequestsAtOnceAndOneOfThemForAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := yandexmarket.NewBudget(yandexmarket.BudgetOptions{Lane: lane})
		ctx := t.Context()
		buckets := []string{yandexmarket.BucketChats, yandexmarket.BucketChat, yandexmarket.BucketReviews}
		for _, bucket := range buckets {
			if err := b.Wait(ctx, bucket); err != nil {
				t.Fatal(err)
			}
		}
		ended, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := b.Wait(ended, yandexmarket.BucketSettings); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a fourth poll: %v", err)
		}
		began := time.Now()
		if err := b.Wait(asPerson(ctx), yandexmarket.BucketChatSend); err != nil || time.Since(began) > 0 {
			t.Errorf("a person waited %v, %v", time.Since(began), err)
		}
		ended, cancel = context.WithTimeout(asPerson(ctx), time.Minute)
		defer cancel()
		if err := b.Wait(ended, yandexmarket.BucketChatSend); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a fifth request: %v", err)
		}
		var group sync.WaitGroup
		group.Go(func() {
			if err := b.Wait(ctx, yandexmarket.BucketAnswers); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Second)
		for _, bucket := range append(buckets, yandexmarket.BucketChatSend) {
			b.Observe(bucket, answered(200))
		}
		group.Wait()
		b.Observe(yandexmarket.BucketAnswers, nil)
		b.Observe("no such bucket", nil)
		for range 3 { // all places are back
			if err := b.Wait(ctx, yandexmarket.BucketChats); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestPatienceBoundsTheWaitForAPlaceAndForAQuota(t *testing.T) {
	t.Parallel()
	for _, patience := range []time.Duration{-1, 10 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			ctx := t.Context()
			b := yandexmarket.NewBudget(yandexmarket.BudgetOptions{Patience: patience})
			for range 3 {
				if err := b.Wait(ctx, yandexmarket.BucketChats); err != nil {
					t.Fatal(err)
				}
			}
			began := time.Now()
			err := b.Wait(ctx, yandexmarket.BucketChat)
			if err == nil || ctx.Err() != nil || time.Since(began) > max(patience, time.Millisecond) {
				t.Errorf("for a place: %v after %v", err, time.Since(began))
			}
			for range 3 {
				b.Observe(yandexmarket.BucketChats, answered(200))
			}
			c := scripted(t, always(200, `{"status":"OK","result":{"chats":[]}}`), yandexmarket.WithLimiter(b))
			b.Observe(yandexmarket.BucketChats, answered(420, "X-RateLimit-Resource-Until", time.Now().Add(20*time.Minute).UTC().Format(http.TimeFormat)))
			began = time.Now()
			_, err = c.Chats.List(ctx, 5, yandexmarket.ListChats{})
			var e *yandexmarket.Error
			if !errors.Is(err, yandexmarket.ErrThrottled) || !errors.Is(err, yandexmarket.ErrNotSent) || !errors.As(err, &e) || e.RetryAfter < 20*time.Minute {
				t.Errorf("for a quota: %v", err)
			}
			if time.Since(began) > 0 {
				t.Errorf("it took %v", time.Since(began))
			}
		})
	}
}

// What the client makes itself follows WithPatience too.
func TestTheOwnBudgetOfAClientHasItsPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		until := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
		c, err := yandexmarket.New(someKey, yandexmarket.WithHTTPClient(&http.Client{Transport: always(420, "{}", "X-RateLimit-Resource-Until", until)}),
			yandexmarket.WithPatience(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second one is not even sent
			began := time.Now()
			_, err := c.Chats.List(t.Context(), 5, yandexmarket.ListChats{})
			if !errors.Is(err, yandexmarket.ErrThrottled) || time.Since(began) > time.Minute {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		}
	})
}

func TestQuotasFollowTheTier(t *testing.T) {
	t.Parallel()
	count := func(b *yandexmarket.Budget, bucket string) int {
		for _, s := range b.Snapshot() {
			if s.Bucket == bucket {
				return s.Limit
			}
		}
		return 0
	}
	b := yandexmarket.NewBudget(yandexmarket.BudgetOptions{})
	none := count(b, yandexmarket.BucketQuestions)
	b.SetTier(yandexmarket.TierMedium)
	medium := count(b, yandexmarket.BucketQuestions)
	b.SetTier(yandexmarket.TierLight)
	if light := count(b, yandexmarket.BucketQuestions); none != 100 || medium != 500 || light != none {
		t.Errorf("%d without, %d with MEDIUM, %d with LIGHT may go at once", none, medium, light)
	}
	if n := len(b.Snapshot()); n != 19 {
		t.Errorf("%d quotas, the methods are 19", n)
	}
}

// A quota that the answers call used up is left alone until it begins anew.
func TestAUsedUpQuotaIsLeftAloneUntilItsHourEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := yandexmarket.NewBudget(yandexmarket.BudgetOptions{})
		ctx, began := t.Context(), time.Now()
		if err := b.Wait(ctx, yandexmarket.BucketToken); err != nil {
			t.Fatal(err)
		}
		// The clock of the answer is an hour ahead of ours: the difference counts.
		there := began.Add(time.Hour).UTC()
		b.Observe(yandexmarket.BucketToken, answered(200, "X-RateLimit-Resource-Remaining", "0", "Date", there.Format(http.TimeFormat),
			"X-RateLimit-Resource-Until", there.Add(10*time.Minute).Format(http.TimeFormat)))
		if err := b.Wait(ctx, yandexmarket.BucketToken); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 10*time.Minute || took > 11*time.Minute {
			t.Errorf("it waited %v", took)
		}
		b.Observe(yandexmarket.BucketToken, nil)
	})
}

// That the hour has much left is no reason to spend it now: the next hour may
// have begun by the remote side's clock when this one is spent.
func TestAQuotaIsSpentEvenlyWhateverIsLeftOfTheHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, err := yandexmarket.New(someKey, yandexmarket.WithHTTPClient(&http.Client{
			Transport: always(200, `{"status":"OK","result":{"chatId":7}}`, "X-RateLimit-Resource-Remaining", "990"),
		}))
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 400 {
			if _, err := c.Chats.Get(t.Context(), 5, 7); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < 20*time.Minute || took > 21*time.Minute {
			t.Errorf("400 of 1,000 an hour went in %v: 100 may go at once, 900 in an hour", took)
		}
	})
}

// worldInside answers as the emulator, inside the bubble of a test: with delays
// on both ways, while the emulator holds its place for the request.
type worldInside struct {
	handler http.Handler
	t       *testing.T

	mu           sync.Mutex // guards what follows
	flying, most int
	arrived      map[string]int
}

// slowBody makes the emulator work for a while: it reads after it has counted.
type slowBody struct {
	io.Reader
	once  sync.Once
	pause time.Duration
}

func (s *slowBody) Read(p []byte) (int, error) {
	s.once.Do(func() { time.Sleep(s.pause) })
	return s.Reader.Read(p)
}

func (w *worldInside) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := drained(r)
	if err != nil {
		return nil, err
	}
	sent := r.Clone(r.Context())
	sent.Body = io.NopCloser(&slowBody{Reader: bytes.NewReader(body), pause: rand.N(2 * time.Second)})
	sent.Host = sent.URL.Host
	w.mu.Lock()
	w.flying++
	w.most = max(w.most, w.flying)
	w.mu.Unlock()
	time.Sleep(rand.N(time.Second))
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, sent)
	time.Sleep(rand.N(time.Second))
	w.mu.Lock()
	w.flying--
	w.arrived[r.Method+" "+r.URL.Path]++
	w.mu.Unlock()
	if rec.Code == 420 {
		w.t.Errorf("%s %s: %s", r.Method, r.URL.Path, rec.Body)
	}
	return rec.Result(), nil
}

// A greedy program asks for everything as fast as it may, with several
// goroutines, from the middle of an hour far into the next one: no answer is a
// 420, and somebody's words never wait.
func TestGreedyProgramsAreNeverRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		world, err := sandbox.New(7, sandbox.Options{Start: start.Add(25 * time.Minute), Messages: 20, Accounts: 1, Questions: 5, Reviews: 5})
		if err != nil {
			t.Fatal(err)
		}
		emulator.Mount(world, emulator.Options{})
		a := world.Accounts(emulator.API)[0]
		inside := &worldInside{handler: world.Handler(), t: t, arrived: map[string]int{}}
		budget := yandexmarket.NewBudget(yandexmarket.BudgetOptions{Lane: lane, Clock: yandexmarket.Clock{Now: world.Clock().Now, NewTimer: world.Clock().NewTimer}})
		c, err := yandexmarket.New(emulator.Token(a, emulator.TokenOptions{}), yandexmarket.WithHTTPClient(&http.Client{Transport: inside}), yandexmarket.WithLimiter(budget))
		if err != nil {
			t.Fatal(err)
		}
		got, err := world.BuyerWrites(t.Context(), sandbox.BuyerMessage{API: emulator.API, Kind: sandbox.KindChat, Text: "Где заказ?"})
		if err != nil {
			t.Fatal(err)
		}
		business, chat := emulator.Business(a), number(t, got.Conversation)
		ctx, cancel := context.WithTimeout(t.Context(), 75*time.Minute)
		defer cancel()
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() { greedily(ctx, t, func() error { return drop(c.Auth.Token(ctx)) }) })
			group.Go(func() { greedily(ctx, t, func() error { return drop(c.Business.Settings(ctx, business)) }) })
			group.Go(func() { greedily(ctx, t, func() error { return drop(c.Chats.Get(ctx, business, chat)) }) })
			group.Go(func() {
				greedily(ctx, t, func() error { return drop(c.Questions.List(ctx, business, yandexmarket.ListQuestions{Limit: 1})) })
			})
		}
		group.Go(func() { speaks(asPerson(ctx), t, c, business, chat) })
		group.Wait()
		if n := world.State().Violations[emulator.API]; n != 0 {
			t.Errorf("%d requests were too many", n)
		}
		if inside.most > 4 {
			t.Errorf("%d requests were on their way at once", inside.most)
		}
		// Evenly spent, a quota of 100 an hour is 90 and a tenth at once.
		for path, least := range map[string]int{"POST /v2/auth/token": 110, fmt.Sprintf("GET /v2/businesses/%d/chat", business): 900} {
			if inside.arrived[path] < least {
				t.Errorf("%s was asked %d times only", path, inside.arrived[path])
			}
		}
	})
}

func greedily(ctx context.Context, t *testing.T, ask func() error) {
	for ctx.Err() == nil {
		if err := ask(); err != nil && ctx.Err() == nil {
			t.Error(err)
			return
		}
	}
}

// speaks sends a line a minute; none may wait longer than requests take.
func speaks(ctx context.Context, t *testing.T, c *yandexmarket.Client, business, chat int64) {
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		err := c.Chats.Send(ctx, business, chat, "строка "+strings.Repeat("а", n%50+1)+fmt.Sprint(n))
		if took := time.Since(began); ctx.Err() == nil && (err != nil || took > 5*time.Second) {
			t.Errorf("a line took %v, %v", took, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
	}
}
