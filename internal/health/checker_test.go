package health

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// bench is a checker whose clock and disk a test moves.
type bench struct {
	*Checker
	t    *testing.T
	s    *store.Store
	at   time.Time
	free int64
	try  error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), free: 50 << 30}
	clock := sellerdesk.Clock{NowFunc: func() time.Time { return b.at }}
	b.s = storetest.Open(t, store.Options{Clock: clock})
	m := NewMonitor(NewMetrics(Build{}), clock)
	m.real = clock.NowFunc
	b.Checker = NewChecker(m, b.s, channel.NewRoster(), &Disk{
		Dir: t.TempDir(), Free: func(string) (int64, error) { return b.free, nil }, Try: func(string) error { return b.try },
	})
	return b
}

// found gives what is wrong with anything, by the causes, and checks that every
// line is one line in both languages.
func (b *bench) found(ctx context.Context) map[sellerdesk.Cause]sellerdesk.Finding {
	b.t.Helper()
	all, err := b.Status(ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	wrong := map[sellerdesk.Cause]sellerdesk.Finding{}
	for _, f := range all {
		for _, line := range []string{f.Text.RU, f.Text.EN, f.Hint.RU, f.Hint.EN} {
			if strings.ContainsAny(line, "\n\r") || strings.Contains(line, "%!") {
				b.t.Errorf("%s: no line: %q", f.ID, line)
			}
		}
		if (f.State == sellerdesk.FindingOK) != (f.Cause == sellerdesk.CauseFine) {
			b.t.Errorf("%s is %s because of %s", f.ID, f.State, f.Cause)
		}
		if f.State != sellerdesk.FindingOK && f.Cause != sellerdesk.CauseBackupNone {
			wrong[f.Cause] = f
		}
	}
	return wrong
}

// only checks that one thing is wrong, in words that hold these.
func (b *bench) only(cause sellerdesk.Cause, state sellerdesk.FindingState, ru, en string) {
	b.t.Helper()
	wrong := b.found(b.t.Context())
	f, ok := wrong[cause]
	if !ok || len(wrong) != 1 {
		b.t.Fatalf("want %s alone, found %+v", cause, wrong)
	}
	if f.State != state || !strings.Contains(f.Text.RU, ru) || !strings.Contains(f.Text.EN, en) || f.Hint.RU == "" || f.Hint.EN == "" {
		b.t.Errorf("%s is told as %+v", cause, f)
	}
}

// calls notes calls of an account that ended so, a minute apart.
func (b *bench) calls(id sellerdesk.AccountID, n int, o outcome) {
	for range n {
		b.at = b.at.Add(time.Minute)
		o.before, o.after = b.at, b.at
		b.note(id, o)
	}
}

func (b *bench) write(do func(*store.Tx) error) {
	b.t.Helper()
	if err := b.s.Write(b.t.Context(), do); err != nil {
		b.t.Fatal(err)
	}
}

func TestEveryCauseHasItsLinesInBothLanguages(t *testing.T) {
	t.Parallel()
	for cause, s := range sayings() {
		for _, line := range []string{s.text.RU, s.text.EN, s.hint.RU, s.hint.EN} {
			if line == "" || strings.Contains(line, "\n") {
				t.Errorf("%s: %q", cause, line)
			}
		}
		if ru, en := strings.Count(s.text.RU, "%"), strings.Count(s.text.EN, "%"); ru != en {
			t.Errorf("%s takes %d values in Russian and %d in English", cause, ru, en)
		}
		values := make([]any, strings.Count(s.text.RU, "%"))
		for i := range values {
			values[i] = "ЗНАЧЕНИЕ\nи ещё"
		}
		if cause == sellerdesk.CauseBackupNone {
			values = []any{"path"}
		}
		f := Find("x", sellerdesk.FindingWarn, cause, values...)
		if strings.Contains(f.Text.EN+f.Text.RU+f.Hint.EN, "%!") || strings.Contains(f.Text.RU, "\n") {
			t.Errorf("%s is said as %+v", cause, f)
		}
	}
}

func TestAHouseWithNothingWrongSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	storetest.Account(t, b.s, "Лавка")
	if wrong := b.found(t.Context()); len(wrong) != 0 {
		t.Errorf("found %+v", wrong)
	}
	if unready := b.Ready(t.Context()); len(unready) != 0 {
		t.Errorf("not ready: %+v", unready)
	}
}

func TestTheDiskIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, tt := range map[string]struct {
		free   int64
		try    error
		cause  sellerdesk.Cause
		state  sellerdesk.FindingState
		ru, en string
	}{
		"a little is left":           {500 << 20, nil, sellerdesk.CauseDiskLittle, sellerdesk.FindingWarn, "500 МБ", "500 MB"},
		"nothing is left":            {1 << 20, nil, sellerdesk.CauseDiskFull, sellerdesk.FindingFail, "Диск полон", "disk is full"},
		"a quota is used up":         {50 << 30, fmt.Errorf("write: %w", syscall.ENOSPC), sellerdesk.CauseDiskFull, sellerdesk.FindingFail, "Диск полон", "disk is full"},
		"it is mounted read-only":    {50 << 30, syscall.EROFS, sellerdesk.CauseDiskReadOnly, sellerdesk.FindingFail, "нельзя писать", "cannot be written"},
		"the folder is another's":    {50 << 30, syscall.EACCES, sellerdesk.CauseDiskReadOnly, sellerdesk.FindingFail, "нельзя писать", "cannot be written"},
		"it is full and says little": {0, errors.Join(syscall.ENOSPC), sellerdesk.CauseDiskFull, sellerdesk.FindingFail, "0 МБ", "0 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			b.free, b.try, b.disk.tried = tt.free, tt.try, time.Time{}
			b.only(tt.cause, tt.state, tt.ru, tt.en)
			if unready := b.Ready(t.Context()); (len(unready) > 0) != (tt.state == sellerdesk.FindingFail) {
				t.Errorf("not ready: %+v", unready)
			}
		})
	}
}

func TestTheStateAndTheTokenOfACabinetAreTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, tt := range map[string]struct {
		change func(*bench, *store.Tx, sellerdesk.AccountID) error
		cause  sellerdesk.Cause
		state  sellerdesk.FindingState
		ru, en string
	}{
		"its token was refused": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			return tx.Accounts.SetState(b.t.Context(), id, sellerdesk.AccountExpired, sellerdesk.Why{Code: sellerdesk.ReasonExpired})
		}, sellerdesk.CauseTokenExpired, sellerdesk.FindingFail, "Лавка: канал не принимает токен", "does not take the token"},
		"its token has ended": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			end := sellerdesk.At(b.at.Add(-time.Hour))
			return tx.Accounts.SetIdentity(b.t.Context(), id, sellerdesk.Identity{Expires: &end})
		}, sellerdesk.CauseTokenExpired, sellerdesk.FindingFail, "истёк", "expired"},
		"its token ends in three days": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			end := sellerdesk.At(b.at.Add(72 * time.Hour))
			return tx.Accounts.SetIdentity(b.t.Context(), id, sellerdesk.Identity{Expires: &end})
		}, sellerdesk.CauseTokenEnds, sellerdesk.FindingWarn, "осталось 3 дн.", "3 d are left"},
		"its token may only read": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			return tx.Accounts.SetIdentity(b.t.Context(), id, sellerdesk.Identity{ReadOnly: true})
		}, sellerdesk.CauseTokenReadOnly, sellerdesk.FindingWarn, "только для чтения", "read-only"},
		"it is paused": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			return tx.Accounts.SetState(b.t.Context(), id, sellerdesk.AccountPaused, sellerdesk.Why{})
		}, sellerdesk.CauseAccountPaused, sellerdesk.FindingWarn, "на паузе", "paused"},
		"it is broken": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			return tx.Accounts.SetState(b.t.Context(), id, sellerdesk.AccountBroken, sellerdesk.Why{Code: sellerdesk.ReasonCredentials, Text: "Broken."})
		}, sellerdesk.CauseAccountBroken, sellerdesk.FindingFail, "токен не подходит", "Broken"},
		"a stream cannot be read": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			b.Pulled(channel.Pulled{Account: id, Stream: "chats", Class: channel.Temporary})
			return tx.Streams.Failed(b.t.Context(), id, "chats", sellerdesk.Why{Text: "It does not answer."})
		}, sellerdesk.CauseStreamFailing, sellerdesk.FindingWarn, "chats: канал не отвечает", "chats cannot be read: It does not answer"},
		"the remote side does not take its push address": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			if err := tx.Accounts.EnsureDoor(b.t.Context(), id); err != nil {
				return err
			}
			return tx.Pushes.Unasked(b.t.Context(), id, sellerdesk.Why{Code: sellerdesk.ReasonScope, Text: "No right."})
		}, sellerdesk.CausePushRefused, sellerdesk.FindingWarn, "нет нужного права", "No right"},
		"somebody pushes without a signature": {func(b *bench, tx *store.Tx, id sellerdesk.AccountID) error {
			if err := tx.Accounts.EnsureDoor(b.t.Context(), id); err != nil {
				return err
			}
			return tx.Pushes.Unasked(b.t.Context(), id, sellerdesk.Why{Code: sellerdesk.ReasonSignature, Text: "It does not match."})
		}, sellerdesk.CausePushUnsigned, sellerdesk.FindingWarn, "без верной подписи", "It does not match"},
	} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			id := storetest.Account(t, b.s, "Лавка")
			b.write(func(tx *store.Tx) error { return tt.change(b, tx, id) })
			b.only(tt.cause, tt.state, tt.ru, tt.en)
			for done := false; !done; {
				b.write(func(tx *store.Tx) (err error) {
					done, err = tx.Accounts.Remove(t.Context(), id)
					return err
				})
			}
		})
	}
}

func TestAnAddressIsBlockedWhenOthersAnswer(t *testing.T) {
	t.Parallel()
	refused := outcome{err: fmt.Errorf("dial: %w", syscall.ECONNREFUSED)}
	b := newBench(t)
	one, other := storetest.Account(t, b.s, "Лавка"), storetest.Account(t, b.s, "Другая")
	b.calls(one, 2, refused)
	if wrong := b.found(t.Context()); len(wrong) != 0 {
		t.Fatalf("two failures are called %+v", wrong)
	}
	b.calls(one, 3, refused)
	b.only(sellerdesk.CauseUnreachable, sellerdesk.FindingFail, "соединение отклоняется", "connections are refused")
	b.calls(other, 1, outcome{status: 200})
	b.only(sellerdesk.CauseAddressBlocked, sellerdesk.FindingFail, "недоступен", "cannot be reached")
	b.calls(other, 4, refused)
	wrong := b.found(t.Context())
	if f, ok := wrong[sellerdesk.CauseNetworkDown]; !ok || f.State != sellerdesk.FindingFail {
		t.Errorf("with nobody in reach: %+v", wrong)
	}
	b.calls(one, 1, outcome{status: 200})
	b.calls(other, 1, outcome{status: 404})
	if wrong := b.found(t.Context()); len(wrong) != 0 {
		t.Errorf("after answers: %+v", wrong)
	}
	b.calls(one, 4, outcome{status: http.StatusForbidden})
	b.only(sellerdesk.CauseAddressBlocked, sellerdesk.FindingFail, "ответ 403", "answered with 403")
}

func TestAClockIsWrongWhenAllOthersAgree(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, other := storetest.Account(t, b.s, "Лавка"), storetest.Account(t, b.s, "Другая")
	at := func(off time.Duration) outcome {
		return outcome{status: 200, before: b.at, after: b.at, date: b.at.Add(off).Truncate(time.Second)}
	}
	b.note(one, at(0))
	b.note(other, at(2*time.Minute))
	b.only(sellerdesk.CauseRemoteClock, sellerdesk.FindingWarn, "Другая: часы канала расходятся с нашими на 2 мин", "differs from ours by 2 min")
	for range skewsKept {
		b.note(one, at(2*time.Minute))
	}
	b.only(sellerdesk.CauseClockWrong, sellerdesk.FindingWarn, "отстают на 2 мин", "slow by 2 min")
	for range skewsKept {
		b.note(one, at(-time.Hour))
		b.note(other, at(-time.Hour))
	}
	b.only(sellerdesk.CauseClockWrong, sellerdesk.FindingFail, "спешат на 59 мин 59 с", "fast by 59 min")
}

func TestAPushAddressIsLostWhenReadingFindsWhatIsNew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := storetest.Account(t, b.s, "Лавка")
	b.write(func(tx *store.Tx) error {
		if err := tx.Accounts.EnsureDoor(t.Context(), id); err != nil {
			return err
		}
		return tx.Pushes.Heard(t.Context(), id, sellerdesk.At(b.at))
	})
	news := func(n int, caughtUp bool) {
		for range n {
			b.at = b.at.Add(time.Minute)
			b.Pulled(channel.Pulled{Account: id, Stream: "chats", CaughtUp: caughtUp, Messages: 1})
		}
	}
	news(5, true) // beside pushes reading finds things too
	b.at = b.at.Add(time.Hour)
	news(5, false)
	if wrong := b.found(t.Context()); len(wrong) != 0 {
		t.Fatalf("old history is no sign, but: %+v", wrong)
	}
	news(3, true)
	b.only(sellerdesk.CausePushLost, sellerdesk.FindingWarn, "адрес для уведомлений потерян", "the push address is lost")
	b.write(func(tx *store.Tx) error { return tx.Pushes.Heard(t.Context(), id, sellerdesk.At(b.at)) })
	if wrong := b.found(t.Context()); len(wrong) != 0 {
		t.Errorf("after a push: %+v", wrong)
	}
}

func TestWaitsSlowWritesAndStoppedPartsAreTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := storetest.Account(t, b.s, "Лавка")
	for range manyWaits {
		b.note(id, outcome{status: http.StatusTooManyRequests, before: b.at, after: b.at})
	}
	b.only(sellerdesk.CauseThrottled, sellerdesk.FindingWarn, "просит подождать", "makes us wait")
	b.at = b.at.Add(time.Hour)
	for range 20 {
		b.Transaction(true, time.Second, 2*time.Second)
	}
	b.only(sellerdesk.CauseDatabaseSlow, sellerdesk.FindingWarn, "3 с", "3 s")
	b.at = b.at.Add(time.Hour)
	if err := b.Alive("pull", func(context.Context) error { return nil })(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.only(sellerdesk.CauseWorkerStopped, sellerdesk.FindingFail, "pull", "pull")
}

func TestWhoSeesOneCabinetHearsOfThatOneOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	mine, other := storetest.Account(t, b.s, "Моя"), storetest.Account(t, b.s, "Чужая")
	b.write(func(tx *store.Tx) error {
		return tx.Accounts.SetState(t.Context(), other, sellerdesk.AccountPaused, sellerdesk.Why{})
	})
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: 2, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{mine: sellerdesk.RightsOf(sellerdesk.RightSee)}})
	all, err := b.Status(ctx)
	if err != nil || len(all) != 1 || all[0].Account == nil || *all[0].Account != mine {
		t.Errorf("hears of %+v, %v", all, err)
	}
	if all, err := b.Status(sellerdesk.WithAccess(t.Context(), sellerdesk.Access{})); err != nil || len(all) != 0 {
		t.Errorf("nobody hears of %+v, %v", all, err)
	}
}

func TestFailuresOfCallsAreTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  error
		want trouble
	}{
		"no such name":     {&net.DNSError{Name: "x", IsNotFound: true}, troubleName},
		"nobody listens":   {fmt.Errorf("x: %w", syscall.ECONNREFUSED), troubleRefused},
		"no answer":        {fmt.Errorf("x: %w", context.DeadlineExceeded), troubleTimeout},
		"a foreign answer": {tls.RecordHeaderError{Msg: "x"}, troubleTLS},
		"cut":              {fmt.Errorf("x: %w", syscall.ECONNRESET), troubleCut},
		"anything":         {errors.New("x"), troubleOther},
	} {
		if got := troubleOf(tt.err); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAWatchedClientTellsOfItsCallsAndSendsAsBefore(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
		if r.URL.Path == "/slow" {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	defer server.Close()
	m := NewMonitor(NewMetrics(Build{}), sellerdesk.Clock{})
	client := m.Client("test", server.Client())
	get := func(ctx context.Context, path string) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
	}
	get(channel.WithAccount(t.Context(), 7), "/")
	get(channel.WithAccount(t.Context(), 7), "/slow")
	get(t.Context(), "/") // of no account
	stopped, stop := context.WithCancel(channel.WithAccount(t.Context(), 8))
	stop()
	get(stopped, "/") // ended by ourselves
	skews := m.skews()
	if off := skews[7]; len(skews) != 1 || off < 9*time.Minute || off > 11*time.Minute || m.waits(7) != 1 {
		t.Errorf("skews %v, waits %d", skews, m.waits(7))
	}
	if got := watched.WithoutKeepAlives(client.Transport.(watched)).(watched).base.(*http.Transport); !got.DisableKeepAlives {
		t.Error("writes keep their connections")
	}
}
