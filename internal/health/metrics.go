package health

import (
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sellerdesk/sellerdesk"
)

// pushRoute begins the routes at which remote sides push.
const pushRoute = "/in/"

// Build is what is told of the program itself.
type Build struct {
	Version, Revision, Go string
}

// Metrics are the figures of one program in a registry of its own. All methods
// are safe for concurrent use and take about a microsecond, but for the
// answer of Handler.
type Metrics struct {
	registry *prometheus.Registry

	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	pushes   *prometheus.CounterVec

	storeTook   *prometheus.HistogramVec
	storeWaited *prometheus.HistogramVec

	pulls    *prometheus.CounterVec
	pullTook *prometheus.HistogramVec

	remote     *prometheus.CounterVec
	remoteTook *prometheus.HistogramVec
	throttled  *prometheus.CounterVec
}

// Buckets in seconds: of what a person waits for, and of what remote sides do.
func quick() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
}

func slow() []float64 { return []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300} }

// NewMetrics makes the figures of a program.
func NewMetrics(b Build) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "sellerdesk", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "sellerdesk", Name: name, Help: help, Buckets: buckets}, labels)
	}
	m.requests = counter("http_requests_total", "Requests answered, by route, method and class of the status.", "route", "method", "status")
	m.took = histogram("http_request_duration_seconds", "How long requests took, without streams.", quick(), "route", "method")
	m.pushes = counter("pushes_total", "Pushes of remote sides, by whether they were kept.", "outcome")
	m.storeTook = histogram("store_transaction_duration_seconds", "How long transactions took after they had a connection.", quick(), "kind")
	m.storeWaited = histogram("store_wait_duration_seconds", "How long transactions waited for a connection.", quick(), "kind")
	m.pulls = counter("pulls_total", "Readings of streams, by outcome.", "channel", "stream", "outcome")
	m.pullTook = histogram("pull_duration_seconds", "How long readings took with the wait for the budget.", slow(), "channel", "stream")
	m.remote = counter("remote_requests_total", "Calls to remote sides, by class of the status; none: no answer came.", "channel", "status")
	m.remoteTook = histogram("remote_request_duration_seconds", "How long remote sides took to answer.", slow(), "channel")
	m.throttled = counter("remote_throttled_total", "Calls that remote sides refused for their limits.", "channel")
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests, m.took, m.pushes, m.storeTook, m.storeWaited, m.pulls, m.pullTook, m.remote, m.remoteTook, m.throttled,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Namespace: "sellerdesk", Name: "build_info", Help: "Always 1; the labels tell the build.",
			ConstLabels: prometheus.Labels{"version": b.Version, "revision": b.Revision, "goversion": b.Go},
		}, func() float64 { return 1 }),
	)
	return m
}

// Handler answers with all figures. It reads the store for some.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: 3, Timeout: 15 * time.Second, ErrorHandling: promhttp.ContinueOnError,
		DisableCompression: true, // the server compresses
	})
}

// Streams adds a figure: how many clients follow what happens.
func (m *Metrics) Streams(count func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "sellerdesk", Name: "sse_streams", Help: "Clients that follow what happens.",
	}, func() float64 { return float64(count()) }))
}

// Request counts one request that was answered. The route is the pattern that
// took it, without a method; never the address, which holds names and keys. How
// long a stream took tells nothing and is left out.
func (m *Metrics) Request(route, method string, status int, stream bool, took time.Duration) {
	if route == "" {
		route = "none"
	}
	method, class := knownMethod(method), statusClass(status)
	m.requests.WithLabelValues(route, method, class).Inc()
	if !stream {
		m.took.WithLabelValues(route, method).Observe(took.Seconds())
	}
	if strings.HasPrefix(route, pushRoute) && method == http.MethodPost {
		outcome := "received"
		if class != "2xx" {
			outcome = "refused"
		}
		m.pushes.WithLabelValues(outcome).Inc()
	}
}

// knownMethod keeps strangers from making a series for each word they invent.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

func statusClass(status int) string {
	switch {
	case status >= 100 && status < 600:
		return string(rune('0'+status/100)) + "xx"
	case status == 0:
		return "none"
	}
	return "other"
}

// Transaction counts one transaction of the store.
func (m *Metrics) Transaction(write bool, waited, took time.Duration) {
	kind := "read"
	if write {
		kind = "write"
	}
	m.storeWaited.WithLabelValues(kind).Observe(waited.Seconds())
	m.storeTook.WithLabelValues(kind).Observe(took.Seconds())
}

// pulled counts one reading of a stream; class is "" when it worked.
func (m *Metrics) pulled(channel sellerdesk.ChannelKind, stream, class string, took time.Duration) {
	if class == "" {
		class = "ok"
	}
	m.pulls.WithLabelValues(string(channel), stream, class).Inc()
	m.pullTook.WithLabelValues(string(channel), stream).Observe(took.Seconds())
}

// called counts one call to a remote side; status is 0 when no answer came.
func (m *Metrics) called(channel sellerdesk.ChannelKind, status int, took time.Duration) {
	m.remote.WithLabelValues(string(channel), statusClass(status)).Inc()
	m.remoteTook.WithLabelValues(string(channel)).Observe(took.Seconds())
	if status == http.StatusTooManyRequests {
		m.throttled.WithLabelValues(string(channel)).Inc()
	}
}
