package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

func FuzzControl(f *testing.F) {
	w := newWorld(f, 1, sandbox.Options{Messages: 50})
	for _, body := range []string{
		`{"api":"wildberries","kind":"chat","text":"a","files":[{"name":"a.pdf","size":10}]}`, `{"advance":"1s","scale":0}`,
		`{"api":"wildberries","kind":"review","rating":3,"files":[{"name":"a.jpg"}]}`, `{"api":"wildberries","kind":"question","text":"a"}`, `{"api":"wildberries","kind":"claim","text":"approve1","conversation":"x"}`,
		`[{"api":"wildberries","operation":"*","share":0.5,"effect":"skew","seconds":-3}]`, `{"seed":18446744073709551615}`, `{"account":1}`, `null`, `[]`, `{}{}`,
	} {
		for call := range byte(5) {
			f.Add(call, body)
		}
	}
	f.Fuzz(func(t *testing.T, call byte, body string) {
		path := []string{"buyer", "seller", "faults", "clock", "push"}[call%5]
		r := httptest.NewRequest(http.MethodPost, "http://localhost/_sandbox/"+path, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		rw := httptest.NewRecorder()
		w.Handler().ServeHTTP(rw, r)
		if rw.Code != 200 && rw.Code != 400 || !json.Valid(rw.Body.Bytes()) {
			t.Fatalf("%s: %d %s", path, rw.Code, rw.Body)
		}
	})
}
