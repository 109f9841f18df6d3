package custom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// says starts a script that gives one answer, "200 {…}", and counts how often it
// was asked.
func says(t *testing.T, answer string, header ...string) (address string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	var status int
	_, _ = fmt.Sscan(answer, &status)
	_, text, _ := strings.Cut(answer, " ")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/replies?token=hidden", asked
}

func reply(text string) sellerdesk.Reply {
	return sellerdesk.Reply{Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: "7"}, Text: text}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	t.Parallel()
	const taken = channel.Class("")
	for _, c := range []struct {
		name, answer       string
		class, idempotent  channel.Class // of a script that takes the same id once, too
		says               string        // or the id of what was taken
		header             string
		after, atMostAfter time.Duration
	}{
		{name: "taken, with an id", answer: `200 {"id":"r1"}`, says: "r1"},
		{name: "taken, with a number", answer: `201 {"id":5}`, says: "5"},
		{name: "taken without an id", answer: `200 {}`, says: "intent"},
		{name: "taken without a word", answer: `204`, says: "intent"},
		{name: "taken in plain words", answer: `200 ok`, says: "intent"},
		{name: "taken, and the answer is broken JSON", answer: `200 {"id":`, class: channel.Unknown, idempotent: channel.Temporary, says: "not confirm"},
		{name: "taken under an id without end", answer: `200 {"id":"` + strings.Repeat("x", 201) + `"}`, class: channel.Unknown, idempotent: channel.Temporary, says: "not confirm"},
		{name: "refused with a sentence", answer: `422 {"error":"The buyer has\nleft."}`, class: channel.Refused, idempotent: channel.Refused, says: "The buyer has left."},
		{name: "refused as problems are", answer: `400 {"title":"x","detail":"Too long."}`, class: channel.Refused, idempotent: channel.Refused, says: "Too long."},
		{name: "refused with an object", answer: `400 {"error":{"code":5}}`, class: channel.Refused, idempotent: channel.Refused, says: "status 400"},
		{name: "refused without a word", answer: `404 <html>`, class: channel.Refused, idempotent: channel.Refused, says: "status 404"},
		{name: "gone", answer: `410 {"error":"No such chat."}`, class: channel.Gone, idempotent: channel.Gone, says: "No such chat."},
		{name: "not signed as it wants", answer: `401 {"error":"x"}`, class: channel.Unauthorized, idempotent: channel.Unauthorized, says: "compare the secret"},
		{name: "too much at once", answer: `429`, header: "90", class: channel.Throttled, idempotent: channel.Throttled, says: "wait", after: 90 * time.Second, atMostAfter: 90 * time.Second},
		{name: "too much for ever", answer: `429`, header: "99999999999", class: channel.Throttled, idempotent: channel.Throttled, says: "wait", after: time.Second, atMostAfter: longestPause},
		{name: "too much, and no word until when", answer: `429`, class: channel.Throttled, idempotent: channel.Throttled, says: "wait", after: defaultPause, atMostAfter: defaultPause},
		{name: "takes nothing now", answer: `503`, header: "5", class: channel.Temporary, idempotent: channel.Temporary, says: "tried again", after: 5 * time.Second, atMostAfter: 5 * time.Second},
		{name: "fails", answer: `500 {"error":"Traceback"}`, class: channel.Unknown, idempotent: channel.Temporary, says: "not confirm"},
		{name: "a proxy gives up", answer: `504 <html>`, class: channel.Unknown, idempotent: channel.Temporary, says: "not confirm"},
		{name: "somewhere else", answer: `307`, class: channel.Refused, idempotent: channel.Refused, says: "redirects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for declared, want := range map[string]channel.Class{"no": c.class, "yes": c.idempotent} {
				address, asked := says(t, c.answer, "Retry-After", c.header, "Location", "http://127.0.0.1:1/")
				receipt, err := opened(t, fieldReply, address, fieldIdempotent, declared).Send(sellerdesk.WithIntent(t.Context(), "intent"), reply("привет"))
				class, e := channel.ClassOf(err)
				if class != want || want != taken && (!strings.Contains(string(e.Why.Text), c.says) || e.RetryAfter < c.after || e.RetryAfter > c.atMostAfter) {
					t.Errorf("it is %v, want %q", err, want)
				}
				if err == nil && string(receipt.RemoteID) != c.says {
					t.Errorf("it is called %q", receipt.RemoteID)
				}
				if err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, err), "hidden") {
					t.Errorf("the address shows: %v", err)
				}
				if n := asked.Load(); n != 1 {
					t.Errorf("the script was asked %d times", n)
				}
			}
		})
	}
}

// TestALibraryOfTheStandardReadsBothWays lets an independent reading of Standard
// Webhooks verify our replies, and sign pushes for us.
func TestALibraryOfTheStandardReadsBothWays(t *testing.T) {
	t.Parallel()
	const first, second = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
	for _, secret := range []string{first, second} { // the second is still believed while it is replaced
		library, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err = errors.Join(err, library.Verify(body, r.Header)); err != nil {
				t.Errorf("the library does not believe us: %v", err)
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
		t.Cleanup(s.Close)
		if _, err := opened(t, fieldSecret, first+" "+second, fieldReply, s.URL).Send(t.Context(), reply("привет")); err != nil {
			t.Error(err)
		}
		body, at := []byte(`{"type":"ping"}`), time.Now()
		value, err := library.Sign("msg_1", at, body)
		if err != nil {
			t.Fatal(err)
		}
		p := sellerdesk.Push{Body: body, Received: sellerdesk.At(at), Signature: sellerdesk.PushSignature{ID: "msg_1", Timestamp: strconv.FormatInt(at.Unix(), 10), Value: value}}
		if err := admit(map[string]sellerdesk.Secret{fieldSecret: first + " " + second}, p); err != nil {
			t.Errorf("we do not believe the library: %v", err)
		}
	}
}

func TestAReplyThatNeverLeftMayBeRepeated(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + free.Addr().String() + "/?token=hidden"
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	c := opened(t, fieldReply, nobody)
	_, err = c.Send(t.Context(), reply("привет"))
	if class, _ := channel.ClassOf(err); class != channel.Temporary || strings.Contains(err.Error(), "hidden") {
		t.Errorf("without anybody there it is %v", err)
	}
	if who, err := c.Check(t.Context()); err != nil || !strings.HasPrefix(who.Name, "127.0.0.1:") || who.ReadOnly {
		t.Errorf("an account cannot be added before its script runs: %+v, %v", who, err)
	}
}

// TestAPrivateAddressIsNeverCalledForWhoMayNotNameIt asks at every call, because a
// name that led nowhere when the account was added can lead inside later.
func TestAPrivateAddressIsNeverCalledForWhoMayNotNameIt(t *testing.T) {
	t.Parallel()
	address, asked := says(t, `200 {"name":"Сайт"}`)
	c := opened(t, fieldReply, address, fieldList, address)
	if who, err := c.Check(t.Context()); err != nil || who.Name != "Сайт" {
		t.Errorf("with the client of who may it is %+v, %v", who, err)
	}
	for name, to := range map[string]struct {
		address string
		client  *http.Client
		says    string
	}{
		"a private address, of who may not name one": {address, newClient(false), "settings of the house"},
		"a private address, without a client":        {address, nil, "settings of the house"},
		"a link-local address, of who may":           {"http://169.254.169.254/latest", newClient(true), "link-local"},
	} {
		asked.Store(0)
		made, err := open(channel.Settings{Client: to.client, Credentials: map[string]sellerdesk.Secret{
			fieldSecret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", fieldReply: sellerdesk.Secret(to.address), fieldList: sellerdesk.Secret(to.address),
		}})
		if err != nil {
			t.Fatal(err)
		}
		c := made.(*connector)
		refused := func(what string, class channel.Class, err error) {
			t.Helper()
			if got, e := channel.ClassOf(err); got != class || !strings.Contains(string(e.Why.Text), to.says) {
				t.Errorf("%s: %s gives %v", name, what, err)
			}
		}
		_, err = c.Check(t.Context())
		refused("a check", channel.Unauthorized, err)
		_, err = c.Send(t.Context(), reply("привет"))
		refused("a reply", channel.Refused, err)
		_, err = c.Pull(t.Context(), streamEvents, "")
		refused("a list", channel.Refused, err)
		got, err := c.Fetch(t.Context(), file{URL: to.address}.remote())
		if err != nil || got.State != sellerdesk.FetchRefused || asked.Load() != 0 {
			t.Errorf("%s: a file is %+v, %v, and it was asked %d times", name, got, err, asked.Load())
		}
	}
}

func TestTheSameIntentIsToldUnderTheSameName(t *testing.T) {
	t.Parallel()
	var bodies [][]byte
	var names []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies, names = append(bodies, body), append(names, r.Header.Get("Webhook-Id"))
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer s.Close()
	c := opened(t, fieldReply, s.URL)
	for _, intent := range []string{"one", "one", "two"} {
		_, _ = c.Send(sellerdesk.WithIntent(t.Context(), intent), reply("<b>да</b> & 👍"))
	}
	if !bytes.Equal(bodies[0], bodies[1]) || names[0] != "one" || names[1] != "one" || names[2] != "two" {
		t.Errorf("it is told as %q:\n%s\n%s", names, bodies[0], bodies[1])
	}
	var told map[string]any
	if err := json.Unmarshal(bodies[0], &told); err != nil || told["id"] != "one" || told["text"] != "<b>да</b> & 👍" || !bytes.Contains(bodies[0], []byte("<b>да</b> & 👍")) {
		t.Errorf("the body is %s", bodies[0])
	}
}

func TestAChannelThatOnlyReads(t *testing.T) {
	t.Parallel()
	c := opened(t)
	if who, err := c.Check(t.Context()); err != nil || !who.ReadOnly {
		t.Errorf("it is %+v, %v", who, err)
	}
	if _, err := c.Send(t.Context(), reply("привет")); err == nil {
		t.Error("a reply without an address is taken")
	} else if class, _ := channel.ClassOf(err); class != channel.Refused {
		t.Errorf("a reply without an address is %v", err)
	}
}

func TestWhatIsNotDeclaredIsRefused(t *testing.T) {
	t.Parallel()
	address, asked := says(t, "200 {}")
	c := opened(t, fieldReply, address, fieldFiles, "no", fieldEdits, "no", fieldLength, "5")
	to := sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: "7"}
	file := sellerdesk.Blob{Name: "a.png", Type: "image/png", Open: func(context.Context) (io.ReadCloser, error) { return nil, io.EOF }}
	for _, a := range []sellerdesk.Action{
		reply("привет"), sellerdesk.Reply{Conversation: to, Text: "да", Files: []sellerdesk.Blob{file}}, sellerdesk.Edit{Conversation: to, Text: "да"},
		sellerdesk.Reply{Conversation: to, Text: "да", Interactive: &sellerdesk.Interactive{}}, sellerdesk.Pin{Conversation: to}, reply(" "),
	} {
		_, err := c.Send(t.Context(), a)
		if class, e := channel.ClassOf(err); class != channel.Refused || e.Why.Text == "" {
			t.Errorf("%+v is %v", a, err)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the script was asked %d times", n)
	}
}

func TestFilesAreFetchedFromTheScriptOrFromPublicPlacesOnly(t *testing.T) {
	t.Parallel()
	script := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/file", http.StatusFound)
		case "/large":
			w.Header().Set("Content-Length", fmt.Sprint(maxIncoming+1))
		case "/endless":
			w.WriteHeader(http.StatusOK)
			piece := make([]byte, 1<<20)
			for range 60 {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		default:
			_, _ = io.WriteString(w, "bytes")
		}
	}))
	defer script.Close()
	another, asked := says(t, "200 secret")
	c := opened(t, fieldReply, script.URL+"/replies")
	fetch := func(address string) (sellerdesk.Fetched, error) {
		return c.Fetch(t.Context(), file{URL: address}.remote())
	}
	got, err := fetch(script.URL + "/file")
	if err != nil || got.State != sellerdesk.FetchReady {
		t.Fatalf("a file beside the script is %+v, %v", got, err)
	}
	if b, err := io.ReadAll(got.Body); err != nil || string(b) != "bytes" || got.Body.Close() != nil {
		t.Errorf("it has %q, %v", b, err)
	}
	_, port, _ := strings.Cut(strings.TrimPrefix(another, "http://"), ":")
	for name, address := range map[string]string{
		"another port of the same machine": another, "its name": "http://localhost:" + port, "its other address": "http://[::1]:" + port,
		"its address inside another": "http://[::ffff:127.0.0.1]:" + port, "its address as a number": "http://2130706433:" + port,
		"the machine's cloud": "http://169.254.169.254/latest/meta-data/", "no place": "http://0.0.0.0:" + port,
		"a redirect of the script": script.URL + "/moved", "a file that is too large": script.URL + "/large", "no web": "ftp://example.org/a",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fetch(address)
			if err == nil && got.State == sellerdesk.FetchReady {
				t.Errorf("it is fetched")
			}
			if err == nil && got.Why.Text == "" {
				t.Errorf("nothing says why it is not fetched")
			}
		})
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("another program on this machine was asked %d times", n)
	}
	if got, err = fetch(script.URL + "/endless"); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, got.Body); err == nil || n > maxIncoming || got.Body.Close() != nil {
		t.Errorf("a file without end gives %d bytes, %v", n, err)
	}
}

func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2a00:1450:4001:829::200e": true, "127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "10.0.0.1": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "192.0.0.1": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:7f00:1::": false, "::127.0.0.1": false, "ff02::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v", address, got)
		}
	}
}
