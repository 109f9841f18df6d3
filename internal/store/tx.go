package store

import (
	"context"
	"database/sql"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/accounts"
	"github.com/sellerdesk/sellerdesk/internal/store/audit"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/counts"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/files"
	"github.com/sellerdesk/sellerdesk/internal/store/forms"
	"github.com/sellerdesk/sellerdesk/internal/store/hooks"
	"github.com/sellerdesk/sellerdesk/internal/store/jobs"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/store/labels"
	"github.com/sellerdesk/sellerdesk/internal/store/library"
	"github.com/sellerdesk/sellerdesk/internal/store/marks"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
	"github.com/sellerdesk/sellerdesk/internal/store/notes"
	"github.com/sellerdesk/sellerdesk/internal/store/people"
	"github.com/sellerdesk/sellerdesk/internal/store/products"
	"github.com/sellerdesk/sellerdesk/internal/store/pushes"
	"github.com/sellerdesk/sellerdesk/internal/store/replies"
	"github.com/sellerdesk/sellerdesk/internal/store/rereads"
	"github.com/sellerdesk/sellerdesk/internal/store/search"
	"github.com/sellerdesk/sellerdesk/internal/store/streams"
	"github.com/sellerdesk/sellerdesk/internal/store/teams"
	"github.com/sellerdesk/sellerdesk/internal/store/templates"
	"github.com/sellerdesk/sellerdesk/internal/store/uploads"
	"github.com/sellerdesk/sellerdesk/internal/store/views"
	"github.com/sellerdesk/sellerdesk/internal/store/vitals"
)

// Tx is one transaction. Its handles are good until the function it was given
// to returns.
type Tx struct {
	Accounts      accounts.Accounts
	Streams       streams.Streams
	Inbox         Inbox
	Contacts      contacts.Contacts
	Conversations Conversations
	Messages      messages.Messages
	Products      products.Products
	Outbox        Outbox
	Files         files.Files
	Events        journal.Events
	Users         people.Users
	Sessions      people.Sessions
	Links         people.Links
	Roles         people.Roles
	Keys          people.Keys
	Idempotency   people.Idempotency
	Settings      people.Settings
	Audit         audit.Audit
	Search        search.Search
	Pushes        pushes.Pushes
	Rereads       rereads.Rereads
	Templates     templates.Templates
	Uploads       uploads.Uploads
	Webhooks      hooks.Webhooks
	Deliveries    hooks.Deliveries
	Vitals        vitals.Vitals
	Jobs          jobs.Jobs
	Talk          notes.Talk
	Labels        labels.Labels
	Views         views.Views
	Library       library.Library
	Teams         teams.Teams
	Holders       teams.Holders

	work

	store *Store

	journal *journal.Journal
	replies replies.Replies
	forms   forms.Forms
	marks   marks.Marks
	texts   *audit.Texts
	counts  *counts.Counts
	written []sellerdesk.Event
	locked  bool // the lock of the commit is held
}

// work lets the statements of this package read as tx.exec, and keeps them from
// everybody else.
type work struct{ w *engine.Work }

func newTx(s *Store, w *engine.Work) *Tx {
	tx := &Tx{store: s, work: work{w}, journal: journal.New(w), counts: counts.New(w)}
	tx.Inbox, tx.Labels = Inbox{tx}, labels.New(w, tx.journal)
	tx.Streams = streams.New(w, tx.journal, &s.progress, tx.lockAccount)
	tx.Conversations, tx.Search = Conversations{tx}, search.New(w)
	tx.Outbox, tx.Files, tx.Events = Outbox{tx}, files.NewFiles(w, tx.journal), journal.NewEvents(w)
	tx.Contacts = contacts.New(w, tx.journal, contacts.Beside{Show: tx.shown, Attach: tx.Files.Attach, Labels: tx.Labels.OfContacts, Label: tx.Labels.LabelContacts})
	tx.Products, tx.Pushes, tx.Rereads = products.New(w), pushes.New(w, tx.journal), rereads.New(w)
	tx.replies, tx.forms = replies.New(w), forms.New(w)
	tx.Messages = messages.New(w, tx.journal, messages.Beside{Files: tx.Files, Replies: tx.replies, Forms: tx.forms, Search: tx.Search})
	tx.Templates, tx.Uploads, tx.marks = templates.New(w, tx.journal), uploads.New(w), marks.New(w)
	tx.Views = views.New(w, tx.journal)
	tx.Vitals, tx.Audit, tx.texts = vitals.New(w, s.engine.Name), audit.New(w), audit.NewTexts(w)
	tx.Users, tx.Sessions, tx.Links = people.NewUsers(w, tx.journal, s.seal), people.NewSessions(w, tx.journal), people.NewLinks(w)
	tx.Roles, tx.Keys = people.NewRoles(w, tx.journal), people.NewKeys(w, tx.journal)
	tx.Accounts = accounts.NewAccounts(w, tx.journal, s.seal, accounts.Beside{Contacts: tx.Contacts, Streams: tx.Streams, Pushes: tx.Pushes, Rereads: tx.Rereads,
		Templates: tx.Templates, Uploads: tx.Uploads, Marks: tx.marks, Erase: tx.Messages.Erase})
	tx.Webhooks, tx.Deliveries = hooks.NewWebhooks(w, tx.journal, s.seal), hooks.NewDeliveries(w)
	tx.Idempotency, tx.Settings = people.NewIdempotency(w), people.NewSettings(w)
	tx.Jobs, tx.Talk = jobs.New(w, tx.journal), notes.New(w, tx.journal)
	tx.Teams, tx.Holders = teams.New(w, tx.journal), teams.NewHolders(w)
	tx.Library = library.New(w, tx.journal, library.Beside{Files: tx.Files.Named})
	return tx
}

// lockAccount keeps others from changing an account until the transaction ends.
func (tx *Tx) lockAccount(ctx context.Context, id sellerdesk.AccountID) error {
	return tx.Accounts.Lock(ctx, id)
}

// emit adds an event to the transaction.
func (tx *Tx) emit(kind sellerdesk.EventKind, account sellerdesk.AccountID, conversation sellerdesk.ConversationID, data any) {
	tx.journal.Add(kind, account, conversation, data)
}

// writeEvents is the last thing a transaction does before its commit.
func (tx *Tx) writeEvents(ctx context.Context) (err error) {
	if tx.journal.Empty() {
		return nil
	}
	tx.store.commit.Lock()
	tx.locked = true
	tx.written, err = tx.journal.Write(ctx)
	return err
}

// unlock lets the next transaction commit its events.
func (tx *Tx) unlock() {
	if tx.locked {
		tx.locked = false
		tx.store.commit.Unlock()
	}
}

// now is the moment in the precision of the store.
func (k work) now() sellerdesk.Time { return k.w.Now() }

// exec runs a statement and tells how many rows it touched.
func (k work) exec(ctx context.Context, query string, args ...any) (int64, error) {
	return k.w.Exec(ctx, query, args...)
}

// query runs a statement that gives rows.
func (k work) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return k.w.Query(ctx, query, args...)
}

// one reads the only row of a statement; engine.ErrNoRow when there is none.
func (k work) one(ctx context.Context, query string, args []any, dest ...any) error {
	return k.w.One(ctx, query, args, dest...)
}

func (k work) insertMany(ctx context.Context, head string, width int, tail string, values []any) ([]int64, error) {
	return k.w.InsertMany(ctx, head, width, tail, values)
}

// found turns engine.ErrNoRow into a sentence that names the thing.
func found(err error, thing string) error { return engine.Found(err, thing) }
