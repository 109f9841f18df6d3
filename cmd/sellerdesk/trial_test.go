package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// newcomer is somebody in front of a new house, with a browser that keeps cookies.
type newcomer struct {
	tb  testing.TB
	p   *program
	web *http.Client
}

// ask gives a page; a form makes it a post.
func (n newcomer) ask(path string, form url.Values) string {
	n.tb.Helper()
	res, err := n.web.Get(n.p.URL + path)
	if form != nil {
		res, err = n.web.PostForm(n.p.URL+path, form)
	}
	if err != nil {
		n.tb.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 400 {
		n.tb.Fatalf("%s is answered with %d (%v): %.300s", path, res.StatusCode, err, body)
	}
	return string(body)
}

// until asks for a page again and again.
func (n newcomer) until(path, part string) string {
	n.tb.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		body := n.ask(path, nil)
		if strings.Contains(body, part) {
			return body
		}
		if time.Now().After(end) {
			n.tb.Fatalf("%s does not show %q: %.2000s", path, part, body)
		}
	}
}

// serving runs serve on a folder.
func serving(tb testing.TB, data string) *program {
	tb.Helper()
	p, err := open(tb.Context(), options{Data: data})
	if err != nil {
		tb.Fatal(err)
	}
	stop := background(tb.Context(), p.Run)
	tb.Cleanup(func() {
		if err := stop(); err != nil {
			tb.Error(err)
		}
		_ = p.Close()
	})
	return p
}

// Not parallel: the time counts.
func TestAnEmptyFolderLeadsToTheFirstAnswerWithinAMinute(t *testing.T) {
	if raceDetector {
		t.Skip("the run without the race detector does it")
	}
	began := time.Now()
	data := t.TempDir()
	p := serving(t, data)
	var said bytes.Buffer
	if err := p.welcome(t.Context(), &said); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`/link/\S+`).FindString(said.String())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := newcomer{t, p, &http.Client{Jar: jar, Timeout: time.Minute}}
	n.ask(link, nil)
	first := n.ask(link, url.Values{"name": {"Olga"}, "login": {"olga"}, "password": {"correct horse battery"}, "language": {"en"}})
	if !strings.Contains(first, "First steps") || !strings.Contains(first, `action="/first/trial"`) {
		t.Fatalf("the owner of an empty house is not led on: %.2000s", first)
	}
	n.ask("/first/look", url.Values{"language": {"en"}, "theme": {"dark"}})
	n.ask("/first/trial", url.Values{})
	page := n.until("/first", "data-first-answer")
	if list := n.ask("/", nil); !strings.Contains(list, "the buyers are made up") {
		t.Error("the list does not say that its buyers are made up")
	}
	talk := regexp.MustCompile(`/conversations/(\d+)`).FindStringSubmatch(page)[1]
	n.answer(talk)
	n.until("/first", "You have answered")
	if took := time.Since(began); took > time.Minute {
		t.Errorf("the first answer took %s", took)
	} else {
		t.Logf("the first answer took %s", took)
	}

	n.ask("/first/end", url.Values{})
	n.leftNothing(data)

	n.ask("/first/trial", url.Values{}) // again, in the same run
	n.until("/", `href="/conversations/`)
}

// answer says something in a conversation, in the way that it can be answered.
func (n newcomer) answer(talk string) {
	n.tb.Helper()
	body := strings.NewReader(`{"text": "Good afternoon! We are looking into it and write to you today."}`)
	res, err := n.web.Post(n.p.URL+"/v1/conversations/"+talk+"/messages", "application/json", body)
	if err != nil {
		n.tb.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		why, _ := io.ReadAll(res.Body)
		n.tb.Fatalf("the answer is answered with %d: %s", res.StatusCode, why)
	}
}

// leftNothing checks that a trial went away with everything.
func (n newcomer) leftNothing(data string) {
	n.tb.Helper()
	err := n.p.Store.Read(n.tb.Context(), func(tx *store.Tx) error {
		accounts, err := tx.Accounts.List(n.tb.Context())
		if err != nil {
			return err
		}
		talks, _, err := tx.Conversations.List(n.tb.Context(), store.ConversationQuery{User: demoOwner})
		if len(accounts)+len(talks) > 0 {
			n.tb.Errorf("%d accounts and %d conversations are left", len(accounts), len(talks))
		}
		return err
	})
	if err != nil {
		n.tb.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(data, trialFile)); err == nil {
		n.tb.Error("the trial is still noted in the folder")
	}
}

func TestMadeUpBuyersDoNotOutliveTheProgram(t *testing.T) {
	if raceDetector {
		t.Skip("the run without the race detector does it")
	}
	t.Parallel()
	data := t.TempDir()
	run := func(do func(p *program)) {
		p, err := open(t.Context(), options{Data: data})
		if err != nil {
			t.Fatal(err)
		}
		stop := background(t.Context(), p.Run)
		do(p)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	accounts := func(p *program) (all []sellerdesk.Account) {
		err := p.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
			all, err = tx.Accounts.List(t.Context())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	run(func(p *program) {
		if err := p.rehearsal.begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(accounts(p)) == 0 || p.rehearsal.running() == "" {
			t.Error("nobody came")
		}
	})
	run(func(p *program) {
		if left := accounts(p); len(left) > 0 {
			t.Errorf("after the next start %d made-up accounts are left", len(left))
		}
	})
}
