package send_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// TestNothingIsLostOrSentTwiceWhateverBreaks stops the program at fifty random
// moments while answers are queued and buyers write, against a remote side
// that loses one acknowledgement in ten after acceptance. What arrived there
// must be each answer at most once and in order; what did not arrive must stand
// with a person.
func TestNothingIsLostOrSentTwiceWhateverBreaks(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		breakOften(t, store.Options{Path: filepath.Join(t.TempDir(), "sellerdesk.db")}, 50)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		breakOften(t, store.Options{URL: storetest.Postgres(t)}, 20)
	})
}

func breakOften(t *testing.T, o store.Options, crashes int) {
	t.Helper()
	const chats = 5
	dice := rand.New(rand.NewPCG(1, 2))
	r := &remote{clock: quick(), answer: rough(3)}
	dir := t.TempDir()
	queued := map[sellerdesk.RemoteID][]string{}
	byText := map[string]sellerdesk.MessageID{}
	heard := map[sellerdesk.RemoteID][]string{}
	hear := func(chat sellerdesk.RemoteID, text string) {
		r.buyer(chat, text)
		heard[chat] = append(heard[chat], text)
	}
	chat := func(i int) sellerdesk.RemoteID { return sellerdesk.RemoteID(fmt.Sprint("chat ", i)) }
	for i := range chats {
		hear(chat(i), "hello")
	}
	for n := range crashes {
		p := startOn(t, o, dir, r)
		for i := range 3 {
			c := chat(dice.IntN(chats))
			text := fmt.Sprintf("answer %02d.%d", n, i)
			byText[text] = p.queue(t, p.conversation(t, c), text).ID
			queued[c] = append(queued[c], text)
			hear(chat(dice.IntN(chats)), fmt.Sprintf("word %02d.%d", n, i))
		}
		time.Sleep(time.Duration(dice.IntN(30)) * time.Millisecond)
		p.crash()
	}

	// Fine weather: everything that can end by itself does.
	r.mu.Lock()
	r.answer = nil
	r.mu.Unlock()
	p := startOn(t, o, dir, r)
	defer p.close()
	status := calm(t, p, r, heard)
	counts := map[sellerdesk.MessageStatus]int{}
	for i := range chats {
		taken := r.taken()[chat(i)]
		checkChat(t, queued[chat(i)], taken, status)
		checkThread(t, p.thread(t, p.conversation(t, chat(i))), taken, heard[chat(i)], byText)
	}
	for _, s := range status {
		counts[s]++
	}
	t.Logf("outcomes of %d answers: %v", len(byText), counts)
	if counts[sellerdesk.MessageUnknown] == 0 || counts[sellerdesk.MessageSent] < len(byText)/2 {
		t.Errorf("the weather was not rough: %v", counts)
	}
}

// calm waits until everything that can end by itself has ended, and tells how
// each answer stands.
func calm(t *testing.T, p *program, r *remote, heard map[sellerdesk.RemoteID][]string) map[string]sellerdesk.MessageStatus {
	t.Helper()
	status := map[string]sellerdesk.MessageStatus{}
	eventually(t, func() error {
		taken := r.taken()
		for chat, words := range heard {
			read := 0
			for _, m := range p.thread(t, p.conversation(t, chat)) {
				if m.Author == sellerdesk.AuthorBuyer {
					read++
					continue
				}
				status[m.Text] = m.Status
				arrived := slices.Contains(taken[chat], m.Text)
				if open := m.Status == sellerdesk.MessageQueued || m.Status == sellerdesk.MessageSending; open ||
					m.Status == sellerdesk.MessageUnknown && arrived {
					return fmt.Errorf("%q is still %s (arrived: %t)", m.Text, m.Status, arrived)
				}
			}
			if read < len(words) {
				return fmt.Errorf("read %d words of %d in %s", read, len(words), chat)
			}
		}
		return nil
	})
	return status
}

// checkChat compares what the remote side took with what was to be sent.
func checkChat(t *testing.T, queued, taken []string, status map[string]sellerdesk.MessageStatus) {
	t.Helper()
	for i, text := range taken {
		if slices.Contains(taken[:i], text) {
			t.Errorf("%q was sent twice", text)
		}
	}
	if !slices.IsSorted(taken) {
		t.Errorf("the order was not kept: %q", taken)
	}
	for _, text := range queued {
		arrived := slices.Contains(taken, text)
		switch s := status[text]; {
		case arrived && s != sellerdesk.MessageSent:
			t.Errorf("%q arrived and is %q", text, s)
		case !arrived && s != sellerdesk.MessageUnknown && s != sellerdesk.MessageRefused:
			t.Errorf("%q did not arrive and is %q", text, s)
		}
	}
}

// checkThread looks for lines that are missing or there twice.
func checkThread(t *testing.T, thread []sellerdesk.Message, taken, heard []string, byText map[string]sellerdesk.MessageID) {
	t.Helper()
	var words []string
	ours := map[string]int{}
	for _, m := range thread {
		if m.Author == sellerdesk.AuthorBuyer {
			words = append(words, m.Text)
			continue
		}
		ours[m.Text]++
		if m.ID != byText[m.Text] {
			t.Errorf("%q stands there as another message", m.Text)
		}
	}
	if !slices.Equal(words, heard) {
		t.Errorf("the buyer said %q, kept is %q", heard, words)
	}
	for text, n := range ours {
		if n != 1 {
			t.Errorf("%q stands there %d times", text, n)
		}
	}
	for _, text := range taken {
		if ours[text] == 0 {
			t.Errorf("%q arrived and is not in the thread", text)
		}
	}
}
