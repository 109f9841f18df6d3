package server

import (
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// metricsPath is where the figures for Prometheus are.
const metricsPath = "/metrics"

// metrics answers with the figures: to programs on this machine, and from
// elsewhere to whoever may change the house.
func (s vitals) metrics(w http.ResponseWriter, r *http.Request) {
	if !local(r, s.deps.Proxied) && !sellerdesk.AccessOf(r.Context()).May(sellerdesk.RightSettings) {
		s.Problem(w, r, sellerdesk.Errorf(sellerdesk.CodeForbidden,
			"Metrics are for this machine; from elsewhere a key with the right %q is needed.", sellerdesk.RightSettings))
		return
	}
	s.deps.Metrics.ServeHTTP(w, r)
}

// local tells whether a program on this machine asks. A proxy on this machine
// speaks for others: where there is one, by our settings or by what it says of
// itself, nobody counts as local.
func local(r *http.Request, proxied bool) bool {
	if proxied || !loopbackAddress(r.RemoteAddr) || !loopbackHost(r.Host) || r.ProtoMajor == 1 && r.ProtoMinor == 0 {
		return false
	}
	for _, sign := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if r.Header.Get(sign) != "" {
			return false
		}
	}
	return true
}
