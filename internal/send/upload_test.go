package send_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// depot is a remote side that takes files before the messages that name them.
type depot struct {
	*remote

	mu      sync.Mutex // guards what follows
	fails   []error    // what the next uploads are answered with
	taken   []sellerdesk.RemoteID
	valid   map[sellerdesk.RemoteID]bool
	named   map[sellerdesk.RemoteID]int // how often a message with it was taken
	refused int                         // messages whose file was not there
	slow    time.Duration
}

func newDepot(t *testing.T) *depot {
	t.Helper()
	return &depot{remote: &remote{clock: quick()}, valid: map[sellerdesk.RemoteID]bool{}, named: map[sellerdesk.RemoteID]int{}}
}

func (d *depot) Upload(ctx context.Context, b sellerdesk.Blob) (sellerdesk.RemoteFile, error) {
	r, err := b.Open(ctx)
	if err != nil {
		return sellerdesk.RemoteFile{}, err
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, r)
	if err != nil || n != b.Size {
		return sellerdesk.RemoteFile{}, fmt.Errorf("read %d of %d bytes: %w", n, b.Size, err)
	}
	time.Sleep(d.slow)
	d.mu.Lock()
	defer d.mu.Unlock()
	id := sellerdesk.RemoteID(fmt.Sprint("https://files.test/", len(d.taken)))
	d.taken, d.valid[id] = append(d.taken, id), true
	if len(d.fails) > 0 {
		err := d.fails[0]
		if d.fails = d.fails[1:]; err != nil {
			return sellerdesk.RemoteFile{}, err
		}
	}
	return sellerdesk.RemoteFile{ID: id, Name: b.Name, Size: b.Size}, nil
}

func (d *depot) Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error) {
	for _, f := range a.(sellerdesk.Reply).Files {
		d.mu.Lock()
		there := f.Uploaded != nil && d.valid[f.Uploaded.ID]
		if there {
			d.named[f.Uploaded.ID]++
		} else {
			d.refused++
		}
		d.mu.Unlock()
		if !there {
			return sellerdesk.Receipt{}, &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: sellerdesk.ReasonFileRefused, Text: "There is no such file."}}
		}
	}
	return d.remote.Send(ctx, a)
}

// forget throws away what was uploaded.
func (d *depot) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.valid)
}

// stood tells how often something was uploaded, named by a message, and not there.
func (d *depot) stood() (uploads, named, refused int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.named {
		named += n
	}
	return len(d.taken), named, d.refused
}

// run starts a program that speaks to it.
func (d *depot) run(t *testing.T, dir string) *program {
	t.Helper()
	p := start(t, dir, d.remote)
	p.roster.Put(p.account(t), d)
	return p
}

// keep puts a file into the folder, as an upload of a person does.
func (p *program) keep(t *testing.T, content string) sellerdesk.Blob {
	t.Helper()
	b, err := p.media.Put(t.Context(), bytes.NewReader([]byte(content)), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return sellerdesk.Blob{Name: "чек.txt", Type: b.Type, Size: b.Size, Hash: b.Hash}
}

// queueFile puts replies with a file into the outbox, one into each chat.
func (p *program) queueFile(t *testing.T, b sellerdesk.Blob, key string, chats ...sellerdesk.RemoteID) (sent []sellerdesk.MessageID) {
	t.Helper()
	account := p.account(t)
	p.write(t, func(tx *store.Tx) error {
		in := store.ApplyInput{Account: account, Stream: "test", KeepCursor: true}
		for _, chat := range chats {
			in.Batch.Conversations = append(in.Batch.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: chat})
		}
		if _, err := tx.Inbox.Apply(t.Context(), in); err != nil {
			return err
		}
		for _, chat := range chats {
			id, _, err := tx.Conversations.ByRemote(t.Context(), account, sellerdesk.KindChat, chat)
			if err != nil {
				return err
			}
			file, err := tx.Files.Add(t.Context(), store.NewFile{Name: b.Name, Type: b.Type, Size: b.Size, Hash: b.Hash})
			if err != nil {
				return err
			}
			text := fmt.Sprint(key, " ", chat)
			m, err := tx.Outbox.Queue(t.Context(), store.NewItem{
				Account: account, Conversation: id, Key: text, Lane: sellerdesk.LanePerson, Text: text, Files: []sellerdesk.FileID{file.ID},
				Action: sellerdesk.Reply{Text: text, Files: []sellerdesk.Blob{b}},
			})
			if err != nil {
				return err
			}
			sent = append(sent, m.ID)
		}
		return nil
	})
	return sent
}

func TestAFileForAThousandConversationsIsUploadedOnce(t *testing.T) {
	t.Parallel()
	d, dir := newDepot(t), t.TempDir()
	d.slow = 50 * time.Millisecond
	p := d.run(t, dir)
	file := p.keep(t, "чек")
	var chats []sellerdesk.RemoteID
	for i := range crowd {
		chats = append(chats, sellerdesk.RemoteID(fmt.Sprint("chat", i)))
	}
	half := crowd / 2
	p.queueFile(t, file, "a", chats[:half]...)
	all := func(n int) func() error {
		return func() error {
			if _, named, _ := d.stood(); named < n {
				return fmt.Errorf("%d of %d messages were taken", named, n)
			}
			return nil
		}
	}
	within(t, 2*time.Minute, all(half))
	p.close()
	p = d.run(t, dir) // the table tells across restarts
	defer p.close()
	p.queueFile(t, file, "b", chats[half:]...)
	within(t, 2*time.Minute, all(crowd))
	if uploads, named, refused := d.stood(); uploads != 1 || named != crowd || refused != 0 {
		t.Errorf("%d uploads for %d messages, %d refused", uploads, named, refused)
	}
}

func TestALinkThatIsNoLongerTakenIsUploadedAgain(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	p := d.run(t, t.TempDir())
	defer p.close()
	file := p.keep(t, "чек")
	p.message(t, p.queueFile(t, file, "a", "chat")[0], sellerdesk.MessageSent)
	d.forget()
	p.message(t, p.queueFile(t, file, "b", "chat")[0], sellerdesk.MessageSent)
	p.message(t, p.queueFile(t, file, "c", "chat")[0], sellerdesk.MessageSent)
	if uploads, named, refused := d.stood(); uploads != 2 || named != 3 || refused != 1 {
		t.Errorf("%d uploads for %d messages, %d refused", uploads, named, refused)
	}
}

func TestATextDoesNotWaitBehindMessagesThatWaitForOneFile(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	d.slow = 2 * time.Second
	d.buyer("other", "hello")
	p := d.run(t, t.TempDir())
	defer p.close()
	conversation := p.conversation(t, "other")
	var chats []sellerdesk.RemoteID
	for i := range 8 {
		chats = append(chats, sellerdesk.RemoteID(fmt.Sprint("chat", i)))
	}
	sent := p.queueFile(t, p.keep(t, "чек"), "a", chats...)
	text := p.queue(t, conversation, "Здравствуйте")
	p.message(t, text.ID, sellerdesk.MessageSent)
	if _, named, _ := d.stood(); named != 0 {
		t.Errorf("%d messages with the file left before the text", named)
	}
	for _, id := range sent {
		p.message(t, id, sellerdesk.MessageSent)
	}
	if uploads, _, _ := d.stood(); uploads != 1 {
		t.Errorf("%d uploads", uploads)
	}
}

func TestATextDoesNotWaitBehindManyFiles(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	d.slow = 2 * time.Second
	d.buyer("other", "hello")
	p := d.run(t, t.TempDir())
	defer p.close()
	conversation := p.conversation(t, "other")
	var last sellerdesk.MessageID
	for i := range 5 {
		last = p.queueFile(t, p.keep(t, fmt.Sprint("чек", i)), "a", sellerdesk.RemoteID(fmt.Sprint("chat", i)))[0]
	}
	p.message(t, p.queue(t, conversation, "Здравствуйте").ID, sellerdesk.MessageSent)
	if _, named, _ := d.stood(); named != 0 {
		t.Errorf("%d messages with a file left before the text", named)
	}
	p.message(t, last, sellerdesk.MessageSent)
}

func TestAllWhoNameALostLinkGetOneNewOne(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	p := d.run(t, t.TempDir())
	defer p.close()
	file := p.keep(t, "чек")
	p.message(t, p.queueFile(t, file, "a", "chat")[0], sellerdesk.MessageSent)
	d.forget()
	d.slow = 50 * time.Millisecond
	var chats []sellerdesk.RemoteID
	for i := range 12 {
		chats = append(chats, sellerdesk.RemoteID(fmt.Sprint("chat", i)))
	}
	for _, id := range p.queueFile(t, file, "b", chats...) {
		p.message(t, id, sellerdesk.MessageSent)
	}
	if uploads, named, _ := d.stood(); uploads != 2 || named != 13 {
		t.Errorf("%d uploads for %d messages", uploads, named)
	}
}

func TestWhatAnUploadIsAnsweredDecidesAboutItsMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		fails   []error
		want    sellerdesk.MessageStatus
		code    sellerdesk.ReasonCode
		uploads int
	}{
		{"no answer is safe to repeat", []error{said(channel.Unknown, "no answer", 0)}, sellerdesk.MessageSent, "", 2},
		{"an error that nobody classed is repeated", []error{errors.New("odd")}, sellerdesk.MessageSent, "", 2},
		{"not now is repeated", []error{said(channel.Temporary, "", 0), said(channel.Throttled, "", time.Second)}, sellerdesk.MessageSent, "", 3},
		{"a refusal is final", []error{&channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: sellerdesk.ReasonFileTooLarge, Text: "Too large."}}},
			sellerdesk.MessageRefused, sellerdesk.ReasonFileTooLarge, 1},
		{"what is not understood is not repeated", []error{said(channel.Malformed, "", 0)}, sellerdesk.MessageRefused, sellerdesk.ReasonMalformed, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDepot(t)
			d.fails = c.fails
			p := d.run(t, t.TempDir())
			defer p.close()
			m := p.message(t, p.queueFile(t, p.keep(t, "чек"), "a", "chat")[0], c.want)
			if uploads, _, _ := d.stood(); uploads != c.uploads || m.ReasonCode != c.code {
				t.Errorf("%d uploads, and the reason is %q: %s", uploads, m.ReasonCode, m.Reason)
			}
		})
	}
}
