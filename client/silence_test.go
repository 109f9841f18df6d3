package client_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk/client"
)

// deadLine is a connection whose other end is gone without a word, the first
// time; later ones work.
type deadLine struct{ calls int }

func (d *deadLine) RoundTrip(r *http.Request) (*http.Response, error) {
	d.calls++
	body := io.Reader(strings.NewReader("id: 5\ndata: {\"seq\":5,\"kind\":\"message.created\",\"at\":\"2026-11-02T08:00:00.000Z\"}\n\n"))
	if d.calls == 1 {
		read, write := io.Pipe()
		go func() {
			<-r.Context().Done()
			_ = write.CloseWithError(r.Context().Err())
		}()
		body = read
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
}

func TestADeadConnectionIsGivenUpAfterAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := &deadLine{}
		c, err := client.New("http://desk.example", "", client.WithHTTPClient(&http.Client{Transport: line}))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for e, err := range c.Events.Follow(t.Context(), 4) {
			if err != nil || e.Seq != 5 {
				t.Fatalf("got %+v, %v", e, err)
			}
			break
		}
		if took := time.Since(start); line.calls != 2 || took < time.Minute || took > 2*time.Minute {
			t.Errorf("came back with call %d after %v", line.calls, took)
		}
	})
}
