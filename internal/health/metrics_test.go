package health

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// lived gives the figures of a program in which everything happened once.
func lived(t *testing.T, s *store.Store) (*Metrics, *Checker) {
	t.Helper()
	m := NewMetrics(Build{Version: "1", Revision: "r", Go: "go"})
	monitor := NewMonitor(m, sellerdesk.Clock{})
	c := NewChecker(monitor, s, channel.NewRoster(), &Disk{Dir: t.TempDir()})
	m.House(c)
	m.Streams(func() int { return 3 })
	m.Request("/v1/conversations", "GET", 200, false, time.Millisecond)
	m.Request("/in/{account}/{key}", "POST", 200, false, time.Millisecond)
	monitor.Transaction(true, time.Millisecond, time.Millisecond)
	monitor.Transaction(false, time.Millisecond, time.Millisecond)
	monitor.Pulled(channel.Pulled{Account: 1, Channel: "test", Stream: "chats", Took: time.Second})
	m.called("test", http.StatusTooManyRequests, time.Second)
	id := storetest.Account(t, s, "Кабинет «Ромашка»")
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.Accounts.EnsureDoor(t.Context(), id); err != nil {
			return err
		}
		if err := tx.Pushes.Heard(t.Context(), id, sellerdesk.At(time.Now())); err != nil {
			return err
		}
		end := sellerdesk.At(time.Now().Add(time.Hour))
		if err := tx.Accounts.SetIdentity(t.Context(), id, sellerdesk.Identity{Name: "Ромашка", Expires: &end}); err != nil {
			return err
		}
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: id, Stream: "chats", Batch: sellerdesk.Batch{Next: "1"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, c
}

func TestFiguresFollowTheConventionsOfPrometheus(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m, _ := lived(t, s)
		problems, err := testutil.GatherAndLint(m.registry)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			if strings.HasPrefix(p.Metric, "sellerdesk_") {
				t.Errorf("%s: %s", p.Metric, p.Text)
			}
		}
	})
}

func TestFiguresNameNobodyAndNoAddress(t *testing.T) {
	t.Parallel()
	m, _ := lived(t, storetest.Open(t, store.Options{}))
	for _, path := range []string{"/v1/../../etc", "/in/7/geheim", "/" + strings.Repeat("x", 300)} {
		m.Request("", "BREW"+path, 404, false, 0)
	}
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	page := rec.Body.String()
	for _, secret := range []string{"Ромашка", "BREW", "geheim", "xxx", "etc"} {
		if strings.Contains(page, secret) {
			t.Errorf("the figures hold %q", secret)
		}
	}
	for _, want := range []string{
		`sellerdesk_http_requests_total{method="other",route="none",status="4xx"} 3`,
		`sellerdesk_http_requests_total{method="GET",route="/v1/conversations",status="2xx"} 1`,
		`sellerdesk_pushes_total{outcome="received"} 1`, `sellerdesk_sse_streams 3`, `sellerdesk_store_up 1`,
		`sellerdesk_remote_throttled_total{channel="test"} 1`, `sellerdesk_accounts{channel="test",state="ok"} 1`,
		`sellerdesk_stream_read_age_seconds{account="1",channel="test",stream="chats"}`, "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in the figures", want)
		}
	}
}

func TestAStreamIsCountedAndNotMeasured(t *testing.T) {
	t.Parallel()
	m := NewMetrics(Build{})
	m.Request("/v1/events", "GET", 200, true, time.Hour)
	if n := testutil.CollectAndCount(m.took); n != 0 {
		t.Errorf("%d durations of a stream", n)
	}
	if n := testutil.ToFloat64(m.requests.WithLabelValues("/v1/events", "GET", "2xx")); n != 1 {
		t.Errorf("counted %v times", n)
	}
}

func TestADatabaseThatDoesNotAnswerIsToldAndKeepsNoFigureBack(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{Path: t.TempDir() + "/x.db", Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	m := NewMetrics(Build{})
	c := NewChecker(NewMonitor(m, sellerdesk.Clock{}), s, channel.NewRoster(), &Disk{Dir: t.TempDir()})
	m.House(c)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	if page := rec.Body.String(); !strings.Contains(page, "sellerdesk_store_up 0") || !strings.Contains(page, "sellerdesk_disk_free_bytes") {
		t.Errorf("the figures are %.500s", page)
	}
	if unready := c.Ready(t.Context()); len(unready) != 1 || unready[0].Cause != sellerdesk.CauseDatabaseDown {
		t.Errorf("not ready is %+v", unready)
	}
}

// named are the figures that an expression may name.
var named = regexp.MustCompile(`\b(sellerdesk|go|process)_[a-z0-9_]+`)

func TestEveryExpressionOfTheDashboardNamesFiguresThereAre(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	m, _ := lived(t, storetest.Open(t, store.Options{}))
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	there, shown := map[string]bool{}, map[string]bool{}
	for _, f := range families {
		there[f.GetName()] = true
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			names := named.FindAllString(target.Expr, -1)
			if len(names) == 0 {
				t.Errorf("%s: %s names no figure", p.Title, target.Expr)
			}
			for _, name := range names {
				name = strings.TrimSuffix(name, "_bucket")
				shown[name] = true
				if !there[name] {
					t.Errorf("%s: there is no figure %s", p.Title, name)
				}
			}
		}
	}
	for name := range there {
		if strings.HasPrefix(name, "sellerdesk_") && !shown[name] {
			t.Errorf("no panel shows %s", name)
		}
	}
}

// BenchmarkMeasuring is what measuring adds to one request that reads once.
func BenchmarkMeasuring(b *testing.B) {
	m := NewMonitor(NewMetrics(Build{}), sellerdesk.Clock{})
	b.ReportAllocs()
	for b.Loop() {
		m.Transaction(false, time.Microsecond, time.Millisecond)
		m.metrics.Request("/v1/conversations", "GET", 200, false, time.Millisecond)
	}
}
