package main

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/bench"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestAnEmptyFolderGivesTheOwnerALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	p, err := open(t.Context(), options{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	stop := background(t.Context(), p.Run)
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
		_ = p.Close()
	}()
	var said bytes.Buffer
	if err := p.welcome(t.Context(), &said); err != nil {
		t.Fatal(err)
	}
	link := ""
	for word := range strings.FieldsSeq(said.String()) {
		if strings.Contains(word, "/link/") {
			link = word
		}
	}
	if !strings.HasPrefix(link, p.URL) {
		t.Fatalf("no link in %q", said.String())
	}
	res, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the link is answered with %d", res.StatusCode)
	}
}

func TestWithoutAnOwnerNobodyElseIsLetNear(t *testing.T) {
	t.Parallel()
	code, _, stderr := command(t, "serve", "--log", "error", "--data", t.TempDir(), "--listen", "0.0.0.0:0")
	oneSentence(t, code, stderr, "no owner", "")
	code, _, stderr = command(t, "demo", "--listen", "0.0.0.0:0", "--sandbox-listen", "127.0.0.1:0")
	oneSentence(t, code, stderr, "this machine only", "")
}

func TestWithAnOwnerEveryAddressWillDo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p, err := open(t.Context(), options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	token, err := p.Desk.Users.OwnerLink(t.Context())
	if err == nil {
		_, err = p.Desk.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: "olga", Name: "Ольга", Password: "a password of the test"})
	}
	if err := errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
	if p, err = open(t.Context(), options{Data: data, Listen: "0.0.0.0:0"}); err != nil {
		t.Fatalf("with an owner: %v", err)
	}
	var said bytes.Buffer
	if err := errors.Join(p.welcome(t.Context(), &said), p.Close()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(said.String(), "/link/") {
		t.Errorf("a second owner is invited: %q", said.String())
	}
}

func TestTheProgramWorksOnPostgreSQL(t *testing.T) {
	t.Parallel()
	database := sellerdesk.Secret(storetest.Postgres(t))
	b, err := openSandbox(sandboxOptions{world: world{seed: 5, scale: 1}, Listen: "127.0.0.1:0", Log: logger(t.Output(), "error")})
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	p, err := open(t.Context(), options{Data: data, Database: database, Clock: b.clock()})
	if err != nil {
		t.Fatal(err)
	}
	stopBox, stop := background(t.Context(), b.Run), background(t.Context(), p.Run)
	defer func() {
		if err := errors.Join(stop(), stopBox(), p.Close()); err != nil {
			t.Error(err)
		}
	}()
	if _, err := open(t.Context(), options{Data: data, Database: database}); err == nil || !strings.Contains(console.Sentence(err), "Another Sellerdesk") {
		t.Errorf("a second process on the same database gets %v", err)
	}
	a := b.World.State().Accounts[0]
	_, err = p.Desk.Accounts.Add(t.Context(), desk.AddAccount{
		Channel: sellerdesk.ChannelKind(a.API), BaseURL: b.URL + "/" + a.API,
		Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(a.Token)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var items []sellerdesk.Conversation
		err := p.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
			items, _, err = tx.Conversations.List(t.Context(), store.ConversationQuery{User: 1})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(items) >= listed {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("only %d conversations after 20 s", len(items))
		}
	}
}

func TestASecondProcessOnTheSameDataEndsWithASentence(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p, err := open(t.Context(), options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	out, err := ownProcess("serve", "--log", "error", "--data", data, "--listen", "127.0.0.1:0").CombinedOutput()
	if err == nil {
		t.Fatalf("a second process works on the same data: %s", out)
	}
	oneSentence(t, 1, string(out), "Another Sellerdesk", "")
}

func TestAnAddressInUseIsASentence(t *testing.T) {
	t.Parallel()
	l, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	code, _, stderr := command(t, "serve", "--log", "error", "--data", t.TempDir(), "--listen", l.Addr().String())
	oneSentence(t, code, stderr, "in use", "")
}

func TestAMissingKeyIsNotReplacedByAnother(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p, err := open(t.Context(), options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(data, keyFile)
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key has mode %v, %v", info.Mode(), err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := command(t, "serve", "--log", "error", "--data", data, "--listen", "127.0.0.1:0")
	oneSentence(t, code, stderr, "is missing", "")
	if err := os.WriteFile(key, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr = command(t, "serve", "--log", "error", "--data", data, "--listen", "127.0.0.1:0")
	oneSentence(t, code, stderr, "is damaged", "no key")
}

func TestATermSignalEndsTheProgramInPeace(t *testing.T) {
	t.Parallel()
	c := ownProcess("demo", "--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0")
	var out lockedBuffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), "Ctrl+C"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the demo said only %q", out.String())
		}
	}
	time.Sleep(300 * time.Millisecond)
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := c.Wait(); err != nil {
		t.Errorf("the demo ended with %v: %s", err, out.String())
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to end", took)
	}
	for word := range strings.FieldsSeq(out.String()) {
		if strings.Contains(word, "sellerdesk-demo-") {
			if _, err := os.Stat(word); !os.IsNotExist(err) {
				t.Errorf("%s is left behind", word)
			}
		}
	}
}

// A tenth of the answers of the remote side are dropped after it did what was
// asked, and the process is killed at random fifty times. The benchmark does
// the same two hundred times.
func TestAKilledProcessLosesNothingAndSendsNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	report, err := bench.Kills(t.Context(), rigged(bench.Rig{Dir: t.TempDir()}, ownProcess), 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Faults {
		t.Error(f)
	}
	t.Logf("%d replies, %d with a person, %d words of buyers", report.Accepted, report.WithPerson, report.Buyers)
	enough := 50
	if raceDetector {
		enough = 10 // a slow process has less to say before it is killed
	}
	if report.Accepted < enough {
		t.Errorf("only %d replies were written: the rounds prove little", report.Accepted)
	}
	if report.Lost+report.Twice+report.Apart > 0 {
		t.Errorf("%d lost, %d twice, %d apart", report.Lost, report.Twice, report.Apart)
	}
}

func TestVersionSaysWhatItIs(t *testing.T) {
	t.Parallel()
	code, out, stderr := command(t, "version", "--json")
	if code != 0 || !strings.Contains(out, `"go":"go1.`) {
		t.Errorf("version says %q, %q and ends with %d", out, stderr, code)
	}
}
