package presence_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/presence"
)

func here(user sellerdesk.UserID, window string, conversation sellerdesk.ConversationID, typing bool) presence.Here {
	return presence.Here{Seat: presence.Seat{User: user, Window: window}, Name: "p" + string('0'+rune(user)), Account: 1, Conversation: conversation, Typing: typing}
}

// says writes a list as "p1 p2*", with a star for who types.
func says(list []sellerdesk.Presence) string {
	var words []string
	for _, p := range list {
		if p.Typing {
			p.Name += "*"
		}
		words = append(words, p.Name)
	}
	return strings.Join(words, " ")
}

func TestWhoIsThereAndWhoTypes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := presence.New(sellerdesk.Clock{})
		defer b.Close()
		look := func(want string) {
			t.Helper()
			synctest.Wait()
			if got := says(b.Look(7)); got != want {
				t.Errorf("there are %q, want %q", got, want)
			}
		}
		look("")
		b.Here(here(1, "a", 7, false))
		time.Sleep(time.Second)
		b.Here(here(2, "b", 7, true))
		b.Here(here(2, "c", 7, false)) // another window of the same person
		look("p1 p2*")
		time.Sleep(presence.TypingLife + time.Second)
		look("p1 p2") // nothing was typed since
		b.Here(here(2, "b", 8, false))
		look("p1 p2") // the other window is still there
		b.Leave(presence.Seat{User: 2, Window: "c"})
		look("p1")
		time.Sleep(presence.Life)
		look("") // nobody confirmed it
	})
}

func TestAWatcherHearsOfEveryChangeOnceHoweverSlowItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := presence.New(sellerdesk.Clock{})
		defer b.Close()
		b.Here(here(1, "a", 7, false))
		w := b.Watch()
		defer w.Close()
		<-w.C
		if rooms := w.Take(); len(rooms) != 1 || says(rooms[0].People) != "p1" {
			t.Errorf("who was there already is %v", rooms)
		}
		for range 5 { // says nothing new
			b.Here(here(1, "a", 7, false))
		}
		select {
		case <-w.C:
			t.Error("a confirmation is no change")
		default:
		}
		b.Here(here(1, "a", 7, true))
		b.Here(here(2, "b", 8, false))
		b.Leave(presence.Seat{User: 2, Window: "b"})
		<-w.C
		rooms := w.Take()
		if len(rooms) != 2 || says(rooms[0].People) != "p1*" || len(rooms[1].People) != 0 {
			t.Errorf("changes are %v", rooms)
		}
		began := time.Now()
		<-w.C // typing ends by itself
		if waited := time.Since(began); waited > presence.TypingLife+time.Second {
			t.Errorf("the end of typing was told after %s", waited)
		}
	})
}

func TestOnePersonDoesNotTakeAllSeats(t *testing.T) {
	t.Parallel()
	b := presence.New(sellerdesk.Clock{})
	defer b.Close()
	for i := range 1000 {
		b.Here(here(1, strings.Repeat("x", i), sellerdesk.ConversationID(i+1), false))
	}
	if b.Look(1000) == nil || len(b.Look(1000)) != 0 {
		t.Error("a thousand windows of one person are remembered")
	}
	b.Here(here(2, "", 1000, false))
	if says(b.Look(1000)) != "p2" {
		t.Error("another person found no seat")
	}
}
