package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// overheard is everything that was said to remote sides.
type overheard struct {
	mu  sync.Mutex
	all bytes.Buffer // addresses and bodies
}

// listen records what a handler is asked.
func (o *overheard) listen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		o.mu.Lock()
		fmt.Fprintf(&o.all, "%s %v %s\n", r.URL, r.Header, body)
		o.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func (o *overheard) says(words string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Contains(o.all.String(), words)
}

// TestANoteNeverReachesAChannel writes notes, tasks and drafts beside conversations
// of every channel and kind, answers wherever that can be done, and looks through
// all that the remote sides were told.
func TestANoteNeverReachesAChannel(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("the same without the race detector, and slow with it")
	}
	ears := &overheard{}
	p := play(t)
	p.Box.http.Handler = ears.listen(p.Box.http.Handler)
	p.ready()
	beside := map[string]sellerdesk.Conversation{}
	p.eventually(30*time.Second, "each kind of each channel is there", func() bool {
		for _, c := range p.conversations() {
			beside[string(c.Channel)+" "+string(c.Kind)] = c
		}
		return len(beside) >= 8
	})
	const secret = "между-нами-8841"
	var answered []string
	for place, c := range beside {
		at := fmt.Sprintf("%s/v1/conversations/%d/", p.URL, c.ID)
		for path, body := range map[string]map[string]any{
			"notes": {"text": "note " + secret}, "tasks": {"text": "task " + secret},
		} {
			if status := p.call(http.MethodPost, at+path, nil, body, nil); status != http.StatusCreated {
				t.Errorf("%s of %s: %d", path, place, status)
			}
		}
		if status := p.call(http.MethodPut, at+"draft", nil, map[string]any{"text": "draft " + secret}, nil); status != http.StatusOK {
			t.Errorf("draft of %s: %d", place, status)
		}
		said := fmt.Sprintf("вслух-%d", c.ID)
		if _, status := p.reply(c.ID, fmt.Sprintf("aloud-%d", c.ID), "Здравствуйте! "+said); status == http.StatusAccepted {
			answered = append(answered, said)
		}
	}
	if len(answered) < 3 {
		t.Fatalf("only %d conversations could be answered", len(answered))
	}
	p.eventually(time.Minute, "the answers arrive", func() bool {
		for _, said := range answered {
			if !ears.says(said) {
				return false
			}
		}
		return true
	})
	if ears.says(secret) || ears.says("8841") {
		t.Error("a remote side was told what was said between us")
	}
}
