package radist_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/channel/radist"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/radist"
)

// stormSize is how many pushes the storm has at least.
var stormSize = flag.Int("storm", stormUsually, "how many pushes TestStorm plays; 10000 is the measure")

// reader reads a world into a store, as the product does.
type reader struct {
	t       *testing.T
	w       *world
	c       channel.Connector
	store   *store.Store
	account sellerdesk.AccountID
	at      map[string]sellerdesk.Cursor
	kept    map[sellerdesk.RemoteID][]byte
	asked   map[sellerdesk.RemoteID]bool
	due     map[sellerdesk.RemoteID]time.Time
}

func (w *world) reader(t *testing.T) *reader {
	t.Helper()
	r := &reader{
		t: t, w: w, store: storetest.Open(t, store.Options{Clock: w.clock()}),
		at: map[string]sellerdesk.Cursor{}, kept: map[sellerdesk.RemoteID][]byte{}, asked: map[sellerdesk.RemoteID]bool{}, due: map[sellerdesk.RemoteID]time.Time{},
	}
	err := r.store.Write(t.Context(), func(tx *store.Tx) error {
		a, err := tx.Accounts.Create(t.Context(), store.NewAccount{Channel: radist.Kind, Name: "storm", Credentials: w.remote().Credentials})
		r.account = a.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.restart()
	return r
}

// restart begins with nothing but what a store keeps.
func (r *reader) restart() {
	r.t.Helper()
	far := r.w.remote()
	c, err := radist.Driver().Open(channel.Settings{
		Credentials: far.Credentials, BaseURL: far.BaseURL, Client: far.Client, Clock: far.Clock, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.c = c
}

func (r *reader) take(stream string, b sellerdesk.Batch) {
	r.t.Helper()
	for _, c := range b.Conversations {
		if c.Remote != nil {
			r.kept[c.RemoteID] = c.Remote
		}
		if c.Reread != nil {
			delete(r.due, c.RemoteID)
			if *c.Reread > 0 {
				r.due[c.RemoteID] = r.w.Clock().Now().Add(*c.Reread)
			}
		}
	}
	for _, ref := range b.Reread {
		r.asked[ref.ID] = true
	}
	err := r.store.Write(r.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(r.t.Context(), store.ApplyInput{Account: r.account, Stream: stream, Batch: b, KeepCursor: true})
		return err
	})
	if err != nil {
		r.t.Fatalf("apply a batch: %v", err)
	}
}

// walk reads the list of chats once, and old history to its end.
func (r *reader) walk() {
	r.t.Helper()
	for _, s := range r.c.Streams() {
		for more := true; more; {
			b, err := r.c.Pull(r.t.Context(), s.Name, r.at[s.Name])
			if err != nil {
				r.t.Fatalf("pull %s: %v", s.Name, err)
			}
			r.take(s.Name, b)
			r.at[s.Name], more = b.Next, b.More
		}
	}
}

// look reads the chats that are to be read again by now.
func (r *reader) look() {
	r.t.Helper()
	now := r.w.Clock().Now()
	for id, due := range r.due {
		if !due.After(now) {
			r.asked[id] = true
			delete(r.due, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.asked)) {
		delete(r.asked, id)
		ref := sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: id, Remote: r.kept[id]}
		for from, more := sellerdesk.Cursor(""), true; more; {
			b, err := r.c.(channel.Historian).History(r.t.Context(), ref, from)
			if err != nil {
				r.t.Fatalf("read chat %s again: %v", id, err)
			}
			from, more = b.Next, b.More
			b.Next, b.More = "", false
			r.take("history", b)
		}
	}
}

// pushed reads pushes in the order in which they came.
func (r *reader) pushed(pushes []sellerdesk.Push) {
	r.t.Helper()
	for _, p := range pushes {
		b, err := r.c.(channel.Receiver).Receive(r.t.Context(), p)
		if err != nil {
			r.t.Fatalf("read a push: %v", err)
		}
		r.take("push", b)
	}
}

// fate is what both sides must agree on about a message.
type fate struct {
	Chat   string
	Text   string
	Ours   bool
	Status sellerdesk.MessageStatus
}

// stored is what the store has.
func (r *reader) stored() map[string]fate {
	r.t.Helper()
	out := map[string]fate{}
	ctx := r.t.Context()
	err := r.store.Read(ctx, func(tx *store.Tx) error {
		chats, _, err := tx.Conversations.List(ctx, store.ConversationQuery{User: 1, Limit: 200})
		if err != nil {
			return err
		}
		for _, c := range chats {
			for cursor, more := "", true; more; more = cursor != "" {
				var page []sellerdesk.Message
				if page, cursor, err = tx.Messages.List(ctx, c.ID, cursor, 200); err != nil {
					return err
				}
				for _, m := range page {
					if _, twice := out[string(m.RemoteID)]; twice {
						return fmt.Errorf("message %s is there twice", m.RemoteID)
					}
					out[string(m.RemoteID)] = fate{string(*c.RemoteID), m.Text, m.Author.Ours(), m.Status}
				}
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// shown is what the remote side has, read with nothing of ours between.
func (w *world) shown(t *testing.T) map[string]fate {
	t.Helper()
	out := map[string]fate{}
	var page wire
	w.calm()
	w.ask(t, "/messaging/chats/with_contacts/", url.Values{"limit": {"100"}}, &page)
	if page.Meta.Next != "" {
		t.Fatal("the world has more contacts than a page")
	}
	for _, contact := range page.Data {
		for _, c := range contact.Chats {
			w.shownIn(t, strconv.FormatInt(c.ID, 10), out)
		}
	}
	return out
}

func (w *world) shownIn(t *testing.T, chat string, out map[string]fate) {
	t.Helper()
	for until := ""; ; {
		var all []struct {
			ID        string `json:"message_id"`
			Direction string
			Created   string `json:"created_at"`
			Delivered string `json:"delivered_at"`
			Read      string `json:"read_at"`
			Error     string `json:"error_at"`
			Text      struct{ Text string }
			Image     struct{ Caption string }
			File      struct{ Caption string }
		}
		q := url.Values{"limit": {"100"}, "chat_id": {chat}}
		if until != "" {
			q.Set("until", until)
		}
		w.calm()
		w.ask(t, "/messaging/messages/", q, &all)
		news := 0
		for _, m := range all {
			f := fate{chat, m.Text.Text + m.Image.Caption + m.File.Caption, m.Direction == "outbound", sellerdesk.MessageReceived}
			switch {
			case !f.Ours:
			case m.Read != "":
				f.Status = sellerdesk.MessageRead
			case m.Delivered != "":
				f.Status = sellerdesk.MessageDelivered
			case m.Error != "":
				f.Status = sellerdesk.MessageRefused
			default:
				f.Status = sellerdesk.MessageSent
			}
			if _, known := out[m.ID]; !known {
				out[m.ID] = f
				news++
			}
			until = m.Created
		}
		if news == 0 || len(all) < 100 {
			return
		}
	}
}

// TestStorm lets buyers and seller write while pushes are lost, repeated and come
// out of order, and the product is started anew twice, each time after having
// missed what came meanwhile. In the end it has what the gateway has.
func TestStorm(t *testing.T) {
	t.Parallel()
	w := start(t, emulator.Options{})
	r := w.reader(t)
	w.pushes(t)
	r.walk()
	r.look()
	faults := []sandbox.Fault{}
	for effect, share := range map[sandbox.Effect]float64{"drop_before": 0.02, "drop_after": 0.02, "duplicate": 0.05, "reorder": 0.1} {
		faults = append(faults, sandbox.Fault{API: emulator.API, Operation: "POST /notification", Effect: effect, Share: share})
	}
	if err := w.SetFaults(faults); err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	var chats []sellerdesk.RemoteID
	seen, restarts := 0, 0
	for n := 0; seen < *stormSize; n++ {
		if len(chats) < 40 {
			chats = append(chats, w.says(t, n%4, w.person(), "первое слово"))
		}
		chat := chats[chance.IntN(len(chats))]
		switch chance.IntN(3) {
		case 0:
			w.buyer(t, channeltest.Line{Conversation: chat, Text: fmt.Sprintf("слово покупателя %d", n)})
		case 1:
			w.elsewhere(t, channeltest.Line{Conversation: chat, Text: fmt.Sprintf("слово из кабинета %d", n)})
		default:
			w.answer(r, chat, fmt.Sprintf("наше слово %d", n))
		}
		if n%50 != 49 {
			continue
		}
		got := w.post.take()
		seen += len(got)
		if seen > (restarts+1)**stormSize/3 && restarts < 2 {
			restarts++ // these come to nobody
			r.restart()
			continue
		}
		r.pushed(got)
		r.look()
		r.walk()
	}
	if restarts != 2 {
		t.Errorf("there were %d restarts", restarts)
	}
	if err := w.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	r.settle(t, seen)
}

// settle catches up and compares.
func (r *reader) settle(t *testing.T, seen int) {
	t.Helper()
	began := r.w.Clock().Now()
	var diff string
	for range 12 {
		r.w.Clock().Advance(5 * time.Minute) // marks, repeats and looks come due
		r.pushed(r.w.pushes(t))
		r.walk()
		r.look()
		if diff = cmp.Diff(r.w.shown(t), r.stored()); diff == "" {
			break
		}
	}
	if diff != "" {
		t.Errorf("the store is not what the gateway has:\n%.3000s", diff)
	}
	state := r.w.State()
	t.Logf("%d pushes, %d lost; caught up %s after the last word; %d messages", seen, state.Accounts[0].Push.Lost,
		r.w.Clock().Now().Sub(began).Round(time.Second), len(r.stored()))
	if n := state.Violations[emulator.API]; n > 0 {
		t.Errorf("%d violations of the limits", n)
	}
}

// answer sends a reply as the sender would.
func (w *world) answer(r *reader, chat sellerdesk.RemoteID, text string) {
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	ref := sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: chat, Remote: r.kept[chat]}
	if _, err := r.c.Send(ctx, sellerdesk.Reply{Conversation: ref, Text: text}); err != nil {
		r.t.Fatalf("reply: %v", err)
	}
}

// take empties the mailbox.
func (b *mailbox) take() []sellerdesk.Push {
	b.mu.Lock()
	defer b.mu.Unlock()
	got := b.got
	b.got = nil
	return got
}
