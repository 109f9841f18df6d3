package web_test

import (
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"
)

// firstScreen is how much the first screen may weigh as it travels, in bytes.
const firstScreen = 250_000

var (
	linked   = regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`)
	imported = regexp.MustCompile(`(?m)^(?:import|export)[^"]*from "(\.[^"]+)"|^import "(\.[^"]+)"`)
	inStyle  = regexp.MustCompile(`url\("?([^")#:]+)"?\)`)
)

func TestTheFirstScreenIsLight(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	for n := range 60 {
		h.Chat(t, fmt.Sprint("buyer", n), minutes(60-n), fmt.Sprint("Здравствуйте! Когда придёт заказ номер ", n))
	}
	v := visit(t, h)
	body := v.do(http.MethodGet, "/", nil).body
	wanted := []string{"/"}
	for _, m := range linked.FindAllStringSubmatch(body, -1) {
		wanted = append(wanted, m[1])
	}
	seen, total := map[string]bool{}, 0
	for len(wanted) > 0 {
		address := wanted[0]
		wanted = wanted[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		source := v.do(http.MethodGet, address, nil).body
		var further [][]string
		switch path.Ext(address) {
		case ".js":
			further = imported.FindAllStringSubmatch(source, -1)
		case ".css":
			further = inStyle.FindAllStringSubmatch(source, -1)
		}
		for _, m := range further {
			wanted = append(wanted, path.Join(path.Dir(address), strings.Join(m[1:], "")))
		}
		weight := len(v.do(http.MethodGet, address, nil, "Accept-Encoding", "gzip").body)
		t.Logf("%7d %s", weight, address)
		total += weight
	}
	if len(seen) < 15 {
		t.Fatalf("only %d parts were found", len(seen))
	}
	t.Logf("%d bytes in %d requests", total, len(seen))
	if total > firstScreen {
		t.Errorf("the first screen weighs %d bytes, more than %d", total, firstScreen)
	}
}

func TestTheFirstScreenIsUsableWithinASecondWhereNothingIsKeptYet(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	for n := range 60 {
		h.Chat(t, fmt.Sprint("buyer", n), minutes(60-n), "Здравствуйте! Когда придёт заказ?")
	}
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.until("the list can be used", `performance.getEntriesByName("ready").length === 1`)
	took := time.Duration(value[float64](b, `performance.getEntriesByName("ready")[0].startTime`) * float64(time.Millisecond))
	t.Logf("usable after %s", took)
	// A second is the promise on a machine at rest; that of a test is busy.
	if took > 4*time.Second {
		t.Errorf("usable after %s", took)
	}
}
