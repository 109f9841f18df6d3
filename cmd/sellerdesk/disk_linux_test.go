package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/console"
)

func TestAFullDiskIsASentenceAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small disk needs the right to mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	p := play(t, func(o *demoOptions) { o.Data = dir }).ready()
	to := p.anyConversation(reading)
	p.eventually(30*time.Second, "every cabinet is added, which is the demo's own work", func() bool {
		var l list[sellerdesk.Account]
		p.get("/v1/accounts", &l)
		return len(l.Items) == len(p.Box.World.State().Accounts)
	})
	filler := filepath.Join(dir, "filler")
	fill(t, filler)
	var problem struct{ Code, Detail string }
	url := fmt.Sprintf("%s/v1/conversations/%d/messages", p.URL, to.ID)
	// The database may still have room inside its own files: what is said goes
	// on until the disk refuses.
	refused := false
	for n := range 200 {
		status := p.call(http.MethodPost, url, map[string]string{"Idempotency-Key": fmt.Sprintf("full-%d", n)},
			map[string]any{"text": strings.Repeat("полный диск ", 80), "files": []int{}}, &problem)
		if refused = status >= 500; refused {
			break
		}
	}
	if !refused || problem.Code != "unavailable" || problem.Detail == "" {
		t.Fatalf("a full disk is answered with %+v (refused: %v)", problem, refused)
	}
	for language, words := range map[string]string{"ru": "Диск полон", "en": "The disk is full"} {
		if code, out := p.doctor(language); code != console.ExitFailed || line(out, "fail", "disk", words) == "" {
			t.Errorf("the doctor ends with %d and says %s", code, out)
		}
	}
	if status := p.get("/readyz", nil); status != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d", status)
	}
	if n := len(p.conversations()); n < listed {
		t.Errorf("reading stopped too: %d conversations", n)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	m, status := p.reply(to.ID, "after", "Место снова есть.")
	if status != http.StatusAccepted {
		t.Fatalf("with room again the reply is answered with %d", status)
	}
	p.eventually(60*time.Second, "the reply is sent", func() bool {
		for _, x := range p.messages(to.ID) {
			if x.ID == m.ID {
				return x.Status == "sent"
			}
		}
		return false
	})
}

// fill writes a file until the disk takes no more.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, block := range []int{1 << 16, 1 << 12, 1 << 8} {
		for {
			if _, err := f.Write(make([]byte, block)); err != nil {
				break
			}
		}
	}
}
